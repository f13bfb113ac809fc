"""One's looks in the shape of ``findUsage`` of Estonia's data tracker (Andmejälgija, protocol 3.0 release candidate).

How ours maps to theirs: a request to a register is one of ``dataRequests``, its ``target`` the holder; a look of an
office at what was handed in, or at a certificate, is one of ``internalProcessings``, its ``source`` this platform.
``initiatorOrg`` is the office, or else ``initiatorPerson`` the one who applies, never by number. ``purpose`` says what
for and for which item,
``legalBasis`` is the law or the kind of basis, ``consentReference`` the consent, ``queryId`` the id of the look,
``queryGroupId`` the 办件编号. Refused requests processed nothing and are not part of it. Offices have no Estonian
register code and stand there by name alone.
"""

from collections.abc import Sequence
from typing import Any, Literal

from app.domain.sharing import CERTIFICATE, FORM, BasisKind, Purpose
from app.domain.vocabulary import OrganisationKind
from app.schemas.my_data import FindUsageOut, OrganizationOut, PersonOut, ProcessingOut, TransferOut
from app.storage.queries import Reader
from app.storage.sharing import Look, references_of
from app.usecases.consent_views import holder_of, office_name
from app.usecases.context import Context
from app.usecases.world import World

OWN = frozenset({FORM, CERTIFICATE})
"""What this platform holds itself."""
PLATFORM = OrganizationOut(type="GOV", name="一件事 · One Thing")


def answered(context: Context, reader: Reader, looks: Sequence[Look], total: int) -> FindUsageOut:
    """The answer; ``total`` counts everything in the period."""
    references = references_of(reader, looks)
    common = [(look, _common(context.world, look, references.get(look.application_id or ""))) for look in looks]
    requests = [
        TransferOut(**told, target=_holder(context.world, look)) for look, told in common if look.dataset not in OWN
    ]
    inside = [ProcessingOut(**told, source=PLATFORM) for look, told in common if look.dataset in OWN]
    return FindUsageOut(totalUsages=total, returnedUsages=len(looks), dataRequests=requests, internalProcessings=inside)


def _common(world: World, look: Look, reference: str | None) -> dict[str, Any]:
    item = world.library.items.get(look.item)
    purpose = Purpose[look.purpose.upper()].zh
    return {
        "logTime": look.at,
        "purpose": f"{purpose}：{item.name.zh}" if item is not None else purpose,
        "legalBasis": look.law_zh or (BasisKind[look.basis.upper()].zh if look.basis else None),
        "consentReference": look.consent_id,
        "queryId": look.id,
        "queryGroupId": reference,
        "initiatorOrg": _office(world, look.department),
        "initiatorPerson": None if look.department is not None else PersonOut(name="申请人一方"),
    }


def _holder(world: World, look: Look) -> OrganizationOut:
    dataset = world.library.datasets.get(look.dataset)
    if dataset is None:
        return OrganizationOut(type="GOV", name=look.dataset)
    return OrganizationOut(type=_type(world, dataset.holder), name=holder_of(world, dataset, look.region).zh)


def _office(world: World, code: str | None) -> OrganizationOut | None:
    if code is None:
        return None
    return OrganizationOut(type=_type(world, code.partition(".")[0]), name=office_name(world, code).zh)


def _type(world: World, line: str) -> Literal["GOV", "COM"]:
    found = world.library.lines.get(line)
    is_company = found is not None and found.kind in {OrganisationKind.UTILITY, OrganisationKind.BANK}
    return "COM" if is_company else "GOV"
