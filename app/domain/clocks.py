"""The clocks of a task: intake from receipt, review from acceptance, delivery from a grant; pauses, extension."""

from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.applications import Moment, Task
from app.domain.deadlines import Calendar, due_on, working_days_between
from app.domain.lifecycle import TaskStatus
from app.domain.records import Announcement, Deferred, Pause
from app.domain.vocabulary import TimeUnit

INTAKE_DAYS = 5
"""行政许可法 art. 32: all faults are told at once, within five working days."""
EXTENSION_DAYS = 10
"""行政许可法 art. 42 (1): one extension of at most ten working days."""
JOINT_EXTENSION_DAYS = 15
"""行政许可法 art. 42 (2): fifteen for the whole where departments handle it jointly (统一办理、联合办理、集中办理)."""
DELIVERY_DAYS = 10
"""行政许可法 art. 44: the certificate is delivered within ten working days of the grant."""
CORRECTION_DAYS = 15
"""How long a correction notice waits for the applicant before the task may be returned [illustrative]."""
DEFERRAL_DAYS = 15
"""Working days from acceptance in which a deferred material must arrive, at most [illustrative]; never more than the
item's own promise has (:func:`app.domain.deferrals.promised`)."""
AFTER_CHECK_DAYS = 30
"""Working days from a grant on commitment in which the authority looks whether it was true [illustrative]."""


def intake(moment: Moment) -> dict[str, Any]:
    """What receipt changes: the intake clock starts on the working day that receipt counts from."""
    start = moment.counts_from
    return {"opened_on": start, "intake_due_on": due_on(moment.calendar, start, INTAKE_DAYS)}


def acceptance(task: Task, moment: Moment, start: date, told_on: date) -> dict[str, Any]:
    """What acceptance changes: the promised and the statutory clock both start on ``start``.

    An office that acts after hours or on a day off gains nothing by it: its own clocks start on the day it acted. What
    the applicant promised to bring later is counted from ``told_on``: the working day on which acceptance could be
    known, or the last day of the silence that stands for it.
    """
    statutory = task.statutory_days
    changes: dict[str, Any] = {
        "accepted_at": moment.at,
        "points": (),
        "promised_due_on": due_on(moment.calendar, start, task.promised_days, task.promised_unit),
        "statutory_due_on": None
        if statutory is None
        else due_on(moment.calendar, start, statutory, task.statutory_unit),
    }
    if task.deferred:
        changes["deferred"] = tuple(_dated(promised, moment.calendar, told_on) for promised in task.deferred)
    return changes


def _dated(promised: Deferred, calendar: Calendar, start: date) -> Deferred:
    return replace(promised, due_on=due_on(calendar, start, promised.days))


def delivery_due(moment: Moment) -> date:
    """The last day to deliver what was granted now."""
    return due_on(moment.calendar, moment.today, DELIVERY_DAYS)


def after_check_due(moment: Moment) -> date:
    """The last day to check what was granted now on a promise."""
    return due_on(moment.calendar, moment.today, AFTER_CHECK_DAYS)


def paused(task: Task, kind: str, moment: Moment, why: str) -> tuple[Pause, ...]:
    """The task's pauses with a new one that begins today."""
    return (*task.pauses, Pause(kind, moment.today, None, why))


def unpaused(pauses: tuple[Pause, ...], today: date) -> tuple[Pause, ...]:
    """The pauses with the running one, if any, closed today."""
    if not pauses or pauses[-1].until is not None:
        return pauses
    return (*pauses[:-1], replace(pauses[-1], until=today))


def resumption(task: Task, moment: Moment) -> dict[str, Any]:
    """What the end of a pause changes: both due dates move by the time that stood still (art. 45).

    A suspension also moves what the applicant still owes; a special procedure is none of the applicant's doing.
    """
    pause = task.pauses[-1]
    since = uncounted(task, pause.since)
    changes = {"pauses": unpaused(task.pauses, moment.today), **moved(task, moment.calendar, since, moment.today)}
    if pause.kind == TaskStatus.SUSPENDED.value and task.deferred:
        days = lost(moment.calendar, pause.since, moment.today, TimeUnit.WORKING_DAY)
        changes["deferred"] = tuple(
            replace(owed, due_on=later(moment.calendar, owed.due_on, days)) for owed in task.deferred
        )
    return changes


def uncounted(task: Task, since: date) -> date:
    """From which day a pause begun on ``since`` stops a clock that an announcement may have stopped already."""
    return resumes_counting(task.announcements, since)


def resumes_counting(announcements: tuple[Announcement, ...], since: date) -> date:
    """The later of ``since`` and the end of the announcements that stop the clock: no day is given back twice."""
    return max([since, *(own.until for own in announcements if own.stops_clock)])


def moved(task: Task, calendar: Calendar, since: date, until: date) -> dict[str, Any]:
    """Both due dates after the clock stood still from ``since`` to ``until``, each in its own unit."""
    promised, statutory = (lost(calendar, since, until, unit) for unit in (task.promised_unit, task.statutory_unit))
    return {
        "promised_due_on": later(calendar, task.promised_due_on, promised, task.promised_unit),
        "statutory_due_on": later(calendar, task.statutory_due_on, statutory, task.statutory_unit),
    }


def lost(calendar: Calendar, since: date, until: date, unit: TimeUnit) -> int:
    """Days of a limit that do not count because the clock stood still after ``since`` up to ``until``; 0 or more."""
    if unit is TimeUnit.CALENDAR_DAY:
        return max(0, (until - since).days)
    return max(0, working_days_between(calendar, since, until))


def later(calendar: Calendar, on: date | None, days: int, unit: TimeUnit = TimeUnit.WORKING_DAY) -> date | None:
    """A due date so many days later; no date and no days stay as they are."""
    return on if on is None or days == 0 else due_on(calendar, on, days, unit)


def extended(task: Task, moment: Moment, days: int) -> dict[str, Any]:
    """Both due dates, ``days`` working days later; a promise that has already passed is not mended by an extension."""
    changes = {"statutory_due_on": later(moment.calendar, task.statutory_due_on, days)}
    if task.promised_due_on is not None and moment.today <= task.promised_due_on:
        changes["promised_due_on"] = later(moment.calendar, task.promised_due_on, days)
    return changes
