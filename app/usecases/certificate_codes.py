"""亮证 and 用证码: codes a holder makes, what a stranger learns of one, and what a desk does with one.

A code is kept as a keyed hash alone. Its first four signs say which code is meant when tries are counted: a few wrong
ones lock that beginning for a while, whether or not there is such a code. Wrong, expired, used up and never issued are
answered alike.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain import certificate_moves
from app.domain.applications import Application
from app.domain.certificates import Holding
from app.domain.errors import ActionNotAllowed, Fault, InvalidInput, NotFound
from app.domain.identity import compact
from app.domain.references import MalformedReference, parse_reference
from app.domain.said import said
from app.domain.sharing import Purpose
from app.domain.vocabulary import Role, Text
from app.schemas.certificates import (
    Authorisation,
    AuthorisedOut,
    RedeemedOut,
    Redemption,
    Verification,
    VerifiedOut,
)
from app.schemas.common import Bilingual, Term
from app.storage import certificates as rows
from app.storage.certificates import Code
from app.storage.changes import Changes
from app.storage.queries import Reader
from app.storage.store import Outcome
from app.usecases import access, certificate_uses, certificates, materials, tries, wallets
from app.usecases.accounts import department
from app.usecases.acts import begin, written
from app.usecases.certificate_documents import certified
from app.usecases.certificate_uses import UseKind
from app.usecases.context import Context
from app.usecases.plans import plan_of
from app.usecases.safety import refuse_real_numbers
from app.usecases.serving import CODE_ALPHABET

SHOW, USE = "show", "use"
LENGTH: Final = 16
"""30 ** 16 is 4e23."""
HANDLE: Final = 4
"""So many signs say which code tries are counted for."""
SHOWN_FOR = timedelta(minutes=5)
"""亮证: a code lives five minutes, as that of the electronic business licence does; illustrative for all others. It may
be checked again within them: a second desk, or a scan that did not go through."""
USABLE_FOR = timedelta(minutes=15)
"""用证码 [illustrative]."""
THE_CODE = Text("证照码", "codes")
NOTE = Text(
    "证照真实，状态为查询时的状态；姓名已遮盖。教学演示，不作为办事依据。",
    "Genuine; the status is that of this moment, and a person's name is masked. Illustrative, not an official service.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A fresh code and when it dies."""

    code: str
    expires_at: datetime


def present(context: Context, reader: Reader, number: str) -> Outcome[Shown]:
    """亮证: a code for one certificate of one's own that is in force.

    Raises :class:`NotFound`, or :class:`ActionNotAllowed` when it is frozen, expired, cancelled or revoked.
    """
    context.acting(Role.APPLICANT)
    holding = wallets.own_holding(context, reader, number)
    holding.must_be_valid(context.moment.today, "show")
    code, row = _new_code(context, SHOW, number, SHOWN_FOR)
    return Outcome(Shown(code, row.expires_at), _kept(context, reader, row))


def authorise(context: Context, reader: Reader, number: str, wish: Authorisation) -> Outcome[AuthorisedOut]:
    """授权用证: a code for one case or one department, and one purpose.

    Whether there is such a case is not said here: the desk that redeems the code must be able to see it anyway.
    Raises :class:`NotFound`, :class:`ActionNotAllowed` as :func:`present` does, :class:`InvalidInput`.
    """
    refuse_real_numbers(wish.model_dump())
    context.acting(Role.APPLICANT)
    holding = wallets.own_holding(context, reader, number)
    holding.must_be_valid(context.moment.today, "authorise")
    _must_be_whole(context, wish)
    code, row = _new_code(
        context,
        USE,
        number,
        USABLE_FOR,
        case_ref=_case_ref(wish.application),
        department=wish.department,
        material=wish.material,
        purpose=said(wish.purpose),
    )
    answer = AuthorisedOut(code=code, expires_at=row.expires_at, purpose=said(wish.purpose))
    return Outcome(answer, _kept(context, reader, row))


def _must_be_whole(context: Context, wish: Authorisation) -> None:
    faults = []
    if (wish.application is None) is (wish.department is None):
        text = Text("请写明用于哪一件申请，或者哪个部门，两者选一。", "Say for which case or which department: one.")
        faults.append(Fault("/application", "missing", text))
    if wish.department is not None and department(context.world, wish.department) is None:
        faults.append(Fault("/department", "unknown-department", Text("没有这个机构。", "There is no such office.")))
    if not said(wish.purpose):
        faults.append(Fault("/purpose", "missing", Text("请写明用途。", "Say what for.")))
    if faults:
        raise InvalidInput(faults)


def _case_ref(text: str | None) -> str | None:
    """A reference however it was typed, in the usual writing; anything else is taken as an id."""
    if text is None:
        return None
    try:
        return parse_reference(text).application
    except MalformedReference:
        return text.strip().lower()


def verify(context: Context, reader: Reader, wish: Verification) -> Outcome[VerifiedOut | None]:
    """核验: what anybody may learn of a code or a signed file; None, and the try remembered, when it is not genuine.

    The door turns None into :func:`refusal`. Raises :class:`InvalidInput` unless exactly one is given and a code has
    the shape of one, :class:`TooMany` once its beginning is locked.
    """
    if (wish.code is None) is (wish.document is None):
        text = Text("请给出证照码或者签名文件，两者选一。", "Give a code or a signed document: one of them.")
        raise InvalidInput([Fault("/code", "missing", text)])
    if wish.document is not None:
        refuse_real_numbers(wish.document.model_dump(), "/document")
        return Outcome(_verified(context, certified(context, reader, wish.document)))
    return verify_code(context, reader, wish.code or "")


def verify_code(context: Context, reader: Reader, text: str) -> Outcome[VerifiedOut | None]:
    """The same for a code alone."""
    code, subject = _guarded(context, reader, text)
    found = rows.code(reader, _hash(context, SHOW, code))
    if found is None or found.expires_at <= context.real_at:
        return Outcome(None, tries.wrong_try(context, reader, subject))
    return Outcome(_verified(context, wallets.holding(context.world, reader, found.certificate)))


def refusal() -> NotFound:
    """The one answer to a code or a file that does not hold."""
    return NotFound(
        Text(
            "不是有效的证照码或者证照文件：可能输错、已过期、已使用或者被改动，请勿采信。",
            "Not a valid code or certificate file: mistyped, expired, used or altered. Do not rely on it.",
        )
    )


def _verified(context: Context, holding: Holding | None) -> VerifiedOut | None:
    if holding is None:
        return None
    return VerifiedOut(
        name=Bilingual.of(holding.name),
        holder=Bilingual.of(certificates.shown_holder(context, holding)),
        status=Term.of(holding.status(context.moment.today)),
        valid_until=holding.valid_until,
        note=Bilingual.of(NOTE),
    )


def redeem(context: Context, reader: Reader, wish: Redemption) -> Outcome[RedeemedOut | None]:
    """A desk takes over a certificate by the holder's code, once; None, and the try remembered, when it may not.

    For a case, the certificate stands for exactly one material of it from now on. Raises :class:`ActionNotAllowed` for
    a code used before, a certificate that is not in force, or a case that does not take it; :class:`TooMany`;
    :class:`InvalidInput` when it may stand for several materials.
    """
    context.acting(Role.CLERK, Role.OFFICER)
    refuse_real_numbers(wish.model_dump())
    text, subject = _guarded(context, reader, wish.code)
    code = rows.code(reader, _hash(context, USE, text))
    if code is None or code.expires_at <= context.real_at or not _is_for(context, reader, code):
        return Outcome(None, tries.wrong_try(context, reader, subject))
    if rows.is_redeemed(reader, code.hash):
        raise ActionNotAllowed(
            Text("这个用证码已经用过；请持证人另行授权。", "This code was used: the holder may make another."),
            action="redeem",
            allowed=[],
        )
    holding = wallets.holding(context.world, reader, code.certificate)
    if holding is None:
        raise wallets.no_such_certificate()
    holding.must_be_valid(context.moment.today, "redeem")
    case = _case_of(reader, code)
    if case is None:
        return _for_department(context, code, holding)
    return _for_case(context, reader, code, holding, case, wish.material)


def _is_for(context: Context, reader: Reader, code: Code) -> bool:
    """Whether the code is meant for whoever asks: the department named, or a desk that handles the case."""
    who = context.actor
    if code.case_ref is None:
        return code.department is not None and code.department == who.department
    case = _case_of(reader, code)
    if case is None:
        return False
    if who.role is Role.OFFICER:
        return any(task.department == who.department for task in case.tasks.values())
    return access.may_see(who, case, context.world.catalogue.regions)


def _case_of(reader: Reader, code: Code) -> Application | None:
    if code.case_ref is None:
        return None
    return reader.application_by_reference(code.case_ref) or reader.application(code.case_ref)


def _for_department(context: Context, code: Code, holding: Holding) -> Outcome[RedeemedOut | None]:
    use = certificate_uses.use(context, UseKind.REDEEMED, holding.number, id=code.hash, purpose=code.purpose)
    answer = _redeemed(context, code, holding, None, None)
    changes = certificate_uses.looked_at(context, Changes(), holding, Purpose.CERTIFICATE)
    return Outcome(answer, certificate_uses.logged(changes, use))


def _for_case(
    context: Context, reader: Reader, code: Code, holding: Holding, before: Application, material: str | None
) -> Outcome[RedeemedOut | None]:
    before = access.with_content(before)
    plan = plan_of(context, reader, before)
    planned = certificate_moves.material_for(plan, holding, code.material or material)
    name = planned.material.code
    if context.actor.role is Role.OFFICER and not materials.may_fetch(context, reader, before, name):
        raise access.no_such_material()
    h = begin(context, before)
    certificate_moves.hand_in(h, planned, holding, plan)
    use = certificate_uses.use(
        context,
        UseKind.REDEEMED,
        holding.number,
        id=code.hash,
        application_id=before.id,
        material=name,
        purpose=code.purpose,
    )
    changes = written(context, reader, before, h, plan)
    if (seen := materials.logged(context, reader, before, name)) is not None:
        changes = changes.together(seen)
    if seen is None or holding.holder != before.applicant:
        changes = certificate_uses.looked_at(context, changes, holding, Purpose.CERTIFICATE, before)
    return Outcome(_redeemed(context, code, holding, before, name), certificate_uses.logged(changes, use))


def _redeemed(
    context: Context, code: Code, holding: Holding, case: Application | None, material: str | None
) -> RedeemedOut:
    return RedeemedOut(
        certificate=certificates.whole(context, holding, (), None),
        application_id=case.id if case else None,
        reference=case.reference if case else None,
        material=material,
        purpose=code.purpose,
        redeemed_at=context.at,
    )


# ---- codes -----------------------------------------------------------------------------------------------------------


def _new_code(context: Context, kind: str, number: str, life: timedelta, **scope: str | None) -> tuple[str, Code]:
    """A fresh code as it is read out, and how it is kept."""
    rest, signs = context.dice.below(len(CODE_ALPHABET) ** LENGTH), []
    for _ in range(LENGTH):
        rest, sign = divmod(rest, len(CODE_ALPHABET))
        signs.append(CODE_ALPHABET[sign])
    text = "".join(signs)
    kept = Code(
        hash=_hash(context, kind, text),
        kind=kind,
        certificate=number,
        case_ref=scope.get("case_ref"),
        department=scope.get("department"),
        material=scope.get("material"),
        purpose=scope.get("purpose"),
        created_by=context.actor.account,
        created_at=context.real_at,
        expires_at=context.real_at + life,
    )
    return "-".join(text[start : start + 4] for start in range(0, LENGTH, 4)), kept


def _kept(context: Context, reader: Reader, code: Code) -> Changes:
    """The new code's row; those of the same holder that have died go."""
    dead = rows.dead_codes(reader, code.created_by, context.real_at)
    changes = Changes(deletes=[("certificate_code", {"hash": hashed}) for hashed in dead])
    return changes.also("certificate_code", rows.code_row(code))


def _hash(context: Context, kind: str, code: str) -> str:
    """The stored hash: keyed, so that the table alone is worth nothing; a code of one kind is none of the other."""
    message = f"certificate-{kind}\n{code}".encode()
    return hmac.new(context.world.policy.secret, message, hashlib.sha256).hexdigest()


def _guarded(context: Context, reader: Reader, text: str) -> tuple[str, str]:
    """The code as it is hashed, and what its tries are counted for."""
    code = compact(text)
    if not re.fullmatch(f"[{CODE_ALPHABET}]{{{LENGTH}}}", code):
        shape = Text(f"证照码为 {LENGTH} 位字母和数字，请核对。", f"A code has {LENGTH} letters and digits: check it.")
        raise InvalidInput([Fault("/code", "malformed", shape)])
    subject = hashlib.sha256(f"certificate:{code[:HANDLE]}".encode()).hexdigest()
    tries.must_not_be_locked(context, reader, subject, THE_CODE)
    return code, subject
