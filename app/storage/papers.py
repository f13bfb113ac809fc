"""Papers and messages ↔ rows. A paper's content is stored as it was served and read back unchanged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select

from app.domain.messages import Message, MessageKind
from app.domain.papers import Paper, PaperKind, content_of, digest_of
from app.domain.vocabulary import Text
from app.storage.changes import Row, Update
from app.storage.mapping import CorruptRow
from app.storage.paper_tables import MESSAGE, PAPER
from app.storage.queries import NUL, Reader
from app.storage.sealing import Found

_PAPER: TypeAdapter[Paper] = TypeAdapter(Paper)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of the papers of an application."""

    number: str
    application_id: str
    item: str | None
    kind: PaperKind
    title: Text
    issuer: Text
    department: str
    recipient: str
    served_at: datetime


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A paper as its row holds it. ``content`` is what was served, ``digest`` what it must add up to. Which ``kind`` it
    is stays when the content is erased."""

    application_id: str
    kind: PaperKind
    department: str
    content: Mapping[str, Any]
    digest: str
    verify_code: str

    @property
    def is_intact(self) -> bool:
        """Whether the content is still the one that was served."""
        return digest_of(self.content) == self.digest

    @property
    def paper(self) -> Paper:
        """The paper; raises :class:`CorruptRow` when the row holds none."""
        try:
            return _PAPER.validate_python(self.content)
        except ValidationError as error:
            places = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False, include_url=False)]
            raise CorruptRow(f"a stored paper cannot be read back: {', '.join(places)}") from None


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message of one account."""

    id: str
    account: str
    application_id: str | None
    offer_id: str | None
    matter_id: str | None
    kind: MessageKind
    title: Text
    body: Text
    papers: tuple[str, ...]
    created_at: datetime
    read_at: datetime | None
    sent_at: datetime | None


def paper_row(paper: Paper, application_id: str, verify_code: str) -> Row:
    """The row of a paper, with its digest."""
    content = content_of(paper)
    return {
        "number": paper.number,
        "application_id": application_id,
        "item": paper.item,
        "kind": paper.kind.value,
        "department": paper.department,
        "recipient": paper.recipient,
        "served_at": paper.served_at,
        "content": content,
        "digest": digest_of(content),
        "verify_code": verify_code,
    }


def message_row(
    message: Message,
    message_id: str,
    application_id: str | None,
    at: datetime,
    *,
    offer_id: str | None = None,
    matter_id: str | None = None,
) -> Row:
    """The row of a message, unread and unsent: about an application, an offer made without one, or a matter."""
    return {
        "id": message_id,
        "account": message.account,
        "application_id": application_id,
        "offer_id": offer_id,
        "matter_id": matter_id,
        "kind": message.kind.value,
        "title_zh": message.title.zh,
        "title_en": message.title.en,
        "body_zh": message.body.zh,
        "body_en": message.body.en,
        "papers": list(message.papers),
        "created_at": at,
        "read_at": None,
        "sent_at": None,
        "claimed_until": None,
        "attempts": 0,
    }


def papers_of(reader: Reader, application_id: str) -> list[PaperLine]:
    """Every paper of an application, in the order they were served."""
    query = select(PAPER).where(PAPER.c.application_id == application_id).order_by(PAPER.c.served_at, PAPER.c.number)
    return [_paper_line(row) for row in reader.rows(query)]


def paper(reader: Reader, number: str) -> StoredPaper | None:
    """The paper with this number, or None."""
    if NUL in number:
        return None
    row = reader.row(select(PAPER).where(PAPER.c.number == number))
    if row is None:
        return None
    return StoredPaper(**{name: row[name] for name in StoredPaper.__slots__} | {"kind": _kind(row["kind"])})


def unsalted(reader: Reader, application_id: str) -> list[str]:
    """The numbers of an application's papers from before digests were salted."""
    query = select(PAPER).where(PAPER.c.application_id == application_id).order_by(PAPER.c.number)
    return [row["number"] for row in reader.rows(query) if row["content"] and not row["content"].get("salt")]


def messages_of(
    reader: Reader, account: str, before: str | None, limit: int, *, only_unread: bool
) -> list[MessageLine]:
    """An account's messages, newest first, older than the one with the id ``before``."""
    query = select(MESSAGE).where(MESSAGE.c.account == account)
    if only_unread:
        query = query.where(MESSAGE.c.read_at.is_(None))
    if before is not None:
        query = query.where(MESSAGE.c.id < before)
    return [_message_line(row) for row in reader.rows(query.order_by(MESSAGE.c.id.desc()).limit(limit))]


def message(reader: Reader, message_id: str) -> MessageLine | None:
    """The message with this id, or None."""
    if NUL in message_id:
        return None
    row = reader.row(select(MESSAGE).where(MESSAGE.c.id == message_id))
    return None if row is None else _message_line(row)


def unread_count(reader: Reader, account: str) -> int:
    """How many messages the account has not read."""
    query = select(func.count()).where(MESSAGE.c.account == account, MESSAGE.c.read_at.is_(None))
    return reader.connection.execute(query).scalar_one()


def unread_ids(reader: Reader, account: str, limit: int) -> list[str]:
    """The ids of the oldest messages the account has not read."""
    query = select(MESSAGE.c.id).where(MESSAGE.c.account == account, MESSAGE.c.read_at.is_(None))
    return list(reader.connection.execute(query.order_by(MESSAGE.c.id).limit(limit)).scalars())


def marked_read(message_id: str, at: datetime) -> Update:
    """The change that marks a message as read."""
    return Update("message", message_id, {"read_at": at})


def _paper_line(row: Found) -> PaperLine:
    own = {name: row[name] for name in ("number", "application_id", "item", "department", "recipient", "served_at")}
    content = row["content"]
    return PaperLine(**own, kind=_kind(row["kind"]), title=Text(**content["title"]), issuer=Text(**content["issuer"]))


def _kind(value: str) -> PaperKind:
    return PaperKind[value.upper()]


def _message_line(row: Found) -> MessageLine:
    names = ("id", "account", "application_id", "offer_id", "matter_id", "created_at", "read_at", "sent_at")
    own = {name: row[name] for name in names}
    return MessageLine(
        **own,
        kind=MessageKind[row["kind"].upper()],
        title=Text(row["title_zh"], row["title_en"]),
        body=Text(row["body_zh"], row["body_en"]),
        papers=tuple(row["papers"]),
    )
