"""多地联办: choosing where items of a draft are handled, and the one page on which the places of a case meet."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.domain.together import TEXT_LENGTH
from app.domain.vocabulary import Role
from app.schemas.together import NoteIn, PlacesIn
from app.transport.doors import Doors
from app.usecases import access, together, waiting_notes
from app.web.again import again, mended
from app.web.desk_actions import within
from app.web.forms import NONE, Errors, Typed, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

Id = Annotated[str, Path(max_length=32)]
Number = Annotated[int, Path(ge=1, le=1000)]
OFFICIALS = (Role.CLERK, Role.OFFICER, Role.SUPERVISOR)
PREFIX = "place."
PAGE = 30
MOST_COUNTED = 9


@router.get("/applications/{application_id}/places")
async def show_choices(visit: Visiting, application_id: Id) -> Response:
    """The items of a draft that may be handled in another place."""
    return await _choices(visit, application_id)


@router.post("/applications/{application_id}/places")
async def choose(visit: Visiting, request: Request, application_id: Id) -> Response:
    """Keep the places chosen."""
    form = await typed(request)
    chosen = form.below(PREFIX)
    async with again(lambda errors: _choices(visit, application_id, form, _placed(errors))):
        wish = PlacesIn(places={item[:64]: place[:12] or None for item, place in list(chosen.items())[:40]})
        await visit.perform(together.choose, application_id=application_id, wish=wish)
    return visit.go(f"/applications/{as_part(application_id)}", "saved")


@router.get("/together")
async def show_waiting(visit: Visiting, cursor: Annotated[str | None, Query(max_length=300)] = None) -> Response:
    """The notes that wait for one's own place."""
    visit.must_be(Role.CLERK, Role.OFFICER)
    page = await visit.read(waiting_notes.waiting, cursor=cursor, limit=PAGE)
    return visit.page("waiting_notes", lines=page.entries, next=page.next, is_first=cursor is None)


async def waiting_here(visit: Visit) -> str:
    """How many cases have notes that wait for one's own place, for the tab that leads to them; empty for none."""
    page = await visit.read(waiting_notes.waiting, cursor=None, limit=MOST_COUNTED)
    count = len(page.entries)
    return f"{count}+" if page.next else str(count or "")


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
    async with again(partial(_together, visit, application_id, form)) as faults:
        text = within(form.text("text"), TEXT_LENGTH, "/text", faults)
        mended(faults)
        wish = NoteIn(to=form.text("to")[:12], text=text)
        await visit.perform(together.send, application_id=application_id, wish=wish)
    return visit.go(f"/together/{as_part(application_id)}", "sent")


@router.post("/together/{application_id}/notes/{number}/sign")
async def sign_note(visit: Visiting, application_id: Id, number: Number) -> Response:
    """签收."""
    visit.must_be(Role.CLERK, Role.OFFICER)
    async with again(partial(_together, visit, application_id, None)):
        await visit.perform(together.sign, application_id=application_id, number=number)
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
