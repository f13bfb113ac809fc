"""Domain values ↔ rows. The stored application is the fold of its event rows; both are written and read here."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, partial
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import AfterValidator, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from app.domain import tallies
from app.domain.applications import Application, Certificate, Event, EventKind, Notice, ProvidedMaterial, Task
from app.domain.originals import owed_on
from app.domain.passing import look_again_on
from app.domain.proof import SALT_BYTES, Hasher, Sealing
from app.domain.references import task_reference
from app.domain.retention import kept_until
from app.domain.shared_values import Dispute, Fallback, Had
from app.domain.tallies import COUNTERS, Counts, Fact, facts_of
from app.domain.ticking import moved, pause_ends_on, sort_on
from app.domain.together import awaited
from app.domain.vocabulary import Word
from app.storage import tally_tables  # noqa: F401 - registers the rows of facts, which every command may write
from app.storage.chains import chained
from app.storage.changes import Changes, Guard, Made, Row, Update
from app.storage.tables import APPLICATION, TASK

APPLICATION_COLUMNS = frozenset(column.name for column in APPLICATION.columns)
APPLICATION_VALUES = tuple(name for name in Application.__slots__ if name in APPLICATION_COLUMNS)
"""Columns of an application that are an attribute of it."""
TASK_FIELDS = tuple(entry.name for entry in fields(Task))
TASK_COLUMNS = frozenset(column.name for column in TASK.columns)
DERIVED = frozenset({"materials", "notices", "look_again_on", "retain_until", "whole_wish_to", "notes_to"})
"""Columns of an application that are no plain attribute of it."""
TASK_PARTS = (
    *("after", "points", "confirm_fields", "pauses", "promised_unit", "statutory_unit", "status", "verdict", "power"),
    *("mode", "opinions", "extension_wish", "announcements", "deferred", "after_check", "steps"),
)
"""What of a task is no plain column value in the domain."""
EVENT_COLUMNS = tuple(entry.name for entry in fields(Event) if entry.name != "changes")
SHARED_PARTS = ("had", "checked", "fallbacks", "disputes")
"""What an application remembers of registers."""
FACT_COLUMNS = tuple(name for name in Fact.__slots__ if name != "counts")
PLACE = ("day", "region", "department", "item", "bundle")

PART_KEYS = {"task": "id", "certificate": "number"}
P = TypeVar("P", Task, Certificate)

CHAIN_COLUMNS = ("person", "origin", "chain")
DEFAULT_SEALING = Sealing(Hasher(), lambda: secrets.token_bytes(SALT_BYTES))


def created(case: Application) -> Row:
    """The row of a new application."""
    return _application_row(case)


def changes_between(
    before: Application, after: Application, events: Sequence[Event], sealing: Sealing = DEFAULT_SEALING
) -> Changes:
    """The rows that turn ``before`` into ``after``: only the columns that differ, and the events that made them so,
    bound into the chain of the case."""
    old = _application_row(before)
    new = _application_row(after, (before, old))
    values = {name: value for name, value in new.items() if value != old[name] and name != "version"}
    if events:
        values["retain_until"] = kept_until(after, events[-1].at)
    rows = [_event_row(after.id, event) for event in events]
    if events:
        rows, head = chained(sealing, old, rows)
        values |= head
    inserts: dict[str, list[Row]] = {"event": rows}
    updates = [Update("application", after.id, values)] if values else []
    tasks = _changed("task", before.tasks, after.tasks, partial(task_row, after))
    held = _changed("certificate", before.certificates, after.certificates, partial(certificate_row, after))
    for parts in (tasks, held):
        inserts[parts.table] = parts.fresh
        updates += parts.updates
    inserts["credit_note"] = [_credit_note_row(after, each) for each in events if each.kind is EventKind.CREDIT_NOTED]
    inserts["file_use"] = [use for event in events for use in _file_uses(after, event)]
    work = moved(before.tasks, after.tasks)
    inserts["work_change"] = [{"region": own, "clock": clock, "tasks": count} for (own, clock), count in work.items()]
    inserts = {table: found for table, found in inserts.items() if found}
    made = Made(new | values | {"version": before.version + 1}, tasks.rows, held.rows, rows)
    guard = Guard("application", after.id, before.version)
    changes = Changes(inserts, updates, _given_up(before, after), guard=guard, made=made)
    counted = before if after.erased_at is not None else after  # what was counted stays when its content goes
    return with_facts(changes, facts_of(before), facts_of(counted))


def chain_of(changes: Changes) -> Row:
    """What the row of a new application holds of its chain, after the changes of its first command.

    Nothing for an empty draft: its chain begins with its first event.
    """
    values: Row = next((update.values for update in changes.updates if update.table == "application"), {})
    return {name: values[name] for name in CHAIN_COLUMNS if name in values}


def with_facts(changes: Changes, before: Mapping[str, Fact], after: Mapping[str, Fact]) -> Changes:
    """The same changes with what they mean for the indicators: the facts, and by how much their sums change
    (:mod:`app.storage.sums`)."""
    fresh = [fact for name, fact in after.items() if name not in before]
    changed = [fact for name, fact in after.items() if name in before and before[name] != fact]
    gone = [fact for name, fact in before.items() if name not in after]
    if not (fresh or changed or gone):
        return changes
    updates = [Update("fact", fact.id, fact_row(fact)) for fact in changed]
    deletes: list[tuple[str, Row]] = [("fact", {"id": fact.id}) for fact in gone]
    moved = [
        {**dict(zip(PLACE, place, strict=True)), **_counters(n)} for place, n in tallies.moved(before, after).items()
    ]
    added = changes.also("fact", *map(fact_row, fresh)).also("fact_change", *moved)
    return replace(added, updates=[*added.updates, *updates], deletes=[*added.deletes, *deletes])


def fact_row(fact: Fact) -> Row:
    """The row of one fact."""
    return {**{name: getattr(fact, name) for name in FACT_COLUMNS}, **_counters(fact.counts)}


def _counters(counts: Counts) -> Row:
    return {name: getattr(counts, name) for name in COUNTERS}


def plain(value: Any) -> Any:
    """The value as JSON columns hold it."""
    if value is None or type(value) in JSON_SCALARS:
        return value
    return value.value if isinstance(value, Word) else to_jsonable_python(value)


def _plain_task(task: Task) -> Row:
    """A task as an event holds that opens it: by its attributes, most of which are plain or a word."""
    return {name: plain(getattr(task, name)) for name in TASK_FIELDS}


def _shallow(value: Any) -> Row:
    return {name: getattr(value, name) for name in value.__slots__}


JSON_SCALARS = frozenset({str, int, bool})
"""Types whose values a JSON column holds as they are; most values are of one of them."""
JSON_PARTS = ("answers", "form", "survey", "proxy", "joint", "whole_wish", "whole_extension", *SHARED_PARTS)
"""What of an application is a JSON column, as it stands."""
JSON_LISTS = ("materials", "notices")
"""The same, held as lists."""


def _application_row(case: Application, known: tuple[Application, Row] | None = None) -> Row:
    """The row of an application. What it shares with one whose row is ``known`` is not worked out again."""
    row = {name: getattr(case, name) for name in APPLICATION_VALUES}
    row["status"], row["result"] = case.status.value, case.result.value
    for part in (*JSON_PARTS, *JSON_LISTS):
        value = getattr(case, part)
        if known is not None and value is getattr(known[0], part):
            row[part] = known[1][part]
        else:
            row[part] = plain(_listed(value) if part in JSON_LISTS else value)
    row["whole_wish_to"] = case.whole_wish.government if case.whole_wish is not None else None
    row["notes_to"] = " ".join(awaited(case)) or None
    row["look_again_on"] = look_again_on(case)
    row["retain_until"] = kept_until(case, case.created_at)
    return row


def _listed(value: Any) -> list[Any]:
    return list(value.values() if isinstance(value, Mapping) else value)


def task_row(case: Application, task: Task) -> Row:
    """The row of one task. Its id is the number people see, so that every door uses the same name."""
    row = _shallow(task)
    for name in TASK_PARTS:
        row[name] = plain(row[name])
    row["check_due_on"] = task.after_check.due_on if task.after_check is not None and task.after_check.is_open else None
    row["originals_due_on"] = owed_on(task)
    row["pause_ends_on"] = pause_ends_on(task)
    row["id"] = task_reference(case.reference or "", task.item)
    row["application_id"], row["bundle"] = case.id, case.bundle
    row["sort_on"] = sort_on(task)
    return row


@dataclass(frozen=True, slots=True)
class _Parts:
    """The rows of an application's parts that are new or changed: what to insert, what to update, and all of them."""

    table: str
    fresh: list[Row]
    updates: list[Update]
    rows: list[Row]


def _changed(table: str, before: Mapping[str, P], after: Mapping[str, P], row_of: Callable[[P], Row]) -> _Parts:
    parts = _Parts(table, [], [], [])
    for item, part in after.items():
        if item in before and before[item] == part:
            continue
        row = row_of(part)
        parts.rows.append(row)
        if item not in before:
            parts.fresh.append(row)
        else:
            stale = row_of(before[item])
            key = row[PART_KEYS[table]]
            parts.updates.append(Update(table, key, {name: v for name, v in row.items() if v != stale[name]}))
    return parts


def certificate_row(case: Application, certificate: Certificate) -> Row:
    """The row of one certificate."""
    return {**_shallow(certificate), "standing": certificate.standing.value, "application_id": case.id}


def _credit_note_row(case: Application, event: Event) -> Row:
    return {
        "id": f"{case.id}-{event.seq}",
        "account": case.applicant,
        "application_id": case.id,
        "item": event.task,
        "at": event.at,
        "why": event.why or "",
    }


def _file_uses(case: Application, event: Event) -> list[Row]:
    material = event.changes.get("material")
    if not isinstance(material, ProvidedMaterial) or material.digest is None:
        return []
    return [{"application_id": case.id, "seq": event.seq, "digest": material.digest}]


def _given_up(before: Application, after: Application) -> list[tuple[str, Row]]:
    """The uses of files that a draft gives up: what was taken back out of it, or replaced, was handed in to nobody. The
    file goes like every other that no row names."""
    if before.submitted_at is not None or after.erased_at is not None:
        return []
    now = {material.digest for material in after.materials.values()}
    gone = {material.digest for material in before.materials.values() if material.digest is not None} - now
    return [("file_use", {"application_id": after.id, "digest": digest}) for digest in sorted(gone)]


def _event_row(application_id: str, event: Event) -> Row:
    row = _shallow(event)
    row["application_id"] = application_id
    row["kind"], row["role"] = event.kind.value, event.role.value
    row["changes"] = {
        name: _plain_task(value) if isinstance(value, Task) else plain(value) for name, value in event.changes.items()
    }
    return row


class CorruptRow(RuntimeError):
    """A row does not hold what this version of the app writes."""


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def read_value(kind: Any, stored: Any) -> Any:
    """The domain value behind a stored one; the error names the place and never repeats what people entered."""
    try:
        return _adapter(kind).validate_python(stored)
    except ValidationError as error:
        places = [".".join(map(str, entry["loc"])) for entry in error.errors(include_input=False, include_url=False)]
        raise CorruptRow(
            f"a stored {getattr(kind, '__name__', kind)} cannot be read back: {', '.join(places)}"
        ) from None


def _options_as_tuples(answers: Row) -> Row:
    """JSON has only lists; an answer of several options is a tuple, and equal only to a tuple."""
    return {code: tuple(answer) if isinstance(answer, list) else answer for code, answer in answers.items()}


Answers = Annotated[dict[str, Any], AfterValidator(_options_as_tuples)]
TASKS, CERTIFICATES, NOTICES, MATERIALS = list[Task], list[Certificate], list[Notice], list[ProvidedMaterial]


def read_application(
    row: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]], certificates: Sequence[Mapping[str, Any]]
) -> Application:
    """The aggregate from its rows."""
    own = {name: row[name] for name in row if name not in DERIVED}
    materials: list[ProvidedMaterial] = read_value(MATERIALS, row["materials"])
    case: Application = read_value(
        Application, {**own, "notices": row["notices"], "materials": {}, "tasks": {}, "certificates": {}}
    )
    parts: Row = {
        "answers": read_value(Answers, row["answers"]),
        "tasks": {task.item: task for task in map(read_task, tasks)},
        "certificates": {found.item: found for found in map(read_certificate, certificates)},
        "materials": {material.code: material for material in materials},
    }
    return replace(case, **parts)


def read_task(row: Mapping[str, Any]) -> Task:
    """One task from its row."""
    task: Task = read_value(Task, {name: row[name] for name in TASK_FIELDS})
    return task


def read_certificate(row: Mapping[str, Any]) -> Certificate:
    """One certificate from its row."""
    certificate: Certificate = read_value(Certificate, dict(row))
    return certificate


def read_event(row: Mapping[str, Any]) -> Event:
    """One event, its changes turned back from JSON into values by the types of what they change."""
    own = {name: row[name] for name in EVENT_COLUMNS}
    target = Task if row["task"] is not None else Application
    changes = {name: _read_change(target, name, value) for name, value in row["changes"].items()}
    event: Event = read_value(Event, {**own, "changes": {}})
    return replace(event, changes=changes)


PARTS: dict[str, Any] = {
    "opened": Task,
    "notice": Notice,
    "certificate": Certificate,
    "material": ProvidedMaterial | dict[str, str],
    "values": dict[str, Any],
    "answers": Answers,
    "had": dict[str, Had | None],
    "checked": dict[str, Had | None],
    "fallbacks": dict[str, Fallback | None],
    "disputes": dict[str, Dispute | None],
}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read_change(target: type, name: str, value: Any) -> Any:
    return read_value(PARTS.get(name) or _hints(target)[name], value)
