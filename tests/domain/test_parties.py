"""Who the parties are, how data answer questions, and what becomes of a form when registers answer: pure rules."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import prefill
from app.domain.applications import Application, Event, EventKind, evolve
from app.domain.catalogue import APPLICANT, EXISTS, AnswerRule, Question
from app.domain.conditions import FactType
from app.domain.deadlines import BEIJING
from app.domain.known_answers import answered
from app.domain.parties import Circle, Link, composed, sex_of, split
from app.domain.prefill import Reply
from app.domain.routing import Plan
from app.domain.shared_values import Fallback, FallbackReason, Had
from app.domain.vocabulary import QuestionKind, Role, Text
from tests.factories import catalogue
from tests.plans import told

MOTHER, FATHER = "003301199503140029", "003301199308200014"
SELLER, BUYER = "003307198001300014", "003307199107070063"
HUSBAND = Link("marriage_register", "husband_id", APPLICANT)
WIFE = Link("marriage_register", "wife_id", APPLICANT)
AT = datetime(2026, 3, 16, 10, tzinfo=BEIJING)


def circle(bundle: str, applicant: str | None, links: Any = None, answers: Any = None, **form: Any) -> Circle:
    """What is known of the people around an application."""
    return Circle(catalogue().library.bundles[bundle], answers or {}, form, applicant, links or {})


@pytest.mark.parametrize(
    ("applicant", "links", "form", "mother", "father"),
    [
        (MOTHER, {}, {}, MOTHER, None),
        (FATHER, {}, {}, None, FATHER),
        (MOTHER, {HUSBAND: FATHER, WIFE: MOTHER}, {}, MOTHER, FATHER),
        (FATHER, {HUSBAND: FATHER, WIFE: MOTHER}, {}, MOTHER, FATHER),
        (MOTHER, {HUSBAND: FATHER}, {"father_id": BUYER}, MOTHER, BUYER),
        (MOTHER, {}, {"father_id": "  "}, MOTHER, None),
        (None, {}, {"mother_id": MOTHER}, MOTHER, None),
    ],
)
def test_parents_are_found_by_who_applies_by_the_form_and_by_the_marriage_register(
    applicant: str | None, links: Any, form: Any, mother: str | None, father: str | None
) -> None:
    numbers = circle("birth", applicant, links, **form).numbers()
    assert (numbers.get("mother"), numbers.get("father")) == (mother, father)
    assert numbers.get("baby") == mother


def test_a_register_is_asked_only_for_a_party_that_is_wanted_and_not_known() -> None:
    known = circle("birth", MOTHER)
    assert known.missing_links(["father"]) == [HUSBAND]
    assert known.missing_links(["mother", "baby", APPLICANT]) == []
    assert circle("birth", FATHER).missing_links(["baby"]) == [WIFE]
    assert circle("birth", MOTHER, {HUSBAND: FATHER}).missing_links(["father"]) == []
    assert circle("birth", None).missing_links(["father"]) == []


def test_the_side_of_a_sale_that_is_not_named_is_the_applicants() -> None:
    assert circle("house", BUYER).numbers() == {APPLICANT: BUYER}
    assert circle("house", BUYER, seller_id=SELLER).numbers()["buyer"] == BUYER
    assert circle("house", SELLER, buyer_id=BUYER).numbers()["seller"] == SELLER
    assert "buyer" not in circle("house", BUYER, seller_id=BUYER).numbers()


def test_a_party_that_stands_for_others_is_those_others_and_depends_on_the_answers() -> None:
    assert circle("house", BUYER).leaves("couple") == ("seller", "buyer")
    assert circle("house", BUYER).leaves("buyer+couple") == ("buyer", "seller")
    assert circle("birth", MOTHER, answers={"follow": "父亲"}).leaves("household") == ("father",)
    assert circle("birth", MOTHER).leaves("household") == ("household",)
    assert circle("retire", MOTHER).leaves("household") == (APPLICANT,)


def test_an_enterprise_is_looked_for_only_when_the_answers_say_there_is_one() -> None:
    assert circle("catering", SELLER, answers={"has_licence": False}).missing_links(["company"]) == []
    assert len(circle("catering", SELLER, answers={"has_licence": True}).missing_links(["company"])) == 1


def test_a_value_about_several_parties_names_each_of_them() -> None:
    bundle = catalogue().library.bundles["house"]
    assert composed(bundle, [("seller", "已婚"), ("buyer", "未婚")]) == "卖方已婚，买方未婚"
    assert composed(bundle, [("seller", 89.6)]) == 89.6
    assert split("seller+buyer") == ("seller", "buyer")


def test_the_sex_stands_in_the_seventeenth_character() -> None:
    assert (sex_of(MOTHER), sex_of(FATHER), sex_of("91003308MA00DEM14D"), sex_of("")) == ("女", "男", None, None)


def question(kind: QuestionKind, rule: AnswerRule, *options: str) -> Question:
    """A question of the birth bundle with another rule."""
    code = {"bool": "married", "number": "age_days", "enum": "follow"}[kind.value]
    known = FactType(kind, Text(code, code), {option: Text(option, option) for option in options})
    return replace(catalogue().library.bundles["birth"].questions[code], type=known, answer=rule)


B, N, E = QuestionKind.BOOL, QuestionKind.NUMBER, QuestionKind.ENUM
TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("kind", "rule", "records", "answer"),
    [
        (B, AnswerRule(exists=True), [{}], True),
        (B, AnswerRule(exists=True), [None], False),
        (B, AnswerRule(exists=False), [None], True),
        (B, AnswerRule("x"), [{"x": True}], True),
        (B, AnswerRule("x"), [{"x": "是"}], None),
        (B, AnswerRule("x"), [None], None),
        (B, AnswerRule("x", map={"已婚": True}, otherwise=False), [{"x": "离异"}], False),
        (B, AnswerRule("x", map={"已婚": True}), [{"x": "离异"}], None),
        (B, AnswerRule("x", map={"浙江省": True}, otherwise=False), [{"x": "浙江省"}, {"x": "江苏省"}], False),
        (B, AnswerRule("x", map={"浙江省": True}, otherwise=False), [{"x": "浙江省"}, {"x": "浙江省"}], True),
        (B, AnswerRule("x", map={"浙江省": True}, otherwise=False), [{"x": "浙江省"}, None], None),
        (B, AnswerRule("x", map={"浙江省": True}, otherwise=False), [{"x": "江苏省"}, None], False),
        (B, AnswerRule("x", at_least=20), [{"x": 20}], True),
        (B, AnswerRule("x", at_least=20), [{"x": 19.9}], False),
        (B, AnswerRule("x", years=2), [{"x": "2024-03-16"}], True),
        (B, AnswerRule("x", years=2), [{"x": "2024-03-17"}], False),
        (B, AnswerRule("x", years=2), [{"x": "不详"}], None),
        (N, AnswerRule("x", days_since=True), [{"x": "2026-03-06 08:30"}], 10),
        (N, AnswerRule("x", days_since=True), [{"x": "2026-03-17"}], None),
        (E, AnswerRule("x"), [{"x": "母亲"}], "母亲"),
        (E, AnswerRule("x"), [{"x": "姑姑"}], None),
        (B, AnswerRule("x"), [], None),
    ],
)
def test_data_answer_a_question_or_leave_it_open(
    kind: QuestionKind, rule: AnswerRule, records: Any, answer: Any
) -> None:
    asked = question(kind, rule, "母亲", "父亲")
    assert answered(catalogue().library.bundles["birth"], asked, records, TODAY) == answer


def draft(story: str, **form: Any) -> tuple[Application, Plan, Circle]:
    """A draft with these fields, its plan, and its people."""
    plan = told(catalogue().stories[story])
    case = Application(
        id="a",
        bundle=plan.bundle.code,
        digest=plan.bundle.digest,
        region=plan.region,
        applicant=catalogue().stories[story].applicant,
        created_at=AT,
        created_by="x",
        answers=plan.answers,
        form=form,
    )
    number = catalogue().people[case.applicant].id_number
    return case, plan, Circle(plan.bundle, plan.answers, form, number, {})


def test_each_request_is_for_one_item_that_may_have_all_it_asks_for() -> None:
    case, plan, known = draft("birth_full")
    library = catalogue().library
    for want in prefill.wants(case, plan, known):
        item = library.items[want.item]
        assert want.dataset in item.needs_data
        specs = [library.fields[code] for code in item.fields]
        mine = {spec.sources.element or spec.code for spec in specs if spec.sources.dataset == want.dataset}
        assert want.is_check or set(want.elements) <= mine
    pairs = [
        (want.dataset, want.party, element) for want in prefill.wants(case, plan, known) for element in want.elements
    ]
    assert len(pairs) == len(set(pairs))


def test_what_is_filled_in_is_not_wanted() -> None:
    case, plan, known = draft("retire_full", **catalogue().stories["retire_full"].form)
    assert [want for want in prefill.wants(case, plan, known) if not want.is_check] == []


def happened(**changes: Any) -> Event:
    """Data were had."""
    return Event(1, EventKind.DATA_HAD, None, AT, "x", Role.APPLICANT, None, None, None, changes)


REASONS = st.sampled_from(list(FallbackReason))
VALUES = st.one_of(st.text(max_size=12), st.integers(-5, 4000), st.booleans(), st.none(), st.lists(st.text(max_size=3)))


@given(st.data(), st.sampled_from(["birth_full", "retire_full", "house_full", "catering_simple", "utility_full"]))
def test_whatever_registers_say_nothing_typed_changes_and_every_value_fits_and_has_its_source(
    data: st.DataObject, story: str
) -> None:
    typed = {
        code: value
        for code, value in catalogue().stories[story].form.items()
        if data.draw(st.booleans(), label=f"typed {code}")
    }
    case, plan, known = draft(story, **typed)
    replies = {}
    for want in prefill.wants(case, plan, known):
        for element in want.elements:
            is_well = data.draw(st.booleans(), label=f"{want.dataset}/{want.party}/{element}")
            reply = Reply(data.draw(VALUES)) if is_well else Reply(why=data.draw(REASONS))
            replies[want.dataset, want.party, element] = reply
    found = prefill.filled(case, plan, known, replies, catalogue().library.datasets, AT)
    assert not found.values.keys() & typed.keys()
    assert found.values.keys() == found.had.keys()
    changes = {"values": found.values, "had": found.had, "checked": found.checked, "fallbacks": found.fallbacks}
    after = evolve(case, happened(**changes))
    assert {code: after.form[code] for code in typed} == typed
    assert not prefill.fallen_materials(after, prefill.fitted(after, plan)) & after.checked.keys()
    again = prefill.filled(after, prefill.fitted(after, plan), known, replies, catalogue().library.datasets, AT)
    assert again.is_nothing


def test_a_field_had_and_then_changed_is_no_longer_had_and_a_removed_entry_is_gone() -> None:
    had = Had("social_insurance", "hrss", "employer", APPLICANT, AT)
    case = replace(draft("retire_full")[0], had={"employer": had, "first_work": had}, form={"employer": "甲"})
    typed = Event(
        1, EventKind.DRAFT_SAVED, None, AT, "x", Role.APPLICANT, None, None, None, {"values": {"employer": "乙"}}
    )
    assert evolve(case, typed).had.keys() == {"first_work"}
    fallback = {"a/b": Fallback("a", "b", FallbackReason.DOWN, AT)}
    noted = evolve(case, happened(fallbacks=fallback))
    assert noted.fallbacks == fallback
    assert evolve(noted, happened(fallbacks={"a/b": None})).fallbacks == {}


def test_a_yes_is_asked_for_apart_from_values() -> None:
    case, plan, known = draft("catering_simple")
    checks = {want.dataset for want in prefill.wants(case, plan, known) if want.is_check}
    assert "food_safety_exam" in checks
    assert all(want.elements == (EXISTS,) for want in prefill.wants(case, plan, known) if want.is_check)
