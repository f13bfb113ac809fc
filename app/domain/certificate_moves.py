"""Certificates inside a case: moves of those it issued, and certificates handed in by a code (用证码)."""

from collections.abc import Iterable
from dataclasses import replace

from app.domain import afterchecks, corrections, hands, outcomes
from app.domain.applications import Actor, Certificate, EventKind
from app.domain.certificates import (
    CertificateEvent,
    CertificateMove,
    CertificateStatus,
    Holding,
    Side,
    moved,
    status_on,
)
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.happenings import Happenings
from app.domain.lifecycle import ApplicationStatus
from app.domain.routing import Plan, PlannedMaterial
from app.domain.said import said
from app.domain.vocabulary import Text
from app.domain.wallets import taken

KINDS = {
    CertificateMove.FREEZE: EventKind.CERTIFICATE_FROZEN,
    CertificateMove.UNFREEZE: EventKind.CERTIFICATE_UNFROZEN,
    CertificateMove.REVOKE: EventKind.CERTIFICATE_REVOKED,
    CertificateMove.CANCEL: EventKind.CERTIFICATE_CANCELLED,
}
MOVES = {kind: move for move, kind in KINDS.items()} | {EventKind.CERTIFICATE_ISSUED: CertificateMove.ISSUE}
"""Event of a case → the move in the history of its certificate."""


def why_not_revoke(history: Iterable[CertificateEvent], who: Actor) -> Text | None:
    """Why this officer of the issuing office cannot revoke what is frozen, or None: it takes two, as the grant took
    several. One freezes the certificate, the head, another officer, revokes it [illustrative]."""
    if not hands.is_head(who):
        return Text("吊销由发证单位负责人（批准人）决定。", "The head of the issuing office (officer 3) revokes.")
    freezes = [event for event in history if event.kind is CertificateMove.FREEZE]
    if freezes and max(freezes, key=lambda event: event.seq).actor == who.account:
        return Text("冻结的人不能吊销自己冻结的证照。", "Who froze a certificate does not revoke it as well.")
    return None


def move(
    h: Happenings, certificate: Certificate, wish: CertificateMove, side: Side, reason: str | None, plan: Plan
) -> None:
    """Freeze, unfreeze, revoke or cancel a certificate that this case issued. The decision behind it stands; who builds
    on what is revoked is told, and confirms again.

    Raises :class:`ActionNotAllowed` and :class:`InvalidInput`, as :func:`app.domain.certificates.moved` does.
    """
    status = status_on(certificate.stands, certificate.valid_until, h.moment.today)
    standing = moved(status, wish, side, reason)
    changed = replace(
        certificate,
        standing=standing,
        revoked_on=h.moment.today if standing is CertificateStatus.REVOKED else certificate.revoked_on,
    )
    h.record(KINDS[wish], task=certificate.item, why=said(reason) or None, certificate=changed)
    if standing is CertificateStatus.REVOKED:
        afterchecks.declare(h, certificate.item, plan, afterchecks.LICENCE_REVOKED)


def material_for(plan: Plan, holding: Holding, code: str | None) -> PlannedMaterial:
    """The material of the case that this certificate may stand for.

    Raises :class:`InvalidInput` when there is none, or when there are several and none is named.
    """
    fitting = [planned for planned in plan.materials if planned.material.sources.certificate == holding.type]
    found = [planned for planned in fitting if code is None or planned.material.code == code]
    if len(found) == 1:
        return found[0]
    names = "、".join(planned.material.code for planned in fitting) or "—"
    text = Text(
        f"请指明这份证照用于哪份材料（material），可选：{names}。",
        f"Say for which material the certificate is meant; it may stand for: {names}.",
    )
    raise InvalidInput([Fault("/material", "unknown-material" if code else "missing", text)])


def hand_in(h: Happenings, planned: PlannedMaterial, holding: Holding, plan: Plan) -> None:
    """Let the certificate stand for exactly this material of the case.

    In a draft it replaces what was handed in; afterwards it comes where nothing was handed in yet, or where a
    correction notice asks for it. Raises :class:`ActionNotAllowed` otherwise.
    """
    code = planned.material.code
    is_draft = h.case.status is ApplicationStatus.DRAFT
    is_answer = corrections.asks_for_material(h.case, code)
    if h.case.completed_at is not None or not (is_draft or is_answer or code not in h.case.materials):
        raise ActionNotAllowed(
            Text("这件申请现在不收这份材料。", "The application does not take this material now."),
            action="redeem",
            status=h.case.status.value,
            allowed=[],
        )
    h.record(EventKind.CERTIFICATE_USED, why=code, material=taken(h, code, holding))
    if is_answer:
        corrections.ask_confirmation(h, [code], plan)
    if not is_draft:
        outcomes.follow(h)
