"""证照包: what somebody holds, one certificate in full, and its moves: by its holder or by its issuing office."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain import certificate_moves
from app.domain.applications import Application
from app.domain.certificates import (
    CertificateEvent,
    CertificateMove,
    Holding,
    Side,
    allowed,
    identifier,
    moved,
    standing_after,
)
from app.domain.errors import ActionNotAllowed, NotFound
from app.domain.masking import mask_name
from app.domain.said import said
from app.domain.sharing import Purpose
from app.domain.vocabulary import Role, Text
from app.schemas.applications import public_actor
from app.schemas.certificates import (
    Cancellation,
    CertificateAct,
    CertificateFactOut,
    CertificateMoveOut,
    CertificateUsedOut,
    CompanyOut,
    HoldingLineOut,
    HoldingOut,
)
from app.schemas.common import Bilingual, Term
from app.storage import certificates as rows
from app.storage.certificates import Use
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, attempts, certificate_uses, materials, wallets
from app.usecases.accounts import account
from app.usecases.acts import begin, written
from app.usecases.certificate_uses import UseKind
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers


def own(context: Context, reader: Reader) -> list[HoldingLineOut]:
    """The wallet of whoever asks: what was issued here, newest first, then what was there before."""
    who = context.acting(Role.APPLICANT)
    wallet = wallets.wallet_of(context.world, reader, who.account)
    return [_line(context, holding) for holding in wallet.holdings]


def show(context: Context, reader: Reader, number: str) -> HoldingOut:
    """One certificate of one's own, with its history and its uses; raises :class:`NotFound`."""
    context.acting(Role.APPLICANT)
    holding = wallets.own_holding(context, reader, number)
    return whole(context, holding, history(reader, holding), Side.HOLDER, rows.uses_of(reader, number))


def cancel(context: Context, reader: Reader, number: str, wish: Cancellation) -> Outcome[HoldingOut]:
    """注销 at the holder's request; raises :class:`ActionNotAllowed` for what is frozen or over."""
    refuse_real_numbers(wish.model_dump())
    context.acting(Role.APPLICANT)
    holding = wallets.own_holding(context, reader, number)
    return _moved(context, reader, holding, CertificateMove.CANCEL, Side.HOLDER, wish.reason)


def issued(context: Context, reader: Reader, number: str) -> Outcome[HoldingOut]:
    """One certificate for an officer of the office that issued it, the look logged for the holder.

    Raises :class:`NotFound` for any other.
    """
    holding = _of_own_office(context, reader, number)
    answer = whole(context, holding, history(reader, holding), Side.ISSUER)
    return Outcome(answer, _opened(context, holding, Changes()))


def act(context: Context, reader: Reader, number: str, wish: CertificateAct) -> Outcome[HoldingOut]:
    """Freeze, unfreeze or revoke by an officer of the issuing office, with a reason the holder reads."""
    refuse_real_numbers(wish.model_dump())
    holding, move = _of_own_office(context, reader, number), CertificateMove[wish.action.upper()]
    if move is CertificateMove.REVOKE:
        _must_take_two(context, reader, holding)
    done = _moved(context, reader, holding, move, Side.ISSUER, wish.reason)
    return Outcome(done.answer, _opened(context, holding, done.changes or Changes()))


def _opened(context: Context, holding: Holding, changes: Changes) -> Changes:
    """The changes with the look of the issuing office, among the uses and in the holder's ledger."""
    look = certificate_uses.use(context, UseKind.OPENED, holding.number)
    seen = certificate_uses.looked_at(context, changes, holding, Purpose.KEEP)
    return certificate_uses.logged(seen, look)


def behind(context: Context, reader: Reader, application_id: str, code: str) -> Outcome[HoldingOut]:
    """The certificate that stands for a material, for whoever may see the material. A desk's look is logged, among
    the uses of the certificate and in the ledger of the applicant.

    The applicant's side opens the applicant's own, not what somebody else let a desk use for the case.
    Raises :class:`NotFound` when none does.
    """
    case = reader.application(application_id)
    if case is None:
        raise access.no_such_material()
    if not materials.may_fetch(context, reader, case, code):
        raise attempts.refused(
            context, case, None, access.no_such_material(), *materials.named(context, reader, case, code)
        )
    material = access.with_content(case).materials.get(code)
    holding = None
    if material is not None and material.certificate is not None:
        holding = wallets.holding(context.world, reader, material.certificate.number)
    is_desk = context.actor.role in {Role.OFFICER, Role.CLERK}
    if holding is None or not (is_desk or holding.holder == case.applicant):
        raise NotFound(Text("这份材料没有对应的电子证照。", "No e-certificate stands for this material."))
    answer = whole(context, holding, (), None)
    if not is_desk:
        return Outcome(answer)
    look = certificate_uses.use(
        context, UseKind.OPENED, holding.number, application_id=case.id, material=code, purpose=case.reference
    )
    seen = materials.logged(context, reader, case, code)
    changes = seen or Changes()
    if seen is None or holding.holder != case.applicant:
        changes = certificate_uses.looked_at(context, changes, holding, Purpose.CERTIFICATE, case)
    return Outcome(answer, certificate_uses.logged(changes, look))


def history(reader: Reader, holding: Holding) -> list[CertificateEvent]:
    """Everything that was done to a certificate, oldest first."""
    if holding.application_id is None:
        return rows.histories(reader, [holding.number]).get(holding.number, [])
    found = []
    for event in reader.events(holding.application_id):
        certificate = event.changes.get("certificate") if event.kind in certificate_moves.MOVES else None
        if certificate is not None and certificate.number == holding.number:
            kind, why = certificate_moves.MOVES[event.kind], None if event.task is None else event.why
            standing = certificate.stands
            found.append(
                CertificateEvent(holding.number, event.seq, kind, event.at, event.actor, event.role, why, standing)
            )
    return found


def _of_own_office(context: Context, reader: Reader, number: str) -> Holding:
    who = context.acting(Role.OFFICER)
    found = wallets.holding(context.world, reader, number)
    if found is None or found.department != who.department:
        raise wallets.no_such_certificate()
    return found


def _moved(
    context: Context, reader: Reader, holding: Holding, wish: CertificateMove, side: Side, reason: str | None
) -> Outcome[HoldingOut]:
    case = reader.application(holding.application_id) if holding.application_id is not None else None
    if case is not None:
        return _moved_in_case(context, reader, access.with_content(case), holding, wish, side, reason)
    before = history(reader, holding)
    standing = moved(holding.status(context.moment.today), wish, side, reason)
    why = said(reason) or None
    seq = 1 + max((event.seq for event in before), default=0)
    who = context.actor
    event = CertificateEvent(holding.number, seq, wish, context.at, who.account, who.role, why, standing)
    after = replace(holding, standing=standing_after([*before, event]))
    changes = Changes().also("certificate_event", rows.event_row(event))
    return Outcome(whole(context, after, [*before, event], side), changes)


def _moved_in_case(
    context: Context,
    reader: Reader,
    before: Application,
    holding: Holding,
    wish: CertificateMove,
    side: Side,
    reason: str | None,
) -> Outcome[HoldingOut]:
    h = begin(context, before)
    certificate = h.case.certificates[holding.item or ""]
    plan = plan_of(context, reader, before)
    certificate_moves.move(h, certificate, wish, side, reason, plan)
    done = next(e for e in reversed(h.events) if e.kind is certificate_moves.KINDS[wish])
    after = replace(holding, standing=h.case.certificates[certificate.item].stands)
    event = CertificateEvent(holding.number, done.seq, wish, done.at, done.actor, done.role, done.why, after.standing)
    answer = whole(context, after, [*history(reader, holding), event], side)
    return Outcome(answer, written(context, reader, before, h, plan))


def _line(context: Context, holding: Holding) -> HoldingLineOut:
    office = wallets.office_of(context.world, holding)
    name = office.name if office else Text(holding.department, holding.department)
    return HoldingLineOut(
        number=holding.number,
        type=holding.type,
        name=Bilingual.of(holding.name),
        status=Term.of(holding.status(context.moment.today)),
        issuer=Bilingual.of(name),
        department=holding.department,
        issued_on=holding.issued_on,
        valid_until=holding.valid_until,
        company=CompanyOut(uscc=holding.company.uscc, name=holding.company.name) if holding.company else None,
        application_id=holding.application_id,
    )


def _must_take_two(context: Context, reader: Reader, holding: Holding) -> None:
    """Raise :class:`ActionNotAllowed` for who may not be the second one to revoke what can be revoked."""
    status, moves = holding.status(context.moment.today), history(reader, holding)
    why = certificate_moves.why_not_revoke(moves, context.actor)
    if why is not None and CertificateMove.REVOKE in allowed(status, Side.ISSUER):
        left = [each.value for each in _possible(context, holding, moves, Side.ISSUER)]
        raise ActionNotAllowed(why, action=CertificateMove.REVOKE.value, status=status.value, allowed=left)


def whole(
    context: Context,
    holding: Holding,
    moves: Iterable[CertificateEvent],
    side: Side | None,
    uses: Iterable[Use] = (),
) -> HoldingOut:
    """The read model of one certificate; ``side`` is None for whoever may look and do nothing."""
    office = wallets.office_of(context.world, holding)
    moves = tuple(moves)
    possible = _possible(context, holding, moves, side) if side is not None else ()
    line = _line(context, holding)
    own_line = {name: getattr(line, name) for name in HoldingLineOut.model_fields}
    if side is not Side.HOLDER:
        own_line["application_id"] = None
    return HoldingOut(
        **own_line,
        identifier=identifier(holding.type, office.authority_code if office else "", holding.number),
        holder_name=Bilingual.of(holder_name(context, holding)),
        facts=[CertificateFactOut(label=Bilingual.of(label), value=value) for label, value in holding.facts],
        history=[_move(event) for event in moves],
        uses=[_use(use) for use in uses],
        allowed=[Term.of(move) for move in possible],
    )


def _possible(
    context: Context, holding: Holding, moves: Sequence[CertificateEvent], side: Side
) -> list[CertificateMove]:
    """What the asker, on this side, may do with a certificate that was moved so."""
    found = allowed(holding.status(context.moment.today), side)
    is_barred = certificate_moves.why_not_revoke(moves, context.actor) is not None
    return [each for each in found if each is not CertificateMove.REVOKE or not is_barred]


def holder_name(context: Context, holding: Holding) -> Text:
    """The person in whose wallet it is."""
    person = account(context.world, holding.holder)
    return person.name if person else Text(holding.holder, holding.holder)


def shown_holder(context: Context, holding: Holding) -> Text:
    """Whose it is as a stranger may see it: a business by its public name, a person masked."""
    if holding.company is not None:
        return Text(holding.company.name, holding.company.name)
    name = holder_name(context, holding)
    return Text(mask_name(name.zh), " ".join(map(mask_name, name.en.split())))


def _move(event: CertificateEvent) -> CertificateMoveOut:
    return CertificateMoveOut(
        seq=event.seq,
        at=event.at,
        kind=Term.of(event.kind),
        actor=public_actor(event.actor),
        why=event.why,
        standing=Term.of(event.standing),
    )


def _use(use: Use) -> CertificateUsedOut:
    return CertificateUsedOut(
        at=use.at,
        kind=Term.of(UseKind[use.kind.upper()]),
        department=use.department,
        application_id=use.application_id,
        material=use.material,
        purpose=use.purpose,
        actor=public_actor(use.actor),
    )
