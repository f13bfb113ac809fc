"""Whether this process can serve: what a load balancer asks. Words and yes or no; nothing about anybody."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import Refusal
from app.storage.database import folder_of, newest_revision
from app.storage.queries import Reader
from app.usecases.heartbeats import Heartbeats
from app.usecases.platform import Platform

LEAST_FREE = 50_000_000
"""Bytes that must be free where files and the database are kept. Illustrative."""
BACK_SECONDS = 1.0
"""How long a database that was away is given to show that it is back."""
MOST_WAITING = 2_000
"""Changes that may wait to be written. Illustrative."""


def checks(platform: Platform, beats: Heartbeats) -> dict[str, bool]:
    """Each thing that serving takes, and whether it is there. Reads the database and touches the disk: not for the
    event loop."""
    behind = beats.behind
    return {
        "database": _holds(lambda: platform.store.read(_revision) is not None),
        "migrated": _holds(lambda: platform.store.read(_revision) == newest_revision()),
        "writer": _can_write(platform),
        "disk": _holds(lambda: all(map(is_writable, _folders(platform)))),
        "sweep": "sweep" not in behind,
        "proof": "proof" not in behind,
    }


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (SQLAlchemyError, OSError, Refusal):
        return False


def _can_write(platform: Platform) -> bool:
    lane = platform.store.lane
    lane.try_again(BACK_SECONDS)
    return lane.is_well(MOST_WAITING)


def _folders(platform: Platform) -> list[Path]:
    """Where this process writes: uploads, and the database when it is a file."""
    own = folder_of(platform.settings.database_url)
    return [platform.settings.files_folder, *([] if own is None else [own])]


def _revision(reader: Reader) -> str | None:
    return reader.revision()


def is_writable(folder: Path) -> bool:
    """Whether a file can be written there and there is room left. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".health-")
    try:
        os.write(descriptor, b"x")
    finally:
        os.close(descriptor)
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize >= LEAST_FREE
