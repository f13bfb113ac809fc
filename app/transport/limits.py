"""A body over the limit leaves as a problem too.

The framework answers such a request itself, in plain text and past the exception handlers: the answer is swapped here.
"""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.vocabulary import Text
from app.transport.problems import problem

TOO_LARGE = Text("请求体过大。", "The request is too large.")


class TooLargeAsProblem:
    """An ASGI layer that turns the framework's own 413 into ``too-large``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        swapped = False

        async def swapping(message: Message) -> None:
            nonlocal swapped
            if _is_plain_refusal(message):
                swapped = True
                await problem(Request(scope), "too-large", TOO_LARGE)(scope, receive, send)
            elif not swapped:
                await send(message)

        await self._app(scope, receive, swapping)


def _is_plain_refusal(message: Message) -> bool:
    if message["type"] != "http.response.start" or message["status"] != 413:
        return False
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/plain")
