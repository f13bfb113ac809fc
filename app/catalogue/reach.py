"""Whether any answers at all make a condition true: every answer that the conditions can tell apart is tried."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise, product
from math import prod
from typing import Final

from app.domain.catalogue import Bundle, Question
from app.domain.conditions import All, AnyOf, Compare, Condition, Contains, Not, OneOf, Value, check, evaluate, names
from app.domain.vocabulary import QuestionKind

MOST: Final = 20_000
"""So many combinations of answers are tried; a condition over more than these is taken as reachable."""

_FEW: Final = 6
"""Up to so many tested ticks of a multi question every combination is tried, beyond that at most two at once."""


def reachable(bundle: Bundle, condition: Condition) -> bool:
    """Whether some answers of somebody who may use the bundle make the condition true.

    Eligibility (受理范围) that speaks of the same questions counts, as long as that stays within :data:`MOST`.
    """
    wanted = names(condition)
    types = {code: question.type for code, question in bundle.questions.items()}
    if any(check(each, types) for each in (condition, *(rule.when for rule in bundle.eligibility))):
        return True  # it has faults of its own, told elsewhere
    rules = [rule.when for rule in bundle.eligibility if names(rule.when) & wanted]
    for together in (All((condition, *rules)) if rules else condition, condition):
        answers = _answers(bundle.questions, [together])
        if answers is not None:
            return any(
                evaluate(together, dict(zip(answers, chosen, strict=True))) for chosen in product(*answers.values())
            )
    return True


def eligible(bundle: Bundle) -> bool:
    """Whether anybody at all may use the bundle."""
    if not bundle.eligibility:
        return True
    if len(bundle.eligibility) == 1:
        return reachable(bundle, bundle.eligibility[0].when)
    return reachable(bundle, All(tuple(rule.when for rule in bundle.eligibility)))


def _answers(questions: Mapping[str, Question], conditions: Sequence[Condition]) -> dict[str, list[Value]] | None:
    """Per question, one answer for each thing that can be told apart; None when that is too many combinations."""
    asked = sorted({name for condition in conditions for name in names(condition)})
    tested: dict[str, set[Value]] = {name: set() for name in asked}
    for condition in conditions:
        for name, value in _tests(condition):
            tested[name].add(value)
    answers = {name: _cells(questions[name], tested[name]) for name in asked}
    return answers if prod(len(each) for each in answers.values()) <= MOST else None


def _tests(condition: Condition) -> Iterable[tuple[str, Value]]:
    """Every literal a question is compared with."""
    match condition:
        case Compare(fact=fact, value=value) | Contains(fact=fact, value=value):
            yield fact, value
        case OneOf(fact=fact, values=values):
            yield from ((fact, value) for value in values)
        case Not(inner=inner):
            yield from _tests(inner)
        case All(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _tests(part)


def _cells(question: Question, tested: set[Value]) -> list[Value]:
    if question.kind is QuestionKind.BOOL:
        return [True, False]
    if question.kind is QuestionKind.ENUM:
        return list(question.type.options)
    if question.kind is QuestionKind.MULTI:
        members = sorted(str(value) for value in tested)
        most = len(members) if len(members) <= _FEW else 2
        return [ticks for count in range(most + 1) for ticks in combinations(members, count)]
    return _numbers(question, sorted(value for value in tested if isinstance(value, int | float)))


def _numbers(question: Question, thresholds: Sequence[int | float]) -> list[Value]:
    """Each threshold, a number on either side of it and the ends, as far as the question allows them."""
    low = question.minimum if question.minimum is not None else float("-inf")
    high = question.maximum if question.maximum is not None else float("inf")
    tried: set[int | float] = {end for end in (low, high) if abs(end) != float("inf")}
    for threshold in thresholds:
        tried |= {threshold - 1, threshold, threshold + 1}
    for below, above in pairwise(thresholds):
        tried.add((below + above) / 2)
    return [number for number in sorted(tried) if low <= number <= high] or [0]
