"""Which halls take a case: as far around as its narrowest item is done, never less than its own region's."""

import pytest

from app.domain.errands import taking
from app.domain.halls import Desk
from app.domain.vocabulary import HandlingArea
from tests.factories import catalogue

HALLS, TREE = catalogue().halls.values(), catalogue().regions


@pytest.mark.parametrize(
    ("area", "region", "within"),
    [
        (HandlingArea.NONE, "330802", "330802"),
        (HandlingArea.NONE, "330881112", "330881"),
        (HandlingArea.NONE, "330800", "3308"),
        (HandlingArea.CITY, "330881112", "3308"),
        (HandlingArea.CITY, "330000", "33"),
        (HandlingArea.PROVINCE, "330802", "33"),
        (HandlingArea.NATIONAL, "330802", ""),
    ],
)
def test_the_area_of_the_items_decides_which_halls_take_it(area: HandlingArea, region: str, within: str) -> None:
    found = taking(HALLS, area, region, TREE, Desk.COUNTER)
    expected = [hall for hall in HALLS if Desk.COUNTER in hall.desks and hall.region.startswith(within)]
    assert found == expected
    assert found
