"""How answers slow down as a province grows: ``python -m tests.bench.growth --url sqlite:///a.db --url sqlite:///b.db``.

Every URL names a database that ``python -m app province`` has filled, the smallest first; one that holds no case yet is
filled here with ``--cases`` of the same place. The same questions are asked of all of them through HTTP, in turns, so
that a busy machine is busy for everybody. The table shows p50 and p95 in milliseconds, and how much slower the largest
is than the smallest of its kind; ``--json`` writes the same as JSON. The people and cases are fictional.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.main import create_app
from app.settings import Settings
from app.storage.matter_tables import MATTER
from app.storage.queries import Reader
from app.storage.tables import APPLICATION, TASK
from app.usecases import sweep
from app.usecases.platform import Platform, open_platform
from app.usecases.province.building import build
from app.usecases.province.making import Order

API: Final = "/api/v1"
GOAL: Final = 1.5
"""p95 with a million cases, against that with ten thousand."""
Ask = Callable[[], Any]


@dataclass
class Subject:
    """One province with what is asked of it, and the milliseconds of every answer."""

    name: str
    cases: int
    client: TestClient
    questions: dict[str, Ask] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """Whom and what to ask about: the busiest, where everything grows most, and a case in the middle."""

    department: str
    county: str
    application: str
    task: str


def known(reader: Reader) -> Known:
    """What the questions need, found once."""
    ask = reader.connection.execute

    def busiest(column: Any, *where: Any) -> str:
        query = select(column).where(*where).group_by(column).order_by(func.count().desc(), column).limit(1)
        return str(ask(query).scalar_one())

    department = busiest(TASK.c.department, TASK.c.completed_at.is_(None))
    county = busiest(APPLICATION.c.region, func.length(APPLICATION.c.region) == 6)
    task = ask(select(TASK.c.id).where(TASK.c.department == department).order_by(TASK.c.sort_on).limit(1)).scalar_one()
    own = APPLICATION.c.region == county, APPLICATION.c.submitted_at.is_not(None)
    middle = ask(select(func.count()).select_from(APPLICATION).where(*own)).scalar_one() // 2
    case = ask(select(APPLICATION.c.id).where(*own).order_by(APPLICATION.c.id).offset(middle).limit(1)).scalar_one()
    return Known(department, county, case, task)


def questions(client: TestClient, who: Known) -> dict[str, Ask]:
    """Every kind of question that might depend on how many cases there are, by the role that asks it."""
    officer, clerk = f"officer.{who.department}.1", f"clerk.{who.county}"
    city, province = f"supervisor.{who.county[:4]}00", "supervisor.330000"
    middle = cursor_after(client, officer, "/tasks?limit=20", 3)
    asked = {
        "inbox, first page": (officer, "/tasks?limit=20"),
        "inbox, some pages on": (officer, f"/tasks?limit=20&cursor={middle}" if middle else "/tasks?limit=20"),
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
        "red tasks, province": (province, "/supervision/tasks?light=red&limit=20"),
        "matters, province": (province, "/matters?limit=20"),
        "indicators, province, this year": (province, "/indicators/values"),
        "indicators, province, by region": (province, "/indicators/values?by=region"),
        "ratings of a department": (officer, f"/departments/{who.department}/ratings?limit=20"),
        "search": (None, "/search?q=餐饮"),
    }
    return {name: asker(client, account, path) for name, (account, path) in asked.items()}


def asker(client: TestClient, account: str | None, path: str) -> Ask:
    """One question, by somebody signed in once."""
    headers = sign_in(client, account) if account else {}

    def ask() -> Any:
        answer = client.get(f"{API}{path}", headers=headers)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code} {answer.text[:300]}")
        return answer.json()

    return ask


def sign_in(client: TestClient, account: str) -> dict[str, str]:
    """The headers of a sign-in."""
    answer = client.post(f"{API}/sessions", json={"account": account})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def cursor_after(client: TestClient, account: str, path: str, pages: int) -> str | None:
    """The cursor some pages on, as far as there are any."""
    ask, cursor = asker(client, account, path), None
    for _ in range(pages):
        found = ask().get("next")
        if found is None:
            break
        cursor = found
        ask = asker(client, account, f"{path}&cursor={cursor}")
    return cursor


def opened(url: str, wanted: int, stack: ExitStack) -> Subject:
    """A province behind its doors, filled first if it is empty."""
    quiet: dict[str, Any] = {"sweep_seconds": 0, "notary_seconds": 0, "demo": True, "database_url": url}
    platform = open_platform(Settings().model_copy(update=quiet))
    stack.callback(platform.close)
    if not platform.store.read(lambda reader: reader.count("application")):
        say(f"{url}: making {wanted:,} cases …")
        build(platform, Order(wanted, 7, platform.context().at), lambda _: None)
    client = stack.enter_context(TestClient(create_app(platform.settings, platform=platform)))
    found = Subject(_name(platform), platform.store.read(lambda reader: reader.count("application")), client)
    found.questions = questions(client, platform.store.read(known))
    found.questions["sweep that finds nothing"] = lambda: sweep.run(platform.context(), platform.store)
    found.questions["open matters, as stored"] = lambda: platform.store.read(_open_matters)
    return found


def _open_matters(reader: Reader) -> Any:
    return reader.connection.execute(
        select(func.count()).select_from(MATTER).where(MATTER.c.closed_at.is_(None))
    ).scalar_one()


def _name(platform: Platform) -> str:
    return "sqlite" if platform.store.is_sqlite else "postgresql"


def measure(subjects: list[Subject], rounds: int) -> None:
    """Ask everything of everybody, in turns; the first round warms up and does not count."""
    for turn in range(rounds + 1):
        for name in subjects[0].questions:
            for subject in subjects:
                began = time.perf_counter()
                subject.questions[name]()
                if turn:
                    subject.times.setdefault(name, []).append((time.perf_counter() - began) * 1000)


def percentiles(times: list[float]) -> tuple[float, float]:
    """p50 and p95."""
    if len(times) < 2:
        return times[0], times[0]
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[94]


def rows(subjects: list[Subject]) -> Iterator[dict[str, Any]]:
    """The result, one row for each question and kind of database."""
    for kind in dict.fromkeys(subject.name for subject in subjects):
        own = sorted((subject for subject in subjects if subject.name == kind), key=lambda subject: subject.cases)
        for name in own[0].questions:
            found = {subject.cases: percentiles(subject.times[name]) for subject in own}
            first, last = found[own[0].cases], found[own[-1].cases]
            yield {
                "database": kind,
                "question": name,
                "ms": {cases: {"p50": round(p50, 2), "p95": round(p95, 2)} for cases, (p50, p95) in found.items()},
                "growth_p50": round(last[0] / first[0], 2),
                "growth_p95": round(last[1] / first[1], 2),
            }


def report(found: list[dict[str, Any]]) -> None:
    """The table."""
    for row in found:
        cells = "".join(f"{cases:>9,}: {ms['p50']:8.1f} /{ms['p95']:8.1f}" for cases, ms in row["ms"].items())
        mark = "" if row["growth_p95"] <= GOAL else "  !"
        name = f"{row['database']:11}{row['question']:34}"
        say(f"{name}{cells}   x{row['growth_p50']:6.2f} /x{row['growth_p95']:6.2f}{mark}")


def say(line: str) -> None:
    """One line on standard output."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Open every province, ask, and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", action="append", default=[])
    parser.add_argument("--cases", action="append", type=int, default=[])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        urls = asked.url or [f"sqlite:///{folder}/{place}.db" for place in range(len(asked.cases) or 1)]
        counts = [*asked.cases, *[2_000] * len(urls)]
        subjects = [opened(url, count, stack) for url, count in zip(urls, counts, strict=False)]
        measure(subjects, asked.rounds)
        found = list(rows(subjects))
        report(found)
        if asked.json is not None:
            asked.json.write_text(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
