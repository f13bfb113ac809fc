"""The officer's desk (经办): the department's tasks by due date, and one task with exactly the actions allowed."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from app.domain.errors import Fault, InvalidInput, Refusal
from app.domain.lifecycle import ENDED, TaskAction, TaskStatus
from app.domain.vocabulary import Role, Text
from app.schemas.clocks import SurveyAppointment, SurveyConclusion
from app.schemas.common import Bilingual, Page
from app.schemas.tasks import Act, TaskLineOut, TaskOut, Unmask
from app.transport.doors import Doors
from app.usecases import accounts, inbox, materials, surveys, tasks, unmasking
from app.usecases.inbox import InboxWish
from app.web import counter_cases, desk_actions
from app.web.again import again
from app.web.forms import NONE, Errors, Typed, errors_of, keepable, typed
from app.web.rendering import is_day
from app.web.together import waiting_here
from app.web.visits import POLICY, Visit, Visiting, as_part, safe_path
from app.web.wording import noted

router = Doors(include_in_schema=False)

TaskId = Annotated[str, Path(max_length=60)]
Next = Annotated[str | None, Query(max_length=300)]
BULK = ("receive", "accept", "review")
"""What may be done to many at once: moves that decide nothing and can be corrected."""
MOST_AT_ONCE = 50
FILTERS = ("closed", "light", "mine", "status", "bundle", "item", "due", "number")
"""What the address of the list may say."""
PAGE = 30


PDF = "application/pdf"
SHUT = "default-src 'none'; frame-ancestors 'self'"
"""What a paper may load, and where it may be shown. Browsers show no PDF in a sandbox: they have one of their own."""


BULK_ACTIONS = [TaskAction[action.upper()] for action in BULK]
UNSAID = Text("请选择是否符合条件。", "Say whether the conditions are met.")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one task of many; ``problem`` says why nothing did."""

    task: str
    problem: Bilingual | None


@router.get("/desk")
async def show_desk(visit: Visiting, cursor: Next = None) -> Response:
    """The department's tasks, those due first above, narrowed down by what the address says."""
    visit.must_be(Role.OFFICER)
    asked = {name: keepable(visit.request.query_params.get(name, ""))[:64] for name in FILTERS}
    is_open = asked["closed"] != "yes"
    errors, ask = NONE, partial(visit.read, inbox.show, limit=PAGE, is_open=is_open)
    try:
        page = await ask(cursor=cursor, wish=_wish(asked))
    except InvalidInput as refusal:
        errors, cursor = errors_of(refusal).renamed("/query/", "/"), None
        asked |= dict.fromkeys(("status", "light"), "")
        page = await ask(cursor=None, wish=inbox.ALL)
    return visit.page(
        "desk",
        422 if errors else 200,
        **_list(page, cursor, "open" if is_open else "closed"),
        waiting=await waiting_here(visit),
        asked=asked,
        is_filtered=any(asked[name] for name in FILTERS if name != "closed"),
        counts=await visit.read(inbox.counts) if is_open else None,
        errors=errors,
    )


@router.get("/desk/checks")
async def show_checks(visit: Visiting, cursor: Next = None) -> Response:
    """Grants on commitment that are still to be checked."""
    visit.must_be(Role.OFFICER)
    page = await visit.read(inbox.after_checks, cursor=cursor, limit=PAGE)
    asked = dict.fromkeys(FILTERS, "")
    listed = _list(page, cursor, "checks")
    waiting = await waiting_here(visit)
    return visit.page("desk", **listed, waiting=waiting, asked=asked, is_filtered=False, counts=None, errors=NONE)


@router.post("/desk/bulk")
async def act_on_many(visit: Visiting, request: Request) -> Response:
    """One safe action on every task that was ticked; each succeeds or fails by itself."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    action, chosen = form.text("action"), form.texts("task")[:MOST_AT_ONCE]
    if action not in BULK or not chosen:
        return visit.go(_back(form), "nothing_chosen")
    return await acted_on_each(visit, "/desk", action, chosen, _back(form))


@router.get("/desk/{task_id}")
async def show_task(visit: Visiting, task_id: TaskId, paper: Annotated[str, Query(max_length=64)] = "") -> Response:
    """One task, with one of its papers beside it when the address names one."""
    visit.must_be(Role.OFFICER)
    return await _task(visit, task_id, paper=paper)


@router.post("/desk/{task_id}/actions")
async def act(visit: Visiting, request: Request, task_id: TaskId) -> Response:
    """One action on one task; what was typed comes back with what is wrong about it."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    async with again(lambda errors: _task(visit, task_id, form, desk_actions.placed(errors, form))):
        wish = desk_actions.command(form, await visit.perform(tasks.show, task_id=task_id))
        await visit.perform(tasks.act_briefly, task_id=task_id, wish=wish)
    return visit.go(f"/desk/{as_part(task_id)}", "done")


@router.get("/desk/{task_id}/materials/{code}")
async def open_material(visit: Visiting, task_id: TaskId, code: Annotated[str, Path(max_length=64)]) -> Response:
    """The file as handed in: pictures and PDFs open beside the task, or in a window of their own."""
    visit.must_be(Role.OFFICER)
    task = await visit.perform(tasks.show, task_id=task_id)
    found = await visit.perform(materials.fetch, application_id=task.application_id, code=code)
    headers = {
        "Content-Disposition": f'inline; filename="{code}.{found.extension}"',
        "Content-Security-Policy": SHUT if found.media_type == PDF else f"sandbox; {SHUT}",
        "Cache-Control": "private, no-store",
    }
    return Response(found.content, media_type=found.media_type, headers=headers)


@router.post("/desk/{task_id}/unmask")
async def unmask(visit: Visiting, request: Request, task_id: TaskId) -> Response:
    """One value in clear, for a reason the person concerned will read."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    async with again(lambda errors: _task(visit, task_id, form, _at_unmasking(errors))):
        wish = Unmask(field=form.text("unmask.field")[:64], reason=form.text("unmask.reason")[:500])
        seen = await visit.perform(unmasking.unmask, task_id=task_id, wish=wish)
    return await _task(visit, task_id, seen=seen)


def _at_unmasking(errors: Errors) -> Errors:
    return errors.renamed("/reason", "/unmask/reason").renamed("/field", "/unmask/field")


@router.post("/desk/{task_id}/survey")
async def conclude(visit: Visiting, request: Request, task_id: TaskId) -> Response:
    """The department's conclusion of the joint survey, by two officers or more."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    async with again(lambda errors: _task(visit, task_id, form, errors.renamed("/reason", "/conclusion"))):
        if (met := form.text("is_met")) not in {"yes", "no"}:
            raise InvalidInput([Fault("/is_met", "missing", UNSAID)])
        wish = SurveyConclusion(
            officers=form.texts("officers")[:20], is_met=met == "yes", conclusion=form.text("conclusion")[:2000]
        )
        await visit.perform(surveys.conclude, task_id=task_id, wish=wish)
    return visit.go(f"/desk/{as_part(task_id)}", "done")


@router.post("/desk/{task_id}/appointment")
async def appoint(visit: Visiting, request: Request, task_id: TaskId) -> Response:
    """Appoint the joint survey of the case, or move it."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    async with again(partial(_task, visit, task_id, form)):
        day = _day(form.text("on"))
        case = (await visit.perform(tasks.show, task_id=task_id)).application_id
        wish = SurveyAppointment(on=day, place=form.text("place")[:200])
        await visit.perform(surveys.appoint, application_id=case, wish=wish)
    return visit.go(f"/desk/{as_part(task_id)}", "done")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        why = Text("请填写踏勘日期，例如 2026-03-20。", "Give the day, for example 2026-03-20.")
        raise InvalidInput([Fault("/on", "missing", why)]) from None


@router.post("/desk/{task_id}/parcels/{number}/{doing}")
async def move_parcel(
    visit: Visiting, request: Request, task_id: TaskId, number: counter_cases.Number, doing: Annotated[str, Path()]
) -> Response:
    """Sign for originals that a hall elsewhere took in, or send the result."""
    visit.must_be(Role.OFFICER)
    await counter_cases.moved_at_task(visit, request, task_id, number, doing, partial(_task, visit, task_id))
    return visit.go(f"/desk/{as_part(task_id)}", "done")


def _list(page: Page[TaskLineOut], cursor: str | None, tab: str) -> dict[str, Any]:
    return {
        "lines": page.entries,
        "next": page.next,
        "tab": tab,
        "is_first": cursor is None,
        "bulk": BULK_ACTIONS,
        "ended": sorted(ENDED, key=list(TaskStatus).index),
    }


def _wish(asked: dict[str, str]) -> InboxWish:
    """What the address asks for; raises :class:`InvalidInput` for a day that is none."""
    due = asked["due"]
    if due and not is_day(due):
        text = Text("请填写日期，例如 2026-03-20。", "Give a date, for example 2026-03-20.")
        raise InvalidInput([Fault("/due", "does-not-fit", text)])
    return InboxWish(
        status=asked["status"] or None,
        light=asked["light"] or None,
        bundle=asked["bundle"] or None,
        item=asked["item"] or None,
        due_by=date.fromisoformat(due) if due else None,
        part=asked["number"].strip() or None,
        is_mine=asked["mine"] == "yes",
    )


def _back(form: Typed) -> str:
    """The list with its filters; never another page."""
    back = safe_path(form.text("back"))[:500]
    return back if back.partition("?")[0] == "/desk" else "/desk"


async def acted_on_each(visit: Visit, base: str, action: str, chosen: list[str], back: str = "") -> Response:
    """The page that tells what became of one action on each of these tasks; ``back`` is the list it leads back to."""
    found = []
    for task in chosen:
        try:
            await visit.perform(tasks.act_briefly, task_id=task[:60], wish=Act(action=action))
        except Refusal as refusal:
            found.append(Done(task[:60], Bilingual.of(refusal.detail)))
        else:
            found.append(Done(task, None))
    return visit.at(back or base).page(
        "desk_bulk", base=base, back=back or base, found=found, action=TaskAction[action.upper()]
    )


async def _task(
    visit: Visit,
    task_id: str,
    form: Typed | None = None,
    errors: Errors = NONE,
    seen: object = None,
    paper: str = "",
) -> Response:
    task: TaskOut = await visit.perform(tasks.show, task_id=task_id)
    world = visit.context.world
    department = visit.account.department if visit.account else None
    colleagues = [
        accounts.account(world, f"officer.{department}.{number}") for number in sorted(accounts.OFFICERS) if department
    ]
    answer = visit.at(f"/desk/{as_part(task_id)}").page(
        "desk_task",
        422 if errors else 200,
        task=task,
        notes={event.seq: noted(event, world.library, visit.lang) for event in task.events},
        form=form or Typed(),
        errors=errors,
        doing=form.text("action") if form else "",
        actions=desk_actions.usual_first(task),
        controls=desk_actions.controls,
        procedures=desk_actions.PROCEDURES,
        steps=desk_actions.STEPS,
        seen=seen,
        colleagues=[accounts.account_out(found) for found in colleagues if found is not None],
        beside=next(
            (one for one in task.materials if one.code == paper and one.provided and one.provided.digest), None
        ),
    )
    if any(one.provided is not None and one.provided.media_type == PDF for one in task.materials):
        answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer
