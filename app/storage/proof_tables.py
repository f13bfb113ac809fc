"""The tables of the tree over everything: its leaves, the nodes of complete subtrees, and signed checkpoints.

Hashes, keys and signatures are hexadecimal text, so that anybody can compare them by eye. Whatever has a ``link``
becomes a leaf; which tables those are is told in :mod:`app.storage.notary`.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table
from sqlmodel import Field, SQLModel

from app.storage.tables import metadata, table

LEAF = Table(
    "leaf",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String(20), nullable=False),
    Column("key", String(80), nullable=False),
    Column("link", String(64), nullable=False),
    Index("ix_leaf_key", "key", "source", unique=True),
)
"""Which row stands at which place of the tree. ``key`` is the row's key within the table ``source``."""

TREE_NODE = Table(
    "tree_node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
    sqlite_with_rowid=False,
)
"""Complete subtrees of two leaves and more: 2 ** level leaves from place << level. Leaves are hashed when needed."""


class CheckpointRow(SQLModel, table=True):
    """The signed root of the tree at one size. The first one, of an empty tree, fixes the hash function."""

    __tablename__ = "checkpoint"

    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    root: str = Field(max_length=64)
    hash: str = Field(max_length=10)
    at: datetime
    previous_size: int | None = Field(None, sa_type=BigInteger)
    previous_root: str | None = Field(None, max_length=64)
    key: str = Field(max_length=20)
    signature: str = Field(max_length=128)


CHECKPOINT = table("checkpoint")
