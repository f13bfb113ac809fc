"""Who may do what: every operation of the OpenAPI document, tried by everybody. An operation without a row fails.

Operations take turns on the two kinds of database: who may do what is decided before either is asked.
"""

from collections.abc import Iterable
from itertools import cycle
from typing import Any

import pytest
from httpx2 import Response

from tests.api.documents import operations
from tests.api.matrix import PEOPLE, TABLE, Target, attempt, target
from tests.databases import KINDS
from tests.doors import Doors, Filed, expect


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert operations().keys() == TABLE.keys()


SECRETIVE = [name for name, tried in TABLE.items() if 404 in tried.statuses.values()]


def in_turn(operations: Iterable[str], kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each operation with one of the kinds of database."""
    return list(zip(cycle(kinds), operations, strict=False))


@pytest.mark.parametrize(("database_kind", "operation"), in_turn(TABLE, KINDS), indirect=["database_kind"])
def test_everybody_gets_exactly_what_the_table_says(shared_doors: Doors, operation: str) -> None:
    tried = TABLE[operation]
    untouched = target(shared_doors, tried.target)
    needs_a_fresh_one = operations()[operation].method != "GET" and tried.target != "nothing"
    found: dict[str, int] = {}
    for person, account in PEOPLE.items():
        is_let_in = tried.statuses[person] < 400
        on = target(shared_doors, tried.target) if is_let_in and needs_a_fresh_one else untouched
        found[person] = attempt(shared_doors, operation, on, account).status_code
    assert found == tried.statuses
    if tried.target != "nothing":
        stored = shared_doors.stored(untouched.id)
        assert stored.event_count == len(shared_doors.rows(untouched.id)), "who is refused changes nothing"


@pytest.mark.parametrize(("database_kind", "operation"), in_turn(SECRETIVE, KINDS[::-1]), indirect=["database_kind"])
def test_what_is_not_mine_looks_exactly_like_what_is_not_there(shared_doors: Doors, operation: str) -> None:
    tried = TABLE[operation]
    on = target(shared_doors, tried.target)
    before = kept(shared_doors, on)
    for person, account in PEOPLE.items():
        if tried.statuses[person] == 404:
            mine_not, there_not = (told(attempt(shared_doors, operation, at, account)) for at in (on, Target()))
            assert mine_not == there_not, person
    assert kept(shared_doors, on) == before


def kept(doors: Doors, on: Target) -> Any:
    """Everything of the application, and its events; nothing of none."""
    return doors.platform.store.read(lambda reader: (reader.application(on.id), reader.events(on.id)))


def told(response: Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Everything a response says, but for the number of the request."""
    body = {name: value for name, value in response.json().items() if name != "instance"}
    headers = {name: value for name, value in response.headers.items() if name != "x-request-id"}
    return response.status_code, body, headers


def test_a_draft_is_for_its_own_side_alone(shared_doors: Doors) -> None:
    draft = target(shared_doors, "draft")
    found = {person: attempt(shared_doors, "showApplication", draft, who).status_code for person, who in PEOPLE.items()}
    assert {person for person, status in found.items() if status == 200} == {"owner", "agent"}
    counter = target(shared_doors, "counter draft")
    found = {p: attempt(shared_doors, "showApplication", counter, who).status_code for p, who in PEOPLE.items()}
    assert {person for person, status in found.items() if status == 200} == {"owner", "agent", "hall"}


def test_a_department_sees_its_slice_and_nothing_else(shared_doors: Doors) -> None:
    filed = shared_doors.file("catering_full")
    plan = shared_doors.post(
        "/bundles/catering/plan", body={"region": "330802", "answers": shared_doors.stored(filed.id).answers}
    )
    for item in filed.departments:
        seen = filed.slice(item)
        for part in ("fields", "materials"):
            mine = {entry["code"] for entry in plan[part] if item in entry["users"]}
            assert {entry["code"] for entry in seen[part]} == mine, (item, part)


def test_supervision_watches_the_course_and_not_the_content(shared_doors: Doors) -> None:
    filed = shared_doors.file("catering_full")
    seen = filed.show("supervisor.330800")
    assert (seen["form"], seen["answers"], seen["materials"]) == ({}, {}, [])
    assert len(seen["tasks"]) == 8
    task = shared_doors.get(f"/tasks/{filed.reference}-L0", "supervisor.330800")
    assert {entry["value"] for entry in task["fields"]} <= {None}
    assert not any(paper["provided"] for paper in task["materials"])


def test_a_supervisor_lists_the_whole_area_and_a_hall_its_own(shared_doors: Doors) -> None:
    here = shared_doors.file("catering_simple", region="330881")
    there = shared_doors.file("catering_simple", region="330106")

    def listed(who: str) -> set[str]:
        found, cursor = set(), {}
        while cursor is not None:
            page = shared_doors.get("/applications", who, limit=100, **cursor)
            found |= {line["id"] for line in page["entries"]}
            cursor = {"cursor": page["next"]} if page["next"] else None
        return found

    assert {here.id, there.id} & listed("supervisor.330800") == {here.id}
    assert {here.id, there.id} & listed("clerk.330881") == {here.id}
    assert {here.id, there.id} <= listed("supervisor.330000")


def test_an_officer_downloads_what_the_own_item_uses_and_the_type_is_the_sniffed_one(shared_doors: Doors) -> None:
    filed: Filed = shared_doors.file("catering_full")
    path = f"/applications/{filed.id}/materials"
    for who, code, status in [
        (filed.officer("T1"), "premises_proof", 200),
        (filed.officer("T1"), "fire_plan", 404),
        (filed.officer("X1"), "fire_plan", 200),
        (filed.officer("X1"), "no_such_paper", 404),
        (filed.officer("X1"), "rep_id", 404),
    ]:
        response = shared_doors.send("GET", f"{path}/{code}", who)
        assert response.status_code == status, (who, code)
    response = shared_doors.send("GET", f"{path}/fire_plan", filed.officer("X1"))
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"] == 'attachment; filename="fire_plan.pdf"'
    assert "sandbox" in response.headers["content-security-policy"]
    expect(shared_doors.send("DELETE", f"{path}/fire_plan", filed.officer("X1")), 403)
