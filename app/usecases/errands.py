"""What one application needs a visit for, what to bring for it, and the nearest halls that take it. Nothing is kept of
where somebody stands."""

from app.domain import errands
from app.domain.errands import Errand, Purpose
from app.domain.halls import Desk, centre, nearest
from app.domain.routing import nearest_override
from app.domain.together import chosen
from app.domain.vocabulary import Role
from app.schemas.common import Term
from app.schemas.errands import BroughtOut, ErrandOut, ErrandsOut
from app.schemas.halls import HallOut
from app.storage.queries import Reader
from app.usecases import access
from app.usecases.catalogue import placed
from app.usecases.context import Context
from app.usecases.halls import position
from app.usecases.plans import plan_of


def show(
    context: Context,
    reader: Reader,
    application_id: str,
    longitude: float | None = None,
    latitude: float | None = None,
    limit: int = 5,
) -> ErrandsOut:
    """For the applicant's side. Raises :class:`NotFound` for whoever may not know of it and :class:`InvalidInput` for
    half a position."""
    case = access.own_application(context, reader, application_id)
    if context.actor.role is Role.CLERK and case.submitted_at is not None:
        raise access.no_such_application()
    plan, catalogue, moment = plan_of(context, reader, case), context.world.catalogue, context.moment
    found, area = errands.errands(case, plan), errands.reach(case, plan)
    collects = any(own.purpose is Purpose.COLLECT and not own.is_done for own in found)
    desk = Desk.DELIVERY if collects else Desk.COUNTER
    halls = errands.taking(catalogue.halls.values(), area, case.region, catalogue.regions, desk)
    at = position(longitude, latitude) or centre(case.region, catalogue.halls.values(), catalogue.regions)
    near = nearest(halls, at)[:limit] if at is not None else []
    return ErrandsOut(
        application_id=case.id,
        visits_left=sum(not own.is_done for own in found),
        errands=[_told(context, own, chosen(case).get(own.planned.item.code, case.region)) for own in found],
        bring=[BroughtOut.of(own) for own in errands.to_bring(case, plan, context.actor.role is Role.AGENT)],
        area=Term.of(area),
        halls=[HallOut.of(hall, km, catalogue.regions, moment.at, moment.calendar) for hall, km in near],
    )


def _told(context: Context, own: Errand, region: str) -> ErrandOut:
    item, office, world = own.planned.item, own.planned.routed.department, context.world
    special = nearest_override(world.library.overrides, item.code, region, world.catalogue.regions)
    place, hours = item.place, item.hours
    phone = item.consult_phone
    if special is not None:
        place, hours = special.place or place, special.hours or hours
        phone = special.consult_phone or phone
    return ErrandOut.of(own, placed(place, office, world), placed(hours, office, world), phone)
