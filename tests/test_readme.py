"""The READMEs tell the truth: their outputs are the app's, their examples load, their tour runs."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.checks import check
from tests import readme
from tests.screenshots import SHOTS

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_generated_part_of_the_readme_is_what_the_app_prints_today(lang: str) -> None:
    assert readme.rendered(lang) == readme.READMES[lang].read_text("utf-8"), "run: python tests/readme.py write"


def test_both_readmes_have_the_same_skeleton_and_the_same_commands() -> None:
    english, chinese = (path.read_text("utf-8") for path in readme.READMES.values())
    assert _levels(english) == _levels(chinese)
    assert _marks(english) == _marks(chinese)
    plain = [[line for line in block if "--lang" not in line] for block in (_commands(english), _commands(chinese))]
    assert plain[0] == plain[1]
    assert readme.example("corner_shop.yaml", english) == readme.example("corner_shop.yaml", chinese)


def _levels(text: str) -> list[int]:
    outside = re.sub(r"```.*?```", "", text, flags=re.S)
    return [len(found) for found in re.findall(r"^(#+) ", outside, re.M)]


def _marks(text: str) -> list[str]:
    return re.findall(r"<!-- (.+?) -->", text)


def _commands(text: str) -> list[str]:
    return [line for block in re.findall(r"```sh\n(.+?)```", text, re.S) for line in block.splitlines()]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_pictures_are_those_that_are_taken_in_the_language_of_the_readme(lang: str) -> None:
    shown = re.findall(r"!\[[^]]{10,}\]\((.+?)\)", readme.READMES[lang].read_text("utf-8"))
    assert {ROOT / path for path in shown} == {shot.file(lang) for shot in SHOTS}
    for path in shown:
        assert (ROOT / path).read_bytes().startswith(b"\x89PNG")


def test_the_illustrative_label_stands_at_the_top_of_both() -> None:
    for path in readme.READMES.values():
        head = path.read_text("utf-8")[:1200]
        assert "教学演示 · 示例数据，不作为办事依据" in head
        assert "illustrative, not an official service" in head


def test_the_bundle_of_the_ten_minutes_loads_without_a_fault(tmp_path: Path) -> None:
    (tmp_path / "corner_shop.yaml").write_text(
        readme.example("corner_shop.yaml", readme.READMES["en"].read_text("utf-8")), "utf-8"
    )
    report = check([tmp_path])
    assert [fault.render("en") for fault in report.faults] == []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """A real server on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "APP_DATABASE_URL": f"sqlite:///{tmp_path}/app.db",
        "APP_FILES_FOLDER": f"{tmp_path}/files",
        "APP_SECRET_FILE": f"{tmp_path}/secret",
        "APP_SWEEP_SECONDS": "0",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _await(base, server)
        yield base
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0


def _await(base: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(f"{base}/api/v1/lines", timeout=2).read()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not come up in 30 s")


def _printed(mark: str, base: str) -> str:
    """What the shell block under the mark prints when it runs against our server."""
    if not (shutil.which("jq") and shutil.which("curl") and shutil.which("bash")):
        message = "the tour needs bash, curl and jq"
        if os.environ.get("APP_TEST_REQUIRE_ALL"):
            pytest.fail(message)
        pytest.skip(message)
    text = readme.READMES["en"].read_text("utf-8")
    found = re.search(rf"<!-- {mark} -->\n```sh\n(.+?)\n```", text, re.S)
    assert found is not None
    script = "set -euo pipefail\n" + found[1].replace("http://127.0.0.1:8000", base)
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_tour_through_the_api_runs_as_printed(served: str) -> None:
    said = _printed("tour", served)
    assert said.count('"waits_for"') == 8
    assert re.search(r'"query_code": "\d{6}"', said)
    assert '"status": "granted"' in said


def test_the_walk_of_the_clock_goes_from_green_to_graver_red(served: str) -> None:
    said = _printed("clock", served)
    lights = re.findall(r"^  ([a-z ]+): ", said, re.M)
    assert lights == ["green", "green", "yellow", "red", "deep red"]
    assert re.search("^chase, due ", said, re.M)
    assert re.search("^supervision order, due ", said, re.M)
    assert re.search("^escalation", said, re.M)
