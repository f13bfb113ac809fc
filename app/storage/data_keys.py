"""Looking after the data keys: how many there are, rewrapping them after a rotation, sealing rows that are still plain.

Everything goes in small transactions of its own, each of which leaves the database right, so that it can be broken off
and taken up again, beside a server that runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Text, and_, cast, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.storage.database import scrub
from app.storage.keys import KeysUnreadable
from app.storage.sealed_columns import SEALED, Sealing
from app.storage.sealing import Found, key_row, keys_of, row_key
from app.storage.tables import table
from app.storage.vault import PREFIX, DataKey, SealBroken, Vault, Wrapped, place
from app.storage.vault_tables import DATA_KEY

BATCH = 200
"""Rows of one transaction."""
EMPTY = ("", "[]", "{}", "null", '""')


@dataclass(frozen=True, slots=True)
class KeyCounts:
    """How many data keys each key of the ring wraps, and how many were destroyed."""

    wrapped: Mapping[str, int]
    destroyed: int


class DataKeys:
    """The data keys of a database, on a write engine of its own."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine, self._vault = engine, vault

    def counts(self) -> KeyCounts:
        """How the data keys stand."""
        query = select(DATA_KEY.c.key_id, func.count()).where(DATA_KEY.c.wrapped.is_not(None))
        gone = select(func.count()).select_from(DATA_KEY).where(DATA_KEY.c.wrapped.is_(None))
        with self._engine.connect() as connection:
            wrapped = {row[0]: row[1] for row in connection.execute(query.group_by(DATA_KEY.c.key_id))}
            return KeyCounts(wrapped, connection.execute(gone).scalar_one())

    def check(self) -> None:
        """Open one data key of each kind; raises :class:`KeysUnreadable` when the ring is not this database's."""
        with self._engine.connect() as connection:
            for key_id in connection.execute(select(DATA_KEY.c.key_id).distinct()).scalars().all():
                query = _wrapped_keys().where(DATA_KEY.c.key_id == key_id).limit(1)
                for row in connection.execute(query):
                    self._open(Wrapped(row.owner, row.key_id, row.wrapped))

    def _open(self, wrapped: Wrapped) -> None:
        try:
            self._vault.unwrapped(wrapped)
        except SealBroken as error:
            raise KeysUnreadable(f"these keys are not those of this database: {error}") from None

    def rewrap(self, batch: int = BATCH) -> int:
        """Wrap the next data keys with the current key of the ring; how many there were, 0 when all are.

        A key that was destroyed or rewrapped by somebody else meanwhile is left alone.
        """
        current = self._vault.ring.current_data
        query = _wrapped_keys().where(DATA_KEY.c.key_id != current).order_by(DATA_KEY.c.owner).limit(batch)
        with self._engine.begin() as connection:
            found = [Wrapped(*row) for row in connection.execute(query.with_for_update())]
            for old in found:
                new = self._vault.rewrapped(old)
                is_same = and_(DATA_KEY.c.owner == old.owner, DATA_KEY.c.wrapped == old.text)
                connection.execute(update(DATA_KEY).where(is_same).values(key_id=new.key_id, wrapped=new.text))
        return len(found)

    def seal(self, batch: int = BATCH) -> int:
        """Seal the next rows that hold something plain; how many there were, 0 when none do."""
        for sealing in SEALED.values():
            for _ in range(3):
                try:
                    with self._engine.begin() as connection:
                        count = self._seal(connection, sealing, batch)
                except IntegrityError:  # the server made the same owner's key just now
                    continue
                if count:
                    return count
                break
        scrub(self._engine)
        return 0

    def _seal(self, connection: Connection, sealing: Sealing, batch: int) -> int:
        target = table(sealing.name)
        keys = [target.c[name] for name in sealing.key]
        owner = _owner(sealing)
        columns = [target.c[name] for name in sealing.blanks]
        is_plain = or_(*map(_is_plain, columns))
        has_key = owner.not_in(select(DATA_KEY.c.owner).where(DATA_KEY.c.wrapped.is_(None)))
        query = select(*keys, *columns, owner.label("sealed_for")).where(is_plain, has_key)
        rows = connection.execute(query.order_by(*keys).limit(batch).with_for_update(of=target)).mappings().all()
        ring = self._keys(connection, sorted({row["sealed_for"] for row in rows}))
        for row in rows:
            values = _sealed(sealing, row, ring[row["sealed_for"]])
            is_row = and_(*(target.c[name] == row[name] for name in sealing.key))
            connection.execute(update(target).where(is_row).values(values))
        return len(rows)

    def _keys(self, connection: Connection, owners: Sequence[str]) -> Mapping[str, DataKey]:
        found = {owner: key for owner, key in keys_of(self._vault, connection, owners).items() if key is not None}
        fresh = {owner: self._vault.fresh(owner) for owner in owners if owner not in found}
        if fresh:
            connection.execute(DATA_KEY.insert(), [key_row(wrapped) for wrapped, _ in fresh.values()])
        return found | {owner: key for owner, (_, key) in fresh.items()}

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _wrapped_keys() -> Any:
    return select(DATA_KEY.c.owner, DATA_KEY.c.key_id, DATA_KEY.c.wrapped).where(DATA_KEY.c.wrapped.is_not(None))


def _owner(sealing: Sealing) -> ColumnElement[str]:
    """Whose key seals a row; one about no application owns itself."""
    column = table(sealing.name).c[sealing.owner]
    if sealing.through is None:
        return func.coalesce(column, table(sealing.name).c[sealing.key[0]])
    through = SEALED[sealing.through]
    parent = table(through.name)
    named = select(parent.c[through.owner]).where(parent.c[through.key[0]] == column).scalar_subquery()
    return func.coalesce(named, column)


def _is_plain(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Something is there and it is not sealed; a sealed JSON column holds a JSON text."""
    text = cast(column, Text)
    is_sealed = or_(text.startswith(PREFIX, autoescape=True), text.startswith(f'"{PREFIX}', autoescape=True))
    return and_(column.is_not(None), text.not_in(EMPTY), ~is_sealed)


def _sealed(sealing: Sealing, row: Found, key: DataKey) -> dict[str, Any]:
    return {
        name: key.seal(place(sealing.name, name, row_key(sealing, row)), row[name])
        for name in sealing.blanks
        if row[name] and not (isinstance(row[name], str) and row[name].startswith(PREFIX))
    }
