"""The store: read, compute, commit; and when somebody else came first, again on fresh facts.

A use case is a plain function from a :class:`~app.storage.queries.Reader` to an :class:`Outcome`. On SQLite a short
read runs on the event loop, faster than any thread; on PostgreSQL it waits for the network in one.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from app.domain.errors import Stale
from app.domain.vocabulary import Text
from app.storage import database
from app.storage.mapping import Changes
from app.storage.outbox import Outbox
from app.storage.queries import Reader
from app.storage.writer import Collision, StaleChanges, Writer

T = TypeVar("T")

ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a use case computed: the answer, and what must be durable before anybody hears it."""

    answer: T
    changes: Changes | None = None


UseCase = Callable[[Reader], Outcome[T]]


class Store:
    """One database: reads anywhere, writes through the one writer."""

    def __init__(self, url: str, synchronous: str = "FULL") -> None:
        self.is_sqlite = database.is_sqlite(url)
        self._url = url
        self._writer = Writer(database.write_engine(url, synchronous))
        self._engine = database.read_engine(url)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def read(self, query: Callable[[Reader], T]) -> T:
        """Run one read in a transaction of its own."""
        with self._engine.connect() as connection:
            return query(Reader(connection))

    async def aread(self, query: Callable[[Reader], T]) -> T:
        """The same from the event loop."""
        if self.is_sqlite:
            return self.read(query)
        return await asyncio.to_thread(self.read, query)

    def perform(self, use_case: UseCase[T]) -> T:
        """Compute and commit; computed again when the facts changed meanwhile. Raises :class:`Stale` after several."""
        for _ in range(ATTEMPTS):
            outcome = self.read(use_case)
            if outcome.changes is None:
                return outcome.answer
            try:
                self._writer.commit(outcome.changes)
            except (StaleChanges, Collision) as error:
                last = error
                continue
            return outcome.answer
        raise _stale() from last

    async def aperform(self, use_case: UseCase[T]) -> T:
        """The same from the event loop. Who came second once stands in line with the others of that application."""
        outcome = await self.aread(use_case)
        error = await self._refusal(outcome.changes)
        if error is None:
            return outcome.answer
        async with self._turn(outcome.changes):
            for _ in range(ATTEMPTS - 1):
                outcome = await self.aread(use_case)
                error = await self._refusal(outcome.changes)
                if error is None:
                    return outcome.answer
        raise _stale() from error

    async def _refusal(self, changes: Changes | None) -> StaleChanges | Collision | None:
        """Commit; why somebody has to compute again, or None when it is done."""
        if changes is None:
            return None
        try:
            await asyncio.wrap_future(self._writer.put(changes))
        except (StaleChanges, Collision) as error:
            return error
        return None

    def _turn(self, changes: Changes | None) -> asyncio.Lock:
        """The line before one application: without it twenty at once would overtake each other until they give up."""
        guard = changes.guard if changes is not None else None
        return asyncio.Lock() if guard is None else self._turns.setdefault(f"{guard.table}:{guard.id}", asyncio.Lock())

    @cached_property
    def outbox(self) -> Outbox:
        """The messages that still have to be sent, for a gateway; opened when one first asks."""
        return Outbox(database.write_engine(self._url))

    def close(self) -> None:
        """Finish queued writes and let go of the database."""
        if "outbox" in self.__dict__:
            self.outbox.close()
        self._writer.close()
        self._engine.dispose()


def _stale() -> Stale:
    return Stale(
        Text(
            "同一申请刚被他人多次更新，请刷新后再试。",
            "Others changed the same application several times just now: refresh and try again.",
        )
    )
