"""Indicators through the API: what departments did is what the figures say, down to the single case."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.indicators import INDICATORS
from app.domain.tallies import Counts, facts_of, together
from app.storage.changes import Changes
from app.storage.store import Outcome
from app.usecases import rollups
from tests.doors import Doors, Filed, expect
from tests.factories import MONDAY
from tests.journeys.supervision_steps import act

CITY, COUNTY, STEWARD = "supervisor.330800", "supervisor.330802", "steward.330000"
FULL = {"from": "2026-03-01", "to": "2026-12-31"}


def values(doors: Doors, who: str = CITY, **wish: Any) -> dict[str, Any]:
    """The figures somebody asks for."""
    found: dict[str, Any] = doors.get("/indicators/values", who, **{**FULL, **wish})
    return found


def figures(found: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of every indicator."""
    return {value["code"]: (value["numerator"], value["denominator"]) for value in found}


def behind(doors: Doors, code: str, part: str, who: str = CITY, limit: int = 2, **wish: Any) -> list[dict[str, Any]]:
    """Every case behind a number, page by page."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = doors.get(f"/indicators/{code}/cases", who, part=part, limit=limit, **{**FULL, **wish}, **cursor)
        assert len(page["entries"]) <= limit
        found += page["entries"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


def from_the_cases(doors: Doors, *filed: Filed) -> Counts:
    """The same figures worked out from the stored applications, one by one."""
    return together(fact.counts for case in filed for fact in facts_of(doors.stored(case.id)).values())


@pytest.fixture
def some_cases(doors: Doors) -> list[Filed]:
    """Two weeks of work: one department on time, one late, one that declines, one corrected, one withdrawn."""
    in_time, late, corrected, withdrawn = (doors.file("catering_full") for _ in range(4))
    proxy = {"identified": "id_card", "handing": "at_hall"}
    elsewhere = doors.file("catering_full", "clerk.330881", proxy=proxy)
    doors.post(f"/applications/{withdrawn.id}/withdraw", withdrawn.who, {})
    finish(in_time)
    elsewhere.act("L0", "receive")
    elsewhere.act("L0", "decline", reason="不属于本部门职权")
    late.review("L0")
    corrected.act("L0", "receive")
    corrected.post_points("L0", ("field", "operator_name"))
    doors.clock.go_to(MONDAY + timedelta(days=14))
    doors.sweep()
    finish(late, review=False)
    return [in_time, late, corrected, withdrawn, elsewhere]


def finish(filed: Filed, *, review: bool = True) -> None:
    """Bring the first department's task to its end."""
    outputs = {"uscc": "92003308MA00DEM225"}
    if review:
        filed.review("L0")
    filed.act("L0", "grant", outputs=outputs)
    filed.act("L0", "deliver")


def test_figures_are_those_of_the_cases_today_and_after_midnight(doors: Doors, some_cases: list[Filed]) -> None:
    counts = from_the_cases(doors, *some_cases)
    expected = {
        code: (getattr(counts, found.numerator), getattr(counts, found.denominator))
        for code, found in INDICATORS.items()
    }
    assert expected["on_time"] == (1, 2)
    assert expected["elsewhere"] == (1, 5)
    today = values(doors)
    assert figures(today["total"]) == expected
    doors.clock.pass_(days=40)
    doors.sweep()
    assert doors.platform.store.read(lambda reader: reader.count("tally")) > 0
    counts = from_the_cases(doors, *some_cases)
    later = figures(values(doors)["total"])
    assert later["on_time"] == (1, 2)
    assert later["visits"][1] == 5
    assert later == {c: (getattr(counts, i.numerator), getattr(counts, i.denominator)) for c, i in INDICATORS.items()}
    assert rollups.reconcile(doors.platform.store) == 0


@pytest.mark.parametrize(("is_rolled_up", "is_rare"), [(False, False), (True, False), (True, True)])
def test_the_cases_behind_a_number_add_up_to_it(
    doors: Doors, some_cases: list[Filed], monkeypatch: pytest.MonkeyPatch, *, is_rolled_up: bool, is_rare: bool
) -> None:
    monkeypatch.setattr("app.usecases.indicators._is_rare", lambda *_: is_rare)
    if is_rolled_up:
        doors.clock.pass_(days=1)
        doors.sweep()
    found = figures(values(doors)["total"])
    mine = {case.reference for case in some_cases}
    for code, indicator in INDICATORS.items():
        if not indicator.is_listable:
            continue
        for part, number in zip(("numerator", "denominator"), found[code], strict=True):
            lines = behind(doors, code, part)
            assert sum(line["amount"] for line in lines) == number, (code, part)
            assert len({line["reference"] for line in lines}) == len(lines)
            assert all(line["reference"].startswith(tuple(mine)) for line in lines)
            assert [line["day"] for line in lines] == sorted((line["day"] for line in lines), reverse=True)


def test_a_number_leads_to_a_case_that_may_be_opened(doors: Doors, some_cases: list[Filed]) -> None:
    (line,) = behind(doors, "declined", "numerator")
    assert line["reference"] == f"{some_cases[4].reference}-L0"
    assert (line["department"], line["item"], line["bundle"]) == ("market.330802", "L0", "catering")
    assert doors.get(f"/applications/{line['application']}", CITY)["reference"] == some_cases[4].reference
    assert "form" not in line


@pytest.mark.parametrize("by", ["department", "region", "item", "bundle", "month", "day"])
def test_a_breakdown_adds_up_to_the_whole(doors: Doors, some_cases: list[Filed], by: str) -> None:
    found = values(doors, by=by)
    total = figures(found["total"])
    groups = [figures(group["values"]) for group in found["groups"]]
    assert found["by"]["code"] == by
    assert all(group["name"]["zh"] and group["name"]["en"] for group in found["groups"])
    for code in ("on_time", "corrected", "declined"):
        assert tuple(map(sum, zip(*(group[code] for group in groups), strict=True))) == total[code], code
    whole = [value for group in found["groups"] for value in group["values"] if value["code"] == "visits"]
    if by in {"department", "item"}:
        assert all(value["value"] is None and "整件" in value["reason"]["zh"] for value in whole)
    else:
        assert sum(value["denominator"] for value in whole) == 5


def test_groups_come_page_by_page(doors: Doors, some_cases: list[Filed]) -> None:
    everything = values(doors, by="day")
    keys, cursor = [], {}
    while True:
        page = values(doors, by="day", limit=1, **cursor)
        keys += [group["key"] for group in page["groups"]]
        assert page["total"] == everything["total"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert keys == [group["key"] for group in everything["groups"]] == ["2026-03-16", "2026-03-30"]


def test_a_region_is_broken_down_by_what_lies_directly_inside_it(doors: Doors) -> None:
    doors.file("catering_full")
    doors.file("catering_simple")
    province = values(doors, STEWARD, by="region")
    assert [group["key"] for group in province["groups"]] == ["330800"]
    city = values(doors, CITY, by="region")
    assert [(group["key"], dict(figures(group["values"]))["visits"][1]) for group in city["groups"]] == [
        ("330802", 1),
        ("330881", 1),
    ]
    assert figures(values(doors, COUNTY)["total"])["visits"][1] == 1
    assert figures(values(doors, COUNTY, region="330802100")["total"])["visits"][1] == 0
    assert province["region_name"]["zh"] == "浙江省"


def test_without_cases_the_value_is_missing_and_says_why(doors: Doors) -> None:
    for value in values(doors)["total"]:
        assert value["value"] is None
        assert value["reason"]["zh"]
        assert value["reason"]["en"]


def test_everybody_may_read_how_indicators_are_computed(shared_doors: Doors) -> None:
    found = shared_doors.get("/indicators")
    assert [entry["code"] for entry in found] == list(INDICATORS)
    compression = next(entry for entry in found if entry["code"] == "compression")
    assert "÷" in compression["formula"]["zh"]
    assert compression["mark"]["code"] == "likely"


def test_figures_are_for_the_supervision_of_that_region_only(shared_doors: Doors) -> None:
    for path in ("/indicators/values", "/indicators/on_time/cases"):
        for who in ("wang_owner", "agent.wang_owner", "clerk.330802", "officer.market.330802.1"):
            assert expect(shared_doors.send("GET", path, who), 403)["code"] == "not-allowed"
        expect(shared_doors.send("GET", path), 401)
        for who in (COUNTY, CITY, STEWARD):
            expect(shared_doors.send("GET", path, who, params={"region": "330802"}))
        for who, region in ((COUNTY, "330881"), (COUNTY, "330800"), (CITY, "330100"), (STEWARD, "360000")):
            refused = expect(shared_doors.send("GET", path, who, params={"region": region}), 403)
            assert refused["region"] == who.partition(".")[2]


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"region": "330820"}, "/query/region"),
        ({"region": "柯城"}, "/query/region"),
        ({"bundle": "no_such"}, "/query/bundle"),
        ({"item": "ZZ9"}, "/query/item"),
        ({"department": "market.999999"}, "/query/department"),
        ({"from": "2026-03-20", "to": "2026-03-10"}, "/query/from"),
        ({"from": "1990-01-01"}, "/query/from"),
        ({"from": "yesterday"}, "/query/from"),
        ({"by": "weather"}, "/query/by"),
        ({"limit": 0}, "/query/limit"),
        ({"cursor": "!"}, "/cursor"),
    ],
)
def test_what_cannot_be_asked_is_said(shared_doors: Doors, wish: dict[str, Any], pointer: str) -> None:
    refused = expect(shared_doors.send("GET", "/indicators/values", CITY, params=wish), 422)
    assert [fault["pointer"] for fault in refused["errors"]] == [pointer]


def test_dates_far_in_the_future_end_today(shared_doors: Doors) -> None:
    found = values(shared_doors, to="9999-12-31")
    assert found["last_day"] == shared_doors.clock.now.date().isoformat()


def test_an_unknown_indicator_is_not_found(shared_doors: Doors) -> None:
    refused = expect(shared_doors.send("GET", "/indicators/luck/cases", CITY), 404)
    assert "on_time" in refused["detail"]


def test_who_rated_cannot_be_found_through_the_figures(doors: Doors) -> None:
    rated = [doors.file("catering_full") for _ in range(3)]
    for filed, level in zip(rated, ("satisfied", "dissatisfied", "very_satisfied"), strict=True):
        filed.act("L0", "receive")
        wish = {"item": "L0", "stage": "intake", "level": level, "tags": []}
        found = {value["code"]: value for value in values(doors)["total"]}
        assert found["satisfaction"]["value"] is None, "fewer than three are not told"
        rating = doors.post(f"/applications/{filed.id}/ratings", filed.who, wish, 201)
        if rating["matter_id"]:
            matter = rating["matter_id"]
    found = figures(values(doors, department="market.330802")["total"])
    assert (found["satisfaction"], found["bad_ratings"], found["rectified"]) == ((2, 3), (1, 3), (0, 1))
    for code in ("satisfaction", "bad_ratings", "participation", "rectified", "theme_satisfaction"):
        refused = expect(doors.send("GET", f"/indicators/{code}/cases", CITY), 403)
        assert "保护" in refused["detail_zh"]

    desk = "officer.market.330802.1"
    act(doors, matter, desk, "verify", reason="已回访", finding="clear")
    act(doors, matter, desk, "reply", reason="已整改", evidence=["示例"])
    act(doors, matter, rated[1].who, "confirm", level="satisfied")
    found = figures(values(doors)["total"])
    assert (found["bad_ratings"], found["rectified"]) == ((1, 3), (1, 1)), "the first level stays"
    assert rollups.reconcile(doors.platform.store) == 0


def test_one_rating_cannot_be_had_by_subtracting_figures(doors: Doors) -> None:
    here, there = "330802006", "330802100"
    for region, level in [*[(here, "satisfied")] * 3, (there, "dissatisfied")]:
        doors.clock.go_to(MONDAY + timedelta(days=region == there))
        filed = doors.file("catering_full", region=region)
        filed.act("L0", "receive")
        wish = {"item": "L0", "stage": "intake", "level": level, "tags": []}
        doors.post(f"/applications/{filed.id}/ratings", filed.who, wish, 201)

    def told(**more: Any) -> list[tuple[int, int]]:
        found = values(doors, COUNTY, **more)
        return [
            figures(one)["satisfaction"] for one in (found["total"], *(group["values"] for group in found["groups"]))
        ]

    nothing = (0, 0)
    assert told() == [(3, 4)]
    assert told(by="region") == [(3, 4), nothing, nothing], "all less one township is the other"
    assert told(region=here) == told(region=there) == told(region=here, item="L0") == [nothing]
    assert told(by="day") == [(3, 4), nothing, nothing], "all less one day is the other"
    assert told(to=MONDAY.isoformat()) == told(**{"from": "2026-03-17"}) == [nothing]
    assert told(to="2026-03-31") == told(**{"from": "2026-02-01"}) == [(3, 4)], "whole months"
    for region in (here, there):
        bulletin = doors.get("/supervision/bulletins", COUNTY, region=region, month="2026-03")
        (bad,) = [line["count"] for line in bulletin["counts"] if line["line"]["code"] == "bad_reviews"]
        (satisfied,) = [one["value"] for one in bulletin["indicators"] if one["code"] == "satisfaction"]
        assert (bad, satisfied) == (None, None), region
    assert told(bundle="catering") == told(item="L0") == [(3, 4)], "nobody else is left over"


def test_a_rating_whose_appeal_was_upheld_counts_no_more(doors: Doors) -> None:
    for level in ("satisfied", "satisfied", "satisfied", "dissatisfied"):
        filed = doors.file("catering_full")
        filed.act("L0", "receive")
        wish = {"item": "L0", "stage": "intake", "level": level, "tags": []}
        rating = doors.post(f"/applications/{filed.id}/ratings", filed.who, wish, 201)
    assert figures(values(doors)["total"])["satisfaction"] == (3, 4)
    doors.clock.pass_(days=1)
    doors.sweep()
    act(doors, rating["matter_id"], "officer.market.330802.3", "appeal", reason="评价对象有误")
    act(doors, rating["matter_id"], CITY, "uphold", reason="经复核，评价对象有误")
    assert figures(values(doors)["total"])["satisfaction"] == (3, 3), "also after its day was rolled up"
    assert rollups.reconcile(doors.platform.store) == 0


def test_a_mended_formula_can_be_applied_to_the_past(doors: Doors, some_cases: list[Filed]) -> None:
    def spoil(_: object) -> Any:
        return Outcome(None, Changes(deletes=[("fact", {"id": f"{some_cases[0].reference}-L0"}), ("roll_up", {})]))

    before = figures(values(doors)["total"])
    doors.platform.store.perform(spoil)
    assert figures(values(doors)["total"]) != before
    assert rollups.reconcile(doors.platform.store) == 1
    assert figures(values(doors)["total"]) == before
    assert rollups.reconcile(doors.platform.store) == 0


def test_call_backs_and_the_time_to_put_right_are_counted_from_the_loop(doors: Doors) -> None:
    """Three bad reviews, one through an agent: two are called back about, one is put right after a week."""
    matters = []
    for who in ("wang_owner", "wang_owner", "agent.wang_owner"):
        filed = doors.file("catering_full")
        filed.act("L0", "receive")
        wish = {"item": "L0", "stage": "intake", "level": "dissatisfied", "tags": []}
        matters.append(doors.post(f"/applications/{filed.id}/ratings", who, wish, 201)["matter_id"])
    desk = "officer.market.330802.1"
    for matter in (matters[0], matters[2]):
        act(doors, matter, desk, "verify", reason="已回访", finding="clear")
    found = figures(values(doors)["total"])
    assert (found["called_back"], found["called_back_named"]) == ((2, 3), (1, 2))
    assert found["rectification_days"] == (0, 0)
    act(doors, matters[0], desk, "reply", reason="已整改", evidence=["示例"])
    doors.clock.pass_(days=7)
    act(doors, matters[0], "wang_owner", "confirm", level="satisfied")
    found = figures(values(doors, department="market.330802")["total"])
    assert found["rectification_days"] == (7, 1)
    assert figures(values(doors, region="330881")["total"])["called_back"] == (0, 0)
    doors.clock.pass_(days=1)
    doors.sweep()
    assert figures(values(doors)["total"])["called_back"] == (2, 3), "also from the roll-ups"
    assert rollups.reconcile(doors.platform.store) == 0
    refused = expect(doors.send("GET", "/indicators/called_back_named/cases", CITY), 403)
    assert "保护" in refused["detail_zh"]


def test_a_call_back_about_a_rating_that_counts_no_more_counts_no_more(doors: Doors) -> None:
    matters = []
    for _ in range(3):
        filed = doors.file("catering_full")
        filed.act("L0", "receive")
        wish = {"item": "L0", "stage": "intake", "level": "dissatisfied", "tags": []}
        matters.append(doors.post(f"/applications/{filed.id}/ratings", filed.who, wish, 201)["matter_id"])
    act(doors, matters[0], "officer.market.330802.1", "verify", reason="已回访", finding="clear")
    act(doors, matters[0], "officer.market.330802.3", "appeal", reason="评价对象有误")
    act(doors, matters[0], CITY, "uphold", reason="经复核属实")
    filed = doors.file("catering_full")
    filed.act("L0", "receive")
    wish = {"item": "L0", "stage": "intake", "level": "satisfied", "tags": []}
    doors.post(f"/applications/{filed.id}/ratings", filed.who, wish, 201)
    assert figures(values(doors)["total"])["called_back"] == (0, 2)
    assert rollups.reconcile(doors.platform.store) == 0


def test_filing_online_for_another_county_counts_as_filed_elsewhere(doors: Doors) -> None:
    """Wang lives in Kecheng: one errand there, one in Jiangshan, one across the border of the city."""
    for region in ("330802", "330881", "330106"):
        doors.file("catering_simple", region=region)
    found = figures(values(doors, STEWARD)["total"])
    assert (found["elsewhere"], found["other_province"]) == ((2, 3), (0, 3))
    assert figures(values(doors, region="330802")["total"])["elsewhere"] == (0, 1)
    assert figures(values(doors, region="330881")["total"])["elsewhere"] == (1, 1)
