"""The log of uses: which certificate stood for what, for whom, when. Every row is made here and nowhere else.

A use is told twice: among the uses of the certificate, and, when an office was shown what stands on it, in the ledger
of looks at data, where the holder finds it beside every other look.
"""

from app.domain.applications import Application, EventKind
from app.domain.certificates import Holding
from app.domain.happenings import Happenings
from app.domain.matters import office_of
from app.domain.sharing import CERTIFICATE, HOLDER, Allowance, Basis, BasisKind, DataRequest, Purpose
from app.domain.vocabulary import Word
from app.storage import certificates as rows
from app.storage.certificates import Use
from app.storage.changes import Changes
from app.usecases import calls
from app.usecases.attempts import WHOLE
from app.usecases.context import Context

NUMBER = "certificate:"
"""Stands before the number of a certificate among the elements that were looked at: all that stands on it."""


class UseKind(Word):
    """How a certificate was used."""

    SUBMITTED = "submitted", "申报时免提交", "taken over at submission"
    REDEEMED = "redeemed", "凭用证码取用", "taken over by a code"
    OPENED = "opened", "部门查看", "opened at a desk"


def logged(changes: Changes, *uses: Use) -> Changes:
    """The changes with the rows of these uses."""
    return changes.also("certificate_use", *map(rows.use_row, uses)) if uses else changes


def looked_at(
    context: Context, changes: Changes, holding: Holding, purpose: Purpose, case: Application | None = None
) -> Changes:
    """The changes with the look of a desk at everything that stands on a certificate, for its holder to find.

    An office may look at what it issued on its duty; everybody else only by the holder's own authorisation. ``case`` is
    the application the certificate is used for, None where it is used, or looked after, without one.
    """
    person = context.world.catalogue.people.get(holding.holder)
    wish = DataRequest(
        case=case.id if case is not None else None,
        bundle=case.bundle if case is not None else "",
        item=WHOLE,
        region=case.region if case is not None else holding.department.partition(".")[2],
        applicant=case.applicant if case is not None else holding.holder,
        department=office_of(context.actor),
        dataset=CERTIFICATE,
        elements=(f"{NUMBER}{holding.number}",),
        party=HOLDER,
        subject=person.id_number if person is not None else None,
        purpose=purpose,
        actor=context.actor,
    )
    basis = Basis(BasisKind.STATUTORY_DUTY if purpose is Purpose.KEEP else BasisKind.CONSENT)
    return changes.also(calls.TABLE, calls.row(context, wish, Allowance(basis, wish.elements)))


def at_submission(changes: Changes, h: Happenings) -> Changes:
    """The changes with one use for every material that a certificate stands for since this command."""
    uses = []
    for event in h.events:
        material = event.changes.get("material") if event.kind is EventKind.CERTIFICATE_USED else None
        if material is not None and material.certificate is not None:
            uses.append(
                Use(
                    id=f"{h.case.id}-{event.seq}",
                    certificate=material.certificate.number,
                    kind=UseKind.SUBMITTED.value,
                    application_id=h.case.id,
                    material=material.code,
                    department=None,
                    purpose=None,
                    actor=event.actor,
                    role=event.role.value,
                    at=event.at,
                )
            )
    return logged(changes, *uses)


def use(
    context: Context,
    kind: UseKind,
    certificate: str,
    *,
    id: str | None = None,
    application_id: str | None = None,
    material: str | None = None,
    purpose: str | None = None,
) -> Use:
    """One use by whoever asks now; ``id`` is that of the code where a code was redeemed."""
    who = context.actor
    return Use(
        id=id or context.new_id(),
        certificate=certificate,
        kind=kind.value,
        application_id=application_id,
        material=material,
        department=who.department,
        purpose=purpose,
        actor=who.account,
        role=who.role.value,
        at=context.at,
    )
