"""What every response carries: request id, the illustrative label, safe defaults. Pure ASGI, so it costs little.

The access log is written here and holds no query string: what people search for is theirs.
"""

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.vocabulary import ILLUSTRATIVE_EN
from app.usecases.platform import Platform

log = logging.getLogger("app.access")

REQUEST_ID = "X-Request-Id"
LABEL = "X-Illustrative"
DEMO_CLOCK = "X-Demo-Clock"
"""Says the office's time while a demonstration's clock is not the real one."""

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Envelope:
    """The outermost ASGI layer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope["request_id"] = request_id
        began, status = time.perf_counter(), 500

        async def enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                headers[LABEL] = ILLUSTRATIVE_EN
                if office_time := _shifted(scope):
                    headers[DEMO_CLOCK] = office_time
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        try:
            await self._app(scope, receive, enveloped)
        finally:
            took = (time.perf_counter() - began) * 1000
            log.info("%s %s %s %d %.1f ms", request_id, scope["method"], _plain(scope), status, took)


def _shifted(scope: Scope) -> str | None:
    """The office's time when it is not the real one."""
    platform: Platform | None = getattr(scope["app"].state, "platform", None)
    shift = platform.shift() if platform is not None else None
    return (platform.clock() + shift).isoformat(timespec="seconds") if platform is not None and shift else None


def _plain(scope: Scope) -> str:
    """The route's pattern where one matched, so that no number in an address reaches the log."""
    route = scope.get("route")
    return getattr(route, "path", None) or "(no route)"
