"""委托: let somebody act for one, take it back, see what one holds."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from app.api.responses import READ, WRITE, link, linked, refusals
from app.schemas.common import Cursor, Page
from app.schemas.mandates import MandateOut, NewMandate
from app.transport.doors import Doors
from app.transport.identity import IdempotencyKey, SignedIn, ThePlatform
from app.usecases import mandates, mandating

router = Doors(tags=["mandates 委托"])

MandateId = Annotated[str, Path(alias="mandate_id", max_length=32, description="委托的 id / id of the mandate")]
Limit = Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")]


@router.get("/me/mandates", operation_id="listMandates", responses=READ)
async def list_mandates(
    context: SignedIn, platform: ThePlatform, cursor: Cursor = None, limit: Limit = 20
) -> Page[MandateOut]:
    """我给出的委托，最新的在前。 / The mandates one has given, newest first."""
    return await platform.store.aread(partial(mandates.given, context, cursor=cursor, limit=limit))


@router.get("/me/mandates/held", operation_id="listMandatesHeld", responses=READ)
async def list_mandates_held(
    context: SignedIn, platform: ThePlatform, cursor: Cursor = None, limit: Limit = 20
) -> Page[MandateOut]:
    """别人给我的委托。 / The mandates one was given."""
    return await platform.store.aread(partial(mandates.held, context, cursor=cursor, limit=limit))


@router.post(
    "/me/mandates",
    operation_id="giveMandate",
    status_code=201,
    responses={
        **WRITE,
        **refusals("idempotency-key-reused"),
        **linked(201, revoke=link("revokeMandate", "Take it back.", mandate_id="$response.body#/id")),
    },
)
async def give_mandate(
    context: SignedIn, platform: ThePlatform, response: Response, wish: NewMandate, key: IdempotencyKey = None
) -> MandateOut:
    """委托他人代办，限定一件事、权限和期限。 / Let somebody act for one: bounded in bundles, powers and time.

    For a company its legal representative gives it, as the register of businesses names that person. That look at the
    register stands in “My data” of whoever gave it, also when it was refused or the register did not answer.
    """
    made = await mandating.give(context, platform.store, wish, key)
    response.headers["Location"] = "/api/v1/me/mandates"
    return made


@router.post("/me/mandates/{mandate_id}/revocation", operation_id="revokeMandate", responses=WRITE)
async def revoke_mandate(context: SignedIn, platform: ThePlatform, mandate_id: MandateId) -> MandateOut:
    """撤销委托，立即生效。 / Revoke a mandate; it stops at once."""
    return await platform.store.aperform(partial(mandates.revoke, context, mandate_id=mandate_id))
