"""The nearest hall: distances, the middle of a region, and when a hall is open."""

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import BEIJING, Calendar
from app.domain.halls import Desk, Hall, Place, Spell, centre, distance, is_open, nearest, next_opening, says
from app.domain.vocabulary import Text
from tests.factories import catalogue

CALENDAR: Calendar = catalogue().calendar
HALLS = catalogue().halls
TREE = catalogue().regions
WEEK = (1, 2, 3, 4, 5)
PLACES = st.builds(Place, st.floats(73, 136), st.floats(3, 54))


def hall(*spells: Spell) -> Hall:
    """A hall with these hours."""
    text = Text("示例", "example")
    return Hall("h", text, "330802", text, Place(118.87, 28.97), spells, "0000-00000001", (Desk.COUNTER,))


OFFICE = hall(Spell(WEEK, time(9), time(12)), Spell(WEEK, time(13, 30), time(17)))


def at(day: str, clock: str) -> datetime:
    """An instant in office time."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        ((120.0, 30.0), (120.0, 31.0), 111.2),
        ((120.0, 0.0), (121.0, 0.0), 111.2),
        ((118.87, 28.97), (118.63, 28.74), 34.7),
    ],
)
def test_distances_are_those_on_the_globe(
    one: tuple[float, float], other: tuple[float, float], kilometres: float
) -> None:
    assert distance(Place(*one), Place(*other)) == pytest.approx(kilometres, abs=0.3)


@given(PLACES, PLACES, PLACES)
def test_distance_is_a_distance(a: Place, b: Place, c: Place) -> None:
    assert distance(a, a) == pytest.approx(0, abs=1e-6)
    assert distance(a, b) == pytest.approx(distance(b, a))
    assert distance(a, c) <= distance(a, b) + distance(b, c) + 1e-6


@given(PLACES)
def test_the_nearest_comes_first_and_none_is_left_out(here: Place) -> None:
    found = nearest(HALLS.values(), here)
    assert {hall.code for hall, _ in found} == set(HALLS)
    far = [round(kilometres, 3) for _, kilometres in found]
    assert far == sorted(far)


def test_every_region_has_a_middle_and_a_hall_of_its_own_is_the_nearest() -> None:
    for code in TREE:
        middle = centre(code, HALLS.values(), TREE)
        assert middle is not None, code
    town = centre("330881112", HALLS.values(), TREE)
    assert town is not None
    assert nearest(HALLS.values(), town)[0][0].region.startswith("330881112")


def test_a_village_without_a_hall_is_taken_to_lie_where_its_township_is() -> None:
    middle = centre("330881121990", HALLS.values(), TREE)
    assert middle == HALLS["hall_330881121"].at
    assert centre("330802", [], TREE) is None


@pytest.mark.parametrize(
    ("day", "clock", "open_", "opens"),
    [
        ("2026-03-16", "08:59", False, "2026-03-16T09:00"),
        ("2026-03-16", "09:00", True, "2026-03-16T13:30"),
        ("2026-03-16", "12:00", False, "2026-03-16T13:30"),
        ("2026-03-16", "17:00", False, "2026-03-17T09:00"),
        ("2026-03-20", "17:00", False, "2026-03-23T09:00"),
        ("2026-10-01", "10:00", False, "2026-10-08T09:00"),
        ("2026-10-10", "10:00", True, "2026-10-10T13:30"),
    ],
    ids=["before", "opening", "lunch", "closing", "weekend", "public holiday", "make-up Saturday"],
)
def test_a_hall_keeps_office_hours(day: str, clock: str, open_: bool, opens: str) -> None:
    moment = at(day, clock)
    assert is_open(OFFICE, moment, CALENDAR) is open_
    assert next_opening(OFFICE, moment, CALENDAR) == datetime.fromisoformat(opens).replace(tzinfo=BEIJING)


def test_a_hall_that_opens_on_saturdays_stays_shut_on_a_holiday() -> None:
    saturdays = hall(Spell((6,), time(9), time(12)))
    assert is_open(saturdays, at("2026-03-21", "10:00"), CALENDAR)
    assert not is_open(saturdays, at("2026-10-03", "10:00"), CALENDAR)


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (WEEK, "周一至周五 09:00–12:00", "Monday to Friday 09:00–12:00"),
        ((1, 3, 5), "周一、周三、周五 09:00–12:00", "Monday, Wednesday, Friday 09:00–12:00"),
        ((6,), "周六 09:00–12:00", "Saturday 09:00–12:00"),
    ],
)
def test_hours_are_said_as_people_say_them(days: tuple[int, ...], zh: str, en: str) -> None:
    assert says(Spell(days, time(9), time(12))) == Text(zh, en)
