"""How a value stands in a cell, as text that both databases take, or as JSON where a cell is sealed later."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson
from sqlalchemy import JSON, Column

from app.domain.proof import canonical

NULL: Final = "\\N"
"""Stands for no value: what PostgreSQL's COPY calls it; for SQLite it becomes None."""
CELL: Final = "\x1f"
"""Between the cells of a life."""
Encode = Callable[[Column[Any], Any], str]


def for_sqlite(column: Column[Any], value: Any) -> str:
    """The cell as SQLAlchemy would bind it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return _common(column, value)


def for_postgres(column: Column[Any], value: Any) -> str:
    """The cell as a field of COPY in text form."""
    if isinstance(value, datetime):
        return value.isoformat()
    text = _common(column, value)
    if text == NULL:
        return text
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def sealed_later(value: Any) -> str:
    """The JSON text that will be sealed; canonical, because events are bound by it too."""
    return canonical(value).decode()


def _common(column: Column[Any], value: Any) -> str:
    if isinstance(column.type, JSON):
        return orjson.dumps(value).decode()
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)
