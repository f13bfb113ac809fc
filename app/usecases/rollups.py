"""Rolling up the days and months that are over, and setting right what does not agree with the cases themselves.

A day is claimed first, then added up: dropping the claim, which every late fact of that day does, makes the sums that
were computed meanwhile impossible to store. Run twice, late, or by two processes at once, the same sums stand there.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from app.domain.periods import DAY, Span, days_of, first_of_month, last_of_month
from app.domain.rating_tallies import call_back_fact, facts_of_matter, facts_of_rating, matter_fact, rating_fact
from app.domain.tallies import facts_of, ids_of, office_day
from app.storage import matter_rows, tallies
from app.storage.changes import Changes, Guard, Update
from app.storage.mapping import with_facts
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.storage.tallies import RollUp
from app.usecases.context import Context

GRACE = timedelta(hours=1)
"""A day is over an hour after midnight: what was begun before midnight has long been committed by then."""
MOST = 400
"""Days one run rolls up, the oldest first; the next run goes on, and meanwhile the facts themselves answer."""
TRIES = 5
BATCH = 200


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What one run did."""

    days: int
    months: int


def roll_up(context: Context, store: Store) -> RolledUp:
    """Roll up every day and month that is over and not rolled up yet."""
    over = office_day(context.at - GRACE) - DAY
    days = sum(_settle(context, store, Span.DAY, day) for day in store.read(partial(_open_days, over=over)))
    months = sum(_settle(context, store, Span.MONTH, month) for month in store.read(partial(_open_months, over=over)))
    return RolledUp(days, months)


def spans_over(context: Context, reader: Reader) -> list[RollUp]:
    """What a run would roll up of a database that nothing has been rolled up in, all of it."""
    over, span = office_day(context.at - GRACE) - DAY, tallies.first_and_last(reader)
    days = [] if span is None else list(days_of(span[0], min(span[1], over)))
    months = sorted({first_of_month(day) for day in days})
    spans = [(Span.DAY, day) for day in days] + [(Span.MONTH, own) for own in months if last_of_month(own) <= over]
    return [RollUp(context.dice.below(1 << 53), span, first, is_ready=True) for span, first in spans]


def _open_days(reader: Reader, over: date) -> list[date]:
    span = tallies.first_and_last(reader)
    if span is None:
        return []
    ready = _ready(reader, Span.DAY)
    return [day for day in days_of(span[0], min(span[1], over)) if day not in ready][:MOST]


def _open_months(reader: Reader, over: date) -> list[date]:
    """Months that are over, hold facts, and have every day from the first fact to the last rolled up."""
    months = {first_of_month(day) for day in _ready(reader, Span.DAY)} - _ready(reader, Span.MONTH).keys()
    return sorted(month for month in months if last_of_month(month) <= over and _is_whole(reader, month))


def _is_whole(reader: Reader, month: date) -> bool:
    span = tallies.first_and_last(reader)
    days = _ready(reader, Span.DAY)
    return span is not None and all(
        day in days for day in days_of(max(month, span[0]), min(last_of_month(month), span[1]))
    )


def _ready(reader: Reader, span: Span) -> dict[date, int]:
    return {row.first_day: row.id for row in tallies.roll_ups(reader) if row.span is span and row.is_ready}


def _settle(context: Context, store: Store, span: Span, first: date) -> bool:
    """Claim, add up, store; whether this run did it. Disturbed again and again, it is left to the next run."""
    for _ in range(TRIES):
        state = store.perform(partial(_step, context, span=span, first=first))
        if state != "claimed":
            return state == "stored"
    return False


def _step(context: Context, reader: Reader, span: Span, first: date) -> Outcome[str]:
    if span is Span.MONTH and not _is_whole(reader, first):
        return Outcome("open")
    found = tallies.roll_up_of(reader, span, first)
    if found is None:
        row = {"id": context.dice.below(1 << 53), "span": span.value, "first_day": first, "is_ready": False}
        return Outcome("claimed", Changes().also("roll_up", row))
    if found.is_ready:
        return Outcome("ready")
    cells = tallies.sums_of_day(reader, first) if span is Span.DAY else _month(reader, first)
    rows = [{"roll_up": found.id, **cell} for cell in cells]
    areas = [{"roll_up": found.id, **cell} for cell in tallies.by_area(cells)]
    ready = Update("roll_up", found.id, {"is_ready": True})
    return Outcome("stored", Changes({"tally": rows, "area_tally": areas}, updates=[ready]))


def rebuild(context: Context, store: Store) -> RolledUp:
    """Forget every roll-up and roll up again, and count open work anew. Meanwhile every question is answered from the
    facts."""
    store.work.count()
    store.perform(lambda _: Outcome(None, Changes(deletes=[("roll_up", {})])))
    return roll_up(context, store)


def reconcile(store: Store) -> int:
    """Compute every application's facts again from the application itself and mend those that differ; how many
    applications did. After a change of a formula this brings the past up to date; otherwise it should find nothing."""
    mended, after = 0, ""
    while batch := store.read(partial(tallies.submitted_after, after=after, limit=BATCH)):
        mended += sum(store.perform(partial(_reconcile_one, application_id=found)) for found in batch)
        after = batch[-1]
    return mended


def _reconcile_one(reader: Reader, application_id: str) -> Outcome[bool]:
    case = reader.application(application_id)
    if case is None or case.erased_at is not None:  # what was counted stays when its content goes
        return Outcome(False)
    ratings, matters = matter_rows.ratings_of(reader, case.id), matter_rows.matters_about(reader, case.id)
    ids = [*ids_of(case), *map(rating_fact, ratings)]
    ids += [name for matter in matters for name in (matter_fact(matter), call_back_fact(matter))]
    expected = facts_of(case)
    for rating in ratings:
        expected |= facts_of_rating(rating)
    for matter in matters:
        expected |= facts_of_matter(matter, case.bundle)
    stored = tallies.facts_named(reader, ids)
    if stored == expected:
        return Outcome(False)
    return Outcome(True, with_facts(Changes(guard=Guard("application", case.id, case.version)), stored, expected))


def _month(reader: Reader, first: date) -> list[tallies.Cell]:
    days = _ready(reader, Span.DAY)
    return tallies.sums_of(reader, [days[day] for day in days_of(first, last_of_month(first)) if day in days])
