"""电子证照: where a certificate stands, who may move it, how it is named, and what a stranger may learn of it.

A certificate is never deleted. Each move is a row of its history; where it stands is the last of them, and whether it
is still in force also depends on the day. A certificate in electronic form has the same legal force as one on paper
(国令第716号, 2019).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from app.domain.errors import ActionNotAllowed, Fault, InvalidInput
from app.domain.said import said
from app.domain.vocabulary import Role, Text, Word

MAX_REASON: Final = 500


class CertificateStatus(Word):
    """证照状态."""

    VALID = "valid", "有效", "valid"
    EXPIRED = "expired", "过期", "expired"
    FROZEN = "frozen", "冻结", "frozen"
    CANCELLED = "cancelled", "注销", "cancelled"
    REVOKED = "revoked", "吊销", "revoked"


OVER: Final = frozenset({CertificateStatus.CANCELLED, CertificateStatus.REVOKED})
"""No way leads back from here."""


class CertificateMove(Word):
    """What can be done to a certificate."""

    ISSUE = "issue", "核发", "issue"
    FREEZE = "freeze", "冻结", "freeze"
    UNFREEZE = "unfreeze", "解冻", "unfreeze"
    REVOKE = "revoke", "吊销", "revoke"
    CANCEL = "cancel", "注销", "cancel"


class Side(Word):
    """Whose move it is."""

    ISSUER = "issuer", "发证单位", "issuing office"
    HOLDER = "holder", "持证人", "holder"


@dataclass(frozen=True, slots=True)
class MoveRule:
    """Who may make a move, from where, to where; ``is_explained``: only with a reason."""

    side: Side
    start: frozenset[CertificateStatus]
    end: CertificateStatus
    is_explained: bool = True


_S = CertificateStatus
MOVES: Final[Mapping[CertificateMove, MoveRule]] = {
    CertificateMove.FREEZE: MoveRule(Side.ISSUER, frozenset({_S.VALID}), _S.FROZEN),
    CertificateMove.UNFREEZE: MoveRule(Side.ISSUER, frozenset({_S.FROZEN}), _S.VALID),
    CertificateMove.REVOKE: MoveRule(Side.ISSUER, frozenset({_S.FROZEN}), _S.REVOKED),
    CertificateMove.CANCEL: MoveRule(Side.HOLDER, frozenset({_S.VALID, _S.EXPIRED}), _S.CANCELLED, is_explained=False),
}
"""Freezing and its end, and revoking, are the issuing office's; what is revoked was frozen before, by somebody else
(:func:`app.domain.certificate_moves.why_not_revoke`). Cancelling is at the holder's request, and not while the
certificate is frozen. Who may do what is illustrative."""


def status_on(standing: CertificateStatus, valid_until: date | None, today: date) -> CertificateStatus:
    """Where a certificate stands on a day: what was done to it, else whether its time is over.

    ``valid_until`` is the last day of its validity, None without an end.
    """
    if standing is not _S.VALID:
        return standing
    return _S.EXPIRED if valid_until is not None and today > valid_until else _S.VALID


def allowed(status: CertificateStatus, side: Side) -> tuple[CertificateMove, ...]:
    """What this side may do with a certificate in this status."""
    return tuple(move for move, rule in MOVES.items() if rule.side is side and status in rule.start)


def moved(status: CertificateStatus, move: CertificateMove, side: Side, reason: str | None) -> CertificateStatus:
    """The standing after the move.

    Raises :class:`ActionNotAllowed` when it is not this side's or not possible from here, :class:`InvalidInput` without
    the reason it takes.
    """
    possible = allowed(status, side)
    if move not in possible:
        raise ActionNotAllowed(
            Text(f"证照现为“{status.zh}”，不能{move.zh}。", f"The certificate is {status.en}: it cannot {move.en}."),
            action=move.value,
            status=status.value,
            allowed=[each.value for each in possible],
        )
    why = said(reason)
    if (MOVES[move].is_explained and not why) or len(why) > MAX_REASON:
        text = Text(f"请写明理由，不超过 {MAX_REASON} 字。", f"Give the reason, in at most {MAX_REASON} characters.")
        raise InvalidInput([Fault("/reason", "missing" if not why else "too-long", text)])
    return MOVES[move].end


@dataclass(frozen=True, slots=True)
class CertificateEvent:
    """One row of a certificate's history; ``standing`` is where it stood afterwards."""

    certificate: str
    seq: int
    kind: CertificateMove
    at: datetime
    actor: str
    role: Role
    why: str | None
    standing: CertificateStatus


def standing_after(history: Iterable[CertificateEvent]) -> CertificateStatus:
    """Where a certificate stands after everything that was done to it; valid when nothing was."""
    last = max(history, key=lambda event: event.seq, default=None)
    return CertificateStatus.VALID if last is None else last.standing


@dataclass(frozen=True, slots=True)
class Company:
    """Whose a certificate is when it is not a person's: the fictional 统一社会信用代码 and the name."""

    uscc: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A certificate that a fictional person brings along, as the pack has it."""

    number: str
    type: str
    issued_on: date
    valid_until: date | None
    region: str | None
    company: Company | None
    facts: tuple[tuple[Text, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One certificate in somebody's wallet, wherever it came from.

    ``holder`` is an account; a company's certificate is in the wallet of its legal representative. ``facts`` are what
    stands on it: label and value. ``application_id`` and ``item`` are None when it was not issued here.
    """

    number: str
    type: str | None
    name: Text
    holder: str
    department: str
    issued_on: date
    valid_until: date | None
    standing: CertificateStatus = CertificateStatus.VALID
    company: Company | None = None
    facts: tuple[tuple[Text, str], ...] = ()
    application_id: str | None = None
    item: str | None = None

    def status(self, today: date) -> CertificateStatus:
        """Where it stands on a day."""
        return status_on(self.standing, self.valid_until, today)

    def must_be_valid(self, today: date, action: str) -> None:
        """Raise :class:`ActionNotAllowed` unless it may be used today."""
        status = self.status(today)
        if status is not CertificateStatus.VALID:
            raise ActionNotAllowed(
                Text(
                    f"这份证照现为“{status.zh}”，不能出示或使用。",
                    f"The certificate is {status.en}: it cannot be shown or used.",
                ),
                action=action,
                status=status.value,
                allowed=[],
            )


@dataclass(frozen=True, slots=True)
class CertificateUse:
    """Which certificate stands for a material of a case, and where it stood when it was taken over."""

    number: str
    type: str
    status: CertificateStatus


COMPANY_NAMES: Final = ("company_name", "operator_name", "org")
"""Fields of the form that name the company a certificate is for, first found first."""


def company_on(form: Mapping[str, Any]) -> Company | None:
    """The company that a filled form speaks of, or None."""
    name = next((form[code] for code in COMPANY_NAMES if isinstance(form.get(code), str)), None)
    uscc = form.get("uscc")
    return None if name is None else Company(uscc if isinstance(uscc, str) else None, name)


# ---- 证照标识 --------------------------------------------------------------------------------------------------------

ROOT: Final = "1.2.156.3005.2"
"""The root of certificate identifiers [likely, GB/T 36904-2018]; type and issuer below it are illustrative here."""
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def identifier(type_code: str | None, authority_code: str, number: str, version: int = 1) -> str:
    """证照标识: root, type, issuer, serial, version and a check character [likely in shape, illustrative in content].

    The type is six digits made of the type's code, the issuer its fictional credit code, the serial the letters and
    digits of the certificate's number. The check is ISO/IEC 7064 MOD 37,36, which finds every single wrong character.
    """
    kind = int(hashlib.sha256((type_code or "document").encode()).hexdigest()[:12], 16) % 1_000_000
    serial = re.sub(r"[^0-9A-Z]", "", number.upper())
    parts = (f"{kind:06d}", re.sub(r"[^0-9A-Z]", "", authority_code.upper()), serial, f"{version:03d}")
    return ".".join((ROOT, *parts, mod_37_36("".join(parts))))


def mod_37_36(text: str) -> str:
    """The check character of a run of digits and capitals (ISO/IEC 7064, hybrid system MOD 37,36)."""
    rest = 36
    for sign in text:
        rest = (rest + _ALPHABET.index(sign)) % 36 or 36
        rest = rest * 2 % 37
    return _ALPHABET[(37 - rest) % 36]


# ---- what leaves the house -------------------------------------------------------------------------------------------


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: JSON in UTF-8, keys in order, no spaces, non-ASCII as it is.

    ``content`` holds texts, null, lists and mappings only, so that every JSON library writes the same bytes.
    """
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
