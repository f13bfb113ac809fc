"""Stories of a restaurant's staff: each of them decides in their own account whether their identity is verified."""

from typing import Any

import pytest

from tests.doors import Doors, expect

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], scope="session")

OWNER, CHEF, COOK = "wang_owner", "he_chef", "xu_cook"
CHEFS_NUMBER, NOBODYS_NUMBER = "003308199007160025", "00330119900101003X"


def needs(doors: Doors, draft: str, **wish: Any) -> dict[str, dict[str, Any]]:
    """What the staff are asked, by party."""
    found = doors.post(f"/applications/{draft}/consents", OWNER, wish)["needed"]
    return {need["party"]: need for need in found if need["party"].startswith("workers")}


def paper(doors: Doors, draft: str) -> Any:
    """How the cards of the staff stand after registers were asked."""
    found = doors.post(f"/applications/{draft}/prefill", OWNER)["papers"]
    return next(entry for entry in found if entry["code"] == "staff_ids")


def test_the_cards_of_the_staff_are_spared_once_everybody_on_the_list_has_consented(doors: Doors) -> None:
    draft = doors.draft("catering_full")["id"]
    assert paper(doors, draft)["outcome"] == "missing"
    found = needs(doors, draft)
    assert {party: need["party_name"]["zh"] for party, need in found.items()} == {
        "workers.1": "从业人员（第 1 人）",
        "workers.2": "从业人员（第 2 人）",
    }
    for who, other in ((CHEF, COOK), (COOK, CHEF)):
        (own,) = [entry for entry in doors.get("/me/consents", who)["entries"] if entry["party"].startswith("workers")]
        assert [element["code"] for element in own["elements"]] == ["exists"]
        expect(doors.send("GET", f"/me/consents/{own['id']}", other), 404)
        expect(doors.send("GET", f"/applications/{draft}", who), 404)
        assert paper(doors, draft)["outcome"] == "missing"
        expect(doors.send("POST", f"/me/consents/{own['id']}/give", who))
    assert paper(doors, draft)["outcome"] == "had"
    looks = doors.get("/me/data/looks", COOK, dataset="resident_identity", result="allowed")["entries"]
    assert [(look["party_name"]["zh"], look["basis"]["code"]) for look in looks] == [("从业人员（第 2 人）", "consent")]
    rows = [{"staff_name": "何示例", "staff_id": CHEFS_NUMBER}, {"staff_name": "某人", "staff_id": NOBODYS_NUMBER}]
    expect(doors.send("PATCH", f"/applications/{draft}", OWNER, json={"form": {"staff_list": rows}}))
    assert paper(doors, draft)["outcome"] == "missing"


def test_who_says_no_has_a_card_uploaded_and_a_number_without_an_account_looks_the_same(doors: Doors) -> None:
    draft = doors.draft("catering_full")["id"]
    found = needs(doors, draft)
    expect(doors.send("POST", f"/me/consents/{found['workers.1']['consent_id']}/refuse", CHEF))
    assert paper(doors, draft)["outcome"] == "missing"
    expect(doors.upload(draft, "staff_ids", OWNER))
    assert paper(doors, draft)["outcome"] == "provided"
    rows = [{"staff_name": "某人", "staff_id": NOBODYS_NUMBER}]
    expect(doors.send("PATCH", f"/applications/{draft}", OWNER, json={"form": {"staff_list": rows}}))
    nobody = needs(doors, draft)["workers.1"]
    assert (nobody["status"]["code"], nobody["is_own"]) == ("asked", False)


def test_the_owners_card_does_not_stand_for_the_staff_but_for_the_owner_alone(doors: Doors) -> None:
    draft = doors.draft("catering_full")["id"]
    rows = [{"staff_name": "王示例", "staff_id": "00330819880105003X"}]
    expect(doors.send("PATCH", f"/applications/{draft}", OWNER, json={"form": {"staff_list": rows}}))
    assert needs(doors, draft) == {}
    assert paper(doors, draft)["outcome"] in {"had", "provided"}
