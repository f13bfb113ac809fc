"""The write lane: many people's changes in one transaction, and one failure sinks nobody else."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event

import pytest
from sqlalchemy import Connection, event, select, text

from app.storage.changes import Changes, Guard, Update
from app.storage.database import read_engine, write_engine
from app.storage.mapping import created
from app.storage.tables import APPLICATION, TOKEN
from app.storage.writer import GROUP, Collision, StaleChanges, Writer
from tests.storage.rows import blank, one, token


class Lane:
    """A writer that can be held up, so that changes pile up behind it."""

    def __init__(self, url: str) -> None:
        self.engine = write_engine(url)
        self.writer = Writer(self.engine)
        self.reads = read_engine(url)
        self.transactions = 0
        self._may_go = Event()
        self._may_go.set()
        self._is_busy = Event()
        event.listen(self.engine, "begin", self._begin)

    def _begin(self, _: object) -> None:
        self.transactions += 1
        self._is_busy.set()
        self._may_go.wait(10)

    def together(self, *changes: Changes) -> list[Future[None]]:
        """Queue all of these while the writer is busy with something else, and let them be committed."""
        self._may_go.clear()
        self._is_busy.clear()
        first = self.writer.put(one("first"))
        assert self._is_busy.wait(10)
        futures = [self.writer.put(each) for each in changes]
        self._may_go.set()
        wait([first, *futures], timeout=20)
        return futures

    def tokens(self) -> set[str]:
        """The tokens that are there."""
        with self.reads.connect() as connection:
            return set(connection.execute(select(TOKEN.c.hash)).scalars())

    def version(self) -> int | None:
        """The version of the one application."""
        with self.reads.connect() as connection:
            return connection.execute(select(APPLICATION.c.version)).scalar()


@pytest.fixture
def lane(database_url: str) -> Iterator[Lane]:
    """A writer on a database with one application at version 0."""
    found = Lane(database_url)
    found.writer.commit(Changes({"application": [{**created(blank()), "version": 0}]}))
    found.transactions = 0
    yield found
    found.writer.close()
    found.reads.dispose()


def test_changes_that_arrive_together_share_a_transaction(lane: Lane) -> None:
    futures = lane.together(*(one(f"t{number}") for number in range(GROUP)))
    assert [future.exception() for future in futures] == [None] * GROUP
    assert lane.transactions == 2
    assert len(lane.tokens()) == GROUP + 1


def test_a_group_has_a_largest_size(lane: Lane) -> None:
    lane.together(*(one(f"t{number}") for number in range(2 * GROUP + 1)))
    assert lane.transactions == 4
    assert len(lane.tokens()) == 2 * GROUP + 2


def test_failing_neighbours_sink_nobody_else(lane: Lane) -> None:
    unknown = Changes().also("token", {**token("bad"), "account": None})
    stale = Changes({"token": [token("stale")]}, guard=Guard("application", "a1", 7))
    fits = Changes({"token": [token("guarded")]}, guard=Guard("application", "a1", 0))
    futures = lane.together(one("a"), stale, one("b"), one("b"), unknown, fits, one("c"))
    kinds = [type(future.exception()) for future in futures]
    assert kinds == [type(None), StaleChanges, type(None), Collision, Collision, type(None), type(None)]
    assert lane.tokens() == {"first", "a", "b", "guarded", "c"}
    assert lane.version() == 1
    assert lane.transactions == 2


def test_two_changes_from_the_same_version_and_only_the_first_is_written(lane: Lane) -> None:
    both = [
        Changes({"token": [token(name)]}, guard=Guard("application", "a1", 0))
        for name in ("first of two", "second of two")
    ]
    first, second = lane.together(*both)
    assert first.exception() is None
    assert isinstance(second.exception(), StaleChanges)
    assert "second of two" not in lane.tokens()


def test_stale_changes_write_nothing_at_all(lane: Lane) -> None:
    changes = Changes(
        inserts={"token": [token("x")]},
        updates=[Update("application", "a1", {"status": "withdrawn"})],
        deletes=[("token", {"hash": "first"})],
        guard=Guard("application", "a1", 1),
    )
    lane.writer.commit(one("first"))
    with pytest.raises(StaleChanges):
        lane.writer.commit(changes)
    assert lane.tokens() == {"first"}
    with lane.reads.connect() as connection:
        assert connection.execute(select(APPLICATION.c.status)).scalar() == "draft"


def test_what_fails_at_its_last_row_has_written_none_of_the_rows_before(lane: Lane) -> None:
    lane.writer.commit(one("taken"))
    changes = Changes(
        inserts={"token": [token("new"), token("taken")]},
        updates=[Update("application", "a1", {"status": "withdrawn"})],
        guard=Guard("application", "a1", 0),
    )
    late = Changes(
        inserts={"token": [token("new")]},
        updates=[Update("application", "a1", {"status": "withdrawn"}), Update("application", "a1", {"bundle": None})],
        guard=Guard("application", "a1", 0),
    )
    for broken in (changes, late):
        with pytest.raises(Collision):
            lane.writer.commit(broken)
    assert lane.tokens() == {"taken"}
    assert lane.version() == 0
    with lane.reads.connect() as connection:
        assert connection.execute(select(APPLICATION.c.status)).scalar() == "draft"


def test_changes_to_an_application_that_is_gone_are_stale(lane: Lane) -> None:
    with pytest.raises(StaleChanges):
        lane.writer.commit(Changes(guard=Guard("application", "nobody", 0)))


def test_a_collision_says_which_and_leaves_what_was_there(lane: Lane) -> None:
    lane.writer.commit(one("x"))
    with pytest.raises(Collision) as caught:
        lane.writer.commit(Changes().also("token", {**token("x"), "account": "somebody else"}))
    assert "somebody else" not in str(caught.value)
    assert lane.tokens() == {"x"}


def test_a_change_the_database_cannot_take_fails_alone_and_the_lane_goes_on(lane: Lane) -> None:
    with pytest.raises(Exception, match="no_such_column"):
        lane.writer.commit(Changes(updates=[Update("application", "a1", {"no_such_column": 1})]))
    lane.writer.commit(one("after"))
    assert lane.tokens() == {"after"}


def test_a_transaction_that_fails_as_a_whole_tells_everybody(lane: Lane) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("the disk is full")

    event.listen(lane.engine, "commit", refuse)
    try:
        futures = [lane.writer.put(one(name)) for name in ("a", "b")]
        wait(futures, timeout=10)
    finally:
        event.remove(lane.engine, "commit", refuse)
    assert ["disk" in str(future.exception()) for future in futures] == [True, True]
    lane.writer.commit(one("c"))
    assert lane.tokens() == {"c"}


def test_closing_finishes_what_was_queued(lane: Lane) -> None:
    futures = [lane.writer.put(one(f"t{number}")) for number in range(100)]
    lane.writer.close()
    assert all(future.done() and future.exception() is None for future in futures)
    assert len(lane.tokens()) == 100
    lane.writer.close()


def test_foreign_keys_are_kept_on_both_databases(lane: Lane) -> None:
    row = {"number": "c1", "application_id": "nobody", "item": "F1", "name_zh": "证", "name_en": "c", "holder": "h"}
    with pytest.raises(Collision):
        lane.writer.commit(Changes().also("certificate", {**row, "issued_on": blank().created_at.date()}))


def test_the_read_engine_cannot_write(database_url: str) -> None:
    engine = read_engine(database_url)
    with engine.connect() as connection, pytest.raises(Exception, match=r"readonly|read-only"):
        connection.execute(text("DELETE FROM token"))
    engine.dispose()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_who_gives_way_in_a_deadlock_is_told_to_compute_again(lane: Lane) -> None:
    lane.writer.commit(Changes({"application": [{**created(blank("a2")), "version": 0}]}))
    first = Changes(updates=[Update("application", "a2", {"status": "withdrawn"})], guard=Guard("application", "a1", 0))
    touched = text("UPDATE application SET region = region WHERE id = :id")
    with lane.engine.connect() as other, ThreadPoolExecutor(1) as aside:
        other.execute(text("SET LOCAL deadlock_timeout = '1h'"))  # who closes the circle looks first, and gives way
        other.execute(touched, {"id": "a2"})

        def close(connection: Connection, _: object, statement: str, parameters: object, *__: object) -> None:
            """The writer has the first and comes for the second: let the other already wait for the first."""
            if connection is not other and statement.startswith("UPDATE") and "a2" in str(parameters):
                aside.submit(other.execute, touched, {"id": "a1"})
                _until_somebody_waits(lane)

        event.listen(lane.engine, "before_cursor_execute", close)
        try:
            future = lane.writer.put(first)
            assert isinstance(future.exception(timeout=60), StaleChanges)
        finally:
            event.remove(lane.engine, "before_cursor_execute", close)
            aside.shutdown()
        other.rollback()
    lane.writer.commit(first)
    assert lane.version() is not None


def _until_somebody_waits(lane: Lane) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with lane.reads.connect() as watching:
        while not watching.execute(text(waiting)).scalar():
            watching.rollback()
