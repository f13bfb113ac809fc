"""A PostgreSQL primary and a streaming standby of it, each a process of ours on the loopback, gone afterwards."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from tests.postgres import NoPostgres, programs, unprivileged
from tests.running import free_port

USER, NAME = "tester", "postgres"
STANDBY = "standby_1"
"""The name by which the primary waits for it."""
START_SECONDS = 60.0


class Server:
    """One PostgreSQL server, that listens on the loopback only and wants a password."""

    def __init__(self, folder: Path, password: str, user: str | None) -> None:
        self.data, self.port = folder / "data", free_port()
        self._folder, self._password, self._user = folder, password, user
        self._options: tuple[str, ...] = ()
        folder.mkdir()
        if user is not None:
            shutil.chown(folder, user)

    @property
    def url(self) -> str:
        """Its address for the app."""
        host = {"host": f"127.0.0.1:{self.port}"}
        whole = URL.create("postgresql+psycopg", USER, self._password, database=NAME, query=host)
        return whole.render_as_string(hide_password=False)

    def make(self) -> None:
        """A new, empty cluster."""
        secret = self._folder / "password"
        secret.write_text(self._password)
        if self._user is not None:
            shutil.chown(secret, self._user)
        made = ("-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--no-locale", "--no-sync")
        self._run("initdb", "-D", str(self.data), *made)

    def copy(self, primary: "Server") -> None:
        """A copy of a running primary that goes on following it."""
        source = f"host=127.0.0.1 port={primary.port} user={USER} application_name={STANDBY}"
        copied = ("-D", str(self.data), "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self._run("pg_basebackup", *copied, "-d", source)

    def start(self, *options: str) -> None:
        """Start it with these settings, or those of the last time, and wait until it answers."""
        self._options = options = options or self._options
        with_all = ("listen_addresses=127.0.0.1", f"port={self.port}", "unix_socket_directories=", *options)
        log, told = str(self._folder / "log"), " ".join(f"-c {one}" for one in with_all)
        self._run("pg_ctl", "start", "-w", "-s", "-t", "60", "-D", str(self.data), "-l", log, "-o", told)

    def promote(self) -> None:
        """Make a standby take writes."""
        self._run("pg_ctl", "promote", "-w", "-s", "-D", str(self.data))

    def freeze(self, title: str) -> int:
        """Stop its process of this title where it is, as if the line to it were cut; the number of processes found."""
        found = [pid for pid in self._children() if title in _title(pid)]
        for pid in found:
            os.kill(pid, signal.SIGSTOP)
        return len(found)

    def go_on(self, title: str) -> None:
        """Let it go on."""
        for pid in self._children():
            if title in _title(pid):
                os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL to all of its processes: nothing is written back, nobody is told."""
        with suppress(FileNotFoundError, ProcessLookupError):
            pids = (self._pid(), *self._children())
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for pid in pids:
                _await_gone(pid)
            (self.data / "postmaster.pid").unlink()  # a dead process that nobody has reaped counts as running there

    def wait_for(self, query: str) -> None:
        """Until the query answers true."""
        end = time.monotonic() + START_SECONDS
        with psycopg.connect(**self._login(), autocommit=True) as connection:
            while connection.execute(query.encode()).fetchone() != (True,):
                if time.monotonic() > end:
                    raise NoPostgres(f"waited for ever: {query}")
                time.sleep(0.02)

    def _login(self) -> dict[str, str | int]:
        return {"host": "127.0.0.1", "port": self.port, "user": USER, "password": self._password, "dbname": NAME}

    def _pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def _children(self) -> list[int]:
        return [int(one) for one in Path(f"/proc/{self._pid()}/task/{self._pid()}/children").read_text().split()]

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(programs() / program), *arguments]
        environment = {**os.environ, "PGPASSWORD": self._password}
        with tempfile.TemporaryFile() as said:  # a pipe would stay open in the server that pg_ctl leaves running
            done = subprocess.run(
                command, cwd=self._folder, user=self._user, env=environment, stdout=said, stderr=subprocess.STDOUT
            )
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program} failed: {said.read().decode(errors='replace')[-2000:]}")


class Pair:
    """A primary and its standby."""

    def __init__(self, primary: Server, standby: Server) -> None:
        self.primary, self.standby = primary, standby

    @property
    def url(self) -> str:
        """The address of whichever of the two takes writes."""
        hosts = (f"127.0.0.1:{self.primary.port}", f"127.0.0.1:{self.standby.port}")
        both = make_url(self.primary.url).set(query={"host": hosts, "target_session_attrs": "read-write"})
        return both.render_as_string(hide_password=False)

    def catch_up(self) -> None:
        """Wait until the standby has replayed what the primary has written."""
        self.primary.wait_for(
            "SELECT coalesce(bool_and(replay_lsn >= pg_current_wal_lsn()), false) FROM pg_stat_replication"
        )


@contextmanager
def pair(*, is_synchronous: bool = False, is_durable: bool = False) -> Iterator[Pair]:
    """Both servers, running. Raises :class:`NoPostgres` where the programs of a server are missing.

    With ``is_synchronous`` the primary answers a commit only when the standby has it on disk.
    """
    if not Path(f"/proc/self/task/{os.getpid()}/children").exists():
        raise NoPostgres("the processes of a server are found in /proc, and there is none here")
    programs()
    user = unprivileged() if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="pg-pair-") as name:
        Path(name).chmod(0o755)
        password = secrets.token_hex(16)
        servers = [Server(Path(name) / one, password, user) for one in ("primary", "standby")]
        both = Pair(*servers)
        try:
            _start(both, is_synchronous=is_synchronous, is_durable=is_durable)
            yield both
        finally:
            for server in servers:
                server.kill()


def _start(both: Pair, *, is_synchronous: bool, is_durable: bool) -> None:
    flushes = "on" if is_durable else "off"
    options = ("max_connections=100", f"fsync={flushes}", f"full_page_writes={flushes}", "shared_buffers=64MB")
    names = (f"synchronous_standby_names={STANDBY}",) if is_synchronous else ()
    both.primary.make()
    both.primary.start(*options, *names)
    both.standby.copy(both.primary)
    both.standby.start(*options)
    both.primary.wait_for("SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'")
    if is_synchronous:
        both.primary.wait_for("SELECT bool_and(sync_state = 'sync') FROM pg_stat_replication")


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return ""


def _await_gone(pid: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.01)
