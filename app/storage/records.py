"""Records that stand alone, such as every look at data: each is bound as a leaf of the proof tree, without a chain.

Such a table has the columns ``salt``, ``digest``, ``link`` and ``position``, and is named among the sources of
:mod:`app.storage.notary`. What of it is sealed may be erased and enters as a salted digest; everything else is bound
as it stands. The key of a row is drawn at random, so that nobody can try guesses against a link.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table

from app.domain.proof import Hasher, Sealing, canonical, payload_digest, record_link, stamp
from app.domain.vocabulary import Text
from app.storage.changes import Changes, Row
from app.storage.mapping import plain
from app.storage.sealed_columns import SEALED
from app.storage.sharing_tables import DATA_CALL

BINDING = frozenset({"salt", "digest", "link", "position"})
RECORDS = (DATA_CALL,)
"""Every look at data."""
EMPTY = bytes(32)
"""Stands for the digest of a record that has nothing to erase."""


def all_bound(sealing: Sealing, changes: Changes) -> Changes:
    """The changes with every new record bound: the last thing that happens to it before it is sealed and written."""
    new = {table.name: [bound(sealing, table, row) for row in changes.inserts.get(table.name, ())] for table in RECORDS}
    return replace(changes, inserts={**changes.inserts, **{name: rows for name, rows in new.items() if rows}})


def bound(sealing: Sealing, table: Table, row: Row) -> Row:
    """The row of a new record with what binds it."""
    payload = payload_of_record(table, row)
    if not payload:
        return {**row, "salt": None, "digest": None, "link": state_of_record(sealing.hasher, table, row, EMPTY)}
    salt = sealing.salt()
    digest = payload_digest(sealing.hasher, salt, canonical(payload))
    link = state_of_record(sealing.hasher, table, row, digest)
    return {**row, "salt": salt.hex(), "digest": digest.hex(), "link": link}


def wrong(hasher: Hasher, table: Table, row: Mapping[str, Any]) -> Text | None:
    """What of a stored record is not what was bound, or None. Without its salt, what may be erased is not looked at."""
    shows = Text("内容、摘要或链接与记录时不同", "what it says, its digest or its link are not what was recorded")
    payload = payload_of_record(table, row)
    try:
        digest = bytes.fromhex(row["digest"]) if row["digest"] else EMPTY
        if row["salt"]:
            is_same = payload_digest(hasher, bytes.fromhex(row["salt"]), canonical(payload)) == digest
        else:
            is_same = not payload
        return None if is_same and state_of_record(hasher, table, row, digest) == row["link"] else shows
    except ValueError:  # salt or digest are no hexadecimal text any more
        return shows


def state_of_record(
    hasher: Hasher, table: Table, row: Mapping[str, Any], digest: bytes, but: Collection[str] = ()
) -> str:
    """The hash of a whole row, hexadecimal, but not of the columns in ``but``; ``digest`` stands for what may be
    erased."""
    header = {name: _plain(row.get(name)) for name in _kept_names(table) if name not in but}
    return record_link(hasher, digest, {"source": table.name, "row": header}).hex()


def payload_of_record(table: Table, row: Mapping[str, Any]) -> Row:
    """What of a row may be erased, as far as there is any."""
    return {name: _plain(row[name]) for name in _erasable_names(table) if row.get(name)}


@cache
def _kept_names(table: Table) -> tuple[str, ...]:
    """The columns of a record that stay when its content is erased, in their order, but not those that bind it."""
    gone = {*_binding(table), *_blanks(table)}
    return tuple(column.name for column in table.columns if column.name not in gone)


@cache
def _erasable_names(table: Table) -> tuple[str, ...]:
    return tuple(name for name in _blanks(table) if name not in _binding(table))


def _binding(table: Table) -> Collection[str]:
    return BINDING if "link" in table.columns else ()


def _blanks(table: Table) -> Collection[str]:
    return SEALED[table.name].blanks if table.name in SEALED else ()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return value if isinstance(value, dict | list) else plain(value)  # a JSON column of a row is plain already
