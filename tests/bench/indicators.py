"""How long indicators take over many cases: ``python -m tests.bench.indicators --cases 1000000``.

Believable cases of two years are written straight into the tables: counties of different size, quiet and busy months,
departments that are punctual and departments that are not, a few withdrawals, corrections and returns. Then every kind
of question is asked through the use case and timed, and compared with adding up the facts live and with what a query on
the task table itself takes. The figures are invented; only the times mean something.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.domain.applications import Actor, Application, Notice, Task
from app.domain.authorities import find
from app.domain.deadlines import BEIJING, due_on
from app.domain.errors import NoAuthority
from app.domain.figures import Dimension, Part, Slice
from app.domain.lifecycle import ApplicationResult, ApplicationStatus, TaskStatus, Verdict
from app.domain.references import application_reference
from app.domain.tallies import facts_of
from app.domain.vocabulary import Level, Role, TimeUnit
from app.settings import Settings
from app.storage import tallies
from app.storage.database import migrate, write_engine
from app.storage.mapping import created, fact_row, task_row
from app.storage.queries import Reader
from app.storage.store import Store
from app.storage.tables import APPLICATION, TASK
from app.storage.tally_tables import FACT
from app.usecases import indicators, rollups
from app.usecases.context import Context
from app.usecases.indicators import Wish
from app.usecases.platform import open_world
from app.usecases.world import World
from tests.factories import catalogue

SEED = 20260316
FIRST, LAST = date(2024, 7, 1), date(2026, 6, 30)
CHUNK = 5_000
BUSY = (1.0, 0.5, 1.3, 1.2, 1.0, 1.1, 0.9, 0.9, 1.3, 0.8, 1.1, 1.2)
"""How busy each month is; February holds the Spring Festival."""


@dataclass(frozen=True)
class Errand:
    """One item of a bundle in one county: who decides, how fast, and how punctual they are there."""

    item: str
    department: str
    region: str
    promised: int
    statutory: int | None
    lateness: float


def weighted_days(draw: random.Random) -> list[date]:
    """Working days of the two years, busy ones more often."""
    calendar = catalogue().calendar
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    days = [day for day in days if calendar.is_working(day)]
    return draw.choices(days, [BUSY[day.month - 1] for day in days], k=200_000)


@cache
def due(start: date, days: int) -> date:
    """Working days on."""
    return due_on(catalogue().calendar, start, days)


def errands(draw: random.Random) -> dict[tuple[str, str], list[Errand]]:
    """What each bundle consists of in each county of the demonstration's catalogue."""
    found: dict[tuple[str, str], list[Errand]] = {}
    library, tree = catalogue().library, catalogue().regions
    punctual: dict[str, float] = {}
    for county in (place.code for place in tree.values() if place.level is Level.COUNTY):
        for bundle in library.bundles.values():
            entries = []
            for code in bundle.items:
                item = library.items[code]
                try:
                    department = find(library.lines[item.line], item.level, county, tree).department
                except NoAuthority:
                    continue
                lateness = punctual.setdefault(department.code, draw.betavariate(1.2, 18))
                statutory = item.statutory.days if item.statutory else None
                entries.append(
                    Errand(code, department.code, department.region, item.promised.days, statutory, lateness)
                )
            if entries:
                found[bundle.code, county] = entries
    return found


def at(day: date, draw: random.Random) -> datetime:
    """Some time of the office day."""
    return datetime.combine(day, clock(9 + draw.randrange(8), draw.randrange(60)), tzinfo=BEIJING)


def cases(count: int) -> Iterator[Application]:
    """``count`` applications, always the same."""
    draw = random.Random(SEED)  # noqa: S311
    known, days = errands(draw), weighted_days(draw)
    places = sorted(known)
    weights = [draw.paretovariate(1.6) for _ in places]
    for number in range(count):
        (bundle, county), submitted = draw.choices(places, weights)[0], draw.choice(days)
        some = known[bundle, county]
        parts = draw.sample(some, min(len(some), 1 + draw.randrange(5)))
        yield one(number, bundle, county, submitted, parts, draw)


def one(
    number: int, bundle: str, county: str, submitted: date, parts: list[Errand], draw: random.Random
) -> Application:
    """One application as it stands at the end of the two years."""
    tasks = {part.item: worked(part, submitted, draw) for part in parts}
    corrected = [item for item in tasks if draw.random() < 0.04]
    is_over = all(task.completed_at is not None for task in tasks.values())
    ends = [task.completed_at for task in tasks.values() if task.completed_at is not None]
    before = 12 * len(parts)
    return Application(
        id=f"{number:032x}",
        bundle=bundle,
        digest="0" * 64,
        region=county,
        filed_region=filed_at(county, draw),
        applicant=f"person{number % 5000}",
        created_by=f"person{number % 5000}",
        created_at=at(submitted, draw),
        submitted_at=at(submitted, draw),
        completed_at=max(ends) if is_over else None,
        reference=application_reference(county, submitted, 100_000 + number),
        status=ApplicationStatus.FINISHED if is_over else ApplicationStatus.IN_PROGRESS,
        result=ApplicationResult.ALL_GRANTED if is_over else ApplicationResult.NONE,
        savings={
            "fields_before": before,
            "fields_typed": before // 3,
            "materials_before": 4 * len(parts),
            "materials_uploaded": len(parts),
            "days_before": sum(part.promised for part in parts),
            "days_after": max(part.promised for part in parts),
            "visits_before": len(parts),
            "visits_after": draw.randrange(2),
        },
        tasks=tasks,
        notices=(Notice(1, at(submitted, draw), submitted, dict.fromkeys(corrected, ())),) if corrected else (),
        version=9,
        event_count=9,
    )


def filed_at(county: str, draw: random.Random) -> str | None:
    """Mostly online, else the own hall, rarely one elsewhere or in another province."""
    chance = draw.random()
    if chance < 0.7:
        return None
    if chance < 0.97:
        return county
    return "310101" if chance > 0.998 and not county.startswith("31") else "330102"


def worked(part: Errand, submitted: date, draw: random.Random) -> Task:
    """One task: decided early, on the day or late, or ended otherwise; the newest ones are still open."""
    accepted = due(submitted, draw.randrange(3))
    promised = due(accepted, part.promised)
    is_late = draw.random() < part.lateness
    took = part.promised + 1 + draw.randrange(6) if is_late else draw.randint(part.promised // 3, part.promised)
    decided, chance = due(accepted, took), draw.random()
    status = TaskStatus.RETURNED if chance < 0.02 else TaskStatus.NOT_ACCEPTED if chance < 0.03 else TaskStatus.CLOSED
    is_decided, is_open = status is TaskStatus.CLOSED, decided >= LAST
    return Task(
        item=part.item,
        department=part.department,
        region=part.region,
        stage=1,
        after=(),
        promised_days=part.promised,
        promised_unit=TimeUnit.WORKING_DAY,
        statutory_days=part.statutory,
        statutory_unit=TimeUnit.WORKING_DAY,
        is_instant=part.promised == 0,
        status=TaskStatus.REVIEW if is_open else status,
        verdict=Verdict.GRANTED if is_decided and not is_open else None,
        opened_on=submitted,
        accepted_at=at(accepted, draw),
        is_deemed_accepted=draw.random() < 0.004,
        promised_due_on=promised,
        decided_at=at(decided, draw) if is_decided and not is_open else None,
        completed_at=None if is_open else at(decided, draw),
    )


def write(url: str, count: int) -> None:
    """Everything into the tables, in large transactions."""
    engine = write_engine(url, "NORMAL")
    shapes: dict[str, dict[str, Any]] = {}
    batch: list[Application] = []
    for case in cases(count):
        batch.append(case)
        if len(batch) == CHUNK:
            _insert(engine, batch, shapes)
            batch = []
    _insert(engine, batch, shapes)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _insert(engine: Any, batch: list[Application], shapes: dict[str, dict[str, Any]]) -> None:
    if not batch:
        return
    whole, part = (
        shapes.setdefault("application", created(batch[0])),
        shapes.setdefault("task", task_row(batch[0], next(iter(batch[0].tasks.values())))),
    )
    with engine.begin() as connection:
        connection.execute(APPLICATION.insert(), [_row(case, whole) for case in batch])
        connection.execute(
            TASK.insert(), [_task_row(case, task, part) for case in batch for task in case.tasks.values()]
        )
        connection.execute(FACT.insert(), [fact_row(fact) for case in batch for fact in facts_of(case).values()])


def _row(case: Application, shape: dict[str, Any]) -> dict[str, Any]:
    """The row of :func:`created` without its conversions, which would take longer than all the rest."""
    own = {
        name: getattr(case, name, None)
        for name in shape.keys() - {"answers", "form", "materials", "notices", "look_again_on"}
    }
    return {**shape, **own, "notices": [], "status": case.status.value, "result": case.result.value}


def _task_row(case: Application, task: Task, shape: dict[str, Any]) -> dict[str, Any]:
    names = (
        "item",
        "department",
        "region",
        "promised_days",
        "statutory_days",
        "is_instant",
        "opened_on",
        "accepted_at",
    )
    more = ("is_deemed_accepted", "promised_due_on", "decided_at", "completed_at")
    own = {name: getattr(task, name) for name in (*names, *more)}
    status, verdict = task.status.value, task.verdict.value if task.verdict else None
    keys = {"id": f"{case.reference}-{task.item}", "application_id": case.id, "sort_on": task.promised_due_on}
    return {**shape, **own, **keys, "status": status, "verdict": verdict}


NAIVE = text("""
    SELECT task.department, count(*),
           sum(CASE WHEN date(task.decided_at) <= task.promised_due_on THEN 1 ELSE 0 END)
    FROM task JOIN application ON application.id = task.application_id
    WHERE task.completed_at >= :first AND task.completed_at < :last AND application.region LIKE :stem
      AND task.verdict IS NOT NULL
    GROUP BY task.department
""")
"""One indicator straight from the tasks: what every question would cost without facts and roll-ups."""


def questions(context: Context) -> dict[str, Callable[[Reader], Any]]:
    """Every kind of question, as the API asks it."""
    year = {"first": date(2026, 1, 1), "last": LAST}
    both: dict[str, Any] = {"first": FIRST, "last": LAST}
    odd: dict[str, Any] = {"first": FIRST + timedelta(days=9), "last": LAST - timedelta(days=9)}

    def values(by: Dimension | None, **wish: Any) -> Callable[[Reader], Any]:
        return partial(indicators.values, context, wish=Wish(**wish), by=by, cursor=None, limit=100)

    def behind(code: str, part: Part, limit: int = 50, **wish: Any) -> Callable[[Reader], Any]:
        return partial(indicators.cases, context, code=code, part=part, wish=Wish(**wish), cursor=None, limit=limit)

    return {
        "province, half a year": values(None, **year),
        "province, two years": values(None, **both),
        "province, two years less 9 days at both ends": values(None, **odd),
        "province, two years by region": values(Dimension.REGION, **both),
        "province, two years by department": values(Dimension.DEPARTMENT, **both),
        "province, two years by item": values(Dimension.ITEM, **both),
        "province, two years by bundle": values(Dimension.BUNDLE, **both),
        "province, two years by month": values(Dimension.MONTH, **both),
        "province, half a year by day": values(Dimension.DAY, **year),
        "city, two years by region": values(Dimension.REGION, region="330800", **both),
        "county, two years by department": values(Dimension.DEPARTMENT, region="330802", **both),
        "one department, two years by month": values(Dimension.MONTH, department="market.330802", **both),
        "behind: decided, province": behind("on_time", Part.DENOMINATOR, **both),
        "behind: cross-province, province": behind("other_province", Part.NUMERATOR, **both),
        "behind: returned, one item of a county": behind(
            "returned", Part.NUMERATOR, region="330802", item="F1", **both
        ),
        "behind: nothing there": behind("elsewhere", Part.NUMERATOR, item="F1", **both),
    }


def timed(ask: Callable[[], Any], rounds: int) -> list[float]:
    """Milliseconds of every round."""
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        found.append((time.perf_counter() - began) * 1000)
    return found


def percentiles(times: list[float]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    if len(times) == 1:
        return times[0], times[0]
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[94]


def compared(store: Store, rounds: int) -> list[tuple[str, float]]:
    """The province by department over two years: rolled up, from the facts, and from the tasks themselves."""
    of = Slice(region="330000")

    def sums(reader: Reader, *, live: bool) -> Any:
        return tallies.added_up(reader, of, FIRST, LAST, Dimension.DEPARTMENT, live=live)

    def naive(reader: Reader) -> Any:
        bounds = {"first": "2024-07-01", "last": "2026-07-01", "stem": "33%"}
        return reader.connection.execute(NAIVE, bounds).all()

    assert store.read(partial(sums, live=False)) == store.read(partial(sums, live=True))
    return [
        (
            "33 counters by department, rolled up",
            percentiles(timed(lambda: store.read(partial(sums, live=False)), rounds))[0],
        ),
        (
            "33 counters by department, facts added up live",
            percentiles(timed(lambda: store.read(partial(sums, live=True)), 2))[0],
        ),
        ("one indicator by department, tasks added up live", percentiles(timed(lambda: store.read(naive), 2))[0]),
    ]


def measure(url: str, count: int, rounds: int, world: World) -> None:
    """Write, roll up, ask, print."""
    say = sys.stdout.write
    began = time.perf_counter()
    migrate(url)
    store = Store(url, "NORMAL")
    if store.read(tallies.first_and_last) is None:
        write(url, count)
        say(f"{count} applications written in {time.perf_counter() - began:.0f} s\n")
    who = Actor("supervisor.330000", Role.SUPERVISOR, region="330000")
    context = Context(world, datetime.combine(LAST, clock(15), tzinfo=BEIJING), who)
    began = time.perf_counter()
    done = rollups.roll_up(context, store)
    say(f"rolled up {done.days} days and {done.months} months in {time.perf_counter() - began:.1f} s: ")
    rows = {name: store.read(lambda reader, name=name: reader.count(name)) for name in ("task", "fact", "tally")}
    say(", ".join(f"{number} rows of {name}" for name, number in rows.items()) + "\n")
    again = timed(lambda: rollups.roll_up(context, store), 3)
    say(f"rolling up again with nothing to do: {percentiles(again)[0]:.1f} ms\n")
    for name, ask in questions(context).items():
        middle, worst = percentiles(timed(partial(store.read, ask), rounds))
        say(f"{name:56} p50 {middle:8.1f} ms  p95 {worst:8.1f} ms\n")
    base = None
    for name, took in compared(store, rounds):
        base = base or took
        say(f"{name:56} p50 {took:8.1f} ms  × {took / base:.1f}\n")
    store.close()


def main() -> None:
    """Measure on a fresh SQLite file, or on the database named."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=100_000, help="applications; each has one to five tasks")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--database", help="empty, or filled by an earlier run; default: a temporary SQLite file")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            files_folder=Path(folder) / "files",
            secret_file=Path(folder) / "secret.key",
            keys_file=Path(folder) / "keys.json",
        )
        url = chosen.database or f"sqlite:///{folder}/bench.db"
        measure(url, chosen.cases, chosen.rounds, open_world(settings, catalogue()))


if __name__ == "__main__":
    main()
