"""The store: read, compute, commit; and when somebody else came first, again on fresh facts.

A use case is a plain function from a :class:`~app.storage.queries.Reader` to an :class:`Outcome`. On SQLite a short
read runs on the event loop, faster than any thread; on PostgreSQL it waits for the network in one.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import Refusal, Stale
from app.domain.proof import HASHES, Hasher
from app.domain.vocabulary import Text
from app.storage import database
from app.storage.changes import Changes
from app.storage.claims import Claims, Waiting, spared
from app.storage.data_keys import DataKeys
from app.storage.imprints import with_imprints
from app.storage.mapping import DEFAULT_SEALING
from app.storage.notary import Notary
from app.storage.outbox import Outbox
from app.storage.queries import Position, Reader
from app.storage.recent import REMEMBERED, Recent
from app.storage.records import all_bound
from app.storage.sealing import sealed
from app.storage.sums import Sums
from app.storage.troubles import told, unanswered
from app.storage.vault import Vault
from app.storage.work import Ledger
from app.storage.writer import Collision, StaleChanges, Writer

T = TypeVar("T")

ATTEMPTS = 6
LONGEST_WAIT = 20.0
"""Seconds until whoever waits for a write is told that the database does not answer. What was asked for may still be
written after that: who repeats it does so with the same Idempotency-Key, or is told that it has been done."""
QUEUED = 200
"""Rows read at once of those that wait."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a use case computed: the answer, and what must be durable before anybody hears it."""

    answer: T
    changes: Changes | None = None


UseCase = Callable[[Reader], Outcome[T]]
Piece = Callable[[Reader, str], Outcome[bool]]
"""What one waiting row calls for, by its id; the answer is whether anything did."""


@dataclass(slots=True)
class WorkedOff:
    """What came of rows that waited: how many were looked at, called for something, and could not be worked on."""

    looked_at: int = 0
    moved: int = 0
    failed: int = 0

    def note(self, answer: bool | None) -> None:
        """One row more; None for a failure."""
        self.looked_at += 1
        self.moved += answer is True
        self.failed += answer is None


class TracedRefusal(Exception):
    """A refusal that leaves rows behind, such as an attempt to see what is not the asker's: both must happen."""

    def __init__(self, refusal: Refusal, changes: Changes) -> None:
        super().__init__(refusal.detail.en)
        self.refusal, self.changes = refusal, changes

    def kept(self, _: Reader) -> Outcome[None]:
        """The use case that writes what is left behind."""
        return Outcome(None, self.changes)


class Store:
    """One database: reads anywhere, writes through the one writer."""

    def __init__(
        self,
        url: str,
        synchronous: str = "FULL",
        vault: Vault | None = None,
        proof_hash: str = HASHES[0],
        remembered: int = REMEMBERED,
    ) -> None:
        """Without a vault nothing is sealed, and what is sealed stays closed. ``proof_hash`` binds new records; at
        most ``remembered`` applications are kept at hand."""
        self.vault = vault
        self._sealing = replace(DEFAULT_SEALING, hasher=Hasher(proof_hash))
        self.is_sqlite = database.is_sqlite(url)
        self.patience = LONGEST_WAIT
        self._url = url
        self._writer = self.lane = Writer(database.write_engine(url, synchronous))
        self._engine = database.read_engine(url)
        self._synchronous = synchronous
        self._recent = Recent(remembered)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def place(self) -> str:
        """Where the database is, without who asks."""
        return database.place_of(self._url)

    def read(self, query: Callable[[Reader], T]) -> T:
        """Run one read in a transaction of its own. What a refusal leaves behind is kept before it is raised."""
        try:
            return self._read(query)
        except TracedRefusal as traced:
            self.perform(traced.kept)
            raise traced.refusal from None

    async def aread(self, query: Callable[[Reader], T]) -> T:
        """The same from the event loop."""
        try:
            return self._read(query) if self.is_sqlite else await asyncio.to_thread(self._read, query)
        except TracedRefusal as traced:
            await self.aperform(traced.kept)
            raise traced.refusal from None

    def _read(self, query: Callable[[Reader], T]) -> T:
        try:
            with self._engine.connect() as connection:
                return query(Reader(connection, self.vault, self._recent))
        except SQLAlchemyError as error:
            raise told(error) from error

    def perform(self, use_case: UseCase[T]) -> T:
        """Compute and commit; computed again when the facts changed meanwhile. Raises :class:`Stale` after several."""
        for _ in range(ATTEMPTS):
            outcome = self.read(partial(self._sealed, use_case))
            if outcome.changes is None:
                return outcome.answer
            try:
                self._writer.commit(outcome.changes)
            except (StaleChanges, Collision) as error:
                last = error
                continue
            self._learn(outcome.changes)
            return outcome.answer
        raise _stale() from last

    async def aperform(self, use_case: UseCase[T]) -> T:
        """The same from the event loop. Who came second once stands in line with the others of that application."""
        outcome = await self.aread(partial(self._sealed, use_case))
        error = await self._refusal(outcome.changes)
        if error is None:
            return outcome.answer
        async with self._turn(outcome.changes):
            for _ in range(ATTEMPTS - 1):
                outcome = await self.aread(partial(self._sealed, use_case))
                error = await self._refusal(outcome.changes)
                if error is None:
                    return outcome.answer
        raise _stale() from error

    def work_off(self, waiting: Waiting, piece: Piece, *, is_patient: bool = True) -> WorkedOff:
        """Do what waits, each row once, sharing it out with whoever else is at it. The patient then wait for what
        others had in their hands and left undone. One row that cannot be worked on is logged and stops no other."""
        done, known = WorkedOff(), set[str]()
        if self.claims.are_shared:
            self._claim_all(waiting, piece, done, known)
        if not self.claims.are_shared or is_patient:
            self._queue_all(waiting, piece, done, known)
        return done

    def _claim_all(self, waiting: Waiting, piece: Piece, done: WorkedOff, known: set[str]) -> None:
        answers: dict[str, bool] = {}

        def work(connection: Connection, own: str) -> Changes | None:
            # nothing is remembered of what is read here: it may be rolled back
            outcome = self._sealed(lambda reader: piece(reader, own), Reader(connection, self.vault))
            answers[own] = outcome.answer
            return outcome.changes

        after: Position = None
        while (batch := self.claims.batch(waiting, after, work)).after is not None:
            for own, changes in batch.done:
                if changes is not None:
                    self._learn(changes)
                done.note(answers[own])
            for own in batch.refused:
                done.note(self._performed(piece, own))
            for _ in batch.failed:
                done.note(None)
            known.update(own for own, _ in batch.done)
            known.update(batch.refused, batch.failed)
            after = batch.after

    def _queue_all(self, waiting: Waiting, piece: Piece, done: WorkedOff, known: set[str]) -> None:
        after: Position = None
        while rows := self.read(lambda reader: reader.connection.execute(waiting(after, QUEUED)).all()):  # noqa: B023
            for _, own in rows:
                if own not in known:
                    done.note(self._performed(piece, own))
            after = rows[-1][0], rows[-1][1]

    def _performed(self, piece: Piece, own: str) -> bool | None:
        try:
            return self.perform(lambda reader: piece(reader, own))
        except Exception as error:
            spared(own, error)
            return None

    def _sealed(self, use_case: UseCase[T], reader: Reader) -> Outcome[T]:
        """What the use case computed, with its changes as they may be written."""
        outcome = use_case(reader)
        if outcome.changes is None:
            return outcome
        changes = with_imprints(self._sealing, reader, all_bound(self._sealing, outcome.changes))
        return Outcome(
            outcome.answer, changes if self.vault is None else sealed(self.vault, reader.connection, changes)
        )

    async def _refusal(self, changes: Changes | None) -> StaleChanges | Collision | None:
        """Commit; why somebody has to compute again, or None when it is done."""
        if changes is None:
            return None
        written = asyncio.wrap_future(self._writer.put(changes))
        await asyncio.wait({written}, timeout=self.patience)
        if not written.done():
            written.add_done_callback(partial(self._written_late, changes))
            raise unanswered()
        error = written.exception()
        if isinstance(error, StaleChanges | Collision):
            return error
        if error is not None:
            raise error
        self._learn(changes)
        return None

    def _written_late(self, changes: Changes, written: "asyncio.Future[None]") -> None:
        if not written.cancelled() and written.exception() is None:
            self._learn(changes)

    def _learn(self, changes: Changes) -> None:
        """Remember what was written. A key that was destroyed, and what it sealed, is not kept in memory either."""
        if changes.made is not None:
            self._recent.follow(changes.made)
        if self.vault is not None:
            for row in changes.inserts.get("data_key", ()):
                self.vault.stored(row["owner"], row["wrapped"])
        for destruction in changes.destroys:
            self._recent.forget(destruction.owner)
            if self.vault is not None:
                self.vault.forget(destruction.owner)

    def _turn(self, changes: Changes | None) -> asyncio.Lock:
        """The line before one application: without it twenty at once would overtake each other until they give up."""
        guard = changes.guard if changes is not None else None
        return asyncio.Lock() if guard is None else self._turns.setdefault(f"{guard.table}:{guard.id}", asyncio.Lock())

    @cached_property
    def outbox(self) -> Outbox:
        """The messages that still have to be sent, for a gateway; opened when one first asks."""
        return Outbox(database.write_engine(self._url), self.vault)

    @cached_property
    def claims(self) -> Claims:
        """What shares out the work that waits in rows; opened when first needed."""
        return Claims(database.write_engine(self._url, self._synchronous))

    @cached_property
    def notary(self) -> Notary:
        """What gives rows their places in the proof tree; opened when first needed."""
        return Notary(database.write_engine(self._url, self._synchronous))

    @cached_property
    def work(self) -> Ledger:
        """What counts open work; opened when first needed."""
        return Ledger(database.folding_engine(self._url, self._synchronous), self.vault)

    @cached_property
    def sums(self) -> Sums:
        """What keeps up the sums behind the indicators; opened when first needed."""
        return Sums(database.folding_engine(self._url, self._synchronous))

    @cached_property
    def data_keys(self) -> DataKeys:
        """The keys of the applications, for those who look after them; opened when one first asks."""
        if self.vault is None:
            raise AssertionError("without a vault there are no data keys")
        return DataKeys(database.write_engine(self._url), self.vault)

    def close(self) -> None:
        """Finish queued writes and let go of the database."""
        for name in ("data_keys", "claims", "work", "sums", "notary", "outbox"):
            if name in self.__dict__:  # opened when first needed, and by nobody yet when it is not there
                getattr(self, name).close()
        self._writer.close()
        self._engine.dispose()


def _stale() -> Stale:
    return Stale(
        Text(
            "同一申请刚被他人多次更新，请刷新后再试。",
            "Others changed the same application several times just now: refresh and try again.",
        )
    )
