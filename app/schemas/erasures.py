"""Keeping and erasing as they are read and asked for."""

from datetime import date

from pydantic import Field

from app.schemas.common import Bilingual, In, Instant, Out, Term


class ErasureWish(In):
    """Which application's personal information is to be erased."""

    application: str = Field(max_length=32, description="申请的 id / id of the application")


class ErasureOut(Out):
    """A tombstone: that and why the personal information of an application was erased."""

    application: str
    erased_at: Instant
    ground: Term
    law: Bilingual
    by: Term = Field(description="role it was erased by")


class RetentionOut(Out):
    """How long one application is kept."""

    application: str
    reference: str | None
    bundle: str
    bundle_name: Bilingual
    status: Term
    keeping: Term = Field(description="what kind of file it is, or would be if it ended as it stands")
    kept_until: date | None = Field(description="last day it is kept [illustrative]; null while the case runs")
    may_erase: bool = Field(description="whether POST /me/erasures would erase it today")
    law: Bilingual
    erasure: ErasureOut | None
