"""Imprints of papers, consents and ratings, and calls of which nothing is known yet.

Revision: 0013, after 0012, 2026-11-22
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None

IS_UNSEQUENCED = sa.text("position IS NULL")


def upgrade() -> None:
    """Go forward. The rows that are there are taken over at the next start, which has the keys to open them."""
    _create_imprint()
    _create_open_call()
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.alter_column("digest", existing_type=sa.String(length=64), type_=sa.Text(), existing_nullable=False)


def _create_imprint() -> None:
    op.create_table(
        "imprint",
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("source", "key", "seq", name=op.f("pk_imprint")),
    )
    with op.batch_alter_table("imprint", schema=None) as batch_op:
        batch_op.create_index("ix_imprint_application", ["application_id"], unique=False)
        batch_op.create_index(
            "ix_imprint_unsequenced",
            ["source", "key", "seq"],
            unique=False,
            sqlite_where=IS_UNSEQUENCED,
            postgresql_where=IS_UNSEQUENCED,
        )


def _create_open_call() -> None:
    op.create_table(
        "open_call",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("call", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_call")),
    )
    with op.batch_alter_table("open_call", schema=None) as batch_op:
        batch_op.create_index("ix_open_call_asked_at", ["asked_at"], unique=False)


def downgrade() -> None:
    """Go back. A leaf of an imprint would have no row any more: the proof begins anew at the next start."""
    op.execute("DELETE FROM checkpoint")
    op.execute("DELETE FROM tree_node")
    op.execute("DELETE FROM leaf")
    for table in ("event", "data_call"):
        op.execute(f"UPDATE {table} SET position = NULL")  # noqa: S608 - a fixed word
    op.drop_table("open_call")
    op.drop_table("imprint")
