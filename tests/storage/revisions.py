"""Going to a revision of the schema, up or down."""

import io

from alembic import command
from sqlalchemy import Engine

from app.storage.database import alembic_config


def upgrade(engine: Engine, revision: str) -> None:
    """Bring the schema up to a revision."""
    _moved(engine, "upgrade", revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the schema back to a revision."""
    _moved(engine, "downgrade", revision)


def _moved(engine: Engine, how: str, revision: str) -> None:
    with engine.begin() as connection:
        config = alembic_config(connection)
        config.stdout = io.StringIO()
        getattr(command, how)(config, revision)
