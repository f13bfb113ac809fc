"""What a request says about itself: once, and nobody is sent elsewhere by it."""

import pytest

from tests.databases import SQLITE
from tests.doors import Doors, expect

STORY = {"story": "catering_simple"}


@pytest.fixture(scope="session")
def database_kind() -> str:
    """What is asked here does not come as far as the database."""
    return SQLITE


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Idempotency-Key", ("k1", "k2")),
        ("Idempotency-Key", ("k1", "k1")),
        ("Authorization", ("Bearer a", "Bearer b")),
        ("Content-Type", ("application/json", "text/plain")),
        ("Sec-Fetch-Site", ("cross-site", "same-origin")),
        ("Origin", ("https://elsewhere.example", "http://testserver")),
    ],
)
def test_what_means_something_once_is_said_once(shared_doors: Doors, name: str, values: tuple[str, str]) -> None:
    mine = {key: value for key, value in shared_doors.sign_in("wang_owner").items() if key.lower() != name.lower()}
    raw = [(key.encode(), value.encode()) for key, value in [*mine.items(), *((name, value) for value in values)]]
    problem = expect(shared_doors.client.post("/api/v1/applications", json=STORY, headers=raw), 400)
    assert problem["code"] == "malformed-request"
    assert (problem["header"], name.lower() in problem["detail"]) == (name.lower(), True)


def test_a_list_of_what_is_wanted_may_stand_in_several_lines(shared_doors: Doors) -> None:
    raw = [(b"Accept", b"text/html"), (b"Accept", b"application/json"), (b"Accept-Language", b"en")]
    expect(shared_doors.client.get("/api/v1/bundles", headers=raw))


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/", None),
        ("/api/v1/bundles", None),
        ("/api/v1/messages", "wang_owner"),
        ("/api/v1/messages", None),
        ("/x", None),
    ],
)
def test_the_head_alone_is_what_the_whole_says_first(shared_doors: Doors, path: str, who: str | None) -> None:
    mine = shared_doors.sign_in(who) if who else {}
    whole, head = (shared_doors.client.request(method, path, headers=mine) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (whole.status_code, b"")
    differing = {"x-request-id"}
    assert {**head.headers} | dict.fromkeys(differing, "") == {**whole.headers} | dict.fromkeys(differing, "")


def test_the_head_of_a_stream_is_over_at_once_and_what_changes_something_has_none(shared_doors: Doors) -> None:
    filed = shared_doors.file("catering_simple")
    mine = shared_doors.sign_in("wang_owner")
    stream = shared_doors.client.head(f"/api/v1/applications/{filed.id}/stream", headers=mine)
    assert (stream.status_code, stream.content) == (200, b"")
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert shared_doors.client.head(f"/api/v1/applications/{filed.id}/submit", headers=mine).status_code == 405


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("/api/v1/bundles/", "/api/v1/bundles"),
        ("/sign-in/?lang=en&q=%0d%0aa", "/sign-in?lang=en&q=%0d%0aa"),
        ("/api/v1/bundles/caf%C3%A9%3F%0D%0A//", "/api/v1/bundles/caf%C3%A9%3F%0D%0A"),
        ("/api/v1/bundles/%5Cevil.example/", "/api/v1/bundles/%5Cevil.example"),
    ],
)
def test_a_slash_too_many_leads_to_the_address_without_it_on_this_host(
    shared_doors: Doors, asked: str, told: str
) -> None:
    answer = shared_doors.client.get(asked, headers={"Host": "evil.example"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, told)


@pytest.mark.parametrize("path", ["//evil.example/", "/%2Fevil.example/", "/nothing/", "///", "/\\evil.example/"])
def test_nobody_is_led_to_where_nothing_is(shared_doors: Doors, path: str) -> None:
    answer = shared_doors.client.send(
        shared_doors.client.build_request("GET", f"http://testserver{path}"), follow_redirects=False
    )
    assert answer.status_code in {200, 404}
    assert "location" not in answer.headers
