"""Files that were kept and never named: an upload whose row was refused, or whose process was killed in between.

By the real clock, whatever a demonstration's says: files bear the time of the machine.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from app.storage.files import FileStore
from app.storage.proofs import first_checkpoint_with
from app.storage.retention import named
from app.storage.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tidied:
    """What one look through the folder did. ``is_shared``: another database has kept files there, so nothing that no
    row of this one names may be removed."""

    looked_at: int = 0
    removed: int = 0
    cleared: int = 0
    is_shared: bool = False


def settle_in(store: Store, files: FileStore) -> None:
    """Tell the folder which database keeps its files from now on: one tree at one place."""
    first = store.read(lambda reader: first_checkpoint_with(reader.connection, 0))
    if first is not None:
        told = f"{first.signature.value.hex()} {store.place}"
        files.belong_to(hashlib.sha256(told.encode()).hexdigest()[:32])


def remove(store: Store, files: FileStore, grace: timedelta, *, is_patient: bool = True) -> Tidied:
    """Remove files that no row names and nobody touched within the grace, and put in order what was left half done.

    What a lone process does at a time; a file that is kept again meanwhile stays (see :meth:`FileStore.remove`).
    """
    with store.claims.alone("files", waits=is_patient) as is_mine:
        if not is_mine:
            return Tidied()
        cleared, looked_at, removed = files.clear_away(grace), 0, 0
        for digests in files.settled(grace):
            known = store.read(partial(named, digests=digests))
            looked_at += len(digests)
            removed += sum(files.remove(digest, grace) for digest in digests if digest not in known)
        return Tidied(looked_at, removed, cleared, files.is_shared)
