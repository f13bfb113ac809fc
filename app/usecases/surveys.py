"""联合踏勘: one appointment for all departments, each concludes for itself."""

from app.domain import surveys
from app.domain.applications import Application
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.handling import Command
from app.domain.lifecycle import TaskAction
from app.domain.routing import Plan
from app.domain.vocabulary import Role, Text
from app.schemas.clocks import SurveyAppointment, SurveyConclusion, SurveyOut
from app.schemas.tasks import TaskOut
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, tasks
from app.usecases.accounts import account
from app.usecases.acts import begin, written
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers


def appoint(context: Context, reader: Reader, application_id: str, wish: SurveyAppointment) -> Outcome[SurveyOut]:
    """Appoint the joint survey, or move it. The hall's clerk may, and any department that is part of it."""
    refuse_real_numbers(wish.model_dump(mode="json"))
    context.acting(Role.CLERK, Role.OFFICER)
    before = access.concerned(context, reader, application_id)
    plan = plan_of(context, reader, before)
    _must_be_concerned(context, before, plan)
    h = begin(context, before)
    surveys.appoint(h, plan, wish.on, wish.place)
    if h.case.survey is None:
        raise AssertionError("an appointment leaves a survey")
    return Outcome(SurveyOut.of(h.case.survey), written(context, reader, before, h, plan))


def conclude(context: Context, reader: Reader, task_id: str, wish: SurveyConclusion) -> Outcome[TaskOut]:
    """One department's conclusion, with the officers who were there."""
    refuse_real_numbers(wish.model_dump())
    before, item = access.task(context, reader, task_id)
    _must_be_colleagues(context, before.tasks[item].department, wish.officers)
    command = Command(
        action=TaskAction.CONCLUDE_SURVEY,
        reason=wish.conclusion,
        officers=tuple(wish.officers),
        is_met=wish.is_met,
    )
    return tasks.carry_out(context, reader, before, item, command)


def _must_be_concerned(context: Context, case: Application, plan: Plan) -> None:
    """A department appoints a survey only when its own item needs one."""
    if context.actor.role is not Role.OFFICER:
        return
    concerned = {case.tasks[item].department for item in surveys.items_to_survey(case, plan)}
    if context.actor.department not in concerned:
        raise ActionNotAllowed(
            Text("本部门的事项不需要踏勘。", "No item of your department needs a survey."),
            action="appoint_survey",
        )


def _must_be_colleagues(context: Context, department: str, officers: list[str]) -> None:
    faults = []
    for place, code in enumerate(officers):
        found = account(context.world, code)
        if found is None or found.department != department:
            text = Text("不是本部门的工作人员。", "Not an officer of this department.")
            faults.append(Fault(f"/officers/{place}", "unknown-officer", text))
    if faults:
        raise InvalidInput(faults)
