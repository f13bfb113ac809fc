"""Loading many new cases at once: rows made elsewhere, written in large transactions, with their places in the tree.

Only for a database that holds no case yet and that nobody else writes to. Every row of an event becomes a leaf as the
notary would make it, under signed checkpoints of at most :data:`~app.storage.notary.BATCH` leaves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text

from app.domain.merkle import Frontier
from app.domain.proof import Checkpoint, Hasher
from app.storage.database import is_sqlite, write_engine
from app.storage.keys import KeyRing
from app.storage.notary import BATCH, sign
from app.storage.proof_tables import LEAF
from app.storage.proofs import newest_checkpoint
from app.storage.tables import APPLICATION, table

SQLITE = (
    *("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000"),
    *("PRAGMA wal_autocheckpoint = 20000", "PRAGMA secure_delete = OFF"),
)
POSTGRES = ("SET synchronous_commit = off", "SET maintenance_work_mem = '256MB'")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table with its columns in their order: tuples for SQLite, lines of COPY for PostgreSQL."""

    columns: Sequence[str]
    rows: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Leaves:
    """The keys and links of bound rows, in their order."""

    keys: Sequence[str]
    links: Sequence[bytes]


class NotEmpty(RuntimeError):
    """The database holds cases already."""


class Loader:
    """Writes batches of rows; every batch is one transaction, so what stopped halfway is whole."""

    def __init__(self, url: str, ring: KeyRing, hasher: Hasher, now: datetime) -> None:
        """Raises :class:`NotEmpty`."""
        self.is_sqlite = is_sqlite(url)
        self._engine: Engine = write_engine(url, "NORMAL")
        self._ring, self._now, self._frontier = ring, now, Frontier(hasher)
        with self._engine.begin() as connection:
            found = [connection.execute(select(func.count()).select_from(each)).scalar_one() for each in EMPTY]
            newest = newest_checkpoint(connection)
        if any(found) or newest is None or newest.checkpoint.size:
            self._engine.dispose()
            raise NotEmpty
        self._tune()

    def load(self, made: Mapping[str, Rows], leaves: Mapping[str, Leaves]) -> None:
        """One batch: rows by table, in the order in which they may be inserted, and for tables whose rows are bound
        the leaves: such rows come without their position, their last column."""
        with self._engine.begin() as connection:
            size, links = self._frontier.size, list[bytes]()
            for name, rows in made.items():
                own = leaves.get(name)
                if own is None:
                    self._insert(connection, name, rows.columns, rows.rows)
                    continue
                start = size + len(links)
                self._insert(connection, name, rows.columns, self._placed(rows.rows, start))
                placed = self._lines(
                    (start + place, name, key, link.hex())
                    for place, (key, link) in enumerate(zip(own.keys, own.links, strict=True))
                )
                self._insert(connection, "leaf", LEAF_COLUMNS, placed)
                links += own.links
            for first in range(0, len(links), BATCH):
                self._grow(connection, links[first : first + BATCH])

    def _tune(self) -> None:
        """Nobody else is here: whole batches are on disk or not, and what refers to what was made together."""
        wishes = SQLITE if self.is_sqlite else POSTGRES
        driver: Any = self._engine.raw_connection()
        try:
            cursor = driver.cursor()
            for wish in wishes:
                cursor.execute(wish)
            driver.commit()
        finally:
            driver.close()

    def _grow(self, connection: Connection, links: Sequence[bytes]) -> None:
        before = self._frontier.size, self._frontier.root.hex()
        nodes = [node for link in links for node in self._frontier.append(link)]
        inner = self._lines((level, place, found.hex()) for (level, place), found in nodes if level)
        self._insert(connection, "tree_node", ("level", "place", "hash"), inner)
        grown = Checkpoint(
            self._frontier.size, self._frontier.root.hex(), self._frontier.hasher.name, self._now, *before
        )
        sign(connection, self._ring, grown)

    def _placed(self, rows: Sequence[Any], start: int) -> Sequence[Any]:
        if self.is_sqlite:
            return [(*row[:-1], start + place) for place, row in enumerate(rows)]
        return [f"{row[:-2]}{start + place}" for place, row in enumerate(rows)]

    def _lines(self, rows: Iterator[tuple[Any, ...]]) -> list[Any]:
        return list(rows) if self.is_sqlite else ["\t".join(map(str, row)) for row in rows]

    def _insert(self, connection: Connection, name: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
        if not rows:
            return
        names = ", ".join(f'"{column}"' for column in columns)
        driver: Any = connection.connection.cursor()
        try:
            if self.is_sqlite:
                marks = ", ".join("?" * len(columns))
                driver.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - own names
                return
            with driver.copy(f'COPY "{name}" ({names}) FROM STDIN') as copy:
                copy.write("\n".join(rows) + "\n")
        finally:
            driver.close()

    def finish(self) -> None:
        """Let the planner know what is there now."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


EMPTY = (APPLICATION, LEAF, table("event"))
LEAF_COLUMNS = [column.name for column in LEAF.columns]
