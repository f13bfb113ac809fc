"""Whole cases over HTTP, from the draft to the last certificate, beside a bare app that keeps no promise at all.

The platform has everything on: rules, masks, ledger, chain, sealing, signatures, background work. The bare app
(:mod:`tests.bench.bare`) is driven two ways: *short*, the fewest calls with which a case can be submitted and each of
its tasks decided; *alike*, one call for each call of the platform. All three take turns in every round, in an order
that is drawn anew.
"""

import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.bench import machines, recipe, sampling, sums, wire
from tests.bench.machines import Server
from tests.bench.recipe import Recipe
from tests.bench.sums import Report, Said, Table
from tests.databases import KINDS, Databases

GRANTS: Final = ("grant", "decide_at_once", "grant_on_promise")
OURS, BRIEF, ALIKE, SHORT = "platform", "platform, brief", "bare, alike", "bare, short"


@dataclass(frozen=True)
class Wish:
    """What to measure: so many cases for each client in every round."""

    databases: tuple[str, ...] = KINDS
    clients: tuple[int, ...] = (1, 4)
    rounds: int = 5
    cases: int = 5
    story: str = recipe.STORY
    answers: Mapping[str, Any] = field(default_factory=lambda: dict(recipe.FIVE_TASKS))
    seed: int = 1
    profile: bool = False


@dataclass
class Subject:
    """One way to work cases through, and what came of it."""

    name: str
    server: Server
    calls: int
    work: Callable[[wire.Line, int, "Subject"], Awaitable[None]]
    share: int = 1
    """How many times as many cases it is given, so that its turns are no shorter than the others'."""
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    decide: list[float] = field(default_factory=list)
    step: list[float] = field(default_factory=list)
    done: int = 0

    def note(self, answer: wire.Answer, *, is_decision: bool) -> None:
        """How long one action took."""
        self.step.append(answer.seconds)
        if is_decision:
            self.decide.append(answer.seconds)

    def forget(self) -> None:
        """Begin anew with another number of clients."""
        self.rates, self.cpu, self.decide, self.step = [], [], [], []


Work = Callable[[wire.Line, int, Subject], Awaitable[None]]
"""One case, by its number."""


def platform_work(told: Recipe, *, is_brief: bool = False) -> Work:
    """A whole case on the platform; ``is_brief``: no action is answered with the task as it is then."""

    async def work(line: wire.Line, number: int, subject: Subject) -> None:
        made = (await line.get_done(told.draft(number))).json()["id"]
        receipt = await line.get_done(told.submission(number, made))
        reference = receipt.json()["application"]["reference"]
        for step in told.steps:
            answer = await line.get_done(told.act(step, reference, is_brief=is_brief))
            subject.note(answer, is_decision=step.action in GRANTS)

    return work


def alike_work(told: Recipe) -> Work:
    """The same calls on the bare app."""
    wish = _bare_wish(told)

    async def work(line: wire.Line, _: int, subject: Subject) -> None:
        made = (await line.get_done(wire.request("POST", "/applications", wish))).json()["id"]
        shown = (await line.get_done(wire.request("POST", f"/applications/{made}/submit"))).json()
        tasks = {task["item"]: task["id"] for task in shown["tasks"]}
        for step in told.steps:
            path = f"/tasks/{tasks[step.item]}/actions/{step.action}"
            answer = await line.get_done(wire.request("POST", path, {"officer": step.who}))
            subject.note(answer, is_decision=step.action in GRANTS)

    return work


def short_work(told: Recipe) -> Work:
    """The fewest calls on the bare app."""
    wish = _bare_wish(told)
    decisions = [step for step in told.steps if step.action in GRANTS]

    async def work(line: wire.Line, _: int, subject: Subject) -> None:
        shown = (await line.get_done(wire.request("POST", "/cases", wish))).json()
        tasks = {task["item"]: task["id"] for task in shown["tasks"]}
        for step in decisions:
            request = wire.request("POST", f"/tasks/{tasks[step.item]}/decide", {"officer": step.who})
            subject.note(await line.get_done(request), is_decision=True)

    return work


def _bare_wish(told: Recipe) -> dict[str, Any]:
    return {"bundle": "catering", "region": told.region, "applicant": told.applicant, "form": dict(told.form)}


async def turn(subject: Subject, clients: int, cases: int) -> None:
    """One turn of one subject."""
    before = subject.server.cpu()
    done = subject.done  # who files goes on where the last turn ended

    async def one(line: wire.Line, number: int) -> None:
        await subject.work(line, done + number, subject)

    ran = await wire.run([subject.server.port], clients, cases, one)
    subject.rates.append(ran.rate)
    subject.cpu.append((subject.server.cpu() - before) * 1000 / cases)
    subject.done += cases


async def turns(subjects: list[Subject], clients: int, wish: Wish) -> None:
    """Every subject in every round; one short turn each warms up and does not count."""
    dice = random.Random(wish.seed)  # noqa: S311 - an order, not a secret
    for subject in subjects:
        await turn(subject, clients, clients)
        subject.forget()
    for _ in range(wish.rounds):
        for subject in dice.sample(subjects, len(subjects)):
            subject.server.calm()
            await turn(subject, clients, wish.cases * clients * subject.share)


def subjects_on(kind: str, wish: Wish, room: Databases, folder: Path, stack: ExitStack) -> list[Subject]:
    """The platform and the bare app on databases of this kind, each a process of its own."""
    (own := folder / kind).mkdir()
    ours = stack.enter_context(machines.platform(own, room.empty(kind)))
    told = asyncio.run(recipe.found(ours.port, wish.story, wish.answers))
    bare = stack.enter_context(machines.bare(own, room.empty(kind), told.items))
    decisions = sum(step.action in GRANTS for step in told.steps)
    return [
        Subject(OURS, ours, told.calls, platform_work(told)),
        Subject(BRIEF, ours, told.calls, platform_work(told, is_brief=True)),
        Subject(ALIKE, bare, told.calls, alike_work(told)),
        Subject(SHORT, bare, 1 + decisions, short_work(told), share=3),
    ]


def rows(kind: str, clients: int, subjects: list[Subject]) -> list[dict[str, Any]]:
    """One row for each subject, with the platform's ratio to it."""
    ours = subjects[0]
    found = []
    for subject in subjects:
        cases = sums.spread(subject.rates)
        found.append(
            {
                "database": kind,
                "clients": clients,
                "subject": subject.name,
                "calls": subject.calls,
                "cases_per_s": cases,
                "calls_per_s": round(cases["median"] * subject.calls, 1),
                "decide_p50_ms": sums.times(subject.decide)["p50_ms"],
                "decide_p95_ms": sums.times(subject.decide)["p95_ms"],
                "cpu_ms_per_case": sums.spread(subject.cpu, 1),
                "ratio": None if subject is ours else sums.ratio(ours.rates, subject.rates),
            }
        )
    return found


COLUMNS: Final = {
    "database": Said("数据库", "database"),
    "clients": Said("客户端", "clients"),
    "subject": Said("对象", "subject"),
    "calls": Said("每件请求数", "calls a case"),
    "cases_per_s": Said("件/秒", "cases/s"),
    "calls_per_s": Said("请求/秒", "calls/s"),
    "decide_p50_ms": Said("决定 p50 毫秒", "decide p50 ms"),
    "decide_p95_ms": Said("决定 p95 毫秒", "decide p95 ms"),
    "cpu_ms_per_case": Said("每件处理器毫秒", "CPU ms a case"),
    "ratio": Said("本平台/它", "platform / it"),
}


def check(kind: str, subjects: list[Subject]) -> dict[str, Any]:
    """What was acknowledged, and what the databases hold of it. Raises :class:`wire.Unexpected` when it differs."""
    ours, brief, alike, short = subjects
    granted = machines.count(ours.server.url, "SELECT count(*) FROM task WHERE verdict = 'granted'")
    cases = ours.done + brief.done + 1
    wanted = cases * (short.calls - 1)  # one more was worked through to find out how
    finished = machines.count(alike.server.url, "SELECT count(*) FROM application WHERE status = 'finished'")
    if (granted, finished) != (wanted, alike.done + short.done):
        raise wire.Unexpected(
            f"{granted} grants stored of {wanted}, {finished} bare cases of {alike.done + short.done}"
        )
    return {"database": kind, "platform_cases": cases, "grants_stored": granted, "bare_cases": finished}


def measure(wish: Wish) -> Report:
    """Both databases, every number of clients."""
    report = Report("case", {"story": wish.story, "rounds": wish.rounds, "cases": wish.cases, "seed": wish.seed})
    found: list[dict[str, Any]] = []
    checked: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name, machines.room(Path(name)) as room:
        for kind in machines.available(wish.databases):
            with ExitStack() as stack:
                subjects = subjects_on(kind, wish, room, Path(name), stack)
                report.settings[kind] = machines.durability(subjects[0].server.url)
                for clients in wish.clients:
                    asyncio.run(turns(subjects, clients, wish))
                    found += rows(kind, clients, subjects)
                checked.append(check(kind, subjects))
            if wish.profile:
                report.tables.append(profiled(kind, wish, room, Path(name)))
    report.tables[:0] = [
        Table("cases", Said("整件办理", "Whole cases"), COLUMNS, found),
        Table("stored", Said("库里核对", "Counted in the databases"), STORED, checked),
    ]
    report.notes += NOTES
    return report


def profiled(kind: str, wish: Wish, room: Databases, folder: Path) -> Table:
    """Where the processor's time of one call goes, over whole cases, sampled in one server process."""
    (own := folder / f"{kind}-sampled").mkdir()
    with sampling.platform(own, room.empty(kind)) as (server, samples):
        told = asyncio.run(recipe.found(server.port, wish.story, wish.answers))
        subject = Subject(OURS, server, told.calls, platform_work(told))
        asyncio.run(turn(subject, 1, 1))
        server.calm()
        cases = wish.rounds * wish.cases
        found = samples.during(lambda: asyncio.run(turn(subject, 1, cases)))
    return sampling.table(kind, found, cases * told.calls)


STORED: Final = {
    "database": Said("数据库", "database"),
    "platform_cases": Said("本平台办结", "cases, platform"),
    "grants_stored": Said("库里的准予", "grants stored"),
    "bare_cases": Said("简单应用办结", "cases, bare app"),
}
NOTES: Final = [
    Said(
        "简单应用没有规则、登录、遮盖、存证和加密：alike 与本平台逐个请求对应，"
        "short 只用最少的请求（一次提交，每项一次决定）。",
        "The bare app has no rules, sign-in, masks, proof or sealing: *alike* takes one call for each of the "
        "platform's, *short* the fewest with which a case can be done (one to submit, one to decide each task).",
    ),
    Said(
        "brief：动作带 Prefer: return=minimal，只要结果；不返回办件内容，也就没有查看记录要写。",
        "*brief*: actions with Prefer: return=minimal, which show nothing of the task and so leave no look to record.",
    ),
    Said(
        "压测端与服务器、数据库共用处理器核，数值只宜看比值；“每件处理器毫秒”不含数据库和压测端。",
        "Load generator, server and database share the cores: read the ratios. CPU ms a case is the server's alone.",
    ),
]
