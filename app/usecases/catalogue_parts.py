"""Every part of the packs in one list, to look through and to search: nothing of the catalogue is out of reach."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from app.domain.catalogue import Library, Provenance
from app.domain.vocabulary import Mark, Text, Word
from app.schemas.catalogue_parts import PartCountOut, PartOut, PartsOut
from app.schemas.common import Bilingual, Term
from app.usecases.safety import refuse_real_numbers
from app.usecases.world import World


class PartKind(Word):
    """What a part is."""

    BUNDLE = "bundle", "一件事", "bundle"
    QUESTION = "question", "情形引导问题", "guiding question"
    ITEM = "item", "事项", "item"
    MATERIAL = "material", "申请材料", "material"
    FIELD = "field", "填报内容", "field"
    DATASET = "dataset", "数据资源", "dataset"
    CERTIFICATE = "certificate", "证照类型", "type of certificate"
    LINE = "line", "条线", "branch"
    HALL = "hall", "办事大厅", "service hall"
    STORY = "story", "示例故事", "worked example"


def listed(world: World, kind: PartKind | None, words: str, limit: int) -> PartsOut:
    """The parts of one kind, or of all, whose code, name or note holds all of these words; and counts by kind.

    Raises :class:`RealIdentity` for what looks like a real number.
    """
    refuse_real_numbers(words, "/q")
    wanted = words.casefold().split()
    fitting = [part for part in _parts(world) if _holds(part, wanted)]
    counted = Counter(part.kind.code for part in fitting)
    chosen = [part for part in fitting if kind is None or part.kind.code == kind.value]
    return PartsOut(
        counts=[PartCountOut(kind=Term.of(one), count=counted[one.value]) for one in PartKind],
        parts=chosen[:limit],
        total=len(chosen),
    )


def _holds(part: PartOut, wanted: list[str]) -> bool:
    texts = [part.code, part.name.zh, part.name.en, *((part.note.zh, part.note.en) if part.note else ())]
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in wanted)


def _parts(world: World) -> Iterator[PartOut]:
    library = world.library
    for bundle in library.bundles.values():
        yield _part(PartKind.BUNDLE, bundle.code, bundle.name, bundle.summary, bundle.items, bundle.provenance)
    for bundle in library.bundles.values():
        for question in bundle.questions.values():
            yield _part(PartKind.QUESTION, question.code, question.ask, question.type.label, [bundle.code])
    for item in library.items.values():
        yield _part(
            PartKind.ITEM, item.code, item.name, item.power.label, _bundles(library, item.code), item.provenance
        )
    users = _users(library)
    for material in library.materials.values():
        own = users.get(f"material:{material.code}", [])
        yield _part(PartKind.MATERIAL, material.code, material.name, material.accept_standard, own)
    for spec in library.fields.values():
        yield _part(PartKind.FIELD, spec.code, spec.name, spec.grade.label, users.get(f"field:{spec.code}", []))
    for dataset in library.datasets.values():
        yield _part(PartKind.DATASET, dataset.code, dataset.name, None, users.get(f"dataset:{dataset.code}", []))
    yield from _of_places(world)


def _of_places(world: World) -> Iterator[PartOut]:
    library, catalogue = world.library, world.catalogue
    for certificate in library.certificates.values():
        yield _part(PartKind.CERTIFICATE, certificate.code, certificate.name, None, [certificate.issuer])
    for line in library.lines.values():
        own = [item.code for item in library.items.values() if item.line == line.code]
        yield _part(PartKind.LINE, line.code, line.name, line.kind.label, own, line.provenance)
    for hall in catalogue.halls.values():
        yield _part(PartKind.HALL, hall.code, hall.name, hall.address, [hall.region])
    for story in catalogue.stories.values():
        yield _part(PartKind.STORY, story.code, story.title, None, [story.bundle])


def _bundles(library: Library, item: str) -> list[str]:
    return [bundle.code for bundle in library.bundles.values() if item in bundle.items]


def _users(library: Library) -> dict[str, list[str]]:
    """What a part is used by: ``kind:code`` → item codes."""
    found: dict[str, list[str]] = {}
    for item in library.items.values():
        for code in item.fields:
            found.setdefault(f"field:{code}", []).append(item.code)
        for use in item.materials:
            found.setdefault(f"material:{use.code}", []).append(item.code)
        for code in item.needs_data:
            found.setdefault(f"dataset:{code}", []).append(item.code)
    return found


def _part(
    kind: PartKind,
    code: str,
    name: Text,
    note: Text | None,
    used_by: Iterable[str],
    provenance: Mapping[str, Provenance] | None = None,
) -> PartOut:
    marks = Counter(entry.mark for entry in (provenance or {}).values())
    return PartOut(
        kind=Term.of(kind),
        code=code,
        name=Bilingual.of(name),
        note=Bilingual.maybe(note),
        used_by=list(dict.fromkeys(used_by)),
        sure=marks[Mark.SURE],
        likely=marks[Mark.LIKELY],
        illustrative=marks[Mark.ILLUSTRATIVE],
    )
