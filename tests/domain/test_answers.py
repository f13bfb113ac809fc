"""Answers to guiding questions: what is taken, what is dropped, what is still to be asked."""

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.answers import accept, open_questions, relevant
from app.domain.catalogue import Bundle, Question
from app.domain.conditions import Value
from app.domain.errors import InvalidInput
from app.domain.vocabulary import QuestionKind
from tests.factories import MONDAY, catalogue, planner

BUNDLES = sorted(catalogue().library.bundles)


def bundle(code: str) -> Bundle:
    return catalogue().library.bundles[code]


def any_answer(question: Question, dice: random.Random) -> Value:
    """One of the answers the question takes."""
    match question.kind:
        case QuestionKind.BOOL:
            return dice.random() < 0.5
        case QuestionKind.ENUM:
            return dice.choice(list(question.type.options))
        case QuestionKind.MULTI:
            return tuple(option for option in question.type.options if dice.random() < 0.5)
        case _:
            low = question.minimum or 0
            return dice.choice([low, low + 1, low + 59, low + 299, low + 300])


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (1, 20000, "请填写 1 到 20000 之间的数字。", "Enter a number from 1 to 20000."),
        (0.5, None, "请填写不小于 0.5 的数字。", "Enter a number, 0.5 or more."),
        (None, 1e6, "请填写不大于 1000000 的数字。", "Enter a number, 1000000 at most."),
    ],
)
def test_a_number_out_of_bounds_is_told_the_bounds_there_are(
    low: float | None, high: float | None, zh: str, en: str
) -> None:
    catering = bundle("catering")
    asked = {**catering.questions, "area_m2": replace(catering.questions["area_m2"], minimum=low, maximum=high)}
    with pytest.raises(InvalidInput) as refused:
        accept(replace(catering, questions=asked), {"area_m2": -3 if low is not None else 2e6})
    assert [(fault.detail.zh, fault.detail.en) for fault in refused.value.faults] == [(zh, en)]


@pytest.mark.parametrize("story", sorted(catalogue().stories))
def test_the_answers_of_every_story_are_taken_as_they_are(story: str) -> None:
    told = catalogue().stories[story]
    assert accept(bundle(told.bundle), told.answers) == dict(told.answers)
    assert open_questions(bundle(told.bundle), told.answers) == ()


@pytest.mark.parametrize(
    ("answers", "pointer", "code"),
    [
        ({"sing": True}, "/answers/sing", "unknown-question"),
        ({"a/b": True}, "/answers/a~1b", "unknown-question"),
        ({"": 1}, "/answers/", "unknown-question"),
        ({"sign": "true"}, "/answers/sign", "wrong-answer"),
        ({"sign": 1}, "/answers/sign", "wrong-answer"),
        ({"area_m2": True}, "/answers/area_m2", "wrong-answer"),
        ({"area_m2": "320"}, "/answers/area_m2", "wrong-answer"),
        ({"area_m2": float("nan")}, "/answers/area_m2", "wrong-answer"),
        ({"area_m2": float("inf")}, "/answers/area_m2", "wrong-answer"),
        ({"area_m2": -1}, "/answers/area_m2", "wrong-answer"),
        ({"subject": "公司"}, "/answers/subject", "wrong-answer"),
        ({"subject": ["企业"]}, "/answers/subject", "wrong-answer"),
        ({"food_scope": "热食类制售"}, "/answers/food_scope", "wrong-answer"),
        ({"food_scope": ["热食类制售", "龙虾"]}, "/answers/food_scope", "wrong-answer"),
        ({"food_scope": [["热食类制售"]]}, "/answers/food_scope", "wrong-answer"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_its_place(answers: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        accept(bundle("catering"), answers)
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(pointer, code)]
    detail = refusal.value.faults[0].detail
    assert detail.zh
    assert detail.en


def test_every_fault_is_told_not_only_the_first() -> None:
    with pytest.raises(InvalidInput) as refusal:
        accept(bundle("catering"), {"sign": "yes", "area_m2": "big", "what": 1})
    assert len(refusal.value.faults) == 3


def test_a_misspelt_question_is_guessed() -> None:
    with pytest.raises(InvalidInput) as refusal:
        accept(bundle("catering"), {"tobaco": True})
    assert "tobacco" in refusal.value.faults[0].detail.zh


def test_none_is_not_an_answer() -> None:
    assert accept(bundle("catering"), {"sign": None}) == {}


def test_several_choices_come_in_the_order_of_the_question_and_once() -> None:
    options = list(bundle("catering").questions["food_scope"].type.options)
    given_ = [options[2], options[0], options[2]]
    assert accept(bundle("catering"), {"food_scope": given_}) == {"food_scope": (options[0], options[2])}
    assert accept(bundle("catering"), {"food_scope": []}) == {"food_scope": ()}


def test_an_answer_to_a_question_that_is_not_asked_decides_nothing() -> None:
    asked_only_if = [(code, q) for code, q in bundle("catering").questions.items() if q.when is not None]
    assert asked_only_if, "catering has a question that depends on another"
    taken = accept(bundle("catering"), {"area_m2": 60, "entertainment": False, "fire_commit": True})
    assert "fire_commit" not in taken
    assert accept(bundle("catering"), {"area_m2": 320, "fire_commit": True})["fire_commit"] is True


@pytest.mark.parametrize("code", BUNDLES)
def test_a_bundle_first_asks_a_question_that_depends_on_nothing(code: str) -> None:
    asked = open_questions(bundle(code), {})
    assert asked
    assert all(bundle(code).questions[name].when is None for name in asked)


@pytest.mark.parametrize("code", BUNDLES)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_answering_what_is_asked_ends_in_a_complete_plan(code: str, dice: random.Random) -> None:
    answers: dict[str, Value] = {}
    for _ in range(30):
        asked = open_questions(bundle(code), answers)
        if not asked:
            break
        name = dice.choice(asked)
        answers[name] = any_answer(bundle(code).questions[name], dice)
    assert accept(bundle(code), answers) == {name: answers[name] for name in bundle(code).questions if name in answers}
    plan = planner(code).plan(accept(bundle(code), answers), "330802", MONDAY)
    assert plan.is_complete
    assert not plan.undecided
    assert len(plan.items) + len(plan.excluded) == len(bundle(code).items)


@pytest.mark.parametrize("code", BUNDLES)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_what_counts_is_settled_at_once(code: str, dice: random.Random) -> None:
    raw = {name: any_answer(q, dice) for name, q in bundle(code).questions.items() if dice.random() < 0.8}
    kept = relevant(bundle(code), raw)
    assert relevant(bundle(code), kept) == kept
    assert not set(open_questions(bundle(code), kept)) & set(kept)
