"""Offers without an application (免申即享): mine, confirm, decline."""

from functools import partial
from typing import Annotated

from fastapi import Path

from app.api.responses import READ, WRITE, WRITES, link, linked, refusals
from app.schemas.offers import OfferConfirmedOut, OfferDeclined, OfferOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import offers

router = Doors(tags=["offers 免申即享"])

Id = Annotated[str, Path(alias="offer_id", max_length=32, description="免申即享的 id / id of the offer")]
SHOW = link("showApplication", "Follow it.", application_id="$response.body#/receipt/application/id")


@router.get("/me/offers", operation_id="listOffers", responses=READ)
async def list_offers(context: SignedIn, platform: ThePlatform) -> list[OfferOut]:
    """我的免申即享：凭什么找到我，数据从哪里来。 / What is offered to me, why, and from which data it is known."""
    return await platform.store.aread(partial(offers.mine, context))


@router.post(
    "/me/offers/{offer_id}/confirm",
    operation_id="confirmOffer",
    responses={**refusals(*WRITES, "questions-open", "not-eligible", "no-authority"), **linked(200, show=SHOW)},
)
async def confirm_offer(context: SignedIn, platform: ThePlatform, offer_id: Id) -> OfferConfirmedOut:
    """确认：不填表、不交材料，直接成为一件已提交的申请。 / Confirm: filed at once, with nothing to type or hand in."""
    return await offers.confirm(context, platform.store, offer_id)


@router.post("/me/offers/{offer_id}/decline", operation_id="declineOffer", responses=WRITE)
async def decline_offer(
    context: SignedIn, platform: ThePlatform, offer_id: Id, wish: OfferDeclined | None = None
) -> OfferOut:
    """谢绝：不再提供同一项。 / Decline: the same is not offered again."""
    said = wish or OfferDeclined()
    return await platform.store.aperform(partial(offers.decline, context, offer_id=offer_id, wish=said))
