"""Supervision as closed loops: 催办, 督办单, problem lists, 办不成事反映, and 差评整改."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from app.api.responses import READ, WRITE, WRITE_ONCE, link, linked
from app.schemas.common import Cursor, Page
from app.schemas.matters import (
    MatterAct,
    MatterKindCode,
    MatterLineOut,
    MatterOut,
    MatterStatusCode,
    NewMatter,
    StuckReport,
)
from app.transport.doors import Doors
from app.transport.identity import IdempotencyKey, SignedIn, ThePlatform
from app.usecases import matters

router = Doors(tags=["matters 督办与闭环"])

NEXT = linked(
    201,
    matter=link("showMatter", "Its course.", matter_id="$response.body#/id"),
    act=link("actOnMatter", "What to do next.", matter_id="$response.body#/id"),
)

OF_FIRST = linked(
    200,
    matter=link("showMatter", "The first of them.", matter_id="$response.body#/entries/0/id"),
    act=link("actOnMatter", "Act on the first of them.", matter_id="$response.body#/entries/0/id"),
)

Id = Annotated[str, Path(alias="matter_id", max_length=32, description="督办事项的 id / id of the matter")]
ApplicationId = Annotated[
    str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")
]


@router.get("/matters", operation_id="listMatters", responses={**READ, **OF_FIRST})
async def list_matters(
    context: SignedIn,
    platform: ThePlatform,
    kind: Annotated[
        list[MatterKindCode], Query(description="只看这些类型，可重复 / only these kinds; repeat it for several")
    ] = [],  # noqa: B006
    status: Annotated[
        list[MatterStatusCode],
        Query(description="只看这些状态，可重复 / only in these statuses; repeat it for several"),
    ] = [],  # noqa: B006
    region: Annotated[
        str | None,
        Query(max_length=12, description="督办员：辖区内的区划 / for supervision: a region inside one's own"),
    ] = None,
    is_open: Annotated[
        bool, Query(alias="open", description="未办结或已办结的 / open matters, or those that are closed")
    ] = True,
    overdue: Annotated[bool, Query(description="只看超期的 / only those past their due date")] = False,
    mine: Annotated[
        bool, Query(description="督办员：本单位应答复的 / for supervision: those the own office must answer")
    ] = False,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> Page[MatterLineOut]:
    """本单位的督办事项；督办员看辖区的问题清单。 / One's office's matters; for supervision the region's lists."""
    wanted = matters.Filter(is_open, tuple(kind), tuple(status), region, overdue, mine)
    return await platform.store.aread(partial(matters.inbox, context, wanted=wanted, cursor=cursor, limit=limit))


@router.get("/matters/{matter_id}", operation_id="showMatter", responses=READ)
async def show_matter(context: SignedIn, platform: ThePlatform, matter_id: Id) -> MatterOut:
    """一个督办事项的闭环全过程。 / One matter: its course, its clock, and what the asker may do."""
    return await platform.store.aread(partial(matters.show, context, matter_id=matter_id))


@router.post("/matters/{matter_id}/actions", operation_id="actOnMatter", responses=WRITE)
async def act_on_matter(context: SignedIn, platform: ThePlatform, matter_id: Id, wish: MatterAct) -> MatterOut:
    """执行一个操作：签收、反馈、申诉、评价办结…… / One action; a refusal says what is allowed instead."""
    return await platform.store.aperform(partial(matters.act, context, matter_id=matter_id, wish=wish))


@router.get("/applications/{application_id}/matters", operation_id="listApplicationMatters", responses=READ)
async def list_application_matters(
    context: SignedIn, platform: ThePlatform, application_id: ApplicationId
) -> list[MatterLineOut]:
    """一件申请的全部督办事项。 / Every matter about one application."""
    return await platform.store.aread(partial(matters.of_application, context, application_id=application_id))


@router.post(
    "/applications/{application_id}/matters",
    operation_id="openMatter",
    status_code=201,
    responses={**WRITE_ONCE, **NEXT},
)
async def open_matter(
    context: SignedIn,
    platform: ThePlatform,
    response: Response,
    application_id: ApplicationId,
    wish: NewMatter,
    key: IdempotencyKey = None,
) -> MatterOut:
    """督办员发起催办、督办单或提请政务办督办。 / A supervisor chases, orders or escalates."""
    made = await platform.store.aperform(
        partial(matters.open_by_hand, context, application_id=application_id, wish=wish, key=key)
    )
    response.headers["Location"] = f"/api/v1/matters/{made.id}"
    return made


@router.post(
    "/applications/{application_id}/reports",
    operation_id="reportStuck",
    status_code=201,
    responses={**WRITE_ONCE, **NEXT},
)
async def report_stuck(
    context: SignedIn,
    platform: ThePlatform,
    response: Response,
    application_id: ApplicationId,
    wish: StuckReport,
    key: IdempotencyKey = None,
) -> MatterOut:
    """办不成事反映：说明卡在哪里，由政务办交办并督促解决。 / Report that the errand is stuck; the hall sees to it."""
    made = await platform.store.aperform(
        partial(matters.report, context, application_id=application_id, wish=wish, key=key)
    )
    response.headers["Location"] = f"/api/v1/matters/{made.id}"
    return made
