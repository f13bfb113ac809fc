"""Certificates with a status, codes to show and to use them.

Revision: 0008, after 0007, 2026-11-21
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("standing", sa.String(length=20), nullable=False, server_default="valid"))
        batch_op.add_column(sa.Column("uscc", sa.String(length=18), nullable=True))
        batch_op.add_column(sa.Column("company", sa.Text(), nullable=True))
    op.create_table(
        "certificate_event",
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("certificate", "seq", name=op.f("pk_certificate_event")),
    )
    _codes()
    _uses()


def _codes() -> None:
    op.create_table(
        "certificate_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("case_ref", sa.String(length=60), nullable=True),
        sa.Column("department", sa.String(length=80), nullable=True),
        sa.Column("material", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_certificate_code")),
    )
    with op.batch_alter_table("certificate_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_code_expires_at"), ["expires_at"], unique=False)


def _uses() -> None:
    op.create_table(
        "certificate_use",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=True),
        sa.Column("material", sa.String(length=64), nullable=True),
        sa.Column("department", sa.String(length=80), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_use")),
    )
    with op.batch_alter_table("certificate_use", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_use_certificate", ["certificate", "at"], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_table("certificate_use")
    op.drop_table("certificate_code")
    op.drop_table("certificate_event")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        for name in ("company", "uscc", "standing"):
            batch_op.drop_column(name)
