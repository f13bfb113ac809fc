"""The tables of the catalogue of data: requests for datasets, what was approved, alarms, and mandates."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, text
from sqlmodel import Field, SQLModel

from app.storage.partial_indexes import partial_index
from app.storage.tables import table

IS_OPEN = text("completed_at IS NULL")
"""Lines that wait for an answer or are in force; found through this literal, like open tasks."""


class DataRequestRow(SQLModel, table=True):
    """一揽子申请: one item's owner asks for several datasets at once. What becomes of it is its lines'."""

    __tablename__ = "data_request"
    __table_args__ = (Index("ix_data_request_department", "department", "id"),)

    id: str = Field(primary_key=True, max_length=32)
    item: str = Field(max_length=64)
    region: str = Field(max_length=12)
    department: str = Field(max_length=80)
    purpose: str = Field(sa_type=Text)
    asked_by: str = Field(max_length=80)
    asked_at: datetime


class DataLineRow(SQLModel, table=True):
    """One dataset of a request, or an approval of the packs that its holder has suspended; the fold of its events."""

    __tablename__ = "data_line"
    __table_args__ = (
        Index("ix_data_line_request", "request_id"),
        Index("ix_data_line_holder", "holder", "id"),
        partial_index("ix_data_line_subject", "item", "dataset", where=IS_OPEN),
        partial_index("ix_data_line_dataset", "dataset", "id", where=IS_OPEN),
        partial_index("ix_data_line_until", "until", where=IS_OPEN),
    )

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=200, unique=True)
    request_id: str | None = Field(None, foreign_key="data_request.id", max_length=32)
    item: str = Field(max_length=64)
    dataset: str = Field(max_length=64)
    region: str = Field(max_length=12)
    department: str = Field(max_length=80)
    holder: str = Field(max_length=80)
    asked_at: datetime
    asked_elements: list[str] = Field(sa_type=JSON)
    asked_per_day: int
    asked_until: date | None = None
    due_on: date
    status: str = Field(max_length=20)
    elements: list[str] | None = Field(None, sa_type=JSON)
    per_day: int | None = None
    until: date | None = None
    reference: str | None = Field(None, max_length=80)
    reason: str | None = Field(None, sa_type=Text)
    decided_at: datetime | None = None
    decided_on: date | None = None
    completed_at: datetime | None = None
    version: int
    event_count: int


class DataLineEventRow(SQLModel, table=True):
    """What happened to a line; append-only."""

    __tablename__ = "data_line_event"

    line_id: str = Field(primary_key=True, foreign_key="data_line.id", max_length=32)
    seq: int = Field(primary_key=True)
    kind: str = Field(max_length=20)
    at: datetime
    actor: str = Field(max_length=80)
    role: str = Field(max_length=20)
    office: str | None = Field(None, max_length=80)
    start: str = Field(max_length=20)
    end: str = Field(max_length=20)
    why: str | None = Field(None, sa_type=Text)
    changes: dict[str, Any] = Field(sa_type=JSON)


class DataAlarmRow(SQLModel, table=True):
    """An unusual use of data, with the matter that it opened. No person of whom data were had stands here."""

    __tablename__ = "data_alarm"
    __table_args__ = (Index("ix_data_alarm_region", "region", "id"),)

    id: str = Field(primary_key=True, max_length=32)
    key: str = Field(max_length=200, unique=True)
    kind: str = Field(max_length=20)
    day: date
    region: str = Field(max_length=12)
    department: str = Field(max_length=80)
    actor: str | None = Field(None, max_length=80)
    dataset: str | None = Field(None, max_length=64)
    count: int
    usual: int | None = None
    matter_id: str = Field(foreign_key="matter.id", max_length=32)
    raised_at: datetime


class MandateRow(SQLModel, table=True):
    """委托: what one person may do for another, or for a company, and until when."""

    __tablename__ = "mandate"
    __table_args__ = (
        Index("ix_mandate_principal", "principal", "id"),
        Index("ix_mandate_agent", "agent", "id"),
    )

    id: str = Field(primary_key=True, max_length=32)
    principal: str = Field(max_length=80)
    agent: str = Field(max_length=80)
    company: str | None = Field(None, max_length=18)
    bundles: list[str] = Field(sa_type=JSON)
    powers: list[str] = Field(sa_type=JSON)
    since: date
    until: date
    given_at: datetime
    revoked_at: datetime | None = None
    company_name: str | None = Field(None, max_length=200, description="as the register had it on that day")


DATA_REQUEST, DATA_LINE, DATA_LINE_EVENT = (table(name) for name in ("data_request", "data_line", "data_line_event"))
DATA_ALARM, MANDATE = table("data_alarm"), table("mandate")
