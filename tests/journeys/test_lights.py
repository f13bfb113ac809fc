"""The lights board: every number is the number of tasks behind it, at every level and on every day."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from app.domain.tampering import Finding
from app.storage.changes import Changes, Update
from app.storage.store import Outcome
from app.storage.work import is_changed, is_counted
from app.usecases import verification
from app.usecases.verification import Wish
from tests.doors import API, Doors, Filed, expect
from tests.journeys.test_ways_to_decide import commit

WATCHER = "supervisor.330802"
WATCHED = ("330802", "330800", "330000")
DAYS = (0, 5, 12, 30, 90)


def _board(doors: Doors, who: str, **query: str) -> Any:
    return expect(doors.client.get(f"{API}/supervision/lights", params=query, headers=doors.sign_in(who)))


def _behind(doors: Doors, who: str, **query: Any) -> list[Any]:
    found, cursor = [], None
    while True:
        page = expect(
            doors.client.get(
                f"{API}/supervision/tasks",
                params={**query, "limit": 3, **({"cursor": cursor} if cursor else {})},
                headers=doors.sign_in(who),
            )
        )
        found += page["entries"]
        cursor = page["next"]
        if cursor is None:
            return found


def _counts(entry: Any) -> dict[str, int]:
    return {one["light"]["code"]: one["count"] for one in entry if one["count"]}


@pytest.mark.parametrize("days", DAYS)
def test_every_number_of_the_board_is_the_number_of_tasks_behind_it(doors: Doors, days: int) -> None:
    doors.file("catering_full")
    doors.file("utility_full")
    doors.clock.pass_(days=days)
    board = _board(doors, WATCHER, by="department")
    tasks = _behind(doors, WATCHER)
    assert _counts(board["total"]) == Counter(task["light"]["light"]["code"] for task in tasks)
    assert len(tasks) >= 8
    for group in board["groups"]:
        own = Counter(task["light"]["light"]["code"] for task in tasks if task["department"] == group["key"])
        assert _counts(group["counts"]) == own
        assert group["late"] == own["red"] + own["deep_red"]
    for code, count in _counts(board["total"]).items():
        assert len(_behind(doors, WATCHER, light=code)) == count


def test_a_check_that_is_overdue_stands_behind_its_red_number(doors: Doors) -> None:
    filed = commit(doors)
    filed.act("X1", "decide_at_once")
    filed.act("X1", "deliver")
    doors.clock.pass_(days=120)
    (check,) = [one for one in _behind(doors, WATCHER, light="red") if one["item"] == "X1"]
    assert check["light"]["clock"]["code"] == "check"
    assert len(_behind(doors, WATCHER, light="red")) == _counts(_board(doors, WATCHER)["total"])["red"]


def test_a_stopped_clock_shows_as_paused_and_then_as_yellow(doors: Doors) -> None:
    case = doors.file("retire_full")
    case.review("R1")
    case.act("R1", "begin_special", reason="需专家评审。", procedure="expert_review", days=5)
    assert _counts(_board(doors, WATCHER)["total"])["paused"] == 1
    doors.clock.pass_(days=20)
    assert _counts(_board(doors, WATCHER)["total"]).get("paused") is None
    (late,) = [one for one in _behind(doors, WATCHER, light="yellow") if one["item"] == "R1"]
    assert "停表" in late["light"]["because"]["zh"]


def _asked(doors: Doors, case: Filed) -> list[Any]:
    """Everything that depends on a clock that stands still."""
    lists = [_behind(doors, WATCHER, light=light) for light in ("paused", "yellow")]
    counts = doors.get("/tasks/counts", case.officer("R1"))
    return [*lists, _board(doors, WATCHER, by="department"), _board(doors, WATCHER), counts]


@pytest.mark.parametrize("days", [0, 20])
@pytest.mark.parametrize(
    "told", [{"action": "begin_special", "procedure": "testing", "days": 5}, {"action": "suspend"}]
)
def test_tasks_of_which_the_end_of_a_pause_was_never_noted_show_the_same(
    doors: Doors, told: dict[str, Any], days: int
) -> None:
    case = doors.file("retire_full")
    case.review("R1")
    case.act("R1", reason="需检测。", **told)
    doors.clock.pass_(days=days)
    before = _asked(doors, case)
    (shown,) = [one["light"]["light"]["code"] for found in before[:2] for one in found if one["item"] == "R1"]
    assert shown == ("yellow" if days and "days" in told else "paused")
    _note(doors, case, None)
    assert _asked(doors, case) == before
    assert _verified(doors) is None
    _note(doors, case, date(2026, 3, 17) if days == 0 else date(2031, 1, 1))
    finding = _verified(doors)
    assert finding is not None
    assert (finding.table, finding.key) == ("task", f"{case.reference}-R1"), "another day than was told is found out"


def _note(doors: Doors, case: Filed, ends_on: date | None) -> None:
    """Somebody writes until when the clock stands still, or does not know."""
    change = Update("task", f"{case.reference}-R1", {"pause_ends_on": ends_on})
    doors.platform.store.perform(lambda _: Outcome(None, Changes(updates=[change])))


def _verified(doors: Doors) -> Finding | None:
    return verification.run(doors.platform.context(), doors.platform.store, Wish(is_strict=False)).finding


def test_the_province_sees_its_parts_and_a_county_cannot_look_beyond_itself(doors: Doors) -> None:
    doors.file("catering_full")
    board = _board(doors, "supervisor.330000")
    assert [group["key"] for group in board["groups"]] == ["330800"]
    assert [group["key"] for group in _board(doors, "supervisor.330000", region="330800")["groups"]] == ["330802"]
    for path in ("lights", "tasks"):
        refused = doors.client.get(
            f"{API}/supervision/{path}", params={"region": "330881"}, headers=doors.sign_in(WATCHER)
        )
        assert expect(refused, 403)["code"] == "not-allowed"
        anybody = doors.client.get(f"{API}/supervision/{path}", headers=doors.sign_in("wang_owner"))
        assert expect(anybody, 403)["code"] == "not-allowed"


def test_the_tasks_behind_show_their_course_and_not_their_content(doors: Doors) -> None:
    doors.file("catering_full")
    page = doors.client.get(f"{API}/supervision/tasks", headers=doors.sign_in(WATCHER))
    assert "王示例" not in page.text
    assert "fields" not in expect(page)["entries"][0]


def test_an_empty_region_has_a_board_of_zeros(doors: Doors) -> None:
    board = _board(doors, "supervisor.330100")
    assert board["groups"] == []
    assert {one["count"] for one in board["total"]} == {0}


def test_the_board_is_the_same_whether_changes_are_folded_in_or_nobody_has_counted(doors: Doors) -> None:
    def boards() -> list[Any]:
        return [_board(doors, f"supervisor.{own}", by=by) for own in WATCHED for by in ("region", "place")]

    doors.file("catering_full").review("H1")
    changed = boards()
    assert sum(_counts(changed[0]["total"]).values()) >= 4
    doors.sweep()
    assert not doors.platform.store.read(is_changed)
    assert boards() == changed
    doors.platform.store.perform(lambda _: Outcome(None, Changes(deletes=[("work_sum", {"area": ""})])))
    assert not doors.platform.store.read(is_counted)
    assert boards() == changed
    doors.sweep()
    assert doors.platform.store.read(is_counted)
    assert boards() == changed
