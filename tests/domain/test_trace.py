"""The trace of a plan: made again from itself alone, it gives the same plan; take one fact away and it does not."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from app.domain.catalogue import Story
from app.domain.conditions import from_data, parse
from app.domain.routing import Plan
from app.domain.trace import VERSION, Outcome, TraceError, outcome_of, replay, trace_of
from tests.factories import catalogue
from tests.plans import any_plan, catering, planned, stories, told

STORIES = stories()
Trace = dict[str, Any]


def rule_of(trace: Trace, subject: str) -> Trace:
    found: Trace = next(rule for rule in trace["rules"] if rule["subject"] == subject)
    return found


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.code)
def test_a_story_replayed_from_its_trace_alone_gives_the_same_plan(story: Story) -> None:
    plan = told(story)
    trace = trace_of(plan)
    assert replay(trace) == outcome_of(plan)
    assert replay(json.loads(json.dumps(trace))) == outcome_of(plan)
    assert replay(orjson.loads(orjson.dumps(trace))) == outcome_of(plan)


@given(any_plan())
@settings(max_examples=150, deadline=None)
def test_any_plan_replayed_from_its_trace_alone_gives_the_same_plan(plan: Plan) -> None:
    assert replay(json.loads(json.dumps(trace_of(plan)))) == outcome_of(plan)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.code)
def test_without_any_one_of_its_facts_a_rule_is_open_again(story: Story) -> None:
    trace: Trace = trace_of(told(story))
    whole = replay(trace)
    for place, rule in enumerate(trace["rules"]):
        for fact in rule["facts"]:
            lacking = deepcopy(trace)
            del lacking["rules"][place]["facts"][fact]
            outcome = replay(lacking)
            assert outcome.decisions[rule["subject"]] is None
            assert outcome != whole


def test_stated_outcomes_and_texts_are_not_believed() -> None:
    plan = catering()
    trace: Trace = trace_of(plan)
    for rule in trace["rules"]:
        rule["outcome"], rule["text"] = not rule["outcome"], "false"
    trace["facts"] = {}
    assert replay(trace) == outcome_of(plan)


def test_a_rule_is_told_with_only_the_facts_that_settle_it() -> None:
    rule = rule_of(trace_of(catering(area_m2=320, entertainment=False)), "item:X1")
    assert rule["text"] == "area_m2 >= 300 or entertainment"
    assert rule["facts"] == {"area_m2": 320}
    assert rule["outcome"] is True


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.code)
def test_the_text_of_every_rule_means_what_its_data_means(story: Story) -> None:
    trace: Trace = trace_of(told(story))
    for rule in trace["rules"]:
        assert parse(rule["text"]) == from_data(rule["rule"])


def test_an_open_rule_is_told_without_facts() -> None:
    trace = trace_of(planned("catering", {"area_m2": 100}))
    assert rule_of(trace, "item:X1")["facts"] == {}
    assert rule_of(trace, "item:X1")["outcome"] is None
    assert "X1" in replay(trace).undecided


def test_another_answer_in_the_trace_gives_another_plan() -> None:
    trace: Trace = trace_of(catering(area_m2=320, entertainment=False, fire_commit=True))
    before = replay(trace)
    rule_of(trace, "promise:X1:0")["facts"]["fire_commit"] = False
    ordinary = replay(trace)
    rule_of(trace, "item:X1")["facts"] = {"area_m2": 299, "entertainment": False}
    without = replay(trace)
    assert before.days["X1"] == 0 < ordinary.days["X1"]
    assert "X1" in ordinary.included
    assert "X1" in without.excluded
    assert "X1" not in without.finish


def test_the_promise_of_the_region_is_in_the_trace() -> None:
    jiangshan = planned("catering", dict(catalogue().stories["catering_full"].answers), "330881")
    trace: Trace = trace_of(jiangshan)
    tobacco = next(item for item in trace["items"] if item["item"] == "T1")
    assert tobacco["days"]["ordinary"] == 6
    assert tobacco["department"] == jiangshan.find("T1").routed.department.code
    assert replay(trace).days["T1"] == 6


def test_every_promise_rule_of_a_chosen_item_is_in_the_trace_whether_or_not_it_holds() -> None:
    for commits in (True, False):
        trace = trace_of(catering(area_m2=320, fire_commit=commits))
        assert rule_of(trace, "promise:X1:0")["outcome"] is commits


def test_the_days_off_let_anybody_count_the_dates_again() -> None:
    calendar: Trace = trace_of(catering())["calendar"]  # type: ignore[assignment]
    days_off = calendar["days_off"]
    assert calendar["start"] == "2026-09-21"
    assert {"2026-09-26", "2026-10-01", "2026-10-07"} <= set(days_off)
    assert "2026-09-20" not in days_off  # before the start
    assert "2026-10-10" not in days_off  # a Saturday worked in exchange
    assert days_off == sorted(days_off)


def test_a_source_falls_back_when_the_item_that_would_give_it_is_not_in() -> None:
    trace: Trace = trace_of(catering(has_licence=False))
    whole = replay(trace)
    given = [code for code, source in whole.fields.items() if source.origin == "L0"]
    rule_of(trace, "item:L0")["facts"] = {"has_licence": True}
    assert given
    assert all(replay(trace).fields[code].origin != "L0" for code in given if code in replay(trace).fields)


def test_an_independent_edge_holds_nothing_up() -> None:
    trace: Trace = trace_of(catering(has_licence=False))
    check = next(item for item in trace["items"] if item["item"] == "L1")
    assert "L1" not in replay(trace).stages[0]
    check["after"][0]["needs"] = "independent"
    assert "L1" in replay(trace).stages[0]


def test_the_same_plan_always_gives_the_same_trace() -> None:
    assert json.dumps(trace_of(catering())) == json.dumps(trace_of(catering()))


def test_changing_a_trace_does_not_change_the_plan() -> None:
    plan = planned("utility", dict(catalogue().stories["utility_full"].answers))
    before = outcome_of(plan)
    trace: Trace = trace_of(plan)
    trace["facts"]["need"].clear()
    trace["items"][0]["looked_at"].clear()
    trace["rules"].clear()
    assert outcome_of(plan) == before
    assert trace_of(plan)["facts"]["need"]  # type: ignore[index]


# Traces that cannot be replayed


def broken(spoil: Callable[[Trace], object]) -> TraceError:
    trace: Trace = trace_of(catering())
    spoil(trace)
    with pytest.raises(TraceError) as caught:
        replay(trace)
    return caught.value


def test_a_trace_of_another_version_is_refused_by_name() -> None:
    error = broken(lambda trace: trace.update(version="trace/v2"))
    assert error.at == "/version"
    assert VERSION in error.message.en
    assert VERSION in error.message.zh


def test_what_is_no_trace_at_all_is_refused() -> None:
    for nothing in ({}, {"version": 1}, {"version": None}):
        with pytest.raises(TraceError):
            replay(nothing)
    with pytest.raises(TraceError, match="must be an object"):
        replay([])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spoil", "at", "says"),
    [
        (lambda trace: trace.pop("rules"), "", "rules is missing"),
        (lambda trace: trace["rules"][1].pop("facts"), "/rules/1", "facts is missing"),
        (lambda trace: trace["rules"][0].update(rule={"op": "run"}), "/rules/0/rule", "cannot be read"),
        (lambda trace: trace["rules"].append(trace["rules"][0]), "/rules/15", "decided twice"),
        (lambda trace: trace["items"].pop(0), "/items", "is not listed"),
        (lambda trace: trace["items"][0]["days"].update(ordinary=True), "/items/0/days/ordinary", "a whole number"),
        (lambda trace: trace["items"][0]["days"].update(ordinary=-1), "/items", "the days are wrong"),
        (lambda trace: trace["calendar"].update(start="tomorrow"), "/calendar/start", "YYYY-MM-DD"),
        (lambda trace: trace["calendar"].update(through="2026-09-22"), "/calendar", "fewer than"),
        (lambda trace: trace["calendar"].update(through="9999-12-31"), "/calendar", "too long"),
        (lambda trace: trace["materials"][0]["uses"][0].update(need="maybe"), "/materials/0/uses/0/need", "one of"),
        (lambda trace: trace["materials"][0].update(generated="yes"), "/materials/0/generated", "true or false"),
        (lambda trace: trace["fields"][0].update(users="F1"), "/fields/0/users", "a list"),
        (lambda trace: trace["fields"][0].update(results=[1]), "/fields/0/results", "a list of texts"),
    ],
)
def test_a_spoilt_trace_is_refused_with_the_place(spoil: Callable[[Trace], object], at: str, says: str) -> None:
    error = broken(spoil)
    assert error.at == at
    assert says in error.message.en
    assert error.message.zh.endswith("。")


def test_items_that_wait_for_each_other_are_refused() -> None:
    def close_the_circle(trace: Trace) -> None:
        places = {item["item"]: item for item in trace["items"]}
        places["L0"]["after"] = [{"any_of": ["F1"], "needs": "granted"}]

    assert "wait for each other" in broken(close_the_circle).message.en


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of the trace, the first two of each list."""
    if at:
        yield at
    if isinstance(value, dict):
        for key in value:
            yield from paths(value[key], (*at, key))
    elif isinstance(value, list):
        for place in range(min(2, len(value))):
            yield from paths(value[place], (*at, place))


@pytest.mark.parametrize("instead", [None, 7, "x", [], {}, True, "drop"], ids=repr)
def test_whatever_is_spoilt_the_answer_is_an_outcome_or_a_clear_refusal(instead: object) -> None:
    trace: Trace = trace_of(told(catalogue().stories["house_full"]))
    for path in list(paths(trace)):
        spoilt = deepcopy(trace)
        inside: Any = spoilt
        for key in path[:-1]:
            inside = inside[key]
        if instead == "drop":
            del inside[path[-1]]
        else:
            inside[path[-1]] = instead
        try:
            assert isinstance(replay(spoilt), Outcome)
        except TraceError as error:
            assert error.message.en.endswith(".")  # noqa: PT017 -- either way is right
            assert error.message.zh.endswith("。")  # noqa: PT017
