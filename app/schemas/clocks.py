"""Clocks as people see them: lights, due dates that explain themselves, and what a task keeps beside its status."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from pydantic import Field

from app.domain.applications import Application, Moment, Task
from app.domain.deferrals import owed
from app.domain.hands import hands
from app.domain.other_dates import Told
from app.domain.oversight import Lit
from app.domain.reckoning import Reckoned
from app.domain.records import AfterCheck, Announcement, ExtensionWish, Opinion, Pause, Step, Survey
from app.domain.vocabulary import Text
from app.schemas.common import Bilingual, Day, In, Out, Term
from app.schemas.reckoned import OtherDateOut, ReckonedOut


class LightOut(Out):
    """预警灯 with its reason. The thresholds are illustrative."""

    light: Term = Field(description="off, paused, green, yellow, red or deep_red")
    clock: Term = Field(description="the clock it follows: intake, review, delivery or check")
    due_on: date | None
    remaining: int | None = Field(description="working days to the due date, negative once it has passed")
    because: Bilingual

    @classmethod
    def of(cls, lit: Lit) -> "LightOut":
        """From the domain."""
        return cls(
            light=Term.of(lit.light),
            clock=Term.of(lit.clock),
            due_on=lit.due_on,
            remaining=lit.remaining,
            because=Bilingual.of(lit.because),
        )


class PauseOut(Out):
    """A stretch in which the clock stands still; for a special procedure with what was told in writing."""

    kind: str
    since: date
    until: date | None
    why: str
    procedure: Term | None = None
    days: int | None = Field(None, description="working days told to the applicant")
    ends_on: date | None = None

    @classmethod
    def of(cls, pause: Pause) -> "PauseOut":
        """From the domain."""
        return cls(
            kind=pause.kind,
            since=pause.since,
            until=pause.until,
            why=pause.why,
            procedure=Term.maybe(pause.procedure),
            days=pause.days,
            ends_on=pause.ends_on,
        )


class OpinionOut(Out):
    """What one officer proposed or endorsed."""

    hand: Term
    officer: str
    at: datetime
    verdict: Term
    text: str | None

    @classmethod
    def of(cls, opinion: Opinion) -> "OpinionOut":
        """From the domain."""
        return cls(
            hand=Term.of(opinion.hand),
            officer=opinion.officer,
            at=opinion.at,
            verdict=Term.of(opinion.verdict),
            text=opinion.text,
        )


class ExtensionWishOut(Out):
    """An extension that waits for another officer."""

    days: int = Field(description="working days asked for")
    officer: str
    reason: str

    @classmethod
    def maybe(cls, wish: ExtensionWish | None) -> "ExtensionWishOut | None":
        """From the domain."""
        return None if wish is None else cls.model_validate(wish)


class AnnouncementOut(Out):
    """公告: nothing is decided before it has run."""

    since: date
    days: int = Field(description="calendar days")
    until: date
    about: str
    stops_clock: bool

    @classmethod
    def of(cls, made: Announcement) -> "AnnouncementOut":
        """From the domain."""
        return cls.model_validate(made)


class DeferredOut(Out):
    """容缺后补: what may follow later, and whether it has come."""

    kind: Term
    code: str
    name: Bilingual | None = None
    days: int = Field(description="working days from acceptance")
    due_on: date | None = Field(description="counted from acceptance")
    is_here: bool


class AfterCheckOut(Out):
    """事后核查 of a grant made on commitment."""

    due_on: date
    is_true: bool | None
    officer: str | None
    at: datetime | None
    finding: str | None

    @classmethod
    def maybe(cls, check: AfterCheck | None) -> "AfterCheckOut | None":
        """From the domain."""
        return None if check is None else cls.model_validate(check)


class StepOut(Out):
    """A physical step with a clock of its own."""

    number: int
    kind: Term
    note: str | None
    due_on: date
    done_at: datetime | None
    is_late: bool
    parcel: int | None = Field(None, description="异地代收: ends when the parcel with this number is signed for")

    @classmethod
    def of(cls, step: Step, today: date) -> "StepOut":
        """From the domain."""
        return cls(
            number=step.number,
            kind=Term.of(step.kind),
            note=step.note,
            due_on=step.due_on,
            done_at=step.done_at,
            is_late=step.done_at is None and today > step.due_on,
            parcel=step.parcel,
        )


class SurveyRecordOut(Out):
    """One department's conclusion; who was there is for the departments."""

    is_met: bool
    conclusion: str
    at: datetime
    officers: list[str] = Field([], description="for the department itself only")


class SurveyOut(Out):
    """联合踏勘: one appointment, one conclusion of each department."""

    number: int
    on: date
    place: str
    items: list[str]
    waits_for: list[str] = Field(description="items whose department has not concluded; they hold up nobody else")
    records: dict[str, SurveyRecordOut]

    @classmethod
    def of(cls, survey: Survey, *, names_officers: bool = False, only: str | None = None) -> "SurveyOut":
        """From the domain; ``only`` keeps the conclusions to one department's item."""
        return cls(
            number=survey.number,
            on=survey.on,
            place=survey.place,
            items=list(survey.items),
            waits_for=[item for item in survey.items if survey.waits_for(item)],
            records={
                item: SurveyRecordOut(
                    is_met=record.is_met,
                    conclusion=record.conclusion,
                    at=record.at,
                    officers=list(record.officers) if names_officers else [],
                )
                for item, record in survey.records.items()
                if only in {None, item}
            },
        )


class ClockedOut(Out):
    """The clocks of one task and the way it is decided."""

    mode: Term = Field(description="ordinary, commitment (告知承诺制) or offered (免申即享)")
    hands: int = Field(description="officers a decision takes: 1 on the spot, 3 for a licence, 2 otherwise")
    opinions: list[OpinionOut] = Field(description="what was proposed and endorsed; for the department only")
    extension_wish: ExtensionWishOut | None
    announcements: list[AnnouncementOut]
    deferred: list[DeferredOut]
    after_check: AfterCheckOut | None
    steps: list[StepOut]
    survey: SurveyOut | None
    light: LightOut
    reckoning: list[ReckonedOut] = Field(description="every due date of a clock with everything that made it")
    other_dates: list[OtherDateOut] = Field(
        [], description="every other date of the task, each with how it was counted"
    )

    @classmethod
    def made(
        cls,
        task: Task,
        case: Application,
        lit: Lit,
        reckoned: Iterable[Reckoned],
        others: Iterable[Told],
        moment: Moment,
        *,
        names: Mapping[str, Text],
        is_inside: bool,
    ) -> "ClockedOut":
        """From the domain. ``is_inside`` shows what is for the department's own eyes."""
        waiting = {(own.kind, own.code) for own in owed(case, task)}
        survey = case.survey if case.survey is not None and task.item in case.survey.items else None
        return cls(
            mode=Term.of(task.mode),
            hands=hands(task),
            opinions=[OpinionOut.of(opinion) for opinion in task.opinions] if is_inside else [],
            extension_wish=ExtensionWishOut.maybe(task.extension_wish) if is_inside else None,
            announcements=[AnnouncementOut.of(made) for made in task.announcements],
            deferred=[
                DeferredOut(
                    kind=Term.of(own.kind),
                    code=own.code,
                    name=Bilingual.maybe(names.get(own.code)),
                    days=own.days,
                    due_on=own.due_on,
                    is_here=(own.kind, own.code) not in waiting,
                )
                for own in task.deferred
            ],
            after_check=AfterCheckOut.maybe(task.after_check),
            steps=[StepOut.of(step, moment.today) for step in task.steps],
            survey=None if survey is None else SurveyOut.of(survey, names_officers=is_inside, only=task.item),
            light=LightOut.of(lit),
            reckoning=[ReckonedOut.of(found) for found in reckoned],
            other_dates=[OtherDateOut.of(told) for told in others],
        )


class SurveyAppointment(In):
    """When and where all departments meet."""

    on: Day = Field(description="a working day from today on")
    place: str = Field(max_length=200)


class SurveyConclusion(In):
    """One department's conclusion of the joint survey."""

    officers: list[str] = Field(max_length=20, description="accounts of two officers or more of the department")
    is_met: bool = Field(description="whether the conditions are met")
    conclusion: str = Field(max_length=2000)


class LaterFacts(In):
    """Fields promised at submission."""

    values: dict[str, object] = Field(description="field → value")


class ClockChange(In):
    """Exactly one of: a date, so many days or working days further, or back to the real date."""

    today: Day | None = None
    days: int | None = Field(None, ge=1, le=3660, description="calendar days further")
    working_days: int | None = Field(None, ge=1, le=2500, description="working days further")
    reset: bool = False
    erases: bool = Field(False, description="go there even though files whose time is up by then are erased for good")


class ClockOut(Out):
    """The office's time. In a demonstration it may run ahead of the real one."""

    real_at: datetime
    office_at: datetime
    today: date
    is_working_day: bool
    is_demo: bool = Field(description="whether a supervisor may move the clock here")
    shift_days: int = Field(description="days the office is ahead of the real date; 0 unless a supervisor moved it")
    note: Bilingual | None
    moved: int | None = Field(None, description="applications that time moved when the clock was changed")


class CreditNoteOut(Out):
    """A false commitment on record (信用记录)."""

    reference: str
    item: str
    at: datetime
    why: str
