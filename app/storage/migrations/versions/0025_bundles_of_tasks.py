"""The bundle of its application in every task, and in the index of the counts of an inbox, with the end of a pause.

Revision: 0025, after 0024, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("completed_at IS NULL")
DESK = ("department", "status", "item", "received_by")
CLOCKS = (
    *("verdict", "intake_due_on", "promised_due_on", "statutory_due_on", "delivery_due_on", "promised_days"),
    *("extended_days", "check_due_on", "completed_at"),
)


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bundle", sa.String(length=64), nullable=False, server_default=""))
    op.execute("UPDATE task SET bundle = (SELECT bundle FROM application WHERE application.id = task.application_id)")
    _desk(*DESK, "bundle", *CLOCKS, "pause_ends_on")


def downgrade() -> None:
    """Go back."""
    _desk(*DESK, "application_id", *CLOCKS)
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_column("bundle")


def _desk(*columns: str) -> None:
    op.drop_index("ix_task_desk", "task")
    op.create_index("ix_task_desk", "task", columns, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
