"""Calls counted against the approved number of a day: those on the ledger, and those on their way to a register.

Counted from the rows themselves, through an index. A quota holds exactly because the count is taken in the write lane,
after the rows of the call are written and before they are committed: SQLite has one writer at a time, and on PostgreSQL
whoever counts stands in one line across all processes, entered before any row is locked.

That is done only where fewer than :data:`SCARCE` calls are left when they are decided. Where more are left, a call goes
by the count it was decided on, and the number of a day can be passed only if more than ``SCARCE`` calls under one
approval are between their decision and their commit at one moment, in all processes together; it is then passed by at
most the number of those above ``SCARCE``. Stewards read that bound beside the approvals.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from app.domain.datasets import Approval
from app.domain.regions import stem
from app.storage.changes import Quota
from app.storage.queries import Reader
from app.storage.sharing_tables import DATA_CALL, OPEN_CALL

SCARCE = 1000
"""Calls left below which the lane counts: far more than are under way at one moment [illustrative]."""
LINE = 7_310_552
"""The number of the line on PostgreSQL; nothing else uses it."""


def quota_of(approval: Approval, day: date) -> Quota:
    """What an approval with a number of calls lets happen on one day of the office's time."""
    begins = "" if approval.region is None else stem(approval.region)
    return Quota(approval.dataset, approval.item, begins, day, approval.per_day or 0)


def queue_up(connection: Connection) -> None:
    """Stand in line until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LINE)))


def written(reader: Reader, quota: Quota) -> int:
    """The calls on the ledger, those without an answer included."""
    return _written(reader.connection, quota)


def counted(reader: Reader, quota: Quota, but: Collection[str] = ()) -> int:
    """The calls on the ledger and those on their way, except those with these ids."""
    return _written(reader.connection, quota) + _open(reader.connection, quota, but)


def taken(connection: Connection, quota: Quota) -> int:
    """The same in the lane, with what has been written so far."""
    return _written(connection, quota) + _open(connection, quota, ())


def _written(connection: Connection, quota: Quota) -> int:
    query = select(func.count()).where(
        DATA_CALL.c.day == quota.day,
        DATA_CALL.c.dataset == quota.dataset,
        DATA_CALL.c.item == quota.item,
        DATA_CALL.c.result != "denied",
        *_within(DATA_CALL.c.region, quota),
    )
    found: int = connection.execute(query).scalar_one()
    return found


def _open(connection: Connection, quota: Quota, but: Collection[str]) -> int:
    call = OPEN_CALL.c.call
    query = select(func.count()).where(
        call["dataset"].as_string() == quota.dataset,
        call["item"].as_string() == quota.item,
        call["day"].as_string() == quota.day.isoformat(),
        OPEN_CALL.c.id.not_in(sorted(but)),
        *_within(call["region"].as_string(), quota),
    )
    found: int = connection.execute(query).scalar_one()
    return found


def _within(region: ColumnElement[str], quota: Quota) -> list[ColumnElement[bool]]:
    return [region.startswith(quota.stem, autoescape=True)] if quota.stem else []
