"""From nothing to the first page, what the imports alone take, and how much memory a process holds in the end.

A *first* start finds an empty place: it makes keys and secret, migrates, loads the packs and keeps their versions. A
*next* start finds everything there. The bare app is started beside it. Memory is read from /proc after the start and
after so many requests of many kinds, by people signed in and by nobody.
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.bench import machines, recipe, sums, wire
from tests.bench.machines import ROOT
from tests.bench.sums import Report, Said, Table
from tests.bench.wire import API, request
from tests.databases import SQLITE, Databases
from tests.factories import catalogue

GOALS: Final = {"next start": 1.5, "rss_mb": 150.0}
IMPORTS: Final = {
    "python alone": "pass",
    "libraries: fastapi, sqlmodel, uvicorn": "import fastapi, sqlmodel, uvicorn",
    "platform: app.main": "import app.main",
}


@dataclass(frozen=True)
class Wish:
    """What to measure."""

    databases: tuple[str, ...] = (SQLITE,)
    rounds: int = 5
    requests: int = 1_000
    clients: int = 4
    seed: int = 1


@dataclass
class Times:
    """Seconds by what was started or imported: by the clock, and of the processor."""

    clock: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, clock: float, cpu: float) -> None:
        """One start or import."""
        self.clock.setdefault(name, []).append(clock)
        self.cpu.setdefault(name, []).append(cpu)


def imported(statement: str) -> tuple[float, float]:
    """Seconds of an interpreter that runs this statement and ends: by the clock, and of the processor."""
    began, before = time.perf_counter(), os.times()
    subprocess.run([sys.executable, "-c", statement], cwd=ROOT, check=True, env=machines.plain_environment())
    after = os.times()
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return time.perf_counter() - began, used


def one_round(kind: str, place: Path, room: Databases, times: Times, dice: random.Random) -> None:
    """Everything once, in an order drawn anew."""
    place.mkdir()
    url = room.empty(kind)

    def start(name: str, running: Any) -> None:
        with running as server:
            times.note(name, server.started, server.cpu())

    start("first start", machines.platform(place, url, wait_at="/"))
    turns: list[Callable[[], None]] = [
        lambda: start("next start", machines.platform(place, url, wait_at="/")),
        lambda: start("bare app", machines.bare(place, f"sqlite:///{place / 'bare.db'}", {})),
    ]
    for name, statement in IMPORTS.items():
        turns.append(lambda n=name, s=statement: times.note(f"import · {n}", *imported(s)))  # type: ignore[misc]
    for turn in dice.sample(turns, len(turns)):
        turn()


def memory(kind: str, folder: Path, room: Databases, wish: Wish) -> list[dict[str, Any]]:
    """Megabytes after the start and after the requests: of the platform at a first start, on an empty
    database, at the next one, and of the bare app."""
    url = room.empty(kind)
    found = [_held(subject, kind, folder, url, wish) for subject in ("platform, first start", "platform")]
    with ExitStack() as stack:
        bare = stack.enter_context(machines.bare(folder, f"sqlite:///{folder / 'bare.db'}", {"A": []}))
        before = machines.memory_of(bare.process.pid)
        wanted = {"bundle": "catering", "region": "330802", "applicant": "wang_owner"}
        asyncio.run(wire.run([bare.port], wish.clients, wish.requests, _asking([request("POST", "/cases", wanted)])))
        found.append(_row("bare app", kind, before, machines.memory_of(bare.process.pid), wish))
    return found


def _held(subject: str, kind: str, folder: Path, url: str, wish: Wish) -> dict[str, Any]:
    with machines.platform(folder, url) as server:
        before = machines.memory_of(server.process.pid)
        asked = asyncio.run(requests(server.port))
        asyncio.run(wire.run([server.port], wish.clients, wish.requests, _asking(asked)))
        return _row(subject, kind, before, machines.memory_of(server.process.pid), wish)


def _asking(asked: list[bytes]) -> wire.Work:
    async def once(line: wire.Line, number: int) -> None:
        await line.get_done(asked[number % len(asked)])

    return once


async def requests(port: int) -> list[bytes]:
    """Reads of every kind; one whole case is worked through first, so that there is something to read."""
    told = await recipe.found(port)
    officer, applicant = told.steps[0].who, told.tokens[told.applicant]
    story = catalogue().stories[recipe.STORY]
    answers = {name: list(value) if isinstance(value, tuple) else value for name, value in story.answers.items()}
    async with wire.lines([port], 1) as (line,):
        listed = (await line.get_done(request("GET", f"{API}/applications?limit=1", None, applicant))).json()
    made = listed["entries"][0]["id"]
    return [
        request("GET", f"{API}/bundles"),
        request("GET", f"{API}/bundles/{story.bundle}"),
        request("POST", f"{API}/bundles/{story.bundle}/plan", {"region": story.region, "answers": answers}),
        request("GET", f"{API}/search?q=%E9%A4%90%E9%A5%AE"),
        request("GET", f"{API}/applications/{made}", None, applicant),
        request("GET", f"{API}/applications/{made}/events", None, applicant),
        request("GET", f"{API}/tasks?limit=20", None, told.tokens[officer]),
        request("GET", f"{API}/tasks/counts", None, told.tokens[officer]),
        told.draft(0),
        request("GET", "/"),
    ]


def _row(subject: str, kind: str, before: dict[str, float], after: dict[str, float], wish: Wish) -> dict[str, Any]:
    return {
        "subject": subject,
        "database": kind,
        "requests": wish.requests,
        "rss_start_mb": before["rss_mb"],
        "rss_mb": after["rss_mb"],
        "pss_mb": after["pss_mb"],
        "is_within": "✓" if after["rss_mb"] <= GOALS["rss_mb"] else "✗",
    }


TIMES: Final = {
    "what": Said("什么", "what"),
    "seconds": Said("秒", "seconds"),
    "cpu_s": Said("处理器秒", "CPU seconds"),
    "is_within": Said("≤ 1.5 秒", "≤ 1.5 s"),
}
MEMORY: Final = {
    "subject": Said("对象", "subject"),
    "database": Said("数据库", "database"),
    "requests": Said("请求", "requests"),
    "rss_start_mb": Said("启动后 RSS MB", "RSS MB at first"),
    "rss_mb": Said("RSS MB", "RSS MB"),
    "pss_mb": Said("PSS MB", "PSS MB"),
    "is_within": Said("RSS ≤ 150", "RSS ≤ 150"),
}


def measure(wish: Wish) -> Report:
    """Starts and imports in turns, then memory."""
    dice, times = random.Random(wish.seed), Times()  # noqa: S311 - an order, not a secret
    report = Report("start", {"rounds": wish.rounds, "requests": wish.requests, "seed": wish.seed})
    kinds = machines.available(wish.databases)
    held: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, machines.room(Path(name)) as room:
        for kind in kinds:
            for turn in range(wish.rounds):
                one_round(kind, Path(name) / f"{kind}-{turn}", room, times, dice)
            (own := Path(name) / f"{kind}-memory").mkdir()
            held += memory(kind, own, room, wish)
    rows = [
        {"what": what, "seconds": sums.spread(found), "cpu_s": sums.spread(times.cpu[what]), **_within(what, found)}
        for what, found in sorted(times.clock.items())
    ]
    report.tables += [
        Table("starts", Said("启动到首页", "From nothing to the first page"), TIMES, rows),
        Table("memory", Said("内存", "Memory"), MEMORY, held),
    ]
    return report


def _within(what: str, found: list[float]) -> dict[str, str]:
    goal = GOALS.get(what)
    return {} if goal is None else {"is_within": "✓" if sums.spread(found)["median"] <= goal else "✗"}
