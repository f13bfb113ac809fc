"""Deadlines: counting days, telling why, and the chain of steps that decides how long everything takes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import (
    BEIJING,
    LONGEST_LIMIT,
    WEEKEND,
    Calendar,
    CalendarError,
    CriticalPath,
    CycleError,
    critical_path,
    due,
    due_on,
    effective_start,
    explain,
    stages,
    working_days_between,
)
from app.domain.vocabulary import Text, TimeUnit

NATIONAL_DAY = Text("国庆节", "National Day")
MAY_DAY = Text("劳动节", "Labour Day")
MADE_UP = Text("国庆节调休", "in exchange for National Day")
CALENDAR = Calendar(
    holidays={date(2026, 10, day): NATIONAL_DAY for day in range(1, 8)}
    | {date(2026, 5, day): MAY_DAY for day in range(1, 6)},
    make_up_days={date(2026, 9, 20): MADE_UP, date(2026, 10, 10): MADE_UP},
    known_years=frozenset({2026}),
)
NOTHING_KNOWN = Calendar({}, {}, frozenset())

days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
counts = st.integers(0, 120)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any mixture of days off and weekends worked within two years."""
    within = st.dates(date(2026, 1, 1), date(2027, 12, 31))
    off = draw(st.dictionaries(within, st.just(NATIONAL_DAY), max_size=60))
    weekends = within.filter(lambda day: day.weekday() >= 5 and day not in off)
    worked = draw(st.dictionaries(weekends, st.just(MADE_UP), max_size=12))
    return Calendar(off, worked, frozenset({2026}))


def counted_by_hand(calendar: Calendar, start: date, count: int) -> date:
    """The rule as the law words it: walk day by day and count the working ones."""
    day = start
    if count == 0:
        while not calendar.is_working(day):
            day += timedelta(days=1)
    while count:
        day += timedelta(days=1)
        count -= calendar.is_working(day)
    return day


def test_a_make_up_sunday_is_a_working_day_and_a_holiday_is_not() -> None:
    assert CALENDAR.is_working(date(2026, 9, 20))
    assert not CALENDAR.is_working(date(2026, 10, 1))
    assert not CALENDAR.is_working(date(2026, 9, 19))
    assert CALENDAR.is_working(date(2026, 9, 21))


def test_every_day_off_says_why() -> None:
    assert CALENDAR.why_off(date(2026, 10, 3)) == NATIONAL_DAY
    assert CALENDAR.why_off(date(2026, 10, 11)) == WEEKEND
    assert CALENDAR.why_off(date(2026, 10, 10)) is None


def test_a_calendar_is_not_changed_by_changing_what_it_was_made_from() -> None:
    holidays = {date(2026, 10, 1): NATIONAL_DAY}
    calendar = Calendar(holidays, {}, frozenset({2026}))
    holidays.clear()
    assert not calendar.is_working(date(2026, 10, 1))


@pytest.mark.parametrize("wrong", [date(2026, 9, 21), date(2026, 10, 3)])
def test_a_make_up_day_on_a_weekday_or_on_a_holiday_is_refused(wrong: date) -> None:
    with pytest.raises(CalendarError) as caught:
        Calendar({date(2026, 10, 3): NATIONAL_DAY}, {wrong: MADE_UP}, frozenset({2026}))
    assert str(wrong) in caught.value.message.zh
    assert str(wrong) in caught.value.message.en


def test_the_start_day_is_not_counted_and_what_was_skipped_is_told() -> None:
    found = due(CALENDAR, date(2026, 9, 29), 5)
    assert found.on == date(2026, 10, 12)
    assert [day.on for day in found.skipped] == [*(date(2026, 10, n) for n in range(1, 8)), date(2026, 10, 11)]
    assert {day.reason for day in found.skipped} == {NATIONAL_DAY, WEEKEND}
    assert [day.on for day in found.made_up] == [date(2026, 10, 10)]
    assert found.unpublished_years == ()


def test_nothing_to_count_ends_on_the_day_itself_or_the_next_working_day() -> None:
    assert due(CALENDAR, date(2026, 9, 30), 0).on == date(2026, 9, 30)
    assert due(CALENDAR, date(2026, 9, 30), 0).skipped == ()
    closed = due(CALENDAR, date(2026, 10, 1), 0)
    assert closed.on == date(2026, 10, 8)
    assert len(closed.skipped) == 7


def test_a_limit_in_calendar_days_moves_only_when_its_last_day_is_off() -> None:
    moved = due(CALENDAR, date(2026, 9, 20), 11, TimeUnit.CALENDAR_DAY)
    assert moved.on == date(2026, 10, 8)
    assert [day.on for day in moved.skipped] == [date(2026, 10, n) for n in range(1, 8)]
    across = due(CALENDAR, date(2026, 9, 30), 8, TimeUnit.CALENDAR_DAY)
    assert across.on == date(2026, 10, 8)
    assert across.skipped == ()
    worked = due(CALENDAR, date(2026, 9, 18), 2, TimeUnit.CALENDAR_DAY)
    assert worked.on == date(2026, 9, 20)
    assert [day.on for day in worked.made_up] == [date(2026, 9, 20)]


@given(calendars(), days, counts)
def test_the_fast_count_equals_the_count_by_hand(calendar: Calendar, start: date, count: int) -> None:
    by_hand = counted_by_hand(calendar, start, count)
    assert due_on(calendar, start, count) == by_hand
    assert due(calendar, start, count).on == by_hand


@given(calendars(), days, counts, st.sampled_from(TimeUnit))
def test_the_account_of_a_limit_adds_up(calendar: Calendar, start: date, count: int, unit: TimeUnit) -> None:
    found = due(calendar, start, count, unit)
    assert found.on == due_on(calendar, start, count, unit)
    assert calendar.is_working(found.on)
    assert not any(calendar.is_working(day.on) for day in found.skipped)
    assert all(calendar.is_working(day.on) and day.on.weekday() >= 5 for day in found.made_up)
    passed = (found.on - start).days
    assert passed == count + len(found.skipped)


@given(calendars(), days, st.integers(1, 120))
def test_counting_back_gives_the_number_counted(calendar: Calendar, start: date, count: int) -> None:
    end = due_on(calendar, start, count)
    assert working_days_between(calendar, start, end) == count
    assert working_days_between(calendar, end, start) == -count


@given(st.dates(), st.integers(0, 400))
def test_a_calendar_that_knows_nothing_counts_monday_to_friday_and_says_so(start: date, count: int) -> None:
    try:
        end = due_on(NOTHING_KNOWN, start, count)
    except CalendarError:
        assert start.year >= 9998
        return
    assert end == counted_by_hand(NOTHING_KNOWN, start, count)
    assert end.year in due(NOTHING_KNOWN, start, count).unpublished_years


def test_years_without_a_notice_are_told() -> None:
    assert due(CALENDAR, date(2026, 12, 20), 5).unpublished_years == ()
    assert due(CALENDAR, date(2026, 12, 31), 5).unpublished_years == (2027,)
    assert due(CALENDAR, date(2025, 12, 30), 400).unpublished_years == (2025, 2027)


@pytest.mark.parametrize("count", [-1, LONGEST_LIMIT + 1, 10**30])
@pytest.mark.parametrize("unit", list(TimeUnit))
def test_a_senseless_count_is_refused_in_both_languages(count: int, unit: TimeUnit) -> None:
    with pytest.raises(CalendarError) as caught:
        due(CALENDAR, date(2026, 1, 5), count, unit)
    assert "3650" in caught.value.message.zh
    assert "3650" in caught.value.message.en


@pytest.mark.parametrize("unit", list(TimeUnit))
def test_a_limit_past_the_last_day_there_is_is_refused(unit: TimeUnit) -> None:
    with pytest.raises(CalendarError, match="out of reach"):
        due_on(CALENDAR, date.max, 5, unit)


@pytest.mark.parametrize(
    ("at", "received"),
    [
        (datetime.fromisoformat("2026-09-30 09:00:00"), date(2026, 9, 30)),
        (datetime.fromisoformat("2026-09-30 17:30:00"), date(2026, 9, 30)),
        (datetime.fromisoformat("2026-09-30 17:30:01"), date(2026, 10, 8)),
        (datetime.fromisoformat("2026-10-03 10:00:00"), date(2026, 10, 8)),
        (datetime.fromisoformat("2026-09-20 10:00:00"), date(2026, 9, 20)),
        (datetime.fromisoformat("2026-09-19 23:59:00"), date(2026, 9, 20)),
        (datetime(2026, 9, 29, 9, 30, tzinfo=UTC), date(2026, 9, 29)),
        (datetime(2026, 9, 29, 9, 31, tzinfo=UTC), date(2026, 9, 30)),
        (datetime(2026, 9, 28, 16, 30, tzinfo=UTC), date(2026, 9, 29)),
        (datetime(2026, 9, 29, 17, 0, tzinfo=BEIJING), date(2026, 9, 29)),
    ],
)
def test_what_comes_after_hours_or_on_a_day_off_is_received_the_next_working_day(at: datetime, received: date) -> None:
    assert effective_start(CALENDAR, at) == received


def test_a_hall_with_longer_hours_receives_later() -> None:
    evening = datetime.fromisoformat("2026-09-29 19:00:00")
    assert effective_start(CALENDAR, evening, closes=time(20)) == date(2026, 9, 29)


def test_the_explanation_names_the_start_the_count_the_end_and_every_reason() -> None:
    told = explain(due(CALENDAR, date(2026, 9, 29), 5))
    assert told.zh == (
        "自2026年9月29日的次日起算，5个工作日于2026年10月12日届满；"
        "不计入：10月1日至7日（国庆节）、10月11日（周末）；调休上班，计入：10月10日（国庆节调休）。"
    )
    assert told.en == (
        "Counting from the day after 29 September 2026, 5 working days end on 12 October 2026; "
        "not counted: 1 October to 7 October (National Day), 11 October (weekend); "
        "weekend days worked and counted: 10 October (in exchange for National Day)."
    )


def test_the_explanation_says_when_a_year_is_not_yet_published() -> None:
    told = explain(due(CALENDAR, date(2026, 12, 30), 45))
    assert "2027年：该年度节假日安排尚未公布，按周一至周五计算" in told.zh
    assert "holidays of 2027 have not been published" in told.en


def test_many_weekends_are_counted_instead_of_listed() -> None:
    told = explain(due(CALENDAR, date(2026, 2, 2), 80))
    assert "周末共" in told.zh
    assert "5月1日至5日（劳动节）" in told.zh
    assert len(told.zh) < 120


def test_the_explanation_of_a_moved_calendar_limit_says_that_it_moved() -> None:
    told = explain(due(CALENDAR, date(2026, 9, 20), 11, TimeUnit.CALENDAR_DAY))
    assert "顺延至2026年10月8日" in told.zh
    assert "run to 8 October 2026" in told.en


@pytest.mark.parametrize(("count", "word"), [(0, "on the spot"), (1, "1 working day ends"), (2, "2 working days end ")])
def test_the_explanation_is_grammatical(count: int, word: str) -> None:
    told = explain(due(CALENDAR, date(2026, 3, 3), count))
    assert word in told.en
    assert told.zh.endswith("。")


# L0 then L1 then five departments at once; H1 beside everything: the restaurant.
RESTAURANT = {"L0": 0, "L1": 1, "F1": 10, "S1": 5, "X1": 10, "T1": 20, "H1": 5}
ORDER: dict[str, list[list[str]]] = {"L1": [["L0"]]} | {item: [["L1"]] for item in ("F1", "S1", "X1", "T1")}


def test_the_total_is_the_longest_chain_not_the_sum() -> None:
    found = critical_path(RESTAURANT, ORDER)
    assert found.total == 21
    assert found.on_path == ("L0", "L1", "T1")
    assert found.start["T1"] == 1
    assert found.finish["H1"] == 5
    assert list(found.finish) == list(RESTAURANT)


def test_of_an_any_of_group_the_first_to_finish_is_enough() -> None:
    found = critical_path({"slow": 9, "quick": 2, "other": 3, "last": 1}, {"last": [["slow", "quick"], ["other"]]})
    assert found.start["last"] == 3
    assert found.total == 9
    assert found.on_path == ("slow",)


def test_a_chain_declared_backwards_is_counted_all_the_same() -> None:
    steps = [f"s{n}" for n in range(50)]
    after = {later: [[earlier]] for earlier, later in pairwise(steps)}
    found = critical_path(dict.fromkeys(reversed(steps), 2), after)
    assert found.total == 100
    assert found.on_path == tuple(steps)


def test_ties_go_to_the_step_declared_first() -> None:
    assert critical_path({"b": 3, "a": 3}, {}).on_path == ("b",)
    assert critical_path({"b": 3, "a": 3, "z": 1}, {"z": [["a"], ["b"]]}).on_path == ("a", "z")


def test_no_steps_take_no_time() -> None:
    assert critical_path({}, {}) == CriticalPath(0, {}, {}, ())
    assert stages({}) == ()


def test_an_empty_group_asks_for_nothing() -> None:
    assert critical_path({"a": 4}, {"a": [[]]}).total == 4


@pytest.mark.parametrize(
    ("after", "names"),
    [
        ({"a": [["a"]]}, ("a",)),
        ({"b": [["a"]], "a": [["b"]]}, ("b", "a")),
        ({"z": [], "a": [["z"], ["c"]], "b": [["a"]], "c": [["z", "b"]], "d": [["c"]]}, ("a", "b", "c")),
    ],
)
def test_steps_that_wait_for_each_other_are_named_in_order(
    after: Mapping[str, Sequence[Sequence[str]]], names: tuple[str, ...]
) -> None:
    with pytest.raises(CycleError) as caught:
        stages(after)
    assert caught.value.names == names
    assert " → ".join(names) in caught.value.message.zh


def test_a_step_without_a_duration_or_with_a_negative_one_is_refused() -> None:
    with pytest.raises(ValueError, match="ghost"):
        critical_path({"a": 1}, {"a": [["ghost"]]})
    with pytest.raises(ValueError, match="mend a"):
        critical_path({"a": -1}, {})


def test_stages_are_the_rounds_in_which_steps_may_start() -> None:
    assert stages({"H1": [], **ORDER}) == (("H1", "L0"), ("L1",), ("F1", "S1", "X1", "T1"))


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20),
)
def test_no_step_starts_before_what_it_needs_and_the_path_is_unbroken(
    lengths: list[int], links: list[tuple[int, int]]
) -> None:
    durations = {str(place): days for place, days in enumerate(lengths)}
    after: dict[str, list[list[str]]] = {}
    for earlier, later in links:
        if earlier < later < len(lengths):
            after.setdefault(str(later), []).append([str(earlier)])
    found = critical_path(durations, after)
    for name, groups in after.items():
        assert all(found.start[name] >= found.finish[other] for (other,) in groups)
    assert found.total == max(found.finish.values()) == sum(durations[name] for name in found.on_path)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, list[list[str]]]]:
    """Steps with durations; each may wait for groups of earlier steps, all of the groups, any step of a group."""
    names = [f"s{number}" for number in range(draw(st.integers(1, 7)))]
    durations = {name: draw(st.integers(0, 9)) for name in names}
    after = {}
    for place, name in enumerate(names[1:], 1):
        group = st.lists(st.sampled_from(names[:place]), min_size=1, max_size=3, unique=True)
        after[name] = draw(st.lists(group, max_size=3))
    return durations, after


@given(graph=graphs(), calendar=calendars(), start=st.dates(date(2026, 1, 1), date(2027, 6, 30)))
def test_the_day_for_the_whole_is_what_a_simulation_day_by_day_finds(
    graph: tuple[dict[str, int], dict[str, list[list[str]]]], calendar: Calendar, start: date
) -> None:
    durations, after = graph
    left, done, day, worked = dict(durations), set[str](), start, 0
    while len(done) < len(durations):
        ready = [n for n in durations if n not in done and all(done & set(group) for group in after.get(n, []))]
        finished = {name for name in ready if left[name] == 0}
        if finished:
            done |= finished
            continue
        day += timedelta(days=1)
        if calendar.is_working(day):
            worked += 1
            left = {name: rest - (name in ready) for name, rest in left.items()}
    total = critical_path(durations, after).total
    assert total == worked
    assert total == 0 or due_on(calendar, start, total) == day
