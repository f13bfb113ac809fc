"""How long an officer waits at a desk that is full: the inbox page and a decision, with many open tasks in the house.

A fictional province is made whose cases are a few days old, so that most of its tasks are still open. Then officers
open their inboxes and, in the busiest county, whole cases are decided, by one client and by several, while the rest
stays as it is. The same is measured on a database that holds nothing else, in turns.
"""

import asyncio
import random
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from app.storage.queries import Reader
from app.storage.tables import TASK
from app.usecases.platform import Platform, open_platform
from app.usecases.province.building import build
from app.usecases.province.making import Order
from tests.bench import machines, recipe, sums, wire
from tests.bench.case import GRANTS
from tests.bench.machines import Server
from tests.bench.recipe import Recipe
from tests.bench.sums import Report, Said, Table
from tests.bench.wire import API, request
from tests.databases import KINDS, Databases

GOALS: Final = {"decide": 30.0, "inbox": 15.0}
"""Milliseconds of the p95."""
DAYS: Final = 3
"""How old the cases are."""
OPEN_SHARE: Final = 2.7
"""Open tasks of a case that is so young, about."""

GRANTED: Final = "SELECT count(*) FROM task WHERE verdict = 'granted'"


@dataclass(frozen=True)
class Wish:
    """What to measure: so many open tasks, so many cases decided and inboxes opened in every round."""

    databases: tuple[str, ...] = KINDS
    tasks: int = 10_000
    clients: tuple[int, ...] = (1, 4)
    rounds: int = 5
    cases: int = 2
    inboxes: int = 40
    processes: int = 2
    seed: int = 7


@dataclass
class House:
    """One database with its officers, and the seconds of what they did."""

    name: str
    server: Server
    told: Recipe
    inboxes: list[bytes]
    open_tasks: int
    granted_before: int
    seconds: dict[str, list[float]] = field(default_factory=dict)
    used: dict[str, list[float]] = field(default_factory=dict)
    """Processor seconds of server and database for each answer, where one client asks and nobody else is served."""
    decided: int = 0
    is_alone: bool = False

    async def turn(self, clients: int, wish: Wish) -> None:
        """Inboxes and decisions, mixed."""
        cases, self.is_alone = wish.cases * clients, clients == 1

        async def work(line: wire.Line, number: int) -> None:
            if number % (1 + wish.inboxes // max(1, wish.cases)):
                await self._timed(line, "inbox", self.inboxes[number % len(self.inboxes)])
            else:
                await self._case(line, number)

        await wire.run([self.server.port], clients, cases * (1 + wish.inboxes // max(1, wish.cases)), work)

    async def _case(self, line: wire.Line, number: int) -> None:
        number += self.decided  # who files goes on where the last turn ended
        made = (await line.get_done(self.told.draft(number))).json()["id"]
        reference = (await line.get_done(self.told.submission(number, made))).json()["application"]["reference"]
        for step in self.told.steps:
            sent = self.told.act(step, reference)
            if step.action in GRANTS:
                await self._timed(line, "decide", sent)
                self.decided += 1
            else:
                await line.get_done(sent)

    async def _timed(self, line: wire.Line, name: str, sent: bytes) -> None:
        before = self._cpu() if self.is_alone else 0.0
        self.seconds.setdefault(name, []).append((await line.get_done(sent)).seconds)
        if self.is_alone:
            self.used.setdefault(name, []).append(self._cpu() - before)

    def _cpu(self) -> float:
        roots = [self.server.process.pid, machines.database_process(self.server.url)]
        return sum(machines.cpu_ns(root) for root in roots if root is not None) / 1e9


def opened(name: str, folder: Path, url: str, wish: Wish, stack: ExitStack, say: Callable[[str], None]) -> House:
    """A house, full unless its name is ``empty``."""
    folder.mkdir()
    platform = open_platform(machines.in_process(folder, url))
    stack.callback(platform.close)
    if name != "empty":
        _fill(platform, wish, say)
    departments = platform.store.read(_busiest)
    open_tasks = platform.store.read(_open_tasks)
    server = stack.enter_context(machines.platform(folder, url))
    told = asyncio.run(recipe.found(server.port))
    own = sorted({step.who.rsplit(".", 1)[0] for step in told.steps})
    officers = [f"officer.{code}.1" for code in departments] or [f"{officer}.1" for officer in own]
    tokens = asyncio.run(wire.sign_in(server.port, officers))
    inboxes = [request("GET", f"{API}/tasks?limit=20", None, token) for token in tokens.values()]
    return House(name, server, told, inboxes, open_tasks, machines.count(url, GRANTED))


def _fill(platform: Platform, wish: Wish, say: Callable[[str], None]) -> None:
    """Cases until there are about so many open tasks: one small batch says how many a case has, roughly."""
    cases = max(1, round(wish.tasks / OPEN_SHARE))
    say(f"making {cases:,} cases …")
    build(platform, Order(cases, wish.seed, platform.context().at, DAYS), lambda _: None, wish.processes)


def _busiest(reader: Reader) -> list[str]:
    count = func.count().desc()
    query = select(TASK.c.department).where(TASK.c.completed_at.is_(None)).group_by(TASK.c.department)
    return list(reader.connection.execute(query.order_by(count, TASK.c.department).limit(10)).scalars())


def _open_tasks(reader: Reader) -> int:
    query = select(func.count()).select_from(TASK).where(TASK.c.completed_at.is_(None))
    return int(reader.connection.execute(query).scalar_one())


async def turns(houses: Sequence[House], clients: int, wish: Wish) -> None:
    """Every house in every round; the first warms up and does not count."""
    dice = random.Random(wish.seed)  # noqa: S311 - an order, not a secret
    for turn in range(wish.rounds + 1):
        for house in dice.sample(houses, len(houses)):
            house.server.calm()
            await house.turn(clients, wish)
            if not turn:
                house.seconds.clear()
                house.used.clear()


def rows(kind: str, clients: int, houses: Sequence[House]) -> list[dict[str, Any]]:
    """One row for each action."""
    seconds = {house.name: house.seconds for house in houses}
    empty, full = seconds["empty"], seconds["full"]
    found = []
    for action in GOALS:
        before, after = sums.times(empty[action]), sums.times(full[action])
        spent = [{house.name: house.used for house in houses}[name].get(action) for name in ("empty", "full")]
        little, much = (None if clients > 1 or not used else sums.times(used) for used in spent)
        found.append(
            {
                "database": kind,
                "clients": clients,
                "action": action,
                "count": len(full[action]),
                "empty_p95_ms": before["p95_ms"],
                **after,
                "ratio": round(after["p95_ms"] / before["p95_ms"], 2),
                "empty_cpu_p95_ms": None if little is None else little["p95_ms"],
                "cpu_p50_ms": None if much is None else much["p50_ms"],
                "cpu_p95_ms": None if much is None else much["p95_ms"],
                "goal_ms": GOALS[action],
                "is_within": "✓" if after["p95_ms"] <= GOALS[action] else "✗",
            }
        )
    return found


COLUMNS: Final = {
    "database": Said("数据库", "database"),
    "clients": Said("客户端", "clients"),
    "action": Said("动作", "action"),
    "count": Said("次数", "times"),
    "empty_p95_ms": Said("空库 p95 毫秒", "empty p95 ms"),
    "p50_ms": Said("满库 p50 毫秒", "full p50 ms"),
    "p95_ms": Said("满库 p95 毫秒", "full p95 ms"),
    "ratio": Said("p95 满/空", "p95 full / empty"),
    "empty_cpu_p95_ms": Said("空库处理器 p95 毫秒", "empty processor p95 ms"),
    "cpu_p50_ms": Said("满库处理器 p50 毫秒", "full processor p50 ms"),
    "cpu_p95_ms": Said("满库处理器 p95 毫秒", "full processor p95 ms"),
    "goal_ms": Said("目标毫秒", "goal ms"),
    "is_within": Said("达到", "within"),
}
STORED: Final = {
    "database": Said("数据库", "database"),
    "open_tasks": Said("在办办件", "open tasks"),
    "decided": Said("作出的决定", "decisions acknowledged"),
    "stored": Said("库里的决定", "decisions stored"),
}


def check(kind: str, house: House) -> dict[str, Any]:
    """Every acknowledged decision is in the database. Raises :class:`wire.Unexpected`."""
    stored = machines.count(house.server.url, GRANTED) - house.granted_before
    if stored != house.decided:
        raise wire.Unexpected(f"{stored} decisions stored, {house.decided} acknowledged")
    return {"database": kind, "open_tasks": house.open_tasks, "decided": house.decided, "stored": stored}


def measure(wish: Wish, say: Callable[[str], None] = lambda _: None) -> Report:
    """Both databases, every number of clients."""
    report = Report("desk", {"tasks": wish.tasks, "rounds": wish.rounds, "cases": wish.cases, "seed": wish.seed})
    found: list[dict[str, Any]] = []
    checked: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, machines.room(Path(name)) as room:
        for kind in machines.available(wish.databases):
            with ExitStack() as stack:
                houses = _houses(kind, wish, room, Path(name), stack, say)
                report.settings[kind] = machines.durability(houses[0].server.url)
                for clients in wish.clients:
                    asyncio.run(turns(houses, clients, wish))
                    found += rows(kind, clients, houses)
                checked += [check(kind, house) for house in houses]
    report.tables += [
        Table("desk", Said("案头", "At the desk"), COLUMNS, found),
        Table("stored", Said("库里核对", "Counted in the databases"), STORED, checked),
    ]
    return report


def _houses(
    kind: str, wish: Wish, room: Databases, folder: Path, stack: ExitStack, say: Callable[[str], None]
) -> list[House]:
    return [
        opened(name, folder / f"{kind}-{name}", room.empty(kind), wish, stack, lambda line: say(f"{kind}: {line}"))
        for name in ("empty", "full")
    ]
