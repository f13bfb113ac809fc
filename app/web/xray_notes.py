"""What a post did, carried to the page that follows it: whichever process of the server answers that page.

The note travels in a cookie of the same browser, sealed with a key of the installation (AES-256-GCM) and bound to the
sign-in: nobody else can open it, it cannot be changed, the server keeps nothing, and after two minutes it is worth
nothing. It holds what that browser has just sent, and names and numbers of rows.
"""

import base64
import hashlib
import hmac
import json
import secrets
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.storage.keys import KeyRing

COOKIE = "xray-note"
KEPT_SECONDS = 120
LONGEST = 3600
"""Characters that are certain to fit into one cookie."""
NONCE_BYTES = 12
PURPOSE = b"the note of the x-ray"


@dataclass(frozen=True, slots=True)
class Shown:
    """One call as the panel tells it. ``rows``: table → how many; ``commands``: id of the operation, its command."""

    where: str
    sentence: str
    may_write: bool
    rows: Mapping[str, int]
    commands: Sequence[tuple[str, str]]


def sealed(ring: KeyRing, token: str, shown: Sequence[Shown], at: float) -> str | None:
    """The note as the value of a cookie, ``at`` in seconds; its commands are left out when they make it too long, and
    it is None when it is too long even so."""
    for entries in (shown, [replace(entry, commands=[]) for entry in shown]):
        said = json.dumps([at, [asdict(entry) for entry in entries]], ensure_ascii=False).encode()
        nonce = secrets.token_bytes(NONCE_BYTES)
        closed = nonce + AESGCM(_key(ring)).encrypt(nonce, zlib.compress(said, 9), _owner(token))
        text = base64.urlsafe_b64encode(closed).decode()
        if len(text) <= LONGEST:
            return text
    return None


def opened(ring: KeyRing, token: str, text: str, at: float) -> list[Shown]:
    """What the note of this sign-in says; nothing when it is somebody else's, was changed, or is too old."""
    try:
        closed = base64.urlsafe_b64decode(text)
        said = AESGCM(_key(ring)).decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], _owner(token))
    except (InvalidTag, ValueError):
        return []
    since, entries = json.loads(zlib.decompress(said))
    if not 0 <= at - since < KEPT_SECONDS:
        return []
    return [Shown(**{**entry, "commands": [tuple(command) for command in entry["commands"]]}) for entry in entries]


def _key(ring: KeyRing) -> bytes:
    """A key of its own; what is looked up by number is upper case, so that the two can never be the same."""
    return hmac.new(ring.blind, PURPOSE, hashlib.sha256).digest()


def _owner(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
