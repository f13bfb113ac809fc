"""Folding in: changes that were appended are taken away and added to the sums they change, a batch at a time.

Counters that everybody changes would make everybody wait for one row. So whoever changes something appends by how much,
in the transaction that does it; nobody changes such a row, and a fold that sees one snapshot takes exactly those rows
that it removes. What is appended meanwhile waits for the next fold.
"""

from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, bindparam, delete, select

BATCH: Final = 5_000
"""Changes folded in at once: nobody waits long for that transaction, however many there are."""


class Taking:
    """How the oldest changes of a table are taken away."""

    def __init__(self, *columns: Column[Any]) -> None:
        """``columns`` of the rows are told, all of one table whose ``id`` says which is older."""
        own = columns[0].table.c.id
        oldest = select(own).order_by(own).limit(bindparam("count"))
        self._statement = delete(own.table).where(own.in_(oldest)).returning(*columns)

    def __call__(self, connection: Connection) -> list[tuple[Any, ...]]:
        """The oldest changes, at most a batch of them, which are no more."""
        return list(map(tuple, connection.execute(self._statement, {"count": BATCH})))


class Folding:
    """One kind of sums, on a write engine of its own. One process at a time is at it: see ``Claims.alone``."""

    def __init__(self, engine: Engine) -> None:
        """``engine``: each of its transactions sees one snapshot (:func:`app.storage.database.folding_engine`)."""
        self._engine = engine

    def fold(self) -> int:
        """Fold in all changes there are; how many."""
        done = 0
        while True:
            with self._engine.begin() as connection:
                count = self._fold(connection)
            done += count
            if count < BATCH:
                return done

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _fold(self, connection: Connection) -> int:
        """Fold in a batch of changes; how many."""
        raise NotImplementedError
