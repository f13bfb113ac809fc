"""办事大厅: where they are, when they are open, which is nearest. All places, hours and telephones are illustrative."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import asin, cos, radians, sin, sqrt

from app.domain.deadlines import Calendar
from app.domain.regions import RegionTree, is_within
from app.domain.vocabulary import Text, Word

EARTH_KM = 6371.0
LOOK_AHEAD_DAYS = 14
"""How far ahead the next opening is looked for; the longest public holiday has eight days."""


class Desk(Word):
    """What a hall offers."""

    COUNTER = "counter", "综合窗口（收件、咨询）", "general counter (intake, advice)"
    DELIVERY = "delivery", "出件窗口（领证）", "delivery desk (collecting certificates)"
    SELF_SERVICE = "self_service", "自助终端", "self-service machines"
    HELP = "help", "帮办代办", "somebody who fills in for you"
    ELDER = "elder", "老年人绿色通道", "priority for older people"
    POST = "post", "寄递", "sending by post"


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth, in degrees (WGS 84)."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch of opening on some days of the week (Monday is 1), office time (UTC+8)."""

    days: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hall:
    """One hall."""

    code: str
    name: Text
    region: str
    address: Text
    at: Place
    hours: tuple[Spell, ...]
    phone: str
    desks: tuple[Desk, ...]


def distance(one: Place, other: Place) -> float:
    """Kilometres along the surface of the earth (haversine, good to half a per cent)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    part = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(part)))


def centre(region: str, halls: Iterable[Hall], tree: RegionTree) -> Place | None:
    """Where a region is taken to be: the middle of its own halls, of those inside it when it has none of its own, or
    the same of the nearest region above."""
    listed = list(halls)
    for place in tree.ancestors(region):
        own = [hall.at for hall in listed if hall.region == place.code]
        inside = own or [hall.at for hall in listed if is_within(hall.region, place.code)]
        if inside:
            count = len(inside)
            return Place(sum(at.longitude for at in inside) / count, sum(at.latitude for at in inside) / count)
    return None


def nearest(halls: Iterable[Hall], at: Place) -> list[tuple[Hall, float]]:
    """Every hall with its distance in kilometres, the nearest first; equally far ones by code."""
    found = [(hall, distance(at, hall.at)) for hall in halls]
    return sorted(found, key=lambda entry: (round(entry[1], 3), entry[0].code))


def spells_on(hall: Hall, day: date, calendar: Calendar) -> list[Spell]:
    """The stretches it is open on one day, in order: none on a holiday; a make-up day (调休) is like a Monday."""
    if day in calendar.holidays:
        return []
    weekday = 1 if day in calendar.make_up_days else day.isoweekday()
    return sorted((spell for spell in hall.hours if weekday in spell.days), key=lambda spell: spell.opens)


def is_open(hall: Hall, at: datetime, calendar: Calendar) -> bool:
    """Whether it is open at an instant in office time."""
    return any(spell.opens <= at.time() < spell.closes for spell in spells_on(hall, at.date(), calendar))


def next_opening(hall: Hall, at: datetime, calendar: Calendar) -> datetime | None:
    """When it opens next, strictly after ``at``; None when that is more than two weeks away."""
    for days in range(LOOK_AHEAD_DAYS + 1):
        day = at.date() + timedelta(days=days)
        for spell in spells_on(hall, day, calendar):
            opening = datetime.combine(day, spell.opens, at.tzinfo)
            if opening > at:
                return opening
    return None


WEEKDAYS: Mapping[int, Text] = {
    1: Text("周一", "Monday"),
    2: Text("周二", "Tuesday"),
    3: Text("周三", "Wednesday"),
    4: Text("周四", "Thursday"),
    5: Text("周五", "Friday"),
    6: Text("周六", "Saturday"),
    7: Text("周日", "Sunday"),
}


def says(spell: Spell) -> Text:
    """周一至周五 09:00–12:00 / Monday to Friday 09:00–12:00."""
    days = spell.days
    when = f"{spell.opens:%H:%M}–{spell.closes:%H:%M}"
    first, last = WEEKDAYS[days[0]], WEEKDAYS[days[-1]]
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return Text(f"{first.zh}至{last.zh} {when}", f"{first.en} to {last.en} {when}")
    names = [WEEKDAYS[day] for day in days]
    return Text("、".join(name.zh for name in names) + f" {when}", ", ".join(name.en for name in names) + f" {when}")
