"""免申即享: a retired parent of an only child is found by data, confirms with one word, and has the bonus decided."""

from typing import Any

import pytest
from sqlalchemy import event

from app.usecases import offering
from app.usecases.offering import Offered
from tests.doors import Doors, Filed, expect

CHEN, HEALTH = "chen_retiring", "officer.health.330802"


def search(doors: Doors) -> Offered:
    """Look for people once."""
    return offering.run(doors.platform.context().as_system(), doors.platform.store)


def retired(doors: Doors, story: str = "retire_full", **answers: Any) -> Filed:
    """Somebody retires, forgets the only-child bonus, and is confirmed."""
    filed = doors.file(story, answers={"only_child": False, **answers})
    filed.review("R1")
    filed.act("R1", "grant", outputs={"retire_kind": "正常退休"} if "retire_kind" in outputs(filed) else {})
    return filed


def outputs(filed: Filed) -> list[str]:
    """What the first department must say when it grants."""
    return list(filed.slice("R1")["outputs"])


def offers(doors: Doors, who: str = CHEN) -> list[dict[str, Any]]:
    """What is offered to somebody."""
    found: list[dict[str, Any]] = doors.get("/me/offers", who)
    return found


@pytest.fixture
def offered(doors: Doors) -> dict[str, Any]:
    """One offer to Chen."""
    retired(doors)
    assert search(doors) == Offered(looked_at=1, made=1, expired=0)
    (found,) = offers(doors)
    return found


def test_nobody_is_looked_at_who_has_not_retired(doors: Doors) -> None:
    doors.file("retire_full", answers={"only_child": False})
    assert search(doors) == Offered(0, 0, 0)
    assert offers(doors) == []


def test_a_search_that_finds_nobody_asks_a_few_times_however_many_people_there_are(doors: Doors) -> None:
    asked: list[str] = []
    engine = doors.platform.store._engine
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert search(doors) == Offered(0, 0, 0)
    rules = len(list(offering.rules_of(doors.platform.context())))
    assert 0 < len(asked) <= 4 * rules < len(doors.platform.world.catalogue.people)


def test_an_offer_says_what_was_found_from_where_and_by_which_law(doors: Doors, offered: dict[str, Any]) -> None:
    assert (offered["status"]["code"], offered["item"], offered["bundle"]) == ("open", "R8", "retire")
    assert {fact["dataset"] for fact in offered["found"]} == {"family_planning", "resident_identity"}
    assert "人口与计划生育法" in offered["law"]["zh"]
    assert "0000-0001" not in str(offered), "what the register holds stays there"
    assert offered["expires_on"] == "2026-04-15"
    assert offered["because"]["zh"] == "自发现之日（2026年3月16日）起 30 个自然日，天数由目录规定，为示例。"
    (message,) = [m for m in doors.get("/messages", CHEN, limit=50)["entries"] if m["kind"]["code"] == "offered"]
    assert (message["offer_id"], message["application_id"]) == (offered["id"], None)
    assert "2026年4月15日" in message["body"]["zh"]


def test_every_look_is_on_the_ledger_and_nobody_is_looked_at_again_at_once(doors: Doors) -> None:
    filed = doors.file("retire_simple")
    filed.review("R1")
    filed.act("R1", "grant")
    assert search(doors) == Offered(looked_at=2, made=0, expired=0), "no register knows of a child or of savings"
    looks = [look for look in doors.get("/me/data/looks", filed.who, limit=100)["entries"] if "免申即享" in str(look)]
    assert {look["dataset"] for look in looks} == {"family_planning", "resident_identity", "housing_fund_account"}
    laws = {look["dataset"]: str(look) for look in looks}
    assert "人口与计划生育法" in laws["family_planning"]
    assert "住房公积金管理条例" in laws["housing_fund_account"]
    assert search(doors) == Offered(0, 0, 0)
    doors.clock.pass_(days=29)
    assert search(doors) == Offered(0, 0, 0)
    doors.clock.pass_(days=2)
    assert search(doors) == Offered(2, 0, 0)


def test_one_confirmation_files_the_application_with_nothing_typed(doors: Doors, offered: dict[str, Any]) -> None:
    done = doors.post(f"/me/offers/{offered['id']}/confirm", CHEN)
    assert done["offer"]["status"]["code"] == "confirmed"
    application = done["receipt"]["application"]
    assert done["receipt"]["query_code"]
    assert [task["item"] for task in application["tasks"]] == ["R8"]
    assert application["tasks"][0]["mode"]["code"] == "offered"
    assert application["form"]["oc_cert"] == "0000-0001"
    assert application["form"]["bank_name"] == "示例银行柯城支行", "as given when retiring"
    ways = {own["code"]: own["way"]["code"] for own in application["spared"]["fields"]}
    assert ways["oc_cert"] == ways["birth"] == "register"
    assert ways["bank_no"] == "known"
    assert application["form"]["retire_date"], "worked out when retiring"
    assert (application["spared"]["fields_left"], application["spared"]["materials_left"]) == (0, 0)
    assert application["promised_on"] is not None
    stored = doors.stored(application["id"])
    assert (stored.offered, stored.answers) == ("R8", {"only_child": True})
    assert doors.replayed(application["id"]) == stored
    refused = doors.post(f"/me/offers/{offered['id']}/confirm", CHEN, status=409)
    assert refused["application"] == application["id"]


def test_a_confirmed_offer_is_handled_like_any_other_task(doors: Doors, offered: dict[str, Any]) -> None:
    application = doors.post(f"/me/offers/{offered['id']}/confirm", CHEN)["receipt"]["application"]
    department = doors.stored(application["id"]).tasks["R8"].department
    filed = Filed(doors, application["id"], CHEN, application["reference"], "", {"R8": department})
    for action in ("receive", "accept", "review"):
        filed.act("R8", action)
    filed.act("R8", "grant")
    filed.act("R8", "deliver")
    assert filed.show()["status"]["code"] == "finished"
    approval = next(
        paper for paper in doors.get(f"/applications/{filed.id}/papers", CHEN) if paper["kind"]["code"] == "approval"
    )
    shown = doors.get(f"/papers/{approval['number']}", CHEN)
    assert "免申即享" in str(shown["sections"])


def test_what_was_declined_or_had_already_is_not_offered_again(doors: Doors, offered: dict[str, Any]) -> None:
    said = doors.post(f"/me/offers/{offered['id']}/decline", CHEN, {"reason": "单位已经发过"})
    assert said["status"]["code"] == "declined"
    doors.post(f"/me/offers/{offered['id']}/confirm", CHEN, status=409)
    doors.clock.pass_(days=40)
    assert search(doors).made == 0
    assert [own["status"]["code"] for own in offers(doors)] == ["declined"]


def test_who_has_asked_for_it_already_is_left_alone(doors: Doors) -> None:
    filed = doors.file("retire_full")
    assert "R8" in filed.departments
    filed.review("R1")
    filed.act("R1", "grant", outputs={"retire_kind": "正常退休"} if "retire_kind" in outputs(filed) else {})
    assert search(doors) == Offered(0, 0, 0)


def test_an_offer_runs_out_by_itself_and_a_sweep_writes_it_down(doors: Doors, offered: dict[str, Any]) -> None:
    doors.clock.pass_(days=31)
    assert offers(doors)[0]["status"]["code"] == "expired", "also before anybody wrote it down"
    refused = doors.post(f"/me/offers/{offered['id']}/confirm", CHEN, status=409)
    assert refused["status"] == 409
    assert search(doors).expired == 1
    assert search(doors) == Offered(0, 0, 0)


def test_the_sweep_finds_people_by_itself(doors: Doors) -> None:
    retired(doors)
    doors.sweep()
    assert len(offers(doors)) == 1


def test_an_offer_is_its_persons_alone(doors: Doors, offered: dict[str, Any]) -> None:
    for who in ("lin_mother", "zhao_woman50"):
        for act in ("confirm", "decline"):
            expect(doors.send("POST", f"/me/offers/{offered['id']}/{act}", who), 404)
        assert offers(doors, who) == []
    for who in (f"agent.{CHEN}", "clerk.330802", "supervisor.330800"):
        expect(doors.send("POST", f"/me/offers/{offered['id']}/confirm", who), 403)
    expect(doors.send("GET", "/me/offers"), 401)


MOTHER = "lin_mother"


@pytest.fixture
def born(doors: Doors) -> Filed:
    """A birth whose mother did not ask for her maternity benefit."""
    filed = doors.file("birth_full", answers={"mother_insured": False})
    filed.review("B1")
    filed.act("B1", "grant", outputs={"birth_no": "X330000001"} if "birth_no" in filed.slice("B1")["outputs"] else {})
    return filed


def test_a_mother_who_did_not_ask_is_offered_the_benefit_that_she_is_insured_for(doors: Doors, born: Filed) -> None:
    assert born.status("B1") == "granted"
    search(doors)
    found = {offer["item"]: offer for offer in offers(doors, MOTHER)}
    assert found.keys() == {"B6"}
    assert {fact["dataset"] for fact in found["B6"]["found"]} == {"medical_insurance_record"}
    assert "示例" in found["B6"]["reason"]["zh"]
    looks = doors.get("/me/data/looks", MOTHER, limit=100)["entries"]
    assert not [look for look in looks if "免申即享" in str(look) and look["dataset"] == "hospital_settlement"]
    for item, offer in found.items():
        application = doors.post(f"/me/offers/{offer['id']}/confirm", MOTHER)["receipt"]["application"]
        assert [task["item"] for task in application["tasks"]] == [item]
        assert "stay" not in application["had"], "sensitive, and not looked up without consent: as given before"
        assert doors.replayed(application["id"]) == doors.stored(application["id"])
    assert search(doors).made == 0


def test_the_balance_of_a_retired_mans_housing_fund_is_offered_and_may_be_declined(doors: Doors) -> None:
    retired(doors, only_child=True, fund=False)
    search(doors)
    (offer,) = offers(doors)
    assert (offer["item"], offer["expires_on"]) == ("R7", "2026-04-15")
    assert "住房公积金" in offer["reason"]["zh"]
    assert doors.post(f"/me/offers/{offer['id']}/decline", CHEN, {})["status"]["code"] == "declined"
    doors.clock.pass_(days=40)
    assert search(doors).made == 0
