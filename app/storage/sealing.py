"""Sealing what is about to be written and opening what was read: the only two places that know of the vault.

Empty values (None, "", [], {}) stay as they are: they tell no more than the statuses do. Rows from before there was a
vault hold plain values and stay readable; whatever is written again is sealed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, FromClause, Select, Table, bindparam, select, update

from app.domain.errors import Erased
from app.domain.vocabulary import Text
from app.storage.changes import Changes, Row, Update
from app.storage.sealed_columns import SEALED, Sealing
from app.storage.tables import table
from app.storage.vault import DataKey, SealBroken, Vault, Wrapped, is_sealed, now, owner_in, place
from app.storage.vault_tables import DATA_KEY, FILE_USE

Found = Mapping[Any, Any]
"""A row as it was read: column name → value."""


KEYS_OF = select(DATA_KEY.c.owner, DATA_KEY.c.key_id, DATA_KEY.c.wrapped).where(
    DATA_KEY.c.owner.in_(bindparam("owners", expanding=True))
)


def gone() -> Erased:
    """The one sentence for what was erased."""
    return Erased(
        Text(
            "这件申请的个人信息已经删除，内容不能再打开；办理过程的记录仍在。",
            "The personal information of this application was erased, so its content cannot be opened; the record of "
            "its course remains.",
        )
    )


def keys_of(vault: Vault, connection: Connection, owners: Iterable[str]) -> dict[str, DataKey | None]:
    """The data keys of these owners; None for a destroyed one, nothing for an owner without a key."""
    wanted = set(owners)
    found: dict[str, DataKey | None] = {owner: key for owner in wanted if (key := vault.remembered(owner)) is not None}
    missing = sorted(wanted - found.keys())
    if missing:
        for row in connection.execute(KEYS_OF, {"owners": missing}):
            wrapped = Wrapped(row.owner, row.key_id, row.wrapped)
            found[row.owner] = None if row.wrapped is None else vault.unwrapped(wrapped)
    return found


def sealed(vault: Vault, connection: Connection, changes: Changes) -> Changes:
    """The same changes with every sealed column sealed, and a data key for every owner that had none.

    Raises :class:`Erased` for an owner whose key was destroyed.
    """
    return _Sealer(vault, connection, changes).run()


class _Sealer:
    """Seals the changes of one use case."""

    def __init__(self, vault: Vault, connection: Connection, changes: Changes) -> None:
        self._vault, self._connection, self._changes = vault, connection, changes
        self._keys: dict[str, DataKey] = {}
        self._fresh: list[Row] = []

    def run(self) -> Changes:
        """Every insert and update, sealed."""
        changes = self._changes
        inserts = {name: self._inserts(name, rows) for name, rows in changes.inserts.items()}
        done = replace(changes, inserts=inserts, updates=[self._update(change) for change in changes.updates])
        return done.also("data_key", *self._fresh) if self._fresh else done

    def _inserts(self, name: str, rows: Sequence[Row]) -> Sequence[Row]:
        sealing = SEALED.get(name)
        if sealing is None:
            return rows
        return [self._sealed(sealing, row, row_key(sealing, row), self._owner(sealing, row)) for row in rows]

    def _update(self, change: Update) -> Update:
        sealing = SEALED.get(change.table)
        if sealing is None or not any(change.values.get(name) for name in sealing.blanks):
            return change
        values = self._sealed(sealing, change.values, str(change.key), self._owner_of(sealing, change))
        return Update(change.table, change.key, values)

    def _sealed(self, sealing: Sealing, row: Row, key: str, owner: str) -> Row:
        values = {name: row[name] for name in sealing.blanks if row.get(name)}
        if not values:
            return row
        data_key = self._key(owner)
        return {
            **row,
            **{name: data_key.seal(place(sealing.name, name, key), value) for name, value in values.items()},
        }

    def _key(self, owner: str) -> DataKey:
        if owner not in self._keys:
            found = keys_of(self._vault, self._connection, [owner])
            key = found.get(owner)
            if owner in found and key is None:
                raise gone()
            if key is None:
                wrapped, key = self._vault.fresh(owner)
                self._fresh.append(key_row(wrapped))
            self._keys[owner] = key
        return self._keys[owner]

    def _owner(self, sealing: Sealing, row: Found) -> str:
        """Whose key seals a new row; one about no application (an alarm, an offer) owns itself."""
        found: str | None = row[sealing.owner]
        if sealing.through is not None and found is not None:
            return self._stored(SEALED[sealing.through], found)
        return found or row_key(sealing, row)

    def _owner_of(self, sealing: Sealing, change: Update) -> str:
        guard = self._changes.guard
        if sealing.key == (sealing.owner,):
            return str(change.key)
        if guard is not None and guard.table == "application" and sealing.owner == "application_id":
            return guard.id
        return self._stored(sealing, change.key)

    def _stored(self, sealing: Sealing, key: str | int) -> str:
        """The owner that a row names, whether it is stored already or is about to be."""
        (primary,) = sealing.key
        for row in self._changes.inserts.get(sealing.name, ()):
            if row[primary] == key:
                return self._owner(sealing, row)
        target = table(sealing.name)
        found = self._connection.execute(select(target.c[sealing.owner]).where(target.c[primary] == key)).first()
        if found is None:
            raise LookupError(f"a row of {sealing.name} that is to be sealed has no owner")
        return str(found[0] or key)


def key_row(wrapped: Wrapped) -> Row:
    """The row of a new data key."""
    return {"owner": wrapped.owner, "key_id": wrapped.key_id, "wrapped": wrapped.text, "created_at": now()}


def row_key(sealing: Sealing, row: Found) -> str:
    """The row's primary key as one text."""
    return "/".join(str(row[name]) for name in sealing.key)


def opened(vault: Vault, connection: Connection, query: Select[Any], rows: Sequence[Found]) -> Sequence[Found]:
    """The rows of the query with every sealed value opened; what was sealed with a destroyed key reads as blank.

    The query selects the primary key beside a sealed column. Raises :class:`SealBroken`.
    """
    sealings = _FOUND_IN.get(query)
    if sealings is None:
        sealings = _FOUND_IN[query] = _sealings(query.columns_clause_froms)
    for sealing in sealings:
        rows = opened_rows(vault, connection, sealing, rows)
    return rows


def opened_rows(vault: Vault, connection: Connection, sealing: Sealing, rows: Sequence[Found]) -> Sequence[Found]:
    """The same for rows of one table."""
    found = [dict(row) for row in rows]
    names = [name for name in sealing.blanks if found and name in found[0]]
    closed = [(row, name, value, owner_in(value)) for row in found for name in names if is_sealed(value := row[name])]
    if not closed:
        return rows
    keys = keys_of(vault, connection, {owner for *_, owner in closed})
    for row, name, value, owner in closed:
        if owner not in keys:
            raise SealBroken(f"a data key is missing for {sealing.name} {name}")
        data_key = keys[owner]
        row[name] = (
            sealing.blanks[name]
            if data_key is None
            else data_key.open(place(sealing.name, name, row_key(sealing, row)), value)
        )
    return found


_FOUND_IN: WeakKeyDictionary[Select[Any], list[Sealing]] = WeakKeyDictionary()
"""Query → what of its tables is sealed. Most queries are built once and asked many times."""


def _sealings(froms: Iterable[FromClause]) -> list[Sealing]:
    return [SEALED[found.name] for found in froms if isinstance(found, Table) and found.name in SEALED]


def destroy(connection: Connection, owner: str, at: datetime) -> None:
    """Destroy the owner's data key, blank every column it sealed, and let go of the files it used."""
    buried = update(DATA_KEY).where(DATA_KEY.c.owner == owner).values(wrapped=None, erased_at=at)
    if connection.execute(buried).rowcount == 0:  # nothing was sealed yet, and nothing shall be from now on
        row = {"owner": owner, "key_id": "", "wrapped": None, "created_at": at, "erased_at": at}
        connection.execute(DATA_KEY.insert(), row)
    connection.execute(update(FILE_USE).where(FILE_USE.c.application_id == owner).values(released_at=at))
    for sealing in SEALED.values():
        target = table(sealing.name)
        column = target.c[sealing.owner]
        if sealing.through is None:
            is_owned = column == owner
        else:
            through = SEALED[sealing.through]
            parent = table(through.name)
            is_owned = column.in_(select(parent.c[through.key[0]]).where(parent.c[through.owner] == owner))
        connection.execute(update(target).where(is_owned).values(dict(sealing.blanks)))
