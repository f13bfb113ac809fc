"""Whether the jobs of a process are alive: when each last got through, and how often it did or did not."""

import time
from collections import Counter
from collections.abc import Callable


class Heartbeats:
    """The jobs of one process by name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._every: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self.runs: Counter[tuple[str, bool]] = Counter()
        """(job, whether it got through) → how often."""

    def expect(self, job: str, every: float) -> None:
        """A job that runs every so many seconds from now on."""
        self._every[job], self._last[job] = every, self._clock()

    def beat(self, job: str, *, is_done: bool) -> None:
        """A run is over; ``is_done`` says whether it got through."""
        self.runs[job, is_done] += 1
        if is_done:
            self._last[job] = self._clock()

    @property
    def behind(self) -> list[str]:
        """Jobs that have not got through for three times as long as they should, and a minute."""
        now = self._clock()
        return sorted(job for job, every in self._every.items() if now - self._last[job] > 3 * every + 60)
