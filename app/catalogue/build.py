"""Merged pack files → the checked pack, the frozen domain objects and every fault, all in one pass."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from app.catalogue import objects
from app.catalogue.calendar import extended, published
from app.catalogue.closures import SECTIONS, Closure, bundle_closure, bundle_closures, digest
from app.catalogue.documents import PackDocument
from app.catalogue.expressions import Expressions
from app.catalogue.faults import MAX_FAULTS, PackError, PackFault, cut
from app.catalogue.judgements import judgements
from app.catalogue.order import cycles
from app.catalogue.references import unresolved
from app.catalogue.shapes import validated
from app.catalogue.sources import LISTS, Sources, of_documents
from app.domain.catalogue import Library, Person, Story
from app.domain.certificates import Held
from app.domain.datasets import Approval
from app.domain.deadlines import Calendar, CalendarError
from app.domain.halls import Hall
from app.domain.regions import Region, RegionCodeError, RegionTree, level_of, parent_code
from app.domain.regions import faults as region_faults
from app.domain.vocabulary import Text

_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_FREE: Final = frozenset({"regions", "calendar"})
"""Sections whose keys are not codes."""

__all__ = ["Built", "Closure", "build", "bundle_closure", "digest", "library_from_closure", "merged"]

Registers = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""dataset → number of a person or an enterprise → element → value."""
Document = TypeVar("Document")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Built:
    """What became of the sources. With errors among ``faults`` it holds only what was sound."""

    sources: Sources
    pack: PackDocument
    library: Library
    regions: RegionTree
    calendar: Calendar
    people: Mapping[str, Person]
    stories: Mapping[str, Story]
    wallets: Mapping[str, tuple[Held, ...]]
    halls: Mapping[str, Hall]
    approvals: tuple[Approval, ...]
    registers: Registers
    closures: Mapping[str, Closure]
    faults: tuple[PackFault, ...]

    @property
    def has_errors(self) -> bool:
        """Whether something is missing from what was built. Who uses what can then not be told."""
        return any(fault.is_error for fault in self.faults)


def build(sources: Sources) -> Built:
    """Check everything and build everything that is sound; never raises for what an author wrote."""
    pack, faults = _checked(sources)
    expressions = Expressions(sources)
    library = _library(pack, expressions)
    for bundle in library.bundles.values():
        expressions.hold_against(bundle, library.items)
    regions, wrong_regions = _regions(pack, sources)
    calendar, wrong_years = _calendar(pack, sources)
    found = [*sources.faults, *faults, *unresolved(pack, sources), *expressions.faults, *wrong_regions, *wrong_years]
    found += [*judgements(pack, sources), *cycles(pack, sources)]
    closures = bundle_closures(pack)
    digests = {code: digest(closure) for code, closure in closures.items()}
    return Built(
        sources=sources,
        pack=pack,
        library=_with_digests(library, digests),
        regions=regions,
        calendar=calendar,
        people=_each(pack.people, objects.person),
        stories=_each(pack.stories, objects.story),
        halls={code: objects.hall(code, hall, regions) for code, hall in pack.halls.items() if hall.region in regions},
        wallets=_each(pack.wallets, lambda _, document: objects.wallet(document)),
        approvals=tuple(one for code, paper in pack.approvals.items() for one in objects.approvals(code, paper)),
        registers=pack.registers,
        closures=closures,
        faults=tuple(sorted(set(found))),
    )


def library_from_closure(closure: Closure) -> Library:
    """The domain objects of a stored closure, equal to those it was made from, digest included.

    Raises :class:`PackError` when the closure does not have the shape of this version's documents.
    """
    if not _is_closure(closure):
        message = Text("这不是一件事的闭包。", "This is not the closure of a bundle.")
        raise PackError([PackFault("error", "not-a-closure", "", 0, "", message)])
    sources = of_documents(closure)
    pack, faults = _checked(sources)
    expressions = Expressions(sources)
    library = _library(pack, expressions)
    if faults or expressions.faults:
        raise PackError([*faults, *expressions.faults])
    return _with_digests(library, dict.fromkeys(library.bundles, digest(closure)))


def _is_closure(closure: object) -> bool:
    return isinstance(closure, dict) and all(
        name in SECTIONS and isinstance(part, list if name in LISTS else dict) for name, part in closure.items()
    )


def _checked(sources: Sources) -> tuple[PackDocument, list[PackFault]]:
    """Every entry against its model; what fails is left out of the pack."""
    faults: list[PackFault] = []
    defaults = sources.section("item_defaults")
    sections: dict[str, Any] = {"item_defaults": defaults}
    for name, entries in sources.sections.items():
        if name == "item_defaults":
            continue
        sound: dict[str | int, Any] = {}
        for code, entry in entries.items():
            if len(faults) >= MAX_FAULTS:
                break
            data = _whole(name, entry.node.value, defaults)
            faults += _wrong_code(sources, name, code)
            document, wrong = validated(sources, name, code, data)
            faults += wrong
            if not wrong:
                sound[code] = document
        sections[name] = sound
        if name in LISTS:
            # Numbered anew, so that a place in the checked list is the same place in the sources.
            sources.sections[name] = dict(enumerate(entries[code] for code in sound))
            sections[name] = list(sound.values())
    return PackDocument.model_construct(**sections), cut(faults)


def _whole(section: str, data: object, defaults: Mapping[str, Any]) -> object:
    """What an entry says, with what items share."""
    return merged(defaults, data) if section == "items" and isinstance(data, dict) else data


def merged(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """``own`` over ``defaults``: mappings merge, anything else (lists too) replaces."""
    result = dict(defaults)
    for key, value in own.items():
        beneath = result.get(key)
        both = isinstance(beneath, dict) and isinstance(value, dict)
        result[key] = merged(beneath, value) if both else value  # type: ignore[arg-type]
    return result


def _wrong_code(sources: Sources, section: str, code: str | int) -> Iterable[PackFault]:
    if section in _FREE or isinstance(code, int) or _CODE.fullmatch(code):
        return
    message = Text(
        "代码须以字母开头，只含字母、数字和 _ . -，最长 64 个字符。",
        "A code begins with a letter and has only letters, digits, _ . and -, 64 at most.",
    )
    yield sources.fault("wrong-code", (section, code), message)


def _each(documents: Mapping[str, Document], make: Callable[[str, Document], Made]) -> dict[str, Made]:
    return {code: make(code, document) for code, document in documents.items()}


def _library(pack: PackDocument, parse: Expressions) -> Library:
    return Library(
        lines=_each(pack.lines, objects.line),
        groups=dict(pack.groups),
        fields=_each(pack.fields, objects.field_spec),
        materials=_each(pack.materials, objects.material),
        datasets=_each(pack.datasets, objects.dataset),
        certificates=_each(pack.certificates, objects.certificate),
        items={code: objects.service_item(code, item, parse) for code, item in pack.items.items()},
        bundles={code: objects.bundle(code, bundle, parse) for code, bundle in pack.bundles.items()},
        overrides=tuple(objects.override(each) for each in pack.overrides),
    )


def _with_digests(library: Library, digests: Mapping[str, str]) -> Library:
    bundles = {code: replace(bundle, digest=digests[code]) for code, bundle in library.bundles.items()}
    return replace(library, bundles=bundles)


def _regions(pack: PackDocument, sources: Sources) -> tuple[RegionTree, list[PackFault]]:
    faults: list[PackFault] = []
    sound: list[Region] = []
    for code, name in pack.regions.items():
        try:
            sound.append(Region(code, name, level_of(code), parent_code(code)))
        except RegionCodeError as error:
            faults.append(sources.fault("wrong-region", ("regions", code), error.message))
    faults += [sources.fault("wrong-region", ("regions", code), message) for code, message in region_faults(sound)]
    # A wrong region goes, and what hangs below it goes with it without a fault of its own.
    while wrong := {code for code, _ in region_faults(sound)}:
        sound = [region for region in sound if region.code not in wrong]
    return RegionTree(sound), faults


def _calendar(pack: PackDocument, sources: Sources) -> tuple[Calendar, list[PackFault]]:
    calendar, faults = published(), []
    for year, document in pack.calendar.items():
        path = ("calendar", year)
        if not re.fullmatch(r"20\d\d", year):
            message = Text("年份须写成四位数字。", "The year has four digits.")
            faults.append(sources.fault("wrong-year", path, message, Text('如 "2027"。', 'such as "2027"')))
            continue
        try:
            calendar = extended(calendar, document.holidays, document.make_up_days, int(year))
        except CalendarError as error:
            faults.append(sources.fault("wrong-year", path, error.message))
    return calendar, faults
