"""What every response carries: request id, the illustrative label, safe defaults. Pure ASGI, so it costs little.

The access log is written here and holds no query string: what people search for is theirs.
"""

import logging
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.vocabulary import ILLUSTRATIVE_EN
from app.transport.metrics import METHODS, Metrics, pattern_of
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

STRICT = "max-age=31536000; includeSubDomains"
"""A year of HTTPS only (RFC 6797)."""


class Envelope:
    """The outermost ASGI layer."""

    def __init__(self, app: ASGIApp, metrics: Metrics, behind_tls: bool) -> None:
        """``behind_tls``: people come by HTTPS only, and their browsers are told to keep to it."""
        self._app, self._metrics, self._behind_tls = app, metrics, behind_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope.setdefault("request_id", secrets.token_hex(8))  # a trusted proxy may have given one
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
                if self._behind_tls:
                    headers["Strict-Transport-Security"] = STRICT
                if not scope["path"].startswith("/static/"):
                    _keep_nowhere(scope, headers)
            await send(message)

        try:
            await self._app(scope, receive, enveloped)
        finally:
            took = time.perf_counter() - began
            self._metrics.served(scope, status, took)
            _log(scope, request_id, status, took * 1000)


def _shifted(scope: Scope) -> str | None:
    """The office's time when it is not the real one. An answer about a lost database must not need the database."""
    platform: Platform | None = getattr(scope["app"].state, "platform", None)
    try:
        shift = platform.shift() if platform is not None else None
    except Exception:
        log.warning("the office's time is not known")
        return None
    return (platform.clock() + shift).isoformat(timespec="seconds") if platform is not None and shift else None


def _log(scope: Scope, request_id: str, status: int, took: float) -> None:
    """One line. Who it was is not in it, the role is."""
    told = {
        "request": request_id,
        "method": scope["method"] if scope["method"] in METHODS else "other",
        "route": pattern_of(scope),
        "status": status,
        "ms": round(took, 1),
        "role": scope.get("role", "nobody"),
    }
    line = "%(request)s %(method)s %(route)s %(status)d %(ms).1f ms %(role)s"
    log.info(line, told, extra={"told": told})


def _keep_nowhere(scope: Scope, headers: MutableHeaders) -> None:
    """What is answered to somebody in particular is kept nowhere; the rest is asked for again each time."""
    asked = Headers(scope=scope)
    if "authorization" in asked:
        headers["Cache-Control"] = "private, no-store"
    else:
        headers.setdefault("Cache-Control", "private, no-store" if "cookie" in asked else "private, no-cache")
