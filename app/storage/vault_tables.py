"""The tables of the vault: wrapped keys, tombstones, and which application uses which uploaded file."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field, SQLModel

from app.storage.partial_indexes import partial_index
from app.storage.tables import table

IS_RELEASED = text("released_at IS NOT NULL")


class DataKeyRow(SQLModel, table=True):
    """The key that seals what one owner (an application, say) has; without ``wrapped`` nobody opens it ever again."""

    __tablename__ = "data_key"
    __table_args__ = (Index("ix_data_key_key_id", "key_id", "owner"),)

    owner: str = Field(primary_key=True, max_length=80)
    key_id: str = Field(max_length=20, description="which key of the ring wraps it")
    wrapped: str | None = Field(None, sa_type=Text)
    created_at: datetime
    erased_at: datetime | None = None


class ErasureRow(SQLModel, table=True):
    """A tombstone: whose personal information was erased, when, by whom, and under which law."""

    __tablename__ = "erasure"

    application_id: str = Field(primary_key=True, foreign_key="application.id", max_length=32)
    at: datetime
    actor: str = Field(max_length=80)
    role: str = Field(max_length=20)
    ground: str = Field(max_length=20)
    law_zh: str = Field(sa_type=Text)
    law_en: str = Field(sa_type=Text)


class FileUseRow(SQLModel, table=True):
    """One event by which an application refers to an uploaded file, by the SHA-256 the file is kept under.

    ``released_at`` says since when it does no more; the file goes once nobody uses it.
    """

    __tablename__ = "file_use"
    __table_args__ = (
        Index("ix_file_use_digest", "digest"),
        partial_index("ix_file_use_released", "digest", where=IS_RELEASED),
    )

    application_id: str = Field(primary_key=True, max_length=32)
    seq: int = Field(primary_key=True, description="number of the event that handed it in")
    digest: str = Field(max_length=64)
    released_at: datetime | None = None


DATA_KEY, ERASURE, FILE_USE = (table(name) for name in ("data_key", "erasure", "file_use"))
