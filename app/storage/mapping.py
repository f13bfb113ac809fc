"""Domain values ↔ rows. The stored application is the fold of its event rows; both are written and read here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from typing import Annotated, Any, get_type_hints

from pydantic import AfterValidator, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python
from sqlalchemy import RowMapping

from app.domain.applications import Application, Certificate, Event, EventKind, Notice, ProvidedMaterial, Task
from app.domain.passing import look_again_on
from app.domain.references import task_reference
from app.domain.tallies import COUNTERS, Fact, facts_of
from app.storage.tables import APPLICATION, TASK

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
class Changes:
    """Everything one use case writes, in one transaction or not at all."""

    inserts: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    updates: Sequence[Update] = ()
    deletes: Sequence[tuple[str, Row]] = ()
    guard: Guard | None = None

    def also(self, table: str, *rows: Row) -> "Changes":
        """The same changes with more rows to insert."""
        inserts = {**self.inserts, table: [*self.inserts.get(table, ()), *rows]}
        return Changes(inserts, self.updates, self.deletes, self.guard)

    def together(self, other: "Changes") -> "Changes":
        """Both, in one transaction. Only one of them may have a guard."""
        joined = self
        for table, rows in other.inserts.items():
            joined = joined.also(table, *rows)
        updates, deletes = [*self.updates, *other.updates], [*self.deletes, *other.deletes]
        return Changes(joined.inserts, updates, deletes, self.guard or other.guard)


APPLICATION_COLUMNS = frozenset(column.name for column in APPLICATION.columns)
TASK_COLUMNS = frozenset(column.name for column in TASK.columns)
TASK_PARTS = (
    *("after", "points", "confirm_fields", "pauses", "promised_unit", "statutory_unit", "status", "verdict", "power"),
    *("mode", "opinions", "extension_wish", "announcements", "deferred", "after_check", "steps"),
)
"""What of a task is no plain column value in the domain."""
FACT_COLUMNS = tuple(name for name in Fact.__slots__ if name != "counts")


def created(case: Application) -> Row:
    """The row of a new application."""
    return _application_row(case)


def changes_between(before: Application, after: Application, events: Sequence[Event]) -> Changes:
    """The rows that turn ``before`` into ``after``: only the columns that differ, and the events that made them so."""
    old, new = _application_row(before), _application_row(after)
    values = {name: value for name, value in new.items() if value != old[name] and name != "version"}
    inserts: dict[str, list[Row]] = {"event": [_event_row(after.id, event) for event in events]}
    updates = [Update("application", after.id, values)] if values else []
    for item, task in after.tasks.items():
        row = task_row(after, task)
        if item not in before.tasks:
            inserts.setdefault("task", []).append(row)
        elif before.tasks[item] != task:
            stale = task_row(after, before.tasks[item])
            updates.append(Update("task", row["id"], {k: v for k, v in row.items() if v != stale[k]}))
    for item, certificate in after.certificates.items():
        if item not in before.certificates:
            inserts.setdefault("certificate", []).append(_certificate_row(after, certificate))
        elif before.certificates[item] != certificate:
            updates.append(Update("certificate", certificate.number, {"revoked_on": certificate.revoked_on}))
    notes = [_credit_note_row(after, event) for event in events if event.kind is EventKind.CREDIT_NOTED]
    if notes:
        inserts["credit_note"] = notes
    changes = Changes(inserts, updates, guard=Guard("application", after.id, before.version))
    return with_facts(changes, facts_of(before), facts_of(after))


def with_facts(changes: Changes, before: Mapping[str, Fact], after: Mapping[str, Fact]) -> Changes:
    """The same changes with what they mean for the indicators. The roll-ups of every day that a fact comes to, or
    changes on, are dropped in the same transaction: a day that is rolled up always equals its facts."""
    fresh = [fact for name, fact in after.items() if name not in before]
    changed = [fact for name, fact in after.items() if name in before and before[name] != fact]
    gone = [fact for name, fact in before.items() if name not in after]
    if not (fresh or changed or gone):
        return changes
    updates = [Update("fact", fact.id, fact_row(fact)) for fact in changed]
    days = {fact.day for fact in (*fresh, *changed, *gone)} | {before[fact.id].day for fact in changed}
    spans = sorted({("day", day) for day in days} | {("month", day.replace(day=1)) for day in days})
    deletes: list[tuple[str, Row]] = [("roll_up", {"span": span, "first_day": first}) for span, first in spans]
    deletes += [("fact", {"id": fact.id}) for fact in gone]
    added = changes.also("fact", *map(fact_row, fresh))
    return replace(added, updates=[*added.updates, *updates], deletes=[*added.deletes, *deletes])


def fact_row(fact: Fact) -> Row:
    """The row of one fact."""
    counters = {name: getattr(fact.counts, name) for name in COUNTERS}
    return {**{name: getattr(fact, name) for name in FACT_COLUMNS}, **counters}


def plain(value: Any) -> Any:
    """The value as JSON columns hold it."""
    return to_jsonable_python(value)


def _shallow(value: Any) -> Row:
    return {entry.name: getattr(value, entry.name) for entry in fields(value)}


def _application_row(case: Application) -> Row:
    row = {name: value for name, value in _shallow(case).items() if name in APPLICATION_COLUMNS}
    row["status"], row["result"] = case.status.value, case.result.value
    row["answers"], row["form"] = plain(case.answers), plain(case.form)
    row["materials"] = plain(list(case.materials.values()))
    row["notices"] = plain(list(case.notices))
    row["survey"] = plain(case.survey)
    row["look_again_on"] = look_again_on(case)
    return row


def task_row(case: Application, task: Task) -> Row:
    """The row of one task. Its id is the number people see, so that every door uses the same name."""
    row = _shallow(task)
    for name in TASK_PARTS:
        row[name] = plain(row[name])
    row["check_due_on"] = task.after_check.due_on if task.after_check is not None and task.after_check.is_open else None
    row["id"] = task_reference(case.reference or "", task.item)
    row["application_id"] = case.id
    row["sort_on"] = task.promised_due_on or task.intake_due_on or date.max
    return row


def _certificate_row(case: Application, certificate: Certificate) -> Row:
    return {**_shallow(certificate), "application_id": case.id}


def _credit_note_row(case: Application, event: Event) -> Row:
    return {
        "id": f"{case.id}-{event.seq}",
        "account": case.applicant,
        "application_id": case.id,
        "item": event.task,
        "at": event.at,
        "why": event.why or "",
    }


def _event_row(application_id: str, event: Event) -> Row:
    row = _shallow(event)
    row["application_id"] = application_id
    row["kind"], row["role"] = event.kind.value, event.role.value
    row["changes"] = plain(event.changes)
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


def read_application(row: RowMapping, tasks: Sequence[RowMapping], certificates: Sequence[RowMapping]) -> Application:
    """The aggregate from its rows."""
    own = {name: row[name] for name in row if name not in {"materials", "notices", "look_again_on"}}
    materials: list[ProvidedMaterial] = read_value(MATERIALS, row["materials"])
    case: Application = read_value(
        Application, {**own, "notices": row["notices"], "materials": {}, "tasks": {}, "certificates": {}}
    )
    parts: Row = {
        "answers": read_value(Answers, row["answers"]),
        "tasks": {task.item: task for task in map(read_task, tasks)},
        "certificates": {found.item: found for found in map(_read_certificate, certificates)},
        "materials": {material.code: material for material in materials},
    }
    return replace(case, **parts)


def read_task(row: RowMapping) -> Task:
    """One task from its row."""
    names = {entry.name for entry in fields(Task)}
    task: Task = read_value(Task, {name: row[name] for name in names})
    return task


def _read_certificate(row: RowMapping) -> Certificate:
    certificate: Certificate = read_value(Certificate, dict(row))
    return certificate


def read_event(row: RowMapping) -> Event:
    """One event, its changes turned back from JSON into values by the types of what they change."""
    own = {name: row[name] for name in row if name not in {"application_id", "changes"}}
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
}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read_change(target: type, name: str, value: Any) -> Any:
    return read_value(PARTS.get(name) or _hints(target)[name], value)
