"""数据共享的规矩: one request for data, the facts it meets, and the decision with its reason.

The checks come in one order, and the first that fails is the one that is told: the item's declared need; the sharing
class and the holder's approval; the grade against the role; the purpose against the item; a lawful basis that still
holds; and nothing beyond the listed elements. Which role may meet which grade is illustrative.

The bases follow 个人信息保护法 art. 13: a statutory duty needs no consent. Another person's restricted data, sensitive
data (L4) and those of a child under 14 need a separate consent (art. 23, 29, 31).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.domain.applications import Actor
from app.domain.consents import Consent, ConsentStatus
from app.domain.datasets import Approval
from app.domain.vocabulary import Grade, Role, SharingClass, Text, Word

FORM = "form"
"""Stands in ``dataset`` for what the applicant handed in: the one form and its papers."""
CERTIFICATE = "certificate"
"""Stands in ``dataset`` for an electronic certificate as such, which need not belong to any application."""
HOLDER = "holder"
"""The part of whoever holds the certificate that was looked at."""
COMPANY = "company"
"""The part of a company that somebody says he represents."""


class Purpose(Word):
    """What data are asked for."""

    PREFILL = "prefill", "预填", "to fill the form in advance"
    ANSWER = "answer", "免问", "so that a question need not be asked"
    REVIEW = "review", "审查", "to review an application"
    VERIFY = "verify", "核验", "to verify, yes or no"
    UNMASK = "unmask", "解密查看", "to see one value in clear"
    CERTIFICATE = "certificate", "用证", "to use a certificate"
    KEEP = "keep", "证照管理", "to look after a certificate that the office issued"
    OFFER = "offer", "免申即享", "to find who may have it without applying"
    MANDATE = "mandate", "核实代表权", "to check who may give a mandate for a company"


class BasisKind(Word):
    """On what ground data are had."""

    STATUTORY_DUTY = "statutory_duty", "法定职责", "statutory duty"
    CONSENT = "consent", "单独同意", "separate consent"
    MANDATE = "mandate", "单位委托", "the company's mandate"
    OPEN = "open", "无条件共享", "shared without condition"


class CallResult(Word):
    """What came of a request."""

    ALLOWED = "allowed", "已提供", "answered"
    DENIED = "denied", "已拒绝", "refused"
    UNAVAILABLE = "unavailable", "数源不可用", "the register did not answer"
    EMPTY = "empty", "无记录", "no record"
    UNKNOWN = "unknown", "已查询，结果不明", "asked, and the outcome is not known"


class Denial(Word):
    """Why a request is refused, in the order in which the checks are made."""

    NOT_DECLARED = "not_declared", "该数据不在事项的数据需求清单中", "the item does not declare a need for these data"
    NOT_SHARED = "not_shared", "该数据依法不共享", "these data are not shared, by law"
    NOT_APPROVED = "not_approved", "数源部门未批准或已暂停共享", "the holder has not approved it, or has suspended it"
    QUOTA = "quota", "今日调用量已超出批准数量", "over the approved number of calls of a day"
    GRADE = "grade", "该角色不得查看这一级别的数据", "this role may not see data of this grade"
    OTHER_DESK = "other_desk", "这是其他部门的办件", "the task belongs to another department"
    PURPOSE = "purpose", "目的与事项不符", "the purpose is not that of the item"
    TASK_CLOSED = "task_closed", "办件已结束", "the task is over"
    NO_CONSENT = "no_consent", "尚未取得单独同意", "no separate consent has been given"
    CONSENT_REFUSED = "consent_refused", "本人不同意", "the person refused"
    CONSENT_WITHDRAWN = "consent_withdrawn", "本人已撤回同意", "the person has withdrawn the consent"
    CONSENT_EXPIRED = "consent_expired", "同意已过期", "the consent has run out"
    NO_LAW = "no_law", "事项没有列明法律依据", "the item names no legal basis"
    ELEMENTS = "elements", "超出事项可用的数据项", "beyond the elements the item may have"


BY_CONSENT = {
    ConsentStatus.ASKED: Denial.NO_CONSENT,
    ConsentStatus.REFUSED: Denial.CONSENT_REFUSED,
    ConsentStatus.WITHDRAWN: Denial.CONSENT_WITHDRAWN,
    ConsentStatus.EXPIRED: Denial.CONSENT_EXPIRED,
}

CEILING: Mapping[Role, Grade] = {
    Role.APPLICANT: Grade.L4,
    Role.AGENT: Grade.L4,
    Role.OFFICER: Grade.L4,
    Role.SYSTEM: Grade.L4,
    Role.CLERK: Grade.L3,
}
"""The highest grade a role may meet in clear (illustrative); a role that is not here meets no personal data at all."""

UNSEEN = frozenset({Purpose.REVIEW, Purpose.VERIFY, Purpose.OFFER, Purpose.MANDATE})
"""Purposes that never show a value of L3 or above in clear: they are masked, or answered by yes or no."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The lawful ground of one answer: the law of the item, or the id of the consent or the mandate."""

    kind: BasisKind
    law: Text | None = None
    consent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRequest:
    """Who wants which elements of which dataset about whom, for which item of which case.

    ``case`` is the id of the application, None before there is one (guiding questions); ``applicant`` the account the
    case belongs to; ``department`` the organisation that handles the item; ``party`` the part the person has in the
    case; ``subject`` the number of that person or enterprise, used for the look-up and never stored in clear.
    ``is_shown``: a register has just shown that the applicant may act for that party.
    """

    case: str | None
    bundle: str
    item: str
    region: str
    applicant: str
    department: str | None
    dataset: str
    elements: tuple[str, ...]
    party: str
    subject: str | None
    purpose: Purpose
    actor: Actor
    reason: str | None = None
    is_shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the decision depends on.

    ``grades`` has the grade of each element where it differs from that of the dataset; ``listed`` the elements the item
    may have; ``approved`` those the holder approved (None: all that are listed). ``is_part``: the item belongs to the
    case; ``is_own_desk`` and ``is_open`` speak of the task of an officer who asks. ``is_own``: the applicant's own
    data, or those of an enterprise that the asker acts for, by the id of its ``mandate`` unless it is the legal
    representative; ``is_minor``: those of a child under 14. ``consents``: of this case, person and dataset, newest
    first.
    """

    today: date
    sharing: SharingClass
    grade: Grade
    listed: frozenset[str]
    is_declared: bool = True
    no_sharing_basis: Text | None = None
    is_approved: bool = True
    approved: frozenset[str] | None = None
    is_over_quota: bool = False
    quota: Approval | None = None
    grades: Mapping[str, Grade] = field(default_factory=dict)
    is_part: bool = True
    is_own_desk: bool = True
    is_open: bool = True
    is_own: bool = True
    is_minor: bool = False
    mandate: str | None = None
    law: Text | None = None
    consents: tuple[Consent, ...] = ()

    def grade_of(self, element: str) -> Grade:
        """The grade of one element."""
        return self.grades.get(element, self.grade)

    def highest(self, elements: tuple[str, ...]) -> Grade:
        """The highest grade among these elements; that of the dataset when none is named."""
        return max((self.grade_of(element) for element in elements), key=rank, default=self.grade)


@dataclass(frozen=True, slots=True)
class Allowance:
    """Granted: on which basis, which elements, and which of them the asker may only see masked. ``quota`` is the
    approval that it is counted under, when that has a number of calls a day."""

    basis: Basis
    elements: tuple[str, ...]
    masked: tuple[str, ...] = ()
    quota: Approval | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """Refused: the first check that failed, and the sentence for people. ``consent`` is one that does not hold."""

    denial: Denial
    detail: Text
    consent: str | None = None


RANKS: Final = {grade: rank for rank, grade in enumerate(Grade)}


def rank(grade: Grade) -> int:
    """0 for L1 up to 3 for L4."""
    return RANKS[grade]


def is_guarded(grade: Grade) -> bool:
    """L3 and above: shown masked at desks."""
    return rank(grade) >= rank(Grade.L3)


def decide(request: DataRequest, facts: Facts) -> Allowance | Denied:
    """The decision on one request: the first check that fails refuses it."""
    denial = _shared(facts) or _role(request, facts) or _purpose(facts)
    if denial is not None:
        return _denied(denial, facts)
    basis = _basis(request, facts)
    if isinstance(basis, Denied):
        return basis
    if not _listed(request, facts):
        return _denied(Denial.ELEMENTS, facts)
    return Allowance(basis, request.elements, masked(request, facts), facts.quota)


def over_quota() -> Denied:
    """Refused because the approved number of calls of the day is used up."""
    denial = Denial.QUOTA
    return Denied(denial, Text(f"{denial.zh}。", f"{denial.en[:1].upper()}{denial.en[1:]}."))


def _shared(facts: Facts) -> Denial | None:
    if not facts.is_declared:
        return Denial.NOT_DECLARED
    if facts.sharing is SharingClass.NONE:
        return Denial.NOT_SHARED
    if not facts.is_approved:
        return Denial.NOT_APPROVED
    return Denial.QUOTA if facts.is_over_quota else None


def _role(request: DataRequest, facts: Facts) -> Denial | None:
    ceiling = CEILING.get(request.actor.role)
    if ceiling is None:
        return Denial.GRADE
    is_seen = request.purpose not in UNSEEN
    return Denial.GRADE if is_seen and rank(facts.highest(request.elements)) > rank(ceiling) else None


def _purpose(facts: Facts) -> Denial | None:
    if not facts.is_own_desk:
        return Denial.OTHER_DESK
    if not facts.is_part:
        return Denial.PURPOSE
    return None if facts.is_open else Denial.TASK_CLOSED


def needs_consent(request: DataRequest, facts: Facts) -> bool:
    """Whether only a separate consent can be the basis: restricted data that are another's, sensitive, or a child's.

    What was handed in to an office for its item is used by that office on its statutory duty.
    """
    if request.dataset == FORM or facts.sharing is SharingClass.UNCONDITIONAL:
        return False
    return is_separate(facts.highest(request.elements), is_own=facts.is_own, is_minor=facts.is_minor)


def is_separate(grade: Grade, *, is_own: bool, is_minor: bool) -> bool:
    """Whether restricted data of this grade want a separate consent: another's, a child's, or sensitive ones."""
    return not is_own or is_minor or grade is Grade.L4


def _basis(request: DataRequest, facts: Facts) -> Basis | Denied:
    if needs_consent(request, facts):
        return _consented(request, facts)
    if facts.sharing is SharingClass.UNCONDITIONAL and request.dataset != FORM:
        return Basis(BasisKind.OPEN, facts.law)
    if facts.mandate is not None and request.dataset != FORM:
        return Basis(BasisKind.MANDATE, facts.law, facts.mandate)
    if facts.law is None:
        return _denied(Denial.NO_LAW, facts)
    return Basis(BasisKind.STATUTORY_DUTY, facts.law)


def _consented(request: DataRequest, facts: Facts) -> Basis | Denied:
    covering = [
        consent
        for consent in facts.consents
        if request.item in consent.items and set(request.elements) <= set(consent.elements)
    ]
    for consent in covering:
        if consent.standing(facts.today) is ConsentStatus.GIVEN:
            return Basis(BasisKind.CONSENT, facts.law, consent.id)
    if not covering:
        return _denied(Denial.NO_CONSENT, facts)
    last = covering[0]
    return _denied(BY_CONSENT[last.standing(facts.today)], facts, last.id)


def _listed(request: DataRequest, facts: Facts) -> bool:
    wanted = set(request.elements)
    return bool(wanted) and wanted <= facts.listed and (facts.approved is None or wanted <= facts.approved)


def masked(request: DataRequest, facts: Facts) -> tuple[str, ...]:
    """The elements the asker sees masked: at desk and counter all of L3 and above, for the applicant those of other
    people."""
    is_hidden = not facts.is_own or request.actor.role is Role.CLERK
    if request.purpose is Purpose.REVIEW or (request.purpose is Purpose.PREFILL and is_hidden):
        return tuple(element for element in request.elements if is_guarded(facts.grade_of(element)))
    return ()


def _denied(denial: Denial, facts: Facts, consent: str | None = None) -> Denied:
    zh, en = denial.zh, denial.en
    if denial is Denial.NOT_SHARED and facts.no_sharing_basis is not None:
        zh, en = f"{zh}：{facts.no_sharing_basis.zh}", f"{en}: {facts.no_sharing_basis.en}"
    return Denied(denial, Text(f"{zh}。", f"{en[:1].upper()}{en[1:]}."), consent)
