"""Until when a clock may stand still, in the indexes of the lights.

What was told to an applicant stands sealed in the task, and a migration has no keys: of tasks whose clock stands still
now it stays unknown, and whoever asks for their light opens them as before.

Revision: 0024, after 0023, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels = None
depends_on = None

IS_WATCHED = sa.text("completed_at IS NULL OR check_due_on IS NOT NULL")
CLOCKS = (
    *("intake_due_on", "promised_due_on", "statutory_due_on", "delivery_due_on", "promised_days", "extended_days"),
    *("check_due_on", "completed_at"),
)
LIT = ("region", "department", "status", "verdict", *CLOCKS)
END = "pause_ends_on"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column(END, sa.Date(), nullable=True))
    _index("lit", *LIT, END, "sort_on")
    _index("watched", "sort_on", "id", "status", "verdict", *CLOCKS, END)


def downgrade() -> None:
    """Go back."""
    _index("lit", *LIT, "sort_on")
    _index("watched", "sort_on", "id", "status", "check_due_on")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_column(END)


def _index(name: str, *columns: str) -> None:
    op.drop_index(f"ix_task_{name}", "task")
    op.create_index(f"ix_task_{name}", "task", columns, sqlite_where=IS_WATCHED, postgresql_where=IS_WATCHED)
