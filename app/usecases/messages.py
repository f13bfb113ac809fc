"""The message centre of an applicant: what arrived, what is unread, and marking it as read."""

from datetime import UTC, datetime

from app.domain.applications import Actor
from app.domain.errors import NotFound
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Page, Term
from app.schemas.papers import MessageOut, UnreadOut
from app.storage import papers as rows
from app.storage.changes import Changes
from app.storage.papers import MessageLine
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import paging
from app.usecases.context import Context

ERASED_TITLE = Text("已删除个人信息", "Personal information erased")
ERASED_BODY = Text(
    "这条消息的内容随申请的个人信息一起删除了。", "The words of this message were erased with the case they belong to."
)
AT_ONCE = 500
"""The most messages marked as read by one request."""


def inbox(context: Context, reader: Reader, cursor: str | None, limit: int, *, only_unread: bool) -> Page[MessageOut]:
    """The person's own messages, newest first; an agent reads those of the person acted for."""
    found = paging.position(cursor, 1)
    before = found[0] if found else None
    lines = rows.messages_of(reader, _box(context), before, limit + 1, only_unread=only_unread)
    page = lines[:limit]
    return Page(
        entries=[_out(line, line.read_at) for line in page],
        next=paging.cursor(page[-1].id) if len(lines) > limit else None,
    )


def unread(context: Context, reader: Reader) -> UnreadOut:
    """How many messages wait to be read."""
    return UnreadOut(unread_count=rows.unread_count(reader, _box(context)))


def read(context: Context, reader: Reader, message_id: str) -> Outcome[MessageOut]:
    """Mark one message as read, by the person it is for; an agent's look leaves it unread. Twice is no error.

    Raises :class:`NotFound` for somebody else's message.
    """
    who = context.acting(Role.APPLICANT)
    line = rows.message(reader, message_id)
    if line is None or line.account != who.account:
        raise NotFound(Text("没有找到这条消息。", "There is no such message."))
    if line.read_at is not None:
        return Outcome(_out(line, line.read_at))
    return Outcome(_out(line, context.at.astimezone(UTC)), Changes(updates=[rows.marked_read(line.id, context.at)]))


def read_all(context: Context, reader: Reader) -> Outcome[UnreadOut]:
    """Mark the oldest unread messages as read, up to :data:`AT_ONCE`; the answer is how many are left."""
    who = context.acting(Role.APPLICANT)
    ids, count = rows.unread_ids(reader, who.account, AT_ONCE), rows.unread_count(reader, who.account)
    updates = [rows.marked_read(message_id, context.at) for message_id in ids]
    return Outcome(UnreadOut(unread_count=count - len(ids)), Changes(updates=updates) if updates else None)


def _box(context: Context) -> str:
    who: Actor = context.acting(Role.APPLICANT, Role.AGENT)
    return who.on_behalf_of or who.account


def _out(line: MessageLine, read_at: datetime | None) -> MessageOut:
    return MessageOut(
        id=line.id,
        application_id=line.application_id,
        offer_id=line.offer_id,
        matter_id=line.matter_id,
        kind=Term.of(line.kind),
        title=Bilingual.of(line.title if line.title.zh else ERASED_TITLE),
        body=Bilingual.of(line.body if line.title.zh else ERASED_BODY),
        papers=list(line.papers),
        created_at=line.created_at,
        is_read=read_at is not None,
        read_at=read_at,
        sent_at=line.sent_at,
    )
