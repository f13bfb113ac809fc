"""Days and months to add up: which months may be taken whole, which days, and what has to be counted live."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.vocabulary import Text, Word

DAY = timedelta(days=1)
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class Span(Word):
    """How long a roll-up reaches."""

    DAY = "day", "日", "day"
    MONTH = "month", "月", "month"


@dataclass(frozen=True, slots=True)
class Cover:
    """A stretch of days in three kinds of pieces that never overlap: months and days that are rolled up, named by
    their first day, and stretches (first and last day, both included) that are not."""

    months: tuple[date, ...]
    days: tuple[date, ...]
    live: tuple[tuple[date, date], ...]


def first_of_month(day: date) -> date:
    """The first of its month."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """The last of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def days_of(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included; none when they are the wrong way round."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def months_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The stretch cut at the ends of months: first and last day of each piece, oldest first."""
    while first <= last:
        end = min(last, last_of_month(first))
        yield first, end
        first = end + DAY


def cover(first: date, last: date, days: frozenset[date], months: frozenset[date]) -> Cover:
    """Cover the stretch with what is rolled up. ``days`` and ``months`` name roll-ups by their first day."""
    whole: list[date] = []
    single: list[date] = []
    live: list[tuple[date, date]] = []
    for start, end in months_of(first, last):
        if start in months and start.day == 1 and end == last_of_month(start):
            whole.append(start)
            continue
        for day in days_of(start, end):
            if day in days:
                single.append(day)
            elif live and live[-1][1] + DAY == day:
                live[-1] = (live[-1][0], day)
            else:
                live.append((day, day))
    return Cover(tuple(whole), tuple(single), tuple(live))


def written_day(day: date) -> Text:
    """A date as papers and sentences write it: 2026年3月16日 / 16 March 2026."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}")
