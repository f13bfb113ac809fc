"""Every error leaves as a problem (RFC 9457) with a page behind it, in both languages, and repeats nothing."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.api.responses import CODES
from app.catalogue.loader import Catalogue
from app.domain import errors
from app.domain.errors import Refusal
from app.main import create_app
from app.schemas.common import Problem
from app.transport.problems import KINDS
from tests.api.documents import document, operations, resolved
from tests.doors import API, Doors

CHINESE = range(0x4E00, 0x9FFF)


def refusals() -> list[type[Refusal]]:
    """Every subclass of Refusal there is."""
    found: list[type[Refusal]] = []
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        children = waiting.pop().__subclasses__()
        found += children
        waiting += children
    return sorted({kind for kind in found if kind.__module__ == errors.__name__}, key=lambda kind: kind.code)


def problem_of(response: Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem in a response that must be one."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    Problem.model_validate(found)
    assert found["status"] == status
    assert found["type"] == f"/problems/{found['code']}"
    assert found["instance"] == response.headers["x-request-id"]
    assert code is None or found["code"] == code
    for fault in found.get("errors") or ():
        assert fault["pointer"] == "" or fault["pointer"].startswith("/")
        assert fault["detail"]["zh"]
        assert fault["detail"]["en"]
    return found


@pytest.mark.parametrize("kind", refusals(), ids=lambda kind: kind.code)
def test_every_refusal_has_a_row_and_titles_in_both_languages(kind: type[Refusal]) -> None:
    row = KINDS[kind.code]
    is_missing_here = kind in {errors.NoFonts, errors.NoRoom, errors.ReadOnly, errors.StorageAway}
    assert 400 <= row.status < 500 or is_missing_here, "what is missing here is not the caller's fault"
    for text in (row.title, row.advice, kind.title):
        assert text.en
        assert any(ord(sign) in CHINESE for sign in text.zh)
    assert not row.title.en.endswith(".")
    assert row.advice.en.endswith(".")
    assert row.advice.zh.endswith("。")


def test_no_two_refusals_share_a_code() -> None:
    codes = [kind.code for kind in refusals()]
    assert len(codes) == len(set(codes)) >= 12


def documented() -> Iterator[tuple[str, str, str]]:
    """(operation, status, description) of every error of the document."""
    for operation in operations().values():
        for status, response in operation.spec["responses"].items():
            if status >= "400":
                yield operation.id, status, resolved(response)["description"]


OF_NO_OPERATION = {"method-not-allowed"}
"""What an address says about operations it does not have."""


@pytest.mark.parametrize("code", sorted(KINDS.keys() - OF_NO_OPERATION))
def test_every_kind_of_problem_is_documented_somewhere(code: str) -> None:
    named = [op for op, status, text in documented() if f"`{code}`" in text and status == str(KINDS[code].status)]
    assert named


class Page(HTMLParser):
    """Text, language and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.languages: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect languages and links of any tag."""
        del tag
        named = dict(attrs)
        self.languages.add(named.get("lang") or "")
        self.links += [named["href"] or ""] if "href" in named else []

    def handle_data(self, data: str) -> None:
        """Collect the words."""
        self.words.append(data)


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_has_its_page_for_people_and_for_programs(shared_doors: Doors, code: str) -> None:
    kind = KINDS[code]
    data = shared_doors.client.get(f"/problems/{code}", headers={"Accept": "application/json"}).json()
    assert (data["code"], data["status"], data["title"]["zh"]) == (code, kind.status, kind.title.zh)
    response = shared_doors.client.get(f"/problems/{code}", headers={"Accept": "text/html"})
    assert response.headers["content-type"].startswith("text/html")
    page = Page(response.text)
    words = " ".join(page.words)
    for text in (kind.title.zh, kind.title.en, kind.advice.zh, kind.advice.en, "教学演示", "illustrative", code):
        assert text in words, text
    assert {"zh-CN", "en"} <= page.languages
    for link in page.links:
        if link.startswith("/"):
            assert shared_doors.client.get(link).status_code == 200, link


def test_the_list_of_problems_names_every_kind(shared_doors: Doors) -> None:
    listed = shared_doors.client.get("/problems", headers={"Accept": "application/json"}).json()
    assert {entry["code"] for entry in listed} == KINDS.keys()
    problem_of(shared_doors.client.get("/problems/no-such-kind"), 404, "not-found")


JSON = {"Content-Type": "application/json"}
XML = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><account>&e;</account>'
BROKEN: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "malformed JSON": ("POST", "/sessions", {"content": b'{"account": ', "headers": JSON}, 400),
    "not JSON at all": ("POST", "/sessions", {"content": b"\xff\xfe\x00", "headers": JSON}, 400),
    "an empty body": ("POST", "/sessions", {}, 422),
    "a form": ("POST", "/sessions", {"data": {"account": "wang_owner"}}, 422),
    "plain text": ("POST", "/sessions", {"content": b"hi", "headers": {"Content-Type": "text/plain"}}, 422),
    "XML": ("POST", "/sessions", {"content": XML, "headers": {"Content-Type": "application/xml"}}, 422),
    "XML that says it is JSON": ("POST", "/sessions", {"content": XML, "headers": JSON}, 400),
    "a list": ("POST", "/sessions", {"json": ["wang_owner"]}, 422),
    "null": ("POST", "/sessions", {"content": b"null", "headers": JSON}, 422),
    "a number for a text": ("POST", "/sessions", {"json": {"account": 1}}, 422),
    "a text for a number": ("GET", "/search", {"params": {"q": "a", "limit": "ten"}}, 422),
    "a number out of range": ("GET", "/search", {"params": {"q": "a", "limit": 51}}, 422),
    "a missing parameter": ("GET", "/search", {}, 422),
    "an empty search": ("GET", "/search", {"params": {"q": ""}}, 422),
    "an unknown member": ("POST", "/sessions", {"json": {"account": "wang_owner", "password": "x"}}, 422),
    "an unknown path": ("GET", "/no/such/path", {}, 404),
    "a wrong method": ("PUT", "/bundles", {}, 405),
    "a body too large": ("POST", "/sessions", {"content": b'{"account": "' + b"x" * 600_000 + b'"}'}, 413),
    "a wrong date": ("POST", "/bundles/catering/plan", {"json": {"region": "330802", "on": "2026-02-30"}}, 422),
    "no multipart for an upload": ("PUT", f"/applications/{'0' * 32}/materials/layout", {"content": b"x"}, 401),
    "a malformed cursor": ("GET", "/applications", {"params": {"cursor": "%%%"}}, 401),
}


@pytest.mark.parametrize("what", BROKEN)
def test_every_broken_request_leaves_as_a_problem(shared_doors: Doors, what: str) -> None:
    method, path, request, status = BROKEN[what]
    found = problem_of(shared_doors.client.request(method, f"{API}{path}", **request), status)
    if status == 405:
        assert "GET" in shared_doors.client.request(method, f"{API}{path}").headers["allow"]
    if status == 422:
        assert found["errors"]


def test_every_fault_of_a_body_is_listed_with_its_place(shared_doors: Doors) -> None:
    body = {"action": "x" * 41, "points": [{"kind": "page", "code": 7}], "days": "two", "why": 1}
    found = problem_of(
        shared_doors.send("POST", "/tasks/x/actions", "officer.market.330802.1", json=body), 422, "invalid-input"
    )
    assert {fault["pointer"] for fault in found["errors"]} == {
        "/action",
        "/points/0/kind",
        "/points/0/code",
        "/points/0/reason",
        "/days",
        "/why",
    }


def test_unknown_names_are_escaped_cut_and_answered_with_the_nearest(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_full")
    form = {"operater_name": "x", "a/b~c": 1, "z" * 5000: 2}
    response = shared_doors.send("PATCH", f"/applications/{draft['id']}", "wang_owner", json={"form": form})
    found = problem_of(response, 422, "invalid-input")
    pointers = {fault["pointer"]: fault["detail"]["en"] for fault in found["errors"]}
    assert '"operator_name"' in pointers["/form/operater_name"]
    assert "/form/a~1b~0c" in pointers
    assert max(map(len, pointers)) < 100
    wrong = shared_doors.post(
        "/bundles/catering/plan", body={"region": "330802", "answers": {"area": 5, "sign": "ja"}}, status=422
    )
    assert {fault["pointer"] for fault in wrong["errors"]} == {"/answers/area", "/answers/sign"}


@pytest.mark.parametrize("path", ["/bundles/catring", "/items/F0", "/regions/330812", "/departments/market.000000"])
def test_a_mistyped_code_is_not_found_with_a_hint_and_not_repeated(shared_doors: Doors, path: str) -> None:
    found = problem_of(shared_doors.send("GET", path), 404, "not-found")
    assert path.rpartition("/")[2] not in json.dumps(found, ensure_ascii=False)


def test_a_failure_of_ours_says_nothing_of_what_happened(
    catalogue: Catalogue, doors: Doors, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    draft = doors.draft("catering_simple")
    for kept in Path(doors.platform.settings.files_folder).rglob("*"):
        if kept.is_file():
            kept.unlink()
    app = create_app(doors.platform.settings, platform=doors.platform)
    with TestClient(app, raise_server_exceptions=False) as client:
        path = f"{API}/applications/{draft['id']}/materials/layout"
        response = client.get(path, headers=doors.sign_in("wang_owner"))
    found = problem_of(response, 500, "internal")
    said = response.text + str(response.headers)
    for secret in ("Traceback", "FileNotFound", str(tmp_path), "wang_owner", draft["id"], "File "):
        assert secret not in said
    assert found["instance"] in caplog.text, "the log and the answer share the number of the request"
    assert response.headers["x-illustrative"]


def test_an_operations_errors_are_documented_with_the_problem_schema() -> None:
    for operation in operations().values():
        for status, response in operation.spec["responses"].items():
            content = resolved(response).get("content", {})
            if status >= "400":
                assert content.keys() == {"application/problem+json"}, (operation.id, status)
                reference = content["application/problem+json"]["schema"]["$ref"]
                assert reference == "#/components/schemas/Problem"
            assert CODES not in resolved(response)
    assert "HTTPValidationError" not in document()["components"]["schemas"]


@pytest.mark.parametrize(
    ("method", "path", "sent", "zh"),
    [
        ("POST", "/sessions", {}, "请求体"),
        ("GET", "/search", {"params": {"q": "店", "limit": 0}}, "应不小于 1。"),
        ("GET", "/search", {"params": {"q": "店", "limit": 101}}, "应不大于 "),
        ("POST", "/sessions", {"json": {"account": "x" * 5000}}, "最多 "),
        ("POST", "/capacity", {"json": {"bundle": "catering", "officers": []}}, "至少 1 项。"),
    ],
)
def test_what_does_not_fit_says_in_chinese_too_what_would(
    shared_doors: Doors, method: str, path: str, sent: dict[str, Any], zh: str
) -> None:
    found = problem_of(shared_doors.send(method, path, "supervisor.330800", **sent), 422)
    assert zh in found["errors"][0]["detail"]["zh"]
    assert "{" not in found["errors"][0]["detail"]["zh"]
