"""The queue against the theory of queues, and what supervisors see of it."""

from datetime import date
from unittest.mock import Mock

import pytest

from app.domain.capacity import OFFICE_MINUTES, Job
from app.domain.oversight import Light
from app.usecases import queueing
from app.usecases.queueing import Scenario, run
from tests import factories
from tests.doors import Doors
from tests.factories import MONDAY

CALENDAR = factories.catalogue().calendar
MEAN = 10.0
"""Minutes of the one step of the simplest job."""


def one_desk(use: float, officers: int, shape: float, days: int = 1000) -> Scenario:
    """A single desk that is ``use`` busy."""
    per_day = use * officers / MEAN * OFFICE_MINUTES
    return Scenario([[Job("x", "d", (MEAN,), 5, None)]], per_day, days, seed=3, others=officers, shape=shape)


@pytest.mark.parametrize(
    ("use", "officers", "shape", "wait"),
    [
        (0.5, 1, 1.0, 10.0),  # M/M/1: ρ/(1−ρ) of the mean
        (0.8, 1, 1.0, 40.0),
        (0.8, 1, 2.0, 30.0),  # M/G/1: the same times (1 + c²)/2, with c² = 1/shape
        (0.75, 2, 1.0, 90 / 7),  # M/M/2: ρ²/(1−ρ²)
    ],
)
def test_the_mean_wait_is_what_the_theory_of_queues_says(use: float, officers: int, shape: float, wait: float) -> None:
    days = 1000 // officers
    tally = run(one_desk(use, officers, shape, days), CALENDAR, MONDAY)["d"]
    assert tally.use(days) == pytest.approx(use, rel=0.02)
    assert sum(tally.waits) / len(tally.waits) * OFFICE_MINUTES == pytest.approx(wait, rel=0.1)


def test_nobody_is_lost_and_the_same_seed_gives_the_same() -> None:
    scenario = one_desk(0.9, 1, 2.0, days=40)
    tally = run(scenario, CALENDAR, MONDAY)["d"]
    assert tally.decided == len(tally.waits)
    assert tally == run(scenario, CALENDAR, MONDAY)["d"]
    assert tally.on_time <= tally.decided
    assert tally.overdue <= tally.open


def test_the_same_work_comes_however_many_officers_there_are() -> None:
    job = Job("x", "d", (60.0, 60.0), promised_days=2, statutory_days=4)
    found = [run(Scenario([[job]], 6.0, 60, seed=1, others=number), CALENDAR, MONDAY)["d"] for number in (1, 2, 3)]
    assert len({tally.decided + tally.open for tally in found}) == 1
    mean = [sum(tally.waits) / len(tally.waits) for tally in found]
    assert mean == sorted(mean, reverse=True)
    assert found[1].busy_minutes == pytest.approx(found[2].busy_minutes, rel=0.02), "but for what is not yet done"


def test_a_desk_that_is_asked_too_much_goes_from_green_to_deep_red() -> None:
    job = Job("x", "d", (60.0, 60.0), promised_days=2, statutory_days=4)
    tally = run(Scenario([[job]], 6.0, 60, seed=1), CALENDAR, MONDAY)["d"]
    assert tally.use(60) > 0.95
    assert min(tally.lights[light] for light in (Light.GREEN, Light.YELLOW, Light.RED, Light.DEEP_RED)) > 0
    assert tally.overdue > 0
    calm = run(Scenario([[job]], 6.0, 60, seed=1, officers={"d": 3}), CALENDAR, MONDAY)["d"]
    assert calm.overdue == 0
    assert calm.lights.keys() <= {Light.GREEN, Light.YELLOW}


def test_what_comes_after_waits_for_what_comes_before() -> None:
    first, second = Job("a", "one", (30.0,), 5, None), Job("b", "two", (30.0,), 5, None, after=(("a",),))
    tallies = run(Scenario([[first, second]], 12.0, 30, seed=5), CALENDAR, MONDAY)
    assert tallies["two"].decided <= tallies["one"].decided
    assert tallies["two"].decided + tallies["two"].open <= tallies["one"].decided
    assert tallies["two"].decided > 200


def test_a_day_off_is_no_day_of_the_queue_and_lights_count_working_days() -> None:
    job = Job("x", "d", (400.0,), promised_days=0, statutory_days=None)
    tallies = run(Scenario([[job]], 1.0, 20, seed=2), CALENDAR, date(2026, 9, 21))
    assert tallies["d"].decided + tallies["d"].open > 10, "the National Day holiday lies inside"


def test_a_supervisor_compares_staffs(shared_doors: Doors) -> None:
    wish = {"bundle": "catering", "region": "330802", "per_day": 4, "days": 60, "officers": [3, 1, 4, 2, 3], "seed": 1}
    found = shared_doors.post("/capacity", "supervisor.330802", wish)
    assert [one["officers"] for one in found["runs"]] == [1, 2, 3, 4]
    shares = [one["whole"]["on_time"] for one in found["runs"]]
    assert shares == sorted(shares)
    assert shares[0] < 0.6 < 0.95 < shares[2]
    assert found["enough"] == 3
    assert found["runs"][0]["desks"][0]["department"] == "market.330802"
    assert found["needs"][0] == {
        "department": "market.330802",
        "name": found["runs"][0]["desks"][0]["name"],
        "enough": 3,
    }, "it is the desk that all wait for"
    assert "示例" in found["assumptions"]["zh"]
    assert found == shared_doors.post("/capacity", "supervisor.330802", wish)


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"per_day": 500, "days": 250}, 422, "/per_day"),
        ({"bundle": "nothing"}, 404, None),
        ({"region": "999999"}, 422, "/query/region"),
        ({"region": "330106"}, 403, None),
        ({"officers": []}, 422, "/officers"),
        ({"officers": [0]}, 422, "/officers/0"),
        ({"per_day": 0}, 422, "/per_day"),
    ],
)
def test_what_cannot_be_run_is_said(
    shared_doors: Doors, change: dict[str, object], status: int, pointer: str | None
) -> None:
    wish = {"bundle": "catering", "region": "330802", **change}
    refused = shared_doors.send("POST", "/capacity", "supervisor.330802", json=wish)
    assert refused.status_code == status, refused.text
    if pointer:
        assert refused.json()["errors"][0]["pointer"] == pointer


def test_a_desk_where_thousands_pile_up_is_looked_at_no_oftener_than_there_are_ways_to_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One request may ask for six thousand cases, and whatever it costs everybody waits for."""
    looks = Mock(side_effect=queueing.light_of)
    monkeypatch.setattr(queueing, "light_of", looks)
    job = Job("x", "d", (60.0,), promised_days=2, statutory_days=4)
    tally = run(Scenario([[job]], 40.0, days := 120, seed=1, others=1), CALENDAR, MONDAY)["d"]
    assert tally.open > 3_000
    assert looks.call_count <= days * (days + 1), "once a day for each day that something waits since"
