"""The table of offers made without an application (免申即享), declared once for SQLite and PostgreSQL."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlmodel import Field, SQLModel

from app.storage.tables import table


class OfferRow(SQLModel, table=True):
    """免申即享: what was found for one person, once for each thing. It names elements of data, never their values."""

    __tablename__ = "offer"
    __table_args__ = (Index("ix_offer_account", "account", "id"), Index("ix_offer_expires", "expires_on", "id"))

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=200, unique=True, description="person, bundle, item and occasion: never offered twice")
    account: str = Field(max_length=80)
    bundle: str = Field(max_length=64)
    item: str = Field(max_length=64)
    region: str = Field(max_length=12)
    status: str = Field(max_length=20)
    found: list[dict[str, Any]] = Field(sa_type=JSON)
    found_at: datetime
    expires_on: date
    settled_at: datetime | None = None
    settled_by: str | None = Field(None, max_length=80)
    reason: str | None = Field(None, sa_type=Text)
    application_id: str | None = Field(None, max_length=32)
    version: int


OFFER = table("offer")
