"""What open work is counted by says all that a light follows from; a change of a case says by how much it changes."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.applications import Task
from app.domain.deadlines import BEIJING
from app.domain.lifecycle import ENDED, STANDING_STILL, TaskStatus, Verdict
from app.domain.oversight import Light, light_of
from app.domain.records import AfterCheck, Pause
from app.domain.regions import areas_of
from app.domain.ticking import Ticking, moved, ticking_of
from tests.factories import MONDAY, moment, submitted

CALENDAR = moment().calendar
OPEN = submitted("catering_full")["H1"]
DAYS = st.integers(-30, 60).map(lambda days: MONDAY + timedelta(days=days))
MAYBE = st.none() | DAYS
REGIONS = st.sampled_from(("330802", "330802001", "330800", "330000", "441900", "441900003"))


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """Tasks in every status with any dates; those that are over have ended some time."""
    status = draw(st.sampled_from(TaskStatus))
    pause = Pause(status.value, MONDAY, None, "", ends_on=draw(MAYBE))
    return replace(
        OPEN,
        status=status,
        region=draw(REGIONS),
        verdict=draw(st.none() | st.sampled_from(Verdict)),
        intake_due_on=draw(MAYBE),
        promised_due_on=draw(MAYBE),
        statutory_due_on=draw(MAYBE),
        delivery_due_on=draw(MAYBE),
        promised_days=draw(st.integers(1, 90)),
        extended_days=draw(st.sampled_from((0, 0, 10))),
        pauses=(pause,) if status in STANDING_STILL else (),
        after_check=draw(st.none() | st.builds(AfterCheck, DAYS, st.none() | st.booleans())),
        completed_at=datetime(2026, 3, 1, tzinfo=BEIJING) if status in ENDED else None,
    )


@given(tasks(), DAYS)
def test_the_code_of_a_clock_has_the_light_of_every_task_that_it_counts(task: Task, today: date) -> None:
    ticking = ticking_of(task)
    light = light_of(task, CALENDAR, today).light
    if ticking is None:
        assert task.completed_at is not None
        assert light is Light.OFF
        return
    assert light_of(Ticking.of(ticking.code), CALENDAR, today).light is light
    assert len(ticking.code) <= 40


@given(st.lists(st.dictionaries(st.sampled_from("ABC"), tasks()), min_size=1, max_size=6))
def test_what_changes_of_open_work_adds_up_to_what_is_open(course: list[dict[str, Task]]) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for before, after in zip([{}, *course], course, strict=False):
        for work, tasks_more in moved(before, after).items():
            assert tasks_more
            counted[work] += tasks_more
    found = [(task.region, ticking.code) for task in course[-1].values() if (ticking := ticking_of(task))]
    assert {work: count for work, count in counted.items() if count} == Counter(found)


@pytest.mark.parametrize(
    ("region", "areas"),
    [
        ("330000", [("330000", "330000")]),
        ("330802", [("330802", "330802"), ("330800", "330802"), ("330000", "330800")]),
        (
            "330802001",
            [("330802001", "330802001"), ("330802", "330802001"), ("330800", "330802"), ("330000", "330800")],
        ),
        ("441900003", [("441900003", "441900003"), ("441900", "441900003"), ("440000", "441900")]),
    ],
)
def test_a_region_is_counted_in_every_area_above_it(region: str, areas: list[tuple[str, str]]) -> None:
    assert list(areas_of(region)) == areas
