"""Prefer: return=minimal. What is not asked to be seen is not shown, and leaves no look behind."""

import pytest
from sqlalchemy import func, select

from app.storage.sharing_tables import DATA_CALL
from app.transport.preferences import wants_minimal
from tests.doors import Doors, Filed


def looks(doors: Doors) -> int:
    """Rows of the ledger so far."""
    return doors.platform.store.read(
        lambda reader: reader.connection.execute(select(func.count()).select_from(DATA_CALL)).scalar_one()
    )


def act(filed: Filed, action: str, **headers: str) -> tuple[int, str | None, bytes]:
    """One action with these headers: status, the preference that was kept to, and the body."""
    path = f"/tasks/{filed.reference}-L0/actions"
    answer = filed.doors.send("POST", path, filed.officer("L0"), json={"action": action}, headers=headers)
    return answer.status_code, answer.headers.get("Preference-Applied"), answer.content


def test_whoever_wants_no_answer_sees_nothing_and_leaves_no_look(doors: Doors) -> None:
    filed = doors.file("catering_full")
    before = looks(doors)
    assert act(filed, "receive", Prefer="return=minimal") == (204, "return=minimal", b"")
    assert looks(doors) == before
    assert doors.stored(filed.id).tasks["L0"].status.value == "received"
    filed.assert_true_to_its_events()
    status, kept_to, body = act(filed, "accept", Prefer="return=representation")
    assert (status, kept_to) == (200, None)
    assert b'"fields"' in body
    assert looks(doors) > before


def test_a_brief_action_that_is_repeated_with_its_key_happens_once(doors: Doors) -> None:
    filed = doors.file("catering_full")
    wish = {"Prefer": "return=minimal", "Idempotency-Key": "brief-1"}
    events = [act(filed, "receive", **wish) and len(doors.rows(filed.id)) for _ in range(2)]
    assert events[0] == events[1]
    assert act(filed, "receive", **wish)[0] == 204


def test_what_is_refused_is_told_whoever_wants_little(doors: Doors) -> None:
    filed = doors.file("catering_full")
    status, kept_to, body = act(filed, "grant", Prefer="return=minimal")
    assert (status, kept_to) == (409, None)
    assert b"action-not-allowed" in body


@pytest.mark.parametrize(
    ("header", "is_minimal"),
    [
        (None, False),
        ("", False),
        ("return=minimal", True),
        ("Return = Minimal", True),
        ("respond-async, return=minimal; foo=bar", True),
        ("return=representation", False),
        ("return", False),
    ],
)
def test_preferences_are_read_as_the_standard_writes_them(header: str | None, is_minimal: bool) -> None:
    assert wants_minimal(header) is is_minimal
