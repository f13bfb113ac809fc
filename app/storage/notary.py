"""The notary: gives new rows their place in the tree and signs what the tree is then.

Cases are chained one by one, each under its own version; what orders them all is this, a little later and in batches.
Whoever sequences is alone: SQLite's write lock or a table lock of PostgreSQL, held for one batch, makes two processes
that sequence at the same instant make one sequence. A tree whose edge does not add up to its last signed root is never
signed again: that would make a forgery look right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Integer, Table, bindparam, select, text, update

from app.domain.merkle import Frontier, Node, pieces
from app.domain.proof import Checkpoint, Hasher
from app.domain.sharing import CallResult
from app.storage.changes import Row
from app.storage.imprint_tables import IMPRINT
from app.storage.keys import KeyRing, Signature
from app.storage.proof_tables import CHECKPOINT, LEAF, TREE_NODE
from app.storage.proofs import SignedCheckpoint, newest_checkpoint, nodes_at
from app.storage.sealing import Found
from app.storage.sharing_tables import DATA_CALL
from app.storage.tables import APPLICATION, EVENT

BATCH = 1000
"""The most leaves under one checkpoint."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table whose rows become leaves: it has the columns ``link`` and ``position``, and an index on rows without
    a position. ``key`` names the columns of its primary key, in order; ``late`` tells a row that says of itself that it
    was written later than the instant it holds, by a column and its value."""

    table: Table
    key: tuple[str, ...]
    late: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """What leaves call it."""
        return self.table.name

    def parsed(self, key: str) -> tuple[Any, ...] | None:
        """The parts of a key as leaves hold it, each of its column's type; None when it is no such key."""
        parts = key.split("/")
        kinds = [int if isinstance(self.table.c[name].type, Integer) else str for name in self.key]
        try:
            return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
        except ValueError:
            return None


SOURCES = (
    Source(EVENT, ("application_id", "seq")),
    Source(DATA_CALL, ("id",), late=("result", CallResult.UNKNOWN.value)),
    Source(IMPRINT, ("source", "key", "seq")),
)


BOUND = ("salt", "digest", "link")
"""The columns that bind a row."""


class TreeBroken(RuntimeError):
    """What is stored of the tree is not what was signed; nothing more is signed on top of it."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("the proof tree does not add up to its last signed checkpoint: run `python -m app verify`")


class Notary:
    """Sequences leaves and signs checkpoints, on a write engine of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, ring: KeyRing, hasher: Hasher, now: datetime) -> None:
        """Sign the empty tree, which fixes the hash function; once somebody has, nothing more happens. Leaves without
        any checkpoint are nothing to begin with: ``verify`` says what is wrong."""
        with self._engine.begin() as connection:
            _alone(connection)
            is_new = connection.execute(select(LEAF.c.position).limit(1)).first() is None
            if is_new and newest_checkpoint(connection) is None:
                sign(connection, ring, Checkpoint(0, Frontier(hasher).root.hex(), hasher.name, now, None, None))

    def adopt(self, case: Found, rows: Sequence[Row], chain: Row) -> bool:
        """Write the chain of a case from before there were chains; whether the case was still as it was read."""
        is_same = (APPLICATION.c.id == case["id"]) & (APPLICATION.c.version == case["version"])
        taken = update(APPLICATION).where(is_same, APPLICATION.c.chain.is_(None))
        is_it = (EVENT.c.application_id == bindparam("of_case")) & (EVENT.c.seq == bindparam("of_seq"))
        bound = [
            {"of_case": row["application_id"], "of_seq": row["seq"], **{name: row[name] for name in BOUND}}
            for row in rows
        ]
        with self._engine.begin() as connection:
            if connection.execute(taken.values(version=APPLICATION.c.version + 1, **chain)).rowcount != 1:
                return False
            if bound:
                connection.execute(update(EVENT).where(is_it).values({name: bindparam(name) for name in BOUND}), bound)
        return True

    def sequence(self, ring: KeyRing, now: datetime) -> int:
        """Give up to ``BATCH`` rows their places and sign the tree; how many. Raises :class:`TreeBroken`."""
        with self._engine.begin() as connection:
            _alone(connection)
            last = newest_checkpoint(connection)
            pending = [(source, row) for source in SOURCES for row in _pending(connection, source)][:BATCH]
            if last is None or not pending:
                return 0
            frontier = _frontier(connection, ring, last)
            nodes = [node for _, row in pending for node in frontier.append(bytes.fromhex(row[-1]))]
            _place(connection, pending, last.checkpoint.size)
            if inner := _node_rows(nodes):
                connection.execute(TREE_NODE.insert(), inner)
            newest = max(written_at for _, (*_, written_at, _) in pending)
            at = max(now, last.checkpoint.at, newest)  # the clock was read before the rows were
            before = last.checkpoint.size, last.checkpoint.root
            grown = Checkpoint(frontier.size, frontier.root.hex(), frontier.hasher.name, at, *before)
            sign(connection, ring, grown)
        return len(pending)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _alone(connection: Connection) -> None:
    """Nobody else sequences until this transaction ends; on SQLite the transaction itself has the write lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE checkpoint IN EXCLUSIVE MODE"))


def is_behind(connection: Connection) -> bool:
    """Whether anything waits for its place in the tree."""
    return any(_pending(connection, source, 1) for source in SOURCES)


def _pending(connection: Connection, source: Source, limit: int = BATCH) -> Sequence[tuple[Any, ...]]:
    """The keys of rows without a place, when they were written and their links; those of one case in their order."""
    key = [source.table.c[name] for name in source.key]
    query = select(*key, source.table.c.at, source.table.c.link).where(
        text("position IS NULL"), source.table.c.link.is_not(None)
    )
    return [tuple(row) for row in connection.execute(query.order_by(*key).limit(limit))]


def _frontier(connection: Connection, ring: KeyRing, last: SignedCheckpoint) -> Frontier:
    hasher, size = Hasher(last.checkpoint.hash), last.checkpoint.size
    edge = pieces((0, size))
    nodes = nodes_at(connection, hasher, edge)
    is_forged = last.signature.key in ring.signing and not ring.is_signed(last.checkpoint.text.encode(), last.signature)
    if len(nodes) != len(edge) or is_forged:
        raise TreeBroken
    frontier = Frontier(hasher, size, [nodes[node] for node in edge])
    if frontier.root.hex() != last.checkpoint.root:
        raise TreeBroken
    return frontier


def _place(connection: Connection, pending: Sequence[tuple[Source, tuple[Any, ...]]], size: int) -> None:
    leaves = []
    for position, (source, (*key, _, link)) in enumerate(pending, size):
        leaves.append({"position": position, "source": source.name, "key": key_text(*key), "link": link})
    connection.execute(LEAF.insert(), leaves)
    for source in SOURCES:
        placed = [
            {"at_position": position, **{f"of_{name}": part for name, part in zip(source.key, row, strict=False)}}
            for position, (own, row) in enumerate(pending, size)
            if own is source
        ]
        if placed:
            is_it = [source.table.c[name] == bindparam(f"of_{name}") for name in source.key]
            statement = update(source.table).where(*is_it).values(position=bindparam("at_position"))
            connection.execute(statement, placed)


def key_text(*key: object) -> str:
    """The key of a row as leaves hold it."""
    return "/".join(map(str, key))


def _node_rows(nodes: Sequence[tuple[Node, bytes]]) -> list[dict[str, Any]]:
    return [{"level": level, "place": place, "hash": found.hex()} for (level, place), found in nodes if level]


def sign(connection: Connection, ring: KeyRing, checkpoint: Checkpoint) -> None:
    """Sign a checkpoint and keep it."""
    signature: Signature = ring.sign(checkpoint.text.encode())
    row = {name: getattr(checkpoint, name) for name in Checkpoint.__slots__}
    connection.execute(CHECKPOINT.insert(), {**row, "key": signature.key, "signature": signature.value.hex()})
