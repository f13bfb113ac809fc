"""Papers (文书): the eleven kinds a counter prints and four more, as values fixed the moment they are served.

A paper is content, not a picture: sections of facts, sentences, points, reasons, law and remedies in both languages.
Pages and PDFs are made of the content alone, so what was served can be shown again however the case goes on. The
SHA-256 digest of the content and a salt is stored beside it and shown on it; whoever alters the one no longer has the
other, and once the content is erased the digest gives nothing away.

Kinds 01 to 11 are the closed list of DB4406/T 14-2021; the notices of a survey, a revocation and an announcement are
added, for nobody should learn of these only by looking, and the applicant's copy of what was signed for. Which event
makes which paper stands in :mod:`app.domain.serving`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.applications import Application, Notice
from app.domain.lifecycle import DECIDED, FAILED, TaskStatus, Verdict
from app.domain.vocabulary import ILLUSTRATIVE, Text, Word


class PaperKind(Word):
    """文书种类; ``code`` is the number that stands in a paper's number."""

    RECEIPT = "receipt", "接收回执", "Receipt of submission", "01"
    HANDOVER = "handover", "物料流转凭证", "Hand-over slip", "02"
    ACCEPTANCE = "acceptance", "受理回执", "Receipt of acceptance", "03"
    CORRECTION = "correction", "申请材料补正告知书", "Correction notice", "04"
    NOT_ACCEPTED = "not_accepted", "不予受理通知书", "Notice of non-acceptance", "05"
    SPECIAL = "special", "特殊程序审查期限告知书", "Notice of the time of a special procedure", "06"
    EXTENSION = "extension", "延长办理期限通知书", "Notice of extension", "07"
    APPROVAL = "approval", "批准决定书", "Decision to grant", "08"
    REFUSAL = "refusal", "不予批准决定书", "Decision to refuse", "09"
    DELIVERY = "delivery", "送达回执", "Receipt of delivery", "10"
    PAYMENT = "payment", "缴费通知书", "Payment notice", "11"
    SURVEY = "survey", "联合踏勘通知书", "Notice of a joint survey", "12"
    REVOCATION = "revocation", "撤销决定书", "Decision to revoke", "13"
    ANNOUNCEMENT = "announcement", "公告告知书", "Notice of an announcement", "14"
    PLEDGE = "pledge", "容缺承诺书", "Undertaking to bring what is missing", "15"


RESULT_NOTICE = Text("办理结果告知书", "Notice of the result")
"""What a utility, a bank or a step without power writes instead of a decision: it decides nothing about rights."""

SAYS_RESULT = frozenset({PaperKind.NOT_ACCEPTED, PaperKind.APPROVAL, PaperKind.REFUSAL, PaperKind.REVOCATION})
"""Papers that are decisions when an authority writes them."""
GRANTS = frozenset({PaperKind.APPROVAL, PaperKind.DELIVERY})
"""Papers that hold only as long as the grant does."""


@dataclass(frozen=True, slots=True)
class PaperRule:
    """What the law wants of one kind of paper: the articles of 行政许可法 it rests on, reasons, remedies."""

    articles: Text
    needs_reasons: bool = False
    needs_remedies: bool = False


RULES: Mapping[PaperKind, PaperRule] = {
    PaperKind.RECEIPT: PaperRule(Text("第二十九条、第三十二条", "arts. 29 and 32")),
    PaperKind.HANDOVER: PaperRule(Text("第二十六条", "art. 26")),
    PaperKind.ACCEPTANCE: PaperRule(Text("第三十二条第一款第（五）项、第四十二条", "arts. 32 (1) (5) and 42")),
    PaperKind.CORRECTION: PaperRule(Text("第三十二条第一款第（四）项", "art. 32 (1) (4)")),
    PaperKind.NOT_ACCEPTED: PaperRule(Text("第三十二条", "art. 32"), needs_reasons=True, needs_remedies=True),
    PaperKind.SPECIAL: PaperRule(Text("第四十五条", "art. 45"), needs_reasons=True),
    PaperKind.EXTENSION: PaperRule(Text("第四十二条", "art. 42"), needs_reasons=True),
    PaperKind.APPROVAL: PaperRule(Text("第三十八条第一款、第四十四条", "arts. 38 (1) and 44")),
    PaperKind.REFUSAL: PaperRule(Text("第三十八条第二款", "art. 38 (2)"), needs_reasons=True, needs_remedies=True),
    PaperKind.DELIVERY: PaperRule(Text("第四十四条", "art. 44")),
    PaperKind.PAYMENT: PaperRule(Text("第五十八条、第五十九条", "arts. 58 and 59")),
    PaperKind.SURVEY: PaperRule(Text("第二十六条、第三十四条", "arts. 26 and 34")),
    PaperKind.REVOCATION: PaperRule(Text("第六十九条", "art. 69"), needs_reasons=True, needs_remedies=True),
    PaperKind.ANNOUNCEMENT: PaperRule(Text("第五条", "art. 5")),
    PaperKind.PLEDGE: PaperRule(Text("第三十一条", "art. 31")),
}
DEEMED_ARTICLE = Text("第三十二条第一款第（四）项", "art. 32 (1) (4)")
"""Silence beyond the intake clock: accepted from the day the material was received."""


class Origin(Word):
    """Where a fact on a paper comes from."""

    CASE = "case", "办件记录", "case record"
    CATALOGUE = "catalogue", "事项清单", "catalogue"
    APPLICANT = "applicant", "申请人", "applicant"
    DEPARTMENT = "department", "承办单位", "the office"
    LAW = "law", "法定", "the law"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of particulars, and where its value comes from."""

    label: Text
    value: Text
    origin: Origin


class SectionKind(Word):
    """What a section of a paper is for."""

    PARTICULARS = "particulars", "办件信息", "Particulars"
    BODY = "body", "告知内容", "What this tells you"
    POINTS = "points", "需要补正的内容", "What to correct"
    ITEMS = "items", "分办事项", "Items and offices"
    MATERIALS = "materials", "材料清单", "Materials"
    AMOUNTS = "amounts", "收费项目", "Fees"
    REASONS = "reasons", "理由", "Reasons"
    LAW = "law", "依据", "Legal basis"
    REMEDIES = "remedies", "救济途径", "Remedies"
    COMPLAINT = "complaint", "意见反映渠道", "Where to complain"
    NEXT = "next", "接下来", "What comes next"
    SPARED = "spared", "为您省下", "What you were spared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a paper: particulars, sentences, or numbered points under a heading."""

    kind: SectionKind
    title: Text
    facts: tuple[Fact, ...] = ()
    paragraphs: tuple[Text, ...] = ()
    points: tuple[Text, ...] = ()


def section(kind: SectionKind, *paragraphs: Text, **parts: Any) -> Section:
    """A section under its usual heading; ``title`` among ``parts`` gives another."""
    return Section(kind=kind, title=parts.pop("title", kind.label), paragraphs=paragraphs, **parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper as served. ``department`` is the code of the office concerned, ``issuer`` the name that signs.

    ``recipient`` is the account it is served on, or for a hand-over slip the receiving office.
    """

    number: str
    reference: str
    item: str | None
    kind: PaperKind
    title: Text
    department: str
    issuer: Text
    issuer_code: str
    addressee: Text
    recipient: str
    served_at: datetime
    sections: tuple[Section, ...]
    label: Text = ILLUSTRATIVE
    salt: str = ""
    """Drawn when it is served, and erased with the content: what stands on a paper could be guessed, and tried against
    the digest that stays."""

    @property
    def served_on(self) -> date:
        """The date at the office."""
        return self.served_at.date()


def paper_number(reference: str, kind: PaperKind, seq: int) -> str:
    """``L330802-20260312-00017-1-F1-W0312``: the application's or task's number, the kind, the event that caused it."""
    return f"{reference}-W{kind.code}{seq:02d}"


def content_of(paper: Paper) -> dict[str, Any]:
    """The paper as plain JSON values, the form in which it is stored."""
    content: dict[str, Any] = _plain(paper)
    return content


def _plain(value: Any) -> Any:
    if isinstance(value, Text):  # most of a paper
        return {"zh": value.zh, "en": value.en}
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return {name: _plain(getattr(value, name)) for name in value.__slots__}


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256, hex, over the content with its members in order; the same before and after storing."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Standing(Word):
    """Whether what a paper says still holds."""

    IN_FORCE = "in_force", "现行有效", "in force"
    ANSWERED = "answered", "已答复", "answered"
    LAPSED = "lapsed", "期限已过", "its period has passed"
    CONCLUDED = "concluded", "已办结", "the matter has been concluded"
    ENDED = "ended", "所涉办件已终结", "the case it belongs to has ended"
    VOID = "void", "已作废", "void"
    REVOKED = "revoked", "已撤销", "revoked"
    REPLACED = "replaced", "已由新的文书替代", "replaced by a later paper"


def standing(paper: Paper, case: Application, today: date) -> Standing:
    """Whether the paper still holds, read off the case as it is now."""
    if paper.kind is PaperKind.CORRECTION:
        served = (notice for notice in case.notices if notice.served_at == paper.served_at)
        return _notice_standing(next(served, None), case, today)
    if paper.kind is PaperKind.SURVEY:
        return _survey_standing(paper, case, today)
    task = case.tasks.get(paper.item or "")
    if task is None:
        is_over = paper.kind is PaperKind.EXTENSION and case.completed_at is not None
        return Standing.CONCLUDED if is_over else Standing.IN_FORCE
    if task.status is TaskStatus.VOID:
        return Standing.VOID
    if paper.kind in GRANTS and task.verdict is Verdict.REVOKED:
        return Standing.REVOKED
    if paper.kind in SAYS_RESULT or paper.kind is PaperKind.DELIVERY:
        return Standing.IN_FORCE
    if task.status in FAILED:
        return Standing.ENDED
    is_interim = paper.kind in {PaperKind.SPECIAL, PaperKind.EXTENSION, PaperKind.ANNOUNCEMENT}
    return Standing.CONCLUDED if is_interim and task.status in DECIDED else Standing.IN_FORCE


def _notice_standing(notice: Notice | None, case: Application, today: date) -> Standing:
    if notice is None:
        return Standing.IN_FORCE
    if notice.answered_at is not None:
        return Standing.ANSWERED
    if not case.live_points(notice):
        return Standing.ENDED
    return Standing.LAPSED if today > notice.due_on else Standing.IN_FORCE


def _survey_standing(paper: Paper, case: Application, today: date) -> Standing:
    survey = case.survey
    if survey is None or survey.appointed_at != paper.served_at:
        return Standing.REPLACED
    if not any(map(survey.waits_for, survey.items)):
        return Standing.CONCLUDED
    return Standing.LAPSED if today > survey.on else Standing.IN_FORCE
