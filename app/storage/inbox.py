"""A department's inbox with its filters. Every condition is one that the inbox's own index has narrowed down already:
the department's open tasks, in the order of their due dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, bindparam, false, func, select

from app.domain.lifecycle import TaskStatus
from app.storage.queries import NUL, Position, Reader, TaskLine
from app.storage.tables import TASK

Where = Sequence[ColumnElement[bool]]
KEYS = (TASK.c.item, TASK.c.bundle, TASK.c.status)
SHARES: Final = (
    select(*KEYS, func.count(), func.count().filter(TASK.c.received_by == bindparam("receiver")))
    .where(TASK.c.department == bindparam("department"), TASK.c.completed_at.is_(None))
    .group_by(*KEYS)
    .order_by(*KEYS)
)


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
            found.append(TASK.c.bundle == self.bundle)
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


def shares(reader: Reader, department: str, receiver: str) -> list[Share]:
    """The department's open tasks, counted by item, bundle and status."""
    rows = reader.connection.execute(SHARES, {"department": department, "receiver": receiver}).all()
    return [Share(item, bundle, TaskStatus[status.upper()], count, mine) for item, bundle, status, count, mine in rows]
