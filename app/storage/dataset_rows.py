"""Requests for datasets ↔ rows, and the questions asked of them and of the calls that were made."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, get_type_hints

from sqlalchemy import ColumnElement, Select, case, func, select

from app.domain.datasets import Course, LineEvent, RequestLine
from app.domain.regions import stem
from app.storage.changes import Changes, Guard, Row, Update
from app.storage.dataset_tables import DATA_LINE, DATA_LINE_EVENT, DATA_REQUEST
from app.storage.mapping import plain, read_value
from app.storage.queries import NUL, Reader
from app.storage.sealing import Found
from app.storage.sharing_tables import DATA_CALL

HINTS = get_type_hints(RequestLine)
JSON_COLUMNS = ("asked_elements", "elements", "status")


@dataclass(frozen=True, slots=True)
class Basket:
    """What stands at the head of a request."""

    id: str
    item: str
    region: str
    department: str
    purpose: str
    asked_by: str
    asked_at: Any


def asked(basket: Basket, courses: Sequence[Course]) -> Changes:
    """The rows of a new request with all its lines."""
    row = {entry.name: getattr(basket, entry.name) for entry in fields(Basket)}
    changes = Changes({"data_request": [row]})
    for course in courses:
        changes = changes.together(begun(course))
    return changes


def begun(course: Course) -> Changes:
    """The rows of a new line."""
    events = [_event_row(course.line.id, event) for event in course.events]
    return Changes({"data_line": [_line_row(course.line)], "data_line_event": events})


def moved(before: RequestLine, course: Course) -> Changes:
    """The rows that a command on a line changes; the commit needs the version it was computed from."""
    old, new = _line_row(before), _line_row(course.line)
    values = {name: value for name, value in new.items() if value != old[name]}
    return Changes(
        {"data_line_event": [_event_row(before.id, event) for event in course.events]},
        [Update("data_line", before.id, values)],
        guard=Guard("data_line", before.id, before.version),
    )


def _line_row(line: RequestLine) -> Row:
    row = {entry.name: getattr(line, entry.name) for entry in fields(RequestLine)}
    return {**row, **{name: plain(row[name]) for name in JSON_COLUMNS}}


def _event_row(line_id: str, event: LineEvent) -> Row:
    row = {entry.name: getattr(event, entry.name) for entry in fields(LineEvent)}
    own = {"line_id": line_id, "kind": event.kind.value, "role": event.role.value, "changes": plain(event.changes)}
    return {**row, **own}


def _read_line(row: Found) -> RequestLine:
    line: RequestLine = read_value(RequestLine, dict(row))
    return line


def _read_event(row: Found) -> LineEvent:
    own = {name: row[name] for name in row if name not in {"line_id", "changes"}}
    changes = {name: read_value(HINTS[name], value) for name, value in row["changes"].items()}
    event: LineEvent = read_value(LineEvent, {**own, "changes": changes})
    return event


def line(reader: Reader, line_id: str) -> RequestLine | None:
    """One line, or None."""
    if NUL in line_id:
        return None
    rows = reader.rows(select(DATA_LINE).where(DATA_LINE.c.id == line_id))
    return _read_line(rows[0]) if rows else None


def line_events(reader: Reader, line_id: str) -> list[LineEvent]:
    """The event rows of a line, in order."""
    query = select(DATA_LINE_EVENT).where(DATA_LINE_EVENT.c.line_id == line_id).order_by(DATA_LINE_EVENT.c.seq)
    return [_read_event(row) for row in reader.rows(query)]


def basket(reader: Reader, request_id: str) -> Basket | None:
    """One request, or None."""
    if NUL in request_id:
        return None
    rows = reader.rows(select(DATA_REQUEST).where(DATA_REQUEST.c.id == request_id))
    return Basket(**rows[0]) if rows else None


def baskets_of(reader: Reader, department: str, before: str | None, limit: int) -> list[Basket]:
    """What a department has asked for, newest first."""
    query = select(DATA_REQUEST).where(DATA_REQUEST.c.department == department)
    return _baskets(reader, query, before, limit)


def baskets_for(reader: Reader, holder: str, before: str | None, limit: int) -> list[Basket]:
    """Requests with a line for this holder, newest first."""
    lines = select(DATA_LINE.c.request_id).where(DATA_LINE.c.holder == holder)
    return _baskets(reader, select(DATA_REQUEST).where(DATA_REQUEST.c.id.in_(lines)), before, limit)


def baskets_within(reader: Reader, region: str, before: str | None, limit: int) -> list[Basket]:
    """Requests for a region and everything inside it, newest first."""
    inside = DATA_REQUEST.c.region.startswith(stem(region), autoescape=True)
    return _baskets(reader, select(DATA_REQUEST).where(inside), before, limit)


def _baskets(reader: Reader, query: Select[Any], before: str | None, limit: int) -> list[Basket]:
    if before is not None:
        query = query.where(DATA_REQUEST.c.id < before)
    return [Basket(**row) for row in reader.rows(query.order_by(DATA_REQUEST.c.id.desc()).limit(limit))]


def lines_of(reader: Reader, request_ids: Sequence[str]) -> list[RequestLine]:
    """The lines of these requests, as they were asked."""
    query = select(DATA_LINE).where(DATA_LINE.c.request_id.in_(request_ids))
    return [_read_line(row) for row in reader.rows(query.order_by(DATA_LINE.c.request_id, DATA_LINE.c.key))]


def live_lines(reader: Reader, item: str, dataset: str) -> list[RequestLine]:
    """The lines about one item and dataset that wait for an answer, are in force or are suspended."""
    query = select(DATA_LINE).where(
        DATA_LINE.c.item == item, DATA_LINE.c.dataset == dataset, DATA_LINE.c.completed_at.is_(None)
    )
    return [_read_line(row) for row in reader.rows(query)]


def lines_about(reader: Reader, dataset: str) -> list[RequestLine]:
    """All live lines about one dataset, oldest first."""
    query = select(DATA_LINE).where(DATA_LINE.c.dataset == dataset, DATA_LINE.c.completed_at.is_(None))
    return [_read_line(row) for row in reader.rows(query.order_by(DATA_LINE.c.id))]


def count_asked(reader: Reader, item: str, dataset: str, region: str) -> int:
    """How many lines there have been about the same, ended ones too; the next one's serial follows from it."""
    query = select(func.count()).where(
        DATA_LINE.c.item == item, DATA_LINE.c.dataset == dataset, DATA_LINE.c.region == region
    )
    found: int = reader.connection.execute(query).scalar_one()
    return found


def past_their_day(reader: Reader, today: date, after: str, limit: int) -> list[str]:
    """Approvals that are over by ``today`` and still stand as approved, by id."""
    query = select(DATA_LINE.c.id).where(
        DATA_LINE.c.until < today,
        DATA_LINE.c.completed_at.is_(None),
        DATA_LINE.c.status == "approved",
        DATA_LINE.c.id > after,
    )
    return [row["id"] for row in reader.rows(query.order_by(DATA_LINE.c.id).limit(limit))]


def calls_by_day(reader: Reader, dataset: str, since: date) -> list[tuple[date, int, int]]:
    """Day, calls and denied calls of one dataset since then, by day; days without a call are left out."""
    query = (
        select(DATA_CALL.c.day, func.count().label("calls"), _count_if(DATA_CALL.c.result == "denied").label("denied"))
        .where(DATA_CALL.c.dataset == dataset, DATA_CALL.c.day >= since)
        .group_by(DATA_CALL.c.day)
        .order_by(DATA_CALL.c.day)
    )
    return [(row["day"], row["calls"], row["denied"]) for row in reader.connection.execute(query).mappings()]


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
