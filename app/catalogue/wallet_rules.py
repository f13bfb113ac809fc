"""Rules about the wallets of fictional people: nothing twice, nothing real, nothing nobody could have issued."""

from typing import Final

from app.catalogue.build import Built
from app.catalogue.faults import Path
from app.catalogue.rules import Finding, Findings, rule
from app.catalogue.wallet_documents import HeldDocument
from app.domain.authorities import find
from app.domain.errors import NoAuthority
from app.domain.identity import IdentityError, check_uscc
from app.domain.vocabulary import Level, ServiceObject, Text


@rule(
    "H1", "wallet", "证照包里的证照编号唯一、日期合理、归属明确", "Certificates in wallets are single, dated and owned"
)
def wallets_fit(built: Built) -> Findings:
    """Every certificate of every wallet."""
    seen: set[str] = set()
    for person, wallet in built.pack.wallets.items():
        for index, held in enumerate(wallet.certificates):
            at: Path = ("wallets", person, "certificates", index)
            if held.number in seen:
                text = Text("这个证照编号已用过。", "This number is used by another certificate.")
                yield Finding((*at, "number"), text)
            seen.add(held.number)
            yield from _dates(at, held)
            yield from _owner(at, built, held)
            yield from _issuer(at, built, person, held)


def _dates(at: Path, held: HeldDocument) -> Findings:
    if held.valid_until is not None and held.valid_until < held.issued_on:
        yield Finding((*at, "valid_until"), Text("有效期止早于核发日期。", "It ends before it was issued."))


def _owner(at: Path, built: Built, held: HeldDocument) -> Findings:
    kind = built.pack.certificates.get(held.type)
    if kind is not None and (kind.holder is ServiceObject.PERSON) is (held.company is not None):
        text = Text(
            "个人的证照不写 company，经营主体的证照要写。", "A person's certificate has no company, a business's has."
        )
        yield Finding((*at, "company") if held.company else at, text)
    if held.company is not None and held.company.uscc is not None:
        try:
            check_uscc(held.company.uscc)
        except IdentityError as wrong:
            yield Finding((*at, "company", "uscc"), wrong.message)


def _issuer(at: Path, built: Built, person: str, held: HeldDocument) -> Findings:
    kind, owner = built.library.certificates.get(held.type), built.people.get(person)
    region = held.region or (owner.region if owner else None)
    if kind is None or region is None or region not in built.regions or kind.issuer not in built.library.lines:
        return
    try:
        find(built.library.lines[kind.issuer], Level.COUNTY, region, built.regions)
    except NoAuthority as wrong:
        yield Finding((*at, "region") if held.region else at, wrong.detail)


RULES: Final = (wallets_fit,)
