"""A whole case at the counter: its departments, the hand-over slip, the merged correction notice, and parcels."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Path, Request, Response

from app.domain.vocabulary import Role
from app.schemas.proxies import ParcelSent, ParcelSigned
from app.transport.doors import Doors
from app.usecases import access, applications, handovers, papers, proxies, tasks
from app.web.again import again
from app.web.forms import NONE, Errors, Typed, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

CaseId = Annotated[str, Path(max_length=32)]
Number = Annotated[int, Path(ge=1, le=10_000)]
Shown = Callable[[Typed, Errors], Awaitable[Response]]
CORRECTION = "correction"


@router.get("/counter/cases/{application_id}")
async def show_case(visit: Visiting, application_id: CaseId) -> Response:
    """The case as the counter works on it."""
    visit.must_be(Role.CLERK)
    return await _case(visit, application_id)


@router.get("/counter/cases/{application_id}/slip")
async def show_slip(visit: Visiting, application_id: CaseId) -> Response:
    """物料流转凭证 of the whole case, to be signed by every department."""
    visit.must_be(Role.CLERK)
    return visit.page("counter_case_slip", slip=await visit.read(handovers.show, application_id=application_id))


@router.get("/counter/cases/{application_id}/notices/{number}")
async def show_notice(visit: Visiting, application_id: CaseId, number: Number) -> Response:
    """一次性告知: every department's points on one sheet, handed to who is present and signed for."""
    visit.must_be(Role.CLERK)
    case = await visit.perform(applications.show, application_id=application_id)
    notice = next((one for one in case.notices if one.number == number), None)
    if notice is None:
        raise access.no_such_application()
    lines = await visit.read(papers.of_application, application_id=application_id)
    served = [line for line in lines if line.kind.code == CORRECTION and line.served_at == notice.served_at]
    return visit.page("counter_notice", it=case, notice=notice, paper=served[0] if served else None)


@router.post("/counter/cases/{application_id}/parcels/{number}/{doing}")
async def move_parcel(
    visit: Visiting, request: Request, application_id: CaseId, number: Number, doing: Annotated[str, Path(max_length=4)]
) -> Response:
    """Send a parcel or sign for it."""
    visit.must_be(Role.CLERK)
    form = await typed(request)
    async with again(lambda errors: _case(visit, application_id, form, placed(errors, number))):
        await moved(visit, form, application_id, number, doing)
    return visit.go(f"/counter/cases/{as_part(application_id)}", "done")


async def moved(visit: Visit, form: Typed, application_id: str, number: int, doing: str) -> None:
    """One move of a parcel; raises what the use case raises, and :class:`NotFound` for a move there is none of."""
    if doing == "send":
        sent = ParcelSent(waybill=form.text("waybill")[:60])
        await visit.perform(proxies.send, application_id=application_id, number=number, wish=sent)
    elif doing == "sign":
        signed = ParcelSigned(note=form.text("note")[:200] or None)
        await visit.perform(proxies.sign, application_id=application_id, number=number, wish=signed)
    else:
        raise access.no_such_application()


async def moved_at_task(visit: Visit, request: Request, task_id: str, number: int, doing: str, shown: Shown) -> None:
    """The same from the page of one task, which ``shown`` draws again when the move is refused."""
    form = await typed(request)
    case = (await visit.perform(tasks.show, task_id=task_id)).application_id
    async with again(lambda errors: shown(form, placed(errors, number))):
        await moved(visit, form, case, number, doing)


def placed(errors: Errors, number: int) -> Errors:
    """Every parcel has controls of its own on the page."""
    for name in ("waybill", "note"):
        errors = errors.renamed(f"/{name}", f"/parcel/{number}/{name}")
    return errors


async def _case(visit: Visit, application_id: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    it = await visit.perform(applications.show, application_id=application_id)
    if it.reference is None:
        return visit.go(f"/applications/{as_part(application_id)}")
    lines = await visit.read(papers.of_application, application_id=application_id)
    return visit.at(f"/counter/cases/{as_part(application_id)}").page(
        "counter_case", 422 if errors else 200, it=it, papers=lines, form=form or Typed(), errors=errors
    )
