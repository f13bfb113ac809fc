"""A full disk, and one that can only be read: people are told, nothing is half there, and it goes on by itself."""

import errno
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg.errors
import pytest
from httpx2 import Response
from sqlalchemy import Connection, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.catalogue.loader import Catalogue
from app.domain.errors import NoRoom, ReadOnly, StorageAway
from app.storage.troubles import told
from app.usecases import verification
from tests.databases import SQLITE, Databases
from tests.doors import PDF, Doors, FakeClock, expect
from tests.fire.disks import NoMount, SmallDisk, read_only, small_disk
from tests.running import opened, settings_for

MEGABYTES = 96
OWNER, STORY = "wang_owner", {"story": "catering_simple"}


def make(doors: Doors) -> Response:
    """Ask for a draft."""
    return doors.send("POST", "/applications", OWNER, json=STORY)


def hand_in(doors: Doors, draft: str, mark: int) -> Response:
    """Upload a paper of its own content."""
    content = PDF.replace(b"%%EOF", b"%% %d\n%%%%EOF" % mark)
    path = f"/applications/{draft}/materials/layout"
    return doors.send("PUT", path, OWNER, files={"file": ("plan.pdf", content)})


def shown(doors: Doors, application_id: str) -> Any:
    """The case as its applicant sees it."""
    return doors.get(f"/applications/{application_id}", OWNER)


def readiness(doors: Doors) -> set[str]:
    """The checks that fail now."""
    doors.client.app.state.health = None  # type: ignore[attr-defined]
    answer = doors.client.get("/health/ready")
    failing = {name for name, is_well in answer.json()["checks"].items() if not is_well}
    assert answer.status_code == (503 if failing else 200)
    return failing


def refused_for(answer: Response, status: int, code: str) -> None:
    """The answer is this problem, in both languages, and says when to try again."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["detail_zh"]
    assert answer.json()["detail"]


def kept(folder: Path) -> set[str]:
    """The names of everything below a folder that is not empty."""
    return {path.name for path in folder.rglob("*") if path.is_file()}


def proved(doors: Doors) -> None:
    """Every chain, the tree and the replay are whole."""
    report = verification.run(doors.platform.context(), doors.platform.store, verification.Wish())
    assert report.finding is None, report.finding


@contextmanager
def mounted() -> Iterator[SmallDisk]:
    """A small disk that the user of PostgreSQL reaches too, or no test."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        try:
            disk = stack.enter_context(small_disk(folder / "disk", MEGABYTES))
        except NoMount as error:
            pytest.skip(f"nothing can be mounted here: {error}")
        yield disk


@contextmanager
def on(disk: SmallDisk, kind: str, databases: Databases) -> Iterator[str]:
    """The URL of a migrated database whose tables lie on the disk."""
    template = databases.migrated(kind)
    if kind == SQLITE:
        with closing(sqlite3.connect(make_url(template).database or "")) as source:
            source.execute("VACUUM INTO ?", [str(disk.folder / "app.db")])
        yield f"sqlite:///{disk.folder}/app.db"
        return
    engine = create_engine(template, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        owner = Path(str(connection.execute(text("SHOW data_directory")).scalar())).owner()
    engine.dispose()
    place = disk.folder / "tables"
    place.mkdir()
    shutil.chown(place, owner)
    admin = create_engine(make_url(template).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE TABLESPACE small LOCATION '{place}'"))
        connection.execute(text(f'CREATE DATABASE small TEMPLATE "{make_url(template).database}" TABLESPACE small'))
    try:
        yield make_url(template).set(database="small").render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE small WITH (FORCE)"))
            connection.execute(text("DROP TABLESPACE small"))
        admin.dispose()
        databases.drop(template)


def test_a_full_disk_is_said_breaks_nothing_and_is_over_once_there_is_room(
    catalogue: Catalogue, databases: Databases, database_kind: str
) -> None:
    with mounted() as disk, on(disk, database_kind, databases) as url:
        folder = disk.folder / "files"
        with opened(catalogue, settings_for(url, folder, sqlite_synchronous="FULL"), FakeClock()) as doors:
            draft = expect(make(doors), 201)["id"]
            expect(hand_in(doors, draft, 1))
            filed = doors.file("catering_simple")
            assert readiness(doors) == set()
            before, papers = shown(doors, filed.id), kept(folder)

            disk.fill()
            refused_for(hand_in(doors, draft, 2), 507, "no-room")
            assert kept(folder) == papers, "an upload that did not fit leaves nothing"
            answers = [make(doors) for _ in range(40)]  # a page that is there already may still take a few rows
            full = [answer for answer in answers if answer.status_code != 201]
            refused_for(full[-1], 507, "no-room")
            assert {answer.status_code for answer in full} == {507}
            assert {"disk", "writer"} <= readiness(doors)
            assert shown(doors, filed.id) == before, "what is there can be read"

            disk.make_room()
            expect(hand_in(doors, draft, 2))
            expect(make(doors), 201)
            filed.act("L1", "receive")
            assert readiness(doors) == set()
            stored = {line["id"] for line in doors.get("/applications?limit=100", OWNER)["entries"]}
            made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
            assert made < stored
            assert len(stored) == len(made) + 3
            proved(doors)


def limited(doors: Doors, connection: Connection) -> None:
    """Let the file of a SQLite database grow by a few pages and no more."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")


def test_a_database_that_may_not_grow_refuses_and_goes_on_when_it_may(
    catalogue: Catalogue, databases: Databases, tmp_path: Path
) -> None:
    with opened(catalogue, settings_for(databases.migrated(SQLITE), tmp_path), FakeClock()) as doors:
        expect(make(doors), 201)
        engine = doors.platform.store.lane._engine
        with engine.connect() as connection:
            limited(doors, connection)
        answers = [make(doors) for _ in range(30)]
        refused_for(answers[-1], 507, "no-room")
        assert "writer" in readiness(doors)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        expect(make(doors), 201)
        assert readiness(doors) == set()
        proved(doors)


def test_what_can_only_be_read_is_read_and_says_so(doors: Doors, database_kind: str) -> None:
    draft = expect(make(doors), 201)["id"]
    engine = doors.platform.store.lane._engine
    is_sqlite = database_kind == SQLITE

    def shut(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only = ON" if is_sqlite else "SET TRANSACTION READ ONLY")

    event.listen(engine, "begin", shut)
    refused_for(make(doors), 503, "read-only")
    assert shown(doors, draft)["id"] == draft
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    page = doors.client.post("/sign-in", data={"account": OWNER}, headers=headers, follow_redirects=False)
    assert page.status_code == 503
    assert "系统暂时只能查询" in page.text
    event.remove(engine, "begin", shut)
    engine.dispose()
    expect(make(doors), 201)


def test_a_folder_that_can_only_be_read_takes_no_papers(doors: Doors) -> None:
    draft = expect(make(doors), 201)["id"]
    expect(hand_in(doors, draft, 1))
    folder = doors.platform.settings.files_folder
    try:
        with read_only(folder):
            refused_for(hand_in(doors, draft, 2), 503, "read-only")
            assert readiness(doors) == {"disk"}
            fetched = doors.send("GET", f"/applications/{draft}/materials/layout", OWNER)
            assert fetched.content.startswith(b"%PDF")
    except NoMount as error:
        pytest.skip(f"nothing can be mounted here: {error}")
    expect(hand_in(doors, draft, 2))


def lite(code: int) -> sqlite3.OperationalError:
    """An error of SQLite as the driver raises it."""
    error = sqlite3.OperationalError("said the database")
    error.sqlite_errorcode = code
    return error


def wrapped(error: BaseException, **more: Any) -> OperationalError:
    """The same as the library hands it on."""
    return OperationalError("INSERT …", {}, error, **more)


KNOWN: list[tuple[BaseException, type[Exception] | None]] = [
    (OSError(errno.ENOSPC, "x"), NoRoom),
    (OSError(errno.EDQUOT, "x"), NoRoom),
    (OSError(errno.EFBIG, "x"), NoRoom),
    (OSError(errno.EROFS, "x"), ReadOnly),
    (PermissionError(errno.EACCES, "x"), ReadOnly),
    (OSError(errno.EIO, "x"), StorageAway),
    (ConnectionResetError(), StorageAway),
    (FileNotFoundError(errno.ENOENT, "x"), None),
    (wrapped(lite(sqlite3.SQLITE_FULL)), NoRoom),
    (wrapped(lite(sqlite3.SQLITE_READONLY_DBMOVED)), ReadOnly),
    (wrapped(lite(sqlite3.SQLITE_BUSY_SNAPSHOT)), StorageAway),
    (wrapped(lite(sqlite3.SQLITE_IOERR_WRITE)), StorageAway),
    (wrapped(lite(sqlite3.SQLITE_CORRUPT)), None),
    (wrapped(lite(sqlite3.SQLITE_ERROR)), None),
    (wrapped(psycopg.errors.DiskFull("x")), NoRoom),
    (wrapped(psycopg.errors.ReadOnlySqlTransaction("x")), ReadOnly),
    (wrapped(psycopg.errors.AdminShutdown("x")), StorageAway),
    (wrapped(psycopg.errors.CannotConnectNow("x")), StorageAway),
    (wrapped(psycopg.errors.TooManyConnections("x")), StorageAway),
    (wrapped(psycopg.OperationalError("connection refused")), StorageAway),
    (wrapped(psycopg.errors.UndefinedTable("x")), None),
    (wrapped(psycopg.errors.UndefinedTable("x"), connection_invalidated=True), StorageAway),
    (PoolTimeout("all connections are in use"), StorageAway),
    (ValueError("x"), None),
]


@pytest.mark.parametrize(("error", "kind"), KNOWN, ids=lambda found: repr(found)[:60])
def test_troubles_of_storage_are_known_by_their_numbers(error: BaseException, kind: type[Exception] | None) -> None:
    found = told(error)
    assert found is error if kind is None else type(found) is kind


def test_what_hides_the_reason_is_looked_behind() -> None:
    hiding = wrapped(lite(sqlite3.SQLITE_ERROR))
    hiding.__context__ = wrapped(lite(sqlite3.SQLITE_FULL))
    assert type(told(hiding)) is NoRoom
