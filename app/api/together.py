"""多地联办: where items of a draft are handled, who does what where afterwards, and the notes between the places."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query, Response

from app.api.responses import READ, WRITE
from app.schemas.common import Cursor, Page
from app.schemas.together import NoteIn, PlacesIn, TogetherOut, WaitingNotesOut
from app.transport.doors import Doors
from app.transport.identity import IdempotencyKey, SignedIn, ThePlatform
from app.usecases import together, waiting_notes

router = Doors(tags=["applications 申请"])

Id = Annotated[str, Path(alias="application_id", max_length=32, description="申请的 id / id of the application")]
Number = Annotated[int, Path(ge=1, le=1000, description="协同单序号 / number of the note")]


@router.get("/applications/{application_id}/places", operation_id="showPlaces", responses=READ)
async def show_places(context: SignedIn, platform: ThePlatform, application_id: Id) -> TogetherOut:
    """多地联办：谁牵头、哪地办什么、办到哪里、同一个日期。 / Several places: who leads, who does what, how far."""
    return await platform.store.aread(partial(together.show, context, application_id=application_id))


@router.put("/applications/{application_id}/places", operation_id="choosePlaces", responses=WRITE)
async def choose_places(context: SignedIn, platform: ThePlatform, application_id: Id, wish: PlacesIn) -> TogetherOut:
    """多地联办：草稿里选择事项的办理地。 / Several places: where items of a draft are handled."""
    return await platform.store.aperform(partial(together.choose, context, application_id=application_id, wish=wish))


@router.get("/notes", operation_id="listWaitingNotes", responses=READ)
async def list_waiting_notes(
    context: SignedIn,
    platform: ThePlatform,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
) -> Page[WaitingNotesOut]:
    """多地联办：等本地签收的协同单，按申请列出。 / Several places: notes that wait for one's own place, by case."""
    return await platform.store.aread(partial(waiting_notes.waiting, context, cursor=cursor, limit=limit))


@router.post("/applications/{application_id}/notes", operation_id="sendNote", status_code=201, responses=WRITE)
async def send_note(
    context: SignedIn,
    platform: ThePlatform,
    response: Response,
    application_id: Id,
    wish: NoteIn,
    key: IdempotencyKey = None,
) -> TogetherOut:
    """多地联办：给另一地发协同单。 / Several places: a note to another one."""
    sent = partial(together.send, context, application_id=application_id, wish=wish, key=key)
    shown = await platform.store.aperform(sent)
    response.headers["Location"] = f"/api/v1/applications/{application_id}/places"
    return shown


@router.post("/applications/{application_id}/notes/{number}/sign", operation_id="signNote", responses=WRITE)
async def sign_note(context: SignedIn, platform: ThePlatform, application_id: Id, number: Number) -> TogetherOut:
    """多地联办：签收协同单。 / Several places: sign for a note."""
    return await platform.store.aperform(partial(together.sign, context, application_id=application_id, number=number))
