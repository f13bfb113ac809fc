"""The closed set of nodes a condition is made of, and how each is decided.

Every node validates itself when it is made (``ValueError``), so a condition that exists can be written out and read
back. ``decide`` follows Kleene's three values: ``None`` stands for "not decidable yet". The nodes decide themselves,
without a visitor or a cache, because a plan asks a hundred of them and a method call is the cheapest dispatch there is.
"""

import operator
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Final, TypeAlias, TypeGuard

from app.domain.vocabulary import QuestionKind, Text

Value: TypeAlias = bool | int | float | str | tuple[str, ...]
"""One answer. The answer to a multi question is a tuple of option values; a list or a set is understood as well."""

Facts: TypeAlias = Mapping[str, Value]
"""Answers by name. A name that is missing is a question not answered yet; so is an answer of the wrong type."""

MAX_NUMBER: Final = 10**15
"""Larger numbers are nobody's floor area: refused in a condition, taken as unanswered in a fact."""

MAX_TEXT: Final = 200
"""Longest text literal, in characters."""

_OPERATORS: Final[Mapping[str, Callable[..., bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}

NEGATED: Final[Mapping[str, str]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
"""The comparison that is true exactly when the given one is false."""


@dataclass(frozen=True, slots=True)
class FactType:
    """What the answer to a guiding question (情形引导问题) looks like, and the words to speak about it.

    ``label`` is a short noun phrase without article (经营面积 / floor area; plural for a multi question: utilities
    needed). ``options`` gives enum and multi values their names, in the order they are shown. ``unit`` stands after a
    number. ``yes`` and ``no`` are clauses for a bool: 已领取营业执照 / you already have a business licence.
    """

    kind: QuestionKind
    label: Text
    options: Mapping[str, Text] = field(default_factory=dict)
    unit: Text | None = None
    yes: Text | None = None
    no: Text | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """Always true, or never."""

    value: bool

    def __post_init__(self) -> None:
        """Only a bool is a truth value."""
        _demand(isinstance(self.value, bool), f"a constant is true or false, not {self.value!r}")

    def decide(self, facts: Facts) -> bool | None:  # noqa: ARG002 -- one signature for every node
        """The constant itself."""
        return self.value


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes/no question answered yes."""

    fact: str

    def __post_init__(self) -> None:
        """The fact must be a usable name."""
        _demand_name(self.fact)

    def decide(self, facts: Facts) -> bool | None:
        """The answer, or None."""
        answer = facts.get(self.fact)
        return answer if answer is True or answer is False else None


@dataclass(frozen=True, slots=True)
class Compare:
    """A number compared with a number (``< <= > >= == !=``), or an enum with one of its values (``== !=``)."""

    fact: str
    op: str
    value: int | float | str

    def __post_init__(self) -> None:
        """Texts have no order; numbers are finite and of a sane size."""
        _demand_name(self.fact)
        _demand(isinstance(self.op, str) and self.op in _OPERATORS, f"{self.op!r} is not a comparison")
        if isinstance(self.value, str):
            _demand_text(self.value)
            _demand(self.op in {"==", "!="}, "texts are compared with == and != only")
        else:
            _demand(is_number(self.value), "a number must be finite and of at most 15 digits before the point")

    def decide(self, facts: Facts) -> bool | None:
        """The comparison; None unless the answer is of the literal's type."""
        answer = facts.get(self.fact)
        if isinstance(self.value, str):
            return _OPERATORS[self.op](answer, self.value) if isinstance(answer, str) else None
        return _OPERATORS[self.op](answer, self.value) if is_number(answer) else None


@dataclass(frozen=True, slots=True)
class OneOf:
    """An enum whose value is one of several: ``kind in ['正常', '弹性提前']``."""

    fact: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        """At least one value, texts only."""
        _demand_name(self.fact)
        _demand(isinstance(self.values, tuple) and bool(self.values), "a list of values must not be empty")
        for value in self.values:
            _demand_text(value)

    def decide(self, facts: Facts) -> bool | None:
        """Membership; None unless the answer is a text."""
        answer = facts.get(self.fact)
        return answer in self.values if isinstance(answer, str) else None


@dataclass(frozen=True, slots=True)
class Contains:
    """A multi question whose answer includes a value: ``'水' in need``."""

    fact: str
    value: str

    def __post_init__(self) -> None:
        """A name and a text."""
        _demand_name(self.fact)
        _demand_text(self.value)

    def decide(self, facts: Facts) -> bool | None:
        """Membership; None unless the answer is a collection (a text would match by its parts)."""
        answer = facts.get(self.fact)
        return self.value in answer if isinstance(answer, tuple | list | set | frozenset) else None


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of ``inner``."""

    inner: "Condition"

    def __post_init__(self) -> None:
        """Only a condition can be negated."""
        _demand(isinstance(self.inner, Condition), "only a condition can be negated")

    def decide(self, facts: Facts) -> bool | None:
        """The opposite; unknown stays unknown."""
        inner = self.inner.decide(facts)
        return None if inner is None else not inner


@dataclass(frozen=True, slots=True)
class All:
    """Every part (``and``)."""

    parts: "tuple[Condition, ...]"

    def __post_init__(self) -> None:
        """Two parts or more."""
        _demand_parts(self.parts)

    def decide(self, facts: Facts) -> bool | None:
        """False as soon as one part is, whatever is unknown."""
        result: bool | None = True
        for part in self.parts:
            outcome = part.decide(facts)
            if outcome is False:
                return False
            if outcome is None:
                result = None
        return result


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part (``or``)."""

    parts: "tuple[Condition, ...]"

    def __post_init__(self) -> None:
        """Two parts or more."""
        _demand_parts(self.parts)

    def decide(self, facts: Facts) -> bool | None:
        """True as soon as one part is, whatever is unknown."""
        result: bool | None = False
        for part in self.parts:
            outcome = part.decide(facts)
            if outcome is True:
                return True
            if outcome is None:
                result = None
        return result


Leaf = Holds | Compare | OneOf | Contains
"""The nodes that look at one fact."""

Condition = Constant | Holds | Compare | OneOf | Contains | Not | All | AnyOf
"""Any node."""


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The nodes that look at a fact, in reading order, repetitions included."""
    match condition:
        case Constant():
            return
        case Not(inner):
            yield from leaves(inner)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield condition


def ordered_names(condition: Condition) -> tuple[str, ...]:
    """The facts of a condition in the order they are first named."""
    return tuple(dict.fromkeys(leaf.fact for leaf in leaves(condition)))


def names(condition: Condition) -> frozenset[str]:
    """The facts a condition looks at."""
    return frozenset(leaf.fact for leaf in leaves(condition))


def expected_kind(leaf: Leaf) -> QuestionKind:
    """The kind of question a leaf makes sense for."""
    match leaf:
        case Holds():
            return QuestionKind.BOOL
        case Contains():
            return QuestionKind.MULTI
        case Compare(value=int() | float()):
            return QuestionKind.NUMBER
        case _:
            return QuestionKind.ENUM


def is_number(value: object) -> TypeGuard[int | float]:
    """A finite number of sane size; a bool is none, nor is not-a-number."""
    return (type(value) is int or type(value) is float) and -MAX_NUMBER <= value <= MAX_NUMBER


def is_name(text: object) -> TypeGuard[str]:
    """Usable as the name of a fact: an identifier, no word of the language, and spelt as Python would normalise it."""
    return (
        isinstance(text, str)
        and text.isidentifier()
        and not iskeyword(text)
        and text not in {"true", "false"}
        and unicodedata.is_normalized("NFKC", text)
    )


def is_text(text: object) -> TypeGuard[str]:
    """Usable as a literal: printable, not empty, and free of what would need escaping (quotes, backslash)."""
    return isinstance(text, str) and 0 < len(text) <= MAX_TEXT and text.isprintable() and not set(text) & set("'\"\\")


def _demand(met: bool, message: str) -> None:
    if not met:
        raise ValueError(message)


def _demand_name(name: object) -> None:
    _demand(is_name(name), f"{name!r:.80} cannot be the name of a fact")


def _demand_text(text: object) -> None:
    _demand(is_text(text), f"{text!r:.80} is not a printable text of 1 to {MAX_TEXT} characters without quotes")


def _demand_parts(parts: object) -> None:
    whole = isinstance(parts, tuple) and len(parts) > 1 and all(isinstance(part, Condition) for part in parts)
    _demand(whole, "and / or need two conditions at least")
