"""Lights (红黄灯): where a task stands against its clocks. Computed from stored facts and today, never stored.

Green, yellow and red follow the promise; overrunning the statute is a second, graver red. Before acceptance the light
follows the intake clock, after a decision the delivery clock, and a grant on commitment its check. The thresholds are
illustrative: real systems differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import count
from typing import Protocol

from app.domain.clocks import AFTER_CHECK_DAYS, DELIVERY_DAYS, INTAKE_DAYS
from app.domain.deadlines import Calendar, due_on, working_days_between
from app.domain.lifecycle import ENDED, INTAKE, STANDING_STILL, UNLIT, TaskStatus, Verdict
from app.domain.periods import DAY, written_day
from app.domain.records import AfterCheck, Pause
from app.domain.unpublished import unpublished
from app.domain.vocabulary import Text, Word

YELLOW_REMAINING = 1
"""Working days left at which the light turns yellow, once a day has been used [illustrative]."""
YELLOW_SHARE = 0.8
"""Share of the promised time used at which the light turns yellow [illustrative]."""
TURNS = 13
"""Working days ahead of which :func:`turns` tells; a clock that is yellow with more of them left has sixty and more."""
THRESHOLDS = Text(
    "亮灯规则（示例）：承诺时限剩余不超过 1 个工作日或已用八成亮黄灯，超过承诺时限亮红灯，超过法定时限亮深红灯。",
    "Illustrative rule: yellow with one working day or a fifth of the promised time left, red past the promise, "
    "deep red past the statutory limit.",
)


class Light(Word):
    """预警灯, from the calmest to the gravest."""

    OFF = "off", "无", "off"
    PAUSED = "paused", "停表", "clock stopped"
    GREEN = "green", "绿灯", "green"
    YELLOW = "yellow", "黄灯", "yellow"
    RED = "red", "红灯", "red"
    DEEP_RED = "deep_red", "深红灯", "deep red"

    @property
    def gravity(self) -> int:
        """0 for off up to 5 for deep red."""
        return list(Light).index(self)


class Clock(Word):
    """Which clock a light follows."""

    NONE = "none", "没有在走的时限", "no clock runs"
    INTAKE = "intake", "受理时限", "intake clock"
    REVIEW = "review", "办理时限", "review clock"
    DELIVERY = "delivery", "送达时限", "delivery clock"
    CHECK = "check", "事后核查时限", "clock of the check afterwards"
    WHOLE = "whole", "整件联合办理时限", "clock of the whole"


class Timed(Protocol):
    """What a light looks at: a task, or many that share all of this."""

    @property
    def status(self) -> TaskStatus:
        """Where it is in its course."""

    @property
    def verdict(self) -> Verdict | None:
        """What was decided."""

    @property
    def intake_due_on(self) -> date | None:
        """End of the intake clock."""

    @property
    def promised_due_on(self) -> date | None:
        """End of the review clock as promised."""

    @property
    def statutory_due_on(self) -> date | None:
        """End of the review clock by law."""

    @property
    def delivery_due_on(self) -> date | None:
        """End of the delivery clock."""

    @property
    def promised_days(self) -> int:
        """Length of the promise."""

    @property
    def extended_days(self) -> int:
        """Days added by an extension."""

    @property
    def pauses(self) -> Sequence[Pause]:
        """Stretches in which the clock stood still."""

    @property
    def after_check(self) -> AfterCheck | None:
        """The check that a grant on commitment still needs."""


@dataclass(frozen=True, slots=True)
class Lit:
    """A light with its reason. ``remaining`` counts working days to the due date, negative once it has passed."""

    light: Light
    clock: Clock
    due_on: date | None
    remaining: int | None
    because: Text


OFF = Lit(Light.OFF, Clock.NONE, None, None, Clock.NONE.label)


def light_of(task: Timed, calendar: Calendar, today: date) -> Lit:
    """The light of one task today."""
    if task.status in STANDING_STILL:
        return _paused(task, calendar, today)
    if task.status in INTAKE:
        return _against(Clock.INTAKE, task.intake_due_on, INTAKE_DAYS, calendar, today)
    if task.status in ENDED and (check := task.after_check) is not None and check.is_open:
        return _against(Clock.CHECK, check.due_on, AFTER_CHECK_DAYS, calendar, today)
    if task.status in ENDED or task.status in UNLIT:
        return OFF
    if task.verdict is not None:
        return _against(Clock.DELIVERY, task.delivery_due_on, DELIVERY_DAYS, calendar, today)
    return _review(task, calendar, today)


def light_of_case(tasks: Iterable[Timed], calendar: Calendar, today: date) -> Lit:
    """The gravest light of an application's tasks, the one due first among equals; off when none is lit."""
    lit = [light_of(task, calendar, today) for task in tasks]
    return max(lit, key=lambda one: (one.light.gravity, -(one.due_on or date.max).toordinal()), default=OFF)


def light_of_whole(due_on: date, total: int, calendar: Calendar, today: date) -> Lit:
    """The light of the limit of the whole, of ``total`` working days; it is statutory, so past it is deep red."""
    if today > due_on:
        return _past(Light.DEEP_RED, Clock.WHOLE, due_on, calendar, today)
    return _against(Clock.WHOLE, due_on, total, calendar, today)


def _review(task: Timed, calendar: Calendar, today: date) -> Lit:
    if task.statutory_due_on is not None and today > task.statutory_due_on:
        return _past(Light.DEEP_RED, Clock.REVIEW, task.statutory_due_on, calendar, today)
    total = task.promised_days + task.extended_days
    return _against(Clock.REVIEW, task.promised_due_on, total, calendar, today)


def _paused(task: Timed, calendar: Calendar, today: date) -> Lit:
    """A clock that stands still is no excuse once the days told to the applicant are over: that shows as yellow."""
    pause = task.pauses[-1]
    if pause.ends_on is not None and today > pause.ends_on:
        late = working_days_between(calendar, pause.ends_on, today)
        told = written_day(pause.ends_on)
        because = Text(
            f"特别程序已超过书面告知的期限（{told.zh}）{late} 个工作日，时限仍停表。",
            f"The special procedure has run {late} working day(s) past what was told ({told.en}); "
            "the clock stands still.",
        )
        return Lit(Light.YELLOW, Clock.REVIEW, pause.ends_on, -late, because)
    since = written_day(pause.since)
    because = Text(f"自{since.zh}起停表，时限不计。", f"The clock has stood still since {since.en}.")
    return Lit(Light.PAUSED, Clock.REVIEW, task.promised_due_on, None, because)


def _against(clock: Clock, due_on: date | None, total: int, calendar: Calendar, today: date) -> Lit:
    """Green, yellow or red against one due date of ``total`` working days."""
    if due_on is None:
        return Lit(Light.OFF, clock, None, None, Clock.NONE.label)
    if today > due_on:
        return _past(Light.RED, clock, due_on, calendar, today)
    remaining = working_days_between(calendar, today, due_on)
    doubt = unpublished(calendar, today, due_on)
    on, days = written_day(due_on), "day" if remaining == 1 else "days"
    because = Text(
        f"{clock.zh}至{on.zh}，还剩 {remaining} 个工作日。{doubt.zh}",
        f"The {clock.en} runs to {on.en}: {remaining} working {days} left. {doubt.en}".rstrip(),
    )
    return Lit(Light.YELLOW if is_near(total, remaining) else Light.GREEN, clock, due_on, remaining, because)


def is_near(total: int, remaining: int) -> bool:
    """Whether a clock of ``total`` working days with so many left is yellow."""
    used = max(0, total - remaining)
    return used > 0 and (remaining <= YELLOW_REMAINING or used >= YELLOW_SHARE * total)


@lru_cache(maxsize=4)
def turns(calendar: Calendar, today: date) -> Sequence[tuple[date, int]]:
    """For dates due from today on: until which one, from how many working days in all a clock is yellow. Nearest first;
    what ends after the last of them is told nothing about."""
    return [
        (due_on(calendar, today, left + 1) - DAY, next(total for total in count(1) if is_near(total, left)))
        for left in range(TURNS)
    ]


def _past(light: Light, clock: Clock, due_on: date, calendar: Calendar, today: date) -> Lit:
    late = working_days_between(calendar, due_on, today)
    limit = Text("法定时限", "statutory limit") if light is Light.DEEP_RED else Text("期限", "limit")
    on, days = written_day(due_on), "day" if late == 1 else "days"
    because = Text(
        f"已超过{clock.zh}的{limit.zh}{on.zh}，超 {late} 个工作日。",
        f"Past the {limit.en} of the {clock.en}, {on.en}, by {late} working {days}.",
    )
    return Lit(light, clock, due_on, -late, because)
