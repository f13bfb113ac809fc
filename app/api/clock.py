"""The office's clock: what day it is here, and in a demonstration a supervisor's hand on it."""

import asyncio

from app.api.responses import refusals
from app.schemas.clocks import ClockChange, ClockOut
from app.transport.doors import Doors
from app.transport.identity import Anybody, IdempotencyKey, SignedIn, ThePlatform
from app.usecases import clock

router = Doors(tags=["clock 时钟"])


@router.get("/clock", operation_id="showClock", responses=refusals())
async def show_clock(context: Anybody) -> ClockOut:
    """现在的办公时间；演示时可能与真实日期不同。 / The office's time, and how far it is from the real date."""
    return clock.show(context)


@router.post(
    "/clock",
    operation_id="moveClock",
    responses=refusals(
        *("not-signed-in", "not-allowed", "not-found", "invalid-input", "action-not-allowed", "stale", "too-large"),
        *("idempotency-key-reused", "real-identity-refused"),
    ),
)
async def move_clock(
    context: SignedIn, platform: ThePlatform, wish: ClockChange, key: IdempotencyKey = None
) -> ClockOut:
    """演示：督办员调整“今天”，到期的事项随即发生。 / Demonstration: move "today"; what is due by then happens.

    While the clock is not the real one, every response carries X-Demo-Clock.
    """
    return await asyncio.to_thread(clock.change, platform, context, wish, key)
