"""Why an action that the table allows is not possible now: one list of checks for each action, first obstacle first."""

from collections.abc import Callable
from datetime import date

from app.domain import hands
from app.domain.applications import Actor, Task
from app.domain.lifecycle import TaskAction
from app.domain.mandates import Power, lacks
from app.domain.periods import written_day
from app.domain.records import Mode
from app.domain.vocabulary import Text

Check = Callable[[Task, Actor, date], Text | None]


def obstacle(task: Task, action: TaskAction, who: Actor, today: date) -> Text | None:
    """What stands in the way of this person doing this today, or None. The table is asked first, by the caller."""
    return next((why for check in CHECKS.get(action, ()) if (why := check(task, who, today)) is not None), None)


def _notified(task: Task, _: Actor, __: date) -> Text | None:
    if not task.is_notified:
        return None
    return Text(
        "补正只能一次性告知，告知已经送达，不能再追加。",
        "Corrections are notified once only; the notice has been served and nothing can be added.",
    )


def _nothing_to_confirm(task: Task, _: Actor, __: date) -> Text | None:
    return None if task.confirm_fields else Text("没有需要复核的变更。", "There is no change to confirm.")


def _unconfirmed(task: Task, _: Actor, __: date) -> Text | None:
    if not task.confirm_fields:
        return None
    return Text(
        "受理后有填报内容因补正而变更，请先复核确认。",
        "Values changed by a correction after acceptance: confirm them first.",
    )


def _announcement_runs(task: Task, _: Actor, today: date) -> Text | None:
    running = [own for own in task.announcements if today <= own.until]
    if not running:
        return None
    until = written_day(max(own.until for own in running))
    return Text(
        f"公告至{until.zh}届满，届满后才能作出决定。",
        f"The announcement runs to {until.en}; nothing is decided before it has run.",
    )


def _decision(action: TaskAction) -> Check:
    return lambda task, who, _: hands.why_not_decide(task, action, who)


def _not_instant(task: Task, _: Actor, __: date) -> Text | None:
    if task.is_instant:
        return None
    return Text("不是即办件，不能当场一次办结。", "Only an item promised on the spot is decided in one action.")


def _no_commitment(task: Task, _: Actor, __: date) -> Text | None:
    if task.mode is Mode.COMMITMENT:
        return None
    return Text(
        "申请人没有选择告知承诺制，须先审查再决定。",
        "The applicant has not chosen to commit: the case is reviewed before it is decided.",
    )


def _extended(task: Task, _: Actor, __: date) -> Text | None:
    if not task.extended_days:
        return None
    return Text("期限只能延长一次。", "The time limit can be extended once only.")


def _too_late(task: Task, _: Actor, today: date) -> Text | None:
    last = task.statutory_due_on or task.promised_due_on
    if last is None or today <= last:
        return None
    day = written_day(last)
    return Text(
        f"期限已于{day.zh}届满，不能再延长。", f"The time limit passed on {day.en} and can no longer be extended."
    )


def _asked(task: Task, _: Actor, __: date) -> Text | None:
    return Text("已有待批准的延期申请。", "An extension is waiting for approval.") if task.extension_wish else None


def _not_asked(task: Task, _: Actor, __: date) -> Text | None:
    return None if task.extension_wish else Text("没有待批准的延期申请。", "Nobody has asked for an extension.")


def _own_wish(task: Task, who: Actor, _: date) -> Text | None:
    if task.extension_wish is None or task.extension_wish.officer != who.account:
        return None
    return Text(
        "延期须由申请人以外的另一名经办人批准。", "Another officer than the one who asked approves an extension."
    )


def _head_approves(_: Task, who: Actor, __: date) -> Text | None:
    if hands.is_head(who):
        return None
    return Text(
        "延期由本部门负责人（批准人）答复（行政许可法第四十二条）。",
        "The department's head (officer 3) answers this (art. 42).",
    )


def _head_asks(_: Task, who: Actor, __: date) -> Text | None:
    if not hands.is_head(who):
        return None
    return Text(
        "延期由负责人（批准人）批准，请另一名经办人申请。",
        "The head approves an extension, so another officer asks for it.",
    )


def _nothing_to_check(task: Task, _: Actor, __: date) -> Text | None:
    if task.after_check is not None and task.after_check.is_open:
        return None
    return Text("没有待完成的事后核查。", "There is no commitment left to check.")


def _own_grant(task: Task, who: Actor, _: date) -> Text | None:
    if task.decided_by != who.account:
        return None
    return Text("准予的人不能核查自己的决定。", "Who granted on the commitment does not check it.")


def _no_survey(task: Task, _: Actor, today: date) -> Text | None:
    if task.survey_on is None:
        return Text("没有待本部门作结论的踏勘。", "There is no survey for this department to conclude.")
    if today < task.survey_on:
        day = written_day(task.survey_on)
        return Text(f"踏勘定在{day.zh}，尚未进行。", f"The survey is on {day.en} and has not taken place.")
    return None


def _survey_open(task: Task, _: Actor, __: date) -> Text | None:
    if task.survey_on is None:
        return None
    day = written_day(task.survey_on)
    return Text(
        f"联合踏勘（{day.zh}）尚无本部门的结论，作出结论后才能准予。",
        f"This department has not concluded the joint survey of {day.en}: conclude it before granting.",
    )


def _no_step(task: Task, _: Actor, __: date) -> Text | None:
    if any(step.done_at is None and step.parcel is None for step in task.steps):
        return None
    return Text("没有未完成的线下环节。", "There is no physical step left to finish.")


def _on_its_way(task: Task, _: Actor, __: date) -> Text | None:
    if not any(step.done_at is None and step.parcel is not None for step in task.steps):
        return None
    return Text(
        "异地代收的寄递件尚未签收，签收后才能继续。",
        "A parcel from or to the hall that took it in is not signed for yet: sign for it first.",
    )


def _no_opinion(task: Task, _: Actor, __: date) -> Text | None:
    return None if task.opinions else Text("没有可退回的承办意见。", "There is no proposal to send back.")


def _beyond_mandate(_: Task, who: Actor, __: date) -> Text | None:
    return lacks(who.mandate, Power.WITHDRAW)


A = TaskAction
CHECKS: dict[TaskAction, tuple[Check, ...]] = {
    A.REQUEST_CORRECTION: (_notified,),
    A.CONFIRM: (_nothing_to_confirm,),
    A.PROPOSE: (_unconfirmed, lambda task, _, __: hands.why_not_propose(task)),
    A.ENDORSE: (_unconfirmed, lambda task, who, _: hands.why_not_endorse(task, who)),
    A.SEND_BACK: (_no_opinion,),
    A.GRANT: (_unconfirmed, _announcement_runs, _survey_open, _on_its_way, _decision(A.GRANT)),
    A.REFUSE: (_unconfirmed, _announcement_runs, _decision(A.REFUSE)),
    A.CONCLUDE_SURVEY: (_no_survey,),
    A.DECIDE_AT_ONCE: (_not_instant, _unconfirmed, _announcement_runs, _survey_open, _on_its_way),
    A.GRANT_ON_PROMISE: (_no_commitment, _unconfirmed, _on_its_way, _decision(A.GRANT)),
    A.DELIVER: (_on_its_way,),
    A.ASK_EXTENSION: (_extended, _asked, _too_late, _head_asks),
    A.EXTEND: (_extended, _not_asked, _own_wish, _head_approves, _too_late),
    A.DENY_EXTENSION: (_not_asked, _own_wish, _head_approves),
    A.PASS_CHECK: (_nothing_to_check, _own_grant),
    A.REVOKE: (_nothing_to_check, _own_grant),
    A.FINISH_STEP: (_no_step,),
    A.WITHDRAW: (_beyond_mandate,),
}
