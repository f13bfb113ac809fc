"""Copies of a sheet: every slot filled, every event bound into its chain, every sealed cell sealed with a new key.

Digests and links are computed by the functions of the proof itself, seals by the vault's; salts come from the seed, so
the same seed gives the same chains, while keys and nonces are the operating system's, as always.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.proof import SALT_BYTES, Hasher, next_link, origin_link, origin_of, payload_digest, person_digest
from app.storage.records import EMPTY
from app.storage.vault import DataKey, Vault
from app.storage.vault import now as made_at
from app.usecases.province.cells import CELL, NULL, Encode
from app.usecases.province.sheets import DIGEST_MARK, PAPER_MARK, Line, Sheet, columns_of

Cells = list[Any]
BOUND = ("event", "imprint")
"""What becomes leaves."""


@dataclass(slots=True)
class Batch:
    """Rows of many cases by table, and for those that become leaves of the tree their links and keys, row by row."""

    rows: dict[str, list[Any]] = field(default_factory=dict)
    links: dict[str, list[bytes]] = field(default_factory=lambda: {name: [] for name in BOUND})
    keys: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in BOUND})
    cases: int = 0
    history: int = 0

    def add(self, name: str, row: Any) -> None:
        """One more row."""
        self.rows.setdefault(name, []).append(row)


@dataclass(frozen=True, slots=True)
class Begun:
    """What a copy was created as: what its chain begins with."""

    id: str
    bundle: str
    digest: str
    region: str
    filed_region: str | None
    applicant: str
    created_by: str
    home_region: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _Chain:
    """What binds one copy: hexadecimal where it is stored, and the links as bytes."""

    person: str
    origin: str
    bound: list[tuple[str, str, str]]
    links: list[bytes]


class Copier:
    """Turns sheets into rows. ``pack`` makes of a row's cells what the loader takes."""

    def __init__(self, vault: Vault, hasher: Hasher, encode: Encode, pack: Callable[[Cells], Any]) -> None:
        self._vault, self._hasher, self._encode, self._pack = vault, hasher, encode, pack

    def copy(self, sheet: Sheet, values: Mapping[str, str], begun: Begun, salts: bytes, batch: Batch) -> None:
        """Add one copy to the batch. ``values`` fill the slots by name, ``salts`` are those of the events in a row."""
        known = [*sheet.literals, *map(values.__getitem__, sheet.slots)]
        cells: Cells = "".join([known[place] for place in sheet.order]).split(CELL)
        chain = _chain(self._hasher, sheet, cells, begun, salts)
        key_row, key = self._key(begun.id, sheet.erased_at)
        bound, prints = iter(chain.bound), iter(range(len(chain.bound), sheet.salts))
        for line in sheet.lines:
            own = cells[line.start : line.end]
            if line.table == "event":
                salt_text, own[DIGEST], own[LINK] = next(bound)
                own[SALT] = salt_text if key is not None else NULL
            elif line.table == "application":
                own[PERSON], own[ORIGIN], own[CHAIN] = chain.person, chain.origin, chain.links[-1].hex()
            elif line.table == "paper":
                own[PAPER_DIGEST] = hashlib.sha256(own[CONTENT].encode()).hexdigest()
            elif line.header is not None:
                salt = salts[(place := next(prints)) * SALT_BYTES : (place + 1) * SALT_BYTES]
                link = _imprinted(self._hasher, own, cells[line.header : line.header + 3], salt)
                batch.links["imprint"].append(link)
            self._add(line, own, key, batch)
        batch.add("data_key", self._pack([*map(self._encode, columns_of("data_key"), key_row)]))
        batch.links["event"] += chain.links
        batch.cases += 1
        batch.history += key is None

    def _key(self, owner: str, erased_at: datetime | None) -> tuple[tuple[Any, ...], DataKey | None]:
        """The row of the owner's data key, and the key; of what is erased there is none left."""
        if erased_at is not None:
            return (owner, "", None, erased_at, erased_at), None
        wrapped, key = self._vault.fresh(owner)
        return (wrapped.owner, wrapped.key_id, wrapped.text, made_at(), None), key

    def _add(self, line: Line, own: Cells, key: DataKey | None, batch: Batch) -> None:
        """Add a row, its sealed cells sealed."""
        row_key = "/".join([own[place] for place in line.key])
        if line.table in BOUND:
            batch.keys[line.table].append(row_key)
        if key is not None:
            for sealed in line.sealed:
                text = key.seal_text(sealed.place + row_key, own[sealed.cell].encode())
                own[sealed.cell] = f'"{text}"' if sealed.is_json else text
        batch.add(line.table, self._pack(own))


def _place(name: str, column: str) -> int:
    return next(place for place, found in enumerate(columns_of(name)) if found.name == column)


SALT, DIGEST, LINK = (_place("event", name) for name in ("salt", "digest", "link"))
PERSON, ORIGIN, CHAIN = (_place("application", name) for name in ("person", "origin", "chain"))
IMPRINT_SALT, IMPRINT_DIGEST, STATE, IMPRINT_LINK = (
    _place("imprint", name) for name in ("salt", "digest", "state", "link")
)
CONTENT, PAPER_DIGEST = (_place("paper", name) for name in ("content", "digest"))


def _chain(hasher: Hasher, sheet: Sheet, cells: Cells, begun: Begun, salts: bytes) -> _Chain:
    case = {name: getattr(begun, name) for name in Begun.__slots__}
    person = person_digest(hasher, salts[:SALT_BYTES], case).hex()
    origin = origin_link(hasher, origin_of({**case, "person": person}, begun.digest))
    before, bound, links = origin, [], []
    headers = (line.header or 0 for line in sheet.lines if line.table == "event")
    for place, header in enumerate(headers):
        salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
        actor, changes, why = cells[header + 1 : header + 4]
        payload = f'{{"actor":{actor},"changes":{changes},"why":{why}}}'.encode()
        digest = payload_digest(hasher, salt, payload)
        before = next_link(hasher, before, digest, cells[header].encode())
        bound.append((f'"{salt.hex()}"', digest.hex(), before.hex()))
        links.append(before)
    return _Chain(person, origin.hex(), bound, links)


def _imprinted(hasher: Hasher, own: Cells, hidden: Cells, salt: bytes) -> bytes:
    """Fill in an imprint as :mod:`app.storage.imprints` makes it; its link."""
    payload, state, about = hidden
    digest, own[IMPRINT_SALT] = EMPTY, NULL
    if payload:
        digest = payload_digest(hasher, salt, payload.encode())
        own[IMPRINT_SALT], own[IMPRINT_DIGEST] = f'"{salt.hex()}"', digest.hex()
        if PAPER_MARK in state:
            content = payload[len('{"content":') : -1]
            state = state.replace(PAPER_MARK, hashlib.sha256(content.encode()).hexdigest())
        about = about.replace(DIGEST_MARK, digest.hex())
    stated = hasher(b"record/v1\0", digest, state.encode())
    link = next_link(hasher, EMPTY, stated, about.encode())
    own[STATE], own[IMPRINT_LINK] = stated.hex(), link.hex()
    return link


def for_sqlite(cells: Cells) -> tuple[Any, ...]:
    """A row as SQLite takes it."""
    return tuple([None if cell == NULL else cell for cell in cells])


def for_postgres(cells: Cells) -> str:
    """A row as a line of COPY, without its end."""
    return "\t".join(cells)
