"""What changed since days and months were added up, so that also the running day is, and nothing is dropped any more.

Revision: 0026, after 0025, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels = None
depends_on = None

COUNTERS = (
    *("ended", "accepted", "deemed", "corrected", "returned", "declined", "decided", "on_time", "promised", "early"),
    *("instant", "statutory_days", "days_cut", "over", "done_once", "filed", "visits", "elsewhere", "other_province"),
    *("fields_before", "fields_saved", "materials_before", "materials_saved", "days_before", "days_saved"),
    *("visits_before", "visits_saved", "rated", "rated_at_end", "satisfied", "bad", "bad_named", "called_back"),
    *("called_back_named", "rectified", "rectification_days", "theme_rated", "theme_satisfied"),
)


def upgrade() -> None:
    """Go forward. What was about to be added up is begun anew."""
    op.create_table(
        "fact_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("bundle", sa.String(length=64), nullable=False),
        *(sa.Column(counter, sa.Integer(), nullable=False) for counter in COUNTERS),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("DELETE FROM roll_up WHERE NOT is_ready")
    op.execute(
        "ALTER TABLE roll_up DROP COLUMN is_ready"
    )  # to make the table anew would lose the sums that refer to it


def downgrade() -> None:
    """Go back. Days on which something changed since, and their months, are added up anew."""
    for span, first in (("day", "day"), ("month", FIRST_OF_MONTH[op.get_bind().dialect.name])):
        op.execute(
            f"DELETE FROM roll_up WHERE span = '{span}' AND first_day IN (SELECT {first} FROM fact_change)"  # noqa: S608
        )
    op.execute("ALTER TABLE roll_up ADD COLUMN is_ready BOOLEAN NOT NULL DEFAULT true")
    op.drop_table("fact_change")


FIRST_OF_MONTH = {"sqlite": "date(day, 'start of month')", "postgresql": "date_trunc('month', day)::date"}
