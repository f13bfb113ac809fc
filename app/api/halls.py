"""Halls (办事大厅): the nearest ones, and those for one application."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query

from app.api.responses import OPEN, READ
from app.schemas.errands import ErrandsOut
from app.schemas.halls import HallOut
from app.transport.doors import Doors
from app.transport.identity import Anybody, SignedIn, ThePlatform
from app.usecases import errands, halls

router = Doors()

Id = Annotated[str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")]
East = Annotated[
    float | None,
    Query(ge=-180, le=180, allow_inf_nan=False, description="所在经度，不保存 / where one stands; not kept"),
]
North = Annotated[
    float | None,
    Query(ge=-90, le=90, allow_inf_nan=False, description="所在纬度，不保存 / where one stands; not kept"),
]


@router.get("/halls", operation_id="listHalls", tags=["catalogue 事项库"], responses=OPEN)
async def list_halls(
    context: Anybody,
    platform: ThePlatform,
    region: Annotated[
        str | None,
        Query(max_length=12, description="从哪个区划算起 / region to start from, or the default"),
    ] = None,
    longitude: East = None,
    latitude: North = None,
    desk: Annotated[
        str | None, Query(max_length=40, description="要有的窗口 / a desk it must have", examples=["delivery"])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="最多几个 / how many at most")] = 10,
) -> list[HallOut]:
    """最近的大厅，近的在前；位置、时间和电话均为示例。 / The nearest halls first; all places and hours are invented.

    Distances are from the position, when one is given, or else from the middle of the region.
    """
    return halls.near(context, region or platform.settings.default_region, longitude, latitude, desk, limit)


@router.get(
    "/applications/{application_id}/halls",
    operation_id="showErrands",
    tags=["applications 申请"],
    responses=READ,
)
async def show_errands(
    context: SignedIn,
    platform: ThePlatform,
    application_id: Id,
    longitude: East = None,
    latitude: North = None,
    limit: Annotated[int, Query(ge=1, le=100, description="最多几个大厅 / how many halls at most")] = 5,
) -> ErrandsOut:
    """这一件要不要跑、带什么、去哪个大厅。 / What one application needs a visit for, what to bring, and where.

    Places, hours and telephones are invented.
    """
    ask = partial(errands.show, context, application_id=application_id, longitude=longitude, latitude=latitude)
    return await platform.store.aread(partial(ask, limit=limit))
