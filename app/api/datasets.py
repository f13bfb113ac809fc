"""一本账: browse datasets, ask for several at once, answer as their holder, and watch how they are used."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from app.api.responses import OPEN, READ, WRITE, WRITE_ONCE, link, linked, refusals
from app.schemas.common import Cursor, Day, Page
from app.schemas.datasets import (
    AlarmOut,
    ApprovalAct,
    DataLineFullOut,
    DataRequestOut,
    DatasetLineOut,
    DatasetOut,
    GradeCode,
    LineAct,
    NewDataRequest,
    SharingCode,
    UsageBy,
    UsageOut,
)
from app.transport.doors import Doors
from app.transport.identity import Anybody, IdempotencyKey, SignedIn, ThePlatform
from app.transport.late import Late
from app.usecases import data_alarms, data_requests, datasets

router = Doors(tags=["datasets 数据资源"])

DatasetCode = Annotated[str, Path(alias="code", max_length=80, description="数据资源代码 / code of a dataset")]
RequestId = Annotated[str, Path(alias="request_id", max_length=32, description="申请的 id / id of the request")]
LineId = Annotated[str, Path(alias="line_id", max_length=32, description="其中一项的 id / id of one of its lines")]
ApprovalId = Annotated[
    str, Path(alias="approval_id", max_length=140, description="随目录批准的 id / id of an approval of the catalogue")
]
Limit = Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")]


@router.get(
    "/datasets",
    operation_id="listDatasets",
    responses={
        **OPEN,
        **refusals("real-identity-refused"),
        **linked(200, show=link("showDataset", "The first of them.", code="$response.body#/entries/0/code")),
    },
)
async def list_datasets(
    context: Anybody,
    q: Annotated[
        str, Query(max_length=100, description="名称、数据项或数源部门中的词 / words of a name, an element or a holder")
    ] = "",
    holder: Annotated[str | None, Query(max_length=64, description="数源条线 / line that holds the data")] = None,
    grade: Annotated[GradeCode | None, Query(description="数据分级 / grade")] = None,
    sharing: Annotated[SharingCode | None, Query(description="共享属性 / sharing class")] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Page[DatasetLineOut]:
    """浏览、查找数据资源。 / Browse and search the catalogue of data."""
    return datasets.browse(context, datasets.Sought(q, holder, grade, sharing), cursor, limit)


@router.get("/datasets/{code}", operation_id="showDataset", responses=OPEN)
async def show_dataset(context: Anybody, platform: ThePlatform, code: DatasetCode) -> DatasetOut:
    """一个数据资源：数据项、需要它的事项、批准、每月次数。 / One dataset: elements, needs, approvals, monthly calls."""
    return await platform.store.aread(partial(datasets.show, context, code=code))


@router.get("/data-requests", operation_id="listDataRequests", responses=READ)
async def list_data_requests(
    context: SignedIn,
    platform: ThePlatform,
    for_: Annotated[
        str,
        Query(
            alias="for",
            pattern="^(me|others)$",
            description="me 待本部门答复的，others 本部门提出的 / me: put to the own department; others: asked by it",
        ),
    ] = "me",
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Page[DataRequestOut]:
    """数据申请；数据管理员看辖区全部。 / Requests for data; for stewards all in their region."""
    return await platform.store.aread(
        partial(data_requests.inbox, context, cursor=cursor, limit=limit, is_for_me=for_ == "me")
    )


@router.post(
    "/data-requests",
    operation_id="requestData",
    status_code=201,
    responses={
        **WRITE,
        **refusals("no-authority", "idempotency-key-reused"),
        **linked(201, request=link("showDataRequest", "What became of it.", request_id="$response.body#/id")),
    },
)
async def request_data(
    context: SignedIn, platform: ThePlatform, response: Response, wish: NewDataRequest, key: IdempotencyKey = None
) -> DataRequestOut:
    """一揽子申请：为一个事项同时申请多个数据资源。 / Ask for several datasets at once, for one item."""
    made = await platform.store.aperform(partial(data_requests.ask, context, wish=wish, key=key))
    response.headers["Location"] = f"/api/v1/data-requests/{made.id}"
    return made


@router.get("/data-requests/{request_id}", operation_id="showDataRequest", responses=READ)
async def show_data_request(context: SignedIn, platform: ThePlatform, request_id: RequestId) -> DataRequestOut:
    """一个数据申请。 / One request; a holder sees its own lines."""
    return await platform.store.aread(partial(data_requests.show, context, request_id=request_id))


@router.get("/data-lines/{line_id}", operation_id="showDataLine", responses=READ)
async def show_data_line(context: SignedIn, platform: ThePlatform, line_id: LineId) -> DataLineFullOut:
    """申请中的一项及其经过。 / One line of a request with its course."""
    return await platform.store.aread(partial(data_requests.show_line, context, line_id=line_id))


@router.post("/data-lines/{line_id}/actions", operation_id="actOnDataLine", responses=WRITE)
async def act_on_data_line(context: SignedIn, platform: ThePlatform, line_id: LineId, wish: LineAct) -> DataLineFullOut:
    """同意、不予共享、撤回、暂停、恢复、收回。 / Approve, refuse, withdraw, suspend, resume or take back."""
    return await platform.store.aperform(partial(data_requests.act, context, line_id=line_id, wish=wish))


@router.post(
    "/data-approvals/{approval_id}/suspension",
    operation_id="suspendApproval",
    status_code=201,
    responses={
        **WRITE_ONCE,
        **linked(201, line=link("actOnDataLine", "Resume it there.", line_id="$response.body#/id")),
    },
)
async def suspend_approval(
    context: SignedIn,
    platform: ThePlatform,
    response: Response,
    approval_id: ApprovalId,
    wish: ApprovalAct,
    key: IdempotencyKey = None,
) -> DataLineFullOut:
    """数源部门在本辖区暂停一项随目录批准的共享。 / A holder suspends an approval of the catalogue in its region."""
    made = await platform.store.aperform(
        partial(data_requests.suspend_standing, context, approval_id=approval_id, wish=wish, key=key)
    )
    response.headers["Location"] = f"/api/v1/data-lines/{made.id}"
    return made


@router.get("/data-alarms", operation_id="listDataAlarms", responses=READ)
async def list_data_alarms(
    context: SignedIn, platform: ThePlatform, cursor: Cursor = None, limit: Limit = 20
) -> Page[AlarmOut]:
    """辖区内的数据调用异常，最新的在前。 / Unusual uses of data in one's region, newest first."""
    return await platform.store.aread(partial(data_alarms.inbox, context, cursor=cursor, limit=limit))


@router.get("/data-usage", operation_id="showDataUsage", responses=READ)
async def show_data_usage(
    context: SignedIn,
    late: Late,
    by: Annotated[UsageBy, Query(description="按数据资源、部门或经办 / by dataset, department or desk")] = "dataset",
    since: Annotated[Day | None, Query(description="起始日期，默认三十天前 / first day; thirty days back")] = None,
    until: Annotated[Day | None, Query(description="截止日期，默认今天 / last day; today")] = None,
) -> list[UsageOut]:
    """数据使用量：只有次数，没有个人信息。 / How data were used: counts only, nothing about persons."""
    return await late.read(partial(data_alarms.usage, context, by=by, since=since, until=until))
