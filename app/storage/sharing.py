"""Consents and looks at data ↔ rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from app.domain.consents import Consent
from app.domain.vocabulary import Text
from app.storage.changes import Row
from app.storage.mapping import read_value
from app.storage.queries import NUL, Reader
from app.storage.sealing import Found
from app.storage.sharing_tables import CONSENT, DATA_CALL
from app.storage.tables import APPLICATION

CONSENT_COLUMNS = frozenset(column.name for column in CONSENT.columns)


def consent_row(consent: Consent) -> Row:
    """The row of a consent."""
    own = {name: getattr(consent, name) for name in Consent.__slots__ if name in CONSENT_COLUMNS}
    lists = {name: list(own[name]) for name in ("elements", "items", "departments")}
    texts = {"text_zh": consent.text.zh, "text_en": consent.text.en}
    return {**own, **lists, **texts, "status": consent.status.value}


def consent(reader: Reader, consent_id: str) -> Consent | None:
    """The consent with this id, or None."""
    if NUL in consent_id:
        return None
    row = reader.row(select(CONSENT).where(CONSENT.c.id == consent_id))
    return None if row is None else _consent(row)


def consents_about(reader: Reader, application_id: str) -> list[Consent]:
    """Every consent of one application, newest first."""
    query = select(CONSENT).where(CONSENT.c.application_id == application_id).order_by(CONSENT.c.id.desc())
    return [_consent(row) for row in reader.rows(query)]


def consents_of(reader: Reader, account: str, before: str | None, limit: int) -> Sequence[Consent]:
    """The consents somebody is or was asked for, newest first, older than the one with the id ``before``."""
    query = select(CONSENT).where(CONSENT.c.account == account)
    if before is not None:
        query = query.where(CONSENT.c.id < before)
    return [_consent(row) for row in reader.rows(query.order_by(CONSENT.c.id.desc()).limit(limit))]


def _consent(row: Found) -> Consent:
    own = {name: row[name] for name in Consent.__slots__ if name in row}
    found: Consent = read_value(Consent, {**own, "text": Text(row["text_zh"], row["text_en"])})
    return found


@dataclass(frozen=True, slots=True)
class LooksWanted:
    """Which looks somebody wants to see; None: any."""

    application: str | None = None
    department: str | None = None
    dataset: str | None = None
    purpose: str | None = None
    result: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    skips_refused: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One row of the ledger as it is read."""

    id: str
    at: datetime
    application_id: str | None
    bundle: str
    item: str
    region: str
    department: str | None
    applicant: str
    actor: str
    role: str
    dataset: str
    elements: tuple[str, ...]
    masked: tuple[str, ...]
    party: str
    subject: str | None
    purpose: str
    basis: str | None
    law_zh: str | None
    law_en: str | None
    consent_id: str | None
    result: str
    denial: str | None
    reason: str | None


def looks_of(
    reader: Reader, applicant: str, subject: str, wanted: LooksWanted, before: str | None, limit: int
) -> list[Look]:
    """Looks at the cases of an account and at the data of a person, newest first, older than the id ``before``.

    Two short reads, each along an index of its own, put together here.
    """
    found: dict[str, Look] = {}
    for mine in (DATA_CALL.c.applicant == applicant, DATA_CALL.c.subject == subject):
        query = _wanted(select(DATA_CALL).where(mine), wanted)
        if before is not None:
            query = query.where(DATA_CALL.c.id < before)
        found |= {row["id"]: _look(row) for row in reader.rows(query.order_by(DATA_CALL.c.id.desc()).limit(limit))}
    return sorted(found.values(), key=lambda look: look.id, reverse=True)[:limit]


def count_looks(reader: Reader, applicant: str, subject: str, wanted: LooksWanted) -> int:
    """How many looks there are at the cases of an account or at the data of a person."""
    mine = or_(DATA_CALL.c.applicant == applicant, DATA_CALL.c.subject == subject)
    query = _wanted(select(func.count(DATA_CALL.c.id)).where(mine), wanted)
    found: int = reader.connection.execute(query).scalar_one()
    return found


def references_of(reader: Reader, looks: Iterable[Look]) -> dict[str, str]:
    """办件编号 of the applications that were looked at, as far as they have one."""
    ids = {look.application_id for look in looks if look.application_id is not None}
    query = select(APPLICATION.c.id, APPLICATION.c.reference).where(APPLICATION.c.id.in_(sorted(ids)))
    found = reader.connection.execute(query).all() if ids else []
    return {row.id: row.reference for row in found if row.reference is not None}


def look(reader: Reader, look_id: str) -> Look | None:
    """The look with this id, or None."""
    if NUL in look_id:
        return None
    row = reader.row(select(DATA_CALL).where(DATA_CALL.c.id == look_id))
    return None if row is None else _look(row)


def _wanted(query: Select[Any], wanted: LooksWanted) -> Select[Any]:
    columns = {
        DATA_CALL.c.application_id: wanted.application,
        DATA_CALL.c.department: wanted.department,
        DATA_CALL.c.dataset: wanted.dataset,
        DATA_CALL.c.purpose: wanted.purpose,
        DATA_CALL.c.result: wanted.result,
    }
    query = query.where(*(column == value for column, value in columns.items() if value is not None))
    if wanted.since is not None:
        query = query.where(DATA_CALL.c.at >= wanted.since)
    if wanted.skips_refused:
        query = query.where(DATA_CALL.c.result != "denied")
    return query if wanted.until is None else query.where(DATA_CALL.c.at < wanted.until)


def _look(row: Found) -> Look:
    own = {name: row[name] for name in Look.__slots__}
    return Look(**{**own, "elements": tuple(row["elements"]), "masked": tuple(row["masked"])})
