"""Open work as a ledger keeps it: what the light of a task follows from, apart from whose task it is.

A light depends on today, so no count of lights is ever kept. What is kept is how many open tasks of a region run
against the same clock to the same dates; which light that is, is worked out when somebody looks. Every change of a case
says by how much these counts change (:func:`moved`), so the counts are at every instant those of the tasks.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, Self

from app.domain.applications import Task
from app.domain.lifecycle import ENDED, INTAKE, STANDING_STILL, UNLIT, TaskStatus, Verdict
from app.domain.oversight import Timed
from app.domain.records import AfterCheck, Pause

Work = tuple[str, str]
"""The region whose office has a task, and the code of what its light follows from."""


@dataclass(frozen=True, slots=True)
class Ticking:
    """A clock with its dates, in the place of every task that shares them: its light is theirs.

    ``status`` is one for all that are held against the same clock, ``due_on`` the end of that clock (of one that stands
    still, of what was told to the applicant), ``over_on`` the end by law and ``days`` the length of a review.
    """

    status: TaskStatus
    due_on: date | None = None
    over_on: date | None = None
    days: int = 0

    @property
    def code(self) -> str:
        """All of it in one word, at most 40 characters."""
        return f"{self.status.value}/{self.due_on or ''}/{self.over_on or ''}/{self.days}"

    @classmethod
    def of(cls, code: str) -> Self:
        """What a code says. Raises ValueError or KeyError for what is none."""
        status, due, over, days = code.split("/")
        return cls(TaskStatus[status.upper()], _day(due), _day(over), int(days))

    @property
    def verdict(self) -> Verdict | None:
        """Which it is makes no difference to a light."""
        return Verdict.GRANTED if self.status is TaskStatus.DELIVERY else None

    @property
    def intake_due_on(self) -> date | None:
        """Looked at only while that clock runs, like the three that follow."""
        return self.due_on

    @property
    def promised_due_on(self) -> date | None:
        """End of the review as promised."""
        return self.due_on

    @property
    def statutory_due_on(self) -> date | None:
        """End of the review by law."""
        return self.over_on

    @property
    def delivery_due_on(self) -> date | None:
        """End of the delivery."""
        return self.due_on

    @property
    def promised_days(self) -> int:
        """Length of the review, days of an extension among them."""
        return self.days

    @property
    def extended_days(self) -> int:
        """Counted already."""
        return 0

    @property
    def pauses(self) -> Sequence[Pause]:
        """The one that lasts."""
        return (Pause(self.status.value, date.min, None, "", ends_on=self.due_on),)

    @property
    def after_check(self) -> AfterCheck | None:
        """The check still to be done."""
        return None if self.due_on is None else AfterCheck(self.due_on)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


class Watched(Timed, Protocol):
    """A task, or many that share all of this."""

    @property
    def completed_at(self) -> datetime | None:
        """When it was over."""


def ticking_of(task: Watched) -> Ticking | None:
    """What the light of a task follows from; None when nobody watches it: it is over and needs no check."""
    if task.status in ENDED and task.after_check is not None and task.after_check.is_open:
        return Ticking(TaskStatus.CLOSED, task.after_check.due_on)
    if task.completed_at is not None:
        return None
    if task.status in STANDING_STILL:
        return Ticking(TaskStatus.SPECIAL, task.pauses[-1].ends_on)
    if task.status in INTAKE:
        return Ticking(TaskStatus.SUBMITTED, task.intake_due_on)
    if task.status in UNLIT or task.status in ENDED:
        return Ticking(TaskStatus.WAITING)
    if task.verdict is not None:
        return Ticking(TaskStatus.DELIVERY, task.delivery_due_on)
    days = task.promised_days + task.extended_days
    return Ticking(TaskStatus.REVIEW, task.promised_due_on, task.statutory_due_on, days)


def sort_on(task: Task) -> date:
    """The date by which lists order the task: the first of the clock that runs, or ran last. Whatever is late has one
    that has passed."""
    if task.status in ENDED and task.after_check is not None and task.after_check.is_open:
        return task.after_check.due_on
    reviewed = [on for on in (task.promised_due_on, task.statutory_due_on) if on is not None]
    return task.delivery_due_on or min(reviewed, default=task.intake_due_on) or date.max


def pause_ends_on(task: Timed) -> date | None:
    """Until when the clock of a task may stand still, as the applicant was told: the last of all days where nothing was
    told, None where no clock stands still."""
    return (task.pauses[-1].ends_on or date.max) if task.status in STANDING_STILL else None


def moved(before: Mapping[str, Task], after: Mapping[str, Task]) -> Mapping[Work, int]:
    """By how much a change of a case's tasks changes the counts of open work, where it does."""
    found: Counter[Work] = Counter()
    for item in before.keys() | after.keys():
        was, now = before.get(item), after.get(item)
        if was is not now:
            found.subtract(_counted(was))
            found.update(_counted(now))
    return {work: count for work, count in sorted(found.items()) if count}


def _counted(task: Task | None) -> list[Work]:
    ticking = None if task is None else ticking_of(task)
    return [] if task is None or ticking is None else [(task.region, ticking.code)]
