"""委托 (mandates), 免申即享 (offers), and the proof of a case."""

from datetime import date, datetime
from functools import partial
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.domain.errors import Fault, InvalidInput
from app.domain.vocabulary import Role, Text
from app.schemas.mandates import NewMandate, PowerCode
from app.schemas.offers import OfferDeclined
from app.transport.doors import Doors
from app.usecases import accounts, catalogue, mandates, mandating, offers, proofs
from app.web.again import again
from app.web.forms import NONE, Errors, Typed, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

PAGE = 30
POWERS: dict[str, PowerCode] = {"submit": "submit", "withdraw": "withdraw"}
Id = Annotated[str, Path(max_length=32)]


@router.get("/my/mandates")
async def show_mandates(visit: Visiting) -> Response:
    """Mandates given and held."""
    visit.must_be(Role.APPLICANT)
    return await _mandates(visit)


@router.post("/my/mandates")
async def give(visit: Visiting, request: Request) -> Response:
    """Let somebody act for oneself, within bounds."""
    visit.must_be(Role.APPLICANT)
    form = await typed(request)
    async with again(partial(_mandates, visit, form), passing=()):
        await visit.call(mandating.give, wish=_mandate(form), key=form.text("key")[:200] or None)
    return visit.go("/my/mandates", "done")


@router.post("/my/mandates/{mandate_id}/revoke")
async def revoke(visit: Visiting, mandate_id: Id) -> Response:
    """End it at once."""
    visit.must_be(Role.APPLICANT)
    await visit.perform(mandates.revoke, mandate_id=mandate_id)
    return visit.go("/my/mandates", "done")


@router.get("/my/offers")
async def show_offers(visit: Visiting) -> Response:
    """What was found to be one's due: confirm or decline, nothing else."""
    visit.must_be(Role.APPLICANT)
    return await _offers(visit, NONE)


async def _offers(visit: Visit, errors: Errors) -> Response:
    return visit.page("offers", 422 if errors else 200, offers=await visit.read(offers.mine), errors=errors)


@router.post("/my/offers/{offer_id}/confirm")
async def confirm(visit: Visiting, offer_id: Id) -> Response:
    """One confirmation files it."""
    visit.must_be(Role.APPLICANT)
    async with again(partial(_offers, visit.at("/my/offers")), passing=()):
        made = await offers.confirm(visit.context, visit.platform.store, offer_id)
    return visit.go(f"/applications/{as_part(made.receipt.application.id)}", "sent")


@router.post("/my/offers/{offer_id}/decline")
async def decline(visit: Visiting, offer_id: Id) -> Response:
    """Not wanted; it is not offered again."""
    visit.must_be(Role.APPLICANT)
    await visit.perform(offers.decline, offer_id=offer_id, wish=OfferDeclined())
    return visit.go("/my/offers", "done")


@router.get("/applications/{application_id}/proof")
async def show_proof(visit: Visiting, application_id: Id) -> Response:
    """What proves that a case was recorded as it was, and how to check it without this platform."""
    _ = visit.context.actor
    found = await visit.ask_aside(proofs.prove, visit.context, visit.platform.store, application_id, None)
    signed_at = datetime.fromisoformat(found.checkpoint.at)
    return visit.page("proof", it=found, application=application_id, signed_at=signed_at)


@router.get("/applications/{application_id}/proof.json")
async def download_proof(
    visit: Visiting, application_id: Id, seq: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None
) -> Response:
    """The receipt as a file for ``verify.py``."""
    _ = visit.context.actor
    found = await visit.ask_aside(proofs.prove, visit.context, visit.platform.store, application_id, seq)
    headers = {"Content-Disposition": 'attachment; filename="receipt.json"', "Cache-Control": "private, no-store"}
    return Response(found.model_dump_json(indent=1), media_type="application/json", headers=headers)


def _mandate(form: Typed) -> NewMandate:
    faults = []
    bundles = [code[:64] for code in form.texts("bundles")][:50]
    if not bundles:
        faults.append(Fault("/bundles", "missing", Text("请选择委托办理哪些一件事。", "Choose what it covers.")))
    until = None
    try:
        until = date.fromisoformat(form.text("until"))
    except ValueError:
        text = Text("请填写截止日期，例如 2026-06-30。", "Give the last day, for example 2026-06-30.")
        faults.append(Fault("/until", "does-not-fit", text))
    if faults or until is None:
        raise InvalidInput(faults)
    powers = [POWERS[code] for code in form.texts("powers") if code in POWERS]
    return NewMandate(
        to=form.text("to")[:80], bundles=bundles, powers=powers, until=until, company=form.text("company")[:18] or None
    )


async def _mandates(visit: Visit, form: Typed | None = None, errors: Errors = NONE) -> Response:
    world = visit.context.world
    own = visit.account.code if visit.account else ""
    return visit.page(
        "mandates",
        422 if errors else 200,
        given=(await visit.read(mandates.given, cursor=None, limit=PAGE)).entries,
        held=(await visit.read(mandates.held, cursor=None, limit=PAGE)).entries,
        people=[
            one
            for one in accounts.directory(world, visit.region.code)
            if one.role.code == Role.APPLICANT.value and one.code != own
        ],
        bundles=catalogue.bundles(world),
        form=form or Typed(),
        errors=errors,
        key=form.text("key") if form else visit.context.new_id(),
    )
