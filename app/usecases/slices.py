"""What a desk reads beside the bare slice: names for what is only coded there, what came again after a notice, and who
may sign next."""

from typing import Any

from app.domain import handling
from app.domain.applications import Application, Task
from app.domain.lifecycle import TaskAction
from app.domain.routing import Plan, PlannedField
from app.domain.vocabulary import Role
from app.schemas.common import Bilingual, Term
from app.schemas.tasks import SignerOut
from app.usecases.accounts import OFFICERS, account
from app.usecases.context import Context

SIGNING = (
    TaskAction.PROPOSE,
    TaskAction.ENDORSE,
    TaskAction.DECIDE_AT_ONCE,
    TaskAction.GRANT_ON_PROMISE,
    TaskAction.GRANT,
    TaskAction.REFUSE,
    TaskAction.EXTEND,
)
"""What one of several hands puts a name to."""


def signers(context: Context, task: Task) -> list[SignerOut]:
    """The officers of the task's department who may sign something now, for the department's own eyes."""
    if context.actor.role is not Role.OFFICER:
        return []
    found = []
    for number in sorted(OFFICERS):
        officer = account(context.world, f"officer.{task.department}.{number}")
        if officer is None:
            continue
        may = handling.permitted(task, officer.actor, context.moment.today)
        if actions := [Term.of(action) for action in SIGNING if action in may]:
            found.append(SignerOut(account=officer.code, name=Bilingual.of(officer.name), actions=actions))
    return found


def words(context: Context, plan: Plan, planned: PlannedField) -> dict[str, Any]:
    """The names that a field's value is read by, as members of the read model."""
    spec = planned.spec
    return {
        "origin_name": origin_name(context, plan, planned.source.origin),
        "unit": Bilingual.maybe(spec.unit),
        "options": {value: Bilingual.of(name) for value, name in spec.options.items()},
        "columns": {column.code: Bilingual.of(column.name) for column in spec.columns},
    }


def origin_name(context: Context, plan: Plan, origin: str | None) -> Bilingual | None:
    """The name of the item, dataset or certificate type with this code; None for a rule of the platform."""
    if origin is None:
        return None
    library = context.world.library
    named = (
        next((planned.item.short for planned in plan.items if planned.item.code == origin), None),
        library.datasets[origin].name if origin in library.datasets else None,
        library.certificates[origin].name if origin in library.certificates else None,
    )
    return Bilingual.maybe(next((name for name in named if name is not None), None))


def renewed(case: Application, item: str) -> frozenset[str]:
    """The materials that came, or came again, since the item's last correction notice."""
    notices = [notice for notice in case.notices if item in notice.points]
    if not notices:
        return frozenset()
    since = notices[-1].served_at
    return frozenset(code for code, material in case.materials.items() if material.provided_at >= since)
