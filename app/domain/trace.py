"""The record of a plan (分办依据) that can be checked without this app: ``trace/v1``.

A trace holds every rule with the facts that settle it and everything else the plan was made from, in plain JSON.
:func:`replay` makes the outcome again from the trace alone, each rule from its own cited facts only, so that a
reviewer years later, or another program, can see that the plan follows from them (说明理由, 行政许可法 art. 38).

``version``    always ``trace/v1``
``bundle``     code of the bundle; ``digest`` is the content digest of the bundle and all that it uses
``region``     code of the region of the case
``facts``      the answers that count: question → bool, number, option or list of options
``rules``      one entry per decision, in the order eligibility, items, promises, not needed, materials:
               ``subject`` (``eligible:0`` · ``item:X1`` · ``promise:X1:0`` · ``not_needed:0`` · ``material:plan:X1``),
               ``rule`` (the condition as data), ``text`` (the condition as its author would write it),
               ``facts`` (only those that settle it, with their answers), ``outcome`` (true, false, null = open)
``items``      those that are in, stage by stage: ``item``, ``line``, ``level`` (行使层级), ``department`` found,
               ``found_by`` (``same_level`` or ``climbed``) and the regions ``looked_at``;
               ``days``: ``unit``, ``ordinary`` (the promise when no rule holds) and ``promises``, each with the
               ``rule`` (a subject) and its ``days``; the first that holds counts;
               ``after``: the edges as declared, each ``any_of`` (item codes) and ``needs``; a predecessor that is
               not in is ignored, and an edge that needs ``independent`` holds nothing up
``fields``     the one form: ``field``, ``users`` (items), and its declared sources, best first: ``results`` (items),
               ``dataset``, ``derived`` (name of the rule); typing is the last
``materials``  the one set: ``material``, ``uses`` (``item``, ``need``, ``rule``: subject or null where only a person
               can tell), and ``results``, ``certificate``, ``dataset``, ``generated``, ``commitment``; uploading is
               the last
``calendar``   ``start`` (the day received, not counted), ``days_off``: every day from ``start`` to ``through`` on
               which offices are closed. The window is long enough for any promise listed
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.catalogue import Derivation, Edge, FieldSources, MaterialSources
from app.domain.conditions import Facts, Value, evaluate, from_data, to_data, unparse
from app.domain.deadlines import LONGEST_LIMIT, Calendar, CriticalPath, critical_path, due_on, stages
from app.domain.routing import (
    Decision,
    Plan,
    PlannedField,
    PlannedItem,
    PlannedMaterial,
    ancestors,
    effective_edges,
    holding,
    is_needed,
    strongest,
)
from app.domain.sources import Ancestors, FieldSource, MaterialSource, field_source, material_source
from app.domain.trace_nodes import Node, TraceError
from app.domain.vocabulary import EdgeNeed, Need, Text

__all__ = ["VERSION", "Outcome", "TraceError", "decisions_of", "outcome_of", "replay", "trace_of"]

VERSION: Final = "trace/v1"

_Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan decided, without its reasons.

    ``decisions`` has every rule's subject; ``included`` is in the order of ``stages``; ``days`` and ``finish`` count
    working days (``finish`` from the beginning); ``not_needed`` holds the subjects that hold; ``needed`` is None for
    a material while that is open or only a person can tell.
    """

    decisions: Mapping[str, bool | None]
    is_eligible: bool | None
    included: tuple[str, ...]
    excluded: tuple[str, ...]
    undecided: tuple[str, ...]
    stages: tuple[tuple[str, ...], ...]
    days: Mapping[str, int]
    finish: Mapping[str, int]
    promised_on: Mapping[str, date]
    whole_on: date
    critical: tuple[str, ...]
    fields: Mapping[str, FieldSource]
    materials: Mapping[str, MaterialSource]
    needed: Mapping[str, bool | None]
    not_needed: tuple[str, ...]


def decisions_of(plan: Plan) -> tuple[Decision, ...]:
    """Every decision behind the plan: eligibility, items in bundle order, promises, not needed, materials."""
    items = {planned.item.code: planned.decision for planned in plan.items}
    items |= {left.item.code: left.decision for left in (*plan.excluded, *plan.undecided)}
    return (
        *(decision for _, decision in plan.eligibility),
        *(items[code] for code in plan.bundle.items),
        *(decision for planned in plan.items for _, decision in planned.promises),
        *(decision for _, decision in plan.not_needed),
        *(decision for material in plan.materials for decision in material.decisions),
    )


def outcome_of(plan: Plan) -> Outcome:
    """What :func:`replay` must arrive at."""
    return Outcome(
        decisions={decision.subject: decision.outcome for decision in decisions_of(plan)},
        is_eligible=plan.is_eligible,
        included=tuple(planned.item.code for planned in plan.items),
        excluded=tuple(left.item.code for left in plan.excluded),
        undecided=tuple(left.item.code for left in plan.undecided),
        stages=plan.stages,
        days={planned.item.code: planned.promised.days for planned in plan.items},
        finish={planned.item.code: planned.promised_by_day for planned in plan.items},
        promised_on={planned.item.code: planned.promised_on for planned in plan.items},
        whole_on=plan.promised_on,
        critical=plan.path.on_path,
        fields={planned.spec.code: planned.source for planned in plan.fields},
        materials={planned.material.code: planned.source for planned in plan.materials},
        needed={planned.material.code: planned.is_needed for planned in plan.materials},
        not_needed=tuple(decision.subject for _, decision in plan.not_needed if decision.outcome),
    )


# Writing


def trace_of(plan: Plan) -> _Json:
    """The trace of a plan: dicts, lists, texts, numbers, bools and None, nothing shared with the plan."""
    return {
        "version": VERSION,
        "bundle": plan.bundle.code,
        "digest": plan.bundle.digest,
        "region": plan.region,
        "facts": {code: _plain(value) for code, value in plan.answers.items()},
        "rules": [_rule(decision, plan.answers) for decision in decisions_of(plan)],
        "items": [_item(planned, plan.bundle.items[planned.item.code].after) for planned in plan.items],
        "fields": [_field(planned) for planned in plan.fields],
        "materials": [_material(planned, plan) for planned in plan.materials],
        "calendar": _calendar(plan.calendar, plan.start, plan.items),
    }


def _plain(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value


def _rule(decision: Decision, answers: Facts) -> _Json:
    return {
        "subject": decision.subject,
        "rule": to_data(decision.rule),
        "text": unparse(decision.rule),
        "facts": {code: _plain(answers[code]) for code in sorted(decision.facts)},
        "outcome": decision.outcome,
    }


def _item(planned: PlannedItem, after: Iterable[Edge]) -> _Json:
    item, routed = planned.item, planned.routed
    return {
        "item": item.code,
        "line": item.line,
        "level": item.level.value,
        "department": routed.department.code,
        "found_by": routed.rule,
        "looked_at": list(routed.looked_at),
        "days": {
            "unit": planned.ordinary.unit.value,
            "ordinary": planned.ordinary.days,
            "promises": [{"rule": decision.subject, "days": rule.days} for rule, decision in planned.promises],
        },
        "after": [{"any_of": list(edge.any_of), "needs": edge.needs.value} for edge in after],
    }


def _field(planned: PlannedField) -> _Json:
    sources = planned.spec.sources
    return {
        "field": planned.spec.code,
        "users": list(planned.users),
        "results": list(sources.results),
        "dataset": sources.dataset,
        "derived": sources.derived.rule if sources.derived else None,
    }


def _material(planned: PlannedMaterial, plan: Plan) -> _Json:
    code, sources = planned.material.code, planned.material.sources
    ruled = {decision.subject for decision in planned.decisions}
    uses = []
    for user in planned.users:
        need = next(use.need for use in plan.find(user).item.materials if use.code == code)
        subject = f"material:{code}:{user}"
        uses.append({"item": user, "need": need.value, "rule": subject if subject in ruled else None})
    return {
        "material": code,
        "uses": uses,
        "results": list(sources.results),
        "certificate": sources.certificate,
        "dataset": sources.dataset,
        "generated": sources.generated,
        "commitment": sources.commitment,
    }


def _calendar(calendar: Calendar, start: date, items: Iterable[PlannedItem]) -> _Json:
    """One item after the other, each at its longest, is the longest any replay can need."""
    longest = sum(max(planned.ordinary.days, *(rule.days for rule, _ in planned.promises), 0) for planned in items)
    through = due_on(calendar, start, min(longest, LONGEST_LIMIT))
    days = map(date.fromordinal, range(start.toordinal(), through.toordinal() + 1))
    return {
        "start": start.isoformat(),
        "through": through.isoformat(),
        "days_off": [day.isoformat() for day in days if not calendar.is_working(day)],
    }


# Reading


def replay(trace: Mapping[str, object]) -> Outcome:
    """The outcome again, from the trace alone. ``outcome`` and ``text`` of the rules are not looked at.

    Raises :class:`TraceError` for a trace of another version, of another shape, or that contradicts itself.
    """
    root = Node(trace, "")
    if root.text("version") != VERSION:
        raise TraceError(
            Text(f"只能重放 {VERSION} 版的依据。", f"Only a trace of the version {VERSION} can be replayed."),
            "/version",
        )
    decisions = _decisions(root)
    days, path, levels, before = _course(root, decisions)
    promised_on, whole_on = _dates(root.node("calendar"), path)
    materials = {node.text("material"): node for node in root.nodes("materials") if _users(node, before)}
    eligible = [outcome for subject, outcome in decisions.items() if subject.startswith("eligible:")]
    return Outcome(
        decisions=decisions,
        is_eligible=False if False in eligible else None if None in eligible else True,
        included=tuple(code for level in levels for code in level),
        excluded=_items(decisions, False),
        undecided=_items(decisions, None),
        stages=levels,
        days=days,
        finish=dict(path.finish),
        promised_on=promised_on,
        whole_on=whole_on,
        critical=path.on_path,
        fields=_field_sources(root, before),
        materials={code: _material_source(node, before) for code, node in materials.items()},
        needed={code: _needed(node, before, decisions) for code, node in materials.items()},
        not_needed=tuple(subject for subject, held in decisions.items() if held and subject.startswith("not_needed:")),
    )


def _course(
    root: Node, decisions: Mapping[str, bool | None]
) -> tuple[dict[str, int], CriticalPath, tuple[tuple[str, ...], ...], Ancestors]:
    """Of the items that are in: days, critical path, stages, and what comes before each."""
    chosen = _items(decisions, True)
    entries = {node.text("item"): node for node in root.nodes("items")}
    for code in chosen:
        if code not in entries:
            raise TraceError(Text(f"缺少事项 {code}。", f"The item {code} is not listed."), "/items")
    edges = {code: effective_edges(_edges(entries[code]), chosen) for code in chosen}
    after = {code: [edge.any_of for edge in holding(edges[code])] for code in chosen}
    days = {code: _days(entries[code].node("days"), decisions) for code in chosen}
    try:
        path, levels = critical_path(days, after), stages(after)
    except ValueError as error:
        raise TraceError(Text("前置关系或时限有误。", f"The order or the days are wrong: {error}"), "/items") from error
    return days, path, levels, ancestors(levels, edges)


def _decisions(root: Node) -> dict[str, bool | None]:
    decisions: dict[str, bool | None] = {}
    for node in root.nodes("rules"):
        subject = node.text("subject")
        if subject in decisions:
            raise TraceError(Text(f"{subject} 出现两次。", f"{subject} is decided twice."), node.at)
        try:
            rule = from_data(node.member("rule"))
        except ValueError as error:
            raise TraceError(Text("条件无法读取。", f"The rule cannot be read: {error}."), f"{node.at}/rule") from error
        decisions[subject] = evaluate(rule, node.node("facts").values())
    return decisions


def _items(decisions: Mapping[str, bool | None], outcome: bool | None) -> tuple[str, ...]:
    return tuple(
        subject.removeprefix("item:")
        for subject, decided in decisions.items()
        if decided is outcome and subject.startswith("item:")
    )


def _edges(node: Node) -> list[Edge]:
    return [Edge(edge.texts("any_of"), edge.word("needs", EdgeNeed)) for edge in node.nodes("after")]


def _days(node: Node, decisions: Mapping[str, bool | None]) -> int:
    rules = [(_decided(rule, rule.text("rule"), decisions), rule.number("days")) for rule in node.nodes("promises")]
    return next((days for held, days in rules if held), node.number("ordinary"))


def _decided(node: Node, subject: str, decisions: Mapping[str, bool | None]) -> bool | None:
    if subject not in decisions:
        raise TraceError(Text(f"缺少规则 {subject}。", f"The rule {subject} is not listed."), node.at)
    return decisions[subject]


def _dates(node: Node, path: CriticalPath) -> tuple[dict[str, date], date]:
    """Counted the long way on purpose, day by day, so that it also checks the fast way of ``deadlines``."""
    start, through, days_off = node.day("start"), node.day("through"), frozenset(node.days("days_off"))
    if not 0 <= (through - start).days <= 2 * LONGEST_LIMIT:
        raise TraceError(Text("日期范围有误。", "The window of days is upside down or too long."), node.at)
    window = map(date.fromordinal, range(start.toordinal(), through.toordinal() + 1))
    working = [day for day in window if day not in days_off]
    counted = [day for day in working if day > start]

    def on(count: int) -> date:
        try:
            return counted[count - 1] if count else working[0]
        except IndexError as error:
            raise TraceError(
                Text(f"日期范围不足 {count} 个工作日。", f"The window holds fewer than {count} working days."), node.at
            ) from error

    return {code: on(count) for code, count in path.finish.items()}, on(path.total)


def _field_sources(root: Node, before: Ancestors) -> dict[str, FieldSource]:
    found = {}
    for node in root.nodes("fields"):
        users = [code for code in node.texts("users") if code in before]
        if users:
            rule = node.maybe("derived")
            derived = Derivation(rule) if rule else None
            sources = FieldSources(node.texts("results"), node.maybe("dataset"), derived)
            found[node.text("field")] = field_source(sources, users, before)
    return found


def _users(node: Node, before: Ancestors) -> list[str]:
    return [user for use in node.nodes("uses") if (user := use.text("item")) in before]


def _material_source(node: Node, before: Ancestors) -> MaterialSource:
    sources = MaterialSources(
        results=node.texts("results"),
        certificate=node.maybe("certificate"),
        dataset=node.maybe("dataset"),
        generated=node.flag("generated"),
        commitment=node.flag("commitment"),
    )
    return material_source(sources, _users(node, before), before)


def _needed(node: Node, before: Ancestors, decisions: Mapping[str, bool | None]) -> bool | None:
    uses = [use for use in node.nodes("uses") if use.text("item") in before]
    rules = [(use, use.maybe("rule")) for use in uses]
    outcomes = [None if rule is None else _decided(use, rule, decisions) for use, rule in rules]
    return is_needed(strongest(use.word("need", Need) for use in uses), outcomes)
