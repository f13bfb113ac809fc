"""``kill -9`` under load, again and again: what was answered is there, nothing is there twice, nothing needs repair.

Run ``python -m tests.fire.crash --kills 200 --database sqlite`` (or ``postgresql``); the test suite runs a few rounds.
Clients file applications and officers take them in. The server dies at a random moment, is started again on the same
database, and every request that had no answer is sent once more with its own Idempotency-Key, as a careful client
would. In the end the rows are counted and ``verify`` reads everything.
"""

import argparse
import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import create_engine, text

from tests.databases import KINDS, Databases
from tests.running import comes_up

ROOT = Path(__file__).parents[2]
APPLICANT, OFFICER, STORY, ITEM = "wang_owner", "officer.market.330881.1", "catering_simple", "L1"
CLIENTS = 4
CHECKED = 25
"""Lives after which everything is verified, also in the middle of a long run."""
LONGEST, SHORTEST = 1.2, 0.1
"""Seconds of load before the server is killed."""
START_SECONDS = 600
"""A machine that does much else may need minutes; who has broken down has ended, and is not waited for."""
TRIES = 40
"""Times a request is sent that gets no answer from a server nobody killed, a quarter of a second apart."""


@dataclass
class Ledger:
    """What the clients were told. ``created`` and ``submitted`` hold ids, ``received`` references; a request without
    an answer waits in ``unanswered``."""

    created: dict[str, str] = field(default_factory=dict)
    submitted: dict[str, str] = field(default_factory=dict)
    received: set[str] = field(default_factory=set)
    unanswered: list["Wish"] = field(default_factory=list)
    kills: int = 0
    resent: int = 0
    starts: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """One write; ``about`` is the key of its creation, ``path`` is without ``/api/v1``."""

    kind: str
    path: str
    who: str
    body: dict[str, Any] | None
    about: str
    key: str


class Broken(Exception):
    """A promise was not kept; the message says which."""


@contextmanager
def serving(folder: Path, url: str, port: int, *, seeds: bool = False) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server on the database, from when it answers; gone afterwards, however."""
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port), *([] if seeds else ["--no-seed"])],
            cwd=folder,
            env=environment(url),
            stdout=log,
            stderr=log,
        )
    base = f"http://127.0.0.1:{port}/api/v1"
    try:
        if not comes_up(f"{base}/regions/330802", process, START_SECONDS):
            why = f"after {START_SECONDS} s" if process.poll() is None else f"but ended with {process.returncode}"
            raise Broken(f"the server did not come up again, {why}: {(folder / 'server.log').read_text()[-3000:]}")
        yield process, base
    finally:
        process.kill()
        process.wait()


def environment(url: str) -> dict[str, str]:
    """The settings of the server: durable, and signing often, so that the record grows under the load. It may keep
    what it compiled, as everywhere but in tests: without that every start compiles five hundred modules and reads all
    packs, which on a busy machine takes minutes."""
    given = {"APP_DATABASE_URL": url, "APP_NOTARY_SECONDS": "1", "APP_SWEEP_SECONDS": "1", "APP_LOG_LEVEL": "warning"}
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**plain, **given, "PYTHONPATH": str(ROOT)}


@contextmanager
def kept_port() -> Iterator[int]:
    """A port that is ours while the server that is to have it is dead: bound here, and never listened on."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", 0))
        yield int(door.getsockname()[1])


class Crowd:
    """Clients at work until the server is gone."""

    def __init__(self, base: str, ledger: Ledger) -> None:
        self._ledger = ledger
        self._client = httpx2.AsyncClient(base_url=base, timeout=60)
        self._tokens: dict[str, str] = {}

    async def work(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        """Settle what is open, file for so many seconds, and then the server dies in the middle of it."""
        async with self._client:
            for who in (APPLICANT, OFFICER):
                answer = await self._client.post("/sessions", json={"account": who})
                self._tokens[who] = answer.json()["token"]
            await self._settle()
            crowd = [asyncio.create_task(self._file_for_ever()) for _ in range(CLIENTS)]
            await asyncio.sleep(seconds)
            process.send_signal(signal.SIGKILL)
            self._ledger.kills += 1
            done = await asyncio.gather(*crowd, return_exceptions=True)
        broken = [found for found in done if isinstance(found, BaseException)]
        if broken:
            raise broken[0]

    async def settle(self) -> None:
        """Only what is open."""
        async with self._client:
            for who in (APPLICANT, OFFICER):
                self._tokens[who] = (await self._client.post("/sessions", json={"account": who})).json()["token"]
            await self._settle()

    async def _settle(self) -> None:
        waiting, self._ledger.unanswered = self._ledger.unanswered, []
        for wish in waiting:
            self._ledger.resent += 1
            if not await self._sent_at_last(wish):
                raise Broken(f"no answer from a server that nobody killed: {wish}")

    async def _sent_at_last(self, wish: Wish) -> bool:
        """Whether it was answered, sooner or later: a line that breaks is no promise broken, and every write may be
        repeated."""
        for _ in range(TRIES):
            if await self._send(wish):
                return True
            self._ledger.unanswered.remove(wish)
            await asyncio.sleep(0.25)
        return False

    async def _file_for_ever(self) -> None:
        while await self._file():
            pass

    async def _file(self) -> bool:
        """One case from the draft to its reception; False when the server is gone."""
        about = uuid4().hex
        if not await self._send(Wish("create", "/applications", APPLICANT, {"story": STORY}, about, about)):
            return False
        made = self._ledger.created[about]
        if not await self._send(Wish("submit", f"/applications/{made}/submit", APPLICANT, None, about, uuid4().hex)):
            return False
        reference = self._ledger.submitted[about]
        act = {"action": "receive"}
        return await self._send(Wish("receive", f"/tasks/{reference}-{ITEM}/actions", OFFICER, act, about, ""))

    async def _send(self, wish: Wish) -> bool:
        headers = {"Authorization": f"Bearer {self._tokens[wish.who]}"}
        if wish.key:
            headers["Idempotency-Key"] = wish.key
        request = {} if wish.body is None else {"json": wish.body}
        try:
            answer = await self._client.post(wish.path, headers=headers, **request)  # type: ignore[arg-type]
        except httpx2.TransportError:
            self._ledger.unanswered.append(wish)
            return False
        self._note(wish, answer)
        return True

    def _note(self, wish: Wish, answer: httpx2.Response) -> None:
        is_done_already = wish.kind == "receive" and answer.status_code == 409
        if answer.status_code not in {200, 201} and not is_done_already:
            raise Broken(f"{wish.kind}: {answer.status_code} {answer.text[:500]}")
        match wish.kind:
            case "create":
                self._ledger.created[wish.about] = answer.json()["id"]
            case "submit":
                self._ledger.submitted[wish.about] = answer.json()["application"]["reference"]
            case _:
                self._ledger.received.add(self._ledger.submitted[wish.about])


def rounds(folder: Path, url: str, kills: int, seed: int) -> Ledger:
    """So many lives of a server on one database. Raises :class:`Broken`."""
    dice, ledger = random.Random(seed), Ledger()  # noqa: S311 - nothing here is secret
    with kept_port() as port:
        for life in range(kills):
            begun = time.monotonic()
            with serving(folder, url, port) as (process, base):
                ledger.starts.append(time.monotonic() - begun)
                asyncio.run(Crowd(base, ledger).work(process, dice.uniform(SHORTEST, LONGEST)))
            if life % CHECKED == CHECKED - 1:
                _verify(folder, url)
        with serving(folder, url, port) as (_, base):
            asyncio.run(Crowd(base, ledger).settle())
            _look(base, ledger)
    _count(url, ledger)
    _verify(folder, url)
    return ledger


def _look(base: str, ledger: Ledger) -> None:
    """Every answered write, asked for through the door."""
    with httpx2.Client(base_url=base, timeout=20) as client:
        token = client.post("/sessions", json={"account": APPLICANT}).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for about, made in ledger.created.items():
            shown = client.get(f"/applications/{made}").json()
            reference = ledger.submitted.get(about)
            if shown.get("id") != made or (reference and shown["reference"] != reference):
                raise Broken(f"{made} was answered for and is {shown}")
            if reference in ledger.received:
                states = {task["item"]: task["status"]["code"] for task in shown["tasks"]}
                if states[ITEM] != "received":
                    raise Broken(f"{reference} was received and is {states[ITEM]}")


def _count(url: str, ledger: Ledger) -> None:
    """Nothing is there twice, and nothing that nobody asked for."""
    engine = create_engine(url)
    with engine.connect() as connection:
        stored = set(connection.execute(text("SELECT id FROM application")).scalars())
        references = list(
            connection.execute(text("SELECT reference FROM application WHERE reference IS NOT NULL")).scalars()
        )
    engine.dispose()
    if stored != set(ledger.created.values()):
        raise Broken(f"{len(stored)} applications stored, {len(ledger.created)} answered for")
    if sorted(references) != sorted(ledger.submitted.values()):
        raise Broken(f"{len(references)} references stored, {len(ledger.submitted)} answered for")


def _verify(folder: Path, url: str) -> None:
    """Chains, tree and replay."""
    done = subprocess.run(
        [sys.executable, "-m", "app", "verify", "--strict", "--json"],
        cwd=folder,
        env=environment(url),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Broken(f"verify: {done.stdout[-1500:]} {done.stderr[-1500:]}")


def main() -> None:
    """Many kills, and what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = Databases(folder, stack, is_durable=True).empty(wish.database)
        ledger = rounds(folder, url, wish.kills, wish.seed)
    starts = sorted(ledger.starts)
    print(  # noqa: T201
        f"{wish.database}: killed {ledger.kills} times; {len(ledger.created)} drafts, {len(ledger.submitted)} "
        f"submissions, {len(ledger.received)} receptions answered for and found; {ledger.resent} requests sent again; "
        f"start {starts[len(starts) // 2]:.2f} s (median), {starts[-1]:.2f} s at most; verify clean"
    )


if __name__ == "__main__":
    main()
