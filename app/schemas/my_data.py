"""我的数据: who looked at what of one's data, when, for what, on which basis; and everything kept, to take along."""

from typing import Any, Literal

from pydantic import Field

from app.schemas.applications import ApplicationLineOut
from app.schemas.common import Bilingual, In, Instant, Out, Term
from app.schemas.consents import ConsentOut
from app.schemas.papers import MessageOut
from app.schemas.ratings import RatingOut

PurposeCode = Literal["prefill", "answer", "review", "verify", "unmask", "certificate", "keep"]
ResultCode = Literal["allowed", "denied", "unavailable", "empty", "unknown"]


class SeenFieldOut(Out):
    """One field, element or paper of a look."""

    code: str
    name: Bilingual
    is_masked: bool = Field(description="the looker saw only a part of it (脱敏)")


class LookOut(Out):
    """One look at one's data, granted or refused."""

    id: str
    at: Instant
    application_id: str | None = Field(description="of one's own application; null for somebody else's")
    reference: str | None = Field(description="办件编号, once there is one")
    bundle_name: Bilingual
    item: str = Field(description="* when no item was named")
    item_name: Bilingual | None
    who: Bilingual = Field(description="the office; an officer stands here as the office")
    office: str | None = Field(description="code of the office")
    role: Term
    is_mine: bool = Field(description="asked by one's own side")
    dataset: str = Field(description="``form``: what was handed in")
    dataset_name: Bilingual
    fields: list[SeenFieldOut]
    party: str
    party_name: Bilingual = Field(description="the part of the person concerned in the case")
    purpose: Term
    basis: Term | None
    law: Bilingual | None
    consent_id: str | None = Field(description="one's own consent that it went by")
    result: Term
    denial: Term | None = Field(description="why it was refused")
    reason: str | None = Field(description="what the officer gave as reason for seeing a value in clear")
    can_contest: bool


class ContestIn(In):
    """Why the look was not right."""

    reason: str = Field(max_length=500, examples=["我没有委托这个部门办理任何事项"])


class ContestedOut(Out):
    """The matter that examines a look."""

    matter_id: str
    look_id: str


class OwnApplicationOut(Out):
    """One of one's own applications with its form."""

    application: ApplicationLineOut
    answers: dict[str, Any]
    form: dict[str, Any]
    ratings: list[RatingOut]


class MyDataOut(Out):
    """Everything kept about oneself (个人信息保护法 art. 45); long lists are cut, ``is_complete`` says whether."""

    exported_at: Instant
    account: str
    name: Bilingual
    applications: list[OwnApplicationOut]
    consents: list[ConsentOut]
    looks: list[LookOut]
    messages: list[MessageOut]
    is_complete: bool


class OrganizationOut(Out):
    """``Organization`` of the protocol: GOV for an authority, COM for a utility or a bank."""

    type: Literal["GOV", "COM"]
    name: str


class PersonOut(Out):
    """``Person`` of the protocol, by name."""

    name: str


class UsageOut(Out):
    """``UsageCommon``: one use of personal data."""

    logTime: Instant  # noqa: N815 - names of the other protocol
    purpose: str
    legalBasis: str | None  # noqa: N815
    consentReference: str | None  # noqa: N815
    queryId: str  # noqa: N815
    queryGroupId: str | None  # noqa: N815
    initiatorOrg: OrganizationOut | None  # noqa: N815
    initiatorPerson: PersonOut | None  # noqa: N815


class TransferOut(UsageOut):
    """``UsageTransfer``: a request to a register; ``target`` is its holder."""

    target: OrganizationOut


class ProcessingOut(UsageOut):
    """``UsageProcessing``: a look at what this platform holds."""

    source: OrganizationOut


class FindUsageOut(Out):
    """``FindUsageResponse``: newest first; what was refused processed nothing and is not in it."""

    totalUsages: int  # noqa: N815
    returnedUsages: int  # noqa: N815
    dataRequests: list[TransferOut]  # noqa: N815
    dataResponses: list[TransferOut] = Field([], description="none: this platform is no register")  # noqa: N815
    dataProcessings: list[ProcessingOut] = Field([], description="none")  # noqa: N815
    internalProcessings: list[ProcessingOut]  # noqa: N815
