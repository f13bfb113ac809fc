"""电子证照: what a holder, a desk, the issuing office and a stranger get to see, and what they send."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.vocabulary import ILLUSTRATIVE
from app.schemas.common import Bilingual, In, Instant, Out, Term

CodeText = Annotated[
    str,
    Field(max_length=40, description="spaces, hyphens and lower case do not matter", examples=["7KQM-2XHP-9RTW-4BCD"]),
]


class CompanyOut(Out):
    """The business a certificate is for."""

    uscc: str | None
    name: str


class CertificateFactOut(Out):
    """One line that stands on it."""

    label: Bilingual
    value: str


class HoldingLineOut(Out):
    """One certificate of a wallet."""

    number: str = Field(examples=["ID-330802-000013"])
    type: str | None = Field(description="certificate type of the pack", examples=["resident_id_card_cert"])
    name: Bilingual
    status: Term
    issuer: Bilingual
    department: str = Field(description="office that issued it")
    issued_on: date
    valid_until: date | None = Field(description="last day; null without an end")
    company: CompanyOut | None = Field(description="whose it is when it is not a person's")
    application_id: str | None = Field(description="the application it came from, when it was issued here")


class CertificateMoveOut(Out):
    """One row of its history."""

    seq: int
    at: Instant
    kind: Term
    actor: str = Field(description="an officer appears as the department")
    why: str | None
    standing: Term


class CertificateUsedOut(Out):
    """One use of it."""

    at: Instant
    kind: Term
    department: str | None
    application_id: str | None
    material: str | None
    purpose: str | None
    actor: str


class HoldingOut(HoldingLineOut):
    """One certificate in full, for its holder and for who was authorised."""

    identifier: str = Field(description="证照标识: likely in shape, illustrative in content")
    holder_name: Bilingual
    facts: list[CertificateFactOut]
    history: list[CertificateMoveOut]
    uses: list[CertificateUsedOut] = Field(description="who used it; for the holder alone")
    allowed: list[Term] = Field(description="what the asker may do with it now")
    label: Bilingual = Bilingual.of(ILLUSTRATIVE)


class ShownOut(Out):
    """亮证: a code that anybody may check for a few minutes."""

    code: str = Field(description="shown once; only its hash is kept", examples=["7KQM-2XHP-9RTW-4BCD"])
    expires_at: datetime
    verify_url: str = Field(description="what the QR code holds")
    qr_svg: str


class Authorisation(In):
    """授权用证: for one case (``application``: its reference, or the id of a draft), or for one department."""

    application: str | None = Field(None, max_length=60, examples=["L330802-20260312-00017-1"])
    department: str | None = Field(None, max_length=80, examples=["market.330802"])
    material: str | None = Field(None, max_length=64, description="material of the case it is to stand for")
    purpose: str = Field(max_length=200, description="what it may be used for")


class AuthorisedOut(Out):
    """用证码: for one case or department and one purpose, once."""

    code: str = Field(description="shown once; only its hash is kept")
    expires_at: datetime
    purpose: str


class Redemption(In):
    """A 用证码 as the holder showed it."""

    code: CodeText
    material: str | None = Field(None, max_length=64, description="where the case has several that it may stand for")


class RedeemedOut(Out):
    """The certificate, and what it stands for now."""

    certificate: HoldingOut
    application_id: str | None
    reference: str | None
    material: str | None
    purpose: str | None
    redeemed_at: Instant


class Cancellation(In):
    """Why (optional)."""

    reason: str | None = Field(None, max_length=500)


class CertificateAct(In):
    """A move of the issuing office."""

    action: Literal["freeze", "unfreeze", "revoke"]
    reason: str = Field(max_length=500, description="the holder reads it")


class SignatureOut(Out):
    """Ed25519 (RFC 8032) over the canonical JSON of ``certificate``."""

    algorithm: Literal["Ed25519"]
    key: str = Field(description="id of the signing key")
    public_key: str = Field(description="32 bytes, base64; compare with the keys the platform publishes")
    value: str = Field(description="64 bytes, base64")


class SignedCertificateOut(Out):
    """A certificate anyone can check offline.

    The signed bytes are the JSON of ``certificate`` in UTF-8, keys in code-point order, no spaces, non-ASCII unescaped.
    It says where the certificate stood when it was signed; where it stands now, only the platform knows.
    """

    certificate: dict[str, Any]
    signature: SignatureOut


class SignatureIn(In):
    """The signature of a document."""

    algorithm: Literal["Ed25519"]
    key: str = Field(max_length=20)
    public_key: str = Field(max_length=64)
    value: str = Field(max_length=128)


class SignedCertificateIn(In):
    """A document as it was downloaded."""

    certificate: dict[str, Any]
    signature: SignatureIn


class Verification(In):
    """What is to be checked: a code somebody shows, or a signed document."""

    code: CodeText | None = None
    document: SignedCertificateIn | None = None


class VerifiedOut(Out):
    """All that a stranger learns of a genuine certificate."""

    is_genuine: Literal[True] = True
    name: Bilingual = Field(description="kind of certificate")
    holder: Bilingual = Field(description="a person's name is masked; the name of a business is public")
    status: Term
    valid_until: date | None
    note: Bilingual
    label: Bilingual = Bilingual.of(ILLUSTRATIVE)
