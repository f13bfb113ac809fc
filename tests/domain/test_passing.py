"""Time: what it causes, from when, and that causing it late or twice changes nothing more."""

from datetime import date, datetime

import pytest

from app.domain import clocks
from app.domain.applications import Pause, Task
from app.domain.deadlines import BEIJING, due_on
from app.domain.errors import ActionNotAllowed
from app.domain.passing import UNTOLD, look_again_on
from tests.factories import MONDAY, Errand, drive, field_point, moment, submitted

LAST_DAY = date(2026, 3, 23)
"""Five working days after the Monday of receipt."""


def test_five_silent_working_days_are_an_acceptance_from_the_day_of_receipt() -> None:
    errand = submitted("catering_full")
    errand.go_to(LAST_DAY)
    assert errand.sweep() == []
    errand.go_to(date(2026, 3, 24))
    errand.sweep()
    task = errand["H1"]
    assert (task.status.value, task.is_deemed_accepted) == ("accepted", True)
    assert task.promised_due_on == due_on(errand.now.calendar, MONDAY, task.promised_days)
    assert task.accepted_at == errand.now.at


def test_a_received_but_unanswered_task_is_silent_too() -> None:
    errand = submitted("catering_full")
    errand.act("H1", "receive")
    errand.go_to(date(2026, 3, 24))
    errand.sweep()
    assert errand["H1"].is_deemed_accepted


def test_what_comes_after_office_hours_counts_from_the_next_working_day() -> None:
    friday_night = moment(date(2026, 3, 20), 22)
    errand = submitted("catering_full", friday_night)
    assert errand["H1"].opened_on == date(2026, 3, 23)
    assert errand["H1"].intake_due_on == date(2026, 3, 30)


def test_a_waiting_task_is_never_accepted_by_silence() -> None:
    errand = submitted("catering_full")
    errand.go_to(date(2026, 6, 1))
    errand.sweep()
    assert errand.status("F1") == "waiting"
    assert errand["F1"].accepted_at is None


@pytest.mark.parametrize("day", [date(2026, 3, 24), date(2026, 4, 30), date(2027, 3, 1)])
def test_a_late_sweep_reaches_what_daily_sweeps_reached(day: date) -> None:
    late, daily = submitted("catering_full"), submitted("catering_full")
    late.go_to(day)
    late.sweep()
    while daily.now.today < day:
        daily.later(1)
    assert {i: (t.status, t.promised_due_on) for i, t in late.case.tasks.items()} == {
        i: (t.status, t.promised_due_on) for i, t in daily.case.tasks.items()
    }


def test_a_notice_that_would_come_late_is_never_served_and_silence_is_acceptance() -> None:
    late, told = submitted("catering_full"), submitted("catering_full")
    for errand in (late, told):
        errand.act("H1", "receive")
        errand.post("H1", field_point("staff_list"))
        errand.go_to(LAST_DAY)
    told.evening()
    assert told.status("H1") == "correction"
    late.go_to(date(2026, 3, 24), 1)
    events = late.sweep()
    assert late.case.notices == ()
    assert (late.status("H1"), late["H1"].is_deemed_accepted, late["H1"].points) == ("accepted", True, ())
    assert late["H1"].promised_due_on == due_on(late.now.calendar, MONDAY, late["H1"].promised_days)
    assert [event.why for event in events if event.task == "H1"] == [UNTOLD]
    with pytest.raises(ActionNotAllowed):
        late.post("H1", field_point("staff_list"))


def test_points_of_a_department_that_has_days_left_are_told_though_those_of_another_came_too_late() -> None:
    errand = submitted("catering_full")
    errand.go_to(date(2026, 3, 19))
    errand.grant("L0", "L1")
    for item, code in (("H1", "staff_list"), ("S1", "sign_size")):
        errand.act(item, "receive")
        errand.post(item, field_point(code))
    errand.go_to(date(2026, 3, 24))
    errand.sweep()
    assert errand["H1"].is_deemed_accepted
    errand.go_to(date(2026, 3, 26))
    errand.evening()
    assert [set(notice.points) for notice in errand.case.notices] == [{"S1"}]


def test_a_second_sweep_changes_nothing() -> None:
    errand = submitted("birth_full")
    errand.act("B1", "receive")
    errand.post("B1", field_point("weight"))
    for day in (LAST_DAY, date(2026, 3, 24), date(2026, 5, 11)):
        errand.go_to(day)
        errand.sweep()
        assert errand.sweep() == []


def corrected_to_be(story: str = "catering_full") -> Errand:
    """Health has asked for a correction; the notice has been served."""
    errand = submitted(story)
    errand.act("H1", "receive")
    errand.post("H1", field_point("staff_list"))
    errand.accept("L0")
    return errand


def test_a_correction_nobody_answers_ends_in_a_return_by_the_system() -> None:
    errand = corrected_to_be()
    assert errand.case.open_notice is not None
    errand.go_to(errand.case.open_notice.due_on)
    errand.sweep()
    assert errand.status("H1") == "correction"
    errand.go_to(due_on(errand.now.calendar, errand.now.today, 1))
    (returned, *_) = errand.sweep()
    assert errand.status("H1") == "returned"
    assert (returned.role.value, returned.actor) == ("system", "system")


def test_time_has_passed_for_whoever_acts_even_when_nobody_swept() -> None:
    errand = submitted("catering_full")
    errand.act("H1", "receive")
    errand.go_to(date(2026, 3, 24))
    with pytest.raises(ActionNotAllowed):
        errand.post("H1", field_point("staff_list"))
    with pytest.raises(ActionNotAllowed):
        errand.act("H1", "decline", reason="来不及了")
    events = errand.act("H1", "review")
    assert [(event.kind.value, event.role.value) for event in events if event.task == "H1"] == [
        ("deemed_accepted", "system"),
        ("review_begun", "officer"),
    ]


def test_what_time_causes_bears_the_name_of_the_system_whoever_notices() -> None:
    errand = corrected_to_be()
    errand.go_to(date(2026, 6, 1))
    events = errand.act("L0", "review")
    assert [(event.task, event.end, event.role.value) for event in events if event.task == "H1"] == [
        ("H1", "returned", "system")
    ]


def test_a_lapsed_predecessor_takes_its_dependants_with_it() -> None:
    errand = submitted("catering_full")
    errand.act("L0", "receive")
    errand.post("L0", field_point("capital"))
    errand.accept("H1")
    errand.go_to(date(2026, 4, 30))
    errand.sweep()
    assert errand.status("L0") == "returned"
    assert errand.status("F1") == "terminated"


def test_the_date_to_look_again_is_when_time_could_next_do_something() -> None:
    errand = submitted("catering_full")
    assert look_again_on(errand.case) == LAST_DAY
    errand.accept("H1", "L0")
    assert look_again_on(errand.case) is None
    errand = corrected_to_be()
    assert errand.case.open_notice is not None
    assert look_again_on(errand.case) == errand.case.open_notice.due_on
    drive(errand)
    assert look_again_on(errand.case) is None


def paused(since: date) -> Task:
    errand = submitted("catering_full")
    errand.review("H1")
    task = errand["H1"]
    return type(task)(
        **{name: getattr(task, name) for name in task.__slots__} | {"pauses": (Pause("x", since, None, ""),)}
    )


def test_a_pause_within_one_day_moves_nothing() -> None:
    task = paused(MONDAY)
    assert clocks.resumption(task, moment(MONDAY))["promised_due_on"] == task.promised_due_on


def test_a_pause_counts_only_working_days() -> None:
    task = paused(date(2026, 3, 20))
    changes = clocks.resumption(task, moment(date(2026, 3, 22)))
    assert changes["promised_due_on"] == task.promised_due_on
    changes = clocks.resumption(task, moment(date(2026, 3, 24)))
    assert task.promised_due_on is not None
    assert changes["promised_due_on"] == due_on(moment().calendar, task.promised_due_on, 2)


def test_closing_pauses_twice_changes_nothing() -> None:
    once = clocks.unpaused((Pause("x", MONDAY, None, ""),), LAST_DAY)
    assert once == clocks.unpaused(once, date(2026, 4, 1))
    assert clocks.unpaused((), LAST_DAY) == ()


def test_the_day_of_a_moment_is_the_day_at_the_office() -> None:
    assert moment(MONDAY, 23).today == MONDAY
    assert moment(MONDAY, 23).counts_from == date(2026, 3, 17)
    assert moment().at == datetime(2026, 3, 16, 10, tzinfo=BEIJING)
