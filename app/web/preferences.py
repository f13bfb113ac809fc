"""Language, region and size of type: cookies that say nothing about a person, chosen without signing in."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.transport.doors import Doors
from app.usecases import catalogue
from app.web.forms import typed
from app.web.visits import LANGUAGE, OFF, ON, REGION, SIZE, SIZES, XRAY, Visiting, is_secure, safe_path

router = Doors(include_in_schema=False)

YEAR = 365 * 24 * 3600


@router.post("/preferences")
async def choose(visit: Visiting, request: Request) -> Response:
    """Remember what was chosen and go back to the page it was chosen on."""
    form = await typed(request)
    answer = visit.go(safe_path(form.text("back")))
    known = visit.context.world.catalogue.regions
    chosen = {
        LANGUAGE: form.text("lang") if form.text("lang") in {"zh", "en"} else "",
        REGION: form.text("region") if form.text("region") in known else "",
        SIZE: form.text("size") if form.text("size") in SIZES else "",
        XRAY: form.text("xray") if form.text("xray") == ON else "",
    }
    for name, value in chosen.items():
        if value:
            secure = is_secure(request)
            answer.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
    if form.text("size") == "100":
        answer.delete_cookie(SIZE)
    if form.text("xray") == OFF:
        answer.delete_cookie(XRAY)
    return answer


@router.get("/regions")
async def show_regions(
    visit: Visiting,
    at: Annotated[str, Query(max_length=12)] = "",
    back: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Five levels, one step at a time."""
    world = visit.context.world
    known = world.catalogue.regions
    place = visit.ask(catalogue.show_region, world, at if at in known else visit.region.code)
    below = visit.ask(catalogue.regions, world, place.code)
    if not below and place.parent and at == "":
        place = catalogue.show_region(world, place.parent)
        below = catalogue.regions(world, place.code)
    above = [catalogue.show_region(world, entry.code) for entry in reversed(list(known.ancestors(place.code)))]
    return visit.page("regions", place=place, above=above, below=below, back=safe_path(back))


@router.get("/elder")
async def show_elder(visit: Visiting, back: Annotated[str, Query(max_length=4000)] = "") -> Response:
    """长辈版: larger type, one column, large controls, reading aloud, and where a person helps."""
    hall = next(
        (d for d in visit.ask(catalogue.departments, visit.context.world, visit.region.code) if d.line == "hall"),
        None,
    )
    return visit.page("elder", sizes=SIZES, hall=hall, back=safe_path(back))
