"""The whole OpenAPI document against the app itself, by Schemathesis: data that fit and data that do not, and chains
of requests along the document's links. No failure of ours, no status, header or body that the document does not know,
nothing accepted that the document forbids.

Run ``python -m tests.fire.schema --seconds 300 --who officer.market.330802.1``; the test suite runs a short while.
"""

import argparse
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx2

from tests.databases import KINDS, Databases
from tests.fire.crash import serving
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
LINKS = """[phases.stateful]
max-steps = 8

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
    for operation in LEFT_OUT:
        command += ["--exclude-operation-id", operation]
    httpx2.get(f"{base}/openapi.json", timeout=120).raise_for_status()  # it is made once, and waited for briefly
    if who is not None:
        token = httpx2.post(f"{base}/sessions", json={"account": who}, timeout=120).json()["token"]
        command += ["--header", f"Authorization: Bearer {token}"]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "schemathesis.toml").write_text(LINKS)
        return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def main() -> None:
    """A long run, its report on the screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--who", default=None, help="an account of the demonstration; nobody when left out")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--database", choices=KINDS, default=KINDS[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phases", default=PHASES, help="which of them, with commas")
    wish = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = Databases(folder, stack).empty(wish.database)
        _, base = stack.enter_context(serving(folder, url, free_port(), seeds=True))
        done = tried(base, wish.who, wish.seconds, wish.seed, wish.phases)
    print(done.stdout, done.stderr)  # noqa: T201
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
