"""Pages by key: every entry exactly once, whatever arrives meanwhile; a cursor is checked like any other input."""

import base64
from typing import Any

import pytest

from tests.api.test_problems import problem_of
from tests.doors import Doors


def walk(doors: Doors, path: str, who: str, meanwhile: Any = lambda: None, **params: Any) -> list[dict[str, Any]]:
    """All entries, page by page; something happens between two pages."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = doors.get(path, who, **params, **cursor)
        assert len(page["entries"]) <= params["limit"]
        found += page["entries"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}
        meanwhile()


def test_ones_own_applications_come_newest_first_and_each_once_while_new_ones_arrive(doors: Doors) -> None:
    made = []
    for _ in range(7):
        doors.clock.pass_(seconds=1)
        made.append(doors.draft("catering_simple")["id"])

    def another() -> None:
        doors.clock.pass_(seconds=1)
        doors.draft("catering_simple")

    found = [entry["id"] for entry in walk(doors, "/applications", "wang_owner", another, limit=2)]
    assert found == made[::-1]
    assert [entry["id"] for entry in walk(doors, "/applications", "agent.wang_owner", limit=100)][-7:] == made[::-1]


def test_applications_of_one_instant_are_all_walked(doors: Doors) -> None:
    made = {doors.draft("catering_simple")["id"] for _ in range(5)}
    found = [entry["id"] for entry in walk(doors, "/applications", "wang_owner", limit=2)]
    assert len(found) == 5
    assert set(found) == made


def test_an_inbox_is_walked_by_due_date_and_each_task_once_while_new_ones_arrive(doors: Doors) -> None:
    who = "officer.market.330881.1"
    made = set()
    for days in (0, 0, 1, 3, 0):
        doors.clock.pass_(days=days)
        made.add(f"{doors.file('catering_simple').reference}-L1")

    def another() -> None:
        doors.clock.pass_(days=1)
        doors.file("catering_simple")

    found = walk(doors, "/tasks", who, another, limit=2)
    ids = [entry["id"] for entry in found]
    assert len(ids) == len(set(ids))
    assert made <= set(ids)
    dates = [entry["sort_on"] or "9999" for entry in found]
    assert dates == sorted(dates)
    assert dates[-1] == "9999", "tasks that wait come last"


def test_what_is_over_leaves_the_inbox_for_the_archive(doors: Doors) -> None:
    who = "officer.market.330881.1"
    filed = doors.file("catering_simple")
    filed.grant("L1")
    filed.act("L1", "deliver")
    assert [entry["item"] for entry in doors.get("/tasks", who)["entries"]] == ["F1"]
    assert [entry["item"] for entry in doors.get("/tasks", who, open="false")["entries"]] == ["L1"]


def test_a_timeline_is_walked_from_any_event_on(doors: Doors) -> None:
    filed = doors.file("catering_full")
    whole = filed.events()
    path = f"/applications/{filed.id}/events"
    assert walk(doors, path, filed.who, limit=3) == whole
    assert doors.get(path, filed.who, cursor=5)["entries"] == whole[5:]
    assert doors.get(path, filed.who, cursor=10_000)["entries"] == []


def test_only_own_work_is_in_an_inbox(doors: Doors) -> None:
    filed = doors.file("catering_full")
    for item, department in filed.departments.items():
        listed = doors.get("/tasks", f"officer.{department}.2", limit=100)["entries"]
        mine = {code for code, other in filed.departments.items() if other == department}
        assert {entry["item"] for entry in listed} == mine, item


def encoded(*parts: str) -> str:
    """A cursor made by hand."""
    return base64.urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")


BAD = ["", "%", "a", "====", "é", encoded("a", "b", "c"), encoded("a\x00b"), base64.b64encode(b"\xff\xfe").decode()]


@pytest.mark.parametrize("cursor", BAD)
def test_a_malformed_cursor_is_refused_by_every_list(shared_doors: Doors, cursor: str) -> None:
    for path, who in (
        ("/applications", "wang_owner"),
        ("/applications", "clerk.330881"),
        ("/tasks", "officer.market.330881.1"),
    ):
        response = shared_doors.send("GET", path, who, params={"cursor": cursor})
        found = problem_of(response, 422, "invalid-input")
        assert found["errors"][0]["pointer"] == "/cursor"


@pytest.mark.parametrize("cursor", [encoded("2026-13-01", "x"), encoded("tomorrow", "x"), encoded("x"), "x" * 201])
def test_a_task_cursor_needs_a_date(shared_doors: Doors, cursor: str) -> None:
    problem_of(shared_doors.send("GET", "/tasks", "officer.market.330881.1", params={"cursor": cursor}), 422)


@pytest.mark.parametrize("limit", ["0", "-1", "101", "ten", "1.5", ""])
def test_a_page_has_a_sensible_size(shared_doors: Doors, limit: str) -> None:
    response = shared_doors.send("GET", "/applications", "wang_owner", params={"limit": limit})
    assert problem_of(response, 422)["errors"][0]["pointer"] == "/query/limit"
