"""异地代收代办 as it is told and read: how a hall took in for offices elsewhere, and the parcels between the two."""

from datetime import date
from typing import Literal

from pydantic import Field

from app.schemas.common import Bilingual, In, Instant, Out, Term


class ProxyIn(In):
    """What a clerk says who takes in for offices elsewhere."""

    identified: Literal["id_card", "shown_card", "entrusted"] = Field(
        description="how the identity was checked: the card in person, an electronic card shown and scanned, or a "
        "power of attorney with the agent's card"
    )
    handing: Literal["at_hall", "by_post", "at_home"] = Field(
        description="how the result is delivered: collected at this hall, sent by courier, or collected "
        "where it is decided"
    )


class ProxyAmended(In):
    """What is to be otherwise before the application is submitted; what is left out stays."""

    identified: Literal["id_card", "shown_card", "entrusted"] | None = Field(
        None, description="how the identity was checked: for the hall that took it in"
    )
    handing: Literal["at_hall", "by_post", "at_home"] | None = Field(
        None, description="how the result is delivered: for the hall, and for the applicant"
    )


class ParcelSent(In):
    """The parcel is with the courier."""

    waybill: str = Field(max_length=60, description="运单号 (fictional)", examples=["DEMO-0001"])


class ParcelSigned(In):
    """The parcel has arrived."""

    note: str | None = Field(None, max_length=200, description="what was missing or damaged")


class CoveredOut(Out):
    """One item, and whether its published 通办范围 reaches to the hall that took it in."""

    item: str
    name: Bilingual
    area: Term
    mode: Term | None
    is_covered: bool


class ContentOut(Out):
    """One original in a parcel."""

    code: str
    name: Bilingual


class ParcelOut(Out):
    """One parcel, who handed it to whom, and when."""

    number: int
    way: Term
    status: Term
    sender: Bilingual
    receiver: Bilingual
    department: str
    items: list[str]
    materials: list[ContentOut] = Field(description="the originals inside; empty for a result, and for supervision")
    packed_at: Instant
    due_on: date = Field(description="to be signed for by then; three working days, illustrative")
    is_late: bool
    sent_at: Instant | None
    sent_by: Bilingual | None
    waybill: str | None
    signed_at: Instant | None
    signed_by: Bilingual | None
    note: str | None
    allowed: list[Literal["send", "sign"]] = Field(description="what the asker may do with it now")


class ProxyOut(Out):
    """代收记录. A department reads the parcels of its own tasks."""

    hall: str = Field(description="region of the hall that took it in")
    hall_name: Bilingual
    is_other_province: bool = Field(description="跨省通办; otherwise 省内通办")
    identified: Term
    handing: Term
    taken_at: Instant
    items: list[CoveredOut]
    parcels: list[ParcelOut]
