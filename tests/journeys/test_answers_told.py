"""Whoever raised a report or a bad review hears when it is answered and closed, and is never told what they did."""

from typing import Any

import pytest

from tests.doors import Doors, Filed
from tests.journeys.supervision_steps import act

COUNTY, CITY, CLERK = "supervisor.330802", "supervisor.330800", "clerk.330802"
DESK = "market.330802"


def told(doors: Doors, who: str = "wang_owner") -> list[tuple[str, str]]:
    """Kind and sentence of the messages about matters, oldest first."""
    entries = doors.get("/messages", who, limit=50)["entries"]
    kinds = {"answered", "settled", "taken_up_again"}
    return [(m["kind"]["code"], m["body"]["zh"]) for m in reversed(entries) if m["kind"]["code"] in kinds]


def reported(doors: Doors) -> tuple[Filed, str]:
    """A report that the desk has been given."""
    filed = doors.file("catering_full")
    body = {"item": "L0", "text": "三次到窗口都说系统查不到"}
    matter = doors.post(f"/applications/{filed.id}/reports", filed.who, body, 201)["id"]
    act(doors, matter, CLERK, "assign", to=DESK)
    return filed, matter


def rated(doors: Doors) -> tuple[Filed, str]:
    """A bad review that was called back about."""
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    wish = {"item": "L0", "stage": "intake", "level": "dissatisfied", "tags": ["slow"]}
    matter = doors.post(f"/applications/{filed.id}/ratings", filed.who, wish, 201)["matter_id"]
    act(doors, matter, f"officer.{DESK}.1", "verify", reason="已回访", finding="clear")
    return filed, matter


def answer(doors: Doors, matter: str) -> None:
    """The desk answers."""
    act(doors, matter, f"officer.{DESK}.1", "reply", reason="窗口系统已修复", evidence=["工单示例 1 号"])


@pytest.mark.parametrize("raised", [reported, rated])
def test_an_answer_is_told_with_the_last_day_to_judge_it(doors: Doors, raised: Any) -> None:
    filed, matter = raised(doors)
    assert told(doors) == []
    answer(doors, matter)
    ((kind, body),) = told(doors)
    assert kind == "answered"
    assert "2026年3月23日" in body
    assert filed.reference in body
    assert "窗口系统" not in body, "what the office wrote stays in the matter"
    assert told(doors, "lin_mother") == []


def test_what_the_applicant_confirms_is_not_told_back(doors: Doors) -> None:
    filed, matter = reported(doors)
    answer(doors, matter)
    act(doors, matter, filed.who, "confirm")
    assert [kind for kind, _ in told(doors)] == ["answered"]


def test_closing_and_sending_back_by_supervision_are_told(doors: Doors) -> None:
    _, matter = reported(doors)
    answer(doors, matter)
    doors.clock.pass_(minutes=1)  # what is told in one and the same millisecond comes in no order
    act(doors, matter, COUNTY, "reopen", reason="没有解决")
    doors.clock.pass_(minutes=1)
    answer(doors, matter)
    doors.clock.pass_(days=14)
    act(doors, matter, COUNTY, "close", reason="已核实", conclusion="resolved")
    assert [kind for kind, _ in told(doors)] == ["answered", "taken_up_again", "answered", "settled"]
    assert "处置到位" in told(doors)[-1][1]


def test_an_upheld_appeal_is_told_to_who_rated(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    wish = {"item": "L0", "stage": "intake", "level": "dissatisfied", "tags": []}
    matter = doors.post(f"/applications/{filed.id}/ratings", filed.who, wish, 201)["matter_id"]
    act(doors, matter, f"officer.{DESK}.3", "appeal", reason="评价对象有误")
    act(doors, matter, CITY, "uphold", reason="经复核属实")
    ((kind, body),) = told(doors)
    assert kind == "settled"
    assert "申诉成立" in body


def test_a_chase_is_no_news_to_the_applicant(doors: Doors) -> None:
    filed = doors.file("catering_full")
    wish = {"kind": "chase", "item": "L0", "text": "请尽快收件"}
    matter = doors.post(f"/applications/{filed.id}/matters", COUNTY, wish, 201)["id"]
    act(doors, matter, f"officer.{DESK}.1", "reply", reason="今日收件")
    act(doors, matter, COUNTY, "close", reason="属实")
    assert told(doors) == []
