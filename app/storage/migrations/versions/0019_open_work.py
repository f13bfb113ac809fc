"""Open work counted: changes and sums.

Revision: 0019, after 0018, 2026-11-22

Where there are tasks, the next sweep counts them: until then boards look at the tasks themselves.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "work_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "work_sum",
        sa.Column("area", sa.String(length=12), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("area", "part", "clock"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO work_sum (area, part, clock, tasks) SELECT '', '', '', 0 WHERE NOT EXISTS (SELECT 1 FROM task)"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("work_sum")
    op.drop_table("work_change")
