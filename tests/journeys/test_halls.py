"""Somebody who has to go there finds the nearest hall, by region or by where they stand, and nothing of it is kept."""

import pytest

from tests.doors import Doors

HERE = {"longitude": 118.55, "latitude": 28.31}


def test_halls_come_by_distance_from_a_region(shared_doors: Doors) -> None:
    found = shared_doors.get("/halls", region="330881", limit=100)
    assert found[0]["region"].startswith("330881")
    assert [hall["distance_km"] for hall in found] == sorted(hall["distance_km"] for hall in found)
    assert all(hall["phone"].startswith("0000-") for hall in found)
    assert found[0]["is_open"], "Monday, ten o'clock"


def test_halls_come_by_distance_from_where_one_stands(shared_doors: Doors) -> None:
    found = shared_doors.get("/halls", limit=2, **HERE)
    assert [hall["distance_km"] < 3 for hall in found] == [True, True]
    assert found[0]["region"].startswith("330881112")


def test_only_halls_with_the_desk_one_needs_are_named(shared_doors: Doors) -> None:
    found = shared_doors.get("/halls", desk="delivery", limit=3, **HERE)
    assert not any(hall["region"].startswith("330881112") for hall in found), "the town's own hands nothing out"
    assert all("delivery" in {desk["code"] for desk in hall["desks"]} for hall in found)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"longitude": 118.5}, 422),
        ({"latitude": 28.5}, 422),
        ({"longitude": 181, "latitude": 0}, 422),
        ({"longitude": "NaN", "latitude": "NaN"}, 422),
        ({"desk": "bar"}, 422),
        ({"region": "999999"}, 404),
    ],
)
def test_what_is_no_place_is_refused(shared_doors: Doors, asked: dict[str, object], status: int) -> None:
    assert shared_doors.send("GET", "/halls", params=asked).status_code == status


def test_the_page_lists_them_and_says_what_to_bring(shared_doors: Doors) -> None:
    page = shared_doors.client.get("/halls", params=HERE, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "廿八都镇便民服务中心" in page.text
    assert "先打个电话" in page.text
    for broken in ({"longitude": "x", "latitude": "1"}, {"desk": "bar"}, {"longitude": "1e999", "latitude": "nan"}):
        assert shared_doors.client.get("/halls", params=broken, headers={"Accept": "text/html"}).status_code == 200
