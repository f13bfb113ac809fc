"""The tables of registers: outages shown in a demonstration, and corrections that holders have accepted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlmodel import Field, SQLModel

from app.storage.tables import table


class RegisterOutageRow(SQLModel, table=True):
    """A register that is down, for a demonstration of what then happens; gone when it is up again."""

    __tablename__ = "register_outage"

    dataset: str = Field(primary_key=True, max_length=64)
    at: datetime
    by: str = Field(max_length=80)
    reason: str | None = Field(None, sa_type=Text)


class RegisterCorrectionRow(SQLModel, table=True):
    """更正: what the holder of a register found to be so, over what the fictional register of the packs says.

    ``subject`` is the blind index of the person's number; ``value`` is kept in a JSON column, whatever its kind.
    """

    __tablename__ = "register_correction"
    __table_args__ = (Index("ix_register_correction_subject", "subject", "dataset", "id"),)

    id: str = Field(primary_key=True, max_length=32)
    subject: str = Field(max_length=64)
    dataset: str = Field(max_length=64)
    element: str = Field(max_length=64)
    value: Any = Field(sa_type=JSON)
    at: datetime
    by: str = Field(max_length=80)
    matter_id: str = Field(max_length=32)


REGISTER_OUTAGE, REGISTER_CORRECTION = (table(name) for name in ("register_outage", "register_correction"))
