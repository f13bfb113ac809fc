"""More time for the whole where departments license together (整件延期, 行政许可法 art. 42 (2))."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query

from app.api.responses import READ, WRITE, link, linked
from app.schemas.common import Cursor, Page
from app.schemas.joint import MoreTimeOut, WaitingWishOut, WholeAnswer, WholeWish
from app.transport.doors import Doors
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import whole_extensions

router = Doors(tags=["applications 申请"])

Id = Annotated[str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")]
ANSWER = link("answerMoreTime", "The government answers.", application_id="$response.body#/application_id")
SHOW = link("showMoreTime", "The limit as it stands.", application_id="$response.body#/application_id")


@router.get("/more-time", operation_id="listMoreTime", responses=READ)
async def list_more_time(
    context: SignedIn,
    platform: ThePlatform,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> Page[WaitingWishOut]:
    """等待本级政府批准的整件延期。 / Wishes for more time that wait for one's own government."""
    return await platform.store.aread(partial(whole_extensions.waiting, context, cursor=cursor, limit=limit))


@router.get("/applications/{application_id}/more-time", operation_id="showMoreTime", responses=READ)
async def show_more_time(context: SignedIn, platform: ThePlatform, application_id: Id) -> MoreTimeOut:
    """整件期限：怎么算、能不能延。 / The limit of the whole, how it comes about, and whether it can be extended."""
    return await platform.store.aread(partial(whole_extensions.show, context, application_id=application_id))


@router.post(
    "/applications/{application_id}/more-time",
    operation_id="askMoreTime",
    responses={**WRITE, **linked(200, answer=ANSWER, show=SHOW)},
)
async def ask_more_time(context: SignedIn, platform: ThePlatform, application_id: Id, wish: WholeWish) -> MoreTimeOut:
    """牵头部门申请整件延期。 / The lead department asks for more time for the whole, with its reason."""
    return await platform.store.aperform(
        partial(whole_extensions.ask, context, application_id=application_id, wish=wish)
    )


@router.post(
    "/applications/{application_id}/more-time/answer",
    operation_id="answerMoreTime",
    responses={**WRITE, **linked(200, show=SHOW)},
)
async def answer_more_time(
    context: SignedIn, platform: ThePlatform, application_id: Id, wish: WholeAnswer
) -> MoreTimeOut:
    """本级政府批准或不同意整件延期。 / The government approves, once, or turns it down with a reason."""
    return await platform.store.aperform(
        partial(whole_extensions.answer, context, application_id=application_id, wish=wish)
    )
