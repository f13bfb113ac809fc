"""The catalogue as people and programs read it: regions, organisations, items (办事指南) and bundles (一件事)."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from app.domain.authorities import Department, Routed
from app.domain.catalogue import (
    Bundle,
    BundleItem,
    Edge,
    Library,
    Limit,
    Line,
    Material,
    MaterialUse,
    Person,
    Provenance,
    Question,
    ServiceItem,
    Story,
)
from app.domain.conditions import unparse
from app.domain.regions import Region, RegionTree
from app.domain.vocabulary import CONSEQUENCES
from app.schemas.common import Bilingual, Known, Out, Term


def known(provenance: Provenance) -> Known:
    """The mark and source of one fact."""
    return Known(mark=Term.of(provenance.mark), source=Bilingual.maybe(provenance.source))


def marks(provenance: Mapping[str, Provenance]) -> dict[str, Known]:
    """The marks of every element that has one; an element without is illustrative."""
    return {element: known(entry) for element, entry in provenance.items()}


class RegionOut(Out):
    """行政区划: one region of the five levels."""

    code: str = Field(description="GB/T 2260 code; 9 digits for a township, 12 for a village", examples=["330802"])
    name: Bilingual
    level: Term
    parent: str | None
    path: Bilingual

    @classmethod
    def of(cls, region: Region, tree: RegionTree) -> "RegionOut":
        """From the domain."""
        return cls(
            code=region.code,
            name=Bilingual.of(region.name),
            level=Term.of(region.level),
            parent=region.parent,
            path=Bilingual.of(tree.path(region.code)),
        )


class LineOut(Out):
    """条线: a branch of government, a utility or a bank."""

    code: str
    name: Bilingual
    kind: Term
    has_power: bool = Field(description="false for organisations that deliver but do not decide")
    levels: list[Term]

    @classmethod
    def of(cls, line: Line) -> "LineOut":
        """From the domain."""
        return cls(
            code=line.code,
            name=Bilingual.of(line.name),
            kind=Term.of(line.kind),
            has_power=line.kind.has_power,
            levels=[Term.of(level) for level in line.body_names],
        )


class DepartmentOut(Out):
    """One organisation (实施主体) in one region."""

    code: str = Field(examples=["market.330802"])
    name: Bilingual
    line: str
    region: str
    has_power: bool
    authority_code: str = Field(description="fictional 统一社会信用代码, 18 characters")
    phone: str
    complaint_phone: str

    @classmethod
    def of(cls, department: Department) -> "DepartmentOut":
        """From the domain."""
        return cls(
            code=department.code,
            name=Bilingual.of(department.name),
            line=department.line,
            region=department.region,
            has_power=department.kind.has_power,
            authority_code=department.authority_code,
            phone=department.phone,
            complaint_phone=department.complaint_phone,
        )


class RoutedOut(Out):
    """The organisation that handles an item here, and the rule that found it."""

    department: DepartmentOut
    rule: str = Field(description="same_level, or climbed when the line has no body at the item's level")
    because: Bilingual
    looked_at: list[str] = Field(description="region codes looked at, in order")

    @classmethod
    def of(cls, routed: Routed) -> "RoutedOut":
        """From the domain."""
        return cls(
            department=DepartmentOut.of(routed.department),
            rule=routed.rule,
            because=Bilingual.of(routed.because),
            looked_at=list(routed.looked_at),
        )


class LimitOut(Out):
    """A time limit; 0 days means on the spot (即办)."""

    days: int = Field(description="so many of the unit")
    unit: Term
    note: Bilingual | None = None
    extension: int | None = Field(None, description="the most one extension may add by the item's own law")

    @classmethod
    def maybe(cls, limit: Limit | None) -> "LimitOut | None":
        """From the domain."""
        return None if limit is None else cls.of(limit)

    @classmethod
    def of(cls, limit: Limit) -> "LimitOut":
        """From the domain."""
        note = Bilingual.maybe(limit.note)
        return cls(days=limit.days, unit=Term.of(limit.unit), note=note, extension=limit.extension)


class ItemSummary(Out):
    """政务服务事项, a line of a list."""

    code: str = Field(examples=["F1"])
    name: Bilingual
    short: Bilingual
    line: str
    level: Term
    power: Term
    promised: LimitOut
    bundles: list[str]

    @classmethod
    def of(cls, item: ServiceItem, bundles: list[str]) -> "ItemSummary":
        """From the domain."""
        return cls(
            code=item.code,
            name=Bilingual.of(item.name),
            short=Bilingual.of(item.short),
            line=item.line,
            level=Term.of(item.level),
            power=Term.of(item.power),
            promised=LimitOut.of(item.promised),
            bundles=bundles,
        )


class MaterialUseOut(Out):
    """One material as one item asks for it, with all sub-elements."""

    code: str
    name: Bilingual
    need: Term
    when: str | None = Field(None, description="condition under which a conditional material is needed")
    case: Bilingual | None
    sources: list[str] = Field(description="where it comes from, best first")
    kind: Term
    format: Term
    origin: Term
    originals: int
    copies: int
    accept_standard: Bilingual
    basis: Bilingual
    sample: Bilingual | None
    accepts: list[str]

    @classmethod
    def of(cls, material: Material, use: MaterialUse) -> "MaterialUseOut":
        """From the domain."""
        return cls(
            code=material.code,
            name=Bilingual.of(material.name),
            need=Term.of(use.need),
            when=unparse(use.when) if use.when else None,
            case=Bilingual.maybe(use.case),
            sources=_material_chain(material),
            kind=Term.of(material.kind),
            format=Term.of(material.format),
            origin=Term.of(material.origin),
            originals=material.originals,
            copies=material.copies,
            accept_standard=Bilingual.of(material.accept_standard),
            basis=Bilingual.of(material.basis),
            sample=Bilingual.maybe(material.sample),
            accepts=list(material.accepts),
        )


def _material_chain(material: Material) -> list[str]:
    sources = material.sources
    chain = [f"result:{item}" for item in sources.results]
    chain += [f"certificate:{sources.certificate}"] if sources.certificate else []
    chain += [f"dataset:{sources.dataset}"] if sources.dataset else []
    chain += ["generated"] if sources.generated else []
    chain += ["commitment"] if sources.commitment else []
    return [*chain, "upload"]


class CodesOut(Out):
    """基本编码, 实施编码, 业务办理项编码 — fictional values in the standard's lengths (12, 31, 33)."""

    catalog_code: str
    task_code: str
    task_handle_item: str


class ItemOut(Out):
    """办事指南: one item as one authority implements it in one region; the elements of GB/T 39554.2."""

    code: str
    name: Bilingual
    short: Bilingual
    region: str
    routed: RoutedOut
    codes: CodesOut
    power: Term
    level: Term
    statutory: LimitOut | None
    promised: LimitOut
    is_overridden: bool = Field(description="the region's own implementation list differs from the standard one")
    place: Bilingual
    hours: Bilingual
    consult_phone: str
    complaint_phone: str
    elements: dict[str, Any] = Field(description="all other elements, by their English names")
    fields: list[str]
    materials: list[MaterialUseOut]
    marks: dict[str, Known] = Field(description="element → how well it is known; not listed = illustrative")


class QuestionOut(Out):
    """情形引导问题."""

    code: str
    ask: Bilingual
    kind: Term
    label: Bilingual
    hint: Bilingual | None
    options: dict[str, Bilingual]
    unit: Bilingual | None
    minimum: float | None
    maximum: float | None
    when: str | None = Field(description="asked only when this condition over earlier answers holds")
    dataset: str | None = Field(description="data that could answer it")

    @classmethod
    def of(cls, question: Question) -> "QuestionOut":
        """From the domain."""
        return cls(
            code=question.code,
            ask=Bilingual.of(question.ask),
            kind=Term.of(question.kind),
            label=Bilingual.of(question.type.label),
            hint=Bilingual.maybe(question.hint),
            options={value: Bilingual.of(name) for value, name in question.type.options.items()},
            unit=Bilingual.maybe(question.type.unit),
            minimum=question.minimum,
            maximum=question.maximum,
            when=unparse(question.when) if question.when else None,
            dataset=question.dataset,
        )


class EdgeOut(Out):
    """前置: any one of ``any_of`` must reach ``needs``; ``consequence`` says what its refusal does to this item."""

    any_of: list[str]
    needs: Term
    consequence: Bilingual

    @classmethod
    def of(cls, edge: Edge) -> "EdgeOut":
        """From the domain."""
        return cls(
            any_of=list(edge.any_of), needs=Term.of(edge.needs), consequence=Bilingual.of(CONSEQUENCES[edge.needs])
        )


class BundleItemOut(Out):
    """How an item takes part."""

    item: ItemSummary
    when: str
    after: list[EdgeOut]

    @classmethod
    def of(cls, entry: BundleItem, item: ServiceItem, bundle: str) -> "BundleItemOut":
        """From the domain."""
        return cls(
            item=ItemSummary.of(item, [bundle]),
            when=unparse(entry.when),
            after=[EdgeOut.of(edge) for edge in entry.after],
        )


class SourcedText(Out):
    """A statement and how well it is known."""

    text: Bilingual
    known: Known


class BundleSummary(Out):
    """一件事, a line of a list."""

    code: str = Field(examples=["catering"])
    name: Bilingual
    summary: Bilingual
    lead: str = Field(description="牵头部门: line")
    items: int
    departments: int
    digest: str = Field(description="content digest: the version of the bundle and all it uses")

    @classmethod
    def of(cls, bundle: Bundle, library: Library) -> "BundleSummary":
        """From the domain."""
        return cls(
            code=bundle.code,
            name=Bilingual.of(bundle.name),
            summary=Bilingual.of(bundle.summary),
            lead=bundle.lead,
            items=len(bundle.items),
            departments=len({library.items[code].line for code in bundle.items}),
            digest=bundle.digest,
        )


class BundleOut(Out):
    """一件事: questions, items with their rules and order, what is not needed, and what is known about it."""

    bundle: BundleSummary
    audience: list[Term]
    level: Term
    keywords: list[str]
    questions: list[QuestionOut]
    eligibility: list[SourcedText]
    items: list[BundleItemOut]
    not_needed: list[SourcedText]
    facts: list[SourcedText]
    marks: dict[str, Known]
    stories: list[str] = Field(description="codes of worked examples")

    @classmethod
    def of(cls, bundle: Bundle, library: Library, stories: list[str]) -> "BundleOut":
        """From the domain."""
        return cls(
            bundle=BundleSummary.of(bundle, library),
            audience=[Term.of(word) for word in bundle.audience],
            level=Term.of(bundle.level),
            keywords=list(bundle.keywords),
            questions=[QuestionOut.of(question) for question in bundle.questions.values()],
            eligibility=[
                SourcedText(text=Bilingual.of(need.otherwise), known=known(need.provenance))
                for need in bundle.eligibility
            ],
            items=[BundleItemOut.of(entry, library.items[code], bundle.code) for code, entry in bundle.items.items()],
            not_needed=[
                SourcedText(text=Bilingual.of(entry.name), known=known(entry.provenance)) for entry in bundle.not_needed
            ],
            facts=[SourcedText(text=Bilingual.of(fact.text), known=known(fact.provenance)) for fact in bundle.facts],
            marks=marks(bundle.provenance),
            stories=stories,
        )


class StoryOut(Out):
    """A worked example: post it as it is."""

    code: str
    bundle: str
    title: Bilingual
    applicant: str
    region: str
    answers: dict[str, Any]
    form: dict[str, Any]

    @classmethod
    def of(cls, story: Story) -> "StoryOut":
        """From the domain."""
        return cls(
            code=story.code,
            bundle=story.bundle,
            title=Bilingual.of(story.title),
            applicant=story.applicant,
            region=story.region,
            answers=dict(story.answers),
            form=dict(story.form),
        )


class HitOut(Out):
    """One thing found. Highlights are ``[start, end)`` ranges in characters of the title."""

    kind: str
    code: str
    title: Bilingual
    score: float = Field(description="higher is nearer; comparable within one answer only")
    highlights_zh: list[tuple[int, int]]
    highlights_en: list[tuple[int, int]]
    matched_keyword: str | None


class PersonOut(Out):
    """A fictional person who can sign in."""

    code: str
    name: Bilingual
    region: str
    note: Bilingual

    @classmethod
    def of(cls, person: Person) -> "PersonOut":
        """From the domain."""
        return cls(
            code=person.code, name=Bilingual.of(person.name), region=person.region, note=Bilingual.of(person.note)
        )
