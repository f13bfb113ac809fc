"""What a person is told about a plan: true, in whole sentences, in both languages, and nothing invented."""

import re
from typing import Any

import pytest
from hypothesis import given, settings

from app.domain.answers import accept
from app.domain.catalogue import Bundle, Question, Story
from app.domain.conditions import FactType, parse
from app.domain.explanations import Explanation, explain, explain_plan
from app.domain.routing import Plan, decide
from app.domain.trace import decisions_of
from app.domain.vocabulary import Level, QuestionKind, Text
from tests.factories import planner
from tests.plans import any_plan, catering, planned, stories, told

STORIES = stories()


def fire_check(**answers: Any) -> Explanation:
    return explain_plan(catering(**answers)).by_subject["item:X1"]


# The sentences


def test_an_item_that_is_in_says_why_and_what_would_leave_it_out() -> None:
    fire = fire_check(area_m2=320, entertainment=False)
    assert fire.because == Text(
        "需要办理“消防安全检查”：经营面积 320 平方米，不小于 300 平方米。",
        "“Fire inspection” is needed: the floor area is 320 m², at least 300 m².",
    )
    assert fire.counterfactuals == (
        Text(
            "若经营面积小于 300 平方米，则不需要办理“消防安全检查”。",
            "If instead the floor area is below 300 m², “Fire inspection” is not needed.",
        ),
    )
    assert fire.facts == ("area_m2",)
    assert fire.rule == "area_m2 >= 300 or entertainment"


def test_an_item_that_is_out_says_every_way_in() -> None:
    fire = fire_check(area_m2=120, entertainment=False)
    assert fire.because == Text(
        "不需要办理“消防安全检查”：经营面积 120 平方米，小于 300 平方米；不设娱乐项目。",
        "“Fire inspection” is not needed: the floor area is 120 m², below 300 m²; you offer no entertainment.",
    )
    assert [text.zh for text in fire.counterfactuals] == [
        "若经营面积不小于 300 平方米，则需要办理“消防安全检查”。",
        "若设有娱乐项目，则需要办理“消防安全检查”。",
    ]
    assert fire.changes == ({"area_m2": 300}, {"entertainment": True})


def test_two_facts_that_must_change_together_stand_in_one_sentence() -> None:
    (both,) = fire_check(area_m2=320, entertainment=True).counterfactuals
    assert both.zh == "若经营面积小于 300 平方米，且不设娱乐项目，则不需要办理“消防安全检查”。"
    assert both.en == (
        "If instead the floor area is below 300 m² and you offer no entertainment, “Fire inspection” is not needed."
    )


def test_an_open_item_says_what_it_depends_on() -> None:
    fire = explain_plan(planned("catering", {"area_m2": 100})).by_subject["item:X1"]
    assert fire.outcome is None
    assert fire.because == Text(
        "是否需要办理“消防安全检查”，取决于：娱乐项目。",
        "Whether “Fire inspection” is needed depends on: entertainment.",
    )
    assert fire.counterfactuals == fire.facts == ()


def test_an_item_needed_in_every_case_needs_no_reason() -> None:
    check = explain_plan(catering()).by_subject["item:L1"]
    assert check.because == Text("任何情形都需要办理“执照核验”。", "“Licence check” is needed in every case.")
    assert check.counterfactuals == ()


def test_a_requirement_that_fails_says_where_to_go_instead() -> None:
    packed = explain_plan(catering(food_scope=["预包装食品销售"])).by_subject["eligible:0"]
    assert packed.outcome is False
    assert packed.because.zh.startswith("不符合“开办餐饮店”的一项条件：经营项目不包含“热食类制售”")
    assert packed.counterfactuals[0].zh == "若经营项目包含“热食类制售”，则符合这一条件。"
    assert packed.note is not None
    assert "仅销售预包装食品备案" in packed.note.zh


def test_another_promise_says_which_and_why() -> None:
    promise = explain_plan(catering(area_m2=320, fire_commit=True)).by_subject["promise:X1:0"]
    assert promise.because == Text(
        "适用“消防安全检查”当场办结的承诺：消防安全检查选择告知承诺。",
        "The promise to settle “Fire inspection” on the spot applies: "
        "you choose a declaration for the fire inspection.",
    )
    low = explain_plan(planned("utility", {"need": ["电"], "outer": False, "kv": "高压"})).by_subject["promise:U2:0"]
    assert low.because.zh == "不适用“通电”2 个工作日办结的承诺：用电类型为“高压”，不是“低压”。"
    assert low.counterfactuals[0].en == (
        "If instead the voltage type is “low voltage”, "
        "the promise to settle “Electricity” within 2 working days applies."
    )


def test_what_is_not_needed_brings_its_reason() -> None:
    charter = explain_plan(catering(subject="个体工商户")).by_subject["not_needed:2"]
    assert charter.because.zh == "不需要“公司章程”：经营主体类型为“个体工商户”。"
    assert charter.because.en == "You do not need “Articles of association”: the kind of business is “sole trader”."
    assert charter.note is not None
    hygiene = explain_plan(catering()).by_subject["not_needed:0"]
    assert hygiene.because.zh == "任何情形都不需要“公共场所卫生许可证”。"


def test_a_material_is_explained_once_for_all_items_with_the_same_rule() -> None:
    answers = {"need": ["水"], "outer": True, "outer_m": 300, "dig": True, "green": False}
    routes = [text for text in explain_plan(planned("utility", answers)).materials if "outer" in text.facts]
    (route,) = [text for text in routes if "route_plan" in text.subject]
    assert route.because.zh == (
        "需要提供“外线走向与断面图”（用于“管线规划许可”、“占道挖路”、“涉路交通审查”）：需要新建红线外管线。"
    )
    assert "(for “Pipeline planning permit”, “Road works” and “Traffic safety review”) is needed" in route.because.en


# True and well formed, whatever is answered


def holds_now(plan: Plan, subject: str) -> bool | None:
    """The decision in this plan. A promise or a paper of an item that is not in does not apply."""
    outcomes = {decision.subject: decision.outcome for decision in decisions_of(plan)}
    if subject.startswith("material:"):
        code = subject.split(":")[1]
        uses = [outcome for other, outcome in outcomes.items() if other.startswith(f"material:{code}:")]
        return outcomes.get(subject, True in uses)
    return outcomes.get(subject, False)


def assert_true_when_applied(plan: Plan) -> None:
    for explanation in explain_plan(plan):
        assert len(explanation.changes) == len(explanation.counterfactuals)
        for changes in explanation.changes:
            changed = planned(plan.bundle.code, {**plan.answers, **changes}, plan.region, plan.start)
            assert holds_now(changed, explanation.subject) is (not explanation.outcome), (explanation, changes)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.code)
def test_every_difference_told_in_a_story_makes_that_difference(story: Story) -> None:
    assert_true_when_applied(told(story))


@given(any_plan())
@settings(max_examples=60, deadline=None)
def test_every_difference_told_makes_that_difference(plan: Plan) -> None:
    assert_true_when_applied(plan)


CHINESE_SENTENCE = re.compile(r"[^。{}]+。")
BAD_CHINESE = re.compile(r"[，。：；、（]\s*[，。：；、）]|[,;:!?]|(?<!\d)\.|\.(?!\d)|”“|None|  ")
BAD_ENGLISH = re.compile(r"[,.:;]\s*[,.:;]|[，。：；、（）]|the the|a the|None|[{}]|  | [,.:;]")


def assert_well_formed(text: Text) -> None:
    assert CHINESE_SENTENCE.fullmatch(text.zh), text.zh
    assert not BAD_CHINESE.search(text.zh), text.zh
    assert not BAD_ENGLISH.search(text.en), text.en
    assert text.en.endswith(".")
    assert text.en[0] == "“" or text.en[0].isupper()
    assert text.zh.count("“") == text.zh.count("”")
    assert text.en.count("“") == text.en.count("”")
    assert not re.search(r"[\u4e00-\u9fff]", text.en), text.en


@given(any_plan())
@settings(max_examples=100, deadline=None)
def test_every_sentence_is_whole_and_in_its_own_punctuation(plan: Plan) -> None:
    for explanation in explain_plan(plan):
        for text in (explanation.because, *explanation.counterfactuals):
            assert_well_formed(text)


@given(any_plan())
@settings(max_examples=60, deadline=None)
def test_every_decision_is_explained_in_order_and_by_its_own_facts(plan: Plan) -> None:
    explained = explain_plan(plan)
    decisions = {decision.subject: decision for decision in decisions_of(plan)}
    order = list(plan.bundle.questions)
    for explanation in explained:
        decision = decisions[explanation.subject]
        assert explanation.outcome is decision.outcome
        assert set(explanation.facts) == decision.facts
        assert list(explanation.facts) == sorted(explanation.facts, key=order.index)
    alone = {subject for subject in decisions if not subject.startswith("material:")}
    assert alone <= set(explained.by_subject)
    assert [found.subject for found in explained.included] == [item.decision.subject for item in plan.items]
    assert all(found.outcome is None for found in explained.undecided)


@given(any_plan())
@settings(max_examples=20, deadline=None)
def test_the_same_plan_is_always_explained_in_the_same_words(plan: Plan) -> None:
    again = planner(plan.bundle.code).plan(dict(plan.answers), plan.region, plan.start)
    assert explain_plan(plan) == explain_plan(again)


# Differences nobody could make


def bundle_asking(*questions: Question) -> Bundle:
    name = Text("小事", "A small matter")
    return Bundle(
        code="small",
        name=name,
        summary=name,
        audience=(),
        lead="market",
        level=Level.COUNTY,
        keywords=(),
        questions={question.code: question for question in questions},
        eligibility=(),
        items={},
        not_needed=(),
        facts=(),
    )


def yes_no(code: str, when: str | None = None) -> Question:
    label = Text(f"{code} 一项", f"item {code}")
    return Question(code, label, FactType(QuestionKind.BOOL, label), when=parse(when) if when else None)


def number(code: str, low: float, high: float) -> Question:
    label = Text("面积", "area")
    return Question(code, label, FactType(QuestionKind.NUMBER, label), minimum=low, maximum=high)


def differences(bundle: Bundle, rule: str, answers: dict[str, Any], within: str | None = None) -> list[str]:
    accepted = accept(bundle, answers)
    decision = decide("item:X", parse(rule), accepted)
    name = Text("某事项", "Some item")
    found = explain(decision, name, accepted, bundle, within=parse(within) if within else None)
    return [text.en for text in found.counterfactuals]


def test_a_question_that_would_not_be_asked_is_not_offered_as_a_difference() -> None:
    bundle = bundle_asking(yes_no("big"), yes_no("safe", when="big"))
    assert differences(bundle, "big or safe", {"big": True, "safe": True}) == []
    assert differences(bundle, "big and safe", {"big": True, "safe": True}) == [
        "If instead the answer to “item big” is no, “Some item” is not needed.",
        "If instead the answer to “item safe” is no, “Some item” is not needed.",
    ]


def test_a_number_the_question_does_not_accept_is_not_offered_as_a_difference() -> None:
    assert differences(bundle_asking(number("size", 10, 90)), "size >= 10", {"size": 20}) == []
    assert differences(bundle_asking(number("size", 10, 90)), "size >= 20", {"size": 20}) == [
        "If instead the area is below 20, “Some item” is not needed."
    ]


def test_what_belongs_to_an_item_applies_only_together_with_the_item() -> None:
    bundle = bundle_asking(number("size", 0, 90))
    assert differences(bundle, "size < 50", {"size": 60}, within="size > 55") == []
    assert differences(bundle, "size < 50", {"size": 60}, within="size > 5") == [
        "If instead the area is above 5 and below 50, “Some item” is needed."
    ]


def test_a_kind_of_decision_nobody_has_words_for_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        explain(decide("moon:1", parse("true"), {}), Text("月", "Moon"), {}, bundle_asking())
