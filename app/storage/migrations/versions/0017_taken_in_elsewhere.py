"""How an application was taken in for offices elsewhere (异地代收), with its parcels.

Revision: 0017, after 0016, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proxy", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("proxy")
