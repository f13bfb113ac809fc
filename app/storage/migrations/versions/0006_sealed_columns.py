"""Keys of applications, and how long applications are kept.

Columns are sealed in place: a sealed value is one text, and in a JSON column a JSON text. What is there already stays
readable, is sealed when it is next written, and by ``keys seal``.

Revision: 0006, after 0005, 2026-11-21
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

RETAINED = sa.text("retain_until IS NOT NULL")
RELEASED = sa.text("released_at IS NOT NULL")
OFFICE = timezone(timedelta(hours=8))
DRAFT_DAYS, LONGEST_YEARS = 180, 30
"""What was there before is kept for the longest time; both numbers are illustrative."""


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "data_key",
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("key_id", sa.String(length=20), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("erased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_data_key")),
    )
    with op.batch_alter_table("data_key", schema=None) as batch_op:
        batch_op.create_index("ix_data_key_key_id", ["key_id", "owner"], unique=False)
    _create_file_use()
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("retain_until", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_application_retain_until",
            ["retain_until", "id"],
            unique=False,
            sqlite_where=RETAINED,
            postgresql_where=RETAINED,
        )
    _create_erasure()
    _fill()


def _create_erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("law_zh", sa.Text(), nullable=False),
        sa.Column("law_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_erasure_application_id")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_erasure")),
    )


def _create_file_use() -> None:
    op.create_table(
        "file_use",
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("released_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("application_id", "seq", name=op.f("pk_file_use")),
    )
    with op.batch_alter_table("file_use", schema=None) as batch_op:
        batch_op.create_index("ix_file_use_digest", ["digest"], unique=False)
        batch_op.create_index(
            "ix_file_use_released", ["digest"], unique=False, sqlite_where=RELEASED, postgresql_where=RELEASED
        )


def _fill() -> None:
    """Dates for what is there already, and the files it uses."""
    case = sa.table(
        "application",
        *(sa.column(name) for name in ("id",)),
        sa.column("created_at", sqlmodel.sql.sqltypes.UTCDateTime()),
        sa.column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime()),
        sa.column("completed_at", sqlmodel.sql.sqltypes.UTCDateTime()),
        sa.column("retain_until", sa.Date()),
    )
    event = sa.table(
        "event",
        *(sa.column(name) for name in ("application_id", "seq", "kind")),
        sa.column("at", sqlmodel.sql.sqltypes.UTCDateTime()),
        sa.column("changes", sa.JSON()),
    )
    bind = op.get_bind()
    touched = dict(
        bind.execute(sa.select(event.c.application_id, sa.func.max(event.c.at)).group_by(event.c.application_id)).all()
    )
    for row in bind.execute(sa.select(case.c.id, case.c.created_at, case.c.submitted_at, case.c.completed_at)).all():
        until = _kept_until(row.submitted_at, row.completed_at, touched.get(row.id) or row.created_at)
        if until is not None:
            bind.execute(sa.update(case).where(case.c.id == row.id).values(retain_until=until))
    columns = event.c.application_id, event.c.seq, event.c.changes
    handed_in = bind.execute(sa.select(*columns).where(event.c.kind == "material_provided"))
    _fill_uses(tuple(found) for found in handed_in)


def _kept_until(submitted_at: datetime | None, completed_at: datetime | None, touched_at: datetime) -> date | None:
    if submitted_at is None:
        return touched_at.astimezone(OFFICE).date() + timedelta(days=DRAFT_DAYS)
    if completed_at is None:
        return None
    day = completed_at.astimezone(OFFICE).date()
    return date(day.year + LONGEST_YEARS, day.month, min(day.day, 28))


def _fill_uses(handed_in: Iterable[tuple[Any, ...]]) -> None:
    rows = [
        {"application_id": application, "seq": seq, "digest": digest}
        for application, seq, changes in handed_in
        if (digest := (changes.get("material") or {}).get("digest")) is not None
    ]
    if rows:
        table = sa.table("file_use", *(sa.column(name) for name in ("application_id", "seq", "digest")))
        op.get_bind().execute(sa.insert(table), rows)


def downgrade() -> None:
    """Go back. Sealed columns stay sealed: an older app cannot read what was sealed meanwhile."""
    op.drop_table("erasure")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index("ix_application_retain_until")
        batch_op.drop_column("retain_until")
        batch_op.drop_column("erased_at")
    with op.batch_alter_table("file_use", schema=None) as batch_op:
        batch_op.drop_index("ix_file_use_released")
        batch_op.drop_index("ix_file_use_digest")
    op.drop_table("file_use")
    with op.batch_alter_table("data_key", schema=None) as batch_op:
        batch_op.drop_index("ix_data_key_key_id")
    op.drop_table("data_key")
