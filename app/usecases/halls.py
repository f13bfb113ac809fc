"""The halls nearest to somebody: to a region, or to where they stand. Nothing of it is kept."""

from app.domain.errors import Fault, InvalidInput
from app.domain.halls import Desk, Place, centre, nearest
from app.domain.vocabulary import Text
from app.schemas.halls import HallOut
from app.usecases.catalogue import region as region_of
from app.usecases.context import Context


def near(
    context: Context, region: str, longitude: float | None, latitude: float | None, desk: str | None, limit: int
) -> list[HallOut]:
    """The nearest halls first. Raises :class:`NotFound` for a region nobody knows and :class:`InvalidInput` for half a
    position or a desk there is none of."""
    catalogue, moment = context.world.catalogue, context.moment
    code = region_of(context.world, region).code
    wanted = _desk(desk)
    at = position(longitude, latitude) or centre(code, catalogue.halls.values(), catalogue.regions)
    if at is None:
        return []
    halls = [hall for hall in catalogue.halls.values() if wanted is None or wanted in hall.desks]
    return [
        HallOut.of(hall, kilometres, catalogue.regions, moment.at, moment.calendar)
        for hall, kilometres in nearest(halls, at)[:limit]
    ]


def position(longitude: float | None, latitude: float | None) -> Place | None:
    """Where somebody stands, None when they do not say. Raises :class:`InvalidInput` for half a position."""
    if longitude is None and latitude is None:
        return None
    if longitude is None or latitude is None:
        name = "longitude" if longitude is None else "latitude"
        text = Text("经度和纬度要一起给。", "Longitude and latitude go together.")
        raise InvalidInput([Fault(f"/{name}", "missing", text)])
    return Place(longitude, latitude)


def _desk(wanted: str | None) -> Desk | None:
    if wanted is None:
        return None
    found = next((desk for desk in Desk if desk.value == wanted), None)
    if found is None:
        names = ", ".join(Desk)
        text = Text(f"没有这种窗口，可选：{names}。", f"There is no such desk; there are: {names}.")
        raise InvalidInput([Fault("/desk", "unknown", text)])
    return found
