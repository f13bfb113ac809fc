"""纠错: a person says that data from a register are wrong. What the person says counts until the holder has answered.

The holder of the dataset answers in a closed loop: it corrects its register, or upholds what it has. Where the register
is the fictional one of the packs, an accepted correction is kept beside it, and the next look-up brings it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from app.domain import corrections, forms, loops, outcomes
from app.domain.applications import Application, Event, EventKind
from app.domain.authorities import department_at
from app.domain.catalogue import FieldSpec, Line
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotFound
from app.domain.forms import is_blank, value_faults
from app.domain.loops import Side
from app.domain.masking import mask_id_number, mask_name
from app.domain.matters import Because, Finding, Matter, MatterEventKind, MatterKind, hall_of, id_of
from app.domain.parties import split
from app.domain.proceedings import Proceedings
from app.domain.routing import Plan
from app.domain.said import said
from app.domain.shared_values import Dispute, Had
from app.domain.sharing import FORM, Allowance, Basis, BasisKind, Purpose
from app.domain.supervision import Opening, open_matter
from app.domain.vocabulary import Text
from app.schemas.common import Bilingual, Term
from app.schemas.shared_values import DatumOut, DisputeOut, NewDispute
from app.storage import matter_rows
from app.storage.changes import Changes, Row
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, calls, data_rounds, matter_views, once, prefill_views
from app.usecases.acts import begin, written
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers

DUTY = Text("《个人信息保护法》第四十六条", "Personal Information Protection Law, art. 46")
"""Whoever handles personal data verifies an objection, and corrects in time what is wrong."""
CORRECTION = "register_correction"


@dataclass(frozen=True, slots=True)
class Claim:
    """What was had and what the person says it should be, as the event rows have it."""

    code: str
    dispute: Dispute
    registered: Any
    claimed: Any
    reason: str | None


def dispute(
    context: Context, reader: Reader, application_id: str, code: str, wish: NewDispute, key: str | None = None
) -> Outcome[DisputeOut]:
    """Say that one value is wrong, and what is right. Departments that have accepted on the old one confirm again.

    With a key already used, the dispute as it stands now. Raises :class:`NotFound`, :class:`ActionNotAllowed` for a
    value that is not from a register, about another person or in an application that is over, :class:`NotAllowed` for
    an agent who may not change what was submitted, :class:`InvalidInput` for a value the field does not take.
    """
    refuse_real_numbers(wish.model_dump())
    before = access.to_change(context, reader, application_id)
    plan = plan_of(context, reader, before)
    request = {"dispute": [application_id, code], **wish.model_dump(mode="json")}
    library = context.world.planner_of(before, reader).library
    if once.seen(context, reader, key, request) is not None:
        earlier = prefill_views.dispute_outs(context, reader, before, plan, library)
        if code in earlier:
            return Outcome(earlier[code])
    spec, had, number = _disputable(context, reader, before, plan, code)
    value, reason = forms.tidy(wish.value), said(wish.reason)
    _must_say_more(context, before, plan, spec, value, reason)
    h = begin(context, before)
    opening = _opening(context, reader, before, spec, had, reason)
    entry = Dispute(had, context.at, id_of(opening.key), context.world.keys.blind_index(number))
    h.record(EventKind.DATA_DISPUTED, why=reason, values={code: value}, disputes={code: entry})
    if before.submitted_at is not None:
        corrections.ask_confirmation(h, [code], plan)
        outcomes.follow(h)
    p = open_matter(opening, context.actor, context.moment)
    answer = DisputeOut(
        source=prefill_views.had_out(had, library, plan, context.moment),
        at=context.at,
        matter=p.matter.id,
        status=Term.of(p.matter.status),
        finding=None,
        is_open=True,
    )
    changes = written(context, reader, before, h, plan).together(matter_rows.opened(p))
    return Outcome(answer, once.remember(context, key, request, p.matter.id, changes))


def unsettled(reader: Reader, case: Application) -> frozenset[str]:
    """Fields whose data the person says are wrong, and the holder has not answered for good."""
    if not case.disputes:
        return frozenset()
    pending = {matter.id for matter in matter_rows.matters_about(reader, case.id) if matter.is_open}
    return frozenset(code for code, entry in case.disputes.items() if entry.matter in pending)


def settled(context: Context, reader: Reader, case: Application | None, p: Proceedings, changes: Changes) -> Changes:
    """The changes with what the holder's answer means for its register; nothing for other matters."""
    found = [event.changes.get("finding") for event in p.events if event.kind is MatterEventKind.REPLIED]
    if p.matter.kind is not MatterKind.DATA_ERROR or not found or case is None:
        return changes
    claim = _claim(p.matter, reader.events(case.id))
    if claim is None or claim.dispute.had.dataset in context.world.remote:
        return changes
    if found[-1] is Finding.UPHELD:
        return changes.together(Changes(deletes=[(CORRECTION, {"matter_id": p.matter.id})]))
    return changes.also(CORRECTION, _correction(context, p.matter, claim))


def _correction(context: Context, matter: Matter, claim: Claim) -> Row:
    had = claim.dispute.had
    return {
        "id": context.new_id(),
        "subject": claim.dispute.subject,
        "dataset": had.dataset,
        "element": had.element,
        "value": claim.claimed,
        "at": context.at,
        "by": context.actor.account,
        "matter_id": matter.id,
    }


def datum(context: Context, reader: Reader, matter_id: str) -> Outcome[DatumOut]:
    """The disputed data, for the office that holds them and must answer. The look is kept in the ledger.

    Raises :class:`NotFound` for everybody else.
    """
    matter = matter_rows.matter(reader, matter_id)
    case = reader.application(matter.application_id) if matter is not None and matter.application_id else None
    if matter is None or case is None or matter.kind is not MatterKind.DATA_ERROR:
        raise matter_views.no_such_matter()
    sides = loops.sides_of(matter, context.actor, case.applicant, context.world.catalogue.regions)
    claim = _claim(matter, reader.events(case.id))
    if Side.OWNER not in sides or claim is None or not matter.is_open:
        raise matter_views.no_such_matter()
    plan = plan_of(context, reader, case)
    number = data_rounds.circle_of(context, case, plan, {}).numbers().get(claim.dispute.had.party)
    if number is not None and context.world.keys.blind_index(number) != claim.dispute.subject:
        number = None  # somebody else has that part now: nothing is told about them
    answer = _datum(context, context.world.planner_of(case, reader).library.datasets, claim, number)
    return Outcome(answer, Changes().also(calls.TABLE, _look(context, case, plan, claim, number)))


def _datum(context: Context, datasets: Any, claim: Claim, number: str | None) -> DatumOut:
    had = claim.dispute.had
    dataset = datasets[had.dataset]
    people = context.world.catalogue.people.values()
    person = next((each for each in people if each.id_number == number), None)
    return DatumOut(
        dataset=had.dataset,
        dataset_name=Bilingual.of(dataset.name),
        element=had.element,
        element_name=Bilingual.of(dataset.elements[had.element].name),
        person=mask_name(person.name.zh) if person is not None else "—",
        number=mask_id_number(number) if number is not None else "—",
        registered=claim.registered,
        claimed=claim.claimed,
        reason=claim.reason,
    )


def _look(context: Context, case: Application, plan: Plan, claim: Claim, number: str | None) -> Row:
    users = next((planned.users for planned in plan.fields if planned.spec.code == claim.code), ("",))
    wish = calls.request(
        context,
        case,
        plan,
        item=users[0],
        dataset=FORM,
        elements=(claim.code,),
        purpose=Purpose.REVIEW,
        party=claim.dispute.had.party,
        subject=number,
        reason=DUTY.zh,
    )
    wish = replace(wish, department=context.actor.department)
    return calls.row(context, wish, Allowance(Basis(BasisKind.STATUTORY_DUTY, DUTY), (claim.code,)))


def _disputable(
    context: Context, reader: Reader, case: Application, plan: Plan, code: str
) -> tuple[FieldSpec, Had, str]:
    """The field, its source, and the number of whom it is about; raises :class:`NotFound` for a field the form does not
    have, :class:`ActionNotAllowed`."""
    spec = next((planned.spec for planned in plan.fields if planned.spec.code == code), None)
    if spec is None:
        raise NotFound(Text("表中没有这个字段。", "The form has no such field."))
    had = case.had.get(code)
    numbers = data_rounds.circle_of(context, case, plan, {}).numbers()
    number = numbers.get(had.party) if had is not None else None
    why = None
    if had is None:
        why = Text("这一项不是共享获取的，直接修改即可。", "This value is not from a register: simply change it.")
    elif case.completed_at is not None:
        why = Text("申请已经办结，请向出证部门提出更正。", "The application is over: ask the office that decided.")
    elif code in unsettled(reader, case):
        why = Text("这一项的纠错正在处理。", "An objection to this value is being dealt with already.")
    elif number is None or _is_anothers(context, case, plan, had):
        why = Text("这是他人的数据，由本人提出。", "These are another person's data: that person may object.")
    if why is not None or had is None or number is None:
        raise ActionNotAllowed(why or Text("", ""), action="dispute", allowed=[])
    return spec, had, number


def _is_anothers(context: Context, case: Application, plan: Plan, had: Had) -> bool:
    circle = data_rounds.circle_of(context, case, plan, {})
    return len(split(had.party)) > 1 or prefill_views.is_anothers(had, plan, circle)


def _must_say_more(context: Context, case: Application, plan: Plan, spec: FieldSpec, value: Any, reason: str) -> None:
    """Raise :class:`InvalidInput` for what says nothing; that it is what the register says is told to who sees that."""
    faults, is_seen = [], spec.code not in prefill_views.masks(context, case, plan)
    if is_blank(value):
        faults.append(Fault("/value", "missing", Text("请写明正确的内容。", "Say what is right.")))
    elif is_seen and value == case.form.get(spec.code):
        faults.append(Fault("/value", "same", Text("与登记的一样。", "That is what the register says.")))
    else:
        faults += value_faults(spec, value, context.moment.today, "/value")
    if not reason:
        faults.append(Fault("/reason", "missing", Text("请写明理由。", "Say how you know.")))
    if faults:
        raise InvalidInput(faults)


def _opening(context: Context, reader: Reader, case: Application, spec: FieldSpec, had: Had, reason: str) -> Opening:
    """The matter for the holder: which data, and why; never the values, which are not for supervision to read."""
    library = context.world.planner_of(case, reader).library
    dataset = library.datasets[had.dataset]
    return Opening(
        kind=MatterKind.DATA_ERROR,
        trail=f"{case.id}:{spec.code}:{case.event_count + 1}",
        because=Because.DISPUTED,
        application_id=case.id,
        reference=case.reference,
        item=None,
        region=case.region,
        owner=_holder(context, case, library.lines[had.holder]),
        text=f"{dataset.name.zh}·{dataset.elements[had.element].name.zh}：{reason}",
    )


def _holder(context: Context, case: Application, line: Line) -> str:
    """The body of the holder's line nearest to the case; where it has none, the hall."""
    regions = context.world.catalogue.regions
    found = (department_at(line, place) for place in regions.ancestors(case.region))
    return next((body.code for body in found if body is not None), hall_of(case.region, regions))


def _claim(matter: Matter, events: Iterable[Event]) -> Claim | None:
    form: dict[str, Any] = {}
    for event in events:
        values, entries = event.changes.get("values", {}), event.changes.get("disputes", {})
        for code, entry in entries.items():
            if entry is not None and entry.matter == matter.id:
                return Claim(code, entry, form.get(code), values.get(code), event.why)
        form.update(values)
    return None
