"""Behind PgBouncer, pooling by transaction: a few connections of the database for many of the app's.

Run ``python -m tests.fire.pooler``: a server whose every transaction may get another connection, six busy clients that
file cases, and in the end the rows are counted and ``verify`` reads everything. PgBouncer is the system's package of
that name; before 1.21 it does not follow statements that psycopg prepares, so the address says that none are.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.storage.database import migrate
from tests.databases import POSTGRESQL, Databases
from tests.fire.crash import serving
from tests.fire.crowd import Crowd, Ledger
from tests.postgres import unprivileged
from tests.running import free_port

CONNECTIONS = 3
"""Of the database, for everybody."""
SETTINGS = """\
[databases]
* = host={server} user={user} pool_size={connections}

[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
max_client_conn = 300
logfile = {folder}/log
pidfile = {folder}/pid
"""
START_SECONDS = 20.0


class NoPooler(Exception):
    """There is no PgBouncer here; the message says so."""


@contextmanager
def pooled(url: str, connections: int = CONNECTIONS) -> Iterator[str]:
    """The URL of the same database through a PgBouncer of its own. Raises :class:`NoPooler`.

    ``url``: of a server on a Unix socket that trusts whoever reaches it.
    """
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if found is None:
        raise NoPooler("no pgbouncer here; it comes with the system's package of this name")
    plain = make_url(url)
    server = plain.query.get("host")
    if not isinstance(server, str) or not server.startswith("/"):
        raise NoPooler("the PostgreSQL named for the tests is not on a Unix socket")
    folder = Path(tempfile.mkdtemp(prefix="pooler-"))
    user = unprivileged() if os.geteuid() == 0 else None  # it does not run as root
    settings = folder / "pgbouncer.ini"
    said = {"server": server, "user": plain.username, "connections": connections, "folder": folder}
    settings.write_text(SETTINGS.format(**said))
    if user is not None:
        shutil.chown(folder, user)
    with (folder / "said").open("wb") as log:
        process = subprocess.Popen([found, str(settings)], user=user, stdout=log, stderr=log, cwd=folder)
    try:
        query = {"host": str(folder), "port": "6432", "prepare_threshold": "none"}
        through = plain.set(query=query).render_as_string(hide_password=False)
        _wait(process, folder, plain.database or "", plain.username or "")
        yield through
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], folder: Path, database: str, user: str) -> None:
    """Until it answers. Raises :class:`NoPooler`."""
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            psycopg.connect(host=str(folder), port=6432, dbname=database, user=user, prepare_threshold=None).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoPooler(f"pgbouncer did not come up: {(folder / 'said').read_text()[-2000:]}")


def trial(folder: Path, clients: int, seconds: float) -> Ledger:
    """Clients that file through it; everything they were told is there, once."""
    with ExitStack() as stack:
        url = Databases(folder, stack, is_durable=True).empty(POSTGRESQL)
        migrate(url)
        through = stack.enter_context(pooled(url))
        _, base = stack.enter_context(serving(folder, through, free_port()))
        ledger = asyncio.run(_filing(base, clients, seconds))
        command = [sys.executable, "-m", "app", "verify", "--strict", "--json"]
        environment = {**os.environ, "APP_DATABASE_URL": url}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode or ledger.lost:
        sys.exit(f"lost: {sorted(ledger.lost)}; verify: {done.stdout[-1500:]} {done.stderr[-1500:]}")
    return ledger


async def _filing(base: str, clients: int, seconds: float) -> Ledger:
    ledger = Ledger()
    async with Crowd([base], ledger) as crowd:
        busy = crowd.begin(clients)
        await crowd.answered(0, seconds)
        await crowd.end(busy)
        await crowd.look()
    return ledger


def main() -> None:
    """One trial, and what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=10)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            its = trial(Path(folder), wish.clients, wish.seconds)
        except NoPooler as missing:
            sys.exit(str(missing))
    print(  # noqa: T201
        f"{CONNECTIONS} connections, {wish.clients} clients, {wish.seconds:.0f} s: {len(its.received)} cases, "
        f"{len(its.answers)} writes, {len(its.failures)} tries failed, the slowest {its.slowest:.2f} s; verify clean"
    )


if __name__ == "__main__":
    main()
