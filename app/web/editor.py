"""The catalogue as a department's editor sees it: every bundle with its questions, rules, order and marks; every item
with its elements; and what the linter says."""

import re
from typing import Annotated

from fastapi import Query, Response

from app.domain.errors import NoAuthority, Refusal
from app.schemas.catalogue import BundleOut
from app.schemas.catalogue_parts import PartOut
from app.transport.doors import Doors
from app.usecases import catalogue, catalogue_parts, checks
from app.usecases.catalogue_parts import PartKind
from app.web.drawings import Lanes, Step, lanes
from app.web.forms import NONE, errors_of, keepable
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)

MOST = 200
PATH = re.compile(r"[./\[\]]+")
"""What separates the parts of the path of a fault."""


@router.get("/catalogue")
async def show_catalogue(visit: Visiting) -> Response:
    """Everything the packs hold."""
    world = visit.context.world
    report = await visit.ask_aside(checks.report, visit.platform.settings)
    lines = {entry.code: entry.name for entry in visit.ask(catalogue.lines, world)}
    return visit.page(
        "catalogue",
        bundles=[catalogue.show_bundle(world, entry.code) for entry in visit.ask(catalogue.bundles, world)],
        items=visit.ask(catalogue.items, world),
        parts=catalogue_parts.listed(world, None, "", 0),
        lines=lines,
        report=report,
    )


@router.get("/catalogue/parts")
async def show_parts(
    visit: Visiting,
    kind: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Every part of the packs, of one kind or those that hold these words."""
    wanted, words = next((one for one in PartKind if one.value == kind), None), keepable(q).strip()
    errors, world = NONE, visit.context.world
    try:
        found = visit.ask(catalogue_parts.listed, world, wanted, words, MOST)
    except Refusal as refusal:
        errors, words, found = errors_of(refusal), "", visit.ask(catalogue_parts.listed, world, wanted, "", MOST)
    status = 422 if errors else 200
    return visit.page("catalogue_parts", status, found=found, kind=wanted, words=words, link=link, errors=errors)


def link(part: PartOut) -> str | None:
    """Where a part is shown whole; None for what has no page of its own."""
    match part.kind.code:
        case "bundle" | "item":
            return f"/catalogue/{part.kind.code}s/{part.code}"
        case "question":
            return f"/catalogue/bundles/{part.used_by[0]}#question-{part.code}"
        case "story":
            return f"/catalogue/bundles/{part.used_by[0]}"
        case "dataset":
            return f"/datasets/{part.code}"
        case "hall":
            return f"/halls?region={part.used_by[0]}"
        case _:
            return None


@router.get("/catalogue/checks")
async def show_checks(visit: Visiting) -> Response:
    """The linter's rules and what they found."""
    report = await visit.ask_aside(checks.report, visit.platform.settings)
    return visit.page("catalogue_checks", report=report)


@router.get("/catalogue/bundles/{code}")
async def show_bundle(visit: Visiting, code: str) -> Response:
    """One bundle: questions, items with rules and order, and every statement with its mark."""
    world = visit.context.world
    found = visit.ask(catalogue.show_bundle, world, code[:64])
    report = await visit.ask_aside(checks.report, visit.platform.settings)
    own = {found.bundle.code, *(entry.item.code for entry in found.items)}
    faults = [fault for fault in report.faults if own & set(PATH.split(fault.path))]
    return visit.page("catalogue_bundle", it=found, picture=_picture(visit, found), faults=faults)


@router.get("/catalogue/items/{code}")
async def show_item(visit: Visiting, code: str) -> Response:
    """One item: every element of the standard with its mark."""
    world = visit.context.world
    try:
        found = visit.ask(catalogue.show_item, world, code[:64], visit.region.code)
    except NoAuthority as refusal:
        return visit.page("item_nowhere", 422, code=code, text=refusal.detail)
    return visit.page("catalogue_item", it=found)


def _picture(visit: Visit, found: BundleOut) -> Lanes:
    names = {entry.code: entry.name for entry in visit.ask(catalogue.lines, visit.context.world)}
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
