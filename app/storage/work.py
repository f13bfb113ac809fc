"""Open work counted: the sums of what was folded in, and what has changed since. Both together are the tasks.

Whoever changes a case appends by how much open work changes, and every so often one process folds that into the sums of
all areas that hold the region (:mod:`app.storage.folding`). A board of a whole province reads the sums of its cities
and the changes since the last fold, however many tasks there are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, cast

from sqlalchemy import BindParameter, Connection, Engine, bindparam, delete, func, or_, select, text, true

from app.domain.regions import areas_of, bounds
from app.domain.ticking import Work
from app.storage.folding import Folding, Taking
from app.storage.lights import IS_WATCHED, grouped
from app.storage.queries import Reader
from app.storage.tables import TASK
from app.storage.vault import Vault
from app.storage.work_tables import WORK_CHANGE, WORK_SUM

JOB: Final = "work"
"""What one process at a time is at, folding or counting: see ``Claims.alone``."""
TAKEN: Final = Taking(WORK_CHANGE.c.region, WORK_CHANGE.c.clock, WORK_CHANGE.c.tasks)
COUNTED: Final = {"area": "", "part": "", "clock": "", "tasks": 0}
"""The row that says that open work has been counted."""
ADD: Final = text(
    "INSERT INTO work_sum (area, part, clock, tasks) VALUES (:area, :part, :clock, :tasks) "
    "ON CONFLICT (area, part, clock) DO UPDATE SET tasks = work_sum.tasks + excluded.tasks"
)
IS_COUNTED = select(WORK_SUM.c.tasks).where(WORK_SUM.c.area == "")
IS_CHANGED = select(WORK_CHANGE.c.id).limit(1)
AREAS: Final[BindParameter[Sequence[str]]] = bindparam("areas", expanding=True)
SUMS = select(WORK_SUM.c.part, WORK_SUM.c.clock, WORK_SUM.c.tasks).where(
    WORK_SUM.c.area.in_(AREAS), or_(WORK_SUM.c.part == WORK_SUM.c.area, WORK_SUM.c.part.not_in(AREAS))
)
CHANGES = (
    select(WORK_CHANGE.c.region, WORK_CHANGE.c.clock, func.sum(WORK_CHANGE.c.tasks))
    .where(WORK_CHANGE.c.region >= bindparam("first"), WORK_CHANGE.c.region < bindparam("end"))
    .group_by(WORK_CHANGE.c.region, WORK_CHANGE.c.clock)
)


class Ledger(Folding):
    """The folding side."""

    def __init__(self, engine: Engine, vault: Vault | None) -> None:
        """``vault`` opens what is sealed in the tasks that are counted."""
        super().__init__(engine)
        self._vault = vault

    def count(self) -> int:
        """Count all open tasks anew, from the tasks themselves; how many. What others change meanwhile waits for the
        next fold."""
        with self._engine.begin() as connection:
            for table in (WORK_CHANGE, WORK_SUM):
                connection.execute(delete(table))
            found: Counter[Work] = Counter()
            for group in grouped(Reader(connection, self._vault), true(), IS_WATCHED, [TASK.c.region]):
                found[group.region or "", group.ticking.code] += group.count
            _add(connection, found)
            connection.execute(WORK_SUM.insert(), COUNTED)
        return found.total()

    def _fold(self, connection: Connection) -> int:
        changes = TAKEN(connection)
        found: Counter[Work] = Counter()
        for region, clock, tasks in changes:
            found[region, clock] += tasks
        _add(connection, found)
        connection.execute(delete(WORK_SUM).where(WORK_SUM.c.tasks == 0, WORK_SUM.c.area != ""))
        return len(changes)


def _add(connection: Connection, found: Mapping[Work, int]) -> None:
    sums: Counter[tuple[str, str, str]] = Counter()
    for (region, clock), tasks in found.items():
        for area, part in areas_of(region):
            sums[area, part, clock] += tasks
    rows = [{"area": area, "part": part, "clock": clock, "tasks": n} for (area, part, clock), n in sums.items() if n]
    if rows:
        connection.execute(ADD, rows)


def is_counted(reader: Reader) -> bool:
    """Whether open work has been counted, so that sums and changes tell all of it."""
    return reader.connection.execute(IS_COUNTED).first() is not None


def is_changed(reader: Reader) -> bool:
    """Whether there is anything to fold in."""
    return reader.connection.execute(IS_CHANGED).first() is not None


def uncounted(connection: Connection) -> None:
    """Say that open work has yet to be counted: tasks come that tell no changes."""
    connection.execute(delete(WORK_SUM))


def open_work(reader: Reader, areas: Sequence[str]) -> list[tuple[str, str, int]]:
    """Parts of the areas, or regions in them, with the codes of clocks and how many open tasks there are; of what an
    area shares with another of them, nothing twice. The first of the areas holds all others."""
    first, end = bounds(areas[0])
    sums = reader.connection.execute(SUMS, {"areas": areas}).all()
    changes = reader.connection.execute(CHANGES, {"first": first, "end": end}).all()
    return cast("list[tuple[str, str, int]]", [*sums, *changes])
