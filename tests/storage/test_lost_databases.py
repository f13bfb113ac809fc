"""A database that does not answer: nobody waits for ever, the lane lives on, and learns when the database is back."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

from app.domain.errors import StorageAway
from app.storage.database import DatabaseUrlError, read_engine, write_engine
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from tests.databases import POSTGRESQL, SQLITE, Databases
from tests.storage.rows import one, rows_of, tokens

MANY = 2000


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """A file: what holds a write up there is another writer."""
    found = databases.migrated(SQLITE)
    yield found
    databases.drop(found)


@contextmanager
def held_up(url: str) -> Iterator[None]:
    """No write can end while this is open."""
    engine = write_engine(url)
    with engine.begin():
        yield
    engine.dispose()


def written(name: str, _: Reader) -> Outcome[str]:
    """A use case that writes one row."""
    return Outcome(name, one(name))


def test_who_waits_too_long_is_told_and_what_was_asked_for_may_still_be_written(url: str) -> None:
    store = Store(url)
    store.patience = 0.1
    store.lane.slowest = 0.05

    async def ask() -> None:
        with pytest.raises(StorageAway):
            await store.aperform(lambda reader: written("late", reader))
        assert not store.lane.is_well(MANY), "a lane that is held up is sent nobody"

    with held_up(url):
        asyncio.run(ask())
    store.perform(lambda reader: written("next", reader))
    assert tokens(store) == {"late", "next"}
    assert store.lane.is_well(MANY)
    store.close()


def test_who_goes_away_while_waiting_leaves_the_lane_alive(url: str) -> None:
    store = Store(url)

    async def ask() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(store.aperform(lambda reader: written("left", reader)), 0.1)

    with held_up(url):
        asyncio.run(ask())
    store.perform(lambda reader: written("next", reader))
    assert tokens(store) == {"left", "next"}
    store.close()


def test_a_lane_learns_that_the_database_is_back_before_anybody_is_sent_there(databases: Databases) -> None:
    url = databases.migrated(POSTGRESQL)
    name = make_url(url).database
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    store = Store(url)
    store.perform(lambda reader: written("before", reader))
    with engine.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        gone = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(gone), {"name": name})
        with pytest.raises(StorageAway):
            store.lane.commit(one("lost"))
        store.lane.try_again(5)
        assert not store.lane.is_well(MANY)
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    began = time.monotonic()
    store.lane.try_again(5)
    assert store.lane.is_well(MANY)
    assert time.monotonic() - began < 5
    assert rows_of(store, "token") == 1
    store.close()
    engine.dispose()
    databases.drop(url)


@pytest.mark.parametrize(("said", "known"), [("", 5), ("none", None), ("9", 9)])
def test_the_driver_is_told_how_long_to_wait_and_what_to_prepare(
    databases: Databases, said: str, known: int | None
) -> None:
    url = databases.empty(POSTGRESQL)
    given = {"prepare_threshold": said} if said else {}
    engine = read_engine(
        make_url(url).update_query_dict({**given, "connect_timeout": "7"}).render_as_string(hide_password=False)
    )
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.prepare_threshold == known
        told = driver.info.get_parameters()
    assert told["connect_timeout"] == "7"
    assert told["tcp_user_timeout"] == "10000"
    engine.dispose()
    databases.drop(url)


def test_a_wrong_number_of_times_is_refused() -> None:
    with pytest.raises(DatabaseUrlError, match="a number, or none"):
        read_engine("postgresql+psycopg://a@h/x?prepare_threshold=often")
