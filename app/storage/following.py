"""Where many applications and sign-ins stand, one question each: asked by a process for all who follow something."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select

from app.storage.queries import Reader
from app.storage.tables import APPLICATION, TOKEN

AT_ONCE = 500
"""Identifiers in one statement."""


def versions(reader: Reader, ids: Iterable[str]) -> dict[str, int]:
    """The versions of these applications, found by primary key."""
    found: dict[str, int] = {}
    for some in _parts(ids):
        query = select(APPLICATION.c.id, APPLICATION.c.version).where(APPLICATION.c.id.in_(some))
        found |= {row["id"]: row["version"] for row in reader.rows(query)}
    return found


def ended(reader: Reader, hashes: Iterable[str], at: datetime) -> set[str]:
    """Those of these sign-ins, by the hashes of their tokens, that are over at the real instant ``at``."""
    asked, found = set(hashes), set[str]()
    for some in _parts(asked):
        query = select(TOKEN.c.hash).where(TOKEN.c.hash.in_(some), TOKEN.c.expires_at > at)
        found |= {row["hash"] for row in reader.rows(query)}
    return asked - found


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    whole = sorted(ids)
    return (whole[start : start + AT_ONCE] for start in range(0, len(whole), AT_ONCE))
