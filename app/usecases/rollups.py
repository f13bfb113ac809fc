"""Keeping the sums behind the indicators up to date, and setting right what does not agree with the cases themselves.

What changed is folded into the sums of days and months, and what is not added up yet is added up: twice, late, or by
two processes at once, the same sums stand there (:mod:`app.storage.sums`).
"""

from dataclasses import dataclass
from datetime import date
from functools import partial

from app.domain.applications import Application
from app.domain.periods import Span, first_of_month, last_of_month
from app.domain.rating_tallies import call_back_fact, facts_of_matter, facts_of_rating, matter_fact, rating_fact
from app.domain.tallies import Fact, facts_of, ids_of, office_day
from app.storage import matter_rows, sums, tallies, work
from app.storage.changes import Changes, Guard
from app.storage.mapping import with_facts
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases.context import Context

MOST = 400
"""Days one run adds up, the oldest first; the next run goes on, and meanwhile the facts themselves answer."""
BATCH = 200


@dataclass(frozen=True, slots=True)
class RolledUp:
    """What one run added up that was not added up before."""

    days: int
    months: int


def roll_up(context: Context, store: Store) -> RolledUp:
    """Fold in what changed, and add up every day, also the one that runs, and every month that is over."""
    if store.read(sums.is_behind):
        store.sums.fold()
    days = [store.sums.settle(Span.DAY, day) for day in store.read(tallies.open_days)[:MOST]]
    today = office_day(context.at)
    months = [store.sums.settle(Span.MONTH, month) for month in store.read(partial(tallies.open_months, today=today))]
    return RolledUp(sum(days), sum(months))


def days_and_months(context: Context, reader: Reader) -> tuple[list[date], list[date]]:
    """What a run would add up of a database that nothing has been added up in, all of it."""
    days = tallies.open_days(reader)
    return days, sorted({first_of_month(day) for day in days if last_of_month(day) < office_day(context.at)})


def rebuild(context: Context, store: Store) -> RolledUp:
    """Forget every sum and add up again, and count open work anew. Meanwhile every question is answered from the
    facts."""
    with store.claims.alone(work.JOB, waits=True):
        store.work.count()
    with store.claims.alone(sums.JOB, waits=True):
        store.sums.forget()
    done, days, months = RolledUp(1, 0), 0, 0
    while done.days:
        with store.claims.alone(sums.JOB, waits=True):
            done = roll_up(context, store)
        days, months = days + done.days, months + done.months
    return RolledUp(days, months)


def reconcile(store: Store) -> int:
    """Compute every application's facts again from the application itself and mend those that differ; how many
    applications did. After a change of a formula this brings the past up to date; otherwise it should find nothing."""
    mended, after, forgotten = 0, "", set[date]()
    while batch := store.read(partial(tallies.submitted_after, after=after, limit=BATCH)):
        for own in batch:
            found = store.read(partial(_differing, application_id=own))
            if found is not None:
                _forget(store, found.days - forgotten)
                forgotten |= found.days
                mended += store.perform(partial(_reconcile_one, application_id=own))
        after = batch[-1]
    return mended


@dataclass(frozen=True, slots=True)
class Differing:
    """A case whose stored facts are not those that it has."""

    case: Application
    stored: dict[str, Fact]
    expected: dict[str, Fact]

    @property
    def days(self) -> set[date]:
        """The days on which something is to be mended."""
        return {fact.day for fact in (*self.stored.values(), *self.expected.values())}


def _forget(store: Store, days: set[date]) -> None:
    """Nobody knows what was added up of facts that are wrong: of these days it is added up again."""
    if days:
        with store.claims.alone(sums.JOB, waits=True):
            store.sums.forget(days)


def _reconcile_one(reader: Reader, application_id: str) -> Outcome[bool]:
    found = _differing(reader, application_id)
    if found is None:
        return Outcome(False)
    changes = Changes(guard=Guard("application", found.case.id, found.case.version))
    return Outcome(True, with_facts(changes, found.stored, found.expected))


def _differing(reader: Reader, application_id: str) -> Differing | None:
    case = reader.application(application_id)
    if case is None or case.erased_at is not None:  # what was counted stays when its content goes
        return None
    ratings, matters = matter_rows.ratings_of(reader, case.id), matter_rows.matters_about(reader, case.id)
    ids = [*ids_of(case), *map(rating_fact, ratings)]
    ids += [name for matter in matters for name in (matter_fact(matter), call_back_fact(matter))]
    expected = facts_of(case)
    for rating in ratings:
        expected |= facts_of_rating(rating)
    for matter in matters:
        expected |= facts_of_matter(matter, case.bundle)
    stored = tallies.facts_named(reader, ids)
    return None if stored == expected else Differing(case, stored, expected)
