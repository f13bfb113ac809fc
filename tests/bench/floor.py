"""The floor of a submission: the very rows it writes, written by the bare driver in one prebuilt transaction.

A real submission is made on a database of its own, and everything the database holds is compared before and after:
what is new is inserted again and again under fresh identifiers, what changed is changed in fresh drafts. Nothing is
computed while the clock runs: no rules, no JSON, no hash, no seal. SQLite gets ``BEGIN IMMEDIATE`` and ``executemany``
with the platform's own pragmas; PostgreSQL one prepared statement that does everything in a single round trip.
"""

import json
import random
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import create_engine, inspect, make_url

from app.storage.tables import metadata
from app.usecases.platform import open_platform
from app.usecases.play import Play
from tests.bench.machines import cpu_of, in_process
from tests.bench.sums import Said
from tests.bench.wire import Ran

Row = dict[str, Any]
Content = dict[str, dict[tuple[Any, ...], Row]]
"""table → primary key → row."""
LEAST_DIGITS: Final = 6
"""What an identifier must hold of digits and hex letters to be told from a word, and to be made afresh."""
LONG, ORDERED = 28, 10
"""Identifiers of at least so many letters keep their first ones."""
PRAGMAS: Final = ("journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL", "wal_autocheckpoint = 4000")
BYTES: Final = "\x00bytes:"


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the rows between two moments; ``changed`` holds only the columns that differ."""

    new: Mapping[str, list[Row]]
    changed: list[tuple[str, Row, Row]]
    gone: list[tuple[str, Row]]

    @property
    def rows(self) -> int:
        """How many rows were touched."""
        return sum(map(len, self.new.values())) + len(self.changed) + len(self.gone)


@dataclass(frozen=True, slots=True)
class Captured:
    """The rows of a draft, what its submission did to them, and the identifiers that are its own."""

    draft: Difference
    submission: Difference
    own: frozenset[str]

    @property
    def size(self) -> int:
        """Characters of what the submission wrote, as JSON."""
        return len(json.dumps([dict(self.submission.new), self.submission.changed], default=str))


def captured(folder: Path, url: str, story: str) -> Captured:
    """Make a draft of the story and submit it; what both left in the database."""
    platform = open_platform(in_process(folder, url))
    try:
        now = platform.context().at
        play = Play.of(platform, story, now)
        first = play.create(now, key="a-first-one-to-warm-up")
        play.submit(first.id, now)
        empty = content(url)
        made = play.create(now, key="f3a9c07e-draft-5518-90ab")
        drafted = content(url)
        play.submit(made.id, now, key="0b7e4d21-submit-8846-13cd")
        done = content(url)
    finally:
        platform.close()
    draft, submission = difference(url, empty, drafted), difference(url, drafted, done)
    return Captured(draft, submission, own_identifiers(url, empty, draft, submission))


def content(url: str) -> Content:
    """Every row there is, as the driver gives it (SQLite) or as JSON (PostgreSQL)."""
    found: Content = {}
    keys = primary_keys(url)
    with _connected(url) as ask:
        for table, columns in keys.items():
            is_sqlite = isinstance(ask, sqlite3.Connection)
            sql = f'SELECT * FROM "{table}"' if is_sqlite else f'SELECT row_to_json(t) FROM "{table}" t'  # noqa: S608
            rows = [dict(row) if is_sqlite else row[0] for row in ask.execute(sql)]
            found[table] = {tuple(map(str, (row[column] for column in columns))): _plain(row) for row in rows}
    return found


def primary_keys(url: str) -> dict[str, list[str]]:
    """table → the columns of its primary key, every table before those that refer to it."""
    engine = create_engine(url)
    try:
        return {
            table.name: inspect(engine).get_pk_constraint(table.name)["constrained_columns"]
            for table in metadata.sorted_tables
            if inspect(engine).has_table(table.name)
        }
    finally:
        engine.dispose()


def _connected(url: str) -> Any:
    parts = make_url(url)
    if not parts.drivername.startswith("sqlite"):
        return psycopg.connect(_conninfo(url), autocommit=True)
    connection = sqlite3.connect(parts.database or "", isolation_level=None, check_same_thread=False, timeout=30)
    connection.row_factory = sqlite3.Row
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _conninfo(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _plain(row: Row) -> Row:
    return {name: BYTES + value.hex() if isinstance(value, bytes) else value for name, value in row.items()}


def difference(url: str, before: Content, after: Content) -> Difference:
    """What became of the rows."""
    keys = primary_keys(url)
    new: dict[str, list[Row]] = {}
    changed: list[tuple[str, Row, Row]] = []
    gone: list[tuple[str, Row]] = []
    for table, rows in after.items():
        for key, row in rows.items():
            old = before[table].get(key)
            where = {column: row[column] for column in keys[table]}
            if old is None:
                new.setdefault(table, []).append(row)
            elif old != row:
                changed.append((table, where, {name: value for name, value in row.items() if value != old[name]}))
        for key, row in before[table].items():
            if key not in rows:
                gone.append((table, {column: row[column] for column in keys[table]}))
    return Difference(new, changed, gone)


def own_identifiers(url: str, empty: Content, *parts: Difference) -> frozenset[str]:
    """Values of keys and unique columns of the new rows that stand nowhere in the database before."""
    engine = create_engine(url)
    inspector = inspect(engine)
    old = json.dumps([list(rows.values()) for rows in empty.values()], default=str)
    found = set()
    for part in parts:
        touched = [*part.new.items(), *((table, [values]) for table, _, values in part.changed)]
        for table, rows in touched:
            unique = {
                name for index in inspector.get_indexes(table) if index["unique"] for name in index["column_names"]
            }
            unique |= {name for rule in inspector.get_unique_constraints(table) for name in rule["column_names"]}
            unique |= set(inspector.get_pk_constraint(table)["constrained_columns"])
            found |= {row[name] for row in rows for name in unique if isinstance(row.get(name), str)}
    engine.dispose()
    own = {value for value in found if len(_DIGITS.findall(value)) >= LEAST_DIGITS and value not in old}
    return frozenset(value for value in own if not any(other in value for other in own - {value}))


_DIGITS: Final = re.compile("[0-9a-f]")


class Copies:
    """The captured rows under fresh identifiers, as often as wanted."""

    def __init__(self, told: Captured, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - identifiers of a test
        self._text = json.dumps([vars_of(told.draft), vars_of(told.submission)], ensure_ascii=False, default=str)
        self._own = sorted(told.own, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, self._own)))

    def next(self) -> tuple[Difference, Difference]:
        """The draft and the submission of one more application."""
        fresh = {name: self._like(name) for name in self._own}
        text = self._pattern.sub(lambda found: fresh[found[0]], self._text)
        draft, submission = (Difference(part["new"], part["changed"], part["gone"]) for part in json.loads(text))
        return draft, submission

    def _like(self, name: str) -> str:
        kept = ORDERED if len(name) >= LONG else 0  # ids of ours begin with the time: new ones come after old ones
        return name[:kept] + "".join(map(self._drawn, name[kept:]))

    def _drawn(self, letter: str) -> str:
        if letter.isascii() and letter.isdigit():
            return str(self._dice.randrange(10))
        return self._dice.choice("abcdef") if letter in "abcdef" else letter


def vars_of(part: Difference) -> dict[str, Any]:
    """The parts by name."""
    return {"new": dict(part.new), "changed": part.changed, "gone": part.gone}


Transaction = Callable[[Any], None]
"""Writes one prebuilt submission on an open connection."""


class Floor:
    """The floor of one database: prepares drafts, then writes submissions as fast as the driver can."""

    def __init__(self, url: str, told: Captured, order: Sequence[str], seed: int = 1) -> None:
        """``order``: tables in the order in which rows may be inserted."""
        self.url, self.told, self._copies, self._order = url, told, Copies(told, seed), list(order)
        self._prepare = sqlite_transaction if url.startswith("sqlite") else postgres_transaction
        self._serials = set(serial_columns(url))
        self._connections: list[Any] = []

    def run(self, pieces: int, connections: int = 1, database: int | None = None) -> tuple[Ran, float]:
        """So many submissions over so many connections, each by a thread of its own; and the processor seconds that
        the process of the database used meanwhile, when one is named."""
        while len(self._connections) < connections:
            self._connections.append(_connected(self.url))
        built = [self._ready() for _ in range(pieces)]
        shares = [built[place::connections] for place in range(connections)]
        threads = [
            threading.Thread(target=_write, args=(connection, share))
            for connection, share in zip(self._connections, shares, strict=False)
        ]
        began, before = time.perf_counter(), time.process_time()
        spent = cpu_of(database) if database else 0.0
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ran = Ran(pieces, time.perf_counter() - began, time.process_time() - before)
        return ran, (cpu_of(database) if database else 0.0) - spent

    def _ready(self) -> Transaction:
        draft, submission = self._copies.next()
        self._prepare(draft, self._order, self._serials)(self._connections[0])
        return self._prepare(submission, self._order, self._serials)

    def close(self) -> None:
        """Let go of the database."""
        for connection in self._connections:
            connection.close()


def _write(connection: Any, share: Iterable[Transaction]) -> None:
    for transaction in share:
        transaction(connection)


def serial_columns(url: str) -> list[tuple[str, str]]:
    """(table, column) of whatever the database counts up by itself."""
    return [
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.primary_key.columns
        if len(table.primary_key.columns) == 1 and column.type.python_type is int and not column.foreign_keys
    ]


def _parts(part: Difference, order: list[str], serials: set[tuple[str, str]]) -> list[tuple[str, list[str], list[Row]]]:
    found = []
    for table in order:
        rows = part.new.get(table)
        if rows:
            columns = [name for name in rows[0] if (table, name) not in serials]
            found.append((table, columns, rows))
    return found


def sqlite_transaction(part: Difference, order: list[str], serials: set[tuple[str, str]]) -> Transaction:
    """Everything ready for ``executemany``."""
    inserts = []
    for table, columns, rows in _parts(part, order, serials):
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" for _ in columns)
        sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own tables
        inserts.append((sql, [tuple(_bound(row[name]) for name in columns) for row in rows]))
    updates = []
    for table, key, values in part.changed:
        sets, where = ", ".join(f'"{name}" = ?' for name in values), " AND ".join(f'"{name}" = ?' for name in key)
        sql = f'UPDATE "{table}" SET {sets} WHERE {where}'  # noqa: S608
        updates.append((sql, tuple(map(_bound, (*values.values(), *key.values())))))
    for table, key in part.gone:
        where = " AND ".join(f'"{name}" = ?' for name in key)
        updates.append((f'DELETE FROM "{table}" WHERE {where}', tuple(map(_bound, key.values()))))  # noqa: S608

    def write(connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for sql, rows in inserts:
            connection.executemany(sql, rows)
        for sql, values in updates:
            connection.execute(sql, values)
        connection.execute("COMMIT")

    return write


def _bound(value: Any) -> Any:
    return bytes.fromhex(value[len(BYTES) :]) if isinstance(value, str) and value.startswith(BYTES) else value


def postgres_transaction(part: Difference, order: list[str], serials: set[tuple[str, str]]) -> Transaction:
    """One statement for everything, with the rows of each table as one JSON text."""
    steps, values = [], []
    for table, columns, rows in _parts(part, order, serials):
        names = ", ".join(f'"{name}"' for name in columns)
        rest = f'SELECT {names} FROM json_populate_recordset(null::"{table}", %s)'  # noqa: S608
        steps.append(f'INSERT INTO "{table}" ({names}) {rest}')
        values.append(json.dumps([{name: row[name] for name in columns} for row in rows], ensure_ascii=False))
    for table, key, new in part.changed:
        sets = ", ".join(f'"{name}" = r."{name}"' for name in new)
        where = " AND ".join(f't."{name}" = r."{name}"' for name in key)
        record = f'json_populate_record(null::"{table}", %s) r'
        steps.append(f'UPDATE "{table}" t SET {sets} FROM {record} WHERE {where}')  # noqa: S608
        values.append(json.dumps({**key, **new}, ensure_ascii=False))
    for table, key in part.gone:
        where = " AND ".join(f't."{name}" = r."{name}"' for name in key)
        record = f'json_populate_record(null::"{table}", %s) r'
        steps.append(f'DELETE FROM "{table}" t USING {record} WHERE {where}')  # noqa: S608
        values.append(json.dumps(key, ensure_ascii=False))
    named = ", ".join(f"s{place} AS ({step} RETURNING 1)" for place, step in enumerate(steps))
    sql, bound = f"WITH {named} SELECT 1", tuple(values)

    def write(connection: psycopg.Connection[Any]) -> None:
        connection.execute(sql, bound, prepare=True)  # type: ignore[call-overload]

    return write


def what(told: Captured) -> list[Row]:
    """The rows of a submission by table, for the report."""
    found = [{"table": table, "new": len(rows), "changed": 0} for table, rows in told.submission.new.items()]
    for table, _, values in told.submission.changed:
        found.append({"table": table, "new": 0, "changed": 1, "columns": len(values)})
    return found


WHAT: Final = {
    "table": Said("表", "table"),
    "new": Said("新增行", "rows inserted"),
    "changed": Said("更新行", "rows updated"),
    "columns": Said("更新列", "columns updated"),
}
