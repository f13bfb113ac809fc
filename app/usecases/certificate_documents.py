"""A certificate as a signed file that anybody checks offline, and such a file held against what is true now.

The signature is Ed25519 (RFC 8032). SM2 (GB/T 32918), which certificates of this kind are often signed with, is not
offered: no maintained library serves it here, and signatures are not written at home.
"""

import base64
import binascii
from typing import Any

from app.domain.certificates import Holding, Side, canonical
from app.domain.deadlines import BEIJING
from app.domain.vocabulary import ILLUSTRATIVE, Role, Text
from app.schemas.certificates import SignatureOut, SignedCertificateIn, SignedCertificateOut
from app.storage.keys import Signature
from app.storage.queries import Reader
from app.usecases import certificates, wallets
from app.usecases.context import Context

ALGORITHM = "Ed25519"


def signed(context: Context, reader: Reader, number: str) -> SignedCertificateOut:
    """One certificate of whoever asks, as of now, signed; raises :class:`NotFound`."""
    context.acting(Role.APPLICANT)
    holding = wallets.own_holding(context, reader, number)
    content = _content(context, holding)
    signature = context.world.keys.sign(canonical(content))
    public = context.world.keys.public_keys()[signature.key]
    return SignedCertificateOut(
        certificate=content,
        signature=SignatureOut(
            algorithm=ALGORITHM, key=signature.key, public_key=_text(public), value=_text(signature.value)
        ),
    )


def certified(context: Context, reader: Reader, document: SignedCertificateIn) -> Holding | None:
    """The certificate that a file speaks of, or None when this platform did not sign exactly that content.

    The platform goes by its own keys, never by the one in the file.
    """
    try:
        value = base64.b64decode(document.signature.value, validate=True)
    except (binascii.Error, ValueError):
        return None
    message = canonical(document.certificate)
    if not context.world.keys.is_signed(message, Signature(document.signature.key, value)):
        return None
    number = document.certificate.get("number")
    return wallets.holding(context.world, reader, number) if isinstance(number, str) else None


def _content(context: Context, holding: Holding) -> dict[str, Any]:
    out = certificates.whole(context, holding, (), Side.HOLDER)
    return {
        "as_of": context.at.astimezone(BEIJING).isoformat(timespec="seconds"),
        "company": out.company.model_dump() if out.company else None,
        "facts": [fact.model_dump() for fact in out.facts],
        "holder": out.holder_name.model_dump(),
        "identifier": out.identifier,
        "issued_on": holding.issued_on.isoformat(),
        "issuer": {"department": holding.department, "name": out.issuer.model_dump()},
        "label": _plain(ILLUSTRATIVE),
        "name": out.name.model_dump(),
        "number": holding.number,
        "status": out.status.code,
        "type": holding.type,
        "valid_until": holding.valid_until.isoformat() if holding.valid_until else None,
    }


def _plain(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
