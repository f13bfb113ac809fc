"""The tables, declared once for SQLite and PostgreSQL; Alembic's migrations follow them.

Identifiers are made by the app. Answers, form, materials and notices are JSON columns of the application, because they
are read and written with it; tasks, events and certificates are rows, because other questions are asked of them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, MetaData, Table, Text, text
from sqlmodel import Field, SQLModel

from app.storage.partial_indexes import partial_index

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SQLModel.model_config["defer_build"] = True
"""Rows are built from what rules returned, never from what somebody sent: no validator of them is ever asked for."""

IS_OPEN = text("completed_at IS NULL")
"""Open work is found through this literal: a partial index on bound statuses is not used by either engine."""
IS_WATCHED = text("completed_at IS NULL OR check_due_on IS NOT NULL")
"""Open, or granted on a commitment that is still to be checked: what the lights board looks at."""
CLOCKS = (
    *("intake_due_on", "promised_due_on", "statutory_due_on", "delivery_due_on", "promised_days", "extended_days"),
    *("check_due_on", "completed_at", "pause_ends_on"),
)
"""What the light of a task follows from, beside its status and what was decided."""
LIT = ("region", "department", "status", "verdict", *CLOCKS, "sort_on")
"""All that the lights board reads of a task: it is answered from the index alone; and what passes over those of a
region that show another light."""
WATCHED = ("sort_on", "id", "status", "verdict", *CLOCKS)
"""The order of the tasks behind the board, and what passes over those that show another light."""
DESK = ("department", "status", "item", "received_by", "bundle", "verdict", *CLOCKS)
"""All that the counts of an inbox read of a task: the same for one department."""
IS_SUBMITTED = text("submitted_at IS NOT NULL")
IS_UNSEQUENCED = text("position IS NULL")
"""What has no place in the tree yet."""


class ApplicationRow(SQLModel, table=True):
    """申请."""

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_applicant", "applicant", "id"),
        partial_index("ix_application_region_open", "region", "id", where=IS_OPEN),
        partial_index("ix_application_region", "region", "id", where=IS_SUBMITTED),
        partial_index("ix_application_filed_region", "filed_region", "id", where=IS_SUBMITTED),
        partial_index("ix_application_look_again", "look_again_on", where=text("look_again_on IS NOT NULL")),
        partial_index("ix_application_retain_until", "retain_until", "id", where=text("retain_until IS NOT NULL")),
        partial_index("ix_application_whole_wish", "whole_wish_to", "id", where=text("whole_wish_to IS NOT NULL")),
        partial_index("ix_application_notes", "id", "notes_to", where=text("notes_to IS NOT NULL")),
    )

    id: str = Field(primary_key=True, max_length=32)
    reference: str | None = Field(None, max_length=40, unique=True)
    bundle: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    region: str = Field(max_length=12)
    filed_region: str | None = Field(None, max_length=12)
    offered: str | None = Field(None, max_length=64, description="the one item it is about, when it came of an offer")
    home_region: str | None = Field(None, max_length=12, description="where the applicant lives; for 通办 only")
    applicant: str = Field(max_length=80)
    created_by: str = Field(max_length=80)
    created_at: datetime
    query_hash: str | None = Field(None, max_length=200)
    status: str = Field(max_length=20)
    result: str = Field(max_length=20)
    answers: dict[str, Any] = Field(sa_type=JSON)
    form: dict[str, Any] = Field(sa_type=JSON)
    materials: list[dict[str, Any]] = Field(sa_type=JSON)
    notices: list[dict[str, Any]] = Field(sa_type=JSON)
    survey: dict[str, Any] | None = Field(None, sa_type=JSON)
    whole_wish: dict[str, Any] | None = Field(None, sa_type=JSON)
    whole_wish_to: str | None = Field(None, max_length=12, description="region whose government is asked for more time")
    whole_extension: dict[str, Any] | None = Field(None, sa_type=JSON)
    proxy: dict[str, Any] | None = Field(None, sa_type=JSON, description="异地代收: how it was taken in elsewhere")
    joint: dict[str, Any] | None = Field(None, sa_type=JSON, description="多地联办: other places, and notes to them")
    notes_to: str | None = Field(None, max_length=400, description="places that have a note to sign for, with spaces")
    had: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="field → from where it was had")
    checked: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="paper → register that said yes")
    fallbacks: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="what could not be had, and why")
    disputes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="field → data said to be wrong")
    submitted_at: datetime | None = None
    completed_at: datetime | None = None
    promised_on: date | None = None
    savings: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    look_again_on: date | None = None
    version: int
    event_count: int
    erased_at: datetime | None = None
    retain_until: date | None = Field(None, description="last day it is kept; afterwards a sweep erases it")
    person: str | None = Field(None, max_length=64, description="salted digest of whose case it is")
    origin: str | None = Field(None, max_length=64, description="hash of what it was created as: its chain begins here")
    chain: str | None = Field(None, max_length=64, description="link of the newest event, hexadecimal")


class TaskRow(SQLModel, table=True):
    """部门办件."""

    __tablename__ = "task"
    __table_args__ = (
        partial_index("ix_task_inbox", "department", "sort_on", "id", where=IS_OPEN),
        Index("ix_task_application", "application_id"),
        partial_index("ix_task_desk", *DESK, where=IS_OPEN),
        partial_index("ix_task_finished", "department", "sort_on", "id", where=text("completed_at IS NOT NULL")),
        partial_index("ix_task_watched", *WATCHED, where=IS_WATCHED),
        partial_index("ix_task_lit", *LIT, where=IS_WATCHED),
        partial_index("ix_task_check_due", "department", "check_due_on", where=text("check_due_on IS NOT NULL")),
        partial_index("ix_task_originals", "originals_due_on", where=text("originals_due_on IS NOT NULL")),
    )

    id: str = Field(primary_key=True, max_length=48)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    item: str = Field(max_length=64)
    department: str = Field(max_length=80)
    region: str = Field(max_length=12)
    stage: int
    after: list[dict[str, Any]] = Field(sa_type=JSON)
    promised_days: int
    promised_unit: str = Field(max_length=16)
    statutory_days: int | None = None
    statutory_unit: str = Field(max_length=16)
    is_instant: bool
    status: str = Field(max_length=20)
    verdict: str | None = Field(None, max_length=20)
    opened_on: date | None = None
    intake_due_on: date | None = None
    received_at: datetime | None = None
    received_by: str | None = Field(None, max_length=80)
    accepted_at: datetime | None = None
    is_deemed_accepted: bool = False
    promised_due_on: date | None = None
    statutory_due_on: date | None = None
    delivery_due_on: date | None = None
    decided_at: datetime | None = None
    decided_by: str | None = Field(None, max_length=80)
    completed_at: datetime | None = None
    reason: str | None = Field(None, sa_type=Text)
    points: list[dict[str, Any]] = Field(sa_type=JSON)
    is_notified: bool = False
    confirm_fields: list[str] = Field(sa_type=JSON)
    extended_days: int = 0
    pauses: list[dict[str, Any]] = Field(sa_type=JSON)
    power: str | None = Field(None, max_length=20)
    mode: str = Field(max_length=20)
    opinions: list[dict[str, Any]] = Field(sa_type=JSON)
    extension_wish: dict[str, Any] | None = Field(None, sa_type=JSON)
    announcements: list[dict[str, Any]] = Field(sa_type=JSON)
    deferred: list[dict[str, Any]] = Field(sa_type=JSON)
    after_check: dict[str, Any] | None = Field(None, sa_type=JSON)
    steps: list[dict[str, Any]] = Field(sa_type=JSON)
    survey_on: date | None = Field(None, description="day of a joint survey this department has not concluded")
    check_due_on: date | None = Field(None, description="due day of the after-check still open; its list shows it")
    originals_due_on: date | None = Field(None, description="day by which originals are given back, while they are not")
    sort_on: date = Field(description="the next due date, what an inbox sorts by")
    bundle: str = Field(max_length=64, description="of its application: counts need not look it up there")
    pause_ends_on: date | None = Field(
        None, description="day until which its clock may stand still, if it does: the last of all where none was told"
    )


class EventRow(SQLModel, table=True):
    """What happened; append-only. Replaying the rows gives the stored application."""

    __tablename__ = "event"
    __table_args__ = (partial_index("ix_event_unsequenced", "application_id", "seq", where=IS_UNSEQUENCED),)

    application_id: str = Field(primary_key=True, foreign_key="application.id", max_length=32)
    seq: int = Field(primary_key=True)
    kind: str = Field(max_length=32)
    task: str | None = Field(None, max_length=64)
    at: datetime
    actor: str = Field(max_length=80)
    role: str = Field(max_length=20)
    start: str | None = Field(None, max_length=20)
    end: str | None = Field(None, max_length=20)
    why: str | None = Field(None, sa_type=Text)
    changes: dict[str, Any] = Field(sa_type=JSON)
    salt: str | None = Field(None, sa_type=Text, description="destroyed together with what may be erased")
    digest: str | None = Field(None, max_length=64, description="salted digest of actor, why and changes")
    link: str | None = Field(None, max_length=64, description="binds the row to all before it in its case")
    position: int | None = Field(None, sa_type=BigInteger, description="its place in the tree over everything")


class CertificateRow(SQLModel, table=True):
    """电子证照."""

    __tablename__ = "certificate"
    __table_args__ = (Index("ix_certificate_holder", "holder", "number"),)

    number: str = Field(primary_key=True, max_length=64)
    application_id: str = Field(foreign_key="application.id", index=True, max_length=32)
    item: str = Field(max_length=64)
    type: str | None = Field(None, max_length=64)
    name_zh: str = Field(sa_type=Text)
    name_en: str = Field(sa_type=Text)
    holder: str = Field(max_length=80)
    issued_on: date
    valid_until: date | None = None
    revoked_on: date | None = None
    standing: str = Field("valid", max_length=20)
    uscc: str | None = Field(None, max_length=18, description="of the company it is for")
    company: str | None = Field(None, sa_type=Text)


class CreditNoteRow(SQLModel, table=True):
    """A false commitment on record against an applicant (信用记录)."""

    __tablename__ = "credit_note"
    __table_args__ = (Index("ix_credit_note_account", "account", "at"),)

    id: str = Field(primary_key=True, max_length=48)
    account: str = Field(max_length=80)
    application_id: str = Field(foreign_key="application.id", max_length=32)
    item: str = Field(max_length=64)
    at: datetime
    why: str = Field(sa_type=Text)


class DemoClockRow(SQLModel, table=True):
    """By how many days the demonstration's clock is shifted; one row, so that every process agrees."""

    __tablename__ = "demo_clock"

    id: int = Field(primary_key=True)
    shift_days: int
    set_at: datetime
    set_by: str = Field(max_length=80)


class PackVersionRow(SQLModel, table=True):
    """A bundle with all it uses, under its content digest: applications live by it for ever."""

    __tablename__ = "pack_version"

    digest: str = Field(primary_key=True, max_length=64)
    bundle: str = Field(max_length=64)
    stored_at: datetime
    closure: dict[str, Any] = Field(sa_type=JSON)


class TokenRow(SQLModel, table=True):
    """A sign-in; only the token's hash is kept."""

    __tablename__ = "token"
    __table_args__ = (Index("ix_token_account", "account", "created_at"),)

    hash: str = Field(primary_key=True, max_length=64)
    id: str = Field(unique=True, max_length=32, description="what its owner calls it by; opens nothing")
    account: str = Field(max_length=80)
    mandate_id: str | None = Field(None, max_length=32, description="the mandate this sign-in goes by")
    way: str = Field(max_length=8, description="through pages or the API")
    created_at: datetime
    seen_at: datetime = Field(description="last request, to the minute")
    expires_at: datetime = Field(index=True)


class IdempotencyRow(SQLModel, table=True):
    """One request that must happen once: the same key from the same account gives the same answer."""

    __tablename__ = "idempotency"

    account: str = Field(primary_key=True, max_length=80)
    key: str = Field(primary_key=True, max_length=200)
    fingerprint: str = Field(max_length=64)
    application_id: str = Field(max_length=32)
    created_at: datetime


class LookupTryRow(SQLModel, table=True):
    """A wrong query code; enough of them lock the reference for a while."""

    __tablename__ = "lookup_try"
    __table_args__ = (Index("ix_lookup_try_subject", "subject", "at"),)

    id: str = Field(primary_key=True, max_length=32)
    subject: str = Field(max_length=64)
    at: datetime


def table(name: str) -> Table:
    """The Core table of that name."""
    return metadata.tables[name]


APPLICATION, TASK, EVENT, CERTIFICATE = (table(name) for name in ("application", "task", "event", "certificate"))
PACK_VERSION, TOKEN, IDEMPOTENCY, LOOKUP_TRY = (
    table(name) for name in ("pack_version", "token", "idempotency", "lookup_try")
)
CREDIT_NOTE, DEMO_CLOCK = (table(name) for name in ("credit_note", "demo_clock"))
