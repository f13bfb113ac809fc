"""``serve``: starts, answers, stops."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.commands.exits import Exit
from app.commands.logs import JsonLine, OneLine, configuration
from app.commands.serve import listening
from app.commands.terminal import Unavailable, WrongUsage
from tests.running import free_port

from .conftest import Run

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(folder: Path, *arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process and its address, once it answers; killed in the end if it still runs."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", str(port), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api/v1/bundles", process)
        yield process, address
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def wait_for(url: str, process: subprocess.Popen[str]) -> None:
    """Ask until somebody answers, for a minute."""
    for _ in range(300):
        assert process.poll() is None, process.communicate()
        try:
            fetch(url)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("nobody answers")


def fetch(url: str) -> Any:
    """The JSON behind an address."""
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 -- our own server
        return json.load(answer)


def test_it_seeds_answers_and_stops_cleanly_at_ctrl_c(tmp_path: Path) -> None:
    with serving(tmp_path, "--lang", "en") as (process, address):
        bundles = [bundle["code"] for bundle in fetch(f"{address}/api/v1/bundles")]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert "catering" in bundles
    assert process.returncode == 0, err
    assert address in out
    assert "8 example applications were put in" in out
    assert out.rstrip().endswith("Stopped.")
    assert "Traceback" not in err
    assert "app.access" in err


def test_two_workers_share_a_database_and_stop_when_told_politely(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2", "--no-seed", "--lang", "en", APP_LOG_LEVEL="warning") as (process, _):
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "PostgreSQL is meant for this" in " ".join(out.split())
    assert "put in" not in out


def test_a_port_that_is_taken_is_a_sentence(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        said = run("serve", "--port", str(holder.getsockname()[1]), "--lang", "en")
    assert said.code == Exit.UNAVAILABLE
    assert "choose another with --port" in said.err


def test_packs_with_faults_stop_the_start(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "mine.yaml").write_text("bundles:\n  x: {name: 3}\n", encoding="utf-8")
    said = run("serve", "--port", str(free_port()), APP_PACK_FOLDERS=str(tmp_path / "mine"))
    assert said.code == Exit.REFUSED
    assert "mine.yaml:2" in said.err


@pytest.mark.parametrize("arguments", [("--port", "0"), ("--port", "70000"), ("--workers", "0")])
def test_numbers_out_of_range_are_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("serve", *arguments).code == Exit.USAGE


def test_an_address_nobody_knows_is_wrong_usage() -> None:
    with pytest.raises(WrongUsage):
        listening("no such host", 8000)


def test_an_address_of_another_machine_cannot_be_listened_on() -> None:
    with pytest.raises(Unavailable):
        listening("192.0.2.1", 8000)


def test_a_log_record_is_one_line_whatever_it_holds() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "first\r\nsecond", None, None)
    assert "\n" not in OneLine("%(message)s").format(record)
    assert configuration("warning")["root"]["level"] == "WARNING"


def test_words_of_an_error_are_told_when_somebody_asks_for_them() -> None:
    try:
        raise ValueError("the words")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", None, info)
    for formatter in (OneLine, JsonLine):
        assert "the words" not in formatter("%(message)s").format(record)
        assert "the words" in formatter("%(message)s", words=True).format(record)
        assert "\n" not in formatter("%(message)s").format(record)
    for level, form, words in (("debug", "json", True), ("info", "text", False)):
        line = configuration(level, form)["formatters"]["line"]  # type: ignore[arg-type]
        assert line["words"] is words
        assert line["()"].endswith("JsonLine" if form == "json" else "OneLine")
