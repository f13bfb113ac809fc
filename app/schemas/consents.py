"""单独同意: what an application needs, what a person is asked, and what was answered."""

from datetime import date

from pydantic import Field

from app.schemas.common import Bilingual, In, Instant, Out, Term


class ElementOut(Out):
    """One element of a dataset."""

    code: str
    name: Bilingual
    grade: Term


class ConsentOut(Out):
    """One consent as the person asked sees it: the whole notice (个人信息保护法 art. 17), nothing else of the case."""

    id: str
    application_id: str
    reference: str | None = Field(description="办件编号; null while the application is a draft")
    bundle: str
    bundle_name: Bilingual
    applicant: Bilingual = Field(description="who applies, masked")
    party: str
    party_name: Bilingual = Field(description="the part the person has in the case")
    is_for_child: bool = Field(description="answered by the guardian of a child under 14")
    dataset: str
    dataset_name: Bilingual
    elements: list[ElementOut]
    items: list[str]
    departments: list[Bilingual]
    text: Bilingual = Field(description="the notice, fixed when it was asked for")
    digest: str = Field(description="SHA-256 of the notice in both languages")
    status: Term
    allowed: list[Term] = Field(description="what the asker may do now")
    asked_at: Instant
    until: date = Field(description="the last day on which it holds (illustrative)")
    answered_at: Instant | None
    withdrawn_at: Instant | None


class NeededOut(Out):
    """One consent that an application needs."""

    party: str
    party_name: Bilingual
    person: Bilingual | None = Field(description="who answers, masked; null while nobody knows who that is")
    is_own: bool = Field(description="the applicant answers it")
    is_for_child: bool
    dataset: str
    dataset_name: Bilingual
    elements: list[ElementOut]
    items: list[str]
    departments: list[Bilingual]
    text: Bilingual = Field(description="the notice the person reads before answering")
    can_be_asked: bool
    because: Bilingual | None = Field(
        description="why it cannot be asked yet, or why somebody else answers for a child, and what to do instead"
    )
    consent_id: str | None = Field(description="the newest consent asked for it, if any")
    status: Term | None = Field(description="its status; null when it was not asked yet")
    until: date | None


class NeedsOut(Out):
    """The consents of one application."""

    needed: list[NeededOut]
    missing_count: int = Field(description="how many of them do not hold now")


class AskConsents(In):
    """Which consents to ask for; without a choice all that are missing."""

    party: str | None = Field(None, max_length=64, description="only this party's", examples=["father"])
    dataset: str | None = Field(None, max_length=64, description="only to this dataset")
