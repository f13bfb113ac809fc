"""产能推演: how many officers a desk needs, run from the packs."""

import asyncio
from functools import partial

from app.api.responses import refusals
from app.schemas.capacity import CapacityOut, CapacityWish
from app.transport.doors import Doors
from app.transport.identity import SignedIn
from app.usecases import capacity

router = Doors(tags=["indicators 指标"])


@router.post(
    "/capacity",
    operation_id="estimateCapacity",
    responses=refusals("not-signed-in", "not-allowed", "not-found", "invalid-input", "no-authority", "too-large"),
)
async def estimate_capacity(context: SignedIn, wish: CapacityWish) -> CapacityOut:
    """产能推演：每个窗口几个人，办件等多久、亮什么灯。 / With so many officers a desk, how long tasks wait.

    Nothing is stored. Minutes of work are assumed, and said; items, their order, their promises and the rule of the
    lights are those of the packs.
    """
    return await asyncio.to_thread(partial(capacity.estimate, context, wish))
