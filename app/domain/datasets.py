"""一本账: who may have what of which data, and how one request for it goes its way.

An approval (共享批准) lets one item have some elements of one dataset in one region and everything inside it, so many
times a day and until a day. It comes with the packs, or from a request: an item's owner asks for several datasets at
once (一揽子申请), and every dataset's holder answers for itself. A line of a request is the fold of its events; who may
move it, and when, is the table here. Sharing classes follow 浙江省公共数据条例: 无条件共享 is approved at once, and
不共享 is refused with its basis in law. Day counts and quotas are illustrative.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.domain.applications import Actor, Moment
from app.domain.catalogue import Dataset
from app.domain.deadlines import due_on
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.said import said
from app.domain.vocabulary import Role, SharingClass, Text, Word

ANSWER_DAYS = 10
"""Working days a holder has for its answer [illustrative]."""
MOST_PER_DAY = 100_000
"""The largest number of calls a day that can be asked for [illustrative]."""
REASON_LENGTH = 1000


class Origin(Word):
    """Where an approval comes from."""

    OPEN = "open", "无条件共享", "shared without condition"
    OWN = "own", "本条线自有数据", "data of the item's own line"
    PACK = "pack", "随事项目录批准", "approved with the catalogue"
    REQUEST = "request", "申请后批准", "approved on request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """共享批准. ``region`` None: everywhere; ``elements`` None: every element; ``per_day`` None: no quota."""

    id: str
    item: str
    dataset: str
    origin: Origin
    region: str | None = None
    elements: tuple[str, ...] | None = None
    per_day: int | None = None
    approved_on: date | None = None
    until: date | None = None
    reference: Text | None = None
    is_suspended: bool = False

    def lets(self, elements: Iterable[str]) -> bool:
        """Whether all these elements are among those approved."""
        return self.elements is None or set(elements) <= set(self.elements)

    def is_in_force(self, today: date) -> bool:
        """Begun, not over, and not suspended."""
        is_begun = self.approved_on is None or self.approved_on <= today
        return is_begun and not self.is_suspended and (self.until is None or today <= self.until)


def ruling(candidates: Iterable[Approval], chain: Sequence[str], today: date) -> Approval | None:
    """The approval that counts for a region, or None.

    ``chain`` is the region and those above it, narrowest first. The approval of the narrowest region counts, the
    newest of several; but what a holder has suspended for a region stays suspended in everything inside it, whatever
    was approved there.
    """
    depth = {code: position for position, code in enumerate(chain)}
    found = [each for each in candidates if each.region is None or each.region in depth]
    if any(each.is_suspended for each in found):
        return None
    live = [each for each in found if each.is_in_force(today)]
    newest = sorted(live, key=lambda each: (each.approved_on or date.min, each.id), reverse=True)
    return min(newest, key=lambda each: depth.get(each.region or "", len(depth)), default=None)


class LineStatus(Word):
    """Where one line of a request stands."""

    ASKED = "asked", "待答复", "waiting for the holder"
    APPROVED = "approved", "已同意", "approved"
    REFUSED = "refused", "不予共享", "refused"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    SUSPENDED = "suspended", "已暂停", "suspended"
    REVOKED = "revoked", "已收回", "taken back"
    EXPIRED = "expired", "已到期", "expired"


class LineAction(Word):
    """What moves a line."""

    APPROVE = "approve", "同意共享", "approve"
    REFUSE = "refuse", "不予共享", "refuse"
    WITHDRAW = "withdraw", "撤回申请", "withdraw"
    SUSPEND = "suspend", "暂停共享", "suspend"
    RESUME = "resume", "恢复共享", "resume"
    REVOKE = "revoke", "收回共享", "take back"
    EXPIRE = "expire", "到期", "expire"


class LineEventKind(Word):
    """What happened to a line, in the past tense."""

    ASKED = "asked", "提出申请", "asked for"
    APPROVED = "approved", "同意共享", "approved"
    REFUSED = "refused", "不予共享", "refused"
    WITHDRAWN = "withdrawn", "撤回申请", "withdrawn"
    SUSPENDED = "suspended", "暂停共享", "suspended"
    RESUMED = "resumed", "恢复共享", "resumed"
    REVOKED = "revoked", "收回共享", "taken back"
    EXPIRED = "expired", "到期", "expired"


class LineSide(Word):
    """In what relation somebody stands to a line."""

    ASKER = "asker", "需求部门", "the department that asks"
    HOLDER = "holder", "数源部门", "the holder of the data"
    TIME = "time", "系统", "the system"


@dataclass(frozen=True, slots=True)
class LineEvent:
    """One row of what happened; ``changes`` holds the new values of exactly the attributes that changed."""

    seq: int
    kind: LineEventKind
    at: datetime
    actor: str
    role: Role
    office: str | None
    start: str
    end: str
    why: str | None
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One dataset of a request: what was asked for, and what became of it.

    ``request_id`` is None for an approval that came with the packs and was taken up only to be suspended. ``key`` is
    unique: item, dataset, region and a serial, so that the same is not asked for twice at the same instant.
    """

    id: str
    key: str
    request_id: str | None
    item: str
    dataset: str
    region: str
    department: str
    holder: str
    asked_at: datetime
    asked_elements: tuple[str, ...]
    asked_per_day: int
    asked_until: date | None
    due_on: date
    status: LineStatus = LineStatus.ASKED
    elements: tuple[str, ...] | None = None
    per_day: int | None = None
    until: date | None = None
    reference: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    decided_on: date | None = None
    completed_at: datetime | None = None
    version: int = 0
    event_count: int = 0

    @property
    def approval(self) -> Approval | None:
        """The approval that this line is, while it is one."""
        if self.status not in {LineStatus.APPROVED, LineStatus.SUSPENDED}:
            return None
        return Approval(
            id=self.id,
            item=self.item,
            dataset=self.dataset,
            origin=Origin.PACK if self.request_id is None else Origin.REQUEST,
            region=self.region,
            elements=self.elements,
            per_day=self.per_day,
            approved_on=self.decided_on,
            until=self.until,
            reference=Text(self.reference, self.reference) if self.reference else None,
            is_suspended=self.status is LineStatus.SUSPENDED,
        )

    def is_overdue(self, today: date) -> bool:
        """The holder has let the day for its answer pass."""
        return self.status is LineStatus.ASKED and today > self.due_on


def evolve(line: RequestLine, event: LineEvent) -> RequestLine:
    """The line after one more event."""
    return replace(line, **event.changes, event_count=event.seq)


def replay(blank: RequestLine, events: Iterable[LineEvent]) -> RequestLine:
    """The state that the event rows alone produce, from the line as it was asked for."""
    for event in events:
        blank = evolve(blank, event)
    return blank


CONSTANT = (
    *("id", "key", "request_id", "item", "dataset", "region", "department", "holder", "asked_at"),
    *("asked_elements", "asked_per_day", "asked_until", "due_on"),
)
"""Attributes a line is born with; all others come from its events."""


def blank_of(line: RequestLine) -> RequestLine:
    """The line before its first event."""
    return RequestLine(**{name: getattr(line, name) for name in CONSTANT})


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    action: LineAction
    start: frozenset[LineStatus]
    end: LineStatus
    event: LineEventKind
    side: LineSide
    needs_reason: bool = False


A, S, E, D = LineAction, LineStatus, LineEventKind, LineSide
IN_FORCE = frozenset({S.APPROVED, S.SUSPENDED})

TABLE: dict[LineAction, Transition] = {
    row.action: row
    for row in (
        Transition(A.APPROVE, frozenset({S.ASKED}), S.APPROVED, E.APPROVED, D.HOLDER),
        Transition(A.REFUSE, frozenset({S.ASKED}), S.REFUSED, E.REFUSED, D.HOLDER, needs_reason=True),
        Transition(A.WITHDRAW, frozenset({S.ASKED, S.APPROVED}), S.WITHDRAWN, E.WITHDRAWN, D.ASKER),
        Transition(A.SUSPEND, frozenset({S.APPROVED}), S.SUSPENDED, E.SUSPENDED, D.HOLDER, needs_reason=True),
        Transition(A.RESUME, frozenset({S.SUSPENDED}), S.APPROVED, E.RESUMED, D.HOLDER),
        Transition(A.REVOKE, IN_FORCE, S.REVOKED, E.REVOKED, D.HOLDER, needs_reason=True),
        Transition(A.EXPIRE, frozenset({S.APPROVED}), S.EXPIRED, E.EXPIRED, D.TIME),
    )
}
"""Every legal move. What is suspended does not expire: it must not come back through a wider approval meanwhile."""

OVER = frozenset({S.REFUSED, S.WITHDRAWN, S.REVOKED, S.EXPIRED})
"""Nothing follows."""


def sides_of(line: RequestLine, who: Actor) -> frozenset[LineSide]:
    """Every relation in which somebody stands to the line; empty: it is none of that person's business."""
    if who.role is Role.SYSTEM:
        return frozenset({D.TIME})
    if who.role is not Role.OFFICER:
        return frozenset()
    found = {D.ASKER} if who.department == line.department else set()
    return frozenset(found | ({D.HOLDER} if who.department == line.holder else set()))


def permitted(line: RequestLine, sides: frozenset[LineSide]) -> tuple[LineAction, ...]:
    """The actions these sides have now."""
    return tuple(row.action for row in TABLE.values() if _fits(row, line, sides))


def _fits(row: Transition, line: RequestLine, sides: frozenset[LineSide]) -> bool:
    # What came with the packs can be suspended and resumed only: ended, it would be back from the packs at once.
    is_of_packs = line.request_id is None and row.action in {A.WITHDRAW, A.REVOKE}
    return line.status in row.start and row.side in sides and not is_of_packs


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCommand:
    """One action with what it needs. Approving with nothing named grants what was asked for."""

    action: LineAction
    reason: str | None = None
    elements: tuple[str, ...] | None = None
    per_day: int | None = None
    until: date | None = None
    reference: str | None = None


class Course:
    """Accumulates the events of one command on one line; each is applied at once."""

    def __init__(self, line: RequestLine, who: Actor, moment: Moment) -> None:
        self.line, self.who, self.moment = line, who, moment
        self.events: list[LineEvent] = []

    def record(
        self, kind: LineEventKind, end: LineStatus | None = None, why: str | None = None, **changes: Any
    ) -> None:
        """Append one event and apply it; without ``end`` the line stays where it is."""
        start = self.line.status
        if end is not None:
            changes["status"] = end
            changes["completed_at"] = self.moment.at if end in OVER else None
        event = LineEvent(
            seq=self.line.event_count + 1,
            kind=kind,
            at=self.moment.at,
            actor=self.who.account,
            role=self.who.role,
            office=self.who.department,
            start=start.value,
            end=(end or start).value,
            why=why,
            changes=changes,
        )
        self.events.append(event)
        self.line = evolve(self.line, event)


def ask(course: Course, dataset: Dataset, system: Actor, reference: str) -> None:
    """The first event, and what the sharing class settles at once: 无条件共享 is approved, 不共享 refused."""
    course.record(E.ASKED)
    course.who = system
    if dataset.sharing is SharingClass.UNCONDITIONAL:
        _grant(course, LineCommand(action=A.APPROVE, reference=reference), "无条件共享，自动同意")
    elif dataset.sharing is SharingClass.NONE:
        basis = dataset.no_sharing_basis or Text("法律规定不予共享", "the law does not allow sharing")
        course.record(E.REFUSED, S.REFUSED, basis.zh, reason=basis.zh, **_decided(course))


def answer_due(moment: Moment) -> date:
    """The last day for the holder's answer."""
    return due_on(moment.calendar, moment.counts_from, ANSWER_DAYS)


def act(course: Course, command: LineCommand, sides: frozenset[LineSide]) -> None:
    """Carry out one action. Raises :class:`ActionNotAllowed` with what is allowed, or :class:`InvalidInput`."""
    row = _demand(course.line, command.action, sides)
    reason = _reason(row, command)
    if row.action is A.APPROVE:
        _grant(course, command, reason)
    elif row.action is A.REFUSE:
        course.record(row.event, row.end, reason, reason=reason, **_decided(course))
    else:
        course.record(row.event, row.end, reason, reason=reason)


def _demand(line: RequestLine, action: LineAction, sides: frozenset[LineSide]) -> Transition:
    row = TABLE[action]
    if _fits(row, line, sides):
        return row
    options = permitted(line, sides)
    zh, en = "、".join(option.zh for option in options) or "无", ", ".join(options) or "none"
    raise ActionNotAllowed(
        Text(
            f"这项共享“{line.status.zh}”，您现在不能“{action.zh}”。现在可以：{zh}。",
            f"You cannot {action.en} what is {line.status.en}. Allowed now: {en}.",
        ),
        action=action.value,
        state=line.status.value,
        allowed=[option.value for option in options],
    )


def _reason(row: Transition, command: LineCommand) -> str | None:
    reason = said(command.reason)
    if row.needs_reason and not reason:
        raise InvalidInput([Fault("/reason", "missing", Text("请写明理由或依据。", "Say why, or on what basis."))])
    if len(reason) > REASON_LENGTH:
        text = Text(f"最多 {REASON_LENGTH} 字。", f"At most {REASON_LENGTH} characters.")
        raise InvalidInput([Fault("/reason", "too-long", text)])
    return reason or None


def _decided(course: Course) -> dict[str, Any]:
    return {"decided_at": course.moment.at, "decided_on": course.moment.today}


def _grant(course: Course, command: LineCommand, reason: str | None) -> None:
    """Approve what was asked for, or less: a holder sets conditions, it does not give what nobody wants."""
    line, today = course.line, course.moment.today
    elements = line.asked_elements if command.elements is None else command.elements
    per_day = line.asked_per_day if command.per_day is None else command.per_day
    until = line.asked_until if command.until is None else command.until
    faults = []
    if not elements or not set(elements) <= set(line.asked_elements):
        text = Text("只能在申请的数据项范围内同意，至少一项。", "Only elements that were asked for, at least one.")
        faults.append(Fault("/elements", "not-asked-for", text))
    if not 1 <= per_day <= line.asked_per_day:
        text = Text(f"每日次数应在 1 到申请的 {line.asked_per_day} 之间。", f"From 1 to {line.asked_per_day} a day.")
        faults.append(Fault("/per_day", "out-of-range", text))
    if until is not None and (until < today or (line.asked_until is not None and until > line.asked_until)):
        text = Text("截止日期应在今天之后、不晚于申请的日期。", "From today to the day that was asked for.")
        faults.append(Fault("/until", "out-of-range", text))
    if faults:
        raise InvalidInput(faults)
    given = {"elements": tuple(elements), "per_day": per_day, "until": until, "reference": command.reference}
    course.record(E.APPROVED, S.APPROVED, reason, reason=reason, **given, **_decided(course))
