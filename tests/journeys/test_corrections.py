"""补正 as a story: one merged notice, one answer, and nobody disturbed who need not be."""

from datetime import date, timedelta
from typing import Any

from tests.doors import Doors, Filed

USCC = "92003308MA00DEM225"


def at_intake(doors: Doors) -> Filed:
    """The full restaurant, registered: five departments have it before them, and the health proof is accepted."""
    filed = doors.file("catering_full")
    doors.clock.pass_(minutes=5)
    filed.grant("L0", uscc=USCC)
    filed.grant("L1")
    filed.review("H1")
    for item in ("F1", "S1", "X1", "T1", "P1"):
        filed.act(item, "receive")
    return filed


def with_notice(doors: Doors) -> Filed:
    """The food and fire departments have posted points, the others have accepted, and the notice was served."""
    filed = at_intake(doors)
    filed.post_points("F1", ("field", "premises_right"))
    filed.post_points("X1", ("material", "fire_plan"))
    for item in ("T1", "S1", "P1"):
        assert filed.show()["notices"] == []
        filed.act(item, "accept")
    return filed


def changed_fields(seen: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field → value before and after, of what a department sees marked as changed."""
    return {f["code"]: (f["previous"], f["value"]) for f in seen["fields"] if f["is_changed"]}


def test_two_departments_complain_once_and_only_who_must_hears_of_the_answer(doors: Doors) -> None:
    filed = with_notice(doors)
    notice = filed.show()["notices"][0]
    assert {item: [p["code"] for p in points] for item, points in notice["points"].items()} == {
        "F1": ["premises_right"],
        "X1": ["fire_plan"],
    }
    assert filed.status() == "correction"
    filed.act("S1", "review")
    filed.act("T1", "review")

    doors.clock.pass_(days=1)
    assert doors.upload(filed.id, "fire_plan", filed.who).status_code == 200
    filed.correct(1, premises_right="自有")

    assert filed.statuses() == {
        "L0": "granted",
        "L1": "granted",
        "H1": "review",
        "F1": "received",
        "X1": "received",
        "T1": "review",
        "S1": "review",
        "P1": "accepted",
    }
    assert changed_fields(filed.slice("F1")) == {"premises_right": ("租赁", "自有")}
    tobacco = filed.slice("T1")
    assert changed_fields(tobacco) == {"premises_right": ("租赁", "自有")}
    assert tobacco["confirm_fields"] == ["premises_right"]
    assert {action["code"] for action in tobacco["allowed"]}.isdisjoint({"grant", "refuse"})
    for item in ("S1", "P1", "H1"):
        seen = filed.slice(item)
        assert (seen["confirm_fields"], changed_fields(seen)) == ([], {})
        assert not [event for event in seen["events"] if event["kind"]["code"].startswith("correct")]
    filed.assert_true_to_its_events()


def test_a_department_that_had_accepted_confirms_before_it_decides(doors: Doors) -> None:
    filed = with_notice(doors)
    filed.act("T1", "review")
    doors.upload(filed.id, "fire_plan", filed.who)
    filed.correct(1, premises_right="自有")

    refused = filed.act("T1", "grant", status=409)
    assert refused["code"] == "action-not-allowed"
    assert "confirm" in refused["allowed"]
    assert "复核" in refused["detail_zh"]
    filed.act("T1", "confirm")
    filed.act("T1", "grant")
    assert filed.status("T1") == "granted"


def test_a_point_after_the_one_notice_is_refused_with_the_reason(doors: Doors) -> None:
    filed = with_notice(doors)
    doors.upload(filed.id, "fire_plan", filed.who)
    filed.correct(1, premises_right="自有")

    point = {"kind": "field", "code": "seats", "reason": "再改一处"}
    refused = filed.act("F1", "request_correction", status=409, points=[point])
    assert "一次性告知" in refused["detail_zh"]
    assert "once" in refused["detail"]
    assert "accept" in refused["allowed"]
    assert "request_correction" not in refused["allowed"]


def test_a_department_silent_to_the_last_day_has_missed_the_notice(doors: Doors) -> None:
    filed = at_intake(doors)
    filed.post_points("F1", ("field", "premises_right"))
    for item in ("T1", "S1", "X1"):
        filed.act(item, "accept")
    last_day = date.fromisoformat(filed.slice("P1")["intake_due_on"])

    doors.clock.go_to(last_day, 17)
    assert doors.sweep() == 0, "the department has the whole of its last day"
    doors.clock.go_to(last_day, 18)
    assert doors.sweep() == 1
    assert filed.statuses()["F1"] == "correction"
    assert filed.statuses()["P1"] == "received"
    point = {"kind": "field", "code": "drain_vol", "reason": "请写明日排水量"}
    refused = filed.act("P1", "request_correction", status=409, points=[point])
    assert "一次性告知" in refused["detail_zh"]
    filed.act("P1", "accept")
    assert doors.sweep() == 0


def test_what_nobody_told_the_applicant_in_time_is_an_acceptance_and_says_so(doors: Doors) -> None:
    filed = at_intake(doors)
    filed.post_points("F1", ("field", "premises_right"))
    doors.clock.go_to(date.fromisoformat(filed.slice("P1")["intake_due_on"]) + timedelta(days=1))
    doors.sweep()
    seen = filed.slice("F1")
    assert (seen["status"]["code"], seen["is_deemed_accepted"], seen["points"]) == ("accepted", True, [])
    assert filed.show()["notices"] == []
    accepted = next(event for event in seen["events"] if event["kind"]["code"] == "deemed_accepted")
    assert "未在期限内告知" in accepted["why"]
    filed.assert_true_to_its_events()


def test_the_applicant_hears_of_points_only_through_the_one_notice(doors: Doors) -> None:
    filed = at_intake(doors)
    filed.post_points("F1", ("field", "premises_right"))
    path = f"/tasks/{filed.reference}-F1"
    assert [point["code"] for point in filed.slice("F1")["points"]] == ["premises_right"]
    for who in (filed.who, f"agent.{filed.who}"):
        assert doors.get(path, who)["points"] == []
    assert filed.show()["notices"] == []


def test_points_posted_again_before_the_notice_replace_the_earlier_ones(doors: Doors) -> None:
    filed = at_intake(doors)
    filed.post_points("F1", ("field", "premises_right"))
    filed.post_points("F1", ("field", "seats"))
    for item in ("T1", "S1", "X1", "P1"):
        filed.act(item, "accept")
    points = filed.show()["notices"][0]["points"]
    assert [point["code"] for point in points["F1"]] == ["seats"]


def test_a_wrong_answer_lists_every_place_and_keeps_nothing(doors: Doors) -> None:
    filed = at_intake(doors)
    filed.post_points("F1", ("field", "premises_right"), ("field", "seats"))
    filed.post_points("X1", ("material", "fire_plan"))
    for item in ("T1", "S1", "P1"):
        filed.act(item, "accept")
    before = filed.show()

    refused = filed.correct(1, status=422, seats="many", operator_name="另一家店")
    assert {fault["pointer"]: fault["code"] for fault in refused["errors"]} == {
        "/values/operator_name": "unknown-field",
        "/values/premises_right": "missing",
        "/values/seats": "does-not-fit",
        "/materials/fire_plan": "missing",
    }
    assert filed.show() == before
    assert filed.correct(2, status=409, seats=90)["open_notices"] == [1]


def test_points_on_what_the_department_does_not_see_are_refused(doors: Doors) -> None:
    filed = at_intake(doors)
    for kind, code in (("field", "staff_list"), ("field", "no_such_field"), ("material", "layout")):
        point = {"kind": kind, "code": code, "reason": "请改正"}
        refused = filed.act("S1", "request_correction", status=422, points=[point])
        assert [fault["pointer"] for fault in refused["errors"]] == ["/points/0/code"], code
    assert filed.act("S1", "request_correction", status=422, points=[])["errors"][0]["pointer"] == "/points"
    blank = {"kind": "field", "code": "sign_type", "reason": " "}
    refused = filed.act("S1", "request_correction", status=422, points=[blank])
    assert refused["errors"][0]["pointer"] == "/points/0/reason"
    assert filed.slice("S1")["points"] == []


def test_a_correction_that_never_comes_returns_those_tasks_and_no_others(doors: Doors) -> None:
    filed = with_notice(doors)
    due = date.fromisoformat(filed.show()["notices"][0]["due_on"])
    doors.clock.go_to(due)
    doors.sweep()
    assert filed.status("F1") == "correction"
    doors.clock.pass_(days=1)
    assert doors.sweep() == 1
    statuses = filed.statuses()
    assert (statuses["F1"], statuses["X1"]) == ("returned", "returned")
    assert (statuses["S1"], statuses["T1"], statuses["P1"]) == ("accepted", "accepted", "accepted")
    assert filed.correct(1, status=409, premises_right="自有")["open_notices"] == []
    filed.assert_true_to_its_events()
