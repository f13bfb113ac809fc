"""Checked documents → the frozen objects the rules read. Nothing is judged here; conditions come in already parsed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import time
from typing import Any, TypeVar

from app.catalogue.data_documents import (
    AnswerDocument,
    ApprovalDocument,
    DatasetDocument,
    ElementDocument,
    OfferDocument,
    PartyDocument,
    PartyWayDocument,
)
from app.catalogue.documents import (
    BundleDocument,
    BundleItemDocument,
    CertificateDocument,
    EdgeDocument,
    FieldDocument,
    ItemDocument,
    LineDocument,
    MaterialDocument,
    MaterialUseDocument,
    OverrideDocument,
    PersonDocument,
    QuestionDocument,
    StoryDocument,
)
from app.catalogue.faults import Path
from app.catalogue.hall_documents import HallDocument
from app.catalogue.wallet_documents import WalletDocument
from app.domain.catalogue import (
    AnswerRule,
    Bundle,
    BundleItem,
    CertificateType,
    Dataset,
    Edge,
    Element,
    FieldSources,
    FieldSpec,
    Line,
    Material,
    MaterialSources,
    MaterialUse,
    NotNeeded,
    OfferFact,
    OfferRule,
    Override,
    Party,
    PartyWay,
    Person,
    PromiseRule,
    Question,
    Requirement,
    ResultSpec,
    ServiceItem,
    SourcedFact,
    Story,
)
from app.domain.certificates import Company, Held
from app.domain.conditions import Condition, FactType, Value
from app.domain.datasets import Approval, Origin
from app.domain.halls import Hall, Spell
from app.domain.halls import Place as HallPlace
from app.domain.regions import RegionTree
from app.domain.vocabulary import Need, Text

Made = TypeVar("Made")
Parse = Callable[[str, Path], Condition]
"""Reads the condition that stands at a path of the pack."""


def line(code: str, document: LineDocument) -> Line:
    """条线."""
    return _same(Line, document, code=code)


def dataset(code: str, document: DatasetDocument) -> Dataset:
    """数据资源."""
    return _same(
        Dataset, document, code=code, elements={name: element(name, each) for name, each in document.elements.items()}
    )


def element(code: str, document: ElementDocument) -> Element:
    """数据项."""
    return _same(Element, document, code=code)


def approvals(code: str, document: ApprovalDocument) -> tuple[Approval, ...]:
    """What one 共享批复 lets each of its items have, everywhere."""
    return tuple(
        Approval(
            id=f"{code}.{item}",
            item=item,
            dataset=document.dataset,
            origin=Origin.PACK,
            elements=tuple(approved.elements),
            per_day=approved.per_day,
            approved_on=document.approved_on,
            until=document.until,
            reference=document.reference,
        )
        for item, approved in document.items.items()
    )


def certificate(code: str, document: CertificateDocument) -> CertificateType:
    """电子证照 type."""
    return _same(CertificateType, document, code=code)


def field_spec(code: str, document: FieldDocument) -> FieldSpec:
    """数据元."""
    sources = _same(FieldSources, document.sources)
    return _same(FieldSpec, document, code=code, sources=sources, options=_options(document.options))


def material(code: str, document: MaterialDocument) -> Material:
    """申请材料."""
    return _same(Material, document, code=code, sources=_same(MaterialSources, document.sources))


def service_item(code: str, document: ItemDocument, parse: Parse) -> ServiceItem:
    """政务服务事项."""
    uses = tuple(_use(code, name, use, parse) for name, use in document.materials.items())
    return _same(ServiceItem, document, code=code, result=_same(ResultSpec, document.result), materials=uses)


def override(document: OverrideDocument) -> Override:
    """What one region says differently."""
    return _same(Override, document)


def person(code: str, document: PersonDocument) -> Person:
    """A fictional person."""
    return _same(Person, document, code=code, values=dict(document.values))


def story(code: str, document: StoryDocument) -> Story:
    """A worked example; several answers to one question become a tuple, as conditions read them."""
    answers = {name: _answer(value) for name, value in document.answers.items()}
    return _same(Story, document, code=code, answers=answers, form=dict(document.form))


def wallet(document: WalletDocument) -> tuple[Held, ...]:
    """证照包: the certificates a fictional person brings along."""
    return tuple(
        _same(
            Held,
            held,
            company=None if held.company is None else _same(Company, held.company),
            facts=tuple((fact.label, fact.value) for fact in held.facts),
        )
        for held in document.certificates
    )


def bundle(code: str, document: BundleDocument, parse: Parse) -> Bundle:
    """一件事, its digest still empty."""
    at: Path = ("bundles", code)
    return _same(
        Bundle,
        document,
        code=code,
        questions={
            name: question(name, asked, parse, (*at, "questions", name)) for name, asked in document.questions.items()
        },
        eligibility=tuple(
            Requirement(parse(rule.when, (*at, "eligibility", index, "when")), rule.otherwise, rule.provenance)
            for index, rule in enumerate(document.eligibility)
        ),
        items={name: bundle_item(name, part, parse, (*at, "items", name)) for name, part in document.items.items()},
        not_needed=tuple(
            NotNeeded(entry.name, parse(entry.when, (*at, "not_needed", index, "when")), entry.reason, entry.provenance)
            for index, entry in enumerate(document.not_needed)
        ),
        facts=tuple(SourcedFact(fact.text, fact.provenance) for fact in document.facts),
        parties={name: party(name, each, parse, (*at, "parties", name)) for name, each in document.parties.items()},
        digest="",
    )


def party(code: str, document: PartyDocument, parse: Parse, at: Path) -> Party:
    """当事人."""
    ways = tuple(party_way(way, parse, (*at, "found_by", i)) for i, way in enumerate(document.found_by))
    shown = tuple(party_way(way, parse, (*at, "shown_by", i)) for i, way in enumerate(document.shown_by))
    return _same(Party, document, code=code, found_by=ways, shown_by=shown)


def party_way(document: PartyWayDocument, parse: Parse, at: Path) -> PartyWay:
    """One way to find out who a party is."""
    when = None if document.when is None else parse(document.when, (*at, "when"))
    return _same(PartyWay, document, when=when)


def answer_rule(document: AnswerDocument) -> AnswerRule:
    """How data answer a question."""
    return _same(AnswerRule, document)


def question(code: str, document: QuestionDocument, parse: Parse, at: Path) -> Question:
    """情形引导问题."""
    options = _options(document.options)
    known = FactType(document.type, document.label, options, document.unit, document.yes, document.no)
    when = None if document.when is None else parse(document.when, (*at, "when"))
    answer = None if document.answer is None else answer_rule(document.answer)
    return _same(Question, document, code=code, type=known, when=when, answer=answer)


def bundle_item(code: str, document: BundleItemDocument, parse: Parse, at: Path) -> BundleItem:
    """How an item takes part in a bundle."""
    promises = tuple(
        PromiseRule(parse(rule.when, (*at, "promises", index, "when")), rule.days, rule.note)
        for index, rule in enumerate(document.promises)
    )
    after = tuple(edge(each) for each in document.after)
    offered = None if document.offer is None else offer(document.offer, parse, (*at, "offer"))
    return BundleItem(code, parse(document.when, (*at, "when")), after, promises, offered)


def offer(document: OfferDocument, parse: Parse, at: Path) -> OfferRule:
    """免申即享."""
    facts = {name: OfferFact(fact.dataset, fact.label, answer_rule(fact)) for name, fact in document.facts.items()}
    return _same(OfferRule, document, facts=facts, when=parse(document.when, (*at, "when")))


def hall(code: str, document: HallDocument, regions: RegionTree) -> Hall:
    """A hall, its region's name written in."""
    place = regions[document.region].name
    name, address = (
        Text(text.zh.replace("{region}", place.zh), text.en.replace("{region}", place.en))
        for text in (document.name, document.address)
    )
    return Hall(
        code=code,
        name=name,
        region=document.region,
        address=address,
        at=HallPlace(document.longitude, document.latitude),
        hours=tuple(
            Spell(tuple(spell.days), time.fromisoformat(spell.opens), time.fromisoformat(spell.closes))
            for spell in document.hours
        ),
        phone=document.phone,
        desks=tuple(document.desks),
    )


def edge(written: str | EdgeDocument) -> Edge:
    """前置; ``R1|R3`` is any one of the two."""
    if isinstance(written, str):
        return Edge(alternatives(written))
    return Edge(alternatives(written.item), written.needs)


def alternatives(written: str) -> tuple[str, ...]:
    """``R1|R3`` → ("R1", "R3")."""
    return tuple(part.strip() for part in written.split("|"))


def _use(item: str, code: str, written: Need | MaterialUseDocument, parse: Parse) -> MaterialUse:
    if isinstance(written, Need):
        return MaterialUse(code, written)
    when = None if written.when is None else parse(written.when, ("items", item, "materials", code, "when"))
    return MaterialUse(code, written.need, when, written.case)


def _options(written: Mapping[str, str]) -> dict[str, Text]:
    """An option's value is its Chinese name."""
    return {value: Text(value, english) for value, english in written.items()}


def _answer(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _same(kind: type[Made], document: object, **special: object) -> Made:
    """A ``kind`` whose fields are those of the document with the same name, lists frozen, except the special ones."""
    names: Iterable[str] = (field.name for field in fields(kind))  # type: ignore[arg-type]
    copied = {
        name: _frozen(getattr(document, name)) for name in names if name not in special and hasattr(document, name)
    }
    return kind(**copied, **special)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
