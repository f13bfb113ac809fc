"""Open work as lights see it: many tasks that share status and dates are one row, so that a board of a whole province
reads some hundreds of rows however many tasks there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from app.domain import lifecycle
from app.domain.lifecycle import ENDED, INTAKE, TaskStatus
from app.domain.oversight import Light
from app.domain.regions import level_of, stem
from app.domain.ticking import Ticking
from app.domain.vocabulary import Level
from app.storage.mapping import read_value
from app.storage.queries import PAUSES, Position, Reader, TaskLine
from app.storage.sealing import Found
from app.storage.tables import APPLICATION, TASK

STANDING_STILL = sorted(status.value for status in lifecycle.STANDING_STILL)
UNLIT = sorted(status.value for status in lifecycle.UNLIT)
OVER = sorted(status.value for status in ENDED)
"""All as the column holds them."""
IS_WATCHED = or_(TASK.c.completed_at.is_(None), TASK.c.check_due_on.is_not(None))
"""Open, or granted on a commitment that is still to be checked."""


IS_OVER = TASK.c.completed_at.is_not(None)
IS_IN_INTAKE = TASK.c.status.in_([status.value for status in INTAKE])
IS_UNLIT = TASK.c.status.in_([*UNLIT, *OVER])
CLOCK = case(
    (IS_IN_INTAKE, TaskStatus.SUBMITTED.value),
    (IS_OVER, TaskStatus.CLOSED.value),
    (IS_UNLIT, TaskStatus.WAITING.value),
    (TASK.c.verdict.is_not(None), TaskStatus.DELIVERY.value),
    else_=TaskStatus.REVIEW.value,
)
"""One status for all that :func:`app.domain.oversight.light_of` holds against the same clock. Of the dates only those
of that clock are grouped by: a board has as many groups as there are due dates, not as there are tasks."""


def _of(status: TaskStatus) -> ColumnElement[bool]:
    return CLOCK.in_([status.value])


TICKING = {
    "status": CLOCK,
    "due_on": case(
        (_of(TaskStatus.SUBMITTED), TASK.c.intake_due_on),
        (_of(TaskStatus.REVIEW), TASK.c.promised_due_on),
        (_of(TaskStatus.DELIVERY), TASK.c.delivery_due_on),
        (_of(TaskStatus.CLOSED), TASK.c.check_due_on),
    ),
    "over_on": case((_of(TaskStatus.REVIEW), TASK.c.statutory_due_on)),
    "days": case((_of(TaskStatus.REVIEW), TASK.c.promised_days + TASK.c.extended_days), else_=0),
}
"""What :func:`app.domain.ticking.ticking_of` says of a task whose clock does not stand still."""


@dataclass(frozen=True, slots=True)
class LitGroup:
    """So many tasks that show the same light; of one region and one department, where it was asked for."""

    department: str | None
    region: str | None
    ticking: Ticking
    count: int


def _inside(region: str) -> ColumnElement[bool]:
    """Tasks of a region and of everything in it. The stem is digits only, in which every collation agrees: no list of
    regions has to be compared."""
    digits = stem(region)
    return and_(TASK.c.region >= digits, TASK.c.region < f"{int(digits) + 1:0{len(digits)}d}")


def groups(reader: Reader, region: str, *, by_department: bool = False) -> list[LitGroup]:
    """All watched tasks of a region and everything in it. Those whose clock stands still come one by one: their pauses
    tell."""
    parts = [TASK.c.region, TASK.c.department] if by_department else [TASK.c.region]
    return grouped(reader, _inside(region), IS_WATCHED, parts)


def everywhere(reader: Reader) -> list[LitGroup]:
    """The same, of all regions together."""
    return grouped(reader, true(), IS_WATCHED)


def groups_of(reader: Reader, department: str) -> list[LitGroup]:
    """The same for the open tasks of one department."""
    return grouped(reader, TASK.c.department == department, TASK.c.completed_at.is_(None))


def grouped(
    reader: Reader, own: ColumnElement[bool], is_wanted: ColumnElement[bool], parts: Sequence[ColumnElement[str]] = ()
) -> list[LitGroup]:
    """Those of the ``own`` tasks that are wanted, apart by these parts."""
    keys = [*parts, *(shared.label(name) for name, shared in TICKING.items())]
    where = and_(own, is_wanted, TASK.c.status.not_in(STANDING_STILL))
    told = select(*keys).where(where).subquery()  # PostgreSQL takes no grouping by expressions that have parameters
    query = select(*told.c, func.count().label("count")).group_by(*told.c)
    names = [column.name for column in query.selected_columns]
    found = [_group(**dict(zip(names, row, strict=True))) for row in reader.connection.execute(query)]  # none is sealed
    columns = [TASK.c[name] for name in ("id", "application_id", "pauses", "department", "region")]
    still = select(*columns).where(own, TASK.c.completed_at.is_(None), TASK.c.status.in_(STANDING_STILL))
    return found + [_alone(row) for row in reader.rows(still)]


def _group(
    *, status: str, count: int, department: str | None = None, region: str | None = None, **dates: Any
) -> LitGroup:
    return LitGroup(department, region, Ticking(TaskStatus[status.upper()], **dates), count)


def _alone(row: Found) -> LitGroup:
    """One task whose clock stands still: of what is sealed in it only its pauses are opened."""
    ends_on = read_value(PAUSES, row["pauses"])[-1].ends_on
    return LitGroup(row["department"], row["region"], Ticking(TaskStatus.SPECIAL, ends_on), 1)


def watched(
    reader: Reader,
    region: str,
    department: str | None,
    after: Position,
    limit: int,
    late: tuple[Light, date] | None = None,
) -> list[TaskLine]:
    """Watched tasks of a region and everything in it by due date, from the one after ``after`` (sort date and id); with
    ``late`` those alone that may show this red light on that day."""
    own = [] if department is None else [TASK.c.department == department]
    own += [] if late is None else [_may_be_late(*late)]
    is_inside = _inside(region)
    if level_of(region) is Level.PROVINCE:  # nearly all is inside: found in the order of due dates, not by region
        is_inside = (TASK.c.region + "").startswith(stem(region), autoescape=True)
    return reader.task_page(is_inside, IS_WATCHED, *own, after=after, limit=limit)


def _may_be_late(light: Light, today: date) -> ColumnElement[bool]:
    """What the database can say of red lights: the clock that counts now has run out. All of them are found, and few
    others, so that few rows are opened however much is open; and none from the days still to come."""
    of, is_running = TASK.c, and_(TASK.c.status.not_in([*STANDING_STILL, *UNLIT]), TASK.c.sort_on < today)
    is_lit = and_(is_running, or_(of.status.not_in(OVER), of.check_due_on < today))  # the index alone tells
    if light is Light.DEEP_RED:
        return and_(is_lit, of.verdict.is_(None), ~IS_IN_INTAKE, of.statutory_due_on < today)
    is_within_law = or_(of.statutory_due_on.is_(None), of.statutory_due_on >= today)
    return and_(is_lit, or_(of.verdict.is_not(None), IS_IN_INTAKE, is_within_law), _is_past(today))


def _is_past(today: date) -> ColumnElement[bool]:
    of = TASK.c
    return or_(
        and_(of.accepted_at.is_(None), of.intake_due_on < today),
        of.check_due_on < today,
        and_(of.verdict.is_not(None), of.delivery_due_on < today),
        and_(of.verdict.is_(None), or_(of.promised_due_on < today, of.statutory_due_on < today)),
    )


def at_hall(reader: Reader, region: str, statuses: Sequence[str], after: Position, limit: int) -> list[TaskLine]:
    """Open tasks in these statuses of applications filed at the hall of this region or handled in it, and those of
    other regions that were given here (多地联办), by due date."""
    return reader.task_page(
        TASK.c.completed_at.is_(None), TASK.c.status.in_(statuses), _is_here(region), after=after, limit=limit
    )


def to_give_back(reader: Reader, region: str, after: Position, limit: int) -> list[TaskLine]:
    """Tasks over with originals still at the same halls, in the order of the inboxes."""
    return reader.task_page(TASK.c.originals_due_on.is_not(None), _is_here(region), after=after, limit=limit)


def _is_here(region: str) -> ColumnElement[bool]:
    is_given_here = and_(TASK.c.region == region, APPLICATION.c.region.not_like(f"{stem(region)}%"))
    return or_(APPLICATION.c.region == region, APPLICATION.c.filed_region == region, is_given_here)
