"""What a process that serves begins with, and the app of one of several such processes.

Several are started without the command line: its libraries and the other commands are none of theirs.
"""

import ctypes
import gc
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from fastapi import FastAPI

PACE_FILE: Final = "ONE_THING_PACE_FILE"
"""Tells the workers of a server where they count requests together. No setting: the server makes the file."""
_M_ARENA_MAX, _M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD = -8, -3, -1
_ALLOCATOR: Final = {_M_ARENA_MAX: 2, _M_MMAP_THRESHOLD: 128 * 1024, _M_TRIM_THRESHOLD: 128 * 1024}
"""What the GNU C library's allocator is told. Two heaps for all threads: of one heap each, every one keeps what its
thread once needed, although only one thread runs at a time. The two thresholds in bytes are its own; it raises them
when something large is given back, as the packs are, and then returns nothing below that to the system."""


def begin() -> None:
    """No looking for garbage until ``settle``, since what is made before the first request stays; memory is given back;
    and no ``pydantic.v1``, two dozen modules that FastAPI would import to see that no shape is made of them."""
    gc.disable()
    sys.modules.setdefault("pydantic.v1", cast("ModuleType", None))  # as Python says "there is no such module"
    with suppress(OSError, AttributeError):  # no GNU library
        c_library = ctypes.CDLL("libc.so.6")
        for parameter, value in _ALLOCATOR.items():
            c_library.mallopt(parameter, value)


def worker() -> "FastAPI":
    """The app of one of several processes."""
    begin()
    from app.main import create_app

    app = create_app()
    if path := os.environ.get(PACE_FILE):
        from app.transport.shared_pace import SharedBuckets

        app.state.limiter = app.state.limiter.shared(SharedBuckets(Path(path)))
    return app
