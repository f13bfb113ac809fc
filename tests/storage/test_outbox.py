"""The outbox on both databases: a message is claimed by one gateway at a time, and none is lost."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from app.domain.deadlines import BEIJING
from app.storage.database import write_engine
from app.storage.outbox import MAX_ATTEMPTS, Backlog, Outbox, Pending
from app.storage.paper_tables import MESSAGE
from app.storage.store import Store
from app.storage.tables import APPLICATION
from app.usecases.outbox import BATCH, Drained, drain, wait_after

NOW = datetime(2026, 3, 16, 10, tzinfo=BEIJING)
LEASE = timedelta(minutes=2)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A write engine on a database with one application."""
    found = write_engine(database_url, "NORMAL")
    row = {
        "id": "case",
        "bundle": "catering",
        "digest": "0",
        "region": "330802",
        "applicant": "wang_owner",
        "created_by": "wang_owner",
        "created_at": NOW,
        "status": "submitted",
        "result": "none",
        "answers": {},
        "form": {},
        "materials": [],
        "notices": [],
        "savings": {},
        "version": 1,
        "event_count": 1,
    }
    with found.begin() as connection:
        connection.execute(APPLICATION.insert(), [row])
    yield found
    found.dispose()


def write(engine: Engine, count: int) -> list[str]:
    """So many unsent messages."""
    ids = [f"{number:032x}" for number in range(count)]
    rows = [
        {
            "id": own,
            "account": "wang_owner",
            "application_id": "case",
            "kind": "accepted",
            "title_zh": "已受理",
            "title_en": "accepted",
            "body_zh": "您好",
            "body_en": "Dear",
            "papers": [],
            "created_at": NOW,
            "attempts": 0,
        }
        for own in ids
    ]
    with engine.begin() as connection:
        connection.execute(MESSAGE.insert(), rows)
    return ids


def test_a_claim_takes_the_oldest_and_leaves_the_rest(engine: Engine) -> None:
    ids, outbox = write(engine, 5), Outbox(engine)
    first = outbox.claim(NOW, LEASE, 2)
    assert [pending.id for pending in first] == ids[:2]
    assert [pending.attempts for pending in first] == [1, 1]
    assert [pending.id for pending in outbox.claim(NOW, LEASE, 9)] == ids[2:]
    assert outbox.claim(NOW, LEASE, 9) == []


def test_a_gateway_that_dies_lets_its_messages_go_when_the_lease_is_over(engine: Engine) -> None:
    ids, outbox = write(engine, 1), Outbox(engine)
    outbox.claim(NOW, LEASE, 1)
    assert outbox.claim(NOW + LEASE - timedelta(seconds=1), LEASE, 1) == []
    (again,) = outbox.claim(NOW + LEASE, LEASE, 1)
    assert (again.id, again.attempts) == (ids[0], 2)


def test_what_was_sent_is_never_claimed_again_and_keeps_its_first_time(engine: Engine) -> None:
    write(engine, 1)
    outbox = Outbox(engine)
    (pending,) = outbox.claim(NOW, LEASE, 1)
    outbox.sent(pending, NOW)
    outbox.sent(pending, NOW + timedelta(hours=1))
    assert outbox.claim(NOW + timedelta(days=9), LEASE, 9) == []
    with engine.connect() as connection:
        assert connection.execute(select(MESSAGE.c.sent_at)).scalar_one() == NOW


def test_a_failure_of_a_claim_that_was_lost_meanwhile_changes_nothing(engine: Engine) -> None:
    write(engine, 1)
    outbox = Outbox(engine)
    (slow,) = outbox.claim(NOW, LEASE, 1)
    (quick,) = outbox.claim(NOW + LEASE, LEASE, 1)
    outbox.failed(slow, NOW + timedelta(days=1))
    outbox.failed(quick, NOW + LEASE + timedelta(minutes=1))
    assert outbox.claim(NOW + LEASE + timedelta(minutes=1), LEASE, 1)


def test_two_gateways_at_once_never_hold_the_same_message(engine: Engine) -> None:
    ids, claimed = write(engine, 40), list[Pending]()
    outbox, lock = Outbox(engine), threading.Lock()

    def gateway() -> None:
        while batch := outbox.claim(NOW, LEASE, 3):
            with lock:
                claimed.extend(batch)

    threads = [threading.Thread(target=gateway) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(pending.id for pending in claimed) == ids


@pytest.fixture
def store(engine: Engine, database_url: str) -> Iterator[Store]:
    """A store on the same database."""
    found = Store(database_url, "NORMAL")
    yield found
    found.close()


def test_draining_sends_everything_once_and_then_nothing(engine: Engine, store: Store) -> None:
    ids, sent = write(engine, BATCH + 3), list[str]()
    assert drain(store, lambda: NOW, lambda pending: sent.append(pending.id)) == Drained(BATCH + 3, 0)
    assert sent == ids
    assert drain(store, lambda: NOW, lambda pending: sent.append(pending.id)) == Drained(0, 0)
    assert store.outbox.backlog() == Backlog(unsent=0, sent=BATCH + 3, given_up=0)


def test_one_message_that_fails_sinks_no_other_and_is_tried_again_later(engine: Engine, store: Store) -> None:
    ids, sent = write(engine, 3), list[str]()

    def send(pending: Pending) -> None:
        if pending.id == ids[1] and pending.attempts == 1:
            raise ConnectionError("gateway closed the line")
        sent.append(pending.id)

    assert drain(store, lambda: NOW, send) == Drained(2, 1)
    assert drain(store, lambda: NOW + timedelta(seconds=59), send) == Drained(0, 0)
    assert drain(store, lambda: NOW + timedelta(minutes=1), send) == Drained(1, 0)
    assert sent == [ids[0], ids[2], ids[1]]


def test_after_many_failures_a_message_is_given_up_and_said_so(engine: Engine, store: Store) -> None:
    write(engine, 1)
    now = NOW

    def send(_: Pending) -> None:
        raise TimeoutError

    for _ in range(MAX_ATTEMPTS + 2):
        drain(store, lambda now=now: now, send)  # type: ignore[misc]
        now += timedelta(days=1)
    assert store.outbox.backlog() == Backlog(unsent=0, sent=0, given_up=1)


def test_waits_double_from_a_minute_to_six_hours() -> None:
    assert [wait_after(n).total_seconds() / 60 for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert wait_after(MAX_ATTEMPTS) == timedelta(minutes=128)
    assert wait_after(30) == timedelta(hours=6)
