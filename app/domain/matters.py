"""督办事项: one closed loop (发现–交办–处置–反馈–评价) as a value, and how events change it.

Chasing a handler, an order to a department's head, an escalation, and the entries of the problem lists (overdue cases,
bad reviews, returned cases, reports that something cannot get done) are all the same thing: somebody owes somebody an
answer by a day. A matter is folded from its events like an application; who may move it, and when, is the table of
:mod:`app.domain.loops`. It never changes the application it is about.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.domain.applications import Actor
from app.domain.errors import Fault, InvalidInput
from app.domain.regions import RegionTree
from app.domain.vocabulary import Level, Role, Text, Word

HALL = "hall"
"""The line of the 政务服务中心, whose office (政务办) receives escalations and reports and never decides a case."""


class MatterKind(Word):
    """What is pursued. The first three press for an answer; the others are entries of a problem list (问题清单)."""

    CHASE = "chase", "催办", "chase"
    ORDER = "order", "督办单", "supervision order"
    ESCALATION = "escalation", "提请政务办督办", "escalation to the government-service office"
    OVERDUE = "overdue", "超期办件", "overdue case"
    BAD_REVIEW = "bad_review", "差评整改", "bad review"
    RETURNED = "returned", "退件核查", "returned case"
    UNRESOLVED = "unresolved", "办不成事反映", "report of an errand that gets stuck"
    DATA_ALARM = "data_alarm", "数据调用异常", "unusual use of data"
    DATA_ERROR = "data_error", "共享数据纠错", "error in shared data"
    DATA_CONTEST = "data_contest", "查阅异议", "objection to a look at data"

    @property
    def is_problem(self) -> bool:
        """An entry of a problem list: its answer needs evidence, and it may be given more time."""
        return self not in PRESSING


PRESSING = frozenset({MatterKind.CHASE, MatterKind.ORDER, MatterKind.ESCALATION})
PROBLEMS = frozenset(MatterKind) - PRESSING
JUDGED = frozenset({MatterKind.BAD_REVIEW, MatterKind.UNRESOLVED, MatterKind.DATA_ERROR, MatterKind.DATA_CONTEST})
"""Raised by the applicant, who judges the answer before anybody else does."""


class Addressee(Word):
    """Whom a matter is put to."""

    HANDLER = "handler", "承办部门经办人", "the department's handler"
    HEAD = "head", "承办部门负责人", "the department's head"
    OFFICE = "office", "政务服务管理办公室", "the government-service office"


ADDRESSEES = {
    MatterKind.ORDER: Addressee.HEAD,
    MatterKind.DATA_ALARM: Addressee.HEAD,
    MatterKind.ESCALATION: Addressee.OFFICE,
}
"""All other kinds are put to the handler."""


class MatterStatus(Word):
    """Where the loop stands: 发现 → 交办 → 处置 → 反馈 → 评价."""

    OPENED = "opened", "已发现，待交办", "found, not yet assigned"
    ASSIGNED = "assigned", "已交办", "assigned"
    HANDLING = "handling", "处置中", "being handled"
    REPLIED = "replied", "已反馈，待评价", "answered, not yet evaluated"
    REOPENED = "reopened", "退回重办", "sent back"
    APPEALED = "appealed", "申诉复核中", "appealed to another office"
    CLOSED = "closed", "评价办结", "evaluated and closed"


class Because(Word):
    """Why a matter was opened."""

    NEARLY_DUE = "nearly_due", "办件临近时限（黄灯）", "the task is nearly due (yellow light)"
    PAST_PROMISE = "past_promise", "办件已过时限（红灯）", "the task is past its time (red light)"
    PAST_STATUTE = "past_statute", "办件已超法定时限（深红灯）", "the task is past the statutory limit (deep red light)"
    UNANSWERED = "unanswered", "逾期未反馈", "no answer by the due date"
    RETURNED = "returned", "办件被退件", "a task was returned"
    BAD_REVIEW = "bad_review", "收到差评", "a bad review came in"
    REPORTED = "reported", "申请人反映办不成事", "the applicant reports being stuck"
    BY_HAND = "by_hand", "督办员发起", "opened by a supervisor"
    CONTESTED = "contested", "本人对一次查阅提出异议", "the person objects to a look at the data"
    DISPUTED = "disputed", "本人认为共享数据有误", "the person says that shared data are wrong"
    UNUSUAL_USE = "unusual_use", "数据调用异常", "data were used in an unusual way"


class Finding(Word):
    """What the call-back about a bad review found (核实结论); the last two: what the holder of disputed data found."""

    CLEAR = "clear", "情况属实，立即整改", "well founded, to be mended at once"
    COMPLEX = "complex", "情况复杂，限期整改", "complex, to be mended by a deadline"
    UNFOUNDED = "unfounded", "诉求无法律政策依据，作出说明", "no basis in law, to be explained"
    CORRECTED = "corrected", "数据确有错误，已更正", "the data were wrong and have been corrected"
    UPHELD = "upheld", "数据无误，予以维持", "the data are right and stand"


ON_DATA = frozenset({Finding.CORRECTED, Finding.UPHELD})
"""What the holder of disputed data may find, in answering; all others are for the call-back about a bad review."""


def must_find(found: Finding | None, options: frozenset[Finding]) -> Finding:
    """The finding, which must be one of these; raises :class:`InvalidInput` that names them."""
    if found is not None and found in options:
        return found
    named = [entry for entry in Finding if entry in options]
    zh, en = "、".join(f"{entry.value}（{entry.zh}）" for entry in named), ", ".join(named)
    text = Text(f"请给出核实结论：{zh}。", f"Give a finding: {en}.")
    raise InvalidInput([Fault("/finding", "missing" if found is None else "not-a-finding", text)])


class Conclusion(Word):
    """How a matter ended."""

    RESOLVED = "resolved", "处置到位", "resolved"
    EXPLAINED = "explained", "已作说明", "explained"
    ANNULLED = "annulled", "申诉成立，不计入评价", "appeal upheld, the rating does not count"
    MOOT = "moot", "事由消失", "overtaken by the decision"


class MatterEventKind(Word):
    """What happened to a matter, in the past tense."""

    OPENED = "opened", "发现", "found"
    ASSIGNED = "assigned", "交办", "assigned"
    TAKEN = "taken", "签收处置", "taken up"
    VERIFIED = "verified", "回访核实", "called back and verified"
    EXTENSION_ASKED = "extension_asked", "申请延期", "extension asked for"
    EXTENSION_ALLOWED = "extension_allowed", "同意延期", "extension allowed"
    EXTENSION_DECLINED = "extension_declined", "不同意延期", "extension declined"
    REPLIED = "replied", "反馈", "answered"
    CONFIRMED = "confirmed", "申请人认可", "confirmed by the applicant"
    CONTESTED = "contested", "申请人不认可", "contested by the applicant"
    CLOSED = "closed", "评价办结", "evaluated and closed"
    REOPENED = "reopened", "退回重办", "sent back"
    APPEALED = "appealed", "申诉", "appealed"
    UPHELD = "upheld", "申诉成立", "appeal upheld"
    REJECTED = "rejected", "申诉不成立", "appeal rejected"
    LAPSED = "lapsed", "事由消失", "overtaken by the decision"


@dataclass(frozen=True, slots=True)
class Evidence:
    """佐证: one text (what was done, a paper's number, what was said on a call-back), by which office and when."""

    at: datetime
    office: str
    text: str


@dataclass(frozen=True, slots=True)
class MatterEvent:
    """One row of what happened; ``changes`` holds the new values of exactly the attributes that changed."""

    seq: int
    kind: MatterEventKind
    at: datetime
    actor: str
    role: Role
    office: str | None
    start: str
    end: str
    why: str | None
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One closed loop about an application or one of its items; an unusual use of data is about none (None).

    ``key`` makes it unique: what time causes is named by kind and trail (``chase:<task id>:review``), so that a second
    sweep adds nothing. ``due_on`` is the last day for whoever has the next step. ``hides_case``: it stems from a
    rating, so the rated office may not learn from it whose case it was.
    """

    id: str
    key: str
    kind: MatterKind
    because: Because
    application_id: str | None
    reference: str | None
    item: str | None
    region: str
    opened_by: str
    opened_at: datetime
    opened_on: date
    text: str | None = None
    cause: str | None = None
    rating_id: str | None = None
    hides_case: bool = False
    status: MatterStatus = MatterStatus.OPENED
    owner: str = ""
    due_on: date = date.max
    assigned_on: date | None = None
    verified_at: datetime | None = None
    finding: Finding | None = None
    asked_days: int | None = None
    extended_days: int = 0
    reply: str | None = None
    replied_at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    is_satisfied: bool | None = None
    rounds: int = 0
    appeal_to: str | None = None
    is_appeal_decided: bool = False
    conclusion: Conclusion | None = None
    closed_at: datetime | None = None
    version: int = 0
    event_count: int = 0

    @property
    def trail(self) -> str:
        """What all matters about the same thing share; the key is the kind and the trail."""
        return self.key.partition(":")[2]

    @property
    def addressee(self) -> Addressee:
        """Whom it is put to."""
        return ADDRESSEES.get(self.kind, Addressee.HANDLER)

    @property
    def is_open(self) -> bool:
        """Whether anybody still owes something."""
        return self.status is not MatterStatus.CLOSED

    def is_overdue(self, today: date) -> bool:
        """Open, and whoever has the next step has let the day pass."""
        return self.is_open and today > self.due_on


def evolve(matter: Matter, event: MatterEvent) -> Matter:
    """The matter after one more event."""
    return replace(matter, **event.changes, event_count=event.seq)


def replay(blank: Matter, events: Iterable[MatterEvent]) -> Matter:
    """The state that the event rows alone produce, from the matter as it was opened."""
    for event in events:
        blank = evolve(blank, event)
    return blank


def blank_of(matter: Matter) -> Matter:
    """The matter before its first event: only what never changes."""
    return Matter(**{name: getattr(matter, name) for name in CONSTANT})


CONSTANT = (
    "id",
    "key",
    "kind",
    "because",
    "application_id",
    "reference",
    "item",
    "region",
    "opened_by",
    "opened_at",
    "opened_on",
    "text",
    "cause",
    "rating_id",
    "hides_case",
)
"""Attributes a matter is born with; all others come from its events."""


def id_of(key: str) -> str:
    """The id that goes with a key: 32 hex digits that tell nothing, not even when the matter was opened."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def office_of(who: Actor) -> str | None:
    """The office somebody speaks for: an officer's department, the hall of a clerk or a supervisor; None for others."""
    if who.role is Role.OFFICER:
        return who.department
    if who.role in {Role.CLERK, Role.SUPERVISOR} and who.region is not None:
        return f"{HALL}.{who.region}"
    return None


def hall_of(region: str, regions: RegionTree) -> str:
    """The 政务办 a case in this region belongs to: the county's, or that of a wider region itself."""
    county = regions.at_level(region, Level.COUNTY)
    return f"{HALL}.{county.code if county else region}"


def appeal_office(owner: str, regions: RegionTree) -> str | None:
    """The office that hears an appeal of ``owner``: the 政务办 one level up, never the rated office itself.

    None when there is no other office.
    """
    region = owner.partition(".")[2]
    chain = regions.ancestors(region)
    office = f"{HALL}.{chain[1].code if len(chain) > 1 else region}"
    return None if office == owner else office


STEPS: dict[MatterStatus, Text] = {
    MatterStatus.OPENED: Text("发现", "found"),
    MatterStatus.ASSIGNED: Text("交办", "assigned"),
    MatterStatus.HANDLING: Text("处置", "handled"),
    MatterStatus.APPEALED: Text("处置", "handled"),
    MatterStatus.REOPENED: Text("处置", "handled"),
    MatterStatus.REPLIED: Text("反馈", "answered"),
    MatterStatus.CLOSED: Text("评价", "evaluated"),
}
"""Which of the five steps of the loop (闭环五步) a status belongs to."""
