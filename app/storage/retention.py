"""Reads about keeping and erasing: until when, what is due, what was erased, and which files nobody uses any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select

from app.storage.queries import Reader
from app.storage.sealing import Found
from app.storage.tables import APPLICATION
from app.storage.vault_tables import ERASURE, FILE_USE


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is said of an application whose personal information was erased."""

    application_id: str
    at: datetime
    actor: str
    role: str
    ground: str
    law_zh: str
    law_en: str


def kept_until(reader: Reader, application_id: str) -> date | None:
    """The last day this application is kept; None while that is open, and once it is erased."""
    row = reader.row(select(APPLICATION.c.retain_until).where(APPLICATION.c.id == application_id))
    return None if row is None else row["retain_until"]


def ids_of(reader: Reader, applicant: str, before: str | None, limit: int) -> list[str]:
    """A person's applications, newest first, older than the one with the id ``before``."""
    query = select(APPLICATION.c.id).where(APPLICATION.c.applicant == applicant)
    if before is not None:
        query = query.where(APPLICATION.c.id < before)
    return [row["id"] for row in reader.rows(query.order_by(APPLICATION.c.id.desc()).limit(limit))]


def doomed(reader: Reader, today: date, target: date) -> tuple[int, int]:
    """How many drafts and how many other files kept today would have to be erased on ``target``."""
    until, is_draft = APPLICATION.c.retain_until, APPLICATION.c.submitted_at.is_(None)
    query = select(is_draft, func.count()).where(until.is_not(None), until >= today, until < target).group_by(is_draft)
    found = {bool(draft): int(count) for draft, count in reader.connection.execute(query)}
    return found.get(True, 0), found.get(False, 0)


def tombstone(reader: Reader, application_id: str) -> Tombstone | None:
    """The tombstone of an application, or None."""
    row: Found | None = reader.row(select(ERASURE).where(ERASURE.c.application_id == application_id))
    return None if row is None else Tombstone(**row)


@dataclass(frozen=True, slots=True)
class FileUse:
    """One event of an application that referred to a file."""

    application_id: str
    seq: int
    digest: str


def released_uses(reader: Reader, limit: int, after: str) -> list[FileUse]:
    """Uses of files by erased applications, where nobody else uses the file; after the digest ``after``."""
    other = FILE_USE.alias("other")
    is_used = exists().where(other.c.digest == FILE_USE.c.digest, other.c.released_at.is_(None))
    columns = FILE_USE.c.application_id, FILE_USE.c.seq, FILE_USE.c.digest
    query = select(*columns).where(FILE_USE.c.released_at.is_not(None), FILE_USE.c.digest > after, ~is_used)
    return [FileUse(**row) for row in reader.rows(query.order_by(FILE_USE.c.digest).limit(limit))]


def named(reader: Reader, digests: Sequence[str]) -> frozenset[str]:
    """Which of these files any row names, be it of an application that has been erased."""
    query = select(FILE_USE.c.digest).where(FILE_USE.c.digest.in_(digests)).distinct()
    return frozenset(reader.connection.execute(query).scalars())
