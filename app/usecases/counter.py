"""The joint counter (综合窗口): what waits to be received, and what is ready to be handed out (统一窗口出件)."""

from app.domain.lifecycle import TaskStatus
from app.domain.oversight import light_of
from app.domain.vocabulary import Role, Word
from app.schemas.clocks import LightOut
from app.schemas.common import Page
from app.schemas.lights import WatchedOut
from app.storage import lights
from app.storage.queries import Reader
from app.usecases import paging
from app.usecases.context import Context
from app.usecases.lights import watched_out


class Queue(Word):
    """What the counter works through."""

    RECEIVE = "receive", "待收件", "to be received"
    DELIVER = "deliver", "待出件", "to be handed out"
    ORIGINALS = "originals", "待退原件", "originals to be given back"


STATUSES = {
    Queue.RECEIVE: (TaskStatus.SUBMITTED.value,),
    Queue.DELIVER: (TaskStatus.GRANTED.value, TaskStatus.DENIED.value, TaskStatus.DELIVERY.value),
}


def queue(context: Context, reader: Reader, wanted: Queue, cursor: str | None, limit: int) -> Page[WatchedOut]:
    """The tasks of the clerk's hall that wait for the counter, by due date. Their content is not shown."""
    who = context.acting(Role.CLERK)
    after = paging.task_position(cursor)
    if wanted is Queue.ORIGINALS:
        found = lights.to_give_back(reader, who.region or "", after, limit + 1)
    else:
        found = lights.at_hall(reader, who.region or "", STATUSES[wanted], after, limit + 1)
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    today = context.moment.today
    return Page(
        entries=[
            watched_out(context, line, LightOut.of(light_of(line.times, context.moment.calendar, today)))
            for line in page
        ],
        next=None if last is None else paging.cursor(last.sort_on.isoformat(), last.id),
    )
