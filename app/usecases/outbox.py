"""Draining the outbox: what a mail or SMS gateway runs, every so often or in a loop.

The embedded default has no gateway: messages are written and shown in the message centre, and wait here.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.storage.outbox import Backlog, Outbox, Pending
from app.storage.store import Store

log = logging.getLogger(__name__)

Send = Callable[[Pending], None]
"""Hands one message to the outside world; returns when it was taken, raises when it was not."""

LEASE = timedelta(minutes=2)
"""How long a gateway may take over one batch before others take it for dead."""
BATCH = 20
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
"""Waits after a failure double from the first to the longest."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What one run did."""

    sent: int
    failed: int


def drain(store: Store, now: Callable[[], datetime], send: Send) -> Drained:
    """Send everything that waits, in batches. A message that fails waits longer each time and sinks no other."""
    sent = failed = 0
    while batch := store.outbox.claim(now(), LEASE, BATCH):
        for pending in batch:
            if _delivered(store.outbox, pending, send, now):
                sent += 1
            else:
                failed += 1
    return Drained(sent, failed)


def backlog(store: Store) -> Backlog:
    """How many messages wait, went out, or were given up."""
    return store.outbox.backlog()


def _delivered(outbox: Outbox, pending: Pending, send: Send, now: Callable[[], datetime]) -> bool:
    try:
        send(pending)
    except Exception as error:  # whatever a gateway raises, the others' messages go on
        log.warning("message %s was not sent (try %d): %s", pending.id, pending.attempts, type(error).__name__)
        outbox.failed(pending, now() + wait_after(pending.attempts))
        return False
    outbox.sent(pending, now())
    return True


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failures: a minute, two, four … at most six hours."""
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)
