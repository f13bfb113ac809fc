"""Engines and migrations, the same on SQLite and PostgreSQL."""

import io

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from app.storage.database import (
    MIGRATIONS,
    DatabaseUrlError,
    alembic_config,
    is_sqlite,
    migrate,
    newest_revision,
    read_engine,
    write_engine,
)
from app.storage.tables import PACK_VERSION, metadata
from tests.storage.rows import AT


def quiet(connection: Connection) -> Config:
    """Alembic's configuration, silent."""
    config = alembic_config(connection)
    config.stdout = io.StringIO()
    return config


def tables(engine: Engine) -> set[str]:
    """The tables that are there."""
    return set(inspect(engine).get_table_names())


def indexes(url: str) -> set[str | None]:
    """Every index, seen by a fresh connection: SQLite's PRAGMA does not notice what another connection changed."""
    fresh = read_engine(url)
    found = {index["name"] for name in metadata.tables for index in inspect(fresh).get_indexes(name)}
    fresh.dispose()
    return found


def definitions(engine: Engine) -> dict[str, str]:
    """Every index that was declared, as the database writes it down."""
    kept = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    declared = {index.name for table in metadata.tables.values() for index in table.indexes}
    with engine.connect() as connection:
        rows = connection.execute(text(kept[engine.dialect.name]))
        return {name: definition for name, definition in rows if name in declared}


def differences(engine: Engine) -> list[object]:
    """What Alembic would still change."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, metadata)
        return found


def test_an_empty_database_is_brought_up_and_again_changes_nothing(empty_url: str, tableless: Engine) -> None:
    migrate(empty_url)
    assert tables(tableless) == {*metadata.tables, "alembic_version"}
    migrate(empty_url)
    assert tables(tableless) == {*metadata.tables, "alembic_version"}


def test_the_migrations_say_exactly_what_the_tables_say(empty_url: str, tableless: Engine) -> None:
    migrate(empty_url)
    assert differences(tableless) == []
    with tableless.begin() as connection:
        command.check(quiet(connection))


def test_an_index_that_is_made_again_is_of_the_same_rows(empty_url: str, tableless: Engine) -> None:
    migrate(empty_url)
    before = definitions(tableless)
    assert sum(" WHERE " in definition for definition in before.values()) > 20
    with tableless.begin() as connection:
        for table in metadata.sorted_tables:
            for index in table.indexes:
                index.drop(connection)
                index.create(connection)
    assert definitions(tableless) == before


def test_down_to_nothing_and_up_again(empty_url: str, tableless: Engine) -> None:
    migrate(empty_url)
    before = indexes(empty_url)
    with tableless.begin() as connection:
        command.downgrade(quiet(connection), "base")
    assert tables(tableless) == {"alembic_version"}
    migrate(empty_url)
    assert indexes(empty_url) == before
    assert differences(tableless) == []


def test_there_is_one_line_of_migrations() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert script.get_heads() == [newest_revision()], "a migration's file begins with its number"


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty_url: str, tableless: Engine) -> None:
    with tableless.begin() as connection:
        connection.execute(text("CREATE TABLE task (id INTEGER)"))
    with pytest.raises(Exception, match="task"):
        migrate(empty_url)
    assert tables(tableless) <= {"task", "alembic_version"}


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "postgresql://x/y", "postgresql+asyncpg://x/y"]
)
def test_a_database_the_app_cannot_use_is_refused_with_what_it_can(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match="sqlite:///"):
        is_sqlite(url)


def test_a_read_sees_what_was_committed_before_and_does_not_block_the_writer(database_url: str) -> None:
    reads, writes = read_engine(database_url), write_engine(database_url)
    with reads.connect() as looking:
        assert looking.execute(text("SELECT count(*) FROM token")).scalar() == 0
        with writes.begin() as writing:
            writing.execute(text("DELETE FROM token"))
    reads.dispose()
    writes.dispose()


def test_chinese_emoji_and_null_in_json_come_back(database_url: str) -> None:
    closure = {"名称": "开办餐饮店 😀 \u200b", "空": None, "数": [1, 1.5, True], "b": 1, "a": 2}
    reads, writes = read_engine(database_url), write_engine(database_url)
    with writes.begin() as connection:
        row = {"digest": "d", "bundle": "b", "stored_at": AT, "closure": closure}
        connection.execute(PACK_VERSION.insert(), row)
    with reads.connect() as connection:
        found = connection.execute(PACK_VERSION.select()).mappings().one()
    assert found["closure"] == closure
    assert list(found["closure"]) == list(closure), "the order of a closure's keys has meaning"
    assert found["stored_at"] == AT
    reads.dispose()
    writes.dispose()
