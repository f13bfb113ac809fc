"""The clocks of a task: intake from receipt, review from acceptance, delivery from a grant; pauses, extension."""

from datetime import date
from typing import Any

from app.domain.applications import Moment, Pause, Task
from app.domain.deadlines import due_on, working_days_between
from app.domain.vocabulary import TimeUnit

INTAKE_DAYS = 5
"""行政许可法 art. 32: all faults are told at once, within five working days."""
EXTENSION_DAYS = 10
"""行政许可法 art. 42: one extension of at most ten working days."""
DELIVERY_DAYS = 10
"""行政许可法 art. 44: the certificate is delivered within ten working days of the grant."""
CORRECTION_DAYS = 15
"""How long a correction notice waits for the applicant before the task may be returned [illustrative]."""


def intake(moment: Moment) -> dict[str, Any]:
    """What receipt changes: the intake clock starts on the working day that receipt counts from."""
    start = moment.counts_from
    return {"opened_on": start, "intake_due_on": due_on(moment.calendar, start, INTAKE_DAYS)}


def acceptance(task: Task, moment: Moment, start: date) -> dict[str, Any]:
    """What acceptance changes: the promised and the statutory clock both start on ``start``."""
    statutory = task.statutory_days
    return {
        "accepted_at": moment.at,
        "points": (),
        "promised_due_on": due_on(moment.calendar, start, task.promised_days, task.promised_unit),
        "statutory_due_on": None
        if statutory is None
        else due_on(moment.calendar, start, statutory, task.statutory_unit),
    }


def delivery_due(moment: Moment) -> date:
    """The last day to deliver what was granted now."""
    return due_on(moment.calendar, moment.counts_from, DELIVERY_DAYS)


def paused(task: Task, kind: str, moment: Moment, why: str) -> tuple[Pause, ...]:
    """The task's pauses with a new one that begins today."""
    return (*task.pauses, Pause(kind, moment.today, None, why))


def unpaused(pauses: tuple[Pause, ...], today: date) -> tuple[Pause, ...]:
    """The pauses with the running one, if any, closed today."""
    if not pauses or pauses[-1].until is not None:
        return pauses
    last = pauses[-1]
    return (*pauses[:-1], Pause(last.kind, last.since, today, last.why))


def resumption(task: Task, moment: Moment) -> dict[str, Any]:
    """What the end of a pause changes: both due dates move by the working days that stood still (art. 45)."""
    lost = working_days_between(moment.calendar, task.pauses[-1].since, moment.today)
    return {"pauses": unpaused(task.pauses, moment.today), **postponed(task, moment, lost)}


def postponed(task: Task, moment: Moment, days: int) -> dict[str, Any]:
    """Both due dates, ``days`` working days later."""

    def later(on: date | None) -> date | None:
        return on if on is None or days == 0 else due_on(moment.calendar, on, days, TimeUnit.WORKING_DAY)

    return {"promised_due_on": later(task.promised_due_on), "statutory_due_on": later(task.statutory_due_on)}
