"""A disk of our own that is small enough to fill: a file system in memory, mounted for one test.

Mounting takes the rights of an administrator (in a container: ``CAP_SYS_ADMIN``). Where they are missing, tests that
need it are skipped with the reason; the same promises are tested without a mount by limits of the database itself.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHUNK = bytes(1 << 20)


class NoMount(Exception):
    """Nothing can be mounted here; the message says what the system answered."""


class SmallDisk:
    """A folder on a file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._ballast = folder, folder / "ballast"

    def fill(self) -> None:
        """Leave not a byte for anybody."""
        descriptor = os.open(self._ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            for chunk in (CHUNK, CHUNK[:4096]):
                while _took(descriptor, chunk):
                    pass
        finally:
            os.close(descriptor)

    def make_room(self) -> None:
        """Give everything back."""
        self._ballast.unlink()


def _took(descriptor: int, chunk: bytes) -> bool:
    try:
        return os.write(descriptor, chunk) > 0
    except OSError:
        return False


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount one on a folder; it is gone afterwards. Raises :class:`NoMount`."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing below the folder can be changed meanwhile. Raises :class:`NoMount`."""
    _mount("--bind", str(folder), str(folder))
    try:
        _mount("-o", "remount,bind,ro", str(folder))
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _mount(*words: str) -> None:
    try:
        done = subprocess.run(["mount", *words], capture_output=True, text=True)
    except FileNotFoundError as error:
        raise NoMount("there is no mount program") from error
    if done.returncode:
        raise NoMount(done.stderr.strip() or f"mount ended with {done.returncode}")
