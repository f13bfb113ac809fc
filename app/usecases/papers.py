"""Papers: the list of an application, one paper, and checking a paper without signing in."""

import hmac
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from app.domain.applications import Actor, Application
from app.domain.deadlines import BEIJING
from app.domain.errors import NotFound
from app.domain.papers import Paper, PaperKind, Standing, standing
from app.domain.proxying import is_done_with, may_hand_out
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Term
from app.schemas.papers import PaperCertificateOut, PaperLineOut, PaperOut, VerificationOut
from app.storage import papers as rows
from app.storage.papers import PaperLine, StoredPaper
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, attempts, certificates, looks, wallets
from app.usecases.context import Context
from app.usecases.safety import refuse_real_numbers

VERIFIED = Text(
    "这份文书由本平台送达，内容没有被改动。请核对下面的指纹与纸面上印的是否一致。",
    "This platform served the paper and its content is unaltered. Compare the fingerprint below with the printed one.",
)
NOT_VERIFIED = Text(
    "没有编号与校验码都相符的文书。请核对扫描的二维码或者手工输入的内容；仍不相符的，请勿采信。",
    "There is no paper with this number and code. Check what you scanned or typed; if it still does not fit, do not "
    "rely on the paper.",
)
CONTENT_ERASED = Text(
    "这份文书由本平台送达；档案保存期满，内容已经删除，只能与下面的指纹核对。",
    "This platform served the paper. Its time of keeping is up and the content was erased: only the fingerprint below "
    "is left to compare with.",
)
ALTERED = Text(
    "本平台保存的这份文书内容与送达时不一致，请勿采信，并请告知维护者。",
    "The content stored here is not what was served. Do not rely on the paper, and tell the maintainers.",
)

OF_THE_TAKING_HALL = frozenset({PaperKind.RECEIPT, PaperKind.HANDOVER, PaperKind.CORRECTION, PaperKind.DELIVERY})
"""What a hall serves on behalf of offices elsewhere, and may look up again."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A paper in somebody's hands: what was served, whether it still holds, and where anybody may check it."""

    paper: Paper
    digest: str
    standing: Standing
    verify_url: str

    @property
    def out(self) -> PaperOut:
        """The read model."""
        return PaperOut.of(self.paper, self.digest, self.standing, self.verify_url)


def of_application(context: Context, reader: Reader, application_id: str) -> list[PaperLineOut]:
    """The papers of one application, oldest first: all of them for the applicant's side, the hall and supervision
    (which may not open them), for a department those of its own items.

    Raises :class:`NotFound` for an application that is not the asker's.
    """
    who, case = context.actor, reader.application(application_id)
    if case is None:
        raise access.no_such_application()
    may_see = access.may_see(who, case, context.world.catalogue.regions)
    is_party = any(task.department == who.department for task in case.tasks.values())
    if not may_see and not (who.role is Role.OFFICER and is_party):
        raise attempts.refused(context, case, None, access.no_such_application())
    access.with_content(case)
    lines = rows.papers_of(reader, application_id)
    if not may_see:
        lines = [line for line in lines if line.department == who.department]
    return [_line(line, may_open=_may_read(who, case, line.kind)) for line in lines]


def show(context: Context, reader: Reader, number: str, base_url: str) -> Outcome[Opened]:
    """One paper; ``base_url`` is where this platform is reached from outside. The look of a desk is kept.

    Raises :class:`NotFound` when there is none, or it is not the asker's to read.
    """
    number = _tidy(number)
    stored = rows.paper(reader, number)
    case = reader.application(stored.application_id) if stored is not None else None
    if stored is None or case is None:
        raise no_such_paper()
    if not _may_open(context, context.actor, case, stored):
        raise attempts.refused(context, case, None, no_such_paper(), f"{looks.PAPER}{number}")
    access.with_content(case)
    paper = stored.paper
    opened = Opened(
        paper=paper,
        digest=stored.digest,
        standing=standing(paper, case, context.moment.today),
        verify_url=verify_url(base_url, number, stored.verify_code),
    )
    return Outcome(opened, looks.at_served(context, reader, case, paper, stored.content))


def verify(context: Context, reader: Reader, number: str, code: str) -> VerificationOut:
    """Whether a paper with this number and code was served here and still is what it was. Needs no sign-in.

    A wrong number and a wrong code are answered alike, and the answer names nobody but, masked, whose a certificate is.

    Raises :class:`RealIdentity` for what looks like a real number: the answer repeats what was asked.
    """
    number = _tidy(number)
    stored = rows.paper(reader, number)
    expected = stored.verify_code if stored is not None else ""
    fits = hmac.compare_digest(expected.encode(), _tidy(code).encode())
    if stored is None or not fits:
        refuse_real_numbers({"number": number, "code": code})
        return VerificationOut(number=number, is_authentic=False, note=Bilingual.of(NOT_VERIFIED))
    case = reader.application(stored.application_id)
    if case is not None and case.erased_at is not None:
        note = Bilingual.of(CONTENT_ERASED)
        return VerificationOut(number=number, is_authentic=True, digest=stored.digest or None, note=note)
    if case is None or not stored.is_intact:
        return VerificationOut(number=number, is_authentic=False, note=Bilingual.of(ALTERED))
    paper = stored.paper
    return VerificationOut(
        number=number,
        is_authentic=True,
        kind=Term.of(paper.kind),
        title=Bilingual.of(paper.title),
        issuer=Bilingual.of(paper.issuer),
        served_on=paper.served_on,
        standing=Term.of(standing(paper, case, context.moment.today)),
        digest=stored.digest,
        certificate=_certificate_of(context, reader, case, paper),
        note=Bilingual.of(VERIFIED),
    )


def _certificate_of(context: Context, reader: Reader, case: Application, paper: Paper) -> PaperCertificateOut | None:
    """The certificate that a paper announced or delivered, as it stands now."""
    issued = case.certificates.get(paper.item or "") if paper.kind in {PaperKind.APPROVAL, PaperKind.DELIVERY} else None
    holding = None if issued is None else wallets.holding(context.world, reader, issued.number)
    if holding is None:
        return None
    return PaperCertificateOut(
        name=Bilingual.of(holding.name),
        holder=Bilingual.of(certificates.shown_holder(context, holding)),
        status=Term.of(holding.status(context.moment.today)),
        valid_until=holding.valid_until,
    )


def verify_url(base_url: str, number: str, code: str) -> str:
    """What the QR code of a paper holds."""
    return f"{base_url.rstrip('/')}/api/v1/papers/{quote(number)}/verify?{urlencode({'code': code})}"


def no_such_paper() -> NotFound:
    """The one sentence for a paper that does not exist and one that is not the asker's."""
    return NotFound(Text("没有找到这份文书。", "There is no such paper."))


def _may_open(context: Context, who: Actor, case: Application, stored: StoredPaper) -> bool:
    if who.role is Role.OFFICER:
        return stored.department == who.department
    return access.may_see(who, case, context.world.catalogue.regions) and _may_read(who, case, stored.kind)


def _may_read(who: Actor, case: Application, kind: PaperKind) -> bool:
    """A hall that took in for elsewhere keeps what it serves itself, and reads a decision only where it gives that
    out."""
    if access.may_read_content(who, case):
        return True
    if not is_done_with(who, case):
        return False
    return kind in OF_THE_TAKING_HALL or may_hand_out(who, case)


def _tidy(text: str) -> str:
    """A number or code however it was typed: spaces and lower case do not matter."""
    return "".join(text.split()).upper()


def _line(line: PaperLine, *, may_open: bool) -> PaperLineOut:
    return PaperLineOut(
        number=line.number,
        item=line.item,
        kind=Term.of(line.kind),
        title=Bilingual.of(line.title),
        issuer=Bilingual.of(line.issuer),
        department=line.department,
        recipient=line.recipient,
        served_at=line.served_at.astimezone(BEIJING),
        may_open=may_open,
    )
