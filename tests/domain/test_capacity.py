"""What a task costs, and how a run is counted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import accept
from app.domain.capacity import INSTANT_MINUTES, SURVEY_MINUTES, Tally, jobs_of, percentile, total
from app.domain.oversight import Light
from tests import factories
from tests.factories import MONDAY


def test_a_plan_asks_of_each_desk_what_its_items_take() -> None:
    planner = factories.planner("catering")
    story = factories.catalogue().stories["catering_full"]
    plan = planner.plan(accept(planner.bundle, story.answers), "330802", MONDAY)
    jobs = {job.item: job for job in jobs_of(plan)}
    assert jobs.keys() == {planned.item.code for planned in plan.items}
    assert jobs["L1"].minutes == (INSTANT_MINUTES,), "decided on the spot"
    assert jobs["F1"].minutes[1] - jobs["H1"].minutes[1] == SURVEY_MINUTES, "one is surveyed on site, the other not"
    assert jobs["F1"].after == (("L1",),)
    for planned in plan.items:
        job = jobs[planned.item.code]
        assert (job.desk, job.promised_days) == (planned.routed.department.code, planned.promised.days)


@pytest.mark.parametrize(("share", "found"), [(0.0, 1), (0.2, 1), (0.21, 2), (0.5, 3), (0.95, 5), (1.0, 5)])
def test_a_percentile_is_a_value_that_was_there(share: float, found: int) -> None:
    assert percentile([5, 3, 1, 2, 4], share) == found


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_not_exceeded_by_its_share(values: list[float], share: float) -> None:
    limit = percentile(values, share)
    assert limit in values
    assert sum(value <= limit for value in values) >= share * len(values) - 1e-9


def test_nothing_decided_has_no_share_and_no_wait() -> None:
    assert Tally(1).on_time_share() is None
    assert percentile([], 0.5) is None


def test_all_desks_together_add_up() -> None:
    one = Tally(2, 90.0, decided=3, on_time=2, open=1, waits=[1.0, 2.0, 3.0], lights={Light.GREEN: 4})
    two = Tally(1, 450.0, decided=1, overdue=1, open=2, waits=[0.0], lights={Light.GREEN: 1, Light.RED: 2})
    both = total({"a": one, "b": two})
    assert (both.officers, both.decided, both.on_time, both.overdue, both.open) == (3, 4, 2, 1, 3)
    assert both.on_time_share() == 2 / 5
    assert both.lights == {Light.GREEN: 5, Light.RED: 2}
    assert both.use(1) == pytest.approx(540 / 1350)
    assert one.waits == [1.0, 2.0, 3.0], "the parts stay as they were"


def test_days_of_the_tests_are_working_days() -> None:
    assert factories.catalogue().calendar.is_working(date(2026, 3, 16))
