"""Sections that several papers share: who and what, the legal basis, remedies, complaints.

The 行政许可法 binds licences. For other powers of an authority it is a yardstick and the paper says so; a utility, a
bank or a step without power makes no administrative decision, so its papers carry neither articles of that law nor
复议 or 诉讼, but say where to complain.
"""

from collections.abc import Iterable
from datetime import date

from app.domain.applications import Application, Certificate, Task
from app.domain.authorities import Department
from app.domain.catalogue import LegalBasis, ServiceItem
from app.domain.papers import RULES, Fact, Origin, PaperKind, Section, SectionKind, section
from app.domain.periods import written_day
from app.domain.routing import Plan, PlannedItem
from app.domain.unpublished import unpublished
from app.domain.vocabulary import Mark, PowerType, Text, TimeUnit

ACT = Text("《中华人民共和国行政许可法》", "Administrative Licensing Law")
STEPS = frozenset({PowerType.VERIFICATION, PowerType.COORDINATION})
"""Steps of a bundle: no power is exercised, whoever takes them."""
NO_ACT = Text(
    "本单位不行使行政权力，本文书告知办理情况，不是行政决定。",
    "This body exercises no administrative power: the paper informs and is not an administrative decision.",
)


def has_power(planned: PlannedItem) -> bool:
    """Whether the office decides about rights, so that 复议 and 诉讼 are open against it."""
    return planned.routed.department.kind.has_power and planned.item.power not in STEPS


def joined(texts: Iterable[Text]) -> Text:
    """An enumeration."""
    found = list(texts)
    return Text("、".join(t.zh for t in found), ", ".join(t.en for t in found))


def fact(label: Text, value: Text | str | None, origin: Origin = Origin.CASE) -> Fact:
    """One line; a plain string reads the same in both languages."""
    text = value if isinstance(value, Text) else Text(value or "—", value or "—")
    return Fact(label, text, origin)


def on_day(label: Text, day: date | None, origin: Origin = Origin.CASE) -> Fact:
    """A line with a date."""
    return fact(label, written_day(day) if day else None, origin)


REFERENCE = Text("办件编号", "Reference")
BUNDLE = Text("一件事", "Errand")
ITEM = Text("事项名称", "Item")
APPLICANT = Text("申请人", "Applicant")
OFFICE = Text("承办单位", "Office")
OFFICE_CODE = Text("单位代码（虚构）", "Office code (fictional)")


def particulars(reference: str, applicant: Text, plan: Plan, planned: PlannedItem | None, *more: Fact) -> Section:
    """Who applied for what, at which office, and what the paper adds."""
    facts = [fact(REFERENCE, reference), fact(APPLICANT, applicant, Origin.APPLICANT), fact(BUNDLE, plan.bundle.name)]
    if planned is not None:
        office = planned.routed.department
        facts += [
            fact(ITEM, planned.item.name, Origin.CATALOGUE),
            fact(OFFICE, office.name, Origin.CATALOGUE),
            fact(OFFICE_CODE, office.authority_code, Origin.CATALOGUE),
        ]
    return section(SectionKind.PARTICULARS, facts=(*facts, *more))


def law(kind: PaperKind, planned: PlannedItem | None, articles: Text | None = None) -> Section:
    """依据: the articles this paper rests on and those of the item itself."""
    articles = articles or RULES[kind].articles
    if planned is None:
        return section(SectionKind.LAW, _for_all(articles))
    own = [_basis(basis, planned.item) for basis in planned.item.legal_basis]
    if not has_power(planned):
        return section(SectionKind.LAW, NO_ACT, points=tuple(own))
    return section(SectionKind.LAW, points=(_act(articles, planned.item.power), *own))


def _for_all(articles: Text) -> Text:
    return Text(
        f"行政许可事项适用{ACT.zh}{articles.zh}；其他事项参照办理。",
        f"{ACT.en}, {articles.en}, for licences; followed as a yardstick for all other items.",
    )


def _act(articles: Text, power: PowerType) -> Text:
    if power is PowerType.LICENCE:
        return Text(f"{ACT.zh}{articles.zh}", f"{ACT.en}, {articles.en}")
    return Text(
        f"参照{ACT.zh}{articles.zh}（本事项属{power.zh}，不是行政许可）",
        f"{ACT.en}, {articles.en}, as a yardstick (this item is {power.en}, not a licence)",
    )


def _basis(basis: LegalBasis, item: ServiceItem) -> Text:
    name = basis.law.zh if basis.law.zh.startswith("《") or "〔" in basis.law.zh else f"《{basis.law.zh}》"
    known = item.provenance.get("legal_basis")
    mark = known.mark if known else Mark.ILLUSTRATIVE
    told = Text("", "") if mark is Mark.SURE else Text(f"〔来源标注：{mark.zh}〕", f" [marked: {mark.en}]")
    return Text(
        f"{name}（{basis.number}）{basis.article.zh}{told.zh}",
        f"{basis.law.en}, {basis.article.en}{told.en}",
    )


def remedies(planned: PlannedItem) -> Section:
    """救济途径: 行政复议 and 行政诉讼 with their periods; for a body without power, where to complain."""
    if not has_power(planned):
        return complaint(planned)
    ways = planned.item.remedies
    return section(
        SectionKind.REMEDIES,
        Text(
            f"如不服本决定，可以自收到本文书之日起 {ways.review_days} 日内依法申请行政复议，"
            f"也可以自收到本文书之日起 {ways.litigation_months} 个月内依法提起行政诉讼。"
            f"行政复议机关：{ways.review_body.zh}。行政诉讼管辖：{ways.litigation_body.zh}。",
            f"If you disagree, you may ask for administrative reconsideration within {ways.review_days} days of "
            f"receiving this paper (reviewing body: {ways.review_body.en}), or bring an administrative action within "
            f"{ways.litigation_months} months of receiving it (court: {ways.litigation_body.en}).",
        ),
    )


def doubt(plan: Plan, since: date, *until: date | None) -> Section | None:
    """What has to be said of these dates while the holidays of a year among them are not published."""
    told = unpublished(plan.calendar, since, *until)
    if not told.zh:
        return None
    stands = Text("公布后有变化的，以本文书所载日期为准。", "Whatever is published, the dates on this paper stand.")
    return section(SectionKind.BODY, told, stands, title=Text("关于日期", "About the dates"))


def complaint(planned: PlannedItem) -> Section:
    """Where to complain, by telephone and place; the numbers are fictional."""
    item, office = planned.item, planned.routed.department
    number = item.complaint_phone or office.complaint_phone
    return section(
        SectionKind.COMPLAINT,
        Text(
            f"对办理结果有意见的，可向{office.name.zh}反映，电话 {number}（虚构号码）；"
            "也可到政务服务中心“办不成事”反映窗口提出。",
            f"If you are not content with the result, tell {office.name.en}, telephone {number} (fictional), or the "
            "window for unresolved matters at the government service hall.",
        ),
    )


def reasons(why: str | None) -> Section:
    """理由: what the office wrote, word for word."""
    text = (why or "").strip() or "—"
    return section(SectionKind.REASONS, Text(text, text))


def period(days: int, unit: TimeUnit) -> Text:
    """How long something may take."""
    if days == 0:
        return Text("当场办结", "on the spot")
    return Text(f"{days} 个{unit.zh}", f"{days} {unit.en if days != 1 else unit.en.removesuffix('s')}")


def settled_on(planned: PlannedItem, day: date) -> Fact:
    """When it was decided; a body that decides nothing says when it was done."""
    label = Text("决定日期", "Decided on") if has_power(planned) else Text("办理日期", "Settled on")
    return on_day(label, day)


def time_limits(task: Task) -> tuple[Fact, ...]:
    """The promised and the statutory period with their last days; a promise is a demonstration value."""
    promised, by = period(task.promised_days, task.promised_unit), task.promised_due_on
    facts = [fact(Text("承诺期限（示例）", "Promised (illustrative)"), _by(promised, by), Origin.CATALOGUE)]
    if task.statutory_days is not None:
        statutory = period(task.statutory_days, task.statutory_unit)
        facts.append(
            fact(Text("法定期限", "Statutory limit"), _by(statutory, task.statutory_due_on), Origin.LAW),
        )
    return tuple(facts)


def _by(length: Text, day: date | None) -> Text:
    if day is None:
        return length
    said = written_day(day)
    return Text(f"{length.zh}，至{said.zh}", f"{length.en}, until {said.en}")


def office_contact(office: Department) -> Text:
    """Name and telephone of an office; telephones are fictional."""
    return Text(
        f"{office.name.zh}，咨询电话 {office.phone}（虚构号码）。",
        f"{office.name.en}, telephone {office.phone} (fictional).",
    )


def certificate_facts(certificate: Certificate) -> tuple[Fact, ...]:
    """What a grant puts out."""
    until = written_day(certificate.valid_until) if certificate.valid_until else Text("长期", "no end date")
    return (
        fact(Text("证照（文书）名称", "Certificate or document"), Text(certificate.name_zh, certificate.name_en)),
        fact(Text("证照（文书）编号", "Its number"), certificate.number),
        fact(Text("有效期至", "Valid until"), until),
    )


def delivery_way(case: Application, plan: Plan, item: ServiceItem) -> Text:
    """How the result reaches the applicant: as chosen on the form, else as the item delivers."""
    spec = next((planned.spec for planned in plan.fields if planned.spec.code == "delivery"), None)
    chosen = case.form.get("delivery")
    if spec is not None and isinstance(chosen, str) and chosen in spec.options:
        return Text(chosen, spec.options[chosen].en)
    return joined(way.label for way in item.result.delivery)
