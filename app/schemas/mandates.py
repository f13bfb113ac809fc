"""委托: given, held, revoked."""

from datetime import date
from typing import Literal

from pydantic import Field

from app.schemas.common import Bilingual, Day, In, Instant, Out, Term

PowerCode = Literal["submit", "withdraw"]


class NewMandate(In):
    """What one lets somebody do."""

    to: str = Field(max_length=80, description="account of the person who is to act", examples=["lin_mother"])
    bundles: list[str] = Field(min_length=1, max_length=50, description="一件事 it covers", examples=[["catering"]])
    powers: list[PowerCode] = Field(
        ["submit"], max_length=2, description="beyond filling in and following: submit and correct, withdraw"
    )
    since: Day | None = Field(None, description="first day; today when left out")
    until: Day = Field(description="last day, within a year (illustrative)")
    company: str | None = Field(
        None,
        max_length=18,
        description="统一社会信用代码: for the affairs of this company, by its legal representative",
        examples=["92003308MA00DEM225"],
    )


class MandateOut(Out):
    """A mandate. Sign in with ``acting_for`` to act by it."""

    id: str
    principal: str = Field(description="account of whoever gave it")
    principal_name: Bilingual
    agent: str
    agent_name: Bilingual
    company: str | None
    company_name: str | None
    bundles: list[str]
    powers: list[Term]
    since: date
    until: date
    given_at: Instant
    revoked_at: Instant | None
    standing: Term
