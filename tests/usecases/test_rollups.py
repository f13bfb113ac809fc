"""Roll-ups equal what the facts add up to: run once, twice, late, at once from two sides, and after a late change."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import product

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
from app.storage.sums import JOB, is_behind
from app.usecases import rollups
from app.usecases.context import Context
from tests.meanwhile import meanwhile

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
    change(store, {}, {fact.id: fact for fact in facts})


def change(store: Store, before: dict[str, Fact], after: dict[str, Fact]) -> None:
    """Change facts the way the app does."""
    store.perform(lambda _: Outcome(None, with_facts(Changes(), before, after)))


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


def rolled(store: Store) -> dict[Span, set[date]]:
    """What is rolled up."""
    return {span: set(store.read(partial(tallies.rolled_up, span=span))) for span in Span}


def sums(store: Store, by: Dimension | None = None, *, live: bool, first: date = FIRST, last: date = LAST) -> object:
    """Everything added up one way or the other."""
    return store.read(lambda reader: tallies.added_up(reader, Slice(), first, last, by, live=live))


def assert_true(store: Store, *, is_to_the_row: bool = False) -> None:
    """At one instant, rolled up and live are the same in every way they are asked for; ``is_to_the_row``: also that
    nothing is told of what has no facts any more."""

    def differing(reader: Reader) -> list[object]:
        found: list[object] = []
        for of in (Slice(), Slice(region="330800"), Slice(item="F1"), Slice(region="330802", bundle="house")):
            for by in (None, Dimension.DAY, Dimension.MONTH, Dimension.REGION, Dimension.DEPARTMENT):
                ask = partial(tallies.added_up, reader, of, FIRST + timedelta(days=4), LAST, by)
                rolled, live = (
                    {key: n for key, n in ask(live=live).items() if is_to_the_row or n != Counts()}
                    for live in (False, True)
                )
                found += [] if rolled == live else [(of, by, rolled, live)]
        return found

    assert store.read(differing) == []


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


def test_every_day_is_added_up_and_every_month_that_is_over(store: Store) -> None:
    done = rollups.roll_up(at(LAST), store)
    found = rolled(store)
    assert found[Span.DAY] == set(days_of(min(fact.day for fact in some_facts(400)), LAST)), "also the one that runs"
    assert found[Span.MONTH] == {date(2026, month, 1) for month in (1, 2, 3)}, "January begins with the first fact"
    assert (done.days, done.months) == (len(found[Span.DAY]), 3)


def test_twice_or_late_is_the_same_as_once(store: Store) -> None:
    rollups.roll_up(at(LAST), store)
    assert rollups.roll_up(at(LAST), store) == rollups.RolledUp(0, 0)
    assert rollups.roll_up(at(date(2027, 3, 2)), store) == rollups.RolledUp(0, 1)
    assert rollups.roll_up(at(date(2027, 3, 3)), store) == rollups.RolledUp(0, 0)
    assert_true(store)


def test_what_comes_to_a_day_that_is_added_up_is_counted_at_once_and_folded_in_later(store: Store) -> None:
    rollups.roll_up(at(date(2026, 4, 20)), store)
    before = rolled(store)
    late = Fact("late", "a" * 32, date(2026, 2, 10), "330802", "market.330802", "F1", "catering", Counts(ended=5))
    for was, now in (
        ({}, {"late": late}),
        ({"late": late}, {"late": replace(late, counts=Counts(ended=5, corrected=1))}),
        ({"late": replace(late, counts=Counts(ended=5, corrected=1))}, {"late": replace(late, day=date(2026, 3, 3))}),
        ({"late": replace(late, day=date(2026, 3, 3))}, {}),
    ):
        change(store, was, now)
        assert store.read(is_behind)
        assert_true(store)
        assert rollups.roll_up(at(date(2026, 4, 20)), store) == rollups.RolledUp(0, 0)
        assert not store.read(is_behind)
        assert_true(store)
    assert rolled(store) == before, "nothing had to be added up anew"
    assert_true(store, is_to_the_row=True)


def test_a_change_that_changes_no_sum_is_not_told(store: Store) -> None:
    rollups.roll_up(at(LAST), store)
    fact = some_facts(1)[0]
    change(store, {fact.id: fact}, {fact.id: replace(fact, application="b" * 32)})
    assert not store.read(is_behind)


def test_whatever_happens_in_whatever_order_the_sums_are_those_of_the_facts(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts come, change, move to other days and go; meanwhile it is folded, settled and forgotten at random."""
    monkeypatch.setattr("app.storage.folding.BATCH", 3)
    draw, facts = random.Random(20), {fact.id: fact for fact in some_facts(400)}  # noqa: S311 - nothing is secret
    fresh = iter(some_facts(700)[400:])
    for turn in range(45):
        act = draw.choice(("come", "change", "move", "go", "fold", "day", "month", "forget", "all"))
        day = FIRST + timedelta(days=draw.randrange((LAST - FIRST).days + 1))
        some = draw.sample(sorted(facts), 4)
        if act == "come":
            come = {fact.id: fact for fact in (next(fresh), next(fresh))}
            change(store, {}, come)
            facts |= come
        elif act in {"change", "move"}:
            new = {name: replace(facts[name], counts=Counts(ended=draw.randrange(1, 9))) for name in some}
            new = {name: replace(fact, day=day) for name, fact in new.items()} if act == "move" else new
            change(store, {name: facts[name] for name in some}, new)
            facts |= new
        elif act == "go":
            change(store, {name: facts.pop(name) for name in some}, {})
        elif act == "fold":
            store.sums.fold()
        elif act in {"day", "month"}:
            store.sums.settle(Span[act.upper()], day if act == "day" else day.replace(day=1))
        elif act == "forget":
            store.sums.forget({day})
        else:
            rollups.roll_up(at(draw.choice((LAST, date(2026, 5, 2)))), store)
        total = sums(store, live=False)
        assert isinstance(total, dict)
        assert together(total.values()) == together(fact.counts for fact in facts.values()), (turn, act)
        assert_true(store)
    rollups.roll_up(at(date(2026, 5, 2)), store)
    assert_true(store, is_to_the_row=True)


def test_while_facts_keep_coming_no_instant_tells_other_sums(store: Store, database_url: str) -> None:
    """Two that fold and settle, one after the other, one that keeps writing, and a reader who compares."""
    writing, facts = Store(database_url, "NORMAL"), some_facts(550)[400:]
    stop = threading.Event()

    def write() -> None:
        for fact in facts:
            keep(writing, replace(fact, day=LAST))
        stop.set()

    def fold(which: Store) -> None:
        while not stop.is_set():
            with which.claims.alone(JOB, waits=True):
                rollups.roll_up(at(LAST), which)
                which.sums.forget({LAST})

    others = [Store(database_url, "NORMAL") for _ in range(2)]
    threads = [threading.Thread(target=write), *(threading.Thread(target=fold, args=(other,)) for other in others)]
    for thread in threads:
        thread.start()
    while not stop.is_set():
        assert_true(store)
    for thread in threads:
        thread.join()
    rollups.roll_up(at(LAST), store)
    assert_true(store, is_to_the_row=True)
    for other in (writing, *others):
        other.close()


@pytest.mark.parametrize("step", ["fold", "settle"])
def test_what_is_written_in_the_middle_of_a_step_waits_for_the_next(store: Store, step: str) -> None:
    rollups.roll_up(at(date(2026, 4, 20)), store)
    early, late = (replace(fact, day=LAST) for fact in some_facts(402)[400:])
    keep(store, early)
    if step == "settle":
        store.sums.forget({LAST})
    with meanwhile(store.sums._engine, "DELETE FROM fact_change", partial(keep, store, late)):
        assert store.sums.fold() if step == "fold" else store.sums.settle(Span.DAY, LAST)
    assert_true(store)
    assert store.sums.fold() == 1
    assert_true(store)


def test_the_sums_say_in_which_regions_the_cases_behind_a_rare_number_are(store: Store) -> None:
    """Rare or not, rolled up or not, told of since or not: the same cases, page by page."""

    def pages(reader: Reader, of: Slice, day: date, counter: str, *, is_rare: bool) -> list[tallies.CaseLine]:
        found: list[tallies.CaseLine] = []
        while True:
            after = (found[-1].region, found[-1].id) if found else None
            page = tallies.cases_of_day(reader, of, day, counter, after, 2, is_rare=is_rare)
            found += page
            if len(page) < 2:
                return found

    days = {fact.day for fact in some_facts(400)}
    seen = 0
    for turn in range(3):
        for of, counter in product((each for each in SLICES if each.is_plain and each.region), ("bad", "filed")):
            for day in sorted(days)[-20:]:
                ask = partial(pages, of=of, day=day, counter=counter)
                found = store.read(partial(ask, is_rare=True))
                assert found == store.read(partial(ask, is_rare=False))
                seen += len(found)
        rollups.roll_up(at(LAST), store)
        keep(store, *(replace(fact, id=f"{fact.id}.{turn}", day=max(days)) for fact in some_facts(3)))
    assert seen > 50


def test_a_month_with_a_day_missing_is_not_added_up(store: Store) -> None:
    rollups.roll_up(at(date(2026, 4, 20)), store)
    store.sums.forget({date(2026, 2, 10)})
    assert date(2026, 2, 1) not in rolled(store)[Span.MONTH], "it goes with its day"
    assert not store.sums.settle(Span.MONTH, date(2026, 2, 1))
    assert not store.sums.settle(Span.DAY, date(2026, 2, 11)), "that one is there"
    assert rollups.roll_up(at(date(2026, 4, 20)), store) == rollups.RolledUp(1, 1)
    assert_true(store, is_to_the_row=True)


def test_everything_can_be_forgotten_and_added_up_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rollups.roll_up(at(date(2026, 4, 20)), store)
    monkeypatch.setattr(rollups, "MOST", 30)
    assert rollups.rebuild(at(date(2026, 4, 20)), store) == first, "in as many runs as it takes"
    assert store.read(lambda reader: reader.count("roll_up")) == first.days + first.months
    assert_true(store, is_to_the_row=True)


def test_without_facts_there_is_nothing_to_do(database_url: str) -> None:
    empty = Store(database_url, "NORMAL")
    assert rollups.roll_up(at(date(2026, 4, 20)), empty) == rollups.RolledUp(0, 0)
    assert empty.read(lambda reader: tallies.added_up(reader, Slice(), FIRST, LAST)) == {}
    empty.close()
