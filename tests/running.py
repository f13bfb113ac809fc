"""The app running for tests: settings nothing else can change, one shared catalogue, a clock and dice of our own."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine

from app.catalogue.loader import Catalogue
from app.domain.routing import Planner
from app.main import create_app
from app.settings import Settings
from app.storage import keys
from app.storage.store import Store
from app.transport.doors import Door
from app.usecases import notary
from app.usecases.platform import Platform, keep_versions, open_world, vault_of
from tests.doors import Doors, FakeClock, SeededDice

SECRET = "a secret that only the tests know"
KEYS = keys.fresh_ring().dumped()
"""One key ring for all tests of a session."""
PLANNERS: dict[str, Planner] = {}
"""digest → planner, shared by the platforms of one session: they all know the same catalogue."""
WORKED_OUT: dict[tuple[str, object, tuple[str, ...], object], Door] = {}
"""What tells a route apart → the route, shared by the apps of one session: every app works its routes out when
they are first asked for, which need not happen two thousand times."""

ENGINES: dict[tuple[str, str], Engine] = {}
"""Kind and use → the first engine of the session."""


def settings_for(url: str, folder: Path, **changes: object) -> Settings:
    """Settings that no environment and no ``.env`` can change."""
    values = {"database_url": url, "files_folder": folder, "secret": SECRET, "keys": SecretStr(KEYS)}
    quiet = {"sweep_seconds": 0, "notary_seconds": 0, "sqlite_synchronous": "NORMAL"}
    defaults = {name: spec.get_default(call_default_factory=True) for name, spec in Settings.model_fields.items()}
    return Settings(_env_file=None, **{**defaults, **values, **quiet, **changes})


@contextmanager
def opened(catalogue: Catalogue, settings: Settings, clock: FakeClock) -> Iterator[Doors]:
    """The app running on a database, and the doors to it."""
    with ExitStack() as stack:
        world = replace(open_world(settings, catalogue), planners=PLANNERS)
        vault = vault_of(settings, world.keys)
        store = Store(settings.database_url, settings.sqlite_synchronous, vault, settings.proof_hash)
        _as_compiled_before("read", store._engine)
        for writing in (store.lane, store.notary):
            _as_compiled_before("write", writing._engine)
        platform = Platform(settings, world, store, clock, SeededDice())
        stack.callback(platform.close)
        keep_versions(platform)
        notary.found(platform.context(), store)
        client = stack.enter_context(TestClient(served(settings, platform)))
        yield Doors(client, platform, clock)


def _as_compiled_before(use: str, engine: Engine) -> None:
    """Let an engine know the statements that an engine of the same kind and use has compiled: they are the same in
    every app, and a server compiles them once in its life."""
    first = ENGINES.setdefault((engine.name, use), engine)
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache


def served(settings: Settings, platform: Platform) -> FastAPI:
    """The app, with routes that other apps of this session may have worked out already. A route knows nothing of the
    platform: it finds it through the request."""
    app = create_app(settings, platform=platform)
    for place, route in enumerate(app.router.routes):
        if isinstance(route, Door):
            apart = route.path, route.endpoint, tuple(sorted(route.methods)), app.router.max_body_size
            app.router.routes[place] = WORKED_OUT.setdefault(apart, route)
    return app


def comes_up(address: str, process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether a GET of the address is answered with 200 before the process ends and the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx2.get(address, timeout=5).status_code == httpx2.codes.OK:
                return True
        except httpx2.TransportError:
            pass
        time.sleep(0.05)
    return False


def free_port() -> int:
    """A port nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
