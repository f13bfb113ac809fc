"""整件延期: the fifteen more working days of a need whose departments license together (行政许可法 art. 42 (2)).

Two hands of two authorities: an officer of the lead department asks with a reason before the last day, and the head of
the government at that level approves or declines, also before it. It is approved once only, and the applicant is told
the reason. What a department extends for its own item (art. 42 (1)) is another matter and moves nothing here.

Illustrative readings, said to people as such: the lead department is the bundle's own, or that of the first licence
where it has no part; the government is that of the lead department's region; and the supervisor of its government
service office (政务服务办公室) stands for the head of that government.
"""

from typing import Final

from app.domain import clocks
from app.domain.applications import Actor, Application, EventKind, Moment
from app.domain.commands import days_between
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotAllowed
from app.domain.happenings import Happenings
from app.domain.joint import NOT_JOINT, WholeLimit, licences, limit_of_case
from app.domain.lifecycle import ENDED
from app.domain.periods import written_day
from app.domain.records import WholeExtension, WholeWish
from app.domain.vocabulary import Role, Text

LONGEST: Final = clocks.JOINT_EXTENSION_DAYS
REASON_LENGTH: Final = 2000
STANDS_FOR: Final = Text(
    "演示中由同级政务服务办公室的督办员代行本级人民政府负责人的批准（示例）。",
    "In this demonstration the supervisor of the government service office stands for the head of the government "
    "(illustrative).",
)


def lead_of(case: Application, line: str) -> str | None:
    """The department that leads the joint handling; None where nothing is handled jointly.

    ``line`` is the lead of the bundle. Illustrative: where it has no task, the first licence's department leads.
    """
    own = [task.department for task in case.tasks.values() if task.department.partition(".")[0] == line]
    return next(iter([*own, *(task.department for task in licences(case.tasks.values()))]), None)


def government_of(department: str) -> str:
    """The region whose government the department ``line.region`` belongs to."""
    return department.partition(".")[2]


def why_not_ask(case: Application, moment: Moment) -> Text | None:
    """Why no more time can be asked for the whole now, or None."""
    if case.whole_wish is not None:
        return Text("已有待批准的整件延期申请。", "An extension of the whole is waiting for approval.")
    return _why_not_extend(case, limit_of_case(case, moment), moment)


def why_not_approve(case: Application, who: Actor, moment: Moment) -> Text | None:
    """Why this person cannot approve what was asked, or None."""
    return why_not_answer(case, who) or _why_not_extend(case, limit_of_case(case, moment), moment)


def why_not_answer(case: Application, who: Actor) -> Text | None:
    """Why this person cannot answer at all, or None; declining is possible also when it has become too late."""
    if case.whole_wish is None:
        return Text("没有待批准的整件延期申请。", "Nobody has asked for an extension of the whole.")
    if case.whole_wish.officer == who.account:
        return Text("整件延期须由申请人以外的另一人批准。", "Another person than the one who asked approves it.")
    return None


def _why_not_extend(case: Application, limit: WholeLimit, moment: Moment) -> Text | None:
    if not limit.applies:
        return NOT_JOINT
    if case.whole_extension is not None:
        return Text("整件办理期限只能延长一次。", "The limit of the whole can be extended once only.")
    if limit.on is None:
        return Text("还没有受理，整件期限尚未起算。", "Nothing is accepted yet: the limit has not begun.")
    if moment.today > limit.on:
        day = written_day(limit.on)
        return Text(
            f"整件期限已于{day.zh}届满，不能再延长。",
            f"The limit of the whole passed on {day.en} and can no longer be extended.",
        )
    if all(task.verdict is not None or task.status in ENDED for task in licences(case.tasks.values())):
        return Text("各项行政许可都已有决定，不必延期。", "Every licence has been decided: there is nothing to extend.")
    return None


def ask(h: Happenings, lead: str, reason: str | None, days: int | None = None) -> None:
    """申请整件延期, by an officer of the lead department. ``days`` left out is the most there is.

    Raises :class:`NotAllowed` for another department, :class:`ActionNotAllowed` when it is late, waits already or was
    extended before, :class:`InvalidInput` without a reason or for too many days.
    """
    if h.who.role is not Role.OFFICER or h.who.department != lead:
        raise NotAllowed(Text("整件延期由牵头部门的经办人申请。", "An officer of the lead department asks for it."))
    _demand(why_not_ask(h.case, h.moment), EventKind.WHOLE_EXTENSION_ASKED)
    said = _reason(reason, is_needed=True)
    wish = WholeWish(
        days_between(LONGEST if days is None else days, LONGEST),
        h.who.account,
        said,
        h.moment.at,
        government_of(lead),
    )
    h.record(EventKind.WHOLE_EXTENSION_ASKED, why=said, whole_wish=wish)


def answer(h: Happenings, *, is_approved: bool, reason: str | None) -> None:
    """批准 or 不同意, for the government that was asked. Turning it down takes a reason.

    Raises :class:`NotAllowed` for anybody but that government, :class:`ActionNotAllowed` when nobody has asked, the
    asker answers, or it is too late; :class:`InvalidInput` when a reason is missing or too long.
    """
    wish = h.case.whole_wish
    _demand(why_not_answer(h.case, h.who), EventKind.WHOLE_EXTENDED)
    if wish is None or h.who.role is not Role.SUPERVISOR or h.who.region != wish.government:
        raise NotAllowed(
            Text(f"整件延期由本级人民政府负责人批准。{STANDS_FOR.zh}", f"Its own government answers. {STANDS_FOR.en}")
        )
    said = _reason(reason, is_needed=not is_approved)
    if not is_approved:
        h.record(EventKind.WHOLE_EXTENSION_DENIED, why=said, whole_wish=None)
        return
    _demand(why_not_approve(h.case, h.who, h.moment), EventKind.WHOLE_EXTENDED)
    why = "；".join(part for part in (wish.reason, said) if part)
    made = WholeExtension(wish.days, why, wish.officer, h.who.account, h.moment.at, wish.government)
    h.record(EventKind.WHOLE_EXTENDED, why=why, whole_extension=made, whole_wish=None)


def _demand(why: Text | None, action: EventKind) -> None:
    if why is not None:
        raise ActionNotAllowed(why, action=action.value)


def _reason(given: str | None, *, is_needed: bool) -> str:
    said = (given or "").strip()
    if is_needed and not said:
        text = Text("请写明理由；批准的，申请人会看到。", "Give the reason; when approved, the applicant reads it.")
        raise InvalidInput([Fault("/reason", "missing", text)])
    if len(said) > REASON_LENGTH:
        text = Text(f"理由最多 {REASON_LENGTH} 字。", f"At most {REASON_LENGTH} characters.")
        raise InvalidInput([Fault("/reason", "too-long", text)])
    return said
