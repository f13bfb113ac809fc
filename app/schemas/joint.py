"""The limit of the whole where several departments license together, as it is shown."""

from datetime import date, datetime

from pydantic import Field

from app.domain.joint import LAW, START_RULE, WholeLimit
from app.domain.routing import Plan
from app.schemas.clocks import LightOut
from app.schemas.common import Bilingual, In, Out
from app.schemas.reckoned import DayOut


class WholeExtensionOut(Out):
    """What the government added to the limit of the whole (整件延期), once."""

    days: int = Field(description="working days added")
    reason: str = Field(description="what the applicant is told")
    approved_at: datetime
    government: str = Field(description="region whose government approved it")
    before_on: date = Field(description="last day of the whole without it")
    skipped: list[DayOut] = Field(description="days off between that day and the new one")

    @classmethod
    def maybe(cls, limit: WholeLimit) -> "WholeExtensionOut | None":
        """From the domain; null for a limit that was not extended."""
        made, shift = limit.extension, limit.shift
        if made is None or shift is None:
            return None
        return cls(
            days=made.days,
            reason=made.reason,
            approved_at=made.approved_at,
            government=made.government,
            before_on=shift.start,
            skipped=[DayOut(on=day.on, reason=Bilingual.of(day.reason)) for day in shift.skipped],
        )


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
    extended_days: int = Field(description="working days added by the extension of the whole; it is given once only")
    extension: WholeExtensionOut | None = Field(description="the extension of the whole, null while there is none")
    skipped: list[DayOut]
    light: LightOut
    law: Bilingual
    sentence: Bilingual = Field(description="how the date comes about, or why there is none")

    @classmethod
    def of(cls, limit: WholeLimit, plan: Plan) -> "WholeLimitOut":
        """From the domain; the plan knows what its items are called."""
        names = {planned.item.code: planned.item.short for planned in plan.items}
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
            extension=WholeExtensionOut.maybe(limit),
            skipped=[DayOut(on=day.on, reason=Bilingual.of(day.reason)) for day in skipped],
            light=LightOut.of(limit.lit),
            law=Bilingual.of(LAW),
            sentence=Bilingual.of(limit.sentence(names)),
        )


class WholeWishOut(Out):
    """What the lead department asks for the whole, until it is answered."""

    days: int = Field(description="working days asked for")
    reason: str
    officer: str
    asked_at: datetime


class MoreTimeOut(Out):
    """The limit of the whole, what is asked for it, and what the asker may do about it."""

    application_id: str
    reference: str
    bundle: str
    bundle_name: Bilingual
    limit: WholeLimitOut
    lead: str | None = Field(description="the department that may ask; null where nothing is handled jointly")
    lead_name: Bilingual | None
    government: str | None = Field(description="region whose government answers")
    government_name: Bilingual | None
    stands_for: Bilingual = Field(description="who answers in this demonstration")
    longest_days: int = Field(description="the most that may be asked for, in working days")
    wish: WholeWishOut | None = Field(description="what waits for an answer; null for the applicant's side")
    may_ask: bool
    may_approve: bool
    may_decline: bool
    because: Bilingual | None = Field(description="why more time cannot be asked for or approved now; null when it can")


class WaitingWishOut(Out):
    """One wish that waits for a government's answer."""

    application_id: str
    reference: str
    bundle_name: Bilingual
    lead_name: Bilingual | None
    days: int = Field(description="working days asked for")
    asked_at: datetime
    on: date | None = Field(description="last day of the whole as it stands; an approval later than this is too late")


class WholeWish(In):
    """More time for the whole."""

    reason: str = Field(max_length=2000, description="why the whole cannot be finished; the applicant will read it")
    days: int | None = Field(None, ge=1, le=15, description="working days; left out, the fifteen there are")


class WholeAnswer(In):
    """The government's answer."""

    is_approved: bool
    reason: str | None = Field(None, max_length=2000, description="needed when it is turned down")
