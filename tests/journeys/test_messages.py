"""The message centre: what arrives, for whom, and marking it as read."""

from typing import Any

from app.usecases.outbox import Drained, drain
from tests.doors import Doors


def box(doors: Doors, who: str = "wang_owner", **params: Any) -> list[dict[str, Any]]:
    """The newest messages of somebody."""
    found: list[dict[str, Any]] = doors.get("/messages", who, **params)["entries"]
    return found


def kinds(doors: Doors, who: str = "wang_owner", **params: Any) -> list[str]:
    """Their kinds, newest first."""
    return [message["kind"]["code"] for message in box(doors, who, **params)]


def test_a_case_is_told_step_by_step_newest_first(doors: Doors) -> None:
    filed = doors.file("catering_full")
    for action in ("receive", "accept", "review"):
        doors.clock.pass_(minutes=1)
        filed.act("H1", action)
    doors.clock.pass_(minutes=1)
    filed.act("H1", "begin_special", reason="需要复检", procedure="testing", days=5)
    assert kinds(doors) == ["special", "accepted", "submitted"]
    newest = box(doors)[0]
    assert newest["application_id"] == filed.id
    assert filed.reference in newest["body"]["zh"]
    assert "需要复检" not in str(newest)
    (number,) = newest["papers"]
    assert doors.get(f"/papers/{number}", "wang_owner")["kind"]["code"] == "special"


def test_a_page_holds_as_many_as_asked_and_the_next_goes_on_after_it(doors: Doors) -> None:
    filed = doors.file("catering_full")
    for item in filed.departments:
        doors.clock.pass_(minutes=1)
        if filed.status(item) == "submitted":
            filed.act(item, "receive")
            filed.act(item, "accept")
    first = doors.get("/messages", filed.who, limit=2)
    assert len(first["entries"]) == 2
    assert first["next"] is not None
    second = doors.get("/messages", filed.who, limit=100, cursor=first["next"])
    assert second["next"] is None
    seen = [m["id"] for m in (*first["entries"], *second["entries"])]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == len(box(doors, filed.who, limit=100))


def test_reading_one_and_then_all_leaves_nothing_unread(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("H1", "receive")
    filed.act("H1", "accept")
    assert doors.get("/messages/unread", filed.who) == {"unread_count": 2}
    (own, _) = box(doors)
    read = doors.post(f"/messages/{own['id']}/read", filed.who)
    assert read["is_read"]
    doors.clock.pass_(minutes=5)
    assert doors.post(f"/messages/{own['id']}/read", filed.who)["read_at"] == read["read_at"]
    assert len(box(doors, unread=True)) == 1
    assert doors.post("/messages/read", filed.who) == {"unread_count": 0}
    assert box(doors, unread=True) == []


def test_nobody_reads_or_marks_the_messages_of_another(doors: Doors) -> None:
    filed = doors.file("catering_full")
    (own,) = box(doors)
    assert box(doors, "lin_mother") == []
    doors.post(f"/messages/{own['id']}/read", "lin_mother", status=404)
    doors.post("/messages/ffff/read", filed.who, status=404)
    for who in (filed.officer("H1"), "clerk.330802", "supervisor.330800"):
        assert doors.send("GET", "/messages", who).status_code == 403
    assert doors.send("GET", "/messages").status_code == 401


def test_an_agent_looks_in_and_leaves_the_messages_unread(doors: Doors) -> None:
    doors.file("catering_full")
    (own,) = box(doors, "agent.wang_owner")
    doors.post(f"/messages/{own['id']}/read", "agent.wang_owner", status=403)
    assert doors.get("/messages/unread", "wang_owner") == {"unread_count": 1}


def test_a_gateway_drains_what_the_case_wrote_and_the_applicant_sees_that_it_went_out(doors: Doors) -> None:
    filed = doors.file("catering_full")
    assert box(doors)[0]["sent_at"] is None
    sent: list[str] = []
    assert drain(doors.platform.store, doors.clock, lambda message: sent.append(message.account)) == Drained(1, 0)
    assert sent == [filed.who]
    assert box(doors)[0]["sent_at"] is not None


def test_a_refused_action_tells_nobody(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("H1", "grant", filed.officer("H1"), status=409)
    assert kinds(doors) == ["submitted"]
