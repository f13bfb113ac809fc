"""The primary dies under load, its standby takes over, and then one of two servers dies: what was answered is there.

Run ``python -m tests.fire.failover`` (``--asynchronous`` for a standby that the primary does not wait for); the test
suite runs a small one. Two servers of the app share the key ring, the secret and the folder of files; HAProxy stands
before them and asks both whether they are ready; their database is a PostgreSQL primary with a streaming standby, all
on the loopback. Clients file cases and repeat what gets no answer. At a random moment every process of the primary is
killed with SIGKILL; whoever watches the databases notices after a while and promotes the standby. Nobody tells the app:
its address names both servers and asks for the one that takes writes. In the end everything that was answered for is
asked for, the rows are counted, and ``verify`` reads all of it.

With a synchronous standby the primary answers a commit only when the standby has it on disk: nothing that anybody was
told can be lost with the primary, and while no standby is there nothing is written. Without waiting, what was answered
in the last moments may be gone; ``--cut`` widens those moments by cutting the line between the two first.
"""

import argparse
import asyncio
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from app.storage import keys
from app.storage.database import migrate
from tests import standby
from tests.fire.crowd import Broken, Crowd, Ledger
from tests.fire.proxy import NoProxy, proxy
from tests.postgres import NoPostgres
from tests.running import comes_up, free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Plan:
    """How one trial goes; all times in seconds."""

    clients: int = 6
    is_synchronous: bool = True
    is_durable: bool = True
    cut: float = 0.0
    """For how long the line to the standby is cut before the primary dies."""
    notice: float = 1.0
    """From the death of the primary to the promotion: what watches over databases takes so long, or longer."""
    before: float = 4.0
    after: float = 6.0
    least: int = 20
    """Writes answered before the primary dies, and again after each death, however slow the machine is."""
    has_proxy: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it; ``away`` and ``gap`` are the longest times without any write answered, in seconds."""

    ledger: Ledger
    away: float
    failed: Counter[str]
    gap: float
    failed_then: Counter[str]

    def said(self, plan: Plan) -> str:
        """In a few lines."""
        its, mode = self.ledger, "synchronous" if plan.is_synchronous else "asynchronous"
        return "\n".join(
            (
                f"{mode} standby, {plan.clients} clients, line cut for {plan.cut:.1f} s before",
                f"{len(its.created)} drafts, {len(its.submitted)} submissions, {len(its.received)} receptions answered",
                f"primary killed, standby promoted after {plan.notice:.1f} s: {self.away:.1f} s without a write "
                f"answered; tries that failed: {told(self.failed)}",
                f"one of two servers killed: {self.gap:.1f} s without; tries that failed: {told(self.failed_then)}",
                f"{its.repeated} requests repeated, the slowest try {its.slowest:.1f} s",
                f"lost: {len(its.lost)}; nothing twice; verify clean",
            )
        )


def told(counts: Counter[str]) -> str:
    """``12 (503 storage-away 10, ReadError 2)``."""
    parts = ", ".join(f"{what} {count}" for what, count in counts.most_common())
    return f"{counts.total()} ({parts})" if parts else "0"


class Site:
    """The two servers of the app on their database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.ports = folder, url, (free_port(), free_port())
        self._shared = {
            "APP_DATABASE_URL": url,
            "APP_KEYS": keys.fresh_ring().dumped(),
            "APP_SECRET": secrets.token_hex(32),
            "APP_FILES_FOLDER": str(folder / "files"),
            "APP_RATE_LIMITS": "off",
            "APP_TRUSTED_PROXIES": "127.0.0.1",
            "APP_NOTARY_SECONDS": "1",
            "APP_SWEEP_SECONDS": "1",
            "APP_LOG_LEVEL": "warning",
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def addresses(self) -> list[str]:
        """Where the two answer."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the app on the same database."""
        return subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
        )

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Both servers, from when they are ready; gone afterwards, however."""
        try:
            for port in self.ports:
                with (self.folder / f"{port}.log").open("ab") as log:
                    command = [sys.executable, "-m", "app", "serve", "--port", str(port), "--no-seed"]
                    self.processes.append(
                        subprocess.Popen(command, cwd=self.folder, env=self._environment, stdout=log, stderr=log)
                    )
            for port, process in zip(self.ports, self.processes, strict=True):
                if not comes_up(f"http://127.0.0.1:{port}/health/ready", process, START_SECONDS):
                    raise Broken(f"a server did not come up: {(self.folder / f'{port}.log').read_text()[-3000:]}")
            yield
        finally:
            for process in self.processes:
                process.kill()
                process.wait()

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self._shared, "PYTHONPATH": str(ROOT)}


def trial(folder: Path, plan: Plan, seed: int) -> Report:
    """One trial. Raises :class:`Broken`, and :class:`NoPostgres` or :class:`NoProxy` where programs are missing."""
    dice = random.Random(seed)  # noqa: S311 - nothing here is secret
    with ExitStack() as stack:
        pair = stack.enter_context(standby.pair(is_synchronous=plan.is_synchronous, is_durable=plan.is_durable))
        migrate(pair.url)
        site = Site(folder, pair.url)
        stack.enter_context(site.serving())
        bases = [stack.enter_context(proxy(folder, site.ports))] if plan.has_proxy else site.addresses
        report = asyncio.run(_under_load(pair, site, [f"{base}/api/v1" for base in bases], plan, dice))
        _count(pair.standby.url, report.ledger, plan)
        done = site.run("verify", "--strict", "--json")
        if done.returncode:
            raise Broken(f"verify: {done.stdout[-1500:]} {done.stderr[-1500:]}")
    if plan.is_synchronous and report.ledger.lost:
        raise Broken(f"lost: {sorted(report.ledger.lost)}")
    return report


async def _under_load(pair: standby.Pair, site: Site, bases: list[str], plan: Plan, dice: random.Random) -> Report:
    ledger = Ledger()
    async with Crowd(bases, ledger) as crowd:
        clients = crowd.begin(plan.clients)
        await crowd.answered(plan.least, plan.before * dice.uniform(0.5, 1.0))
        if plan.cut:
            pair.primary.freeze("walsender")
            await asyncio.sleep(plan.cut)
        died = time.monotonic() - plan.cut
        await asyncio.to_thread(pair.primary.kill)
        await asyncio.sleep(plan.notice)
        await asyncio.to_thread(pair.standby.promote)
        await crowd.answered(plan.least, plan.after)
        second = time.monotonic()
        site.processes[0].send_signal(signal.SIGKILL)
        await crowd.answered(plan.least, plan.after / 2)
        await crowd.end(clients)
        over = time.monotonic()
        report = Report(
            ledger,
            ledger.without_answer(died, second),
            ledger.failed(died, second),
            ledger.without_answer(second, over),
            ledger.failed(second, over),
        )
        await crowd.look()
    return report


def _count(url: str, ledger: Ledger, plan: Plan) -> None:
    """Nothing is there twice, and where nothing may be lost, nothing that nobody asked for."""
    engine = create_engine(url)
    with engine.connect() as connection:
        stored = list(connection.execute(text("SELECT id FROM application")).scalars())
        query = text("SELECT id, reference FROM application WHERE reference IS NOT NULL")
        filed = {row.id: row.reference for row in connection.execute(query)}
    engine.dispose()
    if len(set(filed.values())) != len(filed):
        raise Broken("a reference is there twice")
    if plan.is_synchronous and set(stored) != set(ledger.created.values()):
        raise Broken(f"{len(stored)} applications stored, {len(ledger.created)} answered for")
    if plan.is_synchronous and filed != ledger.submitted:
        raise Broken(f"{len(filed)} submissions stored, {len(ledger.submitted)} answered for")


def main() -> None:
    """One trial, and what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asynchronous", action="store_true", help="the primary does not wait for the standby")
    parser.add_argument("--cut", type=float, default=0.0, help="seconds the line between the two is cut before")
    parser.add_argument("--notice", type=float, default=1.0, help="seconds until the standby is promoted")
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=None)
    wish = parser.parse_args()
    plan = Plan(wish.clients, not wish.asynchronous, cut=wish.cut, notice=wish.notice)
    seed = secrets.randbelow(1000) if wish.seed is None else wish.seed
    with tempfile.TemporaryDirectory() as folder:
        try:
            report = trial(Path(folder), plan, seed)
        except (NoPostgres, NoProxy) as missing:
            sys.exit(str(missing))
    print(f"{report.said(plan)}\nseed {seed}; one run")  # noqa: T201


if __name__ == "__main__":
    main()
