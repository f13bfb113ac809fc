"""Physical steps of a task (收取原件、退还原件、到场、快递): each has a clock of its own, none of them the task's."""

from dataclasses import replace
from typing import Any, Final

from app.domain import originals
from app.domain.applications import EventKind, Task
from app.domain.commands import Command, Desk, days_between
from app.domain.deadlines import due_on
from app.domain.errors import Fault, InvalidInput
from app.domain.happenings import Happenings
from app.domain.records import Step, StepKind
from app.domain.vocabulary import Text

LONGEST: Final = 60
"""Working days a physical step may take [illustrative]."""
MOST: Final = 20
"""Steps of one task."""


def plan_step(h: Happenings, task: Task, command: Command, _: Desk, reason: str | None) -> None:
    """Plan one step, due so many working days from today; raises :class:`InvalidInput` without kind or days."""
    if command.step is None:
        names = ", ".join(kind.value for kind in StepKind)
        text = Text(f"请写明线下环节：{names}。", f"Say which physical step: {names}.")
        raise InvalidInput([Fault("/step", "missing", text)])
    if len(task.steps) >= MOST:
        text = Text(f"一个办件最多 {MOST} 个线下环节。", f"A task has at most {MOST} physical steps.")
        raise InvalidInput([Fault("/step", "too-many", text)])
    due = due_on(h.moment.calendar, h.moment.counts_from, days_between(command.days, LONGEST))
    step = Step(len(task.steps) + 1, command.step, reason, due)
    h.record(EventKind.STEP_PLANNED, task=task.item, why=command.step.value, steps=(*task.steps, step))


def is_to_finish(step: Step) -> bool:
    """Whether somebody has still to say that it is done; a parcel is signed for instead."""
    return step.done_at is None and step.parcel is None


def finish_step(h: Happenings, task: Task, command: Command, _: Desk, reason: str | None) -> None:
    """Finish the step with this number; raises :class:`InvalidInput` when it is not open, and when originals are given
    back without a word of who signed for them."""
    if command.number not in {step.number for step in task.steps if is_to_finish(step)}:
        numbers = ", ".join(str(step.number) for step in task.steps if is_to_finish(step))
        text = Text(f"请给出未完成环节的序号：{numbers}。", f"Give the number of an open step: {numbers}.")
        raise InvalidInput([Fault("/number", "unknown-step", text)])
    owed = originals.owed(task)
    changes: dict[str, Any] = {"done_at": h.moment.at, "done_by": h.who.account}
    if owed is not None and owed.number == command.number:
        if reason is None:
            text = Text("请写明领取人，请其在签收单上签名。", "Say who took them, and have the receipt signed.")
            raise InvalidInput([Fault("/reason", "missing", text)])
        changes["note"] = "；".join(part for part in (owed.note, f"领取人 / taken by: {reason}") if part)
    steps = tuple(replace(step, **changes) if step.number == command.number else step for step in task.steps)
    h.record(EventKind.STEP_FINISHED, task=task.item, why=str(command.number), steps=steps)
