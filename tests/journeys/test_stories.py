"""Every worked example from its answers to the last delivered certificate, through the API."""

from typing import Any

import pytest

from app.domain.masking import mask
from tests.doors import Doors, Filed
from tests.factories import catalogue

OUTPUTS: dict[str, Any] = {
    "uscc": "92003308MA00DEM225",
    "baby_id": "003308202603100023",
    "birth_no": "Z330000001",
}
"""What only the deciding authority can give: where a grant asks for one of these, it gets this."""

SAVINGS = ("items", "departments", "fields", "materials", "days", "visits")
FULL: dict[str, tuple[Any, ...]] = {
    "catering_full": (8, 6, (103, 38, 32), (34, 16, 8), (34, 9), (10, 1)),
    "birth_full": (9, 6, (109, 33, 10), (38, 11, 1), (26, 12), (9, 0)),
    "retire_full": (7, 5, (74, 24, 6), (30, 10, 2), (32, 28), (7, 0)),
    "startup_full": (8, 7, (94, 30, 27), (28, 9, 0), (7, 3), (7, 0)),
    "utility_full": (9, 8, (99, 26, 20), (47, 10, 4), (29, 13), (8, 0)),
    "house_full": (8, 7, (100, 27, 14), (38, 10, 1), (11, 5), (8, 0)),
}
"""Items, departments; fields and materials before, merged, left to do; days and visits before and after."""


def planned(doors: Doors, story: str) -> dict[str, Any]:
    """The plan preview of a story."""
    told = doors.platform.world.catalogue.stories[story]
    body = {"region": told.region, "answers": dict(told.answers)}
    found: dict[str, Any] = doors.post(f"/bundles/{told.bundle}/plan", body=body)
    return found


@pytest.mark.parametrize("story", FULL)
def test_the_richest_answers_save_what_the_catalogue_promises(shared_doors: Doors, story: str) -> None:
    saved = planned(shared_doors, story)["savings"]
    found = (
        saved["items"],
        saved["departments"],
        (saved["fields_before"], saved["fields_merged"], saved["fields_typed"]),
        (saved["materials_before"], saved["materials_merged"], saved["materials_uploaded"]),
        (saved["days_before"], saved["days_after"]),
        (saved["visits_before"], saved["visits_after"]),
    )
    assert found == FULL[story]


@pytest.mark.parametrize("story", catalogue().stories)
def test_a_story_goes_from_answers_to_the_last_certificate(doors: Doors, story: str) -> None:
    plan = planned(doors, story)
    assert plan["is_complete"]
    assert plan["eligibility"]["outcome"] is True
    filed = doors.file(story)
    items = {item["code"]: item for item in plan["items"]}
    assert set(filed.departments) == set(items)
    assert filed.departments == {code: item["routed"]["department"]["code"] for code, item in items.items()}

    for item in sorted(waiting(items, set())):
        assert_has_to_wait(filed, item)
    work_through(filed, plan, items)

    case = filed.show()
    assert case["status"]["code"] == "finished"
    assert case["result"]["code"] == "all_granted"
    assert case["completed_at"] is not None
    assert {found["item"] for found in case["certificates"]} == set(items)
    assert len({found["number"] for found in case["certificates"]}) == len(items)
    assert {task["verdict"]["code"] for task in case["tasks"]} == {"granted"}
    filed.assert_true_to_its_events()
    assert_timeline_is_whole(filed)


def work_through(filed: Filed, plan: dict[str, Any], items: dict[str, Any]) -> None:
    """Every department does its part as soon as it can; who must wait starts exactly when the last grant is there."""
    granted: set[str] = set()
    while len(granted) < len(items):
        statuses = filed.statuses()
        assert {item for item, status in statuses.items() if status == "waiting"} == waiting(items, granted)
        ready = [item for item, status in statuses.items() if status == "submitted"]
        assert ready, statuses
        item = ready[0]
        filed.review(item)
        given = {code: OUTPUTS[code] for code in filed.slice(item)["outputs"] if code in OUTPUTS}
        certificate = filed.act(item, "grant", outputs=given)["certificate"]
        assert certificate["item"] == item
        granted.add(item)
        assert_results_arrive(filed, plan, item, given)
        filed.act(item, "deliver")


def waiting(items: dict[str, Any], granted: set[str]) -> set[str]:
    """The items whose predecessors are not all through; in a story where everything is granted that decides it."""
    return {
        code
        for code, item in items.items()
        if any(not granted & set(edge["any_of"]) for edge in item["after"] if edge["needs"]["code"] != "independent")
    }


def assert_has_to_wait(filed: Filed, item: str) -> None:
    """A waiting task cannot be received, and says what it waits for."""
    seen = filed.slice(item)
    assert seen["allowed"] == []
    assert seen["waits_for"]
    assert seen["intake_due_on"] is None
    refused = filed.act(item, "receive", status=409)
    assert (refused["code"], refused["state"], refused["allowed"]) == ("action-not-allowed", "waiting", [])


def assert_results_arrive(filed: Filed, plan: dict[str, Any], item: str, given: dict[str, Any]) -> None:
    """What one department puts out stands in the slice of everybody who uses it."""
    fields = [entry for entry in plan["fields"] if entry["code"] in given]
    assert {entry["code"] for entry in fields} == given.keys()
    papers = [m for m in plan["materials"] if m["source"]["code"] == "result" and m["origin"] == item]
    for other in sorted({user for entry in (*fields, *papers) for user in entry["users"]}):
        seen = filed.slice(other)
        values = {entry["code"]: entry["value"] for entry in seen["fields"]}
        specs = filed.doors.platform.world.library.fields
        assert all(values[code] == mask(specs[code], given[code]) for code in given if code in values), other
        mine = [m for m in seen["materials"] if m["source"]["code"] == "result" and m["origin"] == item]
        assert all(paper["is_available"] for paper in mine)


def assert_timeline_is_whole(filed: Filed) -> None:
    """The numbers run without a gap, nothing moves back in time, and officers stand there as their department."""
    events = filed.events()
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    assert not [event["actor"] for event in events if event["actor"].startswith("officer.")]
    assert events[-1]["end"] == "finished"


def test_the_licence_number_reaches_the_food_department_with_the_grant(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.grant("L0", uscc=OUTPUTS["uscc"])
    filed.grant("L1")
    assert filed.value("F1", "uscc") == OUTPUTS["uscc"]


def test_the_birth_certificate_and_the_childs_number_reach_the_offices_after_them(doors: Doors) -> None:
    filed = doors.file("birth_full")
    filed.grant("B1", birth_no=OUTPUTS["birth_no"])
    filed.grant("B3", baby_id=OUTPUTS["baby_id"])
    assert filed.value("B3", "birth_no") == OUTPUTS["birth_no"]
    assert filed.value("B5", "baby_id") == OUTPUTS["baby_id"]


def test_a_grant_without_the_number_only_this_office_can_give_is_refused(doors: Doors) -> None:
    filed = doors.file("birth_full")
    filed.grant("B1", birth_no=OUTPUTS["birth_no"])
    filed.review("B3")
    for outputs in ({}, {"baby_id": ""}, {"baby_id": "003308202603100022"}, {"baby_id": 7}):
        refused = filed.act("B3", "grant", status=422, outputs=outputs)
        assert [fault["pointer"] for fault in refused["errors"]] == ["/outputs/baby_id"], outputs
    assert filed.act("B3", "grant", status=422, outputs={"baby_id": OUTPUTS["baby_id"], "baby_ld": "1"})["errors"]
    assert filed.status("B3") == "review"
