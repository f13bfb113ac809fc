"""Two server processes beside one, on one PostgreSQL: how much faster reads and writes are, and whether any is lost.

Reads are inbox pages, a case, and the plan of a bundle. Writes are whole drafts with their submission, each of them
sent twice at the same moment with the same Idempotency-Key, and the reception of every task, for which two clients
compete. Afterwards the rows are counted: what was answered for must be there, once, and ``verify`` must find nothing.

Reads are asked for by ``wrk`` where it is installed, else by a client in Python. On few cores several processes cannot
show what they could do: load generator and database want the same cores. So what
each of the three uses of the processor is counted as well. From it follow two figures that the clock cannot give: how
much faster several processes could be here at most (``most_here``: the cores, divided by those that one process and all
that serves it keep busy), and how much where cores abound (``apart``: so many times, less what a request costs more
when processes share the work).
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from sqlalchemy import create_engine, text

from tests.bench import machines, recipe, sums, wire, wrk
from tests.bench.machines import Server
from tests.bench.recipe import Recipe
from tests.bench.sums import Report, Said, Table
from tests.bench.wire import API, request
from tests.databases import POSTGRESQL, Databases
from tests.factories import catalogue

GOAL: Final = 1.7
"""Reads of two processes, against those of one."""
WORKS: Final = ("reads", "writes")
RECEIVE: Final = "receive"
RECEIVED: Final = """
    SELECT application.reference, event.task FROM event JOIN application ON application.id = event.application_id
    WHERE event.kind = 'received' AND event.task IS NOT NULL
"""
FILED: Final = "SELECT count(*) FROM application WHERE reference IS NOT NULL"


@dataclass(frozen=True)
class Wish:
    """What to measure."""

    databases: tuple[str, ...] = (POSTGRESQL,)
    workers: int = 2
    clients: int = 16
    rounds: int = 5
    reads: int = 400
    """Reads of a turn, for the client in Python."""
    seconds: int = 5
    """Seconds of a turn, for ``wrk``."""
    writes: int = 24
    seed: int = 1


@dataclass
class Ledger:
    """What was answered for: applications by their key, references, and task ids that somebody received."""

    made: dict[str, str] = field(default_factory=dict)
    submitted: set[str] = field(default_factory=set)
    received: set[str] = field(default_factory=set)
    twice: list[str] = field(default_factory=list)
    """Receptions that two clients were both told to have made."""


@dataclass
class Used:
    """Processor seconds of the server, of its database and of the load generator, for so many pieces of work that took
    so many seconds."""

    pieces: int = 0
    clock: float = 0.0
    server: float = 0.0
    database: float = 0.0
    client: float = 0.0

    @property
    def cores(self) -> float:
        """How many cores all three kept busy."""
        return (self.server + self.database + self.client) / self.clock if self.clock else float("nan")

    def each(self, part: str) -> float:
        """Milliseconds of the processor for one piece."""
        return round(float(getattr(self, part)) * 1000 / max(1, self.pieces), 2)


@dataclass
class House:
    """A server of so many processes with a database of its own."""

    processes: int
    server: Server
    folder: Path
    told: Recipe
    asked: list[bytes]
    filed_before: int
    ledger: Ledger = field(default_factory=Ledger)
    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    """Milliseconds within which 95 of 100 reads were answered, by turn."""
    used: dict[str, Used] = field(default_factory=lambda: {name: Used() for name in WORKS})

    def counter(self) -> tuple[float, float, float, float]:
        """The clock, and what server, database and load generator have used of the processor."""
        database = machines.database_process(self.server.url)
        held = machines.cpu_ns(database) / 1e9 if database is not None else 0.0
        spent = os.times()
        client = spent.user + spent.system + spent.children_user + spent.children_system
        return time.perf_counter(), machines.cpu_ns(self.server.process.pid) / 1e9, held, client

    def note(self, work: str, pieces: int, before: tuple[float, float, float, float]) -> None:
        """Add what one turn has used since the counter stood so."""
        used, spent = self.used[work], [now - then for now, then in zip(self.counter(), before, strict=True)]
        used.pieces += pieces
        used.clock, used.server = used.clock + spent[0], used.server + spent[1]
        used.database, used.client = used.database + spent[2], used.client + spent[3]

    async def read(self, wish: Wish) -> int:
        """Reads of three kinds, in turns; how many."""
        if wrk.is_there():
            sent = self.asked, self.folder
            load = await asyncio.to_thread(wrk.run, self.server.port, wish.clients, wish.seconds, *sent)
            self.reads.append(load.rate)
            self.waits.append(load.p95_ms)
            return load.requests
        seconds: list[float] = []

        async def once(line: wire.Line, number: int) -> None:
            seconds.append((await line.get_done(self.asked[number % len(self.asked)])).seconds)

        self.reads.append((await wire.run([self.server.port], wish.clients, wish.reads, once)).rate)
        self.waits.append(sums.times(seconds)["p95_ms"])
        return wish.reads

    async def write(self, clients: int, pieces: int) -> None:
        """Drafts, submissions and receptions, everything by two at once."""
        pairs = max(1, clients // 2)
        async with wire.lines([self.server.port], 2 * pairs) as opened:
            numbers = iter(range(pieces))

            async def pair(first: wire.Line, second: wire.Line) -> None:
                for number in numbers:
                    await self._one(first, second, number)

            began = asyncio.get_running_loop().time()
            await asyncio.gather(*(pair(*opened[place : place + 2]) for place in range(0, 2 * pairs, 2)))
            self.writes.append(pieces / (asyncio.get_running_loop().time() - began))

    async def _one(self, first: wire.Line, second: wire.Line, number: int) -> None:
        key = wire.fresh_key()
        draft = self.told.draft(number, key)
        answers = await asyncio.gather(first.get_done(draft), second.get_done(draft))
        found = {answer.json()["id"] for answer in answers}
        if len(found) != 1:
            raise wire.Unexpected(f"one key made {len(found)} applications")
        made = self.ledger.made[key] = found.pop()
        sent = self.told.submission(number, made, wire.fresh_key())
        receipts = await asyncio.gather(first.get_done(sent), second.get_done(sent))
        references = {answer.json()["application"]["reference"] for answer in receipts}
        if len(references) != 1:
            raise wire.Unexpected(f"one application has {len(references)} references")
        reference = references.pop()
        self.ledger.submitted.add(reference)
        for step in self.told.steps:
            if step.action == RECEIVE and not self.told.items[step.item]:
                await self._compete(first, second, self.told.act(step, reference), f"{reference}-{step.item}")

    async def _compete(self, first: wire.Line, second: wire.Line, sent: bytes, task: str) -> None:
        answers = await asyncio.gather(first.get_done(sent, 200, 409), second.get_done(sent, 200, 409))
        done = [answer for answer in answers if answer.status == 200]
        if done:
            self.ledger.received.add(task)
        if len(done) == 2:
            self.ledger.twice.append(task)


def opened(processes: int, folder: Path, room: Databases, stack: ExitStack) -> House:
    """A server with so many processes, and what it is asked."""
    folder.mkdir()
    server = stack.enter_context(machines.platform(folder, room.empty(POSTGRESQL), processes))
    told = asyncio.run(recipe.found(server.port))
    officers = sorted({step.who for step in told.steps})
    case = asyncio.run(_first_case(server.port, told))
    story = catalogue().stories[recipe.STORY]
    answers = {name: list(value) if isinstance(value, tuple) else value for name, value in story.answers.items()}
    plan = request("POST", f"{API}/bundles/{story.bundle}/plan", {"region": story.region, "answers": answers})
    asked = [request("GET", f"{API}/tasks?limit=20", None, told.tokens[who]) for who in officers[:4]]
    asked += [request("GET", f"{API}/applications/{case}", None, told.tokens[told.applicant]), plan]
    return House(processes, server, folder, told, asked, machines.count(server.url, FILED))


async def _first_case(port: int, told: Recipe) -> str:
    async with wire.lines([port], 1) as (line,):
        token = told.tokens[told.applicant]
        listed = (await line.get_done(request("GET", f"{API}/applications?limit=1", None, token))).json()
    return str(listed["entries"][0]["id"])


async def turns(houses: Sequence[House], wish: Wish) -> None:
    """Every house in every round; the first warms up and does not count."""
    dice = random.Random(wish.seed)  # noqa: S311 - an order, not a secret
    for turn in range(wish.rounds + 1):
        for house in dice.sample(houses, len(houses)):
            house.server.calm()
            before = house.counter()
            house.note("reads", await house.read(wish), before)
            before = house.counter()
            await house.write(wish.clients, wish.writes)
            house.note("writes", wish.writes, before)
            if not turn:
                house.reads, house.writes, house.waits = [], [], []
                house.used = {name: Used() for name in WORKS}


def count(house: House) -> dict[str, Any]:
    """What is in the database against what was answered for: how much is lost, how much is there twice."""
    ledger = house.ledger
    engine = create_engine(house.server.url)
    with engine.connect() as connection:
        filed = (
            connection.execute(text("SELECT reference FROM application WHERE reference IS NOT NULL")).scalars().all()
        )
        received = [f"{reference}-{item}" for reference, item in connection.execute(text(RECEIVED))]
    engine.dispose()
    uncalled = len(filed) - house.filed_before - len(ledger.submitted)
    lost = len(ledger.submitted - set(filed)) + len(ledger.received - set(received))
    twice = len(received) - len(set(received)) + len(filed) - len(set(filed)) + len(ledger.twice)
    return {
        "processes": house.processes,
        "submissions": len(ledger.submitted),
        "receptions": len(ledger.received),
        "lost": lost,
        "twice": twice + max(0, uncalled),
    }


def verified(house: House) -> str:
    """What ``verify --strict`` says of chains, tree and replay."""
    done = subprocess.run(
        [sys.executable, "-m", "app", "verify", "--strict", "--json"],
        cwd=house.folder,
        env=house.server.environment,
        capture_output=True,
        text=True,
    )
    return "✓" if done.returncode == 0 else f"✗ {done.returncode}"


COLUMNS: Final = {
    "work": Said("工作", "work"),
    "one": Said("一个进程/秒", "one process, per s"),
    "many": Said("多个进程/秒", "several, per s"),
    "ratio": Said("多个/一个", "several / one"),
    "p95_one_ms": Said("一个 p95 毫秒", "one p95 ms"),
    "p95_many_ms": Said("多个 p95 毫秒", "several p95 ms"),
    "cores": Said("一个进程时忙几个核", "cores busy with one process"),
    "most_here": Said("本机最多倍数", "at most here"),
    "server_ms_one": Said("一个：服务 CPU 毫秒", "one: server CPU ms each"),
    "server_ms_many": Said("多个：服务 CPU 毫秒", "several: server CPU ms each"),
    "database_ms": Said("数据库 CPU 毫秒", "database CPU ms each"),
    "client_ms": Said("压测端 CPU 毫秒", "load generator CPU ms each"),
    "apart": Said("核足够时的倍数", "where cores abound"),
}
STORED: Final = {
    "processes": Said("进程", "processes"),
    "submissions": Said("已确认的申报", "submissions acknowledged"),
    "receptions": Said("已确认的收件", "receptions acknowledged"),
    "lost": Said("丢失", "lost"),
    "twice": Said("重复", "twice"),
    "verify": Said("verify", "verify"),
}
NOTES: Final = [
    Said(
        "压测端、服务器和 PostgreSQL 共用处理器核，两个进程快不到两倍；“本机最多倍数”由一个进程时忙的核数算出。"
        "“核足够时的倍数”由每次请求的处理器时间算出，不是按时钟测得。",
        "Load generator, servers and PostgreSQL share the cores, so two processes cannot be twice as fast as one: *at "
        "most here* follows from the cores that one process keeps busy. *Where cores abound* is computed from the "
        "processor's time of a request and was not seen on the clock.",
    ),
]


def measure(wish: Wish, say: Callable[[str], None] = lambda _: None) -> Report:
    """One process and several, in turns. Raises :class:`wire.Unexpected` when a write was lost or done twice."""
    machines.available([POSTGRESQL])
    report = Report("workers", {"clients": wish.clients, "rounds": wish.rounds, "workers": wish.workers})
    with tempfile.TemporaryDirectory() as name, machines.room(Path(name)) as room, ExitStack() as stack:
        houses = [opened(count, Path(name) / f"{count}", room, stack) for count in (1, wish.workers)]
        report.settings["reads_by"] = wrk.PROGRAM if wrk.is_there() else "Python"
        report.settings["database"] = machines.durability(houses[0].server.url)
        asyncio.run(turns(houses, wish))
        say("counting …")
        counted = [{**count(house), "verify": verified(house)} for house in houses]
    if any(entry["lost"] or entry["twice"] for entry in counted):
        raise wire.Unexpected(f"lost or done twice: {counted}")
    report.tables += [
        Table("workers", Said("进程", "Processes"), COLUMNS, rows(*houses)),
        Table("stored", Said("库里核对", "Counted in the databases"), STORED, counted),
    ]
    report.notes += NOTES
    return report


def rows(one: House, many: House) -> list[dict[str, Any]]:
    """Reads and writes."""
    found = []
    for work, first, second in (("reads", one.reads, many.reads), ("writes", one.writes, many.writes)):
        alone, shared = one.used[work], many.used[work]
        found.append(
            {
                "work": work,
                "one": sums.spread(first, 1),
                "many": sums.spread(second, 1),
                "ratio": sums.ratio(second, first),
                "p95_one_ms": median(one.waits) if work == "reads" else None,
                "p95_many_ms": median(many.waits) if work == "reads" else None,
                "cores": round(alone.cores, 2),
                "most_here": round((os.cpu_count() or 1) / alone.cores, 2) if alone.cores else None,
                "server_ms_one": alone.each("server"),
                "server_ms_many": shared.each("server"),
                "database_ms": alone.each("database"),
                "client_ms": alone.each("client"),
                "apart": round(many.processes * alone.server / shared.server, 2) if shared.server else None,
            }
        )
    return found
