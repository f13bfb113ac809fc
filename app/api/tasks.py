"""Tasks: a department's inbox, one task with its slice, and the actions the table allows."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.api.responses import READ, UNCHANGED, WRITE
from app.schemas.clocks import SurveyConclusion
from app.schemas.common import Cursor, Page
from app.schemas.tasks import Act, TaskLineOut, TaskOut, Unmask, UnmaskedOut
from app.transport.caching import unless_known
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import surveys, tasks, unmasking

router = APIRouter(tags=["tasks 部门办件"])

Id = Annotated[str, Path(alias="task_id", max_length=60, description="办件编号-事项 / reference and item")]


@router.get(
    "/tasks",
    operation_id="listTasks",
    response_model=Page[TaskLineOut],
    responses={304: {"description": UNCHANGED}, **READ},
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
) -> Page[TaskLineOut] | Response:
    """本部门的办件，按到期日排序。 / The tasks of the officer's own department, by due date."""
    page = await platform.store.aread(partial(tasks.inbox, context, cursor=cursor, limit=limit, is_open=is_open))
    return unless_known(request, response, page)


@router.get(
    "/tasks/{task_id}",
    operation_id="showTask",
    response_model=TaskOut,
    responses={304: {"description": UNCHANGED}, **READ},
)
async def show_task(
    context: SignedIn, platform: ThePlatform, request: Request, response: Response, task_id: Id
) -> TaskOut | Response:
    """一个办件：只含本部门所需的内容。 / One task: its slice of form and materials, and what may be done."""
    found = await platform.store.aperform(partial(tasks.show, context, task_id=task_id))
    return unless_known(request, response, found)


@router.post("/tasks/{task_id}/actions", operation_id="actOnTask", responses=WRITE)
async def act_on_task(context: SignedIn, platform: ThePlatform, task_id: Id, wish: Act) -> TaskOut:
    """执行一个操作：收件、受理、补正、准予…… / One action; a refusal says what is allowed instead."""
    return await platform.store.aperform(partial(tasks.act, context, task_id=task_id, wish=wish))


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
    return await platform.store.aread(partial(tasks.after_checks, context, cursor=cursor, limit=limit))
