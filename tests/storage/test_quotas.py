"""Numbers of calls a day hold exactly: in one lane, across two processes, and with calls on their way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from app.storage import open_calls, quotas
from app.storage.changes import Changes, Quota
from app.storage.open_calls import OpenCall
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.storage.writer import StaleChanges
from tests.storage.rows import AT, rows_of

DAY = date(2026, 3, 16)
FIVE = Quota("marriage_register", "B1", "3308", DAY, 5)


@pytest.fixture
def stores(database_url: str) -> Iterator[list[Store]]:
    """Two processes on one database."""
    found = [Store(database_url, "NORMAL") for _ in range(2)]
    yield found
    for store in found:
        store.close()


def call(**changes: Any) -> dict[str, Any]:
    """A row of the ledger that counts against the quota."""
    plain = {
        "id": uuid4().hex,
        "at": AT,
        "day": DAY,
        "bundle": "birth",
        "item": "B1",
        "region": "330802",
        "applicant": "lin_mother",
        "actor": "lin_mother",
        "role": "applicant",
        "dataset": "marriage_register",
        "elements": ["marital"],
        "masked": [],
        "party": "applicant",
        "purpose": "prefill",
        "result": "allowed",
    }
    return {**plain, **changes}


def asking(reader: Reader, quota: Quota = FIVE) -> Outcome[bool]:
    """One call, unless the number is used up as far as the facts show."""
    if quotas.counted(reader, quota) >= quota.per_day:
        return Outcome(False)
    return Outcome(True, Changes(quotas=[quota]).also("data_call", call()))


def test_however_many_ask_at_once_from_two_processes_the_number_holds(stores: list[Store]) -> None:
    start = Barrier(16)

    def ask(number: int) -> bool:
        start.wait()
        return stores[number % 2].perform(asking)

    with ThreadPoolExecutor(16) as pool:
        granted = list(pool.map(ask, range(16)))
    assert granted.count(True) == rows_of(stores[0], "data_call") == FIVE.per_day


def test_what_was_counted_before_others_came_is_not_written(stores: list[Store]) -> None:
    facts = [store.read(partial(asking, quota=Quota("marriage_register", "B1", "", DAY, 1))) for store in stores]
    first, second = (outcome.changes for outcome in facts)
    assert first is not None
    assert second is not None
    stores[0].lane.commit(first)
    with pytest.raises(StaleChanges):
        stores[1].lane.commit(second)
    assert rows_of(stores[0], "data_call") == 1


@pytest.mark.parametrize(
    "other",
    [
        {"result": "denied"},
        {"item": "B2"},
        {"dataset": "birth_record"},
        {"day": date(2026, 3, 15)},
        {"region": "330102"},
    ],
)
def test_only_calls_of_that_kind_count(stores: list[Store], other: dict[str, Any]) -> None:
    one, store = Quota("marriage_register", "B1", "3308", DAY, 1), stores[0]
    store.perform(lambda _: Outcome(None, Changes().also("data_call", call(**other))))
    assert store.perform(partial(asking, quota=one))
    assert not store.perform(partial(asking, quota=one))


def test_a_call_on_its_way_counts_until_its_row_takes_its_place(stores: list[Store]) -> None:
    one, store = Quota("marriage_register", "B1", "3308", DAY, 1), stores[0]
    row = call(result="unknown", application_id=None)
    opened = open_calls.opened([OpenCall("o1", row)], AT)
    store.perform(lambda _: Outcome(None, opened.together(Changes(quotas=[one]))))
    assert not stores[1].perform(partial(asking, quota=one))
    assert store.read(lambda reader: quotas.counted(reader, one, ["o1"])) == 0
    closed = open_calls.closed(Changes(quotas=[one]).also("data_call", call()), ["o1"])
    store.perform(lambda _: Outcome(None, closed))
    assert not stores[1].perform(partial(asking, quota=one))
