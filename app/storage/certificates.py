"""Certificates, their history, codes and uses: reads, and the rows that are written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, select

from app.domain.certificates import CertificateEvent
from app.storage.certificate_tables import CERTIFICATE_CODE, CERTIFICATE_EVENT, CERTIFICATE_USE
from app.storage.changes import Row
from app.storage.mapping import plain, read_value
from app.storage.queries import NUL, Reader
from app.storage.sealing import Found
from app.storage.tables import CERTIFICATE, TASK

_WITH_OFFICE = select(CERTIFICATE, TASK.c.department).join(
    TASK, and_(TASK.c.application_id == CERTIFICATE.c.application_id, TASK.c.item == CERTIFICATE.c.item)
)
ISSUED = _WITH_OFFICE.where(CERTIFICATE.c.number == bindparam("own"))
ISSUED_TO = _WITH_OFFICE.where(CERTIFICATE.c.holder == bindparam("own")).order_by(CERTIFICATE.c.issued_on.desc())

MOVES_OF = (
    select(CERTIFICATE_EVENT)
    .where(CERTIFICATE_EVENT.c.certificate == bindparam("own"))
    .order_by(CERTIFICATE_EVENT.c.seq)
)


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is kept: never the code itself. Instants are real time, whatever a demonstration's clock says."""

    hash: str
    kind: str
    certificate: str
    case_ref: str | None
    department: str | None
    material: str | None
    purpose: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a certificate: at submission, by a redeemed code, or opened at a desk."""

    id: str
    certificate: str
    kind: str
    application_id: str | None
    material: str | None
    department: str | None
    purpose: str | None
    actor: str
    role: str
    at: datetime


def event_row(event: CertificateEvent) -> Row:
    """The row of one move."""
    row = _shallow(event)
    return {**row, **{name: plain(row[name]) for name in ("kind", "role", "standing")}}


def code_row(code: Code) -> Row:
    """The row of one code."""
    return _shallow(code)


def use_row(use: Use) -> Row:
    """The row of one use."""
    return _shallow(use)


def issued_to(reader: Reader, holder: str) -> Sequence[Found]:
    """The certificates issued here to an account, newest first, each with its office (``department``)."""
    return reader.rows(ISSUED_TO, holder)


def issued(reader: Reader, number: str) -> Found | None:
    """One certificate issued here, with its office, or None."""
    if NUL in number:
        return None
    return reader.row(ISSUED, number)


def histories(reader: Reader, numbers: Iterable[str]) -> dict[str, list[CertificateEvent]]:
    """The moves of certificates that were not issued here, by number, in order. Asked for one by one: people bring one
    or two, and a list in a query is put together anew each time."""
    return {number: moves for number in numbers if (moves := _moves_of(reader, number))}


def _moves_of(reader: Reader, number: str) -> list[CertificateEvent]:
    return [read_value(CertificateEvent, dict(row)) for row in reader.rows(MOVES_OF, number)]


def code(reader: Reader, hashed: str) -> Code | None:
    """The code with this hash, or None."""
    row = reader.row(select(CERTIFICATE_CODE).where(CERTIFICATE_CODE.c.hash == hashed))
    return None if row is None else Code(**row)


def dead_codes(reader: Reader, account: str, now: datetime) -> list[str]:
    """The hashes of an account's codes whose time is over (``now`` is real time)."""
    table = CERTIFICATE_CODE
    query = select(table.c.hash).where(table.c.expires_at <= now, table.c.created_by == account)
    return [row["hash"] for row in reader.rows(query)]


def is_redeemed(reader: Reader, hashed: str) -> bool:
    """Whether the code has been used."""
    query = select(CERTIFICATE_USE.c.id).where(CERTIFICATE_USE.c.id == hashed)
    return reader.connection.execute(query).first() is not None


def uses_of(reader: Reader, number: str, limit: int = 100) -> list[Use]:
    """The newest uses of one certificate."""
    table = CERTIFICATE_USE
    query = select(table).where(table.c.certificate == number).order_by(table.c.at.desc(), table.c.id).limit(limit)
    return [Use(**row) for row in reader.rows(query)]


def _shallow(value: Any) -> Row:
    return {entry.name: getattr(value, entry.name) for entry in fields(value)}
