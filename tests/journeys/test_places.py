"""Who decides where: filed in one county and decided in another province, and items that climb to the city."""

from tests.doors import Doors, Filed

JIANGSHAN, YUSHAN = "330881", "361123"


def filed_across_the_border(doors: Doors) -> Filed:
    """A clerk of 江山 files a small restaurant for 玉山, in the next province."""
    clerk = f"clerk.{JIANGSHAN}"
    proxy = {"identified": "id_card", "handing": "at_hall"}
    draft = doors.draft("catering_simple", clerk, region=YUSHAN, proxy=proxy)
    assert (draft["region"], draft["filed_region"], draft["applicant"]) == (YUSHAN, JIANGSHAN, "wang_owner")
    receipt = doors.post(f"/applications/{draft['id']}/submit", clerk)
    departments = {task: stored.department for task, stored in doors.stored(draft["id"]).tasks.items()}
    return Filed(doors, draft["id"], "wang_owner", receipt["application"]["reference"], "", departments)


def test_what_is_filed_in_jiangshan_for_yushan_is_decided_in_yushan(doors: Doors) -> None:
    filed = filed_across_the_border(doors)
    assert filed.departments == {"L1": f"market.{YUSHAN}", "F1": f"market.{YUSHAN}"}
    assert filed.reference.startswith(f"L{YUSHAN}-")
    filed.act("L1", "receive", who=f"officer.market.{JIANGSHAN}.1", status=404)
    filed.grant("L1")
    filed.grant("F1")
    assert {task["department"]["zh"] for task in filed.show()["tasks"]} == {"玉山县市场监督管理局"}


def test_both_halls_the_owner_and_his_helper_see_it_and_a_third_hall_does_not(doors: Doors) -> None:
    filed = filed_across_the_border(doors)
    for who in ("wang_owner", "agent.wang_owner", f"clerk.{JIANGSHAN}", f"clerk.{YUSHAN}", "supervisor.361100"):
        assert filed.show(who)["reference"] == filed.reference, who
    for who in ("lin_mother", "clerk.330802", "supervisor.330800"):
        assert doors.send("GET", f"/applications/{filed.id}", who).status_code == 404, who
    listed = doors.get("/applications", f"clerk.{JIANGSHAN}")["entries"]
    assert [line["id"] for line in listed] == [filed.id]


def test_the_hall_that_took_it_in_may_receive_and_hand_over_but_not_decide(doors: Doors) -> None:
    filed = filed_across_the_border(doors)
    clerk = f"clerk.{JIANGSHAN}"
    filed.act("L1", "receive", who=clerk)
    refused = filed.act("L1", "accept", who=clerk, status=409)
    assert "accept" not in refused["allowed"]
    filed.act("L1", "accept")
    filed.act("L1", "review")
    filed.act("L1", "grant", who=clerk, status=409)
    filed.act("L1", "grant")
    filed.act("L1", "deliver", who=clerk)
    assert filed.status("L1") == "closed"


def test_a_clerk_takes_paper_and_a_citizen_cannot(doors: Doors) -> None:
    clerk = f"clerk.{JIANGSHAN}"
    draft = doors.draft("catering_simple", clerk)
    path = f"/applications/{draft['id']}/materials/layout/paper"
    taken = doors.send("PUT", path, clerk, json={"note": "原件 1 份"}).json()
    layout = next(paper for paper in taken["materials"] if paper["code"] == "layout")
    assert (layout["digest"], layout["size"], layout["filename"]) == (None, 0, "原件 1 份")
    own = doors.draft("catering_simple")
    path = f"/applications/{own['id']}/materials/layout/paper"
    refused = doors.send("PUT", path, "wang_owner", json={"note": "原件"})
    assert (refused.status_code, refused.json()["roles"]) == (403, ["clerk"])


def test_the_housing_fund_is_the_citys_and_its_officer_decides(doors: Doors) -> None:
    filed = doors.file("retire_full")
    assert filed.departments["R7"] == "housing_fund.330800"
    assert doors.send("POST", "/sessions", json={"account": "officer.housing_fund.330802.1"}).status_code == 422
    for item in ("R1", "R9", "R2", "R5"):
        filed.grant(item)
    filed.grant("R7")
    inbox = doors.get("/tasks", filed.officer("R7"))["entries"]
    assert [line["item"] for line in inbox] == ["R7"]


def test_a_region_nobody_has_power_in_is_refused_with_a_hint(doors: Doors) -> None:
    wish = {"bundle": "catering", "region": "330812", "answers": {}}
    refused = doors.post("/applications", "wang_owner", wish, status=422)
    assert refused["errors"][0]["pointer"] == "/region"
    assert "您是否想写" in refused["errors"][0]["detail"]["zh"]
    too_wide = doors.send("POST", "/applications", "wang_owner", json={"story": "catering_full", "region": "330000"})
    assert (too_wide.status_code, too_wide.json()["code"]) == (422, "no-authority")
