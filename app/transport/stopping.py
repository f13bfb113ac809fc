"""Stopping without hanging up on anybody.

A socket that listens holds a queue of those whom the kernel has let in and the server has not met yet; closing it cuts
all of them off, and what they asked for looks like a failure. So whoever stands in the queue is let in first.
"""

import asyncio
import select
from collections.abc import Callable
from typing import Final

import uvicorn

LONGEST_SECONDS: Final = 3.0
"""For under load somebody always comes. Illustrative."""


async def when_nobody_waits(server: uvicorn.Server, stop: Callable[[], None]) -> None:
    """Let the server meet whoever has come, then stop it, unless it was told so more urgently meanwhile."""
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST_SECONDS
    doors = [door.fileno() for listening in server.servers for door in listening.sockets]
    while loop.time() < until and not server.should_exit and _has_callers(doors):
        await asyncio.sleep(0)
    if not server.should_exit:
        stop()


def _has_callers(doors: list[int]) -> bool:
    """Whether anybody waits to be let in."""
    asked = select.poll()
    for door in doors:
        asked.register(door, select.POLLIN)
    return bool(asked.poll(0))
