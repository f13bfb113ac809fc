"""The catalogue as a department's editor sees it: every bundle with its questions, rules, order and marks; every item
with its elements; and what the linter says."""

import asyncio

from fastapi import APIRouter, Response

from app.domain.errors import NoAuthority
from app.schemas.catalogue import BundleOut
from app.usecases import catalogue, checks
from app.web.drawings import Lanes, Step, lanes
from app.web.visits import Visit, Visiting

router = APIRouter(include_in_schema=False)


@router.get("/catalogue")
async def show_catalogue(visit: Visiting) -> Response:
    """Everything the packs hold."""
    world = visit.context.world
    report = await asyncio.to_thread(checks.report, visit.platform.settings)
    lines = {entry.code: entry.name for entry in catalogue.lines(world)}
    return visit.page(
        "catalogue",
        bundles=[catalogue.show_bundle(world, entry.code) for entry in catalogue.bundles(world)],
        items=catalogue.items(world),
        lines=lines,
        report=report,
    )


@router.get("/catalogue/checks")
async def show_checks(visit: Visiting) -> Response:
    """The linter's rules and what they found."""
    report = await asyncio.to_thread(checks.report, visit.platform.settings)
    return visit.page("catalogue_checks", report=report)


@router.get("/catalogue/bundles/{code}")
async def show_bundle(visit: Visiting, code: str) -> Response:
    """One bundle: questions, items with rules and order, and every statement with its mark."""
    world = visit.context.world
    found = catalogue.show_bundle(world, code[:64])
    return visit.page("catalogue_bundle", it=found, picture=_picture(visit, found))


@router.get("/catalogue/items/{code}")
async def show_item(visit: Visiting, code: str) -> Response:
    """One item: every element of the standard with its mark."""
    world = visit.context.world
    try:
        found = catalogue.show_item(world, code[:64], visit.region.code)
    except NoAuthority as refusal:
        return visit.page("item_nowhere", 422, code=code, text=refusal.detail)
    return visit.page("catalogue_item", it=found)


def _picture(visit: Visit, found: BundleOut) -> Lanes:
    names = {entry.code: entry.name for entry in catalogue.lines(visit.context.world)}
    before = {entry.item.code: [code for edge in entry.after for code in edge.any_of] for entry in found.items}
    stages: dict[str, int] = {}
    steps = [
        Step(
            item=entry.item.code,
            name=entry.item.short,
            department=names[entry.item.line],
            stage=_stage(entry.item.code, before, stages),
            after=entry.after,
            state=entry.item.code,
            due=None,
            kind="planned",
            light="off",
            is_critical=False,
        )
        for entry in found.items
    ]
    return lanes(steps, visit.lang)


def _stage(item: str, before: dict[str, list[str]], known: dict[str, int]) -> int:
    """The longest way to an item, in steps; the packs are checked to hold no circle."""
    if item not in known:
        known[item] = max((1 + _stage(code, before, known) for code in before.get(item, ())), default=0)
    return known[item]
