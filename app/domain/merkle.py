"""A tree over everything that was ever written (RFC 6962 §2): leaves are hashed after 0x00, inner nodes after 0x01.

A signed root says what all leaves are and in which order. Two proofs need about log2(n) hashes each: that one leaf
stands at its place (inclusion), and that an earlier tree is the beginning of a later one (consistency).

Stored are the nodes of complete subtrees: node ``(level, place)`` covers the ``2 ** level`` leaves from
``place << level``. Every hash of a proof covers a range of leaves, which :func:`pieces` takes apart into such nodes.
"""

from collections.abc import Mapping, Sequence

from app.domain.proof import Hasher

Node = tuple[int, int]
"""Level and place."""
Range = tuple[int, int]
"""Leaves from the first up to but not including the second."""


class Frontier:
    """The right edge of a growing tree: all that has to be known to add leaves and to tell the root."""

    def __init__(self, hasher: Hasher, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        """``edge`` holds the hashes of the complete subtrees that make up ``size`` leaves, largest first."""
        self.hasher, self.size, self._edge = hasher, size, list(edge)

    def append(self, link: bytes) -> list[tuple[Node, bytes]]:
        """Add one leaf; every node that is complete now, the leaf first."""
        node, level, place = leaf_hash(self.hasher, link), 0, self.size
        found = [((level, place), node)]
        while place & 1:
            node, level, place = node_hash(self.hasher, self._edge.pop(), node), level + 1, place >> 1
            found.append(((level, place), node))
        self._edge.append(node)
        self.size += 1
        return found

    @property
    def root(self) -> bytes:
        """The root; of no leaves at all, the hash of nothing."""
        if not self._edge:
            return self.hasher(b"")
        *rest, node = self._edge
        for left in reversed(rest):
            node = node_hash(self.hasher, left, node)
        return node


def leaf_hash(hasher: Hasher, link: bytes) -> bytes:
    """The hash of a leaf."""
    return hasher(b"\x00", link)


def node_hash(hasher: Hasher, left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hasher(b"\x01", left, right)


def pieces(leaves: Range) -> list[Node]:
    """The complete subtrees that a range of a proof is made of, largest first."""
    start, end = leaves
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def hash_of(hasher: Hasher, leaves: Range, nodes: Mapping[Node, bytes]) -> bytes:
    """The hash of a range from the nodes of its :func:`pieces`."""
    *rest, node = [nodes[piece] for piece in pieces(leaves)]
    for left in reversed(rest):
        node = node_hash(hasher, left, node)
    return node


def inclusion(position: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that a leaf is at ``position`` of a tree of ``size``, from the leaf upward."""
    start, end, found = 0, size, list[Range]()
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency(first: int, second: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of ``first`` leaves is the beginning of that of ``second``.

    Empty for equal sizes and for an empty first tree: there is nothing to prove.
    """
    if first in {0, second}:
        return []
    start, end, is_whole, found = 0, second, True, list[Range]()
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, is_whole = middle, False
    return found[::-1] if is_whole else [(start, end), *found[::-1]]


def is_included(hasher: Hasher, link: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves that ``link`` is the leaf at ``position`` of the tree with this root."""
    ranges = inclusion(position, size) if 0 <= position < size else None
    if ranges is None or len(ranges) != len(path):
        return False
    node = leaf_hash(hasher, link)
    for (start, _), other in zip(ranges, path, strict=True):
        node = node_hash(hasher, other, node) if start < position else node_hash(hasher, node, other)
    return node == root


def is_consistent(hasher: Hasher, first: tuple[int, bytes], second: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether the path proves that the tree ``first`` (size, root) is the beginning of the tree ``second``."""
    (size, root), (later_size, later_root) = first, second
    if not 0 <= size <= later_size or len(path) != len(consistency(size, later_size)):
        return False
    if size == 0:
        return root == hasher(b"")
    if size == later_size:
        return root == later_root
    ranges, hashes = consistency(size, later_size), list(path)
    if ranges[0][1] == size:
        old = new = hashes[0]
        ranges, hashes = ranges[1:], hashes[1:]
    else:
        old = new = root  # the first tree is one complete subtree of the second
    for (start, _), other in zip(ranges, hashes, strict=True):
        if start < size:
            old, new = node_hash(hasher, other, old), node_hash(hasher, other, new)
        else:
            new = node_hash(hasher, new, other)
    return (old, new) == (root, later_root)


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1
