"""Work that waits in rows, shared out among any number of processes: each piece is done once, by whoever claims it.

On PostgreSQL a claim is a row lock that the others skip (``FOR NO KEY UPDATE SKIP LOCKED``), taken in the very
transaction that writes the work: nothing has to be given back, and the claims of a process that is killed fall free
with its connection. A transaction claims few rows and does not last, because whoever acts on one of them meanwhile
waits for it. It never waits for another claim; when it and the write lane of some process come to wait for each other,
PostgreSQL ends one of the two, and what was refused is computed again in the lane. SQLite has one write lock for
everything: there each piece goes through the lane.

What is not worth sharing out piece by piece is done by one process at a time (:meth:`Claims.alone`), under a lock that
is no row's and holds back no vacuum. Both locks make for less work; that nothing happens twice rests on versions and
unique keys, as everywhere.
"""

import logging
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, Engine, Select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.storage.changes import Changes
from app.storage.queries import Position
from app.storage.troubles import is_trouble, told
from app.storage.writer import Collision, StaleChanges, attempt, seen

log = logging.getLogger(__name__)

BATCH = 10
"""The most rows one transaction claims."""
LONGEST = 0.2
"""Seconds after which a transaction begins no further piece. Illustrative."""
FORGOTTEN_CLAIM, FORGOTTEN_JOB = "1min", "15min"
"""How long a process may say nothing before the database takes its locks away: one that was stopped, not killed."""
JOBS = 7_310_553
"""The number space of the locks of jobs on PostgreSQL; nothing else uses it."""

Waiting = Callable[[Position, int], Select[date, str]]
"""The rows that wait, as (date, id) in that order: from the one after a position, and at most so many."""
Work = Callable[[Connection, str], Changes | None]
"""Computes what one row calls for; None for nothing."""


@dataclass(slots=True)
class Batch:
    """What came of one transaction. ``after`` is None when there was nothing left to claim; ``refused`` has to be
    computed again; ``failed`` could not be computed at all."""

    after: Position = None
    done: list[tuple[str, Changes | None]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


class Claims:
    """The claiming side of a database, on a write engine of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def are_shared(self) -> bool:
        """Whether rows can be claimed one by one."""
        return self._engine.dialect.name == "postgresql"

    def batch(self, waiting: Waiting, after: Position, work: Work) -> Batch:
        """Claim a few rows and do their work in one transaction. Raises the refusals of ``troubles``."""
        query = waiting(after, BATCH).with_for_update(skip_locked=True, key_share=True)
        batch, claimed = Batch(), list[tuple[date, str]]()
        try:
            with self._engine.begin() as connection:
                _not_for_ever(connection, FORGOTTEN_CLAIM)
                claimed = [(on, own) for on, own in connection.execute(query)]
                _work_through(connection, claimed, work, batch)
        except SQLAlchemyError as error:
            if not isinstance(seen(error), StaleChanges):
                raise told(error) from error
            batch = Batch(claimed[-1] if claimed else after, refused=[own for _, own in claimed])
        return batch

    @contextmanager
    def alone(self, job: str, *, waits: bool) -> Iterator[bool]:
        """Whether this process has the job to itself until the end of the block; with ``waits`` it has, sooner or
        later. On SQLite always: the write lock is what keeps processes apart there."""
        if not self.are_shared:
            yield True
            return
        call = "SELECT pg_advisory_xact_lock(:jobs, :job)" if waits else "SELECT pg_try_advisory_xact_lock(:jobs, :job)"
        connection = self._connection()
        try:
            found = connection.execute(text(call), {"jobs": JOBS, "job": number_of(job)}).scalar_one()
            _not_for_ever(connection, FORGOTTEN_JOB)  # and with another statement the snapshot of the first is let go
            yield waits or bool(found)
        finally:
            with suppress(DBAPIError):  # the database may have taken the lock away, and the connection with it
                connection.rollback()
            connection.close()

    def _connection(self) -> Connection:
        try:
            return self._engine.connect()
        except SQLAlchemyError as error:
            raise told(error) from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def number_of(job: str) -> int:
    """The number of a job's lock: 32 bits with a sign."""
    return zlib.crc32(job.encode()) - (1 << 31)


def spared(own: str, error: BaseException) -> None:
    """Say which row could not be worked on, so that the others are spared it; raises what is wrong with the database
    itself."""
    if is_trouble(told(error)):
        raise error
    log.error("the work that waits in %s failed", own, exc_info=error)


def _not_for_ever(connection: Connection, span: str) -> None:
    connection.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = '{span}'"))


def _work_through(connection: Connection, claimed: Sequence[tuple[date, str]], work: Work, batch: Batch) -> None:
    """One row after another until all are done or time is up; the rest falls free at the end of the transaction."""
    end = time.monotonic() + LONGEST
    for on, own in claimed:
        batch.after = on, own
        try:
            changes = work(connection, own)
        except SQLAlchemyError:
            raise
        except Exception as error:
            spared(own, error)
            batch.failed.append(own)
        else:
            _write(connection, own, changes, batch)
        if time.monotonic() >= end:
            return


def _write(connection: Connection, own: str, changes: Changes | None, batch: Batch) -> None:
    if changes is not None and changes.quotas:  # whoever counts stands in line before any row is locked: the lane does
        batch.refused.append(own)
        return
    error = None if changes is None else attempt(connection, changes)
    if error is None:
        batch.done.append((own, changes))
    elif isinstance(error, StaleChanges | Collision):
        batch.refused.append(own)
    else:
        spared(own, error)
        batch.failed.append(own)
