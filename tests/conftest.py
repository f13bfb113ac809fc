"""What every test may ask for: the built-in catalogue, databases of both kinds, and the app behind its doors."""

import contextlib
import gc
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.catalogue.loader import Catalogue
from app.domain.routing import Planner
from app.settings import Settings
from app.usecases.platform import Platform
from tests import factories
from tests.databases import KINDS, Databases, databases
from tests.doors import Doors, FakeClock
from tests.places import fleeting
from tests.running import opened, settings_for

sys.dont_write_bytecode = False
"""Assertions are rewritten once and kept beside the tests: for all modules that takes longer than all else together
until the first test runs."""
gc.disable()


def pytest_collection(session: pytest.Session) -> None:
    """Each of several workers begins with modules of its own, and finds those of the others rewritten afterwards."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    first, step = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    for path in _modules(session.config)[first::step]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # told when it is collected
            _ = pytest.Module.from_parent(session, path=path).obj


def _modules(config: pytest.Config) -> list[Path]:
    """The test modules below what was asked for."""
    asked = [Path(config.invocation_params.dir, argument.partition("::")[0]) for argument in config.args]
    return sorted({module for path in asked if path.is_dir() for module in path.rglob("test_*.py")})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers come last: their driver keeps an event loop running in the main thread, where no other can run then."""
    items.sort(key=lambda item: item.path.parent.name == "browser")


def pytest_collection_finish() -> None:
    """Modules and tests stay for the session: to look them over for garbage again and again takes a tenth of it."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The built-in packs, loaded once."""
    return factories.catalogue()


@pytest.fixture(scope="session")
def planner() -> Callable[[str], Planner]:
    """``planner(bundle)``: the planner of one built-in bundle."""
    return factories.planner


@pytest.fixture(scope="session", name="databases")
def _databases() -> Iterator[Databases]:
    with tempfile.TemporaryDirectory(prefix="databases-", dir=fleeting()) as folder, databases(Path(folder)) as found:
        yield found


@pytest.fixture(scope="session", params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a database, a platform or the doors runs on both kinds."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A migrated database of one's own."""
    url = databases.migrated(database_kind)
    yield url
    databases.drop(url)


@pytest.fixture
def clock() -> FakeClock:
    """Ten o'clock on a Monday with three weeks without a public holiday ahead."""
    return FakeClock()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an app of one's own."""
    return settings_for(database_url, tmp_path / "files")


@pytest.fixture
def doors(catalogue: Catalogue, settings: Settings, clock: FakeClock) -> Iterator[Doors]:
    """An app of one's own, on both databases."""
    with opened(catalogue, settings, clock) as found:
        yield found


@pytest.fixture
def platform(doors: Doors) -> Platform:
    """The platform behind the doors."""
    return doors.platform


@pytest.fixture
def client(doors: Doors) -> TestClient:
    """The HTTP client of the app."""
    return doors.client


@pytest.fixture
def sign_in(doors: Doors) -> Callable[[str], dict[str, str]]:
    """``sign_in(account)``: the headers of somebody who has signed in."""
    return doors.sign_in


@pytest.fixture(scope="module")
def shared_doors(
    catalogue: Catalogue, databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Doors]:
    """An app shared by the tests of a module that do not disturb one another."""
    url = databases.migrated(database_kind)
    with opened(catalogue, settings_for(url, tmp_path_factory.mktemp("files")), FakeClock()) as found:
        yield found
    databases.drop(url)
