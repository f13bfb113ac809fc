"""How an application gets on: who holds what, until when, and how each date was counted; for its applicant, and by
number and code for anybody who has both."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Query, Request, Response

from app.domain.errors import NotFound, Refusal
from app.domain.vocabulary import Role, Text
from app.schemas.applications import ApplicationOut, EventOut, LookUp, ProgressOut
from app.transport.doors import Doors
from app.usecases import access, applications, lists, matters, papers, ratings, tasks, together
from app.usecases import progress as progresses
from app.usecases.accounts import department
from app.web import drawings, originals
from app.web.forms import NONE, Errors, Typed, errors_of, typed
from app.web.visits import Visit, Visiting
from app.web.wording import noted

router = Doors(include_in_schema=False)

STEPS_SHOWN = 500
UNTOLD = frozenset({"draft_saved", "moved"})
"""Events that say nothing beside the others: a draft kept once more, the whole following its parts."""


async def page(visit: Visit, it: ApplicationOut) -> Response:
    """Everything about one submitted application."""
    lines = await visit.read(papers.of_application, application_id=it.id)
    events = await visit.read(lists.timeline, application_id=it.id, after=0, limit=STEPS_SHOWN)
    is_own = visit.role in {Role.APPLICANT, Role.AGENT}
    own = await visit.read(ratings.own, application_id=it.id) if is_own else None
    pursued = await visit.read(matters.of_application, application_id=it.id) if is_own else []
    links = {task.item: f"/applications/{it.id}/tasks/{task.item}" for task in it.tasks}
    told = [event for event in events.entries if event.kind.code not in UNTOLD]
    return visit.page(
        "progress",
        it=it,
        picture=drawings.task_lanes(it.tasks, visit.lang),
        links=links,
        papers=lines,
        matters=pursued,
        events=told,
        notes=_notes(visit, told),
        offices=_offices(visit, events.entries),
        names={task.item: task.short for task in it.tasks},
        to_rate=own.open if own else [],
        is_own=is_own,
        originals=await originals.whereabouts(visit, it, events.entries) if is_own else [],
        open_notices=[notice for notice in it.notices if notice.answered_at is None],
        is_owing=any(task.owed for task in it.tasks),
        places=await visit.read(together.show, application_id=it.id) if it.is_joint else None,
    )


def _offices(visit: Visit, events: Iterable[EventOut]) -> dict[str, Text]:
    """Names of the departments that did something."""
    found = ((code, department(visit.context.world, code)) for code in {event.actor for event in events})
    return {code: office.name for code, office in found if office is not None}


def _notes(visit: Visit, events: Iterable[EventOut]) -> dict[int, str | None]:
    """What stands under each step."""
    return {event.seq: noted(event, visit.context.world.library, visit.lang) for event in events}


@router.get("/applications/{application_id}/tasks/{item}")
async def show_task(visit: Visiting, application_id: str, item: str) -> Response:
    """One department's part: its clocks, and how every date was counted."""
    application = await visit.perform(applications.show, application_id=application_id)
    task = next((task for task in application.tasks if task.item == item), None)
    if task is None:
        raise no_such_part()
    shown = await visit.perform(tasks.show, task_id=task.id)
    return visit.page("task", application=application, it=shown, line=task, notes=_notes(visit, shown.events))


def no_such_part() -> NotFound:
    """The one sentence for a part the application does not have."""
    return access.no_such_task()


@router.get("/progress")
async def show_look_up(visit: Visiting, reference: Annotated[str, Query(max_length=60)] = "") -> Response:
    """Number and code, please."""
    return _look_up(visit, reference, NONE)


@router.post("/progress")
async def look_up(visit: Visiting, request: Request) -> Response:
    """Progress without signing in. The answer to the post itself, so that the code is in no address."""
    form: Typed = await typed(request)
    reference, code = form.text("reference")[:60], form.text("query_code")[:20]
    try:
        found: ProgressOut | None = await visit.perform(
            progresses.look_up, wish=LookUp(reference=reference, query_code=code)
        )
        if found is None:
            raise progresses.refusal()
    except Refusal as refusal:
        return _look_up(visit, reference, errors_of(refusal))
    answer = visit.page("progress_found", it=found, picture=drawings.task_lanes(found.tasks, visit.lang))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _look_up(visit: Visit, reference: str, errors: Errors) -> Response:
    return visit.page("look_up", 422 if errors else 200, reference=reference, errors=errors)
