"""Databases at a revision of the schema, for tests of what a migration does to what is there."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from app.storage.database import write_engine
from tests.databases import Databases


@pytest.fixture
def empty_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A database without tables."""
    url = databases.empty(database_kind)
    yield url
    databases.drop(url)


@pytest.fixture
def tableless(empty_url: str) -> Iterator[Engine]:
    """A write engine on it."""
    found = write_engine(empty_url)
    yield found
    found.dispose()
