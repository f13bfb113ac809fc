"""What supervision does by itself: reminders that are overtaken end, lights that turned call for their matters, and
whoever did not answer gets the next graver one. Run twice, late or from two places, it adds nothing: keys are unique.

The first run of a day looks at everything whose light may have turned; for the rest of the day only cases to which
something has happened since can have changed (:mod:`app.storage.watching`).
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from app.domain import loops, supervision
from app.domain.applications import SYSTEM
from app.domain.deadlines import Calendar, due_on
from app.domain.happenings import Happenings
from app.domain.loops import TIME, MatterAction, MatterCommand
from app.domain.matters import Matter
from app.domain.oversight import YELLOW_REMAINING, YELLOW_SHARE
from app.domain.periods import DAY
from app.domain.proceedings import Proceedings
from app.domain.supervision import Opening, open_matter
from app.storage import matter_rows, watching
from app.storage.changes import Changes
from app.storage.matter_rows import Cases, Horizon, Watched
from app.storage.queries import Reader, batched
from app.storage.store import Outcome, Store
from app.usecases.context import Context

BATCH = 200
MANY = 2_000
"""Tasks read at once while looking for turned lights: they are found by date and read in the order of ids, so every
further page would look through all of them again."""
HORIZON_DAYS = 10
"""Working days ahead that are looked at most: yellow at four fifths of the promise, promises of some fifty days."""


def run(context: Context, store: Store) -> int:
    """Everything supervision has to do by now; how many matters were opened."""
    system, opened = context.as_system(), 0
    horizon = _horizon(system.moment.calendar, system.moment.today)
    now, cases = store.read(partial(_since, horizon=horizon))
    for some in [None] if cases is None else batched(cases, BATCH):
        _settle(system, store, some)
        for found in (matter_rows.tasks_to_watch, matter_rows.checks_to_watch):
            opened += _watch(system, store, partial(found, horizon=horizon, cases=some))
    opened += _follow_up(system, store)
    store.perform(lambda reader: Outcome(None, watching.noted(watching.looked(reader), now)))
    return opened


def _since(reader: Reader, horizon: Horizon) -> tuple[watching.Looked, Cases]:
    """What is looked at now, and the cases that have not been looked at like that."""
    before, now = watching.looked(reader), watching.Looked(horizon.code, watching.size_now(reader))
    if before is None or before.horizon != now.horizon or before.size > now.size:
        return now, None
    return now, watching.cases_since(reader, before.size, now.size)


def also_returned(changes: Changes, h: Happenings) -> Changes:
    """The changes of a command with the entries of the list of returned cases that it makes."""
    for opening in supervision.returned(h.case, h.events):
        changes = changes.together(matter_rows.opened(open_matter(opening, SYSTEM, h.moment)))
    return changes


def _settle(context: Context, store: Store, cases: Cases) -> None:
    after = ""
    while batch := store.read(partial(matter_rows.chases_to_settle, cases=cases, after=after, limit=BATCH)):
        for matter_id in batch:
            store.perform(partial(_settle_one, context, matter_id=matter_id))
        after = batch[-1]


def _settle_one(context: Context, reader: Reader, matter_id: str) -> Outcome[None]:
    matter = matter_rows.matter(reader, matter_id)
    case = reader.application(matter.application_id) if matter and matter.application_id else None
    if matter is None or case is None or not supervision.is_moot(matter, case.tasks[matter.item or ""]):
        return Outcome(None)
    p = Proceedings(matter, context.actor, context.moment)
    loops.act(p, MatterCommand(action=MatterAction.LAPSE), TIME, context.world.catalogue.regions)
    return Outcome(None, matter_rows.moved(matter, p))


def _watch(context: Context, store: Store, found: Callable[..., list[Watched]]) -> int:
    calendar, today = context.moment.calendar, context.moment.today
    opened, after = 0, ""
    while batch := store.read(partial(found, after=after, limit=MANY)):
        for _, application_id, task in batch:
            if supervision.calls(task, calendar, today):
                opened += store.perform(partial(_open_watched, context, application_id=application_id, item=task.item))
        after = batch[-1][0]
    return opened


def _horizon(calendar: Calendar, today: date) -> Horizon:
    """A clock calls for nothing before its light turns: with so many working days left at most, by its length."""
    days = {left: due_on(calendar, today, left + 1) - DAY for left in range(YELLOW_REMAINING, HORIZON_DAYS + 1)}
    lengths = {int((left + 1) / (1 - YELLOW_SHARE)): day for left, day in days.items() if left < HORIZON_DAYS}
    return Horizon(today, lengths, days[HORIZON_DAYS])


def _open_watched(context: Context, reader: Reader, application_id: str, item: str) -> Outcome[int]:
    case = reader.application(application_id)
    if case is None or item not in case.tasks:
        return Outcome(0)
    moment, regions = context.moment, context.world.catalogue.regions
    return _open(context, reader, supervision.watched(case, item, moment.calendar, moment.today, regions))


def _follow_up(context: Context, store: Store) -> int:
    opened = 0
    after: tuple[date, str] | None = None
    while batch := store.read(partial(matter_rows.late_matters, today=context.moment.today, after=after, limit=BATCH)):
        for matter in batch:
            opened += store.perform(partial(_open_next, context, matter_id=matter.id))
        after = batch[-1].due_on, batch[-1].id
    return opened


def _open_next(context: Context, reader: Reader, matter_id: str) -> Outcome[int]:
    matter: Matter | None = matter_rows.matter(reader, matter_id)
    if matter is None:
        return Outcome(0)
    opening = supervision.unanswered(matter, context.moment.today, context.world.catalogue.regions)
    return _open(context, reader, [opening] if opening else [])


def _open(context: Context, reader: Reader, openings: Iterable[Opening]) -> Outcome[int]:
    fresh = [opening for opening in openings if not matter_rows.is_taken(reader, opening.key)]
    changes = Changes()
    for opening in fresh:
        changes = changes.together(matter_rows.opened(open_matter(opening, context.actor, context.moment)))
    return Outcome(len(fresh), changes if fresh else None)
