"""Matters of supervision: lines of a problem list, one closed loop with its course, and what people send."""

from datetime import date
from typing import Literal

from pydantic import Field

from app.schemas.common import Bilingual, In, Out, Term

MatterKindCode = Literal[
    "chase",
    "order",
    "escalation",
    "overdue",
    "bad_review",
    "returned",
    "unresolved",
    "data_alarm",
    "data_error",
    "data_contest",
]
MatterStatusCode = Literal["opened", "assigned", "handling", "replied", "reopened", "appealed", "closed"]
LevelCode = Literal["very_satisfied", "satisfied", "fairly_satisfied", "dissatisfied", "very_dissatisfied"]


class MatterLineOut(Out):
    """One line of a list. For what stems from a rating the rated office sees no case: those members are null."""

    id: str
    kind: Term
    because: Term
    status: Term
    step: Bilingual = Field(description="发现 交办 处置 反馈 评价: where in the closed loop")
    application_id: str | None
    reference: str | None
    item: str | None
    item_name: Bilingual | None
    region: str
    owner: str = Field(description="department or office that owes the answer", examples=["market.330802"])
    owner_name: Bilingual
    addressee: Term
    opened_on: date
    due_on: date = Field(description="last day of the next step; day counts are illustrative")
    is_overdue: bool
    conclusion: Term | None


class EvidenceOut(Out):
    """佐证."""

    on: date
    office: str
    office_name: Bilingual
    text: str


class MatterEventOut(Out):
    """One step of the loop. Citizens stand there as the applicant, officials as their office."""

    seq: int
    on: date
    kind: Term
    role: Term
    office: str | None
    office_name: Bilingual | None
    start: Term
    end: Term
    why: str | None


class RatedOut(Out):
    """The rating behind a rectification, as much of it as everybody concerned may see."""

    level: Term
    tags: list[Term]
    text: str | None
    addition: str | None
    month: str
    rerated: Term | None


class OfficeOut(Out):
    """An office by its code and name."""

    code: str
    name: Bilingual


class MatterOut(MatterLineOut):
    """One closed loop, its course, and what the asker may do now."""

    version: int
    due_because: Bilingual | None = Field(None, description="how the date of the next step was counted")
    text: str | None
    cause: str | None = Field(description="id of the matter that was not answered in time")
    rating: RatedOut | None
    finding: Term | None
    asked_days: int | None = Field(description="working days asked for; null when no wish waits")
    extended_days: int = Field(description="working days added to a step")
    reply: str | None
    evidence: list[EvidenceOut]
    is_satisfied: bool | None = Field(description="the applicant's judgement of the last answer")
    rounds: int = Field(description="how often the applicant has sent it back")
    appeal_to: str | None
    allowed: list[Term] = Field(description="exactly the actions the asker has now")
    assignable: list[OfficeOut] = Field(description="for assign: the offices of the case; empty when it cannot be")
    events: list[MatterEventOut]
    note: Bilingual = Field(description="what here is illustrative")


class NewMatter(In):
    """催办, 督办单 or an escalation, opened by hand."""

    kind: Literal["chase", "order", "escalation"]
    item: str | None = Field(None, max_length=64, description="required for chase and order", examples=["F1"])
    text: str = Field(max_length=1000, description="what is to be answered")


class StuckReport(In):
    """办不成事反映."""

    item: str | None = Field(None, max_length=64, description="the item that is stuck; null for the whole errand")
    text: str = Field(max_length=1000, description="what cannot get done, and what was tried")


class MatterAct(In):
    """One action on one matter."""

    action: str = Field(max_length=40, description="one of the matter's `allowed` actions", examples=["reply"])
    reason: str | None = Field(None, max_length=2000, description="the answer, the call-back record, the reason")
    evidence: list[str] = Field([], max_length=10, description="for reply and verify: what was done, where it shows")
    to: str | None = Field(None, max_length=80, description="for assign: an office of the case")
    days: int | None = Field(None, description="for ask_extension: working days, at most 10 (illustrative)")
    finding: Literal["clear", "complex", "unfounded", "corrected", "upheld"] | None = Field(
        None, description="for verify; the last two for reply to a data_error"
    )
    conclusion: Literal["resolved", "explained"] | None = Field(None, description="for close")
    level: LevelCode | None = Field(None, description="for confirm and contest of a bad review: the new rating")
