"""预填 at the pages: what registers gave and could not give, asking again, and saying that a value is wrong."""

import logging
from collections.abc import Awaitable
from typing import Annotated, Any

from fastapi import Path, Request, Response

from app.domain.errors import NotFound, Refusal
from app.domain.vocabulary import Text
from app.schemas.applications import ApplicationOut
from app.schemas.plans import PlannedFieldOut, PlanOut
from app.schemas.prefill import PersonalOut, PrefillOut
from app.schemas.shared_values import NewDispute
from app.transport.doors import Doors
from app.usecases import applications, consents, disputes, personal, plans, prefill
from app.web import controls
from app.web.again import again
from app.web.forms import NONE, Errors, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)
log = logging.getLogger(__name__)

LONGEST_REASON = 1000
ApplicationId = Annotated[str, Path(max_length=32)]
FieldCode = Annotated[str, Path(max_length=64)]
NOT_HAD = Text("这一项不是共享获取的，直接修改即可。", "This value is not from a register: simply change it.")


async def attempt(visit: Visit, application_id: str) -> PrefillOut | None:
    """Have what may be had. A draft that could not be filled is an ordinary draft: whatever goes wrong, it stays."""
    try:
        return await visit.call(prefill.run, application_id=application_id)
    except Refusal:
        return None
    except Exception:
        log.exception("a draft was not filled from registers")
        return None


async def answered_by_data(visit: Visit, bundle: str) -> PersonalOut | None:
    """The answers that data give for the visitor, each with its source; None for those whom no data answer for."""
    try:
        return await visit.call(personal.show, code=bundle, region=visit.region.code)
    except Refusal:
        return None


async def missing_consents(visit: Visit, application_id: str) -> int:
    """How many consents would let more be had."""
    return (await visit.read(consents.needed, application_id=application_id)).missing_count


@router.get("/applications/{application_id}/data")
async def show(visit: Visiting, application_id: ApplicationId) -> Response:
    """Everything the application has from registers, from where and when, and what it has not and why."""
    _ = visit.context.actor
    it: ApplicationOut = await visit.perform(applications.show, application_id=application_id)
    plan: PlanOut = await visit.read(plans.show, application_id=application_id)
    return visit.page(
        "application_data",
        it=it,
        fields={field.code: field for field in plan.fields},
        papers={paper.code: paper for paper in plan.materials},
        missing=await missing_consents(visit, application_id),
        is_draft=it.status.code == "draft",
    )


@router.post("/applications/{application_id}/prefill")
async def ask_again(visit: Visiting, application_id: ApplicationId) -> Response:
    """Ask once more: it brings only what has become available since."""
    found: PrefillOut = await visit.call(prefill.run, application_id=application_id)
    return visit.go(f"/applications/{as_part(application_id)}/data", "had" if found.new_count else "had_nothing")


@router.get("/applications/{application_id}/fields/{code}/dispute")
async def show_dispute(visit: Visiting, application_id: ApplicationId, code: FieldCode) -> Response:
    """这不对: what is right instead, and how the person knows."""
    _ = visit.context.actor
    return await _dispute(visit, application_id, code, {}, "", NONE)


@router.post("/applications/{application_id}/fields/{code}/dispute")
async def dispute(visit: Visiting, request: Request, application_id: ApplicationId, code: FieldCode) -> Response:
    """纠错. What the person says counts from now on; the holder of the data answers."""
    form = await typed(request)
    reason = form.text("reason")
    field = await _field(visit, application_id, code)
    values = controls.values([field], form)

    def page(errors: Errors) -> Awaitable[Response]:
        kept = {} if errors.secret is not None else values
        return _dispute(visit, application_id, code, kept, reason, errors.renamed("/value", f"/form/{code}"))

    async with again(page):
        wish = NewDispute(value=values[code], reason=reason[:LONGEST_REASON])
        await visit.perform(disputes.dispute, application_id=application_id, code=code, wish=wish)
    return visit.go(f"/applications/{as_part(application_id)}/data", "disputed")


async def _field(visit: Visit, application_id: str, code: str) -> PlannedFieldOut:
    plan: PlanOut = await visit.read(plans.show, application_id=application_id)
    field = next((field for field in plan.fields if field.code == code), None)
    if field is None:
        raise NotFound(Text("表里没有这一项。", "The form has no such field."))
    return field


async def _dispute(
    visit: Visit, application_id: str, code: str, values: dict[str, Any], reason: str, errors: Errors
) -> Response:
    it: ApplicationOut = await visit.perform(applications.show, application_id=application_id)
    field = await _field(visit, application_id, code)
    if code not in it.had:
        raise NotFound(NOT_HAD)
    return visit.page(
        "dispute",
        422 if errors else 200,
        it=it,
        field=field,
        source=it.had[code],
        value=values.get(code),
        shown=controls.shown,
        reason=reason,
        errors=errors,
    )
