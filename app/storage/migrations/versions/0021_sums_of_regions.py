"""Roll-ups by region alone.

Revision: 0021, after 0020, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels = None
depends_on = None

COUNTERS = (
    "ended",
    "accepted",
    "deemed",
    "corrected",
    "returned",
    "declined",
    "decided",
    "on_time",
    "promised",
    "early",
    "instant",
    "statutory_days",
    "days_cut",
    "over",
    "done_once",
    "filed",
    "visits",
    "elsewhere",
    "other_province",
    "fields_before",
    "fields_saved",
    "materials_before",
    "materials_saved",
    "days_before",
    "days_saved",
    "visits_before",
    "visits_saved",
    "rated",
    "rated_at_end",
    "satisfied",
    "bad",
    "bad_named",
    "called_back",
    "called_back_named",
    "rectified",
    "rectification_days",
    "theme_rated",
    "theme_satisfied",
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "region_tally",
        sa.Column("roll_up", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTERS),
        sa.ForeignKeyConstraint(["roll_up"], ["roll_up.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("roll_up", "region"),
        sqlite_with_rowid=False,
    )
    sums = ", ".join(f"SUM({name})" for name in COUNTERS)
    op.execute(
        f"INSERT INTO region_tally (roll_up, region, {', '.join(COUNTERS)}) "  # noqa: S608 - the names above
        f"SELECT roll_up, region, {sums} FROM tally WHERE is_across GROUP BY roll_up, region"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("region_tally")
