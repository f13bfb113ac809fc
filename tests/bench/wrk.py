"""``wrk``, a load generator that costs next to nothing: where it is installed, reads are asked for by it.

The one in :mod:`tests.bench.wire` is Python. On two cores that it shares with the server and the database it takes a
tenth of what two processes are to have more of, and what they could do does not show.
"""

import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.wire import Unexpected

PROGRAM: Final = "wrk"
SCRIPT: Final = """
local requests, number = {%s}, 0
function request()
  number = number + 1
  return requests[(number - 1) %% #requests + 1]
end
function done(summary, latency)
  local bad = summary.errors
  io.write(string.format("%%d %%d %%d %%d %%d\\n", summary.requests, summary.duration, latency:percentile(95),
    bad.status, bad.connect + bad.read + bad.write + bad.timeout))
end
"""
"""Lua; times in microseconds. The last line printed is what is read."""


@dataclass(frozen=True, slots=True)
class Load:
    """So many requests answered in so many seconds."""

    requests: int
    seconds: float
    p95_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def is_there() -> bool:
    """Whether it is installed (Debian: ``apt install wrk``)."""
    return shutil.which(PROGRAM) is not None


def run(port: int, clients: int, seconds: int, asked: Sequence[bytes], folder: Path) -> Load:
    """These requests in turns, by so many clients, for so many seconds. Raises :class:`Unexpected` when one was
    refused or got no answer."""
    script = folder / f"{port}.lua"
    script.write_text(SCRIPT % ", ".join(map(_quoted, asked)))
    command = [PROGRAM, "-t1", f"-c{clients}", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{port}/"]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    requests, lasted, p95, refused, unanswered = map(int, done.stdout.splitlines()[-1].split())
    if refused or unanswered or not requests:
        raise Unexpected(f"of {requests} requests {refused} were refused and {unanswered} got no answer")
    return Load(requests, lasted / 1e6 if lasted else time.perf_counter() - began, p95 / 1000)


def _quoted(sent: bytes) -> str:
    """The bytes as a string of Lua's."""
    plain = (chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03d}" for byte in sent)
    return f'"{"".join(plain)}"'
