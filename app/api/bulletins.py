"""The monthly bulletin of supervision."""

from functools import partial
from typing import Annotated

from fastapi import Query

from app.api.responses import READ
from app.schemas.bulletins import BulletinOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn
from app.transport.late import Late
from app.usecases import bulletins

router = Doors(tags=["indicators 指标"])


@router.get("/supervision/bulletins", operation_id="showBulletin", responses=READ)
async def show_bulletin(
    context: SignedIn,
    late: Late,
    region: Annotated[
        str | None,
        Query(max_length=12, description="区划及以下，默认本人所在 / and everything inside it; default: your own"),
    ] = None,
    month: Annotated[
        str | None,
        Query(max_length=7, description="月份，默认上个月 / month; default: the last one", examples=["2026-03"]),
    ] = None,
) -> BulletinOut:
    """月度通报：亮灯、超期、督办、差评整改、指标环比、点名。 / The month in figures and sentences, names by rule.

    Computed from records whenever it is asked for. A month that is not over is reported up to today.
    """
    return await late.read(partial(bulletins.show, context, region=region, month=month))
