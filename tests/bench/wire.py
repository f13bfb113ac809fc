"""The load generator: plain sockets on one event loop, one request at a time on each connection.

It is written for being cheap, because on a small machine it shares the cores with the server it drives; how many
requests a second it can send at all is measured against an endpoint that does nothing (:func:`ceiling`).
"""

import asyncio
import random
import string
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson

API: Final = "/api/v1"
PATIENCE: Final = 60.0
"""Seconds after which an answer is given up for lost."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


class Unexpected(Exception):
    """An answer that ends the measurement: the message names the request, the status and the beginning of the body."""


def request(
    method: str,
    path: str,
    body: Any = None,
    token: str | None = None,
    key: str | None = None,
    prefer: str | None = None,
) -> bytes:
    """The bytes of one request; ``body`` is sent as JSON."""
    content = b"" if body is None else orjson.dumps(body)
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", "accept: application/json"]
    if token is not None:
        lines.append(f"authorization: Bearer {token}")
    if key is not None:
        lines.append(f"idempotency-key: {key}")
    if prefer is not None:
        lines.append(f"prefer: {prefer}")
    if content:
        lines.append("content-type: application/json")
    if method != "GET":
        lines.append(f"content-length: {len(content)}")
    return "\r\n".join([*lines, "", ""]).encode() + content


class Line(asyncio.Protocol):
    """One connection, kept open; opened again when the server has closed it for being idle."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._received = bytearray()
        self._body_at = self._body_size = self._status = 0

    async def open(self) -> None:
        """Connect."""
        self._received.clear()
        self._body_at = 0
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line is open."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the name is the protocol's
        """Whoever still waits hears that nothing will come."""
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Unexpected("the server hung up without an answer"))

    def data_received(self, data: bytes) -> None:
        """A piece of the answer."""
        self._received += data
        if not self._body_at:
            self._read_head()
        if self._body_at and len(self._received) >= self._body_at + self._body_size and self._answer is not None:
            body = bytes(self._received[self._body_at : self._body_at + self._body_size])
            del self._received[: self._body_at + self._body_size]
            self._body_at = 0
            if not self._answer.done():
                self._answer.set_result((self._status, body))

    def _read_head(self) -> None:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        self._status, self._body_at = int(head[9:12]), end + 4
        sized = head.find(b"\r\ncontent-length:")
        if sized < 0 and b"\r\ntransfer-encoding:" in head:
            raise ValueError("an answer of unknown length: this client reads whole answers only")
        self._body_size = int(head[sized + 17 :].split(b"\r\n", 1)[0]) if sized >= 0 else 0

    async def ask(self, sent: bytes) -> Answer:
        """Send one request and wait for its answer."""
        if self._transport is None or self._transport.is_closing():
            await self.open()
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self._transport.write(sent)
        status, body = await asyncio.wait_for(self._answer, PATIENCE)
        return Answer(status, body, time.perf_counter() - began)

    async def get_done(self, sent: bytes, *statuses: int) -> Answer:
        """The same; raises :class:`Unexpected` for any status but these (200, 201 and 204 when none is named)."""
        answer = await self.ask(sent)
        if answer.status not in (statuses or (200, 201, 204)):
            what = sent.split(b"\r\n", 1)[0].decode()
            raise Unexpected(f"{what}: {answer.status} {answer.body[:600].decode(errors='replace')}")
        return answer

    def hang_up(self) -> None:
        """Close the line."""
        if self._transport is not None:
            self._transport.close()


@asynccontextmanager
async def lines(ports: Sequence[int], count: int) -> AsyncIterator[list[Line]]:
    """``count`` open lines, spread over the ports in turns."""
    opened = [Line(ports[place % len(ports)]) for place in range(count)]
    try:
        for line in opened:
            await line.open()
        yield opened
    finally:
        for line in opened:
            line.hang_up()


@dataclass(frozen=True, slots=True)
class Ran:
    """So many pieces of work in so many seconds; ``cpu`` is what this process used of the processor, where asked."""

    done: int
    seconds: float
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Pieces a second."""
        return self.done / self.seconds


Work = Callable[[Line, int], Awaitable[None]]


async def run(ports: Sequence[int], clients: int, pieces: int, work: Work) -> Ran:
    """``pieces`` times ``work(line, number)``, by so many clients at once, each with a line of its own."""
    numbers = iter(range(pieces))

    async def client(line: Line) -> None:
        for number in numbers:
            await work(line, number)

    async with lines(ports, clients) as opened:
        began = time.perf_counter()
        tasks = [asyncio.create_task(client(line)) for line in opened]
        try:
            await asyncio.gather(*tasks)
        finally:  # one that fails ends the others, before anybody hangs up on them
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return Ran(pieces, time.perf_counter() - began)


def fresh_key() -> str:
    """An Idempotency-Key of its own, without digits: by chance some could look like the number of a real telephone."""
    return "".join(random.choices(string.ascii_lowercase, k=24))  # noqa: S311 - not a secret


async def ceiling(port: int, clients: int, pieces: int) -> Ran:
    """How fast this generator asks an endpoint that does nothing."""
    sent = request("GET", "/")

    async def once(line: Line, _: int) -> None:
        await line.get_done(sent)

    return await run([port], clients, pieces, once)


async def sign_in(port: int, accounts: Sequence[str]) -> dict[str, str]:
    """account → token."""
    found: dict[str, str] = {}
    async with lines([port], 1) as (line,):
        for account in accounts:
            answer = await line.get_done(request("POST", f"{API}/sessions", {"account": account}))
            found[account] = answer.json()["token"]
    return found
