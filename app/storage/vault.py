"""Envelope encryption: what one owner has is sealed with a key of its own, and that key is wrapped by the key ring.

Values are sealed with AES-256-GCM (NIST SP 800-38D) under a random nonce of 96 bits. The associated data names the
place (table, column, row, owner), so that a sealed value moved to another row, column or case does not open. A sealed
value is one string, ``sealed:1:<owner>:<base64>``: the version of the form, whose data key opens it, and nonce,
ciphertext and tag. Destroying the wrapped key erases everything it sealed, wherever copies of it lie.

Sealing keeps contents secret; it does not prove that nothing was taken away or put back as it was before.
"""

import base64
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.storage.keys import KEY_BYTES, KeyRing, KeysUnreadable

log = logging.getLogger(__name__)

PREFIX = "sealed:1:"
NONCE_BYTES = 12
REMEMBERED = 1024
"""Unwrapped data keys one process keeps at hand."""
FRESH_SECONDS = 1.0
"""After so long a new data key is wrapped only after another look at the key file: it may have been rotated."""


class SealBroken(RuntimeError):
    """A sealed value or a wrapped key does not open here: altered, moved, or made under other keys."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it is stored; without ``text`` it was destroyed."""

    owner: str
    key_id: str
    text: str | None


def is_sealed(value: object) -> bool:
    """Whether this is a sealed value rather than a plain one."""
    return isinstance(value, str) and value.startswith(PREFIX)


def owner_in(value: str) -> str:
    """Whose data key opens this sealed value; raises :class:`SealBroken` when it does not say."""
    owner, colon, _ = value[len(PREFIX) :].rpartition(":")
    if not colon:
        raise SealBroken("a sealed value does not name its owner")
    return owner


class DataKey:
    """The unwrapped key of one owner: seals and opens values in their places."""

    __slots__ = ("_cipher", "_owner")

    def __init__(self, owner: str, key: bytes) -> None:
        self._owner, self._cipher = owner, AESGCM(key)

    def seal(self, place: str, value: Any) -> str:
        """The JSON value as one string that opens in this place alone."""
        return self.seal_text(place, orjson.dumps(value))

    def seal_text(self, place: str, content: bytes) -> str:
        """The same for a value that is JSON text already."""
        return f"{PREFIX}{self._owner}:{base64.b64encode(self.seal_bytes(place, content)).decode()}"

    def open(self, place: str, sealed: str) -> Any:
        """The value that was sealed in this place; raises :class:`SealBroken`."""
        try:
            raw = base64.b64decode(sealed[len(PREFIX) + len(self._owner) + 1 :], validate=True)
        except ValueError:
            raise _broken(place) from None
        return orjson.loads(self.open_bytes(place, raw))

    def seal_bytes(self, place: str, content: bytes) -> bytes:
        """Nonce, ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, self._bound(place))

    def open_bytes(self, place: str, closed: bytes) -> bytes:
        """What was sealed in this place; raises :class:`SealBroken`."""
        try:
            return self._cipher.decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], self._bound(place))
        except (InvalidTag, ValueError):
            raise _broken(place) from None

    def _bound(self, place: str) -> bytes:
        return f"{place}{SEPARATOR}{self._owner}".encode()


SEPARATOR = "\x1f"


def _put(keys: OrderedDict[str, DataKey], name: str, key: DataKey) -> None:
    """One key more; the one that was used longest ago goes when there are too many."""
    keys[name] = key
    while len(keys) > REMEMBERED:
        keys.popitem(last=False)


def _broken(place: str) -> SealBroken:
    return SealBroken(f"a sealed value does not open at {place.replace(SEPARATOR, ' ')}")


def place(table: str, column: str, key: str) -> str:
    """Where a value stands; ``key`` is the row's primary key."""
    return SEPARATOR.join((table, column, key))


class Vault:
    """Wraps and unwraps data keys with the key ring, and remembers the unwrapped ones for a while."""

    def __init__(self, ring: KeyRing, reread: Callable[[], KeyRing] | None = None) -> None:
        """``reread`` reads the ring again, where another process may have rotated it meanwhile."""
        self._ring, self._reread, self._read_at = ring, reread, time.monotonic()
        self._known: OrderedDict[str, DataKey] = OrderedDict()
        self._made: OrderedDict[str, DataKey] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def ring(self) -> KeyRing:
        """The ring, as it was read at most a second ago."""
        if time.monotonic() - self._read_at >= FRESH_SECONDS:
            self.look_again()
        return self._ring

    def fresh(self, owner: str) -> tuple[Wrapped, DataKey]:
        """A new data key, wrapped by the current key of the ring. Nobody else knows it until it is stored."""
        key = os.urandom(KEY_BYTES)
        wrapped, made = self._wrapped(owner, key), DataKey(owner, key)
        with self._lock:
            _put(self._made, wrapped.text or "", made)
        return wrapped, made

    def stored(self, owner: str, text: str) -> None:
        """A key is in the database now, wrapped as ``text``. When it was made here, it is remembered from now on; of
        two that were made for one owner at once, only the one that was stored is."""
        with self._lock:
            made = self._made.pop(text, None)
            if made is not None:
                _put(self._known, owner, made)

    def unwrapped(self, wrapped: Wrapped) -> DataKey:
        """The data key; raises :class:`SealBroken` when this ring does not open it. Not for a destroyed one."""
        key = DataKey(wrapped.owner, self._unwrap(wrapped))
        with self._lock:
            _put(self._known, wrapped.owner, key)
        return key

    def rewrapped(self, wrapped: Wrapped) -> Wrapped:
        """The same data key, wrapped by the current key of the ring."""
        return self._wrapped(wrapped.owner, self._unwrap(wrapped))

    def remembered(self, owner: str) -> DataKey | None:
        """The owner's key, if it was unwrapped lately."""
        with self._lock:
            found = self._known.get(owner)
            if found is not None:
                self._known.move_to_end(owner)
            return found

    def forget(self, owner: str) -> None:
        """Drop what is remembered of this owner's key."""
        with self._lock:
            self._known.pop(owner, None)

    def _wrapped(self, owner: str, key: bytes) -> Wrapped:
        ring, nonce = self.ring, os.urandom(NONCE_BYTES)
        closed = AESGCM(ring.data[ring.current_data]).encrypt(nonce, key, _about(owner, ring.current_data))
        return Wrapped(owner, ring.current_data, base64.b64encode(nonce + closed).decode())

    def _unwrap(self, wrapped: Wrapped) -> bytes:
        if wrapped.key_id not in self._ring.data:
            self.look_again()
        key = self._ring.data.get(wrapped.key_id)
        if key is None:
            raise SealBroken(f"the key ring does not hold {wrapped.key_id}, which a data key was wrapped with")
        try:
            raw = base64.b64decode(wrapped.text or "", validate=True)
            return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _about(wrapped.owner, wrapped.key_id))
        except (InvalidTag, ValueError):
            raise SealBroken(f"a data key does not open with {wrapped.key_id} of this key ring") from None

    def look_again(self) -> None:
        """Read the ring again, where there is a file to read."""
        self._read_at = time.monotonic()
        if self._reread is None:
            return
        try:
            self._ring = self._reread()
        except (OSError, KeysUnreadable) as error:
            log.warning("the key file cannot be read again, the keys in memory stay in use: %s", error)


def _about(owner: str, key_id: str) -> bytes:
    return SEPARATOR.join(("data_key", key_id, owner)).encode()


def now() -> datetime:
    """When a key is made: the machine's own time, whatever the office's clock is set to."""
    return datetime.now(UTC)
