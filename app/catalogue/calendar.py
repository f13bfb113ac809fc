"""The working calendar: the State Council's yearly notices as the ``chinesecalendar`` package carries them.

A notice comes out in November for the year after, and the package follows; until then a pack can bring the year
itself through :func:`extended`.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

from app.domain.deadlines import Calendar, CalendarError
from app.domain.vocabulary import Text

HOLIDAYS: Final[Mapping[str, Text]] = {
    name.en: name
    for name in (
        Text("元旦", "New Year's Day"),
        Text("春节", "Spring Festival"),
        Text("清明节", "Tomb-sweeping Day"),
        Text("劳动节", "Labour Day"),
        Text("端午节", "Dragon Boat Festival"),
        Text("中秋节", "Mid-autumn Festival"),
        Text("国庆节", "National Day"),
        Text("中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日", "Anti-Fascist 70th Day"),
    )
}
"""The holidays by the name the package gives them."""


@cache
def published() -> Calendar:
    """The calendar of every year whose notice is out, built once per process."""
    import chinese_calendar  # here, so that a command that counts no days does not pay for it

    return Calendar(
        holidays={day: _holiday(name) for day, name in chinese_calendar.holidays.items()},
        make_up_days={day: _make_up(_holiday(name)) for day, name in chinese_calendar.workdays.items()},
        known_years=frozenset(day.year for day in chinese_calendar.holidays),
    )


def extended(
    calendar: Calendar, holidays: Mapping[date, Text], make_up_days: Mapping[date, Text], year: int
) -> Calendar:
    """A calendar in which the notice of ``year`` is the given one; what was known of that year is forgotten.

    A notice may also name days of the December before, which are added. Give ``make_up_days`` the holiday's name,
    the exchange is said by itself. Raises :class:`CalendarError` for a day that cannot belong to the notice.
    """
    for day in sorted({*holidays, *make_up_days}):
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise CalendarError(
                Text(
                    f"{day} 不属于 {year} 年的放假安排，请移到相应年份。",
                    f"{day} does not belong to the notice of {year}; move it to its own year.",
                )
            )
    kept = {day: name for day, name in calendar.holidays.items() if day.year != year and day not in make_up_days}
    worked = {day: name for day, name in calendar.make_up_days.items() if day.year != year and day not in holidays}
    return Calendar(
        holidays=kept | dict(holidays),
        make_up_days=worked | {day: _make_up(name) for day, name in make_up_days.items()},
        known_years=calendar.known_years | {year},
    )


def _holiday(name: str) -> Text:
    """A holiday the package learned after this was written keeps its own name in both languages."""
    return HOLIDAYS.get(name, Text(name, name))


def _make_up(holiday: Text) -> Text:
    return Text(f"{holiday.zh}调休", f"in exchange for {holiday.en}")
