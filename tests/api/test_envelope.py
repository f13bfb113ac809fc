"""What every response carries, and what is not sent twice."""

import logging
from typing import Any

import pytest

from app.domain.vocabulary import ILLUSTRATIVE_EN, ILLUSTRATIVE_ZH
from tests.api.documents import document, operations
from tests.api.matrix import PEOPLE, TABLE, attempt, target
from tests.doors import API, Doors, Filed

SAFE = {
    "x-illustrative": ILLUSTRATIVE_EN,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


def test_every_response_is_labelled_numbered_and_safe(shared_doors: Doors) -> None:
    numbers = set()
    targets = {kind: target(shared_doors, kind) for kind in {tried.target for tried in TABLE.values()}}
    responses = [
        attempt(shared_doors, name, targets[tried.target], who)
        for who in (None, PEOPLE["owner"])
        for name, tried in TABLE.items()
    ]
    responses += [
        shared_doors.client.get(path)
        for path in ("/nowhere", "/docs", "/", "/developers", "/problems", f"{API}/openapi.json")
    ]
    responses += [shared_doors.client.options(f"{API}/bundles"), shared_doors.client.head(f"{API}/bundles")]
    for response in responses:
        for name, value in SAFE.items():
            assert response.headers[name] == value, (response.request.url, name)
        assert len(response.headers["x-request-id"]) == 16
        numbers.add(response.headers["x-request-id"])
        if response.request.url.path.startswith("/api/"):
            is_own = "authorization" in response.request.headers
            assert response.headers["cache-control"] == ("private, no-store" if is_own else "private, no-cache")
    assert len(numbers) == len(responses)


def test_a_callers_own_request_number_is_not_taken_over(shared_doors: Doors) -> None:
    response = shared_doors.client.get(f"{API}/lines", headers={"X-Request-Id": "evil\r\n"[:4]})
    assert response.headers["x-request-id"] != "evil"


def test_the_access_log_holds_the_pattern_and_no_query(shared_doors: Doors, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="app.access")
    filed = shared_doors.file("catering_simple")
    shared_doors.get(f"/applications/{filed.id}", filed.who)
    shared_doors.get("/search", q="私密的问题")
    said = "\n".join(record.getMessage() for record in caplog.records if record.name == "app.access")
    assert "{application_id}" in said
    assert filed.id not in said
    assert "私密" not in said
    assert " 200 " in said


def polled(filed: Filed, what: str) -> tuple[str, str]:
    """The address of something a client polls, and who polls it."""
    match what:
        case "application":
            return f"/applications/{filed.id}", filed.who
        case "task":
            return f"/tasks/{filed.reference}-L1", filed.officer("L1")
        case _:
            return "/tasks", filed.officer("L1")


@pytest.mark.parametrize("what", ["application", "task", "inbox"])
def test_what_has_not_changed_is_not_sent_again(doors: Doors, what: str) -> None:
    filed = doors.file("catering_simple")
    path, who = polled(filed, what)
    first = doors.send("GET", path, who)
    etag = first.headers["etag"]
    assert first.headers["vary"] == "Authorization"
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = doors.send("GET", path, who, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == etag
        assert again.headers["x-illustrative"]
    for other in ('"other"', "", etag.strip('"')):
        assert doors.send("GET", path, who, headers={"If-None-Match": other}).status_code == 200
    filed.act("L1", "receive")
    changed = doors.send("GET", path, who, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


def test_a_known_etag_does_not_help_who_may_not_see(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    etag = doors.send("GET", f"/applications/{filed.id}", filed.who).headers["etag"]
    stranger = doors.send("GET", f"/applications/{filed.id}", "lin_mother", headers={"If-None-Match": etag})
    assert stranger.status_code == 404


def test_an_instant_reads_the_same_before_and_after_it_was_stored(doors: Doors) -> None:
    draft = doors.draft("catering_simple")
    assert doors.get(f"/applications/{draft['id']}", "wang_owner") == draft
    assert draft["created_at"] == "2026-03-16T10:00:00+08:00"
    receipt = doors.post(f"/applications/{draft['id']}/submit", "wang_owner")["application"]
    now = doors.get(f"/applications/{draft['id']}", "wang_owner")
    assert {**receipt, "version": now["version"]} == now


def test_the_document_says_that_it_is_illustrative_and_describes_itself_fully() -> None:
    info: dict[str, Any] = document()["info"]
    assert document()["openapi"].startswith("3.1")
    for text in (info["summary"], info["description"]):
        assert ILLUSTRATIVE_ZH in text
        assert ILLUSTRATIVE_EN in text
    for operation in operations().values():
        assert operation.spec["summary"], operation.id
        assert operation.spec["description"], operation.id
        assert operation.spec["tags"], operation.id
        errors = [status for status in operation.spec["responses"] if status >= "400"]
        assert errors, operation.id
    ids = [operation.id for operation in operations().values()]
    assert len(ids) == len(set(ids)) == sum(len(entry) for entry in document()["paths"].values())


def test_what_was_answered_is_documented(shared_doors: Doors) -> None:
    for name, tried in TABLE.items():
        documented = operations()[name].spec["responses"].keys()
        assert {str(status) for status in tried.statuses.values()} <= documented, name


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_no_answer_lets_another_origin_read_it(shared_doors: Doors, origin: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    client = shared_doors.client
    answers = [client.options(f"{API}/sessions", headers=asked), client.get(f"{API}/bundles", headers=asked)]
    answers += [client.get("/", headers=asked), client.get("/assets/css/base.css", headers=asked)]
    signed_in = {**asked, **shared_doors.sign_in("wang_owner")}
    answers += [client.get(f"{API}/sessions/me", headers=signed_in), client.get("/nowhere", headers=asked)]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control-")], answer.request.url
