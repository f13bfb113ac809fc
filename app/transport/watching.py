"""Live updates: one watcher in each process tells everybody who follows an application that it has changed.

However many people follow, a process asks the database two questions a second: the versions of the applications that
are followed, and which of the followers' sign-ins are over. What another process wrote is seen the same way, so nothing
has to be sent between them. While nobody follows, nothing is asked at all.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from types import FrameType

import uvicorn
from fastapi import Request
from fastapi.sse import ServerSentEvent

from app.domain.errors import TooMany
from app.domain.vocabulary import Text
from app.schemas.applications import CourseOut
from app.storage import following
from app.storage.queries import Reader
from app.transport.stopping import when_nobody_waits
from app.usecases import following as usecase
from app.usecases.platform import Platform

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
PER_SIGN_IN = 5
"""Streams that one sign-in may hold open: a browser opens six connections to a server at most, one stays free."""
PER_PROCESS = 2_000
OPEN_SECONDS = 300
"""How long a stream stays open; browsers open the next by themselves."""
RETRY_MS = 3_000
FULL = Text("同时打开的实时更新太多，请稍后再试。", "Too many live updates are open: try again later.")


class Line:
    """One follower of one application."""

    def __init__(self, application_id: str, sign_in: str, version: int) -> None:
        self.application_id, self.sign_in = application_id, sign_in
        self.version, self.is_over, self.is_refused = version, False, False
        self._told = asyncio.Event()

    def tell(self, version: int) -> None:
        """The application is at this version now."""
        if version != self.version:
            self.version = version
            self._told.set()

    def end(self, *, is_refused: bool = False) -> None:
        """Nothing more will be told; ``is_refused``: and nobody need ask again."""
        self.is_over, self.is_refused = True, is_refused
        self._told.set()

    async def changed(self, seconds: float) -> bool:
        """Wait for a change: whether there was one before the line was over or so many seconds had passed."""
        try:
            await asyncio.wait_for(self._told.wait(), seconds)
        except TimeoutError:
            return False
        self._told.clear()
        return not self.is_over


class Watch:
    """Everybody who follows something through this process."""

    def __init__(self, platform: Platform, every: float = TICK_SECONDS) -> None:
        """``every``: seconds between two looks at the database."""
        self._platform, self._every = platform, every
        self._lines: set[Line] = set()
        self._job: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._lines)

    @contextmanager
    def line(self, application_id: str, sign_in: str, version: int) -> Iterator[Line]:
        """A line for as long as it is used; raises :class:`TooMany` when this sign-in, or all together, hold enough."""
        of_one = sum(other.sign_in == sign_in for other in self._lines)
        if of_one >= PER_SIGN_IN or len(self._lines) >= PER_PROCESS:
            raise TooMany(FULL, retry_after=10)
        line = Line(application_id, sign_in, version)
        if self._is_closed:
            line.end()
        self._lines.add(line)
        if self._job is None or self._job.done():
            self._job = asyncio.create_task(self._run())
        try:
            yield line
        finally:
            self._lines.discard(line)

    def close(self) -> None:
        """End every stream, and every one that is opened from now on: the server is about to stop."""
        self._is_closed = True
        for line in self._lines:
            line.end()
        if self._job is not None:
            self._job.cancel()

    async def _run(self) -> None:
        while self._lines and not self._is_closed:
            await asyncio.sleep(self._every)
            try:
                if self._lines:
                    await self.look()
            except Exception:
                log.exception("the followed applications could not be read; trying again")

    async def look(self) -> None:
        """Ask where everything stands that is followed, and tell."""
        lines = list(self._lines)
        ids, hashes = {line.application_id for line in lines}, {line.sign_in for line in lines}
        asked = partial(_standing, ids=ids, hashes=hashes, at=self._platform.clock())
        versions, ended = await self._platform.store.aread(asked)
        for line in lines:
            if line.sign_in in ended or line.application_id not in versions:
                line.end(is_refused=True)
            else:
                line.tell(versions[line.application_id])


def _standing(reader: Reader, ids: set[str], hashes: set[str], at: datetime) -> tuple[dict[str, int], set[str]]:
    return following.versions(reader, ids), following.ended(reader, hashes, at)


def watch_of(request: Request) -> Watch:
    """The watch of this process."""
    found: Watch = request.app.state.watch
    return found


async def told(platform: Platform, line: Line, token: str, seconds: float) -> AsyncIterator[ServerSentEvent]:
    """The stream of one line: where the application stands now, and every change, for at most so many seconds.

    Whether its holder may still see it is asked again before each change is told.
    """
    until = asyncio.get_running_loop().time() + seconds
    yield _at(line)
    while not line.is_over and (left := until - asyncio.get_running_loop().time()) > 0:
        if not await line.changed(left):
            continue
        asked = partial(usecase.may_still, platform.context(), token=token, application_id=line.application_id)
        if not await platform.store.aread(asked):
            line.end(is_refused=True)
        else:
            yield _at(line)
    if line.is_refused:
        yield ServerSentEvent(event="over", data=CourseOut(version=line.version))


def _at(line: Line) -> ServerSentEvent:
    return ServerSentEvent(event="at", id=str(line.version), data=CourseOut(version=line.version), retry=RETRY_MS)


@contextmanager
def told_when_stopping(tell: Callable[[], None]) -> Iterator[None]:
    """Call ``tell`` on the event loop as soon as the process is asked to stop, and let the server stop once it has met
    everybody who had come by then.

    A server waits for open answers before it lets the app know; a stream that waits for the app would never end.
    """
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    if threading.current_thread() is not threading.main_thread() or not all(map(callable, handlers.values())):
        yield
        return
    loop, stopping = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    def patiently(server: uvicorn.Server, stop: Callable[[], None]) -> None:
        stopping.add(loop.create_task(when_nobody_waits(server, stop)))

    def heard(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(tell)
        before = handlers[signal.Signals(number)]
        server = getattr(before, "__self__", None)
        if not callable(before):
            return
        if isinstance(server, uvicorn.Server) and not stopping:
            loop.call_soon_threadsafe(patiently, server, partial(before, number, frame))
        else:
            before(number, frame)

    for number in handlers:
        signal.signal(number, heard)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
