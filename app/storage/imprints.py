"""Imprints: rows that change, or belong to tables of other shapes, bound into the proof tree by what they said.

Papers, consents, ratings and messages keep their own tables. Every time one of their rows is written, an imprint is
written in the same transaction::

    digest_n = H("payload/v1" 0x00  salt_n  canonical(what of the row may be erased))
    state_n  = H("record/v1"  0x00  digest_n  canonical(everything else of the row))
    link_n   = H("link/v1"    0x00  link_(n-1)  state_n  canonical(which row, which time, when, digest_n))

with 32 zero bytes for ``link_0``. The links are leaves of the tree. The salt is sealed with the data key of the
application and dies with it, so that nobody can try guesses against a leaf afterwards; that there was such a row, and
everything in it that stays, can still be checked. Of a message only what it said, to whom and when is bound: whether it
has been sent and read are no part of it (:data:`MOVING`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, func, select

from app.domain.proof import Hasher, Sealing, canonical, next_link, payload_digest, stamp
from app.domain.vocabulary import Text
from app.storage.changes import Changes, Row, Update
from app.storage.imprint_tables import IMPRINT
from app.storage.matter_tables import RATING
from app.storage.paper_tables import MESSAGE, PAPER
from app.storage.queries import Reader
from app.storage.records import EMPTY, payload_of_record, state_of_record
from app.storage.sealing import Found
from app.storage.sharing_tables import CONSENT

IMPRINTED: Mapping[str, Table] = {found.name: found for found in (PAPER, CONSENT, RATING, MESSAGE)}
"""The tables whose rows leave imprints; each has one text as its primary key, and the column ``application_id``."""
MOVING: Mapping[str, frozenset[str]] = {
    MESSAGE.name: frozenset({"read_at", "sent_at", "claimed_until", "attempts"}),
}
"""Columns that say how far a row has got, not what it says: they are not bound."""
TELLS_WHEN = ("event", "matter_event")
"""Rows beside a change that say when it happened."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The newest imprint that a row has had so far."""

    seq: int
    link: str


def with_imprints(sealing: Sealing, reader: Reader, changes: Changes) -> Changes:
    """The changes with an imprint of every row that they add or alter."""
    made = [
        imprint(sealing, name, row, min(instants(IMPRINTED[name], row)))
        for name in IMPRINTED
        for row in changes.inserts.get(name, ())
    ]
    altered: dict[tuple[str, str], Row] = {}
    for change in changes.updates:
        if change.table in IMPRINTED and not change.values.keys() <= MOVING.get(change.table, frozenset()):
            altered.setdefault((change.table, str(change.key)), {}).update(change.values)
    made += [_altered(sealing, reader, Update(name, key, values), changes) for (name, key), values in altered.items()]
    return changes.also(IMPRINT.name, *made) if made else changes


def _altered(sealing: Sealing, reader: Reader, change: Update, changes: Changes) -> Row:
    """The imprint of a row as it will be. Whoever alters the same row meanwhile takes the same number: one of the two
    has to compute again."""
    target, key = IMPRINTED[change.table], str(change.key)
    query = select(IMPRINT.c.seq, IMPRINT.c.link).where(IMPRINT.c.source == target.name, IMPRINT.c.key == key)
    last = reader.connection.execute(query.order_by(IMPRINT.c.seq.desc()).limit(1)).first()
    before = reader.row(select(target).where(key_of(target) == key))
    if before is None:
        raise LookupError(f"a row of {target.name} that is to be altered is not there")
    row = {**before, **change.values}
    told = [event["at"] for name in TELLS_WHEN for event in changes.inserts.get(name, ())]
    return imprint(
        sealing, target.name, row, max([*told, *instants(target, row)]), None if last is None else Earlier(*last)
    )


def imprint(sealing: Sealing, source: str, row: Found, at: datetime, earlier: Earlier | None = None) -> Row:
    """The row of an imprint of what ``row`` says; ``earlier`` is the imprint before, if there is one.

    A message about no application (an offer) stands for itself, as it is sealed with a key of its own.
    """
    target = IMPRINTED[source]
    payload = payload_of_record(target, row)
    salt = sealing.salt() if payload else None
    digest = None if salt is None else payload_digest(sealing.hasher, salt, canonical(payload))
    made: Row = {
        "source": source,
        "key": row[key_of(target).name],
        "seq": 1 if earlier is None else earlier.seq + 1,
        "application_id": row["application_id"] or row[key_of(target).name],
        "at": at,
        "salt": None if salt is None else salt.hex(),
        "digest": None if digest is None else digest.hex(),
        "state": _state(sealing.hasher, target, row, digest or EMPTY),
        "position": None,
    }
    return {**made, "link": link_of(sealing.hasher, made, None if earlier is None else earlier.link)}


def adopted(sealing: Sealing, source: str, row: Found, at: datetime) -> Row:
    """The imprint of a row that is older than its imprints."""
    return imprint(sealing, source, row, at, Earlier(-1, ""))


def link_of(hasher: Hasher, made: Mapping[str, Any], before: str | None) -> str:
    """What binds an imprint to the one before. Raises ``ValueError`` for a state that is no hexadecimal text."""
    names = ("source", "key", "seq", "application_id", "digest")
    about = {**{name: made[name] for name in names}, "at": stamp(made["at"])}
    start = bytes.fromhex(before) if before else EMPTY
    return next_link(hasher, start, bytes.fromhex(made["state"]), canonical(about)).hex()


def wrong(hasher: Hasher, made: Mapping[str, Any], row: Found) -> Text | None:
    """What of a row is not what its newest imprint says, or None. Without the salt, what may be erased is not looked
    at; it must be gone."""
    target = IMPRINTED[made["source"]]
    payload = payload_of_record(target, row)
    shows = Text("内容与最近一次写入时不同", "it does not say what it said when it was last written")
    if made["salt"]:
        try:
            salt, digest = bytes.fromhex(made["salt"]), bytes.fromhex(made["digest"] or "")
        except ValueError:
            return shows
        if payload_digest(hasher, salt, canonical(payload)) != digest:
            return shows
    elif payload:
        return Text("已删除的内容又有了内容", "contents that were erased are there again")
    digest = bytes.fromhex(made["digest"]) if made["digest"] else EMPTY
    return None if _state(hasher, target, row, digest) == made["state"] else shows


def _state(hasher: Hasher, target: Table, row: Found, digest: bytes) -> str:
    return state_of_record(hasher, target, row, digest, MOVING.get(target.name, frozenset()))


def instants(target: Table, row: Found) -> list[datetime]:
    """Every instant the row says; the earliest is when it was made."""
    moving = MOVING.get(target.name, frozenset())
    found = (row.get(column.name) for column in target.columns if column.name not in moving)
    return [value for value in found if isinstance(value, datetime)]


def key_of(target: Table) -> ColumnElement[str]:
    """The one column of its primary key."""
    (key,) = target.primary_key.columns
    return key


def rows_without(reader: Reader, target: Table, limit: int) -> Sequence[Found]:
    """Rows of this table that have left no imprint, opened."""
    return reader.rows(select(target).where(~_has_imprint(target)).order_by(key_of(target)).limit(limit))


def _has_imprint(target: Table) -> ColumnElement[bool]:
    return exists().where(and_(IMPRINT.c.source == target.name, IMPRINT.c.key == key_of(target)))


def keys_without(reader: Reader, target: Table, application_id: str | None) -> Sequence[str]:
    """The first key of a row of this table that has left no imprint, if there is any."""
    query = select(key_of(target)).where(~_has_imprint(target)).order_by(key_of(target)).limit(1)
    if application_id is not None:
        query = query.where(target.c.application_id == application_id)
    return reader.connection.execute(query).scalars().all()


def is_begun(reader: Reader, source: str) -> bool:
    """Whether any row of a table has been written since it leaves imprints: from then on none is taken over unasked."""
    query = select(IMPRINT.c.seq).where(IMPRINT.c.source == source, IMPRINT.c.seq > 0).limit(1)
    return reader.connection.execute(query).first() is not None


def late_adoption(reader: Reader) -> str | None:
    """The leaf key of a row that was taken over although others of its table had left imprints before, or None."""
    other = IMPRINT.alias()
    begun = select(func.min(other.c.position)).where(other.c.source == IMPRINT.c.source, other.c.seq > 0)
    first = begun.correlate(IMPRINT).scalar_subquery()
    is_late = (IMPRINT.c.position > first) | (IMPRINT.c.position.is_(None) & first.is_not(None))
    own = IMPRINT.c.source, IMPRINT.c.key, IMPRINT.c.seq
    row = reader.connection.execute(select(*own).where(IMPRINT.c.seq == 0, is_late).order_by(*own).limit(1)).first()
    return None if row is None else "/".join(map(str, row))


def newest_rows(reader: Reader, source: str, keys: Iterable[str]) -> Sequence[Found]:
    """The rows of a table with these keys, opened."""
    target = IMPRINTED[source]
    return reader.rows(select(target).where(key_of(target).in_(list(keys))))
