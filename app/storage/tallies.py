"""Adding up: what the facts of a stretch of days come to, from roll-ups where there are, from the facts elsewhere.

Whatever adds or changes a fact drops the roll-ups of its day in the same transaction
(:func:`app.storage.mapping.with_facts`), so a roll-up that is there and ready equals its facts, and both ways of adding
up give the same sums.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, RowMapping, Select, Table, and_, func, or_, select

from app.domain.figures import OF_TASKS, Dimension, Slice
from app.domain.periods import Cover, Span, cover, first_of_month
from app.domain.regions import stem
from app.domain.tallies import COUNTERS, NOTHING, WHOLE, Counts, Fact
from app.storage.queries import Reader
from app.storage.tables import APPLICATION
from app.storage.tally_tables import FACT, REGION_TALLY, ROLL_UP, TALLY

KEYS = ("region", "department", "item", "bundle")
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


def by_region(cells: Iterable[Cell]) -> list[Cell]:
    """The tallies of a roll-up added up across departments, items and bundles."""
    found: dict[str, Cell] = {}
    for cell in cells:
        if cell["is_across"]:
            region = str(cell["region"])
            so_far = found.setdefault(region, {"region": region, **dict.fromkeys(COUNTERS, 0)})
            so_far.update({name: int(so_far[name]) + int(cell[name]) for name in COUNTERS})
    return list(found.values())


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
    only: Sequence[str] = COUNTERS,
    live: bool = False,
) -> dict[Key, Counts]:
    """The sums of a slice over the days from ``first`` to ``last``, both included, by key; ``""`` without ``by``.

    ``only`` these counters are added up, the others stay 0. ``live`` leaves the roll-ups aside, for comparison.
    """
    known = {} if live else {(row.span, row.first_day): row.id for row in roll_ups(reader, first, last) if row.is_ready}
    days, months = (frozenset(day for span, day in known if span is wanted) for wanted in (Span.DAY, Span.MONTH))
    pieces = cover(first, last, days, frozenset() if by is Dimension.DAY else months)
    found: dict[Key, Counts] = {}
    for key, counts in (*_rolled(reader, of, pieces, known, by, only), *_live(reader, of, pieces.live, by, only)):
        found[key] = found.get(key, NOTHING) + counts
    return found


def _rolled(
    reader: Reader,
    of: Slice,
    pieces: Cover,
    known: dict[tuple[Span, date], int],
    by: Dimension | None,
    only: Sequence[str],
) -> Iterator[tuple[Key, Counts]]:
    taken = {known[Span.MONTH, day]: day for day in pieces.months} | {known[Span.DAY, day]: day for day in pieces.days}
    if not taken:
        return
    is_time, is_across = by in {Dimension.MONTH, Dimension.DAY}, by not in OF_TASKS and not of.is_of_tasks
    is_plain = is_across and by is not Dimension.BUNDLE and of.bundle is None
    table = REGION_TALLY if is_plain else TALLY
    key = table.c.roll_up if is_time else table.c[by.value] if by else None
    kind = [] if is_plain else [TALLY.c.is_across == is_across]
    wanted = and_(table.c.roll_up.in_(list(taken)), *kind, *_conditions(table, of))
    for found, counts in _sum(reader.connection, table, key, wanted, only):
        yield (_period(taken[found], by) if is_time and isinstance(found, int) else found), counts


def _live(
    reader: Reader, of: Slice, stretches: Sequence[tuple[date, date]], by: Dimension | None, only: Sequence[str]
) -> Iterator[tuple[Key, Counts]]:
    is_time = by in {Dimension.MONTH, Dimension.DAY}
    key = FACT.c.day if is_time else FACT.c[by.value] if by else None
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
    only: Sequence[str],
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
    if of.region is not None:
        digits = stem(of.region)
        # The stem is digits only, in which every collation agrees: 3308 ≤ code < 3309.
        found += [table.c.region >= digits, table.c.region < f"{int(digits) + 1:0{len(digits)}d}"]
    return found


def _keys(table: Table) -> list[Column[Any]]:
    return [table.c[name] for name in KEYS]


def sums(table: Table, names: Sequence[str] = COUNTERS) -> list[ColumnElement[int]]:
    """The sums of these counters."""
    return [func.sum(table.c[name]).label(name) for name in names]


def _cells(connection: Connection, query: Select[Any], common: Cell) -> list[Cell]:
    rows = connection.execute(query).mappings()
    return [{**common, **row, **{name: int(row[name]) for name in COUNTERS}} for row in rows]
