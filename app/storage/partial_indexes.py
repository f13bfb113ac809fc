"""Indexes of some rows only, declared without naming a database.

SQLAlchemy has one argument for the condition for each database, and to give it loads the dialect of that database:
PostgreSQL's takes two megabytes, which a process on SQLite would hold for nothing. So the condition is noted on the
index, and becomes the argument of the one database at hand when the index is made or a migration is drawn up.
"""

from typing import Final

from sqlalchemy import Connection, Index, MetaData, TextClause, event

_WHERE: Final = "where"


def partial_index(name: str, *columns: str, where: TextClause) -> Index:
    """An index of the rows for which ``where`` is true."""
    return Index(name, *columns, info={_WHERE: where})


def name_conditions(metadata: MetaData, dialect: str) -> None:
    """Let every partial index state its condition as ``dialect`` (``sqlite``, ``postgresql``) takes it, for whoever
    writes it down without making it."""
    for table in metadata.tables.values():
        for index in table.indexes:
            _name_condition(index, dialect)


def _name_condition(index: Index, dialect: str) -> None:
    if (where := index.info.get(_WHERE)) is not None:
        index.dialect_kwargs[f"{dialect}_{_WHERE}"] = where


@event.listens_for(Index, "before_create")
def _before_create(index: Index, connection: Connection, **_: object) -> None:
    _name_condition(index, connection.dialect.name)
