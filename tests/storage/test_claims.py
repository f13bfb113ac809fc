"""Work that waits in rows, shared out among processes: each piece once, a share for everybody, nothing lost."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from app.domain.errors import StorageAway
from app.storage import waiting
from app.storage.changes import Changes, Guard, Update
from app.storage.claims import BATCH, number_of
from app.storage.mapping import created
from app.storage.queries import Reader
from app.storage.store import Outcome, Store, WorkedOff
from tests.databases import POSTGRESQL, Databases
from tests.storage.rows import blank

TODAY = date(2026, 3, 16)
DUE = waiting.due(TODAY)
MANY = 6 * BATCH


@dataclass
class Hands:
    """Works rows off: counts in the form how often each was done, and remembers whom it did."""

    done: list[str] = field(default_factory=list)
    all_begun: threading.Barrier | None = None

    def __call__(self, reader: Reader, own: str) -> Outcome[bool]:
        """One row."""
        if self.all_begun is not None and not self.done:
            self.all_begun.wait(30)
        self.done.append(own)
        case = reader.application(own)
        assert case is not None
        values = {"look_again_on": None, "form": {"times": int(case.form.get("times", 0)) + 1}}
        update = Update("application", own, values)
        return Outcome(True, Changes(updates=[update], guard=Guard("application", own, case.version)))


@contextmanager
def stores_on(url: str, count: int) -> Iterator[list[Store]]:
    """So many processes on one database."""
    with ExitStack() as stack:
        found = [Store(url, "NORMAL") for _ in range(count)]
        for store in found:
            stack.callback(store.close)
        yield found


def lay_out(store: Store, count: int) -> set[str]:
    """So many applications that are due."""
    ids = {f"a{number:03}" for number in range(count)}
    rows = [{**created(blank(own)), "version": 0, "look_again_on": TODAY} for own in sorted(ids)]
    store.perform(lambda _: Outcome(None, Changes({"application": rows})))
    return ids


def times_done(store: Store) -> dict[str, int]:
    """How often each row was done, as the database holds it."""
    found = store.read(lambda reader: [reader.application(own) for own in _ids(reader)])
    return {case.id: int(case.form.get("times", 0)) for case in found if case is not None}


def _ids(reader: Reader) -> list[str]:
    return list(reader.connection.execute(text("SELECT id FROM application ORDER BY id")).scalars())


@pytest.fixture
def shared(databases: Databases) -> Iterator[str]:
    """A PostgreSQL database of one's own: where rows can be claimed."""
    url = databases.migrated(POSTGRESQL)
    yield url
    databases.drop(url)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A process on either database."""
    with stores_on(database_url, 1) as (found,):
        yield found


@contextmanager
def a_hand_in(url: str) -> Iterator[Connection]:
    """A connection beside the app's."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def test_what_waits_is_done_once_and_not_again(store: Store) -> None:
    ids = lay_out(store, BATCH + 3)
    hands = Hands()
    assert store.work_off(DUE, hands) == WorkedOff(looked_at=len(ids), moved=len(ids))
    assert hands.done == sorted(ids), "in the order of dates and ids"
    assert store.work_off(DUE, hands) == WorkedOff()
    assert times_done(store) == dict.fromkeys(ids, 1)


def test_what_time_moves_nowhere_is_looked_at_once_in_a_run(store: Store) -> None:
    ids = lay_out(store, BATCH + 3)
    seen: list[str] = []

    def look(_: Reader, own: str) -> Outcome[bool]:
        seen.append(own)
        return Outcome(False)

    assert store.work_off(DUE, look) == WorkedOff(looked_at=len(ids))
    assert seen == sorted(ids)


def test_three_processes_share_the_work_and_none_does_what_another_did(shared: str) -> None:
    with stores_on(shared, 3) as stores:
        ids = lay_out(stores[0], MANY)
        all_begun = threading.Barrier(3)  # passed only when each has a row that the two others have not
        hands = [Hands(all_begun=all_begun) for _ in stores]
        with ThreadPoolExecutor(3) as pool:
            done = list(pool.map(lambda n: stores[n].work_off(DUE, hands[n], is_patient=False), range(3)))
        assert sum(one.moved for one in done) == MANY
        assert sorted(own for one in hands for own in one.done) == sorted(ids), "nothing was computed for nothing"
        assert all(one.moved for one in done), "everybody had a share"
        assert times_done(stores[0]) == dict.fromkeys(ids, 1)


def test_what_a_process_held_when_it_was_killed_is_done_by_another(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.storage.claims.LONGEST", 60.0)  # a slow machine writes no part of a batch before the rest
    with stores_on(shared, 2) as (killed, other):
        ids = lay_out(killed, MANY)
        hands = Hands()

        def die(reader: Reader, own: str) -> Outcome[bool]:
            if own == f"a{BATCH + 4:03}":  # in the middle of the second transaction
                pid = reader.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
                with a_hand_in(shared) as connection:
                    connection.execute(text(f"SELECT pg_terminate_backend({pid})"))
            return hands(reader, own)

        with pytest.raises(StorageAway):
            killed.work_off(DUE, die)
        assert sum(times_done(other).values()) == BATCH, "what was written before stays, what was in hand is lost"
        assert other.work_off(DUE, Hands(), is_patient=False).moved == MANY - BATCH
        assert times_done(other) == dict.fromkeys(ids, 1)
        assert killed.work_off(DUE, hands) == WorkedOff(), "and the first goes on with a new connection"


def test_what_somebody_has_in_hand_is_left_to_them_and_only_the_patient_wait(shared: str) -> None:
    with stores_on(shared, 1) as (store,), a_hand_in(shared) as connection:
        lay_out(store, 3)
        connection.execute(text("SELECT 1 FROM application WHERE id = 'a001' FOR NO KEY UPDATE"))
        hands = Hands()
        assert store.work_off(DUE, hands, is_patient=False).looked_at == 2
        assert hands.done == ["a000", "a002"]
        timer = threading.Timer(0.2, connection.rollback)
        timer.start()
        assert store.work_off(DUE, hands).moved == 1
        timer.join()
        assert times_done(store)["a001"] == 1


def test_one_row_that_cannot_be_worked_on_stops_no_other(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    ids = lay_out(store, 5)

    def work(reader: Reader, own: str) -> Outcome[bool]:
        if own == "a001":
            raise ValueError("nobody foresaw this")
        if own == "a003":  # refused by the database, and so by the lane as often as it tries
            return Outcome(True, Changes().also("application", {"id": own}))
        return hands(reader, own)

    hands = Hands()
    assert store.work_off(DUE, work) == WorkedOff(looked_at=5, moved=3, failed=2)
    assert times_done(store) == {own: int(own not in {"a001", "a003"}) for own in ids}
    assert "a001" in caplog.text
    assert "nobody foresaw this" in caplog.text


def test_what_comes_second_in_a_claim_is_computed_again_in_the_lane(store: Store) -> None:
    lay_out(store, 2)
    tries: list[str] = []

    def work(reader: Reader, own: str) -> Outcome[bool]:
        tries.append(own)
        if tries.count(own) == 1:
            outcome = hands(reader, own)
            assert outcome.changes is not None
            return Outcome(True, outcome.changes.also("application", {"id": own}))  # taken: a collision
        return hands(reader, own)

    hands = Hands()
    assert store.work_off(DUE, work) == WorkedOff(looked_at=2, moved=2)
    assert set(times_done(store).values()) == {1}
    assert tries.count("a000") == 2


def test_a_job_is_done_by_one_process_at_a_time(shared: str) -> None:
    with stores_on(shared, 2) as (one, two):
        with one.claims.alone("sums", waits=False) as is_mine:
            assert is_mine
            with two.claims.alone("sums", waits=False) as is_theirs, two.claims.alone("files", waits=False) as is_other:
                assert not is_theirs
                assert is_other, "another job is nobody's yet"
            threading.Timer(0.1, _end_the_holder, [shared]).start()  # as if the process were killed
            with two.claims.alone("sums", waits=True) as is_theirs:
                assert is_theirs
        with one.claims.alone("sums", waits=False) as is_mine:
            assert is_mine, "who was cut off takes part again"


HOLDERS = """
    SELECT state, backend_xid, backend_xmin, pg_stat_activity.pid FROM pg_stat_activity
    JOIN pg_locks ON pg_locks.pid = pg_stat_activity.pid AND locktype = 'advisory' AND granted
"""


def _end_the_holder(url: str) -> None:
    with a_hand_in(url) as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(:pid)"), {"pid": connection.execute(text(HOLDERS)).one()[3]}
        )


def test_whoever_has_a_job_holds_back_no_vacuum(shared: str) -> None:
    with stores_on(shared, 1) as (store,), store.claims.alone("sums", waits=False), a_hand_in(shared) as connection:
        assert tuple(connection.execute(text(HOLDERS)).one())[:3] == ("idle in transaction", None, None)


def test_no_two_jobs_have_the_same_number() -> None:
    jobs = ("requests", "supervision", "alarms", "offers", "calls", "sums", "files", "tries", "proof", "strays")
    numbers = {number_of(job) for job in jobs}
    assert len(numbers) == len(jobs)
    assert all(-(1 << 31) <= number < 1 << 31 for number in numbers)
