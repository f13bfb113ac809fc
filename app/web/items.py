"""Single items (办事指南): the list by theme and department, and one item in one region."""

from typing import Annotated

from fastapi import Query, Response

from app.domain.errors import NoAuthority
from app.transport.doors import Doors
from app.usecases import catalogue
from app.web.visits import Visiting

router = Doors(include_in_schema=False)


@router.get("/items")
async def list_items(
    visit: Visiting,
    line: Annotated[str, Query(max_length=64)] = "",
    bundle: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Items by department and by theme."""
    world = visit.context.world
    found = [
        item
        for item in visit.ask(catalogue.items, world)
        if (not line or item.line == line) and (not bundle or bundle in item.bundles)
    ]
    return visit.page(
        "items",
        items=found,
        lines={entry.code: entry.name for entry in visit.ask(catalogue.lines, world)},
        bundles={entry.code: entry.name for entry in catalogue.bundles(world)},
        line=line,
        bundle=bundle,
    )


@router.get("/items/{code}")
async def show_item(visit: Visiting, code: str) -> Response:
    """办事指南 in the visitor's region; where nobody has the power there, which level has."""
    world = visit.context.world
    try:
        item = visit.ask(catalogue.show_item, world, code, visit.region.code)
    except NoAuthority as refusal:
        return visit.page("item_nowhere", 422, code=code, text=refusal.detail)
    summaries = {entry.code: entry for entry in catalogue.items(world)}
    names = {entry.code: entry.name for entry in catalogue.bundles(world)}
    return visit.page(
        "item", it=item, bundles={b: names[b] for b in summaries[code].bundles} if code in summaries else {}
    )
