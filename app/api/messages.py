"""Messages: what the applicant hears about the own cases."""

from functools import partial
from typing import Annotated

from fastapi import Path, Query

from app.api.responses import READ, refusals
from app.schemas.common import Cursor, Page
from app.schemas.papers import MessageOut, UnreadOut
from app.transport.doors import Doors
from app.transport.identity import SignedIn, ThePlatform
from app.usecases import messages

router = Doors(tags=["messages 消息"])
WRITE = refusals("not-signed-in", "not-allowed", "not-found", "invalid-input", "stale")


@router.get("/messages", operation_id="listMessages", responses=READ)
async def list_messages(
    context: SignedIn,
    platform: ThePlatform,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页几条 / entries of a page")] = 20,
    only_unread: Annotated[bool, Query(alias="unread", description="只看未读 / only those not read yet")] = False,
) -> Page[MessageOut]:
    """我的消息，最新的在前。 / One's own messages, newest first."""
    return await platform.store.aread(
        partial(messages.inbox, context, cursor=cursor, limit=limit, only_unread=only_unread)
    )


@router.get("/messages/unread", operation_id="countUnread", responses=READ)
async def count_unread(context: SignedIn, platform: ThePlatform) -> UnreadOut:
    """未读消息数。 / How many messages wait to be read."""
    return await platform.store.aread(partial(messages.unread, context))


@router.post("/messages/read", operation_id="readAllMessages", responses=WRITE)
async def read_all_messages(context: SignedIn, platform: ThePlatform) -> UnreadOut:
    """全部标为已读。 / Mark all messages as read; the answer says how many are left when there are very many."""
    return await platform.store.aperform(partial(messages.read_all, context))


@router.post("/messages/{message_id}/read", operation_id="readMessage", responses=WRITE)
async def read_message(
    context: SignedIn,
    platform: ThePlatform,
    message_id: Annotated[str, Path(max_length=32, description="消息的 id / id of the message")],
) -> MessageOut:
    """标为已读。 / Mark one message as read; once more is no error."""
    return await platform.store.aperform(partial(messages.read, context, message_id=message_id))
