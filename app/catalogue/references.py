"""Every name in a pack that points to something else, and those that point to nothing."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.catalogue.data_documents import OfferDocument
from app.catalogue.documents import (
    BundleDocument,
    EdgeDocument,
    FieldDocument,
    ItemDocument,
    MaterialDocument,
    PackDocument,
)
from app.catalogue.faults import PackFault, Path, clipped, did_you_mean
from app.catalogue.objects import alternatives
from app.catalogue.sources import Sources
from app.domain.vocabulary import Text

NOUNS: Final[Mapping[str, Text]] = {
    "regions": Text("行政区划", "region"),
    "lines": Text("条线", "line"),
    "groups": Text("表单分组", "group"),
    "datasets": Text("数据资源", "dataset"),
    "certificates": Text("电子证照类型", "certificate type"),
    "fields": Text("数据元", "field"),
    "materials": Text("材料", "material"),
    "items": Text("事项", "item"),
    "bundles": Text("一件事", "bundle"),
    "people": Text("人物", "person"),
}
"""What a section holds, in the singular."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The name at ``path`` must be a code of ``section``."""

    path: Path
    section: str
    name: str


def unresolved(pack: PackDocument, sources: Sources) -> Iterator[PackFault]:
    """One error per name that points to nothing, with the nearest right one.

    An entry that is written but has faults of its own still counts as known: one mistake, one fault.
    """
    known = {section: {str(code): None for code in entries} for section, entries in sources.sections.items()}
    for reference in references(pack):
        if reference.name not in known[reference.section]:
            yield _points_nowhere(reference, known[reference.section], sources)
    for code, bundle in pack.bundles.items():
        yield from _outside_bundle(code, bundle, known["items"], sources)
    for code, story in pack.stories.items():
        if story.bundle in pack.bundles:
            asked = pack.bundles[story.bundle].questions
            for name in story.answers:
                if name not in asked:
                    yield _not_asked(("stories", code, "answers", name), name, list(asked), sources)


def references(pack: PackDocument) -> Iterator[Reference]:
    """Every reference of the pack, section by section."""
    for code, dataset in pack.datasets.items():
        yield Reference(("datasets", code, "holder"), "lines", dataset.holder)
    for code, certificate in pack.certificates.items():
        yield Reference(("certificates", code, "issuer"), "lines", certificate.issuer)
    for code, field in pack.fields.items():
        yield from _of_field(("fields", code), field)
    for code, material in pack.materials.items():
        yield from _of_material(("materials", code), material)
    for code, item in pack.items.items():
        yield from _of_item(("items", code), item)
    for index, override in enumerate(pack.overrides):
        yield Reference(("overrides", index, "item"), "items", override.item)
        yield Reference(("overrides", index, "region"), "regions", override.region)
    for code, bundle in pack.bundles.items():
        yield from _of_bundle(("bundles", code), bundle)
    yield from _of_approvals(pack)
    yield from _of_people(pack)
    yield from _of_wallets(pack)
    for code, hall in pack.halls.items():
        yield Reference(("halls", code, "region"), "regions", hall.region)


def _of_field(at: Path, field: FieldDocument) -> Iterator[Reference]:
    yield Reference((*at, "group"), "groups", field.group)
    for index, item in enumerate(field.sources.results):
        yield Reference((*at, "sources", "results", index), "items", item)
    if field.sources.dataset:
        yield Reference((*at, "sources", "dataset"), "datasets", field.sources.dataset)
    derived = field.sources.derived
    if derived is not None and derived.rule == "field":
        yield Reference((*at, "sources", "derived", "of"), "fields", derived.of or "")


def _of_material(at: Path, material: MaterialDocument) -> Iterator[Reference]:
    for index, item in enumerate(material.sources.results):
        yield Reference((*at, "sources", "results", index), "items", item)
    if material.sources.certificate:
        yield Reference((*at, "sources", "certificate"), "certificates", material.sources.certificate)
    if material.sources.dataset:
        yield Reference((*at, "sources", "dataset"), "datasets", material.sources.dataset)


def _of_item(at: Path, item: ItemDocument) -> Iterator[Reference]:
    yield Reference((*at, "line"), "lines", item.line)
    if item.result.certificate:
        yield Reference((*at, "result", "certificate"), "certificates", item.result.certificate)
    for index, name in enumerate(item.fields):
        yield Reference((*at, "fields", index), "fields", name)
    for name in item.materials:
        yield Reference((*at, "materials", name), "materials", name)
    for index, name in enumerate(item.needs_data):
        yield Reference((*at, "needs_data", index), "datasets", name)


def _of_bundle(at: Path, bundle: BundleDocument) -> Iterator[Reference]:
    yield Reference((*at, "lead"), "lines", bundle.lead)
    for name in bundle.items:
        yield Reference((*at, "items", name), "items", name)
    for name, part in bundle.items.items():
        if part.offer is not None:
            yield from _of_offer((*at, "items", name, "offer"), part.offer)
    for name, question in bundle.questions.items():
        if question.dataset:
            yield Reference((*at, "questions", name, "dataset"), "datasets", question.dataset)
    for name, party in bundle.parties.items():
        for told, ways in (("found_by", party.found_by), ("shown_by", party.shown_by)):
            for index, way in enumerate(ways):
                if way.dataset:
                    yield Reference((*at, "parties", name, told, index, "dataset"), "datasets", way.dataset)


def _of_offer(at: Path, offer: OfferDocument) -> Iterator[Reference]:
    for name, fact in offer.facts.items():
        yield Reference((*at, "facts", name, "dataset"), "datasets", fact.dataset)
    for index, certificate in enumerate(offer.certificates):
        yield Reference((*at, "certificates", index), "certificates", certificate)


def _of_approvals(pack: PackDocument) -> Iterator[Reference]:
    for code, approval in pack.approvals.items():
        yield Reference(("approvals", code, "dataset"), "datasets", approval.dataset)
        for item in approval.items:
            yield Reference(("approvals", code, "items", item), "items", item)


def _of_people(pack: PackDocument) -> Iterator[Reference]:
    for code, person in pack.people.items():
        yield Reference(("people", code, "region"), "regions", person.region)
        for name in person.values:
            yield Reference(("people", code, "values", name), "fields", name)
    for code, story in pack.stories.items():
        yield Reference(("stories", code, "bundle"), "bundles", story.bundle)
        yield Reference(("stories", code, "applicant"), "people", story.applicant)
        yield Reference(("stories", code, "region"), "regions", story.region)
        for name in story.form:
            yield Reference(("stories", code, "form", name), "fields", name)


def _of_wallets(pack: PackDocument) -> Iterator[Reference]:
    for code, wallet in pack.wallets.items():
        yield Reference(("wallets", code), "people", code)
        for index, held in enumerate(wallet.certificates):
            at: Path = ("wallets", code, "certificates", index)
            yield Reference((*at, "type"), "certificates", held.type)
            if held.region:
                yield Reference((*at, "region"), "regions", held.region)


def _outside_bundle(code: str, bundle: BundleDocument, items: Container[str], sources: Sources) -> Iterator[PackFault]:
    """前置 must be an item of the same bundle, and not the item itself."""
    for name, part in bundle.items.items():
        for index, written in enumerate(part.after):
            path: Path = ("bundles", code, "items", name, "after", index)
            if isinstance(written, EdgeDocument):
                path, written = (*path, "item"), written.item
            for before in alternatives(written):
                if before in bundle.items:
                    continue
                shown = clipped(before)
                message = Text(f"前置“{shown}”不是事项。", f"“{shown}”, which must come before, is not an item.")
                if before in items:
                    message = Text(
                        f"前置“{shown}”不在这个一件事里。", f"“{shown}”, which must come before, is not in this bundle."
                    )
                yield sources.fault("edge-outside-bundle", path, message, did_you_mean(before, bundle.items))


def _points_nowhere(reference: Reference, known: Mapping[str, None], sources: Sources) -> PackFault:
    noun, shown = NOUNS[reference.section], clipped(reference.name)
    message = Text(f"没有代码为“{shown}”的{noun.zh}。", f"There is no {noun.en} “{shown}”.")
    return sources.fault("unresolved", reference.path, message, did_you_mean(reference.name, known))


def _not_asked(path: Path, name: str, asked: list[str], sources: Sources) -> PackFault:
    message = Text(f"这个一件事没有问题“{clipped(name)}”。", f"The bundle does not ask “{clipped(name)}”.")
    return sources.fault("unresolved", path, message, did_you_mean(name, asked))
