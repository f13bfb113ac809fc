"""The approved number of calls of a day, as people meet it: what is over is refused and brings nothing, to anybody."""

import json
from collections.abc import Callable

from httpx2 import Response
from sqlalchemy import func, select

from app.storage.sharing_tables import DATA_CALL
from tests.api.test_concurrency import at_once
from tests.doors import Doors, expect
from tests.journeys.test_open_calls import somebody_elses

DATASET, ITEM = "enterprise_register", "A1"


def approved(doors: Doors, per_day: int) -> None:
    """So many calls a day for one item in one district."""
    line = doors.platform.world.library.items[ITEM].line
    wanted = {"dataset": DATASET, "elements": ["uscc", "legal_rep_id"], "per_day": per_day}
    request = {"item": ITEM, "purpose": "核对用户单位", "datasets": [wanted]}
    doors.post("/data-requests", f"officer.{line}.330802.1", request, 201)


def results(doors: Doors) -> dict[str, int]:
    """How many calls came to what."""
    query = select(DATA_CALL.c.result, func.count().label("calls"))
    query = query.where(DATA_CALL.c.dataset == DATASET, DATA_CALL.c.item == ITEM).group_by(DATA_CALL.c.result)
    return doors.platform.store.read(lambda reader: {row["result"]: row["calls"] for row in reader.rows(query)})


def prefill(doors: Doors) -> Callable[[], Response]:
    """A blank draft of the utility bundle, ready to be filled in advance: that takes two calls for one item."""
    story = doors.platform.world.catalogue.stories["utility_full"]
    body = {"bundle": story.bundle, "region": story.region, "answers": json.loads(json.dumps(story.answers))}
    draft = doors.post("/applications", story.applicant, body, 201)["id"]
    return lambda: doors.send("POST", f"/applications/{draft}/prefill", story.applicant)


def test_one_request_alone_does_not_go_over_the_number(doors: Doors) -> None:
    approved(doors, 1)
    expect(prefill(doors)())
    assert results(doors) == {"allowed": 1, "denied": 1}


def test_requests_at_the_same_moment_do_not_go_over_it_together(doors: Doors) -> None:
    approved(doors, 5)
    for answer in at_once(*(prefill(doors) for _ in range(6))):
        expect(answer)
    assert results(doors)["allowed"] == 5


def test_a_register_of_somebody_else_is_not_even_asked_when_the_number_is_used_up(doors: Doors) -> None:
    """And the last call that may be made is not taken for one too many because it is on its way itself."""
    approved(doors, 1)
    with somebody_elses(doors, lambda: None, DATASET, {"uscc": "91003301MA00DEM30X"}) as asked:
        expect(prefill(doors)())
    assert results(doors) == {"allowed": 1, "denied": 1}
    assert [one["elements"] for one in asked].count(["uscc"]) == 1
    assert ["legal_rep_id"] not in [one["elements"] for one in asked]
