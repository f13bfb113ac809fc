"""Drafts: as many as anybody needs, and not so many that one person fills the disk."""

from collections.abc import Iterator

import pytest

from app.usecases import drafts
from tests.doors import Doors, expect

OWNER, MOTHER, CLERK = "wang_owner", "lin_mother", "clerk.330802"
MOST = 3


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three a day, among six."""
    monkeypatch.setattr(drafts, "MOST", MOST)
    monkeypatch.setattr(drafts, "AMONG", 2 * MOST)
    return


def begin(doors: Doors, who: str = OWNER, **more: str) -> dict[str, str]:
    """One more, empty."""
    made: dict[str, str] = doors.post("/applications", who, {"bundle": "catering", "region": "330802", **more}, 201)
    return made


@pytest.mark.usefixtures("few")
def test_who_has_begun_too_many_within_a_day_is_told_when_the_next_is_possible(doors: Doors) -> None:
    first = begin(doors)
    doors.clock.pass_(hours=5)
    for _ in range(MOST - 1):
        begin(doors)
    doors.post(f"/applications/{first['id']}/withdraw", OWNER, {})
    answer = doors.send("POST", "/applications", OWNER, json={"bundle": "catering", "region": "330802"})
    assert expect(answer, 429)["code"] == "too-many-requests"
    assert answer.headers["Retry-After"] == str(19 * 3600), "a draft that was withdrawn counts until it is a day old"
    by_clerk = {"bundle": "catering", "region": "330802", "applicant": OWNER}
    assert doors.post("/applications", CLERK, by_clerk, 429)["code"] == "too-many-requests", "whoever begins it"
    begin(doors, MOTHER)
    doors.clock.pass_(hours=19)
    begin(doors)
    doors.post("/applications", OWNER, {"bundle": "catering", "region": "330802"}, 429)


@pytest.mark.usefixtures("few")
def test_who_submits_may_begin_again(doors: Doors) -> None:
    for _ in range(2 * MOST):
        doors.file("catering_full", OWNER)
        doors.clock.pass_(minutes=1)
    for _ in range(MOST):
        begin(doors)
    doors.post("/applications", OWNER, {"bundle": "catering", "region": "330802"}, 429)
