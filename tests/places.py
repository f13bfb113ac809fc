"""Where tests keep what need not outlive them."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 -- only looked for; folders in it are made with names of their own
ROOM = 2_000_000_000
"""Bytes that must be free there; a container often has no more than sixty million."""


def fleeting() -> Path | None:
    """A folder in memory that may be written to and has room, or None for wherever temporary files go.

    A database of PostgreSQL is three hundred files: to make and drop one takes a fifth of the time there, and a test
    session makes a thousand.
    """
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else None
