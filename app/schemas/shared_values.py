"""What was had from registers, as it is shown: from where and when, or why not."""

from typing import Any, Literal

from pydantic import Field

from app.schemas.common import Bilingual, In, Instant, Out, Term


class HadOut(Out):
    """From where one value is: 来自 公安局·户籍信息，10:03 获取."""

    dataset: str
    dataset_name: Bilingual
    holder: str = Field(description="line of government that answers for the data", examples=["police"])
    holder_name: Bilingual
    element: str
    party: str = Field(description="whose data: applicant, or a party of the bundle", examples=["mother"])
    party_name: Bilingual
    at: Instant
    says: Bilingual


class FallbackOut(Out):
    """Data that could not be had, so that what they were for is typed or uploaded."""

    dataset: str
    dataset_name: Bilingual
    party: str
    party_name: Bilingual
    why: Term
    detail: Bilingual
    at: Instant
    fields: list[str] = Field(description="to be typed")
    materials: list[str] = Field(description="to be handed in")


class DisputeOut(Out):
    """纠错: data said to be wrong; the value entered counts until the holder has answered."""

    source: HadOut
    at: Instant
    matter: str = Field(description="id of the matter in which the holder answers")
    status: Term = Field(description="status of that matter")
    finding: Term | None = Field(description="corrected or upheld, once the holder has answered")
    is_open: bool


class SharedPartsOut(Out):
    """What an application remembers of registers."""

    had: dict[str, HadOut] = Field({}, description="field → the register its value is from")
    checked: dict[str, HadOut] = Field({}, description="material → the register that said yes, so that none is needed")
    fallbacks: list[FallbackOut] = Field([], description="data that could not be had, and what that leaves to do")
    disputes: dict[str, DisputeOut] = Field({}, description="field → data that the person says are wrong (纠错)")


class PrefilledOut(Out):
    """One field that shared data can fill."""

    code: str
    name: Bilingual
    outcome: Literal["had", "typed", "missing"]
    value: Any = Field(description="masked when it is another person's")
    is_masked: bool
    source: HadOut | None
    why: Bilingual | None = Field(description="why it is missing and must be typed")


class CheckedOut(Out):
    """One paper that a register's yes can replace."""

    code: str
    name: Bilingual
    outcome: Literal["had", "provided", "missing"]
    source: HadOut | None
    why: Bilingual | None = Field(description="why it must be handed in")


class NewDispute(In):
    """纠错: what is right instead, and why."""

    value: Any = Field(description="what the value should be; it counts from now on")
    reason: str = Field(max_length=1000, description="how the person knows; the holder reads it")


class OutageWish(In):
    """Take a register down or bring it up again, to show what then happens."""

    is_down: bool
    reason: str | None = Field(None, max_length=200)


class RegisterOut(Out):
    """A register and whether it answers."""

    dataset: str
    name: Bilingual
    holder_name: Bilingual
    is_remote: bool = Field(description="asked over the network; otherwise the fictional data of the packs")
    is_down: bool
    since: Instant | None
    reason: str | None


class DatumOut(Out):
    """Disputed data for the holder, who answers for them: what the register says and what the person says."""

    dataset: str
    dataset_name: Bilingual
    element: str
    element_name: Bilingual
    person: str = Field(description="name, masked")
    number: str = Field(description="number, masked")
    registered: Any
    claimed: Any
    reason: str | None
