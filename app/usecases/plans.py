"""The plan of an application: what its answers mean under the version of the bundle it lives by."""

from dataclasses import replace

from app.domain.answers import accept
from app.domain.applications import Application
from app.domain.catalogue import Bundle
from app.domain.conditions import Value
from app.domain.errors import InvalidInput
from app.domain.routing import Plan, Planner
from app.storage.queries import Reader
from app.usecases.context import Context


def plan_of(context: Context, reader: Reader, case: Application) -> Plan:
    """The plan of an application under the version it lives by."""
    planner = context.world.planner_of(case, reader)
    submitted = replace(context, at=case.submitted_at or context.at)
    return planner.plan(answers_of(planner, case), case.region, submitted.start)


def answers_of(planner: Planner, case: Application) -> dict[str, Value]:
    """Stored answers as the rules read them: lists back to tuples; what a newer pack no longer knows is left out."""
    bundle: Bundle = planner.bundle
    try:
        return accept(bundle, case.answers)
    except InvalidInput as error:
        wrong = {fault.pointer.rpartition("/")[2] for fault in error.faults}
        return accept(bundle, {code: value for code, value in case.answers.items() if code not in wrong})
