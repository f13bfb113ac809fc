"""Adding up: what the facts of a stretch of days come to, from roll-ups where there are, from the facts elsewhere.

Whatever adds or changes a fact drops the roll-ups of its day in the same transaction
(:func:`app.storage.mapping.with_facts`), so a roll-up that is there and ready equals its facts, and both ways of adding
up give the same sums.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import add
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Row, RowMapping, Select, Table, and_, func, or_, select

from app.domain.figures import OF_TASKS, Dimension, Slice
from app.domain.periods import Span, cover, first_of_month
from app.domain.regions import areas_of, bounds, level_of, part_of
from app.domain.tallies import COUNTERS, WHOLE, Counts, Fact
from app.domain.vocabulary import Level
from app.storage.queries import Reader
from app.storage.tables import APPLICATION
from app.storage.tally_tables import AREA_TALLY, FACT, ROLL_UP, TALLY

KEYS = ("region", "department", "item", "bundle")
K = TypeVar("K", bound=Hashable)
Cell = dict[str, str | int | bool]
"""One row of the tallies without its roll-up."""
Key = str | date
"""What a sum is for: a code, or the first day of a month, or a day."""


@dataclass(frozen=True, slots=True)
class RollUp:
    """One row of the roll-ups."""

    id: int
    span: Span
    first_day: date
    is_ready: bool


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


def roll_ups(reader: Reader, first: date = date.min, last: date = date.max) -> list[RollUp]:
    """Every roll-up that begins between these days, ready or not."""
    query = select(ROLL_UP).where(ROLL_UP.c.first_day.between(first, last))
    return [_roll_up(row) for row in reader.connection.execute(query)]


def roll_up_of(reader: Reader, span: Span, first: date) -> RollUp | None:
    """The roll-up of that day or month, ready or not; None when there is none."""
    query = select(ROLL_UP).where(ROLL_UP.c.span == span.value, ROLL_UP.c.first_day == first)
    row = reader.connection.execute(query).first()
    return None if row is None else _roll_up(row)


def _roll_up(row: Row[Any]) -> RollUp:
    return RollUp(row.id, Span[row.span.upper()], row.first_day, row.is_ready)


def first_and_last(reader: Reader) -> tuple[date, date] | None:
    """The days of the oldest and the newest fact; None without facts."""
    first = reader.connection.execute(select(func.min(FACT.c.day))).scalar_one()
    last = reader.connection.execute(select(func.max(FACT.c.day))).scalar_one()
    return None if first is None else (first, last)


def sums_of_day(reader: Reader, day: date) -> list[Cell]:
    """The tallies of one day, from its facts."""
    found: list[Cell] = []
    for is_across, names in ((False, KEYS), (True, ("region", "bundle"))):
        keys = [FACT.c[name] for name in names]
        query = select(*keys, *sums(FACT)).where(FACT.c.day == day).group_by(*keys)
        found += _cells(reader.connection, query, {"is_across": is_across, "department": WHOLE, "item": WHOLE})
    return found


def by_area(cells: Iterable[Cell]) -> list[Cell]:
    """The tallies of a roll-up added up across departments, items and bundles, for every area by its parts."""
    own: dict[str, list[int]] = {}
    for cell in cells:
        if cell["is_across"]:
            _gather(own, str(cell["region"]), [int(cell[name]) for name in COUNTERS])
    found: dict[tuple[str, str], list[int]] = {}
    for region, numbers in own.items():
        for key in areas_of(region):
            _gather(found, key, numbers)
    return [
        {"area": area, "part": part, **dict(zip(COUNTERS, numbers, strict=True))}
        for (area, part), numbers in found.items()
    ]


def _gather(found: dict[K, list[int]], key: K, numbers: list[int]) -> None:
    found[key] = list(map(add, found[key], numbers)) if key in found else numbers


def sums_of(reader: Reader, ids: Iterable[int]) -> list[Cell]:
    """The tallies of several roll-ups together."""
    keys = [TALLY.c.is_across, *_keys(TALLY)]
    query = select(*keys, *sums(TALLY)).where(TALLY.c.roll_up.in_(list(ids))).group_by(*keys)
    return _cells(reader.connection, query, {})


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
    months = {} if live or by is Dimension.DAY else _ready(reader, Span.MONTH, first, last)
    rest = () if live else cover(first, last, frozenset(), frozenset(months)).live
    days = _ready(reader, Span.DAY, rest[0][0], rest[-1][1]) if rest else {}
    pieces = cover(first, last, frozenset(days), frozenset(months))
    taken = {months[day]: day for day in pieces.months} | {days[day]: day for day in pieces.days}
    found: dict[Key, Counts] = {}
    rolled = _rolled(reader, of, taken, by, only, by_part=by_part)
    for own, counts in (*rolled, *_live(reader, of, pieces.live, by, only, by_part=by_part)):
        key = part_of(of.region, own) if by_part and of.region and isinstance(own, str) else own
        found[key] = found[key] + counts if key in found else counts
    return found


def _ready(reader: Reader, span: Span, first: date, last: date) -> dict[date, int]:
    """The roll-ups that are ready, by their first day, between these days."""
    of = ROLL_UP.c
    query = select(of.first_day, of.id).where(of.span == span.value, of.first_day.between(first, last), of.is_ready)
    return dict(map(tuple, reader.connection.execute(query)))


def _rolled(
    reader: Reader, of: Slice, taken: Mapping[int, date], by: Dimension | None, only: tuple[str, ...], *, by_part: bool
) -> Iterator[tuple[Key, Counts]]:
    if not taken:
        return
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


def _live(
    reader: Reader,
    of: Slice,
    stretches: Sequence[tuple[date, date]],
    by: Dimension | None,
    only: tuple[str, ...],
    *,
    by_part: bool,
) -> Iterator[tuple[Key, Counts]]:
    is_time = by in {Dimension.MONTH, Dimension.DAY}
    key: ColumnElement[Any] | None = FACT.c.day if is_time else FACT.c[by.value] if by else None
    if by_part and of.region and level_of(of.region) is Level.PROVINCE:  # a province has many regions, but few cities
        key = func.substr(FACT.c.region, 1, 4) + "00"
    for first, last in stretches:
        wanted = and_(FACT.c.day.between(first, last), *_conditions(FACT, of))
        for found, counts in _sum(reader.connection, FACT, key, wanted, only):
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
    reader: Reader, of: Slice, day: date, counter: str, after: tuple[str, str] | None, limit: int
) -> list[CaseLine]:
    """The facts of one day that add to a counter, by region and id, from the one after ``after``: the index holds them
    in this order, so that nothing is looked at behind the page."""
    amount, region, key = FACT.c[counter], FACT.c.region, FACT.c.id
    query = select(FACT.c.id, FACT.c.application, FACT.c.day, *_keys(FACT), amount.label("amount")).where(
        FACT.c.day == day, amount != 0, *_conditions(FACT, of)
    )
    if after is not None:
        query = query.where(region >= after[0], or_(region > after[0], key > after[1]))
    return [CaseLine(**row) for row in reader.connection.execute(query.order_by(region, key).limit(limit)).mappings()]


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


def _cells(connection: Connection, query: Select[Any], common: Cell) -> list[Cell]:
    rows = connection.execute(query).mappings()
    return [{**common, **row, **{name: int(row[name]) for name in COUNTERS}} for row in rows]
