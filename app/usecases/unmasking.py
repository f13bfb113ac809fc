"""解密查看: one value in clear, for a reason, and never unseen."""

from app.domain.applications import Application
from app.domain.errors import Fault, InvalidInput, NotAllowed, NotFound, Refusal
from app.domain.routing import Plan
from app.domain.said import said
from app.domain.sharing import FORM, Denial, Denied, Purpose
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Term
from app.schemas.tasks import Unmask, UnmaskedOut
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome, TracedRefusal
from app.usecases import access, calls, looks
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers


def unmask(context: Context, reader: Reader, task_id: str, wish: Unmask) -> Outcome[UnmaskedOut]:
    """One field of the slice in clear. The reason is shown to the person concerned.

    Raises :class:`NotFound` for a field outside the slice, :class:`NotAllowed` once the task is over or for data this
    role may not see; both leave a row.
    """
    refuse_real_numbers(wish.model_dump())
    context.acting(Role.OFFICER, Role.CLERK)
    case, item = access.task(context, reader, task_id)
    if not said(wish.reason):
        text = Text("请写明为什么要查看，本人会看到。", "Say why; the person concerned reads it.")
        raise InvalidInput([Fault("/reason", "missing", text)])
    return _unmasked(context, reader, case, item, plan_of(context, reader, case), wish)


def _unmasked(
    context: Context, reader: Reader, case: Application, item: str, plan: Plan, wish: Unmask
) -> Outcome[UnmaskedOut]:
    reason = said(wish.reason)
    planned = next((p for p in plan.fields if p.spec.code == wish.field and item in p.users), None)
    elements = [wish.field] if any(p.spec.code == wish.field for p in plan.fields) else []  # no name that was made up
    asked = calls.request(
        context, case, plan, item=item, dataset=FORM, elements=elements, purpose=Purpose.UNMASK, reason=reason
    )
    decision = calls.authorise(context, reader, case, plan, asked)
    if planned is None or isinstance(decision, Denied):
        denied = decision if isinstance(decision, Denied) else Denied(Denial.ELEMENTS, Text("", ""))
        raise TracedRefusal(_refusal(denied), Changes().also(calls.TABLE, calls.row(context, asked, denied)))
    spec = planned.spec
    rows = looks.rows_for(context, case, plan, item, [spec], decision, purpose=Purpose.UNMASK, reason=reason)
    answer = UnmaskedOut(
        field=spec.code, name=Bilingual.of(spec.name), grade=Term.of(spec.grade), value=case.form.get(spec.code)
    )
    return Outcome(answer, Changes().also(calls.TABLE, *rows))


def _refusal(denied: Denied) -> Refusal:
    if denied.denial is Denial.ELEMENTS:
        return NotFound(Text("本事项没有这个填报项。", "This item has no such field."))
    return NotAllowed(denied.detail)
