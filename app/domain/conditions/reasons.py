"""Why an outcome is what it is, in plain words and from the deciding facts only (说明理由)."""

from collections.abc import Mapping, Sequence

from app.domain.conditions.logic import cited, grounds, missing
from app.domain.conditions.tree import (
    NEGATED,
    Compare,
    Condition,
    Contains,
    Facts,
    FactType,
    Leaf,
    OneOf,
    Value,
    expected_kind,
    leaves,
)
from app.domain.conditions.wording import fact_type, listed, membership, number, relations, the, unit, yes_no
from app.domain.vocabulary import QuestionKind, Text

_Ground = tuple[Leaf, bool]

ALWAYS = Text("所有情形都需要", "needed in every case")
NEVER = Text("任何情形都不需要", "needed in no case")


def because(condition: Condition, facts: Facts, types: Mapping[str, FactType]) -> Text:
    """The reason for the outcome: ``经营面积 320 平方米，不小于 300 平方米``.

    No full stop, so that it can stand inside a sentence. Names only what ``cited`` names. Undecided: what it still
    depends on.
    """
    outcome = condition.decide(facts)
    if outcome is None:
        return _open(condition, facts, types)
    decisive = cited(condition, facts)
    if not decisive:
        return ALWAYS if outcome else NEVER
    kept = {name: facts[name] for name in decisive}
    grouped: dict[str, list[_Ground]] = {}
    for ground in grounds(condition, kept):
        grouped.setdefault(ground[0].fact, []).append(ground)
    clauses = [_clause(fact, kept[fact], found, types) for fact, found in grouped.items()]
    return Text("；".join(clause.zh for clause in clauses), "; ".join(clause.en for clause in clauses))


def _open(condition: Condition, facts: Facts, types: Mapping[str, FactType]) -> Text:
    kinds = {leaf.fact: expected_kind(leaf) for leaf in leaves(condition)}
    labels = [fact_type(name, kinds[name], types).label for name in missing(condition, facts)]
    return Text(
        f"取决于：{'、'.join(label.zh for label in labels)}", f"depends on: {', '.join(label.en for label in labels)}"
    )


def _clause(fact: str, answer: Value, found: Sequence[_Ground], types: Mapping[str, FactType]) -> Text:
    """What was answered, and which side of the tested line it lies on."""
    kind = expected_kind(found[0][0])
    known = fact_type(fact, kind, types)
    if kind is QuestionKind.NUMBER and isinstance(answer, int | float):
        return _number_clause(answer, found, known)
    if kind is QuestionKind.ENUM and isinstance(answer, str):
        return _enum_clause(answer, found, known)
    if kind is QuestionKind.MULTI:
        return _multi_clause(found, known)
    return yes_no(known, bool(answer))


def _number_clause(answer: int | float, found: Sequence[_Ground], known: FactType) -> Text:
    tests = [
        (leaf.op if outcome else NEGATED[leaf.op], leaf.value)
        for leaf, outcome in found
        if isinstance(leaf, Compare) and not isinstance(leaf.value, str)
    ]
    tests = _strictest(tests)
    after = unit(known)
    stated = Text(
        f"{known.label.zh} {number(answer)}{after.zh}",
        f"{the(known)} is {number(answer)}{after.en}",
    )
    if not tests:
        return stated
    line = relations(tests, known)
    return Text(f"{stated.zh}，{line.zh}", f"{stated.en}, {line.en}")


def _strictest(tests: Sequence[tuple[str, int | float]]) -> list[tuple[str, int | float]]:
    """Of the tests a number passed, the tightest bound on either side; being equal needs no saying."""
    low = [test for test in tests if test[0] in {">", ">="}]
    high = [test for test in tests if test[0] in {"<", "<="}]
    kept = [max(low, key=lambda test: (test[1], test[0] == ">"))] if low else []
    kept += [min(high, key=lambda test: (test[1], test[0] == "<="))] if high else []
    return kept + [test for test in tests if test[0] == "!="]


def _enum_clause(answer: str, found: Sequence[_Ground], known: FactType) -> Text:
    """Naming the answer is enough when it was asked for; otherwise say what it is not."""
    refused: dict[str, None] = {}
    for leaf, outcome in found:
        if isinstance(leaf, OneOf) and not outcome:
            refused.update(dict.fromkeys(leaf.values))
        if isinstance(leaf, Compare) and isinstance(leaf.value, str) and outcome is (leaf.op == "!="):
            refused[leaf.value] = None
    name = listed([answer], known, zh="", en="")
    stated = Text(f"{known.label.zh}为{name.zh}", f"{the(known)} is {name.en}")
    if not refused:
        return stated
    others = listed(list(refused), known, zh="或", en="or")
    return Text(f"{stated.zh}，不是{others.zh}", f"{stated.en}, not {others.en}")


def _multi_clause(found: Sequence[_Ground], known: FactType) -> Text:
    members = {leaf.value: outcome for leaf, outcome in found if isinstance(leaf, Contains)}
    within = [value for value, outcome in members.items() if outcome]
    without = [value for value, outcome in members.items() if not outcome]
    said = membership(within, without, known)
    return Text(f"{known.label.zh}{said.zh}", f"{the(known)} {said.en}")
