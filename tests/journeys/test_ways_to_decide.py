"""告知承诺、容缺、即办、联合踏勘、免申即享 and three hands, as stories through the API."""

from datetime import date
from typing import Any

import pytest

from tests.doors import Doors, Filed

USCC = "92003308MA00DEM225"


def registered(doors: Doors, said: Any = None, **wish: Any) -> Filed:
    """The full restaurant, registered, so that five departments have it before them."""
    filed = doors.file("catering_full", said=said, **wish)
    filed.grant("L0", uscc=USCC)
    filed.grant("L1")
    return filed


def test_a_licence_goes_through_three_hands(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.review("L0")
    one, two, three = (filed.officer("L0", hand) for hand in (1, 2, 3))
    assert filed.slice("L0")["hands"] == 3
    refused = filed.act("L0", "grant", who=three, status=409, outputs={"uscc": USCC})
    assert "三人" in refused["detail_zh"]
    filed.act("L0", "propose", who=one, verdict="granted", reason="材料齐全，拟准予")
    assert filed.act("L0", "endorse", who=one, status=409)["code"] == "action-not-allowed"
    filed.act("L0", "endorse", who=two)
    opinions = filed.slice("L0")["opinions"]
    assert [(o["hand"]["zh"], o["officer"]) for o in opinions] == [("承办意见", one), ("审核意见", two)]
    assert doors.get(f"/tasks/{filed.reference}-L0", filed.who)["opinions"] == []
    filed.act("L0", "grant", who=three, outputs={"uscc": USCC})
    proposed = [(e["actor"], e["why"]) for e in filed.events() if e["kind"]["code"] == "proposed"]
    assert proposed == [("market.330802", None)], "an opinion is not yet a decision: its words stay inside"
    inside = [e["why"] for e in filed.slice("L0")["events"] if e["kind"]["code"] == "proposed"]
    assert inside == ["材料齐全，拟准予"]
    filed.assert_true_to_its_events()


def test_an_instant_item_is_done_in_one_action_and_four_events(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    seen = filed.act("L1", "decide_at_once")
    assert seen["status"]["code"] == "granted"
    assert [e["kind"]["code"] for e in seen["events"]][1:] == ["received", "accepted", "review_begun", "granted"]
    assert filed.act("F1", "decide_at_once", status=409)["code"] == "action-not-allowed"
    assert doors.stored(filed.id).tasks["L1"].mode.value == "offered"


@pytest.mark.parametrize("verdict", ["grant", "refuse"])
def test_silence_at_intake_leaves_no_case_to_one_officer(doors: Doors, verdict: str) -> None:
    filed = doors.file("birth_full")
    doors.clock.pass_(days=9)
    doors.sweep()
    one, two = filed.officer("B1", 1), filed.officer("B1", 2)
    assert filed.slice("B1")["is_deemed_accepted"]
    assert filed.slice("B1")["hands"] == 2
    filed.act("B1", "review", who=one)
    refused = filed.act("B1", verdict, who=one, reason="x", status=409)
    assert refused["detail_zh"].startswith("收件的人不能作出决定")
    assert verdict not in {option["code"] for option in doors.get(f"/tasks/{filed.reference}-B1", one)["allowed"]}
    filed.act("B1", verdict, who=two, reason="x")
    filed.assert_true_to_its_events()


def commit(doors: Doors) -> Filed:
    """The restaurant whose owner commits to the fire rules."""
    story = doors.platform.world.catalogue.stories["catering_full"]
    draft = doors.draft("catering_full")
    answers = {**doors.get(f"/applications/{draft['id']}", "wang_owner")["answers"], "fire_commit": True}
    path = f"/applications/{draft['id']}"
    saved = doors.send("PATCH", path, story.applicant, json={"answers": answers})
    assert saved.status_code == 200, saved.text
    receipt = doors.post(f"{path}/submit", story.applicant)
    tasks = doors.stored(draft["id"]).tasks
    departments = {item: task.department for item, task in tasks.items()}
    filed = Filed(doors, draft["id"], story.applicant, receipt["application"]["reference"], "", departments)
    filed.grant("L0", uscc=USCC)
    filed.grant("L1")
    return filed


def test_a_commitment_found_false_later_is_revoked_and_remembered(doors: Doors) -> None:
    filed = commit(doors)
    granted = filed.act("X1", "decide_at_once")
    assert (granted["mode"]["code"], granted["after_check"]["is_true"]) == ("commitment", None)
    filed.act("X1", "deliver")
    checks = doors.get("/after-checks", filed.officer("X1"))["entries"]
    assert [(line["item"], line["light"]["clock"]["code"]) for line in checks] == [("X1", "check")]
    assert filed.tasks()["X1"]["check_due_on"] == granted["after_check"]["due_on"]

    doors.clock.pass_(days=10)
    refused = filed.act("X1", "revoke", who=filed.officer("X1", 1), status=409, reason="通道被占用")
    assert "自己的决定" in refused["detail_zh"]
    seen = filed.act("X1", "revoke", reason="疏散通道被占用，与承诺不符")
    assert (seen["status"]["code"], seen["verdict"]["code"]) == ("closed", "revoked")
    assert seen["certificate"]["revoked_on"] == "2026-03-26"
    case = filed.show()
    assert next(c for c in case["certificates"] if c["item"] == "X1")["revoked_on"] == "2026-03-26"
    assert doors.get("/after-checks", filed.officer("X1"))["entries"] == []
    notes = doors.get("/credit-notes", filed.who)
    assert [(note["reference"], note["item"]) for note in notes] == [(filed.reference, "X1")]
    assert doors.get("/credit-notes", "lin_mother") == []
    filed.assert_true_to_its_events()

    doors.clock.pass_(minutes=5)
    again = commit(doors)
    assert again.slice("X1")["mode"]["code"] == "ordinary", "no more decisions on trust"
    assert again.slice("X1")["promised_due_on"] is None
    again.act("X1", "receive")
    again.act("X1", "accept")
    assert again.act("X1", "grant_on_promise", status=409)["code"] == "action-not-allowed"


def test_a_commitment_found_true_stands(doors: Doors) -> None:
    filed = commit(doors)
    filed.act("X1", "decide_at_once")
    filed.act("X1", "pass_check", reason="现场与承诺一致")
    assert filed.slice("X1")["after_check"]["is_true"] is True
    assert doors.get("/credit-notes", filed.who) == []


def without(doors: Doors, code: str) -> dict[str, Any]:
    """A full draft from which one paper was taken out."""
    draft = doors.draft("catering_full")
    gone = doors.send("DELETE", f"/applications/{draft['id']}/materials/{code}", "wang_owner")
    assert gone.status_code == 200
    found: dict[str, Any] = gone.json()
    return found


def pledged(doors: Doors, draft: dict[str, Any], **said: Any) -> Filed:
    """The draft, submitted with the undertaking, and registered."""
    receipt = doors.post(f"/applications/{draft['id']}/submit", "wang_owner", {"pledge": True, **said})
    tasks = doors.stored(draft["id"]).tasks
    departments = {item: task.department for item, task in tasks.items()}
    filed = Filed(doors, draft["id"], "wang_owner", receipt["application"]["reference"], "", departments)
    filed.grant("L0", uscc=USCC)
    filed.grant("L1")
    return filed


def test_what_follows_later_is_signed_for_and_lapses_when_it_does_not_come(doors: Doors) -> None:
    draft = without(doors, "sign_consent")
    assert draft["may_follow"] == ["sign_consent"]
    refused = doors.post(f"/applications/{draft['id']}/submit", "wang_owner", status=422)
    assert [fault["pointer"] for fault in refused["errors"]] == ["/pledge"]
    filed = pledged(doors, draft)
    filed.review("S1")
    (owed,) = filed.slice("S1")["deferred"]
    assert (owed["code"], owed["due_on"], owed["is_here"]) == ("sign_consent", "2026-03-19", False)
    (told,) = filed.slice("S1")["other_dates"]
    assert (told["kind"]["code"], told["on"], told["count"]) == ("deferred", "2026-03-19", 3)
    assert "3个工作日于2026年3月19日届满" in told["sentence"]["zh"]
    for item in ("F1", "X1", "T1", "P1", "H1"):
        filed.act(item, "receive")
        filed.act(item, "accept")
    doors.clock.go_to(date(2026, 3, 19))
    assert doors.sweep() == 0
    doors.clock.pass_(days=1)
    assert doors.sweep() == 1
    seen = filed.tasks()["S1"]
    assert (seen["status"]["code"], "容缺" in seen["reason"]) == ("returned", True)
    assert filed.status("F1") == "accepted"
    signed = next(event for event in filed.events() if event["kind"]["code"] == "submitted")
    assert "承诺" in signed["why"]
    filed.assert_true_to_its_events()


def test_what_arrives_in_time_lets_the_certificate_go_out(doors: Doors) -> None:
    filed = pledged(doors, without(doors, "sign_consent"))
    filed.review("S1")
    assert filed.act("S1", "grant", status=409)["missing"] == ["sign_consent"]
    assert doors.upload(filed.id, "sign_consent", filed.who).status_code == 200
    filed.act("S1", "grant")
    doors.clock.pass_(days=60)
    doors.sweep()
    assert filed.status("S1") == "granted"


def test_a_day_not_yet_known_follows_and_the_case_starts_without_it(doors: Doors) -> None:
    draft = doors.draft("catering_full")
    path = f"/applications/{draft['id']}"
    doors.send("PATCH", path, "wang_owner", json={"form": {"open_date": None}})
    refused = doors.post(f"{path}/submit", "wang_owner", status=422)
    assert [fault["pointer"] for fault in refused["errors"]] == ["/form/open_date"]
    filed = pledged(doors, draft, later=["open_date"])
    filed.review("X1")
    assert filed.act("X1", "grant", status=409)["missing"] == ["open_date"]
    wrong = doors.post(f"{path}/later", "wang_owner", {"values": {"open_date": "soon"}}, status=422)
    assert [fault["pointer"] for fault in wrong["errors"]] == ["/values/open_date"]
    assert doors.send("POST", f"{path}/later", "lin_mother", json={"values": {}}).status_code == 404
    doors.post(f"{path}/later", "wang_owner", {"values": {"open_date": "2026-05-01"}})
    assert filed.value("X1", "open_date") == "2026-05-01"
    filed.act("X1", "grant")
    assert doors.post(f"{path}/later", "wang_owner", {"values": {"open_date": "2026-06-01"}}, status=409)["owed"] == []
    filed.assert_true_to_its_events()


def test_one_survey_for_all_and_nobody_waits_for_who_does_not_come(doors: Doors) -> None:
    filed = registered(doors)
    filed.review("F1", "S1", "X1", "T1", "P1")
    due = filed.slice("X1")["promised_due_on"]
    path = f"/applications/{filed.id}/survey"
    wish = {"on": "2026-03-18", "place": "示例路1号"}
    for who, status in (("lin_mother", 403), ("officer.tax.330802.1", 404), ("clerk.330881", 404)):
        assert doors.send("POST", path, who, json=wish).status_code == status, who
    weekend = doors.post(path, "clerk.330802", {**wish, "on": "2026-03-21"}, status=422)
    assert weekend["errors"][0]["code"] == "not-a-working-day"
    survey = doors.post(path, filed.officer("F1"), wish)
    assert set(survey["items"]) == set(survey["waits_for"]) >= {"F1", "S1", "X1"}

    task = f"/tasks/{filed.reference}-X1/survey"
    found = {"officers": [filed.officer("X1", 1), filed.officer("X1", 2)], "is_met": True, "conclusion": "符合"}
    assert doors.post(task, filed.officer("X1"), found, status=409)["code"] == "action-not-allowed"
    doors.clock.pass_(days=2)
    alone = {**found, "officers": [filed.officer("X1", 1)]}
    assert doors.post(task, filed.officer("X1"), alone, status=422)["errors"][0]["pointer"] == "/officers"
    stranger = {**found, "officers": [filed.officer("X1", 1), filed.officer("F1", 2)]}
    assert doors.post(task, filed.officer("X1"), stranger, status=422)["errors"][0]["pointer"] == "/officers/1"
    doors.post(task, filed.officer("X1"), found)
    filed.act("X1", "grant")
    assert "踏勘" in filed.act("F1", "grant", status=409)["detail_zh"]
    shown = filed.show()["survey"]
    assert (shown["records"]["X1"]["conclusion"], shown["records"]["X1"]["officers"]) == ("符合", [])
    assert "F1" in shown["waits_for"]
    assert filed.slice("X1")["promised_due_on"] == due
    filed.assert_true_to_its_events()


def test_what_is_offered_is_declined_with_a_word(doors: Doors) -> None:
    draft = doors.draft("retire_full")
    who = draft["applicant"]
    path = f"/applications/{draft['id']}/submit"
    refused = doors.post(path, who, {"declined": ["R1"]}, status=422)
    assert refused["errors"][0]["code"] == "not-offered"
    items = doors.platform.world.library.items.values()
    offered = next(item.code for item in items if item.supports.automatic and item.code.startswith("R"))
    receipt = doors.post(path, who, {"declined": [offered]})
    assert offered not in {task["item"] for task in receipt["application"]["tasks"]}


def test_a_courier_leg_is_a_step_with_its_own_day(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("H1", "plan_step", who="clerk.330802", step="courier", days=2, reason="寄送体检单")
    (step,) = filed.slice("H1")["steps"]
    assert (step["kind"]["zh"], step["due_on"], step["is_late"]) == ("快递", "2026-03-18", False)
    doors.clock.pass_(days=3)
    assert filed.slice("H1")["steps"][0]["is_late"]
    filed.act("H1", "finish_step", number=1)
    assert filed.slice("H1")["steps"][0]["done_at"] is not None
    filed.assert_true_to_its_events()


def test_saying_the_same_twice_submits_once(doors: Doors) -> None:
    draft = without(doors, "sign_consent")
    path, key = f"/applications/{draft['id']}/submit", {"Idempotency-Key": "one"}
    first = doors.send("POST", path, "wang_owner", json={"pledge": True}, headers=key)
    again = doors.send("POST", path, "wang_owner", json={"pledge": True}, headers=key)
    other = doors.send("POST", path, "wang_owner", json={"pledge": False}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert first.json()["application"]["reference"] == again.json()["application"]["reference"]
