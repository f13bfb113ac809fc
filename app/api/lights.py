"""The lights board of supervision, and the tasks behind its numbers."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Query

from app.api.responses import READ
from app.schemas.common import Cursor, Page
from app.schemas.lights import LightsOut, WatchedOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn
from app.transport.late import Late
from app.usecases import lights

router = Doors(tags=["matters 督办与闭环"])

Region = Annotated[
    str | None,
    Query(max_length=12, description="区划及以下，默认本人所在 / and everything inside it; default: your own"),
]
LightCode = Literal["off", "paused", "green", "yellow", "red", "deep_red"]


@router.get("/supervision/lights", operation_id="showLights", responses=READ)
async def show_lights(
    context: SignedIn,
    late: Late,
    region: Region = None,
    by: Annotated[
        Literal["region", "department", "place"],
        Query(description="按区划、部门或县市区分组 / one group a region, a department, or a county wherever it lies"),
    ] = "region",
) -> LightsOut:
    """红黄灯看板：在办办件各亮什么灯，可下钻。 / Which lights the open tasks show, by region or department."""
    wanted = lights.By[by.upper()]
    return await late.read(partial(lights.board, context, region=region, by=wanted))


@router.get("/supervision/tasks", operation_id="listWatchedTasks", responses=READ)
async def list_watched_tasks(
    context: SignedIn,
    late: Late,
    region: Region = None,
    department: Annotated[
        str | None, Query(max_length=80, description="只看一个部门 / only one department", examples=["market.330802"])
    ] = None,
    light: Annotated[LightCode | None, Query(description="只看亮这种灯的 / only those that show this light")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> Page[WatchedOut]:
    """看板数字背后的办件：只有过程，没有填报内容。 / The tasks behind a number: their course, not their content."""
    ask = partial(lights.behind, context, region=region, office=department, light=light, cursor=cursor, limit=limit)
    return await late.read(ask)
