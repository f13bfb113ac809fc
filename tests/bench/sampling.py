"""Where the processor's time goes: a server that is sampled while it works.

The server runs as always, with a timer of the operating system that strikes for every millisecond of processor time
the process uses; what it is doing then is counted by area. Nothing is instrumented and nothing is slowed down but by
the counting. ``python -m tests.bench.sampling FILE serve …`` is that server: it begins to count at SIGUSR1, and at
SIGUSR2 writes what it counted to FILE.
"""

import json
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

from tests.bench import machines
from tests.bench.machines import Server
from tests.bench.sums import Said, Table

EVERY: Final = 0.001
"""Seconds of processor time between two looks."""
WAITING: Final = ("threading.py", "selectors.py", "queue.py", "concurrent/futures/thread.py", "asyncio/runners.py")
"""Where a thread is that waits; the last is an event loop written in C, between one callback and the next."""
AREAS: Final = (
    ("app/storage/writer", "write"),
    ("app/storage/quotas", "write"),
    ("app/storage/imprints", "chain"),
    ("app/storage/records", "chain"),
    ("app/domain/proof", "chain"),
    ("app/domain/merkle", "chain"),
    ("app/storage/notary", "notary"),
    ("app/usecases/notary", "notary"),
    ("app/usecases/sweep", "sweep"),
    ("app/storage/sealing", "seal"),
    ("app/storage/sealed_columns", "seal"),
    ("app/storage/vault", "seal"),
    ("app/storage/keys", "seal"),
    ("app/storage/data_keys", "seal"),
    ("app/storage/mapping.py:read", "values"),
    ("app/storage/mapping.py:_read", "values"),
    ("app/storage/mapping", "rows"),
    ("app/storage/files", "files"),
    ("app/storage", "read"),
    ("app/domain/routing", "plan"),
    ("app/domain/conditions", "plan"),
    ("app/domain/deadlines", "plan"),
    ("app/domain/sources", "plan"),
    ("app/domain/metrics", "plan"),
    ("app/domain/authorities", "plan"),
    ("app/domain/answers", "plan"),
    ("app/usecases/plans", "plan"),
    ("app/domain/masking", "sight"),
    ("app/usecases/looks", "sight"),
    ("app/usecases/sight", "sight"),
    ("app/usecases/slices", "sight"),
    ("app/usecases/disclosure", "sight"),
    ("app/usecases/prefill_views", "sight"),
    ("app/usecases/calls", "sight"),
    ("app/usecases/papers", "papers"),
    ("app/usecases/serving", "papers"),
    ("app/domain/papers", "papers"),
    ("app/domain/paper_sections", "papers"),
    ("app/domain/intake_papers", "papers"),
    ("app/domain/messages", "papers"),
    ("app/schemas", "answer"),
    ("app/usecases/applications.py:shown", "answer"),
    ("app/domain", "rules"),
    ("app/usecases/accounts", "sign-in"),
    ("app/usecases/sessions", "sign-in"),
    ("app/transport/identity", "sign-in"),
    ("app/usecases", "use case"),
    ("app/transport/wire", "server"),
    ("app/transport", "envelope"),
    ("app/api", "envelope"),
    ("fastapi/routing.py:serialize_response", "answer"),
    ("fastapi", "framework"),
    ("starlette", "framework"),
    ("uvicorn", "server"),
    ("h11", "server"),
    ("asyncio", "server"),
)
"""Part of a path, with ``:`` and the beginning of a function's name where that matters → area; the first that fits the
innermost frame that any of them fits."""
NAMES: Final = {
    "write": Said("写入（驱动、SQL、提交）", "write: driver, SQL, commit"),
    "chain": Said("存证：规范化、散列、链", "proof: canonical form, hashes, chain"),
    "notary": Said("存证树与签名（后台）", "proof tree and signatures (background)"),
    "sweep": Said("推进时间（后台）", "sweep (background)"),
    "seal": Said("加密与密钥", "sealing and keys"),
    "rows": Said("领域值 → 行", "domain values to rows"),
    "read": Said("读库（SQL、驱动）", "reading: SQL, driver"),
    "values": Said("行 → 领域值", "rows to domain values"),
    "files": Said("文件", "files"),
    "plan": Said("分办方案", "plan"),
    "rules": Said("其余规则", "other rules"),
    "sight": Said("遮盖与查看留痕", "masks and the ledger of looks"),
    "papers": Said("文书与消息", "papers and messages"),
    "answer": Said("应答模型与序列化", "answer: model and JSON"),
    "sign-in": Said("身份", "who asks"),
    "use case": Said("用例其余部分", "rest of the use cases"),
    "envelope": Said("信封、限流、路由层", "envelope, pace, doors"),
    "framework": Said("FastAPI 与 Starlette", "FastAPI and Starlette"),
    "server": Said("uvicorn、h11、事件循环", "uvicorn, h11, event loop"),
    "other": Said("其他", "other"),
}


def area_of(frame: FrameType | None) -> str:
    """The area of the innermost frame that has one; ``waiting`` for a thread that waits."""
    is_innermost = True
    while frame is not None:
        place = f"{frame.f_code.co_filename}:{frame.f_code.co_name}"
        if is_innermost and frame.f_code.co_filename.endswith(WAITING):
            return "waiting"
        is_innermost = False
        for part, area in AREAS:
            if f"/{part}" in place:
                return area
        frame = frame.f_back
    return "other"


class Sampler:
    """Counts what the threads of this process spend processor time on."""

    def __init__(self, file: Path) -> None:
        self._file, self._counts = file, Counter[str]()
        self._used: dict[int, float] = {}
        self._carried: dict[int, float] = {}

    def begin(self, *_: object) -> None:
        """Count from now on."""
        self._counts.clear()
        self._carried.clear()
        self._used = {thread: cpu for thread in sys._current_frames() if (cpu := _cpu_of(thread)) is not None}
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)

    def end(self, *_: object) -> None:
        """Write what was counted, in one step."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        self._counts["other"] += sum(self._carried.values())
        beside = self._file.with_suffix(".part")
        beside.write_text(json.dumps(self._counts))
        beside.replace(self._file)

    def look(self, _: int, interrupted: FrameType | None) -> None:
        """One strike of the timer: what every thread has used since the last goes to what it is doing now.

        What a thread used that waits by now goes to the next thing it is seen doing.
        """
        frames = {**sys._current_frames(), threading.get_ident(): interrupted}
        for thread, frame in frames.items():
            used = _cpu_of(thread)
            if used is None:
                continue
            spent = used - self._used.get(thread, used) + self._carried.pop(thread, 0.0)
            self._used[thread] = used
            area = area_of(frame)
            if area == "waiting":
                self._carried[thread] = spent
            else:
                self._counts[area] += spent


def _cpu_of(thread: int) -> float | None:
    """Processor seconds of one thread; None when it has just ended."""
    try:
        return time.clock_gettime(time.pthread_getcpuclockid(thread))
    except OSError:
        return None


class Samples:
    """The counting of a server somewhere else."""

    def __init__(self, server: Server, file: Path) -> None:
        self._server, self._file = server, file

    def during(self, work: Callable[[], None]) -> dict[str, float]:
        """area → processor milliseconds while ``work`` ran, scaled to what the process really used."""
        self._file.unlink(missing_ok=True)
        self._server.process.send_signal(signal.SIGUSR1)
        time.sleep(0.1)
        before = self._server.cpu()
        work()
        used = (self._server.cpu() - before) * 1000
        self._server.process.send_signal(signal.SIGUSR2)
        for _ in range(200):
            if self._file.exists():
                break
            time.sleep(0.05)
        counts: dict[str, float] = json.loads(self._file.read_text())
        scale = used / sum(counts.values())
        return {area: count * scale for area, count in counts.items()}


@contextmanager
def platform(folder: Path, url: str) -> Iterator[tuple[Server, Samples]]:
    """A platform of one process that can be sampled."""
    file = folder / "samples.json"
    with machines.platform(folder, url, program=("tests.bench.sampling", str(file))) as server:
        yield server, Samples(server, file)


COLUMNS: Final = {
    "database": Said("数据库", "database"),
    "area": Said("用在哪里", "where it goes"),
    "cpu_ms": Said("处理器毫秒/件", "CPU ms each"),
    "share": Said("占 %", "share %"),
}


def table(kind: str, found: dict[str, float], pieces: int) -> Table:
    """Where it goes, the most first."""
    total = sum(found.values())
    rows: list[dict[str, Any]] = [
        {
            "database": kind,
            "code": area,
            "area": f"{NAMES[area].zh} · {NAMES[area].en}",
            "cpu_ms": round(spent / pieces, 2),
            "share": round(100 * spent / total, 1),
        }
        for area, spent in sorted(found.items(), key=lambda entry: -entry[1])
    ]
    title = Said(f"处理器时间用在哪里：{kind}", f"Where the processor's time goes: {kind}")
    return Table(f"profile-{kind}", title, COLUMNS, rows)


def main() -> None:
    """The command line of the app, sampled."""
    sampler = Sampler(Path(sys.argv.pop(1)))
    signal.signal(signal.SIGPROF, sampler.look)
    signal.signal(signal.SIGUSR1, sampler.begin)
    signal.signal(signal.SIGUSR2, sampler.end)
    from app.__main__ import main as run

    run()


if __name__ == "__main__":
    main()
