"""The joint counter (综合窗口): taking in for somebody present, receiving, handing out, and the slip between."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.domain.errors import Fault, InvalidInput
from app.domain.lifecycle import TaskAction
from app.domain.proxies import Handing, Identified, is_local
from app.domain.vocabulary import Role, Text
from app.schemas.applications import NewApplication
from app.schemas.proxies import ProxyIn
from app.transport.doors import Doors
from app.usecases import accounts, applications, catalogue, counter, handovers, lists, tasks
from app.web import counter_cases, desk_actions
from app.web.again import again
from app.web.desk import MOST_AT_ONCE, acted_on_each
from app.web.forms import NONE, Errors, Typed, typed
from app.web.rendering import query
from app.web.together import waiting_here
from app.web.visits import Visit, Visiting, as_part
from app.web.wording import noted

router = Doors(include_in_schema=False)

PAGE = 30
MOVES = {counter.Queue.RECEIVE: ("receive",), counter.Queue.DELIVER: ("dispatch", "deliver")}
"""What the counter does with many at once; each task succeeds or fails by itself."""


@router.get("/counter")
async def show_counter(
    visit: Visiting,
    queue: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """What waits at the counter."""
    visit.must_be(Role.CLERK)
    wanted = next((one for one in counter.Queue if one.value == queue), counter.Queue.RECEIVE)
    page = await visit.read(counter.queue, wanted=wanted, cursor=cursor, limit=PAGE)
    return visit.page(
        "counter",
        lines=page.entries,
        next=page.next,
        is_first=cursor is None,
        queue=wanted,
        queues=list(counter.Queue),
        waiting=await waiting_here(visit),
        moves=[TaskAction[action.upper()] for action in MOVES.get(wanted, ())],
    )


@router.post("/counter")
async def act_on_many(visit: Visiting, request: Request) -> Response:
    """Receive or hand out everything that was ticked."""
    visit.must_be(Role.CLERK)
    form = await typed(request)
    action, chosen = form.text("action"), form.texts("task")[:MOST_AT_ONCE]
    queue = next((one for one in counter.Queue if one.value == form.text("back")), counter.Queue.RECEIVE)
    back = "/counter" + query(queue=queue.value)
    if action not in {move for moves in MOVES.values() for move in moves} or not chosen:
        return visit.go(back, "nothing_chosen")
    return await acted_on_each(visit, "/counter", action, chosen, back)


@router.get("/counter/intake")
async def show_intake(visit: Visiting) -> Response:
    """For whom, and what: the beginning of an application taken in at the counter."""
    visit.must_be(Role.CLERK)
    return _intake(visit)


@router.post("/counter/intake")
async def take_in(visit: Visiting, request: Request) -> Response:
    """A draft for somebody who is present; the guide and the form follow as they do online."""
    visit.must_be(Role.CLERK)
    form = await typed(request)
    async with again(partial(_intake, visit, form)):
        wish = _wish(visit, form)
        draft = await visit.perform(applications.create, new=wish, key=form.text("key")[:200] or None)
    there = "" if wish.story else "/questions"
    return visit.go(f"/applications/{as_part(draft.id)}{there}", "started")


@router.get("/counter/cases")
async def show_cases(visit: Visiting, cursor: Annotated[str | None, Query(max_length=300)] = None) -> Response:
    """Applications filed at this hall or handled in its region."""
    visit.must_be(Role.CLERK)
    page = await visit.read(lists.applications, cursor=cursor, limit=PAGE)
    return visit.page("counter_cases", lines=page.entries, next=page.next, is_first=cursor is None)


@router.get("/counter/tasks/{task_id}")
async def show_task(visit: Visiting, task_id: Annotated[str, Path(max_length=60)]) -> Response:
    """One task at the counter."""
    visit.must_be(Role.CLERK)
    return await _task(visit, task_id)


@router.post("/counter/tasks/{task_id}/actions")
async def act(visit: Visiting, request: Request, task_id: Annotated[str, Path(max_length=60)]) -> Response:
    """One action of the counter on one task."""
    visit.must_be(Role.CLERK)
    form = await typed(request)
    async with again(lambda errors: _task(visit, task_id, form, desk_actions.placed(errors, form))):
        wish = desk_actions.command(form, await visit.perform(tasks.show, task_id=task_id))
        await visit.perform(tasks.act_briefly, task_id=task_id, wish=wish)
    return visit.go(f"/counter/tasks/{as_part(task_id)}", "done")


@router.post("/counter/tasks/{task_id}/parcels/{number}/{doing}")
async def move_parcel(
    visit: Visiting,
    request: Request,
    task_id: Annotated[str, Path(max_length=60)],
    number: counter_cases.Number,
    doing: Annotated[str, Path(max_length=4)],
) -> Response:
    """The hall of another place signs for the papers of its task, or sends the result (多地联办)."""
    visit.must_be(Role.CLERK)
    await counter_cases.moved_at_task(visit, request, task_id, number, doing, partial(_task, visit, task_id))
    return visit.go(f"/counter/tasks/{as_part(task_id)}", "done")


@router.get("/counter/tasks/{task_id}/slip")
async def show_slip(visit: Visiting, task_id: Annotated[str, Path(max_length=60)]) -> Response:
    """物料流转凭证: what goes from the counter to the department, to be signed by both."""
    visit.must_be(Role.CLERK)
    task = await visit.perform(tasks.show, task_id=task_id)
    return visit.page("counter_slip", task=task, at=visit.context.at)


@router.get("/counter/tasks/{task_id}/originals")
async def show_originals(visit: Visiting, task_id: Annotated[str, Path(max_length=60)]) -> Response:
    """原件退还签收单: what goes back, to be signed by whoever takes it."""
    visit.must_be(Role.CLERK)
    task = await visit.perform(tasks.show, task_id=task_id)
    slip = await visit.read(handovers.show, application_id=task.application_id)
    papers = {paper.code: paper for office in slip.offices for paper in office.materials if paper.is_paper}
    return visit.page("counter_originals", task=task, papers=papers.values(), at=visit.context.at)


def _wish(visit: Visit, form: Typed) -> NewApplication:
    person, story, bundle = form.text("applicant")[:80], form.text("story")[:64], form.text("bundle")[:64]
    faults = []
    if not person:
        faults.append(Fault("/applicant", "missing", Text("请选择到场的人。", "Choose who is present.")))
    if not bundle and not story:
        faults.append(Fault("/bundle", "missing", Text("请选择要办的一件事。", "Choose what is to be done.")))
    if faults:
        raise InvalidInput(faults)
    if story:
        return NewApplication(story=story, applicant=person, proxy=_proxy(visit, form))
    return NewApplication(bundle=bundle, region=visit.region.code, applicant=person, proxy=_proxy(visit, form))


def _is_elsewhere(visit: Visit) -> bool:
    """Whether the region chosen is another hall's, so that this one only takes in for it."""
    own = visit.account.region if visit.account else None
    return own is not None and not is_local(own, visit.region.code)


def _proxy(visit: Visit, form: Typed) -> ProxyIn | None:
    if not _is_elsewhere(visit):
        return None
    identified, handing = form.text("identified"), form.text("handing")
    faults = []
    if identified not in {one.value for one in Identified}:
        faults.append(Fault("/identified", "missing", Text("请先核验身份。", "Check the identity first.")))
    if handing not in {one.value for one in Handing}:
        text = Text("请选择结果怎样送达。", "Choose how the result is delivered.")
        faults.append(Fault("/handing", "missing", text))
    if faults:
        raise InvalidInput(faults)
    return ProxyIn.model_validate({"identified": identified, "handing": handing})


def _intake(visit: Visit, form: Typed | None = None, errors: Errors = NONE) -> Response:
    world = visit.context.world
    people = [
        entry for entry in accounts.directory(world, visit.region.code) if entry.role.code == Role.APPLICANT.value
    ]
    return visit.page(
        "counter_intake",
        422 if errors else 200,
        people=people,
        bundles=catalogue.bundles(world),
        form=form or Typed(),
        errors=errors,
        key=form.text("key") if form else visit.context.new_id(),
        is_elsewhere=_is_elsewhere(visit),
        ways=(list(Identified), list(Handing)),
    )


async def _task(visit: Visit, task_id: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    task = await visit.perform(tasks.show, task_id=task_id)
    return visit.at(f"/counter/tasks/{as_part(task_id)}").page(
        "counter_task",
        422 if errors else 200,
        task=task,
        notes={event.seq: noted(event, visit.context.world.library, visit.lang) for event in task.events},
        form=form or Typed(),
        errors=errors,
        doing=form.text("action") if form else "",
        actions=desk_actions.usual_first(task),
        controls=desk_actions.controls,
        procedures=desk_actions.PROCEDURES,
        steps=desk_actions.STEPS,
    )
