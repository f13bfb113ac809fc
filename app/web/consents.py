"""单独同意: what an application needs, and what one is asked oneself."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.domain.consents import ConsentAction
from app.domain.vocabulary import Role
from app.schemas.consents import AskConsents
from app.transport.doors import Doors
from app.usecases import consents
from app.web.again import again
from app.web.forms import NONE, Errors, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

PAGE = 30
ApplicationId = Annotated[str, Path(max_length=32)]
ConsentId = Annotated[str, Path(max_length=32)]
ANSWERS = {action.value: action for action in ConsentAction}


@router.get("/applications/{application_id}/consents")
async def show_needed(visit: Visiting, application_id: ApplicationId) -> Response:
    """The consents of one application, each with its notice and where it stands."""
    _ = visit.context.actor
    return await _needed(visit, application_id)


@router.post("/applications/{application_id}/consents")
async def ask(visit: Visiting, request: Request, application_id: ApplicationId) -> Response:
    """Ask for those that are missing; one's own are answered on the next page."""
    _ = visit.context.actor
    form = await typed(request)
    wish = AskConsents(party=form.text("party")[:64] or None, dataset=form.text("dataset")[:64] or None)
    async with again(partial(_needed, visit, application_id), passing=()):
        await visit.call(consents.ask, application_id=application_id, wish=wish)
    return visit.go(f"/applications/{as_part(application_id)}/consents", "asked")


@router.get("/my/consents")
async def show_mine(visit: Visiting, cursor: Annotated[str | None, Query(max_length=300)] = None) -> Response:
    """What one was asked, newest first."""
    visit.must_be(Role.APPLICANT)
    page = await visit.read(consents.mine, cursor=cursor, limit=PAGE)
    return visit.page("consents", lines=page.entries, next=page.next, is_first=cursor is None)


@router.get("/my/consents/{consent_id}")
async def show_one(visit: Visiting, consent_id: ConsentId) -> Response:
    """The whole notice, and what may be answered."""
    visit.must_be(Role.APPLICANT)
    return await _one(visit, consent_id)


@router.post("/my/consents/{consent_id}")
async def answer(visit: Visiting, request: Request, consent_id: ConsentId) -> Response:
    """Give, refuse or withdraw it."""
    visit.must_be(Role.APPLICANT)
    form = await typed(request)
    action = ANSWERS.get(form.text("action"))
    if action is None:
        return await _one(visit, consent_id)
    async with again(partial(_one, visit, consent_id), passing=()):
        await visit.perform(consents.answer, consent_id=consent_id, action=action)
    return visit.go(f"/my/consents/{as_part(consent_id)}", "answered")


async def _needed(visit: Visit, application_id: str, errors: Errors = NONE) -> Response:
    found = await visit.read(consents.needed, application_id=application_id)
    return visit.page("consents_needed", 422 if errors else 200, found=found, application=application_id, errors=errors)


async def _one(visit: Visit, consent_id: str, errors: Errors = NONE) -> Response:
    found = await visit.read(consents.show, consent_id=consent_id)
    return visit.page("consent", 422 if errors else 200, it=found, errors=errors)
