"""Headers that mean something once only.

A proxy takes the first of two, the app the last, a log both: whom a request is by, what it holds and whether it is a
repetition must be one thing to all of them. Pure ASGI.
"""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.domain.vocabulary import Text
from app.transport.problems import problem

ONCE = frozenset({
    b"authorization",
    b"content-length",
    b"content-type",
    b"idempotency-key",
    b"origin",
    b"sec-fetch-site",
})  # fmt: skip


class SaidOnce:
    """An ASGI layer that refuses a request in which one of :data:`ONCE` stands twice, be it with the same value."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and (twice := _twice(scope)) is not None:
            answer = problem(Request(scope), "malformed-request", _sentence(twice), {"header": twice})
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _twice(scope: Scope) -> str | None:
    """The first header that may stand once and stands more than once."""
    seen = [name for name, _ in scope["headers"] if name in ONCE]
    if len(seen) < 2 or len(set(seen)) == len(seen):
        return None
    first: bytes = next(name for name in seen if seen.count(name) > 1)
    return first.decode()


def _sentence(name: str) -> Text:
    return Text(f"请求头 {name} 只能出现一次。", f"The header {name} may stand in a request only once.")
