"""The answers to one question that a condition can tell apart, each with a representative and its wording."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from math import floor

from app.domain.conditions.tree import (
    Compare,
    Condition,
    Contains,
    Facts,
    FactType,
    Leaf,
    OneOf,
    Value,
    expected_kind,
    is_number,
    leaves,
)
from app.domain.conditions.wording import fact_type, listed, membership, relations, the, yes_no
from app.domain.vocabulary import QuestionKind, Text

Flips = Callable[[Value], bool]
"""Whether an answer, put in the place of the present one, gives the outcome looked for."""

_Cut = tuple[int | float, bool]
"""A place where numbers part: the threshold, and whether the threshold itself lies on the lower side."""

FEW_MEMBERS = 4
"""Up to so many tested members every combination of ticks is tried; beyond, at most two ticks change."""

FEW_OPTIONS = 3
"""Up to so many options are named one by one rather than as what they are not."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact answered differently: ``value`` is an answer that does it, ``text`` says which answers do.

    ``text`` is a plain clause: 经营面积小于 300 平方米 / the floor area is below 300 m².
    """

    fact: str
    value: Value
    text: Text


@dataclass(frozen=True, slots=True)
class FactCells:
    """The cells of one fact except the one its present answer lies in; all of them while it is unanswered."""

    fact: str
    kind: QuestionKind
    cells: tuple[Change, ...]

    def changes(self, flips: Flips) -> list[Change]:
        """The changes of this fact alone that do it, as few and as wide as can be."""
        return [cell for cell in self.cells if flips(cell.value)]


@dataclass(frozen=True, slots=True)
class _NumberCells(FactCells):
    known: FactType
    cuts: tuple[_Cut, ...]
    places: tuple[int, ...]  # which cell of the number line each of ``cells`` is, nearest to the answer first

    def changes(self, flips: Flips) -> list[Change]:
        """Neighbouring cells are joined: below 100 and 100 to 300 make below 300."""
        hits = {place: cell for place, cell in zip(self.places, self.cells, strict=True) if flips(cell.value)}
        runs = [
            [place for _, place in run] for _, run in groupby(enumerate(sorted(hits)), lambda pair: pair[1] - pair[0])
        ]
        wide = {}
        for run in runs:
            nearest = min(run, key=self.places.index)
            wide[nearest] = Change(self.fact, hits[nearest].value, _number_text(self.known, self.cuts, run[0], run[-1]))
        return [wide[place] for place in self.places if place in wide]


@dataclass(frozen=True, slots=True)
class _EnumCells(FactCells):
    known: FactType
    classes: tuple[tuple[str, ...], ...]  # the options each of ``cells`` stands for
    options: tuple[str, ...]

    def changes(self, flips: Flips) -> list[Change]:
        """All options that do it are one change."""
        hits = {
            option
            for cell, options in zip(self.cells, self.classes, strict=True)
            if flips(cell.value)
            for option in options
        }
        chosen = [option for option in self.options if option in hits]
        return [_enum_change(self.fact, self.known, chosen, self.options)] if chosen else []


@dataclass(frozen=True, slots=True)
class _MultiCells(FactCells):
    toggled: tuple[frozenset[str], ...]  # the ticks each of ``cells`` changes, fewest first

    def changes(self, flips: Flips) -> list[Change]:
        """No more ticks are changed than needed."""
        found: list[Change] = []
        enough: list[frozenset[str]] = []
        for cell, ticks in zip(self.cells, self.toggled, strict=True):
            if not any(fewer <= ticks for fewer in enough) and flips(cell.value):
                found.append(cell)
                enough.append(ticks)
        return found


def cells_of(fact: str, condition: Condition, facts: Facts, types: Mapping[str, FactType]) -> FactCells:
    """The cells into which the tests of ``condition`` divide the answers to ``fact``."""
    tests = [leaf for leaf in leaves(condition) if leaf.fact == fact]
    kind = expected_kind(tests[0])
    known = fact_type(fact, kind, types)
    answer = facts.get(fact)
    match kind:
        case QuestionKind.NUMBER:
            return _number_cells(fact, tests, answer, known)
        case QuestionKind.ENUM:
            return _enum_cells(fact, tests, answer, known)
        case QuestionKind.MULTI:
            return _multi_cells(fact, tests, answer, known)
    others = [value for value in (True, False) if value is not answer]
    return FactCells(fact, kind, tuple(Change(fact, value, yes_no(known, value)) for value in others))


def _number_cells(fact: str, tests: Sequence[Leaf], answer: object, known: FactType) -> FactCells:
    cuts = tuple(sorted({cut for leaf in tests if isinstance(leaf, Compare) for cut in _cuts(leaf)}))
    here = sum(_is_past(answer, cut) for cut in cuts) if is_number(answer) else None
    places = [place for place in range(len(cuts) + 1) if place != here]
    if here is not None:
        places.sort(key=lambda place: (abs(place - here), place))
    cells = tuple(Change(fact, _inside(cuts, place), _number_text(known, cuts, place, place)) for place in places)
    return _NumberCells(fact, QuestionKind.NUMBER, cells, known, cuts, tuple(places))


def _cuts(leaf: Compare) -> Iterator[_Cut]:
    if not isinstance(leaf.value, str):
        if leaf.op in {">=", "<", "==", "!="}:
            yield leaf.value, False
        if leaf.op in {">", "<=", "==", "!="}:
            yield leaf.value, True


def _is_past(answer: int | float, cut: _Cut) -> bool:
    threshold, belongs_below = cut
    return answer > threshold if belongs_below else answer >= threshold


def _inside(cuts: Sequence[_Cut], place: int) -> int | float:
    """A number of the cell, its own edge where it has one, a whole number where there is one."""
    low = cuts[place - 1] if place > 0 else None
    high = cuts[place] if place < len(cuts) else None
    if low and not low[1]:
        return low[0]
    if high and high[1]:
        return high[0]
    if low and high:
        whole = floor(low[0]) + 1
        return whole if whole < high[0] else (low[0] + high[0]) / 2
    if low:
        return floor(low[0]) + 1
    if high:
        return high[0] - 1 if high[0] >= 1 or high[0] <= 0 else high[0] / 2
    return 0


def _number_text(known: FactType, cuts: Sequence[_Cut], first: int, last: int) -> Text:
    """The cells from ``first`` to ``last`` as one clause."""
    bounds: list[tuple[str, int | float]] = []
    if first > 0:
        threshold, belongs_below = cuts[first - 1]
        bounds.append((">" if belongs_below else ">=", threshold))
    if last < len(cuts):
        threshold, belongs_below = cuts[last]
        bounds.append(("<=" if belongs_below else "<", threshold))
    if not bounds:
        return Text(f"{known.label.zh}为任意数值", f"{the(known)} is any number")
    if len(bounds) == 2 and bounds[0][1] == bounds[1][1]:
        bounds = [("==", bounds[0][1])]
    said = relations(bounds, known)
    return Text(f"{known.label.zh}{said.zh}", f"{the(known)} is {said.en}")


def _enum_cells(fact: str, tests: Sequence[Leaf], answer: object, known: FactType) -> FactCells:
    options = tuple(known.options) or tuple(dict.fromkeys(value for leaf in tests for value in _enum_values(leaf)))
    here = _signature(tests, answer) if isinstance(answer, str) else None
    classes: dict[tuple[bool | None, ...], list[str]] = {}
    for option in options:
        signature = _signature(tests, option)
        if signature != here:
            classes.setdefault(signature, []).append(option)
    cells = tuple(_enum_change(fact, known, members, options) for members in classes.values())
    grouped = tuple(tuple(members) for members in classes.values())
    return _EnumCells(fact, QuestionKind.ENUM, cells, known, grouped, options)


def _enum_values(leaf: Leaf) -> tuple[str, ...]:
    if isinstance(leaf, OneOf):
        return leaf.values
    return (leaf.value,) if isinstance(leaf, Compare) and isinstance(leaf.value, str) else ()


def _signature(tests: Sequence[Leaf], option: str) -> tuple[bool | None, ...]:
    return tuple(leaf.decide({leaf.fact: option}) for leaf in tests)


def _enum_change(fact: str, known: FactType, chosen: Sequence[str], options: Sequence[str]) -> Change:
    """Said in the shorter of two ways: what the answer is, or what it is not."""
    others = [option for option in options if option not in chosen]
    if len(chosen) > FEW_OPTIONS and 0 < len(others) < len(chosen):
        said = listed(others, known, zh="或", en="or")
        text = Text(f"{known.label.zh}不是{said.zh}", f"{the(known)} is not {said.en}")
    else:
        said = listed(chosen, known, zh="或", en="or")
        text = Text(f"{known.label.zh}为{said.zh}", f"{the(known)} is {said.en}")
    return Change(fact, chosen[0], text)


def _multi_cells(fact: str, tests: Sequence[Leaf], answer: object, known: FactType) -> FactCells:
    tested = list(dict.fromkeys(leaf.value for leaf in tests if isinstance(leaf, Contains)))
    ticked = list(answer) if isinstance(answer, tuple | list | set | frozenset) else None
    most = len(tested) if len(tested) <= FEW_MEMBERS else 2
    cells: list[Change] = []
    toggled: list[frozenset[str]] = []
    for size in range(0 if ticked is None else 1, most + 1):
        for ticks in combinations(tested, size):
            cells.append(_multi_change(fact, known, tested, ticked, ticks))
            toggled.append(frozenset(ticks))
    return _MultiCells(fact, QuestionKind.MULTI, tuple(cells), tuple(toggled))


def _multi_change(
    fact: str, known: FactType, tested: Sequence[str], ticked: Sequence[str] | None, ticks: Sequence[str]
) -> Change:
    """``ticks`` changed in the present answer; while there is none, ``ticks`` and nothing else that is tested."""
    if ticked is None:
        added, removed = list(ticks), [value for value in tested if value not in ticks]
    else:
        added = [value for value in ticks if value not in ticked]
        removed = [value for value in ticks if value in ticked]
    order = {option: index for index, option in enumerate(known.options)}
    value = [member for member in (*(ticked or ()), *added) if member not in removed]
    value.sort(key=lambda member: order.get(member, len(order)))
    said = membership(added, removed, known)
    return Change(fact, tuple(value), Text(f"{known.label.zh}{said.zh}", f"{the(known)} {said.en}"))
