"""A few hundred spoiled inputs of every kind; ``python -m tests.fire.fuzz`` runs as long as one likes."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.yaml_text import read
from app.domain.errors import InvalidInput
from app.domain.uploads import examine
from tests.crafted import chunk, jpeg, packed, pdf, png, segment
from tests.fire.fuzz import LONGEST, MOST_MEMORY, TRIALS, grown, tried

SIZE = 10_000_000
"""Bytes of the largest upload as the app is delivered."""
BUSY = {
    "a photograph that begins with filling only": ("jpg", b"\xff\xd8" + b"\xff" * SIZE),
    "a photograph of empty segments": ("jpg", jpeg(extra=segment(0xE1, b"") * (SIZE // 4))),
    "a photograph of marks without length": ("jpg", b"\xff\xd8" + b"\xff\xd0" * (SIZE // 2)),
    "a picture of empty parts": ("png", png(extra=chunk(b"tEXt", b"") * (SIZE // 12))),
    "a page of empty packages": ("pdf", pdf(extra=packed(b"") * (SIZE // 80))),
}
LAYERS = "".join(f"k{n + 1}: &k{n + 1} [{', '.join([f'*k{n}'] * 9)}]\n" for n in range(12))
BOMBS = {
    "aliases of aliases": "k0: &k0 [x, x]\n" + LAYERS,
    "lists in lists": "[" * 1_000_000,
    "mappings in mappings": "a: {" * 250_000,
    "keys of keys": "? " * 500_000,
}


# The clock on the wall would judge the machine: ``tried`` holds every input to its share of the processor instead.
@settings(max_examples=150, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**64))
@pytest.mark.parametrize("kind", TRIALS)
def test_what_is_spoiled_is_refused_in_the_documented_way_and_soon(kind: str, seed: int) -> None:
    before = grown()
    tried(kind, seed)
    assert grown() - before < MOST_MEMORY


@pytest.mark.parametrize("name", BUSY)
def test_a_file_of_countless_parts_keeps_nobody_busy(name: str) -> None:
    started = time.thread_time()
    with pytest.raises(InvalidInput) as caught:
        examine(*BUSY[name])
    assert [fault.code for fault in caught.value.faults] == ["too-complex"]
    assert time.thread_time() - started < LONGEST


@pytest.mark.parametrize("name", BOMBS)
def test_a_text_that_unfolds_without_end_is_stopped(name: str) -> None:
    before, started = grown(), time.thread_time()
    root, problems = read(BOMBS[name])
    assert root is None
    assert problems[-1].code in {"too-many-nodes", "too-deep", "key-not-text"}
    assert time.thread_time() - started < LONGEST
    assert grown() - before < MOST_MEMORY
