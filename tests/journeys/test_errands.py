"""Somebody who has to come is told what for, what to bring for this very case, and which halls take it."""

from tests.doors import Doors

OWNER, AGENT = "wang_owner", "agent.wang_owner"
HERE = {"longitude": 118.55, "latitude": 28.31}


def test_a_case_says_what_to_come_for_what_to_bring_and_where(shared_doors: Doors) -> None:
    filed = shared_doors.file("catering_full")
    found = shared_doors.get(f"/applications/{filed.id}/halls", OWNER, limit=100)
    (visit,) = found["errands"]
    assert (visit["item"], visit["purpose"]["code"], visit["is_done"]) == ("H1", "in_person", False)
    assert visit["place"]["zh"].startswith("柯城区"), "where this region does it"
    assert found["visits_left"] == filed.show()["spared"]["visits_left"] == 1
    assert [own["code"] for own in found["bring"]] == ["identity", "reference"], "everything else was handed in online"
    assert filed.reference in found["bring"][1]["name"]["zh"]
    assert found["area"]["code"] == "none"
    assert {hall["region"][:6] for hall in found["halls"]} == {"330802"}, "one item is done at home only"
    assert [hall["distance_km"] for hall in found["halls"]] == sorted(hall["distance_km"] for hall in found["halls"])
    nearer = shared_doors.get(f"/applications/{filed.id}/halls", OWNER, **HERE)
    assert nearer["halls"][0]["distance_km"] > 20, "counted from where one stands"
    agent = shared_doors.get(f"/applications/{filed.id}/halls", AGENT)
    assert [own["code"] for own in agent["bring"]] == ["identity", "mandate", "reference"]
    filed.grant("H1")
    after = shared_doors.get(f"/applications/{filed.id}/halls", OWNER)
    assert (after["visits_left"], after["errands"][0]["is_done"]) == (0, True)


def test_who_collects_is_sent_to_a_delivery_desk_and_told_what_is_missing(shared_doors: Doors) -> None:
    draft = shared_doors.post("/applications", OWNER, {"story": "catering_full"}, 201)["id"]
    shared_doors.send("PATCH", f"/applications/{draft}", OWNER, json={"form": {"delivery": "窗口领取"}})
    shared_doors.send("DELETE", f"/applications/{draft}/materials/layout", OWNER)
    found = shared_doors.get(f"/applications/{draft}/halls", OWNER)
    assert {own["purpose"]["code"] for own in found["errands"]} == {"in_person", "collect"}
    assert all("delivery" in {desk["code"] for desk in hall["desks"]} for hall in found["halls"])
    missing = {own["code"]: own["because"]["zh"] for own in found["bring"]}
    assert missing["layout"] == "还没有交。"
    assert "reference" not in missing, "a draft has no number"


def test_a_paper_that_a_notice_asks_for_is_among_what_to_bring(shared_doors: Doors) -> None:
    filed = shared_doors.file("catering_full")
    for item in [item for item in filed.departments if filed.status(item) == "submitted"]:
        filed.act(item, "receive")
        if item == "L0":
            filed.post_points(item, ("material", "premises_proof"))
        else:
            filed.act(item, "accept")
    found = shared_doors.get(f"/applications/{filed.id}/halls", OWNER)
    asked = {own["code"]: own["because"]["zh"] for own in found["bring"]}
    assert asked["premises_proof"] == "补正通知里要的。"


def test_half_a_position_is_refused(shared_doors: Doors) -> None:
    draft = shared_doors.post("/applications", OWNER, {"story": "catering_simple"}, 201)["id"]
    refused = shared_doors.send("GET", f"/applications/{draft}/halls", OWNER, params={"longitude": 118.5})
    assert refused.status_code == 422
