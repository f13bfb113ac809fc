"""好差评 through the API: a bad review is verified, mended and rated again; the desk never learns whose it was."""

from datetime import date
from typing import Any

from app.usecases import sweep
from tests.doors import Doors, Filed
from tests.journeys.supervision_steps import act, allowed, matters

COUNTY, CITY = "supervisor.330802", "supervisor.330800"
DESK = "market.330802"


def received(doors: Doors) -> Filed:
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    return filed


def rate(doors: Doors, filed: Filed, status: int = 201, who: str | None = None, **wish: Any) -> dict[str, Any]:
    wish = {"item": "L0", "stage": "intake", "level": "dissatisfied", "tags": ["slow"], "text": "等了很久", **wish}
    found: dict[str, Any] = doors.post(f"/applications/{filed.id}/ratings", who or filed.who, wish, status)
    return found


def test_a_bad_review_is_verified_mended_and_rated_again(doors: Doors) -> None:
    filed = received(doors)
    rating = rate(doors, filed)
    matter = rating["matter_id"]
    desk = f"officer.{DESK}.1"
    (entry,) = matters(doors, desk)
    assert (entry["id"], entry["kind"]["code"], entry["due_on"]) == (matter, "bad_review", "2026-03-17")
    act(doors, matter, desk, "reply", 409, reason="已整改", evidence=["示例"])
    assert "clear" in act(doors, matter, desk, "verify", 422, reason="已回访")["errors"][0]["detail"]["en"]
    verified = act(doors, matter, desk, "verify", reason="经平台回访，情况属实", finding="clear")
    assert verified["due_on"] == "2026-03-23"
    act(doors, matter, desk, "reply", reason="已增开窗口", evidence=["排班表示例 1 号"])
    assert allowed(doors, matter, desk) == set()
    assert allowed(doors, matter, filed.who) == {"confirm", "contest"}
    missing = act(doors, matter, filed.who, "confirm", 422)
    assert missing["errors"][0]["pointer"] == "/level"
    act(doors, matter, filed.who, "confirm", 422, level="dissatisfied")
    done = act(doors, matter, filed.who, "confirm", level="satisfied")
    assert (done["status"]["code"], done["rating"]["rerated"]["code"]) == ("closed", "satisfied")
    (given,) = doors.get(f"/applications/{filed.id}/ratings", filed.who)["given"]
    assert (given["level"]["code"], given["rerated"]["code"]) == ("dissatisfied", "satisfied"), "the first level stays"


def test_who_is_still_dissatisfied_sends_it_back(doors: Doors) -> None:
    filed = received(doors)
    matter = rate(doors, filed)["matter_id"]
    desk = f"officer.{DESK}.1"
    act(doors, matter, desk, "verify", reason="已回访", finding="complex")
    act(doors, matter, desk, "reply", reason="已说明", evidence=["示例"])
    back = act(doors, matter, f"agent.{filed.who}", "contest", reason="没有改变", level="very_dissatisfied")
    assert (back["status"]["code"], back["due_on"], back["rounds"]) == ("reopened", "2026-03-17", 1)
    assert doors.get(f"/matters/{matter}", desk)["events"][-1]["role"]["code"] == "applicant"


def test_an_appeal_is_decided_by_another_office_and_the_rating_stops_counting(doors: Doors) -> None:
    filed = received(doors)
    matter = rate(doors, filed, text="根本不是这个部门")["matter_id"]
    rate(doors, filed, item="L0", stage="intake", status=409)
    desk = f"officer.{DESK}.3"
    path = f"/departments/{DESK}/ratings"
    assert doors.get(path, desk)["counts"]["dissatisfied"] == 1
    act(doors, matter, desk, "appeal", reason="评价对象有误")
    act(doors, matter, COUNTY, "uphold", 409, reason="同意")
    act(doors, matter, "supervisor.330100", "uphold", 404, reason="同意")
    upheld = act(doors, matter, CITY, "uphold", reason="经复核，该环节由其他单位办理")
    assert (upheld["conclusion"]["code"], upheld["appeal_to"]) == ("annulled", "hall.330800")
    seen = doors.get(path, desk)
    assert (seen["counts"]["dissatisfied"], seen["entries"], seen["satisfaction"]) == (0, [], None)
    (given,) = doors.get(f"/applications/{filed.id}/ratings", filed.who)["given"]
    assert given["is_annulled"] is True


def test_a_rejected_appeal_leaves_the_rectification_to_be_done(doors: Doors) -> None:
    filed = received(doors)
    matter = rate(doors, filed)["matter_id"]
    desk = f"officer.{DESK}.1"
    act(doors, matter, desk, "appeal", reason="恶意差评")
    act(doors, matter, CITY, "reject", reason="评价真实")
    act(doors, matter, desk, "appeal", 409, reason="再申诉")
    assert allowed(doors, matter, desk) == {"verify"}


def test_an_unmended_bad_review_goes_to_supervision(doors: Doors) -> None:
    filed = received(doors)
    matter = rate(doors, filed)["matter_id"]
    doors.clock.go_to(date(2026, 3, 18))
    sweep.run(doors.platform.context(), doors.platform.store)
    orders = [entry for entry in matters(doors, f"officer.{DESK}.3") if entry["kind"]["code"] == "order"]
    assert [(entry["because"]["code"], entry["reference"]) for entry in orders] == [("unanswered", None)]
    shown = doors.get(f"/matters/{orders[0]['id']}", COUNTY)
    assert (shown["cause"], shown["reference"]) == (matter, filed.reference)


def test_the_desk_never_sees_who_rated(doors: Doors) -> None:
    filed = received(doors)
    matter = rate(doors, filed)["matter_id"]
    doors.post(f"/applications/{filed.id}/ratings/{rating_id(doors, filed)}/addition", filed.who, {"text": "后来好些"})
    rate(doors, filed, item="L0", stage="acceptance", status=409)
    desk = f"officer.{DESK}.1"
    secrets = (filed.id, filed.reference, filed.who, "agent.", "2026-03-16T")
    for path in (f"/matters/{matter}", "/matters", f"/departments/{DESK}/ratings"):
        text = doors.send("GET", path, desk).text
        assert "等了很久" in text or path == "/matters"
        assert not [secret for secret in secrets if secret in text], path
    for who in ("clerk.330802", "officer.health.330802.1", "lin_mother"):
        assert doors.send("GET", f"/matters/{matter}", who).status_code == 404
        assert doors.send("GET", f"/departments/{DESK}/ratings", who).status_code in {403, 404}
    assert doors.get(f"/applications/{filed.id}/matters", "clerk.330802") == []
    assert [m["id"] for m in doors.get(f"/applications/{filed.id}/matters", filed.who)] == [matter]
    timeline = doors.send("GET", f"/applications/{filed.id}/events", "clerk.330802").text
    assert "rat" not in timeline.replace("operat", "")


def rating_id(doors: Doors, filed: Filed) -> str:
    found: str = doors.get(f"/applications/{filed.id}/ratings", filed.who)["given"][0]["id"]
    return found


def test_the_hall_answers_for_the_whole_and_does_not_see_whose_it_was(doors: Doors) -> None:
    filed = doors.file("catering_full")
    doors.post(f"/applications/{filed.id}/withdraw", filed.who, {})
    matter = rate(doors, filed, item=None, stage="finish", tags=["many_trips"])["matter_id"]
    hall = "officer.hall.330802.1"
    assert doors.get(f"/matters/{matter}", hall)["reference"] is None
    assert doors.get(f"/matters/{matter}", COUNTY)["reference"] is None, "the county's supervision is the hall itself"
    assert doors.get(f"/applications/{filed.id}/matters", COUNTY) == []
    assert doors.get(f"/matters/{matter}", CITY)["reference"] == filed.reference
    assert doors.get("/departments/hall.330802/ratings", hall)["counts"]["dissatisfied"] == 1


def test_only_the_applicants_side_rates_and_only_what_has_come_that_far(doors: Doors) -> None:
    filed = received(doors)
    rate(doors, filed, 403, "clerk.330802")
    rate(doors, filed, 403, f"officer.{DESK}.1")
    rate(doors, filed, 403, COUNTY)
    rate(doors, filed, 404, "lin_mother")
    early = rate(doors, filed, 409, stage="finish")
    assert early["open"] == [{"item": "L0", "stage": "intake"}]
    rate(doors, filed, 422, item="ZZ")
    rate(doors, filed, 422, level="satisfied")
    rate(doors, filed, 422, tags=["nonsense"])
    rate(doors, filed, 422, text="打 13812345678 找我")
    good = rate(doors, filed, who=f"agent.{filed.who}", level="very_satisfied", tags=["friendly"], text=None)
    assert good["matter_id"] is None
    assert matters(doors, f"officer.{DESK}.1") == []
    own = doors.get(f"/applications/{filed.id}/ratings", filed.who)
    assert [(g["item"], g["level"]["code"]) for g in own["given"]] == [("L0", "very_satisfied")]
    assert own["open"] == []


def test_a_later_addition_is_made_once(doors: Doors) -> None:
    filed = received(doors)
    rating = rate(doors, filed, level="satisfied", tags=[])
    path = f"/applications/{filed.id}/ratings/{rating['id']}/addition"
    assert doors.post(path, filed.who, {"text": "补充：很耐心"})["addition"] == "补充：很耐心"
    doors.post(path, filed.who, {"text": "再补充"}, 409)
    doors.post(path, "lin_mother", {"text": "我也补充"}, 404)
    doors.post(f"/applications/{filed.id}/ratings/{'0' * 32}/addition", filed.who, {"text": "x"}, 404)


def test_a_department_sees_its_ratings_by_month_page_by_page(doors: Doors) -> None:
    for level in ("very_satisfied", "satisfied", "very_dissatisfied"):
        rate(doors, received(doors), level=level, tags=[])
    doors.clock.go_to(date(2026, 4, 1))
    rate(doors, received(doors), level="fairly_satisfied", tags=["slow", "friendly"])
    path = f"/departments/{DESK}/ratings"
    first = doors.get(path, f"officer.{DESK}.2", limit=2)
    rest = doors.get(path, CITY, limit=2, cursor=first["next"])
    months = [entry["month"] for entry in first["entries"] + rest["entries"]]
    assert months == ["2026-04", "2026-03", "2026-03", "2026-03"]
    assert rest["next"] is None
    assert (first["satisfaction"], first["bad_share"]) == (0.75, 0.25)
    assert doors.send("GET", path, "supervisor.330100").status_code == 404
    assert doors.send("GET", "/departments/nothing.330802/ratings", CITY).status_code == 404


def test_everybody_may_know_the_five_levels(doors: Doors) -> None:
    levels = doors.get("/rating-levels")
    assert [level["stars"] for level in levels] == [5, 4, 3, 2, 1]
    assert [level["is_bad"] for level in levels] == [False, False, False, True, True]
