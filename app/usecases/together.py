"""多地联办: choosing where items are handled, what every place sees of the others' progress, and notes.

Least privilege: the leading hall, the hall that took it in and the applicant see every item's status; another place
sees its own items, those that wait for them or that they wait for, and of the rest how many are done. Nobody sees
content.
"""

from dataclasses import dataclass

from app.domain import submissions, together
from app.domain.applications import Application, Task
from app.domain.authorities import department_at
from app.domain.errors import NotFound
from app.domain.joint import gravest_light, limit_of_case
from app.domain.oversight import light_of, light_of_case
from app.domain.places import Note, is_elsewhere
from app.domain.proxies import covers
from app.domain.routing import Plan, PlannedItem
from app.domain.vocabulary import ILLUSTRATIVE, Level, Role, Text
from app.schemas.clocks import LightOut
from app.schemas.common import Bilingual, Term
from app.schemas.together import (
    ChoiceOut,
    NoteIn,
    NoteOut,
    PlacedTaskOut,
    PlaceNameOut,
    PlaceOut,
    PlacesIn,
    TogetherOut,
)
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, consents, once
from app.usecases.accounts import account
from app.usecases.acts import begin, written
from app.usecases.context import Context
from app.usecases.place_sentences import sentence
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers
from app.usecases.serving import hall_of


@dataclass(frozen=True, slots=True)
class _Seen:
    """The asker's ``own`` items, and those whose status is ``told``: all, or the own ones and what hangs together with
    them."""

    own: frozenset[str]
    told: frozenset[str]


def show(context: Context, reader: Reader, application_id: str) -> TogetherOut:
    """Who does what where; of a draft, what can be chosen. Raises :class:`NotFound` for whoever has no part in it."""
    case = access.place(context, reader, application_id)
    return shown(context, case, plan_of(context, reader, case))


def choose(context: Context, reader: Reader, application_id: str, wish: PlacesIn) -> Outcome[TogetherOut]:
    """Say where single items of a draft are handled; raises :class:`InvalidInput`."""
    refuse_real_numbers(wish.model_dump())
    before = access.own_application(context, reader, application_id)
    submissions.must_be_draft(before)
    h = begin(context, before)
    together.choose(h, plan_of(context, reader, before), wish.places, context.world.catalogue.regions)
    consents.let_go(context, reader, h)
    plan = plan_of(context, reader, h.case)
    return Outcome(shown(context, h.case, plan), written(context, reader, before, h, plan) if h.events else None)


def send(
    context: Context, reader: Reader, application_id: str, wish: NoteIn, key: str | None = None
) -> Outcome[TogetherOut]:
    """A note to another place of the case, from a hall or a department of one. With a key already used, the places and
    notes as they are now."""
    context.acting(Role.CLERK, Role.OFFICER)
    refuse_real_numbers(wish.model_dump())
    before = access.place(context, reader, application_id)
    request = {"note": application_id, **wish.model_dump(mode="json")}
    if once.seen(context, reader, key, request) is not None:
        return Outcome(shown(context, before, plan_of(context, reader, before)))
    h = begin(context, before)
    together.send(h, wish.to, wish.text)
    plan = plan_of(context, reader, h.case)
    changes = once.remember(context, key, request, before.id, written(context, reader, before, h, plan))
    return Outcome(shown(context, h.case, plan), changes)


def sign(context: Context, reader: Reader, application_id: str, number: int) -> Outcome[TogetherOut]:
    """签收 a note of another place."""
    context.acting(Role.CLERK, Role.OFFICER)
    before = access.place(context, reader, application_id)
    h = begin(context, before)
    try:
        together.sign(h, number)
    except NotFound:  # a note between others, none, and no application at all sound alike
        raise access.no_such_application() from None
    plan = plan_of(context, reader, h.case)
    return Outcome(shown(context, h.case, plan), written(context, reader, before, h, plan))


def shown(context: Context, case: Application, plan: Plan) -> TogetherOut:
    """The read model for the asker."""
    who, own, seen = context.actor, together.seat(context.actor, case), _seen(context, case)
    names = {planned.item.code: planned.item.short for planned in plan.items}
    is_open = case.submitted_at is None
    lit = None if is_open else LightOut.of(gravest_light(case, limit_of_case(case, context.moment), context.moment))
    others = [place for place in together.readers(case) if place != own]
    return TogetherOut(
        application_id=case.id,
        reference=case.reference,
        bundle_name=Bilingual.of(plan.bundle.name),
        is_joint=together.is_joint(case),
        sentence=Bilingual.of(sentence(context.world, case, plan)),
        lead=Bilingual.of(_lead(context, case, plan)),
        promised_on=case.promised_on,
        light=lit,
        places=[] if is_open else [_place(context, case, plan, place, seen) for place in together.places(case)],
        notes=[_note(context, case, note, names) for note in _notes(context, case)],
        may_send_to=[] if own is None or case.completed_at else [_named(context, place) for place in others],
        choices=[_choice(context, case, one) for one in together.choosable(plan)]
        if is_open and who.role in {Role.APPLICANT, Role.AGENT, Role.CLERK}
        else [],
        label=Bilingual.of(ILLUSTRATIVE),
    )


def _lead(context: Context, case: Application, plan: Plan) -> Text:
    """The body of the bundle's lead line that is nearest to the place of the application."""
    line = context.world.library.lines[plan.bundle.lead]
    found = (department_at(line, place) for place in context.world.catalogue.regions.ancestors(case.region))
    return next((body.name for body in found if body is not None), line.name)


def _named(context: Context, region: str) -> PlaceNameOut:
    return PlaceNameOut(code=region, name=Bilingual.of(context.world.catalogue.regions[region].name))


def _place(context: Context, case: Application, plan: Plan, region: str, seen: _Seen) -> PlaceOut:
    moment, own = context.moment, together.seat(context.actor, case)
    tasks = [task for task in case.tasks.values() if together.place_of(case, task) == region]
    filed = together.taker(case)
    return PlaceOut(
        region=region,
        name=_named(context, region).name,
        hall=Bilingual.of(hall_of(context.world, region).name),
        is_lead=region == case.region,
        is_taker=region == filed,
        is_own=region == own,
        task_count=len(tasks),
        ended_count=sum(task.completed_at is not None for task in tasks),
        light=LightOut.of(light_of_case(tasks, moment.calendar, moment.today)),
        tasks=[_task(context, task, plan.find(task.item), seen) for task in tasks if task.item in seen.told],
    )


def _seen(context: Context, case: Application) -> _Seen:
    own = _own(context, case)
    if own == case.tasks.keys():
        return _Seen(own, own)
    before = {code for item in own for edge in case.tasks[item].after for code in edge.any_of}
    behind = {item for item, task in case.tasks.items() if any(own.intersection(edge.any_of) for edge in task.after)}
    return _Seen(own, own | before | behind)


def _own(context: Context, case: Application) -> frozenset[str]:
    who = context.actor
    if who.role is Role.OFFICER:
        return frozenset(item for item, task in case.tasks.items() if task.department == who.department)
    if together.is_hall_of_a_place(who, case) and not access.may_see(who, case, context.world.catalogue.regions):
        return frozenset(item for item in case.tasks if together.serves(who, case, item))
    return frozenset(case.tasks)


def _task(context: Context, task: Task, planned: PlannedItem, seen: _Seen) -> PlacedTaskOut:
    moment = context.moment
    return PlacedTaskOut(
        item=task.item,
        name=Bilingual.of(planned.item.short),
        department=Bilingual.of(planned.routed.department.name),
        status=Term.of(task.status),
        light=LightOut.of(light_of(task, moment.calendar, moment.today)),
        due_on=task.delivery_due_on or task.promised_due_on or task.intake_due_on,
        is_own=task.item in seen.own,
    )


def _notes(context: Context, case: Application) -> list[Note]:
    return [note for note in together.notes(case) if together.is_told(context.actor, case, note)]


def _note(context: Context, case: Application, note: Note, names: dict[str, Text]) -> NoteOut:
    world = context.world
    return NoteOut(
        number=note.number,
        kind=Term.of(note.kind),
        status=Term.of(note.status),
        sender=Bilingual.of(hall_of(world, note.sender).name),
        receiver=Bilingual.of(hall_of(world, note.receiver).name),
        items=[Bilingual.of(names[item]) for item in note.items if item in names],
        text=None if context.actor.role is Role.SUPERVISOR else note.text,
        sent_at=note.sent_at,
        sent_by=_position(context, note.sent_by),
        signed_at=note.signed_at,
        signed_by=_position(context, note.signed_by),
        may_sign=together.may_sign(context.actor, case, note),
    )


def _position(context: Context, code: str | None) -> Bilingual | None:
    found = None if code is None else account(context.world, code)
    return None if found is None else Bilingual.of(found.name)


def _choice(context: Context, case: Application, planned: PlannedItem) -> ChoiceOut:
    regions, area = context.world.catalogue.regions, planned.item.area
    counties = [code for code in regions if regions[code].level is Level.COUNTY and covers(area, code, case.region)]
    place = together.chosen(case).get(planned.item.code, case.region)
    own = regions.at_level(case.region, Level.COUNTY)
    is_own = own is not None and not is_elsewhere(place, case.region)
    at = _named(context, own.code if own is not None and is_own else place)
    return ChoiceOut(
        item=planned.item.code,
        name=Bilingual.of(planned.item.short),
        area=Term.of(area),
        place=at,
        options=[PlaceNameOut(code=code, name=Bilingual.of(regions.path(code))) for code in counties],
    )
