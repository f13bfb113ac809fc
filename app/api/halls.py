"""Halls (办事大厅): the nearest ones."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.responses import OPEN
from app.schemas.halls import HallOut
from app.transport.identity import Anybody, ThePlatform
from app.usecases import halls

router = APIRouter(tags=["catalogue 事项库"], responses=OPEN)


@router.get("/halls", operation_id="listHalls")
async def list_halls(
    context: Anybody,
    platform: ThePlatform,
    region: Annotated[
        str | None,
        Query(max_length=12, description="从哪个区划算起 / region to start from, or the default"),
    ] = None,
    longitude: Annotated[
        float | None,
        Query(ge=-180, le=180, allow_inf_nan=False, description="所在经度，不保存 / where one stands; not kept"),
    ] = None,
    latitude: Annotated[
        float | None,
        Query(ge=-90, le=90, allow_inf_nan=False, description="所在纬度，不保存 / where one stands; not kept"),
    ] = None,
    desk: Annotated[
        str | None, Query(max_length=40, description="要有的窗口 / a desk it must have", examples=["delivery"])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="最多几个 / how many at most")] = 10,
) -> list[HallOut]:
    """最近的大厅，近的在前；位置、时间和电话均为示例。 / The nearest halls first; all places and hours are invented.

    Distances are from the position, when one is given, or else from the middle of the region.
    """
    return halls.near(context, region or platform.settings.default_region, longitude, latitude, desk, limit)
