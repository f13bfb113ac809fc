"""The tables of certificates beside the certificates themselves: history, codes, uses."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.storage.tables import table


class CertificateEventRow(SQLModel, table=True):
    """One move of a certificate that was not issued here; append-only. The others have theirs among the events of
    their case."""

    __tablename__ = "certificate_event"

    certificate: str = Field(primary_key=True, max_length=64)
    seq: int = Field(primary_key=True)
    kind: str = Field(max_length=20)
    at: datetime
    actor: str = Field(max_length=80)
    role: str = Field(max_length=20)
    why: str | None = Field(None, sa_type=Text)
    standing: str = Field(max_length=20)


class CertificateCodeRow(SQLModel, table=True):
    """A code that shows a certificate (亮证码) or lets it be used once (用证码); only its keyed hash is kept.

    ``case_ref`` is what the holder said: the id or the reference of an application, or None for a department's purpose.
    """

    __tablename__ = "certificate_code"

    hash: str = Field(primary_key=True, max_length=64)
    kind: str = Field(max_length=10)
    certificate: str = Field(max_length=64)
    case_ref: str | None = Field(None, max_length=60)
    department: str | None = Field(None, max_length=80)
    material: str | None = Field(None, max_length=64)
    purpose: str | None = Field(None, sa_type=Text)
    created_by: str = Field(max_length=80)
    created_at: datetime
    expires_at: datetime = Field(index=True)


class CertificateUseRow(SQLModel, table=True):
    """One use of a certificate; append-only. The id of a redeemed code is its hash, so it is redeemed once."""

    __tablename__ = "certificate_use"
    __table_args__ = (Index("ix_certificate_use_certificate", "certificate", "at"),)

    id: str = Field(primary_key=True, max_length=64)
    certificate: str = Field(max_length=64)
    kind: str = Field(max_length=20)
    application_id: str | None = Field(None, max_length=32)
    material: str | None = Field(None, max_length=64)
    department: str | None = Field(None, max_length=80)
    purpose: str | None = Field(None, sa_type=Text)
    actor: str = Field(max_length=80)
    role: str = Field(max_length=20)
    at: datetime


CERTIFICATE_EVENT, CERTIFICATE_CODE, CERTIFICATE_USE = (
    table(name) for name in ("certificate_event", "certificate_code", "certificate_use")
)
