"""Open work as lights see it: many tasks that share status and dates are one row, so that a board of a whole province
reads some hundreds of rows however many tasks there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from app.domain.applications import Task
from app.domain.lifecycle import TaskStatus, Verdict
from app.domain.records import AfterCheck, Pause
from app.storage.mapping import read_task
from app.storage.queries import Position, Reader, TaskLine
from app.storage.tables import APPLICATION, TASK

SHARED = (
    *("department", "region", "status", "verdict", "intake_due_on", "promised_due_on", "statutory_due_on"),
    *("delivery_due_on", "promised_days", "extended_days", "check_due_on"),
)
STANDING_STILL = (TaskStatus.SPECIAL.value, TaskStatus.SUSPENDED.value)
IS_WATCHED = or_(TASK.c.completed_at.is_(None), TASK.c.check_due_on.is_not(None))
"""Open, or granted on a commitment that is still to be checked."""


@dataclass(frozen=True, slots=True)
class LitGroup:
    """So many tasks of one department and region that show the same light."""

    department: str
    region: str
    status: TaskStatus
    verdict: Verdict | None
    intake_due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    delivery_due_on: date | None
    promised_days: int
    extended_days: int
    check_due_on: date | None
    count: int
    pauses: tuple[Pause, ...] = ()

    @property
    def after_check(self) -> AfterCheck | None:
        """The check still to be done."""
        return None if self.check_due_on is None else AfterCheck(self.check_due_on)


def groups(reader: Reader, regions: Sequence[str]) -> list[LitGroup]:
    """All watched tasks of these regions. Those whose clock stands still come one by one: their pauses tell."""
    return grouped(reader, TASK.c.region.in_(regions), IS_WATCHED)


def everywhere(reader: Reader) -> list[LitGroup]:
    """The same, of all regions."""
    return grouped(reader, true(), IS_WATCHED)


def groups_of(reader: Reader, department: str) -> list[LitGroup]:
    """The same for the open tasks of one department."""
    return grouped(reader, TASK.c.department == department, TASK.c.completed_at.is_(None))


def grouped(reader: Reader, own: ColumnElement[bool], is_wanted: ColumnElement[bool]) -> list[LitGroup]:
    """Those of the ``own`` tasks that are wanted."""
    shared = [TASK.c[name] for name in SHARED]
    where = and_(own, is_wanted, TASK.c.status.not_in(STANDING_STILL))
    query = select(*shared, func.count().label("count")).where(where).group_by(*shared)
    found = [
        LitGroup(
            **{
                **row,
                "status": TaskStatus[row["status"].upper()],
                "verdict": Verdict[row["verdict"].upper()] if row["verdict"] else None,
            }
        )
        for row in reader.rows(query)
    ]
    still = select(TASK).where(own, TASK.c.completed_at.is_(None), TASK.c.status.in_(STANDING_STILL))
    return found + [_alone(read_task(row)) for row in reader.rows(still)]


def _alone(task: Task) -> LitGroup:
    return LitGroup(
        department=task.department,
        region=task.region,
        status=task.status,
        verdict=task.verdict,
        intake_due_on=task.intake_due_on,
        promised_due_on=task.promised_due_on,
        statutory_due_on=task.statutory_due_on,
        delivery_due_on=task.delivery_due_on,
        promised_days=task.promised_days,
        extended_days=task.extended_days,
        check_due_on=None,
        count=1,
        pauses=task.pauses,
    )


def watched(
    reader: Reader,
    regions: Sequence[str],
    department: str | None,
    after: Position,
    limit: int,
    late_on: date | None = None,
) -> list[TaskLine]:
    """Watched tasks of these regions by due date, from the one after ``after`` (sort date and id); with ``late_on``
    those alone that may be late on that day."""
    own = [] if department is None else [TASK.c.department == department]
    own += [] if late_on is None else [_may_be_late(late_on)]
    return reader.task_page(TASK.c.region.in_(regions), IS_WATCHED, *own, after=after, limit=limit)


def _may_be_late(today: date) -> ColumnElement[bool]:
    """What the database can say of red lights: the clock that counts now has run out. All of them are found, and few
    others, so that few rows are opened however much is open."""
    of = TASK.c
    return or_(
        and_(of.accepted_at.is_(None), of.intake_due_on < today),
        of.check_due_on < today,
        and_(of.verdict.is_not(None), of.delivery_due_on < today),
        and_(of.verdict.is_(None), or_(of.promised_due_on < today, of.statutory_due_on < today)),
    )


def at_hall(reader: Reader, region: str, statuses: Sequence[str], after: Position, limit: int) -> list[TaskLine]:
    """Open tasks in these statuses of applications filed at the hall of this region or handled in it, by due date."""
    is_here = or_(APPLICATION.c.region == region, APPLICATION.c.filed_region == region)
    return reader.task_page(
        TASK.c.completed_at.is_(None), TASK.c.status.in_(statuses), is_here, after=after, limit=limit
    )
