"""The home page and the search: everyday words in, 一件事 first."""

from typing import Annotated

from fastapi import Query, Response

from app.domain.errors import Refusal
from app.domain.vocabulary import Role, Text
from app.schemas.applications import ApplicationLineOut
from app.schemas.catalogue import BundleOut, HitOut
from app.schemas.common import Bilingual
from app.transport.doors import Doors
from app.usecases import catalogue, lists
from app.usecases.world import World
from app.web import signposts
from app.web.forms import NONE, errors_of
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)

SHOWN = 3
"""Open applications that the home page offers to go on with."""
LONGEST_SEARCH = 200
EXAMPLES = (Text("开饭店", "restaurant"), Text("生孩子", "newborn"), Text("tuixiu", "tuixiu"), Text("通水电", "water"))


@router.get("/")
async def show_home(visit: Visiting) -> Response:
    """What can be done here, and what the visitor has begun."""
    begun = await _begun(visit)
    return visit.page(
        "home",
        bundles=everything(visit),
        lines=_lines_with_items(visit),
        begun=begun[:SHOWN],
        is_more_begun=len(begun) > SHOWN,
        examples=EXAMPLES,
    )


@router.get("/search")
async def search(visit: Visiting, q: Annotated[str, Query(max_length=1000)] = "") -> Response:
    """What was found."""
    wanted, errors, found = q.strip()[:LONGEST_SEARCH], NONE, []
    if wanted:
        try:
            found = visit.ask(catalogue.search, visit.context.world, wanted, 30)
        except Refusal as refusal:
            wanted, errors = "", errors_of(refusal)
    world = visit.context.world
    return visit.page(
        "search",
        422 if errors else 200,
        wanted=wanted,
        errors=errors,
        found=[(hit, *_leads_to(world, hit)) for hit in found],
        pages=signposts.found(wanted),
        examples=EXAMPLES,
    )


def everything(visit: Visit) -> list[BundleOut]:
    """Every 一件事 as the API shows it."""
    world = visit.context.world
    return [catalogue.show_bundle(world, entry.code) for entry in visit.ask(catalogue.bundles, world)]


def _lines_with_items(visit: Visit) -> list[tuple[str, Bilingual, int]]:
    """Code, name and number of items of every line that has some, most first."""
    world, counts = visit.context.world, dict[str, int]()
    for item in visit.ask(catalogue.items, world):
        counts[item.line] = counts.get(item.line, 0) + 1
    found = [
        (line.code, line.name, counts[line.code]) for line in visit.ask(catalogue.lines, world) if line.code in counts
    ]
    return sorted(found, key=lambda entry: -entry[2])


async def _begun(visit: Visit) -> list[ApplicationLineOut]:
    if visit.role not in {Role.APPLICANT, Role.AGENT}:
        return []
    page = await visit.read(lists.applications, cursor=None, limit=20)
    return [line for line in page.entries if line.completed_at is None and line.erased_at is None]


def _leads_to(world: World, hit: HitOut) -> tuple[str, Bilingual | None]:
    """Where something found leads, and the 一件事 a question belongs to."""
    if hit.kind == "question":
        bundle = hit.code.partition("/")[0]
        return f"/bundles/{bundle}/guide", Bilingual.of(world.library.bundles[bundle].name)
    return f"/{hit.kind}s/{hit.code}", None
