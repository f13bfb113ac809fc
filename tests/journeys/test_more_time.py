"""整件延期 through the API and the pages: asked with a reason, approved by the government, told to the applicant."""

from datetime import date

from tests.doors import Doors

LEAD, HEAD = "officer.market.330802.1", "supervisor.330802"
WHY = "五个部门须一并现场核查，四十五个工作日内不能办结"


def test_the_whole_gets_fifteen_more_days_once_the_applicant_is_told_why_and_no_figure_changes(doors: Doors) -> None:
    filed = doors.file("catering_full")
    path = f"/applications/{filed.id}/more-time"
    filed.review("L0")
    filed.act("L0", "grant", outputs={"uscc": "92003308MA00DEM225"})
    figures = doors.get("/indicators", HEAD)
    assert doors.get(path, LEAD)["may_ask"] is True
    assert doors.get(path, "officer.tobacco.330802.1")["may_ask"] is False
    doors.post(path, "officer.tobacco.330802.1", {"reason": WHY}, 403)
    asked = doors.post(path, LEAD, {"reason": WHY})
    assert (asked["wish"]["days"], asked["limit"]["on"], asked["may_ask"]) == (15, "2026-05-21", False)
    assert doors.get(path, filed.who)["wish"] is None, "what is not decided is not told"
    (waiting,) = doors.get("/more-time", HEAD)["entries"]
    assert (waiting["application_id"], waiting["on"]) == (filed.id, "2026-05-21")
    assert doors.get("/more-time", "supervisor.330800")["entries"] == []
    doors.post(f"{path}/answer", LEAD, {"is_approved": True}, 403)
    doors.post(f"{path}/answer", "supervisor.330800", {"is_approved": True}, 403)
    doors.post(path, LEAD, {"reason": WHY}, 409)

    approved = doors.post(f"{path}/answer", HEAD, {"is_approved": True})
    assert approved["limit"]["on"] == "2026-06-11"
    assert doors.get("/more-time", HEAD)["entries"] == []
    shown = filed.show()
    assert shown["whole_limit"]["extension"]["reason"] == WHY
    assert shown["whole_limit"]["extension"]["before_on"] == "2026-05-21"
    assert "顺延至2026年6月11日" in shown["whole_limit"]["sentence"]["zh"]
    (paper,) = [line for line in doors.get(f"/applications/{filed.id}/papers", filed.who) if line["item"] is None][-1:]
    assert paper["kind"]["code"] == "extension"
    served = doors.get(f"/papers/{paper['number']}", filed.who)
    assert WHY in str(served["sections"])
    assert "第四十二条第二款" in str(served["sections"])
    heard = doors.get("/messages", filed.who, limit=100)["entries"]
    (message,) = [one for one in heard if one["kind"]["code"] == "whole_extended"]
    assert WHY not in message["body"]["zh"], "a message may travel by SMS"
    assert doors.get("/indicators", HEAD) == figures
    doors.post(path, LEAD, {"reason": WHY}, 409)
    filed.assert_true_to_its_events()

    doors.clock.go_to(date(2026, 6, 11))
    assert filed.show()["whole_limit"]["light"]["light"]["code"] == "yellow"
    doors.clock.go_to(date(2026, 6, 12))
    assert filed.show()["whole_limit"]["light"]["light"]["code"] == "deep_red"


def test_what_is_asked_for_too_late_is_refused_and_a_no_stays_inside(doors: Doors) -> None:
    filed = doors.file("catering_full")
    path = f"/applications/{filed.id}/more-time"
    doors.post(path, LEAD, {"reason": WHY}, 409)
    filed.review("L0")
    doors.post(path, LEAD, {"reason": WHY, "days": 5})
    doors.post(f"{path}/answer", HEAD, {"is_approved": False}, 422)
    doors.post(f"{path}/answer", HEAD, {"is_approved": False, "reason": "还有时间"})
    denied = [event for event in filed.events() if event["kind"]["code"] == "whole_extension_denied"]
    assert [event["why"] for event in denied] == [None], "that it was turned down is public, the words are not"
    assert filed.show()["whole_limit"]["extension"] is None
    doors.post(path, LEAD, {"reason": WHY})
    doors.clock.go_to(date(2026, 5, 22))
    late = doors.post(f"{path}/answer", HEAD, {"is_approved": True}, 409)
    assert "届满" in str(late)
    doors.post(f"{path}/answer", HEAD, {"is_approved": False, "reason": "已经届满"})
    doors.post(path, LEAD, {"reason": WHY}, 409)
    filed.assert_true_to_its_events()
