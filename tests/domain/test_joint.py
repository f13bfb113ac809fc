"""The limit of the whole (行政许可法 art. 42): for whom it is, from when it counts, what moves it, and its light."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from app.domain.deadlines import working_days_between
from app.domain.joint import WholeLimit, gravest_light, licences, limit_of_case, limit_of_plan
from app.domain.oversight import Clock, Light
from app.domain.records import Pause
from app.domain.vocabulary import PowerType
from tests.factories import MONDAY, Errand, catalogue, submitted
from tests.plans import any_plan, told

JOINT = {"catering_full": ("L0", "F1", "P1", "T1", "X1"), "utility_full": ("A1", "A2", "A4")}
"""Of the worked examples, those whose licences lie with more than one department."""
LAST = date(2026, 5, 21)
"""45 working days after Monday, 16 March 2026: Qingming and Labour Day off, Saturday 9 May worked."""


def limit(errand: Errand) -> WholeLimit:
    """The limit as it stands now."""
    return limit_of_case(errand.case, errand.now)


@pytest.mark.parametrize("story", sorted(catalogue().stories))
def test_it_binds_licences_of_more_than_one_department_and_says_so_before_submission(story: str) -> None:
    plan = told(catalogue().stories[story])
    planned, names = limit_of_plan(plan), {one.item.code: one.item.short for one in plan.items}
    sentence = planned.sentence(names)
    assert planned.items == JOINT.get(story, ())
    assert (planned.on, planned.lit.light) == (None, Light.OFF)
    assert ("第四十二条" in sentence.zh) is planned.applies
    assert sentence.zh.endswith("。")
    assert sentence.en.endswith(".")
    assert all(names[item].zh in sentence.zh and names[item].en in sentence.en for item in planned.items)
    assert not any(item in sentence.zh + sentence.en for item in planned.items), "people read names, not codes"


@given(any_plan())
def test_what_is_planned_is_what_binds_once_it_is_submitted(plan) -> None:  # type: ignore[no-untyped-def]
    own = [planned for planned in plan.items if planned.item.power is PowerType.LICENCE]
    found = limit_of_plan(plan)
    assert found.applies is (len({planned.routed.department.code for planned in own}) > 1)
    assert set(found.items) <= {planned.item.code for planned in own}


def test_it_begins_with_the_first_acceptance_among_the_licences() -> None:
    errand = submitted("catering_full")
    assert limit(errand).on is None
    errand.accept("H1")
    assert limit(errand).on is None, "H1 is no licence"
    errand.accept("L0")
    found = limit(errand)
    assert (found.base.start if found.base else None, found.on) == (MONDAY, LAST)
    assert working_days_between(errand.now.calendar, MONDAY, LAST) == 45
    assert working_days_between(errand.now.calendar, MONDAY, found.longest_on or MONDAY) == 60
    errand.act("L0", "review")
    errand.act("L0", "grant", outputs=errand.outputs("L0"))
    errand.later(3)
    errand.accept("L1")
    assert limit(errand).on == LAST, "a later acceptance does not move it"
    assert any("清明" in part.zh for part in found.told)


def test_silence_counts_from_receipt() -> None:
    errand = submitted("catering_full")
    errand.later(8)
    assert errand["L0"].is_deemed_accepted
    assert limit(errand).on == LAST


def test_days_that_several_licences_stand_still_are_given_back_once() -> None:
    errand = submitted("catering_full")
    errand.accept("L0")
    pauses = {
        "L0": (Pause("special", date(2026, 3, 18), date(2026, 3, 25), "检验"),),
        "F1": (Pause("special", date(2026, 3, 23), date(2026, 3, 27), "检测"),),
        "H1": (Pause("special", date(2026, 4, 1), date(2026, 4, 10), "不是许可"),),
    }
    tasks = {item: replace(task, pauses=pauses.get(item, ())) for item, task in errand.case.tasks.items()}
    errand.case = replace(errand.case, tasks=tasks)
    found = limit(errand)
    assert found.uncounted == 7, "Thursday 19 to Friday 27 March"
    assert working_days_between(errand.now.calendar, LAST, found.on or LAST) == 7


def test_what_a_department_extends_for_its_own_item_moves_that_item_alone() -> None:
    errand = submitted("catering_full")
    errand.accept("L0")
    tasks = {**errand.case.tasks, "L0": replace(errand["L0"], extended_days=10)}
    errand.case = replace(errand.case, tasks=tasks)
    assert (limit(errand).extended, limit(errand).on) == (0, LAST)


@pytest.mark.parametrize(
    ("day", "light"),
    [(date(2026, 3, 17), "green"), (date(2026, 5, 13), "yellow"), (LAST, "yellow"), (date(2026, 5, 22), "deep_red")],
)
def test_past_it_the_whole_is_deep_red_whatever_the_light_of_the_parts(day: date, light: str) -> None:
    errand = submitted("catering_full")
    errand.accept("L0")
    on_that_day = replace(errand.now, at=errand.now.at + (day - MONDAY))
    found = limit_of_case(errand.case, on_that_day)
    assert (found.lit.light.value, found.lit.clock) == (light, Clock.WHOLE)
    quiet = replace(errand.case, tasks={})
    assert gravest_light(quiet, found, on_that_day).clock is Clock.WHOLE


def test_it_ends_with_the_last_decision_among_the_licences() -> None:
    errand = submitted("catering_full")
    errand.grant("L0")
    assert limit(errand).lit.light is Light.GREEN
    for task in licences(errand.case.tasks.values()):
        own = errand.case.tasks[task.item]
        errand.case = replace(
            errand.case, tasks={**errand.case.tasks, task.item: replace(own, verdict=errand["L0"].verdict)}
        )
    assert limit(errand).lit.light is Light.OFF


def test_a_licence_that_was_never_examined_does_not_count() -> None:
    errand = submitted("utility_full")
    assert limit(errand).items == JOINT["utility_full"]
    errand.withdraw_all()
    assert not limit(errand).applies
