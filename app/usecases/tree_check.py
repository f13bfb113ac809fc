"""Checking the tree: every checkpoint's signature and what it grew from, every leaf against its row, every node.

A signed root is believed, and everything else is measured by it: a leaf that does not add up to it was changed, and a
row that is not its leaf was changed since it was signed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, String, cast, func, select, tuple_

from app.domain.merkle import Frontier, Node, inclusion, is_included
from app.domain.proof import Checkpoint, Hasher
from app.domain.tampering import GRACE, Finding, Tampering
from app.domain.vocabulary import Text
from app.storage import proofs as rows
from app.storage.imprint_tables import IMPRINT
from app.storage.keys import KeyRing
from app.storage.notary import SOURCES, Source, key_text
from app.storage.proof_tables import LEAF, TREE_NODE
from app.storage.proofs import Leaf, SignedCheckpoint
from app.storage.queries import Reader
from app.storage.tables import EVENT

if TYPE_CHECKING:
    from app.usecases.verification import Report

CHUNK = 500
"""Leaves looked up at once."""

Fitting = Mapping[Node, bytes]
"""Nodes as they are computed from the leaves."""


class Tree:
    """One walk over the tree, from the first leaf to the newest checkpoint."""

    def __init__(
        self, reader: Reader, hasher: Hasher, ring: KeyRing, report: "Report", beat: Callable[[], None] = lambda: None
    ) -> None:
        """``beat`` is called after every checkpoint."""
        self._reader, self._connection, self._hasher = reader, reader.connection, hasher
        self._ring, self._report, self._beat = ring, report, beat
        self._frontier = Frontier(hasher)

    def check(self, witness: SignedCheckpoint | None = None) -> Iterator[Finding]:
        """Everything that is wrong with the tree, first things first."""
        if witness is not None:
            yield from self._witness(witness)
        leaves, before = rows.leaves_upward(self._connection), None
        for signed in rows.checkpoints_upward(self._connection):
            yield from self._signed(signed, before)
            yield from self._grown(signed.checkpoint, before, leaves)
            self._beat()
            self._report.checkpoints += 1
            self._report.newest = before = signed.checkpoint
        if before is None:
            zh = "一个检查点也没有（刚建的库，还没有启动过服务，也是这样）"
            en = (
                "there is no checkpoint at all (so it is, too, where the database is new and nobody has served from it)"
            )
            yield _of_checkpoint(Tampering.DROPPED, 0, zh, en)
        for leaf in leaves:
            shows = Text("没有检查点签到这一叶", "no checkpoint covers this leaf")
            yield Finding(Tampering.INSERTED, "leaf", str(leaf.position), shows)
        yield from self._strays()

    def check_case(self, application_id: str) -> Iterator[Finding]:
        """The leaves of one case, and of what was imprinted in it, against the checkpoints that cover them."""
        is_event = (LEAF.c.source == EVENT.name) & LEAF.c.key.startswith(f"{application_id}/")
        placed = select(IMPRINT.c.position).where(IMPRINT.c.application_id == application_id)
        is_imprint = (LEAF.c.source == IMPRINT.name) & LEAF.c.position.in_(placed)
        query = select(LEAF).where(is_event | is_imprint).order_by(LEAF.c.position)
        for row in self._connection.execute(query).mappings().all():
            leaf = Leaf(**row)
            signed = rows.first_checkpoint_with(self._connection, leaf.position + 1)
            if signed is None:
                shows = Text("没有检查点签到这一叶", "no checkpoint covers this leaf")
                yield Finding(Tampering.INSERTED, "leaf", str(leaf.position), shows)
                return
            yield from self._signature(signed)
            yield from self._included(leaf, signed.checkpoint)
            yield from self._rows_of([leaf], None, signed.checkpoint)
            self._report.leaves += 1

    def _included(self, leaf: Leaf, checkpoint: Checkpoint) -> Iterator[Finding]:
        try:
            path = rows.path(self._connection, self._hasher, inclusion(leaf.position, checkpoint.size))
            own = bytes.fromhex(leaf.link), leaf.position, checkpoint.size, path, bytes.fromhex(checkpoint.root)
            is_there = is_included(self._hasher, *own)
        except (KeyError, ValueError):
            is_there = False
        if not is_there:
            shows = Text("它的路径算不出签名的根", "its path does not lead to the signed root")
            yield Finding(Tampering.CHANGED, "leaf", str(leaf.position), shows)

    def _witness(self, witness: SignedCheckpoint) -> Iterator[Finding]:
        """A checkpoint that was kept elsewhere must be one of ours, and still in its place."""
        kept = witness.checkpoint
        if not self._ring.is_signed(kept.text.encode(), witness.signature):
            yield _of_checkpoint(
                Tampering.FORGED, kept.size, "给出的检查点不是本平台签的", "the one that was given was not signed here"
            )
        stored = rows.first_checkpoint_with(self._connection, kept.size)
        if stored is None:
            shows = f"曾签到 {kept.size} 叶，现在没有这么多", f"{kept.size} leaves were signed, and there are fewer now"
            yield _of_checkpoint(Tampering.DROPPED, kept.size, *shows)
        elif (stored.checkpoint.size, stored.checkpoint.root) != (kept.size, kept.root):
            shows = "留存的检查点与库里的不同", "the one that was kept says something else than the one that is stored"
            yield _of_checkpoint(Tampering.CHANGED, kept.size, *shows)

    def _signature(self, signed: SignedCheckpoint) -> Iterator[Finding]:
        found = signed.checkpoint
        if not self._ring.is_signed(found.text.encode(), signed.signature):
            yield _of_checkpoint(
                Tampering.FORGED, found.size, "签名与内容不符", "its signature does not fit what it says"
            )
        if found.hash != self._hasher.name:
            yield _of_checkpoint(Tampering.CHANGED, found.size, "散列算法不同", "it names another hash function")

    def _signed(self, signed: SignedCheckpoint, before: Checkpoint | None) -> Iterator[Finding]:
        """The signature of a checkpoint, and whether it grew from the one before it."""
        yield from self._signature(signed)
        found = signed.checkpoint
        expected = (None, None) if before is None else (before.size, before.root)
        if (found.previous_size, found.previous_root) != expected:
            lost = found.previous_size if found.previous_size is not None else 0
            shows = "后一个检查点以它为前提，它却不在", "the next one grew from it, and it is not there"
            yield _of_checkpoint(Tampering.DROPPED, lost, *shows)
        if before is not None and found.at < before.at:
            yield _of_checkpoint(
                Tampering.BACK_DATED, found.size, "早于前一个检查点", "it is earlier than the one before"
            )

    def _grown(self, found: Checkpoint, before: Checkpoint | None, leaves: Iterator[Leaf]) -> Iterator[Finding]:
        """The leaves this checkpoint adds: all there, adding up to its root, and each still its row."""
        own: list[Leaf] = []
        nodes: dict[Node, bytes] = {}
        for leaf in islice(leaves, found.size - self._frontier.size):
            if leaf.position != self._frontier.size:
                break
            if not _is_hash(leaf.link):
                shows = Text("链接不是散列值", "its link is no hash")
                yield Finding(Tampering.CHANGED, "leaf", str(leaf.position), shows)
                return
            nodes.update(self._frontier.append(bytes.fromhex(leaf.link)))
            own.append(leaf)
        if self._frontier.size < found.size:
            yield self._gap()
            return
        if self._frontier.root.hex() != found.root:
            yield self._misfit(own, nodes, found)
            return
        yield from self._nodes(nodes)
        for start in range(0, len(own), CHUNK):
            yield from self._rows_of(own[start : start + CHUNK], before, found)
        self._report.leaves += len(own)

    def _gap(self) -> Finding:
        position = self._frontier.size
        shows = Text("检查点签到了这一叶，它却不在", "a checkpoint covers this leaf, and it is not there")
        return Finding(Tampering.DROPPED, "leaf", str(position), shows)

    def _misfit(self, own: Sequence[Leaf], nodes: Fitting, found: Checkpoint) -> Finding:
        """The leaves do not add up to a root that is signed: the smallest stored subtree that disagrees names where."""
        wrong = [(node[0], node[1] << node[0]) for node, _ in self._disagreeing(nodes)]
        level, position = min(wrong, default=(found.size.bit_length(), own[0].position))
        for leaf in own:  # of a pair, the one whose row still tells another link is the changed one
            if position <= leaf.position < position + (1 << level) and self._row_link(leaf) != leaf.link:
                position = leaf.position
                break
        shows = Text("各叶算不出签名的根", "the leaves do not add up to the signed root")
        return Finding(Tampering.CHANGED, "leaf", str(position), shows)

    def _row_link(self, leaf: Leaf) -> str | None:
        source = next((source for source in SOURCES if source.name == leaf.source), None)
        if source is None:
            return None
        found = self._stored(source, [leaf]).get(leaf.key)
        return None if found is None else found["link"]

    def _disagreeing(self, nodes: Fitting) -> Iterator[tuple[Node, bytes | None]]:
        """The inner nodes that are stored otherwise than the leaves say, or not at all."""
        inner = [node for node in nodes if node[0]]
        stored: dict[Node, bytes] = {}
        for start in range(0, len(inner), CHUNK):
            stored |= rows.nodes_at(self._connection, self._hasher, inner[start : start + CHUNK])
        for node in sorted(inner):
            if stored.get(node) != nodes[node]:
                yield node, stored.get(node)

    def _nodes(self, nodes: Fitting) -> Iterator[Finding]:
        for (level, place), stored in self._disagreeing(nodes):
            what = Tampering.DROPPED if stored is None else Tampering.CHANGED
            shows = Text("与各叶算出的不同", "it is not what the leaves add up to")
            yield Finding(what, "tree_node", key_text(level, place), shows)

    def _rows_of(self, leaves: Sequence[Leaf], before: Checkpoint | None, after: Checkpoint) -> Iterator[Finding]:
        """Whether the row of each leaf is still the one that was signed, at a time that can be. The empty tree bounds
        nothing: cases may be older than their chains."""
        by_source = {source.name: self._stored(source, leaves) for source in SOURCES}
        for leaf in leaves:
            row = by_source.get(leaf.source, {}).get(leaf.key)
            if row is None or row["link"] != leaf.link:
                yield self._other_row(leaf, row)
            elif row["position"] != leaf.position:
                shows = Text("position 与它的叶不符", "its position is not that of its leaf")
                yield Finding(Tampering.CHANGED, leaf.source, leaf.key, shows)
            elif before is not None and before.size and row["at"] < before.at - GRACE and not row["is_late"]:
                shows = Text(
                    f"{before.at:%Y-%m-%d %H:%M} 的检查点还没有它", f"the checkpoint of {before.at} had not got it"
                )
                yield Finding(Tampering.BACK_DATED, leaf.source, leaf.key, shows, is_time=True)
            elif row["at"] > after.at:
                shows = Text("晚于签它的检查点", "it is later than the checkpoint that covers it")
                yield Finding(Tampering.BACK_DATED, leaf.source, leaf.key, shows, is_time=True)

    def _stored(self, source: Source, leaves: Sequence[Leaf]) -> dict[str, Mapping[str, Any]]:
        """Link, place and instant of the rows of these leaves, by their keys."""
        key = [source.table.c[name] for name in source.key]
        parsed = (source.parsed(leaf.key) for leaf in leaves if leaf.source == source.name)
        wanted = [parts for parts in parsed if parts is not None]
        column, value = source.late or ("link", "")
        is_late = (source.table.c[column] == value).label("is_late")
        query = select(*key, *(source.table.c[name] for name in ("link", "position", "at")), is_late)
        if not wanted:
            return {}
        # SQLite uses no index for a list of tuples: without what they begin with it would read the whole table.
        first = [part.in_({parts[place] for parts in wanted}) for place, part in enumerate(key[: len(key) - 1 or 1])]
        found = self._connection.execute(query.where(*first, tuple_(*key).in_(wanted))).mappings()
        return {key_text(*(row[name] for name in source.key)): dict(row) for row in found}

    def _other_row(self, leaf: Leaf, row: Mapping[str, Any] | None) -> Finding:
        """A leaf and its row differ, and the root says that the leaf's link is right."""
        table = next((source.table for source in SOURCES if source.name == leaf.source), None)
        query = None if table is None else select(func.count()).select_from(table).where(table.c.link == leaf.link)
        if query is None or self._connection.execute(query).scalar_one():
            shows = Text(f"它的链接属于别的行，而不是 {leaf.source} {leaf.key}", "its link is that of another row")
            return Finding(Tampering.CHANGED, "leaf", str(leaf.position), shows)
        if row is None:
            shows = Text("它编入过存证树，现在不在", "it was in the proof tree, and it is not there")
            return Finding(Tampering.DROPPED, leaf.source, leaf.key, shows)
        shows = Text(
            "连同其后的链接都重新计算过，与签名的叶不同", "its chain was made anew and is not the one that was signed"
        )
        return Finding(Tampering.CHANGED, leaf.source, leaf.key, shows)

    def _strays(self) -> Iterator[Finding]:
        """Nodes beyond the tree, and rows that claim a place of somebody else's."""
        last = select(TREE_NODE.c.level, func.max(TREE_NODE.c.place)).group_by(TREE_NODE.c.level)
        for level, place in self._connection.execute(last.order_by(TREE_NODE.c.level)):
            if (place + 1) << level > self._frontier.size:
                shows = Text("树还没有这么大", "the tree is not that large")
                yield Finding(Tampering.INSERTED, "tree_node", key_text(level, place), shows)
        for source in SOURCES:
            yield from self._claims(source)

    def _claims(self, source: Source) -> Iterator[Finding]:
        table = source.table
        own: ColumnElement[str] = cast(table.c[source.key[0]], String)
        for name in source.key[1:]:
            own = own + "/" + cast(table.c[name], String)
        is_its = (LEAF.c.position == table.c.position) & (LEAF.c.key == own) & (LEAF.c.source == source.name)
        query = select(own).outerjoin(LEAF, is_its).where(table.c.position.is_not(None), LEAF.c.position.is_(None))
        key = self._connection.execute(query.order_by(own).limit(1)).scalar()
        if key is not None:
            shows = Text("position 指向的叶不是它的", "its position is that of another leaf, or of none")
            yield Finding(Tampering.CHANGED, source.name, key, shows)


def _of_checkpoint(what: Tampering, size: int, zh: str, en: str) -> Finding:
    return Finding(what, "checkpoint", str(size), Text(zh, en))


def _is_hash(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == len(text) // 2 == 32
    except ValueError:
        return False
