"""Clocks that explain themselves, lights, extensions and the demonstration's clock, through the API."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.loader import load
from app.domain.errors import NotFound
from app.schemas.clocks import ClockChange
from app.usecases import clock
from app.usecases.accounts import account
from tests.doors import Doors, FakeClock, Filed, expect
from tests.running import opened, settings_for

SUPERVISOR = "supervisor.330800"


def dates(seen: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The due dates of a task by name."""
    return {found["kind"]["code"]: found for found in seen["reckoning"]}


def test_silence_is_acceptance_and_the_dates_say_why(doors: Doors) -> None:
    filed = doors.file("catering_full")
    doors.clock.pass_(days=9)
    doors.sweep()
    seen = filed.slice("H1")
    assert seen["is_deemed_accepted"]
    found = dates(seen)
    assert found["promised"]["on"] == seen["promised_due_on"]
    assert found["promised"]["is_as_stored"]
    assert "视为受理" in found["promised"]["sentence"]["zh"]
    assert found["intake"]["law"]["zh"].startswith("行政许可法第三十二条")
    own = doors.get(f"/tasks/{filed.reference}-H1", filed.who)
    assert own["reckoning"] == seen["reckoning"], "the applicant reads the same"


def test_a_special_procedure_stops_one_clock_of_five(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="92003308MA00DEM225")
    filed.grant("L1")
    filed.review("F1", "S1", "X1", "T1", "P1")
    before = {item: filed.slice(item)["promised_due_on"] for item in ("F1", "S1", "X1", "T1", "P1")}
    refused = filed.act("P1", "begin_special", status=422, procedure="survey", days=3, reason="现场看看")
    assert refused["errors"][0]["code"] == "does-not-stop-the-clock"
    filed.act("P1", "begin_special", procedure="testing", days=5, reason="排放水质检测")
    paused = filed.slice("P1")
    assert paused["light"]["light"]["code"] == "paused"
    assert (paused["pauses"][0]["procedure"]["zh"], paused["pauses"][0]["days"]) == ("检测", 5)
    doors.clock.pass_(days=3)
    filed.act("P1", "end_special")
    after = {item: filed.slice(item)["promised_due_on"] for item in before}
    assert {item for item in before if before[item] != after[item]} == {"P1"}
    shift = dates(filed.slice("P1"))["promised"]["shifts"][0]
    assert (shift["before"], shift["after"], shift["days"]) == (before["P1"], after["P1"], 3)
    assert "检测" in shift["why"]
    filed.assert_true_to_its_events()


def test_an_extension_comes_before_the_limit_or_not_at_all(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="92003308MA00DEM225")
    filed.grant("L1")
    filed.review("F1", "T1")
    filed.act("F1", "ask_extension", days=5, reason="需要进一步核实")
    assert filed.slice("F1")["extension_wish"]["days"] == 5
    assert doors.get(f"/tasks/{filed.reference}-F1", filed.who)["extension_wish"] is None, (
        "not the applicant's business"
    )
    refused = filed.act("F1", "extend", who=filed.officer("F1", 1), status=409)
    assert "另一名" in refused["detail_zh"]
    assert filed.act("F1", "extend")["extended_days"] == 5
    doors.clock.go_to(date(2026, 9, 1))
    refused = filed.act("T1", "ask_extension", status=409, days=5, reason="太晚了")
    assert "不能再延长" in refused["detail_zh"]
    filed.assert_true_to_its_events()


def test_lights_turn_with_the_days_for_desk_and_applicant(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="92003308MA00DEM225")
    filed.grant("L1")
    filed.review("F1")
    promised = date.fromisoformat(filed.slice("F1")["promised_due_on"])
    statutory = date.fromisoformat(filed.slice("F1")["statutory_due_on"])

    def lights() -> tuple[str, str, str]:
        line = next(e for e in doors.get("/tasks", filed.officer("F1"), limit=100)["entries"] if e["item"] == "F1")
        return (
            filed.slice("F1")["light"]["light"]["code"],
            filed.tasks()["F1"]["light"]["light"]["code"],
            line["light"]["light"]["code"],
        )

    assert lights() == ("green",) * 3
    doors.clock.go_to(promised)
    assert lights() == ("yellow",) * 3
    doors.clock.go_to(promised + timedelta(days=1))
    assert lights() == ("red",) * 3
    doors.clock.go_to(statutory + timedelta(days=1))
    assert lights() == ("deep_red",) * 3
    assert filed.show()["light"]["light"]["code"] == "deep_red"
    assert "法定时限" in filed.slice("F1")["light"]["because"]["zh"]


def test_the_promise_of_the_whole_explains_itself(doors: Doors) -> None:
    filed = doors.file("catering_full")
    seen = filed.show()
    assert seen["promised_on"] == "2026-03-27"
    assert "L0 → " in seen["promised_because"]["zh"]
    assert "9 个工作日" in seen["promised_because"]["zh"]
    doors.clock.go_to(date(2026, 12, 29))
    late = doors.file("catering_full").show()
    assert "2027年：该年度节假日安排尚未公布" in late["promised_because"]["zh"]


def test_an_announcement_holds_the_decision_and_not_the_clock(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.review("H1")
    due = filed.slice("H1")["promised_due_on"]
    filed.act("H1", "announce", days=3, reason="公示")
    refused = filed.act("H1", "grant", status=409)
    assert "公告" in refused["detail_zh"]
    assert "grant" not in refused["allowed"]
    doors.clock.pass_(days=4)
    filed.act("H1", "grant")
    assert filed.slice("H1")["promised_due_on"] == due


CALENDAR = """
calendar:
  "2027":
    holidays:
      2027-01-01: {zh: 元旦, en: New Year's Day}
      2027-01-04: {zh: 示例假日, en: example holiday}
    make_up_days:
      2027-01-02: {zh: 元旦, en: New Year's Day}
"""


def test_a_pack_may_bring_the_calendar_of_a_year_itself(doors: Doors, tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "calendar.yaml").write_text(CALENDAR, encoding="utf-8")
    settings = settings_for(doors.platform.settings.database_url, doors.platform.settings.files_folder)
    with opened(load([tmp_path / "pack"]), settings, FakeClock(date(2026, 12, 30))) as other:
        filed = other.file("catering_simple")
        found = dates(filed.slice("L1"))["intake"]
        assert (found["on"], found["unpublished_years"]) == ("2027-01-07", [])
        assert [day["on"] for day in found["made_up"]] == ["2027-01-02"]
        assert "示例假日" in found["sentence"]["zh"]


# 演示时钟


def test_a_supervisor_moves_the_day_and_what_is_due_happens(doors: Doors) -> None:
    filed = doors.file("catering_full")
    before = doors.send("GET", "/clock")
    assert (before.json()["shift_days"], before.json()["today"]) == (0, "2026-03-16")
    assert "X-Demo-Clock" not in before.headers
    moved = doors.post("/clock", SUPERVISOR, {"working_days": 6})
    assert (moved["today"], moved["shift_days"], moved["moved"]) == ("2026-03-24", 8, 1)
    assert "教学演示" in moved["note"]["zh"]
    assert filed.slice("H1")["is_deemed_accepted"]
    shown = doors.send("GET", f"/applications/{filed.id}", filed.who)
    assert shown.headers["X-Demo-Clock"].startswith("2026-03-24T10:00")
    assert doors.get("/clock")["real_at"].startswith("2026-03-16")
    filed.act("H1", "review")
    assert filed.events()[-1]["at"].startswith("2026-03-24")
    filed.assert_true_to_its_events()


def test_moving_the_clock_over_a_last_day_serves_the_notice_of_that_day(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.act("H1", "receive")
    filed.post_points("H1", ("field", "staff_list"))
    doors.post("/clock", SUPERVISOR, {"working_days": 9})
    assert (filed.status("H1"), filed.status("L0")) == ("correction", "accepted")
    (notice,) = filed.show()["notices"]
    assert notice["served_at"].startswith("2026-03-23T23:59")
    assert (notice["due_on"], "4月4日至6日（清明节）" in notice["due_because"]["zh"]) == ("2026-04-15", True)
    filed.assert_true_to_its_events()


def test_the_clock_never_goes_back_before_what_has_happened(doors: Doors) -> None:
    doors.post("/clock", SUPERVISOR, {"today": "2026-04-01"})
    doors.post("/clock", SUPERVISOR, {"reset": True})
    doors.post("/clock", SUPERVISOR, {"days": 10})
    filed = doors.file("catering_simple")
    refused = doors.post("/clock", SUPERVISOR, {"reset": True}, status=409)
    assert (refused["code"], refused["earliest"]) == ("action-not-allowed", "2026-03-26")
    assert doors.post("/clock", SUPERVISOR, {"today": "2026-03-26"})["shift_days"] == 10
    doors.clock.pass_(days=20)
    assert doors.post("/clock", SUPERVISOR, {"reset": True})["shift_days"] == 0
    assert filed.show()["reference"] == filed.reference


def test_only_a_supervisor_moves_it_one_way_at_a_time_and_not_too_far(doors: Doors) -> None:
    for who in ("wang_owner", "clerk.330802", "officer.market.330802.1", "steward.330000"):
        assert doors.send("POST", "/clock", who, json={"days": 1}).status_code == 403, who
    assert doors.send("POST", "/clock", json={"days": 1}).status_code == 401
    wrong: list[dict[str, Any]] = [
        {},
        {"days": 1, "reset": True},
        {"days": 0},
        {"today": "soon"},
        {"today": "2999-01-01"},
    ]
    for wish in wrong:
        assert doors.send("POST", "/clock", SUPERVISOR, json=wish).status_code == 422, wish


def test_sign_ins_go_by_the_real_time(doors: Doors) -> None:
    token = doors.sign_in("wang_owner")
    doors.post("/clock", SUPERVISOR, {"days": 60})
    assert doors.client.get("/api/v1/sessions/me", headers=token).status_code == 200


def test_every_process_on_the_same_database_agrees(doors: Doors, catalogue: Any) -> None:
    doors.post("/clock", SUPERVISOR, {"days": 3})
    settings = settings_for(doors.platform.settings.database_url, doors.platform.settings.files_folder)
    with opened(catalogue, settings, FakeClock()) as other:
        assert other.get("/clock")["today"] == "2026-03-19"


def test_outside_a_demonstration_there_is_no_clock_to_move(doors: Doors, catalogue: Any) -> None:
    token = doors.sign_in(SUPERVISOR)
    doors.post("/clock", SUPERVISOR, {"days": 3})
    url, folder = doors.platform.settings.database_url, doors.platform.settings.files_folder
    with opened(catalogue, settings_for(url, folder, demo=False), FakeClock()) as other:
        assert other.get("/clock")["today"] == "2026-03-16"
        expect(other.client.post("/api/v1/clock", headers=token, json={"days": 1}), 401)
        supervisor = account(doors.platform.world, SUPERVISOR)
        assert supervisor is not None
        with pytest.raises(NotFound):
            clock.change(other.platform, other.platform.context(supervisor.actor), ClockChange(days=1))


def test_the_filed_case_is_the_same_to_everybody_after_time_has_moved(doors: Doors) -> None:
    filed: Filed = doors.file("catering_simple")
    doors.post("/clock", SUPERVISOR, {"days": 30})
    assert filed.show()["light"] == filed.show(f"agent.{filed.who}")["light"]
