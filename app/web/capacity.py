"""产能推演: a supervisor asks how many officers the desks need, and sees waiting and lights for each answer."""

from typing import Annotated

from fastapi import Query, Response

from app.domain.errors import Fault, InvalidInput, Refusal
from app.domain.regions import Region
from app.domain.vocabulary import Level, Role, Text
from app.schemas.capacity import CapacityOut, CapacityWish
from app.transport.doors import Doors
from app.usecases import capacity
from app.web.forms import NONE, errors_of
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)

Short = Annotated[str, Query(max_length=20)]
PER_DAY, DAYS, SEED = (0.1, 500.0), (5.0, 250.0), (0.0, 2.0**31 - 1)
OFFICERS = (1, 2, 3, 4, 5)
"""Numbers of officers that the page compares."""


@router.get("/supervision/capacity")
async def show_capacity(
    visit: Visiting,
    bundle: Short = "catering",
    region: Short = "",
    per_day: Short = "4",
    days: Short = "60",
    seed: Short = "1",
) -> Response:
    """The question as a form, and its answer under it."""
    visit.must_be(Role.SUPERVISOR, Role.STEWARD)
    counties = _counties(visit)
    asked = {"bundle": bundle, "region": region or counties[0].code, "per_day": per_day, "days": days, "seed": seed}
    errors, found = NONE, None
    try:
        found = await _estimated(visit, asked)
    except Refusal as refusal:
        errors = errors_of(refusal)
    return visit.page(
        "capacity",
        422 if errors else 200,
        found=found,
        asked=asked,
        errors=errors,
        bundles=visit.context.world.library.bundles.values(),
        counties=counties,
    )


def _counties(visit: Visit) -> list[Region]:
    """Those inside the asker's region: desks of most items are there."""
    regions, own = visit.context.world.catalogue.regions, visit.context.actor.region or ""
    inside = [regions[code] for code in regions.within(own)]
    return [place for place in inside if place.level is Level.COUNTY] or [regions[own]]


async def _estimated(visit: Visit, asked: dict[str, str]) -> CapacityOut:
    wish = CapacityWish(
        bundle=asked["bundle"],
        region=asked["region"],
        per_day=_number(asked, "per_day", PER_DAY),
        days=int(_number(asked, "days", DAYS)),
        officers=list(OFFICERS),
        seed=int(_number(asked, "seed", SEED)),
    )
    return await visit.ask_aside(capacity.estimate, visit.context, wish)


def _number(asked: dict[str, str], name: str, limits: tuple[float, float]) -> float:
    least, most = limits
    try:
        found = float(asked[name])
    except ValueError:
        found = least - 1
    if not least <= found <= most:
        text = Text(f"请填 {least:g} 到 {most:g} 之间的数。", f"Give a number from {least:g} to {most:g}.")
        raise InvalidInput([Fault(f"/{name}", "out-of-range", text)])
    return found
