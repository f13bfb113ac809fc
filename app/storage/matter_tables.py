"""The tables of supervision and of 好差评. A matter is the fold of its event rows, like an application."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, text
from sqlmodel import Field, SQLModel

from app.storage.partial_indexes import partial_index
from app.storage.tables import table

IS_OPEN = text("closed_at IS NULL")
"""Open matters are found through this literal, like open tasks."""
COUNTS = text("annulled_at IS NULL")


class MatterRow(SQLModel, table=True):
    """督办事项."""

    __tablename__ = "matter"
    __table_args__ = (
        Index("ix_matter_owner", "owner", "due_on", "id"),
        Index("ix_matter_region", "region", "due_on", "id"),
        partial_index("ix_matter_open", "due_on", "id", where=IS_OPEN),
        partial_index("ix_matter_region_open", "region", "due_on", "id", where=IS_OPEN),
        Index("ix_matter_application", "application_id"),
        Index("ix_matter_cause", "cause"),
    )

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=120, unique=True)
    kind: str = Field(max_length=20)
    because: str = Field(max_length=20)
    application_id: str | None = Field(None, foreign_key="application.id", max_length=32)
    reference: str | None = Field(None, max_length=40)
    item: str | None = Field(None, max_length=64)
    region: str = Field(max_length=12)
    opened_by: str = Field(max_length=80)
    opened_at: datetime
    opened_on: date
    text: str | None = Field(None, sa_type=Text)
    cause: str | None = Field(None, max_length=32)
    rating_id: str | None = Field(None, max_length=32)
    hides_case: bool
    status: str = Field(max_length=20)
    owner: str = Field(max_length=80)
    due_on: date
    assigned_on: date | None = None
    verified_at: datetime | None = None
    finding: str | None = Field(None, max_length=20)
    asked_days: int | None = None
    extended_days: int
    reply: str | None = Field(None, sa_type=Text)
    replied_at: datetime | None = None
    evidence: list[dict[str, Any]] = Field(sa_type=JSON)
    is_satisfied: bool | None = None
    rounds: int
    appeal_to: str | None = Field(None, max_length=80)
    is_appeal_decided: bool
    conclusion: str | None = Field(None, max_length=20)
    closed_at: datetime | None = None
    version: int
    event_count: int


class MatterEventRow(SQLModel, table=True):
    """What happened to a matter; append-only."""

    __tablename__ = "matter_event"

    matter_id: str = Field(primary_key=True, foreign_key="matter.id", max_length=32)
    seq: int = Field(primary_key=True)
    kind: str = Field(max_length=32)
    at: datetime
    actor: str = Field(max_length=80)
    role: str = Field(max_length=20)
    office: str | None = Field(None, max_length=80)
    start: str = Field(max_length=20)
    end: str = Field(max_length=20)
    why: str | None = Field(None, sa_type=Text)
    changes: dict[str, Any] = Field(sa_type=JSON)


class RatingRow(SQLModel, table=True):
    """好差评. ``created_by`` is kept against abuse and shown to nobody but the rater."""

    __tablename__ = "rating"
    __table_args__ = (
        Index("ix_rating_department", "department", "month", "id"),
        partial_index("ix_rating_levels", "department", "level", where=COUNTS),
        Index("ix_rating_application", "application_id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=120, unique=True, description="application, item or *, and stage: one rating each")
    application_id: str = Field(foreign_key="application.id", max_length=32)
    bundle: str = Field(max_length=64)
    item: str | None = Field(None, max_length=64)
    department: str = Field(max_length=80)
    region: str = Field(max_length=12)
    stage: str = Field(max_length=20)
    level: str = Field(max_length=20)
    tags: list[str] = Field(sa_type=JSON)
    text: str | None = Field(None, sa_type=Text)
    created_at: datetime
    created_by: str = Field(max_length=80)
    rated_on: date = Field(index=True)
    month: str = Field(max_length=7)
    addition: str | None = Field(None, sa_type=Text)
    added_at: datetime | None = None
    rerated: str | None = Field(None, max_length=20)
    rerated_at: datetime | None = None
    annulled_at: datetime | None = None


MATTER, MATTER_EVENT, RATING = (table(name) for name in ("matter", "matter_event", "rating"))
