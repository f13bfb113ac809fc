"""Stories of consent: the mother applies, the father decides about his own data, and both see what came of it."""

from typing import Any

import pytest

from tests.doors import Doors, expect

MOTHER, FATHER, STRANGER, AGENT, CLERK = "lin_mother", "zhou_father", "wang_owner", "agent.zhou_father", "clerk.330802"
HOUSEHOLD = ("father", "household_register")


def needs(doors: Doors, application: str, who: str = MOTHER) -> dict[tuple[str, str], dict[str, Any]]:
    """The consents an application needs, by party and dataset."""
    found = doors.get(f"/applications/{application}/consents", who)["needed"]
    return {(need["party"], need["dataset"]): need for need in found}


def asked(doors: Doors, application: str, **wish: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """The same after the mother has asked for them."""
    found = doors.post(f"/applications/{application}/consents", MOTHER, wish)["needed"]
    return {(need["party"], need["dataset"]): need for need in found}


def answer(doors: Doors, need: dict[str, Any], action: str, who: str = FATHER, status: int = 200) -> Any:
    """One answer from somebody's own account."""
    return expect(doors.send("POST", f"/me/consents/{need['consent_id']}/{action}", who), status)


def prefilled(doors: Doors, application: str) -> dict[str, Any]:
    """What the form gains in advance, by field."""
    found = doors.post(f"/applications/{application}/prefill", MOTHER)
    return {entry["code"]: entry for entry in found["fields"]}


@pytest.fixture
def draft(doors: Doors) -> str:
    """The mother's draft with everything but what registers know of the father."""
    made = doors.draft("birth_full")
    form = {"father_nation": None, "stay": None, "fee": None}
    expect(doors.send("PATCH", f"/applications/{made['id']}", MOTHER, json={"form": form}))
    return str(made["id"])


def test_the_notice_names_who_what_why_how_long_and_the_rights(doors: Doors, draft: str) -> None:
    need = needs(doors, draft)[HOUSEHOLD]
    assert need["person"] == {"zh": "周*（003*************14）", "en": "周* (003*************14)"}
    assert [element["code"] for element in need["elements"]] == ["nation"]
    text = need["text"]["zh"]
    for office in need["departments"]:
        assert office["zh"] in text
    for part in ("户籍信息", "民族", "仅用于", "林*", "可以不同意", "随时撤回", "第十七条", "第二十三条", "示例"):
        assert part in text, part
    assert "林示例" not in text
    assert "周示例" not in text
    assert need["status"] is None
    assert need["can_be_asked"]


def test_only_others_data_and_sensitive_ones_need_a_consent(doors: Doors, draft: str) -> None:
    found = needs(doors, draft)
    own = {dataset for party, dataset in found if party == "applicant"}
    assert own == {"hospital_settlement"}
    assert ("baby", "birth_record") in found
    assert found["baby", "birth_record"]["is_for_child"]
    assert "第三十一条" in found["baby", "birth_record"]["text"]["zh"]
    assert {dataset for party, dataset in found if party == "father"} >= {"household_register"}


def test_the_father_gives_and_the_mothers_form_is_filled(doors: Doors, draft: str) -> None:
    assert prefilled(doors, draft)["father_nation"]["value"] is None
    need = asked(doors, draft)[HOUSEHOLD]
    assert need["status"]["code"] == "asked"
    told = doors.get("/messages", FATHER)["entries"]
    assert [message["kind"]["code"] for message in told] == ["consent_asked"]
    assert "林*" in told[0]["body"]["zh"]
    own = doors.get("/me/consents", FATHER)["entries"]
    consent = next(entry for entry in own if entry["id"] == need["consent_id"])
    assert consent["text"] == need["text"]
    assert [action["code"] for action in consent["allowed"]] == ["give", "refuse"]
    given = answer(doors, need, "give")
    assert given["status"]["code"] == "given"
    assert given["digest"] == consent["digest"]
    assert [action["code"] for action in given["allowed"]] == ["withdraw"]
    assert prefilled(doors, draft)["father_nation"]["source"] is not None
    shown = doors.get(f"/applications/{draft}", MOTHER)
    assert shown["form"]["father_nation"] == "***"
    assert "father_nation" in shown["masked"]
    looks = doors.get("/me/data/looks", FATHER, dataset="household_register", result="allowed")["entries"]
    assert looks[0]["basis"]["code"] == "consent"
    assert looks[0]["consent_id"] == need["consent_id"]
    assert looks[0]["application_id"] is None
    assert [field["code"] for field in looks[0]["fields"]] == ["nation"]
    heard = doors.get("/messages", MOTHER)["entries"]
    assert heard[0]["kind"]["code"] == "consent_answered"


def test_the_father_refuses_and_the_field_is_the_mothers_to_type(doors: Doors, draft: str) -> None:
    need = asked(doors, draft)[HOUSEHOLD]
    answer(doors, need, "refuse")
    shown = doors.get(f"/applications/{draft}", MOTHER)
    assert "/form/father_nation" in {fault["pointer"] for fault in shown["faults"]}
    refused = doors.send("POST", f"/applications/{draft}/submit", MOTHER)
    assert refused.status_code == 422
    entry = prefilled(doors, draft)["father_nation"]
    assert entry["value"] is None
    assert entry["why"]["zh"]
    denied = doors.get("/me/data/looks", FATHER, result="denied", dataset="household_register")["entries"]
    assert denied[0]["denial"]["code"] == "consent_refused"
    again = asked(doors, draft)[HOUSEHOLD]
    assert again["consent_id"] == need["consent_id"]
    doors.clock.pass_(minutes=1)
    named = asked(doors, draft, party="father", dataset="household_register")[HOUSEHOLD]
    assert named["consent_id"] != need["consent_id"]


def test_withdrawing_half_way_stops_what_is_to_come_and_leaves_what_was_had(doors: Doors, draft: str) -> None:
    found = asked(doors, draft)
    answer(doors, found[HOUSEHOLD], "give")
    prefilled(doors, draft)
    before = doors.get(f"/applications/{draft}", MOTHER)
    gone = answer(doors, found[HOUSEHOLD], "withdraw")
    assert gone["status"]["code"] == "withdrawn"
    after = doors.get(f"/applications/{draft}", MOTHER)
    assert after["form"]["father_nation"] == before["form"]["father_nation"] == "***"
    expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"form": {"father_nation": None}}))
    assert prefilled(doors, draft)["father_nation"]["value"] is None
    denied = doors.get("/me/data/looks", FATHER, result="denied", dataset="household_register")["entries"]
    assert denied[0]["denial"]["code"] == "consent_withdrawn"
    kinds = [
        event["kind"]["code"] for event in doors.get(f"/applications/{draft}/events", MOTHER, limit=100)["entries"]
    ]
    asked_for, others = kinds.count("consent_asked"), [kind for kind in kinds if kind.startswith("consent_")]
    assert asked_for == len(found)
    assert others[asked_for:] == ["consent_given", "consent_withdrawn"]


def test_withdrawing_before_anything_was_had_falls_back_to_typing(doors: Doors, draft: str) -> None:
    need = asked(doors, draft)[HOUSEHOLD]
    answer(doors, need, "give")
    assert "/form/father_nation" not in _faulty(doors, draft)
    answer(doors, need, "withdraw")
    assert "/form/father_nation" in _faulty(doors, draft)
    expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"form": {"father_nation": "汉族"}}))
    assert "/form/father_nation" not in _faulty(doors, draft)


def _faulty(doors: Doors, draft: str) -> set[str]:
    return {fault["pointer"] for fault in doors.get(f"/applications/{draft}", MOTHER)["faults"]}


def test_a_consent_runs_out_by_itself(doors: Doors, draft: str) -> None:
    need = asked(doors, draft)[HOUSEHOLD]
    answer(doors, need, "give")
    doors.clock.pass_(days=61)
    assert needs(doors, draft)[HOUSEHOLD]["status"]["code"] == "expired"
    assert prefilled(doors, draft)["father_nation"]["value"] is None
    answer(doors, need, "withdraw", status=409)
    assert asked(doors, draft)[HOUSEHOLD]["consent_id"] != need["consent_id"]


def test_nobody_answers_for_somebody_else(doors: Doors, draft: str) -> None:
    need = asked(doors, draft)[HOUSEHOLD]
    for who in (MOTHER, STRANGER):
        for action in ("give", "refuse", "withdraw"):
            answer(doors, need, action, who, 404)
        expect(doors.send("GET", f"/me/consents/{need['consent_id']}", who), 404)
    for who in (AGENT, CLERK, "officer.health.330802.1"):
        answer(doors, need, "give", who, 403)
    assert needs(doors, draft)[HOUSEHOLD]["status"]["code"] == "asked"


def test_the_father_learns_nothing_of_the_case_but_the_notice(doors: Doors, draft: str) -> None:
    asked(doors, draft)
    expect(doors.send("GET", f"/applications/{draft}", FATHER), 404)
    expect(doors.send("GET", f"/applications/{draft}/consents", FATHER), 404)
    told = str(doors.get("/me/consents", FATHER)["entries"])
    for secret in ("林示例", "周示宝", "003301199503140029", "10000000011"):
        assert secret not in told


def test_a_consent_goes_with_the_person_and_not_with_the_word_father(doors: Doors, draft: str) -> None:
    answer(doors, asked(doors, draft)[HOUSEHOLD], "give")
    form = {"father_id": "00330819880105003X", "father_name": "王示例"}
    expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"form": form}))
    found = needs(doors, draft)
    if HOUSEHOLD in found:
        assert found[HOUSEHOLD]["status"] is None
    entry = prefilled(doors, draft).get("father_nation")
    assert entry is None or entry["value"] is None or doors.get("/me/data/looks", STRANGER)["entries"] == []


def test_asking_twice_asks_nobody_twice(doors: Doors, draft: str) -> None:
    first, second = asked(doors, draft), asked(doors, draft)
    assert {key: need["consent_id"] for key, need in first.items()} == {
        key: need["consent_id"] for key, need in second.items()
    }
    assert len(doors.get("/messages", FATHER)["entries"]) == 1


def test_nothing_is_asked_once_the_application_is_over(doors: Doors, draft: str) -> None:
    need = asked(doors, draft)[HOUSEHOLD]
    doors.post(f"/applications/{draft}/withdraw", MOTHER, {})
    doors.post(f"/applications/{draft}/consents", MOTHER, {}, 409)
    answer(doors, need, "give", status=409)


def test_the_mother_decides_about_her_own_sensitive_data_and_her_child(doors: Doors, draft: str) -> None:
    found = asked(doors, draft)
    for key in (("applicant", "hospital_settlement"), ("baby", "birth_record")):
        assert found[key]["is_own"]
        answer(doors, found[key], "give", MOTHER)
    assert prefilled(doors, draft)["fee"]["source"] is not None
    assert doors.get(f"/applications/{draft}", MOTHER)["form"]["fee"]


def test_nobody_becomes_a_childs_guardian_by_typing_its_mothers_number(doors: Doors) -> None:
    """A man who enters somebody's number as that of the mother asks her, not himself, about her child."""
    made = doors.draft("birth_full", STRANGER)
    form = {"mother_id": "003301199503140029", "father_id": "00330819880105003X", "baby_birth": None}
    expect(doors.send("PATCH", f"/applications/{made['id']}", STRANGER, json={"form": form}))
    found = {
        (need["party"], need["dataset"]): need
        for need in doors.post(f"/applications/{made['id']}/consents", STRANGER, {})["needed"]
    }
    need = found["baby", "birth_record"]
    assert not need["is_own"]
    assert need["person"]["zh"] == "003*************29"
    answer(doors, need, "give", STRANGER, 404)
    filled = doors.post(f"/applications/{made['id']}/prefill", STRANGER)
    assert next(entry for entry in filled["fields"] if entry["code"] == "baby_birth")["value"] is None
    denied = doors.get("/me/data/looks", MOTHER, dataset="birth_record")["entries"]
    assert {look["denial"]["code"] for look in denied} == {"no_consent"}


def test_a_number_tells_nothing_about_whether_anybody_has_it(doors: Doors, draft: str) -> None:
    """Somebody with an account and nobody at all look the same to whoever enters their numbers."""
    told = []
    for number in ("00330819880105003X", "00330119900101003X"):
        form = {"father_id": number, "father_name": "不知道"}
        saved = doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"form": form})
        assert saved.status_code == 200
        found = asked(doors, draft).get(("father", "resident_identity"))
        assert found is not None
        told.append(
            {name: found[name] for name in ("can_be_asked", "because", "is_own")} | {"s": found["status"]["code"]}
        )
        assert found["person"]["zh"].startswith("不*（003*")
    assert told[0] == told[1]


def _agreed(doors: Doors, application: str, **wish: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Everything that was asked for, given by whoever was asked."""
    found = asked(doors, application, **wish)
    for (party, _), need in found.items():
        if need["status"]["code"] == "asked":
            answer(doors, need, "give", FATHER if party == "father" else MOTHER)
    return found


def _had(doors: Doors, application: str) -> set[str]:
    """The fields and papers that registers have answered for."""
    shown = doors.get(f"/applications/{application}", MOTHER)
    return {*shown["had"], *shown["checked"]}


@pytest.mark.parametrize("is_moved_first", [True, False])
def test_who_agreed_to_one_office_has_not_agreed_to_another(doors: Doors, draft: str, is_moved_first: bool) -> None:
    given = _agreed(doors, draft)[HOUSEHOLD]
    assert "柯城区公安局" in {office["zh"] for office in given["departments"]}
    if not is_moved_first:
        prefilled(doors, draft)
        assert {"father_nation", "stay", "father_idc"} <= _had(doors, draft)
    places = {"json": {"places": {"B3": "330106"}}}
    expect(doors.send("PUT", f"/applications/{draft}/places", MOTHER, **places))
    need = needs(doors, draft)[HOUSEHOLD]
    assert (need["status"], need["consent_id"]) == (None, None), "nobody has agreed to the police of 西湖"
    assert "西湖区公安局" in {office["zh"] for office in need["departments"]}
    filled = prefilled(doors, draft)
    assert (filled["father_nation"]["outcome"], filled["father_nation"]["value"]) == ("missing", None)
    assert _had(doors, draft) == {"stay", "fee"}, "the mother's own, which no office of 西湖 sees, stays"
    calls = doors.get("/me/data/looks", FATHER)["entries"]
    assert calls[0]["denial"]["code"] == "no_consent"
    fresh = _agreed(doors, draft)[HOUSEHOLD]
    assert fresh["consent_id"] != given["consent_id"]
    assert prefilled(doors, draft)["father_nation"]["outcome"] == "had"


def test_who_agreed_to_one_item_has_not_agreed_to_another_that_an_answer_brings(doors: Doors, draft: str) -> None:
    shown = doors.get(f"/applications/{draft}", MOTHER)
    without = {"answers": {**shown["answers"], "allowance": False}}
    expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json=without))
    assert _agreed(doors, draft)["father", "resident_identity"]["items"] == ["B1", "B3"]
    prefilled(doors, draft)
    assert "father_idc" in _had(doors, draft)
    expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"answers": shown["answers"]}))
    assert "father_idc" not in _had(doors, draft), "the allowance would see it, too"
    prefilled(doors, draft)
    assert "father_idc" not in _had(doors, draft)
    _agreed(doors, draft)
    prefilled(doors, draft)
    assert {"father_idc", "father_nation"} <= _had(doors, draft)
