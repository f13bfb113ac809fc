"""The condition language: reading, deciding, explaining and turning round what applies in a 一件事."""

import math
from collections.abc import Mapping

import pytest

from app.domain.conditions import (
    Facts,
    FactType,
    because,
    check,
    cited,
    counterfactuals,
    evaluate,
    missing,
    names,
    parse,
)
from app.domain.vocabulary import QuestionKind, Text

KINDS = {"正常": "normal", "弹性提前": "early", "弹性延迟": "late", "特殊工种": "special trade", "病退": "sickness"}
UTILITIES = {"水": "water", "电": "electricity", "气": "gas"}


def _options(words: Mapping[str, str]) -> dict[str, Text]:
    return {value: Text(value, en) for value, en in words.items()}


TYPES = {
    "area_m2": FactType(QuestionKind.NUMBER, Text("经营面积", "floor area"), unit=Text("平方米", "m²")),
    "days": FactType(QuestionKind.NUMBER, Text("出生天数", "age in days")),
    "fun": FactType(
        QuestionKind.BOOL,
        Text("娱乐项目", "entertainment"),
        yes=Text("设有娱乐项目", "you offer entertainment"),
        no=Text("不设娱乐项目", "you offer no entertainment"),
    ),
    "sign": FactType(QuestionKind.BOOL, Text("户外招牌", "outdoor sign")),
    "kind": FactType(QuestionKind.ENUM, Text("退休类型", "type of retirement"), options=_options(KINDS)),
    "need": FactType(QuestionKind.MULTI, Text("接入项目", "utilities needed"), options=_options(UTILITIES)),
}


# Fitting the questions


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("area_m >= 3", [("unknown-name", "area_m", "area_m2")]),
        ("zzz", [("unknown-name", "zzz", "kind")]),
        ("area_m2", [("wrong-kind", "area_m2", "area_m2 >= 100")]),
        ("fun >= 3", [("wrong-kind", "fun", "not fun")]),
        ("need == '水'", [("wrong-kind", "need", "'水' in need")]),
        ("need in ['水']", [("wrong-kind", "need", "'水' in need")]),
        ("'正常' in kind", [("wrong-kind", "kind", "kind == '正常'")]),
        ("area_m2 == '水'", [("wrong-kind", "area_m2", "area_m2 >= 100")]),
        ("kind == '病腿'", [("unknown-option", "kind", "病退")]),
        ("'网' in need", [("unknown-option", "need", "水、电、气")]),
        (
            "kind in ['正常', 'x'] and (fun > 1 or foo) and foo",
            [("unknown-option", "kind", "正常"), ("wrong-kind", "fun", "fun"), ("unknown-name", "foo", "")],
        ),
        ("area_m2 >= 300 or fun and 'x' != kind", [("unknown-option", "kind", "正常")]),
        ("area_m2 >= 300 or fun and kind == '病退' and '水' in need", []),
    ],
)
def test_every_fault_of_a_condition_is_reported_with_what_was_probably_meant(
    source: str, expected: list[tuple[str, str, str]]
) -> None:
    faults = check(parse(source), TYPES)
    assert [(fault.code, fault.name) for fault in faults] == [(code, name) for code, name, _ in expected]
    for fault, (_, _, hint) in zip(faults, expected, strict=True):
        assert hint in fault.message.zh
        assert fault.message.en.endswith((".", "?"))


def test_without_any_question_every_name_is_unknown() -> None:
    (fault,) = check(parse("a"), {})
    assert fault.code == "unknown-name"
    assert "None is defined" in fault.message.en


# Deciding


@pytest.mark.parametrize(
    ("source", "facts", "outcome"),
    [
        ("true", {}, True),
        ("false", {}, False),
        ("sign", {}, None),
        ("sign", {"sign": True}, True),
        ("sign", {"sign": 1}, None),
        ("area_m2 >= 300", {"area_m2": 300}, True),
        ("area_m2 >= 300", {"area_m2": 299.99}, False),
        ("area_m2 >= 300", {"area_m2": "320"}, None),
        ("area_m2 >= 300", {"area_m2": True}, None),
        ("area_m2 >= 300", {"area_m2": math.nan}, None),
        ("area_m2 >= 300", {"area_m2": 10**400}, None),
        ("100 <= area_m2 < 300", {"area_m2": 300}, False),
        ("area_m2 >= 300 or fun", {"area_m2": 320}, True),
        ("area_m2 >= 300 or fun", {"area_m2": 20}, None),
        ("area_m2 >= 300 or fun", {"fun": True}, True),
        ("area_m2 >= 300 or fun", {"fun": False, "area_m2": 20}, False),
        ("fun and area_m2 > 200", {"fun": False}, False),
        ("fun and area_m2 > 200", {"area_m2": 300}, None),
        ("not fun or sign", {"sign": True}, True),
        ("not fun or sign", {"fun": True}, None),
        ("kind == '病退'", {"kind": "病退"}, True),
        ("kind == '病退'", {"kind": ("病退",)}, None),
        ("kind != '病退'", {"kind": "正常"}, True),
        ("kind not in ['正常']", {"kind": "病退"}, True),
        ("'水' in need", {"need": ("水", "电")}, True),
        ("'水' in need", {"need": ()}, False),
        ("'水' in need", {"need": "水电"}, None),
        ("'水' in need", {}, None),
        ("fun or not fun", {}, None),
    ],
)
def test_a_condition_is_decided_as_soon_as_the_answers_allow(source: str, facts: Facts, outcome: bool | None) -> None:
    assert evaluate(parse(source), facts) is outcome


def test_a_list_or_a_set_answers_a_multi_question_too() -> None:
    condition = parse("'水' in need")
    assert all(condition.decide({"need": answer}) is True for answer in (["水"], {"水"}, frozenset("水")))  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("source", "facts", "expected"),
    [
        ("area_m2 >= 300 or fun", {"area_m2": 320, "fun": True}, {"area_m2"}),
        ("area_m2 >= 300 or fun", {"area_m2": 20, "fun": False}, {"area_m2", "fun"}),
        ("(fun or sign) and sign", {"fun": True, "sign": True}, {"sign"}),
        ("fun and sign", {"fun": False, "sign": False}, {"fun"}),
        ("fun and sign", {"fun": True}, set()),
        ("sign or true", {"sign": True}, set()),
        ("true", {"sign": True}, set()),
    ],
)
def test_only_the_facts_that_decide_are_cited(source: str, facts: Facts, expected: set[str]) -> None:
    assert cited(parse(source), facts) == expected


@pytest.mark.parametrize(
    ("source", "facts", "expected"),
    [
        ("fun and area_m2 > 200", {}, ("fun", "area_m2")),
        ("fun and area_m2 > 200", {"fun": True}, ("area_m2",)),
        ("fun and area_m2 > 200", {"fun": False}, ()),
        ("(fun and area_m2 > 200) or not sign", {"fun": False}, ("sign",)),
        ("days > 3 and sign or days < 1", {}, ("days", "sign")),
        ("true", {}, ()),
    ],
)
def test_only_questions_that_can_still_matter_are_missing(source: str, facts: Facts, expected: tuple[str, ...]) -> None:
    assert missing(parse(source), facts) == expected


def test_names_are_the_facts_a_condition_looks_at() -> None:
    assert names(parse("a and ('x' in b or not a) and c > 1 and true")) == {"a", "b", "c"}


# Explaining


@pytest.mark.parametrize(
    ("source", "facts", "zh", "en"),
    [
        ("true", {}, "所有情形都需要", "needed in every case"),
        ("false", {}, "任何情形都不需要", "needed in no case"),
        (
            "area_m2 >= 300 or fun",
            {"area_m2": 320.0, "fun": False},
            "经营面积 320 平方米，不小于 300 平方米",
            "the floor area is 320 m², at least 300 m²",
        ),
        (
            "area_m2 >= 300 or fun",
            {"area_m2": 299.5, "fun": False},
            "经营面积 299.5 平方米，小于 300 平方米；不设娱乐项目",
            "the floor area is 299.5 m², below 300 m²; you offer no entertainment",
        ),
        (
            "area_m2 >= 50 and 100 <= area_m2 < 300",
            {"area_m2": 150},
            "经营面积 150 平方米，不小于 100 且小于 300 平方米",
            "the floor area is 150 m², at least 100 and below 300 m²",
        ),
        ("days <= 365", {"days": 12}, "出生天数 12，不超过 365", "the age in days is 12, at most 365"),
        ("days == 12", {"days": 12}, "出生天数 12", "the age in days is 12"),
        ("days == 13", {"days": 12}, "出生天数 12，不等于 13", "the age in days is 12, not 13"),
        ("not sign", {"sign": False}, "户外招牌为“否”", "the answer to “outdoor sign” is no"),
        ("kind == '病退'", {"kind": "病退"}, "退休类型为“病退”", "the type of retirement is “sickness”"),
        (
            "kind in ['弹性提前', '弹性延迟']",
            {"kind": "正常"},
            "退休类型为“正常”，不是“弹性提前”或“弹性延迟”",
            "the type of retirement is “normal”, not “early” or “late”",
        ),
        (
            "'水' in need and '气' not in need",
            {"need": ("水", "电")},
            "接入项目包含“水”，不包含“气”",
            "the utilities needed include “water” but not “gas”",
        ),
        (
            "fun and (area_m2 > 1 or days > 2)",
            {"fun": True},
            "取决于：经营面积、出生天数",
            "depends on: floor area, age in days",
        ),
        (
            "foo > 1 and not bar",
            {"foo": 2, "bar": False},
            "foo 2，大于 1；bar为“否”",
            "the foo is 2, above 1; the answer to “bar” is no",
        ),
    ],
)
def test_the_reason_is_said_in_plain_words(source: str, facts: Facts, zh: str, en: str) -> None:
    assert because(parse(source), facts, TYPES) == Text(zh, en)


@pytest.mark.parametrize(
    ("source", "facts", "expected"),
    [
        ("area_m2 >= 300", {"area_m2": 320}, [["经营面积小于 300 平方米"]]),
        ("area_m2 > 200", {"area_m2": 320}, [["经营面积不超过 200 平方米"]]),
        ("area_m2 <= 200", {"area_m2": 20}, [["经营面积大于 200 平方米"]]),
        ("100 <= area_m2 < 300", {"area_m2": 350}, [["经营面积不小于 100 且小于 300 平方米"]]),
        ("100 <= area_m2 < 300", {"area_m2": 120}, [["经营面积小于 100 平方米"], ["经营面积不小于 300 平方米"]]),
        ("area_m2 == 5", {"area_m2": 6}, [["经营面积等于 5 平方米"]]),
        ("area_m2 >= 300 or fun", {"area_m2": 20, "fun": False}, [["经营面积不小于 300 平方米"], ["设有娱乐项目"]]),
        ("area_m2 >= 300 or fun", {"area_m2": 320, "fun": True}, [["经营面积小于 300 平方米", "不设娱乐项目"]]),
        ("area_m2 >= 300 or fun", {"area_m2": 320}, [["经营面积小于 300 平方米", "不设娱乐项目"]]),
        ("area_m2 >= 100 and (area_m2 >= 300 or fun)", {"area_m2": 350, "fun": False}, [["经营面积小于 300 平方米"]]),
        ("kind == '病退'", {"kind": "病退"}, [["退休类型不是“病退”"]]),
        ("kind != '病退'", {"kind": "正常"}, [["退休类型为“病退”"]]),
        ("kind in ['正常', '病退']", {"kind": "特殊工种"}, [["退休类型为“正常”或“病退”"]]),
        ("'水' in need", {"need": ("电",)}, [["接入项目包含“水”"]]),
        ("'水' not in need", {"need": ("水",)}, [["接入项目不包含“水”"]]),
        ("'水' in need and '气' not in need", {"need": ("气",)}, [["接入项目包含“水”，不包含“气”"]]),
        ("true", {}, []),
        ("fun", {}, []),
        ("fun or not fun", {"fun": True}, []),
    ],
)
def test_the_smallest_differences_that_turn_the_outcome_are_named(
    source: str, facts: Facts, expected: list[list[str]]
) -> None:
    ways = counterfactuals(parse(source), facts, TYPES)
    assert [[change.text.zh for change in way] for way in ways] == expected


def test_a_difference_reads_as_a_clause_in_english() -> None:
    ((area,), (fun,)) = counterfactuals(parse("area_m2 >= 300 or fun"), {"area_m2": 20, "fun": False}, TYPES)
    ((need,),) = counterfactuals(parse("'水' in need"), {"need": ("电",)}, TYPES)
    assert (area.text.en, area.value) == ("the floor area is at least 300 m²", 300)
    assert (fun.text.en, fun.value) == ("you offer entertainment", True)
    assert (need.text.en, need.value) == ("the utilities needed include “water”", ("水", "电"))


def test_a_label_that_brings_its_own_article_gets_no_second_one() -> None:
    types = {"age": FactType(QuestionKind.NUMBER, Text("宝宝天数", "the baby's age"), unit=Text("天", "days"))}
    condition, facts = parse("age <= 365"), {"age": 12}
    ((change,),) = counterfactuals(condition, facts, types)
    assert because(condition, facts, types).en == "the baby's age is 12 days, at most 365 days"
    assert change.text.en == "the baby's age is above 365 days"


def test_no_more_differences_are_named_than_asked_for() -> None:
    condition, facts = parse("a and b and c and d"), dict.fromkeys("abcd", True)
    assert [way[0].fact for way in counterfactuals(condition, facts, {})] == ["a", "b", "c"]
    assert len(counterfactuals(condition, facts, {}, limit=1)) == 1
    assert counterfactuals(condition, facts, {}, limit=0) == ()


def test_three_answers_are_changed_together_only_when_nothing_less_will_do() -> None:
    ((first, second, third),) = counterfactuals(parse("a and b and c"), dict.fromkeys("abc", False), {})
    assert (first.fact, second.fact, third.fact) == ("a", "b", "c")


def test_a_very_wide_condition_does_not_set_off_an_endless_search() -> None:
    wide = parse(" and ".join(f"a{index} > {index}" for index in range(200)))
    assert counterfactuals(wide, {f"a{index}": 0 for index in range(200)}, {}) == ()
