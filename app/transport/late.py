"""Operations that may be answered a few seconds late say so here, by asking for :data:`Late`.

Which operations do is decided by what they show. Late may be what is added up over everybody's cases, where a few
seconds are within the noise of the work itself: the lights board and the tasks behind its numbers, indicators and the
cases behind theirs, the bulletin, how much data were used. Everything else is read from the primary: one's own cases,
inboxes and messages, because whoever has just written must see it; sign-ins and what one may do; codes and
certificates that somebody verifies; proofs; and whatever a command reads before it writes. So nobody's last write has
to be carried along from request to request, in a cookie or a header, to be waited for on the standby.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from app.storage.queries import Reader
from app.storage.standby import LateReads
from app.transport.identity import platform_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LateReader:
    """Reads of one request that may be a little late. They are long ones, too, and never on the event loop."""

    reads: LateReads

    async def read(self, query: Callable[[Reader], T]) -> T:
        """One read, in a thread."""
        return await asyncio.to_thread(self.reads.read, query)


async def a_little_late(request: Request) -> LateReader:
    """What an operation that may be late reads with."""
    return LateReader(platform_of(request).late)


Late = Annotated[LateReader, Depends(a_little_late)]
