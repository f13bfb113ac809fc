"""Clocks and ways to decide.

Revision: 0002, after 0001, 2026-11-21
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

EMPTY = "[]"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("survey", sa.JSON(), nullable=True))
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revoked_on", sa.Date(), nullable=True))
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("power", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("mode", sa.String(length=20), nullable=False, server_default="ordinary"))
        for name in ("opinions", "announcements", "deferred", "steps"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default=EMPTY))
        for name in ("extension_wish", "after_check"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=True))
        for name in ("survey_on", "check_due_on"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_task_check_due",
            ["department", "check_due_on"],
            unique=False,
            sqlite_where=sa.text("check_due_on IS NOT NULL"),
            postgresql_where=sa.text("check_due_on IS NOT NULL"),
        )
    op.create_table(
        "credit_note",
        sa.Column("id", sa.String(length=48), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_credit_note_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_note")),
    )
    with op.batch_alter_table("credit_note", schema=None) as batch_op:
        batch_op.create_index("ix_credit_note_account", ["account", "at"], unique=False)
    op.create_table(
        "demo_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_days", sa.Integer(), nullable=False),
        sa.Column("set_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_clock")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("demo_clock")
    op.drop_table("credit_note")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_check_due")
        for name in (
            *(
                "check_due_on",
                "survey_on",
                "after_check",
                "extension_wish",
                "steps",
                "deferred",
                "announcements",
                "opinions",
            ),
            *("mode", "power"),
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_column("revoked_on")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("survey")
