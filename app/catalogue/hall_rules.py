"""Rules about halls: every county has one, none lies where its region is not, hours are hours."""

from typing import Final

from app.catalogue.build import Built
from app.catalogue.faults import Path
from app.catalogue.hall_documents import HallDocument
from app.catalogue.rules import Finding, Findings, rule
from app.domain.halls import Place, distance
from app.domain.regions import parent_code
from app.domain.vocabulary import Level, Text

FARTHEST_KM = 150.0
"""Illustrative: how far a hall may lie from the halls around it before its coordinates are taken for a slip."""


@rule("P1", "hall", "大厅的时间和位置合理", "Halls have sound hours and lie where their region is")
def halls_fit(built: Built) -> Findings:
    """Hours one by one, then each hall's place against the others of its city."""
    for code, hall in built.pack.halls.items():
        yield from _hours(("halls", code, "hours"), hall)
        yield from _place(code, hall, built)


def _hours(at: Path, hall: HallDocument) -> Findings:
    taken: list[tuple[int, str, str, int]] = []
    for index, spell in enumerate(hall.hours):
        if spell.opens >= spell.closes:
            yield Finding((*at, index, "closes"), Text("关门早于开门。", "It closes before it opens."))
        if spell.days != sorted(set(spell.days)):
            text = Text("星期须从小到大、不重复。", "Days of the week stand in order, each once.")
            yield Finding((*at, index, "days"), text)
        for day, opens, closes, other in taken:
            if day in spell.days and spell.opens < closes and opens < spell.closes:
                text = Text(f"与第 {other + 1} 段时间重叠。", f"It overlaps with stretch {other + 1}.")
                yield Finding((*at, index), text)
                break
        taken += [(day, spell.opens, spell.closes, index) for day in spell.days]


def _place(code: str, hall: HallDocument, built: Built) -> Findings:
    if hall.region not in built.regions:
        return
    here, city = Place(hall.longitude, hall.latitude), built.regions.at_level(hall.region, Level.CITY)
    around = [
        Place(other.longitude, other.latitude)
        for name, other in built.pack.halls.items()
        if name != code
        and other.region in built.regions
        and city is not None
        and built.regions.at_level(other.region, Level.CITY) == city
    ]
    if around and min(distance(here, place) for place in around) > FARTHEST_KM:
        yield Finding(
            ("halls", code, "longitude"),
            Text(
                f"离同市其他大厅都超过 {FARTHEST_KM:.0f} 公里，经纬度可能填错或填反了。",
                f"More than {FARTHEST_KM:.0f} km from any other hall of its city: the coordinates must be wrong.",
            ),
        )


@rule("P2", "no-hall", "每个县级区划至少有一个大厅", "Every county has a hall")
def counties_have_halls(built: Built) -> Findings:
    """Only of a pack that lists halls at all."""
    if not built.pack.halls:
        return
    having = {hall.region for hall in built.pack.halls.values()}
    for code in built.regions:
        below = {place for place in having if parent_code(place) == code} if len(code) == 6 else set()
        if built.regions[code].level is Level.COUNTY and code not in having and not below:
            text = Text("这个县级区划没有大厅。", "This county has no hall.")
            yield Finding(("regions", code), text, severity="warning")


RULES: Final = (halls_fit, counties_have_halls)
