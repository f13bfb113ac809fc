"""多地联办: a birth applied for once, whose household is in another county; each place sees what concerns it."""

from typing import Any

from tests.doors import Doors, Filed, expect

HERE, THERE, THIRD, FOURTH = "330802", "330881", "330102", "330106"
MOTHER, HALL, THEIR_HALL = "lin_mother", f"clerk.{HERE}", f"clerk.{THERE}"
POLICE = f"officer.police.{THERE}"


def filed(doors: Doors, who: str = MOTHER, **more: Any) -> Filed:
    """A birth in 柯城, the child in a household of 江山."""
    draft = doors.draft("birth_full", who, **more)["id"]
    told = doors.send("PUT", f"/applications/{draft}/places", who, json={"places": {"B3": THERE}})
    assert told.status_code == 200, told.text
    receipt = doors.post(f"/applications/{draft}/submit", who)["application"]
    departments = {item: task.department for item, task in doors.stored(draft).tasks.items()}
    return Filed(doors, draft, MOTHER, receipt["reference"], "", departments)


def together(case: Filed, who: str) -> dict[str, Any]:
    """What somebody sees of the places."""
    found: dict[str, Any] = case.doors.get(f"/applications/{case.id}/places", who)
    return found


def items(seen: dict[str, Any]) -> dict[str, list[str]]:
    """Place → the items that are told of it."""
    return {place["region"]: [task["item"] for task in place["tasks"]] for place in seen["places"]}


def test_the_item_goes_to_the_place_that_was_chosen_and_that_place_sees_what_concerns_it(doors: Doors) -> None:
    case = filed(doors)
    assert case.departments["B3"] == f"police.{THERE}"
    assert {region.rpartition(".")[2] for item, region in case.departments.items() if item != "B3"} <= {HERE, "330800"}
    whole = together(case, MOTHER)
    assert whole["is_joint"]
    assert whole["sentence"]["zh"].startswith("柯城区牵头，办理")
    assert "江山市办理宝宝上户口" in whole["sentence"]["zh"]
    assert whole["sentence"]["zh"].endswith("前办好，各地同一个日期。")
    assert (whole["lead"]["zh"], whole["notes"]) == ("柯城区卫生健康局", []), "notes are among officials"
    assert (
        sum(map(len, items(whole).values()))
        == len(case.departments)
        == sum(map(len, items(together(case, HALL)).values()))
    )
    theirs = together(case, THEIR_HALL)
    assert items(theirs)[THERE] == ["B3"]
    assert "B1" in items(theirs)[HERE], "what the registration waits for"
    assert "B2" not in items(theirs)[HERE]
    assert next(place for place in theirs["places"] if place["is_lead"])["task_count"] == len(case.departments) - 1
    assert theirs["promised_on"] == whole["promised_on"] == case.show()["promised_on"]
    for path in ("", "/handover", "/papers", "/events"):
        assert doors.send("GET", f"/applications/{case.id}{path}", THEIR_HALL).status_code == 404
    own = doors.get(f"/tasks/{case.reference}-B3", THEIR_HALL)
    assert (own["is_joint"], own["unsigned_notes"]) == (True, 1)
    assert doors.send("GET", f"/tasks/{case.reference}-B1", THEIR_HALL).status_code == 404
    for stranger in (f"clerk.{THIRD}", f"officer.tax.{THERE}.1", "wang_owner", f"supervisor.{THIRD}"):
        assert doors.send("GET", f"/applications/{case.id}/places", stranger).status_code == 404
    above, chase = f"supervisor.{THERE}", {"kind": "chase", "text": "请尽快办理"}
    assert together(case, above)["is_joint"], "supervision above a place that acts"
    path = f"/applications/{case.id}/matters"
    assert doors.send("POST", path, above, json={**chase, "item": "B1"}).status_code == 404
    assert doors.send("POST", path, above, json={"kind": "escalation", "text": "请督办"}).status_code == 404
    void = {"action": "void", "reason": "示例"}
    assert doors.send("POST", f"/tasks/{case.reference}-B1/actions", above, json=void).status_code == 404
    doors.post(path, above, {**chase, "item": "B3"}, 201)


def test_notes_go_between_the_places_and_are_signed_for(doors: Doors) -> None:
    case = filed(doors)
    path = f"/applications/{case.id}/notes"
    (handed,) = together(case, THEIR_HALL)["notes"]
    assert (handed["kind"]["code"], handed["status"]["code"], handed["may_sign"]) == ("handed", "sent", True)
    assert [item["zh"] for item in handed["items"]] == ["宝宝上户口"]
    assert doors.send("POST", f"{path}/1/sign", HALL).status_code == 409, "not the sender"
    signed = doors.post(f"{path}/1/sign", f"{POLICE}.1")["notes"][0]
    assert (signed["status"]["code"], signed["signed_by"]["zh"]) == ("signed", "江山市公安局承办人")
    assert doors.send("POST", f"{path}/1/sign", THEIR_HALL).status_code == 409, "once"
    for to, text in ((THERE, "给自己"), (THIRD, "外人"), (HERE, " ")):
        assert doors.send("POST", path, THEIR_HALL, json={"to": to, "text": text}).status_code == 422
    doors.post(path, THEIR_HALL, {"to": HERE, "text": "请核实现住址"}, 201)
    told = together(case, HALL)["notes"][-1]
    assert (told["text"], told["sent_by"]["zh"], told["may_sign"]) == ("请核实现住址", "江山市综合窗口收件员", True)
    assert doors.post(f"{path}/2/sign", HALL)["notes"][-1]["status"]["code"] == "signed"
    watched = together(case, f"supervisor.{HERE}")
    assert [note["text"] for note in watched["notes"]] == [None, None]
    assert together(case, MOTHER)["notes"] == []
    waiting = [line["id"] for line in doors.get("/counter/tasks", THEIR_HALL, queue="receive")["entries"]]
    case.grant("B1", birth_no="O330000000001")
    waiting = [line["id"] for line in doors.get("/counter/tasks", THEIR_HALL, queue="receive")["entries"]]
    assert f"{case.reference}-B3" in waiting
    case.act("B3", "receive", who=THEIR_HALL)
    case.assert_true_to_its_events()


def test_a_note_stands_in_the_queue_of_the_place_it_waits_for_and_in_no_other(doors: Doors) -> None:
    def waiting(who: str, **page: Any) -> list[tuple[str, list[int]]]:
        found = doors.get("/notes", who, **page)["entries"]
        return [(line["application_id"], [note["number"] for note in line["notes"]]) for line in found]

    first, second = sorted((filed(doors), filed(doors)), key=lambda case: case.id)
    both = [(first.id, [1]), (second.id, [1])]
    assert waiting(THEIR_HALL) == waiting(f"{POLICE}.1") == both
    for who in (HALL, f"clerk.{THIRD}", f"officer.tax.{THERE}.1", f"officer.health.{HERE}.1"):
        assert waiting(who) == [], who
    (line,) = doors.get("/notes", THEIR_HALL, limit=1)["entries"]
    (note,) = line["notes"]
    assert "text" not in note, "what it says stays with the case"
    assert (note["sender"]["zh"], [item["zh"] for item in note["items"]]) == ("柯城区政务服务中心", ["宝宝上户口"])
    page = doors.get("/notes", THEIR_HALL, limit=1)
    assert waiting(THEIR_HALL, cursor=page["next"]) == both[1:]
    doors.post(f"/applications/{first.id}/notes/1/sign", THEIR_HALL)
    doors.post(f"/applications/{first.id}/notes", THEIR_HALL, {"to": HERE, "text": "请核实现住址"}, 201)
    assert waiting(THEIR_HALL) == both[1:]
    assert waiting(HALL) == waiting(f"officer.health.{HERE}.1") == [(first.id, [2])]
    above = {department for department in first.departments.values() if department.endswith(".330800")}
    assert all(waiting(f"officer.{department}.1") == [(first.id, [2])] for department in above)
    doors.post(f"/applications/{first.id}/notes/2/sign", HALL)
    assert waiting(HALL) == []
    first.assert_true_to_its_events()


def test_only_what_may_be_handled_elsewhere_is_and_only_where_it_may_be(doors: Doors) -> None:
    draft = doors.draft("birth_full", MOTHER)["id"]
    path = f"/applications/{draft}/places"
    choices = {one["item"]: one for one in doors.get(path, MOTHER)["choices"]}
    assert choices.keys() == {"B2", "B3"}
    assert choices["B3"]["place"]["code"] == HERE
    codes = {one["code"] for one in choices["B3"]["options"]}
    assert THERE in codes
    assert not codes & {"361123", "330800"}
    for wish in ({"B1": THERE}, {"B3": "361123"}, {"B3": "330000"}, {"B3": "nowhere"}, {"X9": THERE}):
        refused = doors.send("PUT", path, MOTHER, json={"places": wish})
        assert refused.status_code == 422, wish
        assert refused.json()["errors"][0]["pointer"] == f"/places/{next(iter(wish))}"
    doors.send("PUT", path, MOTHER, json={"places": {"B3": THERE, "B2": THERE}})
    told = doors.send("PUT", path, MOTHER, json={"places": {"B3": HERE, "B2": None}}).json()
    assert told["sentence"]["zh"].startswith("这件申请都在柯城区办理"), "taken back"
    doors.post(f"/applications/{draft}/submit", MOTHER)
    assert doors.send("PUT", path, MOTHER, json={"places": {"B3": THERE}}).status_code == 409
    assert not doors.get(path, MOTHER)["is_joint"]


def test_a_third_hall_takes_in_and_hands_over_to_both(doors: Doors) -> None:
    case = filed(doors, f"clerk.{THIRD}", proxy={"identified": "id_card", "handing": "at_home"})
    seen = together(case, f"clerk.{THIRD}")
    assert {place["region"] for place in seen["places"] if place["is_taker"]} == {THIRD}
    assert [place["region"] for place in seen["places"]] == [HERE, THIRD, THERE]
    assert "收件，不作决定" in seen["sentence"]["zh"]
    assert [(n["sender"]["zh"][:3], n["receiver"]["zh"][:3]) for n in together(case, HALL)["notes"]] == [
        ("上城区", "柯城区"),
        ("上城区", "江山市"),
    ]


def test_the_hall_where_an_item_is_handled_signs_for_its_papers_and_sends_its_result(doors: Doors) -> None:
    taker, household = f"clerk.{THIRD}", "/materials/household_book/paper"
    draft = doors.draft("birth_full", taker, proxy={"identified": "id_card", "handing": "at_hall"})["id"]
    own = f"/applications/{draft}"
    doors.send("PUT", f"{own}/places", taker, json={"places": {"B3": THERE}})
    expect(doors.send("PUT", f"{own}{household}", taker, json={"note": "原件 1 份"}))
    reference = doors.post(f"{own}/submit", taker)["application"]["reference"]
    (parcel,) = doors.get(own, taker)["proxy"]["parcels"]
    assert (parcel["department"], parcel["items"]) == (f"police.{THERE}", ["B3"])
    move, waybill = f"{own}/parcels/1", {"waybill": "DEMO-1"}
    assert doors.send("POST", f"{move}/send", THEIR_HALL, json=waybill).status_code == 409, "not theirs to send"
    doors.post(f"{move}/send", taker, waybill)
    assert doors.send("POST", f"{move}/sign", HALL, json={}).status_code == 409, "it passes the leading hall by"
    assert doors.send("POST", f"{move}/sign", f"clerk.{FOURTH}", json={}).status_code == 404
    seen = doors.get(f"/tasks/{reference}-B3", THEIR_HALL)["proxy"]["parcels"][0]
    assert (seen["allowed"], seen["materials"][0]["code"]) == (["sign"], "household_book")
    signed = doors.post(f"{move}/sign", THEIR_HALL, {"note": "齐全"})["parcels"]
    assert [(one["status"]["code"], one["signed_by"]["zh"]) for one in signed] == [("signed", "江山市综合窗口收件员")]
    assert doors.send("POST", f"{own}/parcels/2/sign", THEIR_HALL, json={}).status_code == 404, "none of theirs"
    departments = {item: task.department for item, task in doors.stored(draft).tasks.items()}
    case = Filed(doors, draft, MOTHER, reference, "", departments)
    case.grant("B1", birth_no="O330000000001")
    case.grant("B3", baby_id="003308202603100023")
    case.act("B3", "dispatch", who=THEIR_HALL)
    back = {one["number"]: one for one in doors.get(own, taker)["proxy"]["parcels"] if one["items"] == ["B3"]}
    assert back.keys() == {1, max(back)}
    assert doors.send("POST", f"{own}/parcels/{max(back)}/send", HALL, json=waybill).status_code == 409
    doors.post(f"{own}/parcels/{max(back)}/send", THEIR_HALL, waybill)
    doors.post(f"{own}/parcels/{max(back)}/sign", taker, {})
    case.assert_true_to_its_events()
