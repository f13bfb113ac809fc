"""What was worked out from files of the app, kept where Python keeps its compiled modules and by Python's own rules.

``__pycache__`` (or ``PYTHONPYCACHEPREFIX``) is written when that is allowed (not with ``PYTHONDONTWRITEBYTECODE``, not
in a folder that belongs to somebody else) and trusted exactly as far as a compiled module is: whoever may write there
may replace the code itself. Nothing that comes from people or the database is ever kept there, and everything can be
deleted at any time. A name stands for its content: it holds a digest of all that the content was made from.
"""

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from typing import Final

import app

_HOME: Final = Path(app.__file__).parent
_DIGEST: Final = hashlib.sha256().digest_size


def place_of(name: str) -> Path:
    """The file that keeps ``name``; it need not be there."""
    return Path(cache_from_source(str(_HOME / f"{name}.py")))


def kept(name: str) -> bytes | None:
    """What was kept under this name; None when nothing was, or when the file is damaged."""
    try:
        raw = place_of(name).read_bytes()
    except OSError:
        return None
    content = raw[_DIGEST:]
    return content if hashlib.sha256(content).digest() == raw[:_DIGEST] else None


def keep(name: str, content: bytes, *, most: int | None = None) -> bool:
    """Keep it, and say whether that worked. Of the names that are alike up to the last hyphen only the ``most`` last
    written are kept."""
    if sys.dont_write_bytecode:
        return False
    place = place_of(name)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(prefix=f"{place.name}.", dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(content).digest() + content)
        os.replace(made, place)
    except OSError:
        return False
    if most is not None:
        _forget(place, name.rpartition("-")[0], most)
    return True


def files_of(package: str) -> list[Path]:
    """The files of a package that is installed, without importing it; none when it is not there or is no folder."""
    found = find_spec(package)
    folder = Path(found.origin).parent if found is not None and found.origin else None
    return sorted(file for file in folder.iterdir() if file.is_file()) if folder is not None else []


def stamp(files: Iterable[Path]) -> str:
    """Sizes and times of the files, by which Python too tells whether a module has changed since it was compiled."""
    stats = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr((app.__version__, stats)).encode()).hexdigest()


def _forget(place: Path, stem: str, most: int) -> None:
    with suppress(OSError):
        alike = [file for file in place.parent.glob(f"{stem}-*") if file.suffix == place.suffix]
        for file in sorted(alike, key=lambda file: file.stat().st_mtime_ns)[:-most]:
            file.unlink()
