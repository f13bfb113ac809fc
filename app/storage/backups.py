"""A backup in a folder: the database as of one moment, the uploaded files as they lie, and a manifest with digests.

The database is copied first and the files afterwards: a file is written before the row that names it, so every file
that the copied rows name is there, unless its person had it erased in between. Sealed contents stay sealed; the keys go
along only when somebody asks for that.
"""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, inspect, make_url

from app.storage import database
from app.storage.certificate_tables import CERTIFICATE_CODE
from app.storage.proofs import SignedCheckpoint, newest_checkpoint
from app.storage.tables import TOKEN

VERSION = 1
MANIFEST, HEAD, FILES = "manifest.json", "checkpoint.json", "files"
SQLITE_COPY, POSTGRES_COPY = "database.sqlite", "database.dump"
CHUNK = 1 << 20


class BackupUnusable(RuntimeError):
    """The backup is damaged; the message names the file."""


class NoBackup(RuntimeError):
    """There is no backup in the folder."""


class BackupForeign(RuntimeError):
    """The backup is of another kind of database, or of another make of this app; the message says what of what."""


class TargetInUse(RuntimeError):
    """There is something where the backup, or what it holds, should go; the message names it."""


class ProgramMissing(RuntimeError):
    """``pg_dump`` or ``pg_restore`` is missing or failed; the message says which, and what it said."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``files``: name below the folder → SHA-256 and size."""

    version: int
    app: str
    kind: str
    revision: str | None
    made_at: str
    has_keys: bool
    files: Mapping[str, Mapping[str, Any]]


def make(folder: Path, url: str, uploads: Path, keys: Mapping[str, Path], app: str) -> Manifest:
    """Write a backup into an empty folder. ``keys``: name in the backup → file of secrets to take along. When it cannot
    be finished, as on a full disk, the folder is left empty.

    Raises :class:`TargetInUse` or :class:`ProgramMissing`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise TargetInUse(str(folder))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return _written(folder, url, uploads, keys, app)
    except BaseException:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _written(folder: Path, url: str, uploads: Path, keys: Mapping[str, Path], app: str) -> Manifest:
    revision, head = _standing(url)
    is_sqlite = database.is_sqlite(url)
    if is_sqlite:
        os.close(_new(folder / SQLITE_COPY))
        _copy_sqlite(Path(make_url(url).database or ""), folder / SQLITE_COPY)
    else:
        os.close(_new(folder / POSTGRES_COPY))
        _run("pg_dump", make_url(url), "--format=custom", "--no-owner", f"--file={folder / POSTGRES_COPY}")
    if head is not None:
        (folder / HEAD).write_text(json.dumps(_plain(head), indent=1), "utf-8")
    for path in _uploads(uploads):
        _copy(path, folder / FILES / path.parent.name / path.name)
    for name, path in keys.items():
        _copy(path, folder / name)
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    kind = "sqlite" if is_sqlite else "postgresql"
    manifest = Manifest(VERSION, app, kind, revision, made_at, bool(keys), dict(_measured(folder)))
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False), "utf-8")
    return manifest


def opened(folder: Path) -> Manifest:
    """The manifest of a backup whose every file is what it was. Raises :class:`BackupUnusable` naming the first that
    is not, :class:`NoBackup` where there is none, :class:`BackupForeign` for what this app does not read."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text("utf-8")))
    except OSError:
        raise NoBackup from None
    except (ValueError, TypeError):
        raise BackupUnusable(MANIFEST) from None
    if manifest.version != VERSION:
        raise BackupForeign(f"version {manifest.version} → {VERSION}")
    found = dict(_measured(folder))
    for name in sorted({*manifest.files, *found}):
        if found.get(name) != manifest.files.get(name):
            raise BackupUnusable(name)
    return manifest


def restore(folder: Path, manifest: Manifest, url: str, uploads: Path, keys: Mapping[str, Path]) -> None:
    """Put everything where the settings say it belongs; nothing may be there. Everybody signs in anew. When it cannot
    be finished, the place is as empty as before.

    Raises :class:`TargetInUse`, :class:`BackupForeign` or :class:`ProgramMissing`.
    """
    kind = "sqlite" if database.is_sqlite(url) else "postgresql"
    if manifest.kind != kind:
        raise BackupForeign(f"{manifest.kind} → {kind}")
    _must_be_empty(url, uploads, keys.values())
    wanted = {path: folder / name for name, path in keys.items()}
    wanted |= {uploads / path.parent.name / path.name: path for path in _uploads(folder / FILES)}
    if kind == "sqlite":
        wanted[Path(make_url(url).database or "")] = folder / SQLITE_COPY
    try:
        for target, source in wanted.items():
            _copy(source, target)
        if kind == "postgresql":
            named = f"--dbname={make_url(url).database}"
            _run("pg_restore", make_url(url), "--no-owner", "--single-transaction", named, str(folder / POSTGRES_COPY))
        _end_what_was_open(url)
    except BaseException:
        for target in wanted:
            with suppress(OSError):
                target.unlink()
        for empty in uploads.glob("??"):
            empty.rmdir()
        raise


def _end_what_was_open(url: str) -> None:
    """Sign-ins that somebody has ended since the backup was made would be good again, and codes that were used up."""
    engine = database.write_engine(url)
    try:
        known = inspect(engine).get_table_names()
        with engine.begin() as connection:
            for target in (TOKEN, CERTIFICATE_CODE):
                if target.name in known:  # a backup may be older than the table
                    connection.execute(target.delete())
    finally:
        engine.dispose()


def _must_be_empty(url: str, uploads: Path, keys: Any) -> None:
    for path in keys:
        if path.exists():
            raise TargetInUse(str(path))
    if uploads.exists() and any(uploads.iterdir()):
        raise TargetInUse(str(uploads))
    if database.is_sqlite(url):
        place = Path(make_url(url).database or "")
        if place.exists():
            raise TargetInUse(str(place))
        return
    engine = create_engine(url)
    try:
        if inspect(engine).get_table_names():
            raise TargetInUse(str(make_url(url).database))
    finally:
        engine.dispose()


def _standing(url: str) -> tuple[str | None, SignedCheckpoint | None]:
    """Revision and newest checkpoint. Raises SQLAlchemyError when there is no such database."""
    engine = database.read_engine(url)
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            return found, newest_checkpoint(connection)
    finally:
        engine.dispose()


def _copy_sqlite(source: Path, target: Path) -> None:
    """A copy of one moment, beside a server that goes on writing (SQLite's online backup)."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        try:
            old.backup(new)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                raise
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from None
        new.execute("PRAGMA journal_mode = DELETE")
        if new.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupUnusable(SQLITE_COPY)


def _run(program: str, url: URL, *arguments: str) -> None:
    """A program of PostgreSQL, told by its environment where to connect, so that no list of processes shows it."""
    path = shutil.which(program)
    if path is None:
        raise ProgramMissing(program)
    query = {name: str(value) for name, value in url.query.items()}
    told = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username or query.get("user"),
        "PGPASSWORD": url.password or query.get("password"),
        "PGDATABASE": url.database,
    }
    environment = {**os.environ, **{name: value for name, value in told.items() if value}}
    done = subprocess.run([path, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ProgramMissing(f"{program}: {' '.join(done.stderr.split())[-300:]}")


def _uploads(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("??/*")) if not path.name.startswith("."))


def _new(target: Path) -> int:
    """A file that was not there, for its owner only from the first byte on, whatever folder somebody chose."""
    return os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with source.open("rb") as read, os.fdopen(_new(target), "wb") as written:
            shutil.copyfileobj(read, written, CHUNK)
            written.flush()
            os.fsync(written.fileno())
    except OSError as error:
        error.filename = error.filename or str(target)  # what fails in the midst of a file does not name it
        raise


def _measured(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            yield path.relative_to(folder).as_posix(), {"sha256": digest, "size": path.stat().st_size}


def _plain(head: SignedCheckpoint) -> dict[str, Any]:
    told = {**asdict(head.checkpoint), "at": head.checkpoint.at.isoformat()}
    return {**told, "key": head.signature.key, "signature": head.signature.value.hex()}
