"""What time alone causes, and nothing else: deemed acceptance, the notice at the end of the last day, a correction or a
promise to bring something later that lapses.

Each rule looks only at stored facts and the date, so running it late, twice or from two places changes nothing more.
"""

from datetime import date

from app.domain import clocks, corrections, deferrals, outcomes
from app.domain.applications import SYSTEM, Application, EventKind, Task
from app.domain.happenings import Happenings
from app.domain.lifecycle import INTAKE, TaskStatus

LAPSED = "补正期限届满未补正 / the correction period ended without an answer"
UNTOLD = "补正内容未在期限内告知申请人，不再告知 / what was to be corrected was not told in time and is dropped"


def pass_time(h: Happenings) -> None:
    """Apply everything that is due by ``h.moment``, in the system's name whoever is asking."""
    corrections.serve_if_ready(h)
    for task in list(h.case.tasks.values()):
        if task.status in INTAKE and corrections.is_past_intake(task, h):
            _deem_accepted(h, task)
        elif task.status is TaskStatus.CORRECTION and _has_lapsed(h, task):
            outcomes.end(h, task, EventKind.RETURNED, TaskStatus.RETURNED, LAPSED, by=SYSTEM)
    for task in list(h.case.tasks.values()):  # once more: what was accepted just now may owe something since long
        if deferrals.has_lapsed(h, task):
            outcomes.end(h, task, EventKind.RETURNED, TaskStatus.RETURNED, deferrals.LAPSED, by=SYSTEM)
    if h.events:
        outcomes.follow(h)


def _deem_accepted(h: Happenings, task: Task) -> None:
    """Past its intake clock without a word to the applicant: 行政许可法 art. 32 has it accepted."""
    start = task.opened_on or h.moment.today
    changes = clocks.acceptance(task, h.moment, start, task.intake_due_on or start)
    h.record(
        EventKind.DEEMED_ACCEPTED,
        task=task.item,
        end=TaskStatus.ACCEPTED,
        why=UNTOLD if task.points else None,
        by=SYSTEM,
        is_deemed_accepted=True,
        **changes,
    )


def _has_lapsed(h: Happenings, task: Task) -> bool:
    notices = [n for n in h.case.notices if n.answered_at is None and task.item in n.points]
    return any(h.moment.today > notice.due_on for notice in notices)


def look_again_on(case: Application) -> date | None:
    """The next date on which time alone could move this application; None when it never will."""
    dates = []
    for task in case.tasks.values():
        if task.status in INTAKE and task.intake_due_on:
            dates.append(task.intake_due_on)
        elif task.status is TaskStatus.CORRECTION:
            dates += [n.due_on for n in case.notices if n.answered_at is None and task.item in n.points]
        elif task.status in deferrals.WAITING_FOR:
            dates += [own.due_on for own in deferrals.owed(case, task) if own.due_on]
    return min(dates, default=None)
