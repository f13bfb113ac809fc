"""The published calendar: the State Council's lists, and a year a pack brings itself."""

from datetime import date, timedelta

import pytest

from app.catalogue.calendar import HOLIDAYS, extended, published
from app.domain.deadlines import CalendarError, due, due_on, explain
from app.domain.vocabulary import Text

SPRING = Text("春节", "Spring Festival")
NEW_YEAR = Text("元旦", "New Year's Day")

OFF = {
    2025: "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 "
    "10-01 10-02 10-05 10-06 10-07",
}
WORKED = {2025: "01-26 02-08 04-27 09-28 10-11", 2026: "01-04 02-14 02-28 05-09 09-20 10-10"}


def year_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_weekday_holidays_and_working_weekends_are_those_of_the_notice(year: int) -> None:
    calendar = published()
    off = [f"{day:%m-%d}" for day in year_of(year) if day.weekday() < 5 and not calendar.is_working(day)]
    worked = [f"{day:%m-%d}" for day in year_of(year) if day.weekday() >= 5 and calendar.is_working(day)]
    assert off == OFF[year].split()
    assert worked == WORKED[year].split()


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-09-29", 5, "2026-10-12"),
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-02-12", 20, "2026-03-18"),
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-05-08", 1, "2026-05-09"),
    ],
)
def test_known_limits_end_on_the_known_day(start: str, count: int, end: str) -> None:
    assert due_on(published(), date.fromisoformat(start), count) == date.fromisoformat(end)


def test_every_published_day_has_a_name_in_both_languages() -> None:
    calendar = published()
    assert set(calendar.holidays.values()) <= set(HOLIDAYS.values())
    assert calendar.holidays[date(2026, 9, 25)] == Text("中秋节", "Mid-autumn Festival")
    assert calendar.make_up_days[date(2026, 10, 10)] == Text("国庆节调休", "in exchange for National Day")


def test_the_calendar_is_built_once_and_knows_its_years() -> None:
    assert published() is published()
    assert published().is_published(2026)
    assert not published().is_published(2003)
    assert not published().is_published(2100)


def test_a_year_not_yet_published_is_counted_by_the_week_and_said() -> None:
    found = due(published(), date(2098, 9, 30), 3)
    assert found.on == date(2098, 10, 3)
    assert found.unpublished_years == (2098,)
    assert "该年度节假日安排尚未公布，按周一至周五计算" in explain(found).zh


def test_a_pack_can_bring_a_year_and_the_days_it_borrows_from_december() -> None:
    calendar = extended(
        published(),
        holidays={date(2097, 12, 31): NEW_YEAR, date(2098, 1, 1): NEW_YEAR},
        make_up_days={date(2098, 1, 4): NEW_YEAR},
        year=2098,
    )
    assert calendar.is_published(2098)
    assert not calendar.is_published(2097)
    assert not calendar.is_working(date(2097, 12, 31))
    assert calendar.is_working(date(2098, 1, 4))
    assert calendar.make_up_days[date(2098, 1, 4)] == Text("元旦调休", "in exchange for New Year's Day")
    assert published().is_working(date(2098, 1, 1))


def test_bringing_a_known_year_replaces_it_and_leaves_the_others() -> None:
    calendar = extended(published(), {date(2026, 2, 17): SPRING}, {}, 2026)
    assert calendar.is_working(date(2026, 10, 1))
    assert not calendar.is_working(date(2026, 10, 10))
    assert not calendar.is_working(date(2026, 2, 17))
    assert not calendar.is_working(date(2025, 10, 1))


@pytest.mark.parametrize("wrong", [date(2097, 11, 30), date(2099, 1, 1), date(2096, 12, 31)])
def test_a_day_of_another_year_is_refused(wrong: date) -> None:
    with pytest.raises(CalendarError) as caught:
        extended(published(), {wrong: SPRING}, {}, 2098)
    assert str(wrong) in caught.value.message.zh
