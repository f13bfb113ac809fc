"""Open work as lights see it: many tasks that share status and dates are one row, so that a board of a whole province
reads some hundreds of rows however many tasks there are."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal, not_, or_, select, true

from app.domain import lifecycle
from app.domain.clocks import AFTER_CHECK_DAYS, DELIVERY_DAYS, INTAKE_DAYS
from app.domain.deadlines import Calendar
from app.domain.lifecycle import ENDED, INTAKE, TaskStatus, Verdict
from app.domain.oversight import Light, turns
from app.domain.regions import bounds, level_of, stem
from app.domain.ticking import Ticking, ticking_of
from app.domain.vocabulary import Level
from app.storage.mapping import read_value
from app.storage.queries import PAUSES, Position, Reader, TaskLine, Times
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
IS_STILL = TASK.c.status.in_(STANDING_STILL)
IS_UNTOLD = and_(IS_STILL, TASK.c.pause_ends_on.is_(None))
"""Nobody has written the row since :attr:`~app.storage.tables.TaskRow.pause_ends_on` is kept: its pauses tell."""
ENDS_ON = case((TASK.c.pause_ends_on < date.max, TASK.c.pause_ends_on))
"""What was told to the applicant of a clock that stands still, if anything was."""
CLOCK = case(
    (IS_STILL, TaskStatus.SPECIAL.value),
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
        else_=ENDS_ON,
    ),
    "over_on": case((_of(TaskStatus.REVIEW), TASK.c.statutory_due_on)),
    "days": case((_of(TaskStatus.REVIEW), TASK.c.promised_days + TASK.c.extended_days), else_=0),
}
"""What :func:`app.domain.ticking.ticking_of` says of a task, unless its pauses tell."""

LENGTH = case(
    (IS_IN_INTAKE, INTAKE_DAYS),
    (IS_OVER, AFTER_CHECK_DAYS),
    (TASK.c.verdict.is_not(None), DELIVERY_DAYS),
    else_=TASK.c.promised_days + TASK.c.extended_days,
)
"""How many working days a clock is long that runs."""


@dataclass(frozen=True, slots=True)
class LitGroup:
    """So many tasks that show the same light; of one region and one department, where it was asked for."""

    department: str | None
    region: str | None
    ticking: Ticking
    count: int


OWN = TASK.c.department == bindparam("own")
IS_OPEN = TASK.c.completed_at.is_(None)
COLUMNS = [*(TASK.c[entry.name] for entry in fields(Times) if entry.default is MISSING), TASK.c.pause_ends_on]
TOLD_OF: Final = select(*COLUMNS, func.count()).where(OWN, IS_OPEN, not_(IS_UNTOLD)).group_by(*COLUMNS)
"""Of a department, without working anything out: its index holds the tasks by status, and they are few."""
UNTOLD: Final = select(*(TASK.c[name] for name in ("id", "application_id", "pauses", "department", "region"))).where(
    IS_OPEN, IS_UNTOLD
)
UNTOLD_OF: Final = UNTOLD.where(OWN)


def _inside(region: str) -> ColumnElement[bool]:
    """Tasks of a region and of everything in it: no list of regions has to be compared."""
    first, end = bounds(region)
    return and_(TASK.c.region >= first, TASK.c.region < end)


def groups(reader: Reader, region: str, *, by_department: bool = False) -> list[LitGroup]:
    """All watched tasks of a region and everything in it."""
    parts = [TASK.c.region, TASK.c.department] if by_department else [TASK.c.region]
    return grouped(reader, _inside(region), IS_WATCHED, parts)


def everywhere(reader: Reader) -> list[LitGroup]:
    """The same, of all regions together."""
    return grouped(reader, true(), IS_WATCHED)


def groups_of(reader: Reader, department: str) -> list[LitGroup]:
    """The same for the open tasks of one department."""
    rows = reader.connection.execute(TOLD_OF, {"own": department}).all()
    found = [(_told(own), count) for *own, count in rows]
    groups = [LitGroup(None, None, ticking, count) for ticking, count in found if ticking is not None]
    return groups + [_alone(row) for row in reader.rows(UNTOLD_OF, department)]


def grouped(
    reader: Reader, own: ColumnElement[bool], is_wanted: ColumnElement[bool], parts: Sequence[ColumnElement[str]] = ()
) -> list[LitGroup]:
    """Those of the ``own`` tasks that are wanted, apart by these parts."""
    keys = [*parts, *(shared.label(name) for name, shared in TICKING.items())]
    where = and_(own, is_wanted, not_(IS_UNTOLD))
    told = select(*keys).where(where).subquery()  # PostgreSQL takes no grouping by expressions that have parameters
    query = select(*told.c, func.count().label("count")).group_by(*told.c)
    rows = reader.connection.execute(query).mappings().all()  # nothing in them is sealed
    return [_group(**row) for row in rows] + [_alone(row) for row in reader.rows(UNTOLD.where(own))]


def _group(
    *, status: str, count: int, department: str | None = None, region: str | None = None, **dates: Any
) -> LitGroup:
    return LitGroup(department, region, Ticking(TaskStatus[status.upper()], **dates), count)


def _told(columns: Sequence[Any]) -> Ticking | None:
    """What a clock says with these values of :data:`COLUMNS`."""
    status, verdict, *dates, ends_on = columns
    if status in STANDING_STILL:
        return Ticking(TaskStatus.SPECIAL, None if ends_on == date.max else ends_on)
    return ticking_of(Times(TaskStatus[status.upper()], verdict and Verdict[verdict.upper()], *dates))


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
    wanted: tuple[Light, Calendar, date] | None = None,
) -> list[TaskLine]:
    """Watched tasks of a region and everything in it by due date, from the one after ``after`` (sort date and id); with
    ``wanted`` those alone that may show this light on that day."""
    own = [] if department is None else [TASK.c.department == department]
    own += [] if wanted is None else [may_show(*wanted)]
    is_inside = _inside(region)
    if level_of(region) is Level.PROVINCE:  # nearly all is inside: found in the order of due dates, not by region
        is_inside = is_inside.is_(true())
    return reader.task_page(is_inside, IS_WATCHED, *own, after=after, limit=limit)


def may_show(light: Light, calendar: Calendar, today: date) -> ColumnElement[bool]:
    """What the database can say of watched tasks that show this light: all of them are found, and few others, so that
    few rows are opened however much is open. The light itself is worked out afterwards."""
    if light in {Light.RED, Light.DEEP_RED}:
        return _may_be_late(light, today)
    ends_on = TASK.c.pause_ends_on
    if light is Light.PAUSED:
        return and_(IS_STILL, or_(ends_on >= today, ends_on.is_(None)))
    if light is Light.OFF:
        return and_(not_(IS_STILL), TICKING["due_on"].is_(None))
    is_ahead = and_(TASK.c.status.not_in([*STANDING_STILL, *UNLIT]), TASK.c.sort_on >= today)
    dates = turns(calendar, today)
    is_far = TASK.c.sort_on > dates[-1][0]
    turns_at = case(*((TASK.c.sort_on <= last, literal(total)) for last, total in dates))
    if light is Light.YELLOW:
        is_still_late = and_(IS_STILL, or_(ends_on < today, ends_on.is_(None)))
        return or_(is_still_late, and_(is_ahead, or_(is_far, turns_at <= LENGTH)))
    is_law_first = TASK.c.statutory_due_on < TASK.c.promised_due_on  # the date of lists is not that of the promise then
    return and_(is_ahead, or_(is_far, is_law_first, turns_at > LENGTH))


def _may_be_late(light: Light, today: date) -> ColumnElement[bool]:
    """The clock that counts now has run out; none from the days still to come."""
    of, is_running = TASK.c, and_(TASK.c.status.not_in([*STANDING_STILL, *UNLIT]), TASK.c.sort_on < today)
    is_lit = and_(is_running, or_(of.status.not_in(OVER), of.check_due_on < today))  # the index alone tells
    if light is Light.DEEP_RED:
        return and_(is_lit, of.verdict.is_(None), ~IS_IN_INTAKE, of.statutory_due_on < today)
    is_within_law = or_(of.statutory_due_on.is_(None), of.statutory_due_on >= today)
    return and_(is_lit, or_(of.verdict.is_not(None), IS_IN_INTAKE, is_within_law), _is_past(today))


def _is_past(today: date) -> ColumnElement[bool]:
    of = TASK.c
    return or_(
        and_(IS_IN_INTAKE, of.intake_due_on < today),
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
