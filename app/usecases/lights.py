"""The lights board (红黄灯): computed from stored dates whenever it is looked at, never counted by a nightly job."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from app.domain.deadlines import Calendar
from app.domain.errors import Fault, InvalidInput
from app.domain.lifecycle import TaskStatus
from app.domain.oversight import THRESHOLDS, Light, light_of
from app.domain.ticking import Ticking
from app.domain.vocabulary import ILLUSTRATIVE, Level, Text, Word
from app.schemas.clocks import LightOut
from app.schemas.common import Bilingual, Page, Term
from app.schemas.lights import LightCountOut, LightGroupOut, LightsOut, WatchedOut
from app.storage import lights, work
from app.storage.queries import Reader, TaskLine
from app.usecases import paging
from app.usecases.accounts import department
from app.usecases.context import Context
from app.usecases.indicators import region_asked

Counts = Counter[Light]
LATE = (Light.RED, Light.DEEP_RED)
SCAN = 500
"""Tasks read at a time while looking for those that show one light."""
MOST = 4096
"""Clocks whose light is kept at hand."""


class By(Word):
    """How the board is broken down."""

    REGION = "region", "区划", "region"
    DEPARTMENT = "department", "部门", "department"
    PLACE = "place", "县市区", "county or city"


def board(context: Context, reader: Reader, region: str | None, by: By = By.REGION) -> LightsOut:
    """How many tasks of the region and everything inside it show which light.

    Raises :class:`NotAllowed` outside the asker's region, :class:`InvalidInput` for an unknown one.
    """
    area = region_asked(context, region)
    regions = context.world.catalogue.regions
    found: dict[str, Counts] = defaultdict(Counter)
    if by is By.PLACE:
        found.update((code, Counter()) for code in _places(context, area))
    light = lights_of(context)
    for key, clock, count in _open_work(context, reader, area, by):
        found[key][light[clock]] += count
    total: Counts = sum(found.values(), Counter())
    groups = [
        LightGroupOut(
            key=key,
            name=_name(context, by, key),
            counts=_counts(counts),
            late=_late(counts),
            above=_part(context, area, key) if by is By.PLACE else None,
        )
        for key, counts in found.items()
    ]
    return LightsOut(
        label=Bilingual.of(ILLUSTRATIVE),
        rule=Bilingual.of(THRESHOLDS),
        region=area,
        region_name=Bilingual.of(regions.path(area)),
        on=context.moment.today,
        by=Term.of(by),
        total=_counts(total),
        groups=sorted(groups, key=lambda group: (-group.late, -sum(c.count for c in group.counts), group.key)),
    )


def _open_work(context: Context, reader: Reader, area: str, by: By) -> Iterator[tuple[str, str, int]]:
    """Open tasks by key and the code of their clock: from what is counted where it is, by parts that are listed."""
    areas = _counted_areas(context, area) if by is By.PLACE else [area]
    if by is By.DEPARTMENT or not areas or not work.is_counted(reader):
        return _open_tasks(context, reader, area, by)
    counted = work.open_work(reader, areas)
    parts = {part for part, _, _ in counted}
    if not all(part in context.world.catalogue.regions for part in parts):
        return _open_tasks(context, reader, area, by)
    keys = {part: _key(context, by, area, part) for part in parts}
    return ((keys[part], clock, count) for part, clock, count in counted)


def _open_tasks(context: Context, reader: Reader, area: str, by: By) -> Iterator[tuple[str, str, int]]:
    """The same, slowly: every open task is looked at."""
    for group in lights.groups(reader, area, by_department=by is By.DEPARTMENT):
        key = group.department if by is By.DEPARTMENT else _key(context, by, area, group.region or area)
        yield key or "", group.ticking.code, group.count


def _counted_areas(context: Context, area: str) -> list[str]:
    """Areas whose parts are counties, all inside the asked one; none inside a county."""
    regions = context.world.catalogue.regions
    return [code for code in regions.within(area) if regions[code].level.depth < Level.COUNTY.depth]


def everywhere(context: Context, reader: Reader) -> Counts:
    """How many tasks show which light, all regions together: figures for those who run the app."""
    counted, light = Counts(), lights_of(context)
    provinces = [code for code, place in context.world.catalogue.regions.items() if place.parent is None]
    for province in provinces:
        for _, clock, count in _open_work(context, reader, province, By.REGION):
            counted[light[clock]] += count
    return counted


def behind(
    context: Context,
    reader: Reader,
    region: str | None,
    office: str | None,
    light: str | None,
    cursor: str | None,
    limit: int,
) -> Page[WatchedOut]:
    """The tasks behind a number of the board, those due first above."""
    area = region_asked(context, region)
    wanted, after = _wanted(light), paging.task_position(cursor)
    if office is not None and department(context.world, office) is None:
        text = Text("没有这个部门。", "There is no such department.")
        raise InvalidInput([Fault("/query/department", "unknown-department", text)])
    shown = None if wanted is None else (wanted, context.moment.calendar, context.moment.today)
    found: list[tuple[TaskLine, LightOut]] = []
    is_more, size = True, 0
    while is_more and len(found) <= limit:
        size = SCAN if size else limit + 1  # the database leaves in little else, or what is due first is asked for
        batch = lights.watched(reader, area, office, after, size, shown)
        is_more = len(batch) == size
        for line in batch:
            lit = light_of(line.times, context.moment.calendar, context.moment.today)
            if wanted in {None, lit.light}:
                found.append((line, LightOut.of(lit)))
        if batch:
            after = batch[-1].sort_on, batch[-1].id
    page = found[:limit]
    last = page[-1][0] if len(found) > limit else None
    return Page(
        entries=[watched_out(context, line, lit) for line, lit in page],
        next=None if last is None else paging.cursor(last.sort_on.isoformat(), last.id),
    )


def _wanted(code: str | None) -> Light | None:
    if code is None:
        return None
    found = next((light for light in Light if light.value == code), None)
    if found is None:
        names = ", ".join(light.value for light in Light)
        text = Text(f"没有这种灯，可选：{names}。", f"There is no such light; there are: {names}.")
        raise InvalidInput([Fault("/query/light", "unknown-light", text)])
    return found


class Lights(dict[str, Light]):
    """The lights of one day by the codes of clocks: many tasks, of many regions, have dates in common."""

    def __init__(self, calendar: Calendar, today: date) -> None:
        """``calendar`` tells working days."""
        self._day = calendar, today

    def __missing__(self, clock: str) -> Light:
        """Work out a light that nobody has asked for yet."""
        found = light_of(Ticking.of(clock), *self._day).light
        if len(self) < MOST:
            self[clock] = found
        return found


_lights = lru_cache(maxsize=4)(Lights)


def lights_of(context: Context) -> Lights:
    """Those of the day on which somebody asks, with what was worked out before."""
    return _lights(context.moment.calendar, context.moment.today)


def _key(context: Context, by: By, area: str, region: str) -> str:
    return _place(context, area, region) if by is By.PLACE else _part(context, area, region)


def _places(context: Context, area: str) -> list[str]:
    """The counties of the area, whether anything is open there or not."""
    regions = context.world.catalogue.regions
    return [code for code in regions.within(area) if regions[code].level is Level.COUNTY]


def _place(context: Context, area: str, region: str) -> str:
    """The county that holds a region; the region itself above counties and inside the asked one."""
    regions = context.world.catalogue.regions
    county = regions.at_level(region, Level.COUNTY)
    return region if county is None or regions[area].level.depth >= Level.COUNTY.depth else county.code


def _part(context: Context, area: str, region: str) -> str:
    """The region directly inside the area that holds ``region``; the area itself for its own tasks."""
    chain = [place.code for place in context.world.catalogue.regions.ancestors(region)]
    place = chain.index(area)
    return chain[place - 1] if place else area


def _counts(counts: Counts) -> list[LightCountOut]:
    return [LightCountOut(light=Term.of(light), count=counts[light]) for light in Light]


def _late(counts: Counts) -> int:
    return sum(counts[light] for light in LATE)


def _name(context: Context, by: By, key: str) -> Bilingual:
    if by is not By.DEPARTMENT:
        return Bilingual.of(context.world.catalogue.regions[key].name)
    return _office(context, key)


def _office(context: Context, code: str) -> Bilingual:
    found = department(context.world, code)
    return Bilingual.of(found.name) if found else Bilingual(zh=code, en=code)


def watched_out(context: Context, line: TaskLine, light: LightOut) -> WatchedOut:
    """One task by its course alone."""
    library = context.world.library
    bundle, item = library.bundles.get(line.bundle), library.items.get(line.item)
    return WatchedOut(
        id=line.id,
        reference=line.reference,
        application_id=line.application_id,
        bundle=line.bundle,
        bundle_name=Bilingual.of(bundle.name) if bundle else Bilingual(zh=line.bundle, en=line.bundle),
        item=line.item,
        name=Bilingual.of(item.name) if item else Bilingual(zh=line.item, en=line.item),
        department=line.department,
        department_name=_office(context, line.department),
        region=line.region,
        status=Term.of(TaskStatus[line.status.upper()]),
        light=light,
    )
