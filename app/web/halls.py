"""办事大厅: the nearest ones, when they are open, and what to bring; in general, and for one application."""

from typing import Annotated

from fastapi import Query, Response

from app.domain.halls import Desk
from app.transport.doors import Doors
from app.usecases import applications, errands, halls
from app.web.visits import Visiting, as_part

router = Doors(include_in_schema=False)

SHOWN = 8
Coordinate = Annotated[str, Query(max_length=20)]


@router.get("/halls")
async def show_halls(
    visit: Visiting,
    longitude: Coordinate = "",
    latitude: Coordinate = "",
    desk: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Halls by distance from the region, or from the position that the visitor chose to send with this one request."""
    east, north = _degrees(longitude, 180), _degrees(latitude, 90)
    is_here = east is not None and north is not None
    wanted = desk if desk in list(Desk) else ""
    found = visit.ask(
        halls.near,
        visit.context,
        visit.region.code,
        east if is_here else None,
        north if is_here else None,
        wanted or None,
        SHOWN,
    )
    there = {one for hall in visit.context.world.catalogue.halls.values() for one in hall.desks}
    desks = [one for one in Desk if one in there or one == wanted]
    return visit.page("halls", halls=found, is_here=is_here, desks=desks, desk=wanted, position=(longitude, latitude))


@router.get("/applications/{application_id}/halls")
async def show_errands(
    visit: Visiting, application_id: str, longitude: Coordinate = "", latitude: Coordinate = ""
) -> Response:
    """What this application needs a visit for, what to bring, and the nearest halls that take it."""
    east, north = _degrees(longitude, 180), _degrees(latitude, 90)
    is_here = east is not None and north is not None
    found = await visit.read(
        errands.show,
        application_id=application_id,
        longitude=east if is_here else None,
        latitude=north if is_here else None,
    )
    application = await visit.perform(applications.show, application_id=application_id)
    there = f"/applications/{as_part(application_id)}/halls"
    return visit.page("errands", found=found, application=application, is_here=is_here, there=there)


def _degrees(text: str, most: int) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -most <= value <= most else None
