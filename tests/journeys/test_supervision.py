"""Supervision through the API: lights call for matters, matters are closed loops, and nobody closes the own one."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.domain.matters import blank_of, replay
from app.storage import matter_rows
from app.usecases import sweep
from tests.doors import Doors, Filed
from tests.journeys.supervision_steps import act, allowed, matters

COUNTY, CITY, PROVINCE = "supervisor.330802", "supervisor.330800", "supervisor.330000"
ELSEWHERE, CLERK = "supervisor.330100", "clerk.330802"
DESK = "market.330802"
TUESDAY, WEDNESDAY, FRIDAY = date(2026, 3, 17), date(2026, 3, 18), date(2026, 3, 20)
"""L0, accepted on Monday 16 March, is promised by Tuesday; its statutory limit is Thursday."""


def opened(doors: Doors) -> int:
    return sweep.run(doors.platform.context(), doors.platform.store).opened


def accepted(doors: Doors) -> Filed:
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    filed.act("L0", "accept")
    return filed


def kinds(entries: list[dict[str, Any]]) -> list[str]:
    return sorted(entry["kind"]["code"] for entry in entries)


def assert_true_to_its_events(doors: Doors, matter_id: str) -> None:
    stored = doors.platform.store.read(lambda reader: matter_rows.matter(reader, matter_id))
    events = doors.platform.store.read(lambda reader: matter_rows.matter_events(reader, matter_id))
    assert stored is not None
    told = replay(blank_of(stored), events)
    assert {**_facts(told), "version": stored.version} == _facts(stored)


def _facts(matter: Any) -> dict[str, Any]:
    return {name: getattr(matter, name) for name in matter.__slots__}


def test_late_is_chased_ordered_answered_by_the_head_and_closed_by_supervision(doors: Doors) -> None:
    filed = accepted(doors)
    assert opened(doors) == 0
    doors.clock.go_to(TUESDAY)
    assert opened(doors) == 1
    (chase,) = matters(doors, f"officer.{DESK}.1")
    assert (chase["kind"]["code"], chase["item"], chase["reference"]) == ("chase", "L0", filed.reference)
    assert chase["because"]["zh"] == "办件临近时限（黄灯）"

    doors.clock.go_to(WEDNESDAY)
    assert opened(doors) == 2
    found = {entry["kind"]["code"]: entry["id"] for entry in matters(doors, COUNTY)}
    assert set(found) == {"chase", "order", "overdue"}
    order = found["order"]
    assert "负责人" in act(doors, order, f"officer.{DESK}.1", "reply", 409, reason="正在办")["detail_zh"]
    act(doors, order, f"officer.{DESK}.3", "reply", reason="材料已补齐，今日办结")
    assert allowed(doors, order, f"officer.{DESK}.3") == set()
    act(doors, order, f"officer.{DESK}.3", "close", 409, reason="已办结")
    closed = act(doors, order, COUNTY, "close", reason="核查属实")
    assert (closed["status"]["code"], closed["step"]["zh"], closed["allowed"]) == (
        "closed",
        "评价",
        [{"code": "reopen", "zh": "退回重办", "en": "send back"}],
    )
    assert [event["kind"]["code"] for event in closed["events"]] == ["opened", "assigned", "replied", "closed"]
    assert_true_to_its_events(doors, order)
    seen = {entry["id"]: entry["status"]["code"] for entry in doors.get(f"/applications/{filed.id}/matters", filed.who)}
    assert seen[order] == "closed"
    assert set(seen) == set(found.values())


def test_a_second_sweep_adds_nothing_and_a_late_one_everything_once(doors: Doors) -> None:
    accepted(doors)
    doors.clock.go_to(FRIDAY)
    assert opened(doors) == 4
    assert opened(doors) == 0
    found = matters(doors, COUNTY)
    assert kinds([entry for entry in found if entry["item"] == "L0"]) == ["escalation", "order", "overdue"]
    assert kinds([entry for entry in found if entry["item"] == "H1"]) == ["chase"], "its intake ends on Monday"
    doors.clock.go_to(FRIDAY, hour=23)
    assert opened(doors) == 0
    (escalation,) = matters(doors, COUNTY, mine=True)
    assert (escalation["kind"]["code"], escalation["owner"]) == ("escalation", "hall.330802")


def test_whoever_does_not_answer_gets_the_next_graver_matter(doors: Doors) -> None:
    accepted(doors)
    doors.clock.go_to(TUESDAY)
    opened(doors)
    doors.clock.go_to(WEDNESDAY)
    opened(doors)
    doors.clock.go_to(date(2026, 3, 19))
    assert opened(doors) == 0, "the chase was due on Wednesday, but its order stands already"
    doors.clock.go_to(FRIDAY)
    opened(doors)
    (escalation,) = [entry for entry in matters(doors, COUNTY) if entry["kind"]["code"] == "escalation"]
    act(doors, escalation["id"], COUNTY, "reply", reason="已约谈部门负责人")
    act(doors, escalation["id"], COUNTY, "close", 409, reason="自己办结")
    assert act(doors, escalation["id"], CITY, "close", reason="督办到位")["conclusion"]["code"] == "resolved"


def test_a_reminder_ends_by_itself_when_the_task_is_decided(doors: Doors) -> None:
    filed = accepted(doors)
    doors.clock.go_to(TUESDAY)
    opened(doors)
    (chase,) = matters(doors, COUNTY)
    filed.act("L0", "withdraw", filed.who, status=409)
    doors.post(f"/applications/{filed.id}/withdraw", filed.who, {})
    doors.clock.go_to(FRIDAY)
    assert opened(doors) == 0
    shown = doors.get(f"/matters/{chase['id']}", COUNTY)
    assert (shown["conclusion"]["code"], shown["events"][-1]["role"]["code"]) == ("moot", "system")


def test_a_returned_task_lands_on_the_list_in_the_same_breath(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("H1", "receive")
    filed.act("H1", "return", reason="重复申报")
    (entry,) = matters(doors, COUNTY, kind="returned")
    assert (entry["item"], entry["owner"], entry["status"]["code"]) == ("H1", "health.330802", "assigned")
    desk = "officer.health.330802.2"
    act(doors, entry["id"], desk, "take")
    missing = act(doors, entry["id"], desk, "reply", 422, reason="经核查退件合规")
    assert missing["errors"][0]["pointer"] == "/evidence"
    act(doors, entry["id"], desk, "reply", reason="经核查退件合规", evidence=["与另一件申请内容相同"])
    act(doors, entry["id"], desk, "close", 409, reason="合规")
    assert act(doors, entry["id"], CITY, "close", reason="复核属实")["status"]["code"] == "closed"
    assert matters(doors, COUNTY, kind="returned") == []
    assert kinds(matters(doors, COUNTY, kind="returned", open=False)) == ["returned"]


def test_more_time_is_asked_for_and_given_by_somebody_else(doors: Doors) -> None:
    accepted(doors)
    doors.clock.go_to(WEDNESDAY)
    opened(doors)
    (entry,) = matters(doors, COUNTY, kind="overdue")
    act(doors, entry["id"], f"officer.{DESK}.1", "take")
    asked = act(doors, entry["id"], f"officer.{DESK}.1", "ask_extension", reason="需会商", days=5)
    assert (asked["due_on"], asked["asked_days"]) == (entry["due_on"], 5)
    assert "allow_extension" not in allowed(doors, entry["id"], f"officer.{DESK}.3")
    given = act(doors, entry["id"], COUNTY, "allow_extension")
    assert (date.fromisoformat(given["due_on"]) - date.fromisoformat(entry["due_on"])).days == 7
    assert_true_to_its_events(doors, entry["id"])


def test_what_cannot_get_done_is_reported_assigned_answered_and_judged(doors: Doors) -> None:
    filed = accepted(doors)
    told = {"item": "L0", "text": "窗口让我去找街道，街道让我回窗口"}
    report = doors.post(f"/applications/{filed.id}/reports", filed.who, told, 201)
    assert (report["status"]["code"], report["owner"]) == ("opened", "hall.330802")
    again = doors.post(f"/applications/{filed.id}/reports", filed.who, told, 409)
    assert again["matter"] == report["id"]

    (mine,) = matters(doors, CLERK)
    assert mine["id"] == report["id"]
    wrong = act(doors, report["id"], CLERK, "assign", 422, to="water.330881")
    assert DESK in wrong["errors"][0]["detail"]["zh"]
    act(doors, report["id"], CLERK, "assign", to=DESK)
    assert matters(doors, CLERK) == []
    desk = f"officer.{DESK}.2"
    act(doors, report["id"], desk, "take")
    act(doors, report["id"], desk, "reply", reason="已电话说明，无需再跑", evidence=["通话记录示例 2 号"])
    assert allowed(doors, report["id"], COUNTY) == {"reopen"}, "the applicant judges first"
    assert allowed(doors, report["id"], f"agent.{filed.who}") == {"confirm", "contest"}
    back = act(doors, report["id"], filed.who, "contest", reason="电话打不通")
    assert (back["status"]["code"], back["is_satisfied"], back["rounds"]) == ("reopened", False, 1)
    act(doors, report["id"], desk, "reply", reason="已上门办理", evidence=["上门记录示例 3 号"])
    done = act(doors, report["id"], filed.who, "confirm", reason="解决了")
    assert (done["status"]["code"], done["conclusion"]["code"]) == ("closed", "resolved")
    assert_true_to_its_events(doors, report["id"])
    doors.post(f"/applications/{filed.id}/reports", filed.who, told, 201)


def test_an_unassigned_report_becomes_an_order_to_the_hall(doors: Doors) -> None:
    filed = accepted(doors)
    report = doors.post(f"/applications/{filed.id}/reports", filed.who, {"text": "不知道卡在哪里"}, 201)
    doors.clock.go_to(WEDNESDAY)
    opened(doors)
    orders = [entry for entry in matters(doors, COUNTY, mine=True) if entry["kind"]["code"] == "order"]
    assert [entry["owner"] for entry in orders] == ["hall.330802"]
    assert doors.get(f"/matters/{orders[0]['id']}", CITY)["cause"] == report["id"]


def test_a_supervisor_presses_by_hand_and_only_what_can_still_be_answered(doors: Doors) -> None:
    filed = accepted(doors)
    path = f"/applications/{filed.id}/matters"
    wish = {"kind": "chase", "item": "L0", "text": "请尽快反馈进度"}
    chase = doors.post(path, COUNTY, wish, 201)
    assert (chase["owner"], chase["due_on"], chase["addressee"]["code"]) == (DESK, "2026-03-17", "handler")
    doors.post(path, COUNTY, {"kind": "order", "item": "L0", "text": "请说明原因"}, 201)
    escalation = doors.post(path, COUNTY, {"kind": "escalation", "text": "整件事进度慢"}, 201)
    assert (escalation["owner"], escalation["item"]) == ("hall.330802", None)
    for wrong in ({**wish, "item": None}, {**wish, "item": "X9"}, {**wish, "text": "  "}, {**wish, "kind": "overdue"}):
        doors.post(path, COUNTY, wrong, 422)
    doors.post(path, COUNTY, {**wish, "text": "请联系 13812345678"}, 422)
    doors.post(f"/applications/{filed.id}/withdraw", filed.who, {})
    doors.post(path, COUNTY, wish, 409)
    assert kinds(doors.get(path, filed.who)) == ["chase", "escalation", "order"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("wang_owner", 200),
        ("agent.wang_owner", 200),
        ("lin_mother", 404),
        ("agent.lin_mother", 404),
        (CLERK, 200),
        ("clerk.330881", 404),
        (f"officer.{DESK}.1", 200),
        ("officer.tobacco.330802.1", 404),
        ("officer.market.330881.1", 404),
        (COUNTY, 200),
        (CITY, 200),
        (PROVINCE, 200),
        (ELSEWHERE, 404),
        ("steward.330000", 404),
        (None, 401),
    ],
)
def test_a_matter_is_there_for_those_it_concerns_and_for_nobody_else(
    matter_of_wang: Callable[[], tuple[Doors, str]], who: str | None, status: int
) -> None:
    doors, matter = matter_of_wang()
    assert doors.send("GET", f"/matters/{matter}", who).status_code == status
    tried = doors.send("POST", f"/matters/{matter}/actions", who, json={"action": "close", "reason": "r"})
    assert tried.status_code == (409 if status == 200 else status)


MADE: dict[int, str] = {}


@pytest.fixture
def matter_of_wang(shared_doors: Doors) -> Callable[[], tuple[Doors, str]]:
    """A chase about Wang's application, made once for each database."""

    def made() -> tuple[Doors, str]:
        if id(shared_doors) not in MADE:
            filed = shared_doors.file("catering_full", "wang_owner")
            wish = {"kind": "chase", "item": "L0", "text": "请尽快办理"}
            MADE[id(shared_doors)] = shared_doors.post(f"/applications/{filed.id}/matters", COUNTY, wish, 201)["id"]
        return shared_doors, MADE[id(shared_doors)]

    return made


def test_lists_are_for_offices_within_their_region_and_page_by_page(doors: Doors) -> None:
    filed = accepted(doors)
    for number in range(5):
        wish = {"kind": "chase", "item": "L0", "text": f"第 {number} 次催办"}
        doors.post(f"/applications/{filed.id}/matters", COUNTY, wish, 201)
    first = doors.get("/matters", CITY, limit=3)
    rest = doors.get("/matters", CITY, limit=3, cursor=first["next"])
    assert len({entry["id"] for entry in first["entries"] + rest["entries"]}) == 5
    assert rest["next"] is None
    assert len(matters(doors, PROVINCE, region="330802")) == 5
    assert matters(doors, PROVINCE, region="330881") == []
    assert matters(doors, ELSEWHERE) == []
    assert doors.send("GET", "/matters", CITY, params={"region": "330100"}).status_code == 422
    assert doors.send("GET", "/matters", "wang_owner").status_code == 403
    assert doors.send("GET", "/matters", CITY, params={"cursor": "x"}).status_code == 422
    assert matters(doors, COUNTY, overdue=True) == []
    doors.clock.go_to(WEDNESDAY)
    assert len(matters(doors, COUNTY, overdue=True)) == 5


def test_an_unknown_action_or_matter_is_said_to_be_unknown(doors: Doors) -> None:
    filed = accepted(doors)
    wish = {"kind": "chase", "item": "L0", "text": "请尽快办理"}
    chase = doors.post(f"/applications/{filed.id}/matters", COUNTY, wish, 201)
    unknown = act(doors, chase["id"], COUNTY, "lapse", 422)
    assert "close" in unknown["errors"][0]["detail"]["en"]
    act(doors, "0" * 32, COUNTY, "close", 404, reason="r")
    assert act(doors, chase["id"], COUNTY, "close", 409, reason="r")["allowed"] == []
