"""How looks at data are shown to the person concerned."""

from collections.abc import Sequence

from app.domain.catalogue import EXISTS, Bundle, Library
from app.domain.parties import name_of
from app.domain.sharing import CERTIFICATE, COMPANY, FORM, HOLDER, BasisKind, CallResult, Denial, Purpose
from app.domain.slices import MATERIAL
from app.domain.vocabulary import Role, Text
from app.schemas.common import Bilingual, Term
from app.schemas.my_data import LookOut, SeenFieldOut
from app.storage.queries import Reader
from app.storage.sharing import Look, references_of
from app.usecases.attempts import DESKS, WHOLE
from app.usecases.certificate_uses import NUMBER
from app.usecases.consent_views import RECORD, office_name
from app.usecases.context import Context
from app.usecases.looks import PAPER
from app.usecases.world import World

HANDED_IN = Text("申请时填报和提交的内容", "what was entered and handed in")
CERTIFICATES = Text("电子证照", "electronic certificates")
"""Also stands for the errand where a certificate was looked at without one."""


def can_contest(look: Look, account: str) -> bool:
    """Whether a person may object: to what offices did, and to what another applicant's side asked for."""
    is_desk = look.role in {role.value for role in DESKS}
    return is_desk or (look.application_id is not None and look.applicant != account)


def told(context: Context, reader: Reader, account: str, looks: Sequence[Look]) -> list[LookOut]:
    """Looks as the person with this account reads them."""
    references = references_of(reader, looks)
    return [_out(context.world, look, account, references.get(look.application_id or "")) for look in looks]


def who_looked(world: World, look: Look, account: str) -> Text:
    """The office for officers, the person's own side by name; another applicant stays unnamed."""
    if look.role in {role.value for role in DESKS}:
        return office_name(world, look.department) if look.department is not None else _role(look).label
    if look.actor == account:
        return Text("本人", "yourself")
    return (
        Text("本人的代理人", "your agent") if look.applicant == account else Text("另一位申请人", "another applicant")
    )


def dataset_name(library: Library, code: str) -> Text:
    """The name of a dataset, or what stands for the form."""
    if code in {FORM, CERTIFICATE}:
        return HANDED_IN if code == FORM else CERTIFICATES
    return library.datasets[code].name if code in library.datasets else Text(code, code)


def _out(world: World, look: Look, account: str, reference: str | None) -> LookOut:
    library = world.library
    bundle, item = library.bundles.get(look.bundle), library.items.get(look.item)
    is_own = look.applicant == account
    is_desk = look.role in {role.value for role in DESKS}
    return LookOut(
        id=look.id,
        at=look.at,
        application_id=look.application_id if is_own else None,
        reference=reference,
        bundle_name=Bilingual.of(_errand(library, look)),
        item=look.item,
        item_name=Bilingual.of(item.name) if item is not None and look.item != WHOLE else None,
        who=Bilingual.of(who_looked(world, look, account)),
        office=look.department,
        role=Term.of(_role(look)),
        is_mine=is_own and not is_desk,
        dataset=look.dataset,
        dataset_name=Bilingual.of(dataset_name(library, look.dataset)),
        fields=[_field(library, look, code) for code in look.elements],
        party=look.party,
        party_name=Bilingual.of(_part(bundle, look.party)),
        purpose=Term.of(Purpose[look.purpose.upper()]),
        basis=Term.of(BasisKind[look.basis.upper()]) if look.basis else None,
        law=Bilingual(zh=look.law_zh, en=look.law_en) if look.law_zh and look.law_en else None,
        consent_id=None if look.basis == BasisKind.MANDATE.value else look.consent_id,
        result=Term.of(CallResult[look.result.upper()]),
        denial=Term.of(Denial[look.denial.upper()]) if look.denial else None,
        reason=look.reason,
        can_contest=can_contest(look, account),
    )


def _errand(library: Library, look: Look) -> Text:
    if look.bundle in library.bundles:
        return library.bundles[look.bundle].name
    return CERTIFICATES if look.dataset == CERTIFICATE else Text(look.bundle, look.bundle)


def _part(bundle: Bundle | None, party: str) -> Text:
    if party == HOLDER:
        return Text("持证人", "holder")
    if party == COMPANY and (bundle is None or party not in bundle.parties):
        return Text("单位", "company")
    return name_of(bundle, party) if bundle is not None else Text(party, party)


def _role(look: Look) -> Role:
    return Role[look.role.upper()]


def _field(library: Library, look: Look, code: str) -> SeenFieldOut:
    return SeenFieldOut(code=code, name=Bilingual.of(_name(library, look.dataset, code)), is_masked=code in look.masked)


def _name(library: Library, dataset: str, code: str) -> Text:
    if code.startswith(MATERIAL):
        material = library.materials.get(code.removeprefix(MATERIAL))
        return material.name if material is not None else Text("材料", "a paper handed in")
    if code.startswith(PAPER):
        number = code.removeprefix(PAPER)
        return Text(f"文书 {number}", f"paper {number}")
    if code.startswith(NUMBER):
        number = code.removeprefix(NUMBER)
        return Text(f"证照 {number} 的全部内容", f"everything on certificate {number}")
    if code == EXISTS:
        return RECORD
    if dataset != FORM and dataset in library.datasets and code in library.datasets[dataset].elements:
        return library.datasets[dataset].elements[code].name
    return library.fields[code].name if code in library.fields else Text(code, code)
