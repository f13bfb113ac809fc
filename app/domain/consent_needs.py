"""Which consents an application needs, worked out from its plan: one for each person and dataset (单独同意).

What is fetched for the one form and the one set of papers is grouped by whose it is and by dataset. Shared without
condition, or one's own below L4, needs none. The words of the notice are put together here: who, what, from where, for
what, how, how long, and what the person may do (个人信息保护法 art. 17, 23, 29, 30, 31, 35).
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.applications import Application
from app.domain.catalogue import APPLICANT, EXISTS, Dataset, Library
from app.domain.consents import Consent, ConsentStatus
from app.domain.forms import is_blank
from app.domain.masking import mask_name
from app.domain.parties import Circle, name_of, split
from app.domain.periods import written_day
from app.domain.routing import Plan
from app.domain.shared_values import Fallback, FallbackReason, Had, fallback_key
from app.domain.sharing import is_separate, rank
from app.domain.slices import element_of, is_minor, is_person
from app.domain.vocabulary import Grade, Means, SharingClass, Source, Text

CONSENT_DAYS = 60
"""Calendar days for which a consent holds [illustrative]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One consent that is needed. ``number`` is what the data stand under, None while nobody knows it: that of the
    person, of the parent in whose record a child stands, or of an enterprise. That person answers, and where registers
    show that the applicant may act for the child or the enterprise, the applicant. Nobody becomes a child's guardian by
    saying so on a form."""

    party: str
    number: str | None
    dataset: Dataset
    elements: tuple[str, ...]
    items: tuple[str, ...]

    @property
    def grade(self) -> Grade:
        """The highest grade of what is asked for."""
        grades = [self.dataset.elements[code].grade for code in self.elements if code in self.dataset.elements]
        return max(grades, key=rank, default=self.dataset.grade)


@dataclass(frozen=True, slots=True)
class _Want:
    party: str
    dataset: str
    element: str
    items: tuple[str, ...]


def needs(plan: Plan, library: Library, circle: Circle) -> tuple[Need, ...]:
    """The consents that this plan needs, in the order of the form and then of the papers."""
    numbers = circle.numbers()
    grouped: dict[tuple[str, str], list[_Want]] = {}
    for want in _wants(plan, circle):
        grouped.setdefault((_person(plan, want.party, numbers), want.dataset), []).append(want)
    found = (_need(plan, library.datasets[dataset], wants, numbers) for (_, dataset), wants in grouped.items())
    return tuple(need for need in found if need is not None)


def readers(plan: Plan, circle: Circle, dataset: str, party: str, elements: Iterable[str]) -> frozenset[str]:
    """The items that see what is fetched of a dataset about a party: whichever of them asks, the one form shows it to
    all that declare a need for it."""
    wanted = {(dataset, party, element) for element in elements}
    found = (want for want in _wants(plan, circle) if (want.dataset, want.party, want.element) in wanted)
    return frozenset(item for want in found for item in want.items)


def reaches(consent: Consent, plan: Plan, elements: Iterable[str], items: Collection[str]) -> bool:
    """Whether a consent names the elements, what they are for, and every office that handles it as the plan is now: who
    agreed to one office's having them has not agreed to another's (art. 14, 23)."""
    if not (set(elements) <= set(consent.elements) and set(items) <= set(consent.items)):
        return False
    offices = {planned.routed.department.code for planned in plan.items if planned.item.code in items}
    return offices <= set(consent.departments)


def unreached(
    case: Application, plan: Plan, library: Library, circle: Circle, given: Collection[Consent]
) -> tuple[dict[str, None], dict[str, None]]:
    """Fields and papers of a draft that were had on consents which do not reach as far as the plan does now: an answer
    has brought an item that sees them too, or another office handles one. They are to be emptied and asked for anew."""
    numbers = circle.numbers()
    bound = {(_person(plan, need.party, numbers), need.dataset.code) for need in needs(plan, library, circle)}

    def is_beyond(had: Had, party: str) -> bool:
        whose, elements = (_person(plan, party, numbers), had.dataset), (had.element,)
        items = readers(plan, circle, had.dataset, party, elements)
        own = (one for one in given if (_person(plan, one.party, numbers), one.dataset) == whose)
        return whose in bound and not any(reaches(one, plan, elements, items) for one in own)

    def beyond(told: Mapping[str, Had]) -> dict[str, None]:
        return {code: None for code, had in told.items() if any(is_beyond(had, party) for party in split(had.party))}

    return beyond(case.had), beyond(case.checked)


def _person(plan: Plan, party: str, numbers: dict[str, str]) -> str:
    """What makes two parties the same person: the number; a child and somebody unknown stand for themselves."""
    return party if is_minor(plan.bundle, party) else numbers.get(party, party)


FETCHED = frozenset({Source.SHARED, Source.TYPED})
CHECKED = frozenset({Means.SHARED, Means.UPLOAD})
"""What names a dataset and is typed or uploaded has fallen back: a consent could still change that."""


def _wants(plan: Plan, circle: Circle) -> Iterator[_Want]:
    """Everything that is to be fetched, one element about one party at a time."""
    for planned in plan.fields:
        dataset = planned.spec.sources.dataset
        if planned.source.source in FETCHED and dataset is not None:
            for party in circle.leaves(planned.spec.sources.party):
                yield from _declared(plan, _Want(party, dataset, element_of(planned.spec), planned.users))
    for paper in plan.materials:
        dataset = paper.material.sources.dataset
        if paper.source.means in CHECKED and dataset is not None and paper.is_needed is not False:
            for party in circle.leaves(paper.material.sources.party):
                yield from _declared(plan, _Want(party, dataset, EXISTS, paper.users))


def _declared(plan: Plan, want: _Want) -> Iterator[_Want]:
    """Only for the items that declare that they need the dataset."""
    items = tuple(item for item in want.items if want.dataset in plan.find(item).item.needs_data)
    if items:
        yield _Want(want.party, want.dataset, want.element, items)


def _need(plan: Plan, dataset: Dataset, wants: list[_Want], numbers: dict[str, str]) -> Need | None:
    party = wants[0].party
    number = numbers.get(party)
    minor = is_minor(plan.bundle, party)
    is_own = party == APPLICANT or (number is not None and number == numbers.get(APPLICANT))
    is_company = not is_person(plan.bundle, party)
    need = Need(
        party=APPLICANT if is_own and not minor else party,
        number=number,
        dataset=dataset,
        elements=tuple(dict.fromkeys(want.element for want in wants)),
        items=tuple(planned.item.code for planned in plan.items if any(planned.item.code in w.items for w in wants)),
    )
    is_wanted = is_separate(need.grade, is_own=is_own or is_company, is_minor=minor)
    return need if dataset.sharing is SharingClass.RESTRICTED and is_wanted else None


def fallen(case: Application, plan: Plan, circle: Circle, consent: Consent, at: datetime) -> dict[str, Fallback]:
    """What has to be typed or uploaded without this consent: what it was for and is not had yet (art. 15, 16)."""
    numbers = circle.numbers()
    whose = _person(plan, consent.party, numbers)
    found = {}
    for want in _wants(plan, circle):
        if want.dataset == consent.dataset and _person(plan, want.party, numbers) == whose:
            key = fallback_key(want.dataset, want.party)
            found[key] = Fallback(want.dataset, want.party, FallbackReason.REFUSED, at, WITHOUT[consent.status])
    return {key: fallback for key, fallback in found.items() if _is_lacking(case, plan, circle, fallback)}


def _is_lacking(case: Application, plan: Plan, circle: Circle, fallback: Fallback) -> bool:
    """Whether a field or a paper still waits for it."""
    fields = (
        is_blank(case.form.get(p.spec.code))
        for p in plan.fields
        if p.spec.sources.dataset == fallback.dataset and fallback.party in circle.leaves(p.spec.sources.party)
    )
    papers = (
        p.material.code not in case.checked and p.material.code not in case.materials
        for p in plan.materials
        if p.material.sources.dataset == fallback.dataset and fallback.party in circle.leaves(p.material.sources.party)
    )
    return any(fields) or any(papers)


WITHOUT = {
    ConsentStatus.REFUSED: Text("本人不同意查询。", "The person did not consent."),
    ConsentStatus.WITHDRAWN: Text("本人撤回了授权。", "The person withdrew the consent."),
}


def until(today: date) -> date:
    """The last day of a consent asked for today."""
    return today + timedelta(days=CONSENT_DAYS)


def notice(need: Need, plan: Plan, holder: Text, applicant: Text, today: date) -> Text:
    """What the person is told before answering, in both languages."""
    parts = [
        _who(need, plan, applicant),
        _what(need, plan, holder),
        _how(until(today)),
        _why(need, plan),
        _rights(),
    ]
    return Text("\n".join(part.zh for part in parts), "\n".join(part.en for part in parts))


def digest_of(text: Text) -> str:
    """SHA-256 of the words in both languages, hex."""
    return hashlib.sha256(f"{text.zh}\n\n{text.en}".encode()).hexdigest()


def _names(texts: Iterable[Text]) -> Text:
    found = list(dict.fromkeys((text.zh, text.en) for text in texts))
    return Text("、".join(zh for zh, _ in found), ", ".join(en for _, en in found))


def _who(need: Need, plan: Plan, applicant: Text) -> Text:
    offices = _names(plan.find(item).routed.department.name for item in need.items)
    name = Text(mask_name(applicant.zh), mask_name(applicant.en))
    return Text(
        f"处理者：{offices.zh}，办理{name.zh}申请的“{plan.bundle.name.zh}”。",
        f"Who: {offices.en}, handling “{plan.bundle.name.en}”, applied for by {name.en}.",
    )


def _what(need: Need, plan: Plan, holder: Text) -> Text:
    whose, dataset = name_of(plan.bundle, need.party), need.dataset
    elements = _names(
        dataset.elements[code].name if code in dataset.elements else Text("有无记录", "whether there is a record")
        for code in need.elements
    )
    items = _names(plan.find(item).item.short for item in need.items)
    return Text(
        f"内容：{holder.zh}“{dataset.name.zh}”中{whose.zh}的以下数据：{elements.zh}。用途：仅用于{items.zh}。",
        f"What: of “{dataset.name.en}” of {holder.en}, about {whose.en}: {elements.en}. Only for: {items.en}.",
    )


def _how(last: date) -> Text:
    day = written_day(last)
    return Text(
        f"方式和期限：通过接口查询，只返回列明的数据项；{day.zh}前可以查询（期限为示例），"
        "查得的内容随办件档案保存，期满删除。",
        f"How and how long: asked of the register, which returns only what is listed; until {day.en} "
        "(illustrative). What was had is kept with the file of the case and erased with it.",
    )


def _why(need: Need, plan: Plan) -> Text:
    laws = Text("个人信息保护法第十七条、第二十三条、第三十五条", "PIPL arts. 17, 23 and 35")
    if is_minor(plan.bundle, need.party):
        return Text(
            f"这是不满十四周岁未成年人的个人信息，由监护人决定。依据：{laws.zh}，并第二十八条、第三十一条。",
            f"These are data of a child under 14, for the guardian to decide. Basis: {laws.en}, with arts. 28 and 31.",
        )
    if need.grade is Grade.L4:
        return Text(
            f"这是敏感个人信息，不查询就需要您自行填写并提交证明。依据：{laws.zh}，并第二十九条、第三十条。",
            "These are sensitive data; without the look-up you enter them and hand in proof yourself. "
            f"Basis: {laws.en}, with arts. 29 and 30.",
        )
    return Text(f"依据：{laws.zh}。", f"Basis: {laws.en}.")


def _rights() -> Text:
    return Text(
        "您的权利：可以不同意，也可以随时撤回，都不影响办理，改为自行填写或上传；撤回不影响此前依法进行的查询。"
        "在“我的数据”可以查看每一次查询，并要求解释、更正或删除。",
        "Your rights: you may refuse, and withdraw at any time; the case goes on with what is typed or uploaded, and "
        "what was lawfully done before stands. “My data” shows every look; you may ask for explanation, correction or "
        "erasure there.",
    )
