"""A stretch of days is covered exactly once, by whole months, single days and what is left."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import cover, days_of, first_of_month, last_of_month, months_of

DAYS = st.dates(date(2025, 11, 1), date(2026, 4, 30))


@given(DAYS, DAYS, st.frozensets(DAYS), st.frozensets(DAYS.map(first_of_month)))
def test_every_day_is_counted_exactly_once(
    first: date, last: date, days: frozenset[date], months: frozenset[date]
) -> None:
    found = cover(first, last, days, months)
    covered = [day for month in found.months for day in days_of(month, last_of_month(month))]
    covered += found.days
    covered += [day for start, end in found.live for day in days_of(start, end)]
    assert sorted(covered) == list(days_of(first, last))
    assert set(found.months) <= months
    assert set(found.days) <= days
    assert days.isdisjoint(day for start, end in found.live for day in days_of(start, end))


def test_a_month_is_taken_whole_only_when_all_of_it_is_asked_for() -> None:
    february = frozenset({date(2026, 2, 1)})
    assert cover(date(2026, 2, 1), date(2026, 2, 28), frozenset(), february).months == (date(2026, 2, 1),)
    part = cover(date(2026, 2, 2), date(2026, 2, 28), frozenset(), february)
    assert (part.months, part.live) == ((), ((date(2026, 2, 2), date(2026, 2, 28)),))


def test_stretches_that_touch_across_months_are_one_question() -> None:
    found = cover(date(2026, 1, 30), date(2026, 3, 2), frozenset(), frozenset())
    assert found.live == ((date(2026, 1, 30), date(2026, 3, 2)),)


def test_the_wrong_way_round_is_nothing() -> None:
    assert list(months_of(date(2026, 2, 2), date(2026, 2, 1))) == []
    assert list(days_of(date(2026, 2, 2), date(2026, 2, 1))) == []


def test_the_last_of_a_month_knows_leap_years_and_december() -> None:
    assert last_of_month(date(2028, 2, 3)) == date(2028, 2, 29)
    assert last_of_month(date(2026, 12, 31)) == date(2026, 12, 31)
