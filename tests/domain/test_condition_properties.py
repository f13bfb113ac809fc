"""Random well-typed conditions over a few facts, whose answers are few enough to try them all."""

import json
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    Constant,
    Contains,
    Facts,
    FactType,
    Holds,
    Not,
    OneOf,
    Value,
    because,
    check,
    cited,
    counterfactuals,
    evaluate,
    from_data,
    missing,
    names,
    parse,
    to_data,
    unparse,
)
from app.domain.vocabulary import QuestionKind, Text

KINDS = ("正常", "弹性提前", "弹性延迟", "特殊工种", "病退")
UTILITIES = ("水", "电", "气")
DOMAINS: dict[str, tuple[Value, ...]] = {
    "fun": (True, False),
    "sign": (True, False),
    "area_m2": (0, 99.5, 100, 150, 300, 301),
    "kind": KINDS,
    "need": ((), ("水",), ("气",), ("水", "气"), ("电",)),
}
TYPES = {
    "fun": FactType(QuestionKind.BOOL, Text("<fun>", "fun")),
    "sign": FactType(QuestionKind.BOOL, Text("<sign>", "sign")),
    "area_m2": FactType(QuestionKind.NUMBER, Text("<area_m2>", "area")),
    "kind": FactType(QuestionKind.ENUM, Text("<kind>", "kind"), {value: Text(value, value) for value in KINDS}),
    "need": FactType(QuestionKind.MULTI, Text("<need>", "needs"), {value: Text(value, value) for value in UTILITIES}),
}
LEAVES = st.one_of(
    st.builds(Constant, st.booleans()),
    st.builds(Holds, st.sampled_from(["fun", "sign"])),
    st.builds(
        Compare,
        st.just("area_m2"),
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        st.sampled_from([100, 99.5, 300]),
    ),
    st.builds(Compare, st.just("kind"), st.sampled_from(["==", "!="]), st.sampled_from(KINDS)),
    st.builds(OneOf, st.just("kind"), st.lists(st.sampled_from(KINDS), min_size=1, max_size=3).map(tuple)),
    st.builds(Contains, st.just("need"), st.sampled_from(UTILITIES)),
)


def _grow(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, inner), st.builds(All, parts), st.builds(AnyOf, parts))


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(LEAVES, _grow, max_leaves=8)
ANSWERS: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in DOMAINS.items()}
)


def _without(facts: Facts, name: str) -> dict[str, Value]:
    return {other: answer for other, answer in facts.items() if other != name}


@settings(max_examples=80, deadline=None)
@given(CONDITIONS, ANSWERS)
def test_an_outcome_once_decided_holds_for_every_way_of_answering_the_rest(condition: Condition, facts: Facts) -> None:
    outcome = evaluate(condition, facts)
    open_names = sorted(names(condition) - set(facts))
    completions = product(*(DOMAINS[name] for name in open_names))
    full = {evaluate(condition, {**facts, **dict(zip(open_names, answers, strict=True))}) for answers in completions}
    assert None not in full
    if outcome is not None:
        assert full == {outcome}
    assert (missing(condition, facts) == ()) is (outcome is not None)
    assert set(missing(condition, facts)) <= set(open_names)


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, ANSWERS)
def test_cited_facts_suffice_and_none_of_them_can_be_spared(condition: Condition, facts: Facts) -> None:
    outcome = evaluate(condition, facts)
    kept = {name: facts[name] for name in cited(condition, facts)}
    if outcome is None:
        assert kept == {}
        return
    assert evaluate(condition, kept) is outcome
    assert all(evaluate(condition, _without(kept, name)) is None for name in kept)


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, ANSWERS)
def test_the_reason_names_every_cited_fact_and_no_other(condition: Condition, facts: Facts) -> None:
    said = because(condition, facts, TYPES)
    named = {name for name in DOMAINS if f"<{name}>" in said.zh}
    decided = evaluate(condition, facts) is not None
    assert named == (cited(condition, facts) if decided else set(missing(condition, facts)))


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, ANSWERS)
def test_every_counterfactual_turns_the_outcome_and_needs_all_its_changes(condition: Condition, facts: Facts) -> None:
    outcome = evaluate(condition, facts)
    ways = counterfactuals(condition, facts, TYPES)
    if outcome is None:
        assert ways == ()
    for way in ways:
        changed = {change.fact: change.value for change in way}
        assert len(changed) == len(way)
        assert set(changed) <= names(condition)
        assert all(facts.get(fact) != value for fact, value in changed.items())
        assert evaluate(condition, {**facts, **changed}) is (not outcome)
        assert all(evaluate(condition, {**facts, **_without(changed, fact)}) is not (not outcome) for fact in changed)
    assert [len(way) for way in ways] == sorted(len(way) for way in ways)


@settings(max_examples=150, deadline=None)
@given(CONDITIONS, ANSWERS)
def test_whatever_one_other_answer_would_turn_has_a_counterfactual(condition: Condition, facts: Facts) -> None:
    outcome = evaluate(condition, facts)
    if outcome is None:
        return
    turned = {
        name
        for name in names(condition)
        for answer in DOMAINS[name]
        if evaluate(condition, {**facts, name: answer}) is (not outcome)
    }
    single = {way[0].fact for way in counterfactuals(condition, facts, TYPES, limit=50) if len(way) == 1}
    assert turned <= single


@settings(max_examples=200, deadline=None)
@given(CONDITIONS)
def test_text_and_data_both_give_the_same_condition_back(condition: Condition) -> None:
    assert parse(unparse(condition)) == condition
    assert from_data(json.loads(json.dumps(to_data(condition)))) == condition
    assert check(condition, TYPES) == []
