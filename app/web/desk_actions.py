"""What each action on a task asks for: the controls of its form, phrases often used, and the command they make.

Which actions somebody has is never decided here: the read model lists them, and the use case checks again.
"""

from dataclasses import dataclass
from typing import Any, Literal

from app.domain.errors import Fault, InvalidInput
from app.domain.lifecycle import TaskAction
from app.domain.records import SpecialKind, StepKind
from app.domain.vocabulary import Text
from app.schemas.common import Term
from app.schemas.tasks import Act, PointIn, TaskOut
from app.web.forms import Errors, Typed, number_or_text

REASON_LENGTH = 2000
POINT_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Controls:
    """The controls of one action. ``phrases`` are often used and may stand in for a reason."""

    reason: Text | None = None
    needs_reason: bool = False
    days: Text | None = None
    has_points: bool = False
    has_outputs: bool = False
    has_procedure: bool = False
    has_verdict: bool = False
    has_step: bool = False
    has_number: bool = False
    phrases: tuple[Text, ...] = ()
    is_grave: bool = False


REASON = Text("理由（申请人会看到）", "Reason (the applicant reads it)")
OPINION = Text("意见", "Opinion")
NOTE = Text("说明", "Note")
TAKEN_BY = Text("说明（退还原件时写领取人）", "Note (for originals given back: who took them)")
WORKING_DAYS = Text("工作日数", "Working days")

GRANTING = (Text("经审查，符合法定条件，准予。", "Examined: the legal conditions are met; granted."),)

A = TaskAction
CONTROLS: dict[TaskAction, Controls] = {
    A.DECLINE: Controls(
        REASON,
        True,
        is_grave=True,
        phrases=(
            Text(
                "该事项依法不需要取得行政许可，无需申请。",
                "By law no licence is needed: nothing to apply for.",
            ),
            Text(
                "该事项不属于本机关职权范围，请向有权的机关申请。",
                "This is outside the powers of this authority: apply to the one that has them.",
            ),
        ),
    ),
    A.REQUEST_CORRECTION: Controls(has_points=True),
    A.RETURN: Controls(
        REASON,
        True,
        is_grave=True,
        phrases=(
            Text(
                "申请人书面要求取回申请材料，予以退件。", "The applicant asked in writing to have the application back."
            ),
            Text("同一事项已经受理，本件重复申报。", "The same thing has been accepted already: filed twice."),
        ),
    ),
    A.BEGIN_SPECIAL: Controls(REASON, True, WORKING_DAYS, has_procedure=True),
    A.SUSPEND: Controls(
        REASON,
        True,
        phrases=(
            Text("需要以另案的处理结果为依据，该案尚未办结。", "It depends on another case that is not settled yet."),
            Text("因不可抗力暂时不能继续办理。", "Force majeure: work cannot go on for the time being."),
        ),
    ),
    A.ASK_EXTENSION: Controls(
        REASON,
        True,
        WORKING_DAYS,
        phrases=(Text("情况复杂，在法定期限内不能作出决定。", "Complicated: no decision is possible in time."),),
    ),
    A.DENY_EXTENSION: Controls(REASON, True),
    A.ANNOUNCE: Controls(Text("公告事项", "What is announced"), True, Text("公告天数（自然日）", "Calendar days")),
    A.PROPOSE: Controls(
        OPINION,
        has_verdict=True,
        phrases=(
            Text("经审查，申请材料齐全、符合法定条件，拟准予。", "Complete and lawful: granting is proposed."),
            Text("经审查，不符合法定条件，拟不予。", "The legal conditions are not met: refusing is proposed."),
        ),
    ),
    A.ENDORSE: Controls(OPINION, phrases=(Text("同意承办意见。", "I agree with the proposal."),)),
    A.SEND_BACK: Controls(
        NOTE,
        True,
        phrases=(Text("请补充审查意见后重新提出。", "Complete the review and propose again."),),
    ),
    A.DECIDE_AT_ONCE: Controls(OPINION, has_outputs=True, phrases=GRANTING),
    A.GRANT_ON_PROMISE: Controls(OPINION, has_outputs=True),
    A.GRANT: Controls(OPINION, has_outputs=True, phrases=GRANTING),
    A.REFUSE: Controls(
        REASON,
        True,
        is_grave=True,
        phrases=(
            Text("经审查，申请不符合法定条件。", "Examined: the legal conditions are not met."),
            Text("经实地核查，现场与申报内容不一致。", "Seen on site: the place is not what was declared."),
        ),
    ),
    A.PASS_CHECK: Controls(
        Text("核查情况", "What was found"),
        phrases=(Text("经核查，承诺内容属实。", "Checked: the commitment is true."),),
    ),
    A.REVOKE: Controls(REASON, True, is_grave=True),
    A.PLAN_STEP: Controls(NOTE, days=WORKING_DAYS, has_step=True),
    A.FINISH_STEP: Controls(TAKEN_BY, has_number=True),
    A.TERMINATE: Controls(REASON, True, is_grave=True),
    A.VOID: Controls(REASON, True, is_grave=True),
    A.WITHDRAW: Controls(NOTE, is_grave=True),
}
USUAL = (
    *(A.RECEIVE, A.ACCEPT, A.REVIEW, A.CONFIRM, A.DECIDE_AT_ONCE, A.GRANT_ON_PROMISE, A.GRANT, A.ENDORSE, A.PROPOSE),
    *(A.END_SPECIAL, A.RESUME, A.EXTEND, A.DISPATCH, A.DELIVER, A.PASS_CHECK),
)
"""What usually comes next: of what is allowed, the first of these stands above and open. Nothing is hidden by it."""
PLAIN = Controls(NOTE)
"""Receiving, accepting, reviewing … : nothing has to be said."""

PROCEDURES = [(kind.value, kind) for kind in SpecialKind]
STEPS = [(kind.value, kind) for kind in StepKind]
VERDICTS: dict[str, Literal["granted", "denied"]] = {"granted": "granted", "denied": "denied"}
STEP_NAMES: dict[str, Literal["original_in", "original_out", "visit", "courier"]] = {
    "original_in": "original_in",
    "original_out": "original_out",
    "visit": "visit",
    "courier": "courier",
}


def controls(action: str) -> Controls:
    """The controls of the action with this code."""
    return CONTROLS.get(TaskAction[action.upper()], PLAIN)


def usual_first(task: TaskOut) -> list[Term]:
    """The allowed actions, the usual next one above."""
    codes = [action.value for action in USUAL]
    usual = next((code for code in codes if any(action.code == code for action in task.allowed)), None)
    return sorted(task.allowed, key=lambda action: action.code != usual)


def command(form: Typed, task: TaskOut) -> Act:
    """The action that was typed.

    A phrase stands in for a reason that was left empty. Raises :class:`InvalidInput` for what is too long or no number;
    what is missing is said by the use case.
    """
    faults: list[Fault] = []
    wish = Act(
        action=form.text("action")[:40],
        reason=within(form.text("reason") or form.text("phrase"), REASON_LENGTH, "/reason", faults) or None,
        points=_points(form, task, faults),
        outputs={code: number_or_text(text) for code, text in form.below("outputs.").items() if text.strip()},
        days=number_of(form.text("days"), "/days", faults),
        procedure=form.text("procedure")[:40] or None,
        verdict=VERDICTS.get(form.text("verdict")),
        step=STEP_NAMES.get(form.text("step")),
        number=number_of(form.text("number"), "/number", faults),
    )
    if faults:
        raise InvalidInput(faults)
    return wish


def _points(form: Typed, task: TaskOut, faults: list[Fault]) -> list[PointIn]:
    places: tuple[tuple[Literal["field", "material"], list[Any]], ...] = (
        ("field", task.fields),
        ("material", task.materials),
    )
    return [
        PointIn(kind=kind, code=part.code, reason=reason)
        for kind, parts in places
        for part in parts
        if (name := f"points.{kind}.{part.code}")
        and (reason := within(form.text(name), POINT_LENGTH, "/" + name.replace(".", "/"), faults))
    ]


def within(text: str, length: int, pointer: str, faults: list[Fault]) -> str:
    """The text, cut with a fault where it is too long."""
    if len(text) <= length:
        return text
    wrong = Text(f"最多 {length} 个字，现有 {len(text)} 个。", f"At most {length} characters, not {len(text)}.")
    faults.append(Fault(pointer, "too-long", wrong))
    return text[:length]


def number_of(text: str, pointer: str, faults: list[Fault]) -> int | None:
    """A whole number; None for nothing, with a fault for anything else."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 7:
        return int(text)
    faults.append(Fault(pointer, "does-not-fit", Text("请填写整数。", "Give a whole number.")))
    return None


def placed(errors: Errors, form: Typed) -> Errors:
    """Every action has controls of its own on the page: a fault belongs to those of the action that was tried."""
    action = form.text("action")
    for name in ("reason", "days", "procedure", "verdict", "step", "number"):
        errors = errors.renamed(f"/{name}", f"/{action}/{name}")
    return errors.renamed("/outputs/", f"/{action}/")
