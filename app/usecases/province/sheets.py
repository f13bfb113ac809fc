"""A life as a sheet: the rows of every table as text, with a slot for everything that is another in a copy.

The rows are what the app itself would write for this life (the same functions make them); only what must be computed
anew for every copy is left out: the links of the chain, salts and digests, seals, and positions in the proof tree.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Table

from app.domain.proof import canonical, header_of, stamp
from app.storage import tally_tables, vault_tables  # noqa: F401 - registers the tables
from app.storage.changes import Row
from app.storage.imprints import IMPRINTED, MOVING, instants
from app.storage.mapping import plain
from app.storage.sealed_columns import SEALED
from app.storage.tables import table
from app.storage.vault import SEPARATOR
from app.usecases.province.cells import CELL, Encode, sealed_later

ORDER = (
    *("application", "task", "event", "certificate", "credit_note", "file_use", "paper", "message"),
    *("rating", "matter", "matter_event", "fact", "erasure", "imprint"),
)
"""The tables of a sheet, parents first."""
PAPER_MARK, DIGEST_MARK = "<paper-digest>", "<digest>"
FIRST_SLOT = 0xE000
"""Slots are characters of the private use area while a sheet is made: no text of ours holds one."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A cell to be sealed: its place in the row, the beginning of what its seal is bound to, whether it holds JSON."""

    cell: int
    place: str
    is_json: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its table, its cells from ``start`` up to ``end`` of the sheet, and what is to be done with them."""

    table: str
    start: int
    end: int
    key: tuple[int, ...]
    sealed: tuple[Sealed, ...]
    header: int | None = None
    """Cell outside the row from which on stands what binds it. Of an event: its header, then actor, changes and why as
    JSON. Of an imprint: what of the row may be erased, its state and its header."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A life to be copied. ``literals`` and slots make up the text in ``order``: a number below the count of literals
    is one of them, any other the slot of that place in ``slots``."""

    literals: tuple[str, ...]
    order: tuple[int, ...]
    slots: tuple[str, ...]
    lines: tuple[Line, ...]
    salts: int
    """How many salts a copy needs: one for each event and each imprint."""
    erased_at: datetime | None = None
    """Since when its contents are gone, and the key and salts with them."""


@cache
def columns_of(name: str) -> tuple[Column[Any], ...]:
    """The columns of a table in the order in which they are written; a position in the tree comes last."""
    found = table(name)
    return tuple(sorted(found.columns, key=lambda column: column.name == "position" and _is_bound(found)))


def _is_bound(found: Table) -> bool:
    return "link" in found.columns


def sheet_of(
    rows: Mapping[str, Sequence[Row]], slots: Mapping[str, str], encode: Encode, codes: Iterable[str]
) -> Sheet:
    """The sheet of a life's rows. ``slots`` names the slot of every literal; ``codes`` are those that stand for
    themselves only as whole words, such as region codes."""
    cells: list[str] = []
    lines = [_line(name, row, cells, encode) for name in ORDER for row in rows.get(name, ())]
    lines += [_imprint(name, row, cells, encode) for name in IMPRINTED for row in rows.get(name, ())]
    names = tuple(dict.fromkeys(slots.values()))
    parts = _cut(CELL.join(cells), slots, {name: chr(FIRST_SLOT + place) for place, name in enumerate(names)}, codes)
    literals = tuple(dict.fromkeys(part for part in parts if not _is_slot(part)))
    used = sorted({part for part in parts if _is_slot(part)})
    at = {part: place for place, part in enumerate((*literals, *used))}
    order = tuple(at[part] for part in parts)
    names = tuple(names[ord(part) - FIRST_SLOT] for part in used)
    salts = sum(line.header is not None for line in lines)
    erased_at = next((row["erased_at"] for row in rows["application"]), None)
    return Sheet(literals, order, names, tuple(lines), salts, erased_at)


def _line(name: str, row: Row, cells: list[str], encode: Encode) -> Line:
    start, sealing, sealed = len(cells), SEALED.get(name), []
    columns = columns_of(name)
    for place, column in enumerate(columns):
        is_salt = column.name == "salt" and row.get("salt", "") is not None  # an imprint's is made in the copy
        if sealing is not None and column.name in sealing.blanks and (row.get(column.name) or is_salt):
            is_json = type(column.type).__name__ == "JSON"
            sealed.append(Sealed(place, SEPARATOR.join((name, column.name)) + SEPARATOR, is_json))
            cells.append(sealed_later(row.get(column.name)))
        else:
            cells.append(encode(column, row.get(column.name, _default(column))))
    key = tuple(place for place, column in enumerate(columns) if column.primary_key)
    end = len(cells)
    if name != "event":
        return Line(name, start, end, key, tuple(sealed))
    cells += [canonical(header_of(row)).decode(), *(sealed_later(row[part]) for part in ("actor", "changes", "why"))]
    return Line(name, start, end, key, tuple(sealed), end)


def _imprint(source: str, row: Row, cells: list[str], encode: Encode) -> Line:
    """The imprint of a new row. What its digests will be is told by :data:`PAPER_MARK` and :data:`DIGEST_MARK`."""
    target, blanks, moving = IMPRINTED[source], SEALED[source].blanks, MOVING.get(source, frozenset())
    payload = {name: plain(row[name]) for name in blanks if row.get(name)}
    kept = {**row, **({"digest": PAPER_MARK} if source == "paper" else {})}
    bound = [column.name for column in target.columns if column.name not in {*blanks, *moving}]
    state = {name: _stamped(kept.get(name)) for name in bound}
    at, key = min(instants(target, row)), row[next(iter(target.primary_key.columns)).name]
    own = {"source": source, "key": key, "seq": 1, "application_id": row["application_id"]}
    about = {**own, "digest": DIGEST_MARK if payload else None, "at": stamp(at)}
    line = _line("imprint", {**own, "at": at, "position": None}, cells, encode)
    hidden = sealed_later(payload) if payload else "", *map(sealed_later, ({"source": source, "row": state}, about))
    cells += hidden
    return replace(line, header=line.end, sealed=line.sealed if payload else ())


def _stamped(value: Any) -> Any:
    return stamp(value) if isinstance(value, datetime) else plain(value)


def _default(column: Column[Any]) -> Any:
    """What a column without a value gets: these tables have plain defaults, and empty objects."""
    found: Any = column.default
    if found is None:
        return None
    return found.arg if found.is_scalar else {}


def _cut(text: str, slots: Mapping[str, str], signs: Mapping[str, str], codes: Iterable[str]) -> list[str]:
    whole = frozenset(codes)
    for literal in sorted(slots, key=lambda each: (-len(each), each)):
        if literal in whole:
            text = re.sub(rf"(?<![0-9A-Za-z]){literal}(?![0-9A-Za-z])", signs[slots[literal]], text)
        elif literal:
            text = text.replace(literal, signs[slots[literal]])
    last = chr(FIRST_SLOT + len(signs))
    return [part for part in re.split(f"([{chr(FIRST_SLOT)}-{last}])", text) if part]


def _is_slot(part: str) -> bool:
    return len(part) == 1 and FIRST_SLOT <= ord(part) < 0xF8FF
