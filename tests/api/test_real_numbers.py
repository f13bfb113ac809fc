"""Real people's numbers: refused wherever a text can be put, and never stored, logged or repeated."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from app.domain.identity import looks_real
from app.storage.tables import metadata
from tests.api.documents import Operation, operations, resolved
from tests.api.matrix import TABLE, Target, fit_person, target
from tests.doors import PDF, Doors

REAL = {
    "id number": "11010519491231002X",
    "id number, spaced": "110105 1949 1231 002x",
    "mobile": "13800138000",
    "credit code": "91350100M000100Y43",
    "bank card": "6222020000000000000",
}
"""The sample number of GB 11643, a service number, the sample code of GB 32100, and a card nobody issued."""
UNREAD = {
    ("listAccounts", "region"),
    ("removeMaterial", "code"),
    ("listMatters", "region"),
    ("listCheckpoints", "cursor"),
}
PASSED_OVER = frozenset({"If-None-Match", "Prefer"})
"""Headers whose unknown values a server takes for nothing said."""
NOT_OURS = ("httpx", "httpcore", "asyncio")
"""Loggers of the test client, which know what it sends."""


def test_the_numbers_tried_here_are_taken_for_real() -> None:
    assert all(map(looks_real, REAL.values()))


def strings(schema: dict[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every place of a JSON body that can hold a text; ``*`` stands for any key, ``[]`` for an entry of a list."""
    schema = resolved(schema)
    for option in schema.get("anyOf", []):
        yield from strings(option, at)
    match schema.get("type"):
        case "string" if schema.get("format") != "date":
            yield at
        case "array":
            yield from strings(schema["items"], (*at, "[]"))
        case "object" if schema.get("additionalProperties"):
            yield (*at, "*")
            yield (*at, "key")
            yield (*at, "nested")
        case "object":
            for name, part in schema.get("properties", {}).items():
                yield from strings(part, (*at, name))
            yield (*at, "key")


def planted(body: Any, at: tuple[str, ...], number: str, schema: dict[str, Any]) -> Any:
    """The body with the number at that place."""
    if not at:
        return number
    head, rest = at[0], at[1:]
    match head:
        case "key":
            return {**body, number: 1}
        case "*":
            return {**body, "note": number}
        case "nested":
            return {**body, "note": [{"deep": [f"号码 {number}。"]}]}
        case "[]":
            return [planted(example(_object(schema)["items"]), rest, number, _object(schema)["items"])]
        case _:
            part = _object(schema)["properties"][head]
            default: Any = [] if "[]" in rest[:1] else {}
            return {**body, head: planted(body.get(head, default), rest, number, _object(part))}


def _object(schema: dict[str, Any]) -> dict[str, Any]:
    return next((resolved(o) for o in schema.get("anyOf", []) if resolved(o).get("type") != "null"), resolved(schema))


def example(schema: dict[str, Any]) -> dict[str, Any]:
    """The least an entry of a list needs."""
    found = {}
    for name, part in resolved(schema).get("properties", {}).items():
        found[name] = part["enum"][0] if "enum" in part else "x"
    return found


BODIES = [(name, at) for name, op in operations().items() if op.body for at in strings(op.body)]
PARAMETERS = [
    (name, parameter["in"], parameter["name"])
    for name, operation in operations().items()
    for parameter in operation.parameters
]


@pytest.fixture
def watched(doors: Doors, caplog: pytest.LogCaptureFixture) -> Iterator["Watched"]:
    """Everything said and kept while a test runs; afterwards none of it may hold a number."""
    caplog.set_level(logging.DEBUG)
    found = Watched(doors)
    yield found
    for number in REAL.values():
        for said in found.said:
            assert number not in said
        for record in caplog.records:
            if not record.name.startswith(NOT_OURS):
                assert number not in record.getMessage(), record.name
                assert number not in str(record.exc_info or ""), record.name
        for place, kept in everything_kept(doors):
            assert number not in kept, place


class Watched:
    """The doors, and all they answered."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.said: list[str] = []

    def send(self, operation: Operation, on: Target, who: str | None, **request: Any) -> Response:
        """One request, its answer kept."""
        number = on.paper if "/papers/" in operation.path else "1"
        parts = {**on.parts, "number": number, **request.pop("parts", {})}
        headers = {**(self.doors.sign_in(who) if who else {}), **request.pop("headers", {})}
        path = operation.path.format(**parts)
        response = self.doors.client.request(operation.method, path, headers=headers, **request)
        self.said.append(f"{response.headers} {response.text}")
        return response


def everything_kept(doors: Doors) -> Iterator[tuple[str, str]]:
    """Every row of every table, and every file with its name."""

    def dump(reader: Any) -> list[tuple[str, str]]:
        rows = []
        for name, table in metadata.tables.items():
            if name != "pack_version":
                rows += [(name, repr(row)) for row in reader.rows(select(table))]
        return rows

    yield from doors.platform.store.read(dump)
    for path in Path(doors.platform.settings.files_folder).rglob("*"):
        yield str(path), str(path) + (path.read_bytes().decode("latin-1") if path.is_file() else "")


def targets_of(doors: Doors) -> dict[str, Target]:
    """One of each kind: whoever is refused leaves it as it was."""
    return {kind: target(doors, kind) for kind in sorted({tried.target for tried in TABLE.values()})}


def test_no_text_of_any_body_takes_a_real_number(watched: Watched) -> None:
    targets = targets_of(watched.doors)
    for name, at in BODIES:
        operation, tried = operations()[name], TABLE[name]
        body = {**tried.request.get("json", {})}
        if name == "lookUpProgress":
            body = {"reference": targets["submitted"].reference, "query_code": "123456"}
        for kind, number in REAL.items():
            response = watched.send(
                operation,
                targets[tried.target],
                fit_person(name),
                parts={"code": tried.code},
                json=planted(body, at, number, operation.body or {}),
            )
            assert response.status_code in {404, 422}, (name, at, kind, response.text)
            if response.json()["code"] == "real-identity-refused":
                assert response.json()["status"] == 422


def test_what_is_kept_as_text_is_refused_as_a_real_number_and_says_where(watched: Watched) -> None:
    on = target(watched.doors, "draft")
    for name, at, pointer in [
        ("saveDraft", ("form", "*"), "/form/note"),
        ("saveDraft", ("form", "nested"), "/form/note/0/deep/0"),
        ("saveDraft", ("answers", "*"), "/answers/note"),
        ("createApplication", ("form", "*"), "/form/note"),
        ("planBundle", ("answers", "*"), "/answers/note"),
        ("signIn", ("account",), "/account"),
    ]:
        operation, tried = operations()[name], TABLE[name]
        body = planted({**tried.request.get("json", {})}, at, REAL["id number"], operation.body or {})
        response = watched.send(operation, on, fit_person(name), parts={"code": tried.code}, json=body)
        problem = response.json()
        assert (problem["code"], problem["pointer"], problem["kind"]) == ("real-identity-refused", pointer, "id_number")
        assert "没有保存" in problem["detail_zh"]


def test_no_parameter_takes_or_repeats_a_real_number(watched: Watched) -> None:
    targets = targets_of(watched.doors)
    wrong = []
    for name, place, parameter in PARAMETERS:
        tried = TABLE[name]
        is_read = parameter not in PASSED_OVER and (name, parameter) not in UNREAD
        done = {200, 422, 409 if parameter == "Prefer" else 422}  # the second time it has been done already
        for number in (REAL["id number"], REAL["mobile"]):
            request: dict[str, Any] = {**tried.request, "parts": {"code": tried.code}}
            match place:
                case "path":
                    request["parts"][parameter] = number
                case "query":
                    request["params"] = {**request.get("params", {}), parameter: number}
                case _:
                    request["headers"] = {parameter: number}
            response = watched.send(operations()[name], targets[tried.target], fit_person(name), **request)
            if response.status_code not in ({404, 422} if is_read else done):
                wrong.append((name, parameter, number, response.text[:300]))
    assert not wrong


def test_a_file_name_or_a_note_with_a_real_number_is_refused(watched: Watched) -> None:
    on = target(watched.doors, "draft")
    upload = operations()["uploadMaterial"]
    for number in REAL.values():
        for name in (f"{number}.pdf", f"身份证{number}正面.pdf", f"a/../{number}.png", f"..\\{number}"):
            response = watched.send(
                upload, on, "wang_owner", parts={"code": "layout"}, files={"file": (name, PDF, "application/pdf")}
            )
            assert response.json()["code"] == "real-identity-refused", name
            assert response.json()["pointer"] == "/file/filename"
        response = watched.send(upload, on, "wang_owner", parts={"code": "layout"}, files={number: ("a.pdf", PDF)})
        assert response.status_code == 422


def test_headers_of_any_name_leave_no_trace(watched: Watched) -> None:
    for number in REAL.values():
        for header in ("X-Request-Id", "User-Agent", "Referer", "X-Forwarded-For", "Cookie"):
            assert (
                watched.send(operations()["listBundles"], Target(), None, headers={header: number}).status_code == 200
            )
        refused = watched.send(operations()["whoAmI"], Target(), None, headers={"Authorization": f"Bearer {number}"})
        assert refused.status_code == 401


def test_an_unknown_address_or_a_broken_body_with_a_number_leaves_no_trace(watched: Watched) -> None:
    number = REAL["id number"]
    client = watched.doors.client
    for response in (
        client.get(f"/api/v1/{number}"),
        client.post("/api/v1/sessions", content=f'{{"account": "{number}'),
        client.post("/api/v1/sessions", content=json.dumps({"account": 1, number: 2})),
        client.post("/api/v1/sessions", data={"account": number}),
        client.post("/api/v1/bundles/catering/plan", content=f'{{"region": "330802", "answers": {{"{number}": NaN}}}}'),
        client.post("/api/v1/sessions", json={number: {number: "\x00"}}),
        client.post(f"/api/v1/regions/{number}"),
        client.get(f"/problems/{number}"),
    ):
        assert 400 <= response.status_code < 500
        watched.said.append(f"{response.headers} {response.text}")


def test_a_correction_a_reason_and_a_point_with_a_real_number_keep_nothing(watched: Watched) -> None:
    filed = watched.doors.file("catering_simple")
    filed.act("L1", "receive")
    point = {"kind": "field", "code": "operator_name", "reason": f"应为 {REAL['credit code']}"}
    for body in (
        {"action": "decline", "reason": f"电话 {REAL['mobile']}"},
        {"action": "request_correction", "points": [point]},
        {"action": "accept", "outputs": {"x": REAL["bank card"]}},
    ):
        refused = filed.doors.send("POST", f"/tasks/{filed.reference}-L1/actions", filed.officer("L1"), json=body)
        assert refused.json()["code"] == "real-identity-refused"
        watched.said.append(refused.text)
    assert filed.status("L1") == "received"
