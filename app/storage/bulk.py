"""Loading many new cases at once: rows made elsewhere, written in large transactions, with their places in the tree.

Only for a database that holds no case yet and that nobody else writes to. Every row of an event becomes a leaf as the
notary would make it, under signed checkpoints of at most :data:`~app.storage.notary.BATCH` leaves. Indexes are made
when everything is there, sorted once instead of kept in order with every row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Index,
    Select,
    String,
    Table,
    column,
    false,
    func,
    literal,
    select,
    text,
    true,
    values,
)

from app.domain.merkle import Frontier
from app.domain.periods import Span, days_of, last_of_month
from app.domain.proof import Checkpoint, Hasher
from app.domain.regions import areas_of
from app.domain.tallies import WHOLE
from app.storage.database import is_sqlite, write_engine
from app.storage.keys import KeyRing
from app.storage.notary import BATCH, sign
from app.storage.proof_tables import LEAF
from app.storage.proofs import newest_checkpoint
from app.storage.sums import begun
from app.storage.tables import APPLICATION, table
from app.storage.tallies import KEYS, id_of, sums
from app.storage.tally_tables import AREA_TALLY, FACT, TALLY
from app.storage.work import uncounted

SQLITE = (
    *("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -400000"),
    *("PRAGMA wal_autocheckpoint = 20000", "PRAGMA secure_delete = OFF", "PRAGMA threads = 2"),
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
    """Writes batches of rows; every batch is one transaction, so what stopped halfway is whole. What is interrupted
    gets its indexes when the loader is closed; who kills the process is left without them, and begins anew."""

    def __init__(self, url: str, ring: KeyRing, hasher: Hasher, now: datetime, tables: Iterable[str]) -> None:
        """``tables`` are those that will be loaded. Raises :class:`NotEmpty`."""
        self.is_sqlite = is_sqlite(url)
        self._engine: Engine = write_engine(url, "NORMAL")
        self._ring, self._now, self._frontier = ring, now, Frontier(hasher)
        with self._engine.begin() as connection:
            found = [connection.execute(select(func.count()).select_from(each)).scalar_one() for each in EMPTY]
            newest = newest_checkpoint(connection)
        if any(found) or newest is None or newest.checkpoint.size:
            self._engine.dispose()
            raise NotEmpty
        self._later = [index for name in (*tables, *TREE) for index in sorted(table(name).indexes, key=_name)]
        self._tune()
        with self._engine.begin() as connection:
            uncounted(connection)
            for index in self._later:
                index.drop(connection)

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
        """Make the indexes, and let the planner know what is there now."""
        with self._engine.begin() as connection:
            for index in self._later:
                index.create(connection)
        self._later = []
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))

    def add_up(self, days: Sequence[date], months: Sequence[date]) -> None:
        """Add up days, and months of days that are among them, in the database itself: what
        :mod:`app.storage.sums` makes of them one by one, when nobody adds facts meanwhile."""
        for first in days:
            with self._engine.begin() as connection:
                _add_up_day(connection, begun(connection, Span.DAY, first), first)
        for first in months:
            with self._engine.begin() as connection:
                _add_up_month(connection, begun(connection, Span.MONTH, first), first)
        with self._engine.begin() as connection:
            _add_up_areas(connection)

    def close(self) -> None:
        """Let go of the database, with its indexes."""
        try:
            if self._later:
                self.finish()
        finally:
            self._engine.dispose()


def _add_up_day(connection: Connection, number: int, day: date) -> None:
    keys = [FACT.c[name] for name in KEYS]
    own = FACT.c.day == day
    _insert_sums(connection, TALLY, select(literal(number), false(), *keys, *sums(FACT)).where(own).group_by(*keys))
    across = literal(number), true(), FACT.c.region, literal(WHOLE), literal(WHOLE), FACT.c.bundle
    groups = FACT.c.region, FACT.c.bundle
    _insert_sums(connection, TALLY, select(*across, *sums(FACT)).where(own).group_by(*groups))
    region = FACT.c.region
    _insert_sums(
        connection, AREA_TALLY, select(literal(number), region, region, *sums(FACT)).where(own).group_by(region)
    )


def _add_up_month(connection: Connection, number: int, month: date) -> None:
    days = [id_of(Span.DAY, day) for day in days_of(month, last_of_month(month))]
    keys = [TALLY.c.is_across, *(TALLY.c[name] for name in KEYS)]
    of_days = TALLY.c.roll_up.in_(days)
    _insert_sums(connection, TALLY, select(literal(number), *keys, *sums(TALLY)).where(of_days).group_by(*keys))
    region, of_days = AREA_TALLY.c.part, AREA_TALLY.c.roll_up.in_(days)
    plain = select(literal(number), region, region, *sums(AREA_TALLY)).where(of_days).group_by(region)
    _insert_sums(connection, AREA_TALLY, plain)


def _add_up_areas(connection: Connection) -> None:
    """From what is each region's own, the sums of all areas around it."""
    own = AREA_TALLY.alias()
    regions = connection.execute(select(own.c.part).distinct()).scalars()
    pairs = [(region, area, part) for region in regions for area, part in areas_of(region) if area != part]
    if not pairs:
        return
    names = [column(name, String) for name in ("region", "area", "part")]
    inside = values(*names).data(pairs).cte("inside")
    keys = own.c.roll_up, inside.c.area, inside.c.part
    found = select(*keys, *sums(own)).join(inside, inside.c.region == own.c.part).group_by(*keys)
    _insert_sums(connection, AREA_TALLY, found)


def _insert_sums(connection: Connection, into: Table, found: Select[Any]) -> None:
    connection.execute(into.insert().from_select([column.name for column in into.columns], found))


def _name(index: Index) -> str:
    return str(index.name)


TREE = ("leaf", "tree_node")
EMPTY = (APPLICATION, LEAF, table("event"))
LEAF_COLUMNS = [column.name for column in LEAF.columns]
