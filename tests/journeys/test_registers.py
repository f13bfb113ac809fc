"""预填 as it is lived: what registers give, what they cannot give, what then has to be typed, and what was wrong."""

from typing import Any

import pytest

from tests.doors import Doors, expect

STEWARD = "steward.330000"
MOTHER, FATHER, RETIRING = "lin_mother", "zhou_father", "chen_retiring"


def blank(doors: Doors, story: str, *keep: str, who: str | None = None) -> str:
    """A draft of a story in which nobody has typed what registers hold, ``keep`` apart."""
    told = doors.platform.world.catalogue.stories[story]
    fields = doors.platform.world.library.fields
    form = {code: value for code, value in told.form.items() if not fields[code].sources.dataset or code in keep}
    answers = {code: list(value) if isinstance(value, tuple) else value for code, value in told.answers.items()}
    body = {"bundle": told.bundle, "region": told.region, "answers": answers, "form": form}
    return str(doors.post("/applications", who or told.applicant, body, 201)["id"])


def prefill(doors: Doors, draft: str, who: str) -> dict[str, Any]:
    """What a prefill answers."""
    found: dict[str, Any] = doors.post(f"/applications/{draft}/prefill", who)
    return found


def by_code(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries of a list by their code."""
    return {entry["code"]: entry for entry in entries}


def outage(doors: Doors, dataset: str, *, is_down: bool = True) -> dict[str, Any]:
    """Take a register down, or bring it up."""
    found: dict[str, Any] = doors.post(f"/registers/{dataset}/outage", STEWARD, {"is_down": is_down, "reason": "演示"})
    return found


def give_all(doors: Doors, draft: str, who: str) -> None:
    """Ask for every consent the draft needs, and let everybody give it."""
    doors.send("POST", f"/applications/{draft}/consents", who, json={})
    for person in (MOTHER, FATHER):
        for consent in doors.get("/me/consents", person)["entries"]:
            if consent["status"]["code"] == "asked":
                doors.post(f"/me/consents/{consent['id']}/give", person, {})


def test_a_man_who_retires_types_nothing_that_registers_know(doors: Doors) -> None:
    draft = blank(doors, "retire_full")
    found = prefill(doors, draft, RETIRING)
    story = doors.platform.world.catalogue.stories["retire_full"]
    for code, field in by_code(found["fields"]).items():
        assert (code, field["outcome"], field["value"]) == (code, "had", story.form[code])
    assert found["application"]["fallbacks"] == []
    assert [fault["pointer"] for fault in found["application"]["faults"] if "/form/" in fault["pointer"]] == []
    had = found["application"]["had"]["employer"]
    assert had["says"]["zh"] == "来自 人力资源和社会保障局·社会保险参保信息，10:00 获取"
    assert had["says"]["en"].startswith("from Human Resources and Social Security, Social insurance records")
    assert doors.replayed(draft) == doors.stored(draft)


def test_asking_twice_changes_nothing_more(doors: Doors) -> None:
    draft = blank(doors, "retire_full")
    first = prefill(doors, draft, RETIRING)
    again = prefill(doors, draft, RETIRING)
    assert first["new_count"] > 0
    assert again["new_count"] == 0
    assert again["application"]["version"] == first["application"]["version"]
    assert again["fields"] == first["fields"]


def test_what_somebody_typed_is_never_overwritten(doors: Doors) -> None:
    draft = blank(doors, "retire_full")
    doors.send("PATCH", f"/applications/{draft}", RETIRING, json={"form": {"employer": "另一家单位"}})
    found = prefill(doors, draft, RETIRING)
    employer = by_code(found["fields"])["employer"]
    assert (employer["outcome"], employer["value"], employer["source"]) == ("typed", "另一家单位", None)
    assert "employer" not in found["application"]["had"]


def test_a_value_changed_by_hand_is_no_longer_the_registers(doors: Doors) -> None:
    draft = blank(doors, "retire_full")
    prefill(doors, draft, RETIRING)
    path = f"/applications/{draft}"
    shown = expect(doors.send("PATCH", path, RETIRING, json={"form": {"employer": "另一家单位"}}))
    assert "employer" not in shown["had"]
    assert "first_work" in shown["had"]
    cleared = expect(doors.send("PATCH", path, RETIRING, json={"form": {"employer": None}}))
    assert "employer" not in cleared["form"]
    assert by_code(prefill(doors, draft, RETIRING)["fields"])["employer"]["outcome"] == "had"


def test_a_register_that_is_down_leaves_its_fields_to_be_typed_and_submission_says_so(doors: Doors) -> None:
    outage(doors, "social_insurance")
    draft = blank(doors, "retire_full")
    found = prefill(doors, draft, RETIRING)
    fields = by_code(found["fields"])
    assert fields["employer"]["outcome"] == "missing"
    assert fields["employer"]["why"]["zh"] == "数源暂时不可用。"
    assert fields["med_years"]["outcome"] == "had"
    fallback = next(entry for entry in found["application"]["fallbacks"] if entry["dataset"] == "social_insurance")
    assert fallback["why"]["code"] == "down"
    assert set(fallback["fields"]) == {"employer", "first_work", "pay_years"}
    refused = doors.post(f"/applications/{draft}/submit", RETIRING, status=422)
    assert {"/form/employer", "/form/first_work", "/form/pay_years"} <= {f["pointer"] for f in refused["errors"]}
    typed = {"employer": "示例机械有限公司", "first_work": "1983-09-01", "pay_years": 33}
    shown = expect(doors.send("PATCH", f"/applications/{draft}", RETIRING, json={"form": typed}))
    assert [fault for fault in shown["faults"] if fault["pointer"].startswith("/form/")] == []
    assert shown["fallbacks"] == []


def test_a_register_that_is_up_again_takes_the_fallback_back(doors: Doors) -> None:
    outage(doors, "social_insurance")
    draft = blank(doors, "retire_full")
    prefill(doors, draft, RETIRING)
    assert outage(doors, "social_insurance", is_down=False)["is_down"] is False
    found = prefill(doors, draft, RETIRING)
    assert by_code(found["fields"])["employer"]["outcome"] == "had"
    assert found["application"]["fallbacks"] == []
    assert doors.replayed(draft) == doors.stored(draft)


def test_a_shared_field_nobody_asked_about_may_stay_blank_as_before(doors: Doors) -> None:
    draft = blank(doors, "retire_full")
    shown = doors.get(f"/applications/{draft}", RETIRING)
    assert [fault for fault in shown["faults"] if fault["pointer"].startswith("/form/")] == []


def test_other_peoples_data_and_a_childs_come_only_with_consent(doors: Doors) -> None:
    draft = blank(doors, "birth_full")
    fields = by_code(prefill(doors, draft, MOTHER)["fields"])
    assert fields["mother_name"]["value"] == "林示例"
    assert fields["father_id"]["outcome"] == "had"
    for code in ("father_nation", "baby_birth", "fee"):
        assert fields[code]["outcome"] == "missing"
        assert fields[code]["why"]["zh"]
    give_all(doors, draft, MOTHER)
    found = prefill(doors, draft, MOTHER)
    story = doors.platform.world.catalogue.stories["birth_full"]
    fields = by_code(found["fields"])
    assert {code for code, field in fields.items() if field["outcome"] != "had"} == set()
    stored = doors.stored(draft)
    assert {code: stored.form[code] for code in fields} == {code: story.form[code] for code in fields}
    assert doors.replayed(draft) == stored


def test_another_persons_value_is_masked_even_for_the_applicant_and_survives_being_saved_back(doors: Doors) -> None:
    draft = blank(doors, "birth_full")
    prefill(doors, draft, MOTHER)
    give_all(doors, draft, MOTHER)
    nation = by_code(prefill(doors, draft, MOTHER)["fields"])["father_nation"]
    assert nation["is_masked"]
    assert nation["value"] != "汉族"
    shown = doors.get(f"/applications/{draft}", MOTHER)
    assert shown["form"]["father_nation"] == nation["value"]
    assert "father_nation" in shown["masked"]
    saved = expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"form": shown["form"]}))
    assert doors.stored(draft).form["father_nation"] == "汉族"
    assert saved["had"].keys() == shown["had"].keys()


def test_another_number_takes_away_what_was_had_about_somebody_else(doors: Doors) -> None:
    draft = blank(doors, "birth_full")
    prefill(doors, draft, MOTHER)
    give_all(doors, draft, MOTHER)
    prefill(doors, draft, MOTHER)
    other = {"father_id": "003308199205180019"}
    shown = expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"form": other}))
    assert "father_nation" not in shown["form"]
    assert "father_nation" not in shown["had"]
    again = by_code(prefill(doors, draft, MOTHER)["fields"])
    assert again["father_nation"]["outcome"] == "missing"


def test_other_answers_take_away_what_was_had_about_the_other_parent(doors: Doors) -> None:
    draft = blank(doors, "birth_full")
    prefill(doors, draft, MOTHER)
    assert doors.stored(draft).form["householder"] == "林示例"
    answers = {**doors.get(f"/applications/{draft}", MOTHER)["answers"], "follow": "父亲"}
    shown = expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"answers": answers}))
    assert "householder" not in shown["form"]
    assert "mother_name" in shown["had"]


def test_a_business_that_does_not_exist_yet_has_nothing_in_a_register(doors: Doors) -> None:
    draft = blank(doors, "catering_full")
    fields = by_code(prefill(doors, draft, "wang_owner")["fields"])
    assert fields["legal_rep_id"]["value"] == "00330819880105003X"
    assert fields["domicile"]["outcome"] == "missing"
    assert fields["domicile"]["why"]["zh"] == "还不知道是谁的数据。"


def test_the_business_of_the_owner_is_found_and_its_record_fills_the_form(doors: Doors) -> None:
    draft = blank(doors, "catering_simple")
    found = prefill(doors, draft, "wang_owner")
    story = doors.platform.world.catalogue.stories["catering_simple"]
    for code, field in by_code(found["fields"]).items():
        assert (code, field["value"]) == (code, story.form[code])
    assert by_code(found["papers"])["safety_cert"]["outcome"] == "had"
    assert found["application"]["checked"]["safety_cert"]["dataset"] == "food_safety_exam"


def test_a_yes_of_the_register_makes_the_paper_unnecessary_and_its_silence_does_not(doors: Doors) -> None:
    draft = blank(doors, "catering_simple")
    prefill(doors, draft, "wang_owner")
    assert "safety_cert" not in doors.get(f"/applications/{draft}", "wang_owner")["may_follow"]
    outage(doors, "food_safety_exam")
    other = blank(doors, "catering_simple")
    papers = by_code(prefill(doors, other, "wang_owner")["papers"])
    assert papers["safety_cert"]["outcome"] == "missing"
    assert papers["safety_cert"]["why"]["zh"] == "数源暂时不可用。"
    assert "safety_cert" in doors.get(f"/applications/{other}", "wang_owner")["may_follow"]
    expect(doors.upload(other, "safety_cert", "wang_owner"))
    assert "safety_cert" not in doors.get(f"/applications/{other}", "wang_owner")["may_follow"]


def test_only_the_applicants_side_prefills_and_only_a_draft(doors: Doors) -> None:
    filed = doors.file("retire_full")
    doors.post(f"/applications/{filed.id}/prefill", RETIRING, status=409)
    draft = blank(doors, "retire_full")
    doors.post(f"/applications/{draft}/prefill", "wang_owner", status=404)
    doors.post(f"/applications/{draft}/prefill", STEWARD, status=403)
    doors.post(f"/applications/{draft}/prefill", status=401)
    assert prefill(doors, draft, f"agent.{RETIRING}")["new_count"] > 0


def test_only_a_demonstrations_supervision_takes_registers_down(doors: Doors) -> None:
    assert {entry["dataset"] for entry in doors.get("/registers", STEWARD)} == set(
        doors.platform.world.library.datasets
    )
    doors.post("/registers/social_insurance/outage", RETIRING, {"is_down": True}, 403)
    doors.post("/registers/no_such/outage", STEWARD, {"is_down": True}, 404)
    outage(doors, "social_insurance")
    assert outage(doors, "social_insurance")["is_down"]
    down = {entry["dataset"] for entry in doors.get("/registers", STEWARD) if entry["is_down"]}
    assert down == {"social_insurance"}


def answer_matter(doors: Doors, matter: str, officer: str, finding: str) -> dict[str, Any]:
    """The holder takes the matter up and answers it."""
    doors.post(f"/matters/{matter}/actions", officer, {"action": "take"})
    body = {"action": "reply", "reason": "已核实", "evidence": ["查原始登记"], "finding": finding}
    found: dict[str, Any] = doors.post(f"/matters/{matter}/actions", officer, body)
    return found


@pytest.mark.parametrize("finding", ["corrected", "upheld"])
def test_a_wrong_datum_is_disputed_and_its_holder_answers(doors: Doors, finding: str) -> None:
    draft = blank(doors, "retire_full")
    prefill(doors, draft, RETIRING)
    path = f"/applications/{draft}/fields/employer/dispute"
    said, key = {"value": "示例精密机械有限公司", "reason": "单位去年改了名"}, {"Idempotency-Key": finding}
    made, again = (expect(doors.send("POST", path, RETIRING, json=said, headers=key), 201) for _ in range(2))
    assert made["is_open"]
    assert again == made
    shown = doors.get(f"/applications/{draft}", RETIRING)
    assert shown["form"]["employer"] == "示例精密机械有限公司"
    assert "employer" not in shown["had"]
    assert shown["disputes"]["employer"]["matter"] == made["matter"]
    assert doors.replayed(draft) == doors.stored(draft)
    holder = "officer.hrss.330802.1"
    matter = doors.get(f"/matters/{made['matter']}", holder)
    assert matter["owner"] == "hrss.330802"
    assert "示例精密" not in str(matter)
    datum = doors.get(f"/matters/{made['matter']}/datum", holder)
    assert (datum["registered"], datum["claimed"]) == ("示例机械有限公司", "示例精密机械有限公司")
    assert datum["number"] != "003302196506100017"
    doors.post(f"/matters/{made['matter']}/actions", holder, {"action": "take"})
    body = {"action": "reply", "reason": "已核实", "evidence": ["查原始登记"]}
    doors.post(f"/matters/{made['matter']}/actions", holder, body, 422)
    doors.post(f"/matters/{made['matter']}/actions", holder, {**body, "finding": finding})
    told = doors.get(f"/applications/{draft}", RETIRING)["disputes"]["employer"]
    assert told["finding"]["code"] == finding
    other = by_code(prefill(doors, blank(doors, "retire_full"), RETIRING)["fields"])
    expected = {"corrected": "示例精密机械有限公司", "upheld": "示例机械有限公司"}[finding]
    assert other["employer"]["value"] == expected
    doors.post(f"/matters/{made['matter']}/actions", RETIRING, {"action": "confirm"})
    assert doors.get(f"/applications/{draft}", RETIRING)["disputes"]["employer"]["is_open"] is False


def test_a_correction_stays_with_the_person_it_was_about_whoever_takes_that_part_later(doors: Doors) -> None:
    draft = blank(doors, "house_full", "buyer_id", who="wu_seller")
    prefill(doors, draft, "wu_seller")
    assert doors.stored(draft).had["cert_no"].party == "seller"
    wish = {"value": "浙（0000）示例市不动产权第0000009号", "reason": "证号已变更"}
    path = f"/applications/{draft}/fields/cert_no/dispute"
    matter = doors.post(path, "wu_seller", wish, 201)["matter"]
    doors.post(path, "wu_seller", {**wish, "value": "另一个"}, 409)
    other = {"seller_id": "00330819790305001X"}
    expect(doors.send("PATCH", f"/applications/{draft}", "wu_seller", json={"form": other}))
    holder = "officer.land.330802.1"
    datum = doors.get(f"/matters/{matter}/datum", holder)
    assert (datum["person"], datum["number"]) == ("—", "—")
    answer_matter(doors, matter, holder, "corrected")
    fresh = blank(doors, "house_full", "buyer_id", who="wu_seller")
    prefill(doors, fresh, "wu_seller")
    assert doors.stored(fresh).form["cert_no"] == wish["value"]
    simple = blank(doors, "house_simple", "buyer_id")
    prefill(doors, simple, "shen_seller")
    assert doors.stored(simple).form["cert_no"] == "浙（0000）示例市不动产权第0000004号"


def test_a_yes_about_somebody_is_gone_when_somebody_else_takes_that_part(doors: Doors) -> None:
    draft = blank(doors, "catering_simple", "uscc")
    prefill(doors, draft, "wang_owner")
    assert "safety_cert" in doors.stored(draft).checked
    other = {"safety_mgr_id": "003308198506070011"}
    shown = expect(doors.send("PATCH", f"/applications/{draft}", "wang_owner", json={"form": other}))
    assert "safety_cert" not in shown["checked"]
    assert by_code(prefill(doors, draft, "wang_owner")["papers"])["safety_cert"]["outcome"] == "missing"
    assert doors.replayed(draft) == doors.stored(draft)


def test_an_upheld_answer_takes_an_earlier_correction_back(doors: Doors) -> None:
    draft = blank(doors, "retire_full")
    prefill(doors, draft, RETIRING)
    path = f"/applications/{draft}/fields/employer/dispute"
    matter = doors.post(path, RETIRING, {"value": "示例精密机械有限公司", "reason": "改名"}, 201)["matter"]
    answer_matter(doors, matter, "officer.hrss.330802.1", "corrected")
    doors.post(f"/matters/{matter}/actions", RETIRING, {"action": "contest", "reason": "还有一处不对"})
    answer_matter(doors, matter, "officer.hrss.330802.1", "upheld")
    other = by_code(prefill(doors, blank(doors, "retire_full"), RETIRING)["fields"])
    assert other["employer"]["value"] == "示例机械有限公司"


def test_a_dispute_after_submission_has_the_desks_look_again(doors: Doors) -> None:
    draft = blank(doors, "retire_full", "employer", "pay_years")
    prefill(doors, draft, RETIRING)
    for fault in doors.get(f"/applications/{draft}", RETIRING)["faults"]:
        code = fault["pointer"].rpartition("/")[2]
        expect(doors.upload(draft, code, RETIRING))
    receipt = doors.post(f"/applications/{draft}/submit", RETIRING)["application"]
    task = f"/tasks/{receipt['reference']}-R1"
    officer = f"officer.{doors.stored(draft).tasks['R1'].department}.1"
    for action in ("receive", "accept"):
        doors.post(f"{task}/actions", officer, {"action": action})
    wish = {"value": "1984-09-01", "reason": "档案记载不同"}
    doors.post(f"/applications/{draft}/fields/first_work/dispute", RETIRING, wish, 201)
    shown = doors.get(task, officer)
    field = by_code(shown["fields"])["first_work"]
    assert field["is_disputed"]
    assert "first_work" in shown["confirm_fields"]
    assert by_code(shown["fields"])["birth"]["origin_at"] is not None
    assert doors.replayed(draft) == doors.stored(draft)


def test_only_what_a_register_said_about_oneself_can_be_disputed(doors: Doors) -> None:
    draft = blank(doors, "birth_full")
    prefill(doors, draft, MOTHER)
    give_all(doors, draft, MOTHER)
    prefill(doors, draft, MOTHER)
    path = f"/applications/{draft}/fields"
    wish = {"value": "壮族", "reason": "登记有误"}
    doors.post(f"{path}/father_nation/dispute", MOTHER, wish, 409)
    doors.post(f"{path}/baby_name/dispute", MOTHER, wish, 409)
    doors.post(f"{path}/no_such/dispute", MOTHER, wish, 404)
    doors.post(f"{path}/mother_nation/dispute", "wang_owner", wish, 404)
    doors.post(f"{path}/mother_nation/dispute", MOTHER, {"value": "汉族", "reason": "一样"}, 422)
    doors.post(f"{path}/mother_nation/dispute", MOTHER, {"value": 3, "reason": "不是文字"}, 422)
    doors.post(f"{path}/mother_nation/dispute", MOTHER, {"value": "壮族", "reason": "身份证 11010519491231002X"}, 422)
    made = doors.post(f"{path}/mother_nation/dispute", MOTHER, wish, 201)
    for stranger in ("officer.hrss.330802.1", "wang_owner", STEWARD, MOTHER):
        assert doors.send("GET", f"/matters/{made['matter']}/datum", stranger).status_code == 404


def test_questions_that_data_answer_are_not_asked(doors: Doors) -> None:
    found = doors.get("/bundles/retire/personal", RETIRING, region="330802")
    assert found["answers"] == {"status": "单位在职", "fund": True, "only_child": True, "med_years_ok": False}
    assert found["questions"] == ["kind", "deemed"]
    assert {"R7", "R8"} <= {item["code"] for item in found["plan"]["items"]}
    assert all(entry["source"]["says"]["zh"].startswith("来自 ") for entry in found["answered"])


def test_a_question_that_needs_anothers_data_is_asked_and_says_why(doors: Doors) -> None:
    found = doors.get("/bundles/birth/personal", MOTHER, region="330802")
    assert found["answers"]["married"] is True
    assert found["answers"]["mother_insured"] is True
    why = {entry["question"]: entry["why"]["zh"] for entry in found["unanswered"]}
    assert set(why) == {"age_days", "both_local"}
    assert set(found["questions"]) >= {"age_days", "both_local", "born_here"}


def test_a_register_that_is_down_leaves_the_question_to_be_asked(doors: Doors) -> None:
    outage(doors, "social_insurance")
    found = doors.get("/bundles/retire/personal", RETIRING, region="330802")
    assert "status" in found["questions"]
    assert {entry["question"]: entry["why"]["zh"] for entry in found["unanswered"]} == {"status": "数源暂时不可用。"}


def test_a_person_without_records_is_asked_nothing_that_no_record_answers(doors: Doors) -> None:
    found = doors.get("/bundles/retire/personal", "zhao_woman50", region="330881")
    assert found["answers"] == {"status": "灵活就业", "fund": False, "only_child": False, "med_years_ok": True}


def test_every_look_up_leaves_a_row_whatever_came_of_it(doors: Doors) -> None:
    outage(doors, "social_insurance")
    before = doors.platform.store.read(lambda reader: reader.count("data_call"))
    draft = blank(doors, "retire_full")
    prefill(doors, draft, RETIRING)
    doors.get("/bundles/birth/personal", MOTHER, region="330802")
    looks = doors.get("/me/data/looks", RETIRING)["entries"]
    results = {entry["result"]["code"] for entry in looks}
    assert results == {"allowed", "unavailable"}
    assert doors.platform.store.read(lambda reader: reader.count("data_call")) > before
