"""Matters and ratings ↔ rows, and the questions asked of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, get_type_hints

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select

from app.domain import supervision
from app.domain.applications import Task
from app.domain.clocks import AFTER_CHECK_DAYS, DELIVERY_DAYS, INTAKE_DAYS
from app.domain.matters import Matter, MatterEvent, MatterKind
from app.domain.oversight import Clock
from app.domain.proceedings import Proceedings
from app.domain.ratings import Rating, RatingLevel
from app.storage.changes import Changes, Guard, Row, Update
from app.storage.lights import STANDING_STILL, UNLIT
from app.storage.mapping import plain, read_task, read_value
from app.storage.matter_tables import MATTER, MATTER_EVENT, RATING
from app.storage.queries import NUL, Reader
from app.storage.sealing import Found
from app.storage.tables import TASK

MATTER_HINTS = get_type_hints(Matter)
PLAIN_COLUMNS = ("kind", "because", "status", "finding", "conclusion", "evidence")


def opened(p: Proceedings) -> Changes:
    """The rows of a new matter."""
    rows = [_event_row(p.matter.id, event) for event in p.events]
    return Changes({"matter": [_matter_row(p.matter)], "matter_event": rows})


def moved(before: Matter, p: Proceedings) -> Changes:
    """The rows that a command on a matter changes; the commit needs the version it was computed from."""
    old, new = _matter_row(before), _matter_row(p.matter)
    values = {name: value for name, value in new.items() if value != old[name]}
    events = [_event_row(before.id, event) for event in p.events]
    return Changes(
        {"matter_event": events},
        [Update("matter", before.id, values)],
        guard=Guard("matter", before.id, before.version),
    )


def _matter_row(matter: Matter) -> Row:
    row = {entry.name: getattr(matter, entry.name) for entry in fields(Matter)}
    return {**row, **{name: plain(row[name]) for name in PLAIN_COLUMNS}}


def _event_row(matter_id: str, event: MatterEvent) -> Row:
    row = {entry.name: getattr(event, entry.name) for entry in fields(MatterEvent)}
    own = {"matter_id": matter_id, "kind": event.kind.value, "role": event.role.value, "changes": plain(event.changes)}
    return {**row, **own}


def rating_row(rating: Rating) -> Row:
    """The row of a rating; its key allows one for each item and stage."""
    row = {entry.name: getattr(rating, entry.name) for entry in fields(Rating)}
    key = f"{rating.application_id}:{rating.item or '*'}:{rating.stage.value}"
    own = {"key": key, "rated_on": rating.rated_on, "month": rating.month}
    return {**row, **{name: plain(row[name]) for name in ("stage", "level", "tags", "rerated")}, **own}


def rating_changed(before: Rating, after: Rating) -> Update:
    """What a later addition, a re-rating or an annulment changes."""
    old, new = rating_row(before), rating_row(after)
    return Update("rating", before.id, {name: value for name, value in new.items() if value != old[name]})


def _read_matter(row: Found) -> Matter:
    matter: Matter = read_value(Matter, dict(row))
    return matter


def _read_event(row: Found) -> MatterEvent:
    own = {name: row[name] for name in row if name not in {"matter_id", "changes"}}
    changes = {name: read_value(MATTER_HINTS[name], value) for name, value in row["changes"].items()}
    event: MatterEvent = read_value(MatterEvent, {**own, "changes": changes})
    return event


def _read_rating(row: Found) -> Rating:
    rating: Rating = read_value(Rating, {entry.name: row[entry.name] for entry in fields(Rating)})
    return rating


def matter(reader: Reader, matter_id: str) -> Matter | None:
    """One matter, or None."""
    if NUL in matter_id:
        return None
    row = reader.row(select(MATTER).where(MATTER.c.id == matter_id))
    return None if row is None else _read_matter(row)


def matter_events(reader: Reader, matter_id: str) -> list[MatterEvent]:
    """The event rows of a matter, in order."""
    query = select(MATTER_EVENT).where(MATTER_EVENT.c.matter_id == matter_id).order_by(MATTER_EVENT.c.seq)
    return [_read_event(row) for row in reader.rows(query)]


def is_taken(reader: Reader, key: str) -> bool:
    """Whether a matter with this key has been opened."""
    return reader.row(select(MATTER.c.id).where(MATTER.c.key == key)) is not None


def matters_about(reader: Reader, application_id: str) -> list[Matter]:
    """Every matter about an application, in the order they were opened."""
    query = select(MATTER).where(MATTER.c.application_id == application_id)
    return [_read_matter(row) for row in reader.rows(query.order_by(MATTER.c.opened_at, MATTER.c.id))]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which matters: those of one office, or those of these regions; open or closed; of some kinds and statuses."""

    is_open: bool = True
    owner: str | None = None
    regions: Sequence[str] = ()
    kinds: Sequence[str] = ()
    statuses: Sequence[str] = ()
    is_overdue_on: date | None = None


def matters(reader: Reader, sought: Sought, after: tuple[date, str] | None, limit: int) -> list[Matter]:
    """Matters by due date, from the one after ``after`` (due date and id)."""
    due, key = MATTER.c.due_on, MATTER.c.id
    query = select(MATTER).where(MATTER.c.closed_at.is_(None) if sought.is_open else MATTER.c.closed_at.is_not(None))
    if sought.owner is not None:
        query = query.where(MATTER.c.owner == sought.owner)
    if sought.regions:
        query = query.where(MATTER.c.region.in_(sought.regions))
    if sought.kinds:
        query = query.where(MATTER.c.kind.in_(sought.kinds))
    if sought.statuses:
        query = query.where(MATTER.c.status.in_(sought.statuses))
    if sought.is_overdue_on is not None:
        query = query.where(due < sought.is_overdue_on)
    if after is not None:
        query = query.where(or_(due > after[0], and_(due == after[0], key > after[1])))
    return [_read_matter(row) for row in reader.rows(query.order_by(due, key).limit(limit))]


FOLLOWED = sorted(kind.value for kind in supervision.NEXT)
ANSWERED_BY_OWNER = sorted(status.value for status in supervision.ANSWERING)
"""Both as the column holds them."""


def late_matters(reader: Reader, today: date, after: tuple[date, str] | None, limit: int) -> list[Matter]:
    """Open matters whose due date has passed, whose owner has the next step, and that no graver one has followed yet
    though there is one, by due date."""
    due, key = MATTER.c.due_on, MATTER.c.id
    follower = MATTER.alias("follower")
    query = select(MATTER).where(
        MATTER.c.closed_at.is_(None), due < today, MATTER.c.kind.in_(FOLLOWED), MATTER.c.status.in_(ANSWERED_BY_OWNER)
    )
    query = query.where(~exists().where(follower.c.cause == key))
    if after is not None:
        query = query.where(or_(due > after[0], and_(due == after[0], key > after[1])))
    return [_read_matter(row) for row in reader.rows(query.order_by(due, key).limit(limit))]


Watched = tuple[str, str, Task]
"""Task id, application id, task."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """Until when a clock may end to be looked at today: a clock of less than so many working days ends by that day, the
    longest ones by the ``last``."""

    today: date
    by_length: Mapping[int, date]
    last: date

    def by(self, days: ColumnElement[int]) -> ColumnElement[date]:
        """The day for a clock of so many working days."""
        return case(*((days < length, literal(day)) for length, day in self.by_length.items()), else_=self.last)

    def of(self, days: int) -> date:
        """The same for a length that is known."""
        return next((day for length, day in self.by_length.items() if days < length), self.last)

    @property
    def code(self) -> str:
        """All of it in one word: nothing else of a calendar decides over what a light calls for."""
        return " ".join(
            [f"{self.today}", *(f"{length}:{day}" for length, day in self.by_length.items()), f"{self.last}"]
        )


Cases = Sequence[str] | None
"""The ids of some cases; None for all."""


def tasks_to_watch(reader: Reader, horizon: Horizon, cases: Cases, after: str, limit: int) -> list[Watched]:
    """Open tasks whose running clock ends within the horizon and has not yet called for all it can, by id.

    A task drops out once it was chased and, past its dates, ordered and escalated. What waits for others has no clock.
    """
    due, trail, today = _due(), TASK.c.id + ":" + _clock(), horizon.today
    is_statute_broken = and_(TASK.c.statutory_due_on < today, TASK.c.verdict.is_(None), IS_RUNNING)
    is_news = or_(_is_news(due, trail, today), and_(is_statute_broken, ~_opened(MatterKind.ESCALATION, trail)))
    query = select(TASK).where(
        TASK.c.completed_at.is_(None),
        TASK.c.sort_on <= horizon.last,  # what inboxes sort by is the date of the running clock: an index leads there
        TASK.c.status.not_in(UNLIT),
        due <= horizon.by(_days()),
        is_news,
    )
    return _watched(reader, query, cases, after, limit)


def checks_to_watch(reader: Reader, horizon: Horizon, cases: Cases, after: str, limit: int) -> list[Watched]:
    """The same for tasks that are over but for the check of what was promised (告知承诺 after-check)."""
    due, trail = TASK.c.check_due_on, TASK.c.id + ":" + Clock.CHECK.value
    is_due = TASK.c.completed_at.is_not(None), due.is_not(None), due <= horizon.of(AFTER_CHECK_DAYS)
    return _watched(reader, select(TASK).where(*is_due, _is_news(due, trail, horizon.today)), cases, after, limit)


def _watched(reader: Reader, query: Select[Any], cases: Cases, after: str, limit: int) -> list[Watched]:
    key = TASK.c.id + ""  # in the order of ids, but not by their index: it would lead through everything
    if cases is not None:
        query = query.where(TASK.c.application_id.in_(cases))
    query = query.where(key > after).order_by(key).limit(limit)
    return [(row["id"], row["application_id"], read_task(row)) for row in reader.rows(query)]


def _is_news(due: ColumnElement[Any], trail: ColumnElement[str], today: date) -> ColumnElement[bool]:
    """Nothing but a reminder is called for while a clock stands still."""
    is_ordered = _opened(MatterKind.ORDER, trail)
    return and_(~is_ordered, or_(and_(due < today, IS_RUNNING), ~_opened(MatterKind.CHASE, trail)))


IS_RUNNING = TASK.c.status.not_in(STANDING_STILL)


def _days() -> ColumnElement[int]:
    """How long the clock that runs is."""
    return case(
        (TASK.c.verdict.is_not(None), DELIVERY_DAYS),
        (TASK.c.accepted_at.is_not(None), TASK.c.promised_days + TASK.c.extended_days),
        else_=INTAKE_DAYS,
    )


def _clock() -> ColumnElement[str]:
    """The name of the clock that runs, as :func:`app.domain.oversight.light_of` has it."""
    return case(
        (TASK.c.verdict.is_not(None), literal(Clock.DELIVERY.value)),
        (TASK.c.accepted_at.is_not(None), literal(Clock.REVIEW.value)),
        else_=literal(Clock.INTAKE.value),
    )


def _due() -> ColumnElement[date]:
    return case(
        (TASK.c.verdict.is_not(None), TASK.c.delivery_due_on),
        (TASK.c.accepted_at.is_not(None), TASK.c.promised_due_on),
        else_=TASK.c.intake_due_on,
    )


def _opened(kind: MatterKind, trail: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(MATTER.c.key == f"{kind.value}:" + trail)


def chases_to_settle(reader: Reader, cases: Cases, after: str, limit: int) -> list[str]:
    """Open reminders that may have been overtaken by what became of their task, by id."""
    task = and_(TASK.c.application_id == MATTER.c.application_id, TASK.c.item == MATTER.c.item)
    is_checked = or_(TASK.c.check_due_on.is_(None), ~MATTER.c.key.endswith(f":{Clock.CHECK.value}"))
    is_past = or_(
        and_(TASK.c.completed_at.is_not(None), is_checked),
        and_(TASK.c.verdict.is_not(None), MATTER.c.key.endswith(Clock.REVIEW.value)),
        and_(TASK.c.accepted_at.is_not(None), MATTER.c.key.endswith(Clock.INTAKE.value)),
    )
    query = (
        select(MATTER.c.id)
        .join(TASK, task)
        .where(MATTER.c.kind == MatterKind.CHASE.value, MATTER.c.closed_at.is_(None), MATTER.c.id > after, is_past)
        .order_by(MATTER.c.id)
        .limit(limit)
    )
    if cases is not None:
        query = query.where(MATTER.c.application_id.in_(cases))
    return [row["id"] for row in reader.rows(query)]


def rating(reader: Reader, rating_id: str) -> Rating | None:
    """One rating, or None."""
    row = reader.row(select(RATING).where(RATING.c.id == rating_id))
    return None if row is None else _read_rating(row)


def ratings_of(reader: Reader, application_id: str) -> list[Rating]:
    """The ratings of an application, oldest first."""
    query = select(RATING).where(RATING.c.application_id == application_id)
    return [_read_rating(row) for row in reader.rows(query.order_by(RATING.c.created_at, RATING.c.id))]


def ratings_for(reader: Reader, department: str, before: tuple[str, str] | None, limit: int) -> list[Rating]:
    """What a department was given and counts, newest month first; inside a month in no telling order."""
    month, key = RATING.c.month, RATING.c.id
    query = select(RATING).where(RATING.c.department == department, RATING.c.annulled_at.is_(None))
    if before is not None:
        query = query.where(or_(month < before[0], and_(month == before[0], key > before[1])))
    return [_read_rating(row) for row in reader.rows(query.order_by(month.desc(), key).limit(limit))]


def levels_for(reader: Reader, department: str) -> dict[RatingLevel, int]:
    """How many valid ratings of each level a department has."""
    query = (
        select(RATING.c.level, func.count().label("count"))
        .where(RATING.c.department == department, RATING.c.annulled_at.is_(None))
        .group_by(RATING.c.level)
    )
    found: dict[str, Any] = {row["level"]: row["count"] for row in reader.rows(query)}
    return {level: found.get(level.value, 0) for level in RatingLevel}
