"""Dates that explain themselves, as data and as sentences."""

from datetime import date

from pydantic import Field

from app.domain.deadlines import Due
from app.domain.other_dates import Told
from app.domain.reckoning import Reckoned, Shift
from app.schemas.common import Bilingual, Out, Term


class DayOut(Out):
    """One day with the reason why it did not count, or why a weekend day did."""

    on: date
    reason: Bilingual


class ShiftOut(Out):
    """One move of a due date: a pause, an announcement that does not count, or an extension."""

    kind: Term
    since: date
    until: date
    days: int = Field(description="by how many days of the clock's unit")
    before: date = Field(description="the due date until then")
    after: date = Field(description="the due date from then on")
    why: str
    skipped: list[DayOut]
    made_up: list[DayOut]

    @classmethod
    def of(cls, shift: Shift) -> "ShiftOut":
        """From the domain."""
        return cls(
            kind=Term.of(shift.kind),
            since=shift.since,
            until=shift.until,
            days=shift.days,
            before=shift.before,
            after=shift.after,
            why=shift.why,
            skipped=_skipped(shift.counted),
            made_up=_made_up(shift.counted),
        )


class ReckonedOut(Out):
    """One due date, counted again from the events: as data and as a sentence."""

    kind: Term = Field(description="intake, promised, statutory or delivery")
    on: date
    start: date = Field(description="the day counting starts after")
    start_rule: Bilingual
    count: int = Field(description="days of the unit counted")
    unit: Term
    skipped: list[DayOut]
    made_up: list[DayOut]
    shifts: list[ShiftOut]
    law: Bilingual
    sentence: Bilingual
    stored_on: date | None = Field(description="the date as it was told; the same unless a holiday notice came later")
    is_as_stored: bool
    unpublished_years: list[int] = Field(description="years counted Monday to Friday: their notice is not out")

    @classmethod
    def of(cls, found: Reckoned) -> "ReckonedOut":
        """From the domain."""
        return cls(
            kind=Term.of(found.kind),
            on=found.on,
            start=found.start,
            start_rule=Bilingual.of(found.start_rule),
            count=found.base.count,
            unit=Term.of(found.base.unit),
            skipped=_skipped(found.base),
            made_up=_made_up(found.base),
            shifts=[ShiftOut.of(shift) for shift in found.shifts],
            law=Bilingual.of(found.law),
            sentence=Bilingual.of(found.sentence),
            stored_on=found.stored_on,
            is_as_stored=found.is_as_stored,
            unpublished_years=list(found.unpublished_years),
        )


def _skipped(due: Due) -> list[DayOut]:
    return [DayOut(on=day.on, reason=Bilingual.of(day.reason)) for day in due.skipped]


def _made_up(due: Due) -> list[DayOut]:
    return [DayOut(on=day.on, reason=Bilingual.of(day.reason)) for day in due.made_up]


class OtherDateOut(Out):
    """A date beside the four of the clocks, with how it was counted. Most of these periods are illustrative."""

    kind: Term = Field(description="correction, deferred, check, step, special or announcement")
    about: Bilingual | None = Field(description="what follows later, or which step or procedure")
    on: date
    start: date = Field(description="the day counting starts after")
    count: int = Field(description="days of the unit counted")
    unit: Term
    skipped: list[DayOut]
    made_up: list[DayOut]
    stood_still: int = Field(description="working days that a suspension gave back")
    rule: Bilingual
    sentence: Bilingual
    unpublished_years: list[int]

    @classmethod
    def of(cls, told: Told) -> "OtherDateOut":
        """From the domain."""
        return cls(
            kind=Term.of(told.kind),
            about=Bilingual.maybe(told.about),
            on=told.on,
            start=told.counted.start,
            count=told.counted.count,
            unit=Term.of(told.counted.unit),
            skipped=_skipped(told.counted),
            made_up=_made_up(told.counted),
            stood_still=told.stood_still,
            rule=Bilingual.of(told.rule),
            sentence=Bilingual.of(told.sentence),
            unpublished_years=list(told.counted.unpublished_years),
        )
