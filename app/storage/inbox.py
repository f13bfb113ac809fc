"""A department's inbox with its filters. Every condition is one that the inbox's own index has narrowed down already:
the department's open tasks, in the order of their due dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, func, or_, select

from app.domain.lifecycle import TaskStatus
from app.domain.oversight import Light
from app.storage.lights import STANDING_STILL, UNLIT
from app.storage.queries import NUL, Position, Reader, TaskLine
from app.storage.tables import APPLICATION, TASK

LATE = frozenset({Light.RED, Light.DEEP_RED})
Where = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to leave in: None leaves everything in. ``receiver`` is the account that received the task; ``part`` stands
    somewhere in its number."""

    status: TaskStatus | None = None
    bundle: str | None = None
    item: str | None = None
    due_by: date | None = None
    receiver: str | None = None
    part: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database."""
        if any(NUL in (text or "") for text in (self.bundle, self.item, self.part)):
            return [false()]
        found: list[ColumnElement[bool]] = []
        if self.status is not None:
            found.append(TASK.c.status == self.status.value)
        if self.bundle is not None:
            found.append(APPLICATION.c.bundle == self.bundle)
        if self.item is not None:
            found.append(TASK.c.item == self.item)
        if self.due_by is not None:
            found.append(TASK.c.sort_on <= self.due_by)
        if self.receiver is not None:
            found.append(TASK.c.received_by == self.receiver)
        if self.part is not None:
            found.append(TASK.c.id.icontains(self.part, autoescape=True))
        return found


@dataclass(frozen=True, slots=True)
class Share:
    """So many open tasks of one item in one bundle and status; ``mine`` of them received by who asks."""

    item: str
    bundle: str
    status: TaskStatus
    count: int
    mine: int


def page(
    reader: Reader, department: str, where: Where, after: Position, limit: int, *, is_open: bool
) -> list[TaskLine]:
    """A department's tasks by due date (those that are over: the latest first), from the one after ``after``."""
    is_wanted = TASK.c.completed_at.is_(None) if is_open else TASK.c.completed_at.is_not(None)
    own = (TASK.c.department == department, is_wanted)
    return reader.task_page(*own, *where, after=after, limit=limit, is_latest_first=not is_open)


def may_show(light: Light | None, today: date) -> list[ColumnElement[bool]]:
    """What the database can say of open tasks that show this light; the light itself is worked out afterwards."""
    if light is None:
        return []
    if light in LATE:
        return [TASK.c.sort_on < today]
    if light is Light.PAUSED:
        return [TASK.c.status.in_(STANDING_STILL)]
    if light is Light.OFF:
        return [or_(TASK.c.status.in_(UNLIT), TASK.c.sort_on == date.max)]
    return [or_(TASK.c.sort_on >= today, TASK.c.status.in_(STANDING_STILL))]


def shares(reader: Reader, department: str, receiver: str) -> list[Share]:
    """The department's open tasks, counted by item, bundle and status."""
    keys = (TASK.c.item, APPLICATION.c.bundle, TASK.c.status)
    counts = func.count().label("count"), func.count().filter(TASK.c.received_by == receiver).label("mine")
    query = select(*keys, *counts).join(APPLICATION, APPLICATION.c.id == TASK.c.application_id)
    own = query.where(TASK.c.department == department, TASK.c.completed_at.is_(None))
    return [
        Share(row["item"], row["bundle"], TaskStatus[row["status"].upper()], row["count"], row["mine"])
        for row in reader.rows(own.group_by(*keys).order_by(*keys))
    ]
