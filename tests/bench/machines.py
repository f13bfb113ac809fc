"""What is measured, as processes of their own: the platform, the bare app, and an endpoint that does nothing.

All of them are run by uvicorn with the event loop and parser that are installed (the platform by ``serve``), without
access log, on 127.0.0.1. What a process has used of the processor is read from /proc, where there is one.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, make_url, text

from app.domain.identity import mod_11_2
from app.settings import Settings
from app.storage.database import write_engine
from tests import postgres
from tests.bench.wire import Unexpected
from tests.databases import POSTGRESQL, Databases
from tests.running import free_port

ROOT: Final = Path(__file__).parents[2]
START_SECONDS: Final = 180
TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PEOPLE: Final = 64
CALM_SHARE: Final = 0.06
"""A server is calm when it uses less than this share of a core."""


class DidNotStart(Unexpected):
    """A server that is measured did not come up; the message ends with what it said."""


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    url: str
    started: float = 0.0
    """Seconds from its start to its first answer."""
    environment: dict[str, str] = field(default_factory=dict)

    def cpu(self) -> float:
        """Processor seconds used so far, workers included; nan where that is not known."""
        return cpu_of(self.process.pid)

    def calm(self, patience: float = 8.0) -> None:
        """Wait until background work has died down, so that it is not counted against somebody else."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            before = self.cpu()
            time.sleep(0.2)
            if not self.cpu() - before > CALM_SHARE * 0.2:
                return


def family(root: int) -> list[int]:
    """A process and everything it has started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def cpu_of(root: int) -> float:
    """Processor seconds of a process, its children, and those of its children that have ended."""
    ticks = 0
    for process in family(root):
        try:
            parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, parts[11:15] if process == root else parts[11:13]))
    return ticks / TICKS if ticks else float("nan")


def cpu_ns(root: int) -> int:
    """Nanoseconds of the processor that a process, its children and all their threads have used so far; 0 where the
    kernel does not say. Finer than :func:`cpu_of`: fit for one request."""
    used = 0
    for process in family(root):
        for thread in Path(f"/proc/{process}/task").glob("*/schedstat"):
            try:
                used += int(thread.read_text().split()[0])
            except (OSError, ValueError, IndexError):
                continue
    return used


def memory_of(process: int) -> dict[str, float]:
    """RSS and PSS of one process in megabytes; nan where they are not known."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return {"rss_mb": float("nan"), "pss_mb": float("nan")}
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:] if line.endswith("kB")}
    return {"rss_mb": round(sizes["Rss"], 1), "pss_mb": round(sizes["Pss"], 1)}


@contextmanager
def platform(
    folder: Path,
    url: str,
    workers: int = 1,
    wait_at: str = "/api/v1/regions/330802",
    program: Sequence[str] = ("app",),
    **settings: str,
) -> Iterator[Server]:
    """The platform on this database, everything on, as ``python -m app serve`` runs it (or another program does).

    Beside the built-in packs it knows the :func:`applicants`: nobody files hundreds of cases a day, and somebody who
    held hundreds of certificates would be slow to serve.
    """
    (packs := folder / "people").mkdir(exist_ok=True)
    (packs / "people.yaml").write_text(_people(), "utf-8")
    settings = {"pack_folders": str(packs), **settings}
    own = {f"APP_{name.upper()}": value for name, value in settings_of(folder, url, **settings).items()}
    port = free_port()
    many = ["--workers", str(workers)] if workers > 1 else []
    command = [sys.executable, "-m", *program, "serve", "--no-seed", "--port", str(port), *many]
    with _serving(folder, command, port, url, own, wait_at) as server:
        yield server


def applicants() -> list[str]:
    """The accounts of the people who file cases in turns. They are fictional."""
    return [f"bench_person_{number:03d}" for number in range(PEOPLE)]


def _people() -> str:
    lines = ["people:"]
    for number, code in enumerate(applicants()):
        body = f"003301{1960 + number % 40}0101{number:03d}"
        lines += [
            f"  {code}:",
            f"    name: {{zh: 示例{number}, en: Shili {number}}}",
            f'    id_number: "{body}{mod_11_2(body)}"',
            f'    phone: "1000001{number:04d}"',
            '    region: "330802"',
            "    note: {zh: 仅用于性能测量的虚构人物。, en: A fictional person for measurements.}",
        ]
    return "\n".join(lines) + "\n"


def settings_of(folder: Path, url: str, **settings: str) -> dict[str, str]:
    """The settings of a platform with everything in one folder; all others have their defaults."""
    places = {"files_folder": "files", "secret_file": "secret.key", "keys_file": "keys.json"}
    return {"database_url": url, **{name: str(folder / file) for name, file in places.items()}, **settings}


def in_process(folder: Path, url: str) -> Settings:
    """The same settings for a platform in this process, without background work."""
    defaults = {name: spec.get_default(call_default_factory=True) for name, spec in Settings.model_fields.items()}
    quiet = {"sweep_seconds": 0, "notary_seconds": 0}
    return Settings(_env_file=None, **{**defaults, **quiet, **settings_of(folder, url)})  # type: ignore[call-arg]


@contextmanager
def bare(folder: Path, url: str, items: Mapping[str, Sequence[str]]) -> Iterator[Server]:
    """The bare app with a case of these items."""
    given = {"BARE_URL": url, "BARE_ITEMS": json.dumps(items)}
    with _uvicorn(folder, "tests.bench.bare:app", url, given) as server:
        yield server


@contextmanager
def idle(folder: Path) -> Iterator[Server]:
    """The endpoint that does nothing."""
    with _uvicorn(folder, "tests.bench.idle:app", "", {}) as server:
        yield server


@contextmanager
def _uvicorn(folder: Path, app: str, url: str, given: dict[str, str]) -> Iterator[Server]:
    port = free_port()
    quiet = ["--no-access-log", "--log-level", "warning", "--no-proxy-headers", "--no-server-header"]
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), *quiet]
    with _serving(folder, command, port, url, given, "/") as server:
        yield server


def plain_environment() -> dict[str, str]:
    """The environment of this process without settings of the app, with the sources on the path, and with compiled
    modules, as everybody has them."""
    unwanted = ("APP_", "PYTHONDONTWRITEBYTECODE")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    return {**plain, "PYTHONPATH": str(ROOT)}


@contextmanager
def _serving(
    folder: Path, command: list[str], port: int, url: str, given: dict[str, str], wait_at: str
) -> Iterator[Server]:
    environment = {**plain_environment(), **given}
    log = folder / f"server-{port}.log"
    began = time.monotonic()
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=said, stderr=said)
    server = Server(process, port, url, environment=environment)
    try:
        _await(server, wait_at, log)
        server.started = time.monotonic() - began
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(server: Server, path: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=30).read()
        except urllib.error.HTTPError as error:
            raise DidNotStart(f"{path}: {error.code}") from None
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise DidNotStart(log.read_text(errors="replace")[-2000:])


def available(kinds: Sequence[str]) -> tuple[str, ...]:
    """The kinds that can be measured here. Raises :class:`Unexpected` when none can."""
    found = []
    for kind in kinds:
        try:
            if kind == POSTGRESQL and not os.environ.get(postgres.SERVER_URL):
                postgres.programs()
        except postgres.NoPostgres as error:
            if len(kinds) == 1:
                raise Unexpected(str(error)) from None
            sys.stderr.write(f"没有 PostgreSQL，只测其余。 PostgreSQL is left out: {error}\n")
        else:
            found.append(kind)
    return tuple(found)


@contextmanager
def room(folder: Path) -> Iterator[Databases]:
    """Databases that flush to disk; everything is gone afterwards."""
    with ExitStack() as stack:
        yield Databases(folder, stack, is_durable=True)


def durability(url: str) -> dict[str, Any]:
    """What the database really does for a commit of the platform, asked of a connection of its own write engine."""
    engine = write_engine(url)
    names = ("synchronous", "journal_mode", "wal_autocheckpoint", "secure_delete", "foreign_keys")
    asked = {name: f"PRAGMA {name}" for name in names}
    if engine.dialect.name != "sqlite":
        asked = {name: f"SHOW {name}" for name in ("synchronous_commit", "fsync", "full_page_writes", "server_version")}
    with engine.connect() as connection:
        found = {name: connection.execute(text(sql)).scalar_one() for name, sql in asked.items()}
    engine.dispose()
    if "synchronous" in found:
        found["synchronous"] = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}[found["synchronous"]]
    return found


def database_process(url: str) -> int | None:
    """The process of a PostgreSQL that was started here; None for a server elsewhere, and for SQLite."""
    if not url.startswith(POSTGRESQL):
        return None
    host = make_url(url).query.get("host")
    file = Path(str(host)) / "data" / "postmaster.pid"
    return int(file.read_text().splitlines()[0]) if host and file.exists() else None


def count(url: str, sql: str, **values: object) -> int:
    """One number from a database."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(sql), values).scalar_one()
    engine.dispose()
    return int(found)
