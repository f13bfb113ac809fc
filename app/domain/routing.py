"""The plan (分办方案): from a bundle, a region and answers to items, their order, one form, one set of papers, dates.

Everything here is pure and works on partial answers: conditions are three-valued, so an item may be in, out or not
decided yet. Every outcome is a :class:`Decision` that keeps its rule and the facts that decide it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from app.domain import authorities
from app.domain.answers import open_questions
from app.domain.authorities import Routed
from app.domain.catalogue import (
    Bundle,
    CertificateType,
    Dataset,
    Edge,
    Fee,
    FieldSpec,
    Library,
    Limit,
    Material,
    MaterialUse,
    NotNeeded,
    Override,
    PromiseRule,
    Requirement,
    ServiceItem,
)
from app.domain.conditions import Condition, Facts, cited, evaluate
from app.domain.deadlines import Calendar, CriticalPath, critical_path, due_on, stages
from app.domain.metrics import Savings, saved
from app.domain.regions import RegionTree
from app.domain.sources import Ancestors, FieldSource, MaterialSource, field_source, material_source
from app.domain.vocabulary import EdgeNeed, Need, Text


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of one rule: True, False, or None when the answers given do not decide it yet.

    ``subject`` names what is decided (``item:X1``, ``eligible:0``, ``material:fire_promise:X1`` …); ``facts`` are the
    codes of the questions that settle it: leave one out and it is open again.
    """

    subject: str
    rule: Condition
    outcome: bool | None
    facts: frozenset[str]


def decide(subject: str, rule: Condition, facts: Facts) -> Decision:
    """Evaluate ``rule`` and keep the facts that settle it."""
    return Decision(subject, rule, evaluate(rule, facts), cited(rule, facts))


Promises = tuple[tuple[PromiseRule, Decision], ...]
"""Every promise rule of an item in the order of the pack; the first that holds counts."""


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item that is in: where it goes, after what, by when.

    ``ordinary`` is the promise in the region when no rule of the bundle holds, ``promised`` the one that counts.
    ``starts_after`` and ``promised_by_day`` count working days from acceptance of the whole; ``promised_on`` is the
    calendar date if the application were submitted now and accepted at once.
    """

    item: ServiceItem
    decision: Decision
    routed: Routed
    stage: int
    after: tuple[Edge, ...]
    ordinary: Limit
    promised: Limit
    promises: Promises
    starts_after: int
    promised_by_day: int
    promised_on: date
    is_critical: bool

    @property
    def promise(self) -> tuple[PromiseRule, Decision] | None:
        """The rule that replaces the ordinary promise, if one holds."""
        return next((pair for pair in self.promises if pair[1].outcome), None)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that is out, or not decided yet."""

    item: ServiceItem
    decision: Decision


@dataclass(frozen=True, slots=True)
class PlannedField:
    """One field of the one form: asked once, used by ``users``."""

    spec: FieldSpec
    users: tuple[str, ...]
    source: FieldSource


@dataclass(frozen=True, slots=True)
class PlannedMaterial:
    """One material of the one set. ``need`` is the strongest of its users; ``is_needed`` is False for a conditional
    material whose situation does not arise, None while that is open or only a person can tell."""

    material: Material
    users: tuple[str, ...]
    need: Need
    is_needed: bool | None
    decisions: tuple[Decision, ...]
    case: Text | None
    source: MaterialSource


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a person needs to know before applying. A plan is complete when no question is open."""

    bundle: Bundle
    region: str
    region_name: Text
    answers: Facts
    start: date
    open_questions: tuple[str, ...]
    eligibility: tuple[tuple[Requirement, Decision], ...]
    items: tuple[PlannedItem, ...]
    excluded: tuple[LeftOut, ...]
    undecided: tuple[LeftOut, ...]
    not_needed: tuple[tuple[NotNeeded, Decision], ...]
    stages: tuple[tuple[str, ...], ...]
    path: CriticalPath
    fields: tuple[PlannedField, ...]
    materials: tuple[PlannedMaterial, ...]
    promised_on: date
    savings: Savings
    certificates: Mapping[str, CertificateType]
    datasets: Mapping[str, Dataset]
    calendar: Calendar

    @property
    def is_eligible(self) -> bool | None:
        """False when one requirement fails, None while one is open."""
        outcomes = [decision.outcome for _, decision in self.eligibility]
        return False if False in outcomes else None if None in outcomes else True

    @property
    def is_complete(self) -> bool:
        """No question open, nothing undecided."""
        return not self.open_questions and not self.undecided and self.is_eligible is not None

    @property
    def fees(self) -> tuple[tuple[str, Fee], ...]:
        """Every fee with the item it belongs to."""
        return tuple((planned.item.code, fee) for planned in self.items for fee in planned.item.fees)

    def find(self, item: str) -> PlannedItem:
        """The planned item with this code; KeyError when it is not in the plan."""
        for planned in self.items:
            if planned.item.code == item:
                return planned
        raise KeyError(item)


class Planner:
    """Plans one bundle of one library. What does not depend on answers is worked out once, here."""

    def __init__(self, library: Library, bundle: Bundle, regions: RegionTree, calendar: Calendar) -> None:
        self.library, self.bundle, self.regions, self.calendar = library, bundle, regions, calendar
        self._routes: dict[tuple[str, str], Routed] = {}

    @cached_property
    def _field_users(self) -> tuple[tuple[FieldSpec, tuple[str, ...]], ...]:
        """Every field of the bundle in the order of the form's groups, with the items that use it."""
        users: dict[str, list[str]] = {}
        for code in self.bundle.items:
            for name in self.library.items[code].fields:
                users.setdefault(name, []).append(code)
        rank = {group: i for i, group in enumerate(self.library.groups)}
        order = {name: i for i, name in enumerate(self.library.fields)}
        names = sorted(users, key=lambda name: (rank[self.library.fields[name].group], order[name]))
        return tuple((self.library.fields[name], tuple(users[name])) for name in names)

    @cached_property
    def _material_uses(self) -> tuple[tuple[Material, tuple[tuple[str, MaterialUse], ...]], ...]:
        uses: dict[str, list[tuple[str, MaterialUse]]] = {}
        for code in self.bundle.items:
            for use in self.library.items[code].materials:
                uses.setdefault(use.code, []).append((code, use))
        return tuple((self.library.materials[name], tuple(found)) for name, found in uses.items())

    def plan(self, answers: Facts, region: str, start: date, places: Mapping[str, str] | None = None) -> Plan:
        """The plan for these answers in this region, as if received on ``start``; ``places`` names the other region
        that handles single items (多地联办).

        ``answers`` must have passed :func:`app.domain.answers.accept`. Raises
        :class:`~app.domain.errors.NoAuthority` when the region is wider than an item's power.
        """
        places = places or {}
        decisions = {code: decide(f"item:{code}", entry.when, answers) for code, entry in self.bundle.items.items()}
        chosen = [code for code, decision in decisions.items() if decision.outcome]
        edges = {code: effective_edges(self.bundle.items[code].after, chosen) for code in chosen}
        ordinary = {code: self._ordinary(code, places.get(code, region)) for code in chosen}
        promises = {code: self._promises(code, answers) for code in chosen}
        promised = {code: _promised(ordinary[code], promises[code]) for code in chosen}
        after = {code: [edge.any_of for edge in holding(edges[code])] for code in chosen}
        path = critical_path({code: limit.days for code, limit in promised.items()}, after)
        levels = stages(after)
        items = self._planned(decisions, levels, edges, (ordinary, promised, promises), path, (region, places), start)
        before = ancestors(levels, edges)
        fields = self._fields(before)
        materials = self._materials(before, answers)
        return Plan(
            bundle=self.bundle,
            region=region,
            region_name=self.regions.path(region),
            answers=answers,
            start=start,
            open_questions=open_questions(self.bundle, answers),
            eligibility=tuple(
                (need, decide(f"eligible:{i}", need.when, answers)) for i, need in enumerate(self.bundle.eligibility)
            ),
            items=items,
            excluded=self._left_out(decisions, False),
            undecided=self._left_out(decisions, None),
            not_needed=tuple(
                (entry, decide(f"not_needed:{i}", entry.when, answers))
                for i, entry in enumerate(self.bundle.not_needed)
            ),
            stages=levels,
            path=path,
            fields=fields,
            materials=materials,
            promised_on=due_on(self.calendar, start, path.total),
            savings=saved(
                [planned.item for planned in items], [p.promised for p in items], fields, materials, path.total
            ),
            certificates=self.library.certificates,
            datasets=self.library.datasets,
            calendar=self.calendar,
        )

    def _left_out(self, decisions: Mapping[str, Decision], outcome: bool | None) -> tuple[LeftOut, ...]:
        return tuple(
            LeftOut(self.library.items[code], decision)
            for code, decision in decisions.items()
            if decision.outcome is outcome
        )

    def _planned(
        self,
        decisions: Mapping[str, Decision],
        levels: tuple[tuple[str, ...], ...],
        edges: Mapping[str, tuple[Edge, ...]],
        limits: tuple[Mapping[str, Limit], Mapping[str, Limit], Mapping[str, Promises]],
        path: CriticalPath,
        where: tuple[str, Mapping[str, str]],
        start: date,
    ) -> tuple[PlannedItem, ...]:
        critical = frozenset(path.on_path)
        region, places = where
        ordinary, promised, promises = limits
        return tuple(
            PlannedItem(
                item=self.library.items[code],
                decision=decisions[code],
                routed=self.route(code, places.get(code, region)),
                stage=stage,
                after=edges[code],
                ordinary=ordinary[code],
                promised=promised[code],
                promises=promises[code],
                starts_after=path.start[code],
                promised_by_day=path.finish[code],
                promised_on=due_on(self.calendar, start, path.finish[code]),
                is_critical=code in critical,
            )
            for stage, codes in enumerate(levels)
            for code in codes
        )

    def route(self, item: str, region: str) -> Routed:
        """The organisation that handles ``item`` for a case in ``region``."""
        found = self._routes.get((item, region))
        if found is None:
            spec = self.library.items[item]
            found = authorities.find(self.library.lines[spec.line], spec.level, region, self.regions)
            self._routes[item, region] = found
        return found

    def _ordinary(self, code: str, region: str) -> Limit:
        override = nearest_override(self.library.overrides, code, region, self.regions)
        if override is not None and override.promised is not None:
            return override.promised
        return self.library.items[code].promised

    def _promises(self, code: str, answers: Facts) -> Promises:
        rules = self.bundle.items[code].promises
        return tuple((rule, decide(f"promise:{code}:{i}", rule.when, answers)) for i, rule in enumerate(rules))

    def _fields(self, before: Ancestors) -> tuple[PlannedField, ...]:
        planned = []
        for spec, users in self._field_users:
            chosen = users if all(map(before.__contains__, users)) else tuple(filter(before.__contains__, users))
            if chosen:
                planned.append(PlannedField(spec, chosen, field_source(spec.sources, chosen, before)))
        return tuple(planned)

    def _materials(self, before: Ancestors, answers: Facts) -> tuple[PlannedMaterial, ...]:
        planned = []
        for material, uses in self._material_uses:
            chosen = [pair for pair in uses if pair[0] in before]
            if chosen:
                planned.append(_planned_material(material, chosen, before, answers))
        return tuple(planned)


def _promised(ordinary: Limit, promises: Promises) -> Limit:
    return next((replace(ordinary, days=rule.days) for rule, decision in promises if decision.outcome), ordinary)


def effective_edges(edges: Iterable[Edge], chosen: Iterable[str]) -> tuple[Edge, ...]:
    """The edges that count when only ``chosen`` apply: a predecessor that does not apply is ignored."""
    chosen = frozenset(chosen)
    kept = []
    for edge in edges:
        present = tuple(code for code in edge.any_of if code in chosen)
        if present:
            kept.append(edge if present == edge.any_of else Edge(present, edge.needs))
    return tuple(kept)


def holding(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """The edges that hold their item up: all but the ``independent`` ones."""
    return tuple(edge for edge in edges if edge.needs is not EdgeNeed.INDEPENDENT)


def ancestors(levels: tuple[tuple[str, ...], ...], edges: Mapping[str, tuple[Edge, ...]]) -> dict[str, frozenset[str]]:
    """For every chosen item, everything that comes before it; of alternatives, each one and all before it."""
    found: dict[str, frozenset[str]] = {}

    def before(code: str) -> frozenset[str]:
        if code not in found:  # an alternative may stand in a later stage than the item it would release
            direct = {predecessor for edge in holding(edges[code]) for predecessor in edge.any_of}
            found[code] = frozenset(direct).union(*(before(predecessor) for predecessor in direct))
        return found[code]

    return {code: before(code) for level in levels for code in level}


def nearest_override(overrides: Iterable[Override], item: str, region: str, tree: RegionTree) -> Override | None:
    """What the narrowest region around the case says differently about the item, if any."""
    mine = {override.region: override for override in overrides if override.item == item}
    if not mine:
        return None
    return next((mine[place.code] for place in tree.ancestors(region) if place.code in mine), None)


STRONGEST = (Need.REQUIRED, Need.DEFERRABLE, Need.CONDITIONAL)


def _planned_material(
    material: Material, uses: list[tuple[str, MaterialUse]], before: Ancestors, answers: Facts
) -> PlannedMaterial:
    users = tuple(code for code, _ in uses)
    decisions = tuple(
        decide(f"material:{use.code}:{code}", use.when, answers) for code, use in uses if use.when is not None
    )
    need = uses[0][1].need if len(uses) == 1 else strongest(use.need for _, use in uses)
    outcomes: list[bool | None] = [decision.outcome for decision in decisions]
    outcomes += [None] * (len(uses) - len(decisions))
    return PlannedMaterial(
        material=material,
        users=users,
        need=need,
        is_needed=is_needed(need, outcomes),
        decisions=decisions,
        case=next((use.case for _, use in uses if use.case), None),
        source=material_source(material.sources, users, before),
    )


def strongest(needs: Iterable[Need]) -> Need:
    """The need of a material that several items ask for: what the strictest of them asks."""
    return min(needs, key=STRONGEST.index)


def is_needed(need: Need, outcomes: Sequence[bool | None]) -> bool | None:
    """Whether a material is called for. ``outcomes`` has one per item that asks; None where only a person can tell."""
    if need is not Need.CONDITIONAL or True in outcomes:
        return True
    return None if None in outcomes else False
