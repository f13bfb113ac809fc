"""Live updates: that an application has changed, as Server-Sent Events."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.api.responses import refusals
from app.transport.doors import Doors
from app.transport.identity import Credentials, SignedIn, ThePlatform
from app.transport.watching import OPEN_SECONDS, Line, told, watch_of
from app.usecases import following
from app.usecases.accounts import token_hash

router = Doors(tags=["applications 申请"])

Id = Annotated[str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")]


async def _line(
    request: Request, context: SignedIn, platform: ThePlatform, credentials: Credentials, application_id: Id
) -> AsyncIterator[Line]:
    """The asker's line, taken down once the stream has ended."""
    version = await platform.store.aread(partial(following.version, context, application_id=application_id))
    token = credentials.credentials if credentials is not None else ""
    with watch_of(request).line(application_id, token_hash(token), version) as line:
        yield line


@router.get(
    "/applications/{application_id}/stream",
    operation_id="followApplication",
    response_class=EventSourceResponse,
    responses=refusals("not-signed-in", "not-found", "invalid-input", "too-many-requests"),
)
async def follow_application(
    line: Annotated[Line, Depends(_line)],
    platform: ThePlatform,
    credentials: Credentials,
    seconds: Annotated[
        int,
        Query(
            ge=0,
            le=OPEN_SECONDS,
            description="保持几秒；0：只给现在的版本 / seconds it stays open; 0: the version now and no more",
        ),
    ] = OPEN_SECONDS,
) -> AsyncIterator[ServerSentEvent]:
    """实时更新：申请一有变化就告知版本号，不含内容。 / Live updates: the new version whenever it changes, no content.

    Server-Sent Events. ``at`` carries ``{"version": n}``, first where it stands and then every change; ``over`` says
    that the sign-in has ended and asking again is no use. Other ends are only pauses: open the stream again.
    """
    token = credentials.credentials if credentials is not None else ""
    async for event in told(platform, line, token, seconds):
        yield event
