"""Reads that may be a little late, from a streaming PostgreSQL standby.

A standby is read only while it is known to hold everything that was committed a few seconds ago. No clock of another
machine is believed: now and then the position of the primary's log is asked for and remembered with the instant at
which it was asked; a standby that has replayed the log up to there holds whatever had been committed by then. That
stays true when nothing at all is being written, when the line between the two is cut, and while a long transaction is
replayed, where the age of the last replayed commit says too much or too little. After a failover a standby is read
again once its control file names the new timeline, which takes it until its next restart point.

What is read here is never older than the bound plus the time the read itself takes. Nobody is told no by a standby:
a refusal there, like an error, is asked again of the primary. Whatever somebody might miss who has just written it is
not read here at all; see :mod:`app.transport.late`, where operations say that they may be late.
"""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import URL, Engine, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from app.domain.errors import Refusal
from app.domain.vocabulary import Text
from app.storage.database import DatabaseUrlError, is_sqlite, read_engine
from app.storage.queries import Reader
from app.storage.store import Store
from app.storage.troubles import told
from app.storage.vault import Vault

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOKS = 5
"""How often within the bound the two positions are compared, at most; only while somebody reads."""
AWAY_SECONDS = 5.0
"""How long a standby that could not be reached is left alone."""

OF_PRIMARY = text(
    "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS position, "
    "left(pg_walfile_name(pg_current_wal_lsn()), 8) AS timeline, system_identifier FROM pg_control_system()"
)
OF_STANDBY = text(
    "SELECT pg_is_in_recovery() AS follows, pg_last_wal_replay_lsn() - '0/0'::pg_lsn AS position, timeline_id, "
    "system_identifier FROM pg_control_system(), pg_control_checkpoint()"
)


class StandbyUrlError(DatabaseUrlError):
    """The address of the standby makes no sense; ``said`` is the sentence for whoever set it."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


NAME = "APP_READ_DATABASE_URL"
NO_ADDRESS = Text(
    f"不能使用 {NAME}：请写成 postgresql+psycopg://用户@主机/库名。",
    f"{NAME} cannot be used: give postgresql+psycopg://user@host/name.",
)
NO_STANDBY = Text(
    f"{NAME} 只用于 PostgreSQL 的流复制备库；SQLite 没有备库，请去掉这项设置。",
    f"{NAME} is for a streaming standby of PostgreSQL; SQLite has none: leave it out.",
)
SAME_PLACE = Text(
    f"{NAME} 与 APP_DATABASE_URL 是同一个地址；请写备库的地址，没有备库就去掉这项设置。",
    f"{NAME} is the same address as APP_DATABASE_URL: give the standby's, or leave it out.",
)
OTHER_NAME = Text(
    f"{NAME} 的库名与 APP_DATABASE_URL 不同；备库里的库与主库同名。",
    f"{NAME} names another database than APP_DATABASE_URL; on a standby it has the same name.",
)


def checked(url: str, primary: str) -> str:
    """The standby's address, when it can be one of this primary. Raises :class:`StandbyUrlError`."""
    try:
        is_of_sqlite = is_sqlite(url) or is_sqlite(primary)
    except (ArgumentError, DatabaseUrlError):  # what they say repeats the address, which may hold a password
        raise StandbyUrlError(NO_ADDRESS) from None
    if is_of_sqlite:
        raise StandbyUrlError(NO_STANDBY)
    own, other = make_url(url), make_url(primary)
    if _place(own) == _place(other):
        raise StandbyUrlError(SAME_PLACE)
    if own.database != other.database:
        raise StandbyUrlError(OTHER_NAME)
    return url


def _place(url: URL) -> tuple[object, ...]:
    """Which server an address leads to: hosts, ports, and which of several is wanted."""
    port = url.port or 5432
    hosts = [url.host or "", *_all(url, "host"), *_all(url, "hostaddr")]
    named = sorted(host if ":" in host or host.startswith("/") else f"{host}:{port}" for host in hosts if host)
    return tuple(named), _all(url, "port"), _all(url, "target_session_attrs")


def _all(url: URL, name: str) -> tuple[str, ...]:
    found = url.query.get(name, ())
    return tuple(found.split(",")) if isinstance(found, str) else found


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where the primary had written at an instant of this process's own clock."""

    at: float
    position: int
    timeline: int
    system: int


class Unlike(Exception):
    """The standby is none of this primary's; the message says why."""


class Standby:
    """One standby, as far as it is known. Safe to use from several threads."""

    def __init__(
        self,
        url: str,
        mark: Callable[[], Mark],
        most_lag: float,
        vault: Callable[[], Vault | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``mark`` asks the primary; ``vault`` makes one for a single read, so that no key outlives it here that has
        been destroyed meanwhile on the primary."""
        self._engine: Engine = read_engine(url)
        self._mark, self.most_lag, self._vault, self._clock = mark, most_lag, vault, clock
        self._marks: deque[Mark] = deque(maxlen=LOOKS * 4)
        self._lock = threading.RLock()
        self._looked_at = self._as_of = self._away_until = -float("inf")
        self._why: str | None = None

    @property
    def lag(self) -> float:
        """Seconds that it may be behind at most; endless when nothing is known of it."""
        return self._clock() - self._as_of

    @property
    def is_away(self) -> bool:
        """Whether it could not be reached, or was none of this primary's, when it was last looked at."""
        return self._why is not None

    def may_be_read(self) -> bool:
        """Whether it is known to be behind by no more than the bound. Looks when it is time to: not for the event
        loop."""
        now = self._clock()
        is_due = now - self._looked_at >= self.most_lag / LOOKS and now >= self._away_until
        if is_due and self._lock.acquire(blocking=False):  # one looks, the others go by what is known
            try:
                self._look()
            finally:
                self._lock.release()
        return not self.is_away and self.lag <= self.most_lag

    def read(self, query: Callable[[Reader], T]) -> T:
        """One read in a transaction of its own, like :meth:`Store.read`. Raises SQLAlchemyError."""
        try:
            with self._engine.connect() as connection:
                return query(Reader(connection, self._vault()))
        except SQLAlchemyError as error:
            if isinstance(told(error), Refusal):
                self._lost(error)
            raise

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()

    def _look(self) -> None:
        self._looked_at = self._clock()
        mark = self._marked()
        if mark is None:  # without the primary nothing new is known; what is known grows old by itself
            return
        try:
            with self._engine.connect() as connection:
                found = connection.execute(OF_STANDBY).mappings().one()
            _must_follow(mark, **found)
        except (SQLAlchemyError, Unlike) as error:
            self._lost(error)
            return
        replayed = int(found["position"])
        later = self._marked() if replayed > mark.position else mark
        if later is not None and replayed > later.position:
            self._lost(Unlike("it holds more than the primary has written: another history"))
            return
        if self.is_away:
            log.warning("the standby is back")
        self._why = None
        self._marks.append(mark)
        self._as_of = max([self._as_of, *(one.at for one in self._marks if one.position <= replayed)])

    def _marked(self) -> Mark | None:
        try:
            return self._mark()
        except (SQLAlchemyError, Refusal):
            return None

    def _lost(self, error: Exception) -> None:
        why = " ".join(str(error).split())[:200]
        with self._lock:
            if self._why != why:
                log.warning("the standby is not read for now: %s", why)
            self._why, self._away_until = why, self._clock() + AWAY_SECONDS
            self._as_of = -float("inf")
            self._marks.clear()


def _must_follow(mark: Mark, *, follows: bool, position: int | None, timeline_id: int, system_identifier: int) -> None:
    """Raises :class:`Unlike` for a server whose positions in the log mean something else than the primary's."""
    if system_identifier != mark.system:
        raise Unlike("it is of another cluster than the primary")
    if not follows or position is None:
        raise Unlike("it is no standby: it takes writes itself")
    if timeline_id != mark.timeline:
        raise Unlike("it has not followed the primary onto its timeline yet")


def mark_of(store: Store, clock: Callable[[], float] = time.monotonic) -> Mark:
    """Where the primary's log stands now. Raises SQLAlchemyError and :class:`Refusal`."""
    at = clock()  # before it is asked: what is committed by now lies below the answer
    row = store.read(lambda reader: reader.connection.execute(OF_PRIMARY).mappings().one())
    return Mark(at, int(row["position"]), int(row["timeline"], 16), int(row["system_identifier"]))


class LateReads:
    """Reads that may be a little late: from the standby while it keeps up, from the primary otherwise."""

    def __init__(self, store: Store, standby: Standby | None = None) -> None:
        self._store, self.standby = store, standby
        self.served: Counter[str] = Counter()
        """From where reads were answered since the start: ``standby`` or ``primary``."""

    def read(self, query: Callable[[Reader], T]) -> T:
        """One read. It may run twice, so it does nothing but read; what it refuses, the primary has refused."""
        if self.standby is not None and self.standby.may_be_read():
            try:
                answer = self.standby.read(query)
            except Exception:
                log.debug("asked again of the primary", exc_info=True)
            else:
                self.served["standby"] += 1
                return answer
        self.served["primary"] += 1
        return self._store.read(query)

    @property
    def state(self) -> str | None:
        """``used``, ``behind`` or ``away``, by what is known; None without a standby."""
        if self.standby is None:
            return None
        if self.standby.is_away:
            return "away"
        return "used" if self.standby.lag <= self.standby.most_lag else "behind"

    def look(self) -> None:
        """Know better, when it is time to. Waits for a standby that does not answer: not for the event loop."""
        if self.standby is not None:
            self.standby.may_be_read()

    def close(self) -> None:
        """Let go of the standby."""
        if self.standby is not None:
            self.standby.close()
