"""How answers slow down as a province grows: the same questions asked of a small and a large one, in turns.

Each size is a database of its own with a server of its own, filled by the generator from a seed; ``urls`` name
databases that ``python -m app province`` has filled before (with the keys and files of the settings in force), the
smallest first. What is asked is about whoever has most to do, where everything grows most. p95 of the largest divided
by p95 of the smallest is the growth. The people and cases are fictional.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from app.settings import Settings
from app.storage.queries import Reader
from app.storage.tables import APPLICATION, TASK
from app.usecases import sweep
from app.usecases.platform import Platform, open_platform
from app.usecases.province.building import build
from app.usecases.province.making import Order
from tests.bench import machines, sums, wire
from tests.bench.machines import Server
from tests.bench.sums import Report, Said, Table
from tests.bench.wire import API, request
from tests.databases import KINDS, Databases

GOAL: Final = 1.5
"""p95 with a million cases, against that with ten thousand."""
BUNDLE, OF_TASKS = "catering", 3
"""The case that is opened is of this thing, over, and has so many tasks, where there is one: it is as large in every
province."""
SLOWEST_SWEEP: Final = "sweep that finds nothing"


@dataclass(frozen=True)
class Wish:
    """What to measure: databases of so many cases, smallest first, or those the ``urls`` name."""

    databases: tuple[str, ...] = KINDS
    sizes: tuple[int, ...] = (500, 5_000)
    urls: tuple[str, ...] = ()
    rounds: int = 20
    days: int = 730
    lived: int | None = None
    processes: int = 2
    seed: int = 7


@dataclass
class Subject:
    """One province with what is asked of it, and the seconds of every answer."""

    kind: str
    cases: int
    server: Server
    platform: Platform
    asked: dict[str, bytes] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    used: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of the processor, of the server and of its database: what others do on the machine is no part of them."""

    def note(self, name: str, seconds: float, used: float) -> None:
        """How long one answer took, and what it took of the processor."""
        self.seconds.setdefault(name, []).append(seconds)
        self.used.setdefault(name, []).append(used)

    def cpu(self) -> float:
        """Processor seconds used so far for this server's answers."""
        roots = [self.server.process.pid, machines.database_process(self.server.url)]
        return sum(machines.cpu_ns(root) for root in roots if root is not None) / 1e9


@dataclass(frozen=True)
class Known:
    """Whom and what to ask about: the busiest, where everything grows most, and a case in the middle."""

    department: str
    county: str
    application: str
    task: str
    history: str | None
    """A case of which only the course is left."""


def known(reader: Reader) -> Known:
    """What the questions need, found once."""
    ask = reader.connection.execute

    def busiest(column: Any, *where: Any) -> str:
        query = select(column).where(*where).group_by(column).order_by(func.count().desc(), column).limit(1)
        return str(ask(query).scalar_one())

    department = busiest(TASK.c.department, TASK.c.completed_at.is_(None))
    county = busiest(APPLICATION.c.region, func.length(APPLICATION.c.region) == 6)
    open_tasks = select(TASK.c.id).where(TASK.c.department == department, TASK.c.completed_at.is_(None))
    task = ask(open_tasks.order_by(TASK.c.sort_on).limit(1)).scalar_one()

    def middle(is_erased: Any, *alike: Any) -> str | None:
        own = APPLICATION.c.region == county, APPLICATION.c.submitted_at.is_not(None), is_erased, *alike
        half = ask(select(func.count()).select_from(APPLICATION).where(*own)).scalar_one() // 2
        found = select(APPLICATION.c.id).where(*own).order_by(APPLICATION.c.id).offset(half).limit(1)
        return ask(found).scalar_one_or_none()

    tasks = select(func.count()).where(TASK.c.application_id == APPLICATION.c.id).scalar_subquery()
    is_whole, is_over = APPLICATION.c.erased_at.is_(None), APPLICATION.c.completed_at.is_not(None)
    alike = APPLICATION.c.bundle == BUNDLE, tasks == OF_TASKS, is_over
    case, history = middle(is_whole, *alike) or middle(is_whole), middle(APPLICATION.c.erased_at.is_not(None))
    return Known(department, county, str(case), task, history)


def paths(who: Known) -> dict[str, tuple[str | None, str]]:
    """Every kind of question that might depend on how many cases there are, with who asks it."""
    officer, clerk = f"officer.{who.department}.1", f"clerk.{who.county}"
    city, province = f"supervisor.{who.county[:4]}00", "supervisor.330000"
    old = {"course and proof, history": (clerk, f"/applications/{who.history}/proof")} if who.history else {}
    return {
        "inbox, first page": (officer, "/tasks?limit=20"),
        "inbox, finished": (officer, "/tasks?limit=20&open=false"),
        "inbox, counts": (officer, "/tasks/counts"),
        "task": (officer, f"/tasks/{who.task}"),
        "case, by the hall": (clerk, f"/applications/{who.application}"),
        "timeline": (clerk, f"/applications/{who.application}/events"),
        "hall, applications": (clerk, "/applications?limit=20"),
        "county, applications": (f"supervisor.{who.county}", "/applications?limit=20"),
        "province, applications": (province, "/applications?limit=20"),
        "lights, county": (f"supervisor.{who.county}", "/supervision/lights"),
        "lights, city": (city, "/supervision/lights"),
        "lights, province": (province, "/supervision/lights"),
        "red tasks, city": (city, "/supervision/tasks?light=red&limit=20"),
        **{
            f"{light} tasks, province": (province, f"/supervision/tasks?light={light}&limit=20")
            for light in ("red", "yellow", "green")
        },
        "matters, province": (province, "/matters?limit=20"),
        "indicators, province, this year": (province, "/indicators/values"),
        "indicators, province, by region": (province, "/indicators/values?by=region"),
        "ratings of a department": (officer, f"/departments/{who.department}/ratings?limit=20"),
        "cases behind an indicator": (province, "/indicators/on_time/cases?part=denominator&limit=20"),
        "cases behind a rare one": (province, "/indicators/declined/cases?part=numerator&limit=20"),
        "search": (None, "/search?q=%E9%A4%90%E9%A5%AE"),
        **old,
    }


def _order(platform: Platform, cases: int, wish: Wish) -> Order:
    return Order(cases, wish.seed, platform.context().at, wish.days, wish.lived)


async def questions(port: int, who: Known) -> dict[str, bytes]:
    """The requests, by people who have signed in; some pages on in the inbox, too."""
    wanted = paths(who)
    tokens = await wire.sign_in(port, sorted({account for account, _ in wanted.values() if account}))
    asked = {
        name: request("GET", f"{API}{path}", None, tokens[account] if account else None)
        for name, (account, path) in wanted.items()
    }
    officer, first = wanted["inbox, first page"]
    later = await _some_pages_on(port, first, tokens[officer or ""])
    return {**asked, "inbox, some pages on": request("GET", f"{API}{later}", None, tokens[officer or ""])}


async def _some_pages_on(port: int, path: str, token: str, pages: int = 3) -> str:
    found = path
    async with wire.lines([port], 1) as (line,):
        for _ in range(pages):
            cursor = (await line.get_done(request("GET", f"{API}{found}", None, token))).json().get("next")
            if cursor is None:
                break
            found = f"{path}&cursor={cursor}"
    return found


def filled(folder: Path, url: str, cases: int, wish: Wish, stack: ExitStack, say: Callable[[str], None]) -> Subject:
    """A province of so many cases and its server."""
    own = machines.in_process(folder, url)
    if wish.urls:
        own = Settings().model_copy(update={"database_url": url, "sweep_seconds": 0, "notary_seconds": 0})
    platform = open_platform(own)
    stack.callback(platform.close)
    if not platform.store.read(lambda reader: reader.count("application")):
        say(f"making {cases:,} cases …")
        build(platform, _order(platform, cases, wish), lambda _: None, wish.processes)
    places = {name: str(getattr(own, name).absolute()) for name in ("files_folder", "secret_file", "keys_file")}
    given = {**places, "sweep_seconds": "0", "notary_seconds": "0"}
    server = stack.enter_context(machines.platform(folder, url, **given))
    count = platform.store.read(lambda reader: reader.count("application"))
    subject = Subject("sqlite" if platform.store.is_sqlite else "postgresql", count, server, platform)
    subject.asked = asyncio.run(questions(server.port, platform.store.read(known)))
    return subject


async def measured(subjects: Sequence[Subject], rounds: int, seed: int) -> None:
    """Ask everything of everybody, in turns; the first round warms up and does not count."""
    dice = random.Random(seed)  # noqa: S311 - an order, not a secret
    for turn in range(rounds + 1):
        for name in subjects[0].asked.keys() & subjects[-1].asked.keys():
            for subject in dice.sample(subjects, len(subjects)):
                async with wire.lines([subject.server.port], 1) as (line,):
                    before = subject.cpu()
                    answer = await line.get_done(subject.asked[name])
                    used = subject.cpu() - before
                if turn:
                    subject.note(name, answer.seconds, used)
        for subject in subjects:
            before, began = subject.cpu() + time.process_time(), time.perf_counter()
            sweep.run(subject.platform.context(), subject.platform.store)
            if turn:
                used = subject.cpu() + time.process_time() - before
                subject.note(SLOWEST_SWEEP, time.perf_counter() - began, used)


def rows(subjects: Sequence[Subject]) -> Iterator[dict[str, Any]]:
    """One row for each question: the smallest, the largest, and how much slower."""
    first, last = subjects[0], subjects[-1]
    for name in first.seconds:
        small, large = sums.times(first.seconds[name]), sums.times(last.seconds[name])
        little, much = sums.times(first.used[name]), sums.times(last.used[name])
        yield {
            "database": first.kind,
            "question": name,
            **{f"p50_at_{subject.cases}": sums.times(subject.seconds[name])["p50_ms"] for subject in subjects},
            **{f"p95_at_{subject.cases}": sums.times(subject.seconds[name])["p95_ms"] for subject in subjects},
            "growth_p50": round(large["p50_ms"] / small["p50_ms"], 2),
            "growth_p95": round(large["p95_ms"] / small["p95_ms"], 2),
            **{f"cpu_p50_at_{subject.cases}": sums.times(subject.used[name])["p50_ms"] for subject in subjects},
            "growth_cpu_p50": _times(much["p50_ms"], little["p50_ms"]),
            "growth_cpu_p95": _times(much["p95_ms"], little["p95_ms"]),
            "is_within": "✓" if large["p95_ms"] <= GOAL * small["p95_ms"] else "✗",
        }


def _times(much: float, little: float) -> float | None:
    return round(much / little, 2) if little > 0 else None


def columns(subjects: Sequence[Subject]) -> dict[str, Said]:
    """The columns, some of them by size."""
    sizes = {
        f"{share}_at_{subject.cases}": Said(f"{share} 毫秒 {subject.cases:,} 件", f"{share} ms, {subject.cases:,}")
        for share in ("p50", "p95")
        for subject in subjects
    }
    return {
        "database": Said("数据库", "database"),
        "question": Said("问什么", "question"),
        **sizes,
        "growth_p50": Said("p50 倍数", "growth p50"),
        "growth_p95": Said("p95 倍数", "growth p95"),
        **{
            f"cpu_p50_at_{subject.cases}": Said(
                f"p50 处理器毫秒 {subject.cases:,} 件", f"p50 processor ms, {subject.cases:,}"
            )
            for subject in subjects
        },
        "growth_cpu_p50": Said("处理器 p50 倍数", "growth of processor p50"),
        "growth_cpu_p95": Said("处理器 p95 倍数", "growth of processor p95"),
        "is_within": Said(f"p95 ≤ {GOAL}", f"p95 ≤ {GOAL}"),
    }


NOTES: Final = [
    Said(
        "每个问题由办件最多的部门、区县来问；少于一百轮时，p95 取决于最慢的几次，宜与 p50 同看。"
        "最小的省填不满一页时，页面变满也算变慢。",
        "The busiest department and county ask. With fewer than a hundred rounds a few slow answers make the p95: "
        "read it together with the p50. A page that the smallest province cannot fill grows until it is full.",
    ),
    Said(
        "处理器毫秒是服务进程和数据库在一次回答里用掉的，不受同机其他程序影响；读磁盘的等待不在其中。",
        "Milliseconds of the processor are what server and database used for one answer: others on the machine are no "
        "part of it, and waiting for the disk is not either.",
    ),
]


def measure(wish: Wish, say: Callable[[str], None] = lambda _: None) -> Report:
    """Every kind of database with all its sizes."""
    settings = {"sizes": wish.sizes, "rounds": wish.rounds, "days": wish.days, "lived": wish.lived, "seed": wish.seed}
    report = Report("growth", settings)
    with tempfile.TemporaryDirectory() as name, machines.room(Path(name)) as room:
        for kind in machines.available(wish.databases):
            with ExitStack() as stack:
                subjects = list(_subjects(kind, wish, room, Path(name), stack, say))
                if not subjects:
                    continue
                report.settings["sizes"] = [subject.cases for subject in subjects]
                report.settings[kind] = machines.durability(subjects[0].server.url)
                asyncio.run(measured(subjects, wish.rounds, wish.seed))
                title = Said(f"增长：{kind}", f"Growth: {kind}")
                report.tables.append(Table(f"growth-{kind}", title, columns(subjects), list(rows(subjects))))
    report.notes += NOTES
    return report


def _subjects(
    kind: str, wish: Wish, room: Databases, folder: Path, stack: ExitStack, say: Callable[[str], None]
) -> Iterator[Subject]:
    own = [url for url in wish.urls if url.startswith(kind)]
    places = own if wish.urls else [room.empty(kind) for _ in wish.sizes]
    for place, url in enumerate(places):
        (apart := folder / f"{kind}-{place}").mkdir()
        size = wish.sizes[min(place, len(wish.sizes) - 1)]
        yield filled(apart, url, size, wish, stack, lambda line: say(f"{kind}: {line}"))
