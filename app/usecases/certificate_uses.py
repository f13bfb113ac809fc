"""The log of uses: which certificate stood for what, for whom, when. Every row is made here and nowhere else."""

from app.domain.applications import EventKind
from app.domain.happenings import Happenings
from app.domain.vocabulary import Word
from app.storage import certificates as rows
from app.storage.certificates import Use
from app.storage.mapping import Changes
from app.usecases.context import Context


class UseKind(Word):
    """How a certificate was used."""

    SUBMITTED = "submitted", "申报时免提交", "taken over at submission"
    REDEEMED = "redeemed", "凭用证码取用", "taken over by a code"
    OPENED = "opened", "部门查看", "opened at a desk"


def logged(changes: Changes, *uses: Use) -> Changes:
    """The changes with the rows of these uses. What else is to be kept of a use is added here."""
    return changes.also("certificate_use", *map(rows.use_row, uses)) if uses else changes


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
