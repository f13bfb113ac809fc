"""物料流转凭证 of a whole case: one slip for every department, drawn up from what stands in the case now."""

from app.domain.applications import Application, ProvidedMaterial, Task
from app.domain.outcomes import is_available
from app.domain.references import task_reference
from app.domain.routing import Plan, PlannedMaterial
from app.domain.vocabulary import ILLUSTRATIVE, Means, Role, Text
from app.schemas.common import Bilingual, Term
from app.schemas.handovers import HandedMaterialOut, HandedOfficeOut, HandedTaskOut, HandoverOut
from app.storage.queries import Reader
from app.usecases import access
from app.usecases.accounts import account, department
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.serving import hall_of

ON_PAPER = Text("纸质", "paper")
AS_FILE = Text("电子文件", "file")
NOT_HERE = Text("未到", "not here yet")


def show(context: Context, reader: Reader, application_id: str) -> HandoverOut:
    """The slip, for the halls of the case and for its departments, each of which reads its own part.

    It names papers and no content. Raises :class:`NotFound` for anybody else, and for a draft.
    """
    who = context.acting(Role.CLERK, Role.OFFICER)
    case = access.concerned(context, reader, application_id)
    if case.reference is None or case.submitted_at is None:
        raise access.no_such_application()
    plan = plan_of(context, reader, case)
    departments = dict.fromkeys(case.tasks[p.item.code].department for p in plan.items if p.item.code in case.tasks)
    own = [code for code in departments if who.role is Role.CLERK or code == who.department]
    offices = [_office(context, case, plan, code) for code in own]
    return HandoverOut(
        reference=case.reference,
        bundle_name=Bilingual.of(plan.bundle.name),
        hall=Bilingual.of(hall_of(context.world, case.filed_region or case.region).name),
        taken_by=_position(context, case.created_by) if case.filed_region else None,
        submitted_at=case.submitted_at,
        issued_at=context.moment.at,
        paper_count=len({m.code for office in offices for m in office.materials if m.is_paper}),
        offices=offices,
        label=Bilingual.of(ILLUSTRATIVE),
    )


def _office(context: Context, case: Application, plan: Plan, code: str) -> HandedOfficeOut:
    items = [p for p in plan.items if p.item.code in case.tasks and case.tasks[p.item.code].department == code]
    codes = {planned.item.code for planned in items}
    parcels = () if case.proxy is None else case.proxy.parcels
    return HandedOfficeOut(
        department=code,
        name=Bilingual.of(items[0].routed.department.name),
        tasks=[_task(context, case, case.tasks[p.item.code], p.item.name) for p in items],
        materials=[_material(context, case, plan, m, codes) for m in plan.materials if codes & set(m.users)],
        parcels=[parcel.number for parcel in parcels if parcel.department == code],
    )


def _task(context: Context, case: Application, task: Task, name: Text) -> HandedTaskOut:
    return HandedTaskOut(
        id=task_reference(case.reference or "", task.item),
        item=task.item,
        name=Bilingual.of(name),
        status=Term.of(task.status),
        received_at=task.received_at,
        received_by=_position(context, task.received_by),
    )


def _material(
    context: Context, case: Application, plan: Plan, planned: PlannedMaterial, own: set[str]
) -> HandedMaterialOut:
    provided = case.materials.get(planned.material.code)
    is_paper = provided is not None and provided.means is Means.UPLOAD and provided.digest is None
    first, *others = _in_turn(case, plan, planned)
    is_first = any(case.tasks[item].department == first for item in own)
    return HandedMaterialOut(
        code=planned.material.code,
        name=Bilingual.of(planned.material.name),
        form=Bilingual.of(_form(case, planned, provided, is_paper=is_paper)),
        is_paper=is_paper,
        originals=planned.material.originals,
        copies=planned.material.copies,
        note=None if provided is None else provided.filename,
        taken_at=None if provided is None else provided.provided_at,
        taken_by=None if provided is None else _position(context, provided.provided_by),
        comes_from=_office_name(context, first) if is_paper and not is_first else None,
        passed_on_to=[_office_name(context, code) for code in others] if is_paper and is_first else [],
    )


def _in_turn(case: Application, plan: Plan, planned: PlannedMaterial) -> list[str]:
    """The departments that need a material, in the order of the plan: sheets go from one to the next."""
    users = [p.item.code for p in plan.items if p.item.code in planned.users and p.item.code in case.tasks]
    return list(dict.fromkeys(case.tasks[item].department for item in users))


def _office_name(context: Context, code: str) -> Bilingual:
    found = department(context.world, code)
    return Bilingual.of(found.name) if found is not None else Bilingual(zh=code, en=code)


def _form(case: Application, planned: PlannedMaterial, provided: ProvidedMaterial | None, *, is_paper: bool) -> Text:
    if is_paper:
        return ON_PAPER
    if provided is not None and provided.digest is not None:
        return AS_FILE
    if provided is not None or is_available(case, planned):
        means = planned.source.means if provided is None else provided.means
        return means.label
    return NOT_HERE


def _position(context: Context, code: str | None) -> Bilingual | None:
    """Who it was, by office; people on the applicant's side are not named."""
    found = None if code is None else account(context.world, code)
    if found is None or found.role not in {Role.CLERK, Role.OFFICER}:
        return None
    return Bilingual.of(found.name)
