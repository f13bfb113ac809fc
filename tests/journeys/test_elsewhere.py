"""异地代收代办: taken in by a hall of one province, decided by offices of another, with a courier between the two."""

from datetime import timedelta
from typing import Any

from tests.doors import Doors, Filed, expect

HERE, THERE = "330881", "361123"
"""江山 in Zhejiang takes in; 玉山 in Jiangxi decides."""
CLERK, THEIR_CLERK, OWNER = f"clerk.{HERE}", f"clerk.{THERE}", "wang_owner"
OFFICER, STRANGER = f"officer.market.{THERE}.1", f"officer.market.{HERE}.1"
AT_HALL = {"identified": "id_card", "handing": "at_hall"}


def taken_in(doors: Doors, **proxy: str) -> Filed:
    """A small restaurant in 玉山, with the lease on paper, taken in by 江山."""
    draft = doors.draft("catering_simple", CLERK, region=THERE, proxy={**AT_HALL, **proxy})
    own = f"/applications/{draft['id']}"
    expect(doors.send("PUT", f"{own}/materials/premises_proof/paper", CLERK, json={"note": "原件 1 份"}))
    receipt = doors.post(f"{own}/submit", CLERK)["application"]
    departments = {item: task.department for item, task in doors.stored(draft["id"]).tasks.items()}
    return Filed(doors, draft["id"], OWNER, receipt["reference"], "", departments)


def parcel(filed: Filed, who: str = OWNER, number: int = 1) -> dict[str, Any]:
    """One parcel as somebody sees it."""
    found: dict[str, Any] = filed.show(who)["proxy"]["parcels"][number - 1]
    return found


def move(filed: Filed, what: str, who: str, number: int = 1, status: int = 200, **wish: Any) -> Any:
    """Send a parcel or sign for it."""
    return filed.doors.post(f"/applications/{filed.id}/parcels/{number}/{what}", who, wish, status)


def test_originals_travel_and_nothing_is_granted_before_they_were_signed_for(doors: Doors) -> None:
    filed = taken_in(doors)
    proxy = filed.show()["proxy"]
    assert (proxy["hall"], proxy["is_other_province"], proxy["identified"]["code"]) == (HERE, True, "id_card")
    assert [(one["item"], one["is_covered"]) for one in proxy["items"]] == [("L1", True), ("F1", False)]
    packed = parcel(filed, CLERK)
    assert [one["code"] for one in packed["materials"]] == ["premises_proof"]
    assert (packed["status"]["code"], packed["items"], packed["allowed"]) == ("packed", ["F1"], ["send"])
    move(filed, "sign", OFFICER, status=409)
    move(filed, "send", THEIR_CLERK, status=409, waybill="DEMO-1")
    move(filed, "send", CLERK, status=422, waybill="  ")
    move(filed, "send", STRANGER, status=404, waybill="DEMO-1")
    move(filed, "send", CLERK, waybill="DEMO-1")
    move(filed, "send", CLERK, status=409, waybill="DEMO-2")
    filed.grant("L1")
    filed.review("F1")
    filed.opine("F1", "granted")
    refused = filed.act("F1", "grant", status=409)
    assert "尚未签收" in refused["detail"] or "尚未签收" in refused["detail_zh"]
    assert filed.act("F1", "finish_step", who=filed.officer("F1"), number=1, status=409)["code"] == "action-not-allowed"
    doors.clock.pass_(days=7)
    assert parcel(filed)["is_late"], "a clock of its own, beside that of the task"
    signed = move(filed, "sign", OFFICER, note="齐全")
    assert signed["parcels"][0]["status"]["code"] == "signed"
    told = parcel(filed)
    assert (told["sent_by"]["zh"], told["signed_by"]["zh"]) == ("江山市综合窗口收件员", "玉山县市场监督管理局承办人")
    watched = parcel(filed, "supervisor.361100")
    assert (watched["status"]["code"], watched["materials"], watched["note"]) == ("signed", [], None)
    filed.act("F1", "grant")
    heard = {message["kind"]["code"] for message in doors.get("/messages", OWNER)["entries"]}
    assert {"on_its_way", "arrived"} <= heard
    filed.assert_true_to_its_events()


def test_the_result_comes_back_to_the_hall_that_took_it_in(doors: Doors) -> None:
    filed = taken_in(doors)
    move(filed, "send", CLERK, waybill="DEMO-1")
    move(filed, "sign", THEIR_CLERK)
    filed.grant("L1")
    filed.grant("F1")
    filed.act("F1", "dispatch")
    refused = filed.act("F1", "deliver", who=CLERK, status=409)
    assert "deliver" not in refused["allowed"]
    assert parcel(filed, OWNER, 2)["way"]["code"] == "back"
    move(filed, "send", OFFICER, 2, waybill="DEMO-9")
    move(filed, "sign", OFFICER, 2, status=409)
    move(filed, "sign", CLERK, 2)
    filed.act("F1", "deliver", who=CLERK)
    assert filed.status("F1") == "closed"
    filed.assert_true_to_its_events()


def test_the_hall_sees_what_it_took_in_and_later_only_how_it_goes(doors: Doors) -> None:
    filed = taken_in(doors, handing="by_post")
    seen = filed.show(CLERK)
    assert seen["form"]["operator_name"], "there may be something to correct"
    move(filed, "send", CLERK, waybill="DEMO-1")
    move(filed, "sign", OFFICER)
    filed.act("L1", "receive")
    filed.act("L1", "accept")
    later = filed.show(CLERK)
    assert (later["form"], later["answers"], later["materials"]) == ({}, {}, [])
    assert doors.get(f"/tasks/{filed.reference}-F1", CLERK)["fields"] == []
    assert doors.get(f"/tasks/{filed.reference}-F1", CLERK)["withheld"]["zh"].startswith("本大厅的收件已经完成")
    assert doors.send("GET", f"/applications/{filed.id}/materials/layout", CLERK).status_code == 404
    assert filed.show(THEIR_CLERK)["form"], "the hall in charge goes on"
    filed.act("L1", "review")
    filed.act("L1", "grant")
    assert filed.show(CLERK)["form"], "the next office takes in"
    filed.act("F1", "receive")
    filed.act("F1", "accept")
    lines = {line["kind"]["code"]: line for line in doors.get(f"/applications/{filed.id}/papers", CLERK)}
    assert (lines["receipt"]["may_open"], lines["approval"]["may_open"]) == (True, False)
    assert doors.send("GET", f"/papers/{lines['approval']['number']}", CLERK).status_code == 404
    assert "deliver" not in {one["code"] for one in doors.get(f"/tasks/{filed.reference}-L1", CLERK)["allowed"]}
    assert filed.act("L1", "deliver", who=CLERK, status=409)["code"] == "action-not-allowed"


def test_each_department_reads_its_own_parcels_and_its_own_part_of_the_slip(doors: Doors) -> None:
    filed = taken_in(doors)
    slip = doors.get(f"/applications/{filed.id}/handover", CLERK)
    (office,) = slip["offices"]
    assert (office["department"], [task["item"] for task in office["tasks"]]) == (f"market.{THERE}", ["L1", "F1"])
    lease = next(one for one in office["materials"] if one["code"] == "premises_proof")
    assert (lease["is_paper"], lease["note"], lease["taken_by"]["zh"]) == (True, "原件 1 份", "江山市综合窗口收件员")
    assert (slip["paper_count"], office["parcels"]) == (1, [1])
    assert doors.get(f"/tasks/{filed.reference}-L1", OFFICER)["proxy"]["parcels"][0]["number"] == 1
    assert doors.send("GET", f"/applications/{filed.id}/handover", OWNER).status_code == 403
    assert doors.send("GET", f"/applications/{filed.id}/handover", STRANGER).status_code == 404


def test_who_takes_in_for_elsewhere_says_how_and_nobody_else_does(doors: Doors) -> None:
    story = {"story": "catering_simple", "region": THERE}
    refused = doors.post("/applications", CLERK, story, 422)
    assert refused["errors"][0]["pointer"] == "/proxy"
    for who, region in ((CLERK, HERE), (OWNER, THERE)):
        refused = doors.post("/applications", who, {**story, "region": region, "proxy": AT_HALL}, 422)
        assert refused["errors"][0]["code"] == "not-needed"
    local = doors.draft("utility_simple", "clerk.330802", region=HERE, proxy=AT_HALL)
    refused = doors.post(f"/applications/{local['id']}/submit", "clerk.330802", status=409)
    assert refused["code"] == "not-eligible", "no item of it may be taken in elsewhere"


def test_the_way_of_delivery_is_changed_until_it_is_submitted_and_the_identity_only_by_the_hall(doors: Doors) -> None:
    draft = doors.draft("catering_simple", CLERK, region=THERE, proxy=AT_HALL)["id"]
    own = f"/applications/{draft}"

    def amend(who: str, status: int = 200, **proxy: str) -> Any:
        return expect(doors.send("PATCH", own, who, json={"proxy": proxy}), status)

    assert amend(OWNER, handing="by_post")["proxy"]["handing"]["code"] == "by_post"
    assert amend(OWNER, 422, identified="entrusted")["errors"][0]["pointer"] == "/proxy/identified"
    assert amend(CLERK, identified="entrusted")["proxy"]["identified"]["code"] == "entrusted"
    amend(OWNER, handing="by_post", identified="entrusted")
    assert [event.kind.value for event in doors.rows(draft)].count("taken_in_elsewhere") == 3, "nothing new, no event"
    assert doors.replayed(draft) == doors.stored(draft)
    at_home = doors.draft("catering_simple")["id"]
    expect(doors.send("PATCH", f"/applications/{at_home}", OWNER, json={"proxy": {"handing": "by_post"}}), 422)
    doors.post(f"{own}/submit", CLERK)
    amend(OWNER, 409, handing="at_home")


def test_it_counts_as_filed_in_another_province(doors: Doors) -> None:
    taken_in(doors)
    span = {"from": doors.clock.now.date() - timedelta(days=1), "to": doors.clock.now.date() + timedelta(days=1)}
    answer = doors.get("/indicators/values", f"supervisor.{THERE}", **{k: str(v) for k, v in span.items()})
    figures = {one["code"]: one for one in answer["total"]}
    assert figures["other_province"]["numerator"] == 1
