"""Alembic's entry: runs on the connection that :func:`app.storage.database.migrate` opened."""

from alembic import context

from app.storage.certificate_tables import CERTIFICATE_CODE  # noqa: F401 - registers the tables of certificates
from app.storage.dataset_tables import DATA_LINE, MANDATE  # noqa: F401 - registers the tables of requests for data
from app.storage.matter_tables import MATTER  # noqa: F401 - registers the tables of supervision
from app.storage.offer_tables import OFFER  # noqa: F401 - registers the table of offers
from app.storage.paper_tables import MESSAGE, PAPER  # noqa: F401 - registers the tables of papers and messages
from app.storage.partial_indexes import name_conditions
from app.storage.proof_tables import CHECKPOINT, LEAF, TREE_NODE  # noqa: F401 - registers the tables of the proof
from app.storage.register_tables import REGISTER_OUTAGE  # noqa: F401 - registers the tables of registers
from app.storage.sharing_tables import DATA_CALL  # noqa: F401 - registers the tables of data sharing
from app.storage.tables import metadata
from app.storage.tally_tables import TALLY  # noqa: F401 - registers the tables of the indicators
from app.storage.vault_tables import DATA_KEY  # noqa: F401 - registers the tables of the vault
from app.storage.watch_tables import WATCHED  # noqa: F401 - registers the table of what supervision has looked at
from app.storage.work_tables import WORK_SUM  # noqa: F401 - registers the tables of open work

connection = context.config.attributes["connection"]
name_conditions(metadata, connection.dialect.name)
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
