"""异地代收代办: what a hall says when it takes in for offices elsewhere, and sending and signing for parcels."""

from functools import partial

from app.domain import proxying
from app.domain.applications import Actor, Application
from app.domain.happenings import Happenings
from app.domain.proxies import Handing, Identified, Parcel, Way, covers
from app.domain.routing import Plan
from app.domain.together import is_hall_of_a_place, serves
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Term
from app.schemas.proxies import (
    ContentOut,
    CoveredOut,
    ParcelOut,
    ParcelSent,
    ParcelSigned,
    ProxyAmended,
    ProxyIn,
    ProxyOut,
)
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access
from app.usecases.accounts import account, department
from app.usecases.acts import begin, written
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers
from app.usecases.serving import hall_of

DONE = Text(
    "本大厅的收件已经完成，只看进展；内容由办理地的部门处理。",
    "This hall has taken everything in and sees how it goes; the content is with the deciding offices.",
)
"""What a hall reads that took in for elsewhere, where the content stood."""


def note(h: Happenings, wish: ProxyIn | None) -> None:
    """Keep what the clerk said about a draft taken in for elsewhere; raises :class:`InvalidInput` when that lacks."""
    identified = None if wish is None else Identified[wish.identified.upper()]
    handing = None if wish is None else Handing[wish.handing.upper()]
    proxying.take_in(h, identified, handing)


def amend(h: Happenings, wish: ProxyAmended) -> None:
    """Change what was said about a draft taken in for elsewhere; raises :class:`InvalidInput` for what is not the
    asker's to say."""
    identified = None if wish.identified is None else Identified[wish.identified.upper()]
    handing = None if wish.handing is None else Handing[wish.handing.upper()]
    proxying.amend(h, identified, handing)


def send(context: Context, reader: Reader, application_id: str, number: int, wish: ParcelSent) -> Outcome[ProxyOut]:
    """Hand a parcel to the courier: the hall for originals, the deciding side for a result."""
    refuse_real_numbers(wish.model_dump())
    before, h = _begun(context, reader, application_id, number)
    proxying.send(h, number, wish.waybill)
    return _told(context, reader, before, h)


def sign(context: Context, reader: Reader, application_id: str, number: int, wish: ParcelSigned) -> Outcome[ProxyOut]:
    """Sign for a parcel: the deciding side for originals, the hall for a result that is collected there."""
    refuse_real_numbers(wish.model_dump())
    before, h = _begun(context, reader, application_id, number)
    proxying.sign(h, number, wish.note)
    return _told(context, reader, before, h)


def shown(context: Context, case: Application, plan: Plan) -> ProxyOut | None:
    """The record as the asker may read it; None for what was not taken in elsewhere."""
    proxy, who = case.proxy, context.actor
    if proxy is None:
        return None
    items = [planned for planned in plan.items if planned.item.code in case.tasks or not case.tasks]
    if who.role is Role.OFFICER:
        items = [planned for planned in items if planned.routed.department.code == who.department]
    elif _is_of_a_place(who, case):
        items = [planned for planned in items if serves(who, case, planned.item.code)]
    return ProxyOut(
        hall=proxy.hall,
        hall_name=Bilingual.of(hall_of(context.world, proxy.hall).name),
        is_other_province=proxy.hall[:2] != case.region[:2],
        identified=Term.of(proxy.identified),
        handing=Term.of(proxy.handing),
        taken_at=proxy.taken_at,
        items=[
            CoveredOut(
                item=planned.item.code,
                name=Bilingual.of(planned.item.short),
                area=Term.of(planned.item.area),
                mode=Term.maybe(planned.item.area_mode),
                is_covered=covers(planned.item.area, proxy.hall, planned.routed.department.region),
            )
            for planned in items
        ],
        parcels=list(map(partial(_parcel, context, case, plan), _parcels(who, case))),
    )


def _is_of_a_place(who: Actor, case: Application) -> bool:
    """Whether the asker is the hall of one of several places, and not the one that took everything in."""
    return is_hall_of_a_place(who, case) and who.region != case.filed_region


def _parcels(who: Actor, case: Application) -> list[Parcel]:
    """Those the asker knows of: a department and the hall of another place, their own."""
    found = [] if case.proxy is None else list(case.proxy.parcels)
    if who.role is Role.OFFICER:
        return [parcel for parcel in found if parcel.department == who.department]
    if _is_of_a_place(who, case):
        return [parcel for parcel in found if any(serves(who, case, item) for item in parcel.items)]
    return found


def _parcel(context: Context, case: Application, plan: Plan, parcel: Parcel) -> ParcelOut:
    names = {planned.material.code: planned.material.name for planned in plan.materials}
    sender, receiver = _ends(context, case, parcel)
    is_told = context.actor.role is not Role.SUPERVISOR  # which papers there are is content
    return ParcelOut(
        number=parcel.number,
        way=Term.of(parcel.way),
        status=Term.of(parcel.status),
        sender=sender,
        receiver=receiver,
        department=parcel.department,
        items=list(parcel.items),
        materials=[ContentOut(code=code, name=Bilingual.of(names[code])) for code in parcel.materials if is_told],
        packed_at=parcel.packed_at,
        due_on=parcel.due_on,
        is_late=parcel.signed_at is None and context.moment.today > parcel.due_on,
        sent_at=parcel.sent_at,
        sent_by=_position(context, parcel.sent_by),
        waybill=parcel.waybill,
        signed_at=parcel.signed_at,
        signed_by=_position(context, parcel.signed_by),
        note=parcel.note if is_told else None,
        allowed=[one for one in ("send", "sign") if one in proxying.possible(context.actor, case, parcel)],
    )


def _ends(context: Context, case: Application, parcel: Parcel) -> tuple[Bilingual, Bilingual]:
    """Who sends it, and who is to have it."""
    proxy, world = case.proxy, context.world
    found = department(world, parcel.department)
    office = found.name if found is not None else Text(parcel.department, parcel.department)
    hall = hall_of(world, proxy.hall if proxy is not None else case.region).name
    if parcel.way is Way.OUT:
        return Bilingual.of(hall), Bilingual.of(office)
    is_posted = proxy is not None and proxy.handing is Handing.BY_POST
    name = access.name_of(context, case) or Text("申请人", "the applicant")
    return Bilingual.of(office), Bilingual.of(name if is_posted else hall)


def _position(context: Context, code: str | None) -> Bilingual | None:
    found = None if code is None else account(context.world, code)
    return None if found is None else Bilingual.of(found.name)


def _begun(context: Context, reader: Reader, application_id: str, number: int) -> tuple[Application, Happenings]:
    """The application, for whoever may know of this parcel of it; another department's, or place's, is as if there
    were none."""
    who = context.acting(Role.CLERK, Role.OFFICER)
    before = access.place(context, reader, application_id)
    is_partial = who.role is Role.OFFICER or _is_of_a_place(who, before)
    if is_partial and not any(one.number == number for one in _parcels(who, before)):
        raise access.no_such_application()
    return before, begin(context, before)


def _told(context: Context, reader: Reader, before: Application, h: Happenings) -> Outcome[ProxyOut]:
    plan = plan_of(context, reader, before)
    answer = shown(context, h.case, plan)
    if answer is None:
        raise AssertionError("a parcel belongs to what was taken in elsewhere")
    return Outcome(answer, written(context, reader, before, h, plan))
