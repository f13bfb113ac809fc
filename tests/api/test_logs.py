"""Logs: one line for each request with number, route, status, time and role; nothing personal, whatever is sent."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api import examples
from app.commands.logs import JsonLine, OneLine
from tests.api.documents import operations
from tests.doors import API, Doors, expect

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


class Kept(logging.Handler):
    """Keeps every record as each formatter writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.told: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One record; what the test's own client says of its requests is none of the app's."""
        if record.name.startswith(("httpx2", "httpcore2")):
            return
        text = "%(asctime)s %(levelname)s %(name)s %(message)s"
        self.lines += [OneLine(text).format(record), JsonLine(text).format(record)]
        self.told.append(json.loads(self.lines[-1]))


@contextmanager
def kept() -> Iterator[Kept]:
    """Everything that any logger says, at the finest level."""
    handler, root = Kept(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


MARKS = {"name": "欧阳记号", "id": "003308199007160025", "phone": "10000000091", "mail": "mark@example.com"}


def personal(doors: Doors) -> set[str]:
    """What must not stand in a log: the people of the packs and what this test sends."""
    people = doors.platform.world.catalogue.people.values()
    return {part for one in people for part in (one.name.zh, one.id_number, one.phone)} | set(MARKS.values())


def replay(doors: Doors, who: str) -> set[str]:
    """A recorded example of every operation, with marks wherever something can be sent."""
    for operation, told in examples.load()["operations"].items():
        spec, call = operations()[operation], told[0]["call"]
        if operation in {"signOut", "endSessions"}:
            continue
        path = spec.path.format(**call.get("path", {}))
        body = call.get("body")
        marked = {**body, **MARKS} if isinstance(body, dict) else MARKS
        headers = {**call.get("headers", {}), **doors.sign_in(who)}
        marks = {**headers, "X-Mark": MARKS["mail"], "User-Agent": MARKS["phone"]}
        doors.client.request(spec.method, path, json=marked, params={**call.get("query", {}), **MARKS}, headers=marks)
    return {headers["Authorization"].removeprefix("Bearer ") for headers, _ in doors.tokens.values()}


def test_nothing_personal_reaches_a_log_whatever_is_sent_to_any_operation(doors: Doors) -> None:
    with kept() as log:
        filed = doors.file("catering_full")
        tokens = replay(doors, "wang_owner")
        found = doors.client.get(f"{API}/applications/{MARKS['name']}/{MARKS['id']}", params=MARKS)
        doors.client.get(f"/{MARKS['name']}", params=MARKS, headers={"Accept": "text/html"})
    assert found.status_code == 404
    said = "\n".join(log.lines)
    secrets = personal(doors) | tokens | {filed.query_code, filed.reference, filed.id, filed.who}
    assert [secret for secret in secrets if secret in said] == []
    assert len([told for told in log.told if told["logger"] == "app.access"]) >= len(examples.load()["operations"]) - 2


def test_a_line_says_which_request_of_which_role_went_how(doors: Doors) -> None:
    with kept() as log:
        answer = doors.client.get(f"{API}/sessions/me", headers=doors.sign_in("officer.market.330802.1"))
        expect(doors.client.get(f"{API}/lines"))
    mine, open_to_all = [told for told in log.told if told["logger"] == "app.access"][-2:]
    assert mine["request"] == answer.headers["x-request-id"]
    assert (mine["method"], mine["route"], mine["status"], mine["role"]) == (
        "GET",
        f"{API}/sessions/me",
        200,
        "officer",
    )
    assert mine["level"] == "info"
    assert isinstance(mine["ms"], float)
    assert open_to_all["role"] == "nobody"


def test_a_defect_leaves_the_places_it_came_through_and_not_its_words(doors: Doors) -> None:
    app = doors.client.app
    assert isinstance(app, FastAPI)

    async def fail() -> None:
        try:
            raise ValueError(MARKS["id"])
        except ValueError as error:
            raise RuntimeError(MARKS["name"]) from error

    app.add_api_route("/defect", fail)
    with kept() as log:
        answer = TestClient(app, raise_server_exceptions=False).get("/defect")
    assert answer.status_code == 500
    said = "\n".join(log.lines)
    assert not any(mark in said or mark in answer.text for mark in MARKS.values())
    assert "builtins.ValueError" in said
    assert "builtins.RuntimeError" in said
    assert "test_logs.py" in said
    assert answer.json()["instance"] in said
