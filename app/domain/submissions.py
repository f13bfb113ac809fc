"""Drafts and submission (申报): from a filled form to one task for every item of the plan."""

from collections.abc import Collection, Mapping
from typing import Any

from app.domain import clocks, corrections, deferrals, forms, outcomes, prefill, proxying, spared, together
from app.domain.applications import SYSTEM, Application, EventKind, ProvidedMaterial, Task
from app.domain.deferrals import Terms
from app.domain.derivations import derived_values
from app.domain.errors import ActionNotAllowed, Fault, Incomplete, InvalidInput, NotEligible
from app.domain.happenings import Happenings
from app.domain.lifecycle import ApplicationStatus, TaskStatus
from app.domain.records import Mode
from app.domain.routing import Plan, PlannedItem, PlannedMaterial, holding
from app.domain.vocabulary import Means, Need, Text, TimeUnit

MAX_TEXT = 4000
MAX_DEPTH = 4
MAX_SIZE = 200_000
"""A form of more than this many characters in all is not a form."""
MOST_CHANGES = 500
"""How often a draft may be changed [illustrative]. Each time is on record for as long as the draft is kept, and whoever
asks for its proof has all of them read."""
PLAIN = Terms()
"""Nothing follows later, nothing offered is declined."""


def must_be_draft(case: Application) -> None:
    """Answers, form and materials change freely only before submission; afterwards only through 补正."""
    if case.status is not ApplicationStatus.DRAFT:
        raise ActionNotAllowed(
            Text(
                "申请已经提交，只能按补正告知修改，或撤回后重新申报。",
                "The application has been submitted: change it by answering a correction notice, or withdraw it.",
            ),
            status=case.status.value,
            allowed=["correct", "withdraw"],
        )


def _must_take_more(case: Application) -> None:
    """Raise :class:`ActionNotAllowed` for what is no draft any more, and for one that was changed too often."""
    must_be_draft(case)
    if case.event_count >= MOST_CHANGES:
        raise ActionNotAllowed(
            Text(
                f"这份草稿已经修改 {MOST_CHANGES} 次，不能再改。可以提交，或者新建一份。",
                f"This draft has been changed {MOST_CHANGES} times, which is the most: submit it, or begin another.",
            ),
            status=case.status.value,
            allowed=["submit", "withdraw"],
        )


def save(
    h: Happenings, values: Mapping[str, Any], plan: Plan, known: frozenset[str], unseen: Collection[str] = ()
) -> None:
    """暂存: keep the plan's answers and whatever was entered, complete or not.

    ``values`` changes single fields; None clears one. ``known`` are the codes of every field the bundle could ask for.
    ``unseen`` are those whose value a register gave and the asker sees masked: what is entered there counts as entered
    though it be the same, so that trying values out tells nothing.
    Raises :class:`InvalidInput` only for unknown fields and for sizes no form has, :class:`ActionNotAllowed` for a
    draft that was changed too often.
    """
    _must_take_more(h.case)
    faults = forms.unknown_fields(known, values, "/form")
    faults += [
        Fault(f"/form/{code}", "too-long", Text("内容太长。", "The value is too long."))
        for code, value in values.items()
        if _size(value) > (MAX_SIZE if isinstance(value, list) else MAX_TEXT)
    ]
    if faults:
        raise InvalidInput(faults)
    tidied = {code: forms.tidy(value) for code, value in values.items()}
    changed = {code: value for code, value in tidied.items() if code in unseen or h.case.form.get(code) != value}
    changed = {**prefill.outdated(h.case, plan, changed), **changed}
    papers = prefill.outdated_papers(h.case, plan, changed)
    changes: dict[str, Any] = {"values": changed} if changed else {}
    if papers:
        changes["checked"] = papers
    if dict(h.case.answers) != dict(plan.answers):
        changes["answers"] = dict(plan.answers)
    if changes:
        h.record(EventKind.DRAFT_SAVED, **changes)


def provide(h: Happenings, material: ProvidedMaterial, plan: Plan) -> None:
    """Hand in one material of the set; a second one replaces the first.

    After submission one that was deferred may come, or that an item was to put out which did not pass; once. One that
    a correction notice asks for may come until the notice is answered; departments that had accepted on the old one are
    asked to confirm again at once.
    """
    planned = next((m for m in plan.materials if m.material.code == material.code), None)
    if planned is None:
        text = Text("本次申请不需要这份材料。", "This application does not need that material.")
        raise InvalidInput([Fault("/material", "not-needed", text)])
    is_late = h.case.status is not ApplicationStatus.DRAFT
    if not is_late or not _may_come_late(h.case, planned):
        _must_take_more(h.case)
    is_answer = corrections.asks_for_material(h.case, material.code)
    h.record(EventKind.MATERIAL_PROVIDED, material=material)
    if is_answer:
        corrections.ask_confirmation(h, [material.code], plan)
    if is_late:
        proxying.pack(h, plan, [material.code])
        outcomes.follow(h)


def _may_come_late(case: Application, planned: PlannedMaterial) -> bool:
    if corrections.asks_for_material(case, planned.material.code):
        return True
    if case.completed_at or planned.material.code in case.materials:
        return False
    return planned.need is not Need.REQUIRED or outcomes.can_never_come(case, planned)


def remove(h: Happenings, code: str) -> None:
    """Take a material back out of a draft."""
    _must_take_more(h.case)
    if code in h.case.materials:
        h.record(EventKind.MATERIAL_REMOVED, material={"remove": code})


def faults_of(case: Application, plan: Plan, h: Happenings, terms: Terms = PLAIN) -> list[Fault]:
    """Everything in form and materials that keeps this draft from being submitted, once the questions are answered."""
    later = {f"/form/{planned.spec.code}" for planned in deferrals.fields_to_follow(case, plan, terms)}
    fields = [planned for planned in plan.fields if not terms.declined.issuperset(planned.users)]
    faults = [fault for fault in forms.check(fields, case.form, h.moment.today) if fault.pointer not in later]
    for planned in plan.materials:
        must = planned.need is Need.REQUIRED or (planned.need is Need.CONDITIONAL and planned.is_needed)
        must = must and not terms.declined.issuperset(planned.users)
        if must and planned.source.means is Means.UPLOAD and planned.material.code not in case.materials:
            name, because = planned.material.name, planned.source.because or Text("", "")
            text = Text(
                f"请提交材料：{name.zh}。{because.zh}", f"Hand in this material: {name.en}. {because.en}".strip()
            )
            faults.append(Fault(f"/materials/{planned.material.code}", "missing", text))
    return faults


def submit(h: Happenings, plan: Plan, reference: str, query_hash: str, terms: Terms = PLAIN) -> None:
    """申报: check everything, fix the plan, open one task for each item that is not an offer declined.

    Raises :class:`Incomplete` while questions are open, :class:`NotEligible`, or :class:`InvalidInput` with every fault
    of form and materials, and of what is to follow later.
    """
    must_be_draft(h.case)
    _must_be_eligible(plan)
    proxying.must_be_covered(h.case, plan)
    faults = faults_of(h.case, plan, h, terms) + deferrals.faults_of(h.case, plan, terms) + _declining(plan, terms)
    if faults:
        raise InvalidInput(faults)
    h.record(
        EventKind.SUBMITTED,
        why=_signed(h.case, plan, terms),
        reference=reference,
        query_hash=query_hash,
        submitted_at=h.moment.at,
        promised_on=plan.promised_on,
        savings=spared.counted(h.case, plan),
        answers=dict(plan.answers),
        values=derived_values(plan, h.case.form, h.moment.today),
    )
    for planned in plan.items:
        if planned.item.code in terms.declined:
            continue
        task = _opened(planned, h, plan, terms)
        h.record(EventKind.TASK_OPENED, task=planned.item.code, by=SYSTEM, opened=task)
    together.hand_over(h)
    proxying.pack(h, plan)
    h.settle_status(SYSTEM)


def _must_be_eligible(plan: Plan) -> None:
    failed = [need for need, decision in plan.eligibility if decision.outcome is False]
    if failed:
        raise NotEligible(
            Text("".join(need.otherwise.zh for need in failed), " ".join(need.otherwise.en for need in failed)),
            reasons=[{"zh": need.otherwise.zh, "en": need.otherwise.en} for need in failed],
        )
    if plan.is_complete and not plan.items:
        raise NotEligible(
            Text("按您的回答，没有需要办理的事项。", "With these answers there is nothing to apply for."), reasons=[]
        )
    if not plan.is_complete:
        names = [plan.bundle.questions[code].ask for code in plan.open_questions]
        raise Incomplete(
            Text(
                "请先回答：" + "；".join(ask.zh for ask in names), "Answer first: " + "; ".join(ask.en for ask in names)
            ),
            questions=list(plan.open_questions),
        )


def _signed(case: Application, plan: Plan, terms: Terms) -> str | None:
    """The undertaking as signed, on the record of the submission; None when nothing follows later."""
    follows = deferrals.papers_to_follow(case, plan) or deferrals.fields_to_follow(case, plan, terms)
    return f"{deferrals.PLEDGE.zh} / {deferrals.PLEDGE.en}" if follows and terms.is_pledged else None


def _declining(plan: Plan, terms: Terms) -> list[Fault]:
    """Only what was offered without an application can be declined, and only where nothing waits for it."""
    offered = {planned.item.code for planned in plan.items if planned.item.supports.automatic}
    awaited = {code for planned in plan.items for edge in holding(planned.after) for code in edge.any_of}
    faults = []
    for code in sorted(terms.declined):
        if code not in offered:
            text = Text("只能谢绝免申即享的事项。", "Only an item that is offered can be declined.")
            faults.append(Fault(f"/declined/{forms.pointer_part(code)}", "not-offered", text))
        elif code in awaited:
            text = Text("其他事项要等它的结果，不能谢绝。", "Other items wait for its result.")
            faults.append(Fault(f"/declined/{forms.pointer_part(code)}", "awaited", text))
    return faults


def rests_on_trust(case: Application, plan: Plan, terms: Terms) -> bool:
    """Whether anything is asked for on a commitment, so that it matters whether earlier ones were kept."""
    if any(_may_commit(planned) for planned in plan.items) or deferrals.papers_to_follow(case, plan):
        return True
    return bool(deferrals.fields_to_follow(case, plan, terms))


def _may_commit(planned: PlannedItem) -> bool:
    return planned.item.supports.commitment and planned.promise is not None


def mode_of(planned: PlannedItem, terms: Terms) -> Mode:
    """How the item is decided: on a commitment where a promise rule of the pack holds for an item that allows it.

    Somebody whose commitment was false before goes the ordinary way.
    """
    if planned.item.supports.automatic:
        return Mode.OFFERED
    return Mode.COMMITMENT if _may_commit(planned) and terms.is_trusted else Mode.ORDINARY


def _opened(planned: PlannedItem, h: Happenings, plan: Plan, terms: Terms) -> Task:
    after = holding(planned.after)
    mode = mode_of(planned, terms)
    promised = planned.promised if mode is Mode.COMMITMENT or not planned.item.supports.commitment else planned.ordinary
    statutory = planned.item.statutory
    return Task(
        item=planned.item.code,
        department=planned.routed.department.code,
        region=planned.routed.department.region,
        stage=planned.stage,
        after=after,
        promised_days=promised.days,
        promised_unit=promised.unit,
        statutory_days=statutory.days if statutory else None,
        statutory_unit=statutory.unit if statutory else TimeUnit.WORKING_DAY,
        is_instant=promised.days == 0,
        status=TaskStatus.WAITING if after else TaskStatus.SUBMITTED,
        power=planned.item.power,
        mode=mode,
        deferred=deferrals.promised(h.case, plan, terms, planned.item.code, promised),
        **({} if after else clocks.intake(h.moment)),
    )


def _size(value: Any, depth: int = 0) -> int:
    """Characters in all; a table of lists is the deepest a form goes, anything deeper is too large."""
    if depth > MAX_DEPTH:
        return MAX_SIZE + 1
    if isinstance(value, dict):
        return sum(len(str(key)) + _size(entry, depth + 1) for key, entry in value.items())
    if isinstance(value, list):
        return sum(_size(entry, depth + 1) for entry in value)
    return len(str(value))
