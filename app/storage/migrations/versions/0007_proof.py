"""Chained events, the tree over all of them, and checkpoints.

What is there already is chained by the app when it first starts on the new schema (:mod:`app.usecases.notary`): that
takes the hash function of the settings and, where columns are sealed, the keys.

Revision: 0007, after 0006, 2026-11-21
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None

UNSEQUENCED = sa.text("position IS NULL")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("origin", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("chain", sa.String(length=64), nullable=True))
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("salt", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("link", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("position", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_event_unsequenced",
            ["application_id", "seq"],
            unique=False,
            sqlite_where=UNSEQUENCED,
            postgresql_where=UNSEQUENCED,
        )
    _create_tree()


def _create_tree() -> None:
    op.create_table(
        "leaf",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_leaf")),
    )
    with op.batch_alter_table("leaf", schema=None) as batch_op:
        batch_op.create_index("ix_leaf_key", ["key", "source"], unique=True)
    op.create_table(
        "tree_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_tree_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=10), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("previous_size", sa.BigInteger(), nullable=True),
        sa.Column("previous_root", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )


def downgrade() -> None:
    """Go back."""
    for name in ("checkpoint", "tree_node"):
        op.drop_table(name)
    with op.batch_alter_table("leaf", schema=None) as batch_op:
        batch_op.drop_index("ix_leaf_key")
    op.drop_table("leaf")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_unsequenced")
        for name in ("position", "link", "digest", "salt"):
            batch_op.drop_column(name)
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("chain")
        batch_op.drop_column("origin")
        batch_op.drop_column("person")
