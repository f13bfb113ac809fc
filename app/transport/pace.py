"""Rate limits: an allowance for every person and for every address, by kind of request.

The buckets are in the memory of one process, or in memory that the processes of one server share; servers on several
machines grant several times as much, and a restart fills every bucket. That keeps one caller from taking a server away
from all others; against floods there has to be something in front. How many buckets are kept is bounded: the one unused
for longest goes first, which is the same as filling it.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Protocol, cast

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.allowances import MINUTE, Bucket, Pace, Taking, taken
from app.domain.errors import Refusal, TooMany
from app.domain.vocabulary import Text
from app.transport.origin import SAFE_METHODS

MOST_BUCKETS = 20_000
"""About 4 MB."""
PEOPLE_OF_AN_ADDRESS = 5
"""A hall or a household is behind one address. Illustrative."""
BY_ADDRESS_ONLY = frozenset({Pace.LOOK_UP, Pace.SIGN_IN})
"""Nobody is known yet, or what is guessed at is not the asker's."""
SIGN_INS = frozenset({"/sign-in", "/api/v1/sessions"})
LOOK_UPS = ("/progress", "/verify", "/api/v1/progress", "/api/v1/certificates/verify")
FREE = ("/assets/", "/health/", "/metrics")
"""Files of the pages, and what machines ask all the time."""


class Buckets(Protocol):
    """Where buckets are kept."""

    def __len__(self) -> int:
        """How many there are."""

    def take(self, whose: str, per_minute: int, now: float) -> Taking:
        """One request against the bucket of this name. For the event loop's thread alone."""


class OwnBuckets:
    """In the memory of this process."""

    def __init__(self, most: int = MOST_BUCKETS) -> None:
        """``most``: how many are kept."""
        self._most = most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, whose: str, per_minute: int, now: float) -> Taking:
        """One request of somebody."""
        taking = taken(per_minute, self._buckets.get(whose), now)
        self._buckets[whose] = taking.bucket
        self._buckets.move_to_end(whose)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return taking


class Limiter:
    """Who may ask how often."""

    def __init__(
        self,
        paces: Mapping[Pace, int] | None,
        clock: Callable[[], float] = time.monotonic,
        buckets: Buckets | None = None,
    ) -> None:
        """``paces``: requests per person and minute; None limits nothing."""
        self._paces, self._clock = paces, clock
        self._buckets = OwnBuckets() if buckets is None else buckets

    def __len__(self) -> int:
        """How many buckets are kept."""
        return len(self._buckets)

    @property
    def is_on(self) -> bool:
        """Whether anything is limited."""
        return self._paces is not None

    def of_address(self, pace: Pace) -> int:
        """Requests per minute that one address has."""
        own = (self._paces or {})[pace]
        return own if pace in BY_ADDRESS_ONLY else own * PEOPLE_OF_AN_ADDRESS

    def take(self, pace: Pace, who: str, per_minute: int) -> Taking:
        """One request of somebody. For the event loop's thread alone."""
        return self._buckets.take(f"{pace}:{who}", per_minute, self._clock())

    def shared(self, buckets: Buckets) -> "Limiter":
        """The same limits, counted elsewhere."""
        return Limiter(self._paces, self._clock, buckets)

    def charge(self, request: Request, account: str) -> None:
        """One request of a person who has signed in. Raises :class:`TooMany`."""
        pace = pace_of(request.method, request.url.path)
        if self._paces is None or pace is None or pace in BY_ADDRESS_ONLY:
            return
        taking = self.take(pace, f"account:{account}", self._paces[pace])
        if not taking.is_granted:
            raise too_many(pace, taking.wait)


class Paced:
    """An ASGI layer that refuses an address which asks too often, before anything is read of its request."""

    def __init__(self, app: ASGIApp, limiter: Limiter) -> None:
        self._app, self._limiter = app, limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        pace = pace_of(scope["method"], scope["path"]) if scope["type"] == "http" and self._limiter.is_on else None
        if pace is None:
            await self._app(scope, receive, send)
            return
        limit = self._limiter.of_address(pace)
        taking = self._limiter.take(pace, address_of(scope), limit)
        told = {"RateLimit-Policy": f'"{pace}";q={limit};w={MINUTE:.0f}'}
        told["RateLimit"] = f'"{pace}";r={int(taking.bucket.left)};t={taking.wait or 1}'

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in told.items():
                    headers[name] = value
            await send(message)

        if taking.is_granted:
            await self._app(scope, receive, telling)
        else:
            await (await _refused(scope, pace, taking.wait))(scope, receive, telling)


async def _refused(scope: Scope, pace: Pace, wait: int) -> Response:
    """What the app itself answers to such a refusal: a problem, or a page for browsers."""
    handler = cast("Callable[[Request, Exception], Awaitable[Response]]", scope["app"].exception_handlers[Refusal])
    return await handler(Request(scope), too_many(pace, wait))


def limiter_of(request: Request) -> Limiter:
    """The limiter of the running app."""
    limiter: Limiter = request.app.state.limiter
    return limiter


def pace_of(method: str, path: str) -> Pace | None:
    """The kind of a request; None for what is not limited."""
    if path.startswith(FREE):
        return None
    changes = method not in SAFE_METHODS
    if changes and path in SIGN_INS:
        return Pace.SIGN_IN
    if path.startswith(LOOK_UPS) and (changes or path.startswith("/api/")):
        return Pace.LOOK_UP
    if not changes:
        return Pace.READ
    return Pace.UPLOAD if "/materials/" in path else Pace.WRITE


def address_of(scope: Scope) -> str:
    """Where a request comes from. Whoever has one address of IPv6 has a whole network of 64 bits."""
    host = (scope.get("client") or ("unknown", 0))[0]
    try:
        found = ip_address(host)
    except ValueError:
        return f"address:{host}"
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return f"address:{mapped or ip_network((int(found) >> 64 << 64, 64))}"
    return f"address:{found}"


def too_many(pace: Pace, wait: int) -> TooMany:
    """The refusal, with the seconds to wait."""
    return TooMany(
        Text(
            f"“{pace.zh}”的请求过于频繁，请 {wait} 秒后再试。",
            f"Too many requests of one kind ({pace.en}): try again in {wait} second{'' if wait == 1 else 's'}.",
        ),
        retry_after=wait,
    )
