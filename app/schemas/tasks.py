"""A department's tasks: the inbox, and one task with exactly its slice (最小必要)."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from app.schemas.applications import CertificateOut, EventOut, PointOut, ProvidedOut
from app.schemas.clocks import ClockedOut, LightOut, PauseOut
from app.schemas.common import Bilingual, In, Instant, Out, Term
from app.schemas.lights import LightCountOut
from app.schemas.plans import BecauseOut
from app.schemas.proxies import ProxyOut


class TaskLineOut(Out):
    """One line of an inbox."""

    id: str = Field(examples=["L330802-20260312-00017-1-F1"])
    reference: str
    bundle: str
    bundle_name: Bilingual
    item: str
    name: Bilingual
    status: Term
    verdict: Term | None
    sort_on: date | None = Field(description="the next due date; the inbox is sorted by it")
    intake_due_on: date | None
    promised_due_on: date | None
    statutory_due_on: date | None
    has_changes_to_confirm: bool
    check_due_on: date | None = Field(description="due day of an after-check that is still to be done")
    light: LightOut


class StatusCountOut(Out):
    """How many tasks are in one status."""

    status: Term
    count: int


class NamedCountOut(Out):
    """How many tasks are of one item or bundle."""

    code: str
    name: Bilingual
    count: int


class InboxCountsOut(Out):
    """The open tasks of one department, counted."""

    open: int
    mine: int = Field(description="received by the asker")
    late: int = Field(description="red and deep red together")
    lights: list[LightCountOut]
    statuses: list[StatusCountOut] = Field(description="those that occur")
    items: list[NamedCountOut] = Field(description="those that occur, the most frequent first")
    bundles: list[NamedCountOut]


class SliceFieldOut(Out):
    """One field of the slice. ``previous`` is the value before the last correction."""

    code: str
    name: Bilingual
    grade: Term
    source: Term
    origin: str | None
    origin_name: Bilingual | None = Field(None, description="name of the item or dataset in ``origin``")
    origin_at: Instant | None = Field(None, description="when a register gave the value; null when it was typed")
    is_disputed: bool = Field(False, description="typed by the person, who says that the register is wrong (纠错)")
    unit: Bilingual | None = None
    options: dict[str, Bilingual] = Field({}, description="choices: the name of every value")
    columns: dict[str, Bilingual] = Field({}, description="tables: the name of every column of a row")
    value: Any = Field(description="masked from grade L3 on when a desk asks (脱敏); null while values are withheld")
    is_masked: bool = Field(False, description="not shown as it is; ``unmaskField`` shows it, with a reason")
    is_verified: bool = Field(
        False, description="核验型: a register says so, which is enough for this item; the value itself is not shown"
    )
    is_changed: bool = Field(description="changed by a correction since this department last looked at intake")
    previous: Any = None


class SliceMaterialOut(Out):
    """One material of the slice."""

    code: str
    name: Bilingual
    need: Term
    is_needed: bool | None
    source: Term
    origin: str | None
    origin_name: Bilingual | None = Field(None, description="name of the item, dataset or certificate in ``origin``")
    is_available: bool
    is_renewed: bool = Field(False, description="handed in since this item's last correction notice")
    provided: ProvidedOut | None


class AssignedOut(Out):
    """A field that this authority assigns when it grants, such as the unified social credit code."""

    code: str
    name: Bilingual
    example: str | None


class SignerOut(Out):
    """An officer of the department with what may be signed now."""

    account: str
    name: Bilingual
    actions: list[Term]


class TaskOut(ClockedOut):
    """One task as its department sees it: its slice of the form and materials, its clock, its moves, nothing else."""

    id: str
    reference: str
    application_id: str = Field(description="the application, for a joint survey of several departments")
    bundle: str
    bundle_name: Bilingual
    item: str
    name: Bilingual
    department: Bilingual
    region: str
    version: int
    status: Term
    verdict: Term | None
    allowed: list[Term] = Field(description="exactly the actions the asker has now")
    because: BecauseOut = Field(description="why this item is part of the application")
    fields: list[SliceFieldOut]
    withheld: Bilingual | None = Field(None, description="why no values are shown: the task is over")
    materials: list[SliceMaterialOut]
    outputs: list[str] = Field(description="fields a grant fills in for later items")
    assigns: list[AssignedOut] = Field(description="the same with names and examples")
    opened_on: date | None
    intake_due_on: date | None
    accepted_at: Instant | None
    is_deemed_accepted: bool
    promised_due_on: date | None
    statutory_due_on: date | None
    delivery_due_on: date | None
    extended_days: int = Field(description="working days added by an extension; 0 without one")
    pauses: list[PauseOut]
    points: list[PointOut] = Field(description="correction points posted and not yet served")
    is_notified: bool
    confirm_fields: list[str] = Field(description="what changed after acceptance and must be confirmed")
    waits_for: list[str]
    waits_for_names: list[Bilingual] = Field([], description="the names of the same items")
    signers: list[SignerOut] = Field([], description="who may sign next; for the department only")
    reason: str | None
    certificate: CertificateOut | None
    proxy: ProxyOut | None = Field(None, description="异地代收, with the department's own parcels")
    is_joint: bool = Field(False, description="多地联办: more than one place works on the application")
    is_given: bool = Field(False, description="the asker's hall handles this item of an application of another place")
    unsigned_notes: int = Field(0, description="notes of other places that the asker's place has not signed for")
    events: list[EventOut]


class PointIn(In):
    """One correction point on exactly one field or material of the slice."""

    kind: Literal["field", "material"]
    code: str = Field(max_length=64)
    reason: str = Field(max_length=500, description="what is wrong and how to mend it; the applicant reads it")


class Act(In):
    """One action on one task."""

    action: str = Field(max_length=40, description="one of the task's `allowed` actions", examples=["accept"])
    reason: str | None = Field(None, max_length=2000, description="required to decline, return, refuse, suspend …")
    points: list[PointIn] = Field([], description="for request_correction")
    outputs: dict[str, Any] = Field({}, description="for grant: values this authority assigns, e.g. uscc")
    days: int | None = Field(
        None,
        description="ask_extension: working days, at most 10 (15 when handled jointly); begin_special: working days "
        "told to the applicant; plan_step: working days; announce: calendar days",
    )
    procedure: str | None = Field(
        None, max_length=40, description="for begin_special: one of art. 45, e.g. testing", examples=["testing"]
    )
    verdict: Literal["granted", "denied"] | None = Field(None, description="for propose")
    step: Literal["original_in", "original_out", "visit", "courier"] | None = Field(None, description="for plan_step")
    number: int | None = Field(None, description="for finish_step")


class Unmask(In):
    """Which value, and why; the person concerned reads the reason."""

    field: str = Field(max_length=64, examples=["legal_rep_id"])
    reason: str = Field(max_length=500, examples=["与营业执照上的经营者核对"])


class UnmaskedOut(Out):
    """One value in clear."""

    field: str
    name: Bilingual
    grade: Term
    value: Any
