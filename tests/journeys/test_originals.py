"""退还原件: papers taken in on paper go back when the application fails, against a signature, by a day of its own."""

from typing import Any

from tests.doors import Doors, expect

CLERK, OWNER = "clerk.330802", "wang_owner"


def taken_in(doors: Doors) -> tuple[str, str]:
    """A small restaurant with its lease on paper; id and number."""
    draft = doors.draft("catering_simple", CLERK, region="330802")
    own = f"/applications/{draft['id']}"
    expect(doors.send("PUT", f"{own}/materials/premises_proof/paper", CLERK, json={"note": "原件 1 份"}))
    return draft["id"], doors.post(f"{own}/submit", CLERK)["application"]["reference"]


def waiting(doors: Doors, reference: str, who: str = CLERK) -> list[str]:
    """The tasks of the application whose originals the hall is still to give back."""
    lines = doors.get("/counter/tasks", who, queue="originals", limit=100)["entries"]
    return [line["id"] for line in lines if line["reference"] == reference]


def test_originals_of_a_withdrawn_application_go_back_against_a_signature(doors: Doors) -> None:
    case, reference = taken_in(doors)
    assert waiting(doors, reference) == []
    doors.post(f"/applications/{case}/withdraw", OWNER, {})
    (task,) = waiting(doors, reference)
    assert waiting(doors, reference, "clerk.330881") == []
    shown = doors.get(f"/tasks/{task}", CLERK)
    (step,) = shown["steps"]
    assert (step["kind"]["code"], step["note"], step["due_on"]) == ("original_out", "原件 1 份", "2026-03-23")
    assert [action["code"] for action in shown["allowed"]] == ["finish_step"]
    wish: dict[str, Any] = {"action": "finish_step", "number": 1}
    assert doors.send("POST", f"/tasks/{task}/actions", OWNER, json=wish).status_code == 409
    assert doors.post(f"/tasks/{task}/actions", CLERK, wish, 422)["errors"][0]["pointer"] == "/reason"
    doors.clock.pass_(days=9)
    assert doors.get(f"/tasks/{task}", CLERK)["steps"][0]["is_late"]
    given = doors.post(f"/tasks/{task}/actions", CLERK, {**wish, "reason": "本人"})["steps"][0]
    assert given["done_at"]
    assert given["note"].endswith("领取人 / taken by: 本人")
    assert waiting(doors, reference) == []
    assert doors.send("POST", f"/tasks/{task}/actions", CLERK, json=wish).status_code == 409
    assert doors.stored(case) == doors.replayed(case)
