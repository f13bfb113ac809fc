"""Adding up: what the facts of a stretch of days come to, from roll-ups where there are, from the facts elsewhere.

A roll-up with the changes since (:mod:`app.storage.sums`) equals its facts at every instant, so both ways of adding up
give the same sums.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    RowMapping,
    String,
    Table,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
)

from app.domain.figures import OF_TASKS, Dimension, Slice
from app.domain.periods import Span, cover, days_of, first_of_month, last_of_month
from app.domain.regions import bounds, level_of, part_of
from app.domain.tallies import COUNTERS, Counts, Fact
from app.domain.vocabulary import Level
from app.storage.queries import Reader
from app.storage.tables import APPLICATION
from app.storage.tally_tables import AREA_TALLY, FACT, FACT_CHANGE, ROLL_UP, TALLY

KEYS = ("region", "department", "item", "bundle")
Key = str | date
"""What a sum is for: a code, or the first day of a month, or a day."""
Stretch = tuple[date, date]
"""Days from the first to the last, both included."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case behind a number; ``amount`` is what it adds."""

    id: str
    application: str
    day: date
    region: str
    department: str
    item: str
    bundle: str
    amount: int


def id_of(span: Span, first: date) -> int:
    """The number of a roll-up."""
    return 2 * first.toordinal() + (span is Span.MONTH)


def rolled_up(reader: Reader, span: Span, first: date = date.min, last: date = date.max) -> dict[date, int]:
    """The roll-ups of days, or of months, that begin between these days: by their first day, the number of each."""
    of = ROLL_UP.c
    query = select(of.first_day, of.id).where(of.span == span.value, of.first_day.between(first, last))
    return dict(map(tuple, reader.connection.execute(query)))


def first_and_last(reader: Reader) -> tuple[date, date] | None:
    """The days of the oldest and the newest fact; None without facts."""
    first = reader.connection.execute(select(func.min(FACT.c.day))).scalar_one()
    last = reader.connection.execute(select(func.max(FACT.c.day))).scalar_one()
    return None if first is None else (first, last)


def open_days(reader: Reader) -> list[date]:
    """Days that are not added up yet, oldest first, from the first fact to the last."""
    span = first_and_last(reader)
    days = rolled_up(reader, Span.DAY)
    return [] if span is None else [day for day in days_of(*span) if day not in days]


def open_months(reader: Reader, today: date) -> list[date]:
    """Months that are over, whole, and not added up yet; by their first, oldest first."""
    months = set(map(first_of_month, rolled_up(reader, Span.DAY))) - rolled_up(reader, Span.MONTH).keys()
    return sorted(month for month in months if last_of_month(month) < today and is_whole(reader, month))


def is_whole(reader: Reader, month: date) -> bool:
    """Whether every day of a month is added up, from the first fact there is to the last."""
    last = last_of_month(month)
    return not any(month <= day <= last for day in open_days(reader))


def added_up(
    reader: Reader,
    of: Slice,
    first: date,
    last: date,
    by: Dimension | None = None,
    *,
    only: tuple[str, ...] = COUNTERS,
    by_part: bool = False,
    live: bool = False,
) -> dict[Key, Counts]:
    """The sums of a slice over the days from ``first`` to ``last``, both included, by key; ``""`` without ``by``.

    ``only`` these counters are added up, the others stay 0. ``by_part``: by the parts that the codes say the region of
    the slice directly consists of, instead of by every region in it. ``live``: the roll-ups are left aside.
    """
    months = {} if live or by is Dimension.DAY else rolled_up(reader, Span.MONTH, first, last)
    rest = () if live else cover(first, last, frozenset(), frozenset(months)).live
    days = rolled_up(reader, Span.DAY, rest[0][0], rest[-1][1]) if rest else {}
    pieces = cover(first, last, frozenset(days), frozenset(months))
    taken = {months[day]: day for day in pieces.months} | {days[day]: day for day in pieces.days}
    lying = partial(_lying, reader, of, by, only, by_part=by_part)
    parts = [lying(FACT, stretch) for stretch in pieces.live]
    if taken:
        parts += _rolled(reader, of, taken, by, only, by_part=by_part), lying(FACT_CHANGE, (first, last), pieces.live)
    found: dict[Key, Counts] = {}
    for own, counts in chain.from_iterable(parts):
        key = part_of(of.region, own) if by_part and of.region and isinstance(own, str) else own
        found[key] = found[key] + counts if key in found else counts
    return found


def _rolled(
    reader: Reader, of: Slice, taken: Mapping[int, date], by: Dimension | None, only: tuple[str, ...], *, by_part: bool
) -> Iterator[tuple[Key, Counts]]:
    is_time, is_across = by in {Dimension.MONTH, Dimension.DAY}, by not in OF_TASKS and not of.is_of_tasks
    is_plain = is_across and by is not Dimension.BUNDLE and of.bundle is None
    table, names = (AREA_TALLY, {Dimension.REGION: "part"}) if is_plain else (TALLY, {})
    key = table.c.roll_up if is_time else table.c[names.get(by, by.value)] if by else None
    parts = _parts(of, is_leaf=by is Dimension.REGION and not by_part)
    where = parts if is_plain else [TALLY.c.is_across == is_across, *_conditions(TALLY, of)]
    wanted = and_(table.c.roll_up.in_(list(taken)), *where)
    for found, counts in _sum(reader.connection, table, key, wanted, only):
        yield (_period(taken[found], by) if is_time and isinstance(found, int) else found), counts


def _parts(of: Slice, *, is_leaf: bool) -> list[ColumnElement[bool]]:
    """The sums that tell of the region of a slice, nothing twice; ``is_leaf``: of every region in it by itself."""
    area, part = AREA_TALLY.c.area, AREA_TALLY.c.part
    if of.region is None:
        return [area == part]
    return [area == part, _inside(area, of.region)] if is_leaf else [area == of.region]


def _lying(
    reader: Reader,
    of: Slice,
    by: Dimension | None,
    only: tuple[str, ...],
    table: Table,
    days: Stretch,
    but: Sequence[Stretch] = (),
    *,
    by_part: bool,
) -> Iterator[tuple[Key, Counts]]:
    """What is not in a roll-up: facts, or changes, of these days ``but`` of those."""
    day, is_time = table.c.day, by in {Dimension.MONTH, Dimension.DAY}
    key: ColumnElement[Any] | None = day if is_time else table.c[by.value] if by else None
    if by_part and of.region and level_of(of.region) is Level.PROVINCE:  # a province has many regions, but few cities
        key = func.substr(table.c.region, 1, 4) + "00"
    others = [not_(day.between(*stretch)) for stretch in but]
    wanted = and_(day.between(*days), *others, *_conditions(table, of))
    for found, counts in _sum(reader.connection, table, key, wanted, only):
        yield (_period(found, by) if isinstance(found, date) else found), counts


def _period(day: date, by: Dimension | None) -> date:
    return first_of_month(day) if by is Dimension.MONTH else day


def _sum(
    connection: Connection,
    table: Table,
    key: ColumnElement[Any] | None,
    wanted: ColumnElement[bool],
    only: tuple[str, ...],
) -> Iterator[tuple[Any, Counts]]:
    if key is None:
        row = connection.execute(select(*sums(table, only)).where(wanted)).one()
        if row[0] is not None:
            yield "", _counts(only, row)
        return
    for found, *numbers in connection.execute(select(key, *sums(table, only)).where(wanted).group_by(key)):
        yield found, _counts(only, numbers)


def _counts(names: Sequence[str], numbers: Iterable[int]) -> Counts:
    return Counts(**{name: int(number) for name, number in zip(names, numbers, strict=True)})


def cases_of_day(
    reader: Reader,
    of: Slice,
    day: date,
    counter: str,
    after: tuple[str, str] | None,
    limit: int,
    *,
    is_rare: bool = False,
) -> list[CaseLine]:
    """The facts of one day that add to a counter, by region and id, from the one after ``after``: the index holds them
    in this order, so that nothing is looked at behind the page. Where few of many do, ``is_rare``, the sums say in
    which regions there is anything to look at."""
    amount, region, key = FACT.c[counter], FACT.c.region, FACT.c.id
    query = select(FACT.c.id, FACT.c.application, FACT.c.day, *_keys(FACT), amount.label("amount")).where(
        FACT.c.day == day, amount != 0, *_conditions(FACT, of)
    )
    if is_rare and of.region is not None and (number := rolled_up(reader, Span.DAY, day, day).get(day)) is not None:
        query = query.where(region.in_(_regions_with(counter))).params(number=number, area=of.region, changed_on=day)
    if after is not None:
        query = query.where(region >= after[0], or_(region > after[0], key > after[1]))
    return [CaseLine(**row) for row in reader.connection.execute(query.order_by(region, key).limit(limit)).mappings()]


@lru_cache
def _regions_with(counter: str) -> CompoundSelect[tuple[str]]:
    """The regions in ``area`` whose own facts add to a counter on the day of the roll-up ``number``: down from the area
    through the parts that do; and those of which something has changed since."""
    of, own, number = AREA_TALLY.alias(), AREA_TALLY.alias(), bindparam("number", type_=BigInteger)
    some = select(bindparam("area", type_=String).label("area")).cte("some", recursive=True)
    further = of.c.area == some.c.area, of.c.roll_up == number, of.c.part != of.c.area, of.c[counter] != 0
    some = some.union_all(select(of.c.part).join(some, and_(*further)))
    its_own = own.c.area == some.c.area, own.c.roll_up == number, own.c.part == own.c.area, own.c[counter] != 0
    changed = FACT_CHANGE.c.day == bindparam("changed_on", type_=Date)
    return select(own.c.part).join(some, and_(*its_own)).union(select(FACT_CHANGE.c.region).where(changed))


def facts_named(reader: Reader, ids: Sequence[str]) -> dict[str, Fact]:
    """The stored facts with these ids, those that there are."""
    rows = reader.connection.execute(select(FACT).where(FACT.c.id.in_(ids))).mappings()
    return {row["id"]: _fact(row) for row in rows}


def _fact(row: RowMapping) -> Fact:
    named = {name: row[name] for name in Fact.__slots__ if name != "counts"}
    return Fact(**named, counts=Counts(**{name: row[name] for name in COUNTERS}))


def submitted_after(reader: Reader, after: str, limit: int) -> list[str]:
    """Ids of submitted applications in order, from the one after ``after``."""
    query = select(APPLICATION.c.id).where(APPLICATION.c.id > after, APPLICATION.c.submitted_at.is_not(None))
    return list(reader.connection.execute(query.order_by(APPLICATION.c.id).limit(limit)).scalars())


def _conditions(table: Table, of: Slice) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        table.c[name] == value
        for name, value in (("department", of.department), ("item", of.item), ("bundle", of.bundle))
        if value is not None
    ]
    return found if of.region is None else [*found, _inside(table.c.region, of.region)]


def _inside(column: Column[Any], region: str) -> ColumnElement[bool]:
    first, end = bounds(region)
    return and_(column >= first, column < end)


def _keys(table: Table) -> list[Column[Any]]:
    return [table.c[name] for name in KEYS]


@lru_cache
def sums(table: Table, names: tuple[str, ...] = COUNTERS) -> tuple[ColumnElement[int], ...]:
    """The sums of these counters, made once: there are many."""
    return tuple(func.sum(table.c[name]).label(name) for name in names)
