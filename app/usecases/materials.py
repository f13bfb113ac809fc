"""Materials as files: kept before the application hears of them, fetched only by those who may see them."""

import asyncio
from dataclasses import dataclass
from functools import partial

from app.domain import uploads
from app.domain.applications import Application, ProvidedMaterial, Task
from app.domain.errors import NotAllowed
from app.domain.routing import Plan
from app.domain.sharing import Denied
from app.domain.slices import MATERIAL
from app.domain.vocabulary import Means, Role
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome, Store, TracedRefusal
from app.usecases import access, attempts, calls, looks
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers

EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file on its way out."""

    content: bytes
    media_type: str
    extension: str


async def keep(
    context: Context, store: Store, application_id: str, code: str, filename: str | None, content: bytes
) -> ProvidedMaterial:
    """Check that the asker may hand this in, sniff the file, and keep it durably.

    Raises :class:`NotFound`, or :class:`InvalidInput` when the file is empty, too large, of another kind, broken off,
    not harmless, or named to deceive.
    """
    name = uploads.shown_name(filename or "")
    refuse_real_numbers(name, "/file/filename")
    accepts = await store.aread(partial(_accepted, context, application_id=application_id, code=code))
    kind = uploads.recognised(content)
    if kind is not None and kind[0] in accepts:
        uploads.must_be_named_for(kind[0], name)
    kept = await asyncio.to_thread(context.world.files.keep, content, accepts)
    return ProvidedMaterial(
        code=code,
        means=Means.UPLOAD,
        digest=kept.digest,
        filename=name,
        media_type=kept.media_type,
        size=kept.size,
        provided_at=context.at,
        provided_by=context.actor.account,
    )


def _accepted(context: Context, reader: Reader, application_id: str, code: str) -> tuple[str, ...]:
    case = access.to_change(context, reader, application_id)
    plan = plan_of(context, reader, case)
    found = next((m.material.accepts for m in plan.materials if m.material.code == code), None)
    if found is None:
        raise access.no_such_material()
    return found


def paper(context: Context, code: str, note: str) -> ProvidedMaterial:
    """A paper original as the counter takes it in; raises :class:`NotAllowed` for anybody but a clerk."""
    refuse_real_numbers(note, "/note")
    who = context.acting(Role.CLERK)
    return ProvidedMaterial(
        code=code,
        means=Means.UPLOAD,
        digest=None,
        filename=note,
        media_type=None,
        size=0,
        provided_at=context.at,
        provided_by=who.account,
    )


def fetch(context: Context, reader: Reader, application_id: str, code: str) -> Outcome[Fetched]:
    """The file of one material, for the applicant's side, the hall, and departments whose item uses it. A desk that
    opens it leaves a row in the ledger; its own item must be going on."""
    case = reader.application(application_id)
    if case is None:
        raise access.no_such_material()
    if not may_fetch(context, reader, case, code):
        raise attempts.refused(context, case, None, access.no_such_material(), *named(context, reader, case, code))
    material = access.with_content(case).materials.get(code)
    if material is None or material.digest is None or material.media_type is None:
        raise access.no_such_material()
    seen = logged(context, reader, case, code)
    kind = material.media_type
    return Outcome(Fetched(context.world.files.read(material.digest), kind, EXTENSIONS.get(kind, "bin")), seen)


def named(context: Context, reader: Reader, case: Application, code: str) -> tuple[str, ...]:
    """What the ledger says that a desk reached for: a material there is. Anything else was made up in an address, and
    the person concerned would read it."""
    return (f"{MATERIAL}{code}",) if code in context.world.planner_of(case, reader).library.materials else ()


def logged(context: Context, reader: Reader, case: Application, code: str) -> Changes | None:
    """The look of a desk at one paper; raises :class:`NotAllowed` once the work on it is over."""
    if context.actor.role not in attempts.DESKS or case.submitted_at is None:
        return None
    plan = plan_of(context, reader, case)
    items = [item for item, task in case.tasks.items() if _uses(plan, item, code) and _is_for(context, task)]
    wish, decision = looks.at_paper(context, reader, case, plan, items or list(case.tasks)[:1], code)
    changes = Changes().also(calls.TABLE, calls.row(context, wish, decision))
    if isinstance(decision, Denied):
        raise TracedRefusal(NotAllowed(decision.detail), changes)
    return changes


def _is_for(context: Context, task: Task) -> bool:
    return context.actor.role is not Role.OFFICER or task.department == context.actor.department


def may_fetch(context: Context, reader: Reader, case: Application, code: str) -> bool:
    """Whether the asker may see this material: the applicant's side, the hall, a department whose item uses it."""
    who = context.actor
    if access.may_see(who, case, context.world.catalogue.regions):
        return access.may_read_content(who, case)
    if who.role is not Role.OFFICER:
        return False
    mine = {task.item for task in case.tasks.values() if task.department == who.department}
    return any(_uses(plan_of(context, reader, case), item, code) for item in mine)


def _uses(plan: Plan, item: str, code: str) -> bool:
    return any(planned.material.code == code and item in planned.users for planned in plan.materials)
