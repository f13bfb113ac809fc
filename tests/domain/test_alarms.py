"""What is unusual, threshold by threshold; every threshold is illustrative."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.calendar import published
from app.domain.alarms import (
    FACTOR,
    FLOOR,
    KNOWN_DAYS,
    MOST_CASES,
    MOST_DENIALS,
    MOST_OFF_HOURS,
    AlarmKind,
    DatasetDay,
    DeskDay,
    Focus,
    of_datasets,
    of_desks,
    of_persons,
    usual_of,
    working_hours,
)
from app.domain.deadlines import BEIJING

DAY = date(2026, 3, 16)


def desk(denied: int = 0, off_hours: int = 0) -> DeskDay:
    """One desk's day."""
    return DeskDay(actor="officer.police.330802.1", day=DAY, denied=denied, off_hours=off_hours)


def calls(count: int, *before: int) -> DatasetDay:
    """One department's day."""
    return DatasetDay(department="land.330802", dataset="marriage_register", day=DAY, calls=count, before=before)


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (desk(), []),
        (desk(denied=MOST_DENIALS - 1, off_hours=MOST_OFF_HOURS - 1), []),
        (desk(denied=MOST_DENIALS), [AlarmKind.DENIALS]),
        (desk(off_hours=MOST_OFF_HOURS), [AlarmKind.OFF_HOURS]),
        (desk(denied=99, off_hours=99), [AlarmKind.DENIALS, AlarmKind.OFF_HOURS]),
    ],
)
def test_refusals_and_odd_hours_of_a_desk(day: DeskDay, kinds: list[AlarmKind]) -> None:
    assert [alarm.kind for alarm in of_desks([day])] == kinds


@pytest.mark.parametrize(
    ("day", "is_unusual"),
    [
        (calls(10_000), False),
        (calls(10_000, *[10] * (KNOWN_DAYS - 1)), False),
        (calls(FLOOR - 1, *[1] * KNOWN_DAYS), False),
        (calls(FLOOR, *[1] * KNOWN_DAYS), True),
        (calls(FACTOR * 20, *[20] * KNOWN_DAYS), False),
        (calls(FACTOR * 20 + 1, *[20] * KNOWN_DAYS), True),
    ],
)
def test_many_more_calls_than_usual(day: DatasetDay, is_unusual: bool) -> None:
    assert [alarm.kind for alarm in of_datasets([day])] == [AlarmKind.RATE] * is_unusual


@given(st.integers(0, 500), st.lists(st.integers(1, 500), max_size=28), st.integers(0, 500))
def test_more_calls_never_make_an_alarm_go_away(count: int, before: list[int], more: int) -> None:
    fewer, many = (len(list(of_datasets([calls(n, *before)]))) for n in (count, count + more))
    assert fewer <= many


def test_what_is_usual_needs_some_days() -> None:
    assert usual_of((5,) * (KNOWN_DAYS - 1)) is None
    assert usual_of((2, 4, 6, 8, 10)) == 6


def test_one_person_in_many_cases_is_told_once_a_month_and_names_nobody() -> None:
    def focus(day: date, cases: int = MOST_CASES) -> Focus:
        return Focus(actor="officer.market.330802.1", subject="f" * 64, day=day, cases=cases)

    first, again, later = of_persons([focus(DAY), focus(DAY + timedelta(days=3)), focus(date(2026, 4, 1))])
    assert first.key == again.key != later.key
    assert "f" * 64 not in first.text.zh + first.text.en
    assert list(of_persons([focus(DAY, MOST_CASES - 1)])) == []


@pytest.mark.parametrize(
    ("at", "is_inside"),
    [
        (datetime(2026, 3, 16, 6, 59, tzinfo=BEIJING), False),
        (datetime(2026, 3, 16, 7, 0, tzinfo=BEIJING), True),
        (datetime(2026, 3, 16, 19, 59, tzinfo=BEIJING), True),
        (datetime(2026, 3, 16, 20, 0, tzinfo=BEIJING), False),
        (datetime(2026, 3, 15, 12, 0, tzinfo=BEIJING), False),
    ],
)
def test_working_hours_are_those_of_working_days(at: datetime, is_inside: bool) -> None:
    hours = working_hours(at.date(), published())
    assert (hours is not None and hours[0] <= at < hours[1]) is is_inside


def test_every_kind_says_itself_in_both_languages() -> None:
    found = [
        *of_desks([desk(denied=9, off_hours=9)]),
        *of_datasets([calls(500, *[9] * KNOWN_DAYS)]),
        *of_persons([Focus(actor="officer.market.330802.1", subject="f", day=DAY, cases=9)]),
    ]
    assert {alarm.kind for alarm in found} == set(AlarmKind)
    assert all(str(alarm.count) in alarm.text.zh and str(alarm.count) in alarm.text.en for alarm in found)
    assert len({alarm.key for alarm in found}) == len(found)
