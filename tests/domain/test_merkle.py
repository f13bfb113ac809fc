"""The tree of RFC 6962, against its definition written down once more."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.merkle import Frontier, consistency, hash_of, inclusion, is_consistent, is_included, pieces
from app.domain.proof import Hasher

HASH = Hasher()
LINKS = [HASH(bytes([number])) for number in range(70)]


def root(links: list[bytes]) -> bytes:
    """The definition: MTH of RFC 6962 §2.1."""
    if not links:
        return HASH(b"")
    if len(links) == 1:
        return HASH(b"\x00", links[0])
    middle = 1
    while middle * 2 < len(links):
        middle *= 2
    return HASH(b"\x01", root(links[:middle]), root(links[middle:]))


def grown(size: int) -> tuple[Frontier, dict[tuple[int, int], bytes]]:
    """A tree grown leaf by leaf, and all its complete nodes."""
    frontier, nodes = Frontier(HASH), {}
    for link in LINKS[:size]:
        nodes.update(frontier.append(link))
    return frontier, nodes


@pytest.mark.parametrize("size", [*range(20), 31, 32, 33, 64, 70])
def test_a_tree_grown_leaf_by_leaf_has_the_root_of_the_definition(size: int) -> None:
    frontier, nodes = grown(size)
    assert frontier.root == root(LINKS[:size])
    assert frontier.size == size
    resumed = Frontier(HASH, size, [nodes[node] for node in pieces((0, size))])
    assert resumed.root == frontier.root
    assert resumed.append(LINKS[0]) == frontier.append(LINKS[0]), "a tree taken up again grows like one never left"


def test_the_roots_of_known_trees_are_those_everybody_publishes() -> None:
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    frontier = Frontier(HASH)
    for leaf in leaves:
        frontier.append(bytes.fromhex(leaf))
    assert frontier.root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 16, 21, 33])
def test_every_leaf_is_proved_at_its_place_and_at_no_other(size: int) -> None:
    frontier, nodes = grown(size)
    for position in range(size):
        path = [hash_of(HASH, leaves, nodes) for leaves in inclusion(position, size)]
        assert is_included(HASH, LINKS[position], position, size, path, frontier.root)
        assert not is_included(HASH, LINKS[-1], position, size, path, frontier.root)
        for wrong in {position - 1, position + 1, size} - {position}:
            assert not is_included(HASH, LINKS[position], wrong, size, path, frontier.root)
        if path:
            assert not is_included(HASH, LINKS[position], position, size, path[1:], frontier.root)
            assert not is_included(HASH, LINKS[position], position, size, [bytes(32), *path[1:]], frontier.root)


@given(first=st.integers(0, 70), second=st.integers(0, 70), other=st.integers(0, 70))
def test_a_tree_is_the_beginning_of_every_later_one_and_of_no_other(first: int, second: int, other: int) -> None:
    first, second = sorted((first, second))
    _, nodes = grown(second)
    path = [hash_of(HASH, leaves, nodes) for leaves in consistency(first, second)]
    was, now = (first, root(LINKS[:first])), (second, root(LINKS[:second]))
    assert is_consistent(HASH, was, now, path)
    assert not is_consistent(HASH, now, was, path) or first == second
    assert not is_consistent(HASH, was, now, [*path, bytes(32)])
    if other != first:
        assert not is_consistent(HASH, (first, root(LINKS[:other])), now, path)
    if 0 < first < second:
        rewritten = [LINKS[-1], *LINKS[1:second]]
        assert not is_consistent(HASH, was, (second, root(rewritten)), path)


@given(start=st.integers(0, 10), length=st.integers(1, 300))
def test_the_pieces_of_a_range_are_complete_subtrees_side_by_side(start: int, length: int) -> None:
    begin = start << 9
    covered = [(place << level, (place + 1) << level) for level, place in pieces((begin, begin + length))]
    assert covered[0][0] == begin
    assert covered[-1][1] == begin + length
    assert all(before[1] == after[0] for before, after in pairwise(covered))
