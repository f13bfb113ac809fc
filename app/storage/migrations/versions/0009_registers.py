"""What an application had from registers, registers that are down, and corrections of registers.

Revision: 0009, after 0008, 2026-11-21
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None

PARTS = ("had", "checked", "fallbacks", "disputes")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        for name in PARTS:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "register_outage",
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("dataset", name=op.f("pk_register_outage")),
    )
    op.create_table(
        "register_correction",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("matter_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_correction")),
    )
    with op.batch_alter_table("register_correction", schema=None) as batch_op:
        batch_op.create_index("ix_register_correction_subject", ["subject", "dataset", "id"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table("register_correction")
    op.drop_table("register_outage")
    with op.batch_alter_table("application", schema=None) as batch_op:
        for name in reversed(PARTS):
            batch_op.drop_column(name)
