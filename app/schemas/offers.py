"""Offers without an application (免申即享): what was found, and what the person says to it."""

from datetime import date

from pydantic import Field

from app.schemas.applications import ReceiptOut
from app.schemas.common import Bilingual, In, Instant, Out, Term


class FoundOut(Out):
    """One condition that was found to hold, and from where it is known; never the value itself."""

    says: Bilingual
    dataset: str
    dataset_name: Bilingual
    holder_name: Bilingual
    element: str


class OfferOut(Out):
    """One item offered to one person."""

    id: str
    bundle: str
    item: str
    item_name: Bilingual
    region: str
    status: Term = Field(description="open, confirmed, declined or expired")
    reason: Bilingual = Field(description="why it is offered")
    found: list[FoundOut]
    law: Bilingual | None = Field(description="the law on which registers were looked at")
    found_at: Instant
    expires_on: date = Field(description="last day to answer; illustrative. Not answering has no consequence")
    because: Bilingual = Field(description="how the last day was counted")
    settled_at: Instant | None
    application_id: str | None = Field(description="the application a confirmed offer became")


class OfferConfirmedOut(Out):
    """A confirmed offer and the application it became, with its receipt."""

    offer: OfferOut
    receipt: ReceiptOut


class OfferDeclined(In):
    """Why (optional)."""

    reason: str | None = Field(None, max_length=500)
