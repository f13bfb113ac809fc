"""What every event row is bound by: a salted digest of what it says, and a link to everything before it in its case.

The rows of one case form a chain::

    person   = H("person/v1"  0x00  salt_1  canonical(whose case it is))
    origin   = H("origin/v1"  0x00  canonical(what the case was created as, with person))
    digest_n = H("payload/v1" 0x00  salt_n  canonical(payload_n))
    link_n   = H("link/v1"    0x00  link_(n-1)  digest_n  canonical(header_n))      with link_0 = origin

The header holds what may stay for ever: which case, which step, when, in what role. The payload holds what may have to
be erased: who, why, and the new values. It enters as a digest with a salt of its own, so that destroying payload and
salt leaves nothing that could be guessed, and the chain can still be checked.

A record that belongs to no chain (:func:`record_link`) is bound in the same way, without a predecessor. All links are
the leaves of one tree: see :mod:`app.domain.merkle`.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

_plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
HASHES: Final = ("sha256", "sm3")
"""SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016); both give 32 bytes."""
HASH_BYTES: Final = 32
SALT_BYTES: Final = 16
BEGUN_BY: Final = ("applicant", "created_by", "home_region")
"""What a case was created as that says something of a person: bound by a digest, salted like the first event."""


class HashMissing(LookupError):
    """This machine's OpenSSL does not have the hash function, or nobody has it under that name."""


@dataclass(frozen=True, slots=True)
class Hasher:
    """A hash function by its name. Raises :class:`HashMissing` when made with one that is not there."""

    name: str = HASHES[0]

    def __post_init__(self) -> None:
        """Fail here and not at the first event."""
        try:
            known = self.name in HASHES and hashlib.new(self.name).digest_size == HASH_BYTES
        except ValueError:
            known = False
        if not known:
            raise HashMissing(f"the OpenSSL of this machine does not know the hash function {self.name}")

    def __call__(self, *parts: bytes) -> bytes:
        """The 32 bytes of the hash of all parts in a row."""
        return hashlib.new(self.name, b"".join(parts)).digest()


@dataclass(frozen=True, slots=True)
class Sealing:
    """How a chain is made: with which hash function, and where salts (``SALT_BYTES`` random bytes each) come from."""

    hasher: Hasher
    salt: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Link:
    """One event bound into its chain. ``salt`` is destroyed with the payload; ``digest`` and ``link`` stay."""

    salt: bytes
    digest: bytes
    link: bytes


@dataclass(frozen=True, slots=True)
class Start:
    """Where a chain starts, hexadecimal: ``person`` is bound into ``origin``, and ``origin`` into the first link."""

    person: str
    origin: str


def canonical(value: Any) -> bytes:
    """JSON without a choice: UTF-8, keys sorted by code point, no spaces. Raises ``ValueError`` for NaN."""
    return _plain(value).encode()


def stamp(at: datetime) -> str:
    """An aware instant as headers hold it: UTC, microseconds, always 32 characters."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def origin_of(row: Mapping[str, Any], pack: str) -> dict[str, Any]:
    """What a case was created as, from its row; ``pack`` is the digest of the bundle it was begun under."""
    names = ("id", "bundle", "region", "filed_region", "person")
    return {**{name: row[name] for name in names}, "pack": pack, "created_at": stamp(row["created_at"])}


def header_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event row stays for ever."""
    names = ("application_id", "seq", "kind", "task", "role", "start", "end")
    return {**{name: row[name] for name in names}, "at": stamp(row["at"])}


def payload_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What of an event row may be erased."""
    return {name: row[name] for name in ("actor", "why", "changes")}


def person_digest(hasher: Hasher, salt: bytes, case: Mapping[str, Any]) -> bytes:
    """Whose case it is, from its row; ``salt`` is that of the first event."""
    return hasher(b"person/v1\0", salt, canonical({name: case[name] for name in BEGUN_BY}))


def origin_link(hasher: Hasher, origin: Mapping[str, Any]) -> bytes:
    """Where a chain begins."""
    return hasher(b"origin/v1\0", canonical(origin))


def payload_digest(hasher: Hasher, salt: bytes, payload: bytes) -> bytes:
    """The digest of a canonical payload. Without the salt nobody can try guesses against it."""
    return hasher(b"payload/v1\0", salt, payload)


def next_link(hasher: Hasher, before: bytes, digest: bytes, header: bytes) -> bytes:
    """The link after ``before``; ``header`` is canonical."""
    return hasher(b"link/v1\0", before, digest, header)


def record_link(hasher: Hasher, digest: bytes, header: Mapping[str, Any]) -> bytes:
    """The leaf of a record that stands alone. Its header must name the table and the key, so that none can stand for
    another."""
    return hasher(b"record/v1\0", digest, canonical(header))


def chain(sealing: Sealing, case: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> tuple[Start, list[Link]]:
    """Bind new event rows, in order, after the newest one of the case whose row is given; and where its chain starts,
    which for a case without events is made here."""
    salts = [sealing.salt() for _ in rows]
    start = Start(case["person"], case["origin"])
    if case["chain"] is None:
        person = person_digest(sealing.hasher, salts[0], case).hex()
        start = Start(person, origin_link(sealing.hasher, origin_of({**case, "person": person}, case["digest"])).hex())
    before, links = bytes.fromhex(case["chain"] or start.origin), []
    for salt, row in zip(salts, rows, strict=True):
        digest = payload_digest(sealing.hasher, salt, canonical(payload_of(row)))
        before = next_link(sealing.hasher, before, digest, canonical(header_of(row)))
        links.append(Link(salt, digest, before))
    return start, links


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree at one moment: its size, its root, and which checkpoint it grew from. Roots are hexadecimal."""

    size: int
    root: str
    hash: str
    at: datetime
    previous_size: int | None
    previous_root: str | None

    @property
    def text(self) -> str:
        """What is signed, in UTF-8: seven lines."""
        previous = "-" if self.previous_size is None else f"{self.previous_size} {self.previous_root}"
        return f"checkpoint/v1\nyijianshi\n{self.hash}\n{self.size}\n{self.root}\n{stamp(self.at)}\n{previous}\n"
