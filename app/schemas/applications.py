"""Applications as their applicant, the hall and the anonymous asker may see them."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from app.domain.applications import Application, Certificate, Event, EventKind, Moment, Notice, ProvidedMaterial, Task
from app.domain.catalogue import Library
from app.domain.certificates import CertificateUse
from app.domain.deferrals import owed
from app.domain.other_dates import of_notice
from app.domain.oversight import light_of
from app.domain.routing import Plan
from app.domain.vocabulary import Role, Text
from app.schemas.catalogue import EdgeOut
from app.schemas.clocks import LightOut, SurveyOut
from app.schemas.common import Bilingual, FaultOut, In, Instant, Out, Term
from app.schemas.joint import WholeLimitOut
from app.schemas.proxies import ProxyAmended, ProxyIn, ProxyOut
from app.schemas.shared_values import SharedPartsOut
from app.schemas.spared import SparedCaseOut


class NewApplication(In):
    """A new draft: either ``story`` (a worked example, ready to submit) or ``bundle`` and ``region``."""

    bundle: str | None = Field(None, max_length=64, examples=["catering"])
    region: str | None = Field(None, max_length=12, examples=["330802"])
    answers: dict[str, Any] = Field({}, description="answers to guiding questions, complete or not")
    form: dict[str, Any] = Field({}, description="field → value, complete or not")
    story: str | None = Field(None, max_length=64, description="worked example to copy, with sample papers")
    applicant: str | None = Field(None, max_length=80, description="a counter clerk says for whom; others leave it out")
    proxy: ProxyIn | None = Field(None, description="异地代收: required of a clerk who takes in for offices elsewhere")


class SaveDraft(In):
    """What changed. Answers replace the answers; form changes single fields, null clears one."""

    answers: dict[str, Any] | None = None
    form: dict[str, Any] = Field({}, description="field → value")
    proxy: ProxyAmended | None = Field(None, description="异地代收: how it is delivered, how the person was identified")


class PaperTaken(In):
    """A paper original taken in at the counter instead of a file."""

    note: str = Field(max_length=200, description="what was taken in, e.g. 原件 1 份")


class Submission(In):
    """What is said beside the form when submitting; all of it may be left out."""

    pledge: bool = Field(False, description="容缺承诺: the undertaking to bring what is missing after acceptance")
    later: list[Annotated[str, Field(max_length=64)]] = Field(
        [], max_length=100, description="fields to be brought later, where the pack allows it"
    )
    declined: list[Annotated[str, Field(max_length=64)]] = Field(
        [], max_length=50, description="offered items (免申即享) that are not wanted"
    )


class Withdrawal(In):
    """Why (optional)."""

    reason: str | None = Field(None, max_length=2000)


class Correction(In):
    """The answer to one correction notice: exactly its points. Materials it asks for are handed in again first."""

    values: dict[str, Any] = Field({}, description="field → corrected value")


class PointOut(Out):
    """One thing to correct."""

    kind: Term
    code: str
    name: Bilingual
    reason: str


class NoticeOut(Out):
    """一次性告知书: all points of all departments."""

    number: int
    served_at: Instant
    due_on: date
    due_because: Bilingual | None = Field(None, description="how the last day for the answer was counted")
    answered_at: Instant | None
    points: dict[str, list[PointOut]] = Field(description="item → its points")


class UsedCertificateOut(Out):
    """The e-certificate that stands for a material, and where it stood when it was taken over."""

    number: str
    type: str
    status: Term

    @classmethod
    def of(cls, use: CertificateUse) -> "UsedCertificateOut":
        """From the domain."""
        return cls(number=use.number, type=use.type, status=Term.of(use.status))


class ProvidedOut(Out):
    """A material as handed in, or the certificate that stands for it."""

    code: str
    means: Term
    filename: str | None
    media_type: str | None
    size: int = Field(description="bytes; 0 for paper and certificates")
    digest: str | None = Field(description="SHA-256 of the file; null for paper taken at the counter")
    provided_at: Instant
    certificate: UsedCertificateOut | None = Field(description="免提交: the certificate that stands for it")

    @classmethod
    def of(cls, material: ProvidedMaterial) -> "ProvidedOut":
        """From the domain."""
        return cls(
            code=material.code,
            means=Term.of(material.means),
            filename=material.filename,
            media_type=material.media_type,
            size=material.size,
            digest=material.digest,
            provided_at=material.provided_at,
            certificate=None if material.certificate is None else UsedCertificateOut.of(material.certificate),
        )


class CertificateOut(Out):
    """电子证照 or document that came of a task."""

    number: str
    item: str
    name: Bilingual
    issued_on: date
    valid_until: date | None
    standing: Term = Field(description="what was done to it since; whether its time is over is not looked at here")
    revoked_on: date | None = Field(None, description="the grant was revoked that day: no longer valid")

    @classmethod
    def of(cls, certificate: Certificate) -> "CertificateOut":
        """From the domain."""
        return cls(
            number=certificate.number,
            item=certificate.item,
            name=Bilingual(zh=certificate.name_zh, en=certificate.name_en),
            issued_on=certificate.issued_on,
            valid_until=certificate.valid_until,
            standing=Term.of(certificate.stands),
            revoked_on=certificate.revoked_on,
        )


class TaskLight(Out):
    """One department's task as the applicant sees it."""

    id: str = Field(examples=["L330802-20260312-00017-1-F1"])
    item: str
    name: Bilingual
    short: Bilingual
    department: Bilingual
    status: Term
    verdict: Term | None
    stage: int = Field(description="step of the plan, from 0; what has the same number may run side by side")
    after: list[EdgeOut] = Field(description="what must come before it, from the plan as submitted")
    is_critical: bool = Field(description="on the path that decides the promised date of the whole")
    waits_for: list[str] = Field(description="items it still waits for")
    owed: list[str] = Field(description="容缺后补: fields and materials promised for later that have not come")
    intake_due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    is_deemed_accepted: bool
    mode: Term = Field(description="ordinary, commitment (告知承诺制) or offered (免申即享)")
    check_due_on: date | None = Field(description="day by which a grant on commitment is checked, while it is open")
    light: LightOut
    reason: str | None


class ApplicationLineOut(Out):
    """One line of a list of applications."""

    id: str
    reference: str | None
    bundle: str
    bundle_name: Bilingual
    region: str
    status: Term
    result: Term
    created_at: Instant
    submitted_at: Instant | None
    promised_on: date | None
    completed_at: Instant | None
    erased_at: Instant | None = Field(description="已删除个人信息 / when its content was erased; it cannot be opened")


class ApplicationOut(SharedPartsOut):
    """The whole application as its applicant sees it."""

    id: str
    reference: str | None = Field(description="办件编号, from submission on", examples=["L330802-20260312-00017-1"])
    bundle: str
    bundle_name: Bilingual
    digest: str = Field(description="the version of the bundle it lives by")
    region: str
    filed_region: str | None = Field(description="the hall's region when it was filed elsewhere (异地代收)")
    applicant: str
    status: Term
    result: Term
    version: int = Field(description="grows with every change; also the ETag")
    answers: dict[str, Any]
    form: dict[str, Any]
    masked: list[str] = Field([], description="fields shown masked: other people's, and for the hall once submitted")
    created_at: Instant
    submitted_at: Instant | None
    completed_at: Instant | None
    promised_on: date | None
    promised_because: Bilingual | None = Field(
        description="how the promised date comes about: the critical path, its days"
    )
    whole_limit: WholeLimitOut = Field(description="45 (+15) working days for joint licences (art. 42), or why not")
    spared: SparedCaseOut | None = Field(
        description="after submission: fields, papers and visits spared, each by name; null in a draft, and once erased"
    )
    light: LightOut = Field(description="the gravest light of the tasks and of the limit of the whole")
    survey: SurveyOut | None
    proxy: ProxyOut | None = Field(None, description="异地代收: how a hall took it in for offices elsewhere")
    is_joint: bool = Field(False, description="多地联办: several places work on it; ``showPlaces`` says which")
    may_follow: list[str] = Field(description="draft: what may be brought after acceptance, with a signed undertaking")
    open_questions: list[str]
    faults: list[FaultOut] = Field(description="what still keeps the draft from being submitted; empty afterwards")
    materials: list[ProvidedOut]
    tasks: list[TaskLight]
    notices: list[NoticeOut]
    certificates: list[CertificateOut]


class ReceiptOut(Out):
    """接收凭证: the receipt of a submission."""

    application: ApplicationOut
    query_code: str | None = Field(
        description="查询码 for looking up progress without signing in; shown once, null when the request was a repeat"
    )
    proof: str = Field(
        description="address of the proof that this was submitted, to keep and to check anywhere",
        examples=["/api/v1/applications/019cf44ef900/proof"],
    )


class QueryCodeOut(Out):
    """A new 查询码; the old one is no longer valid. Shown once."""

    reference: str
    query_code: str


class LookUp(In):
    """办件编号 and 查询码; both are needed."""

    reference: str = Field(max_length=60, examples=["L330802-20260312-00017-1"])
    query_code: str = Field(max_length=20, examples=["123456"])


class ProgressOut(Out):
    """What anybody who has number and code may see: progress, no personal data."""

    reference: str
    bundle_name: Bilingual
    status: Term
    result: Term
    submitted_at: Instant
    promised_on: date | None
    completed_at: Instant | None
    tasks: list[TaskLight]


class CourseOut(Out):
    """What a stream says of an application: that it is at this version now. What changed is asked for apart."""

    version: int = Field(description="版本号，每次变化加一 / one more with every change", examples=[7])


class EventOut(Out):
    """One line of the timeline: who, what, from, to, when, why."""

    seq: int
    at: Instant
    kind: Term
    item: str | None
    role: Term
    actor: str = Field(description="account code; officers appear as their department")
    on_behalf_of: Bilingual | None = Field(description="代 X 办理: for what an agent did; desks read no name")
    start: str | None
    end: str | None
    why: str | None

    @classmethod
    def of(cls, event: Event, *, is_inside: bool = False, principal: Text | None = None) -> "EventOut":
        """From the domain; an officer stands there as the department, not as a person.

        What officers write to each other before a decision is read ``is_inside`` the department only. ``principal`` is
        the applicant's name, for those who may read it.
        """
        return cls(
            seq=event.seq,
            at=event.at,
            kind=Term.of(event.kind),
            item=event.task,
            role=Term.of(event.role),
            actor=public_actor(event.actor),
            on_behalf_of=_on_behalf_of(principal) if event.role is Role.AGENT else None,
            start=event.start,
            end=event.end,
            why=event.why if is_inside or event.kind not in INTERNAL else None,
        )


INTERNAL = frozenset(
    {
        EventKind.PROPOSED,
        EventKind.ENDORSED,
        EventKind.SENT_BACK,
        EventKind.EXTENSION_ASKED,
        EventKind.EXTENSION_DENIED,
        EventKind.WHOLE_EXTENSION_ASKED,
        EventKind.WHOLE_EXTENSION_DENIED,
    }
)
"""Steps inside a department: that they happened is public, their words are not yet a decision."""


def _on_behalf_of(principal: Text | None) -> Bilingual:
    name = principal or Text("申请人", "the applicant")
    return Bilingual(zh=f"代{name.zh}办理", en=f"on behalf of {name.en}")


def public_actor(account: str) -> str:
    """``officer.market.330802.2`` → ``market.330802``: the citizen deals with an office."""
    parts = account.split(".")
    return ".".join(parts[1:3]) if parts[0] == "officer" and len(parts) == 4 else account


def task_light(task: Task, case: Application, plan: Plan, library: Library, moment: Moment) -> TaskLight:
    """One task for the applicant."""
    item = library.items[task.item]
    return TaskLight(
        id=f"{case.reference}-{task.item}",
        item=task.item,
        name=Bilingual.of(item.name),
        short=Bilingual.of(item.short),
        department=Bilingual.of(plan.find(task.item).routed.department.name),
        status=Term.of(task.status),
        verdict=Term.maybe(task.verdict),
        stage=task.stage,
        after=[EdgeOut.of(edge) for edge in task.after],
        is_critical=plan.find(task.item).is_critical,
        waits_for=waits_for(task, case),
        owed=[own.code for own in owed(case, task)],
        intake_due_on=task.intake_due_on if task.accepted_at is None else None,
        promised_due_on=task.promised_due_on,
        statutory_due_on=task.statutory_due_on,
        is_deemed_accepted=task.is_deemed_accepted,
        mode=Term.of(task.mode),
        check_due_on=task.after_check.due_on if task.after_check is not None and task.after_check.is_open else None,
        light=LightOut.of(light_of(task, moment.calendar, moment.today)),
        reason=task.reason,
    )


def waits_for(task: Task, case: Application) -> list[str]:
    """The items a waiting task waits for, none once it has started."""
    if task.status.value != "waiting":
        return []
    return [item for edge in task.after for item in edge.any_of if case.tasks[item].verdict is None]


def notice_out(notice: Notice, plan: Plan) -> NoticeOut:
    """A notice with the names of what it points at."""
    names = {p.spec.code: p.spec.name for p in plan.fields} | {p.material.code: p.material.name for p in plan.materials}
    return NoticeOut(
        number=notice.number,
        served_at=notice.served_at,
        due_on=notice.due_on,
        due_because=Bilingual.of(of_notice(notice, plan.calendar).sentence),
        answered_at=notice.answered_at,
        points={
            item: [
                PointOut(kind=Term.of(p.kind), code=p.code, name=Bilingual.of(names[p.code]), reason=p.reason)
                for p in points
            ]
            for item, points in notice.points.items()
        },
    )
