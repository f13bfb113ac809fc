"""How Chinese is read, one syllable for each character: learned once, and kept for the next start.

The dictionaries of ``pypinyin`` take a quarter of a second to load and fifty megabytes for as long as the process
lives, and a catalogue has a few hundred stretches of Chinese to be read. So a process of its own reads them, and what
it said is kept (:mod:`app.compiled`). What nobody has learned is read here, and then the dictionaries stay.
"""

import hashlib
import logging
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson

from app import compiled
from app.storage.search_terms import as_pinyin

log = logging.getLogger(__name__)

WORTH: Final = 100
"""Stretches of Chinese that are worth a process; fewer are read as they come."""
PATIENCE: Final = 10.0
"""Seconds for that process."""
KEPT: Final = 4
"""Catalogues whose readings are kept."""

COMMON: Final = tuple(
    bytes((row, cell)).decode("gb2312")
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFA if row == 0xD7 else 0xFF)
)
"""The 3,755 characters in common use (一级汉字 of GB 2312): what people type, whether a catalogue holds it or not."""

_known: Final[dict[str, tuple[str, ...]]] = {}


def syllables(han: str) -> tuple[str, ...]:
    """What ``pypinyin`` says, one syllable per character; a character it does not know reads as itself."""
    return _known.get(han) or _read(han)


def sound(han: str) -> str | None:
    """How something typed is read, a character at a time; None rather than load the dictionaries for it."""
    if "pypinyin" in sys.modules:
        return "".join(syllables(han))
    read = [_known.get(char) for char in han]
    return None if None in read else "".join(found[0] for found in read if found)


def learn(stretches: Iterable[str]) -> None:
    """Know how these are read, so that :func:`syllables` needs no dictionary for them; what is worth a process of its
    own is worth knowing the common characters too."""
    new = set(stretches) - _known.keys()
    if len(new) < WORTH or "pypinyin" in sys.modules:
        return
    wanted = sorted(new.union(COMMON) - _known.keys())
    sources = [*compiled.files_of("pypinyin"), Path(__file__)]
    name = f"readings-{hashlib.sha256(compiled.stamp(sources).encode() + orjson.dumps(wanted)).hexdigest()[:32]}"
    said = compiled.kept(name)
    if said is None:
        said = _asked(wanted)
        if said is None:
            return
        compiled.keep(name, said, most=KEPT)
    readings = ((han, tuple(map(sys.intern, found))) for han, found in zip(wanted, orjson.loads(said), strict=True))
    _known.update(readings)


def _asked(wanted: list[str]) -> bytes | None:
    """What another process says; None when there can be none (no rights to start one, no memory, no time)."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("APP_")}
    environment = {**plain, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603 - this module, in this interpreter
            [sys.executable, "-m", __name__],
            input=orjson.dumps(wanted),
            env=environment,
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("readings are learned in this process, which then keeps the dictionaries: %s", error)
        return None
    return done.stdout


@lru_cache(maxsize=16384)
def _read(han: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    found = lazy_pinyin(han)
    if len(found) != len(han):
        found = [lazy_pinyin(char)[0] for char in han]
    return tuple(as_pinyin(syllable) for syllable in found)


def main() -> None:
    """Read what standard input asks for, a JSON list, and say it on standard output."""
    sys.stdout.buffer.write(orjson.dumps([_read(han) for han in orjson.loads(sys.stdin.buffer.read())]))


if __name__ == "__main__":
    main()
