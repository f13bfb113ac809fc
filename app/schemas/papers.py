"""Papers (文书) and messages (消息) as they are read."""

from datetime import date, datetime

from pydantic import Field

from app.domain.papers import Fact, Paper, Section, Standing
from app.domain.vocabulary import ILLUSTRATIVE
from app.schemas.common import Bilingual, Out, Term


class PaperLineOut(Out):
    """One line of the papers of an application."""

    number: str = Field(examples=["L330802-20260312-00017-1-F1-W0842"])
    item: str | None = Field(description="null for papers of the whole application")
    kind: Term
    title: Bilingual = Field(description="a body without power writes 办理结果告知书 where an authority decides")
    issuer: Bilingual
    department: str
    recipient: str = Field(description="account it is served on; for a hand-over slip the receiving office")
    served_at: datetime
    may_open: bool = Field(description="whether the asker may read the paper itself")


class PaperFactOut(Out):
    """One line of particulars, and where its value comes from."""

    label: Bilingual
    value: Bilingual
    origin: Term

    @classmethod
    def of(cls, fact: Fact) -> "PaperFactOut":
        """From the domain."""
        return cls(label=Bilingual.of(fact.label), value=Bilingual.of(fact.value), origin=Term.of(fact.origin))


class SectionOut(Out):
    """One part of a paper: particulars, sentences, numbered points."""

    kind: Term
    title: Bilingual
    facts: list[PaperFactOut]
    paragraphs: list[Bilingual]
    points: list[Bilingual]

    @classmethod
    def of(cls, part: Section) -> "SectionOut":
        """From the domain."""
        return cls(
            kind=Term.of(part.kind),
            title=Bilingual.of(part.title),
            facts=[PaperFactOut.of(fact) for fact in part.facts],
            paragraphs=[Bilingual.of(text) for text in part.paragraphs],
            points=[Bilingual.of(text) for text in part.points],
        )


class PaperOut(Out):
    """One paper exactly as it was served; later changes of the case do not touch it."""

    number: str
    reference: str
    item: str | None
    kind: Term
    title: Bilingual
    issuer: Bilingual
    issuer_code: str = Field(description="fictional 统一社会信用代码 of the office that signs")
    addressee: Bilingual
    recipient: str
    served_at: datetime
    sections: list[SectionOut]
    label: Bilingual
    digest: str = Field(description="SHA-256 of the content as stored")
    standing: Term = Field(description="whether it still holds, as of now")
    verify_url: str = Field(description="what the QR code holds: anybody may check the paper there")

    @classmethod
    def of(cls, paper: Paper, digest: str, standing: Standing, verify_url: str) -> "PaperOut":
        """From the domain."""
        return cls(
            number=paper.number,
            reference=paper.reference,
            item=paper.item,
            kind=Term.of(paper.kind),
            title=Bilingual.of(paper.title),
            issuer=Bilingual.of(paper.issuer),
            issuer_code=paper.issuer_code,
            addressee=Bilingual.of(paper.addressee),
            recipient=paper.recipient,
            served_at=paper.served_at,
            sections=[SectionOut.of(part) for part in paper.sections],
            label=Bilingual.of(paper.label),
            digest=digest,
            standing=Term.of(standing),
            verify_url=verify_url,
        )


class PaperCertificateOut(Out):
    """Where the certificate that a paper put out stands now."""

    name: Bilingual
    holder: Bilingual = Field(description="a person's name is masked; the name of a business is public")
    status: Term
    valid_until: date | None


class VerificationOut(Out):
    """What anybody who holds a paper may learn about it: no content, and of a certificate's holder a masked name."""

    number: str
    is_authentic: bool
    kind: Term | None = None
    title: Bilingual | None = None
    issuer: Bilingual | None = None
    served_on: date | None = None
    standing: Term | None = None
    digest: str | None = Field(None, description="SHA-256 of the content; its first digits are printed on the paper")
    certificate: PaperCertificateOut | None = Field(None, description="出证: where the certificate stands now")
    note: Bilingual
    label: Bilingual = Bilingual.of(ILLUSTRATIVE)


class MessageOut(Out):
    """One message to the applicant."""

    id: str
    application_id: str | None = Field(description="null for what is about no application, such as an offer")
    offer_id: str | None = Field(None, description="the offer it is about (免申即享)")
    matter_id: str | None = Field(None, description="the matter of supervision it is about (督办、纠错、查阅异议)")
    kind: Term
    title: Bilingual
    body: Bilingual
    papers: list[str] = Field(description="numbers of the papers it announces")
    created_at: datetime
    is_read: bool
    read_at: datetime | None
    sent_at: datetime | None = Field(description="when a mail or SMS gateway sent it; null while none has")


class UnreadOut(Out):
    """How many messages wait to be read."""

    unread_count: int
