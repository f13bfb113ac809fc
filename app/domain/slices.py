"""最小必要, by item: which elements of a dataset an item may have, and what of the form its department may see.

A field, a paper or a question that names a dataset says by that what may be had of it, and nothing else may be.
"""

from collections.abc import Iterator

from app.domain.applications import Application
from app.domain.catalogue import EXISTS, Bundle, Dataset, FieldSpec, Library, ServiceItem
from app.domain.parties import Circle, guardian_of
from app.domain.vocabulary import Grade, ServiceObject

MATERIAL = "material:"
"""Stands before the code of a paper among the elements of the form."""


def element_of(spec: FieldSpec) -> str:
    """The element a field is filled from: that of its own code unless another is named."""
    return spec.sources.element or spec.code


def about(bundle: Bundle, spec: FieldSpec) -> str:
    """Whom the value of a field tells of: the party whose name its code begins with (``father_phone``), else the party
    in whose record it stands. The father's number may stand in the mother's marriage record and still is his."""
    named = [code for code in bundle.parties if spec.code == code or spec.code.startswith(f"{code}_")]
    return max(named, key=len, default=spec.sources.party)


def listed(library: Library, bundle: Bundle, item: ServiceItem, dataset: str) -> frozenset[str]:
    """The elements of ``dataset`` that ``item`` may have: those its fields are filled from, a yes or no for each of its
    papers, and what tells who a party is, or who may act for it, or answers a guiding question."""
    specs = [library.fields[code] for code in item.fields if code in library.fields]
    found = {element_of(spec) for spec in specs if spec.sources.dataset == dataset}
    papers = [library.materials[use.code] for use in item.materials if use.code in library.materials]
    if any(paper.sources.dataset == dataset for paper in papers):
        found.add(EXISTS)
    return frozenset(found | set(_for_all(bundle, dataset)))


def _for_all(bundle: Bundle, dataset: str) -> Iterator[str]:
    for party in bundle.parties.values():
        ways = (*party.found_by, *party.shown_by)
        yield from (way.element for way in ways if way.dataset == dataset and way.element is not None)
    for question in bundle.questions.values():
        if question.dataset == dataset and question.answer is not None:
            yield question.answer.element


def grades_of(dataset: Dataset) -> dict[str, Grade]:
    """The grade of each element of a dataset."""
    return {code: element.grade for code, element in dataset.elements.items()}


def slice_of(item: ServiceItem) -> frozenset[str]:
    """What of the form and its papers the item's department may see."""
    return frozenset(item.fields) | {f"{MATERIAL}{use.code}" for use in item.materials}


def is_minor(bundle: Bundle, party: str) -> bool:
    """Whether the party is a child under 14, for whom a guardian answers (个人信息保护法 art. 31)."""
    return guardian_of(bundle, party) is not None


def is_person(bundle: Bundle, party: str) -> bool:
    """Whether the party is a natural person."""
    return party not in bundle.parties or bundle.parties[party].kind is ServiceObject.PERSON


def circle_of(case: Application, bundle: Bundle, applicant: str | None) -> Circle:
    """The parties as far as the case itself tells them; ``applicant`` is the applicant's number."""
    return Circle(bundle, case.answers, case.form, applicant, {})
