"""多地联办: choosing where items of a draft are handled, and the one page on which the places of a case meet."""

from typing import Annotated

from fastapi import Path, Request, Response

from app.domain.errors import Fault, InvalidInput, NotFound, Refusal
from app.domain.together import TEXT_LENGTH
from app.domain.vocabulary import Role
from app.schemas.together import NoteIn, PlacesIn
from app.transport.doors import Doors
from app.usecases import access, together
from app.web.desk_actions import within
from app.web.forms import NONE, Errors, Typed, errors_of, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

Id = Annotated[str, Path(max_length=32)]
Number = Annotated[int, Path(ge=1, le=1000)]
OFFICIALS = (Role.CLERK, Role.OFFICER, Role.SUPERVISOR)
PREFIX = "place."


@router.get("/applications/{application_id}/places")
async def show_choices(visit: Visiting, application_id: Id) -> Response:
    """The items of a draft that may be handled in another place."""
    return await _choices(visit, application_id)


@router.post("/applications/{application_id}/places")
async def choose(visit: Visiting, request: Request, application_id: Id) -> Response:
    """Keep the places chosen."""
    form = await typed(request)
    chosen = form.below(PREFIX)
    try:
        wish = PlacesIn(places={item[:64]: place[:12] or None for item, place in list(chosen.items())[:40]})
        await visit.perform(together.choose, application_id=application_id, wish=wish)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _choices(visit, application_id, form, _placed(errors_of(refusal)))
    return visit.go(f"/applications/{as_part(application_id)}", "saved")


@router.get("/together/{application_id}")
async def show_places(visit: Visiting, application_id: Id) -> Response:
    """Which place does what, how far it is, and the notes between them."""
    visit.must_be(*OFFICIALS)
    return await _together(visit, application_id)


@router.post("/together/{application_id}/notes")
async def send_note(visit: Visiting, request: Request, application_id: Id) -> Response:
    """A note to another place."""
    visit.must_be(Role.CLERK, Role.OFFICER)
    form = await typed(request)
    faults: list[Fault] = []
    text = within(form.text("text"), TEXT_LENGTH, "/text", faults)
    try:
        if faults:
            raise InvalidInput(faults)
        wish = NoteIn(to=form.text("to")[:12], text=text)
        await visit.perform(together.send, application_id=application_id, wish=wish)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _together(visit, application_id, form, errors_of(refusal))
    return visit.go(f"/together/{as_part(application_id)}", "sent")


@router.post("/together/{application_id}/notes/{number}/sign")
async def sign_note(visit: Visiting, application_id: Id, number: Number) -> Response:
    """签收."""
    visit.must_be(Role.CLERK, Role.OFFICER)
    try:
        await visit.perform(together.sign, application_id=application_id, number=number)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _together(visit, application_id, None, errors_of(refusal))
    return visit.go(f"/together/{as_part(application_id)}", "done")


def _placed(errors: Errors) -> Errors:
    """Every item has a control of its own."""
    return errors.renamed("/places/", "/place/")


async def _choices(visit: Visit, application_id: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    it = await visit.read(together.show, application_id=application_id)
    if it.reference is not None or not it.choices:
        raise access.no_such_application()
    return visit.at(f"/applications/{as_part(application_id)}/places").page(
        "places", 422 if errors else 200, it=it, form=form, errors=errors
    )


async def _together(visit: Visit, application_id: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    it = await visit.read(together.show, application_id=application_id)
    if it.reference is None:
        raise access.no_such_application()
    return visit.at(f"/together/{as_part(application_id)}").page(
        "together", 422 if errors else 200, it=it, form=form or Typed(), errors=errors
    )
