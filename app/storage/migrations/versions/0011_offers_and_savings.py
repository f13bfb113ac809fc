"""Offers without an application, and what a case saved.

Revision: 0011, after 0010, 2026-11-21
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None

COUNTERS = ("bad_named", "called_back", "called_back_named", "rectification_days")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("home_region", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("offered", sa.String(length=64), nullable=True))
    for table in ("fact", "tally"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in COUNTERS:
                batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("application_id", existing_type=sa.String(length=32), nullable=True)
        batch_op.add_column(sa.Column("offer_id", sa.String(length=32), nullable=True))
    _offer()


def _offer() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("bundle", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("found_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("application_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("key", name=op.f("uq_offer_key")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index("ix_offer_account", ["account", "id"], unique=False)
        batch_op.create_index("ix_offer_expires", ["expires_on", "id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.execute("DELETE FROM message WHERE application_id IS NULL")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("offer_id")
        batch_op.alter_column("application_id", existing_type=sa.String(length=32), nullable=False)
    op.drop_table("offer")
    for table in ("tally", "fact"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in reversed(COUNTERS):
                batch_op.drop_column(name)
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("offered")
        batch_op.drop_column("home_region")
