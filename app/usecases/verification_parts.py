"""The same walk as :mod:`app.usecases.verification`, taken apart for several processors.

Cases are divided by their ids into many small parts; what stands alone, and the tree, are a part each, and the longest:
they are begun first, and whichever process is free takes the next part, so that all are done at about the same time.
The processes know the database and the keys and no catalogue. The parts are put together in the order of the walk, so
that the first bad row is the same one; once it is found, nobody goes on. On PostgreSQL all processes see one snapshot;
on SQLite each part sees one of its own, of the same moment or a little later: what is written meanwhile is looked at by
some of them only.
"""

import os
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Event

from sqlalchemy import Connection, func, select, text

from app.domain.proof import Hasher
from app.domain.tampering import Finding
from app.storage.database import read_engine
from app.storage.keys import KeyRing, parsed
from app.storage.proofs import SignedCheckpoint
from app.storage.queries import Reader
from app.storage.tables import APPLICATION, EVENT
from app.storage.vault import Vault
from app.usecases.verification import Report, Walk, Wish

MOST = 8
"""Processes, unless somebody asks for more."""
WORTH_IT = 20_000
"""Events from which several processes are worth their start [measured: about a second each]."""
PIECE = 2_000
"""Cases of one part, a second or two: nobody waits longer for the others at the end."""


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """What a process needs to read the record. ``keys`` is a whole key ring: it is never printed."""

    url: str
    keys: str
    proof_hash: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the walk: ``cases``, above ``after`` and not above ``until``; ``alone``; or ``tree``."""

    name: str
    after: str = ""
    until: str | None = None


ALONE, TREE = Part("alone"), Part("tree")
LONGEST = (TREE, ALONE)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all parts have in common; ``snapshot`` is one that PostgreSQL has been asked to share."""

    source: Source
    snapshot: str | None
    is_strict: bool
    witness: SignedCheckpoint | None


def processes_for(events: int, wanted: int | None = None) -> int:
    """How many processes to use for so many events; what somebody asks for, if anybody does."""
    if wanted is not None:
        return wanted
    return min(os.cpu_count() or 1, MOST) if events >= WORTH_IT else 1


def run(source: Source, wish: Wish, processes: int) -> Report:
    """Verify everything with so many processes."""
    report, spawn = Report(), get_context("spawn")
    is_enough = spawn.Event()
    with (
        _reading(source.url) as connection,
        ProcessPoolExecutor(processes, spawn, _begin, (is_enough,)) as pool,
    ):
        total = connection.execute(select(func.count()).select_from(EVENT)).scalar_one()
        shared = Shared(source, _exported(connection), wish.is_strict, wish.witness)
        long = {part: pool.submit(look, shared, part) for part in LONGEST}
        short = [pool.submit(look, shared, part) for part in _pieces(connection)]
        try:
            for future in (*short, long[ALONE], long[TREE]):
                report.add(future.result())
                if wish.progress is not None:
                    wish.progress(report.events, total)
                if report.finding is not None:
                    break
        finally:
            is_enough.set()
            pool.shutdown(wait=False, cancel_futures=True)
    return report


class _Enough(Exception):
    """Somebody else has found the first bad row."""


_nobody_goes_on: Event | None = None
"""Set when the first bad row is found; every process of the pool has it."""


def _begin(is_enough: Event) -> None:
    global _nobody_goes_on
    _nobody_goes_on = is_enough


def _beat() -> None:
    if _nobody_goes_on is not None and _nobody_goes_on.is_set():
        raise _Enough


def look(shared: Shared, part: Part) -> Report:
    """One part, in whatever process."""
    ring = parsed(shared.source.keys)
    wish = Wish(is_strict=shared.is_strict, witness=shared.witness, beat=_beat)
    with _reading(shared.source.url) as connection:
        if shared.snapshot is not None:
            connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{shared.snapshot}'")
        walk = Walk(Reader(connection, Vault(ring)), Hasher(shared.source.proof_hash), wish)
        with suppress(_Enough):
            walk.report.take(_found(walk, part, ring), is_strict=wish.is_strict)
        return walk.report


def _found(walk: Walk, part: Part, ring: KeyRing) -> Iterator[Finding]:
    match part.name:
        case "cases":
            return walk.cases(part.after, part.until)
        case "alone":
            return walk.alone()
        case _:
            return walk.tree(ring)


def _pieces(connection: Connection) -> Iterator[Part]:
    """The cases in the order of the walk."""
    key, after = APPLICATION.c.id, ""
    while True:
        query = select(key).where(key > after).order_by(key).offset(PIECE - 1).limit(1)
        until = connection.execute(query).scalar()
        yield Part("cases", after, until)
        if until is None:
            return
        after = until


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    engine = read_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _exported(connection: Connection) -> str | None:
    """The name under which others may see what this transaction sees, where the database can do that."""
    if connection.dialect.name != "postgresql":
        return None
    name: str = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    if not re.fullmatch(r"[0-9A-F-]+", name):
        raise ValueError("PostgreSQL gave a snapshot no name that can be passed on")
    return name
