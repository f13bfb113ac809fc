"""Outages and corrections of registers, read and made."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.storage.changes import Changes, Row
from app.storage.queries import Reader
from app.storage.register_tables import REGISTER_CORRECTION, REGISTER_OUTAGE


def outages(reader: Reader) -> dict[str, Row]:
    """dataset → the row of its outage, for every register that is down."""
    rows = reader.connection.execute(select(REGISTER_OUTAGE)).mappings()
    return {row["dataset"]: dict(row) for row in rows}


def corrections(reader: Reader, subjects: Iterable[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """(subject, dataset) → element → corrected value, for these blind indexes; the newest correction counts."""
    wanted = sorted(set(subjects))
    if not wanted:
        return {}
    table = REGISTER_CORRECTION
    query = select(table).where(table.c.subject.in_(wanted)).order_by(table.c.at, table.c.id)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in reader.rows(query):
        found.setdefault((row["subject"], row["dataset"]), {})[row["element"]] = row["value"]
    return found


def up(dataset: str) -> Changes:
    """It is up again."""
    return Changes(deletes=[("register_outage", {"dataset": dataset})])
