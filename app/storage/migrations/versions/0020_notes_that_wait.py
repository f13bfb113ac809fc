"""Which places a note of a case waits for (多地联办), so that a hall finds it.

Revision: 0020, after 0019, 2026-11-22

Notes that were sent before stand in sealed values that no migration opens: their cases are found again when they are
next written, and until then ``verify`` names them.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels = None
depends_on = None

WAITS = "notes_to IS NOT NULL"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notes_to", sa.String(length=400), nullable=True))
        batch_op.create_index(
            "ix_application_notes",
            ["id", "notes_to"],
            sqlite_where=sa.text(WAITS),
            postgresql_where=sa.text(WAITS),
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index("ix_application_notes")
        batch_op.drop_column("notes_to")
