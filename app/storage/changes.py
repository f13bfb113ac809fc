"""What one use case writes: rows to insert, new values, what must still hold when they are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Guard:
    """The version of the row (of an application, or of what else has one) that the changes were computed from; the
    commit needs it unchanged."""

    table: str
    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Update:
    """New values for the row of ``table`` whose primary key is ``key``."""

    table: str
    key: str | int
    values: Row


@dataclass(frozen=True, slots=True)
class Destruction:
    """The data key of ``owner`` is destroyed, and everything it sealed blanked, when the rest has been written."""

    owner: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Quota:
    """At most ``per_day`` calls of ``dataset`` for ``item`` on one day, in regions that begin with ``stem``."""

    dataset: str
    item: str
    stem: str
    day: date
    per_day: int


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of an application as they are once its changes are written: its own, those of tasks and certificates
    that changed, and of the events that made it so."""

    application: Row
    tasks: Sequence[Row]
    certificates: Sequence[Row]
    events: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything one use case writes, in one transaction or not at all."""

    inserts: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    updates: Sequence[Update] = ()
    deletes: Sequence[tuple[str, Row]] = ()
    guard: Guard | None = None
    destroys: Sequence[Destruction] = ()
    quotas: Sequence[Quota] = ()
    """What must still hold when all of it is written; what would break one of these is not written."""
    made: Made | None = None

    def also(self, table: str, *rows: Row) -> "Changes":
        """The same changes with more rows to insert."""
        inserts = {**self.inserts, table: [*self.inserts.get(table, ()), *rows]}
        return replace(self, inserts=inserts)

    def together(self, other: "Changes") -> "Changes":
        """Both, in one transaction. Only one of them may have a guard."""
        joined = self
        for table, rows in other.inserts.items():
            joined = joined.also(table, *rows)
        updates, deletes = [*self.updates, *other.updates], [*self.deletes, *other.deletes]
        destroys = [*self.destroys, *other.destroys]
        quotas = list(dict.fromkeys((*self.quotas, *other.quotas)))
        guard, made = self.guard or other.guard, self.made or other.made
        return Changes(joined.inserts, updates, deletes, guard, destroys, quotas, made)
