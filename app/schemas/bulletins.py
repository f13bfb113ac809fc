"""The monthly bulletin: as data, and as sentences in both languages."""

from datetime import date

from pydantic import Field

from app.domain.bulletins import Change, Line, Named
from app.domain.bulletins import Part as Written
from app.domain.figures import TOO_FEW
from app.domain.vocabulary import Text
from app.schemas.common import Bilingual, Out, Term


class BulletinCountOut(Out):
    """One line of the lists of supervision."""

    line: Term
    count: int | None = Field(description="null where a few ratings would tell who gave them")
    reason: Bilingual | None = None

    @classmethod
    def of(cls, line: Line, count: int | None) -> "BulletinCountOut":
        """From the domain."""
        return cls(line=Term.of(line), count=count, reason=Bilingual.of(TOO_FEW) if count is None else None)


class ChangeOut(Out):
    """One indicator against the month before."""

    code: str
    name: Bilingual
    unit: Term
    value: float | None = Field(description="of the month, in the unit; a rate is 0 to 1")
    before: float | None = Field(description="of the month before")
    difference: float | None = Field(description="value less before")
    is_better: bool | None = Field(description="null without a change")
    reason: Bilingual | None = Field(None, description="why there is no value")

    @classmethod
    def of(cls, change: Change) -> "ChangeOut":
        """From the domain; six decimals are more than any rate needs."""
        return cls(
            code=change.indicator.code,
            name=Bilingual.of(change.indicator.name),
            unit=Term.of(change.indicator.unit),
            value=_rounded(change.now.amount),
            before=_rounded(change.before.amount),
            difference=_rounded(change.difference),
            is_better=change.is_better,
            reason=Bilingual.maybe(change.now.reason),
        )


def _rounded(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 6)


class NamedOut(Out):
    """A department that is commended or criticised."""

    department: str
    name: Bilingual
    decided: int = Field(description="tasks decided in the month")
    on_time: float = Field(description="share of them decided by the promised day, 0 to 1")
    early: float = Field(description="share of them decided before it, 0 to 1")

    @classmethod
    def of(cls, own: Named, name: Text) -> "NamedOut":
        """From the domain."""
        return cls(
            department=own.department,
            name=Bilingual.of(name),
            decided=own.decided,
            on_time=round(own.on_time, 6),
            early=round(own.early, 6),
        )


class BulletinPartOut(Out):
    """A heading and its sentences."""

    title: Bilingual
    paragraphs: list[Bilingual]

    @classmethod
    def of(cls, part: Written) -> "BulletinPartOut":
        """From the domain."""
        return cls(title=Bilingual.of(part.title), paragraphs=[Bilingual.of(text) for text in part.paragraphs])


class BulletinOut(Out):
    """通报 of one region for one month; the whole is computed, and the rule by which departments are named is said."""

    label: Bilingual = Field(description="these figures are illustrative")
    region: str
    region_name: Bilingual
    month: str = Field(examples=["2026-03"])
    first_day: date
    last_day: date
    is_complete: bool = Field(description="false while the month is not over")
    counts: list[BulletinCountOut]
    indicators: list[ChangeOut]
    commended: list[NamedOut]
    criticised: list[NamedOut]
    rule: Bilingual
    text: list[BulletinPartOut]
