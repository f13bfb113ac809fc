"""The plan of an application: what its answers mean under the version of the bundle it lives by."""

from collections.abc import Mapping
from dataclasses import replace

import orjson

from app.domain import prefill
from app.domain.answers import accept
from app.domain.applications import Application
from app.domain.catalogue import Bundle
from app.domain.conditions import Value
from app.domain.errors import InvalidInput
from app.domain.routing import Plan, Planner
from app.domain.together import chosen
from app.domain.vocabulary import Role
from app.schemas.plans import PlanOut
from app.storage.queries import Reader
from app.usecases import access
from app.usecases.context import Context
from app.usecases.wallets import fitted
from app.usecases.world import Given


def plan_of(context: Context, reader: Reader, case: Application) -> Plan:
    """The plan of an application under the version it lives by, with what the applicant's certificates stand for and
    what registers could not give."""
    planner = context.world.planner_of(case, reader)
    submitted = context if case.submitted_at is None else replace(context, at=case.submitted_at)
    plan = worked_out(submitted, planner, case, answers_of(planner, case))
    return prefill.fitted(case, fitted(context, reader, case, plan))


def worked_out(context: Context, planner: Planner, case: Application, answers: Mapping[str, Value]) -> Plan:
    """The plan that these answers give, as if received now: once for all who look at the same case one after the
    other, and for the steps of one command. What the applicant holds and registers say is not in it."""
    given = Given(orjson.dumps(answers), answers, tuple(chosen(case).items()))
    return context.world.planned(planner, given, case.region, context.start)


def show(context: Context, reader: Reader, application_id: str) -> PlanOut:
    """The plan of an application for the applicant's side: of a draft as it would be submitted now.

    The hall sees that of a draft it is filling in; once submitted, what it looks at it sees through the case.
    """
    case = access.own_application(context, reader, application_id)
    if context.actor.role is Role.CLERK and case.submitted_at is not None:
        raise access.no_such_application()
    return PlanOut.of(plan_of(context, reader, case), context.world.catalogue.calendar)


def answers_of(planner: Planner, case: Application) -> dict[str, Value]:
    """Stored answers as the rules read them: lists back to tuples; what a newer pack no longer knows is left out."""
    bundle: Bundle = planner.bundle
    try:
        return accept(bundle, case.answers)
    except InvalidInput as error:
        wrong = {fault.pointer.rpartition("/")[2] for fault in error.faults}
        return accept(bundle, {code: value for code, value in case.answers.items() if code not in wrong})
