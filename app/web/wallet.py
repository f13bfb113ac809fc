"""One certificate of the wallet: 亮证, 用证码, its signed file; and checking anybody's."""

from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import Path, Query, Request, Response
from pydantic import ValidationError

from app.connectors.qr import qr_svg
from app.domain.errors import Fault, InvalidInput, Refusal
from app.domain.vocabulary import Role, Text
from app.schemas.certificates import (
    Authorisation,
    Cancellation,
    SignedCertificateIn,
    Verification,
    VerifiedOut,
)
from app.transport.doors import Doors
from app.usecases import certificate_codes, certificate_documents, certificates
from app.usecases.accounts import department
from app.web.again import again
from app.web.forms import NONE, Errors, Typed, errors_of, typed
from app.web.visits import Visit, Visiting, as_part

router = Doors(include_in_schema=False)

Number = Annotated[str, Path(max_length=64)]
LARGEST_FILE = 100_000
"""Characters; a signed certificate has about two thousand."""


@router.get("/my/certificates/{number}")
async def show(visit: Visiting, number: Number) -> Response:
    """One certificate with its history and uses."""
    visit.must_be(Role.APPLICANT)
    return await _page(visit, number)


@router.post("/my/certificates/{number}/show")
async def present(visit: Visiting, number: Number) -> Response:
    """亮证: a code that dies in minutes."""
    visit.must_be(Role.APPLICANT)
    shown = await visit.perform(certificate_codes.present, number=number)
    base = visit.platform.settings.public_url.rstrip("/") or str(visit.request.base_url).rstrip("/")
    link = f"{base}/verify?code={shown.code}"
    here = visit.at(_place(number))
    return here.page("certificate_shown", code=shown.code, until=shown.expires_at, link=link, number=number)


@router.post("/my/certificates/{number}/authorise")
async def authorise(visit: Visiting, request: Request, number: Number) -> Response:
    """用证码: one case or department, one purpose, once."""
    visit.must_be(Role.APPLICANT)
    form = await typed(request)
    async with again(partial(_page, visit, number, form), passing=()):
        wish = Authorisation(
            application=form.text("application")[:60] or None,
            department=form.text("department")[:80] or None,
            purpose=form.text("purpose")[:200],
        )
        made = await visit.perform(certificate_codes.authorise, number=number, wish=wish)
    return await _page(visit, number, authorised=made)


@router.get("/my/certificates/{number}/document.json")
async def download(visit: Visiting, number: Number) -> Response:
    """The signed file that anyone checks offline."""
    visit.must_be(Role.APPLICANT)
    found = await visit.read(certificate_documents.signed, number=number)
    headers = {"Content-Disposition": 'attachment; filename="certificate.json"', "Cache-Control": "private, no-store"}
    return Response(found.model_dump_json(indent=1), media_type="application/json", headers=headers)


@router.post("/my/certificates/{number}/cancel")
async def cancel(visit: Visiting, request: Request, number: Number) -> Response:
    """注销 at the holder's own wish, asked once more."""
    visit.must_be(Role.APPLICANT)
    form = await typed(request)
    if not form.flag("sure"):
        return visit.at(_place(number)).page("certificate_cancel", number=number)
    async with again(partial(_page, visit, number, form)):
        await visit.perform(certificates.cancel, number=number, wish=Cancellation(reason=form.text("reason") or None))
    return visit.go(f"/my/certificates/{as_part(number)}", "done")


@router.get("/verify")
async def show_verify(visit: Visiting, code: Annotated[str, Query(max_length=40)] = "") -> Response:
    """Check a code that somebody shows; a scanned QR leads here with it."""
    if not code:
        return visit.page("verify", found=None, form=Typed(), errors=NONE)
    return await _verified(visit, Verification(code=code), Typed())


@router.post("/verify")
async def verify(visit: Visiting, request: Request) -> Response:
    """Check a code or a signed file."""
    form = await typed(request)
    try:
        wish = Verification(code=form.text("code")[:40] or None, document=_document(form))
    except InvalidInput as refusal:
        return visit.page("verify", 422, found=None, form=form, errors=errors_of(refusal))
    return await _verified(visit, wish, form)


async def _verified(visit: Visit, wish: Verification, form: Typed) -> Response:
    found: VerifiedOut | None = None
    errors = NONE
    try:
        found = await visit.perform(certificate_codes.verify, wish=wish)
        if found is None:
            raise certificate_codes.refusal()
    except Refusal as refusal:
        errors = errors_of(refusal)
    return visit.page("verify", 422 if errors else 200, found=found, form=form, errors=errors)


def _place(number: str) -> str:
    """Where a page that answers a post is opened again."""
    return f"/my/certificates/{as_part(number)}"


def _document(form: Typed) -> SignedCertificateIn | None:
    upload = form.file("document")
    if upload is None:
        return None
    try:
        content = upload.content
        if len(content) > LARGEST_FILE:
            raise ValueError
        return SignedCertificateIn.model_validate(orjson.loads(content))
    except (ValidationError, ValueError):
        text = Text("这不是下载的证照文件（JSON）。", "This is not a certificate file as it was downloaded (JSON).")
        raise InvalidInput([Fault("/document", "not-a-document", text)]) from None


async def _page(
    visit: Visit, number: str, form: Typed | None = None, errors: Errors = NONE, authorised: Any = None
) -> Response:
    found = await visit.read(certificates.show, number=number)
    offices = {code for use in found.uses if (code := use.department)} | {move.actor for move in found.history}
    return visit.at(_place(number)).page(
        "certificate",
        422 if errors else 200,
        it=found,
        form=form or Typed(),
        errors=errors,
        authorised=authorised,
        offices={code: office.name for code in offices if (office := department(visit.context.world, code))},
        picture=qr_svg,
    )
