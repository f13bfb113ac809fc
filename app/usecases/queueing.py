"""The queue itself: cases arrive at random, officers of each desk take them first come, first served (SimPy).

Simulated time is minutes of office hours, so a working day is :data:`~app.domain.capacity.OFFICE_MINUTES` of it, and
nights, weekends and holidays do not exist; the calendar comes back where the lights look at dates.
"""

import random
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import simpy

from app.domain.capacity import OFFICE_MINUTES, Job, Tally, Waiting
from app.domain.clocks import INTAKE_DAYS
from app.domain.deadlines import Calendar, due_on
from app.domain.lifecycle import TaskStatus
from app.domain.oversight import light_of

Steps = Generator[simpy.Event, Any, None]
SHAPE = 2.0
"""Shape of the gamma distribution of durations [illustrative]: 1 would be exponential, more is steadier."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What to run. ``mixes`` are kinds of cases, as likely one as another; ``per_day`` is how many arrive in a working
    day on average; ``officers`` are those of each desk, ``others`` those of desks not named."""

    mixes: Sequence[Sequence[Job]]
    per_day: float
    days: int
    seed: int
    officers: Mapping[str, int] = field(default_factory=dict)
    others: int = 1
    shape: float = SHAPE


@dataclass(slots=True)
class _Task:
    """One task on its way; times are minutes since the start."""

    job: Job
    received: float
    accepted: float | None = None
    waited: float = 0.0


def run(scenario: Scenario, calendar: Calendar, start: date) -> dict[str, Tally]:
    """What each desk shows after so many working days from ``start``, beginning empty; the same seed, the same answer.

    ``start`` must be a working day.
    """
    return _Run(scenario, calendar, start).run()


class _Run:
    """One run of one scenario."""

    def __init__(self, scenario: Scenario, calendar: Calendar, start: date) -> None:
        self._scenario, self._calendar = scenario, calendar
        self._dice = random.Random(scenario.seed)  # noqa: S311 - nothing here is secret
        self._environment = simpy.Environment()
        self._dates = [due_on(calendar, start, number) for number in range(scenario.days + 1)]
        desks = sorted({job.desk for mix in scenario.mixes for job in mix})
        self._tallies = {desk: Tally(max(1, scenario.officers.get(desk, scenario.others))) for desk in desks}
        self._desks = {desk: simpy.Resource(self._environment, tally.officers) for desk, tally in self._tallies.items()}
        self._open: dict[int, _Task] = {}
        self._waiting: Counter[tuple[str, Waiting]] = Counter()

    def run(self) -> dict[str, Tally]:
        environment = self._environment
        environment.process(self._arrivals())
        environment.process(self._evenings())
        environment.run(until=self._scenario.days * OFFICE_MINUTES)
        for task in self._open.values():
            tally = self._tallies[task.job.desk]
            tally.open += 1
            tally.overdue += self._is_late(task, environment.now)
        return self._tallies

    def _arrivals(self) -> Steps:
        while True:
            yield self._environment.timeout(self._dice.expovariate(self._scenario.per_day / OFFICE_MINUTES))
            jobs = self._dice.choice(self._scenario.mixes)
            done = {job.item: self._environment.event() for job in jobs}
            for job in jobs:
                self._environment.process(self._task(job, self._minutes(job), done))

    def _minutes(self, job: Job) -> list[float]:
        """How long each step will take. Chance has spoken when a case arrives: however many officers there are, the
        same cases come at the same moments and are the same work, so that numbers of officers can be compared."""
        shape = self._scenario.shape
        return [self._dice.gammavariate(shape, mean / shape) for mean in job.minutes]

    def _task(self, job: Job, minutes: Sequence[float], done: Mapping[str, simpy.Event]) -> Steps:
        """One task from its release to its decision. Its clock starts when what comes before is done."""
        for choices in job.after:
            yield simpy.AnyOf(self._environment, [done[item] for item in choices])
        task = _Task(job, self._environment.now)
        self._open[id(task)] = task
        self._counts(task, 1)
        for number, takes in enumerate(minutes):
            yield from self._step(task, takes)
            if number == 0:
                self._counts(task, -1)
                task.accepted = self._environment.now
                self._counts(task, 1)
        del self._open[id(task)]
        self._counts(task, -1)
        tally = self._tallies[job.desk]
        tally.decided += 1
        tally.waits.append(task.waited / OFFICE_MINUTES)
        tally.on_time += not self._is_late(task, self._environment.now)
        done[job.item].succeed()

    def _counts(self, task: _Task, by: int) -> None:
        """It begins (1) or ceases (-1) to wait as it does now."""
        kind = task.job.desk, self._seen(task)
        self._waiting[kind] += by
        if not self._waiting[kind]:
            del self._waiting[kind]

    def _step(self, task: _Task, minutes: float) -> Steps:
        asked, desk = self._environment.now, task.job.desk
        with self._desks[desk].request() as turn:
            yield turn
            begun = self._environment.now
            task.waited += begun - asked
            yield self._environment.timeout(minutes)
            self._tallies[desk].busy_minutes += self._environment.now - begun

    def _evenings(self) -> Steps:
        """At the end of every day, the light of everything open: one look for all that came on one day and stand alike,
        for where there are too few officers tens of thousands pile up."""
        for day in range(self._scenario.days):
            yield self._environment.timeout(OFFICE_MINUTES - (1e-6 if day == 0 else 0.0))
            for (desk, waiting), count in self._waiting.items():
                light = light_of(waiting, self._calendar, self._dates[day]).light
                lights = self._tallies[desk].lights
                lights[light] = lights.get(light, 0) + count

    def _is_late(self, task: _Task, now: float) -> bool:
        """Whether the promise has passed: so many working days after the day of acceptance, which is not counted.
        An item promised on the spot is late the day after it came."""
        if task.accepted is None:
            return int(now // OFFICE_MINUTES) - int(task.received // OFFICE_MINUTES) > INTAKE_DAYS
        first = task.received if task.job.promised_days == 0 else task.accepted
        return int(now // OFFICE_MINUTES) - int(first // OFFICE_MINUTES) > task.job.promised_days

    def _seen(self, task: _Task) -> Waiting:
        if task.accepted is None:
            return Waiting(TaskStatus.RECEIVED, intake_due_on=self._due(task.received, INTAKE_DAYS))
        job = task.job
        return Waiting(
            TaskStatus.REVIEW,
            promised_due_on=self._due(task.accepted, job.promised_days),
            statutory_due_on=None if job.statutory_days is None else self._due(task.accepted, job.statutory_days),
            promised_days=job.promised_days,
        )

    def _due(self, since: float, days: int) -> date:
        return due_on(self._calendar, self._dates[int(since // OFFICE_MINUTES)], days)
