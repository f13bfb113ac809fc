"""The limit of the whole where several departments license together, as it is shown."""

from datetime import date

from pydantic import Field

from app.domain.joint import LAW, START_RULE, WholeLimit
from app.schemas.clocks import DayOut, LightOut
from app.schemas.common import Bilingual, Out


class WholeLimitOut(Out):
    """45 (+15) working days for the whole (行政许可法 art. 42), beside the limits of the items."""

    applies: bool = Field(description="whether licences of more than one department are handled jointly")
    items: list[str] = Field(description="the licences it binds; other items keep their own limits only")
    departments: list[str]
    start: date | None = Field(description="the first acceptance among the licences; null before it")
    start_rule: Bilingual
    on: date | None = Field(description="last day of the whole, null before the first acceptance")
    longest_on: date | None = Field(description="last day if the head of the local government approves all 15 more")
    uncounted_days: int = Field(description="working days on which one of the licences stood still")
    extended_days: int
    skipped: list[DayOut]
    light: LightOut
    law: Bilingual
    sentence: Bilingual = Field(description="how the date comes about, or why there is none")

    @classmethod
    def of(cls, limit: WholeLimit) -> "WholeLimitOut":
        """From the domain."""
        skipped = limit.base.skipped if limit.base is not None else ()
        return cls(
            applies=limit.applies,
            items=list(limit.items),
            departments=list(limit.departments),
            start=limit.base.start if limit.base is not None else None,
            start_rule=Bilingual.of(START_RULE),
            on=limit.on,
            longest_on=limit.longest_on,
            uncounted_days=limit.uncounted,
            extended_days=limit.extended,
            skipped=[DayOut(on=day.on, reason=Bilingual.of(day.reason)) for day in skipped],
            light=LightOut.of(limit.lit),
            law=Bilingual.of(LAW),
            sentence=Bilingual.of(limit.sentence),
        )
