"""The table of what supervision has looked at: one row, or none before the first time."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from app.storage.tables import metadata

WATCHED = Table(
    "watched",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("horizon", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
)
"""Up to which day each clock was looked at, by its length, and the size of the proof tree before it was: what happened
since has its place behind that, or none yet."""
