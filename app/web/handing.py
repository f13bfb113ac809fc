"""How the result of what a hall took in for elsewhere is to reach the applicant: changed until it is submitted, with
what each way means."""

from typing import Literal, get_args

from fastapi import Request, Response

from app.domain.proxies import Handing, Identified
from app.domain.vocabulary import Role, Text
from app.schemas.applications import SaveDraft
from app.schemas.proxies import ProxyAmended
from app.transport.doors import Doors
from app.usecases import applications
from app.web.again import again
from app.web.applications import DRAFT
from app.web.forms import NONE, Errors, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

HandingCode = Literal["at_hall", "by_post", "at_home"]
IdentifiedCode = Literal["id_card", "shown_card", "entrusted"]
HANDINGS: dict[str, HandingCode] = {code: code for code in get_args(HandingCode)}
IDENTIFIEDS: dict[str, IdentifiedCode] = {code: code for code in get_args(IdentifiedCode)}
MEANS = {
    Handing.AT_HALL: Text(
        "办好后寄到收件大厅，到了通知您去领；比在办理地领多等快递的几天（示例）。",
        "It is sent to the hall when it is done, and you are told to collect it; a few days more for the courier "
        "(illustrative).",
    ),
    Handing.BY_POST: Text(
        "办好后由办理地直接寄给您，不用跑；请在“领取方式”里写好收件地址。",
        "It is sent straight to you, no visit; give the address under how you want the results.",
    ),
    Handing.AT_HOME: Text(
        "您到办理地的大厅领取，要跑一次，不用等快递。",
        "You collect it at the hall in charge: one visit, no courier.",
    ),
}


@router.get("/applications/{application_id}/handing")
async def show_handing(visit: Visiting, application_id: str) -> Response:
    """The ways, and what each of them means."""
    return await _page(visit, application_id, NONE)


@router.post("/applications/{application_id}/handing")
async def change_handing(visit: Visiting, request: Request, application_id: str) -> Response:
    """Keep the way that was chosen."""
    form = await typed(request)
    wish = ProxyAmended(handing=HANDINGS.get(form.text("handing")), identified=IDENTIFIEDS.get(form.text("identified")))
    async with again(lambda errors: _page(visit, application_id, errors.renamed("/proxy", ""))):
        await visit.perform(applications.save, application_id=application_id, wish=SaveDraft(proxy=wish))
    return visit.go(f"/applications/{as_part(application_id)}", "saved")


async def _page(visit: Visit, application_id: str, errors: Errors) -> Response:
    application = await visit.perform(applications.show, application_id=application_id)
    if application.status.code != DRAFT or application.proxy is None:
        return visit.go(f"/applications/{as_part(application_id)}")
    return visit.page(
        "handing",
        422 if errors else 200,
        it=application,
        proxy=application.proxy,
        ways=[(way, MEANS[way]) for way in Handing],
        identifications=list(Identified) if visit.role == Role.CLERK.value else [],
        errors=errors,
    )
