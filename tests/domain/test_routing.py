"""The plan: which items, in what order, by which department, from which sources, by when."""

import itertools
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.answers import accept, open_questions
from app.domain.authorities import department_at, find
from app.domain.catalogue import (
    Bundle,
    BundleItem,
    Edge,
    FieldSources,
    FieldSpec,
    Library,
    Limit,
    Line,
    Material,
    MaterialSources,
    MaterialUse,
    Override,
    PromiseRule,
    Question,
    Requirement,
    ServiceItem,
)
from app.domain.conditions import FactType, parse
from app.domain.deadlines import critical_path, due_on
from app.domain.errors import NoAuthority
from app.domain.routing import Plan, Planner, ancestors, effective_edges, holding, nearest_override
from app.domain.sources import field_source, material_source, producer
from app.domain.vocabulary import EdgeNeed, Level, Means, Need, QuestionKind, Source, Text
from tests.factories import MONDAY, catalogue, planner

GRANTED, DECIDED, INDEPENDENT = EdgeNeed.GRANTED, EdgeNeed.DECIDED, EdgeNeed.INDEPENDENT
NOTE = Text("说明", "note")
COUNTY, CITY, PROVINCE = "330802", "330800", "330000"


def line(code: str, *levels: Level) -> Line:
    names = {level: Text("{region}某局", "{region} bureau") for level in levels}
    return replace(catalogue().library.lines["market"], code=code, body_names=names)


def field(code: str, **sources: Any) -> FieldSpec:
    template = catalogue().library.fields["contact"]
    return replace(template, code=code, group="g", sources=FieldSources(**sources))


def material(code: str, **sources: Any) -> Material:
    return replace(catalogue().library.materials["layout"], code=code, sources=MaterialSources(**sources))


def item(
    code: str, days: int, *, fields: str = "", materials: tuple[MaterialUse, ...] = (), **more: Any
) -> ServiceItem:
    template = catalogue().library.items["F1"]
    values = {"line": "local", "level": Level.COUNTY, "promised": Limit(days), **more}
    return replace(template, code=code, fields=tuple(fields.split()), materials=materials, **values)


def use(code: str, need: Need = Need.REQUIRED, when: str | None = None) -> MaterialUse:
    return MaterialUse(code, need, parse(when) if when else None)


QUESTIONS = {
    "big": Question("big", NOTE, FactType(QuestionKind.BOOL, NOTE)),
    "area": Question("area", NOTE, FactType(QuestionKind.NUMBER, NOTE), minimum=0),
    "quick": Question("quick", NOTE, FactType(QuestionKind.BOOL, NOTE), when=parse("big")),
}
BUNDLE = replace(
    catalogue().library.bundles["catering"],
    code="small",
    questions=QUESTIONS,
    eligibility=(
        Requirement(
            parse("area < 1000"), NOTE, next(iter(catalogue().library.bundles["catering"].not_needed)).provenance
        ),
    ),
    items={
        "A": BundleItem("A", parse("true")),
        "B": BundleItem("B", parse("big"), (Edge(("A",)),)),
        "C": BundleItem("C", parse("area >= 300"), (Edge(("B", "D")),), (PromiseRule(parse("quick"), 1, NOTE),)),
        "D": BundleItem("D", parse("true"), (Edge(("A",), INDEPENDENT),)),
        "E": BundleItem("E", parse("true"), (Edge(("B",), DECIDED), Edge(("D",)))),
    },
    not_needed=(),
)
SMALL = Library(
    lines={
        "local": line("local", Level.COUNTY, Level.CITY),
        "city": line("city", Level.CITY),
        "nowhere": line("nowhere", Level.VILLAGE),
    },
    groups={"g": NOTE},
    fields={
        "name": field("name"),
        "number": field("number", results=("A",), dataset="register"),
        "place": field("place", dataset="register"),
        "from_b": field("from_b", results=("B",)),
        "note": field("note"),
    },
    materials={
        "paper": material("paper"),
        "licence": material("licence", results=("A",), certificate="licence"),
        "plan": material("plan", results=("B",), generated=True),
        "promise": material("promise", commitment=True),
    },
    datasets={},
    certificates={},
    items={
        "A": item("A", 2, fields="name", materials=(use("paper"),)),
        "B": item("B", 3, fields="name number", materials=(use("licence"), use("paper", Need.DEFERRABLE))),
        "C": item("C", 5, fields="name from_b", materials=(use("plan"), use("promise", Need.CONDITIONAL, "quick"))),
        "D": item("D", 4, fields="number place", line="city"),
        "E": item("E", 1, fields="from_b note", materials=(use("paper", Need.CONDITIONAL),)),
    },
    bundles={"small": BUNDLE},
    overrides=(
        Override(item="D", region=CITY, promised=Limit(6)),
        Override(item="D", region=PROVINCE, promised=Limit(9)),
        Override(item="C", region=PROVINCE, promised=Limit(7)),
    ),
)


def planner_of(library: Library = SMALL, bundle: Bundle = BUNDLE) -> Planner:
    return Planner(library, bundle, catalogue().regions, catalogue().calendar)


def plan(region: str = COUNTY, **answers: Any) -> Plan:
    return planner_of().plan(accept(BUNDLE, answers), region, MONDAY)


def codes(planned: Plan) -> set[str]:
    return {one.item.code for one in planned.items}


def test_without_answers_only_what_always_applies_is_in() -> None:
    found = plan()
    assert codes(found) == {"A", "D", "E"}
    assert [left.item.code for left in found.undecided] == ["B", "C"]
    assert found.excluded == ()
    assert found.open_questions == ("big", "area")
    assert (found.is_eligible, found.is_complete) == (None, False)


def test_an_answer_moves_an_item_in_or_out_and_says_by_which_fact() -> None:
    found = plan(big=False, area=100)
    assert codes(found) == {"A", "D", "E"}
    assert {left.item.code: left.decision.facts for left in found.excluded} == {"B": {"big"}, "C": {"area"}}
    assert found.is_complete
    assert found.is_eligible


def test_a_question_comes_up_only_when_the_answer_before_it_asks_for_it() -> None:
    assert plan(big=True, area=1).open_questions == ("quick",)
    assert plan(big=False, area=1).open_questions == ()


def test_a_requirement_that_fails_makes_the_plan_complete_and_not_eligible() -> None:
    found = plan(big=False, area=5000)
    assert found.is_eligible is False
    assert [decision.outcome for _, decision in found.eligibility] == [False]


def test_a_predecessor_that_does_not_apply_is_ignored() -> None:
    found = plan(big=False, area=400)
    assert found.find("E").after == (Edge(("D",)),)
    assert found.find("C").after == (Edge(("D",)),)
    assert plan(big=True, area=400).find("C").after == (Edge(("B", "D")),)


def test_an_independent_edge_holds_nobody_up() -> None:
    found = plan(big=True, area=1)
    assert found.find("D").after == (Edge(("A",), INDEPENDENT),)
    assert (found.find("D").stage, found.find("D").starts_after) == (0, 0)


def test_items_stand_in_the_stage_in_which_they_may_start() -> None:
    found = plan(big=True, area=400)
    assert found.stages == (("A", "D"), ("B", "C"), ("E",))
    assert [one.stage for one in found.items] == sorted(one.stage for one in found.items)


def test_the_first_of_several_alternatives_to_finish_is_enough() -> None:
    found = plan(big=True, area=400)
    assert found.find("B").promised_by_day == 5
    assert found.find("D").promised_by_day == 6
    assert found.find("C").starts_after == 5
    assert found.find("E").starts_after == 6


def test_the_promise_of_the_narrowest_region_counts() -> None:
    assert plan().find("D").promised.days == 6
    assert plan(region="361123", big=True).find("D").promised.days == 4, "another province has its own"
    assert nearest_override(SMALL.overrides, "D", PROVINCE, catalogue().regions) == SMALL.overrides[1]
    assert nearest_override(SMALL.overrides, "A", COUNTY, catalogue().regions) is None


def test_another_procedure_has_another_promise() -> None:
    quick, slow = plan(big=True, area=400, quick=True), plan(big=True, area=400, quick=False)
    assert (quick.find("C").promised.days, slow.find("C").promised.days) == (1, 7)
    rule = quick.find("C").promise
    assert rule is not None
    assert rule[1].facts == {"quick"}
    assert slow.find("C").promise is None


def test_the_whole_is_promised_for_the_end_of_the_longest_chain() -> None:
    found = plan(big=True, area=400, quick=False)
    assert found.path.total == max(one.promised_by_day for one in found.items) == 12
    assert found.path.on_path[-1] == "C"
    assert {one.item.code for one in found.items if one.is_critical} == set(found.path.on_path)
    assert found.promised_on == due_on(catalogue().calendar, MONDAY, 12)


def test_a_field_comes_from_the_result_of_an_item_only_when_that_item_is_in() -> None:
    sources = {one.spec.code: (one.source.source, one.source.origin) for one in plan(big=True, area=400).fields}
    assert sources["number"] == (Source.RESULT, "A")
    assert sources["from_b"] == (Source.RESULT, "B")
    assert sources["place"] == (Source.SHARED, "register")
    sources = {one.spec.code: (one.source.source, one.source.origin) for one in plan(big=False, area=400).fields}
    assert sources["from_b"] == (Source.TYPED, None), "B does not apply, so it is typed"


def test_a_field_nobody_in_the_plan_uses_disappears() -> None:
    without = replace(BUNDLE, items={code: entry for code, entry in BUNDLE.items.items() if code in {"A", "B"}})
    fields = planner_of(SMALL, without).plan({"big": False}, COUNTY, MONDAY).fields
    assert [one.spec.code for one in fields] == ["name"]


def test_a_material_falls_back_when_the_item_that_puts_it_out_is_not_in() -> None:
    means = {one.material.code: one.source.means for one in plan(big=True, area=400).materials}
    assert (means["licence"], means["plan"]) == (Means.RESULT, Means.RESULT)
    means = {one.material.code: one.source.means for one in plan(big=False, area=400).materials}
    assert "licence" not in means
    assert means["plan"] is Means.GENERATED
    assert (means["promise"], means["paper"]) == (Means.COMMITMENT, Means.UPLOAD)


def test_a_material_is_as_necessary_as_its_strictest_user_says() -> None:
    papers = {one.material.code: one for one in plan(big=True, area=400, quick=True).materials}
    assert (papers["paper"].need, papers["paper"].users) == (Need.REQUIRED, ("A", "B", "E"))
    assert (papers["promise"].need, papers["promise"].is_needed) == (Need.CONDITIONAL, True)
    papers = {one.material.code: one for one in plan(big=True, area=400, quick=False).materials}
    assert papers["promise"].is_needed is False
    papers = {one.material.code: one for one in plan(big=True, area=400).materials}
    assert papers["promise"].is_needed is None


def test_a_region_wider_than_the_power_asks_for_a_narrower_one() -> None:
    with pytest.raises(NoAuthority, match="choose one county"):
        plan(region=CITY)


def test_the_power_climbs_to_the_level_that_has_a_body() -> None:
    tree = catalogue().regions
    same = find(SMALL.lines["local"], Level.COUNTY, COUNTY, tree)
    assert (same.department.code, same.rule, same.looked_at) == (f"local.{COUNTY}", "same_level", (COUNTY,))
    climbed = find(SMALL.lines["city"], Level.COUNTY, COUNTY, tree)
    assert (climbed.department.code, climbed.rule, climbed.looked_at) == (f"city.{CITY}", "climbed", (COUNTY, CITY))
    assert "衢州市" in climbed.because.zh
    with pytest.raises(NoAuthority, match="or above it"):
        find(SMALL.lines["nowhere"], Level.COUNTY, COUNTY, tree)
    assert department_at(SMALL.lines["city"], tree[COUNTY]) is None


def test_a_case_in_a_township_goes_to_its_county() -> None:
    town = next(code for code, region in catalogue().regions.items() if region.level is Level.TOWNSHIP)
    found = find(SMALL.lines["local"], Level.COUNTY, town, catalogue().regions)
    assert found.department.region == town[:6]


def test_nothing_an_item_itself_uses_is_its_own_result() -> None:
    before = {"A": frozenset[str](), "B": frozenset({"A"}), "D": frozenset[str]()}
    assert producer(["A"], ["B", "D"], before) == "A"
    assert producer(["A"], ["A", "B"], before) is None, "a user cannot wait for itself"
    assert producer(["B"], ["A"], before) is None, "what comes later cannot be an input"
    assert producer(["X", "D"], ["B"], before) == "D", "X is not in the plan"
    assert field_source(FieldSources(results=("B",), dataset="d"), ["A"], before).source is Source.SHARED
    assert material_source(MaterialSources(results=("B",)), ["A"], before).means is Means.UPLOAD


def test_edges_between_chosen_items_keep_their_need() -> None:
    edges = (Edge(("A", "B"), DECIDED), Edge(("C",)), Edge(("D",), INDEPENDENT))
    assert effective_edges(edges, ["B", "D"]) == (Edge(("B",), DECIDED), Edge(("D",), INDEPENDENT))
    assert effective_edges(edges, []) == ()
    assert holding(edges) == edges[:2]
    assert ancestors((("A", "B"), ("C",)), {"A": (), "B": (), "C": (Edge(("A", "B")),)})["C"] == {"A", "B"}


def test_an_alternative_may_stand_in_a_later_stage_than_the_item_it_would_release() -> None:
    entries = {
        "D": BundleItem("D", parse("true")),
        "C": BundleItem("C", parse("true"), (Edge(("D", "B")),)),
        "A": BundleItem("A", parse("true"), (Edge(("D",)),)),
        "B": BundleItem("B", parse("true"), (Edge(("A",)),)),
    }
    found = planner_of(SMALL, replace(BUNDLE, items=entries)).plan({}, COUNTY, MONDAY)
    assert found.find("C").stage == 1
    assert found.find("B").stage == 2
    assert found.find("C").starts_after == found.find("D").promised_by_day


def longest(durations: Mapping[str, int], after: Mapping[str, list[list[str]]]) -> int:
    """Brute force: choose one alternative of every group, walk every chain, and take the best choice for each step."""

    def finish(name: str) -> int:
        choices = itertools.product(*after[name]) if after[name] else [()]
        return durations[name] + min(max((finish(other) for other in chosen), default=0) for chosen in choices)

    return max((finish(name) for name in durations), default=0)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.data())
def test_the_critical_path_is_that_of_brute_force(data: st.DataObject) -> None:
    names = "ABCDEF"[: data.draw(st.integers(1, 6))]
    durations = {name: data.draw(st.integers(0, 9)) for name in names}
    after: dict[str, list[list[str]]] = {}
    for place, name in enumerate(names):
        earlier = st.lists(st.sampled_from(names[:place]), min_size=1, max_size=2, unique=True) if place else None
        after[name] = data.draw(st.lists(earlier, max_size=2)) if earlier is not None else []
    found = critical_path(durations, after)
    assert found.total == longest(durations, after)
    assert sum(durations[name] for name in found.on_path) == found.total


@pytest.mark.parametrize("story", sorted(catalogue().stories))
def test_every_story_is_planned_whole(story: str) -> None:
    told = catalogue().stories[story]
    found = planner(told.bundle).plan(told.answers, told.region, MONDAY)
    assert found.is_complete
    assert found.is_eligible
    everything = [*codes(found), *(left.item.code for left in found.excluded)]
    assert sorted(everything) == sorted(catalogue().library.bundles[told.bundle].items)
    after = {one.item.code: [list(edge.any_of) for edge in holding(one.after)] for one in found.items}
    assert found.path.total == longest({one.item.code: one.promised.days for one in found.items}, after)


@pytest.mark.parametrize("bundle", sorted(catalogue().library.bundles))
def test_no_bundle_breaks_on_the_way_from_no_answer_to_all(bundle: str) -> None:
    plans, dice = planner(bundle), random.Random(bundle)  # noqa: S311
    for story in (told for told in catalogue().stories.values() if told.bundle == bundle):
        answers: dict[str, Any] = {}
        while True:
            found = plans.plan(accept(plans.bundle, answers), "330881", date(2026, 2, 12))
            chosen = codes(found)
            for one in found.items:
                assert all(set(edge.any_of) <= chosen for edge in one.after)
            asked = [code for code in open_questions(plans.bundle, answers) if code in story.answers]
            if not asked:
                break
            code = dice.choice(asked)
            before = {left.item.code for left in found.excluded}, chosen
            answers[code] = story.answers[code]
            after = plans.plan(accept(plans.bundle, answers), "330881", date(2026, 2, 12))
            assert before[0] <= {left.item.code for left in after.excluded}, "what is out stays out"
            assert before[1] <= codes(after), "what is in stays in"
        assert found.is_complete


def test_the_housing_fund_of_a_county_case_is_handled_by_the_city() -> None:
    told = catalogue().stories["retire_full"]
    found = planner("retire").plan(told.answers, told.region, MONDAY).find("R7")
    assert found.routed.department.region == CITY


def test_jiangshan_promises_the_tobacco_licence_sooner() -> None:
    answers = catalogue().stories["catering_full"].answers
    days = {
        region: planner("catering").plan(answers, region, MONDAY).find("T1").promised.days
        for region in (COUNTY, "330881")
    }
    assert days["330881"] < days[COUNTY]


def test_a_declaration_decides_the_fire_check_on_the_spot() -> None:
    told = catalogue().stories["catering_full"]
    found = planner("catering").plan({**told.answers, "fire_commit": True}, told.region, MONDAY)
    assert found.find("X1").promised.days == 0
    assert found.path.total == planner("catering").plan(told.answers, told.region, MONDAY).path.total


def test_an_item_outside_the_plan_is_not_found_in_it() -> None:
    with pytest.raises(KeyError):
        plan().find("B")


def test_a_plan_is_the_same_each_time() -> None:
    assert plan(big=True, area=400) == plan(big=True, area=400)
