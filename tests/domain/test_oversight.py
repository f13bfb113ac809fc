"""Lights: which clock, which colour, and why. The thresholds are the illustrative ones of the module."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.applications import Task
from app.domain.deadlines import due_on
from app.domain.lifecycle import TaskStatus, Verdict
from app.domain.oversight import Clock, Light, light_of, light_of_case
from app.domain.records import AfterCheck, Pause, SpecialKind
from tests.factories import MONDAY, moment, submitted

CALENDAR = moment().calendar


def task(**facts: object) -> Task:
    """A task of ten promised and twenty statutory days, accepted on a Monday."""
    found = submitted("catering_full")["H1"]
    base = {
        "status": TaskStatus.REVIEW,
        "promised_days": 10,
        "promised_due_on": after(10),
        "statutory_due_on": after(20),
        "intake_due_on": after(5),
    }
    return replace(found, **{**base, **facts})


def after(days: int) -> date:
    """So many working days after the Monday."""
    return due_on(CALENDAR, MONDAY, days)


GRANT = {"verdict": Verdict.GRANTED, "delivery_due_on": after(15)}
REVIEW = [
    (0, "green"),
    (7, "green"),
    (8, "yellow"),
    (9, "yellow"),
    (10, "yellow"),
    (11, "red"),
    (20, "red"),
    (21, "deep_red"),
]


@pytest.mark.parametrize(("days", "light"), REVIEW)
def test_the_review_light_follows_the_promise_and_then_the_statute(days: int, light: str) -> None:
    lit = light_of(task(), CALENDAR, after(days))
    assert (lit.light.value, lit.clock) == (light, Clock.REVIEW)


def test_a_red_light_says_by_how_much_and_against_which_limit() -> None:
    red, deep = light_of(task(), CALENDAR, after(12)), light_of(task(), CALENDAR, after(23))
    assert (red.remaining, red.due_on) == (-2, after(10))
    assert (deep.remaining, deep.due_on) == (-3, after(20))
    assert "法定时限" in deep.because.zh
    assert "3 working days" in deep.because.en


@pytest.mark.parametrize(
    ("facts", "days", "light", "clock"),
    [
        ({"status": TaskStatus.SUBMITTED}, 0, "green", "intake"),
        ({"status": TaskStatus.RECEIVED}, 4, "yellow", "intake"),
        ({"status": TaskStatus.RECEIVED}, 6, "red", "intake"),
        ({"status": TaskStatus.WAITING, "intake_due_on": None}, 99, "off", "none"),
        ({"status": TaskStatus.CORRECTION}, 99, "off", "none"),
        ({"status": TaskStatus.CLOSED, "verdict": Verdict.GRANTED}, 99, "off", "none"),
        (
            {"status": TaskStatus.GRANTED, "verdict": Verdict.GRANTED, "delivery_due_on": after(15)},
            12,
            "green",
            "delivery",
        ),
        (
            {"status": TaskStatus.DELIVERY, "verdict": Verdict.GRANTED, "delivery_due_on": after(15)},
            16,
            "red",
            "delivery",
        ),
        ({"status": TaskStatus.DENIED, "verdict": Verdict.DENIED}, 40, "off", "delivery"),
        ({"status": TaskStatus.CLOSED, "after_check": AfterCheck(after(30))}, 31, "red", "check"),
        ({"status": TaskStatus.CLOSED, "after_check": AfterCheck(after(30), is_true=True)}, 31, "off", "none"),
    ],
)
def test_every_stage_has_its_own_clock(facts: dict[str, object], days: int, light: str, clock: str) -> None:
    lit = light_of(task(**facts), CALENDAR, after(days))
    assert (lit.light.value, lit.clock.value) == (light, clock)


def test_an_item_promised_on_the_spot_is_green_all_day_and_red_the_next() -> None:
    instant = task(promised_days=0, is_instant=True, promised_due_on=MONDAY, statutory_due_on=None)
    assert [light_of(instant, CALENDAR, after(days)).light for days in (0, 1)] == [Light.GREEN, Light.RED]


def test_a_stopped_clock_is_paused_until_the_days_told_are_over() -> None:
    pause = Pause("special", MONDAY, None, "检测", SpecialKind.TESTING, 3, after(3))
    paused = task(status=TaskStatus.SPECIAL, pauses=(pause,))
    assert light_of(paused, CALENDAR, after(3)).light is Light.PAUSED
    late = light_of(paused, CALENDAR, after(5))
    assert (late.light, late.remaining) == (Light.YELLOW, -2)
    assert "书面告知" in late.because.zh


def test_the_whole_is_as_grave_as_its_gravest_task() -> None:
    tasks = [task(), task(status=TaskStatus.WAITING), task(promised_due_on=after(2))]
    assert light_of_case(tasks, CALENDAR, after(3)).light is Light.RED
    assert light_of_case([], CALENDAR, MONDAY).light is Light.OFF
    assert Light.DEEP_RED.gravity > Light.RED.gravity > Light.YELLOW.gravity > Light.GREEN.gravity
