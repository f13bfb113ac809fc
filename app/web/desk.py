"""The officer's desk (经办): the department's tasks by due date, and one task with exactly the actions allowed."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.domain.errors import Fault, InvalidInput, NotFound, Refusal
from app.domain.lifecycle import TaskAction
from app.domain.vocabulary import Role, Text
from app.schemas.clocks import SurveyAppointment, SurveyConclusion
from app.schemas.common import Bilingual
from app.schemas.tasks import Act, TaskLineOut, TaskOut, Unmask
from app.usecases import accounts, materials, surveys, tasks, unmasking
from app.web import desk_actions
from app.web.forms import NONE, Errors, Typed, errors_of, missing, typed
from app.web.visits import Visit, Visiting, as_part

router = APIRouter(include_in_schema=False)

TaskId = Annotated[str, Path(max_length=60)]
Next = Annotated[str | None, Query(max_length=300)]
BULK = ("receive", "accept", "review")
"""What may be done to many at once: moves that decide nothing and can be corrected."""
MOST_AT_ONCE = 50
PAGE = 30


BULK_ACTIONS = [TaskAction[action.upper()] for action in BULK]
UNSAID = Text("请选择是否符合条件。", "Say whether the conditions are met.")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one task of many; ``problem`` says why nothing did."""

    task: str
    problem: Bilingual | None


@router.get("/desk")
async def show_desk(visit: Visiting, cursor: Next = None, closed: Annotated[str, Query(max_length=3)] = "") -> Response:
    """The department's tasks, those due first above."""
    visit.must_be(Role.OFFICER)
    is_open = closed != "yes"
    page = await visit.read(tasks.inbox, cursor=cursor, limit=PAGE, is_open=is_open)
    return _list(visit, page.entries, page.next, "open" if is_open else "closed", cursor)


@router.get("/desk/checks")
async def show_checks(visit: Visiting, cursor: Next = None) -> Response:
    """Grants on commitment that are still to be checked."""
    visit.must_be(Role.OFFICER)
    page = await visit.read(tasks.after_checks, cursor=cursor, limit=PAGE)
    return _list(visit, page.entries, page.next, "checks", cursor)


@router.post("/desk/bulk")
async def act_on_many(visit: Visiting, request: Request) -> Response:
    """One safe action on every task that was ticked; each succeeds or fails by itself."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    action, chosen = form.text("action"), form.texts("task")[:MOST_AT_ONCE]
    if action not in BULK or not chosen:
        return visit.go("/desk", "nothing_chosen")
    return await acted_on_each(visit, "/desk", action, chosen)


@router.get("/desk/{task_id}")
async def show_task(visit: Visiting, task_id: TaskId) -> Response:
    """One task."""
    visit.must_be(Role.OFFICER)
    return await _task(visit, task_id)


@router.post("/desk/{task_id}/actions")
async def act(visit: Visiting, request: Request, task_id: TaskId) -> Response:
    """One action on one task; what was typed comes back with what is wrong about it."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    try:
        wish = desk_actions.command(form, await visit.perform(tasks.show, task_id=task_id))
        await visit.perform(tasks.act, task_id=task_id, wish=wish)
    except Refusal as refusal:
        return await _task(visit, task_id, form, desk_actions.placed(errors_of(refusal), form))
    return visit.go(f"/desk/{as_part(task_id)}", "done")


@router.get("/desk/{task_id}/materials/{code}")
async def open_material(visit: Visiting, task_id: TaskId, code: Annotated[str, Path(max_length=64)]) -> Response:
    """The file as handed in: pictures and PDFs open beside the task, in a sandbox."""
    visit.must_be(Role.OFFICER)
    task = await visit.perform(tasks.show, task_id=task_id)
    found = await visit.perform(materials.fetch, application_id=task.application_id, code=code)
    headers = {
        "Content-Disposition": f'inline; filename="{code}.{found.extension}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(found.content, media_type=found.media_type, headers=headers)


@router.post("/desk/{task_id}/unmask")
async def unmask(visit: Visiting, request: Request, task_id: TaskId) -> Response:
    """One value in clear, for a reason the person concerned will read."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    try:
        wish = Unmask(field=form.text("unmask.field")[:64], reason=form.text("unmask.reason")[:500])
        seen = await visit.perform(unmasking.unmask, task_id=task_id, wish=wish)
    except NotFound:
        raise
    except Refusal as refusal:
        errors = errors_of(refusal).renamed("/reason", "/unmask/reason").renamed("/field", "/unmask/field")
        return await _task(visit, task_id, form, errors)
    return await _task(visit, task_id, seen=seen)


@router.post("/desk/{task_id}/survey")
async def conclude(visit: Visiting, request: Request, task_id: TaskId) -> Response:
    """The department's conclusion of the joint survey, by two officers or more."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    try:
        if (met := form.text("is_met")) not in {"yes", "no"}:
            raise InvalidInput([Fault("/is_met", "missing", UNSAID)])
        wish = SurveyConclusion(
            officers=form.texts("officers")[:20], is_met=met == "yes", conclusion=form.text("conclusion")[:2000]
        )
        await visit.perform(surveys.conclude, task_id=task_id, wish=wish)
    except Refusal as refusal:
        return await _task(visit, task_id, form, errors_of(refusal).renamed("/reason", "/conclusion"))
    return visit.go(f"/desk/{as_part(task_id)}", "done")


@router.post("/desk/{task_id}/appointment")
async def appoint(visit: Visiting, request: Request, task_id: TaskId) -> Response:
    """Appoint the joint survey of the case, or move it."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    try:
        day = date.fromisoformat(form.text("on"))
    except ValueError:
        text = Text("请填写踏勘日期，例如 2026-03-20。", "Give the day, for example 2026-03-20.")
        return await _task(visit, task_id, form, missing("/on", text))
    try:
        case = (await visit.perform(tasks.show, task_id=task_id)).application_id
        wish = SurveyAppointment(on=day, place=form.text("place")[:200])
        await visit.perform(surveys.appoint, application_id=case, wish=wish)
    except Refusal as refusal:
        return await _task(visit, task_id, form, errors_of(refusal))
    return visit.go(f"/desk/{as_part(task_id)}", "done")


def _list(visit: Visit, found: list[TaskLineOut], cursor: str | None, tab: str, here: str | None) -> Response:
    return visit.page("desk", lines=found, next=cursor, tab=tab, is_first=here is None, bulk=BULK_ACTIONS)


async def acted_on_each(visit: Visit, base: str, action: str, chosen: list[str]) -> Response:
    """The page that tells what became of one action on each of these tasks; ``base`` is the list it leads back to."""
    found = []
    for task in chosen:
        try:
            await visit.perform(tasks.act, task_id=task[:60], wish=Act(action=action))
        except Refusal as refusal:
            found.append(Done(task[:60], Bilingual.of(refusal.detail)))
        else:
            found.append(Done(task, None))
    return visit.page("desk_bulk", base=base, found=found, action=TaskAction[action.upper()])


async def _task(
    visit: Visit, task_id: str, form: Typed | None = None, errors: Errors = NONE, seen: object = None
) -> Response:
    task: TaskOut = await visit.perform(tasks.show, task_id=task_id)
    world = visit.context.world
    department = visit.account.department if visit.account else None
    colleagues = [
        accounts.account(world, f"officer.{department}.{number}") for number in sorted(accounts.OFFICERS) if department
    ]
    return visit.page(
        "desk_task",
        422 if errors else 200,
        task=task,
        form=form or Typed(),
        errors=errors,
        doing=form.text("action") if form else "",
        controls=desk_actions.controls,
        procedures=desk_actions.PROCEDURES,
        steps=desk_actions.STEPS,
        seen=seen,
        colleagues=[accounts.account_out(found) for found in colleagues if found is not None],
    )
