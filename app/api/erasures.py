"""Keeping and erasing one's own personal information."""

from functools import partial
from typing import Annotated

from fastapi import Query

from app.api.responses import READ, refusals
from app.schemas.common import Cursor, Page
from app.schemas.erasures import ErasureOut, ErasureWish, RetentionOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import erasure

router = Doors(tags=["keeping 保存与删除"])
ERASE = refusals("not-signed-in", "not-allowed", "not-found", "invalid-input", "must-be-kept", "stale", "too-large")


@router.get("/me/retention", operation_id="listRetention", responses=READ)
async def list_retention(
    context: SignedIn,
    platform: ThePlatform,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=50, description="每页几条 / entries of a page")] = 20,
) -> Page[RetentionOut]:
    """我的申请保存到哪一天。 / Until when each of one's own applications is kept, newest first.

    草稿保存 180 天；办结的按结果保存 3、10 或 30 年（年限为示例）。

    Drafts are kept for 180 days, finished cases for 3, 10 or 30 years by their result (the lengths are illustrative).
    """
    return await platform.store.aread(partial(erasure.retention, context, cursor=cursor, limit=limit))


@router.post("/me/erasures", operation_id="eraseApplication", responses=ERASE)
async def erase_application(context: SignedIn, platform: ThePlatform, wish: ErasureWish) -> ErasureOut:
    """要求删除一件申请的个人信息。 / Ask for the personal information of one application to be erased.

    没有申报的草稿立即删除，不能恢复；已经申报的须保存到期满，期满自动删除。再次要求得到同一份删除记录。

    A draft never submitted is erased at once, for good; what was submitted is kept until its time is up and then erased
    unasked. Asking again gives the same record.
    """
    return await platform.store.aperform(partial(erasure.ask, context, wish=wish))
