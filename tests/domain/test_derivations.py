"""Values the system computes itself."""

from datetime import date
from typing import Any

import pytest

from app.domain.catalogue import Derivation
from app.domain.derivations import RULES, Known, derive, derived_values
from app.domain.vocabulary import Source, Text
from tests.factories import MONDAY, catalogue, draft, submitted


def known(answers: dict[str, Any] | None = None, form: dict[str, Any] | None = None, bundle: str = "retire") -> Known:
    return Known(
        catalogue().library.bundles[bundle], answers or {}, form or {}, Text("浙江省衢州市柯城区", "Kecheng"), MONDAY
    )


@pytest.mark.parametrize(
    ("derivation", "facts", "value"),
    [
        (Derivation("region"), known(), "浙江省衢州市柯城区"),
        (Derivation("year"), known(), "2026"),
        (Derivation("text", text=Text("全额提取", "all of it")), known(), "全额提取"),
        (Derivation("text"), known(), None),
        (Derivation("answer", "kind"), known({"kind": "正常"}), "正常"),
        (Derivation("answer", "kind"), known(), None),
        (
            Derivation("answer", "food_scope"),
            known({"food_scope": ("热食类制售", "冷食类制售")}, bundle="catering"),
            "热食类制售、冷食类制售",
        ),
        (Derivation("field", "birth"), known(form={"birth": "1965-06-10"}), "1965-06-10"),
        (Derivation("field", "birth"), known(), None),
    ],
)
def test_a_rule_gives_the_value_as_it_would_stand_in_the_form(
    derivation: Derivation, facts: Known, value: str | None
) -> None:
    assert derive(derivation, facts) == value


def test_yes_and_no_are_told_in_the_words_of_the_question() -> None:
    for value in (True, False):
        told = derive(Derivation("answer", "only_home"), known({"only_home": value}, bundle="house"))
        assert told
        assert told not in {"True", "False"}


NORMAL = {"kind": "正常"}
CHEN = {"birth": "1965-06-10", "sex": "男", "identity": "工人"}


@pytest.mark.parametrize(
    ("answers", "form", "value"),
    [
        (NORMAL, {"birth": "1964-12-31", "sex": "男", "identity": "工人"}, "2024-12"),
        (NORMAL, {"birth": "1965-01-01", "sex": "男", "identity": "工人"}, "2025-02"),
        (NORMAL, CHEN, "2025-08"),
        (NORMAL, {**CHEN, "birth": "1976-09-01"}, "2039-09"),
        ({"kind": "病退"}, CHEN, None),
        ({}, CHEN, None),
        (NORMAL, {**CHEN, "birth": "昨天"}, None),
        (NORMAL, {**CHEN, "birth": 19650610}, None),
        (NORMAL, {"birth": "1965-06-10"}, None),
        (NORMAL, {**CHEN, "sex": ["男"]}, None),
    ],
)
def test_the_statutory_retirement_month_follows_birth_sex_and_post(
    answers: dict[str, Any], form: dict[str, Any], value: str | None
) -> None:
    assert derive(Derivation("retirement_date"), known(answers, form)) == value


def test_every_rule_the_packs_name_exists() -> None:
    named = {f.sources.derived.rule for f in catalogue().library.fields.values() if f.sources.derived}
    assert named <= set(RULES)


@pytest.mark.parametrize("story", sorted(catalogue().stories))
def test_a_story_gets_every_value_that_is_derived_in_its_plan(story: str) -> None:
    errand = submitted(story)
    derived = {planned.spec.code for planned in errand.plan.fields if planned.source.source is Source.DERIVED}
    assert derived <= set(errand.case.form)
    assert set(derived_values(errand.plan, errand.case.form, errand.now.today)) == derived


def test_a_derived_value_does_not_depend_on_what_stood_there_before() -> None:
    errand = draft("birth_full")
    form = {**errand.case.form, "pay_year": "1999"}
    assert derived_values(errand.plan, form, date(2027, 1, 4))["pay_year"] == "2027"
