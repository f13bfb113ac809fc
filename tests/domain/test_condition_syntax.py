"""The condition language as text and as data: what is read, what is written, what is refused."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    ConditionSyntaxError,
    Constant,
    Contains,
    Holds,
    Not,
    OneOf,
    from_data,
    parse,
    to_data,
    unparse,
)

REAL = (
    "true",
    "mother_insured",
    "born_here and first_issue and age_days <= 365 and married and both_local and name_ready",
    "not has_licence",
    "area_m2 >= 300 or entertainment",
    "seller_mortgage or buyer_loan",
    "'水' in transfer",
    "'有线电视宽带' in transfer",
    "kind in ['正常','弹性提前','弹性延迟']",
    "kind == '特殊工种'",
    "not med_years_ok or deemed",
    "outer and outer_m > 200",
    "outer and dig",
)


@pytest.mark.parametrize("source", REAL)
def test_every_condition_of_the_six_bundles_survives_being_written_out_and_read_back(source: str) -> None:
    condition = parse(source)
    assert parse(unparse(condition)) == condition
    assert from_data(json.loads(json.dumps(to_data(condition)))) == condition


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("True", Constant(True)),
        ("false", Constant(False)),
        ("300 <= area_m2", Compare("area_m2", ">=", 300)),
        ("300.0 < area_m2", Compare("area_m2", ">", 300)),
        ("t > -1.5", Compare("t", ">", -1.5)),
        ("'病退' != kind", Compare("kind", "!=", "病退")),
        ("kind not in ('a', \"b\")", Not(OneOf("kind", ("a", "b")))),
        ("'水' not in need", Not(Contains("need", "水"))),
        ("100 <= area_m2 < 300", All((Compare("area_m2", ">=", 100), Compare("area_m2", "<", 300)))),
        ("a and b or not c", AnyOf((All((Holds("a"), Holds("b"))), Not(Holds("c"))))),
        ("a and (b or c)", All((Holds("a"), AnyOf((Holds("b"), Holds("c")))))),
        ("a == true", Holds("a")),
        ("a != true", Not(Holds("a"))),
        ("false == a", Not(Holds("a"))),
        ("  a\n  and b\n", All((Holds("a"), Holds("b")))),
        ("面积 > 3", Compare("面积", ">", 3)),
        ("'#&&（' in need", Contains("need", "#&&（")),
    ],
)
def test_a_text_is_read_as_the_condition_it_means(source: str, expected: Condition) -> None:
    assert parse(source) == expected
    assert parse(unparse(expected)) == expected


def test_the_canonical_text_has_no_needless_brackets() -> None:
    assert unparse(parse('((a and (b)) or (c == "x"))')) == "a and b or c == 'x'"
    assert unparse(parse("(a or b) and not (c or d)")) == "(a or b) and not (c or d)"
    assert unparse(parse("kind not in ['x']")) == "kind not in ['x']"
    assert unparse(Compare("a", ">", 1e-7)) == "a > 0.0000001"


@pytest.mark.parametrize(
    ("source", "column", "zh", "en"),
    [
        ("", 0, "为空", "empty"),
        (" \n ", 0, "为空", "empty"),
        ("ok(x)", 0, "函数调用", "function call"),
        ("a and len(need) > 2", 6, "函数调用", "function call"),
        ("a + 1 > 2", 0, "算术", "arithmetic"),
        ("a & b", 0, "算术", "write and, or"),
        ("'水' in need and x.y", 16, "属性", "attribute"),
        ("need[0]", 0, "下标", "index"),
        ("f'{a}'", 0, "格式化字符串", "formatted string"),
        ("lambda: a", 0, "lambda", "lambda"),
        ("a if b else c", 0, "if", "if … else"),
        ("(a := b)", 1, ":=", "assignment"),
        ("[a for a in b]", 0, "推导式", "comprehension"),
        ("a, b", 0, "逗号", "commas"),
        ("a > b", 4, "问题名", "question name"),
        ("1 < 2", 0, "问题名", "question name"),
        ("'x'", 0, "单独", "on its own"),
        ("300", 0, "单独", "on its own"),
        ("a == None", 5, "None", "None"),
        ("a == -b", 5, "正负号", "sign"),
        ("a is b", 0, "==", "instead of is"),
        ("kind < '正常'", 7, "==", "== and !="),
        ("a > true", 4, "没有大小", "no order"),
        ("kind in []", 8, "列表不能为空", "must not be empty"),
        ("kind in '正常'", 0, "两种写法", "two ways"),
        ("kind in [1]", 9, "带引号", "in quotes"),
        ("kind == ''", 8, "不能为空", "must not be empty"),
        ("kind == 'a' 'b'", 8, "不加前缀", "One text"),
        ("kind == r'a'", 8, "不加前缀", "no prefix"),
        ("kind == 'a\\n'", 10, "反斜杠", "Backslash"),
        ("a # or b", 2, "注释", "comment"),
        ("a > 1e5", 4, "1e5", "plain decimals"),
        ("a > 0x10", 4, "0x10", "plain decimals"),
        ("a > 300or b", 4, "300or", "plain decimals"),
        ("a > ３", 4, "半角", "plain decimals"),
        ("a > 99999999999999999", 4, "过大", "too large"),
        ("a = 1", 2, "==", "Write =="),
        ("a && b", 2, "and", "Write and"),
        ("a || b", 2, "or", "Write or"),
        ("!a", 0, "not", "Write not"),
        ("面积 ≥ 300", 3, ">=", "Write >="),
        ("（a）", 0, "(", "Write ("),
        ("kind == “病退”", 8, "'", "Write '"),
        ("a 且 b", 2, "and", "Write and"),
        ("a AND b", 2, "and", "Write and"),
        ("'水 in need", 0, "成对", "not closed"),
        ("a )", 2, "第 3 个字符", "character 3"),
        ("class", 0, "保留字", "reserved word"),
        ("not " * 900 + "a", 0, "嵌套过深", "too deep"),
        ("not " * 60 + "a", 0, "嵌套过深", "too deep"),
        (" or ".join(["a"] * 600), 0, "节点", "nodes"),
        ("a < 1" + " < a < 1" * 400, 0, "节点", "nodes"),
        ("a" * 4_001, 0, "4000", "4000"),
    ],
)
def test_what_is_outside_the_language_is_refused_with_its_place_and_a_cure(
    source: str, column: int, zh: str, en: str
) -> None:
    with pytest.raises(ConditionSyntaxError) as caught:
        parse(source)
    assert caught.value.column == column
    assert f"(column {column})" in str(caught.value)
    assert zh in caught.value.message.zh
    assert en in caught.value.message.en


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "a",
        {},
        {"op": "eval", "fact": "a"},
        {"op": ["all"], "parts": []},
        {"op": "holds"},
        {"op": "holds", "fact": 3},
        {"op": "holds", "fact": "not"},
        {"op": "holds", "fact": "a.b"},
        {"op": "holds", "fact": "a", "extra": 1},
        {"op": "constant", "value": 1},
        {"op": ">=", "fact": "a", "value": True},
        {"op": ">=", "fact": "a", "value": "x"},
        {"op": ">=", "fact": "a", "value": math.nan},
        {"op": "==", "fact": "a", "value": "it's"},
        {"op": "==", "fact": "a", "value": "x" * 201},
        {"op": "in", "fact": "a", "values": []},
        {"op": "in", "fact": "a", "values": "xy"},
        {"op": "in", "fact": "a", "values": [1]},
        {"op": "contains", "fact": "a", "value": ""},
        {"op": "not", "inner": None},
        {"op": "all", "parts": [{"op": "holds", "fact": "a"}]},
        {"op": "any", "parts": {"op": "holds", "fact": "a"}},
        {"op": "any", "parts": [{"op": "holds", "fact": "a"}] * 501},
    ],
)
def test_data_that_is_no_condition_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_data(data)


@pytest.mark.parametrize("innermost", ["a", "1 < a < 2", "a not in ['x']", "a != true"])
def test_the_deepest_condition_that_is_read_can_also_be_written_out_and_stored(innermost: str) -> None:
    deepest = 0
    for depth in range(60):
        try:
            condition = parse("not (" * depth + innermost + ")" * depth)
        except ConditionSyntaxError:
            break
        deepest = depth
        assert parse(unparse(condition)) == condition
        assert from_data(to_data(condition)) == condition
    assert 45 <= deepest < 50


def test_data_nested_without_end_is_refused_rather_than_followed() -> None:
    data: object = {"op": "holds", "fact": "a"}
    for _ in range(5_000):
        data = {"op": "not", "inner": data}
    with pytest.raises(ValueError, match="nested"):
        from_data(data)


PIECES = (
    *("a", "need", " and ", " or ", "not ", " in ", "is ", "if ", "lambda ", "f", "'水'", "300", "0x1", "𝑎"),
    *("(", ")", "[", "]", ">=", "<", "==", ",", ".", "#", ":", "*", "-", "\\", '"', "'", "``", "，", "≥"),
    *("\n", "\x00", "\ud800"),
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
def test_any_text_at_all_is_either_a_condition_or_a_syntax_error_in_both_languages(source: str) -> None:
    refused: ConditionSyntaxError | None = None
    try:
        condition = parse(source)
    except ConditionSyntaxError as error:
        refused = error
    if refused is None:
        assert parse(unparse(condition)) == condition
    else:
        assert 0 <= refused.column <= len(source)
        assert refused.message.zh
        assert refused.message.en
