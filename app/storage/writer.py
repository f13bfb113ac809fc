"""The write lane: one thread commits many people's changes in one transaction.

Each use case hands over a :class:`Changes` value computed from the application (or matter) at version *n*. The writer
commits it with ``UPDATE application … WHERE id = ? AND version = n`` or not at all. Changes that arrive together
share a transaction, each in a savepoint of its own, so that one failure sinks nobody else; on a real disk that is what
pays, because the transaction's flush is shared. Changes that come alone have the transaction to themselves.
"""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy
from sqlalchemy import BindParameter, Connection, Delete, Engine, Insert, Table, bindparam, delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.domain.errors import StorageAway
from app.storage import quotas
from app.storage.changes import Changes, Guard, Row, Update
from app.storage.database import scrub
from app.storage.sealing import destroy
from app.storage.tables import table
from app.storage.troubles import is_trouble, told

log = logging.getLogger(__name__)

GROUP = 32
"""The most changes in one transaction."""
TROUBLED_SECONDS = 15.0
"""How long after a disk was full, or the database away, the lane calls itself unwell; then the next change decides."""
SLOWEST_SECONDS = 8.0
"""A transaction that takes longer makes the lane unwell: the database does not answer, or waits for its standby.
Illustrative."""

_Job = tuple[Changes, "Future[None]"]


class StaleChanges(Exception):
    """The row the changes were computed from has changed since, or a quota has been used up: compute again."""


class Collision(Exception):
    """A number or key the app made is taken already: compute again."""


class LaneClosed(RuntimeError):
    """The process is stopping: nothing is taken any more."""


SIZES = (1, 2, 4, 8, 16, GROUP)
"""Upper bounds by which the sizes of groups are counted."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the lane did since it was opened; ``sizes``: upper bound → groups of at most so many changes."""

    waiting: int
    changes: int
    conflicts: int
    failures: int
    sizes: Mapping[int, int]


class Writer:
    """Commits changes, one transaction at a time, in the order they came."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock, self._is_closed = threading.Lock(), False
        self._changes = self._conflicts = self._failures = 0  # counted by the one thread
        self._sizes = dict.fromkeys(SIZES, 0)
        self._troubled_at = -TROUBLED_SECONDS
        self.slowest = SLOWEST_SECONDS
        self._trouble: BaseException | None = None
        self._began_at: float | None = None

    def tally(self) -> Tally:
        """How it is going."""
        return Tally(self._jobs.qsize(), self._changes, self._conflicts, self._failures, dict(self._sizes))

    def is_well(self, most: int) -> bool:
        """Whether changes are being written: the thread lives, or was not needed yet, at most so many wait, the last
        could be stored, and the one at hand does not take too long."""
        now, thread, began = time.monotonic(), self._thread, self._began_at
        is_stuck = began is not None and now - began > self.slowest
        is_troubled = is_stuck or now - self._troubled_at < TROUBLED_SECONDS
        return self._jobs.qsize() <= most and (thread is None or thread.is_alive()) and not is_troubled

    def try_again(self, seconds: float) -> None:
        """When the database was away, see whether it is back, for at most so long: nobody is sent to a server that is
        unwell, so nobody's change would ever find out. A disk that was full is not asked this way."""
        if isinstance(self._trouble, StorageAway):
            with contextlib.suppress(Exception):
                self.put(Changes()).result(seconds)

    def put(self, changes: Changes) -> "Future[None]":
        """Queue the changes; the future is done when they are durable, or carries :class:`StaleChanges`,
        :class:`Collision` or the database's error. Raises :class:`LaneClosed` once the lane is closed."""
        future: Future[None] = Future()
        future.set_running_or_notify_cancel()  # who gives up waiting takes nothing back, and the lane may still tell
        with self._lock:  # nothing may come behind the word to stop: nobody would ever answer it
            if self._is_closed:
                raise LaneClosed("the write lane is closed")
            self._start()
            self._jobs.put((changes, future))
        return future

    def commit(self, changes: Changes) -> None:
        """Commit the changes and wait for it."""
        self.put(changes).result()

    def close(self) -> None:
        """Finish what was queued, then stop."""
        with self._lock:
            thread, self._thread, self._is_closed = self._thread, None, True
            self._jobs.put(None)
        if thread is not None:
            thread.join()
        self._engine.dispose()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            group, is_last = self._gather(job)
            self._began_at = time.monotonic()
            self._commit(group)
            self._began_at = None
            if is_last:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        group = [first]
        while len(group) < GROUP:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _count(self, outcomes: list[BaseException | None]) -> None:
        self._changes += len(outcomes)
        self._conflicts += sum(isinstance(outcome, (StaleChanges, Collision)) for outcome in outcomes)
        self._trouble = next(filter(is_trouble, outcomes), None)
        self._troubled_at = time.monotonic() if self._trouble is not None else -TROUBLED_SECONDS
        self._sizes[next(size for size in SIZES if size >= len(outcomes))] += 1

    def _commit(self, group: list[_Job]) -> None:
        outcomes: list[BaseException | None] = []
        try:
            with self._engine.begin() as connection:
                if any(changes.quotas for changes, _ in group):
                    quotas.queue_up(connection)
                outcomes = _written(connection, [changes for changes, _ in group])
        except Exception as error:
            found = told(seen(error))
            outcomes = [found] * len(group)
            if not isinstance(found, (StaleChanges, Collision)):
                log.error("a transaction of %d change(s) failed", len(group), exc_info=found is error)
                self._failures += 1
        outcomes = [None if outcome is None else told(outcome) for outcome in outcomes]
        self._count(outcomes)
        if any(changes.destroys for changes, _ in group):
            scrub(self._engine)
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if outcome is None:
                future.set_result(None)
            else:
                future.set_exception(outcome)


GAVE_WAY = frozenset({"40001", "40P01"})
"""SQLSTATE of a transaction that stood in the way of another process's, and gave way (a deadlock)."""


def seen(error: BaseException) -> BaseException:
    """The error as whoever waits for it must take it: who gave way, or took what was taken already, computes again."""
    if isinstance(error, IntegrityError):
        return Collision(str(error.orig).splitlines()[0])
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in GAVE_WAY:
        return StaleChanges("gave way to another process")
    return error


def _written(connection: Connection, group: Sequence[Changes]) -> list[BaseException | None]:
    """Write all; whoever is alone needs no savepoint, because the error that leaves here rolls everything back."""
    if len(group) == 1:
        _write(connection, group[0])
        return [None]
    return [attempt(connection, changes) for changes in group]


def attempt(connection: Connection, changes: Changes) -> BaseException | None:
    """Write one person's changes in a savepoint; the error is returned, not raised, so that the others go on."""
    savepoint = connection.begin_nested()
    try:
        _write(connection, changes)
    except Exception as error:
        savepoint.rollback()
        return seen(error)
    savepoint.commit()
    return None


def _write(connection: Connection, changes: Changes) -> None:
    updates = changes.updates if changes.guard is None else _taken(connection, changes.guard, changes.updates)
    for name, rows in changes.inserts.items():
        if rows:
            connection.execute(_inserting(name), list(rows))
    for change in updates:
        statement = _updating(change.table, tuple(change.values))
        connection.execute(statement, {"its_key": change.key, **_new(change.values)})
    for name, key in changes.deletes:
        connection.execute(_deleting(name, tuple(key)), key)
    for destruction in changes.destroys:
        destroy(connection, destruction.owner, destruction.at)
    for quota in changes.quotas:
        if quotas.taken(connection, quota) > quota.per_day:
            raise StaleChanges(f"calls of {quota.dataset} for {quota.item}")


@cache
def _inserting(name: str) -> Insert:
    return table(name).insert()


@cache
def _updating(name: str, columns: tuple[str, ...]) -> sqlalchemy.Update:
    """Kept, because building such a statement costs more than running it."""
    target = table(name)
    (primary,) = target.primary_key.columns
    return update(target).where(primary == bindparam("its_key")).values(_new_of(target, columns))


@cache
def _deleting(name: str, columns: tuple[str, ...]) -> Delete:
    target = table(name)
    return delete(target).where(*(target.c[column] == bindparam(column) for column in columns))


@cache
def _taking(name: str, columns: tuple[str, ...]) -> sqlalchemy.Update:
    target = table(name)
    is_unchanged = target.c.id == bindparam("taken_id"), target.c.version == bindparam("taken_version")
    return update(target).where(*is_unchanged).values(version=target.c.version + 1, **_new_of(target, columns))


def _taken(connection: Connection, guard: Guard, updates: Sequence[Update]) -> Sequence[Update]:
    """Write the guarded row's next version, with all that changes in it, or nothing; the updates that are left."""
    own = next((update for update in updates if (update.table, update.key) == (guard.table, guard.id)), None)
    values = {} if own is None else own.values
    bound = {"taken_id": guard.id, "taken_version": guard.version, **_new(values)}
    if connection.execute(_taking(guard.table, tuple(values)), bound).rowcount != 1:
        raise StaleChanges(f"{guard.table} {guard.id}")
    return [update for update in updates if update is not own]


def _new(values: Row) -> Row:
    return {f"new_{name}": value for name, value in values.items()}


def _new_of(target: Table, columns: tuple[str, ...]) -> dict[str, BindParameter[Any]]:
    """What :func:`_new` gives a value to."""
    return {column: bindparam(f"new_{column}", type_=target.c[column].type) for column in columns}
