"""The tables of data sharing: every look at data (append-only), and the consents of people."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from app.storage.partial_indexes import partial_index
from app.storage.tables import IS_UNSEQUENCED, table


class DataCallRow(SQLModel, table=True):
    """One request for data, granted or not; append-only, never changed.

    ``dataset`` is ``form`` for what was handed in with the application; ``subject`` is the blind index of the number of
    the person concerned, None while that person has none; ``applicant`` the account the case belongs to; ``day`` the
    date at the office, by which calls are counted.
    """

    __tablename__ = "data_call"
    __table_args__ = (
        Index("ix_data_call_applicant", "applicant", "id"),
        Index("ix_data_call_subject", "subject", "id"),
        Index("ix_data_call_application", "application_id", "id"),
        Index("ix_data_call_day", "day", "dataset", "item"),
        partial_index("ix_data_call_unsequenced", "id", where=IS_UNSEQUENCED),
        Index("ix_data_call_dataset", "dataset", "day"),
    )

    id: str = Field(primary_key=True, max_length=32)
    at: datetime
    day: date
    application_id: str | None = Field(None, max_length=32)
    bundle: str = Field(max_length=64)
    item: str = Field(max_length=64)
    region: str = Field(max_length=12)
    department: str | None = Field(None, max_length=80)
    applicant: str = Field(max_length=80)
    actor: str = Field(max_length=80)
    role: str = Field(max_length=20)
    dataset: str = Field(max_length=64)
    elements: list[str] = Field(sa_type=JSON)
    masked: list[str] = Field(sa_type=JSON)
    party: str = Field(max_length=64)
    subject: str | None = Field(None, max_length=64)
    purpose: str = Field(max_length=20)
    basis: str | None = Field(None, max_length=20)
    law_zh: str | None = Field(None, sa_type=Text)
    law_en: str | None = Field(None, sa_type=Text)
    consent_id: str | None = Field(None, max_length=32)
    result: str = Field(max_length=20)
    denial: str | None = Field(None, max_length=20)
    reason: str | None = Field(None, sa_type=Text)
    salt: str | None = Field(None, sa_type=Text, description="destroyed together with the reason")
    digest: str | None = Field(None, max_length=64, description="salted digest of the reason")
    link: str | None = Field(None, max_length=64, description="leaf of the proof tree: binds all the rest")
    position: int | None = Field(None, sa_type=BigInteger, description="its place in the tree")


class OpenCallRow(SQLModel, table=True):
    """A call that is about to leave this platform, or has left it: what ``data_call`` will say of it once its outcome
    is known. It goes when that is written. ``asked_at`` is real time, whatever a demonstration's clock says."""

    __tablename__ = "open_call"

    id: str = Field(primary_key=True, max_length=32)
    asked_at: datetime = Field(index=True)
    call: dict[str, Any] = Field(sa_type=JSON)


class ConsentRow(SQLModel, table=True):
    """单独同意. Its events stand with those of its application, whose version guards every change of it."""

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_account", "account", "id"),
        Index("ix_consent_application", "application_id", "id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    party: str = Field(max_length=64)
    subject: str = Field(max_length=64)
    account: str = Field(max_length=80)
    dataset: str = Field(max_length=64)
    elements: list[str] = Field(sa_type=JSON)
    items: list[str] = Field(sa_type=JSON)
    departments: list[str] = Field(sa_type=JSON)
    text_zh: str = Field(sa_type=Text)
    text_en: str = Field(sa_type=Text)
    digest: str = Field(sa_type=Text, description="of the words; sealed, for it could be guessed")
    asked_at: datetime
    asked_by: str = Field(max_length=80)
    until: date
    status: str = Field(max_length=20)
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None


DATA_CALL, CONSENT, OPEN_CALL = table("data_call"), table("consent"), table("open_call")
