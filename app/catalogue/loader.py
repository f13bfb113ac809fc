"""The catalogue as the app uses it: packs read, checked and frozen, or every reason why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.catalogue.build import Built, Registers, build
from app.catalogue.closures import Closure
from app.catalogue.documents import PackDocument
from app.catalogue.faults import PackError, PackFault
from app.catalogue.sources import read_folders
from app.domain.catalogue import Library, Person, Story
from app.domain.certificates import Held
from app.domain.datasets import Approval
from app.domain.deadlines import Calendar
from app.domain.halls import Hall
from app.domain.regions import RegionTree

BUILTIN: Final = Path(__file__).parent / "packs"
"""The packs that come with the app."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the packs say. ``faults`` are the warnings; ``closures`` has one entry per bundle (do not change it).

    ``pack`` holds the documents as authors wrote them, for whoever shows or exports sources.
    """

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
    pack: PackDocument
    faults: tuple[PackFault, ...]


def load(folders: Sequence[Path] = (), *, include_builtin: bool = True) -> Catalogue:
    """Read the built-in packs and the folders given as one pack. Raises :class:`PackError` with every fault."""
    return frozen(read(folders, include_builtin=include_builtin))


def read(folders: Sequence[Path] = (), *, include_builtin: bool = True) -> Built:
    """The same, faults and all, without raising: what the linter looks at."""
    return build(read_folders([*([BUILTIN] if include_builtin else []), *folders]))


def frozen(built: Built) -> Catalogue:
    """The catalogue, when it was built without errors; raises :class:`PackError` otherwise."""
    if built.has_errors:
        raise PackError(built.faults)
    return Catalogue(
        library=built.library,
        regions=built.regions,
        calendar=built.calendar,
        people=built.people,
        stories=built.stories,
        wallets=built.wallets,
        halls=built.halls,
        approvals=built.approvals,
        registers=built.registers,
        closures=built.closures,
        pack=built.pack,
        faults=built.faults,
    )
