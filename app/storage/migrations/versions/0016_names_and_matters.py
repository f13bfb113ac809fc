"""What the register called a company for which a mandate was given, and the matter that a message is about.

Revision: 0016, after 0015, 2026-11-22
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. What older mandates were given for keeps its code alone. Messages leave imprints from now on: those
    that are there are taken over at the next start, which has the keys to open them."""
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("company_name", sa.String(length=200), nullable=True))
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("matter_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Go back. A leaf of a message's imprint would mean nothing any more: the proof begins anew at the next start."""
    op.execute("DELETE FROM checkpoint")
    op.execute("DELETE FROM tree_node")
    op.execute("DELETE FROM leaf")
    op.execute("DELETE FROM imprint WHERE source = 'message'")
    for table in ("event", "data_call", "imprint"):
        op.execute(f"UPDATE {table} SET position = NULL")  # noqa: S608 - a fixed word
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("matter_id")
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.drop_column("company_name")
