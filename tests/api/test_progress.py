"""Looking up progress without signing in: number and code, few tries, and nothing learned by guessing."""

from datetime import date

import pytest
from httpx2 import Response

from app.domain.references import application_reference
from tests.api.test_problems import problem_of
from tests.doors import API, Doors, FakeClock, Filed, expect

UNKNOWN = "L330802-20260316-123456-X"


def look(doors: Doors, reference: str, code: str) -> Response:
    """One try."""
    return doors.client.post(f"{API}/progress", json={"reference": reference, "query_code": code})


def wrong(filed: Filed) -> str:
    """A code that is not the application's."""
    return "111111" if filed.query_code != "111111" else "222222"


@pytest.fixture
def unknown() -> str:
    """A well-formed number nobody has."""
    return application_reference("330802", date(2026, 3, 16), 54321)


def test_number_and_code_show_the_course_and_no_personal_data(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    filed.act("L0", "decline", reason="王示例不符合条件")
    found = expect(look(doors, filed.reference, filed.query_code))
    assert (found["reference"], found["status"]["code"]) == (filed.reference, filed.status())
    assert [task["item"] for task in found["tasks"]] == [task["item"] for task in filed.show()["tasks"]]
    said = look(doors, filed.reference, filed.query_code).text
    for private in ("王示例", "wang_owner", "示例餐饮", "10000000013", filed.id):
        assert private not in said


def test_a_number_typed_carelessly_is_still_found(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    for typed in (
        filed.reference.lower(),
        f"  {filed.reference} ",
        filed.reference.replace("-", ""),
        filed.reference.replace("-", " "),
        f"{filed.reference}-F1",
    ):
        assert look(doors, typed, filed.query_code).status_code == 200, typed
    spaced = f"{filed.query_code[:3]} {filed.query_code[3:]}"
    assert look(doors, filed.reference, spaced).status_code == 200


def test_wrong_code_and_unknown_number_look_the_same(doors: Doors, unknown: str) -> None:
    filed = doors.file("catering_simple")
    answers = [look(doors, filed.reference, wrong(filed)), look(doors, unknown, "111111")]
    bodies = [{**problem_of(response, 404, "not-found"), "instance": ""} for response in answers]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("known", [True, False])
def test_five_wrong_tries_lock_a_number_whether_or_not_anybody_has_it(
    doors: Doors, clock: FakeClock, unknown: str, known: bool
) -> None:
    filed = doors.file("catering_simple")
    other = doors.file("catering_simple")
    reference = filed.reference if known else unknown
    for _ in range(5):
        clock.pass_(seconds=10)
        assert look(doors, reference, wrong(filed)).status_code == 404
    clock.pass_(seconds=10)
    locked = look(doors, reference, filed.query_code)
    found = problem_of(locked, 429, "too-many-requests")
    seconds = int(locked.headers["retry-after"])
    assert seconds == found["retry_after"] == 15 * 60 - 50
    assert look(doors, other.reference, other.query_code).status_code == 200, "another number is not locked"

    clock.pass_(seconds=seconds - 1)
    assert look(doors, reference, filed.query_code).status_code == 429
    clock.pass_(seconds=1)
    assert look(doors, reference, filed.query_code).status_code == (200 if known else 404)


def test_tries_while_locked_do_not_lengthen_the_lock(doors: Doors, clock: FakeClock) -> None:
    filed = doors.file("catering_simple")
    for _ in range(5):
        look(doors, filed.reference, wrong(filed))
    for _ in range(14):
        clock.pass_(minutes=1)
        assert look(doors, filed.reference, wrong(filed)).status_code == 429
    clock.pass_(minutes=1)
    assert look(doors, filed.reference, filed.query_code).status_code == 200


def test_a_mistyped_number_or_code_is_told_so_and_costs_no_try(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    mistyped = filed.reference[:-1] + ("1" if filed.reference[-1] != "1" else "2")
    for _ in range(8):
        found = problem_of(look(doors, mistyped, "12345"), 422, "invalid-input")
        assert [fault["pointer"] for fault in found["errors"]] == ["/reference", "/query_code"]
    for reference in ("", "L", "330802", "😀", "L330802-20261332-00001-1"):
        problem_of(look(doors, reference, "123456"), 422, "invalid-input")
    assert look(doors, filed.reference, filed.query_code).status_code == 200


def test_a_renewed_code_replaces_the_old_one(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    fresh = doors.post(f"/applications/{filed.id}/query-code", filed.who)
    assert fresh["reference"] == filed.reference
    assert look(doors, filed.reference, filed.query_code).status_code == 404
    assert look(doors, filed.reference, fresh["query_code"]).status_code == 200
    assert fresh["query_code"] not in repr(doors.stored(filed.id))
    draft = doors.draft("catering_simple")
    doors.post(f"/applications/{draft['id']}/query-code", "wang_owner", status=404)


def test_the_code_is_stored_only_as_a_keyed_hash(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    stored = doors.stored(filed.id).query_hash
    assert stored is not None
    assert filed.query_code not in stored
    assert filed.query_code not in repr(doors.rows(filed.id))
