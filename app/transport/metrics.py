"""Figures of one process for Prometheus: requests by pattern of the address, the write lane, jobs, open work.

Labels are closed lists: patterns, methods, statuses, words. Nothing that names a person, a case or an address.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from starlette.types import Scope

from app.storage.queries import Reader
from app.storage.troubles import is_trouble, told
from app.usecases.context import Context
from app.usecases.heartbeats import Heartbeats
from app.usecases.lights import everywhere
from app.usecases.platform import Platform

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
API = "/api/v1"
"""Routes below it know only the rest of their address."""
LIGHTS_FRESH = 60.0
"""Seconds for which the count of open work is not asked for again."""


class Metrics:
    """The figures of one app."""

    MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self, beats: Heartbeats) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        names = ("method", "route", "status")
        self._requests = Histogram(
            "app_request_seconds", "Requests by route", names, registry=self._registry, buckets=SECONDS
        )
        self._beats, self._streams = beats, 0
        self._platform: Platform | None = None
        self._lights: tuple[float, Counter[str]] = (-LIGHTS_FRESH, Counter())
        self._lock = threading.Lock()
        self._registry.register(self)

    def served(self, scope: Scope, status: int, seconds: float) -> None:
        """One request has been answered."""
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._requests.labels(method, pattern_of(scope), str(status)).observe(seconds)

    def exposed(self, platform: Platform, streams: int = 0) -> bytes:
        """Everything as text. Reads the database at most once a minute: not for the event loop."""
        with self._lock:
            self._platform, self._streams = platform, streams
            return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """What is looked up when somebody asks; called by the registry."""
        platform = self._platform
        if platform is None:
            return
        yield from _lane(platform)
        yield _counted("app_job_runs", "Runs of the jobs", ("job", "result"), self._runs())
        asked = platform.world.asked
        yield _counted("app_register_look_ups", "Look-ups in registers", ("dataset", "result"), dict(asked))
        yield GaugeMetricFamily("app_streams", "Live updates that are open", value=self._streams)
        yield from _standby(platform)
        yield from self._open_tasks(platform)

    def _open_tasks(self, platform: Platform) -> Iterator[Metric]:
        """Nothing while the database is away, when all else is asked for the more."""
        try:
            counted = self._counted_lights(platform)
        except Exception as error:
            if not is_trouble(told(error)):
                raise
            return
        lights = GaugeMetricFamily("app_open_tasks", "Open tasks by light, at most a minute old", labels=["light"])
        for light, count in sorted(counted.items()):
            lights.add_metric([light], count)
        yield lights

    def _runs(self) -> dict[tuple[str, str], int]:
        return {(job, "done" if is_done else "failed"): count for (job, is_done), count in self._beats.runs.items()}

    def _counted_lights(self, platform: Platform) -> Counter[str]:
        now = time.monotonic()
        if now - self._lights[0] >= LIGHTS_FRESH:
            self._lights = now, platform.late.read(partial(_open_work, platform.context()))
        return self._lights[1]


def pattern_of(scope: Scope) -> str:
    """The route's pattern where one matched: no number of an address gets into a log or a label."""
    pattern = getattr(scope.get("route"), "path", None)
    if not pattern:
        return "(no route)"
    is_included = scope["path"].startswith(f"{API}/") and not pattern.startswith(API)
    return f"{API}{pattern}" if is_included else str(pattern)


def _open_work(context: Context, reader: Reader) -> Counter[str]:
    return Counter({light.value: count for light, count in everywhere(context, reader).items()})


def _lane(platform: Platform) -> Iterator[Metric]:
    lane = platform.store.lane.tally()
    yield GaugeMetricFamily("app_writer_waiting", "Changes that wait to be written", value=lane.waiting)
    yield CounterMetricFamily("app_writer_conflicts", "Changes refused: somebody else was first", value=lane.conflicts)
    yield CounterMetricFamily("app_writer_failures", "Transactions that failed", value=lane.failures)
    sizes, total, buckets = lane.sizes, 0, []
    for size in sorted(sizes):
        total += sizes[size]
        buckets.append((str(size), float(total)))
    group = HistogramMetricFamily("app_writer_group_size", "Changes committed in one transaction")
    group.add_metric([], [*buckets, ("+Inf", float(total))], float(lane.changes))
    yield group


def _standby(platform: Platform) -> Iterator[Metric]:
    """Nothing without a standby."""
    standby = platform.late.standby
    if standby is None:
        return
    platform.late.look()
    used = platform.late.state == "used"
    yield GaugeMetricFamily("app_standby_used", "Whether reads that may be late go to the standby", value=float(used))
    yield GaugeMetricFamily("app_standby_lag_seconds", "Seconds the standby may be behind at most", value=standby.lag)
    served = {(place,): count for place, count in dict(platform.late.served).items()}
    yield _counted("app_late_reads", "Reads that may be a little late, by who answered", ("server",), served)


def _counted(name: str, text: str, labels: tuple[str, ...], found: dict[Any, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=labels)
    for values, count in sorted(found.items()):
        family.add_metric(list(values), count)
    return family
