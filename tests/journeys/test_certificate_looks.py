"""Whoever is shown a certificate leaves a row in the holder's ledger, with an application or without one."""

from typing import Any

import pytest

from tests.doors import Doors, expect

WANG, ZHOU = "wang_owner", "zhou_father"
WANGS_CARD, ZHOUS_CARD = "ID-330802-000013", "ID-330802-000012"
POLICE, MARKET, CLERK = "officer.police.330802.1", "officer.market.330802.1", "clerk.330802"


def looks(doors: Doors, who: str, **wanted: Any) -> list[dict[str, Any]]:
    """The looks at somebody's data that offices took, newest first."""
    found = doors.get("/me/data/looks", who, limit=100, **wanted)["entries"]
    return [look for look in found if not look["is_mine"]]


def at(found: list[dict[str, Any]], number: str) -> list[dict[str, Any]]:
    """Those at one certificate."""
    return [look for look in found if look["fields"][0]["code"] == f"certificate:{number}"]


def test_a_code_redeemed_without_an_application_is_in_the_ledger(doors: Doors) -> None:
    wish = {"department": "market.330802", "purpose": "现场检查时核对经营者身份"}
    code = doors.post(f"/me/certificates/{WANGS_CARD}/authorise", WANG, wish)["code"]
    assert looks(doors, WANG) == []
    expect(doors.send("POST", "/certificates/redeem", POLICE, json={"code": code}), 404)
    assert looks(doors, WANG) == [], "nothing was shown, nothing is told"
    doors.post("/certificates/redeem", MARKET, {"code": code})
    (look,) = looks(doors, WANG, purpose="certificate")
    assert (look["office"], look["dataset"], look["party_name"]["zh"]) == ("market.330802", "certificate", "持证人")
    assert look["fields"][0]["name"]["zh"] == f"证照 {WANGS_CARD} 的全部内容"
    assert (look["basis"]["code"], look["application_id"], look["bundle_name"]["zh"]) == ("consent", None, "电子证照")
    usage = doors.get("/me/data/findUsage", WANG)
    assert [one["queryId"] for one in usage["internalProcessings"]] == [look["id"]]
    assert usage["totalUsages"] == 1


def test_the_issuing_office_leaves_a_row_for_every_look_and_every_move(doors: Doors) -> None:
    doors.get(f"/certificates/{WANGS_CARD}", POLICE)
    doors.post(f"/certificates/{WANGS_CARD}/actions", POLICE, {"action": "freeze", "reason": "核查需要"})
    refused = {"action": "freeze", "reason": "核查需要"}
    expect(doors.send("POST", f"/certificates/{WANGS_CARD}/actions", POLICE, json=refused), 409)
    found = looks(doors, WANG, purpose="keep")
    assert [(look["office"], look["basis"]["code"]) for look in found] == [("police.330802", "statutory_duty")] * 2
    uses = doors.get(f"/me/certificates/{WANGS_CARD}", WANG)["uses"]
    assert len(uses) == 2


def test_whose_card_serves_anothers_case_sees_it_in_the_own_ledger(doors: Doors) -> None:
    filed = doors.file("birth_full")
    wish = {"application": filed.reference, "purpose": "新生儿出生一件事", "material": "father_idc"}
    code = doors.post(f"/me/certificates/{ZHOUS_CARD}/authorise", ZHOU, wish)["code"]
    doors.post("/certificates/redeem", CLERK, {"code": code})
    doors.get(f"/applications/{filed.id}/materials/father_idc/certificate", CLERK)
    found = at(looks(doors, ZHOU), ZHOUS_CARD)
    assert [(look["office"], look["reference"], look["application_id"]) for look in found] == [
        ("hall.330802", filed.reference, None)
    ] * 2


def test_a_counter_that_redeems_for_a_draft_leaves_a_row(doors: Doors) -> None:
    story = doors.platform.world.catalogue.stories["catering_simple"]
    body = {"bundle": "catering", "region": "330802", "answers": story.answers, "form": story.form, "applicant": WANG}
    draft = doors.post("/applications", CLERK, body, 201)
    wish = {"application": draft["id"], "purpose": "开办餐饮店"}
    code = doors.post(f"/me/certificates/{WANGS_CARD}/authorise", WANG, wish)["code"]
    doors.post("/certificates/redeem", CLERK, {"code": code, "material": "rep_id"})
    assert [look["office"] for look in at(looks(doors, WANG), WANGS_CARD)] == ["hall.330802"]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_look_that_no_application_explains_can_be_objected_to(doors: Doors) -> None:
    doors.get(f"/certificates/{WANGS_CARD}", POLICE)
    (look,) = looks(doors, WANG)
    assert look["can_contest"]
    opened = doors.post(f"/me/data/looks/{look['id']}/contest", WANG, {"reason": "我没有办理任何事项"})
    path = f"/matters/{opened['matter_id']}"
    matter = doors.get(path, WANG)
    assert (matter["kind"]["code"], matter["owner"], matter["application_id"]) == ("data_contest", "hall.330802", None)
    expect(doors.send("GET", path, ZHOU), 404)
    answer = {"action": "reply", "reason": "系日常核查，已核实", "evidence": ["查阅记录示例"]}
    doors.post(f"{path}/actions", "supervisor.330802", answer)
    heard = doors.get("/messages", WANG)["entries"]
    assert [(message["kind"]["code"], message["application_id"]) for message in heard] == [("answered", None)]
    assert "电子证照" in heard[0]["title"]["zh"]
    done = doors.post(f"{path}/actions", WANG, {"action": "confirm"})
    assert done["status"]["code"] == "closed"
