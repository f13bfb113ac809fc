"""Tasks: a department's inbox, one task with its slice, and the actions the table allows."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.api.lights import LightCode
from app.api.responses import READ, UNCHANGED, WRITE, WRITE_ONCE, link, linked
from app.schemas.clocks import SurveyConclusion
from app.schemas.common import Cursor, Day, Page
from app.schemas.tasks import Act, InboxCountsOut, TaskLineOut, TaskOut, Unmask, UnmaskedOut
from app.transport.caching import unless_known
from app.transport.doors import Doors
from app.transport.identity import IdempotencyKey, SignedIn, ThePlatform
from app.transport.preferences import MINIMAL, Prefer, wants_minimal
from app.usecases import inbox, surveys, tasks, unmasking
from app.usecases.inbox import InboxWish

router = Doors(tags=["tasks 部门办件"])

Id = Annotated[str, Path(alias="task_id", max_length=60, description="办件编号-事项 / reference and item")]
FIRST = link("showTask", "第一个办件 / The first of them.", task_id="$response.body#/entries/0/id")
ACT_ON_FIRST = link("actOnTask", "办理第一个 / Act on the first of them.", task_id="$response.body#/entries/0/id")
ACT = link("actOnTask", "办理 / Act on it.", task_id="$response.body#/id")


@router.get(
    "/tasks",
    operation_id="listTasks",
    response_model=Page[TaskLineOut],
    responses={304: {"description": UNCHANGED}, **READ, **linked(200, show=FIRST, act=ACT_ON_FIRST)},
)
async def list_tasks(
    context: SignedIn,
    platform: ThePlatform,
    request: Request,
    response: Response,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
    is_open: Annotated[
        bool, Query(alias="open", description="在办或已结束的 / open tasks, or those that are over")
    ] = True,
    status: Annotated[str | None, Query(max_length=20, description="只看这种状态 / only in this status")] = None,
    light: Annotated[LightCode | None, Query(description="只看亮这种灯的 / only those that show this light")] = None,
    bundle: Annotated[str | None, Query(max_length=64, description="只看一个一件事 / only one bundle")] = None,
    item: Annotated[str | None, Query(max_length=64, description="只看一个事项 / only one item")] = None,
    due_by: Annotated[Day | None, Query(description="这一天及以前到期 / due on this day or before")] = None,
    number: Annotated[
        str | None, Query(max_length=60, description="办件编号里的一段 / a part of the number", examples=["20260312"])
    ] = None,
    is_mine: Annotated[bool, Query(alias="mine", description="只看本人收的件 / only those the asker received")] = False,
) -> Page[TaskLineOut] | Response:
    """本部门的办件，按到期日排序。 / The tasks of the officer's own department, by due date.

    已结束的，到期晚的在前。 / Of those that are over, the latest come first.
    """
    wish = InboxWish(status, light, bundle, item, due_by, number, is_mine)
    ask = partial(inbox.show, context, cursor=cursor, limit=limit, is_open=is_open, wish=wish)
    return unless_known(request, response, await platform.store.aread(ask))


@router.get("/tasks/counts", operation_id="countTasks", responses=READ)
async def count_tasks(context: SignedIn, platform: ThePlatform) -> InboxCountsOut:
    """本部门在办多少件：按灯、状态、事项和一件事。 / The department's open tasks: by light, status, item and bundle."""
    return await platform.store.aread(partial(inbox.counts, context))


@router.get(
    "/tasks/{task_id}",
    operation_id="showTask",
    response_model=TaskOut,
    responses={304: {"description": UNCHANGED}, **READ, **linked(200, act=ACT)},
)
async def show_task(
    context: SignedIn, platform: ThePlatform, request: Request, response: Response, task_id: Id
) -> TaskOut | Response:
    """一个办件：只含本部门所需的内容。 / One task: its slice of form and materials, and what may be done."""
    found = await platform.store.aperform(partial(tasks.show, context, task_id=task_id))
    return unless_known(request, response, found)


@router.post(
    "/tasks/{task_id}/actions",
    operation_id="actOnTask",
    response_model=TaskOut,
    responses={204: {"description": "已执行，按 Prefer 不返回内容 / done; by Prefer, nothing is shown"}, **WRITE_ONCE},
)
async def act_on_task(
    context: SignedIn,
    platform: ThePlatform,
    task_id: Id,
    wish: Act,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> TaskOut | Response:
    """执行一个操作：收件、受理、补正、准予…… / One action; a refusal says what is allowed instead."""
    if wants_minimal(prefer):
        await platform.store.aperform(partial(tasks.act_briefly, context, task_id=task_id, wish=wish, key=key))
        return Response(status_code=204, headers={"Preference-Applied": MINIMAL})
    return await platform.store.aperform(partial(tasks.act, context, task_id=task_id, wish=wish, key=key))


@router.post("/tasks/{task_id}/survey", operation_id="concludeSurvey", responses=WRITE)
async def conclude_survey(context: SignedIn, platform: ThePlatform, task_id: Id, wish: SurveyConclusion) -> TaskOut:
    """本部门的踏勘结论，两名以上人员到场。 / The department's own conclusion of the joint survey, by two officers."""
    return await platform.store.aperform(partial(surveys.conclude, context, task_id=task_id, wish=wish))


@router.post("/tasks/{task_id}/unmask", operation_id="unmaskField", responses=WRITE)
async def unmask_field(context: SignedIn, platform: ThePlatform, task_id: Id, wish: Unmask) -> UnmaskedOut:
    """查看一个填报项的原值：须写明理由，本人会看到。 / One value in clear: give the reason, the person reads it."""
    return await platform.store.aperform(partial(unmasking.unmask, context, task_id=task_id, wish=wish))


@router.get("/after-checks", operation_id="listAfterChecks", responses=READ)
async def list_after_checks(
    context: SignedIn,
    platform: ThePlatform,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> Page[TaskLineOut]:
    """告知承诺后待核查的办件，按到期日排序。 / Grants on commitment still to be checked, by due date."""
    return await platform.store.aread(partial(inbox.after_checks, context, cursor=cursor, limit=limit))
