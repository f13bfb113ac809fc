"""A department's work: the inbox, one task with its slice, and the actions the table allows."""

from typing import Any

from app.domain import handling, together
from app.domain.applications import Actor, Application, Event, EventKind, Point, PointKind, Task
from app.domain.errors import Fault, InvalidInput
from app.domain.explanations import explain
from app.domain.handling import Command, Desk
from app.domain.happenings import Happenings
from app.domain.lifecycle import TaskAction, Verdict
from app.domain.other_dates import other_dates
from app.domain.outcomes import is_available, outputs_of
from app.domain.oversight import light_of
from app.domain.proxying import is_done_with, may_hand_out
from app.domain.reckoning import reckon
from app.domain.records import StepKind
from app.domain.routing import Plan
from app.domain.said import said
from app.domain.vocabulary import Role, Text
from app.schemas.applications import CertificateOut, EventOut, PointOut, ProvidedOut, waits_for
from app.schemas.clocks import ClockedOut, PauseOut
from app.schemas.common import Bilingual, Term
from app.schemas.plans import BecauseOut
from app.schemas.tasks import Act, AssignedOut, SliceFieldOut, SliceMaterialOut, TaskOut
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, calls, disputes, looks, once, proxies, slices
from app.usecases.accounts import account
from app.usecases.acts import begin, written
from app.usecases.context import Context
from app.usecases.looks import Sight
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers


def show(context: Context, reader: Reader, task_id: str) -> Outcome[TaskOut]:
    """One task with its slice, masked for desks, whose look is kept; raises :class:`NotFound` for another's."""
    case, item = access.task(context, reader, task_id)
    plan = plan_of(context, reader, case)
    sight = _sight(context, reader, case, plan, item)
    events = reader.events(case.id, item=item)
    answer = _shown(context, reader, case, item, plan, events, case.version, sight)
    return Outcome(answer, Changes().also(calls.TABLE, *sight.rows) if sight.rows else None)


def act(context: Context, reader: Reader, task_id: str, wish: Act, key: str | None = None) -> Outcome[TaskOut]:
    """One action on one task; with a key already used, the task as it stands now.

    Raises :class:`ActionNotAllowed` with what is allowed, or :class:`InvalidInput`.
    """
    before, item, request, is_known = _asked(context, reader, task_id, wish, key)
    if is_known:
        return show(context, reader, task_id)
    done = carry_out(context, reader, before, item, _command(wish))
    return Outcome(done.answer, once.remember(context, key, request, before.id, done.changes or Changes()))


def act_briefly(context: Context, reader: Reader, task_id: str, wish: Act, key: str | None = None) -> Outcome[None]:
    """The same action with nothing shown: nobody's data are looked at, and the ledger has no look to tell of."""
    before, item, request, is_known = _asked(context, reader, task_id, wish, key)
    if is_known:
        return Outcome(None)
    plan, h = _moved(context, reader, before, item, _command(wish))
    return Outcome(None, once.remember(context, key, request, before.id, written(context, reader, before, h, plan)))


def _asked(
    context: Context, reader: Reader, task_id: str, wish: Act, key: str | None
) -> tuple[Application, str, dict[str, Any], bool]:
    """The application and item that are meant, the request as the key remembers it, and whether it was done before."""
    refuse_real_numbers(wish.model_dump())
    before, item = access.task(context, reader, task_id)
    request = {"act": task_id, **wish.model_dump(mode="json")}
    return before, item, request, once.seen(context, reader, key, request) is not None


def carry_out(context: Context, reader: Reader, before: Application, item: str, command: Command) -> Outcome[TaskOut]:
    """One command on one task that the asker may act on, and the task as it is then."""
    plan, h = _moved(context, reader, before, item, command)
    events = [*reader.events(before.id, item=item), *h.events]
    sight = _sight(context, reader, h.case, plan, item)
    answer = _shown(context, reader, h.case, item, plan, events, before.version + 1, sight)
    return Outcome(answer, written(context, reader, before, h, plan).also(calls.TABLE, *sight.rows))


def _moved(
    context: Context, reader: Reader, before: Application, item: str, command: Command
) -> tuple[Plan, Happenings]:
    plan = plan_of(context, reader, before)
    h = begin(context, before)
    handling.act(h, item, command, _desk(context, before, item, plan))
    return plan, h


def _sight(context: Context, reader: Reader, case: Application, plan: Plan, item: str) -> Sight:
    """What the asker sees of the slice; whoever watches the course of a case alone sees nothing of it."""
    if not access.may_read_content(context.actor, case):
        return Sight({}, withheld=proxies.DONE if is_done_with(context.actor, case) else None)
    return looks.of_slice(context, reader, case, plan, item)


def _command(wish: Act) -> Command:
    choices = {action.value: action for action in handling.HANDLERS}
    action = choices.get(wish.action)
    if action is None:
        names = ", ".join(choices)
        text = Text(f"没有这个操作，可用：{names}。", f"There is no such action; there are: {names}.")
        raise InvalidInput([Fault("/action", "unknown-action", text)])
    points = tuple(Point(PointKind[point.kind.upper()], point.code, said(point.reason)) for point in wish.points)
    return Command(
        action=action,
        reason=wish.reason,
        points=points,
        outputs=wish.outputs,
        days=wish.days,
        procedure=wish.procedure,
        verdict=None if wish.verdict is None else Verdict[wish.verdict.upper()],
        step=None if wish.step is None else StepKind[wish.step.upper()],
        number=wish.number,
    )


def _desk(context: Context, case: Application, item: str, plan: Plan) -> Desk:
    holder = account(context.world, case.applicant)
    number = f"{plan.find(item).routed.department.region}-{item}-{context.moment.today:%Y%m%d}-{context.new_serial()}"
    return Desk(plan, certificate_number=number, holder=holder.code if holder else case.applicant)


def _shown(
    context: Context,
    reader: Reader,
    case: Application,
    item: str,
    plan: Plan,
    events: list[Event],
    version: int,
    sight: Sight,
) -> TaskOut:
    task, planned = case.tasks[item], plan.find(item)
    may_read = access.may_read_content(context.actor, case)
    reason = explain(planned.decision, planned.item.short, plan.answers, plan.bundle)
    return TaskOut(
        id=f"{case.reference}-{item}",
        reference=case.reference or "",
        application_id=case.id,
        bundle=case.bundle,
        bundle_name=Bilingual.of(plan.bundle.name),
        item=item,
        name=Bilingual.of(planned.item.name),
        department=Bilingual.of(planned.routed.department.name),
        region=task.region,
        version=version,
        status=Term.of(task.status),
        verdict=Term.maybe(task.verdict),
        allowed=[Term.of(action) for action in allowed(context, case, task)],
        because=BecauseOut.of(reason),
        fields=_fields(context, case, plan, item, events, sight, disputes.unsettled(reader, case)) if may_read else [],
        withheld=Bilingual.maybe(sight.withheld),
        materials=_materials(context, case, plan, item) if may_read else [],
        outputs=[spec.code for spec in outputs_of(plan, item)],
        assigns=[
            AssignedOut(code=spec.code, name=Bilingual.of(spec.name), example=spec.example)
            for spec in outputs_of(plan, item)
        ],
        opened_on=task.opened_on,
        intake_due_on=task.intake_due_on,
        accepted_at=task.accepted_at,
        is_deemed_accepted=task.is_deemed_accepted,
        promised_due_on=task.promised_due_on,
        statutory_due_on=task.statutory_due_on,
        delivery_due_on=task.delivery_due_on,
        extended_days=task.extended_days,
        pauses=[PauseOut.of(pause) for pause in task.pauses],
        points=[_point(point, plan) for point in task.points] if _may_read_points(context.actor) else [],
        is_notified=task.is_notified,
        confirm_fields=list(task.confirm_fields),
        waits_for=waits_for(task, case),
        waits_for_names=[Bilingual.of(plan.find(code).item.short) for code in waits_for(task, case)],
        signers=slices.signers(context, task),
        reason=task.reason,
        certificate=CertificateOut.of(case.certificates[item]) if item in case.certificates else None,
        proxy=proxies.shown(context, case, plan),
        is_joint=together.is_joint(case),
        is_given=together.serves(context.actor, case, item),
        unsigned_notes=together.unsigned(context.actor, case),
        events=[
            EventOut.of(event, is_inside=is_inside(context), principal=access.name_of(context, case))
            for event in events
            if event.task == item
        ],
        **_clocked(context, case, task, events, plan),
    )


def is_inside(context: Context) -> bool:
    """Whether the asker reads what officers write to each other: the department's own people."""
    return context.actor.role is Role.OFFICER


def _clocked(context: Context, case: Application, task: Task, events: list[Event], plan: Plan) -> dict[str, Any]:
    """The clocks of the task and the way it is decided, as members of the read model."""
    moment = context.moment
    lit = light_of(task, moment.calendar, moment.today)
    reckoned = reckon(task, events, moment.calendar)
    names = _names(plan)
    others = other_dates(task, case, events, moment.calendar, names)
    found = ClockedOut.made(task, case, lit, reckoned, others, moment, names=names, is_inside=is_inside(context))
    return {name: getattr(found, name) for name in ClockedOut.model_fields}


def allowed(context: Context, case: Application, task: Task) -> tuple[TaskAction, ...]:
    """What the asker may do with the task now, and this door can carry out."""
    possible = handling.permitted(task, context.actor, context.moment.today)
    barred = frozenset() if may_hand_out(context.actor, case, task) else {TaskAction.DELIVER}
    return tuple(action for action in possible if action in handling.HANDLERS and action not in barred)


def _fields(
    context: Context,
    case: Application,
    plan: Plan,
    item: str,
    events: list[Event],
    sight: Sight,
    disputed: frozenset[str],
) -> list[SliceFieldOut]:
    before = _before_correction(events)
    fields = []
    for planned in plan.fields:
        if item not in planned.users:
            continue
        code = planned.spec.code
        value = case.form.get(code)
        is_changed = before is not None and before.get(code) != value and code in _corrected(events)
        fields.append(
            SliceFieldOut(
                code=code,
                name=Bilingual.of(planned.spec.name),
                grade=Term.of(planned.spec.grade),
                source=Term.of(planned.source.source),
                origin=planned.source.origin,
                **slices.words(context, plan, planned),
                value=sight.values.get(code),
                is_masked=code in sight.masked,
                is_verified=code in sight.verified,
                origin_at=case.had[code].at if code in case.had else None,
                is_disputed=code in disputed,
                is_changed=is_changed,
                previous=sight.shows(planned.spec, before.get(code)) if is_changed and before is not None else None,
            )
        )
    return fields


def _corrected(events: list[Event]) -> set[str]:
    """Fields that any correction changed."""
    return {
        code
        for event in events
        if event.kind is EventKind.CORRECTED and event.task is None
        for code in event.changes.get("values", {})
    }


def _before_correction(events: list[Event]) -> dict[str, Any] | None:
    """The form as it stood before the last correction, rebuilt from the event rows; None when there was none."""
    last = max((e.seq for e in events if e.kind is EventKind.CORRECTED and e.task is None), default=None)
    if last is None:
        return None
    form: dict[str, Any] = {}
    for event in events:
        if event.seq >= last:
            break
        form.update(event.changes.get("values", {}))
    return form


def _materials(context: Context, case: Application, plan: Plan, item: str) -> list[SliceMaterialOut]:
    renewed = slices.renewed(case, item)
    return [
        SliceMaterialOut(
            code=planned.material.code,
            name=Bilingual.of(planned.material.name),
            need=Term.of(planned.need),
            is_needed=planned.is_needed,
            source=Term.of(planned.source.means),
            origin=planned.source.origin,
            origin_name=slices.origin_name(context, plan, planned.source.origin),
            is_renewed=planned.material.code in renewed,
            is_available=is_available(case, planned),
            provided=ProvidedOut.of(case.materials[planned.material.code])
            if planned.material.code in case.materials
            else None,
        )
        for planned in plan.materials
        if item in planned.users
    ]


def _may_read_points(who: Actor) -> bool:
    """Until the merged notice is served, what a department posts is for the desks: the applicant is told once."""
    return who.role not in {Role.APPLICANT, Role.AGENT}


def _names(plan: Plan) -> dict[str, Text]:
    """Field or material → its name."""
    return {p.spec.code: p.spec.name for p in plan.fields} | {p.material.code: p.material.name for p in plan.materials}


def _point(point: Point, plan: Plan) -> PointOut:
    return PointOut(
        kind=Term.of(point.kind), code=point.code, name=Bilingual.of(_names(plan)[point.code]), reason=point.reason
    )
