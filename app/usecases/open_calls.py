"""Calls whose outcome nobody will ever hear: a process that ended between asking and writing.

What a register of this platform answers is kept in memory until its row and everything made of it are committed
together; only then does anybody hear of it. A process that ends before has shown nothing to anybody and left nothing on
disk, so there is nothing to tell. A register of somebody else has seen the question, though, and with it whose data
were wanted: such a call is written down before it is made, goes when its outcome is written, and is told to the person
as one of unknown outcome when that does not happen.
"""

from datetime import timedelta
from functools import partial

from app.domain.sharing import CallResult
from app.storage import open_calls as rows
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import calls
from app.usecases.context import Context

LOST_AFTER = timedelta(minutes=5)
"""Nobody still waits for a register by then: it has two seconds. Real time, whatever a demonstration's clock says."""
BATCH = 200


def run(context: Context, store: Store) -> int:
    """Put on the ledger what was asked and never answered; how many calls. Run twice, it adds nothing."""
    count = 0
    while settled := store.perform(partial(_settle, context)):
        count += settled
    return count


def _settle(context: Context, reader: Reader) -> Outcome[int]:
    lost = rows.left_open(reader, context.real_at - LOST_AFTER, BATCH)
    if not lost:
        return Outcome(0)
    told = [{**one.call, "id": one.id, "result": CallResult.UNKNOWN.value} for one in lost]
    return Outcome(len(lost), rows.closed(Changes().also(calls.TABLE, *told), [one.id for one in lost]))
