"""退还原件: what the hall keeps on paper goes back when an application is over and not everything was granted.

A physical step with a clock of its own, planned by the end itself; it is done when whoever takes the papers has signed.
What was granted on keeps its papers: they are filed with the decision. The days are illustrative.
"""

from datetime import date
from typing import Final

from app.domain.applications import SYSTEM, Application, EventKind, ProvidedMaterial, Task
from app.domain.deadlines import due_on
from app.domain.happenings import Happenings
from app.domain.lifecycle import ENDED, Verdict
from app.domain.records import Step, StepKind
from app.domain.vocabulary import Means

GIVEN_BACK_WITHIN: Final = 5
"""Working days from the end of the application [illustrative]."""


def kept(case: Application) -> list[ProvidedMaterial]:
    """What was taken in on paper."""
    return [own for own in case.materials.values() if own.means is Means.UPLOAD and own.digest is None]


def owe(h: Happenings) -> None:
    """Plan the giving back, once, on the item that ended last without being granted."""
    failed = [task for task in h.case.tasks.values() if task.verdict is not Verdict.GRANTED]
    papers = kept(h.case)
    if h.case.completed_at is None or not failed or not papers or _is_planned(h.case):
        return
    task = max(failed, key=lambda own: (own.completed_at or h.moment.at, own.item))
    due = due_on(h.moment.calendar, h.moment.counts_from, GIVEN_BACK_WITHIN)
    note = "、".join(own.filename for own in papers if own.filename) or None
    step = Step(len(task.steps) + 1, StepKind.ORIGINAL_OUT, note, due)
    steps = (*task.steps, step)
    h.record(EventKind.STEP_PLANNED, task=task.item, why=StepKind.ORIGINAL_OUT.value, by=SYSTEM, steps=steps)


def owed(task: Task) -> Step | None:
    """The giving back that is still to be done; None while the task goes on, and when there is none."""
    if not task.steps or task.status not in ENDED:
        return None
    return next((step for step in task.steps if step.kind is StepKind.ORIGINAL_OUT and step.done_at is None), None)


def owed_on(task: Task) -> date | None:
    """The day by which originals are given back, while they are not."""
    step = owed(task)
    return None if step is None else step.due_on


def _is_planned(case: Application) -> bool:
    return any(step.kind is StepKind.ORIGINAL_OUT for task in case.tasks.values() for step in task.steps)
