"""The joint counter's queues."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Query

from app.api.responses import READ
from app.schemas.common import Cursor, Page
from app.schemas.lights import WatchedOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import counter

router = Doors(tags=["tasks 部门办件"])


@router.get("/counter/tasks", operation_id="listCounterTasks", responses=READ)
async def list_counter_tasks(
    context: SignedIn,
    platform: ThePlatform,
    queue: Annotated[
        Literal["receive", "deliver", "originals"],
        Query(description="待收件、待出件或待退原件 / to be received, handed out, or originals to be given back"),
    ] = "receive",
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> Page[WatchedOut]:
    """综合窗口：本大厅待收件、待出件、待退原件的办件。 / What waits at the hall's counter."""
    wanted = counter.Queue[queue.upper()]
    return await platform.store.aread(partial(counter.queue, context, wanted=wanted, cursor=cursor, limit=limit))
