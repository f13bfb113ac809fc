"""For those who run the app: alive, ready, and figures; and nothing about anybody in any of them."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import make_url

from app.catalogue.loader import Catalogue
from app.usecases.heartbeats import Heartbeats
from tests.databases import SQLITE, Databases
from tests.doors import API, Doors, FakeClock, expect
from tests.running import opened, settings_for

HERE = ("127.0.0.1", 4711)


def here(doors: Doors) -> TestClient:
    """A client on the same machine."""
    return TestClient(doors.client.app, client=HERE)


def test_a_server_that_can_serve_says_so(doors: Doors) -> None:
    assert expect(doors.client.get("/health/live")) == {"status": "ok"}
    answer = doors.client.get("/health/ready")
    assert expect(answer)["status"] == "ok"
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()["checks"]) == {"database", "migrated", "writer", "disk", "sweep", "proof"}


def breakage(doors: Doors, what: str) -> None:
    """Take something away that serving takes."""
    state = doors.client.app.state  # type: ignore[attr-defined]
    match what:
        case "disk":
            folder: Path = doors.platform.settings.files_folder
            folder.rmdir()
            folder.write_text("not a folder")
        case "sweep":
            state.beats = late = Heartbeats(clock=iter([0.0, 0.0, 1000.0, 1000.0]).__next__)
            late.expect("sweep", 60)
            late.expect("proof", 600)


@pytest.mark.parametrize("what", ["disk", "sweep", "migrated", "database"])
def test_a_server_that_lacks_something_is_sent_no_requests(
    catalogue: Catalogue, databases: Databases, tmp_path: Path, what: str
) -> None:
    url = databases.migrated(SQLITE)
    with opened(catalogue, settings_for(url, tmp_path / "files"), FakeClock()) as doors:
        expect(doors.client.get("/health/ready"))
        doors.client.app.state.health = None  # type: ignore[attr-defined]
        if what == "database":
            databases.drop(url)
            doors.platform.store._engine.dispose()
        elif what == "migrated":
            with doors.platform.store.lane._engine.begin() as connection:
                connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'x'")
        else:
            breakage(doors, what)
        answer = doors.client.get("/health/ready")
        assert answer.status_code == 503
        failing = {name for name, is_well in answer.json()["checks"].items() if not is_well}
        assert failing == ({"database", "migrated"} if what == "database" else {what})
        assert expect(doors.client.get("/health/live")) == {"status": "ok"}


def test_the_figures_are_there_when_the_database_is_away(
    catalogue: Catalogue, databases: Databases, tmp_path: Path
) -> None:
    url = databases.migrated(SQLITE)
    with opened(catalogue, settings_for(url, tmp_path / "files"), FakeClock()) as doors:
        databases.drop(url)
        doors.platform.store._engine.dispose()
        Path(make_url(url).database or "").mkdir()
        figures = here(doors).get("/metrics")
        assert (figures.status_code, "app_writer_waiting" in figures.text) == (200, True)
        assert "app_open_tasks" not in figures.text


def test_the_figures_count_by_pattern_and_name_nobody(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    filed.act("L1", "receive")
    doors.get("/search", q="私密的问题")
    doors.client.request("BREW", f"{API}/lines")
    shown = here(doors).get("/metrics")
    assert shown.headers["content-type"].startswith("text/plain")
    lines = shown.text.splitlines()
    counts = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
    route = 'method="POST",route="/api/v1/applications/{application_id}/submit",status="200"'
    assert counts[f"app_request_seconds_count{{{route}}}"] == 1
    assert counts["app_writer_group_size_count"] >= 3
    assert counts['app_open_tasks{light="green"}'] >= 1
    assert counts["app_writer_waiting"] == counts["app_writer_failures_total"] == 0
    for secret in (filed.id, filed.reference, filed.who, "私密", "BREW", "330881"):
        assert secret not in shown.text


@pytest.mark.parametrize(
    ("changes", "client", "headers", "status"),
    [
        ({}, HERE, {}, 200),
        ({}, ("::1", 1), {}, 200),
        ({}, ("192.0.2.1", 1), {}, 404),
        ({}, HERE, {"X-Forwarded-For": "192.0.2.1"}, 404),
        ({"metrics": "off"}, HERE, {}, 404),
        ({"metrics": "on"}, ("192.0.2.1", 1), {}, 200),
        ({"metrics_token": SecretStr("t" * 16)}, HERE, {}, 404),
        ({"metrics_token": SecretStr("t" * 16)}, HERE, {"Authorization": "Bearer " + "u" * 16}, 404),
        ({"metrics_token": SecretStr("t" * 16)}, ("192.0.2.1", 1), {"Authorization": "Bearer " + "t" * 16}, 200),
        ({"metrics_token": SecretStr("t" * 16), "metrics": "off"}, HERE, {"Authorization": "Bearer " + "t" * 16}, 404),
    ],
)
def test_figures_are_for_whoever_may_read_them(
    shared_doors: Doors, changes: dict[str, Any], client: tuple[str, int], headers: dict[str, str], status: int
) -> None:
    state = shared_doors.client.app.state  # type: ignore[attr-defined]
    before = state.settings
    state.settings = before.model_copy(update=changes)
    try:
        asked = TestClient(shared_doors.client.app, client=client).get("/metrics", headers=headers)
        assert asked.status_code == status
    finally:
        state.settings = before


def test_a_job_is_behind_when_it_has_not_got_through_for_long() -> None:
    now = 0.0
    beats = Heartbeats(clock=lambda: now)
    beats.expect("sweep", 60)
    now = 240.0
    assert beats.behind == []
    beats.beat("sweep", is_done=False)
    now = 241.0
    assert beats.behind == ["sweep"]
    beats.beat("sweep", is_done=True)
    assert beats.behind == []
    assert beats.runs == {("sweep", False): 1, ("sweep", True): 1}
