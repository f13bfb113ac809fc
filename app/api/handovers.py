"""The hand-over slip of a whole case, and parcels between a hall and offices elsewhere (异地代收代办)."""

from functools import partial
from typing import Annotated

from fastapi import Path

from app.api.responses import READ, WRITE
from app.schemas.handovers import HandoverOut
from app.schemas.proxies import ParcelSent, ParcelSigned, ProxyOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import handovers, proxies

router = Doors(tags=["applications 申请"])

Id = Annotated[str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")]
Number = Annotated[int, Path(ge=1, le=1000, description="寄递序号 / number of the parcel")]


@router.get("/applications/{application_id}/handover", operation_id="showHandover", responses=READ)
async def show_handover(context: SignedIn, platform: ThePlatform, application_id: Id) -> HandoverOut:
    """整件的物料流转凭证：各部门、各材料、原件和复印件份数。 / The hand-over slip of the whole case, by department."""
    return await platform.store.aread(partial(handovers.show, context, application_id=application_id))


@router.post("/applications/{application_id}/parcels/{number}/send", operation_id="sendParcel", responses=WRITE)
async def send_parcel(
    context: SignedIn, platform: ThePlatform, application_id: Id, number: Number, wish: ParcelSent
) -> ProxyOut:
    """异地代收：寄出原件或结果。 / Taken in elsewhere: originals or a result go to the courier."""
    return await platform.store.aperform(
        partial(proxies.send, context, application_id=application_id, number=number, wish=wish)
    )


@router.post("/applications/{application_id}/parcels/{number}/sign", operation_id="signParcel", responses=WRITE)
async def sign_parcel(
    context: SignedIn, platform: ThePlatform, application_id: Id, number: Number, wish: ParcelSigned
) -> ProxyOut:
    """异地代收：签收寄递件。 / Taken in elsewhere: sign for a parcel."""
    return await platform.store.aperform(
        partial(proxies.sign, context, application_id=application_id, number=number, wish=wish)
    )
