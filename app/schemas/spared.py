"""What one case spared the applicant, by name."""

from typing import Any

from pydantic import Field

from app.domain.spared import Spared, SparedCase, sentence, summary
from app.schemas.common import Bilingual, Instant, Out, Term


class SparedOut(Out):
    """One field, paper or way that was spared, and why."""

    code: str
    name: Bilingual
    way: Term = Field(description="how: had from shared data, a certificate, given once for several items …")
    times: int = Field(description="how often less it was given")
    by: Bilingual | None = Field(description="the dataset, certificate or item it was had from")
    at: Instant | None = Field(description="when a register gave it")
    says: Bilingual


class SparedCaseOut(Out):
    """What the case spared: counted as it happened, not as it was planned. Definitions are illustrative.

    Supervision, which reads no content, gets the counts without the names.
    """

    fields: list[SparedOut]
    materials: list[SparedOut]
    visits: list[SparedOut]
    fields_before: int
    fields_left: int = Field(description="fields the applicant filled in")
    materials_before: int
    materials_left: int = Field(description="papers the applicant handed in, or is to hand in")
    visits_before: int
    visits_left: int
    says: Bilingual

    @classmethod
    def of(cls, found: SparedCase, *, is_named: bool) -> "SparedCaseOut":
        """From the domain; the names tell what is on record about people, so they go with the content."""
        return cls.model_validate(
            {
                "fields": [_told(own) for own in found.fields if is_named],
                "materials": [_told(own) for own in found.materials if is_named],
                "visits": [_told(own) for own in found.visits if is_named],
                "fields_before": found.before("fields"),
                "fields_left": found.fields_left,
                "materials_before": found.before("materials"),
                "materials_left": found.materials_left,
                "visits_before": found.before("visits"),
                "visits_left": found.visits_left,
                "says": summary(found),
            }
        )


def _told(own: Spared) -> dict[str, Any]:
    """One of dozens, to be validated with the others in one go: that costs less than to make them one by one."""
    return {
        "code": own.code,
        "name": own.name,
        "way": Term.of(own.way),
        "times": own.times,
        "by": own.by,
        "at": own.at,
        "says": sentence(own),
    }
