"""Engines: one for reads, one for writes, for SQLite and PostgreSQL alike.

On SQLite a plain ``BEGIN`` that later writes loses updates silently, so the write engine begins ``IMMEDIATE`` and the
read engine refuses to write at all.
"""

import gc
import logging
import sqlite3
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"

PATIENCE = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""What libpq is told where the URL does not say otherwise: seconds for one host to answer, seconds and tries until a
silent connection counts as dead, and milliseconds that what was sent may stay unacknowledged. The system's own
defaults are minutes to hours, in which a server that lost its power is waited for. Illustrative."""

CACHE_KIB = 16_000
"""KiB of pages that SQLite keeps at hand for one connection that reads: with a million cases its own 2,000 do not hold
one inbox. A small database takes no more than it has."""


class DatabaseUrlError(ValueError):
    """The database URL names something the app cannot use."""


def read_engine(url: str) -> Engine:
    """An engine for reads, and for nothing else: every transaction sees one snapshot.

    An aggregate is read in several statements; at PostgreSQL's default level a commit between two of them would show
    an application of one version with the tasks of the next.
    """
    snapshot = {"isolation_level": "REPEATABLE READ", "execution_options": {"postgresql_readonly": True}}
    pragmas = ["PRAGMA query_only = ON", f"PRAGMA cache_size = -{CACHE_KIB}"]
    return _engine(url, "BEGIN", pragmas, **({} if is_sqlite(url) else snapshot))


def write_engine(url: str, synchronous: str = "FULL") -> Engine:
    """The engine of the one writer."""
    pragmas = [f"PRAGMA synchronous = {synchronous}", "PRAGMA wal_autocheckpoint = 4000"]
    # what is erased is overwritten with zeros, at no cost that could be measured
    return _engine(url, "BEGIN IMMEDIATE", [*pragmas, "PRAGMA secure_delete = ON"])


def folding_engine(url: str, synchronous: str = "FULL") -> Engine:
    """An engine that adds up and removes what it added up: every transaction sees one snapshot, so nothing that others
    append meanwhile is removed unread. On SQLite whoever writes is alone anyway."""
    engine = write_engine(url, synchronous)
    return engine if is_sqlite(url) else engine.execution_options(isolation_level="REPEATABLE READ")


def scrub(engine: Engine) -> None:
    """After an erasure on SQLite: write the log back and empty it, so that no old page is left in a file of ours.

    While somebody reads, the log stays until the next time. PostgreSQL gives up old rows when it vacuums them.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:  # a full disk: what was erased is erased, the log is emptied later
        log.warning("the log of the database could not be written back: %s", error)
    finally:
        connection.close()


def is_sqlite(url: str) -> bool:
    """Whether the URL names an SQLite file. Raises :class:`DatabaseUrlError` for anything but SQLite and psycopg."""
    driver = make_url(url).drivername
    if driver in {"sqlite", "sqlite+pysqlite"}:
        if make_url(url).database in {None, "", ":memory:"}:
            raise DatabaseUrlError("an in-memory SQLite database cannot be shared: name a file, sqlite:///var/app.db")
        return True
    if driver == "postgresql+psycopg":
        return False
    raise DatabaseUrlError(f"cannot use {driver!r}: give sqlite:///file.db or postgresql+psycopg://user@host/name")


def folder_of(url: str) -> Path | None:
    """The folder of a SQLite database; None for a server."""
    return Path(make_url(url).database or "").parent if is_sqlite(url) else None


def place_of(url: str) -> str:
    """Where a database is: its file, or server and name; without who asks."""
    found = make_url(url)
    if is_sqlite(url):
        return str(Path(found.database or "").resolve())
    return f"{found.host or found.query.get('host')}:{found.port or ''}/{found.database}"


def missing_file(url: str) -> Path | None:
    """The file of a SQLite database that is not there; None where there is one, and for a server."""
    file = Path(make_url(url).database or "")
    return file if is_sqlite(url) and not file.exists() else None


def _engine(url: str, begin: str, pragmas: list[str], **options: Any) -> Engine:
    options |= {
        "hide_parameters": True,  # what people entered must not reach a log through an error
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
    }
    if not is_sqlite(url):
        return create_engine(url, pool_pre_ping=True, connect_args=_manners(make_url(url)), **options)
    Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": 30}, **options)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late to be IMMEDIATE
        for pragma in ("PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON", *pragmas):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _manners(url: URL) -> dict[str, int | None]:
    """What the driver is told beside the address. ``?prepare_threshold=none`` keeps statements from being prepared,
    for a pooler between the two that gives every transaction another connection and does not follow them."""
    found: dict[str, int | None] = {name: limit for name, limit in PATIENCE.items() if name not in url.query}
    if (threshold := url.query.get("prepare_threshold")) is None:
        return found
    if threshold != "none" and not (isinstance(threshold, str) and threshold.isdecimal()):
        raise DatabaseUrlError("prepare_threshold is a number, or none")
    return {**found, "prepare_threshold": None if threshold == "none" else int(threshold)}


def migrate(url: str) -> None:
    """Bring the schema to the newest revision; running it again changes nothing.

    A schema that is there already is recognised without Alembic, which takes longer to load than all of this.
    """
    engine = write_engine(url)
    try:
        with engine.begin() as connection:
            if _revision(connection) != newest_revision():
                from alembic import command

                command.upgrade(alembic_config(connection), "head")
                gc.collect()  # megabytes in cycles, which a server that starts would keep (main.settle)
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@cache
def newest_revision() -> str:
    """The revision this program brings a database to: the number with which the name of its last migration begins."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def alembic_config(connection: Connection) -> "Config":
    """Alembic's configuration, on an open connection; there is no alembic.ini."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
