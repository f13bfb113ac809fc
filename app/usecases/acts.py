"""The two ends of every command on an application: what is due by now happens first, and everything that happened is
written together with what follows from it."""

from app.domain.applications import Application
from app.domain.happenings import Happenings
from app.domain.passing import pass_time
from app.storage.mapping import Changes, changes_between
from app.usecases.context import Context


def begin(context: Context, case: Application) -> Happenings:
    """The happenings of one command. What time alone has caused comes first, so that no command overtakes the law."""
    h = Happenings(case, context.actor, context.moment)
    if case.submitted_at is not None:
        pass_time(h)
    return h


def written(before: Application, h: Happenings) -> Changes:
    """The rows that the happenings change."""
    return changes_between(before, h.case, h.events)
