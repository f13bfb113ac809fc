"""Every date explains itself, and says the same as what is stored when it is counted again from the events."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.calendar import extended
from app.domain.applications import Event, Moment, Task
from app.domain.catalogue import SpecialProcedure
from app.domain.deadlines import Calendar, due_on, effective_start, working_days_between
from app.domain.periods import written_day
from app.domain.reckoning import DueDate, Reckoned, ShiftKind, reckon
from app.domain.routing import Plan
from app.domain.vocabulary import PowerType, Text, TimeUnit
from tests.factories import MONDAY, Errand, field_point, moment, submitted


def told(errand: Errand, item: str, calendar: Calendar | None = None) -> dict[str, Reckoned]:
    """The due dates of one task by name."""
    found = reckon(errand[item], errand.events, calendar or errand.now.calendar)
    return {one.kind.value: one for one in found}


def test_a_waiting_task_has_no_dates_and_a_new_one_has_its_intake_alone() -> None:
    errand = submitted("catering_full")
    assert told(errand, "F1") == {}
    assert list(told(errand, "H1")) == ["intake"]


def test_each_clock_starts_where_the_law_has_it_start() -> None:
    errand = submitted("catering_full")
    errand.later(2)
    errand.grant("L0")
    found = told(errand, "L0")
    assert [(name, one.start) for name, one in found.items()] == [
        ("intake", MONDAY),
        ("promised", errand.now.today),
        ("statutory", errand.now.today),
        ("delivery", errand.now.today),
    ]
    assert all(one.is_as_stored for one in found.values())
    assert "受理之日" in found["promised"].start_rule.zh
    assert "art" in found["delivery"].law.en


def test_silence_counts_from_the_day_of_receipt_and_says_so() -> None:
    errand = submitted("catering_full")
    errand.later(9)
    found = told(errand, "H1")["promised"]
    assert found.start == MONDAY
    assert "视为受理" in found.sentence.zh
    assert "nothing was said in time" in found.sentence.en


def test_an_office_that_acts_after_hours_or_on_a_day_off_gains_no_day_by_it() -> None:
    errand = submitted("catering_full")
    errand.act("H1", "receive")
    errand.go_to(date(2026, 3, 21), 20)  # a Saturday
    errand.act("H1", "accept")
    found = told(errand, "H1")
    assert (found["promised"].start, found["promised"].is_as_stored) == (date(2026, 3, 21), True)
    assert found["promised"].on == due_on(errand.now.calendar, date(2026, 3, 20), errand["H1"].promised_days)
    assert "非工作时间" not in found["promised"].sentence.zh
    errand.act("H1", "review")
    errand.go_to(date(2026, 3, 24), 21)
    errand.act("H1", "grant")
    assert errand["H1"].delivery_due_on == due_on(errand.now.calendar, date(2026, 3, 24), 10)
    assert told(errand, "H1")["delivery"].is_as_stored


def test_what_came_after_hours_says_that_it_counts_from_the_next_working_day() -> None:
    errand = submitted("catering_full", moment(date(2026, 9, 30), 20))
    found = told(errand, "H1")["intake"]
    assert found.start == date(2026, 10, 8)
    assert "非工作时间" in found.sentence.zh
    assert found.on == date(2026, 10, 14)
    assert [(day.on, day.reason.zh) for day in found.base.made_up] == [(date(2026, 10, 10), "国庆节调休")]


def test_a_holiday_on_the_way_is_named_day_by_day() -> None:
    errand = submitted("catering_full", moment(date(2026, 9, 29)))
    found = told(errand, "H1")["intake"]
    assert found.on == date(2026, 10, 12)
    names = {day.reason.zh for day in found.base.skipped}
    assert "国庆节" in names
    assert "10月1日至7日（国庆节）" in found.sentence.zh


def test_a_special_procedure_and_an_extension_are_steps_of_the_reckoning() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    errand.act("H1", "begin_special", procedure="testing", days=3, reason="水样检测")
    errand.later(3)
    errand.act("H1", "end_special")
    errand.act("H1", "ask_extension", days=4, reason="样品复检")
    errand.act("H1", "extend")
    found = told(errand, "H1")
    assert [(shift.kind, shift.days) for shift in found["promised"].shifts] == [
        (ShiftKind.SPECIAL, 3),
        (ShiftKind.EXTENSION, 4),
    ]
    assert found["promised"].is_as_stored
    assert "检测" in found["promised"].shifts[0].why
    for law in ("第四十五条", "第四十二条"):
        assert law in found["promised"].sentence.zh
    assert found["intake"].shifts == ()


def test_an_extension_does_not_mend_a_promise_already_broken() -> None:
    errand = submitted("catering_full")
    errand.grant("L0", "L1")
    errand.review("F1")
    promised = errand["F1"].promised_due_on
    assert promised is not None
    errand.go_to(due_on(errand.now.calendar, promised, 1))
    before = errand["F1"].statutory_due_on
    errand.act("F1", "ask_extension", days=5, reason="情况复杂")
    errand.act("F1", "extend")
    assert errand["F1"].promised_due_on == promised
    assert errand["F1"].statutory_due_on == (before and due_on(errand.now.calendar, before, 5))
    assert all(one.is_as_stored for one in told(errand, "F1").values())


def test_a_correction_starts_the_intake_clock_again() -> None:
    errand = submitted("catering_full")
    errand.act("H1", "receive")
    errand.post("H1", field_point("staff_list"))
    errand.accept("L0")
    errand.later(2)
    assert errand.case.open_notice is not None
    errand.fitting_answer(errand.case.open_notice)
    found = told(errand, "H1")["intake"]
    assert (found.start, found.is_as_stored) == (errand.now.today, True)
    assert "补正" in found.sentence.zh


def test_an_item_that_waited_counts_from_the_day_it_could_start() -> None:
    errand = submitted("catering_full")
    errand.later(3)
    errand.grant("L0")
    found = told(errand, "L1")["intake"]
    assert found.start == errand.now.today
    assert "前置事项" in found.sentence.zh


def test_only_a_licence_stands_under_the_licensing_law_itself() -> None:
    errand = submitted("catering_full")
    errand.accept("L0", "H1")
    assert errand["L0"].power is PowerType.LICENCE
    assert "参照" not in told(errand, "L0")["statutory"].law.zh
    assert errand["H1"].power is not PowerType.LICENCE
    assert "参照" in told(errand, "H1")["intake"].law.zh


def test_a_year_without_a_notice_is_said_wherever_a_date_depends_on_it() -> None:
    errand = submitted("catering_full", moment(date(2026, 12, 30)))
    found = told(errand, "H1")["intake"]
    assert found.unpublished_years == (2027,)
    assert "2027年：该年度节假日安排尚未公布" in found.sentence.zh


def test_a_notice_that_comes_out_later_does_not_change_the_date_told() -> None:
    errand = submitted("catering_full", moment(date(2026, 12, 30)))
    published = extended(errand.now.calendar, {date(2027, 1, 1): Text("元旦", "New Year's Day")}, {}, 2027)
    found = told(errand, "H1", published)["intake"]
    assert not found.is_as_stored
    assert found.on == due_on(published, found.start, 5)
    assert found.stored_on == errand["H1"].intake_due_on
    assert f"告知时的日期为{written_day(found.stored_on).zh}" in found.sentence.zh


def announcing(plan: Plan, item: str, *, is_counted: bool) -> Plan:
    """The plan with an announcement among the item's procedures."""
    procedure = SpecialProcedure(Text("公告", "announcement"), 15, Text("示例条例", "an example law"), is_counted)
    items = tuple(
        replace(p, item=replace(p.item, special_procedures=(procedure,))) if p.item.code == item else p
        for p in plan.items
    )
    return replace(plan, items=items)


@pytest.mark.parametrize("is_counted", [True, False])
def test_an_announcement_stops_the_clock_only_where_the_items_own_law_says_so(is_counted: bool) -> None:
    errand = submitted("catering_full")
    errand.plan = announcing(errand.plan, "H1", is_counted=is_counted)
    errand.review("H1")
    before = errand["H1"].promised_due_on
    errand.act("H1", "announce", days=4, reason="公示")
    assert errand["H1"].announcements[0].until == date(2026, 3, 20)
    assert (errand["H1"].promised_due_on == before) is is_counted
    errand.act("H1", "begin_special", procedure="检测", days=9, reason="检测")
    errand.later(7)
    errand.act("H1", "end_special")
    found = told(errand, "H1")["promised"]
    assert found.is_as_stored
    lost = working_days_between(errand.now.calendar, MONDAY, errand.now.today)
    assert before is not None
    assert found.on == due_on(errand.now.calendar, before, lost), "no day is given back twice"


LIMITS = st.tuples(st.integers(1, 60), st.sampled_from(list(TimeUnit)))


def with_limits(errand: Errand, item: str, days: int, unit: TimeUnit) -> None:
    """The same application, as if the item had been promised so."""
    opened = [e for e in errand.events if e.task == item and "opened" in e.changes]
    changed: Task = replace(errand[item], promised_days=days, promised_unit=unit, is_instant=False)
    errand.case = replace(errand.case, tasks={**errand.case.tasks, item: changed})
    event: Event = replace(opened[0], changes={"opened": changed})
    errand.events[errand.events.index(opened[0])] = event


@given(
    limit=LIMITS,
    start=st.dates(date(2026, 1, 1), date(2026, 10, 1)),
    hour=st.integers(8, 22),
    gaps=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12)), max_size=4),
)
@settings(max_examples=40, deadline=None)
def test_pauses_never_shorten_and_the_running_stretches_add_up(
    limit: tuple[int, TimeUnit], start: date, hour: int, gaps: list[tuple[int, int]]
) -> None:
    errand = submitted("catering_full", moment(start, hour))
    with_limits(errand, "H1", *limit)
    errand.review("H1")
    calendar, accepted = errand.now.calendar, errand.now.today
    ordinary = errand["H1"].promised_due_on
    stood_still = 0
    for running, paused in gaps:
        errand.go_to(errand.now.today + timedelta(days=running))
        errand.act("H1", "suspend", reason="等待")
        since = errand.now.today
        errand.go_to(since + timedelta(days=paused))
        errand.act("H1", "resume")
        stood_still += working_days_between(calendar, since, errand.now.today)
    found = told(errand, "H1")["promised"]
    assert found.is_as_stored
    assert ordinary is not None
    assert found.on >= ordinary
    if limit[1] is TimeUnit.WORKING_DAY:
        elapsed = working_days_between(calendar, accepted, found.on)
        assert elapsed - stood_still == limit[0], "what ran is what was promised"


def test_the_moment_of_an_event_is_read_in_the_offices_time() -> None:
    errand = submitted("catering_full", Moment(moment(MONDAY, 7).at, moment().calendar))
    assert effective_start(errand.now.calendar, errand.events[-1].at) == MONDAY
    assert [one.kind for one in reckon(errand["H1"], errand.events, errand.now.calendar)] == [DueDate.INTAKE]
