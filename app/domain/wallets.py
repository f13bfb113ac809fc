"""Certificates that stand for materials: what the applicant holds already, nobody has to hand in (免提交).

A plan says which certificate could stand for a material; whether it does depends on who applies and on what that
person's wallet holds today. Where it holds none in force, the material has to be handed in, and the plan says which
certificate is missing, expired or frozen. What was used is fixed at submission: a certificate that is revoked
afterwards does not take the paper back out of the case, and one that is issued afterwards does not slip in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.domain.applications import Application, EventKind, ProvidedMaterial
from app.domain.catalogue import APPLICANT
from app.domain.certificates import CertificateStatus, CertificateUse, Holding
from app.domain.happenings import Happenings
from app.domain.parties import Circle, list_of
from app.domain.records import FactKind
from app.domain.routing import Plan, PlannedMaterial
from app.domain.sources import MaterialSource
from app.domain.vocabulary import Means, ServiceObject, Text


@dataclass(frozen=True, slots=True)
class Wallet:
    """Everything somebody holds, and the identity number that says whose it is.

    ``is_open``: the holder is there and lets the platform look. At a counter the holder shows a code for each
    certificate instead (用证码): a clerk who files for somebody learns nothing of what that person holds.
    """

    id_number: str | None
    holdings: tuple[Holding, ...]
    is_open: bool = True

    def of_type(self, code: str) -> list[Holding]:
        """The certificates of one type, newest first."""
        found = [holding for holding in self.holdings if holding.type == code]
        return sorted(found, key=lambda holding: (holding.issued_on, holding.number), reverse=True)


def wanted(planned: PlannedMaterial) -> str | None:
    """The certificate type that this plan would take for the material, or None."""
    code = planned.material.sources.certificate
    return code if planned.source.means is Means.SHARED and planned.source.origin == code else None


def circle_of(plan: Plan, case: Application, wallet: Wallet) -> Circle:
    """Who is who by the form; the applicant is whoever the wallet belongs to."""
    return Circle(plan.bundle, plan.answers, case.form, wallet.id_number, {})


def is_the_applicants(planned: PlannedMaterial, plan: Plan, circle: Circle) -> bool:
    """Whether the certificate meant is the applicant's own, or that of the business applied for.

    Whose a paper is stands with the material as its party; a person is known by the number on the form. A certificate
    of somebody else is never looked for here.
    """
    sources = planned.material.sources
    kind = plan.certificates.get(sources.certificate or "")
    if kind is not None and kind.holder is not ServiceObject.PERSON:
        return True
    numbers, specs, own = circle.numbers(), plan.bundle.parties, circle.applicant
    leaves = circle.leaves(sources.party)
    if any(list_of(party) != party for party in leaves):  # one card never stands for everybody on a list
        return all(numbers[party] == own for party in leaves)
    for party in leaves:
        is_business = party in specs and specs[party].kind is not ServiceObject.PERSON
        if party == APPLICANT or is_business or (party in numbers and numbers[party] == own):
            return True
    return False


def serving(planned: PlannedMaterial, plan: Plan, case: Application, wallet: Wallet, today: date) -> Holding | None:
    """The certificate in force that stands for the material, or None."""
    code = wanted(planned)
    if code is None or not is_the_applicants(planned, plan, circle_of(plan, case, wallet)):
        return None
    return in_force(code, case, wallet, today)


def in_force(code: str, case: Application, wallet: Wallet, today: date) -> Holding | None:
    """The newest certificate of a type that holds today and is of whom the case is about, or None."""
    valid = [holding for holding in wallet.of_type(code) if holding.status(today) is CertificateStatus.VALID]
    return next((holding for holding in valid if is_of(holding, case)), None)


def is_of(holding: Holding, case: Application) -> bool:
    """Whether a certificate is of the person or of the company that the case is about."""
    uscc = case.form.get("uscc")
    return holding.company is None or uscc is None or holding.company.uscc in {None, uscc}


def with_wallet(plan: Plan, case: Application, wallet: Wallet, today: date) -> Plan:
    """The plan as it is for this applicant today: what no certificate stands for has to be handed in."""
    circle = circle_of(plan, case, wallet)

    def sourced(planned: PlannedMaterial) -> PlannedMaterial:
        code, is_checked = wanted(planned), planned.material.code in case.checked
        if code is None or is_checked or not is_the_applicants(planned, plan, circle):
            return planned  # a register that confirmed it is the next best source
        if in_force(code, case, wallet, today) is not None:
            return planned
        name = plan.certificates[code].name
        because = lacking(name, wallet.of_type(code), case, today) if wallet.is_open else _by_code(name)
        return replace(planned, source=MaterialSource(Means.UPLOAD, because=because))

    return _with(plan, sourced)


def as_filed(plan: Plan, case: Application) -> Plan:
    """The plan as it was for this applicant on the day of submission: what was handed in, or promised to follow."""
    promised = {own.code for task in case.tasks.values() for own in task.deferred if own.kind is FactKind.MATERIAL}

    def sourced(planned: PlannedMaterial) -> PlannedMaterial:
        own = case.materials.get(planned.material.code)
        is_paper = own is not None and own.means is Means.UPLOAD
        if wanted(planned) and (is_paper or planned.material.code in promised):
            return replace(planned, source=MaterialSource(Means.UPLOAD))
        return planned

    return _with(plan, sourced)


def _with(plan: Plan, sourced: Callable[[PlannedMaterial], PlannedMaterial]) -> Plan:
    """The plan with other sources, and with what is left to upload counted again."""
    materials = tuple(map(sourced, plan.materials))
    uploaded = sum(planned.source.means is Means.UPLOAD for planned in materials)
    return replace(plan, materials=materials, savings=replace(plan.savings, materials_uploaded=uploaded))


def _by_code(name: Text) -> Text:
    return Text(
        f"在窗口办理的，请持证人出示{name.zh}的用证码，或者交验原件。",
        f"At the counter the holder shows a code for the {name.en}, or the original.",
    )


def lacking(name: Text, held: Iterable[Holding], case: Application, today: date) -> Text:
    """Which certificate is missing, or why the one that is held does not serve; nothing is told of anybody else."""
    held = list(held)
    for holding in held:
        status = holding.status(today)
        if is_of(holding, case) and status is not CertificateStatus.VALID:
            return Text(
                f"您的{name.zh}（{holding.number}）现为“{status.zh}”，不能代替材料。",
                f"Your {name.en} ({holding.number}) is {status.en} and cannot stand for it.",
            )
    if held:
        return Text(
            f"您名下的{name.zh}不是本次申请的经营主体的，不能代替材料。",
            f"The {name.en} you hold is not that of the business applied for.",
        )
    return Text(f"您的证照包里没有{name.zh}。", f"Your wallet holds no {name.en}.")


def use(h: Happenings, plan: Plan, wallet: Wallet, declined: frozenset[str]) -> None:
    """用证 at submission: one event for every material that a certificate of the applicant stands for.

    Only for what is called for, and not for offered items that were declined.
    """
    circle, today = circle_of(plan, h.case, wallet), h.moment.today
    for planned in plan.materials:
        code, kind = planned.material.code, wanted(planned)
        is_needed = planned.is_needed is True and not declined.issuperset(planned.users)
        if kind is None or not is_needed or code in h.case.materials or not is_the_applicants(planned, plan, circle):
            continue
        holding = in_force(kind, h.case, wallet, today)
        if holding is not None:
            h.record(EventKind.CERTIFICATE_USED, why=code, material=taken(h, code, holding))


def taken(h: Happenings, code: str, holding: Holding) -> ProvidedMaterial:
    """The material that a certificate stands for from now on."""
    return ProvidedMaterial(
        code=code,
        means=Means.SHARED,
        digest=None,
        filename=None,
        media_type=None,
        size=0,
        provided_at=h.moment.at,
        provided_by=h.who.account,
        certificate=CertificateUse(holding.number, holding.type or "", holding.status(h.moment.today)),
    )
