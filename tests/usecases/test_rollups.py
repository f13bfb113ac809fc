"""Roll-ups equal what the facts add up to: run once, twice, late, at once from two sides, and after a late change."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest

from app.domain.deadlines import BEIJING
from app.domain.figures import Dimension, Slice
from app.domain.periods import Span, days_of
from app.domain.regions import part_of
from app.domain.tallies import COUNTERS, Counts, Fact, together
from app.storage import tallies
from app.storage.changes import Changes
from app.storage.mapping import with_facts
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import rollups
from app.usecases.context import Context

FIRST, LAST = date(2026, 1, 20), date(2026, 4, 9)
REGIONS = ("330802", "330802001", "330802001001", "330881", "330100", "330102", "310101")
DEPARTMENTS = ("market.330802", "housing_fund.330800", "")
ITEMS, BUNDLES = ("F1", "H1"), ("catering", "house")


def some_facts(count: int, seed: int = 7) -> list[Fact]:
    """Facts of the kind cases make, all different."""
    draw = random.Random(seed)  # noqa: S311 - nothing here is secret
    found = []
    for number in range(count):
        department = draw.choice(DEPARTMENTS)
        numbers = {name: draw.randrange(4) for name in draw.sample(COUNTERS, 5)}
        day = FIRST + timedelta(days=draw.randrange((LAST - FIRST).days + 1))
        item = draw.choice(ITEMS) if department else ""
        place, bundle = draw.choice(REGIONS), draw.choice(BUNDLES)
        found.append(Fact(f"f{number:05d}", "a" * 32, day, place, department, item, bundle, Counts(**numbers)))
    return found


def keep(store: Store, *facts: Fact) -> None:
    """Store facts the way the app does."""
    new = {fact.id: fact for fact in facts}
    store.perform(lambda _: Outcome(None, with_facts(Changes(), {}, new)))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with facts of eleven weeks, nothing rolled up."""
    found = Store(database_url, "NORMAL")
    keep(found, *some_facts(400))
    yield found
    found.close()


def at(day: date, hour: int = 9) -> Context:
    """A moment; the roll-ups need nothing else."""
    moment = datetime.combine(day, time(hour), tzinfo=BEIJING)
    return Context(world=None, at=moment)  # type: ignore[arg-type]


def ready(store: Store) -> dict[Span, set[date]]:
    """What is rolled up."""
    rows = store.read(tallies.roll_ups)
    return {span: {row.first_day for row in rows if row.span is span and row.is_ready} for span in Span}


def sums(store: Store, by: Dimension | None = None, *, live: bool, first: date = FIRST, last: date = LAST) -> object:
    """Everything added up one way or the other."""
    return store.read(lambda reader: tallies.added_up(reader, Slice(), first, last, by, live=live))


SLICES = (
    Slice(),
    Slice(region="330000"),
    Slice(region="330800"),
    Slice(region="330802"),
    Slice(region="330802001"),
    Slice(region="330802001001"),
    Slice(region="310000"),
    Slice(department="market.330802"),
    Slice(region="330100", item="H1"),
    Slice(region="330802", bundle="house", department="housing_fund.330800"),
)


@pytest.mark.parametrize("by", [None, *Dimension])
def test_rolled_up_or_live_the_sums_are_those_of_the_facts(store: Store, by: Dimension | None) -> None:
    rollups.roll_up(at(date(2026, 4, 5)), store)
    draw, facts = random.Random(3), some_facts(400)  # noqa: S311 - nothing here is secret
    for of in SLICES:
        first = FIRST + timedelta(days=draw.choice((0, 5, 12, 40)))
        last = LAST - timedelta(days=draw.choice((0, 1, 9, 20)))
        expected = together(fact.counts for fact in facts if first <= fact.day <= last and _is_in(fact, of))
        for live in (False, True):

            def ask(
                reader: Reader, of: Slice = of, first: date = first, last: date = last, live: bool = live
            ) -> object:
                return tallies.added_up(reader, of, first, last, by, live=live)

            found = store.read(ask)
            assert isinstance(found, dict)
            assert together(found.values()) == expected, (of, live)
        assert sums(store, by, live=True, first=first, last=last) == sums(store, by, live=False, first=first, last=last)


def test_by_part_the_sums_are_those_of_what_lies_in_each(store: Store) -> None:
    rollups.roll_up(at(date(2026, 4, 5)), store)
    for of in (each for each in SLICES if each.region is not None):
        area, expected = of.region or "", Counter[str]()
        for fact in some_facts(400):
            if _is_in(fact, of):
                expected[part_of(area, fact.region)] += fact.counts.ended
        for live in (False, True):
            ask = partial(tallies.added_up, of=of, first=FIRST, last=LAST, by=Dimension.REGION, by_part=True, live=live)
            found = store.read(ask)
            assert {part: counts.ended for part, counts in found.items()} == expected, (of, live)
            assert together(found.values()) == together(
                store.read(partial(tallies.added_up, of=of, first=FIRST, last=LAST)).values()
            )


def _is_in(fact: Fact, of: Slice) -> bool:
    inside = {"330000": "33", "330800": "3308", "330100": "3301", "310000": "31"}
    stem = inside.get(of.region or "", of.region or "")
    return fact.region.startswith(stem) and all(
        wanted in {None, getattr(fact, name)}
        for name, wanted in (("department", of.department), ("item", of.item), ("bundle", of.bundle))
    )


def test_five_levels_add_up_from_the_village_to_the_province(store: Store) -> None:
    rollups.roll_up(at(date(2026, 4, 20)), store)

    def ended(region: str) -> int:
        found = store.read(lambda reader: tallies.added_up(reader, Slice(region=region), FIRST, LAST))
        return together(found.values()).ended

    own = {region: sum(f.counts.ended for f in some_facts(400) if f.region == region) for region in REGIONS}
    assert ended("330802001001") == own["330802001001"] > 0
    assert ended("330802001") == ended("330802001001") + own["330802001"]
    assert ended("330802") == ended("330802001") + own["330802"]
    assert ended("330800") == ended("330802") + own["330881"]
    assert ended("330000") == ended("330800") + ended("330100")


def test_only_days_and_months_that_are_over_are_rolled_up(store: Store) -> None:
    done = rollups.roll_up(at(date(2026, 3, 2)), store)
    found = ready(store)
    assert max(found[Span.DAY]) == date(2026, 3, 1)
    assert found[Span.MONTH] == {date(2026, 1, 1), date(2026, 2, 1)}, "January begins with the first fact"
    assert (done.days, done.months) == (len(found[Span.DAY]), 2)


def test_the_day_before_midnight_waits_an_hour(store: Store) -> None:
    rollups.roll_up(at(date(2026, 3, 2), hour=0), store)
    assert max(ready(store)[Span.DAY]) == date(2026, 2, 28)
    rollups.roll_up(at(date(2026, 3, 2), hour=1), store)
    assert max(ready(store)[Span.DAY]) == date(2026, 3, 1)


def test_twice_or_late_is_the_same_as_once(store: Store) -> None:
    rollups.roll_up(at(date(2026, 3, 2)), store)
    assert rollups.roll_up(at(date(2026, 3, 2)), store) == rollups.RolledUp(0, 0)
    rollups.roll_up(at(date(2027, 3, 2)), store)
    assert rollups.roll_up(at(date(2027, 3, 3)), store) == rollups.RolledUp(0, 0)
    assert ready(store)[Span.MONTH] == {date(2026, month, 1) for month in (1, 2, 3, 4)}
    assert ready(store)[Span.DAY] == set(days_of(min(f.day for f in some_facts(400)), LAST))
    assert sums(store, live=False) == sums(store, live=True)


def test_two_at_once_store_every_sum_once(store: Store, database_url: str) -> None:
    other = Store(database_url, "NORMAL")
    done: list[rollups.RolledUp] = []

    def run(which: Store) -> None:
        done.append(rollups.roll_up(at(date(2026, 2, 20)), which))

    threads = [threading.Thread(target=run, args=(which,)) for which in (store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert len(done) == 2
    rollups.roll_up(at(date(2026, 2, 20)), store)
    assert max(ready(store)[Span.DAY]) == date(2026, 2, 19)
    for by in (None, Dimension.DAY, Dimension.DEPARTMENT):
        assert sums(store, by, live=False) == sums(store, by, live=True)


def test_a_late_fact_drops_its_day_and_month_and_the_next_run_brings_them_back(store: Store) -> None:
    rollups.roll_up(at(date(2026, 4, 20)), store)
    late = Fact("late", "a" * 32, date(2026, 2, 10), "330802", "market.330802", "F1", "catering", Counts(ended=5))
    keep(store, late)
    assert date(2026, 2, 10) not in ready(store)[Span.DAY]
    assert date(2026, 2, 1) not in ready(store)[Span.MONTH]
    assert sums(store, live=False) == sums(store, live=True), "meanwhile that day is counted live"
    assert rollups.roll_up(at(date(2026, 4, 20)), store) == rollups.RolledUp(1, 1)
    assert sums(store, live=False) == sums(store, live=True)

    changed = replace(late, counts=Counts(ended=5, corrected=1))
    store.perform(lambda _: Outcome(None, with_facts(Changes(), {"late": late}, {"late": changed})))
    store.perform(lambda _: Outcome(None, with_facts(Changes(), {"late": changed}, {})))
    assert sums(store, live=False) == sums(store, live=True)
    assert rollups.roll_up(at(date(2026, 4, 20)), store) == rollups.RolledUp(1, 1)
    facts = together(fact.counts for fact in some_facts(400))
    found = sums(store, live=False)
    assert isinstance(found, dict)
    assert together(found.values()) == facts


def test_sums_computed_before_a_late_fact_cannot_be_stored_after_it(store: Store) -> None:
    day, context = date(2026, 2, 10), at(date(2026, 4, 20))

    def step(reader: Reader) -> Outcome[str]:
        return rollups._step(context, reader, Span.DAY, day)

    assert store.perform(step) == "claimed"
    computed = store.read(step)
    keep(store, Fact("late", "a" * 32, day, "330802", "market.330802", "F1", "catering", Counts(ended=5)))
    assert computed.changes is not None
    outcomes = iter([computed])
    # The stale sums collide with the dropped claim, so the step is taken again on fresh facts: a new claim.
    assert store.perform(lambda reader: next(outcomes, None) or step(reader)) == "claimed"
    assert day not in ready(store)[Span.DAY]
    assert store.perform(step) == "stored"
    assert sums(store, Dimension.DAY, live=False) == sums(store, Dimension.DAY, live=True)


def test_a_month_with_a_day_missing_is_not_added_up(store: Store) -> None:
    rollups.roll_up(at(date(2026, 4, 20)), store)
    keep(store, Fact("late", "a" * 32, date(2026, 2, 10), "330802", "", "", "catering", Counts(over=1)))
    outcome = store.read(lambda reader: rollups._step(at(date(2026, 4, 20)), reader, Span.MONTH, date(2026, 2, 1)))
    assert (outcome.answer, outcome.changes) == ("open", None)


def test_everything_can_be_forgotten_and_rolled_up_again(store: Store) -> None:
    first = rollups.roll_up(at(date(2026, 4, 20)), store)
    assert rollups.rebuild(at(date(2026, 4, 20)), store) == first
    assert store.read(lambda reader: reader.count("roll_up")) == first.days + first.months
    assert sums(store, live=False) == sums(store, live=True)


def test_without_facts_there_is_nothing_to_do(database_url: str) -> None:
    empty = Store(database_url, "NORMAL")
    assert rollups.roll_up(at(date(2026, 4, 20)), empty) == rollups.RolledUp(0, 0)
    assert empty.read(lambda reader: tallies.added_up(reader, Slice(), FIRST, LAST)) == {}
    empty.close()
