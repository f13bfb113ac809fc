"""The one form: every kind of value, and what is said when one does not fit."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import Column, FieldSources, FieldSpec
from app.domain.forms import check, is_blank, slice_codes, tidy, unknown_fields, value_faults
from app.domain.vocabulary import FieldKind, Grade, Source, Text
from tests.factories import OTHER_IDS, catalogue, draft, fitting, submitted

TODAY = date(2026, 3, 16)
NAME = Text("字段", "field")


def spec(kind: FieldKind, **more: Any) -> FieldSpec:
    return FieldSpec(code="x", name=NAME, kind=kind, group="g", grade=Grade.L1, sources=FieldSources(), **more)


TABLE = spec(
    FieldKind.TABLE,
    columns=(
        Column("name", Text("姓名", "name"), FieldKind.TEXT),
        Column("number", Text("号码", "number"), FieldKind.ID_NUMBER),
        Column("note", Text("备注", "note"), FieldKind.TEXT, required=False),
    ),
)
CHOICE = {"租赁": Text("租赁", "rented"), "自有": Text("自有", "owned")}
ROW = {"name": "何示例", "number": OTHER_IDS[1]}

FITS: list[tuple[FieldSpec, Any]] = [
    (spec(FieldKind.TEXT), "示例路1号 😀 𠮷"),
    (spec(FieldKind.LONG_TEXT), "第一行\n第二行\t完"),
    (spec(FieldKind.NUMBER, minimum=0, maximum=9), 0),
    (spec(FieldKind.NUMBER), -2.5),
    (spec(FieldKind.INTEGER), 3.0),
    (spec(FieldKind.DATE), "2024-02-29"),
    (spec(FieldKind.BOOL), False),
    (spec(FieldKind.CHOICE, options=CHOICE), "租赁"),
    (spec(FieldKind.CHOICES, options=CHOICE), ["自有", "租赁"]),
    (spec(FieldKind.EMAIL), "name@example.com"),
    (spec(FieldKind.PHONE), "10000000001"),
    (spec(FieldKind.USCC), "91003308MA00DEM14D"),
    (spec(FieldKind.BANK_NUMBER), "0000000000000014"),
    (spec(FieldKind.ID_NUMBER), OTHER_IDS[1]),
    (TABLE, [ROW, {**ROW, "note": ""}]),
    (TABLE, []),
]

UNFIT: list[tuple[FieldSpec, Any, str]] = [
    (spec(FieldKind.TEXT), 5, "/x"),
    (spec(FieldKind.TEXT), ["a"], "/x"),
    (spec(FieldKind.TEXT, max_length=3), "四个字啊", "/x"),
    (spec(FieldKind.TEXT), "a\x00b", "/x"),
    (spec(FieldKind.TEXT), "a\x1b[31m", "/x"),
    (spec(FieldKind.TEXT), "half \ud800", "/x"),
    (spec(FieldKind.NUMBER), "5", "/x"),
    (spec(FieldKind.NUMBER), True, "/x"),
    (spec(FieldKind.NUMBER), float("nan"), "/x"),
    (spec(FieldKind.NUMBER), float("-inf"), "/x"),
    (spec(FieldKind.NUMBER, minimum=1), 0.5, "/x"),
    (spec(FieldKind.NUMBER, maximum=10), 10.1, "/x"),
    (spec(FieldKind.INTEGER), 2.5, "/x"),
    (spec(FieldKind.DATE), "2026-02-30", "/x"),
    (spec(FieldKind.DATE), "2026-3-1", "/x"),
    (spec(FieldKind.DATE), "20260301", "/x"),
    (spec(FieldKind.DATE), "2026-W11-4", "/x"),
    (spec(FieldKind.DATE), "２０２６-03-01", "/x"),
    (spec(FieldKind.DATE), 20260301, "/x"),
    (spec(FieldKind.BOOL), "true", "/x"),
    (spec(FieldKind.BOOL), 1, "/x"),
    (spec(FieldKind.CHOICE, options=CHOICE), "借用", "/x"),
    (spec(FieldKind.CHOICE, options=CHOICE), ["租赁"], "/x"),
    (spec(FieldKind.CHOICES, options=CHOICE), "租赁", "/x"),
    (spec(FieldKind.CHOICES, options=CHOICE), ["租赁", "借用"], "/x"),
    (spec(FieldKind.CHOICES, options=CHOICE), ["租赁", "租赁"], "/x"),
    (spec(FieldKind.EMAIL), "someone@localhost", "/x"),
    (spec(FieldKind.EMAIL), "a b@example.com", "/x"),
    (spec(FieldKind.PHONE), "12345", "/x"),
    (spec(FieldKind.PHONE), 10000000001, "/x"),
    (spec(FieldKind.USCC), "91003308MA00DEM14X", "/x"),
    (spec(FieldKind.BANK_NUMBER), "1000000000000014", "/x"),
    (spec(FieldKind.ID_NUMBER), "003308199007160026", "/x"),
    (spec(FieldKind.ID_NUMBER), 3308199007160026, "/x"),
    (TABLE, {"name": "何示例"}, "/x"),
    (TABLE, ["何示例"], "/x"),
    (TABLE, [ROW] * 201, "/x"),
    (TABLE, [ROW, {**ROW, "number": "12"}], "/x/1/number"),
    (TABLE, [{"name": " ", "number": OTHER_IDS[1]}], "/x/0/name"),
    (TABLE, [{**ROW, "nmae": "错"}], "/x/0/nmae"),
    (TABLE, [{**ROW, "a/b": "错"}], "/x/0/a~1b"),
]


@pytest.mark.parametrize(("field", "value"), FITS)
def test_a_value_that_fits_has_no_fault_and_is_kept(field: FieldSpec, value: Any) -> None:
    assert value_faults(field, value, TODAY, "/x") == []
    assert tidy(value) == value


@pytest.mark.parametrize(("field", "value", "pointer"), UNFIT)
def test_a_value_that_does_not_fit_is_named_by_its_place_and_never_repeated(
    field: FieldSpec, value: Any, pointer: str
) -> None:
    (fault,) = value_faults(field, value, TODAY, "/x")
    assert fault.pointer == pointer
    assert fault.detail.zh
    assert fault.detail.en
    if isinstance(value, str) and len(value) > 5:
        assert value not in fault.detail.zh + fault.detail.en


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from([field for field, _ in FITS]), ANYTHING)
def test_no_value_whatever_breaks_the_check(field: FieldSpec, value: Any) -> None:
    for fault in value_faults(field, value, TODAY, "/x"):
        assert fault.pointer.startswith("/x")


@given(ANYTHING)
def test_tidying_twice_is_tidying_once(value: Any) -> None:
    assert repr(tidy(tidy(value))) == repr(tidy(value))


@given(st.text())
def test_tidy_text_is_trimmed_and_composed(text: str) -> None:
    tidied = tidy(text)
    assert tidied == tidied.strip()
    assert unicodedata.is_normalized("NFC", tidied)


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000\n", "\u200b\ufeff", []])
def test_blank_is_not_filled_in(value: object) -> None:
    assert is_blank(value)


@given(
    st.text(st.sampled_from(" \t\n\u3000\u200b\ufeff\u00a0\u2028\u0000\ue000a长😀"), max_size=4) | st.text(max_size=4)
)
def test_blank_means_that_there_is_no_letter_to_be_seen(text: str) -> None:
    assert is_blank(text) == all(letter.isspace() or unicodedata.category(letter) == "Cf" for letter in text)


@pytest.mark.parametrize("value", [0, False, "0", [""], {}])
def test_zero_and_no_are_answers(value: object) -> None:
    assert not is_blank(value)


def test_an_unknown_field_is_guessed() -> None:
    (fault,) = unknown_fields(["premises_area", "seats"], ["premises_aera"], "/form")
    assert (fault.pointer, fault.code) == ("/form/premises_aera", "unknown-field")
    assert "premises_area" in fault.detail.zh
    (fault,) = unknown_fields(["seats"], ["长" * 100_000], "/form")
    assert len(fault.pointer) < 100


@pytest.mark.parametrize("story", sorted(catalogue().stories))
def test_the_form_of_every_story_has_no_fault(story: str) -> None:
    errand = draft(story)
    assert check(errand.plan.fields, errand.case.form, errand.now.today) == []


def test_an_empty_form_misses_exactly_what_the_applicant_must_type() -> None:
    plan = draft("catering_full").plan
    must = {f"/form/{p.spec.code}" for p in plan.fields if p.source.source is Source.TYPED and p.spec.required}
    assert {fault.pointer for fault in check(plan.fields, {}, TODAY)} == must


def test_a_shared_value_given_all_the_same_must_fit() -> None:
    plan = draft("catering_full").plan
    (fault,) = [f for f in check(plan.fields, {"legal_rep_id": "12"}, TODAY) if f.code != "missing"]
    assert fault.pointer == "/form/legal_rep_id"


def test_values_for_fields_outside_the_plan_are_not_looked_at() -> None:
    errand = draft("catering_simple")
    form = {**errand.case.form, "sign_size": 5}
    assert check(errand.plan.fields, form, TODAY) == []


def test_a_department_sees_its_own_slice_only() -> None:
    plan = submitted("catering_full").plan
    assert set(slice_codes(plan.fields, "H1")) == {"staff_list"}
    assert "drain_vol" not in slice_codes(plan.fields, "F1")
    for planned in plan.items:
        assert set(slice_codes(plan.fields, planned.item.code)) == set(planned.item.fields)


@pytest.mark.parametrize("code", sorted(catalogue().library.fields))
def test_every_field_of_the_packs_takes_a_sensible_value(code: str) -> None:
    field = catalogue().library.fields[code]
    assert value_faults(field, fitting(field), TODAY, "/x") == []
