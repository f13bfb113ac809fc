"""预填: everything a draft can have from registers, in one go; and why what is missing must be typed or uploaded.

Nothing is overwritten that somebody typed. The answer says of every field where its value is from, or why there is
none. Asking again brings only what has become available since.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from app.domain import prefill, submissions
from app.domain.applications import EventKind
from app.domain.errors import Refusal
from app.domain.prefill import Filled
from app.domain.sharing import Allowance, Purpose
from app.schemas.prefill import PrefillOut
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome, Store
from app.usecases import access, applications, calls, data_rounds, prefill_views
from app.usecases.acts import begin, written
from app.usecases.asked import Asked, Call
from app.usecases.context import Context
from app.usecases.data_rounds import Scene
from app.usecases.plans import plan_of


async def run(context: Context, store: Store, application_id: str) -> PrefillOut:
    """Ask registers for what a draft still wants, and keep what they say.

    Raises :class:`NotFound`, or :class:`ActionNotAllowed` once the draft has been submitted.
    """
    stage = partial(_scene, application_id=application_id)
    asked = await data_rounds.ask(context, store, stage, Purpose.PREFILL)
    return await store.aperform(partial(_keep, context, application_id=application_id, asked=asked))


def _scene(context: Context, reader: Reader, application_id: str) -> Scene:
    case = access.own_application(context, reader, application_id)
    submissions.must_be_draft(case)
    plan = plan_of(context, reader, case)
    circle = data_rounds.circle_of(context, case, plan, {})
    return Scene(case, plan, circle, lambda known: prefill.wants(case, plan, known))


def _keep(context: Context, reader: Reader, application_id: str, asked: Asked) -> Outcome[PrefillOut]:
    try:
        scene = _scene(context, reader, application_id)
    except Refusal as refusal:
        raise asked.traced(context, refusal) from None
    before, plan = scene.case, scene.plan
    if before is None:
        raise access.no_such_application()
    asked = Asked(tuple(_still(context, reader, scene, call, asked) for call in asked.calls), asked.links)
    asked = asked.rationed(context, reader)
    circle = replace(scene.circle, links=asked.links)
    library = context.world.planner_of(before, reader).library
    found = prefill.filled(before, plan, circle, asked.replies, library.datasets, context.at)
    h = begin(context, before)
    if not found.is_nothing:
        h.record(EventKind.DATA_HAD, **_changes(found))
    changes = written(context, reader, before, h) if h.events else Changes()
    version = before.version + 1 if h.events else before.version
    shown = applications.shown(context, reader, h.case, version=version)
    count = len(found.had) + len(found.checked)
    answer = prefill_views.told(context, h.case, plan, replace(circle, form=h.case.form), shown, count)
    return Outcome(answer, asked.kept(context, changes) if asked.calls or h.events else None)


def _still(context: Context, reader: Reader, scene: Scene, call: Call, asked: Asked) -> Call:
    """The call as it stands now: while registers were asked, a consent may have gone, or the party be another one."""
    numbers = replace(scene.circle, links=asked.links).numbers()
    is_same = numbers.get(call.want.party) == call.request.subject
    decision = calls.authorise(context, reader, scene.case, scene.plan, call.request)
    if is_same and isinstance(decision, Allowance):
        return replace(call, decision=decision)
    if isinstance(decision, Allowance):
        return replace(call, want=replace(call.want, elements=()))
    return replace(call, decision=decision)


def _changes(found: Filled) -> dict[str, Any]:
    parts = {"values": found.values, "had": found.had, "checked": found.checked, "fallbacks": found.fallbacks}
    return {name: dict(part) for name, part in parts.items() if part}
