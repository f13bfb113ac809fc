"""Consents, and every look at data.

Revision: 0010, after 0009, 2026-11-21
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _data_call()
    _consent()
    _data_request()
    _data_line()
    _data_line_event()
    _data_alarm()
    _mandate()


def _data_call() -> None:
    """Every look at data."""
    op.create_table(
        "data_call",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=True),
        sa.Column("bundle", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=True),
        sa.Column("applicant", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("elements", sa.JSON(), nullable=False),
        sa.Column("masked", sa.JSON(), nullable=False),
        sa.Column("party", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=True),
        sa.Column("law_zh", sa.Text(), nullable=True),
        sa.Column("law_en", sa.Text(), nullable=True),
        sa.Column("consent_id", sa.String(length=32), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("denial", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("link", sa.String(length=64), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_call")),
    )
    with op.batch_alter_table("data_call", schema=None) as batch_op:
        batch_op.create_index("ix_data_call_applicant", ["applicant", "id"], unique=False)
        batch_op.create_index("ix_data_call_subject", ["subject", "id"], unique=False)
        batch_op.create_index("ix_data_call_application", ["application_id", "id"], unique=False)
        batch_op.create_index("ix_data_call_day", ["day", "dataset", "item"], unique=False)
        is_unsequenced = sa.text("position IS NULL")
        batch_op.create_index(
            "ix_data_call_unsequenced",
            ["id"],
            unique=False,
            sqlite_where=is_unsequenced,
            postgresql_where=is_unsequenced,
        )


def _consent() -> None:
    """Separate consents."""
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("elements", sa.JSON(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_consent_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_account", ["account", "id"], unique=False)
        batch_op.create_index("ix_consent_application", ["application_id", "id"], unique=False)


def _data_request() -> None:
    """Requests for several datasets at once; calls are counted by dataset, too."""
    with op.batch_alter_table("data_call", schema=None) as batch_op:
        batch_op.create_index("ix_data_call_dataset", ["dataset", "day"], unique=False)
    op.create_table(
        "data_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    with op.batch_alter_table("data_request", schema=None) as batch_op:
        batch_op.create_index("ix_data_request_department", ["department", "id"], unique=False)


def _data_line() -> None:
    """What became of each dataset that was asked for."""
    op.create_table(
        "data_line",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=True),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("dataset", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("asked_elements", sa.JSON(), nullable=False),
        sa.Column("asked_per_day", sa.Integer(), nullable=False),
        sa.Column("asked_until", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("elements", sa.JSON(), nullable=True),
        sa.Column("per_day", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("completed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["data_request.id"], name=op.f("fk_data_line_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_line")),
        sa.UniqueConstraint("key", name=op.f("uq_data_line_key")),
    )
    _data_line_indexes()


def _data_line_indexes() -> None:
    is_open = sa.text("completed_at IS NULL")
    with op.batch_alter_table("data_line", schema=None) as batch_op:
        batch_op.create_index("ix_data_line_request", ["request_id"], unique=False)
        batch_op.create_index("ix_data_line_holder", ["holder", "id"], unique=False)
        for name, columns in (
            ("ix_data_line_subject", ["item", "dataset"]),
            ("ix_data_line_dataset", ["dataset", "id"]),
            ("ix_data_line_until", ["until"]),
        ):
            batch_op.create_index(name, columns, unique=False, sqlite_where=is_open, postgresql_where=is_open)


def _data_line_event() -> None:
    """What happened to a line; append-only."""
    op.create_table(
        "data_line_event",
        sa.Column("line_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("office", sa.String(length=80), nullable=True),
        sa.Column("start", sa.String(length=20), nullable=False),
        sa.Column("end", sa.String(length=20), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["data_line.id"], name=op.f("fk_data_line_event_line_id")),
        sa.PrimaryKeyConstraint("line_id", "seq", name=op.f("pk_data_line_event")),
    )


def _data_alarm() -> None:
    """Unusual uses of data; a matter need not be about a case any more."""
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.alter_column("application_id", existing_type=sa.String(length=32), nullable=True)
    op.create_table(
        "data_alarm",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=True),
        sa.Column("dataset", sa.String(length=64), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=True),
        sa.Column("matter_id", sa.String(length=32), nullable=False),
        sa.Column("raised_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_data_alarm_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_alarm")),
        sa.UniqueConstraint("key", name=op.f("uq_data_alarm_key")),
    )
    with op.batch_alter_table("data_alarm", schema=None) as batch_op:
        batch_op.create_index("ix_data_alarm_region", ["region", "id"], unique=False)


def _mandate() -> None:
    """What one person may do for another, and the sign-ins that go by it."""
    op.create_table(
        "mandate",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("agent", sa.String(length=80), nullable=False),
        sa.Column("company", sa.String(length=18), nullable=True),
        sa.Column("bundles", sa.JSON(), nullable=False),
        sa.Column("powers", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index("ix_mandate_principal", ["principal", "id"], unique=False)
        batch_op.create_index("ix_mandate_agent", ["agent", "id"], unique=False)
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mandate_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_column("mandate_id")
    for name in ("mandate", "data_alarm", "data_line_event", "data_line", "data_request"):
        op.drop_table(name)
    op.execute("DELETE FROM matter_event WHERE matter_id IN (SELECT id FROM matter WHERE application_id IS NULL)")
    op.execute("DELETE FROM matter WHERE application_id IS NULL")
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.alter_column("application_id", existing_type=sa.String(length=32), nullable=False)
    op.drop_table("consent")
    op.drop_table("data_call")
