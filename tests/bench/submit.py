"""Submissions over HTTP by many clients, beside the floor: the same rows written by the bare driver.

The drafts of catering's richest case are made before the clock runs; then every client submits one after the other.
PostgreSQL is served by two processes, SQLite by one. The floor (:mod:`tests.bench.floor`) writes what such a
submission writes, on a database of its own, with the same durability. ``--profile`` says where the rest goes.
"""

import asyncio
import random
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.bench import floor, machines, sampling, sums, wire
from tests.bench.floor import Floor
from tests.bench.machines import Server
from tests.bench.sums import Report, Said, Table
from tests.bench.wire import API, request
from tests.databases import KINDS, POSTGRESQL, Databases

STORY: Final = "catering_full"


@dataclass(frozen=True)
class Wish:
    """What to measure: so many submissions in every round."""

    databases: tuple[str, ...] = KINDS
    clients: int = 16
    rounds: int = 5
    pieces: int = 64
    workers: int = 2
    """Processes on PostgreSQL."""
    floor_connections: tuple[int, ...] = (1, 4)
    story: str = STORY
    seed: int = 1
    profile: bool = False


@dataclass
class Counter:
    """The platform where applicants submit."""

    server: Server
    tokens: list[str]
    story: str
    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    database_cpu: list[float] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    """Of every submission that was acknowledged."""

    async def turn(self, clients: int, pieces: int) -> None:
        """Drafts first; then, on the clock, their submissions."""
        drafts = await self._drafts(clients, pieces)
        database = machines.database_process(self.server.url)
        before = self.server.cpu(), machines.cpu_of(database) if database else float("nan")

        async def submit(line: wire.Line, number: int) -> None:
            path = f"{API}/applications/{drafts[number]}/submit"
            answer = await line.get_done(request("POST", path, None, self._token(number), wire.fresh_key()))
            self.seconds.append(answer.seconds)
            self.references.append(answer.json()["application"]["reference"])

        ran = await wire.run([self.server.port], clients, pieces, submit)
        self.rates.append(ran.rate)
        self.cpu.append((self.server.cpu() - before[0]) * 1000 / pieces)
        if database:
            self.database_cpu.append((machines.cpu_of(database) - before[1]) * 1000 / pieces)

    async def _drafts(self, clients: int, pieces: int) -> list[str]:
        made = [""] * pieces

        async def draft(line: wire.Line, number: int) -> None:
            wish = {"story": self.story}
            answer = await line.get_done(request("POST", f"{API}/applications", wish, self._token(number)))
            made[number] = answer.json()["id"]

        await wire.run([self.server.port], clients, pieces, draft)
        return made

    def _token(self, number: int) -> str:
        return self.tokens[number % len(self.tokens)]

    def forget(self) -> None:
        """Begin anew; what was acknowledged stays."""
        self.rates, self.seconds, self.cpu, self.database_cpu = [], [], [], []


@dataclass
class Driver:
    """The floor with so many connections."""

    floor: Floor
    connections: int
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    database_cpu: list[float] = field(default_factory=list)

    def turn(self, pieces: int) -> None:
        """Submissions without a platform."""
        database = machines.database_process(self.floor.url)
        ran, used = self.floor.run(pieces, self.connections, database)
        self.rates.append(ran.rate)
        self.cpu.append(ran.cpu * 1000 / pieces)
        if database:
            self.database_cpu.append(used * 1000 / pieces)

    def forget(self) -> None:
        """Begin anew."""
        self.rates, self.cpu, self.database_cpu = [], [], []


def rounds(counter: Counter, drivers: Sequence[Driver], wish: Wish) -> None:
    """Everybody in every round, in an order drawn anew; a short turn each warms up and does not count."""
    dice = random.Random(wish.seed)  # noqa: S311 - an order, not a secret
    for pieces in (wish.clients, *[wish.pieces] * wish.rounds):
        for turn in dice.sample([counter, *drivers], 1 + len(drivers)):
            counter.server.calm()
            if isinstance(turn, Counter):
                asyncio.run(turn.turn(wish.clients, pieces))
            else:
                turn.turn(pieces)
        if pieces != wish.pieces:
            counter.forget()
            for driver in drivers:
                driver.forget()


def opened(kind: str, wish: Wish, room: Databases, folder: Path, stack: ExitStack) -> tuple[Counter, list[Driver]]:
    """The platform and its floor, on databases of this kind."""
    (own := folder / kind).mkdir()
    (apart := folder / f"{kind}-floor").mkdir()
    bottom = room.empty(kind)
    told = floor.captured(apart, bottom, wish.story)
    base = Floor(bottom, told, list(floor.primary_keys(bottom)), wish.seed)
    stack.callback(base.close)
    workers = wish.workers if kind == POSTGRESQL else 1
    server = stack.enter_context(machines.platform(own, room.empty(kind), workers))
    tokens = asyncio.run(wire.sign_in(server.port, machines.applicants()))
    connections = wish.floor_connections if kind == POSTGRESQL else (1,)
    return Counter(server, list(tokens.values()), wish.story), [Driver(base, count) for count in connections]


def check(kind: str, counter: Counter) -> dict[str, Any]:
    """Every acknowledged submission is in the database, once. Raises :class:`wire.Unexpected`."""
    url = counter.server.url
    stored = machines.count(url, "SELECT count(*) FROM application WHERE reference IS NOT NULL")
    filed = machines.count(url, "SELECT count(DISTINCT application_id) FROM task")
    if not len(counter.references) == len(set(counter.references)) == stored == filed:
        raise wire.Unexpected(f"{len(counter.references)} acknowledged, {stored} stored, {filed} with tasks")
    return {"database": kind, "acknowledged": len(counter.references), "stored": stored}


def rows(kind: str, counter: Counter, drivers: Sequence[Driver], workers: int) -> list[dict[str, Any]]:
    """The platform, and below it the floors with the platform's ratio to each."""
    found: list[dict[str, Any]] = [
        {
            "database": kind,
            "subject": f"platform, {workers} process(es), HTTP",
            "per_s": sums.spread(counter.rates, 1),
            **sums.times(counter.seconds),
            "cpu_ms": sums.spread(counter.cpu),
            "database_cpu_ms": sums.spread(counter.database_cpu) if counter.database_cpu else None,
        }
    ]
    floors = [
        {
            "database": kind,
            "subject": f"floor, {driver.connections} connection(s)",
            "connections": driver.connections,
            "per_s": sums.spread(driver.rates, 1),
            "cpu_ms": sums.spread(driver.cpu),
            "database_cpu_ms": sums.spread(driver.database_cpu) if driver.database_cpu else None,
            "ratio": sums.ratio(counter.rates, driver.rates),
        }
        for driver in drivers
    ]
    return found + floors


COLUMNS: Final = {
    "database": Said("数据库", "database"),
    "subject": Said("对象", "subject"),
    "per_s": Said("申报/秒", "submissions/s"),
    "p50_ms": Said("p50 毫秒", "p50 ms"),
    "p95_ms": Said("p95 毫秒", "p95 ms"),
    "cpu_ms": Said("处理器毫秒/件", "CPU ms each"),
    "database_cpu_ms": Said("数据库处理器毫秒/件", "database CPU ms each"),
    "ratio": Said("本平台/下限", "platform / floor"),
}
STORED: Final = {
    "database": Said("数据库", "database"),
    "acknowledged": Said("已确认", "acknowledged"),
    "stored": Said("库里", "stored"),
}
GENERATOR: Final = {
    "clients": Said("客户端", "clients"),
    "requests_per_s": Said("请求/秒", "requests/s"),
}
NOTES: Final = [
    Said(
        "压测端与服务器、数据库共用处理器核，“发生器上限”是它对空接口的速度；下限不经 HTTP，独占处理器。",
        "Load generator, server and database share the cores; the generator's own ceiling is against an endpoint that "
        "does nothing. The floor has no HTTP and the cores to itself.",
    ),
]


def measure(wish: Wish) -> Report:
    """Both databases."""
    report = Report(
        "submit", {"clients": wish.clients, "rounds": wish.rounds, "pieces": wish.pieces, "seed": wish.seed}
    )
    found: list[dict[str, Any]] = []
    checked: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, machines.room(Path(name)) as room:
        folder = Path(name)
        with machines.idle(folder) as nothing:
            ran = asyncio.run(wire.ceiling(nothing.port, wish.clients, 100 * wish.clients))
        for kind in machines.available(wish.databases):
            with ExitStack() as stack:
                counter, drivers = opened(kind, wish, room, folder, stack)
                report.settings[kind] = machines.durability(counter.server.url)
                rounds(counter, drivers, wish)
                found += rows(kind, counter, drivers, wish.workers if kind == POSTGRESQL else 1)
                checked.append(check(kind, counter))
                written = floor.what(drivers[0].floor.told)
            if wish.profile:
                report.tables.append(profiled(kind, wish, room, folder))
    ceiling = [{"clients": wish.clients, "requests_per_s": round(ran.rate)}]
    report.tables[:0] = [
        Table("submissions", Said("申报", "Submissions"), COLUMNS, found),
        Table("stored", Said("库里核对", "Counted in the database"), STORED, checked),
        Table("rows", Said("一次申报写入的行", "Rows that one submission writes"), floor.WHAT, written),
        Table("generator", Said("发生器上限", "Ceiling of the load generator"), GENERATOR, ceiling),
    ]
    report.notes += NOTES
    return report


def profiled(kind: str, wish: Wish, room: Databases, folder: Path) -> Table:
    """Where the processor's time of a submission goes, sampled in one server process."""
    (own := folder / f"{kind}-sampled").mkdir()
    with sampling.platform(own, room.empty(kind)) as (server, samples):
        tokens = asyncio.run(wire.sign_in(server.port, machines.applicants()))
        counter = Counter(server, list(tokens.values()), wish.story)
        asyncio.run(counter.turn(wish.clients, wish.clients))
        counter.forget()
        drafts = asyncio.run(counter._drafts(wish.clients, wish.pieces))
        server.calm()
        found = samples.during(lambda: asyncio.run(_submit_all(counter, drafts, wish.clients)))
    return sampling.table(kind, found, wish.pieces)


async def _submit_all(counter: Counter, drafts: list[str], clients: int) -> None:
    async def submit(line: wire.Line, number: int) -> None:
        path = f"{API}/applications/{drafts[number]}/submit"
        await line.get_done(request("POST", path, None, counter._token(number), wire.fresh_key()))

    await wire.run([counter.server.port], clients, len(drafts), submit)
