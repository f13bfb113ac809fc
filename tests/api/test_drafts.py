"""暂存: a draft keeps whatever was entered and says what is wrong with it; only submission demands that all is well."""

from typing import Any

import pytest

from tests.api.test_problems import problem_of
from tests.doors import Doors, expect

OWNER = "wang_owner"


def save(doors: Doors, application_id: str, status: int = 200, **wish: Any) -> Any:
    """Save something."""
    return expect(doors.send("PATCH", f"/applications/{application_id}", OWNER, json=wish), status)


def pointers(shown: dict[str, Any]) -> set[str]:
    """Where the draft has faults."""
    return {fault["pointer"] for fault in shown["faults"]}


def test_a_story_is_a_draft_without_faults(shared_doors: Doors) -> None:
    for code, story in shared_doors.platform.world.catalogue.stories.items():
        draft = shared_doors.draft(code)
        assert draft["faults"] == [], code
        assert draft["open_questions"] == []
        assert (draft["status"]["code"], draft["reference"], draft["version"]) == ("draft", None, 0)
        assert (draft["bundle"], draft["region"], draft["applicant"]) == (story.bundle, story.region, story.applicant)


def test_values_that_do_not_fit_are_kept_and_listed(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_full")
    wrong = {"seats": "many", "premises_area": -5, "sign_type": "霓虹", "contact_phone": "12", "open_date": "soon"}
    saved = save(shared_doors, draft["id"], form=wrong)
    assert {code: saved["form"][code] for code in wrong} == wrong
    assert pointers(saved) == {f"/form/{code}" for code in wrong}
    assert saved["version"] == 1
    refused = shared_doors.post(f"/applications/{draft['id']}/submit", OWNER, status=422)
    assert {fault["pointer"] for fault in refused["errors"]} == pointers(saved)
    mended = save(shared_doors, draft["id"], form={code: draft["form"][code] for code in wrong})
    assert mended["faults"] == []


def test_null_clears_a_field_and_what_is_missing_is_listed(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_full")
    saved = save(shared_doors, draft["id"], form={"operator_name": None, "seats": None})
    assert not {"operator_name", "seats"} & saved["form"].keys()
    assert pointers(saved) == {"/form/operator_name", "/form/seats"}
    assert shared_doors.replayed(draft["id"]) == shared_doors.stored(draft["id"])


def test_saving_the_same_again_is_no_event(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_full")
    assert save(shared_doors, draft["id"], form={"seats": draft["form"]["seats"]})["version"] == 0
    assert save(shared_doors, draft["id"])["version"] == 0
    assert save(shared_doors, draft["id"], answers=draft["answers"])["version"] == 0


def test_changing_an_answer_changes_what_is_asked(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_full")
    without_sign = save(shared_doors, draft["id"], answers={**draft["answers"], "sign": False})
    assert without_sign["faults"] == []
    submitted = shared_doors.post(f"/applications/{draft['id']}/submit", OWNER)["application"]
    assert "S1" not in {task["item"] for task in submitted["tasks"]}


def test_answers_are_replaced_and_those_not_asked_any_more_dropped(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_full")
    saved = save(shared_doors, draft["id"], answers={"has_licence": True})
    assert saved["answers"] == {"has_licence": True}
    assert "area_m2" in saved["open_questions"]
    refused = shared_doors.post(f"/applications/{draft['id']}/submit", OWNER, status=409)
    assert refused["code"] == "questions-open"
    assert refused["questions"] == saved["open_questions"]


def test_answers_outside_the_bundle_are_told_where_to_go(shared_doors: Doors) -> None:
    draft = shared_doors.draft("birth_simple", "zhou_father")
    path = f"/applications/{draft['id']}"
    answers = {**draft["answers"], "born_here": False}
    expect(shared_doors.send("PATCH", path, "zhou_father", json={"answers": answers}))
    refused = shared_doors.post(f"{path}/submit", "zhou_father", status=409)
    assert refused["code"] == "not-eligible"
    assert refused["reasons"]


def test_an_unknown_field_is_refused_with_the_nearest_name_and_nothing_is_kept(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_full")
    refused = save(shared_doors, draft["id"], status=422, form={"seats": 3, "premises_aera": 5})
    assert [fault["pointer"] for fault in refused["errors"]] == ["/form/premises_aera"]
    assert "premises_area" in refused["errors"][0]["detail"]["zh"]
    assert shared_doors.get(f"/applications/{draft['id']}", OWNER)["form"] == draft["form"]


def test_a_field_only_other_answers_ask_for_is_kept_for_them(shared_doors: Doors) -> None:
    draft = shared_doors.draft("catering_simple")
    saved = save(shared_doors, draft["id"], form={"sign_size": "长 2 米"})
    assert saved["form"]["sign_size"] == "长 2 米"
    assert saved["faults"] == []


@pytest.mark.parametrize(
    ("wish", "where"),
    [
        ({}, {"/bundle", "/region"}),
        ({"bundle": "catering"}, {"/region"}),
        ({"story": "no_such_story"}, {"/story"}),
        ({"bundle": "catering", "region": "1"}, {"/region"}),
        ({"story": "catering_full", "answers": {"sign": "ja"}}, {"/answers/sign"}),
        ({"story": "catering_full", "form": {"no_such": 1}}, {"/form/no_such"}),
    ],
)
def test_a_draft_that_cannot_begin_says_why(shared_doors: Doors, wish: dict[str, Any], where: set[str]) -> None:
    refused = shared_doors.post("/applications", OWNER, wish, status=422)
    assert {fault["pointer"] for fault in refused["errors"]} == where


def test_a_draft_of_an_unknown_bundle_is_not_found(shared_doors: Doors) -> None:
    wish = {"bundle": "catring", "region": "330802"}
    refused = problem_of(shared_doors.send("POST", "/applications", OWNER, json=wish), 404)
    assert "catering" in refused["detail"]


def test_a_clerk_says_for_whom(shared_doors: Doors) -> None:
    wish = {"bundle": "catering", "region": "330802"}
    refused = shared_doors.post("/applications", "clerk.330802", wish, status=422)
    assert refused["errors"][0]["pointer"] == "/applicant"
    for nobody in ("nobody", "clerk.330802", "officer.market.330802.1"):
        shared_doors.post("/applications", "clerk.330802", {**wish, "applicant": nobody}, status=422)
    made = shared_doors.post("/applications", "clerk.330802", {**wish, "applicant": "lin_mother"}, 201)
    assert (made["applicant"], made["filed_region"]) == ("lin_mother", "330802")


def test_nobody_files_in_anothers_name(shared_doors: Doors) -> None:
    made = shared_doors.post("/applications", "lin_mother", {"story": "catering_full", "applicant": "wang_owner"}, 201)
    assert made["applicant"] == "lin_mother"
    made = shared_doors.post("/applications", "agent.lin_mother", {"story": "catering_full"}, 201)
    assert made["applicant"] == "lin_mother"


def test_after_submission_the_draft_is_closed(shared_doors: Doors) -> None:
    filed = shared_doors.file("catering_simple")
    refused = save(shared_doors, filed.id, status=409, form={"seats": 1})
    assert (refused["code"], refused["allowed"]) == ("action-not-allowed", ["correct", "withdraw"])


def test_what_an_agent_does_is_in_the_timeline_under_his_name(shared_doors: Doors) -> None:
    filed = shared_doors.file("catering_simple", "agent.wang_owner")
    events = shared_doors.get(f"/applications/{filed.id}/events", "wang_owner", limit=500)["entries"]
    assert {event["actor"] for event in events if event["role"]["code"] != "system"} == {"agent.wang_owner"}
