"""What time alone causes, holidays respected: silence is acceptance, and every date says the same thing everywhere."""

from datetime import date

from tests.doors import Doors

BEFORE_LABOUR_DAY = date(2026, 4, 30)
FIFTH_DAY = date(2026, 5, 11)
"""Five working days on: 6, 7, 8, the make-up Saturday 9, and Monday 11 May."""


def test_five_working_days_of_silence_are_acceptance_holidays_not_counted(doors: Doors) -> None:
    doors.clock.go_to(BEFORE_LABOUR_DAY)
    filed = doors.file("catering_full")
    task = filed.tasks()["L0"]
    assert task["intake_due_on"] == FIFTH_DAY.isoformat()

    doors.clock.go_to(FIFTH_DAY, hour=23)
    assert doors.sweep() == 0
    doors.clock.go_to(date(2026, 5, 12), hour=0)
    assert doors.sweep() == 1
    seen = filed.slice("L0")
    assert (seen["status"]["code"], seen["is_deemed_accepted"]) == ("accepted", True)
    assert seen["promised_due_on"] == "2026-05-06", "counted from receipt, not from the end of the silence"
    assert seen["events"][-1]["kind"]["zh"] == "视为受理"
    assert filed.status("F1") == "waiting"
    assert doors.sweep() == 0
    filed.assert_true_to_its_events()


def test_a_late_department_cannot_decline_any_more_swept_or_not(doors: Doors) -> None:
    doors.clock.go_to(BEFORE_LABOUR_DAY)
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    doors.clock.go_to(date(2026, 5, 12))
    refused = filed.act("L0", "decline", status=409, reason="材料不全")
    assert "review" in refused["allowed"]


def test_what_is_filed_at_night_before_a_holiday_counts_from_the_next_working_day(doors: Doors) -> None:
    doors.clock.go_to(BEFORE_LABOUR_DAY, hour=20)
    filed = doors.file("catering_simple")
    assert filed.slice("L1")["opened_on"] == "2026-05-06"


def test_a_sweep_moves_every_silent_application_once(doors: Doors) -> None:
    filed = [doors.file("catering_simple") for _ in range(3)]
    doors.clock.pass_(days=9)
    assert doors.sweep() == 3
    assert {case.status("L1") for case in filed} == {"accepted"}
    assert doors.sweep() == 0


def test_a_special_procedure_stops_the_clock_and_gives_the_days_back(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.review("H1")
    before = date.fromisoformat(filed.slice("H1")["promised_due_on"])
    filed.act("H1", "begin_special", procedure="testing", days=5, reason="检测")
    filed.act("H1", "grant", status=409)
    doors.clock.pass_(days=3)
    filed.act("H1", "end_special")
    after = filed.slice("H1")
    assert (date.fromisoformat(after["promised_due_on"]) - before).days == 3, "Monday to Thursday"
    assert [(p["kind"], p["since"], p["until"]) for p in after["pauses"]] == [("special", "2026-03-16", "2026-03-19")]
    filed.act("H1", "ask_extension", days=10, reason="案情复杂")
    filed.act("H1", "extend")
    assert "一次" in filed.act("H1", "ask_extension", days=1, reason="再延", status=409)["detail_zh"]
    filed.assert_true_to_its_events()


def test_the_demonstrations_clock_says_what_it_would_erase_before_it_goes_there(doors: Doors) -> None:
    draft = doors.draft("catering_simple")
    supervisor = "supervisor.330802"
    refused = doors.post("/clock", supervisor, {"days": 200}, 409)
    assert (refused["drafts"], refused["files"]) == (1, 0)
    assert "1 份未申报的草稿" in refused["detail_zh"]
    assert doors.get("/clock")["shift_days"] == 0
    assert doors.stored(draft["id"]).erased_at is None
    assert doors.post("/clock", supervisor, {"days": 100})["shift_days"] == 100, "nothing is due by then"
    moved = doors.post("/clock", supervisor, {"days": 100, "erases": True})
    assert moved["shift_days"] == 200
    assert doors.stored(draft["id"]).erased_at is not None
    assert doors.post("/clock", supervisor, {"days": 1})["shift_days"] == 201, "what is gone is not asked about again"
