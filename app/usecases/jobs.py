"""What a server does beside answering: it lets time pass, puts new rows into the proof tree, and looks for files that
belong to nothing, every so often. Any number of servers may do so beside one another.

A run that fails is logged and tried again. Whoever stops the server lets a run that has begun come to its end: broken
off it would do no harm, but its thread would go on and find the database closed.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import timedelta

from app.usecases import strays, sweep
from app.usecases.heartbeats import Heartbeats
from app.usecases.platform import Platform

log = logging.getLogger(__name__)

FIRST_AFTER = 1.0
"""How long after the start time passes for the first time, at most: who waited for the start is served before. Where
that is done every few seconds it is a fifth of these. Illustrative."""
TIDY_SECONDS, TIDY_AFTER = 3600.0, 60.0
"""How often the folder of files is looked through, and how long after the start for the first time. Illustrative."""


class Jobs:
    """The jobs of one process. For the event loop that they are started on."""

    def __init__(self, platform: Platform, beats: Heartbeats) -> None:
        self._platform, self._beats = platform, beats
        self._is_over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin with those that the settings ask for."""
        settings = self._platform.settings
        for name, run, every, first in (
            ("sweep", self._sweep, settings.sweep_seconds, FIRST_AFTER),
            ("proof", self._prove, settings.notary_seconds, FIRST_AFTER),
            ("files", self._tidy, TIDY_SECONDS if settings.sweep_seconds else 0, TIDY_AFTER),
        ):
            if every:
                self._beats.expect(name, every)
                self._tasks.append(asyncio.create_task(self._keep(name, run, every, min(first, every / 5))))

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

    async def _keep(self, name: str, run: Callable[[], None], every: float, first: float) -> None:
        await self._rest(first)
        while not self._is_over.is_set():
            is_done = True
            try:
                await asyncio.to_thread(run)
            except Exception:
                is_done = False
                log.exception("the job %s failed; trying again in %d s", name, every)
            self._beats.beat(name, is_done=is_done)
            await self._rest(every)

    async def _rest(self, seconds: float) -> None:
        if seconds:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_over.wait(), seconds)

    def _sweep(self) -> None:
        swept = sweep.run(self._platform.context(), self._platform.store, is_patient=False)
        if swept.moved or swept.opened or swept.failed:
            told = swept.moved, swept.looked_at, swept.opened, swept.failed
            log.info("sweep moved %d of %d application(s), opened %d matter(s), failed on %d", *told)

    def _prove(self) -> None:
        sweep.prove(self._platform.context(), self._platform.store)

    def _tidy(self) -> None:
        platform = self._platform
        grace = timedelta(hours=platform.settings.stray_hours)
        done = strays.remove(platform.store, platform.world.files, grace, is_patient=False)
        if done.removed or done.cleared:
            log.info("removed %d file(s) that belonged to nothing, cleared away %d", done.removed, done.cleared)
