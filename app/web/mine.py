"""What is the visitor's own: applications and drafts, messages, certificates, credit notes."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.vocabulary import Role
from app.usecases import applications, certificates, lists, messages
from app.web.visits import Visiting

router = APIRouter(include_in_schema=False)

Cursor = Annotated[str, Query(max_length=200)]
SIDE = (Role.APPLICANT, Role.AGENT)


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
    return visit.page("messages", page=page, cursor=cursor)


@router.post("/my/messages/read")
async def read_all(visit: Visiting) -> Response:
    """Mark all of them as read."""
    await visit.perform(messages.read_all)
    return visit.go("/my/messages", "read")


@router.post("/my/messages/{message_id}/read")
async def read_one(visit: Visiting, message_id: str) -> Response:
    """Mark one as read, and go to what it is about."""
    message = await visit.perform(messages.read, message_id=message_id)
    return visit.go(f"/applications/{message.application_id}" if message.application_id else "/my/messages")


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
