"""Migrated databases for tests: one template of each kind, copied for whoever asks."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import make_url

from app.storage.database import migrate
from tests import postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
KINDS = (SQLITE, POSTGRESQL)
REQUIRE_ALL = "APP_TEST_REQUIRE_ALL"
"""Set to 1, a missing PostgreSQL fails the tests instead of skipping them."""


def give_up(why: str) -> NoReturn:
    """Skip the test for want of something on this machine; where everything has to run, fail it."""
    (pytest.fail if os.environ.get(REQUIRE_ALL) == "1" else pytest.skip)(why)


class Databases:
    """Makes databases of either kind. PostgreSQL is started when the first test wants it."""

    def __init__(self, folder: Path, stack: ExitStack, *, is_durable: bool = False) -> None:
        """``is_durable``: a PostgreSQL that flushes to disk, as one in earnest does."""
        self._folder, self._stack, self._is_durable = folder, stack, is_durable
        self._templates: dict[str, str] = {}
        self._server: postgres.Server | None = None
        self._why_not: str | None = None
        self._count = 0

    def empty(self, kind: str) -> str:
        """The URL of a database without tables."""
        if kind == SQLITE:
            self._count += 1
            return f"sqlite:///{self._folder / f'{self._count}.db'}"
        return self._postgres().create()

    def migrated(self, kind: str) -> str:
        """The URL of a database with every table, and nothing in it."""
        if kind not in self._templates:
            template = self.empty(kind)
            migrate(template)
            self._templates[kind] = template
        template = self._templates[kind]
        if kind == POSTGRESQL:
            return self._postgres().create(template)
        url = self.empty(kind)
        shutil.copy(_file(template), _file(url))
        return url

    def drop(self, url: str) -> None:
        """Remove a database that nobody needs any more."""
        if make_url(url).drivername.startswith(SQLITE):
            for ending in ("", "-wal", "-shm"):
                Path(f"{_file(url)}{ending}").unlink(missing_ok=True)
        else:
            self._postgres().drop(url)

    def _postgres(self) -> postgres.Server:
        if self._server is None and self._why_not is None:
            try:
                self._server = self._stack.enter_context(postgres.server(is_durable=self._is_durable))
            except postgres.NoPostgres as error:
                self._why_not = str(error)
        if self._server is None:
            give_up(f"no PostgreSQL: {self._why_not}")
        return self._server


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Databases for one session; everything is gone afterwards."""
    with ExitStack() as stack:
        yield Databases(folder, stack)
