"""Somebody with the database in their hands, and what ``verify`` says of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text

from app.domain.tampering import Finding
from app.storage.queries import Reader
from app.usecases import verification
from app.usecases.verification import Report, Wish
from tests.doors import Doors


@dataclass
class Record:
    """A database with a history, and whoever alters it."""

    doors: Doors
    engine: Engine

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """A transaction without foreign keys that never happened."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                raw: Any = connection.connection.dbapi_connection
                raw.execute("PRAGMA foreign_keys = OFF")
            with connection.begin() as transaction:
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SET LOCAL session_replication_role = replica"))
                yield connection
                transaction.rollback()

    def verified(self, connection: Connection, **wish: Any) -> Report:
        """What verification says of the database as this transaction sees it."""
        platform = self.doors.platform
        return verification.verify(platform.context(), Reader(connection, platform.store.vault), Wish(**wish))

    def found(self, connection: Connection, **wish: Any) -> Finding:
        """The first bad row; there must be one."""
        found = self.verified(connection, **wish).finding
        assert found is not None, "nothing was noticed"
        assert found.sentence.zh
        assert found.sentence.en
        return found
