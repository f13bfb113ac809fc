"""Proofs as they are read: receipts anybody can check without asking again, checkpoints, and public keys.

Everything that was hashed or signed is given exactly as it was: instants as text in UTC, hashes in hexadecimal,
payloads as their canonical JSON.
"""

from typing import Any, Literal

from pydantic import Field

from app.domain.proof import Checkpoint, stamp
from app.schemas.common import Bilingual, Out


class CheckpointOut(Out):
    """The signed root of the tree at one size. ``text`` is exactly what was signed."""

    size: int = Field(description="leaves of the tree")
    root: str = Field(description="root of the tree (RFC 6962), hexadecimal")
    hash: str = Field(description="hash function of the installation", examples=["sha256", "sm3"])
    at: str = Field(description="when it was signed, UTC; in a demonstration by the office's clock, which can be moved")
    previous_size: int | None
    previous_root: str | None
    key: str = Field(description="id of the key that signed")
    signature: str = Field(description="Ed25519 (RFC 8032) over ``text``, hexadecimal")
    text: str

    @classmethod
    def of(cls, found: Checkpoint, key: str, signature: bytes) -> "CheckpointOut":
        """From the domain, with who signed it."""
        return cls(
            size=found.size,
            root=found.root,
            hash=found.hash,
            at=stamp(found.at),
            previous_size=found.previous_size,
            previous_root=found.previous_root,
            key=key,
            signature=signature.hex(),
            text=found.text,
        )


class BoundEventOut(Out):
    """One event of a chain. Salt and payload are given to whoever may read what it says, and only while it is kept."""

    header: dict[str, str | int | None] = Field(description="what stays for ever: case, step, kind, role, instant")
    digest: str = Field(description="salted digest of the payload, hexadecimal")
    salt: str | None = Field(description="hexadecimal; null where the payload is not given")
    payload: str | None = Field(description="who, why and the new values, as canonical JSON text; or null")


class ProofOut(Out):
    """receipt/v1: keep the file; ``/verify.py`` checks it without this platform."""

    format: Literal["receipt/v1"] = "receipt/v1"
    label: Bilingual
    note: Bilingual = Field(description="what the receipt proves, and what not")
    reference: str | None
    hash: str
    origin: dict[str, Any] = Field(description="what the case was created as; the chain begins with its hash")
    events: list[BoundEventOut] = Field(description="the chain up to the event that is proved, which is the last")
    link: str = Field(description="link of that event: a leaf of the tree")
    position: int = Field(description="place of the leaf, from 0")
    path: list[str] = Field(description="inclusion proof (RFC 6962), from the leaf upward")
    checkpoint: CheckpointOut = Field(description="the first one that covers the leaf")
    public_key: str = Field(description="Ed25519 public key of the checkpoint, 32 bytes in hexadecimal")
    verifier: str = Field("/verify.py", description="a program that checks this file, in one file of its own")


class ConsistencyOut(Out):
    """That one tree is the beginning of another (RFC 6962 §2.1.2)."""

    hash: str
    first: int
    second: int
    path: list[str]


class PublicKeyOut(Out):
    """A key that signs checkpoints, or did."""

    key: str
    algorithm: Literal["Ed25519"] = "Ed25519"
    public: str = Field(description="32 bytes in hexadecimal")
    is_current: bool
