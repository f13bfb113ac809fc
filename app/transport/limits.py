"""A body over the limit leaves as a problem too.

The framework answers such a request itself, in plain text and past the exception handlers: the answer is swapped here.
"""

from collections.abc import Awaitable, Callable
from typing import cast

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as HttpError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.allowances import Pace
from app.domain.vocabulary import Text
from app.transport.pace import pace_of
from app.transport.problems import problem

TOO_LARGE = Text("请求体过大。", "The request is too large.")
AROUND_A_FILE = 1_000_000
"""Bytes of a form beside its one file."""


class TooLargeAsProblem:
    """An ASGI layer that turns the framework's own 413 into ``too-large``, and counts uploads while they arrive."""

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        """``upload_bytes``: the largest file; what is more is not waited for."""
        self._app, self._most = app, upload_bytes + AROUND_A_FILE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if pace_of(scope["method"], scope["path"]) is Pace.UPLOAD:
            if _announced(scope) > self._most:
                await (await _refused(scope))(scope, receive, send)
                return
            receive = _counted(receive, self._most)
        swapped = False

        async def swapping(message: Message) -> None:
            nonlocal swapped
            if _is_plain_refusal(message):
                swapped = True
                await problem(Request(scope), "too-large", TOO_LARGE)(scope, receive, send)
            elif not swapped:
                await send(message)

        await self._app(scope, receive, swapping)


async def _refused(scope: Scope) -> Response:
    """What the app itself answers: a problem, or a page for browsers."""
    handler = cast("Callable[[Request, Exception], Awaitable[Response]]", scope["app"].exception_handlers[HttpError])
    return await handler(Request(scope), HTTPException(413))


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0


def _counted(receive: Receive, most: int) -> Receive:
    """The same messages until they hold more than ``most`` bytes; then HTTPException, wherever the body is read."""
    arrived = 0

    async def counting() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > most:
            raise HTTPException(413)
        return message

    return counting


def _is_plain_refusal(message: Message) -> bool:
    if message["type"] != "http.response.start" or message["status"] != 413:
        return False
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/plain")
