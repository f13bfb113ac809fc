"""Letting time pass: what the law says time alone causes, for every application that is due to be looked at again.

Any number of processes may sweep. Each application is claimed by one of them and computed from its facts in the
transaction that writes what follows; everything else is done by one process at a time. Twice or late it changes nothing
more. A sweep that somebody asked for is patient: when it returns, all that was due is done, whoever did it. The one
that comes round every so often leaves to the others what they have in hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from app.storage import sums, waiting, work
from app.storage.queries import Reader
from app.storage.store import Outcome, Store, WorkedOff
from app.usecases import data_alarms, data_requests, erasure, notary, offering, open_calls, rollups, supervision, tries
from app.usecases.acts import begin, written
from app.usecases.context import Context

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    looked_at: int
    moved: int
    opened: int = 0
    """Matters of supervision."""
    erased: int = 0
    """Applications whose time of keeping was up."""
    failed: int = 0
    """Applications that could not be worked on: the log says which, and why."""


def sweep_one(context: Context, reader: Reader, own: str) -> Outcome[bool]:
    """Let time pass for the application with this id; the answer is whether anything happened."""
    before = reader.application(own)
    if before is None:
        return Outcome(False)
    h = begin(context, before)
    if not h.events:
        return Outcome(False)
    return Outcome(True, written(context, reader, before, h))


def run(context: Context, store: Store, *, is_patient: bool = True) -> Swept:
    """Sweep everything due now, in the order of its dates; each application is looked at once. Then what supervision
    finds is opened, what can be offered is offered, the sums of days and months are brought up to date, what is past
    its date is erased, and the proof tree is brought up to date."""
    system = context.as_system()
    done = _cases(system, store, is_patient=is_patient)
    alone = partial(_alone, system, store, is_patient=is_patient)
    alone("requests", data_requests.expire)
    opened = [alone("supervision", supervision.run), alone("alarms", data_alarms.run)]
    alone("offers", offering.run)
    alone("calls", open_calls.run)
    alone(sums.JOB, rollups.roll_up)
    alone(work.JOB, count_work)
    erased = erasure.run(system, store, is_patient=is_patient)
    alone("files", erasure.tidy)
    alone("tries", tries.forget)
    alone("proof", notary.run)
    return Swept(done.looked_at, done.moved, sum(filter(None, opened)), erased.moved, done.failed + erased.failed)


def count_work(_: Context, store: Store) -> int:
    """Bring the counts of open work up to date, or make them; how many rows were taken in."""
    if not store.read(work.is_counted):
        return store.work.count()
    return store.work.fold() if store.read(work.is_changed) else 0


def cases(context: Context, store: Store) -> int:
    """Let time pass for the cases alone; how many moved."""
    return _cases(context.as_system(), store).moved


def prove(context: Context, store: Store) -> int | None:
    """Bring the proof tree up to date; how many rows, or None when another process is at it."""
    return _alone(context, store, "proof", notary.run, is_patient=False)


def _cases(system: Context, store: Store, *, is_patient: bool = True) -> WorkedOff:
    return store.work_off(waiting.due(system.moment.today), partial(sweep_one, system), is_patient=is_patient)


def _alone(
    context: Context, store: Store, job: str, run: Callable[[Context, Store], R], *, is_patient: bool
) -> R | None:
    """Run a job unless another process is at it; the patient run it afterwards."""
    with store.claims.alone(job, waits=is_patient) as is_mine:
        return run(context, store) if is_mine else None
