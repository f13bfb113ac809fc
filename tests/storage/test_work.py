"""Open work counted: however changes and folds alternate, or happen at once, the sums are those of all that changed."""

import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.domain.regions import areas_of
from app.domain.ticking import Work
from app.storage import work
from app.storage.changes import Changes
from app.storage.store import Outcome, Store
from app.storage.work_tables import WORK_CHANGE, WORK_SUM
from app.usecases.context import Context
from app.usecases.sweep import count_work
from tests import factories
from tests.meanwhile import meanwhile
from tests.open_work import assert_counted, counted
from tests.storage.test_mapping import keep

REGIONS = ("330802", "330802001", "330881", "330800", "330100", "330000", "310101")
AREAS = ("330000", "330800", "330802", "310100")
CLOCKS = ("waiting///0", "review/2026-03-20/2026-03-27/5")
MOVES = st.tuples(st.sampled_from(REGIONS), st.sampled_from(CLOCKS), st.sampled_from((-2, -1, 1, 1, 3)))
NOBODY = Context(world=None, at=None)  # type: ignore[arg-type]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A database that nobody has filed anything in."""
    found = Store(database_url, "NORMAL")
    yield found
    found.close()


def tell(store: Store, *moves: tuple[str, str, int]) -> None:
    """Say that so much open work came or went, the way a case says it."""
    rows = [{"region": region, "clock": clock, "tasks": tasks} for region, clock, tasks in moves]
    store.perform(lambda _: Outcome(None, Changes({"work_change": rows})))


def expected(moves: list[tuple[str, str, int]], area: str) -> dict[Work, int]:
    """What all of it comes to in an area, by its parts."""
    found: Counter[Work] = Counter()
    for region, clock, tasks in moves:
        if area in (parts := dict(areas_of(region))):
            found[parts[area], clock] += tasks
    return {key: tasks for key, tasks in found.items() if tasks}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(MOVES, max_size=4), max_size=5), st.booleans())
def test_sums_are_the_same_however_often_changes_are_folded_in(
    store: Store, batches: list[list[tuple[str, str, int]]], is_last_folded: bool
) -> None:
    store.work.count()
    for batch in batches:
        count_work(NOBODY, store)
        tell(store, *batch)
    assert not is_last_folded or store.work.fold() == len(batches[-1] if batches else [])
    moves = [move for batch in batches for move in batch]
    for area in AREAS:
        assert store.read(partial(counted, area=area)) == expected(moves, area)


def test_what_is_folded_in_is_all_there_is_however_much(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.storage.folding.BATCH", 4)
    moves = [(REGIONS[number % 5], CLOCKS[number % 2], 1) for number in range(10)]
    tell(store, *moves)
    assert store.work.fold() == len(moves)
    assert not store.read(work.is_changed)
    assert store.read(partial(counted, area="330000")) == expected(moves, "330000")


def test_parts_of_several_areas_are_counted_once(store: Store) -> None:
    moves = [(region, CLOCKS[0], 1) for region in REGIONS[:-1]]
    tell(store, *moves)
    store.work.fold()
    tell(store, ("330881", CLOCKS[0], 1))
    areas = ["330000", "330800", "330100"]
    found: Counter[str] = Counter()
    for part, _, tasks in store.read(lambda reader: list(work.open_work(reader, areas))):
        found[part] += tasks
    assert found == {"330802": 2, "330881": 2, "330800": 1, "330100": 1, "330000": 1}


def test_what_is_told_while_somebody_folds_is_neither_lost_nor_counted_twice(store: Store) -> None:
    def fold() -> None:
        while not done.is_set():
            store.work.fold()

    done = threading.Event()
    folding = threading.Thread(target=fold)
    folding.start()
    moves = [(REGIONS[number % 3], CLOCKS[number % 2], 1) for number in range(60)]
    try:
        for move in moves:
            tell(store, move)
            assert sum(store.read(partial(counted, area="330000")).values()) > 0
    finally:
        done.set()
        folding.join()
    assert store.read(partial(counted, area="330800")) == expected(moves, "330800")


def test_what_changes_while_all_is_counted_waits_for_the_next_fold(store: Store) -> None:
    filing = partial(keep, store, factories.submitted("catering_full"))
    with meanwhile(store.work._engine, "DELETE FROM work_change", filing):
        store.work.count()
    store.read(partial(assert_counted, areas=AREAS))
    assert store.work.fold() > 0
    store.read(partial(assert_counted, areas=AREAS))


def test_a_sweep_counts_what_nobody_has_counted_and_forgets_what_has_come_to_nothing(store: Store) -> None:
    tell(store, ("330802", CLOCKS[0], 1))
    with store.work._engine.begin() as connection:
        connection.execute(delete(WORK_SUM))
    assert not store.read(work.is_counted)
    count_work(NOBODY, store)
    assert store.read(work.is_counted)
    assert not store.read(work.is_changed)
    tell(store, ("330802", CLOCKS[0], 1))
    count_work(NOBODY, store)
    tell(store, ("330802", CLOCKS[0], -1))
    count_work(NOBODY, store)
    assert store.read(lambda reader: (reader.count("work_sum"), reader.count(WORK_CHANGE.name))) == (1, 0)
