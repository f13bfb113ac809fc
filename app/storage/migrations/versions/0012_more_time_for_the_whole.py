"""More time for the whole where departments license together.

Revision: 0012, after 0011, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None

IS_ASKED = sa.text("whole_wish_to IS NOT NULL")


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("whole_wish", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("whole_wish_to", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("whole_extension", sa.JSON(), nullable=True))
        batch_op.create_index(
            "ix_application_whole_wish",
            ["whole_wish_to", "id"],
            unique=False,
            sqlite_where=IS_ASKED,
            postgresql_where=IS_ASKED,
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index("ix_application_whole_wish", sqlite_where=IS_ASKED, postgresql_where=IS_ASKED)
        batch_op.drop_column("whole_extension")
        batch_op.drop_column("whole_wish_to")
        batch_op.drop_column("whole_wish")
