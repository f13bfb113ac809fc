"""What a person sends with one action on one task, and what a rule needs to know beside the case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.applications import Point, Task
from app.domain.errors import Fault, InvalidInput
from app.domain.happenings import Happenings
from app.domain.lifecycle import TaskAction, Verdict
from app.domain.records import StepKind
from app.domain.routing import Plan
from app.domain.vocabulary import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One action on one task with what it needs; each action reads its own members and ignores the others.

    ``days`` are working days, but calendar days for an announcement. ``procedure`` names a special procedure,
    ``verdict`` what is proposed, ``officers`` who surveyed, ``is_met`` what they found, ``step`` and ``number`` a
    physical step to plan or to finish.
    """

    action: TaskAction
    reason: str | None = None
    points: tuple[Point, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    days: int | None = None
    procedure: str | None = None
    verdict: Verdict | None = None
    officers: tuple[str, ...] = ()
    is_met: bool | None = None
    step: StepKind | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What a rule needs to know beside the case: the plan it was submitted under and, for results, their numbers."""

    plan: Plan
    certificate_number: str = ""
    holder: str = ""


Handler = Callable[[Happenings, Task, Command, Desk, str | None], None]
"""Carries out one action that the table allows; the last argument is the tidied reason."""


def days_between(given: int | None, most: int, pointer: str = "/days") -> int:
    """The number of days given; raises :class:`InvalidInput` when it is missing or not within 1 to ``most``."""
    if given is None or not 1 <= given <= most:
        text = Text(f"请给出 1 至 {most} 之间的天数。", f"Give a number of days from 1 to {most}.")
        raise InvalidInput([Fault(pointer, "missing" if given is None else "out-of-range", text)])
    return given
