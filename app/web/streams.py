"""The live updates of a page: the same stream as the API's, for the sign-in in the cookie."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.transport.doors import Doors
from app.transport.watching import OPEN_SECONDS, Line, told, watch_of
from app.usecases import following
from app.usecases.accounts import token_hash
from app.web.visits import Visiting

router = Doors(include_in_schema=False)


async def _line(visit: Visiting, application_id: str) -> AsyncIterator[Line]:
    version = await visit.read(following.version, application_id=application_id)
    with watch_of(visit.request).line(application_id, token_hash(visit.token or ""), version) as line:
        yield line


@router.get("/applications/{application_id}/stream", response_class=EventSourceResponse)
async def follow(visit: Visiting, line: Annotated[Line, Depends(_line)]) -> AsyncIterator[ServerSentEvent]:
    """That the application has changed; the page then fetches the block that shows it."""
    async for event in told(visit.platform, line, visit.token or "", OPEN_SECONDS):
        yield event
