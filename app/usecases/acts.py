"""The two ends of every command on an application: what is due by now happens first, and everything that happened is
written together with what follows from it: the papers it calls for, the messages to the applicant, and an entry on the
list of returned cases for every task that was returned."""

from app.domain.applications import Application
from app.domain.happenings import Happenings
from app.domain.passing import pass_time
from app.domain.routing import Plan
from app.storage.changes import Changes
from app.storage.mapping import changes_between
from app.storage.queries import Reader
from app.usecases.context import Context
from app.usecases.serving import served
from app.usecases.supervision import also_returned


def begin(context: Context, case: Application) -> Happenings:
    """The happenings of one command. What time alone has caused comes first, so that no command overtakes the law."""
    h = Happenings(case, context.actor, context.moment)
    if case.submitted_at is not None:
        pass_time(h)
    return h


def written(context: Context, reader: Reader, before: Application, h: Happenings, plan: Plan | None = None) -> Changes:
    """The rows that the happenings change, with papers and messages. ``plan`` saves working it out once more."""
    changes = also_returned(changes_between(before, h.case, h.events, context.sealing), h)
    return served(context, reader, changes, before, h, plan)
