"""The sums behind the indicators kept up: days and months added up from their facts, and later changes folded in.

Whoever adds or changes a fact appends by how much (:func:`app.storage.mapping.with_facts`), in the transaction that
does it; every so often one process folds that into the sums. So a roll-up and the changes since are at every instant
what its facts are, also of a day that still runs, and a late fact makes nobody add up its day and month anew.

Every step sees one snapshot: the facts it adds up and the changes it takes are of the same instant
(:mod:`app.storage.folding`).
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from operator import add
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, TextClause, and_, delete, or_, select, text

from app.domain.periods import Span, first_of_month, last_of_month
from app.domain.regions import areas_of
from app.domain.tallies import COUNTERS, WHOLE
from app.storage.folding import Folding, Taking
from app.storage.queries import Reader
from app.storage.tallies import KEYS, id_of, is_whole, rolled_up, sums
from app.storage.tally_tables import AREA_TALLY, FACT, FACT_CHANGE, ROLL_UP, TALLY

K = TypeVar("K")
Group = tuple[str, ...]
"""Region, department, item and bundle."""
Numbers = list[int]
"""In the order of the counters."""
Of = tuple[Span, date]
"""A day, or a month by its first."""

JOB: Final = "sums"
"""What one process at a time is at: see ``Claims.alone``."""
TAKEN: Final = Taking(*(FACT_CHANGE.c[name] for name in ("day", *KEYS, *COUNTERS)))
IS_BEHIND: Final = select(FACT_CHANGE.c.id).limit(1)


class Sums(Folding):
    """The folding side."""

    def settle(self, span: Span, first: date) -> bool:
        """Add up a day from its facts, or a month from its days once all are added up; whether that was done now."""
        with self._engine.begin() as connection:
            while self._fold(connection):  # the facts below hold these changes already
                pass
            reader = Reader(connection, None)
            if _rolled(reader, {(span, first)}) or (span is Span.MONTH and not is_whole(reader, first)):
                return False
            groups = _of_day(connection, first) if span is Span.DAY else _of_month(connection, first)
            _add(connection, begun(connection, span, first), groups)
            return True

    def forget(self, days: Collection[date] | None = None) -> None:
        """Forget the sums of these days and of their months, or all of them: until they are settled anew the facts
        themselves answer."""
        of = ROLL_UP.c
        which = [and_(of.span == span.value, of.first_day == first) for span, first in _spans(days or ())]
        with self._engine.begin() as connection:
            connection.execute(delete(ROLL_UP) if days is None else delete(ROLL_UP).where(or_(*which)))

    def _fold(self, connection: Connection) -> int:
        """A change goes to the sums of its day and of its month; where there are none, the facts tell of it."""
        taken = TAKEN(connection)
        rolled = _rolled(Reader(connection, None), _spans(day for day, *_ in taken)) if taken else {}
        found: dict[int, dict[Group, Numbers]] = {}
        for day, *rest in taken:
            for of in _spans([day]) & rolled.keys():
                _gather(found.setdefault(rolled[of], {}), tuple(rest[: len(KEYS)]), rest[len(KEYS) :])
        for roll_up, groups in found.items():
            _add(connection, roll_up, groups)
        shrunk = [own for own, groups in found.items() if min(map(min, groups.values())) < 0]
        for table in (TALLY, AREA_TALLY) if shrunk else ():
            is_nothing = and_(*(table.c[name] == 0 for name in COUNTERS))
            connection.execute(delete(table).where(table.c.roll_up.in_(shrunk), is_nothing))
        return len(taken)


def begun(connection: Connection, span: Span, first: date) -> int:
    """The number of a new roll-up, without sums yet."""
    own = id_of(span, first)
    connection.execute(ROLL_UP.insert(), {"id": own, "span": span.value, "first_day": first})
    return own


def is_behind(reader: Reader) -> bool:
    """Whether there is anything to fold in."""
    return reader.connection.execute(IS_BEHIND).first() is not None


def _spans(days: Iterable[date]) -> set[Of]:
    return {of for day in days for of in ((Span.DAY, day), (Span.MONTH, first_of_month(day)))}


def _rolled(reader: Reader, wanted: Collection[Of]) -> dict[Of, int]:
    """Which of these are added up, and the number of that roll-up."""
    days = [first for _, first in wanted]
    found = {(span, day): own for span in Span for day, own in rolled_up(reader, span, min(days), max(days)).items()}
    return {of: found[of] for of in wanted if of in found}


def _of_day(connection: Connection, day: date) -> dict[Group, Numbers]:
    return _grouped(connection, FACT, FACT.c.day == day)


def _of_month(connection: Connection, first: date) -> dict[Group, Numbers]:
    of = ROLL_UP.c
    days = select(of.id).where(of.span == Span.DAY.value, of.first_day.between(first, last_of_month(first)))
    return _grouped(connection, TALLY, and_(TALLY.c.roll_up.in_(days), TALLY.c.is_across.is_(False)))


def _grouped(connection: Connection, table: Table, wanted: ColumnElement[bool]) -> dict[Group, Numbers]:
    keys = [table.c[name] for name in KEYS]
    rows = connection.execute(select(*keys, *sums(table)).where(wanted).group_by(*keys))
    return {tuple(row[: len(KEYS)]): [int(number) for number in row[len(KEYS) :]] for row in rows}


def _add(connection: Connection, roll_up: int, groups: dict[Group, Numbers]) -> None:
    """Add to the sums of a roll-up: by all keys, across departments and items, and of all areas that hold a region."""
    across: dict[Group, Numbers] = {}
    areas: dict[tuple[str, str], Numbers] = {}
    for (region, _, _, bundle), numbers in groups.items():
        _gather(across, (region, WHOLE, WHOLE, bundle), numbers)
        for key in areas_of(region):
            _gather(areas, key, numbers)
    if not groups:
        return
    both = [(is_across, pair) for is_across, own in ((False, groups), (True, across)) for pair in own.items()]
    connection.execute(_adding(TALLY), [_row(roll_up, KEYS, *pair) | {"is_across": flag} for flag, pair in both])
    connection.execute(_adding(AREA_TALLY), [_row(roll_up, ("area", "part"), *pair) for pair in areas.items()])


def _gather(found: dict[K, Numbers], key: K, numbers: Numbers) -> None:
    found[key] = list(map(add, found[key], numbers)) if key in found else numbers


def _row(roll_up: int, names: Iterable[str], key: Iterable[str], numbers: Numbers) -> dict[str, Any]:
    named = zip((*names, *COUNTERS), (*key, *numbers), strict=True)
    return {"roll_up": roll_up, **dict(named)}


@cache
def _adding(table: Table) -> TextClause:
    names, keys = [column.name for column in table.columns], [column.name for column in table.primary_key]
    sums_now = ", ".join(f"{name} = {table.name}.{name} + excluded.{name}" for name in COUNTERS)
    return text(
        f"INSERT INTO {table.name} ({', '.join(names)}) "  # noqa: S608 - names of our own tables
        f"VALUES ({', '.join(f':{name}' for name in names)}) ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums_now}"
    )
