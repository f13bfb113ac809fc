"""一本账: datasets to browse and search, one of them with its approvals, and a holder's suspension of one."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Path, Query, Request, Response

from app.domain.errors import NotAllowed, NotFound, Refusal
from app.domain.vocabulary import Grade, Role, SharingClass
from app.schemas.datasets import ApprovalAct, ApprovalOut, DatasetOut, GradeCode, SharingCode
from app.storage.quotas import SCARCE
from app.transport.doors import Doors
from app.usecases import catalogue, data_requests, datasets
from app.web.again import again, mended
from app.web.desk_actions import within
from app.web.forms import NONE, Errors, Typed, errors_of, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

PAGE = 30
GRADES: dict[str, GradeCode] = {"L1": "L1", "L2": "L2", "L3": "L3", "L4": "L4"}
SHARING: dict[str, SharingCode] = {"unconditional": "unconditional", "restricted": "restricted", "none": "none"}
Code = Annotated[str, Path(max_length=80)]
Short = Annotated[str, Query(max_length=100)]
Standing = Literal["suspend", "line"]


@router.get("/datasets")
async def show_datasets(
    visit: Visiting,
    q: Short = "",
    holder: Short = "",
    grade: Short = "",
    sharing: Short = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """The datasets that fit."""
    asked = {"q": q, "holder": holder, "grade": grade, "sharing": sharing}
    sought = datasets.Sought(q, holder or None, GRADES.get(grade), SHARING.get(sharing))
    errors = NONE
    try:
        page = visit.ask(datasets.browse, visit.context, sought, cursor, PAGE)
    except Refusal as refusal:
        errors, asked = errors_of(refusal).renamed("/query/", "/"), dict.fromkeys(asked, "")
        page = datasets.browse(visit.context, datasets.Sought(), None, PAGE)
    holders = {dataset.holder for dataset in visit.context.world.library.datasets.values()}
    return visit.page(
        "datasets",
        422 if errors else 200,
        lines=page.entries,
        next=page.next,
        is_first=cursor is None,
        asked=asked,
        errors=errors,
        holders=[line for line in visit.ask(catalogue.lines, visit.context.world) if line.code in holders],
        grades=list(Grade),
        classes=list(SharingClass),
    )


@router.get("/datasets/{code}")
async def show_dataset(visit: Visiting, code: Code) -> Response:
    """One dataset: elements, who needs it for what, approvals in force, calls a month."""
    found: DatasetOut = await visit.read(datasets.show, code=code)
    return visit.page(
        "dataset",
        it=found,
        names=datasets.element_names(visit.context.world.library, found.code),
        may={each.id: _may(visit, found, each) for each in found.approvals},
        scarce=SCARCE,
    )


@router.get("/datasets/{code}/suspension")
async def show_suspension(
    visit: Visiting, code: Code, approval: Annotated[str, Query(max_length=140)] = ""
) -> Response:
    """Asked once more, with a reason, before an approval of the catalogue is suspended."""
    visit.must_be(Role.OFFICER)
    return await _suspension(visit, code, approval)


@router.post("/datasets/{code}/suspension")
async def suspend(visit: Visiting, request: Request, code: Code) -> Response:
    """Suspend it for one's own region and everything inside it."""
    visit.must_be(Role.OFFICER)
    form = await typed(request)
    approval = form.text("approval")[:140]
    async with again(partial(_suspension, visit, code, approval, form), passing=(NotFound, NotAllowed)) as faults:
        wish = ApprovalAct(reason=within(form.text("reason"), 1000, "/reason", faults))
        mended(faults)
        made = await visit.perform(data_requests.suspend_standing, approval_id=approval, wish=wish)
    return visit.go(f"/data-requests/lines/{as_part(made.id)}", "done")


async def _suspension(
    visit: Visit, code: str, approval: str, form: Typed | None = None, errors: Errors = NONE
) -> Response:
    found: DatasetOut = await visit.read(datasets.show, code=code)
    one = next((each for each in found.approvals if each.id == approval), None)
    if one is None or _may(visit, found, one) != "suspend":
        raise data_requests.no_such_line()
    return visit.page(
        "dataset_suspension",
        422 if errors else 200,
        it=found,
        approval=one,
        form=form or Typed(),
        errors=errors,
    )


def _may(visit: Visit, dataset: DatasetOut, approval: ApprovalOut) -> Standing | None:
    """What an officer of the holder's line is led to: suspending what stands without a request, or the line itself."""
    own = (visit.account.department or "").partition(".") if visit.account else ("", "", "")
    if visit.role != Role.OFFICER.value or own[0] != dataset.holder:
        return None
    if approval.region is None:
        return None if approval.is_suspended else "suspend"
    return "line" if approval.region == own[2] else None
