"""The monthly bulletin: what it counts is what happened, and whom it names follows from its own rule."""

from datetime import date
from typing import Any

import pytest

from app.domain.oversight import Light
from app.storage.lights_then import lights_at_end_of
from app.usecases import sweep
from tests.doors import Doors, Filed, expect
from tests.journeys.supervision_steps import act

COUNTY, CITY, STEWARD = "supervisor.330802", "supervisor.330800", "steward.330000"
DESK = "market.330802"


def bulletin(doors: Doors, who: str = COUNTY, **wish: Any) -> dict[str, Any]:
    """The bulletin somebody asks for."""
    found: dict[str, Any] = doors.get("/supervision/bulletins", who, **wish)
    return found


def counts(found: dict[str, Any]) -> dict[str, int | None]:
    """Line → how many."""
    return {entry["line"]["code"]: entry["count"] for entry in found["counts"]}


def all_text(found: dict[str, Any], lang: str) -> str:
    """The bulletin as one text."""
    return "\n".join(text[lang] for part in found["text"] for text in part["paragraphs"])


def swept(doors: Doors, day: date) -> None:
    """Be there, and let time pass."""
    doors.clock.go_to(day)
    sweep.run(doors.platform.context(), doors.platform.store)


def decide(filed: Filed) -> None:
    """Decide and deliver the first department's task."""
    filed.act("L0", "grant", outputs={"uscc": "92003308MA00DEM225"})
    filed.act("L0", "deliver")


@pytest.fixture
def march(doors: Doors) -> Filed:
    """Three cases decided in time, one that runs through yellow, red and deep red and is decided late."""
    for _ in range(3):
        filed = doors.file("catering_full")
        filed.review("L0")
        decide(filed)
    late = doors.file("catering_full")
    late.review("L0")
    for day in (17, 18, 20):
        swept(doors, date(2026, 3, day))
    decide(late)
    return late


def test_the_lists_of_the_month_are_counted_by_what_opened_and_what_is_left(doors: Doors, march: Filed) -> None:
    found = bulletin(doors, month="2026-03")
    assert found["is_complete"] is False
    assert (found["first_day"], found["last_day"]) == ("2026-03-01", "2026-03-20")
    lines = counts(found)
    assert (lines["overdue_found"], lines["ordered"], lines["escalated"], lines["overdue_open"]) == (1, 1, 1, 1)
    assert (lines["red"], lines["deep_red"]) == (0, 0), "by the end of the day it had been decided"
    matters = doors.get("/matters", COUNTY, limit=100)["entries"]
    assert lines["chased"] == len([m for m in matters if m["kind"]["code"] == "chase"])
    overdue = next(m for m in matters if m["kind"]["code"] == "overdue")
    act(doors, overdue["id"], f"officer.{DESK}.3", "reply", reason="已办结", evidence=["决定书示例"])
    doors.clock.go_to(date(2026, 4, 2))
    act(doors, overdue["id"], COUNTY, "close", reason="属实")
    lines, april = counts(bulletin(doors)), counts(bulletin(doors, month="2026-04"))
    assert (lines["overdue_found"], lines["overdue_open"]) == (1, 1), "in March it was found and still open"
    assert (april["overdue_found"], april["overdue_open"]) == (0, 0)


def test_the_lights_of_a_day_that_has_passed_are_those_the_board_showed_when_it_ended(doors: Doors) -> None:
    filed = [doors.file("catering_full") for _ in range(3)]
    shown: dict[date, dict[str, int]] = {}

    def ends(day: date) -> None:
        doors.clock.go_to(day, 23)
        board = doors.get("/supervision/lights", COUNTY)["total"]
        shown[day] = {one["light"]["code"]: one["count"] for one in board if one["count"]}

    for one in filed:
        one.grant("L0", uscc="92003308MA00DEM225")
    ends(date(2026, 3, 16))
    doors.clock.go_to(date(2026, 3, 17))
    filed[0].review("H1")
    filed[0].act("H1", "begin_special", reason="需要检测", procedure="testing", days=3)
    filed[1].act("H1", "receive")
    filed[1].post_points("H1", ("field", filed[1].slice("H1")["fields"][0]["code"]))
    ends(date(2026, 3, 20))
    doors.clock.go_to(date(2026, 3, 25))
    doors.sweep()
    ends(date(2026, 3, 31))
    doors.clock.go_to(date(2026, 4, 8))
    filed[0].act("H1", "end_special", reason="检测完成")
    filed[0].act("H1", "ask_extension", reason="复杂", days=10)
    filed[0].act("H1", "extend")
    filed[2].act("H1", "review")
    ends(date(2026, 4, 10))
    doors.clock.go_to(date(2026, 5, 6))
    doors.sweep()
    regions, calendar = doors.platform.world.catalogue.regions.within("330802"), doors.platform.world.catalogue.calendar
    for day, was in shown.items():
        found = doors.platform.store.read(lambda reader, day=day: lights_at_end_of(reader, regions, day, calendar))
        lit = {light.value: count for light, count in found.items() if light is not Light.OFF}
        assert lit == {light: count for light, count in was.items() if light != "off"}, day
    march = counts(bulletin(doors, month="2026-03"))
    assert {name: march[name] for name in ("yellow", "red", "deep_red")} == {
        name: shown[date(2026, 3, 31)].get(name, 0) for name in ("yellow", "red", "deep_red")
    }
    assert march["red"] or march["deep_red"], "a day on which something was late"


def test_indicators_are_those_of_the_month_against_the_month_before(doors: Doors, march: Filed) -> None:
    doors.clock.go_to(date(2026, 4, 10))
    for _ in range(2):
        filed = doors.file("catering_full")
        filed.review("L0")
        decide(filed)
    figures = doors.get("/indicators/values", COUNTY, **{"from": "2026-03-01", "to": "2026-03-31"})["total"]
    own = {value["code"]: value["value"] for value in figures}
    found = {entry["code"]: entry for entry in bulletin(doors, month="2026-03")["indicators"]}
    assert {code: entry["value"] for code, entry in found.items()} == own
    assert found["on_time"]["before"] is None
    april = {entry["code"]: entry for entry in bulletin(doors, month="2026-04")["indicators"]}
    assert (april["on_time"]["before"], april["on_time"]["value"], april["on_time"]["is_better"]) == (0.75, 1.0, True)
    assert april["on_time"]["difference"] == 0.25
    text = bulletin(doors, month="2026-04")
    assert "按时办结率：100.0%，较上月上升 25.0 个百分点（好转）。" in all_text(text, "zh")
    assert "Decided on time: 100.0%, up by 25.0 points (better)." in all_text(text, "en")


def test_departments_are_named_by_the_rule_it_states(doors: Doors, march: Filed) -> None:
    found = bulletin(doors, month="2026-03")
    assert found["commended"] == []
    (poor,) = found["criticised"]
    assert (poor["department"], poor["decided"], poor["on_time"]) == (DESK, 4, 0.75)
    assert "柯城区市场监督管理局" in all_text(found, "zh")
    assert found["rule"]["zh"] in all_text(found, "zh")
    assert "Criticised: " in all_text(found, "en")


def test_a_department_in_time_is_commended_and_one_with_two_decisions_is_not_compared(doors: Doors) -> None:
    for number in range(3):
        filed = doors.file("catering_full")
        filed.review("L0")
        decide(filed)
        if number == 1:
            assert bulletin(doors, month="2026-03")["commended"] == []
    (good,) = bulletin(doors, month="2026-03")["commended"]
    assert (good["department"], good["on_time"]) == (DESK, 1.0)


def test_one_bad_review_is_not_told_for_it_would_tell_whose_it_was(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    bad = {"item": "L0", "stage": "intake", "level": "dissatisfied", "tags": []}
    doors.post(f"/applications/{filed.id}/ratings", filed.who, bad, 201)
    found = bulletin(doors, month="2026-03")
    (line,) = [entry for entry in found["counts"] if entry["line"]["code"] == "bad_reviews"]
    assert line["count"] is None
    assert "保护评价人" in line["reason"]["zh"]
    for _ in range(2):
        filed = doors.file("catering_full")
        filed.act("L0", "receive")
        doors.post(f"/applications/{filed.id}/ratings", filed.who, {**bad, "level": "satisfied"}, 201)
    assert counts(bulletin(doors, month="2026-03"))["bad_reviews"] == 1


def test_it_is_for_the_supervision_of_the_region_and_above(shared_doors: Doors) -> None:
    assert bulletin(shared_doors, CITY, region="330802", month="2026-03")["region"] == "330802"
    assert bulletin(shared_doors, STEWARD, month="2026-02")["is_complete"] is True
    for who, region in ((COUNTY, "330881"), (COUNTY, "330800")):
        expect(shared_doors.send("GET", "/supervision/bulletins", who, params={"region": region}), 403)
    for who in ("wang_owner", "clerk.330802", f"officer.{DESK}.1"):
        expect(shared_doors.send("GET", "/supervision/bulletins", who), 403)
    expect(shared_doors.send("GET", "/supervision/bulletins"), 401)


@pytest.mark.parametrize("month", ["2026-04", "2026-13", "march", "0001-01", "2026-3"])
def test_a_month_that_cannot_be_told_is_said_so(shared_doors: Doors, month: str) -> None:
    refused = expect(shared_doors.send("GET", "/supervision/bulletins", COUNTY, params={"month": month}), 422)
    assert [fault["pointer"] for fault in refused["errors"]] == ["/query/month"]
