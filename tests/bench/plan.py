"""Plans per second: the pure rule on one core in this process, and the preview over HTTP.

Every plan is asked for with other answers than the one before (another area, another region), so that no answer can
come out of a cache. The richest worked example of each bundle is measured; the one with the most fields stands first.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from app.catalogue.loader import Catalogue
from app.domain.answers import accept
from app.domain.catalogue import Story
from app.domain.conditions import Value
from app.domain.routing import Planner
from app.domain.vocabulary import Level
from tests.bench import machines, sums, wire
from tests.bench.sums import Report, Said, Table
from tests.bench.wire import API, request
from tests.factories import catalogue

ON: Final = date(2026, 3, 16)
RICHEST: Final = "catering"
GOAL: Final = 2_000
VARIANTS: Final = 200
"""Ways to ask, each other than the one before."""


@dataclass(frozen=True)
class Wish:
    """What to measure: plans for so many seconds of a round, and so many previews over HTTP."""

    rounds: int = 5
    seconds: float = 1.0
    clients: int = 4
    previews: int = 200
    seed: int = 1


@dataclass(frozen=True)
class Asked:
    """One bundle's richest example: its planner and other answers for every plan."""

    bundle: str
    planner: Planner
    variants: list[tuple[dict[str, Value], str]]
    sent: list[tuple[Mapping[str, Any], str]]


def asked(known: Catalogue, bundle: str, dice: random.Random) -> Asked:
    """Many ways to ask for the plan of the richest example, in any county."""
    story = known.stories[f"{bundle}_full"]
    planner = Planner(known.library, known.library.bundles[bundle], known.regions, known.calendar)
    counties = [place.code for place in known.regions.values() if place.level is Level.COUNTY]
    sent = [(varied(story, dice), dice.choice(counties)) for _ in range(VARIANTS)]
    return Asked(bundle, planner, [(accept(planner.bundle, answers), region) for answers, region in sent], sent)


def varied(story: Story, dice: random.Random) -> dict[str, Any]:
    """The story's answers with other numbers of the same order."""
    found: dict[str, Any] = {}
    for code, answer in story.answers.items():
        is_number = isinstance(answer, int | float) and not isinstance(answer, bool)
        found[code] = answer + dice.randrange(50) if is_number and answer >= 100 else answer
    return found


def in_process(what: Asked, seconds: float) -> tuple[float, float]:
    """Plans a second, by the clock and by the processor's."""
    planner, variants = what.planner, what.variants
    done, wall, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < seconds:
        for answers, region in variants[done % len(variants) :][:50]:
            planner.plan(answers, region, ON)
            done += 1
    return done / (time.perf_counter() - wall), done / (time.process_time() - cpu)


async def previews(port: int, what: Asked, wish: Wish) -> tuple[wire.Ran, list[float]]:
    """Previews over HTTP: nothing is signed in for, nothing is stored."""
    seconds: list[float] = []

    async def once(line: wire.Line, number: int) -> None:
        answers, region = what.sent[number % len(what.sent)]
        body = {"region": region, "answers": _plain(answers)}
        answer = await line.get_done(request("POST", f"{API}/bundles/{what.bundle}/plan", body))
        seconds.append(answer.seconds)

    return await wire.run([port], wish.clients, wish.previews, once), seconds


def _plain(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {code: list(value) if isinstance(value, tuple) else value for code, value in answers.items()}


def row(what: Asked, rates: list[tuple[float, float]]) -> dict[str, Any]:
    """The figures of one bundle."""
    plan = what.planner.plan(*what.variants[0], ON)
    return {
        "bundle": what.bundle,
        "items": len(plan.items),
        "fields": len(plan.fields),
        "materials": len(plan.materials),
        "per_s": sums.spread([wall for wall, _ in rates], 0),
        "per_cpu_s": sums.spread([cpu for _, cpu in rates], 0),
        "is_enough": "✓" if sums.spread([cpu for _, cpu in rates])["median"] >= GOAL else "✗",
    }


COLUMNS: Final = {
    "bundle": Said("一件事", "bundle"),
    "items": Said("事项", "items"),
    "fields": Said("字段", "fields"),
    "materials": Said("材料", "papers"),
    "per_s": Said("方案/秒", "plans/s"),
    "per_cpu_s": Said("方案/处理器秒", "plans/CPU s"),
    "is_enough": Said(f"≥ {GOAL}", f"≥ {GOAL}"),
}
HTTP: Final = {
    "bundle": Said("一件事", "bundle"),
    "clients": Said("客户端", "clients"),
    "per_s": Said("预览/秒", "previews/s"),
    "p50_ms": Said("p50 毫秒", "p50 ms"),
    "p95_ms": Said("p95 毫秒", "p95 ms"),
}
NOTES: Final = [
    Said("机器上其他程序对按处理器秒计的数影响较小。", "Plans by processor second depend little on who else is busy."),
]


def measure(wish: Wish) -> Report:
    """Every bundle in process, in turns; the richest over HTTP, unless no previews are wanted."""
    report = Report("plan", {"rounds": wish.rounds, "seconds": wish.seconds, "seed": wish.seed})
    dice, known = random.Random(wish.seed), catalogue()  # noqa: S311 - variety, not secrets
    bundles = sorted(known.library.bundles, key=lambda code: (code != RICHEST, code))
    subjects = [asked(known, bundle, dice) for bundle in bundles if f"{bundle}_full" in known.stories]
    rates: dict[str, list[tuple[float, float]]] = {subject.bundle: [] for subject in subjects}
    for turn in range(wish.rounds + 1):
        for subject in dice.sample(subjects, len(subjects)):
            found = in_process(subject, wish.seconds if turn else wish.seconds / 10)
            if turn:
                rates[subject.bundle].append(found)
    rows = [row(subject, rates[subject.bundle]) for subject in subjects]
    report.tables.append(Table("plans", Said("分办方案，单核，进程内", "Plans, one core, in process"), COLUMNS, rows))
    if wish.previews:
        title = Said("方案预览，经 HTTP", "Previews over HTTP")
        report.tables.append(Table("previews", title, HTTP, over_http(subjects, wish)))
    report.notes += NOTES
    return report


def over_http(subjects: list[Asked], wish: Wish) -> list[dict[str, Any]]:
    """The richest bundle, asked of a server."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        room = stack.enter_context(machines.room(folder))
        server = stack.enter_context(machines.platform(folder, room.empty("sqlite")))
        asyncio.run(previews(server.port, subjects[0], wish))
        ran = [asyncio.run(previews(server.port, subjects[0], wish)) for _ in range(wish.rounds)]
    seconds = [second for _, times in ran for second in times]
    rates = sums.spread([found.rate for found, _ in ran], 1)
    return [{"bundle": subjects[0].bundle, "clients": wish.clients, "per_s": rates, **sums.times(seconds)}]
