"""The outbox: messages that a mail or SMS gateway still has to send.

A gateway claims a few at a time for as long as a lease lasts, and says of each that it was sent or that it failed.
Several gateways may work side by side, also in processes of their own: a claim is one statement, which on PostgreSQL
skips what others are claiming (``FOR UPDATE SKIP LOCKED``) and on SQLite holds the write lock. A gateway that dies
lets its lease run out and its messages are claimed again: delivery is at least once, the message id tells a repeat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, or_, select, update

from app.domain.vocabulary import Text
from app.storage.paper_tables import MESSAGE
from app.storage.sealed_columns import SEALED
from app.storage.sealing import Found, opened_rows
from app.storage.vault import Vault

MAX_ATTEMPTS = 8
"""After so many failures a message stays in the message centre and is not tried again."""


@dataclass(frozen=True, slots=True)
class Pending:
    """One message in a gateway's hands until ``claimed_until``. ``account`` is whom to reach; the gateway knows how."""

    id: str
    account: str
    kind: str
    title: Text
    body: Text
    created_at: datetime
    attempts: int
    claimed_until: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the outbox stands: waiting or claimed, sent, and given up."""

    unsent: int
    sent: int
    given_up: int


class Outbox:
    """The sending side of the message table, on a write engine of its own."""

    def __init__(self, engine: Engine, vault: Vault | None = None) -> None:
        self._engine, self._vault = engine, vault

    def claim(self, now: datetime, lease: timedelta, limit: int) -> list[Pending]:
        """Take up to ``limit`` messages, oldest first, for the length of the lease."""
        is_free = or_(MESSAGE.c.claimed_until.is_(None), MESSAGE.c.claimed_until <= now)
        due = (
            select(MESSAGE.c.id)
            .where(MESSAGE.c.sent_at.is_(None), is_free, MESSAGE.c.attempts < MAX_ATTEMPTS)
            .order_by(MESSAGE.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")  # evaluated once, so that no more than ``limit`` rows are ever taken
        )
        statement = (
            update(MESSAGE)
            .where(MESSAGE.c.id.in_(select(due.c.id)))
            .values(claimed_until=now + lease, attempts=MESSAGE.c.attempts + 1)
            .returning(MESSAGE)
        )
        with self._engine.begin() as connection:
            rows: Sequence[Found] = connection.execute(statement).mappings().all()
            if self._vault is not None:
                rows = opened_rows(self._vault, connection, SEALED["message"], rows)
        return sorted(map(_pending, rows), key=lambda pending: pending.id)

    def sent(self, pending: Pending, now: datetime) -> None:
        """Say that it went out. True whoever holds the claim by now; saying it twice keeps the first time."""
        statement = update(MESSAGE).where(MESSAGE.c.id == pending.id, MESSAGE.c.sent_at.is_(None))
        with self._engine.begin() as connection:
            connection.execute(statement.values(sent_at=now, claimed_until=None))

    def failed(self, pending: Pending, try_again_at: datetime) -> None:
        """Say that it did not go out: not claimed before ``try_again_at``. A claim lost meanwhile is left alone."""
        is_ours = MESSAGE.c.claimed_until == pending.claimed_until
        statement = update(MESSAGE).where(MESSAGE.c.id == pending.id, MESSAGE.c.sent_at.is_(None), is_ours)
        with self._engine.begin() as connection:
            connection.execute(statement.values(claimed_until=try_again_at))

    def backlog(self) -> Backlog:
        """How many messages stand where."""
        is_out, is_over = MESSAGE.c.sent_at.is_not(None), MESSAGE.c.attempts >= MAX_ATTEMPTS
        query = select(
            func.count().filter(MESSAGE.c.sent_at.is_(None), ~is_over),
            func.count().filter(is_out),
            func.count().filter(MESSAGE.c.sent_at.is_(None), is_over),
        ).select_from(MESSAGE)
        with self._engine.connect() as connection:
            unsent, sent, given_up = connection.execute(query).one()
        return Backlog(unsent, sent, given_up)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _pending(row: Found) -> Pending:
    return Pending(
        id=row["id"],
        account=row["account"],
        kind=row["kind"],
        title=Text(row["title_zh"], row["title_en"]),
        body=Text(row["body_zh"], row["body_en"]),
        created_at=row["created_at"],
        attempts=row["attempts"],
        claimed_until=row["claimed_until"],
    )
