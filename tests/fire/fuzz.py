"""Spoiled input for the three readers of other people's bytes: packs, conditions and uploads.

Every input comes from one number, so that a finding is told by its number. ``python -m tests.fire.fuzz --seconds 60``
runs as long as one likes; the test suite runs a short while.
"""

import argparse
import resource
import struct
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from app.catalogue.loader import BUILTIN, read
from app.catalogue.yaml_text import read as read_yaml
from app.domain.conditions import ConditionSyntaxError, parse, unparse
from app.domain.errors import InvalidInput
from app.domain.uploads import SIGNATURES, examine, recognised, shown_name
from tests.catalogue.conftest import COMMON, SHOP
from tests.crafted import archive, chunk, jpeg, packed, pdf, png, segment

LONGEST = 10.0
"""Seconds of the processor that one input may take: no slow machine needs them, and what runs away takes minutes."""
MOST_MEMORY = 200_000
"""Kilobytes by which no run may make the process grow."""
ODD = ("\x00", "\ufeff", "\u202e", "\u2028", "\x85", "\U0001f600", "\uffff", "é", "e\u0301", "ﬁ", "２", "\t", "\r")
PIECES = ("&a ", "*a ", "<<: ", "!!python/none ", "- ", "? ", ": ", "|\n", "{", "[", "'", '"', "---\n", "#", "%", "@")
NUMBERS = ("9" * 400, "-1e99", "1e-99", "0.1e5", "007", "-0", "0x1F", "1_0", ".5", "9" * 15 + ".5", "٣")
WORDS = ("and", "or", "not", "in", "is", "if", "lambda", "==", "<", "!=", "(", ")", "[", "]", "'", "true", "a", ",")
REAL = (
    "area_m2 >= 300 or entertainment",
    "'水' in need and kind not in ['正常', '病退']",
    "not (a and (b or -1.5 < c))",
)


@cache
def lines_of_packs() -> tuple[str, ...]:
    """The built-in packs line by line."""
    return tuple(
        line for file in sorted(BUILTIN.rglob("*.yaml")) for line in file.read_text("utf-8").splitlines(keepends=True)
    )


def spoiled_lines(random: Random, lines: list[str]) -> str:
    """A few lines dropped, doubled, exchanged, indented otherwise, or with something foreign in them."""
    kept = list(lines)
    for _ in range(random.randint(1, 4)):
        at, other = random.randrange(len(kept)), random.randrange(len(kept))
        line, foreign = kept[at], random.choice((*ODD, *PIECES, *NUMBERS))
        place = random.randint(0, len(line))
        value = line.partition(":")[0] + ": " + foreign + "\n"
        changed = ("", line * 2, kept[other], " " * random.randint(0, 5) + line, line[:place] + foreign + line[place:])
        kept[at] = random.choice((*changed, value, line.strip()))
    return "".join(kept)


def spoiled_bytes(random: Random, content: bytes) -> bytes:
    """A few bytes flipped, cut out, doubled, or the end cut off."""
    made = bytearray(content)
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(made) + 1)
        end, way = at + random.randint(0, 40), random.randrange(6)
        if way == 0:
            made[at:end] = b""
        elif way == 1:
            made[at:at] = made[at:end]
        elif way == 2:
            made[at : at + 4] = struct.pack(">I", random.choice((0, 1, 2**31, 2**32 - 1)))
        elif way == 3 and random.random() < 0.3:
            del made[at:]
        else:
            made[at : at + 1] = random.randbytes(1)
    return bytes(made)


def a_pack(random: Random) -> None:
    """A small pack is read whole, however spoiled: every fault is told, none is raised."""
    text = spoiled_lines(random, (COMMON + SHOP).splitlines(keepends=True))
    raw = text.encode()
    if random.random() < 0.2:
        raw = spoiled_bytes(random, raw)
    with TemporaryDirectory() as folder:
        Path(folder, "pack.yaml").write_bytes(raw)
        faults = read([Path(folder)], include_builtin=False).faults
    assert all(fault.render("zh") and fault.render("en") for fault in faults)


def a_yaml_text(random: Random) -> None:
    """A broken piece of a real pack, or rubbish: plain data, or problems on lines that exist."""
    lines = lines_of_packs()
    start = random.randrange(len(lines) - 40)
    text = spoiled_lines(random, list(lines[start : start + random.randint(1, 40)]))
    if random.random() < 0.3:
        text = "".join(random.choice((*PIECES, *ODD, *NUMBERS, "\n", "a")) for _ in range(random.randint(0, 60)))
    root, problems = read_yaml(text)
    assert root is not None or problems or not text.strip("\ufeff").strip() or "#" in text or "%" in text
    assert all(1 <= problem.line <= len(text) + 1 for problem in problems)


def a_condition(random: Random) -> None:
    """A condition, or the one documented error; what was read, written out and read again is the same."""
    real = random.choice(REAL)
    kind = random.randrange(4)
    if kind == 0:
        text = " ".join(random.choice((*WORDS, *NUMBERS, *ODD)) for _ in range(random.randint(0, 14)))
    elif kind == 1:
        text = random.choice(("not ", "(", "-", "[", "a < ", "a and ", "a if ")) * random.randint(1, 1_300) + real
    else:
        at = random.randint(0, len(real))
        text = real[:at] + random.choice((*WORDS, *NUMBERS, *ODD, "")) + real[at + random.randint(0, 3) :]
    try:
        found = parse(text)
    except ConditionSyntaxError as error:
        assert 0 <= error.column <= len(text), text  # noqa: PT017 -- being taken is right as well
        return
    written = unparse(found)
    assert parse(written) == found, (text, written)


@cache
def uploads() -> tuple[bytes, ...]:
    """Sound files of every kind, and some that carry something along."""
    return (
        pdf(),
        pdf(extra=packed(b"1 0 << /Type /Font >>")),
        pdf() + archive(),
        png(),
        png(extra=chunk(b"tEXt", b"Comment\x00a")),
        jpeg(),
        jpeg(extra=segment(0xE1, b"Exif" * 9)),
        archive(b"word/document.xml"),
    )


def an_upload(random: Random) -> None:
    """A file is taken or refused with a reason; spoiled bytes, or noise behind a true mark."""
    content = spoiled_bytes(random, random.choice(uploads()))
    if random.random() < 0.25:
        content = random.choice(SIGNATURES)[0] + random.randbytes(random.randint(0, 300))
    kinds = {found[0]} if (found := recognised(content)) else set()
    for kind in sorted(kinds or {mark[1] for mark in SIGNATURES}):
        try:
            examine(kind, content)
        except InvalidInput as error:
            assert [fault.pointer for fault in error.faults] == ["/file"]  # noqa: PT017 -- the same
    try:
        shown_name("".join(random.choice((*ODD, "a", "/", "\\", ".")) for _ in range(9)))
    except InvalidInput as error:
        assert [fault.pointer for fault in error.faults] == ["/file/filename"]  # noqa: PT017 -- the same


TRIALS: Mapping[str, Callable[[Random], None]] = {
    "pack": a_pack,
    "yaml": a_yaml_text,
    "condition": a_condition,
    "upload": an_upload,
}


def tried(name: str, seed: int) -> float:
    """Try one input; the seconds of the processor it took. Raises AssertionError when they were too many."""
    started = time.thread_time()
    TRIALS[name](Random(seed))  # noqa: S311 -- a finding must come again
    took = time.thread_time() - started
    assert took < LONGEST, f"{name} {seed} took {took:.1f} s"
    return took


def grown() -> int:
    """Kilobytes the process held when it held most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """A long run: each kind in turn, findings by their number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    wish = parser.parse_args()
    end, seed, found, longest = time.monotonic() + wish.seconds, wish.seed, 0, 0.0
    while time.monotonic() < end:
        for name in TRIALS:
            try:
                longest = max(longest, tried(name, seed))
            except Exception as error:  # whatever is raised is what we look for
                found += 1
                print(f"{name} {seed}: {type(error).__name__}: {error!s:.300}")  # noqa: T201
        seed += 1
    print(f"{seed - wish.seed} of each, {found} findings, the longest {longest:.2f} s")  # noqa: T201
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
