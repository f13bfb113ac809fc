"""Indicators: how each is computed, its values, and the cases behind a number."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Query

from app.api.responses import READ, link, linked, refusals
from app.domain.figures import Dimension, Part
from app.schemas.common import Cursor, Day, Page
from app.schemas.indicators import CaseBehindOut, FiguresOut, IndicatorOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn
from app.transport.late import Late
from app.usecases import indicators
from app.usecases.indicators import Wish

router = Doors(tags=["indicators 指标"])

BEHIND = link("listCasesBehind", "The cases behind a number.", code="$response.body#/total/0/code")


async def wished(
    region: Annotated[
        str | None,
        Query(max_length=12, description="区划及以下，默认本人所在 / and everything inside it; default: your own"),
    ] = None,
    department: Annotated[
        str | None, Query(max_length=80, description="只看一个部门 / only one department", examples=["market.330802"])
    ] = None,
    item: Annotated[str | None, Query(max_length=64, description="只看一个事项 / only one item")] = None,
    bundle: Annotated[
        str | None, Query(max_length=64, description="只看一个一件事 / only one bundle", examples=["catering"])
    ] = None,
    first: Annotated[
        Day | None,
        Query(alias="from", description="首日，默认末日当年 1 月 1 日 / first day; default: 1 January of the last"),
    ] = None,
    last: Annotated[
        Day | None, Query(alias="to", description="末日（含），最晚今天 / last day, included; today at the latest")
    ] = None,
) -> Wish:
    """Which cases, and when."""
    return Wish(region=region, department=department, item=item, bundle=bundle, first=first, last=last)


TheWish = Annotated[Wish, Depends(wished)]


@router.get("/indicators", operation_id="listIndicators", responses=refusals())
async def list_indicators() -> list[IndicatorOut]:
    """全部指标及其计算公式。 / Every indicator with its formula."""
    return indicators.formulas()


@router.get(
    "/indicators/values",
    operation_id="showIndicators",
    responses={**READ, **linked(200, behind=BEHIND)},
)
async def show_indicators(
    context: SignedIn,
    late: Late,
    wish: TheWish,
    by: Annotated[Dimension | None, Query(description="再按此分组 / break down by this as well")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=500, description="每页几组 / groups of a page")] = 100,
) -> FiguresOut:
    """本区划及以下的指标，可分组。 / Indicators of a region and everything inside it, broken down on request.

    For supervisors and stewards of the region. A value without cases is null, with the reason.
    """
    ask = partial(indicators.values, context, wish=wish, by=by, cursor=cursor, limit=limit)
    return await late.read(ask)


@router.get("/indicators/{code}/cases", operation_id="listCasesBehind", responses=READ)
async def list_cases_behind(
    context: SignedIn,
    late: Late,
    code: Annotated[str, Path(max_length=40, description="指标代码 / code of the indicator", examples=["on_time"])],
    wish: TheWish,
    part: Annotated[Part, Query(description="分子或分母 / which side of the line")] = Part.NUMERATOR,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200, description="每页几条 / entries of a page")] = 50,
) -> Page[CaseBehindOut]:
    """指标背后的办件（只列编号）。 / The cases behind a number, by reference.

    Their amounts add up to the number; their content is not shown, and cases that people rated are not listed.
    """
    ask = partial(indicators.cases, context, code=code, part=part, wish=wish, cursor=cursor, limit=limit)
    return await late.read(ask)
