"""Calls that are about to leave this platform ↔ rows: written before, taken away with the row that says what came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.storage.changes import Changes, Row
from app.storage.mapping import plain
from app.storage.queries import Reader
from app.storage.sharing_tables import OPEN_CALL
from app.storage.tables import APPLICATION


@dataclass(frozen=True, slots=True)
class OpenCall:
    """One call without an outcome, as the row of ``data_call`` that says so."""

    id: str
    call: Row


def opened(calls: Iterable[OpenCall], asked_at: datetime) -> Changes:
    """The rows of calls that are about to be made; ``asked_at`` is real time."""
    rows = [{"id": one.id, "asked_at": asked_at, "call": plain(one.call)} for one in calls]
    return Changes().also(OPEN_CALL.name, *rows)


def closed(changes: Changes, ids: Iterable[str]) -> Changes:
    """The changes with these calls open no more."""
    return changes.together(Changes(deletes=[(OPEN_CALL.name, {"id": own}) for own in ids]))


def left_open(reader: Reader, before: datetime, limit: int) -> list[OpenCall]:
    """The oldest calls asked before that instant (real time) of which nothing is known."""
    query = select(OPEN_CALL).where(OPEN_CALL.c.asked_at < before).order_by(OPEN_CALL.c.asked_at).limit(limit)
    return [OpenCall(row["id"], _call(reader, row["call"])) for row in reader.rows(query)]


def _call(reader: Reader, stored: Mapping[str, Any]) -> Row:
    """The row; an application that never came about is not named."""
    wanted = stored["application_id"]
    query = select(APPLICATION.c.id).where(APPLICATION.c.id == wanted)
    known = None if wanted is None else reader.connection.execute(query).scalar()
    at, day = datetime.fromisoformat(stored["at"]), date.fromisoformat(stored["day"])
    return {**stored, "at": at, "day": day, "application_id": known}
