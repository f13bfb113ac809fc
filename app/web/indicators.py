"""Indicators (指标) with their formulas, charts and the cases behind each number."""

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query, Response

from app.domain.errors import Fault, InvalidInput, Refusal
from app.domain.figures import Dimension, Part
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual
from app.schemas.indicators import FiguresOut
from app.transport.doors import Doors
from app.transport.late import Late, LateReader
from app.usecases import indicators
from app.usecases.indicators import Wish
from app.web import rate_maps
from app.web.forms import NONE, errors_of
from app.web.visits import Visit, Visiting

router = Doors(include_in_schema=False)

WATCHERS = (Role.SUPERVISOR, Role.STEWARD)
PAGE = 60
BREAKDOWNS = (
    Dimension.REGION,
    Dimension.DEPARTMENT,
    Dimension.BUNDLE,
    Dimension.ITEM,
    Dimension.MONTH,
)
Short = Annotated[str, Query(max_length=80)]


@router.get("/indicators")
async def show_indicators(
    visit: Visiting,
    late: Late,
    region: Short = "",
    department: Short = "",
    bundle: Short = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    by: Short = "",
    code: Short = "",
) -> Response:
    """Every indicator of a slice; one of them broken down, as a chart and as a table."""
    visit.must_be(*WATCHERS)
    asked = {"region": region, "department": department, "bundle": bundle, "from": first, "to": last}
    dimension = next((one for one in BREAKDOWNS if one.value == by), Dimension.REGION)
    errors = NONE
    try:
        wish = _wish(asked)
        figures = await _values(visit, late, wish, dimension)
    except Refusal as refusal:
        errors = errors_of(refusal).renamed("/query/", "/")
        figures = await _values(visit, late, Wish(), dimension)
    return visit.page(
        "indicators",
        422 if errors else 200,
        figures=figures,
        values={one.code: one for one in figures.total},
        by=dimension,
        breakdowns=BREAKDOWNS,
        asked=asked,
        errors=errors,
        bundles=visit.context.world.library.bundles.values(),
        **_chosen(visit, figures, dimension, code),
    )


def _chosen(visit: Visit, figures: FiguresOut, by: Dimension, code: str) -> dict[str, Any]:
    """One indicator broken down: rows, and by region the map, the parts without a case, and the way up."""
    formulas = indicators.formulas()
    chosen = next((one for one in formulas if one.code == code), formulas[0])
    rows = [(group, next(one for one in group.values if one.code == chosen.code)) for group in figures.groups]
    below = visit.context.world.catalogue.regions.children(figures.region) if by is Dimension.REGION else ()
    inside = {place.code: Bilingual.of(place.name) for place in below}
    met = {group.key for group, _ in rows}
    return {
        "formulas": formulas,
        "chosen": chosen,
        "rows": rows,
        "map": rate_maps.drawn(rows, inside, chosen),
        "idle": [(place, name) for place, name in inside.items() if place not in met],
        "above": above(visit, figures.region),
    }


@router.get("/indicators/{code}/cases")
async def show_cases(
    visit: Visiting,
    late: Late,
    code: Annotated[str, Path(max_length=80)],
    region: Short = "",
    department: Short = "",
    bundle: Short = "",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    part: Short = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """The cases behind a number."""
    visit.must_be(*WATCHERS)
    asked = {"region": region, "department": department, "bundle": bundle, "from": first, "to": last}
    wanted = Part.DENOMINATOR if part == Part.DENOMINATOR.value else Part.NUMERATOR
    page = await visit.read(
        indicators.cases, late, wish=_wish(asked), code=code, part=wanted, cursor=cursor, limit=PAGE
    )
    return visit.page(
        "indicator_cases",
        lines=page.entries,
        next=page.next,
        is_first=cursor is None,
        asked=asked,
        part=wanted,
        parts=list(Part),
        chosen=next((one for one in indicators.formulas() if one.code == code), None),
    )


def above(visit: Visit, region: str) -> list[tuple[str, Text]]:
    """The regions above one, from the visitor's own down: code and name."""
    own = visit.account.region if visit.account else None
    chain = list(reversed(visit.context.world.catalogue.regions.ancestors(region)[1:]))
    start = next((index for index, place in enumerate(chain) if place.code == own), len(chain))
    return [(place.code, place.name) for place in chain[start:]]


def _wish(asked: dict[str, str]) -> Wish:
    return Wish(
        region=asked["region"] or None,
        department=asked["department"] or None,
        bundle=asked["bundle"] or None,
        first=_day(asked["from"], "/from"),
        last=_day(asked["to"], "/to"),
    )


def _day(text: str, pointer: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong = Text("请按 2026-03-12 的格式填写日期。", "Give a date such as 2026-03-12.")
        raise InvalidInput([Fault(pointer, "does-not-fit", wrong)]) from None


async def _values(visit: Visit, late: LateReader, wish: Wish, by: Dimension) -> FiguresOut:
    return await visit.read(indicators.values, late, wish=wish, by=by, cursor=None, limit=PAGE)
