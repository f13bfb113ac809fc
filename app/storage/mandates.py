"""Mandates ↔ rows."""

from dataclasses import fields

from sqlalchemy import select

from app.domain.mandates import Mandate
from app.storage.changes import Row
from app.storage.dataset_tables import MANDATE
from app.storage.mapping import plain, read_value
from app.storage.queries import NUL, Reader
from app.storage.sealing import Found


def mandate_row(mandate: Mandate) -> Row:
    """The row of a mandate."""
    row = {entry.name: getattr(mandate, entry.name) for entry in fields(Mandate)}
    return {**row, "bundles": list(mandate.bundles), "powers": plain(mandate.powers)}


def mandate(reader: Reader, mandate_id: str) -> Mandate | None:
    """The mandate with this id, or None."""
    if NUL in mandate_id:
        return None
    row = reader.row(select(MANDATE).where(MANDATE.c.id == mandate_id))
    return None if row is None else _read(row)


def given_by(reader: Reader, principal: str, before: str | None, limit: int) -> list[Mandate]:
    """What somebody gave, newest first, older than the one with the id ``before``."""
    query = select(MANDATE).where(MANDATE.c.principal == principal)
    query = query if before is None else query.where(MANDATE.c.id < before)
    return [_read(row) for row in reader.rows(query.order_by(MANDATE.c.id.desc()).limit(limit))]


def held_by(reader: Reader, agent: str, before: str | None, limit: int) -> list[Mandate]:
    """What somebody holds or held, newest first."""
    query = select(MANDATE).where(MANDATE.c.agent == agent)
    query = query if before is None else query.where(MANDATE.c.id < before)
    return [_read(row) for row in reader.rows(query.order_by(MANDATE.c.id.desc()).limit(limit))]


def between(reader: Reader, principal: str, agent: str) -> list[Mandate]:
    """Every mandate from one to the other that was not revoked, newest first."""
    query = select(MANDATE).where(
        MANDATE.c.principal == principal, MANDATE.c.agent == agent, MANDATE.c.revoked_at.is_(None)
    )
    return [_read(row) for row in reader.rows(query.order_by(MANDATE.c.id.desc()))]


def _read(row: Found) -> Mandate:
    found: Mandate = read_value(Mandate, dict(row))
    return found
