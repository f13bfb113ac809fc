"""一张网管控: unusual looks at data raise an alarm, somebody has to explain, and stewards see numbers only."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.storage.changes import Changes, Row
from app.storage.matter_tables import MATTER
from app.storage.store import Outcome
from app.usecases import sweep
from tests.doors import Doors, Filed

NOSY, HEAD = "officer.tobacco.330802.1", "officer.tobacco.330802.3"
STEWARD = "steward.330802"


def swept(doors: Doors) -> int:
    """A sweep; how many matters it opened."""
    return sweep.run(doors.platform.context(), doors.platform.store).opened


def nosy(doors: Doors, filed: Filed, times: int = 5) -> None:
    """An officer tries another department's task."""
    for _ in range(times):
        assert doors.send("GET", f"/tasks/{filed.reference}-L0", "officer.police.330802.1").status_code == 404


def call(doors: Doors, number: int, days_ago: int, **changes: Any) -> Row:
    """A row of the ledger as prefilling makes it."""
    at = doors.platform.context().at - timedelta(days=days_ago)
    row: Row = {
        "id": f"{number:032d}",
        "at": at,
        "day": at.date(),
        "application_id": None,
        "bundle": "house",
        "item": "D3",
        "region": "330802",
        "department": "land.330802",
        "applicant": "wu_seller",
        "actor": "wu_seller",
        "role": "applicant",
        "dataset": "marriage_register",
        "elements": ["marital"],
        "masked": [],
        "party": "applicant",
        "subject": None,
        "purpose": "prefill",
        "basis": "statutory_duty",
        "law_zh": None,
        "law_en": None,
        "consent_id": None,
        "result": "allowed",
        "denial": None,
        "reason": None,
    }
    return {**row, **changes}


def keep(doors: Doors, rows: Iterable[Row]) -> None:
    """Put rows into the ledger."""
    doors.platform.store.perform(lambda _: Outcome(None, Changes({"data_call": list(rows)})))


def test_many_refused_looks_raise_one_alarm_that_the_head_explains_and_the_steward_closes(doors: Doors) -> None:
    filed = doors.file("catering_full")
    nosy(doors, filed)
    assert swept(doors) == 1
    assert swept(doors) == 0
    alarm = doors.get("/data-alarms", STEWARD)["entries"][0]
    assert (alarm["kind"]["code"], alarm["count"]) == ("denials", 5)
    assert (alarm["department"], alarm["actor"]) == ("police.330802", "officer.police.330802.1")
    assert doors.get("/data-alarms", "steward.330100")["entries"] == []

    kept = select(MATTER.c.text).where(MATTER.c.id == alarm["matter_id"])
    at_rest = doors.platform.store.read(lambda reader: reader.connection.execute(kept).scalar_one())
    assert "officer.police" not in at_rest, "what stands in no case is sealed, too"

    path = f"/matters/{alarm['matter_id']}"
    seen = doors.get(path, STEWARD)
    assert (seen["kind"]["code"], seen["application_id"], seen["item"]) == ("data_alarm", None, None)
    assert doors.send("GET", path, "officer.market.330802.1").status_code == 404
    assert doors.send("GET", path, filed.who).status_code == 404
    assert doors.get(f"/applications/{filed.id}/matters", filed.who) == []
    answer = {"action": "reply", "reason": "误点他部门链接", "evidence": ["已培训"]}
    assert doors.post(f"{path}/actions", "officer.police.330802.1", answer, 409)["code"] == "action-not-allowed"
    assert doors.post(f"{path}/actions", "officer.police.330802.3", answer)["status"]["code"] == "replied"
    assert doors.send("POST", f"{path}/actions", "steward.330100", json={"action": "close"}).status_code == 404
    closed = doors.post(
        f"{path}/actions", STEWARD, {"action": "close", "reason": "说明成立", "conclusion": "explained"}
    )
    assert closed["status"]["code"] == "closed"
    assert doors.get("/data-alarms", STEWARD)["entries"][0]["status"]["code"] == "closed"


def test_an_alarm_nobody_answers_goes_up_like_every_other_matter(doors: Doors) -> None:
    nosy(doors, doors.file("catering_full"))
    swept(doors)
    doors.clock.pass_(days=14)
    assert swept(doors) > 0
    kinds = {m["kind"]["code"] for m in doors.get("/matters", "supervisor.330802", region="330802")["entries"]}
    assert {"data_alarm", "order"} <= kinds


@pytest.mark.parametrize("hour", [6, 21])
def test_looks_outside_working_hours_are_noticed(doors: Doors, hour: int) -> None:
    filed = doors.file("catering_full")
    doors.clock.now = doors.clock.now.replace(hour=hour)
    for item in ("L0", "L1", "F1"):
        doors.get(f"/tasks/{filed.reference}-{item}", "officer.market.330802.1")
    swept(doors)
    kinds = [alarm["kind"]["code"] for alarm in doors.get("/data-alarms", STEWARD)["entries"]]
    assert kinds == ["off_hours"]


def test_one_officer_who_follows_one_person_through_many_cases_is_noticed(doors: Doors) -> None:
    for _ in range(4):
        filed = doors.file("catering_full")
        doors.get(f"/tasks/{filed.reference}-L0", "officer.market.330802.1")
    swept(doors)
    found = [alarm for alarm in doors.get("/data-alarms", STEWARD)["entries"] if alarm["kind"]["code"] == "one_person"]
    assert [(alarm["actor"], alarm["count"]) for alarm in found] == [("officer.market.330802.1", 4)]
    person = doors.platform.world.catalogue.people["wang_owner"]
    assert person.id_number not in str(found)
    assert "subject" not in found[0]


def test_three_times_the_usual_calls_are_noticed_and_fewer_are_not(doors: Doors) -> None:
    usual = [call(doors, 1000 * day + n, day) for day in range(1, 7) for n in range(12)]
    keep(doors, usual)
    keep(doors, (call(doors, 900_000 + n, 0) for n in range(36)))
    assert swept(doors) == 0
    keep(doors, [call(doors, 990_000, 0)])
    assert swept(doors) == 1
    alarm = doors.get("/data-alarms", STEWARD)["entries"][0]
    assert (alarm["kind"]["code"], alarm["department"], alarm["dataset"]) == (
        "rate",
        "land.330802",
        "marriage_register",
    )
    assert (alarm["count"], alarm["usual"], alarm["actor"]) == (37, 12, None)


def test_usage_is_told_in_numbers_and_only_for_the_own_region(doors: Doors) -> None:
    keep(doors, [call(doors, n, n % 3) for n in range(6)])
    keep(doors, [call(doors, 10, 0, result="denied", denial="quota"), call(doors, 11, 0, region="330881")])
    keep(doors, [call(doors, 12, 40)])
    keep(doors, [call(doors, 13, 0, role="officer", actor="officer.land.330802.1", purpose="unmask")])
    read = partial(doors.get, "/data-usage", STEWARD)
    assert [(line["key"], line["calls"], line["denied"], line["unmasked"]) for line in read()] == [
        ("marriage_register", 8, 1, 1)
    ]
    assert [(line["key"], line["calls"]) for line in read(by="department")] == [("land.330802", 8)]
    assert [(line["key"], line["calls"]) for line in read(by="officer")] == [("officer.land.330802.1", 1)]
    assert "wu_seller" not in str(read(by="officer"))
    assert doors.get("/data-usage", "steward.330000")[0]["calls"] == 9
    assert doors.send("GET", "/data-usage", STEWARD, params={"since": "2020-01-01"}).status_code == 422
    assert doors.send("GET", "/data-usage", "supervisor.330802").status_code == 403
    months = doors.get("/datasets/marriage_register")["calls"]
    assert sum(month["calls"] for month in months) == 10
    assert sum(month["denied"] for month in months) == 1
