"""Indexes for the counts of an inbox and the cases behind an indicator, and what supervision has looked at. Tasks are
ordered by the first date of their clock: that of the after-check once they are over, the statutory one where it comes
before the promised one.

Revision: 0022, after 0021, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("completed_at IS NULL")
IS_WATCHED = sa.text("completed_at IS NULL OR check_due_on IS NOT NULL")
DESK = (
    *("department", "status", "item", "received_by", "application_id", "verdict", "intake_due_on", "promised_due_on"),
    *("statutory_due_on", "delivery_due_on", "promised_days", "extended_days", "check_due_on", "completed_at"),
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "watched",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("horizon", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.drop_index("ix_task_open", "task")
    op.create_index("ix_task_desk", "task", DESK, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    _watched("sort_on", "id", "status", "check_due_on")
    op.drop_index("ix_fact_day", "fact")
    op.create_index("ix_fact_day", "fact", ["day", "region", "id"])
    op.execute("UPDATE task SET sort_on = check_due_on WHERE completed_at IS NOT NULL AND check_due_on IS NOT NULL")
    op.execute(
        "UPDATE task SET sort_on = statutory_due_on WHERE delivery_due_on IS NULL AND statutory_due_on < promised_due_on "
        "AND (completed_at IS NULL OR check_due_on IS NULL)"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_fact_day", "fact")
    op.create_index("ix_fact_day", "fact", ["day", "region"])
    _watched("sort_on", "id")
    op.drop_index("ix_task_desk", "task")
    op.create_index("ix_task_open", "task", ["id"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.drop_table("watched")


def _watched(*columns: str) -> None:
    op.drop_index("ix_task_watched", "task")
    op.create_index("ix_task_watched", "task", columns, sqlite_where=IS_WATCHED, postgresql_where=IS_WATCHED)
