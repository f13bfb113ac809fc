"""Daily roll-ups.

Revision: 0005, after 0004, 2026-11-21
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None

COUNTERS = [
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
    "rectified",
    "theme_rated",
    "theme_satisfied",
]


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("savings", sa.JSON(), nullable=False, server_default="{}"))

    op.create_table(
        "fact",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("application", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("bundle", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTERS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.create_index("ix_fact_day", ["day", "region"], unique=False)

    op.create_table(
        "roll_up",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("span", sa.String(length=8), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_up")),
    )
    with op.batch_alter_table("roll_up", schema=None) as batch_op:
        batch_op.create_index("ix_roll_up_span", ["span", "first_day"], unique=True)

    op.create_table(
        "tally",
        sa.Column("roll_up", sa.BigInteger(), nullable=False),
        sa.Column("is_across", sa.Boolean(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("bundle", sa.String(length=64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTERS),
        sa.ForeignKeyConstraint(["roll_up"], ["roll_up.id"], name=op.f("fk_tally_roll_up"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(
            "roll_up", "is_across", "region", "department", "item", "bundle", name=op.f("pk_tally")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("tally")
    with op.batch_alter_table("roll_up", schema=None) as batch_op:
        batch_op.drop_index("ix_roll_up_span")

    op.drop_table("roll_up")
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.drop_index("ix_fact_day")

    op.drop_table("fact")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("savings")
