"""Other places that work on an application with the notes between them (多地联办), and originals to be given back.

Revision: 0018, after 0017, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels = None
depends_on = None

IS_OWED = "originals_due_on IS NOT NULL"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("joint", sa.JSON(), nullable=True))
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("originals_due_on", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_task_originals",
            ["originals_due_on"],
            sqlite_where=sa.text(IS_OWED),
            postgresql_where=sa.text(IS_OWED),
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_originals")
        batch_op.drop_column("originals_due_on")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("joint")
