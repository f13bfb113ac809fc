"""The law of closed loops, as one table: who may move a matter from which status by which action to which status.

A matter is never closed by its owner alone: the owner answers, and the applicant who raised it, an independent
supervisor, or another office on appeal ends it. Names follow 督办 and 差评整改 in practice;
details are illustrative.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.domain.applications import Actor
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.hands import is_head
from app.domain.matters import (
    HALL,
    JUDGED,
    ON_DATA,
    PROBLEMS,
    Addressee,
    Conclusion,
    Evidence,
    Finding,
    Matter,
    MatterEventKind,
    MatterKind,
    MatterStatus,
    appeal_office,
    must_find,
    office_of,
)
from app.domain.proceedings import APPEAL_DAYS, EXTENSION_DAYS, JUDGE_DAYS, MAX_ROUNDS, Proceedings
from app.domain.regions import RegionTree
from app.domain.said import said
from app.domain.vocabulary import Role, Text, Word

REASON_LENGTH = 2000
EVIDENCE_LENGTH = 500
EVIDENCE_COUNT = 10


class MatterAction(Word):
    """What moves a matter."""

    ASSIGN = "assign", "交办", "assign"
    TAKE = "take", "签收处置", "take up"
    VERIFY = "verify", "回访核实", "call back and verify"
    ASK_EXTENSION = "ask_extension", "申请延期", "ask for an extension"
    ALLOW_EXTENSION = "allow_extension", "同意延期", "allow the extension"
    DECLINE_EXTENSION = "decline_extension", "不同意延期", "decline the extension"
    REPLY = "reply", "反馈", "answer"
    CONFIRM = "confirm", "满意，认可结果", "confirm that it is settled"
    CONTEST = "contest", "不满意，退回重办", "contest the answer"
    CLOSE = "close", "评价办结", "evaluate and close"
    REOPEN = "reopen", "退回重办", "send back"
    APPEAL = "appeal", "申诉", "appeal"
    UPHOLD = "uphold", "申诉成立", "uphold the appeal"
    REJECT = "reject", "申诉不成立", "reject the appeal"
    LAPSE = "lapse", "事由消失", "end as overtaken"


class Side(Word):
    """In what relation somebody stands to a matter."""

    OWNER = "owner", "责任单位", "the office that owns it"
    HEAD = "head", "责任单位负责人", "the head of that office"
    SUPERVISION = "supervision", "责任单位以外的督办", "supervision outside that office"
    APPEAL = "appeal", "受理申诉的单位", "the office that hears the appeal"
    APPLICANT = "applicant", "申请人", "the applicant"
    TIME = "time", "系统", "the system"


A, S, M = MatterAction, MatterStatus, MatterKind
ALL = frozenset(MatterKind)
WITH_OWNER = frozenset({S.ASSIGNED, S.HANDLING, S.REOPENED})


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. ``end`` None: the matter stays where it is."""

    action: MatterAction
    start: frozenset[MatterStatus]
    end: MatterStatus | None
    sides: frozenset[Side]
    kinds: frozenset[MatterKind] = ALL
    needs_reason: bool = False


OWNER, SUPERVISION, APPLICANT = frozenset({Side.OWNER}), frozenset({Side.SUPERVISION}), frozenset({Side.APPLICANT})
OTHER_OFFICE, TIME = frozenset({Side.APPEAL}), frozenset({Side.TIME})
RATED = frozenset({M.BAD_REVIEW})

TABLE: dict[MatterAction, Transition] = {
    row.action: row
    for row in (
        Transition(A.ASSIGN, frozenset({S.OPENED}), S.ASSIGNED, OWNER | SUPERVISION, frozenset({M.UNRESOLVED})),
        Transition(A.TAKE, frozenset({S.ASSIGNED, S.REOPENED}), S.HANDLING, OWNER, ALL - RATED),
        Transition(A.VERIFY, frozenset({S.ASSIGNED, S.REOPENED}), S.HANDLING, OWNER, RATED, needs_reason=True),
        Transition(A.ASK_EXTENSION, frozenset({S.HANDLING}), None, OWNER, PROBLEMS, needs_reason=True),
        Transition(A.ALLOW_EXTENSION, frozenset({S.HANDLING}), None, SUPERVISION, PROBLEMS),
        Transition(A.DECLINE_EXTENSION, frozenset({S.HANDLING}), None, SUPERVISION, PROBLEMS, needs_reason=True),
        Transition(A.REPLY, WITH_OWNER, S.REPLIED, OWNER, needs_reason=True),
        Transition(A.CONFIRM, frozenset({S.REPLIED}), S.CLOSED, APPLICANT, JUDGED),
        Transition(A.CONTEST, frozenset({S.REPLIED}), S.REOPENED, APPLICANT, JUDGED, needs_reason=True),
        Transition(A.CLOSE, frozenset({S.REPLIED}), S.CLOSED, SUPERVISION, needs_reason=True),
        Transition(A.REOPEN, frozenset({S.REPLIED, S.CLOSED}), S.REOPENED, SUPERVISION, needs_reason=True),
        Transition(A.APPEAL, WITH_OWNER, S.APPEALED, OWNER, RATED, needs_reason=True),
        Transition(A.UPHOLD, frozenset({S.APPEALED}), S.CLOSED, OTHER_OFFICE, RATED, needs_reason=True),
        Transition(A.REJECT, frozenset({S.APPEALED}), S.REOPENED, OTHER_OFFICE, RATED, needs_reason=True),
        Transition(A.LAPSE, WITH_OWNER | {S.REPLIED}, S.CLOSED, TIME, frozenset({M.CHASE})),
    )
}
"""Every legal move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterCommand:
    """One action with what it needs. ``to`` is checked by the caller against the offices of the case."""

    action: MatterAction
    reason: str | None = None
    evidence: tuple[str, ...] = ()
    to: str | None = None
    days: int | None = None
    finding: Finding | None = None
    conclusion: Conclusion | None = None


def sides_of(matter: Matter, who: Actor, applicant: str | None, regions: RegionTree) -> frozenset[Side]:
    """Every relation in which somebody stands to the matter; empty: none of that person's business. Stewards watch how
    data are used, too; an objection to a look is its raiser's; what stems from a rating no agent's by mandate."""
    if who.role is Role.SYSTEM:
        return TIME
    if who.role in {Role.APPLICANT, Role.AGENT}:
        is_raiser = matter.kind is M.DATA_CONTEST and who.account == matter.opened_by
        is_side = matter.kind is not M.DATA_CONTEST and not (matter.hides_case and who.mandate)
        owns = is_side and (who.on_behalf_of or who.account) == applicant
        return APPLICANT if is_raiser or owns else frozenset()
    office = office_of(who)
    if office == matter.owner:
        return frozenset({Side.OWNER, Side.HEAD}) if _leads(who) else OWNER
    found = set()
    if who.role is Role.SUPERVISOR or (who.role is Role.STEWARD and matter.kind is M.DATA_ALARM):
        if any(place.code == who.region for place in regions.ancestors(matter.region)):
            found.add(Side.SUPERVISION)
        if office is not None and office == matter.appeal_to:
            found.add(Side.APPEAL)
    return frozenset(found)


def _leads(who: Actor) -> bool:
    return who.role is Role.SUPERVISOR or is_head(who)


def permitted(matter: Matter, sides: frozenset[Side], regions: RegionTree, today: date) -> tuple[MatterAction, ...]:
    """The actions these sides have today: the table, less what the facts and the date forbid."""
    return tuple(
        row.action
        for row in TABLE.values()
        if _fits(row, matter, sides) and not _obstacle(matter, row, sides, regions) and not _not_yet(matter, row, today)
    )


def act(p: Proceedings, command: MatterCommand, sides: frozenset[Side], regions: RegionTree) -> None:
    """Carry out one action. Raises :class:`ActionNotAllowed` with what is allowed, or :class:`InvalidInput`."""
    row = demand(p, command.action, sides, regions)
    if command.action is A.APPEAL:
        command = MatterCommand(action=A.APPEAL, reason=command.reason, to=appeal_office(p.matter.owner, regions))
    HANDLERS[command.action](p, command, _reason(row, command))


def demand(p: Proceedings, action: MatterAction, sides: frozenset[Side], regions: RegionTree) -> Transition:
    """The table's row for the action, or :class:`ActionNotAllowed` saying what is allowed instead."""
    matter, row, today = p.matter, TABLE[action], p.moment.today
    fits = _fits(row, matter, sides)
    obstacle = (_obstacle(matter, row, sides, regions) or _not_yet(matter, row, today)) if fits else None
    if fits and obstacle is None:
        return row
    options = permitted(matter, sides, regions, today)
    why = obstacle or Text(
        f"“{matter.status.zh}”的{matter.kind.zh}，您现在不能执行“{action.zh}”。",
        f"You cannot {action.en}: the {matter.kind.en} is {matter.status.en}.",
    )
    zh, en = "、".join(o.zh for o in options) or "无", ", ".join(o.value for o in options) or "none"
    raise ActionNotAllowed(
        Text(f"{why.zh}现在可以：{zh}。", f"{why.en} Allowed now: {en}."),
        action=action.value,
        status=matter.status.value,
        allowed=[option.value for option in options],
    )


def _fits(row: Transition, matter: Matter, sides: frozenset[Side]) -> bool:
    return matter.status in row.start and matter.kind in row.kinds and bool(row.sides & sides)


def _obstacle(matter: Matter, row: Transition, sides: frozenset[Side], regions: RegionTree) -> Text | None:
    """What the facts forbid, whatever the day."""
    match row.action:
        case A.REPLY if matter.addressee is Addressee.HEAD and Side.HEAD not in sides:
            zh, en = f"{matter.kind.zh}由部门负责人（批准人）答复。", "The department's head (officer 3) answers this."
            return Text(zh, en)
        case A.REPLY if matter.kind is M.BAD_REVIEW and matter.status is not S.HANDLING:
            return Text("请先回访核实，再反馈整改情况。", "Call back and verify first, then answer.")
        case A.ASK_EXTENSION if matter.extended_days or matter.asked_days:
            return Text("只能延期一次，且已经提出。", "There is one extension, and it has been asked for.")
        case A.ASK_EXTENSION if matter.kind is M.BAD_REVIEW and matter.finding is not Finding.COMPLEX:
            return Text("只有核实为情况复杂的差评可以延期。", "Only a bad review found complex may take longer.")
        case A.ALLOW_EXTENSION | A.DECLINE_EXTENSION if not matter.asked_days:
            return Text("责任单位没有申请延期。", "No extension has been asked for.")
        case A.CONTEST if matter.rounds >= MAX_ROUNDS:
            return Text(
                f"已退回重办 {MAX_ROUNDS} 次，由督办单位评价。",
                f"Sent back {MAX_ROUNDS} times: supervision decides now.",
            )
        case A.APPEAL if matter.is_appeal_decided:
            return Text("申诉已有结论，不能再次申诉。", "The appeal has been decided; there is one only.")
        case A.APPEAL if appeal_office(matter.owner, regions) is None:
            return Text("没有可以受理申诉的其他单位。", "There is no other office to appeal to.")
        case A.REOPEN if matter.conclusion in {Conclusion.ANNULLED, Conclusion.MOOT}:
            return Text("该事项已终结，不能重办。", "It ended for good and cannot be sent back.")
        case _:
            return None


def _not_yet(matter: Matter, row: Transition, today: date) -> Text | None:
    """What the date forbids."""
    if row.action is A.CLOSE and matter.kind in JUDGED and today <= matter.due_on and matter.rounds < MAX_ROUNDS:
        return Text(
            f"先由申请人评价，至 {matter.due_on} 止；届时未评价的再由督办单位评价办结。",
            f"The applicant judges first, until {matter.due_on}; supervision may close it after that.",
        )
    if row.action is A.ASK_EXTENSION and today > matter.due_on:
        return Text("期限已过，不能再申请延期。", "The due date has passed: too late to ask for an extension.")
    return None


def _reason(row: Transition, command: MatterCommand) -> str | None:
    reason = said(command.reason)
    if row.needs_reason and not reason:
        raise InvalidInput([Fault("/reason", "missing", Text("请写明情况或理由。", "Say what was done, or why."))])
    if len(reason) > REASON_LENGTH:
        text = Text(f"最多 {REASON_LENGTH} 字。", f"At most {REASON_LENGTH} characters.")
        raise InvalidInput([Fault("/reason", "too-long", text)])
    return reason or None


def _assign(p: Proceedings, command: MatterCommand, reason: str | None) -> None:
    if command.to is None:
        text = Text("请指明交办给哪个单位（to）。", "Say to which office (to).")
        raise InvalidInput([Fault("/to", "missing", text)])
    p.record(MatterEventKind.ASSIGNED, S.ASSIGNED, why=reason, **p.assigned(command.to))


def _take(p: Proceedings, _: MatterCommand, reason: str | None) -> None:
    p.record(MatterEventKind.TAKEN, S.HANDLING, why=reason)


def _verify(p: Proceedings, command: MatterCommand, reason: str | None) -> None:
    must_find(command.finding, frozenset(Finding) - ON_DATA)
    p.record(
        MatterEventKind.VERIFIED,
        S.HANDLING,
        why=reason,
        finding=command.finding,
        verified_at=p.moment.at,
        due_on=p.answer_due(),
        evidence=_evidence(p, command),
    )


def _ask_extension(p: Proceedings, command: MatterCommand, reason: str | None) -> None:
    days = EXTENSION_DAYS if command.days is None else command.days
    if not 1 <= days <= EXTENSION_DAYS:
        text = Text(f"最多延期 {EXTENSION_DAYS} 个工作日。", f"From 1 to {EXTENSION_DAYS} working days.")
        raise InvalidInput([Fault("/days", "out-of-range", text)])
    p.record(MatterEventKind.EXTENSION_ASKED, why=reason, asked_days=days)


def _allow_extension(p: Proceedings, _: MatterCommand, reason: str | None) -> None:
    days = p.matter.asked_days or 0
    p.record(
        MatterEventKind.EXTENSION_ALLOWED,
        why=reason,
        asked_days=None,
        extended_days=days,
        due_on=p.within(days, p.matter.due_on),
    )


def _decline_extension(p: Proceedings, _: MatterCommand, reason: str | None) -> None:
    p.record(MatterEventKind.EXTENSION_DECLINED, why=reason, asked_days=None)


def _reply(p: Proceedings, command: MatterCommand, reason: str | None) -> None:
    found = {"finding": must_find(command.finding, ON_DATA)} if p.matter.kind is M.DATA_ERROR else {}
    evidence = _evidence(p, command)
    if p.matter.kind.is_problem and len(evidence) == len(p.matter.evidence):
        text = Text(
            "请至少附一条佐证，说明做了什么、凭据在哪里。", "Attach evidence: what was done, and where it shows."
        )
        raise InvalidInput([Fault("/evidence", "missing", text)])
    p.record(
        MatterEventKind.REPLIED,
        S.REPLIED,
        why=reason,
        reply=reason,
        replied_at=p.moment.at,
        evidence=evidence,
        asked_days=None,
        is_satisfied=None,
        due_on=p.within(JUDGE_DAYS),
        **found,
    )


def _confirm(p: Proceedings, _: MatterCommand, reason: str | None) -> None:
    ended = {"conclusion": Conclusion.RESOLVED, "closed_at": p.moment.at}
    p.record(MatterEventKind.CONFIRMED, S.CLOSED, why=reason, is_satisfied=True, **ended)


def _contest(p: Proceedings, _: MatterCommand, reason: str | None) -> None:
    fresh = p.assigned(p.matter.owner)
    p.record(MatterEventKind.CONTESTED, S.REOPENED, why=reason, is_satisfied=False, rounds=p.matter.rounds + 1, **fresh)


def _close(p: Proceedings, command: MatterCommand, reason: str | None) -> None:
    conclusion = command.conclusion or Conclusion.RESOLVED
    if conclusion not in {Conclusion.RESOLVED, Conclusion.EXPLAINED}:
        text = Text("办结结论只能是 resolved 或 explained。", "The conclusion is resolved or explained.")
        raise InvalidInput([Fault("/conclusion", "not-a-conclusion", text)])
    p.record(MatterEventKind.CLOSED, S.CLOSED, why=reason, conclusion=conclusion, closed_at=p.moment.at)


def _reopen(p: Proceedings, _: MatterCommand, reason: str | None) -> None:
    fresh = p.assigned(p.matter.owner)
    p.record(MatterEventKind.REOPENED, S.REOPENED, why=reason, conclusion=None, closed_at=None, **fresh)


def _appeal(p: Proceedings, command: MatterCommand, reason: str | None) -> None:
    p.record(
        MatterEventKind.APPEALED,
        S.APPEALED,
        why=reason,
        appeal_to=command.to,
        asked_days=None,
        due_on=p.within(APPEAL_DAYS),
    )


def _uphold(p: Proceedings, _: MatterCommand, reason: str | None) -> None:
    ended = {"conclusion": Conclusion.ANNULLED, "closed_at": p.moment.at}
    p.record(MatterEventKind.UPHELD, S.CLOSED, why=reason, is_appeal_decided=True, **ended)


def _reject(p: Proceedings, _: MatterCommand, reason: str | None) -> None:
    p.record(MatterEventKind.REJECTED, S.REOPENED, why=reason, is_appeal_decided=True, **p.assigned(p.matter.owner))


def _lapse(p: Proceedings, _: MatterCommand, reason: str | None) -> None:
    p.record(MatterEventKind.LAPSED, S.CLOSED, why=reason, conclusion=Conclusion.MOOT, closed_at=p.moment.at)


def _evidence(p: Proceedings, command: MatterCommand) -> tuple[Evidence, ...]:
    texts = [said(text) for text in command.evidence]
    faults = []
    for place, text in enumerate(texts):
        if not text or len(text) > EVIDENCE_LENGTH:
            sentence = Text(f"每条佐证 1 至 {EVIDENCE_LENGTH} 字。", f"From 1 to {EVIDENCE_LENGTH} characters each.")
            faults.append(Fault(f"/evidence/{place}", "length", sentence))
    if len(texts) > EVIDENCE_COUNT:
        sentence = Text(f"一次最多 {EVIDENCE_COUNT} 条佐证。", f"At most {EVIDENCE_COUNT} pieces at a time.")
        faults.append(Fault("/evidence", "too-many", sentence))
    if faults:
        raise InvalidInput(faults)
    office = office_of(p.who) or HALL
    return (*p.matter.evidence, *(Evidence(p.moment.at, office, text) for text in texts))


Handler = Callable[[Proceedings, MatterCommand, str | None], None]

HANDLERS: dict[MatterAction, Handler] = {
    A.ASSIGN: _assign,
    A.TAKE: _take,
    A.VERIFY: _verify,
    A.ASK_EXTENSION: _ask_extension,
    A.ALLOW_EXTENSION: _allow_extension,
    A.DECLINE_EXTENSION: _decline_extension,
    A.REPLY: _reply,
    A.CONFIRM: _confirm,
    A.CONTEST: _contest,
    A.CLOSE: _close,
    A.REOPEN: _reopen,
    A.APPEAL: _appeal,
    A.UPHOLD: _uphold,
    A.REJECT: _reject,
    A.LAPSE: _lapse,
}
"""What each action does once the table has let it through."""
