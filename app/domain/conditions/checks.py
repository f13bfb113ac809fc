"""Whether a condition makes sense for the questions of its bundle (一件事)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from app.domain.conditions.tree import (
    Compare,
    Condition,
    Contains,
    FactType,
    Holds,
    Leaf,
    OneOf,
    expected_kind,
    leaves,
)
from app.domain.vocabulary import QuestionKind, Text


@dataclass(frozen=True, slots=True)
class ConditionFault:
    """One thing wrong with a condition: ``unknown-name``, ``wrong-kind`` or ``unknown-option``."""

    code: str
    message: Text
    name: str | None


def check(condition: Condition, types: Mapping[str, FactType]) -> list[ConditionFault]:
    """Every fault, in reading order, none twice. An empty list: the condition fits the questions."""
    faults = [fault for leaf in leaves(condition) for fault in _faults(leaf, types)]
    return list(dict.fromkeys(faults))


def _faults(leaf: Leaf, types: Mapping[str, FactType]) -> Iterable[ConditionFault]:
    known = types.get(leaf.fact)
    if known is None:
        yield _unknown_name(leaf.fact, types)
    elif known.kind is not expected_kind(leaf):
        yield _wrong_kind(leaf.fact, known)
    else:
        for literal in _literals(leaf):
            if literal not in known.options:
                yield _unknown_option(leaf.fact, literal, known)


def _literals(leaf: Leaf) -> tuple[str, ...]:
    """The option values a leaf speaks of."""
    match leaf:
        case OneOf(values=values):
            return values
        case Contains(value=value) | Compare(value=str() as value):
            return (value,)
        case Holds() | Compare():
            return ()


def _unknown_name(name: str, types: Mapping[str, FactType]) -> ConditionFault:
    near = get_close_matches(name, list(types), n=1, cutoff=0.5)
    hint = Text(f"是否要写 {near[0]}？", f" Did you mean {near[0]}?") if near else _listed(types)
    return ConditionFault(
        "unknown-name", Text(f"没有名为 {name} 的问题。{hint.zh}", f"There is no question named {name}.{hint.en}"), name
    )


def _wrong_kind(name: str, known: FactType) -> ConditionFault:
    example = next(iter(known.options), "…")
    shape = {
        QuestionKind.BOOL: f"{name} / not {name}",
        QuestionKind.NUMBER: f"{name} >= 100",
        QuestionKind.ENUM: f"{name} == '{example}'",
        QuestionKind.MULTI: f"'{example}' in {name}",
    }[known.kind]
    kind = known.kind.label
    return ConditionFault(
        "wrong-kind",
        Text(
            f"{name} 是“{kind.zh}”类问题，不能这样使用；应写作 {shape}。",
            f"{name} is a question of the kind “{kind.en}” and cannot be used like this; write {shape}.",
        ),
        name,
    )


def _unknown_option(name: str, literal: str, known: FactType) -> ConditionFault:
    near = get_close_matches(literal, list(known.options), n=1, cutoff=0.5)
    hint = Text(f"是否要写“{near[0]}”？", f" Did you mean “{near[0]}”?") if near else _listed(known.options)
    return ConditionFault(
        "unknown-option",
        Text(f"{name} 没有选项“{literal}”。{hint.zh}", f"{name} has no option “{literal}”.{hint.en}"),
        name,
    )


def _listed(words: Iterable[str]) -> Text:
    """The first dozen of what could have been written."""
    some = list(words)
    shown, more = some[:12], len(some) > 12
    if not shown:
        return Text("目前一个也没有定义。", " None is defined.")
    return Text(
        f"可用：{'、'.join(shown)}{'等' if more else ''}。", f" Known: {', '.join(shown)}{', …' if more else ''}."
    )
