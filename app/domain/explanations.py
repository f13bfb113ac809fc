"""Why a plan is what it is, in whole sentences for the person it concerns (说明理由, 反事实说明).

Every decision gets one sentence with its reason, made from the deciding facts only, and up to three sentences that say
what would have to be different. The reasons are those of ``conditions``; this module knows how to say what is decided.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.answers import relevant
from app.domain.catalogue import Bundle, PromiseRule, Question
from app.domain.conditions import (
    All,
    AnyOf,
    Change,
    Condition,
    Constant,
    Facts,
    Value,
    because,
    counterfactuals,
    evaluate,
    unparse,
)
from app.domain.routing import Decision, LeftOut, Plan, PlannedItem, PlannedMaterial
from app.domain.vocabulary import Text, TimeUnit


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision in words. ``subject`` is the decision's.

    ``because`` and each of ``counterfactuals`` are whole sentences; ``changes`` are answers that make the
    counterfactual at the same place come true. ``facts`` are the codes of the questions that settle it, in the order
    they are asked; ``rule`` is the condition as its author would write it. ``note`` is what the pack adds: where to
    go instead, why something is not needed, how a promise works.
    """

    subject: str
    outcome: bool | None
    because: Text
    counterfactuals: tuple[Text, ...]
    changes: tuple[Mapping[str, Value], ...]
    facts: tuple[str, ...]
    rule: str
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class PlanExplanation:
    """Every decision of a plan in words, in the order a person reads a plan."""

    eligibility: tuple[Explanation, ...]
    included: tuple[Explanation, ...]
    excluded: tuple[Explanation, ...]
    undecided: tuple[Explanation, ...]
    not_needed: tuple[Explanation, ...]
    promises: tuple[Explanation, ...]
    materials: tuple[Explanation, ...]

    def __iter__(self) -> Iterator[Explanation]:
        """All of them, in that order."""
        yield from self.eligibility
        yield from self.included
        yield from self.excluded
        yield from self.undecided
        yield from self.not_needed
        yield from self.promises
        yield from self.materials

    @property
    def by_subject(self) -> dict[str, Explanation]:
        """The explanations by what they explain. A material is explained once for all items with the same rule."""
        return {explanation.subject: explanation for explanation in self}


@dataclass(frozen=True, slots=True)
class _Frame:
    """How to speak of one kind of decision: ``{name}``, ``{why}`` and ``{change}`` are filled in."""

    held: Text
    failed: Text
    open: Text
    always: Text
    never: Text
    turned_on: Text
    turned_off: Text


_FRAMES: Final[Mapping[str, _Frame]] = {
    "item": _Frame(
        held=Text("需要办理“{name}”：{why}。", "“{name}” is needed: {why}."),
        failed=Text("不需要办理“{name}”：{why}。", "“{name}” is not needed: {why}."),
        open=Text("是否需要办理“{name}”，{why}。", "Whether “{name}” is needed {why}."),
        always=Text("任何情形都需要办理“{name}”。", "“{name}” is needed in every case."),
        never=Text("任何情形都不需要办理“{name}”。", "“{name}” is not needed in any case."),
        turned_on=Text("若{change}，则需要办理“{name}”。", "If instead {change}, “{name}” is needed."),
        turned_off=Text("若{change}，则不需要办理“{name}”。", "If instead {change}, “{name}” is not needed."),
    ),
    "eligible": _Frame(
        held=Text("符合“{name}”的一项条件：{why}。", "One requirement of “{name}” is met: {why}."),
        failed=Text("不符合“{name}”的一项条件：{why}。", "One requirement of “{name}” is not met: {why}."),
        open=Text("是否符合“{name}”的一项条件，{why}。", "Whether one requirement of “{name}” is met {why}."),
        always=Text("“{name}”的一项条件，任何情形都符合。", "One requirement of “{name}” is met in every case."),
        never=Text("“{name}”的一项条件，任何情形都不符合。", "One requirement of “{name}” is not met in any case."),
        turned_on=Text("若{change}，则符合这一条件。", "If instead {change}, this requirement is met."),
        turned_off=Text("若{change}，则不符合这一条件。", "If instead {change}, this requirement is not met."),
    ),
    "not_needed": _Frame(
        held=Text("不需要“{name}”：{why}。", "You do not need “{name}”: {why}."),
        failed=Text("关于“{name}”的提示不适用：{why}。", "The note about “{name}” does not apply: {why}."),
        open=Text("是否不需要“{name}”，{why}。", "Whether you can do without “{name}” {why}."),
        always=Text("任何情形都不需要“{name}”。", "You do not need “{name}” in any case."),
        never=Text("关于“{name}”的提示，任何情形都不适用。", "The note about “{name}” does not apply in any case."),
        turned_on=Text("若{change}，则不需要“{name}”。", "If instead {change}, you do not need “{name}”."),
        turned_off=Text(
            "若{change}，则关于“{name}”的提示不适用。", "If instead {change}, the note about “{name}” does not apply."
        ),
    ),
    "promise": _Frame(
        held=Text("适用{name}：{why}。", "{name} applies: {why}."),
        failed=Text("不适用{name}：{why}。", "{name} does not apply: {why}."),
        open=Text("是否适用{name}，{why}。", "Whether {name} applies {why}."),
        always=Text("任何情形都适用{name}。", "{name} applies in every case."),
        never=Text("任何情形都不适用{name}。", "{name} does not apply in any case."),
        turned_on=Text("若{change}，则适用{name}。", "If instead {change}, {name} applies."),
        turned_off=Text("若{change}，则不适用{name}。", "If instead {change}, {name} does not apply."),
    ),
    "material": _Frame(
        held=Text("需要提供{name}：{why}。", "{name} is needed: {why}."),
        failed=Text("不需要提供{name}：{why}。", "{name} is not needed: {why}."),
        open=Text("是否需要提供{name}，{why}。", "Whether {name} is needed {why}."),
        always=Text("任何情形都需要提供{name}。", "{name} is needed in every case."),
        never=Text("任何情形都不需要提供{name}。", "{name} is not needed in any case."),
        turned_on=Text("若{change}，则需要提供{name}。", "If instead {change}, {name} is needed."),
        turned_off=Text("若{change}，则不需要提供{name}。", "If instead {change}, {name} is not needed."),
    ),
}
"""By the kind of subject. The names of promises and materials are phrases that bring their own quotation marks."""


def explain(
    decision: Decision,
    name: Text,
    answers: Facts,
    bundle: Bundle,
    *,
    within: Condition | None = None,
    note: Text | None = None,
) -> Explanation:
    """One decision in words; ``name`` is what people call its subject.

    ``within`` is the condition of the item a promise or a material belongs to: it must hold as well where a
    counterfactual says that they would apply. Raises ``KeyError`` for a subject of an unknown kind.
    """
    frame = _FRAMES[decision.subject.partition(":")[0]]
    types = {code: question.type for code, question in bundle.questions.items()}
    changed = _changes(decision, answers, bundle, within)
    turned = frame.turned_off if decision.outcome else frame.turned_on
    return Explanation(
        subject=decision.subject,
        outcome=decision.outcome,
        because=_say(_told(frame, decision), name, why=because(decision.rule, answers, types)),
        counterfactuals=tuple(_say(turned, name, change=_joined(changes)) for changes in changed),
        changes=tuple({change.fact: change.value for change in changes} for changes in changed),
        facts=tuple(code for code in bundle.questions if code in decision.facts),
        rule=unparse(decision.rule),
        note=note,
    )


def explain_plan(plan: Plan) -> PlanExplanation:
    """Every decision of the plan in words. The same plan always gives the same words."""
    bundle, answers = plan.bundle, plan.answers
    return PlanExplanation(
        eligibility=tuple(
            explain(decision, bundle.name, answers, bundle, note=need.otherwise if decision.outcome is False else None)
            for need, decision in plan.eligibility
        ),
        included=_items(plan.items, plan),
        excluded=_items(plan.excluded, plan),
        undecided=_items(plan.undecided, plan),
        not_needed=tuple(
            explain(decision, entry.name, answers, bundle, note=entry.reason if decision.outcome else None)
            for entry, decision in plan.not_needed
        ),
        promises=tuple(explanation for planned in plan.items for explanation in _promises(planned, plan)),
        materials=tuple(explanation for planned in plan.materials for explanation in _material(planned, plan)),
    )


def _items(entries: Iterable[PlannedItem | LeftOut], plan: Plan) -> tuple[Explanation, ...]:
    return tuple(explain(entry.decision, entry.item.short, plan.answers, plan.bundle) for entry in entries)


def _promises(planned: PlannedItem, plan: Plan) -> Iterator[Explanation]:
    """Up to the rule that counts: what comes after it does not matter to anybody."""
    for rule, decision in planned.promises:
        name = _promise_name(planned.item.short, rule, planned.promised.unit)
        within = plan.bundle.items[planned.item.code].when
        yield explain(decision, name, plan.answers, plan.bundle, within=within, note=rule.note)
        if decision.outcome:
            return


def _promise_name(item: Text, rule: PromiseRule, unit: TimeUnit) -> Text:
    if rule.days == 0:
        return Text(f"“{item.zh}”当场办结的承诺", f"the promise to settle “{item.en}” on the spot")
    many = unit.en if rule.days != 1 else unit.en.removesuffix("s")
    return Text(
        f"“{item.zh}”{rule.days} 个{unit.zh}办结的承诺", f"the promise to settle “{item.en}” within {rule.days} {many}"
    )


def _material(planned: PlannedMaterial, plan: Plan) -> Iterator[Explanation]:
    """One explanation for all items that ask for it under the same rule."""
    alike: dict[Condition, list[Decision]] = {}
    for decision in planned.decisions:
        alike.setdefault(decision.rule, []).append(decision)
    for decisions in alike.values():
        users = [decision.subject.rpartition(":")[2] for decision in decisions]
        name = _material_name(planned.material.name, [plan.find(user).item.short for user in users])
        within = _any_of([plan.bundle.items[user].when for user in users])
        yield explain(decisions[0], name, plan.answers, plan.bundle, within=within, note=planned.case)


def _material_name(material: Text, items: Sequence[Text]) -> Text:
    zh = "、".join(f"“{item.zh}”" for item in items)
    en = _and([f"“{item.en}”" for item in items])
    return Text(f"“{material.zh}”（用于{zh}）", f"“{material.en}” (for {en})")


def _any_of(conditions: Sequence[Condition]) -> Condition:
    unique = tuple(dict.fromkeys(conditions))
    return unique[0] if len(unique) == 1 else AnyOf(unique)


def _told(frame: _Frame, decision: Decision) -> Text:
    if decision.outcome is None:
        return frame.open
    if not decision.facts:
        return frame.always if decision.outcome else frame.never
    return frame.held if decision.outcome else frame.failed


def _say(sentence: Text, name: Text, *, why: Text | None = None, change: Text | None = None) -> Text:
    why, change = why or _NOTHING, change or _NOTHING
    en = sentence.en.format(name=name.en, why=why.en, change=change.en)
    return Text(sentence.zh.format(name=name.zh, why=why.zh, change=change.zh), en[:1].upper() + en[1:])


_NOTHING: Final = Text("", "")


def _joined(changes: Sequence[Change]) -> Text:
    return Text("，且".join(change.text.zh for change in changes), _and([change.text.en for change in changes]))


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _changes(
    decision: Decision, answers: Facts, bundle: Bundle, within: Condition | None
) -> tuple[tuple[Change, ...], ...]:
    """What would turn the decision round, checked against the questions: they ask some things only of some people."""
    if decision.outcome is None:
        return ()
    goal = decision.rule if decision.outcome else _both(within, decision.rule)
    types = {code: question.type for code, question in bundle.questions.items()}
    return tuple(
        changes
        for changes in counterfactuals(goal, answers, types)
        if _can_be(changes, answers, bundle, goal) is (not decision.outcome)
    )


def _both(within: Condition | None, rule: Condition) -> Condition:
    return rule if within is None or within == rule or isinstance(within, Constant) else All((within, rule))


def _can_be(changes: Iterable[Change], answers: Facts, bundle: Bundle, goal: Condition) -> bool | None:
    """The outcome when these answers are given instead and the questions that then are not asked drop out."""
    changed = {change.fact: change.value for change in changes}
    if not all(_is_possible(bundle.questions.get(code), value) for code, value in changed.items()):
        return None
    return evaluate(goal, relevant(bundle, {**answers, **changed}))


def _is_possible(question: Question | None, value: Value) -> bool:
    if question is None or isinstance(value, bool) or not isinstance(value, int | float):
        return question is not None
    low, high = question.minimum, question.maximum
    return (low is None or value >= low) and (high is None or value <= high)
