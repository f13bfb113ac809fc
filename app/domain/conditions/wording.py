"""Small pieces of sentences about facts, shared by reasons and counterfactuals."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from app.domain.conditions.tree import MAX_NUMBER, FactType
from app.domain.vocabulary import QuestionKind, Text

RELATIONS: Final[Mapping[str, Text]] = {
    "<": Text("小于", "below"),
    "<=": Text("不超过", "at most"),
    ">": Text("大于", "above"),
    ">=": Text("不小于", "at least"),
    "==": Text("等于", "exactly"),
    "!=": Text("不等于", "not"),
}

_DETERMINERS: Final = frozenset({"the", "a", "an", "your", "his", "her", "their", "its", "all", "any", "each"})


def fact_type(name: str, kind: QuestionKind, types: Mapping[str, FactType]) -> FactType:
    """How to speak of a fact. One nobody described is called by its name."""
    return types.get(name) or FactType(kind, Text(name, name))


def the(known: FactType) -> str:
    """The English label with its article, unless it brings its own word: the floor area, your account."""
    label = known.label.en
    return label if label.split(" ", 1)[0].lower() in _DETERMINERS else f"the {label}"


def number(value: int | float) -> str:
    """Without a trailing ``.0``; very large numbers only approximately."""
    if abs(value) > MAX_NUMBER:
        return f"{value:g}"
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


def unit(known: FactType) -> Text:
    """The unit with the thin space people leave before it, or nothing."""
    return Text(f" {known.unit.zh}", f" {known.unit.en}") if known.unit else Text("", "")


def relations(pairs: Iterable[tuple[str, int | float]], known: FactType) -> Text:
    """``不小于 100 且小于 300 平方米`` / ``at least 100 and below 300 m²``."""
    unique = list(dict.fromkeys(pairs))
    after = unit(known)
    zh = " 且".join(f"{RELATIONS[op].zh} {number(value)}" for op, value in unique)
    en = " and ".join(f"{RELATIONS[op].en} {number(value)}" for op, value in unique)
    return Text(zh + after.zh, en + after.en)


def listed(values: Sequence[str], known: FactType, *, zh: str, en: str) -> Text:
    """Option names in quotation marks, the last one joined by the given words."""
    names = [known.options.get(value) or Text(value, value) for value in values]
    return Text(_joined([f"“{n.zh}”" for n in names], "、", zh), _joined([f"“{n.en}”" for n in names], ", ", f" {en} "))


def yes_no(known: FactType, answer: bool) -> Text:
    """The clause for a yes or no, or one made of the label when the catalogue gives none."""
    clause = known.yes if answer else known.no
    if clause:
        return clause
    zh, en = ("是", "yes") if answer else ("否", "no")
    return Text(f"{known.label.zh}为“{zh}”", f"the answer to “{known.label.en}” is {en}")


def membership(within: Sequence[str], without: Sequence[str], known: FactType) -> Text:
    """``包含“水”，不包含“气”`` / ``include “water” but not “gas”``."""
    has = listed(within, known, zh="和", en="and")
    lacks = listed(without, known, zh="、", en="or")
    if not without:
        return Text(f"包含{has.zh}", f"include {has.en}")
    if not within:
        return Text(f"不包含{lacks.zh}", f"do not include {lacks.en}")
    return Text(f"包含{has.zh}，不包含{lacks.zh}", f"include {has.en} but not {lacks.en}")


def _joined(words: list[str], comma: str, last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{comma.join(words[:-1])}{last}{words[-1]}"
