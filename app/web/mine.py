"""What is the visitor's own: applications and drafts, messages, certificates, credit notes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Response

from app.domain.messages import MessageKind
from app.domain.vocabulary import Role, Text
from app.schemas.papers import MessageOut
from app.transport.doors import Doors
from app.usecases import applications, certificates, lists, messages
from app.web.visits import Visiting

router = Doors(include_in_schema=False)

Cursor = Annotated[str, Query(max_length=200)]
SIDE = (Role.APPLICANT, Role.AGENT)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message leads, and what the link says."""

    place: str
    words: Text


@router.get("/my")
async def show_applications(visit: Visiting, cursor: Cursor = "") -> Response:
    """Applications and drafts, newest first."""
    visit.must_be(*SIDE)
    page = await visit.read(lists.applications, cursor=cursor or None, limit=20)
    return visit.page(
        "my",
        drafts=[line for line in page.entries if line.status.code == "draft"],
        sent=[line for line in page.entries if line.status.code != "draft"],
        next=page.next,
        cursor=cursor,
    )


@router.get("/my/messages")
async def show_messages(visit: Visiting, cursor: Cursor = "") -> Response:
    """Messages, newest first."""
    visit.must_be(*SIDE)
    page = await visit.read(messages.inbox, cursor=cursor or None, limit=20, only_unread=False)
    targets = {message.id: target_of(message, visit.role) for message in page.entries}
    return visit.page("messages", page=page, cursor=cursor, targets=targets)


@router.post("/my/messages/read")
async def read_all(visit: Visiting) -> Response:
    """Mark all of them as read."""
    await visit.perform(messages.read_all)
    return visit.go("/my/messages", "read")


@router.post("/my/messages/{message_id}/read")
async def read_one(visit: Visiting, message_id: str) -> Response:
    """Mark one as read, and go to what it is about."""
    message = await visit.perform(messages.read, message_id=message_id)
    target = target_of(message, visit.role)
    return visit.go(target.place if target is not None else "/my/messages")


def target_of(message: MessageOut, role: str | None) -> Target | None:
    """What a message is about, as far as its reader may open it. Whoever is asked for a consent, or objected to a look,
    may know nothing of the application that it belongs to; what is personal is not an agent's."""
    if role == Role.APPLICANT.value:
        if message.offer_id is not None:
            return Target("/my/offers", Text("去确认", "Confirm or decline"))
        if message.kind.code == MessageKind.CONSENT_ASKED.value:
            return Target("/my/consents", Text("去答复", "Answer"))
        if message.matter_id is not None:
            return Target(f"/my/matters/{message.matter_id}", Text("看处理情况", "See how it was handled"))
    if message.application_id is None or message.kind.code == MessageKind.CONSENT_ASKED.value:
        return None
    return Target(f"/applications/{message.application_id}", Text("看办件", "See the case"))


@router.get("/my/certificates")
async def show_certificates(visit: Visiting) -> Response:
    """Electronic certificates, those issued here and those brought along."""
    visit.must_be(Role.APPLICANT)
    return visit.page("certificates", certificates=await visit.read(certificates.own))


@router.get("/my/credit")
async def show_credit(visit: Visiting) -> Response:
    """False commitments on record."""
    visit.must_be(*SIDE)
    return visit.page("credit", notes=await visit.read(applications.credit_notes))
