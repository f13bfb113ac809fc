"""The whole OpenAPI document against the app itself, by Schemathesis: data that fit and data that do not, and chains
of requests along the document's links. No failure of ours, no status, header or body that the document does not know,
nothing accepted that the document forbids.

Run ``python -m tests.fire.schema --seconds 300 --who officer.market.330802.1``; the test suite runs a short while.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx2

from tests.databases import KINDS, Databases
from tests.doors import API
from tests.fire.crash import ROOT, serving
from tests.fire.supply import ROLES, SWEEPS, Abroad, Supply, answering
from tests.running import free_port

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
)
LEFT_OUT = ("signOut",)
"""Whoever signs out has nothing more to try."""
EXAMPLES = 6
PHASES = "examples,coverage,fuzzing,stateful"
"""The last is what follows links from answer to request; a short run hardly comes to it. A long one has it alone."""
LONG = 60
"""Seconds from which on a run has the time to wait for something."""
LINKS = """[phases.stateful]
max-steps = 60

[phases.stateful.inference]
algorithms = []
"""
"""Only the links that the document declares are followed. Beside these few dozen Schemathesis guesses two thousand
more, from names of fields alone, and spends a run on guesses that end in 404."""


def tried(
    base: str, who: str | None, seconds: int, seed: int, phases: str = PHASES
) -> subprocess.CompletedProcess[str]:
    """One run as somebody, or as nobody; its exit code is 0 when nothing was found."""
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{base}/openapi.json"]
    command += ["--checks", ",".join(CHECKS), "--max-examples", str(EXAMPLES), "--max-time", str(seconds)]
    command += ["--phases", phases, "--seed", str(seed), "--no-shrink", "--warnings", "off", "--workers", "1"]
    command += ["--generation-database", "none", "--request-timeout", "90"]
    for operation in LEFT_OUT:
        command += ["--exclude-operation-id", operation]
    httpx2.get(f"{base}/openapi.json", timeout=120).raise_for_status()  # it is made once, and waited for briefly
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        (Path(folder) / "schemathesis.toml").write_text(LINKS)
        given = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis"), "PYTHONPATH": str(ROOT)}
        if who is not None:
            place = Path(folder) / "supply"
            doors = Abroad(base.removesuffix(API))
            stack.callback(doors.client.close)
            supply = Supply(doors, who, sweeps=SWEEPS if seconds >= LONG else 0)
            stack.enter_context(answering(supply, place))
            given |= {"SCHEMATHESIS_HOOKS": "tests.fire.schema_hooks", "FIRE_SUPPLY": str(place)}
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=given)


def main() -> None:
    """A long run, its report on the screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--who", default=None, help="an account, or owner, clerk, officer, supervisor")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phases", default=PHASES, help="which of them, with commas")
    parser.add_argument("--links", type=int, default=0, help="fail when fewer of the document's links were followed")
    wish = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = Databases(folder, stack).empty(wish.database)
        _, base = stack.enter_context(serving(folder, url, free_port(), seeds=True))
        done = tried(base, ROLES.get(wish.who or "", wish.who), wish.seconds, wish.seed, wish.phases)
    print(done.stdout, done.stderr)  # noqa: T201
    reached = re.search(r"links followed: (\d+)", done.stdout)
    if wish.links > (int(reached[1]) if reached else 0):
        sys.exit(f"fewer than {wish.links} links followed")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
