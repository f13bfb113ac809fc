"""When a disk is full, cannot be written to, or the database does not answer: one sentence for whoever asked.

Errors of the drivers and of the operating system are known by their numbers. Nothing here mends anything: a transaction
that failed is rolled back by the database, a file that was half written is gone, and the next request tries again.
"""

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.domain.errors import NoRoom, ReadOnly, Refusal, StorageAway
from app.domain.vocabulary import Text

log = logging.getLogger(__name__)

Trouble = type[NoRoom] | type[ReadOnly] | type[StorageAway]

OF_FILES: dict[int, Trouble] = {
    errno.ENOSPC: NoRoom,
    errno.EDQUOT: NoRoom,
    errno.EFBIG: NoRoom,
    errno.EROFS: ReadOnly,
    errno.EACCES: ReadOnly,
    errno.EIO: StorageAway,
}
OF_SQLITE: dict[int, Trouble] = {
    sqlite3.SQLITE_FULL: NoRoom,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_BUSY: StorageAway,
    sqlite3.SQLITE_LOCKED: StorageAway,
    sqlite3.SQLITE_IOERR: StorageAway,
    sqlite3.SQLITE_CANTOPEN: StorageAway,
    sqlite3.SQLITE_PROTOCOL: StorageAway,
}
"""By primary code: the low byte."""
OF_POSTGRESQL: dict[str, Trouble] = {
    "53100": NoRoom,
    "25006": ReadOnly,
    "53200": StorageAway,
    "53300": StorageAway,
    "58030": StorageAway,
}
AWAY_CLASSES = ("08", "57P")
"""Beginnings of SQLSTATE: the connection is gone, or the server is stopping or starting."""

RETRY: dict[Trouble, int] = {NoRoom: 30, ReadOnly: 30, StorageAway: 5}
"""Seconds after which it is worth trying again. Illustrative."""
DETAILS: dict[Trouble, Text] = {
    NoRoom: Text(
        "存储空间已满，这次的内容没有保存。", "There is no room left to store anything: nothing of this was saved."
    ),
    ReadOnly: Text(
        "系统暂时只能查询，这次的内容没有保存。", "For now things can only be read: nothing of this was saved."
    ),
    StorageAway: Text(
        "数据库或磁盘暂时没有响应，请稍后再试。", "The database or the disk does not answer just now: try again soon."
    ),
}
DEEPEST = 32
"""Errors behind an error that are looked at."""


def told(error: BaseException) -> BaseException:
    """The refusal that people hear of instead of this error; the error itself when it is none of these troubles."""
    if isinstance(error, Refusal):
        return error
    for reason in _behind(error):
        kind = _kind(reason)
        if kind is not None:
            log.error("%s: %s", kind.code, " ".join(str(reason).split())[:300])
            return kind(DETAILS[kind], retry_after=RETRY[kind])
    return error


@contextmanager
def heard() -> Iterator[None]:
    """What goes wrong with files inside leaves as a refusal where it is one of these troubles."""
    try:
        yield
    except OSError as error:
        raise told(error) from error


def unanswered() -> StorageAway:
    """The refusal for whoever has waited long enough. Whether what they asked for was done is not known."""
    return StorageAway(DETAILS[StorageAway], retry_after=RETRY[StorageAway])


def is_trouble(error: BaseException | None) -> bool:
    """Whether it is one of the refusals that :func:`told` gives."""
    return isinstance(error, NoRoom | ReadOnly | StorageAway)


def _behind(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from: a savepoint that is gone hides why the transaction was rolled back."""
    waiting: list[BaseException | None] = [error]
    for _ in range(DEEPEST):
        if waiting and (found := waiting.pop()) is not None:
            yield found
            waiting += [found.__context__, found.__cause__, getattr(found, "orig", None)]


def _kind(error: BaseException) -> Trouble | None:
    if isinstance(error, sqlite3.Error):
        return OF_SQLITE.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
    if isinstance(error, PoolTimeout | PendingRollbackError):  # the latter: the connection went in mid-transaction
        return StorageAway
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return StorageAway
    if isinstance(error, OSError):
        return StorageAway if isinstance(error, ConnectionError) else OF_FILES.get(error.errno or 0)
    return _kind_of_postgresql(error) if type(error).__module__.partition(".")[0] == "psycopg" else None


def _kind_of_postgresql(error: BaseException) -> Trouble | None:
    state = getattr(error, "sqlstate", None)
    if state is None:  # nobody answered, so nobody gave it a number
        return StorageAway if type(error).__name__ == "OperationalError" else None
    return OF_POSTGRESQL.get(state) or (StorageAway if state.startswith(AWAY_CLASSES) else None)
