"""单独同意: what an application needs, asking for it, and answering from one's own account."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query

from app.api.responses import READ, WRITE, link, linked
from app.domain.consents import ConsentAction
from app.schemas.common import Cursor, Page
from app.schemas.consents import AskConsents, ConsentOut, NeedsOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import consents

router = Doors(tags=["consents 授权"])

ApplicationId = Annotated[
    str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")
]
ConsentId = Annotated[str, Path(alias="consent_id", max_length=32, description="授权的 id / id of the consent")]
NEXT = linked(
    200,
    consent=link("showConsent", "The notice and where it stands.", consent_id="$response.body#/entries/0/id"),
)


@router.get("/applications/{application_id}/consents", operation_id="listNeededConsents", responses=READ)
async def list_needed_consents(context: SignedIn, platform: ThePlatform, application_id: ApplicationId) -> NeedsOut:
    """这件申请需要哪些单独同意、告知书全文、现状。 / The consents an application needs, each with its notice."""
    return await platform.store.aread(partial(consents.needed, context, application_id=application_id))


@router.post("/applications/{application_id}/consents", operation_id="askForConsents", responses=WRITE)
async def ask_for_consents(
    context: SignedIn, platform: ThePlatform, application_id: ApplicationId, wish: AskConsents
) -> NeedsOut:
    """请求授权：他人会收到消息，由其本人决定。 / Ask for what is missing; others hear of it and decide themselves."""
    return await consents.ask(context, platform.store, application_id, wish)


@router.get("/me/consents", operation_id="listMyConsents", responses={**READ, **NEXT})
async def list_my_consents(
    context: SignedIn,
    platform: ThePlatform,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> Page[ConsentOut]:
    """向我请求过的授权，新的在前。 / The consents asked of me, newest first."""
    return await platform.store.aread(partial(consents.mine, context, cursor=cursor, limit=limit))


@router.get("/me/consents/{consent_id}", operation_id="showConsent", responses=READ)
async def show_consent(context: SignedIn, platform: ThePlatform, consent_id: ConsentId) -> ConsentOut:
    """一项授权的告知书全文和现状。 / One consent: the whole notice, and where it stands."""
    return await platform.store.aread(partial(consents.show, context, consent_id=consent_id))


@router.post("/me/consents/{consent_id}/give", operation_id="giveConsent", responses=WRITE)
async def give_consent(context: SignedIn, platform: ThePlatform, consent_id: ConsentId) -> ConsentOut:
    """同意：只限告知书列明的部门、数据和期限。 / Give it: for exactly what the notice says."""
    return await platform.store.aperform(
        partial(consents.answer, context, consent_id=consent_id, action=ConsentAction.GIVE)
    )


@router.post("/me/consents/{consent_id}/refuse", operation_id="refuseConsent", responses=WRITE)
async def refuse_consent(context: SignedIn, platform: ThePlatform, consent_id: ConsentId) -> ConsentOut:
    """不同意：不影响办理，改为自行填写或上传。 / Refuse it: the case goes on with what is typed or uploaded."""
    return await platform.store.aperform(
        partial(consents.answer, context, consent_id=consent_id, action=ConsentAction.REFUSE)
    )


@router.post("/me/consents/{consent_id}/withdraw", operation_id="withdrawConsent", responses=WRITE)
async def withdraw_consent(context: SignedIn, platform: ThePlatform, consent_id: ConsentId) -> ConsentOut:
    """撤回：此后不再查询，此前依法取得的不受影响。 / Withdraw it: nothing is looked up any more; the past stands."""
    return await platform.store.aperform(
        partial(consents.answer, context, consent_id=consent_id, action=ConsentAction.WITHDRAW)
    )
