"""我的数据: who looked at what, objecting to a look, the export, and the same looks for another country's tracker."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Annotated

from fastapi import Path, Query
from pydantic import BeforeValidator

from app.api.responses import READ, WRITE, link, linked
from app.domain.deadlines import BEIJING
from app.schemas.common import Cursor, Day, Page
from app.schemas.my_data import ContestedOut, ContestIn, FindUsageOut, LookOut, MyDataOut, PurposeCode, ResultCode
from app.storage.sharing import LooksWanted
from app.transport.doors import Doors
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import my_data, my_export

router = Doors(tags=["my data 我的数据"])


def _written(value: object) -> object:
    """An instant is written out: a bare number is none."""
    if isinstance(value, str) and not value[:5].endswith("-"):
        raise ValueError("write it like 2026-03-16T10:00:00+08:00")
    return value


At = Annotated[datetime, BeforeValidator(_written)]
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=BEIJING), datetime(9000, 1, 1, tzinfo=BEIJING)
"""Nothing is kept from before or after."""

NEXT = linked(200, matter=link("showMatter", "What comes of it.", matter_id="$response.body#/matter_id"))


@router.get("/me/data", operation_id="exportMyData", responses=READ)
async def export_my_data(context: SignedIn, platform: ThePlatform) -> MyDataOut:
    """导出本人的全部数据。 / Everything kept about oneself: applications, forms, consents, looks, messages, ratings."""
    return await platform.store.aread(partial(my_export.everything, context))


@router.get("/me/data/looks", operation_id="listLooks", responses=READ)
async def list_looks(
    context: SignedIn,
    platform: ThePlatform,
    application: Annotated[
        str | None, Query(max_length=32, description="只看这件申请的 / only about this application")
    ] = None,
    office: Annotated[
        str | None, Query(max_length=80, description="只看这个单位的 / only by this office", examples=["health.330802"])
    ] = None,
    dataset: Annotated[
        str | None,
        Query(max_length=64, description="只看这类数据；form 指填报内容 / only of this dataset; form: entered"),
    ] = None,
    purpose: Annotated[PurposeCode | None, Query(description="只看这个用途的 / only for this purpose")] = None,
    result: Annotated[ResultCode | None, Query(description="只看这个结果的 / only with this result")] = None,
    since: Annotated[Day | None, Query(description="从这一天起 / from this day on")] = None,
    until: Annotated[Day | None, Query(description="到这一天为止 / up to this day")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> Page[LookOut]:
    """谁、何时、为何看过我的哪些数据，包括被拒绝的。 / Who looked at what of mine, when, why, by what right."""
    span = _start(since), _start(until + timedelta(days=1)) if until is not None and until < date.max else None
    wanted = LooksWanted(application, office, dataset, purpose, result, *span)
    return await platform.store.aread(partial(my_data.looks, context, wanted=wanted, cursor=cursor, limit=limit))


@router.post("/me/data/looks/{look_id}/contest", operation_id="contestLook", responses={**WRITE, **NEXT})
async def contest_look(
    context: SignedIn,
    platform: ThePlatform,
    look_id: Annotated[str, Path(max_length=32, description="查阅记录的 id / id of the look")],
    wish: ContestIn,
) -> ContestedOut:
    """对一次查阅提出异议，由监督单位核查答复。 / Object to a look: the supervising office examines and answers."""
    return await platform.store.aperform(partial(my_data.contest, context, look_id=look_id, wish=wish))


@router.get("/me/data/findUsage", operation_id="findUsage", responses=READ)
async def find_usage(
    context: SignedIn,
    platform: ThePlatform,
    since: Annotated[At | None, Query(alias="periodStart", description="起始时刻 / from this instant on")] = None,
    until: Annotated[At | None, Query(alias="periodEnd", description="终止时刻 / before this instant")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="最多几条 / at most so many")] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000, description="跳过几条 / how many to skip")] = 0,
) -> FindUsageOut:
    """爱沙尼亚数据追踪器格式的同一份记录。 / The same looks in the shape of Estonia's data tracker."""
    return await platform.store.aread(
        partial(my_data.usage, context, since=_aware(since), until=_aware(until), offset=offset, limit=limit)
    )


def _start(day: date | None) -> datetime | None:
    """The first instant of a day at the office."""
    return None if day is None else _storable(datetime.combine(day, time(), tzinfo=BEIJING))


def _aware(at: datetime | None) -> datetime | None:
    """An instant without a zone is the office's."""
    return None if at is None else _storable(at if at.tzinfo is not None else at.replace(tzinfo=BEIJING))


def _storable(at: datetime) -> datetime:
    """The instant, no nearer to the ends of the calendar than it can be told in every time zone."""
    return min(max(at, EARLIEST), LATEST)
