"""The inbox: what each filter leaves in, how it pages, and that its counts are those of its lines."""

from typing import Any

import pytest

from tests.doors import Doors, Filed
from tests.factories import MONDAY

FIRST, SECOND = "officer.market.330802.1", "officer.market.330802.2"


@pytest.fixture(scope="module")
def busy(shared_doors: Doors) -> Doors:
    """A department with tasks in several statuses of two bundles: some late, one paused, one over."""
    meal = shared_doors.file("catering_full")
    meal.grant("L0", uscc="91003308MA00DEM14D")
    meal.grant("L1")
    meal.review("F1")
    meal.act("F1", "begin_special", reason="需要检测。", procedure="testing", days=30)
    _over(meal)
    other = shared_doors.file("catering_full")
    other.act("L0", "receive", who=SECOND)
    shared_doors.clock.pass_(days=10)
    shared_doors.file("startup_full")
    return shared_doors


def _over(case: Filed) -> None:
    case.act("L1", "deliver")


def lines(doors: Doors, **wish: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = doors.get("/tasks", FIRST, limit=100, **wish)["entries"]
    return found


@pytest.mark.parametrize(
    ("wish", "holds"),
    [
        ({"status": "special"}, lambda line: line["status"]["code"] == "special"),
        ({"status": "waiting"}, lambda line: line["status"]["code"] == "waiting"),
        ({"bundle": "startup"}, lambda line: line["bundle"] == "startup"),
        ({"item": "L1"}, lambda line: line["item"] == "L1"),
        ({"due_by": str(MONDAY)}, lambda line: (line["sort_on"] or "9") <= str(MONDAY)),
        ({"number": "-f1"}, lambda line: line["id"].endswith("-F1")),
        ({"light": "off"}, lambda line: line["light"]["light"]["code"] == "off"),
        ({"light": "paused"}, lambda line: line["light"]["light"]["code"] == "paused"),
        ({"light": "green"}, lambda line: line["light"]["light"]["code"] == "green"),
        ({"light": "yellow"}, lambda line: line["light"]["light"]["code"] == "yellow"),
        ({"light": "red"}, lambda line: line["light"]["light"]["code"] == "red"),
        ({"light": "deep_red"}, lambda line: line["light"]["light"]["code"] == "deep_red"),
    ],
    ids=lambda part: " ".join(*part.items()) if isinstance(part, dict) else "",
)
def test_a_filter_leaves_in_exactly_what_it_says(busy: Doors, wish: dict[str, str], holds: Any) -> None:
    assert [line["id"] for line in lines(busy, **wish)] == [line["id"] for line in lines(busy) if holds(line)]


def test_the_prepared_department_shows_something_for_most_lights(busy: Doors) -> None:
    assert {line["light"]["light"]["code"] for line in lines(busy)} >= {"off", "paused", "green", "red"}


def test_only_mine_are_those_i_received(busy: Doors) -> None:
    mine = {line["id"] for line in lines(busy, mine=True)}
    hers = {line["id"] for line in busy.get("/tasks", SECOND, mine=True)["entries"]}
    assert mine
    assert len(hers) == 1
    assert not mine & hers


def test_filters_hold_together_and_over_pages(busy: Doors) -> None:
    whole = lines(busy, bundle="catering")
    assert len(whole) > 2
    paged: list[str] = []
    cursor = None
    while True:
        page = busy.get("/tasks", FIRST, bundle="catering", limit=1, **({"cursor": cursor} if cursor else {}))
        paged += [line["id"] for line in page["entries"]]
        if (cursor := page["next"]) is None:
            break
    assert paged == [line["id"] for line in whole]


def test_tasks_that_are_over_come_latest_first_and_page_the_same(busy: Doors) -> None:
    over = lines(busy, open=False)
    assert over
    keys = [(line["sort_on"], line["id"]) for line in over]
    assert keys == sorted(keys, reverse=True)
    first = busy.get("/tasks", FIRST, open=False, limit=1)
    assert [line["id"] for line in first["entries"]] == [over[0]["id"]]


def test_the_counts_are_those_of_the_lines(busy: Doors) -> None:
    counts, whole = busy.get("/tasks/counts", FIRST), lines(busy)
    assert counts["open"] == len(whole)
    assert counts["mine"] == len(lines(busy, mine=True))
    for one in counts["lights"]:
        assert one["count"] == sum(line["light"]["light"]["code"] == one["light"]["code"] for line in whole)
    for one in counts["statuses"]:
        assert one["count"] == sum(line["status"]["code"] == one["status"]["code"] for line in whole)
    for name in ("items", "bundles"):
        told = {one["code"]: one["count"] for one in counts[name]}
        assert told == {code: sum(line[name[:-1]] == code for line in whole) for code in told}
        assert sum(told.values()) == len(whole)


@pytest.mark.parametrize(("wish", "pointer"), [({"status": "asleep"}, "/query/status")])
def test_a_word_that_there_is_not_is_refused_with_those_there_are(
    busy: Doors, wish: dict[str, str], pointer: str
) -> None:
    answer = busy.send("GET", "/tasks", FIRST, params=wish)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == pointer
    assert "waiting" in fault["detail"]["en"]


def test_a_sign_of_the_database_in_a_number_stands_for_itself(busy: Doors) -> None:
    assert lines(busy, number="%") == []
    assert lines(busy, number="_1") == []
    assert lines(busy, number="\x00") == []


def test_tables_choices_and_units_come_with_their_names(busy: Doors) -> None:
    task = next(line["id"] for line in lines(busy, item="F1"))
    fields = busy.get(f"/tasks/{task}", FIRST)["fields"]
    staff = next(field for field in fields if field["columns"])
    assert {code for row in staff["value"] for code in row} <= staff["columns"].keys()
    assert all(name["en"] and name["zh"] for name in staff["columns"].values())
    assert any(field["unit"] for field in fields)
    assert all(
        field["value"] in field["options"] for field in fields if field["options"] and type(field["value"]) is str
    )
