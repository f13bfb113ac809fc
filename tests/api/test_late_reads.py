"""A streaming standby: what is read there, that it is never too old, and that nobody notices when it is gone."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.catalogue.loader import Catalogue
from app.main import create_app
from app.settings import Settings
from app.storage.database import DatabaseUrlError, migrate
from app.storage.standby import AWAY_SECONDS, Mark, Standby, checked, mark_of
from app.transport.late import a_little_late
from app.usecases.platform import vault_of
from tests import standby
from tests.databases import POSTGRESQL, Databases, give_up
from tests.doors import Doors, FakeClock, expect
from tests.postgres import NoPostgres
from tests.running import opened, settings_for

MOST_LAG = 5.0
WATCHER = "supervisor.330000"
LATE = {
    "GET /api/v1/data-usage",
    "GET /api/v1/indicators/values",
    "GET /api/v1/indicators/{code}/cases",
    "GET /api/v1/supervision/bulletins",
    "GET /api/v1/supervision/lights",
    "GET /api/v1/supervision/tasks",
    "GET /indicators",
    "GET /indicators/{code}/cases",
    "GET /supervision",
    "GET /supervision/bulletin",
    "GET /supervision/tasks",
    "POST /supervision/clock",  # shows the board again when the date does not fit
}
ASKED: list[tuple[str, dict[str, str], str]] = [
    ("/supervision/lights", {"by": "place"}, WATCHER),
    ("/supervision/tasks", {}, WATCHER),
    ("/supervision/bulletins", {"month": "2026-03"}, WATCHER),
    ("/indicators/values", {"by": "department"}, WATCHER),
    ("/indicators/on_time/cases", {"part": "denominator"}, WATCHER),
    ("/data-usage", {}, "steward.330000"),
]


class Ticks:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Now."""
        return self.now


class Both:
    """The app on a primary, with a standby whose clock the test moves."""

    def __init__(self, servers: standby.Pair, doors: Doors, follower: Standby, ticks: Ticks) -> None:
        self.servers, self.doors, self.standby, self.ticks = servers, doors, follower, ticks
        self.late = doors.platform.late

    def asked(self, path: str, who: str, **params: str) -> tuple[Any, str]:
        """The answer, and which server gave it."""
        before = dict(self.late.served)
        answer = self.doors.get(path, who, **params)
        (server,) = {name for name, count in self.late.served.items() if count > before.get(name, 0)}
        return answer, server

    def pass_(self, seconds: float) -> None:
        """Time passes, and readiness is looked at anew."""
        self.ticks.now += seconds
        self.doors.client.app.state.health = None  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def servers() -> Iterator[standby.Pair]:
    """A primary and its standby, with every table."""
    try:
        with standby.pair() as found:
            migrate(found.primary.url)
            yield found
    except NoPostgres as error:
        give_up(f"no PostgreSQL with a standby: {error}")


@pytest.fixture(scope="module")
def both(servers: standby.Pair, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The app on both."""
    ticks, folder = Ticks(), tmp_path_factory.mktemp("files")
    settings = settings_for(servers.primary.url, folder, read_database_url=servers.standby.url)
    with opened(catalogue, settings, FakeClock()) as plain:
        before = plain.platform
        mark, vault = partial(mark_of, before.store, ticks), partial(vault_of, settings, before.world.keys)
        follower = Standby(servers.standby.url, mark, MOST_LAG, vault, ticks)
        platform = replace(before, standby=follower)
        with TestClient(create_app(settings, platform=platform), client=("127.0.0.1", 4711)) as client:
            yield Both(servers, Doors(client, platform, plain.clock), follower, ticks)
        follower.close()


def test_operations_that_may_be_late_say_so_and_are_these() -> None:
    app = create_app(Settings(_env_file=None))
    found = {
        f"{method} {route.path}"
        for route in app.routes
        if isinstance(route, APIRoute) and a_little_late in {one.call for one in route.dependant.dependencies}
        for method in route.methods
    }
    assert found == LATE


@pytest.mark.parametrize(
    ("url", "primary", "said"),
    [
        ("postgresql+psycopg://a@h/x", "sqlite:///x.db", "SQLite has none"),
        ("sqlite:///y.db", "postgresql+psycopg://a@h/x", "SQLite has none"),
        ("postgresql+psycopg://b@h/x", "postgresql+psycopg://a:p@h:5432/x", "same address"),
        ("postgresql+psycopg://a@/x?host=h:5432", "postgresql+psycopg://a@h/x", "same address"),
        ("postgresql+psycopg://a@/x?host=g&host=h", "postgresql+psycopg://a@/x?host=h&host=g", "same address"),
        ("postgresql+psycopg://a@g/y", "postgresql+psycopg://a@h/x", "another database"),
        ("mysql://a@g/x", "postgresql+psycopg://a@h/x", "APP_READ_DATABASE_URL cannot be used"),
        ("no url at all", "postgresql+psycopg://a@h/x", "APP_READ_DATABASE_URL cannot be used"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused(url: str, primary: str, said: str) -> None:
    with pytest.raises(DatabaseUrlError, match=said):
        checked(url, primary)


@pytest.mark.parametrize(
    "url",
    ["postgresql+psycopg://a@g/x", "postgresql+psycopg://a@h:5433/x", "postgresql+psycopg://a@/x?host=/run/b"],
)
def test_an_address_of_another_server_is_taken(url: str) -> None:
    assert checked(url, "postgresql+psycopg://a@h/x") == url
    many = "postgresql+psycopg://a@/x?host=g&host=h&target_session_attrs="
    assert checked(f"{many}standby", f"{many}read-write")


def test_what_may_be_late_is_read_from_the_standby_and_says_the_same(both: Both) -> None:
    filed = both.doors.file("catering_full")
    filed.grant("L0", uscc="92003308MA00DEM225")
    filed.review("H1")
    filed.act("H1", "begin_special", reason="需要检测", procedure="testing", days=3)  # its pauses lie sealed
    both.servers.catch_up()
    both.pass_(1)
    for path, params, who in ASKED:
        shown, server = both.asked(path, who, **params)
        assert server == "standby", path
        held = both.late.standby
        both.late.standby = None
        assert both.asked(path, who, **params) == (shown, "primary"), path
        both.late.standby = held
    assert expect(both.doors.client.get("/health/ready"))["standby"] == "used"
    figures = both.doors.client.get("/metrics").text
    assert "app_standby_used 1.0" in figures
    assert 'app_late_reads_total{server="standby"}' in figures


def test_whoever_is_refused_was_refused_by_the_primary(both: Both) -> None:
    both.pass_(1)
    before = both.late.served["primary"]
    answer = both.doors.send("GET", "/supervision/lights", "wang_owner")
    assert answer.status_code == 403
    assert both.late.served["primary"] == before + 1


def test_a_standby_that_stands_still_is_read_for_so_long_and_no_longer(both: Both) -> None:
    def green(board: Any) -> int:
        return sum(line["count"] for line in board["total"])

    both.servers.catch_up()
    both.pass_(1)
    shown, server = both.asked("/supervision/lights", WATCHER)
    assert server == "standby"
    with both.standby._engine.connect() as connection:
        connection.execute(text("SELECT pg_wal_replay_pause()"))
    filed = both.doors.file("catering_simple")
    own = both.doors.get(f"/applications/{filed.id}", filed.who)
    assert own["reference"] == filed.reference, "who has just written sees it"
    assert filed.id in {line["id"] for line in both.doors.get("/applications", filed.who)["entries"]}
    both.pass_(MOST_LAG - 0.5)
    late, server = both.asked("/supervision/lights", WATCHER)
    assert (server, green(late)) == ("standby", green(shown))
    both.pass_(1)
    fresh, server = both.asked("/supervision/lights", WATCHER)
    assert (server, green(fresh)) == ("primary", green(shown) + len(own["tasks"]))
    assert expect(both.doors.client.get("/health/ready"))["standby"] == "behind"
    with both.standby._engine.connect() as connection:
        connection.execute(text("SELECT pg_wal_replay_resume()"))
    both.servers.catch_up()
    both.pass_(1)
    assert both.asked("/supervision/lights", WATCHER) == (fresh, "standby")


def test_a_server_with_another_history_is_not_read(both: Both, databases: Databases) -> None:
    url = databases.migrated(POSTGRESQL)
    true = mark_of(both.doors.platform.store, both.ticks)
    wrong = {
        "another cluster": (url, true),
        "takes writes itself": (both.servers.primary.url, true),
        "timeline": (both.servers.standby.url, replace(true, timeline=2)),
        "another history": (both.servers.standby.url, replace(true, position=1)),
    }
    for why, (address, mark) in wrong.items():
        found = Standby(address, lambda mark=mark: mark, MOST_LAG, clock=both.ticks)  # type: ignore[misc]
        assert not found.may_be_read()
        assert found.is_away
        assert why in str(found._why)
        found.close()
    databases.drop(url)


def test_without_the_primary_nothing_new_is_known_of_the_standby(both: Both) -> None:
    gone = Standby(both.servers.standby.url, lambda: unanswered(), MOST_LAG, clock=both.ticks)
    assert not gone.may_be_read()
    assert not gone.is_away
    gone.close()


def unanswered() -> Mark:
    """What asking a primary that is away comes to."""
    from app.domain.errors import StorageAway
    from app.domain.vocabulary import Text

    raise StorageAway(Text("不在", "away"))


def test_nobody_notices_that_the_standby_is_gone(both: Both, tmp_path: Path) -> None:
    both.servers.catch_up()
    both.pass_(AWAY_SECONDS + 1)
    shown, server = both.asked("/supervision/lights", WATCHER)
    assert server == "standby"
    both.servers.standby.kill()
    assert both.asked("/supervision/lights", WATCHER) == (shown, "primary")
    told = expect(both.doors.client.get("/health/ready"))
    assert (told["status"], told["standby"]) == ("ok", "away")
    both.pass_(AWAY_SECONDS + 1)
    assert both.asked("/supervision/lights", WATCHER) == (shown, "primary"), "it is tried again, in vain"
    both.servers.standby.start()
    both.servers.catch_up()
    both.pass_(AWAY_SECONDS + 1)
    assert both.asked("/supervision/lights", WATCHER) == (shown, "standby")
