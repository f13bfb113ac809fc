"""Buckets that the processes of one server have in common: a small file of fixed size, mapped into the memory of each.

A bucket is found by a keyed digest of its name, so that nobody can choose whose place they take, and no name lies in
the file. A row of places holds those whose digests begin alike; when it is full, the one unused for longest goes. The
row is locked while one is taken from, so two processes never grant the same request twice; the clock is the machine's,
which all its processes read alike.
"""

import fcntl
import mmap
import os
import struct
from hashlib import blake2b
from pathlib import Path
from typing import Final

from app.domain.allowances import Bucket, Taking, taken

KEY_BYTES: Final = 32
PLACES: Final = 8
ROWS: Final = 4_096
_PLACE: Final = struct.Struct("<16sdd")
_ROW: Final = PLACES * _PLACE.size
_NOBODY: Final = bytes(16)


def prepared(path: Path) -> None:
    """Make the file empty, with a key of its own; its folder must be its owner's alone."""
    path.write_bytes(os.urandom(KEY_BYTES) + bytes(ROWS * _ROW))


class SharedBuckets:
    """The buckets of a file that was prepared."""

    def __init__(self, path: Path) -> None:
        """Raises ``OSError`` where there is no such file."""
        self._file = path.open("r+b")
        self._map = mmap.mmap(self._file.fileno(), 0)
        self._key = self._map[:KEY_BYTES]

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()
        self._file.close()

    def __len__(self) -> int:
        """How many buckets are kept; looks at all places, for whoever reads figures."""
        places = _PLACE.iter_unpack(self._map[KEY_BYTES:])
        return sum(name != _NOBODY for name, _, _ in places)

    def take(self, whose: str, per_minute: int, now: float) -> Taking:
        """One request of somebody, whichever process they come to."""
        name = blake2b(whose.encode(), key=self._key, digest_size=16).digest()
        start = KEY_BYTES + int.from_bytes(name[:4], "little") % ROWS * _ROW
        fcntl.lockf(self._file, fcntl.LOCK_EX, _ROW, start)
        try:
            places = list(_PLACE.iter_unpack(self._map[start : start + _ROW]))
            at = next((n for n, place in enumerate(places) if place[0] == name), None)
            known = None if at is None else Bucket(places[at][1], places[at][2])
            taking = taken(per_minute, known, now)
            free = at if at is not None else min(range(PLACES), key=lambda n: places[n][2])
            _PLACE.pack_into(self._map, start + free * _PLACE.size, name, taking.bucket.left, taking.bucket.at)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, _ROW, start)
        return taking
