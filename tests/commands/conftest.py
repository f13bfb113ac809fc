"""A command line in a folder of its own: settings point there, nothing of the machine is read."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.commands.program import program


@dataclass(frozen=True)
class Said:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with no setting from outside."""
    _settle(monkeypatch, tmp_path)
    return tmp_path


def _settle(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.chdir(folder)
    for name in ("APP_DATABASE_URL", "APP_LANG", "APP_DEMO", "APP_PACK_FOLDERS", "APP_SECRET", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("APP_SQLITE_SYNCHRONOUS", "NORMAL")


@pytest.fixture(scope="session")
def _seeded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``seed`` was run."""
    folder = tmp_path_factory.mktemp("seeded")
    with pytest.MonkeyPatch.context() as monkeypatch:
        _settle(monkeypatch, folder)
        assert CliRunner().invoke(program("seed"), ["seed"]).exit_code == 0
    return folder


@pytest.fixture
def after_seed(own_folder: Path, _seeded_once: Path) -> None:
    """Begin with what ``seed`` makes, and not with nothing."""
    shutil.copytree(_seeded_once / "var", own_folder / "var")


@pytest.fixture
def migrated(run: Run) -> None:
    """A database with nothing in it."""
    assert run("migrate").code == 0


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("plan", "catering", input=…, APP_LANG="en")``: one command line."""

    def call(*arguments: str, keys: str | None = None, **environment: str) -> Said:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        done = CliRunner().invoke(program(arguments[0] if arguments else None), list(arguments), input=keys)
        return Said(done.exit_code, done.stdout, done.stderr)

    return call
