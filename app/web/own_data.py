"""我的数据: who looked at what, objecting to a look, taking everything along, keeping and erasing."""

from functools import partial
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from app.domain.sharing import Purpose
from app.domain.vocabulary import Role
from app.schemas.erasures import ErasureWish
from app.schemas.my_data import ContestIn
from app.storage.sharing import LooksWanted
from app.transport.doors import Doors
from app.usecases import erasure, my_data, my_export
from app.web.again import again
from app.web.forms import NONE, Errors, Typed, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

PAGE = 15
Cursor = Annotated[str | None, Query(max_length=300)]
LookId = Annotated[str, Path(max_length=32)]


@router.get("/my/data")
async def show_looks(
    visit: Visiting,
    purpose: Annotated[str, Query(max_length=20)] = "",
    refused: Annotated[str, Query(max_length=3)] = "",
    cursor: Cursor = None,
) -> Response:
    """Who looked at what, newest first; refused looks stand there, too."""
    visit.must_be(Role.APPLICANT)
    known = next((one.value for one in Purpose if one.value == purpose), None)
    wanted: Any = LooksWanted(None, None, None, known, "denied" if refused == "yes" else None, None, None)
    page = await visit.read(my_data.looks, wanted=wanted, cursor=cursor, limit=PAGE)
    return visit.page(
        "looks",
        lines=page.entries,
        next=page.next,
        is_first=cursor is None,
        purposes=list(Purpose),
        purpose=known or "",
        refused=refused,
    )


@router.get("/my/data/export.json")
async def export(visit: Visiting) -> Response:
    """Everything kept about oneself, as a file."""
    visit.must_be(Role.APPLICANT)
    found = await visit.read(my_export.everything)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "private, no-store"}
    return Response(found.model_dump_json(indent=1), media_type="application/json", headers=headers)


@router.get("/my/data/looks/{look_id}/contest")
async def show_contest(visit: Visiting, look_id: LookId) -> Response:
    """The form to object to one look."""
    visit.must_be(Role.APPLICANT)
    return _contest(visit, look_id)


@router.post("/my/data/looks/{look_id}/contest")
async def contest(visit: Visiting, request: Request, look_id: LookId) -> Response:
    """Object to one look; supervision examines it."""
    visit.must_be(Role.APPLICANT)
    form = await typed(request)
    async with again(partial(_contest, visit, look_id, form), passing=()):
        wish = ContestIn(reason=form.text("reason")[:500])
        made = await visit.perform(my_data.contest, look_id=look_id, wish=wish)
    return visit.go(f"/my/matters/{as_part(made.matter_id)}", "reported")


@router.get("/my/retention")
async def show_retention(visit: Visiting, cursor: Cursor = None) -> Response:
    """How long each application is kept, and what may be erased today."""
    visit.must_be(Role.APPLICANT, Role.AGENT)
    return await _retention(visit, cursor)


@router.post("/my/retention")
async def erase(visit: Visiting, request: Request) -> Response:
    """Erase one: asked once more before it happens."""
    visit.must_be(Role.APPLICANT, Role.AGENT)
    form = await typed(request)
    application = form.text("application")[:32]
    if not form.flag("sure"):
        return visit.page("erase_sure", application=application)
    async with again(partial(_retention, visit, None), passing=()):
        await visit.perform(erasure.ask, wish=ErasureWish(application=application))
    return visit.go("/my/retention", "erased")


def _contest(visit: Visit, look_id: str, form: Typed | None = None, errors: Errors = NONE) -> Response:
    return visit.page("contest", 422 if errors else 200, look=look_id, form=form or Typed(), errors=errors)


async def _retention(visit: Visit, cursor: str | None, errors: Errors = NONE) -> Response:
    page = await visit.read(erasure.retention, cursor=cursor, limit=PAGE)
    return visit.page(
        "retention",
        422 if errors else 200,
        lines=page.entries,
        next=page.next,
        is_first=cursor is None,
        errors=errors,
    )
