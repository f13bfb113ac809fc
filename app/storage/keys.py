"""The keys of an installation: what encrypts at rest, what signs, and what hides numbers that are looked up.

One JSON file outside the database holds them all, made on first start and readable by its owner only; several servers
share one file, or one setting with its content. Old keys stay in the file for as long as anything was made with them:
a rotation adds a key and makes it the current one.

* ``data`` keys encrypt the data keys of applications (envelope encryption): AES-256.
* ``signing`` keys sign checkpoints and certificates: Ed25519 (RFC 8032).
* ``blind`` turns an identity number into what look-ups go by (a blind index): HMAC-SHA-256.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

log = logging.getLogger(__name__)

KEY_BYTES = 32
FOR_OTHERS = 0o077
"""Permissions of group and everybody."""


class KeysUnreadable(RuntimeError):
    """The key file is damaged or not a key file; the message names the place, never a key."""


@dataclass(frozen=True, slots=True)
class Signature:
    """An Ed25519 signature and the id of the key that made it."""

    key: str
    value: bytes


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """Every key by its id, and which of each kind is the current one."""

    data: Mapping[str, bytes]
    current_data: str
    signing: Mapping[str, bytes]
    current_signing: str
    blind: bytes

    def __repr__(self) -> str:
        """The ids alone: a key must never reach a log."""
        return f"KeyRing(data={sorted(self.data)}, signing={sorted(self.signing)})"

    def sign(self, message: bytes) -> Signature:
        """Sign with the current key."""
        private = Ed25519PrivateKey.from_private_bytes(self.signing[self.current_signing])
        return Signature(self.current_signing, private.sign(message))

    def is_signed(self, message: bytes, signature: Signature) -> bool:
        """Whether this installation signed exactly this message, with the key that is named."""
        private = self.signing.get(signature.key)
        if private is None:
            return False
        public = Ed25519PrivateKey.from_private_bytes(private).public_key()
        return verifies(public.public_bytes_raw(), message, signature.value)

    def public_keys(self) -> dict[str, bytes]:
        """key id → the 32 bytes of the public key; for anyone who wants to check a signature."""
        return {
            name: Ed25519PrivateKey.from_private_bytes(seed)
            .public_key()
            .public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            for name, seed in self.signing.items()
        }

    def blind_index(self, number: str) -> str:
        """What an identity number is looked up by, hex: equal for equal numbers, and worth nothing without the key."""
        return hmac.new(self.blind, number.strip().upper().encode(), hashlib.sha256).hexdigest()

    def with_new_data_key(self) -> "KeyRing":
        """The same ring with a fresh current data key; the old ones still open what they closed."""
        name = _next(self.data, "k")
        return replace(self, data={**self.data, name: secrets.token_bytes(KEY_BYTES)}, current_data=name)

    def with_new_signing_key(self) -> "KeyRing":
        """The same ring with a fresh current signing key; what the old ones signed stays verifiable."""
        name = _next(self.signing, "s")
        return replace(self, signing={**self.signing, name: secrets.token_bytes(KEY_BYTES)}, current_signing=name)

    def dumped(self) -> str:
        """The content of a key file."""
        document = {
            "version": 1,
            "current_data": self.current_data,
            "data": {name: _text(key) for name, key in self.data.items()},
            "current_signing": self.current_signing,
            "signing": {name: _text(key) for name, key in self.signing.items()},
            "blind": _text(self.blind),
        }
        return json.dumps(document, indent=1)


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` over ``message`` belongs to this Ed25519 public key (32 bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fresh_ring() -> KeyRing:
    """New keys for a new installation."""
    made = [secrets.token_bytes(KEY_BYTES) for _ in range(3)]
    return KeyRing({"k1": made[0]}, "k1", {"s1": made[1]}, "s1", made[2])


def parsed(text: str) -> KeyRing:
    """The ring in the content of a key file; raises :class:`KeysUnreadable`."""
    try:
        document = json.loads(text)
        ring = KeyRing(
            {name: _key(key) for name, key in document["data"].items()},
            document["current_data"],
            {name: _key(key) for name, key in document["signing"].items()},
            document["current_signing"],
            _key(document["blind"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeysUnreadable("the key file is damaged or is not a key file: restore it from a backup") from None
    if ring.current_data not in ring.data or ring.current_signing not in ring.signing:
        raise KeysUnreadable("the key file names a current key that it does not hold")
    return ring


def opened(path: Path) -> KeyRing:
    """The ring of the key file, made on first use and readable by its owner only. Raises :class:`KeysUnreadable`.

    A file that others may read still opens, as a secret mounted into a container would not otherwise; the log says so.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        create_once(path, fresh_ring().dumped())
    if os.name == "posix" and path.stat().st_mode & FOR_OTHERS:
        log.warning("the key file %s is open to others than its owner: close it with chmod 600", path)
    return parsed(path.read_text())


def kept(path: Path, ring: KeyRing) -> None:
    """Replace the key file in one step: whoever reads it sees the old one or the new one, whole."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _write(beside, ring.dumped())
    beside.replace(path)


def changed(path: Path, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
    """Change the ring in the key file and return it. Raises :class:`KeysUnreadable` while another process does: two
    at once would each keep a ring without the other's new key."""
    lock = path.with_name(f"{path.name}.lock")
    try:
        os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise KeysUnreadable(f"another process changes the keys; if none does, remove {lock}") from None
    try:
        ring = change(parsed(path.read_text()))
        kept(path, ring)
    finally:
        lock.unlink()
    return ring


def create_once(path: Path, text: str) -> None:
    """Write the file unless another process was first; nobody ever sees half of it."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _write(beside, text)
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _next(keys: Mapping[str, bytes], letter: str) -> str:
    return f"{letter}{1 + max(int(name[1:]) for name in keys)}"


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
