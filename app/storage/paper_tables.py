"""The tables of papers and messages, declared once for SQLite and PostgreSQL.

A paper's row never changes after it was written. The message table is also the outbox: what has no ``sent_at`` waits
for a gateway, and ``claimed_until`` says until when one of them has it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, text
from sqlmodel import Field, SQLModel

from app.storage.partial_indexes import partial_index
from app.storage.tables import table

IS_UNSENT = text("sent_at IS NULL")
IS_UNREAD = text("read_at IS NULL")


class PaperRow(SQLModel, table=True):
    """文书, as served."""

    __tablename__ = "paper"

    number: str = Field(primary_key=True, max_length=64)
    application_id: str = Field(foreign_key="application.id", index=True, max_length=32)
    item: str | None = Field(None, max_length=64)
    kind: str = Field(max_length=20)
    department: str = Field(max_length=80)
    recipient: str = Field(max_length=80)
    served_at: datetime
    content: dict[str, Any] = Field(sa_type=JSON)
    digest: str = Field(max_length=64, description="SHA-256 of the content, salt included")
    verify_code: str = Field(max_length=16)


class MessageRow(SQLModel, table=True):
    """消息, and its place in the outbox."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_account", "account", "id"),
        partial_index("ix_message_unread", "account", "id", where=IS_UNREAD),
        partial_index("ix_message_outbox", "id", where=IS_UNSENT),
    )

    id: str = Field(primary_key=True, max_length=32)
    account: str = Field(max_length=80)
    application_id: str | None = Field(None, foreign_key="application.id", max_length=32)
    offer_id: str | None = Field(None, max_length=32, description="what it is about when there is no application yet")
    kind: str = Field(max_length=20)
    title_zh: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    body_zh: str = Field(sa_type=Text)
    body_en: str = Field(sa_type=Text)
    matter_id: str | None = Field(None, max_length=32, description="the matter of supervision it is about")
    papers: list[str] = Field(sa_type=JSON)
    created_at: datetime
    read_at: datetime | None = None
    sent_at: datetime | None = None
    claimed_until: datetime | None = None
    attempts: int = 0


PAPER, MESSAGE = table("paper"), table("message")
