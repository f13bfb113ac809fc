"""Looking after the keys of an installation: show them by name, rotate, wrap again, seal what is still plain."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.errors import ActionNotAllowed
from app.domain.vocabulary import Text
from app.settings import Settings
from app.storage import keys
from app.storage.data_keys import BATCH, KeyCounts
from app.storage.files import FileStore
from app.storage.keys import KeyRing
from app.storage.store import Store
from app.storage.vault import FRESH_SECONDS, Vault

Progress = Callable[[int], None]
"""Hears how many were done so far."""


@dataclass(frozen=True, slots=True)
class KeysShown:
    """The keys by name, and what they keep. Never a key."""

    ring: KeyRing
    counts: KeyCounts


def show(store: Store) -> KeysShown:
    """The names of the keys, which are current, and how many data keys each of them wraps."""
    return KeysShown(_vault(store).ring, store.data_keys.counts())


def rotate(settings: Settings, store: Store, files: FileStore, progress: Progress) -> int:
    """A new current data key, and the keys of every application and file wrapped with it; how many were.

    Servers that run read the key file again within a second, so what they wrapped meanwhile is wrapped again as well.
    Raises :class:`ActionNotAllowed` where the ring is a setting: that cannot be changed from here.
    """
    if settings.keys is not None:
        raise ActionNotAllowed(
            Text(
                "密钥环来自设置 APP_KEYS，请在那里加入新的当前数据密钥，重启各服务器，再运行 keys rewrap。",
                "The key ring is the setting APP_KEYS: add a new current data key there, restart the servers, then run "
                "keys rewrap.",
            ),
            action="rotate",
        )
    keys.changed(settings.keys_file, KeyRing.with_new_data_key)
    _vault(store).look_again()
    time.sleep(FRESH_SECONDS)
    return rewrap(store, files, progress)


def rewrap(store: Store, files: FileStore, progress: Progress) -> int:
    """Wrap the key of every application and file with the current key of the ring; how many were not yet."""
    return _all(store.data_keys.rewrap, files, progress)


def seal(store: Store, files: FileStore, progress: Progress) -> int:
    """Seal every row and file that is still plain; how many were."""
    return _all(store.data_keys.seal, files, progress)


def _all(next_batch: Callable[[], int], files: FileStore, progress: Progress) -> int:
    done = 0
    while count := next_batch():
        done += count
        progress(done)
    for _ in files.renew():
        done += 1
        if done % BATCH == 0:
            progress(done)
    return done


def _vault(store: Store) -> Vault:
    if store.vault is None:
        raise AssertionError("the store of an installation has a vault")
    return store.vault
