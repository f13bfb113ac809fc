"""One application (申请, 联办件) and its tasks as values, and how events change them.

The application is the aggregate: everything that happens to it or to its tasks is a row of events, and the stored
state is nothing but the fold of those rows (:func:`evolve`). Rules that decide *which* events happen live in
:mod:`app.domain.handling` and its neighbours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from app.domain.catalogue import Edge
from app.domain.certificates import CertificateStatus, CertificateUse
from app.domain.deadlines import Calendar, effective_start
from app.domain.lifecycle import INTAKE, ApplicationResult, ApplicationStatus, TaskOutcome, TaskStatus, Verdict
from app.domain.mandates import Mandate
from app.domain.places import Joint
from app.domain.points import Notice as Notice
from app.domain.points import Point as Point
from app.domain.points import PointKind as PointKind
from app.domain.proxies import Proxy
from app.domain.records import (
    AfterCheck,
    Announcement,
    Deferred,
    ExtensionWish,
    Mode,
    Opinion,
    Pause,
    Step,
    Survey,
    WholeExtension,
    WholeWish,
)
from app.domain.shared_values import Dispute, Fallback, Had, merged
from app.domain.vocabulary import Means, PowerType, Role, TimeUnit, Word


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account code, the role it acts in, and the department or region it acts for.

    ``on_behalf_of`` is the applicant an agent or a clerk acts for; ``mandate`` bounds what an agent may do, None for
    the helper (帮办员) who acts by a standing paper.
    """

    account: str
    role: Role
    department: str | None = None
    region: str | None = None
    on_behalf_of: str | None = None
    mandate: Mandate | None = None


SYSTEM = Actor("system", Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, as the door read it once: an aware instant in the office's time zone, and the calendar that counts."""

    at: datetime
    calendar: Calendar

    @property
    def today(self) -> date:
        """The calendar date at the office."""
        return self.at.date()

    @property
    def counts_from(self) -> date:
        """The working day on which something received now counts as received."""
        return effective_start(self.calendar, self.at)


class EventKind(Word):
    """What happened, in the past tense."""

    DRAFT_SAVED = "draft_saved", "暂存", "draft saved"
    MATERIAL_PROVIDED = "material_provided", "提交材料", "material provided"
    MATERIAL_REMOVED = "material_removed", "移除材料", "material removed"
    SUBMITTED = "submitted", "申报", "submitted"
    TASK_OPENED = "task_opened", "分办", "task opened"
    STARTED = "started", "前置完成", "started after the earlier items"
    RECEIVED = "received", "收件", "received"
    ACCEPTED = "accepted", "受理", "accepted"
    DEEMED_ACCEPTED = "deemed_accepted", "视为受理", "deemed accepted"
    DECLINED = "declined", "不予受理", "not accepted"
    CORRECTION_POSTED = "correction_posted", "部门提出补正", "correction points posted"
    CORRECTION_SERVED = "correction_served", "一次性告知补正", "merged correction notice served"
    CORRECTED = "corrected", "补正", "corrected"
    CONFIRMATION_ASKED = "confirmation_asked", "提请复核", "asked to confirm again"
    CONFIRMED = "confirmed", "复核确认", "confirmed again"
    RETURNED = "returned", "退件", "returned"
    REVIEW_BEGUN = "review_begun", "开始审查", "review begun"
    SPECIAL_BEGUN = "special_begun", "进入特别程序", "special procedure begun"
    SPECIAL_ENDED = "special_ended", "特别程序结束", "special procedure ended"
    SUSPENDED = "suspended", "中止", "suspended"
    RESUMED = "resumed", "恢复", "resumed"
    EXTENSION_ASKED = "extension_asked", "申请延期", "extension asked for"
    EXTENDED = "extended", "延期", "extended"
    EXTENSION_DENIED = "extension_denied", "不同意延期", "extension turned down"
    WHOLE_EXTENSION_ASKED = "whole_extension_asked", "申请整件延期", "extension of the whole asked for"
    WHOLE_EXTENDED = "whole_extended", "整件延期", "whole extended"
    WHOLE_EXTENSION_DENIED = "whole_extension_denied", "不同意整件延期", "extension of the whole turned down"
    ANNOUNCED = "announced", "公告", "announced in public"
    PROPOSED = "proposed", "承办意见", "decision proposed"
    ENDORSED = "endorsed", "审核意见", "proposal endorsed"
    SENT_BACK = "sent_back", "退回承办", "proposal sent back"
    SURVEY_APPOINTED = "survey_appointed", "预约联合踏勘", "joint survey appointed"
    SURVEYED = "surveyed", "踏勘结论", "survey concluded"
    GRANTED = "granted", "准予", "granted"
    DENIED = "denied", "不予许可", "refused"
    CERTIFICATE_ISSUED = "certificate_issued", "出证", "certificate issued"
    DISPATCHED = "dispatched", "转出件窗口", "handed to the delivery desk"
    DELIVERED = "delivered", "送达", "delivered"
    CHECK_PASSED = "check_passed", "承诺核查属实", "commitment found true"
    REVOKED = "revoked", "撤销准予", "grant revoked"
    CERTIFICATE_REVOKED = "certificate_revoked", "证照撤销", "certificate revoked"
    CERTIFICATE_FROZEN = "certificate_frozen", "证照冻结", "certificate frozen"
    CERTIFICATE_UNFROZEN = "certificate_unfrozen", "证照解冻", "certificate unfrozen"
    CERTIFICATE_CANCELLED = "certificate_cancelled", "证照注销", "certificate cancelled"
    CERTIFICATE_USED = "certificate_used", "用证", "certificate used for a material"
    CREDIT_NOTED = "credit_noted", "记入信用记录", "false promise put on record"
    CONSEQUENCE = "consequence", "后果告知", "consequence declared"
    STEP_PLANNED = "step_planned", "安排线下环节", "physical step planned"
    STEP_FINISHED = "step_finished", "完成线下环节", "physical step finished"
    TAKEN_IN_ELSEWHERE = "taken_in_elsewhere", "异地代收", "taken in for offices elsewhere"
    PARCEL_PACKED = "parcel_packed", "待寄递", "parcel packed"
    PARCEL_SENT = "parcel_sent", "寄出", "parcel sent"
    PARCEL_SIGNED = "parcel_signed", "寄递签收", "parcel signed for"
    PLACES_CHOSEN = "places_chosen", "选择办理地", "places of handling chosen"
    NOTE_SENT = "note_sent", "发出协同单", "note sent to another place"
    NOTE_SIGNED = "note_signed", "签收协同单", "note of another place signed for"
    FACTS_BROUGHT = "facts_brought", "后补内容", "facts brought later"
    WITHDRAWN = "withdrawn", "撤回", "withdrawn"
    TERMINATED = "terminated", "终止", "terminated"
    VOIDED = "voided", "作废", "declared void"
    MOVED = "moved", "总状态变化", "application status changed"
    CODE_RENEWED = "code_renewed", "重置查询码", "query code renewed"
    DATA_HAD = "data_had", "共享获取", "data had from registers"
    DATA_DISPUTED = "data_disputed", "纠错", "data had from a register disputed"
    CONSENT_ASKED = "consent_asked", "请求授权", "consent asked for"
    CONSENT_GIVEN = "consent_given", "同意授权", "consent given"
    CONSENT_REFUSED = "consent_refused", "不同意授权", "consent refused"
    CONSENT_WITHDRAWN = "consent_withdrawn", "撤回授权", "consent withdrawn"
    ERASED = "erased", "删除个人信息", "personal information erased"


@dataclass(frozen=True, slots=True)
class Event:
    """One row of what happened. ``changes`` holds the new values of exactly the attributes that changed."""

    seq: int
    kind: EventKind
    task: str | None
    at: datetime
    actor: str
    role: Role
    start: str | None
    end: str | None
    why: str | None
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProvidedMaterial:
    """A material as handed in. ``digest`` is the SHA-256 of an uploaded file; None for paper taken at the counter.

    ``certificate`` says which e-certificate stands for it; then there is no file.
    """

    code: str
    means: Means
    digest: str | None
    filename: str | None
    media_type: str | None
    size: int
    provided_at: datetime
    provided_by: str
    certificate: CertificateUse | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """电子证照: the result of one task.

    ``standing`` is what was done to it since; ``uscc`` and ``company`` say whose it is when it is not a person's.
    """

    number: str
    item: str
    type: str | None
    name_zh: str
    name_en: str
    holder: str
    issued_on: date
    valid_until: date | None
    revoked_on: date | None = None
    standing: CertificateStatus = CertificateStatus.VALID
    uscc: str | None = None
    company: str | None = None

    @property
    def stands(self) -> CertificateStatus:
        """Where it stands, its last day apart; what was revoked before standings were kept has only the day."""
        return CertificateStatus.REVOKED if self.revoked_on is not None else self.standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """部门办件: one item, one department, its slice, its clock, its status."""

    item: str
    department: str
    region: str
    stage: int
    after: tuple[Edge, ...]
    promised_days: int
    promised_unit: TimeUnit
    statutory_days: int | None
    statutory_unit: TimeUnit
    is_instant: bool
    status: TaskStatus
    verdict: Verdict | None = None
    opened_on: date | None = None
    intake_due_on: date | None = None
    received_at: datetime | None = None
    received_by: str | None = None
    accepted_at: datetime | None = None
    is_deemed_accepted: bool = False
    promised_due_on: date | None = None
    statutory_due_on: date | None = None
    delivery_due_on: date | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    completed_at: datetime | None = None
    reason: str | None = None
    points: tuple[Point, ...] = ()
    is_notified: bool = False
    confirm_fields: tuple[str, ...] = ()
    extended_days: int = 0
    pauses: tuple[Pause, ...] = ()
    power: PowerType | None = None
    mode: Mode = Mode.ORDINARY
    opinions: tuple[Opinion, ...] = ()
    extension_wish: ExtensionWish | None = None
    announcements: tuple[Announcement, ...] = ()
    deferred: tuple[Deferred, ...] = ()
    after_check: AfterCheck | None = None
    steps: tuple[Step, ...] = ()
    survey_on: date | None = None

    @property
    def outcome(self) -> TaskOutcome:
        """Status and verdict, what successors and the fold look at."""
        return self.status, self.verdict

    @property
    def has_answered_intake(self) -> bool:
        """In intake, has this department said what it has to say? Past intake it has, or it may add nothing."""
        return self.status not in INTAKE or bool(self.points) or self.is_notified


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """申请: one need, one form, one set of materials; its status is the fold of its tasks."""

    id: str
    bundle: str
    digest: str
    region: str
    applicant: str
    created_at: datetime
    created_by: str
    filed_region: str | None = None
    home_region: str | None = None
    offered: str | None = None
    """The one item it is about when it came of an offer (免申即享); None for what somebody applied for."""
    reference: str | None = None
    query_hash: str | None = None
    status: ApplicationStatus = ApplicationStatus.DRAFT
    result: ApplicationResult = ApplicationResult.NONE
    answers: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)
    submitted_at: datetime | None = None
    completed_at: datetime | None = None
    promised_on: date | None = None
    savings: Mapping[str, int] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    materials: Mapping[str, ProvidedMaterial] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    survey: Survey | None = None
    whole_wish: WholeWish | None = None
    whole_extension: WholeExtension | None = None
    proxy: Proxy | None = None
    joint: Joint | None = None
    had: Mapping[str, Had] = field(default_factory=dict)
    checked: Mapping[str, Had] = field(default_factory=dict)
    fallbacks: Mapping[str, Fallback] = field(default_factory=dict)
    disputes: Mapping[str, Dispute] = field(default_factory=dict)
    erased_at: datetime | None = None
    version: int = 0
    event_count: int = 0
    person: str | None = field(default=None, compare=False, repr=False)
    origin: str | None = field(default=None, compare=False, repr=False)
    chain: str | None = field(default=None, compare=False, repr=False)
    """Where the chain of its stored events starts and ends (:mod:`app.domain.proof`): follows from the rows."""

    @property
    def outcomes(self) -> dict[str, TaskOutcome]:
        """Every task's outcome, by item."""
        return {item: task.outcome for item, task in self.tasks.items()}

    @property
    def open_notice(self) -> Notice | None:
        """The correction notice that waits for the applicant, if any. Without a task still waiting, none does."""
        return next(
            (notice for notice in self.notices if notice.answered_at is None and self.live_points(notice)), None
        )

    def live_points(self, notice: Notice) -> dict[str, tuple[Point, ...]]:
        """The points whose task still waits for them; a task withdrawn or returned meanwhile needs no answer."""
        return {
            item: points for item, points in notice.points.items() if self.tasks[item].status is TaskStatus.CORRECTION
        }


def evolve(case: Application, event: Event) -> Application:
    """The application after one more event. Task events change that task, all others the application itself.

    Four attributes are collections of parts and grow by one: ``opened`` (a task), ``material``, ``notice`` and
    ``certificate`` in ``changes`` add or replace the part with its key; ``material`` may be ``{"remove": code}``.
    ``values`` changes single fields of the form; None removes one. ``had``, ``checked``, ``fallbacks`` and ``disputes``
    change single entries in the same way, and a field whose value changes is no longer had from a register. Erasure
    takes every content away and needs none.
    """
    if event.kind is EventKind.ERASED:
        return replace(without_content(case), erased_at=event.at, event_count=event.seq)
    changes = dict(event.changes)
    updates: dict[str, Any] = {"event_count": event.seq}
    if (values := changes.pop("values", None)) is not None:
        updates["form"] = merged(case.form, values)
        updates["had"] = {code: had for code, had in case.had.items() if code not in values}
    for part in ("had", "checked", "fallbacks", "disputes"):
        if (entries := changes.pop(part, None)) is not None:
            updates[part] = merged(updates.get(part, getattr(case, part)), entries)
    if (task := changes.pop("opened", None)) is not None:
        updates["tasks"] = {**case.tasks, task.item: task}
    if (material := changes.pop("material", None)) is not None:
        updates["materials"] = _with_material(case.materials, material)
    if (notice := changes.pop("notice", None)) is not None:
        updates["notices"] = (*(n for n in case.notices if n.number != notice.number), notice)
    if (certificate := changes.pop("certificate", None)) is not None:
        updates["certificates"] = {**case.certificates, certificate.item: certificate}
    if event.task is not None and changes:
        updates["tasks"] = {**case.tasks, event.task: replace(case.tasks[event.task], **changes)}
    else:
        updates.update(changes)
    return replace(case, **updates)


NO_LONGER: Mapping[str, Any] = dict.fromkeys(("survey", "whole_wish", "whole_extension", "proxy", "joint"))
SHARED_GONE: Mapping[str, Any] = {"had": {}, "checked": {}, "fallbacks": {}, "disputes": {}}


def without_content(case: Application) -> Application:
    """The application without a word of what people entered or wrote: its course and its dates stay."""
    tasks = {
        item: replace(
            task,
            reason=None,
            points=(),
            pauses=(),
            opinions=(),
            extension_wish=None,
            announcements=(),
            after_check=None,
            steps=(),
        )
        for item, task in case.tasks.items()
    }
    return replace(case, answers={}, form={}, materials={}, notices=(), tasks=tasks, **SHARED_GONE, **NO_LONGER)


def _with_material(
    materials: Mapping[str, ProvidedMaterial], change: ProvidedMaterial | Mapping[str, str]
) -> dict[str, ProvidedMaterial]:
    if isinstance(change, ProvidedMaterial):
        return {**materials, change.code: change}
    return {code: material for code, material in materials.items() if code != change["remove"]}


def replay(blank: Application, events: Iterable[Event]) -> Application:
    """The state that the event rows alone produce, starting from the application as it was created."""
    for event in events:
        blank = evolve(blank, event)
    return blank
