"""What a server does beside answering: it lets time pass, and puts new rows into the proof tree, every so often.

A run that fails is logged and tried again. Whoever stops the server lets a run that has begun come to its end: broken
off it would do no harm, but its thread would go on and find the database closed.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from app.usecases import notary, sweep
from app.usecases.heartbeats import Heartbeats
from app.usecases.platform import Platform

log = logging.getLogger(__name__)


class Jobs:
    """The jobs of one process. For the event loop that they are started on."""

    def __init__(self, platform: Platform, beats: Heartbeats) -> None:
        self._platform, self._beats = platform, beats
        self._is_over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin with those that the settings ask for."""
        settings = self._platform.settings
        for name, run, every in (
            ("sweep", self._sweep, settings.sweep_seconds),
            ("proof", self._prove, settings.notary_seconds),
        ):
            if every:
                self._beats.expect(name, every)
                self._tasks.append(asyncio.create_task(self._keep(name, run, every)))

    async def stop(self, seconds: float) -> None:
        """Begin nothing more, and wait at most so long for what has begun."""
        self._is_over.set()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            log.warning("a job was still running after %d s and is left behind", seconds)
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, name: str, run: Callable[[], None], every: float) -> None:
        while not self._is_over.is_set():
            is_done = True
            try:
                await asyncio.to_thread(run)
            except Exception:
                is_done = False
                log.exception("the job %s failed; trying again in %d s", name, every)
            self._beats.beat(name, is_done=is_done)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), every)

    def _sweep(self) -> None:
        swept = sweep.run(self._platform.context(), self._platform.store)
        if swept.moved or swept.opened:
            told = swept.moved, swept.looked_at, swept.opened
            log.info("sweep moved %d of %d application(s), opened %d matter(s)", *told)

    def _prove(self) -> None:
        notary.run(self._platform.context(), self._platform.store)
