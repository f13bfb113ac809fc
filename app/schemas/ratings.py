"""好差评: what a rater sends and sees, and what a department may know."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from app.schemas.common import Bilingual, In, Out, Term
from app.schemas.matters import LevelCode


class RatingLevelOut(Out):
    """One of the five levels with the tags that go with it."""

    level: Term
    stars: int
    is_bad: bool = Field(description="差评: opens a rectification")
    tags: list[Term] = Field(description="illustrative")


class NewRating(In):
    """One rating. Nobody has to give one."""

    item: str | None = Field(None, max_length=64, description="the item; null rates the whole errand", examples=["F1"])
    stage: Literal["intake", "acceptance", "finish"] = "finish"
    level: LevelCode
    tags: list[str] = Field([], max_length=5, examples=[["efficient"]])
    text: str | None = Field(None, max_length=500)


class Addition(In):
    """追评: once, the level stays."""

    text: str = Field(max_length=500)


class RatingOut(Out):
    """One's own rating. The desk sees neither who gave it nor for which case."""

    id: str
    item: str | None
    department: str
    department_name: Bilingual
    stage: Term
    level: Term
    tags: list[Term]
    text: str | None
    created_at: datetime
    addition: str | None
    added_at: datetime | None
    rerated: Term | None
    rerated_at: datetime | None
    is_annulled: bool = Field(description="an appeal was upheld: it does not count")
    matter_id: str | None = Field(description="the rectification that a bad review opened")


class WindowOut(Out):
    """Something that may be rated now."""

    item: str | None
    stage: Term
    until: date | None = Field(description="last day (illustrative); null while it is not over")
    because: Bilingual | None = Field(description="how the last day was counted")


class OwnRatingsOut(Out):
    """What was rated, and what may be."""

    given: list[RatingOut]
    open: list[WindowOut]


class ReceivedOut(Out):
    """A rating as its department sees it: no case, no person, no day."""

    level: Term
    tags: list[Term]
    text: str | None
    addition: str | None
    month: str = Field(examples=["2026-03"])


class DepartmentRatingsOut(Out):
    """A department's ratings with the figures over all that count (annulled ones left out)."""

    department: str
    name: Bilingual
    counts: dict[str, int] = Field(description="level → how many")
    satisfaction: float | None = Field(description="满意率 = (非常满意 + 满意 + 基本满意) ÷ 有效评价数, 0 to 1")
    bad_share: float | None = Field(description="差评率 = 差评数 ÷ 有效评价数, 0 to 1")
    entries: list[ReceivedOut]
    next: str | None = Field(None, description="cursor of the next page, null on the last page")
    note: Bilingual
