"""Whether the stored rows of a case are what its events make of it, column by column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.applications import Application, replay
from app.domain.proof import BEGUN_BY
from app.storage.changes import Row
from app.storage.mapping import CHAIN_COLUMNS, CorruptRow, certificate_row, created, plain, read_event, task_row

FREE = frozenset({"version", "retain_until", *CHAIN_COLUMNS})
"""Columns that do not follow from the events alone; those of the chain are checked with it."""
LATER = frozenset({"pause_ends_on"})
"""Columns that hold nothing in rows which nobody has written since there are such: nobody relies on that."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first row that is not what the events say. ``column`` is None when the row is missing or one too many."""

    table: str
    key: str
    column: str | None
    is_missing: bool = False


def difference(
    case: Mapping[str, Any],
    pack: str,
    tasks: Sequence[Mapping[str, Any]],
    certificates: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, Any]],
) -> Difference | None:
    """The first difference between the stored rows of one case and the replay of its events. ``pack`` is the version it
    was begun under."""
    try:
        told = _told({**case, "digest": pack}, events)
        expected = {name: value for name, value in created(told).items() if name not in FREE}
    except (CorruptRow, KeyError, TypeError, ValueError):
        return Difference("application", case["id"], "bundle")
    if (column := _column(case, expected)) is not None:
        return Difference("application", case["id"], column)
    wanted = [task_row(told, task) for task in told.tasks.values()]
    return _rows("task", "id", wanted, tasks) or _rows(
        "certificate", "number", [certificate_row(told, one) for one in told.certificates.values()], certificates
    )


def _told(case: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Application:
    names = ("id", "bundle", "digest", "region", "filed_region", "created_at", *BEGUN_BY, "version")
    blank = Application(**{name: case[name] for name in names})
    return replay(blank, [read_event(row) for row in events])


def _rows(table: str, key: str, wanted: Sequence[Row], stored: Sequence[Mapping[str, Any]]) -> Difference | None:
    found = {row[key]: row for row in stored}
    for row in wanted:
        if row[key] not in found:
            return Difference(table, row[key], None, is_missing=True)
        if (column := _column(found.pop(row[key]), row)) is not None:
            return Difference(table, row[key], column)
    return next((Difference(table, name, None) for name in found), None)


def _column(stored: Mapping[str, Any], expected: Row) -> str | None:
    """The first column whose stored value is another one."""
    for name, value in expected.items():
        is_told = name in stored and not (name in LATER and stored[name] is None)
        if is_told and stored[name] != value and plain(stored[name]) != plain(value):
            return name
    return None
