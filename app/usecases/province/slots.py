"""What of a life is another in a copy, and with what a copy fills it.

A life is walked in the example region of its shape, by marked numbers and the worked example's own people; every one of
these marks is a literal of the life and the slot of a copy.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from app.domain.authorities import Department
from app.domain.matters import id_of
from app.domain.references import QUERY_CODES, application_reference, query_code
from app.domain.routing import Planner
from app.domain.vocabulary import Level, Text
from app.usecases.province.people import another_company, another_id, another_phone, resident
from app.usecases.province.walk import MARK
from app.usecases.secrecy import hash_code
from app.usecases.serving import CODE_ALPHABET, CODE_LENGTH, hall_of
from app.usecases.world import World

CASE: Final = "e10ca5e0" * 4
APPLICANT: Final = "resident.mark.0"
QUERY: Final = "9ae57107" * 8
CLOCK: Final = f":00.{MARK}"
ID_NUMBER: Final = re.compile(r"00\d{15}[\dX]")
PHONE: Final = re.compile(r"1[0-2]\d{9}")
COMPANY: Final = re.compile(r"[0-9A-Z]{2}00\d{4}[0-9A-Z]{10}")


Known = dict[tuple[str, ...], Mapping[str, str]]
"""Slots of regions and offices, by part and place."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a life was walked and by whom it was taken in."""

    planner: Planner
    region: str
    filed_region: str | None
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one life: literal → slot, and what of the slots depends on the life."""

    slots: dict[str, str]
    day: date
    serials: Mapping[str, str]
    made: Mapping[str, tuple[str, int]]
    derived: Mapping[str, str]


def strings_in(value: Any) -> Iterator[str]:
    """Every text in a form."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from strings_in(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from strings_in(entry)


def of_person(name: Text, form: Mapping[str, Any]) -> dict[str, str]:
    """Slots for who applies, and for every number of a person or company on the form."""
    found = {CASE: "id", APPLICANT: "applicant", QUERY: "query", CLOCK: "clock", name.zh: "name.zh", name.en: "name.en"}
    for text in strings_in(form):
        for kind, pattern in (("id", ID_NUMBER), ("phone", PHONE), ("company", COMPANY)):
            if pattern.fullmatch(text):
                found[text] = f"{kind}:{text}"
    return found


def of_place(world: World, stage: Stage) -> dict[str, str]:
    """Slots for regions and offices."""
    return {literal: slot for slot, literal in places(world, stage).items() if literal}


def places(world: World, stage: Stage, known: Known | None = None) -> dict[str, str]:
    """What every slot of regions and offices holds on a stage: names and codes, told apart by their part in it."""
    known, own = {} if known is None else known, stage.region
    found = dict(_of_region(world, own, "own", known))
    for item in stage.items:
        at = stage.planner.bundle.code, item, own
        if at not in known:
            known[at] = _office(stage.planner.route(item, own).department, f"office:{item}")
        found.update(known[at])
    found.update(_of_hall(world, own, "hall", known))
    if stage.filed_region is not None:
        found.update(_of_region(world, stage.filed_region, "filed", known))
        found.update(_of_hall(world, stage.filed_region, "filed_hall", known))
    return found


def _of_region(world: World, region: str, part: str, known: Known) -> Mapping[str, str]:
    if (part, region) not in known:
        known[part, region] = _regions(world, region, part)
    return known[part, region]


def _of_hall(world: World, region: str, part: str, known: Known) -> Mapping[str, str]:
    if (part, region) not in known:
        known[part, region] = _office(hall_of(world, region), part)
    return known[part, region]


def codes(world: World, stage: Stage) -> list[str]:
    """The literals that count only as whole words."""
    regions = world.catalogue.regions
    both = [stage.region, *([stage.filed_region] if stage.filed_region else [])]
    return [place.code for region in both for place in regions.ancestors(region)]


def _regions(world: World, region: str, part: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for place in world.catalogue.regions.ancestors(region):
        if place.level is not Level.PROVINCE:
            name = f"{part}.{place.level.value}"
            found |= {name: place.code, f"{name}.zh": place.name.zh, f"{name}.en": place.name.en}
    return found


def _office(office: Department, part: str) -> dict[str, str]:
    if office.level is Level.PROVINCE:
        return {}
    names = {part: office.code, f"{part}.zh": office.name.zh, f"{part}.en": office.name.en}
    return {**names, f"{part}.authority": office.authority_code}


class Serials:
    """Numbers that no two cases share, for all that is submitted on one day."""

    WAYS, EACH = 180, 5_000

    def __init__(self, day: date) -> None:
        self._offset = 100_000 + day.toordinal() % self.WAYS * self.EACH
        self._certificates: dict[str, int] = {}
        self._references: set[tuple[str, int]] = set()

    def certificate(self, head: str) -> int:
        """The serial of one more certificate of an office for an item: cases of other days draw from other ranges, so
        that serials differ also where decisions of many days meet."""
        used = self._certificates[head] = self._certificates.get(head, -1) + 1
        return self._offset + used % self.EACH

    def reference(self, county: str, draw: Random) -> int:
        """The serial of one more application of a county."""
        while (key := (county, 100_000 + draw.randrange(900_000))) in self._references:
            pass
        self._references.add(key)
        return key[1]


class Filler:
    """Fills the slots of copies of all lives that were begun on one day."""

    def __init__(self, world: World, day: date, known: Known | None = None) -> None:
        """``known`` remembers names of places from one day to the next."""
        self._world, self._serials, self._known = world, Serials(day), {} if known is None else known

    def fill(self, marks: Marks, stage: Stage, number: int, created: datetime, draw: Random) -> dict[str, str]:
        """The value of every slot for a copy on this stage, by the resident with this number."""
        seconds, micros = draw.randrange(60), draw.randrange(100_000, 1_000_000)
        county = stage.region[:6]
        reference = application_reference(county, marks.day, self._serials.reference(county, draw))
        code = query_code(draw.randrange(QUERY_CODES))
        person = resident(county, number)
        at = created + timedelta(seconds=seconds, microseconds=micros - MARK)
        values = {
            **places(self._world, stage, self._known),
            "id": f"{int(at.timestamp() * 1000):012x}{draw.getrandbits(80):020x}",
            "applicant": person.code,
            "name.zh": person.name.zh,
            "name.en": person.name.en,
            "query": hash_code(self._world.policy.secret, code, reference),
            "clock": f":{seconds:02d}.{micros:06d}",
            "reference": reference,
        }
        for slot, literal in _personal(marks):
            values[slot] = _another(slot.partition(":")[0], literal, draw)
        for slot, head in marks.serials.items():
            item, on = head.split("/")
            office = stage.planner.route(item, stage.region).department.region
            values[slot] = f"{office}-{item}-{on}-{self._serials.certificate(f'{office}-{item}')}"
        for slot, (kind, milliseconds) in marks.made.items():
            values[slot] = _made(kind, milliseconds + seconds * 1000 + micros // 1000, draw)
        for slot, key in marks.derived.items():
            values[slot] = id_of(re.sub(r"\{([^}]+)\}", lambda found: values[found[1]], key))
        return values


def _personal(marks: Marks) -> Iterator[tuple[str, str]]:
    for literal, slot in marks.slots.items():
        if slot.startswith(("id:", "phone:", "company:")):
            yield slot, literal


def _another(kind: str, literal: str, draw: Random) -> str:
    match kind:
        case "id":
            return another_id(literal, draw)
        case "phone":
            return another_phone(draw)
        case _:
            return another_company(literal, draw)


def _made(kind: str, milliseconds: int, draw: Random) -> str:
    match kind:
        case "verify":
            return "".join(draw.choices(CODE_ALPHABET, k=CODE_LENGTH))
        case "rating" | "salt":
            return f"{draw.getrandbits(128):032x}"
        case _:
            return f"{milliseconds:012x}{draw.getrandbits(80):020x}"
