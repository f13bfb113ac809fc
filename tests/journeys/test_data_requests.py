"""一本账 and 一揽子申请: a department asks for several datasets at once, every holder answers for itself, and what a
holder approved, suspended or let run out decides about the calls of that very moment."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domain.datasets import Approval, LineStatus, Origin, RequestLine, blank_of, replay
from app.storage import dataset_rows
from app.storage.sharing_tables import DATA_CALL
from app.usecases import sweep
from app.usecases.datasets import approval_for
from tests.doors import Doors, expect
from tests.factories import MONDAY

CIVIL, POLICE = "officer.civil_affairs.330802.1", "officer.police.330802.1"
LAND = "officer.land.330802.1"
ITEM = "D3"
"""转移登记 of a second-hand home: the land authority's item needs data of the police and of civil affairs."""


def approval(doors: Doors, dataset: str, region: str = "330802", item: str = ITEM) -> Approval | None:
    """What a call would find now."""
    context = doors.platform.context()
    return doors.platform.store.read(lambda reader: approval_for(context, reader, item, dataset, region))


def stored(doors: Doors, line_id: str) -> RequestLine:
    """A line as the database holds it; replaying its events must give the same."""
    line = doors.platform.store.read(lambda reader: dataset_rows.line(reader, line_id))
    events = doors.platform.store.read(lambda reader: dataset_rows.line_events(reader, line_id))
    assert line is not None
    replayed = replay(blank_of(line), events)
    assert (replayed.status, replayed.elements, replayed.per_day) == (line.status, line.elements, line.per_day)
    assert replayed.completed_at == line.completed_at
    return line


def elements(doors: Doors, dataset: str, item: str = ITEM) -> list[str]:
    """What the packs approve for the item."""
    found = next(e for e in doors.platform.world.catalogue.approvals if (e.item, e.dataset) == (item, dataset))
    return list(found.elements or ())


def wish(doors: Doors, **changes: Any) -> dict[str, Any]:
    """A basket of three."""
    datasets = [
        {"dataset": "marriage_register", "elements": elements(doors, "marriage_register"), "per_day": 50},
        {"dataset": "resident_identity", "elements": elements(doors, "resident_identity"), "per_day": 80},
    ]
    return {"item": ITEM, "purpose": "核对买卖双方身份和婚姻状况", "datasets": datasets, **changes}


def act(doors: Doors, who: str, line: str, status: int = 200, **body: Any) -> Any:
    """One action on one line."""
    return doors.post(f"/data-lines/{line}/actions", who, body, status)


def test_the_catalogue_can_be_browsed_searched_and_paged_without_signing_in(doors: Doors) -> None:
    first = doors.get("/datasets", limit=10)
    second = doors.get("/datasets", limit=10, cursor=first["next"])
    codes = [line["code"] for line in (*first["entries"], *second["entries"])]
    assert codes == sorted(doors.platform.world.library.datasets)[:20]
    assert [line["code"] for line in doors.get("/datasets", q="婚姻登记")["entries"]] == ["marriage_register"]
    held = doors.get("/datasets", holder="police", grade="L3")["entries"]
    assert {line["code"] for line in held} == {"resident_identity", "household_register"}
    open_to_all = doors.get("/datasets", sharing="unconditional")["entries"]
    assert {line["sharing"]["code"] for line in open_to_all} == {"unconditional"}
    shown = doors.get("/datasets/marriage_register")
    assert {need["item"] for need in shown["needs"]} >= {"D1", "D3"}
    transfer = next(need for need in shown["needs"] if need["item"] == ITEM)
    assert (transfer["line"], transfer["elements"]) == ("land", sorted(elements(doors, "marriage_register")))
    assert [month["month"] for month in shown["calls"]][::11] == [f"{MONDAY.year - 1}-04", f"{MONDAY:%Y-%m}"]
    assert {each["origin"]["code"] for each in shown["approvals"]} == {"pack"}
    assert all(element["is_authority"] or element["source"] for element in shown["elements"])
    expect(doors.send("GET", "/datasets/mariage_register"), 404)


def test_every_holder_answers_its_own_line_and_conditions_count_at_once(doors: Doors) -> None:
    made = doors.post("/data-requests", LAND, wish(doors), 201)
    marriage, identity = sorted(made["lines"], key=lambda line: line["dataset"])
    assert (marriage["holder"], identity["holder"]) == ("civil_affairs.330802", "police.330802")
    assert {line["status"]["code"] for line in made["lines"]} == {"asked"}

    seen = doors.get(f"/data-requests/{made['id']}", CIVIL)
    assert [line["dataset"] for line in seen["lines"]] == ["marriage_register"]
    assert [option["code"] for option in seen["lines"][0]["allowed"]] == ["approve", "refuse"]
    assert doors.get("/data-requests", POLICE, **{"for": "me"})["entries"][0]["id"] == made["id"]
    assert doors.get("/data-requests", LAND, **{"for": "others"})["entries"][0]["lines"][1]["status"]["code"] == "asked"

    part = elements(doors, "marriage_register")[:1]
    until = (MONDAY + timedelta(days=30)).isoformat()
    given = act(doors, CIVIL, marriage["id"], action="approve", elements=part, per_day=5, until=until)
    assert (given["elements"], given["per_day"], given["until"]) == (part, 5, until)
    assert given["reference"].startswith("SJ-civil_affairs.330802-")
    found = approval(doors, "marriage_register")
    assert found is not None
    assert (found.origin, found.elements, found.per_day) == (Origin.REQUEST, tuple(part), 5)
    elsewhere = approval(doors, "marriage_register", "330881")
    assert elsewhere is not None
    assert elsewhere.origin is Origin.PACK

    refused = act(doors, POLICE, identity["id"], action="refuse", reason="已有批复，无需重复申请")
    assert refused["status"]["code"] == "refused"
    assert doors.get(f"/data-requests/{made['id']}", LAND)["is_settled"] is True
    kept = approval(doors, "resident_identity")
    assert kept is not None
    assert kept.origin is Origin.PACK
    assert {stored(doors, line).status for line in (marriage["id"], identity["id"])} == {
        LineStatus.APPROVED,
        LineStatus.REFUSED,
    }


def test_nobody_answers_for_another_and_outsiders_learn_nothing(doors: Doors) -> None:
    made = doors.post("/data-requests", LAND, wish(doors), 201)
    marriage = min(made["lines"], key=lambda line: line["dataset"])["id"]
    for outsider in ("officer.tax.330802.1", "officer.civil_affairs.330881.1", "clerk.330802", "lin_mother"):
        assert doors.send("GET", f"/data-lines/{marriage}", outsider).status_code == 404
        assert (
            doors.send("POST", f"/data-lines/{marriage}/actions", outsider, json={"action": "approve"}).status_code
            == 404
        )
    assert doors.send("GET", f"/data-requests/{made['id']}", "officer.tax.330802.1").status_code == 404
    blocked = act(doors, LAND, marriage, 409, action="approve")
    assert (blocked["code"], blocked["allowed"]) == ("action-not-allowed", ["withdraw"])
    assert [e["id"] for e in doors.get("/data-requests", "steward.330800")["entries"]] == [made["id"]]
    assert doors.get("/data-requests", "steward.330100")["entries"] == []
    assert (
        doors.send("POST", f"/data-lines/{marriage}/actions", "steward.330800", json={"action": "approve"}).status_code
        == 409
    )


def test_the_sharing_class_settles_what_needs_no_judgement(doors: Doors) -> None:
    body = {"item": "X1", "purpose": "核对经营主体", "datasets": []}
    wanted = {"dataset": "enterprise_register", "elements": [], "per_day": 10}
    shown = doors.get("/datasets/enterprise_register")
    assert [need for need in shown["needs"] if need["item"] == "X1"]
    usable = sorted(
        element["code"]
        for element in shown["elements"]
        if doors.send(
            "POST",
            "/data-requests",
            "officer.fire.330802.1",
            json={**body, "datasets": [{**wanted, "elements": [element["code"]]}]},
        ).status_code
        == 201
    )
    assert usable  # the first was approved at once, and every later one on top of it


def test_faults_of_a_request_are_all_told_at_once(doors: Doors) -> None:
    wrong = wish(
        doors,
        purpose=" ",
        datasets=[
            {"dataset": "marriage_register", "elements": ["baby_birth"], "per_day": 5},
            {"dataset": "birth_record", "elements": ["baby_birth"], "per_day": 5},
            {"dataset": "property_register", "elements": ["parcel"], "per_day": 5},
            {"dataset": "nothing", "elements": ["x"], "per_day": 5},
            {"dataset": "nothing", "elements": ["x"], "per_day": 5},
            {
                "dataset": "resident_identity",
                "elements": elements(doors, "resident_identity"),
                "per_day": 5,
                "until": "2020-01-01",
            },
        ],
    )
    problem = doors.post("/data-requests", LAND, wrong, 422)
    assert {error["pointer"]: error["code"] for error in problem["errors"]} == {
        "/purpose": "missing",
        "/datasets/0/elements": "beyond-need",
        "/datasets/1/dataset": "not-needed",
        "/datasets/2/dataset": "own",
        "/datasets/3/dataset": "unknown-dataset",
        "/datasets/4/dataset": "twice",
        "/datasets/5/until": "past",
    }
    assert doors.post("/data-requests", POLICE, wish(doors), 403)["code"] == "not-allowed"
    assert doors.post("/data-requests", LAND, wish(doors, region="330100"), 422)["errors"][0]["code"] == "outside"
    assert doors.post("/data-requests", "lin_mother", wish(doors), 403)["code"] == "not-allowed"


def test_the_same_is_not_asked_for_twice_and_may_be_asked_again_once_it_is_withdrawn(doors: Doors) -> None:
    key = {"headers": {"Idempotency-Key": "basket-1"}}
    first = expect(doors.send("POST", "/data-requests", LAND, json=wish(doors), **key), 201)
    again = expect(doors.send("POST", "/data-requests", LAND, json=wish(doors), **key), 201)
    assert again["id"] == first["id"]
    twice = doors.post("/data-requests", LAND, wish(doors), 422)
    assert {error["code"] for error in twice["errors"]} == {"already-asked"}
    for line in first["lines"]:
        act(doors, LAND, line["id"], action="withdraw")
    assert doors.post("/data-requests", LAND, wish(doors), 201)["id"] != first["id"]


def test_a_holder_gives_no_more_than_was_asked_for(doors: Doors) -> None:
    made = doors.post("/data-requests", LAND, wish(doors), 201)
    line = min(made["lines"], key=lambda each: each["dataset"])["id"]
    wrong = act(doors, CIVIL, line, 422, action="approve", elements=["fee"], per_day=51, until="2020-01-01")
    assert {error["pointer"] for error in wrong["errors"]} == {"/elements", "/per_day", "/until"}
    assert act(doors, CIVIL, line, 422, action="refuse", reason=" ")["errors"][0]["pointer"] == "/reason"
    assert act(doors, CIVIL, line, 422, action="expire")["errors"][0]["code"] == "unknown-action"


def test_what_a_holder_suspends_is_denied_at_once_until_it_is_resumed(doors: Doors) -> None:
    found = approval(doors, "marriage_register")
    assert found is not None
    assert found.origin is Origin.PACK
    path, reason = f"/data-approvals/{found.id}/suspension", {"reason": "登记系统升级"}
    assert doors.send("POST", path, POLICE, json=reason).status_code == 403
    line = doors.post(path, CIVIL, reason, 201)
    assert line["status"]["code"] == "suspended"
    assert [option["code"] for option in line["allowed"]] == ["resume"]
    assert approval(doors, "marriage_register") is None
    assert approval(doors, "marriage_register", "330881") is not None
    assert stored(doors, line["id"]).status is LineStatus.SUSPENDED
    again = doors.post(path, CIVIL, reason, 409)
    assert again["code"] == "action-not-allowed"

    request = doors.post("/data-requests", LAND, wish(doors), 422)
    assert [error["code"] for error in request["errors"]] == ["suspended"]
    assert act(doors, CIVIL, line["id"], action="resume")["status"]["code"] == "approved"
    back = approval(doors, "marriage_register")
    assert back is not None
    assert back.elements == found.elements


def test_a_suspension_above_is_not_circumvented_below(doors: Doors) -> None:
    found = approval(doors, "marriage_register")
    assert found is not None
    doors.post(f"/data-approvals/{found.id}/suspension", "officer.civil_affairs.330800.1", {"reason": "核查"}, 201)
    made = doors.post("/data-requests", LAND, wish(doors), 201)
    act(doors, CIVIL, min(made["lines"], key=lambda each: each["dataset"])["id"], action="approve")
    assert approval(doors, "marriage_register") is None


def test_an_approval_ends_with_its_last_day_even_before_a_sweep_says_so(doors: Doors) -> None:
    until = (MONDAY + timedelta(days=3)).isoformat()
    datasets = [
        {"dataset": "marriage_register", "elements": elements(doors, "marriage_register"), "per_day": 3, "until": until}
    ]
    made = doors.post("/data-requests", LAND, wish(doors, datasets=datasets), 201)
    line = made["lines"][0]["id"]
    act(doors, CIVIL, line, action="approve")
    found = approval(doors, "marriage_register")
    assert found is not None
    assert found.per_day == 3
    doors.clock.pass_(days=4)
    found = approval(doors, "marriage_register")
    assert found is not None
    assert found.origin is Origin.PACK
    sweep.run(doors.platform.context(), doors.platform.store)
    assert stored(doors, line).status is LineStatus.EXPIRED
    assert doors.get(f"/data-lines/{line}", LAND)["events"][-1]["role"]["code"] == "system"


def denials(doors: Doors, draft: str) -> set[tuple[str, str, str | None]]:
    """Dataset, item and denial of every refused call of a case."""
    query = select(DATA_CALL).where(DATA_CALL.c.application_id == draft, DATA_CALL.c.result == "denied")
    rows = doors.platform.store.read(lambda reader: reader.rows(query))
    return {(row["dataset"], row["item"], row["denial"]) for row in rows}


def prefilled(doors: Doors) -> tuple[str, dict[str, Any]]:
    """A blank draft of the utility bundle with whatever registers give, and why not."""
    story = doors.platform.world.catalogue.stories["utility_full"]
    body = {"bundle": story.bundle, "region": story.region, "answers": json.loads(json.dumps(story.answers))}
    draft = doors.post("/applications", story.applicant, body, 201)["id"]
    fields = doors.post(f"/applications/{draft}/prefill", story.applicant)["fields"]
    return draft, {field["code"]: field for field in fields}


def test_calls_above_the_approved_number_are_denied_until_the_next_day(doors: Doors) -> None:
    water = "officer.water.330802.1"
    wanted = {"dataset": "enterprise_register", "elements": ["uscc", "legal_rep", "org", "invoice_info"], "per_day": 1}
    request = {"item": "U1", "purpose": "核对用水单位", "datasets": [wanted]}
    made = doors.post("/data-requests", water, request, 201)["lines"][0]
    assert (made["status"]["code"], made["per_day"]) == ("approved", 1)
    first, fields = prefilled(doors)
    assert fields["org"]["outcome"] == "had"
    second, _ = prefilled(doors)
    assert ("enterprise_register", "U1", "quota") not in denials(doors, first)
    assert ("enterprise_register", "U1", "quota") in denials(doors, second)
    doors.clock.pass_(days=1)
    third, fields = prefilled(doors)
    assert fields["org"]["outcome"] == "had"
    assert ("enterprise_register", "U1", "quota") not in denials(doors, third)


def test_a_suspension_stops_prefilling_and_the_applicant_is_told_why(doors: Doors) -> None:
    story = doors.platform.world.catalogue.stories["retire_full"]
    body = {"bundle": "retire", "region": story.region, "answers": json.loads(json.dumps(story.answers))}
    for approved in doors.platform.world.catalogue.approvals:
        if approved.dataset == "resident_identity":
            doors.post(f"/data-approvals/{approved.id}/suspension", POLICE, {"reason": "系统升级"}, 201)
    draft = doors.post("/applications", story.applicant, body, 201)["id"]
    fields = doors.post(f"/applications/{draft}/prefill", story.applicant)["fields"]
    found = {denial for dataset, _, denial in denials(doors, draft) if dataset == "resident_identity"}
    assert found == {"not_approved"}
    told = {field["why"]["zh"] for field in fields if field["outcome"] == "missing" and field["why"]}
    assert "数源部门未批准或已暂停共享。" in told


def test_even_what_is_shared_without_condition_can_be_suspended_by_its_holder(doors: Doors) -> None:
    shown = doors.get("/datasets/enterprise_register")["approvals"]
    standing = next(each for each in shown if each["item"] == "U3")
    assert standing["origin"]["code"] == "open"
    path = f"/data-approvals/{standing['id']}/suspension"
    line = doors.post(path, "officer.market.330802.1", {"reason": "系统升级"}, 201)
    assert approval(doors, "enterprise_register", item="U3") is None
    act(doors, "officer.market.330802.1", line["id"], action="resume")
    assert approval(doors, "enterprise_register", item="U3") is not None
    assert doors.get("/datasets", "lin_mother", holder="market")["entries"]
    assert doors.send("GET", "/datasets", params={"holder": "nobody"}).status_code == 422
