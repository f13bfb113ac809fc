"""Files that lie in the folder and belong to nothing: kept for a row that was refused, or by a process that was killed
before its row was written; and what a process left that was killed in the middle of writing or removing a file.

What no row *of this database* names may be named by another that uses the same folder. So every database that keeps a
file leaves its mark there first, and only where there is one mark, and for files younger than it, may anything be
called a stray. Nothing is removed either that was touched within the grace: its row may be on its way.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

MARKS = ".owners"
BATCH = 500
"""Digests asked about at once."""
NEW, OLD, HEALTH = ".new-", ".old-", ".health-"
"""How what is half done begins: being written, being removed, being tried out."""


def mark(folder: Path, owner: str) -> None:
    """Leave the mark of a database, once; when that was is the age of the mark. Raises OSError."""
    place = folder / MARKS
    place.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(place / owner, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def owners(folder: Path) -> frozenset[str]:
    """Whose marks are there."""
    with suppress(FileNotFoundError):
        return frozenset(os.listdir(folder / MARKS))
    return frozenset()


def settled(folder: Path, owner: str, grace: timedelta) -> Iterator[list[str]]:
    """The digests of all files of this sole owner that were not touched within the grace, some at a time."""
    since, until = (folder / MARKS / owner).stat().st_mtime, time.time() - grace.total_seconds()
    for part in _parts(folder):
        found = sorted(name for name, entry in _files(part) if name[0] != "." and since <= entry.st_mtime < until)
        yield from (found[first : first + BATCH] for first in range(0, len(found), BATCH))


def clear_away(folder: Path, grace: timedelta) -> int:
    """Remove what was half written and put back what was half removed, if that was before the grace; how many. What is
    put back is looked at like any other file the next time."""
    until, count = time.time() - grace.total_seconds(), 0
    for part in (folder, *_parts(folder)):
        for name, entry in _files(part):
            if name.startswith((NEW, OLD, HEALTH)) and max(entry.st_mtime, entry.st_ctime) < until:
                _clear(part / name)
                count += 1
    return count


def _clear(path: Path) -> None:
    target = path.with_name(path.name.removeprefix(OLD))
    with suppress(FileNotFoundError):  # another process was faster
        if path.name.startswith(OLD) and not target.exists():
            path.rename(target)
        else:
            path.unlink()


def _parts(folder: Path) -> Iterator[Path]:
    return (part for part in sorted(folder.glob("??")) if part.is_dir() and part.name[0] != ".")


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    with suppress(FileNotFoundError), os.scandir(folder) as found:
        for entry in found:
            with suppress(FileNotFoundError):
                if entry.is_file(follow_symlinks=False):
                    yield entry.name, entry.stat(follow_symlinks=False)
