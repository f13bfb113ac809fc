"""What would have to be different for the outcome to be the other one (反事实说明).

The answers a condition can tell apart fall into *cells*: the numbers between two thresholds, the options that every
test treats alike, one more or one fewer ticked box. Trying one answer of each cell is trying them all, which is what
keeps the search exact and small.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from app.domain.conditions.cells import Change, FactCells, cells_of
from app.domain.conditions.tree import Condition, Facts, FactType, Value, ordered_names
from app.domain.vocabulary import QuestionKind

MAX_NAMES_FOR_THREE = 6
"""Three facts are changed at once only in conditions with at most so many names."""

MAX_TRIALS = 2_000
"""Most evaluations one search may use; it stops with what it has found."""


@dataclass(slots=True)
class _Trial:
    """Evaluations against one set of answers, counted."""

    condition: Condition
    facts: Facts
    wanted: bool
    left: int = MAX_TRIALS

    def flips(self, changed: Mapping[str, Value]) -> bool:
        """Whether these answers instead would give the other outcome."""
        self.left -= 1
        return self.left >= 0 and self.condition.decide({**self.facts, **changed}) is self.wanted


def counterfactuals(
    condition: Condition, facts: Facts, types: Mapping[str, FactType], limit: int = 3
) -> tuple[tuple[Change, ...], ...]:
    """The smallest sets of changed facts that turn a decided outcome round, fewest changes first, at most ``limit``.

    A set that contains the facts of a smaller one is left out. Each is one that ``evaluate`` agrees with. An unanswered
    fact may be among the changes. ``()`` when the outcome is undecided or cannot be turned with three changes.
    """
    outcome = condition.decide(facts)
    if outcome is None or limit < 1:
        return ()
    trial = _Trial(condition, facts, not outcome)
    facets = [cells_of(name, condition, facts, types) for name in ordered_names(condition)]
    found: list[tuple[Change, ...]] = []
    settled: list[frozenset[str]] = []
    for size in range(1, 4 if len(facets) <= MAX_NAMES_FOR_THREE else 3):
        for chosen in combinations(facets, size):
            together = frozenset(facet.fact for facet in chosen)
            if trial.left <= 0 or any(smaller < together for smaller in settled):
                continue
            ways = _singles(chosen[0], trial) if size == 1 else _joint(chosen, trial)
            if ways:
                settled.append(together)
                found.extend(ways)
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def _singles(facet: FactCells, trial: _Trial) -> list[tuple[Change, ...]]:
    return [(change,) for change in facet.changes(lambda value: trial.flips({facet.fact: value}))]


def _joint(chosen: Sequence[FactCells], trial: _Trial) -> list[tuple[Change, ...]]:
    """The first way in which these facts together turn the outcome, in the order of the condition."""
    numbers_last = sorted(chosen, key=lambda facet: facet.kind is QuestionKind.NUMBER)
    *fixed, last = numbers_last
    for values in product(*(facet.cells for facet in fixed)):
        changed = {change.fact: change.value for change in values}
        ways = last.changes(_with(trial, changed, last.fact))
        if ways:
            by_name = {change.fact: change for change in (*values, ways[0])}
            return [tuple(by_name[facet.fact] for facet in chosen)]
    return []


def _with(trial: _Trial, changed: Mapping[str, Value], fact: str) -> Callable[[Value], bool]:
    return lambda value: trial.flips({**changed, fact: value})
