"""Letting time pass: what the law says time alone causes, for every application that is due to be looked at again.

Running it twice, late, or in two processes at once changes nothing more: each application is computed afresh from its
facts and committed only if nobody else came first.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial

from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import data_alarms, data_requests, erasure, notary, offering, open_calls, rollups, supervision, tries
from app.usecases.acts import begin, written
from app.usecases.context import Context

BATCH = 200


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    looked_at: int
    moved: int
    opened: int = 0
    """Matters of supervision."""
    erased: int = 0
    """Applications whose time of keeping was up."""


def sweep_one(context: Context, reader: Reader, application_id: str) -> Outcome[bool]:
    """Let time pass for one application; the answer is whether anything happened."""
    before = reader.application(application_id)
    if before is None:
        return Outcome(False)
    h = begin(context, before)
    if not h.events:
        return Outcome(False)
    return Outcome(True, written(context, reader, before, h))


def run(context: Context, store: Store) -> Swept:
    """Sweep everything due now, in the order of its dates; each application is looked at once. Then what supervision
    finds is opened, what can be offered is offered, days and months that are over by then are rolled up, what is past
    its date is erased, and the proof tree is brought up to date."""
    system = context.as_system()
    looked_at, moved = _cases(system, store)
    data_requests.expire(system, store)
    opened = supervision.run(system, store) + data_alarms.run(system, store)
    offering.run(system, store)
    open_calls.run(system, store)
    rollups.roll_up(system, store)
    erased = erasure.run(system, store)
    tries.forget(system, store)
    notary.run(system, store)
    return Swept(looked_at, moved, opened, erased)


def cases(context: Context, store: Store) -> int:
    """Let time pass for the cases alone; how many moved."""
    return _cases(context.as_system(), store)[1]


def _cases(system: Context, store: Store) -> tuple[int, int]:
    looked_at = moved = 0
    after: tuple[date, str] | None = None
    while batch := store.read(partial(_due, today=system.moment.today, after=after)):
        for _, application_id in batch:
            moved += store.perform(partial(sweep_one, system, application_id=application_id))
        looked_at += len(batch)
        after = batch[-1]
    return looked_at, moved


def _due(reader: Reader, today: date, after: tuple[date, str] | None) -> list[tuple[date, str]]:
    return reader.due_by(today, after, BATCH)
