"""What is stored of the proof, as it is read: checkpoints, leaves, nodes of the tree, and the bound rows of a case."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, or_, select

from app.domain.merkle import Node, Range, hash_of, leaf_hash, pieces
from app.domain.proof import Checkpoint, Hasher
from app.storage.keys import Signature
from app.storage.proof_tables import CHECKPOINT, LEAF, TREE_NODE

BATCH = 1000


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and who signed it."""

    checkpoint: Checkpoint
    signature: Signature


@dataclass(frozen=True, slots=True)
class Leaf:
    """One place of the tree: which row stands there, and its link (hexadecimal)."""

    position: int
    source: str
    key: str
    link: str


def newest_checkpoint(connection: Connection) -> SignedCheckpoint | None:
    """The newest checkpoint; None before the first start."""
    return next(iter(checkpoints(connection, None, 1)), None)


def checkpoints(connection: Connection, before: int | None, limit: int) -> list[SignedCheckpoint]:
    """Checkpoints, newest first, of trees smaller than ``before``."""
    query = select(CHECKPOINT).order_by(CHECKPOINT.c.size.desc()).limit(limit)
    if before is not None:
        query = query.where(CHECKPOINT.c.size < before)
    return [_signed(row) for row in connection.execute(query).mappings()]


def first_checkpoint_with(connection: Connection, size: int) -> SignedCheckpoint | None:
    """The oldest checkpoint of a tree with at least so many leaves."""
    query = select(CHECKPOINT).where(CHECKPOINT.c.size >= size).order_by(CHECKPOINT.c.size).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else _signed(row)


def checkpoints_upward(connection: Connection) -> Iterator[SignedCheckpoint]:
    """Every checkpoint, oldest first, a batch at a time."""
    yield from map(_signed, _upward(connection, CHECKPOINT, CHECKPOINT.c.size))


def leaf(connection: Connection, source: str, key: str) -> Leaf | None:
    """Where this row stands in the tree, or None."""
    row = connection.execute(select(LEAF).where(LEAF.c.key == key, LEAF.c.source == source)).mappings().first()
    return None if row is None else Leaf(**row)


def leaves_with(connection: Connection, links: Iterable[str]) -> list[Leaf]:
    """The leaves with these links. Reads the whole tree: for finding out what happened to a bad row."""
    return [Leaf(**row) for row in connection.execute(select(LEAF).where(LEAF.c.link.in_(list(links)))).mappings()]


def leaves_upward(connection: Connection) -> Iterator[Leaf]:
    """Every leaf in its order, a batch at a time."""
    for row in _upward(connection, LEAF, LEAF.c.position):
        yield Leaf(**row)


def nodes_at(connection: Connection, hasher: Hasher, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """The hashes of these nodes; what is not stored is missing."""
    found: dict[Node, bytes] = {}
    is_leaf, inner = [], []
    for level, group in groupby(sorted(nodes), key=lambda node: node[0]):
        places = [place for _, place in group]
        if level == 0:
            is_leaf = places
        else:
            inner.append((TREE_NODE.c.level == level) & TREE_NODE.c.place.in_(places))
    if is_leaf:
        query = select(LEAF.c.position, LEAF.c.link).where(LEAF.c.position.in_(is_leaf))
        for position, link in connection.execute(query):
            found[0, position] = leaf_hash(hasher, bytes.fromhex(link))
    if inner:
        for level, place, value in connection.execute(select(TREE_NODE).where(or_(*inner))):
            found[level, place] = bytes.fromhex(value)
    return found


def path(connection: Connection, hasher: Hasher, ranges: Sequence[Range]) -> list[bytes]:
    """The hashes of these ranges. Raises ``KeyError`` when a node is missing."""
    nodes = nodes_at(connection, hasher, {node for leaves in ranges for node in pieces(leaves)})
    return [hash_of(hasher, leaves, nodes) for leaves in ranges]


def _signed(row: RowMapping) -> SignedCheckpoint:
    checkpoint = Checkpoint(**{name: row[name] for name in Checkpoint.__slots__})
    return SignedCheckpoint(checkpoint, Signature(row["key"], bytes.fromhex(row["signature"])))


def _upward(connection: Connection, table: Table, key: ColumnElement[int]) -> Iterator[RowMapping]:
    query = select(table).order_by(key).limit(BATCH)
    batch = connection.execute(query).mappings().all()
    while batch:
        yield from batch
        batch = connection.execute(query.where(key > batch[-1][key])).mappings().all()
