"""Refusals and withdrawals: what ends with them, and what goes on."""

import pytest

from tests.doors import Doors


def test_a_refused_tax_assessment_ends_everything_after_it(doors: Doors) -> None:
    filed = doors.file("house_full")
    filed.grant("D1")
    filed.refuse("D2")
    filed.act("D2", "deliver")

    tasks = filed.tasks()
    after = ("D3", "D4", "W1", "W2", "W3", "W4")
    assert {tasks[item]["status"]["code"] for item in after} == {"terminated"}
    assert all("前置事项未通过" in tasks[item]["reason"] for item in after)
    case = filed.show()
    assert case["result"]["code"] == "partly_granted"
    assert case["completed_at"] is None
    filed.act("D1", "deliver")
    case = filed.show()
    assert case["status"]["code"] == "partly_finished"
    assert case["completed_at"] is not None
    filed.assert_true_to_its_events()


def test_a_refused_mortgage_leaves_the_transfer_alone(doors: Doors) -> None:
    filed = doors.file("house_full")
    filed.grant("D1")
    filed.grant("D2")
    filed.refuse("D4")
    filed.grant("D3")
    assert {filed.statuses()[item] for item in ("W1", "W2", "W3", "W4")} == {"submitted"}


@pytest.mark.parametrize("ending", ["refuse", "grant"])
def test_deemed_years_refused_or_not_the_pension_goes_on(doors: Doors, ending: str) -> None:
    filed = doors.file("retire_full")
    filed.grant("R1")
    filed.grant("R9")
    assert filed.status("R5") == "waiting"
    getattr(filed, ending)("R2")
    assert filed.status("R5") == "submitted"
    filed.grant("R5")
    assert {filed.statuses()[item] for item in ("R6", "R7", "R8")} == {"submitted"}


def test_retirement_refused_ends_the_pension_at_once(doors: Doors) -> None:
    filed = doors.file("retire_full")
    filed.refuse("R1")
    statuses = filed.statuses()
    assert {statuses[item] for item in ("R2", "R5", "R6", "R7", "R8")} == {"terminated"}
    assert statuses["R9"] == "submitted"


def test_not_accepting_the_first_item_ends_what_waits_for_it(doors: Doors) -> None:
    filed = doors.file("startup_full")
    filed.act("E0", "receive")
    filed.act("E0", "decline", reason="不属于本机关职权范围")
    case = filed.show()
    assert case["status"]["code"] == "terminated"
    assert case["result"]["code"] == "none"
    assert filed.status("E7") == "terminated"


def test_the_whole_withdrawn_keeps_what_was_decided(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="92003308MA00DEM225")
    doors.post(f"/applications/{filed.id}/withdraw", filed.who, {"reason": "不开了"})
    statuses = filed.statuses()
    assert statuses.pop("L0") == "granted"
    assert set(statuses.values()) == {"withdrawn"}
    assert [found["item"] for found in filed.show()["certificates"]] == ["L0"]
    filed.act("L0", "deliver")
    assert filed.status() == "partly_finished"
    again = doors.post(f"/applications/{filed.id}/withdraw", filed.who, {}, status=409)
    assert again["code"] == "action-not-allowed"
    filed.assert_true_to_its_events()


def test_an_untouched_application_withdrawn_is_over(doors: Doors) -> None:
    filed = doors.file("birth_simple")
    found = doors.post(f"/applications/{filed.id}/withdraw", filed.who, {})
    assert found["status"]["code"] == "withdrawn"
    assert found["completed_at"] is not None
    filed.act("B1", "receive", status=409)


def test_a_draft_withdrawn_can_no_longer_be_changed_or_submitted(doors: Doors) -> None:
    draft = doors.draft("birth_simple")
    doors.post(f"/applications/{draft['id']}/withdraw", "feng_father", {})
    assert doors.get(f"/applications/{draft['id']}", "feng_father")["status"]["code"] == "withdrawn"
    assert doors.send("PATCH", f"/applications/{draft['id']}", "feng_father", json={"form": {}}).status_code == 409
    doors.post(f"/applications/{draft['id']}/submit", "feng_father", status=409)
    doors.post(f"/applications/{draft['id']}/withdraw", "feng_father", {}, status=409)


def test_one_item_is_withdrawn_alone_unless_others_wait_for_it(doors: Doors) -> None:
    filed = doors.file("catering_full")
    refused = filed.act("L0", "withdraw", who=filed.who, status=409)
    assert refused["dependants"]
    assert "L1" in refused["dependants"]
    filed.act("T1", "withdraw", who=filed.who)
    assert filed.status("T1") == "withdrawn"
    assert filed.status("L0") == "submitted"
    filed.grant("L0", uscc="92003308MA00DEM225")
    filed.grant("L1")
    filed.act("X1", "withdraw", who=f"agent.{filed.who}")
    assert filed.status("X1") == "withdrawn"
    filed.act("L1", "withdraw", who=filed.who, status=409)


def test_a_supervisor_can_void_a_task_and_must_say_why(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    assert filed.act("L1", "void", who="supervisor.330800", status=422)["errors"][0]["pointer"] == "/reason"
    filed.act("L1", "void", who="supervisor.330800", reason="数据错误")
    assert filed.statuses() == {"L1": "void", "F1": "terminated"}
    assert filed.status() == "terminated"
