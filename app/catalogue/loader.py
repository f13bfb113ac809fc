"""The catalogue as the app uses it: packs read, checked and frozen, or every reason why not."""

import gc
import hashlib
import pickle
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app import compiled
from app.catalogue.faults import PackError, PackFault
from app.catalogue.files import fingerprint
from app.domain.catalogue import Library, Person, Story
from app.domain.certificates import Held
from app.domain.datasets import Approval
from app.domain.deadlines import Calendar
from app.domain.halls import Hall
from app.domain.regions import RegionTree

if TYPE_CHECKING:
    from app.catalogue.build import Built, Registers
    from app.catalogue.closures import Closure

BUILTIN: Final = Path(__file__).parent / "packs"
"""The packs that come with the app."""
KEPT: Final = 4
"""Catalogues that are kept from one start to the next; each has about a megabyte."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the packs say. ``faults`` are the warnings; ``closures`` has one entry per bundle (do not change it),
    with all that it says as its authors wrote it."""

    library: Library
    regions: RegionTree
    calendar: Calendar
    people: Mapping[str, Person]
    stories: Mapping[str, Story]
    wallets: Mapping[str, tuple[Held, ...]]
    halls: Mapping[str, Hall]
    approvals: tuple[Approval, ...]
    registers: "Registers"
    closures: "Mapping[str, Closure]"
    faults: tuple[PackFault, ...]


def load(folders: Sequence[Path] = (), *, include_builtin: bool = True) -> Catalogue:
    """Read the built-in packs and the folders given as one pack. Raises :class:`PackError` with every fault."""
    return frozen(read(folders, include_builtin=include_builtin))


def opened(folders: Sequence[Path] = (), *, include_builtin: bool = True) -> Catalogue:
    """What :func:`load` returns or raises, as a process before this one kept it when nothing has changed since: neither
    a pack nor the code nor the calendar. Reading and checking half a megabyte of YAML is a quarter of a second."""
    places = _places(folders, include_builtin)
    try:
        name = _name(places)
    except OSError:
        return load(folders, include_builtin=include_builtin)
    found = compiled.kept(name)
    if found is not None:
        with suppress(Exception):  # whatever is wrong with it, it can be made again
            return _thawed(found)
    made = load(folders, include_builtin=include_builtin)
    gc.collect()  # reading leaves ten megabytes in cycles, and a server that starts keeps what it finds (main.settle)
    with suppress(OSError):
        if not made.faults and _name(places) == name:  # warnings name files; and nobody may have changed one meanwhile
            compiled.keep(name, pickle.dumps(made, pickle.HIGHEST_PROTOCOL), most=KEPT)
    return made


def _thawed(found: bytes) -> Catalogue:
    made: Catalogue = pickle.loads(found)  # noqa: S301 - ours, and trusted like a compiled module
    if not isinstance(made, Catalogue):
        raise TypeError(f"not a catalogue but {type(made)}")
    return made


def _places(folders: Sequence[Path], include_builtin: bool) -> list[Path]:
    return [*([BUILTIN] if include_builtin else []), *folders]


def _name(places: Sequence[Path]) -> str:
    """A name that no other packs, code or calendar can have."""
    return f"catalogue-{hashlib.sha256(f'{_code()} {fingerprint(places)}'.encode()).hexdigest()[:32]}"


@cache
def _code() -> str:
    """What a catalogue is made by: the modules and the calendar."""
    rooms = (BUILTIN.parents[1] / room for room in ("catalogue", "domain"))
    modules = sorted(file for room in rooms for file in room.rglob("*.py"))
    return compiled.stamp([*modules, *compiled.files_of("chinese_calendar")])


def read(folders: Sequence[Path] = (), *, include_builtin: bool = True) -> "Built":
    """The same, faults and all, without raising: what the linter looks at."""
    from app.catalogue.build import build  # a start that finds its catalogue kept needs none of this
    from app.catalogue.sources import read_folders

    return build(read_folders(_places(folders, include_builtin)))


def frozen(built: "Built") -> Catalogue:
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
        faults=built.faults,
    )
