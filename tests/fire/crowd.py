"""Clients that do not give up: each files cases, repeats with the same Idempotency-Key what got no answer, and writes
down what it was told."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle, pairwise
from typing import Any
from uuid import uuid4

import httpx2

APPLICANT, OFFICER, STORY, ITEM = "wang_owner", "officer.market.330881.1", "catering_simple", "L1"
PATIENCE_SECONDS = 120.0
"""After so long without an answer that counts a client calls it broken."""
ANSWER_SECONDS = 10.0
"""How long one try may take."""
PAUSE_SECONDS = 0.1
AGAIN = {429, 502, 503, 504}


class Broken(Exception):
    """A promise was not kept; the message says which."""


@dataclass
class Ledger:
    """What the clients were told.

    ``created`` holds ids by their key, ``submitted`` references by id, ``received`` references. ``answers`` are the
    instants (seconds) at which a write was answered, ``failures`` what the tries that failed came to, by instant.
    ``lost`` are cases that were answered for and are not known any more.
    """

    created: dict[str, str] = field(default_factory=dict)
    submitted: dict[str, str] = field(default_factory=dict)
    received: set[str] = field(default_factory=set)
    answers: list[float] = field(default_factory=list)
    failures: list[tuple[float, str]] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    repeated: int = 0
    slowest: float = 0.0

    def without_answer(self, since: float, until: float) -> float:
        """The longest time without any write answered, seconds, that touches this span."""
        moments = sorted(self.answers)
        gaps = pairwise(moments)
        return max((after - before for before, after in gaps if after >= since and before <= until), default=0.0)

    def failed(self, since: float, until: float) -> Counter[str]:
        """What tries in this span came to that had to be repeated."""
        return Counter(what for at, what in self.failures if since <= at <= until)


class Crowd:
    """Clients at work on the servers at these addresses, asked in turn."""

    def __init__(self, bases: list[str], ledger: Ledger) -> None:
        self._bases, self._ledger = cycle(bases), ledger
        self._client = httpx2.AsyncClient(timeout=ANSWER_SECONDS)
        self._headers: dict[str, dict[str, str]] = {}
        self._is_over = False

    async def __aenter__(self) -> "Crowd":
        """Everybody signs in."""
        for who in (APPLICANT, OFFICER):
            answer = await self._insist("POST", "/sessions", {}, {"account": who})
            self._headers[who] = {"Authorization": f"Bearer {answer.json()['token']}"}
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    def begin(self, clients: int) -> list["asyncio.Task[None]"]:
        """So many clients start filing."""
        return [asyncio.create_task(self._file_until_over()) for _ in range(clients)]

    async def answered(self, least: int, seconds: float) -> None:
        """Wait so long, and until so many more writes were answered. Raises :class:`Broken`."""
        began, known = time.monotonic(), len(self._ledger.answers)
        while (took := time.monotonic() - began) < seconds or len(self._ledger.answers) < known + least:
            if took > PATIENCE_SECONDS:
                raise Broken(f"{len(self._ledger.answers) - known} writes answered in {took:.0f} s")
            await asyncio.sleep(0.01)

    async def end(self, clients: list["asyncio.Task[None]"]) -> None:
        """Everybody finishes the case at hand. Raises :class:`Broken`."""
        self._is_over = True
        await asyncio.gather(*clients)

    async def look(self) -> None:
        """Ask for everything that was answered for; what is not there, or not complete, is lost."""
        line = asyncio.Semaphore(8)

        async def one(key: str, made: str) -> None:
            async with line:
                if not await self._is_there(key, made):
                    self._ledger.lost.add(made)

        await asyncio.gather(*(one(key, made) for key, made in self._ledger.created.items()))

    async def _is_there(self, key: str, made: str) -> bool:
        answer = await self._insist("GET", f"/applications/{made}", self._headers[APPLICANT], None)
        if answer.status_code != httpx2.codes.OK:
            return False
        shown, reference = answer.json(), self._ledger.submitted.get(made)
        if reference is not None and shown["reference"] != reference:
            return False
        states = {task["item"]: task["status"]["code"] for task in shown["tasks"]}
        repeated = await self._insist("POST", "/applications", self._with_key(key), {"story": STORY})
        is_once = repeated.json().get("id") == made
        return is_once and (reference not in self._ledger.received or states[ITEM] == "received")

    def _with_key(self, key: str) -> dict[str, str]:
        return {**self._headers[APPLICANT], "Idempotency-Key": key}

    async def _file_until_over(self) -> None:
        while not self._is_over:
            await self._file()

    async def _file(self) -> None:
        """One case from the draft to its reception; broken off where what was answered for is gone."""
        key, its = uuid4().hex, self._ledger
        made = (await self._told("/applications", self._with_key(key), {"story": STORY})).json()["id"]
        its.created[key] = made
        answer = await self._told(f"/applications/{made}/submit", self._with_key(uuid4().hex), None)
        if answer.status_code == httpx2.codes.NOT_FOUND:
            its.lost.add(made)
            return
        its.submitted[made] = reference = answer.json()["application"]["reference"]
        act = {"action": "receive"}
        answer = await self._told(f"/tasks/{reference}-{ITEM}/actions", self._headers[OFFICER], act)
        if answer.status_code == httpx2.codes.NOT_FOUND:
            its.lost.add(made)
            return
        its.received.add(reference)

    async def _told(self, path: str, headers: dict[str, str], body: Any) -> httpx2.Response:
        answer = await self._insist("POST", path, headers, body)
        self._ledger.answers.append(time.monotonic())
        return answer

    async def _insist(self, method: str, path: str, headers: dict[str, str], body: Any) -> httpx2.Response:
        """An answer that says something about the case. Raises :class:`Broken`."""
        began, tries = time.monotonic(), 0
        while time.monotonic() - began < PATIENCE_SECONDS:
            at, tries = time.monotonic(), tries + 1
            found = await self._try(method, path, headers, body)
            self._ledger.slowest = max(self._ledger.slowest, time.monotonic() - at)
            if isinstance(found, httpx2.Response):
                self._ledger.repeated += tries > 1
                return found
            self._ledger.failures.append((at, found))
            await asyncio.sleep(PAUSE_SECONDS)
        raise Broken(f"no answer in {PATIENCE_SECONDS:.0f} s: {method} {path}")

    async def _try(self, method: str, path: str, headers: dict[str, str], body: Any) -> httpx2.Response | str:
        """The answer, or why to ask again."""
        given = {} if body is None else {"json": body}
        try:
            answer = await self._client.request(method, next(self._bases) + path, headers=headers, **given)
        except httpx2.TransportError as error:
            return type(error).__name__
        code = answer.json().get("code") if answer.headers.get("content-type", "").endswith("json") else None
        if answer.status_code in AGAIN or code == "stale":
            return f"{answer.status_code} {code or 'of the proxy'}"
        is_done_already = path.endswith("/actions") and code == "action-not-allowed"
        if answer.status_code in {200, 201, 404} or is_done_already:
            return answer
        raise Broken(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
