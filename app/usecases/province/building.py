"""Building a province: processes make the cases of their days, this one writes them in the order of days."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any, Final

from app.domain.proof import Hasher
from app.settings import Settings
from app.storage.bulk import Leaves, Loader, Rows
from app.usecases import rollups
from app.usecases.platform import Platform, open_world
from app.usecases.province.copies import BOUND, Batch
from app.usecases.province.making import Day, Maker, Order
from app.usecases.province.sheets import ORDER, columns_of

PAYS_FROM: Final = 3_000
"""Cases from which on other processes are worth their start."""
AHEAD: Final = 6
"""Batches a process may be ahead of the writing."""
TABLES: Final = (*ORDER, "data_key")
COLUMNS: Final = {name: [column.name for column in columns_of(name)] for name in TABLES}
Say = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What there is now."""

    cases: int
    rows: dict[str, int]
    days: int
    months: int
    history: int = 0
    """Cases of which only the course and the figures are there (:mod:`.history`)."""


def build(platform: Platform, order: Order, say: Say, processes: int = 1) -> Built:
    """A province on a database without cases; ``say`` hears how many cases are written so far.

    What is interrupted leaves whole cases, bound and sealed, without roll-ups and counts of open work (the next
    sweep makes them).
    Raises :class:`~app.storage.bulk.NotEmpty`.
    """
    context, world = platform.context(), platform.world
    hasher = Hasher(world.policy.proof_hash)
    loader = Loader(platform.settings.database_url, world.keys, hasher, context.at, TABLES)
    rows, cases, history = dict.fromkeys(TABLES, 0), 0, 0
    try:
        with _batches(platform, order, processes if order.cases >= PAYS_FROM else 1) as made:
            for batch in made:
                parts = {name: Rows(COLUMNS[name], batch.rows[name]) for name in TABLES if name in batch.rows}
                loader.load(parts, {name: Leaves(batch.keys[name], batch.links[name]) for name in BOUND})
                rows = {name: count + len(batch.rows.get(name, ())) for name, count in rows.items()}
                cases, history = cases + batch.cases, history + batch.history
                say(cases)
        loader.finish()
        days, months = platform.store.read(partial(rollups.days_and_months, context))
        loader.add_up(days, months)
    finally:
        loader.close()
    platform.store.work.count()
    return Built(cases, rows, len(days), len(months), history)


@contextmanager
def _batches(platform: Platform, order: Order, processes: int) -> Iterator[Iterator[Batch]]:
    """Every batch, in the order of days."""
    days = order.work(platform.world.catalogue.calendar)
    if processes == 1:
        maker = Maker(platform.world, platform.settings, order, is_sqlite=platform.store.is_sqlite)
        yield (batch for day in days for batch in maker.batches(day))
        return
    crew = _Crew(platform.settings, order, days, processes, is_sqlite=platform.store.is_sqlite)
    try:
        yield crew.batches()
    finally:
        crew.stop()


class _Crew:
    """Processes that each make every so-manieth day, and are asked for them in turn."""

    def __init__(self, settings: Settings, order: Order, days: list[Day], count: int, *, is_sqlite: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self._days = days
        self._queues: list[Any] = [context.Queue(AHEAD) for _ in range(count)]
        self._crew: list[BaseProcess] = [
            context.Process(target=work, args=(settings, order, days[place::count], queue, is_sqlite), daemon=True)
            for place, queue in enumerate(self._queues)
        ]
        for process in self._crew:
            process.start()

    def batches(self) -> Iterator[Batch]:
        """Every batch in the order of days. Raises what a process met."""
        for place in range(len(self._days)):
            queue = self._queues[place % len(self._queues)]
            while (found := queue.get()) is not None:
                if isinstance(found, BaseException):
                    raise found
                yield found

    def stop(self) -> None:
        """End whoever is still at it."""
        for process in self._crew:
            process.terminate()
            process.join()


def work(settings: Settings, order: Order, days: list[Day], queue: Any, is_sqlite: bool) -> None:
    """What one process does: the batches of its days, None after each day, and an error instead of them."""
    try:
        maker = Maker(open_world(settings), settings, order, is_sqlite=is_sqlite)
        for day in days:
            for batch in maker.batches(day):
                queue.put(batch)
            queue.put(None)
    except Exception as error:
        queue.put(error)
