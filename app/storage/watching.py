"""What supervision has looked at, and which cases something has happened to since.

Until the next day a light turns only where something happens to its task, and whatever happens is an event: those that
came after a look have no place in the proof tree yet, or one behind the size that the tree had before the look.
"""

from dataclasses import dataclass

from sqlalchemy import select, text

from app.storage.changes import Changes, Update
from app.storage.proof_tables import LEAF
from app.storage.proofs import newest_checkpoint
from app.storage.queries import Reader
from app.storage.tables import EVENT
from app.storage.watch_tables import WATCHED

ROW = 1
MANY = 20_000
"""Events since, from which on everything is looked at instead."""


@dataclass(frozen=True, slots=True)
class Looked:
    """How far ahead was looked, and the size of the proof tree before."""

    horizon: str
    size: int


def looked(reader: Reader) -> Looked | None:
    """What was looked at last; None before the first time."""
    row = reader.connection.execute(select(WATCHED.c.horizon, WATCHED.c.size)).first()
    return None if row is None else Looked(*row)


def size_now(reader: Reader) -> int:
    """The size of the proof tree: what happens from now on has its place behind that, or none yet."""
    newest = newest_checkpoint(reader.connection)
    return 0 if newest is None else newest.checkpoint.size


def cases_since(reader: Reader, size: int, now: int) -> list[str] | None:
    """The ids of the cases that something has happened to since the tree had this size, in their order; None when so
    much has happened that looking at everything costs no more. ``now``: the size it has."""
    if now - size > MANY:
        return None
    waiting = select(EVENT.c.application_id).where(text("position IS NULL")).limit(MANY)
    placed = select(LEAF.c.key).where(LEAF.c.position >= size, LEAF.c.source == EVENT.name)
    found = list(reader.connection.execute(waiting).scalars())
    if len(found) == MANY:
        return None
    return sorted({*found, *(key.partition("/")[0] for key in reader.connection.execute(placed).scalars())})


def noted(before: Looked | None, now: Looked) -> Changes | None:
    """The row that says what was looked at now, where it says anything new."""
    if before == now:
        return None
    row = {"horizon": now.horizon, "size": now.size}
    if before is None:
        return Changes({WATCHED.name: [{"id": ROW, **row}]})
    return Changes(updates=[Update(WATCHED.name, ROW, row)])
