"""Behind a reverse proxy: who really asks, over what, and under which number.

Headers of that kind count only when the connection comes from a proxy that the settings name; from anybody else they
are what a caller made up. Pure ASGI.
"""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Network

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")
"""A request number that may be taken over: enough to be told apart, nothing that a log could be forged with."""


class BehindProxies:
    """An ASGI layer that believes the ``X-Forwarded-*`` and ``X-Request-Id`` of trusted proxies."""

    def __init__(self, app: ASGIApp, trusted: Sequence[Network]) -> None:
        self._app, self._trusted = app, tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        client = scope.get("client")
        if scope["type"] == "http" and self._trusted and client and self._is_trusted(client[0]):
            scope = {**scope, **self._told(Headers(scope=scope))}
        await self._app(scope, receive, send)

    def _told(self, headers: Headers) -> Mapping[str, object]:
        told: dict[str, object] = {}
        hops = [hop.strip() for line in headers.getlist("x-forwarded-for") for hop in line.split(",")]
        caller = next((hop for hop in reversed(hops) if not self._is_trusted(hop)), None)
        if caller is not None and _is_address(caller):
            told["client"] = (caller, 0)
        proto = headers.get("x-forwarded-proto", "").strip().lower()
        if proto in {"http", "https"}:
            told["scheme"] = proto
        number = headers.get("x-request-id", "")
        if REQUEST_ID.fullmatch(number):
            told["request_id"] = number
        return told

    def _is_trusted(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
