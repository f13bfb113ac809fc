"""Decisions and what follows from them: results become input of later items, waiting tasks start or end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain import afterchecks, clocks, corrections, deferrals, forms, hands, originals
from app.domain.applications import SYSTEM, Actor, Application, Certificate, EventKind, Task
from app.domain.catalogue import FieldSpec
from app.domain.certificates import OVER, CertificateStatus, company_on
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.happenings import Happenings
from app.domain.lifecycle import FAILED, UNDECIDED, Release, TaskAction, TaskStatus, Verdict, release
from app.domain.records import FactKind
from app.domain.routing import Plan, PlannedMaterial
from app.domain.vocabulary import EdgeNeed, FieldKind, Means, Need, ServiceObject, Source, Text

DEFAULT_KINDS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.DATE})
"""Results that default to the certificate's number or date; any other only the deciding authority can give."""


def end(
    h: Happenings, task: Task, kind: EventKind, status: TaskStatus, reason: str | None, by: Actor | None = None
) -> None:
    """End a task without a decision. Correction points it had posted are dropped with it."""
    h.record(
        kind,
        task=task.item,
        end=status,
        why=reason,
        by=by,
        completed_at=h.moment.at,
        reason=reason,
        points=(),
        confirm_fields=(),
        pauses=clocks.unpaused(task.pauses, h.moment.today),
    )


def dependants(case: Application, item: str) -> list[str]:
    """Tasks not yet started that need this item: it cannot be withdrawn without them."""
    return [
        other.item
        for other in case.tasks.values()
        if other.status is TaskStatus.WAITING
        and any(item in edge.any_of and edge.needs is not EdgeNeed.INDEPENDENT for edge in other.after)
    ]


def outputs_of(plan: Plan, item: str) -> tuple[FieldSpec, ...]:
    """The fields that the grant of this item fills in for the items after it."""
    return tuple(
        planned.spec
        for planned in plan.fields
        if planned.source.source is Source.RESULT and planned.source.origin == item
    )


def outstanding(case: Application, plan: Plan, item: str) -> list[PlannedMaterial]:
    """Materials this item still needs before it can be granted: not handed in, and not yet put out by another item."""
    return [
        planned
        for planned in plan.materials
        if item in planned.users and planned.is_needed is not False and not is_available(case, planned)
    ]


def can_never_come(case: Application, planned: PlannedMaterial) -> bool:
    """The item that was to put this material out is over without a certificate; it may be handed in instead."""
    origin = case.tasks.get(planned.source.origin or "")
    if planned.source.means is not Means.RESULT or origin is None:
        return False
    certificate = case.certificates.get(origin.item)
    is_lost = certificate is not None and certificate.stands in OVER
    return is_lost or origin.status in FAILED or origin.verdict in {Verdict.DENIED, Verdict.REVOKED}


def is_available(case: Application, planned: PlannedMaterial) -> bool:
    """Shared, generated and promised materials are there from submission; uploads and results must arrive."""
    if planned.material.code in case.materials:
        return True
    match planned.source.means:
        case Means.RESULT:
            certificate = case.certificates.get(planned.source.origin or "")
            return certificate is not None and certificate.stands is CertificateStatus.VALID
        case Means.UPLOAD:
            return planned.need is Need.CONDITIONAL and planned.is_needed is None
        case _:
            return True


def grant(
    h: Happenings,
    task: Task,
    outputs: Mapping[str, Any],
    plan: Plan,
    number: str,
    holder: str,
    reason: str | None,
) -> None:
    """准予: the decision, its certificate, and the values later items were waiting for.

    Raises :class:`ActionNotAllowed` while a deferred material has not arrived, :class:`InvalidInput` when a value that
    only this authority can give is missing or does not fit.
    """
    _must_be_whole(h.case, task, plan)
    hands.must_explain_contradiction(task, Verdict.GRANTED, reason)
    values = _output_values(outputs_of(plan, task.item), outputs, number, h.moment.today)
    certificate = _certificate(plan, task.item, number, holder, h.moment.today, {**h.case.form, **values})
    h.record(
        EventKind.GRANTED,
        task=task.item,
        end=TaskStatus.GRANTED,
        why=reason,
        delivery_due_on=clocks.delivery_due(h.moment),
        **_decided(h, Verdict.GRANTED, reason),
        **_checked_later(h, task),
    )
    h.record(EventKind.CERTIFICATE_ISSUED, why=task.item, certificate=certificate, values=values)


def _must_be_whole(case: Application, task: Task, plan: Plan) -> None:
    missing = outstanding(case, plan, task.item)
    codes, names = [m.material.code for m in missing], [m.material.name for m in missing]
    specs = {planned.spec.code: planned.spec for planned in plan.fields}
    for own in deferrals.owed(case, task):
        if own.kind is FactKind.FIELD:
            codes.append(own.code)
            names.append(specs[own.code].name)
    if codes:
        raise ActionNotAllowed(_still_missing(names), action=TaskAction.GRANT.value, missing=codes)


def _decided(h: Happenings, verdict: Verdict, reason: str | None) -> dict[str, Any]:
    return {"verdict": verdict, "decided_at": h.moment.at, "decided_by": h.who.account, "reason": reason}


def _checked_later(h: Happenings, task: Task) -> dict[str, Any]:
    check = afterchecks.opened(h, task)
    return {} if check is None else {"after_check": check}


def refuse(h: Happenings, task: Task, reason: str | None) -> None:
    """不予: the decision with its reasons (行政许可法 art. 38)."""
    h.record(
        EventKind.DENIED,
        task=task.item,
        end=TaskStatus.DENIED,
        why=reason,
        **_decided(h, Verdict.DENIED, reason),
    )


def follow(h: Happenings) -> None:
    """What follows from any move: waiting tasks start or end, a ready notice is served, the status is folded."""
    release_waiting(h)
    corrections.serve_if_ready(h)
    h.settle_status(SYSTEM)
    originals.owe(h)


def release_waiting(h: Happenings) -> None:
    """Start the waiting tasks whose predecessors are through, end those whose predecessors cannot be any more."""
    moved = True
    while moved:
        moved = False
        for task in list(h.case.tasks.values()):
            if task.status is not TaskStatus.WAITING:
                continue
            verdict = release(task.after, h.case.outcomes)
            if verdict is Release.START:
                open_intake(h, task.item, EventKind.STARTED)
            elif verdict is Release.STOP:
                end(h, task, EventKind.TERMINATED, TaskStatus.TERMINATED, Release.STOP.zh, by=SYSTEM)
            moved = moved or verdict is not Release.WAIT


def open_intake(h: Happenings, item: str, kind: EventKind) -> None:
    """Put a waiting task into intake: its five-day clock starts now."""
    h.record(kind, task=item, end=TaskStatus.SUBMITTED, by=SYSTEM, **clocks.intake(h.moment))


def withdraw_all(h: Happenings, reason: str | None) -> None:
    """撤回 the whole: every task without a decision ends; decisions already made stand.

    The caller lets :func:`follow` follow. Raises :class:`ActionNotAllowed` when nothing is left to withdraw.
    """
    open_tasks = [t for t in h.case.tasks.values() if t.status in UNDECIDED]
    if not open_tasks:
        why = Text(
            "申请还没有提交，不必撤回。", "The application has not been submitted; there is nothing to withdraw."
        )
        if h.case.tasks:
            why = Text(
                "各事项都已有决定或已经结束，没有可以撤回的。",
                "Every item has been decided or is over; nothing is left to withdraw.",
            )
        raise ActionNotAllowed(why, action=TaskAction.WITHDRAW.value)
    for task in open_tasks:
        end(h, task, EventKind.WITHDRAWN, TaskStatus.WITHDRAWN, reason)


def _output_values(
    specs: tuple[FieldSpec, ...], outputs: Mapping[str, Any], number: str, today: date
) -> dict[str, Any]:
    faults: list[Fault] = forms.unknown_fields((spec.code for spec in specs), outputs, "/outputs")
    values: dict[str, Any] = {}
    for spec in specs:
        value = forms.tidy(outputs.get(spec.code))
        if forms.is_blank(value):
            if spec.kind not in DEFAULT_KINDS:
                text = Text(f"准予时须给出：{spec.name.zh}。", f"A grant must give: {spec.name.en}.")
                faults.append(Fault(f"/outputs/{spec.code}", "missing", text))
                continue
            value = _default_output(spec, number, today)
        values[spec.code] = value
        faults += forms.value_faults(spec, values[spec.code], today, f"/outputs/{spec.code}")
    if faults:
        raise InvalidInput(faults)
    return values


def _default_output(spec: FieldSpec, number: str, today: date) -> Any:
    return today.isoformat() if spec.kind is FieldKind.DATE else number


def _certificate(plan: Plan, item: str, number: str, holder: str, today: date, form: Mapping[str, Any]) -> Certificate:
    spec = plan.find(item).item
    kind = plan.certificates.get(spec.result.certificate or "")
    company = company_on(form) if kind is not None and kind.holder is not ServiceObject.PERSON else None
    return Certificate(
        number=number,
        item=item,
        type=spec.result.certificate,
        name_zh=spec.result.name.zh,
        name_en=spec.result.name.en,
        holder=holder,
        issued_on=today,
        valid_until=_years_later(today, kind.valid_years) if kind and kind.valid_years else None,
        uscc=company.uscc if company else None,
        company=company.name if company else None,
    )


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _still_missing(names: list[Text]) -> Text:
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    return Text(f"还缺材料或内容，到齐后才能准予：{zh}。", f"Still missing; the grant waits for it: {en}.")
