"""Which lights were on at the end of a day that has passed: from the rows of tasks that nothing has happened to since,
and from the events up to that instant for all others.

A task's row is the fold of its own events. Where none of them came later, the row is what it was, and its light follows
from the row, the calendar and the day; where one did, the case is replayed as far as that instant. Nothing is read off
what supervision happened to find, or when a sweep happened to run. A case whose content has been erased cannot be
replayed and is not counted; that is years after its end.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

from sqlalchemy import and_, exists, or_, select

from app.domain.applications import Application, replay
from app.domain.deadlines import BEIJING, Calendar
from app.domain.oversight import Light, light_of
from app.domain.periods import DAY
from app.domain.proof import BEGUN_BY
from app.domain.records import Mode
from app.storage.lights import IS_WATCHED, grouped
from app.storage.mapping import read_event
from app.storage.queries import Reader
from app.storage.tables import APPLICATION, EVENT, TASK

BATCH = 200
BEGUN = ("id", "bundle", "digest", "region", "filed_region", "offered", "created_at", "version", *BEGUN_BY)


def lights_at_end_of(reader: Reader, regions: Sequence[str], day: date, calendar: Calendar) -> Counter[Light]:
    """How many tasks of these regions showed which light when ``day`` ended at the office."""
    end = datetime.combine(day + DAY, time(), tzinfo=BEIJING)
    later = exists().where(EVENT.c.application_id == TASK.c.application_id, EVENT.c.task == TASK.c.item)
    has_moved = later.where(EVENT.c.at >= end)
    found: Counter[Light] = Counter()
    for group in grouped(reader, and_(TASK.c.region.in_(regions), ~has_moved), IS_WATCHED):
        found[light_of(group.ticking, calendar, day).light] += group.count
    was_open = or_(TASK.c.completed_at.is_(None), TASK.c.completed_at >= end)
    has_check = or_(TASK.c.check_due_on.is_not(None), TASK.c.mode == Mode.COMMITMENT.value)
    query = select(TASK.c.application_id, TASK.c.item).where(
        TASK.c.region.in_(regions), or_(was_open, has_check), has_moved
    )
    moved: dict[str, set[str]] = {}
    for application_id, item in reader.connection.execute(query):
        moved.setdefault(application_id, set()).add(item)
    for case in _as_they_were(reader, sorted(moved), end):
        tasks = (task for item, task in case.tasks.items() if item in moved[case.id])
        found.update(light_of(task, calendar, day).light for task in tasks)
    return found


def _as_they_were(reader: Reader, ids: Sequence[str], end: datetime) -> Iterator[Application]:
    for place in range(0, len(ids), BATCH):
        some = ids[place : place + BATCH]
        query = select(APPLICATION).where(
            APPLICATION.c.id.in_(some), APPLICATION.c.submitted_at < end, APPLICATION.c.erased_at.is_(None)
        )
        for row in reader.rows(query):
            yield _as_it_was(reader, row, end)


def _as_it_was(reader: Reader, row: Mapping[str, object], end: datetime) -> Application:
    """The application as its events up to that instant made it."""
    events = select(EVENT).where(EVENT.c.application_id == row["id"], EVENT.c.at < end).order_by(EVENT.c.seq)
    blank = Application(**{name: row[name] for name in BEGUN})  # type: ignore[arg-type]
    return replay(blank, [read_event(event) for event in reader.rows(events)])
