"""Alembic's entry: runs on the connection that :func:`app.storage.database.migrate` opened."""

from alembic import context

from app.storage.matter_tables import MATTER  # noqa: F401 - registers the tables of supervision
from app.storage.paper_tables import MESSAGE, PAPER  # noqa: F401 - registers the tables of papers and messages
from app.storage.tables import metadata
from app.storage.tally_tables import TALLY  # noqa: F401 - registers the tables of the indicators

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
