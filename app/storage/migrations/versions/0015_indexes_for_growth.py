"""Indexes for what grew with the number of cases: finished work, watched work by region, lists of a hall, open matters.

Revision: 0015, after 0014, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None

IS_OVER = "completed_at IS NOT NULL"
IS_WATCHED = "completed_at IS NULL OR check_due_on IS NOT NULL"
LIT = (
    *("region", "department", "status", "verdict", "intake_due_on", "promised_due_on", "statutory_due_on"),
    *("delivery_due_on", "promised_days", "extended_days", "check_due_on", "completed_at"),
)
INDEXES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("ix_task_finished", "task", ("department", "sort_on", "id"), IS_OVER),
    ("ix_task_watched", "task", ("sort_on", "id"), IS_WATCHED),
    ("ix_task_lit", "task", LIT, IS_WATCHED),
    ("ix_application_region", "application", ("region", "id"), "submitted_at IS NOT NULL"),
    ("ix_application_filed_region", "application", ("filed_region", "id"), "submitted_at IS NOT NULL"),
    ("ix_matter_region_open", "matter", ("region", "due_on", "id"), "closed_at IS NULL"),
    ("ix_rating_levels", "rating", ("department", "level"), "annulled_at IS NULL"),
)


def upgrade() -> None:
    """Go forward. A decided task is due on its delivery day: what was written before sorts by that, too."""
    op.execute("UPDATE task SET sort_on = delivery_due_on WHERE delivery_due_on IS NOT NULL")
    for name, table, columns, where in INDEXES:
        condition = sa.text(where)
        op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Go back."""
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table)
