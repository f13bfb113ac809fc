"""Sign-ins that their owner can see and end.

Revision: 0014, after 0013, 2026-11-22
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. Nobody stays signed in: when the old ones were last used is not known."""
    op.execute(sa.text("DELETE FROM token"))
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("id", sa.String(length=32), nullable=False))
        batch_op.add_column(sa.Column("way", sa.String(length=8), nullable=False))
        batch_op.add_column(sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_token_id"), ["id"])
        batch_op.create_index("ix_token_account", ["account", "created_at"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index("ix_token_account")
        batch_op.drop_constraint(batch_op.f("uq_token_id"), type_="unique")
        batch_op.drop_column("seen_at")
        batch_op.drop_column("way")
        batch_op.drop_column("id")
