"""Reading indicators: their formulas, their values for a slice and a period, and the cases behind a number.

A supervisor or steward sees the figures of the own region and everything inside it. The cases behind a number are
found where the sums say that there are any, so a rare one costs no more than a common one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain.errors import Fault, InvalidInput, NotAllowed, NotFound
from app.domain.figures import BY_MONTH, FEW_BESIDE, OF_TASKS, Dimension, Indicator, Part, Slice, few_beside
from app.domain.indicators import COUNTERS_OF_TASKS, INDICATORS
from app.domain.periods import days_of, first_of_month, last_of_month, months_of
from app.domain.regions import RegionTree
from app.domain.tallies import COUNTERS, NOTHING, WHOLE, Counts, reference_of, together
from app.domain.vocabulary import ILLUSTRATIVE, Role, Text
from app.schemas.common import Bilingual, Page, Term
from app.schemas.indicators import CaseBehindOut, FiguresOut, GroupOut, IndicatorOut, ValueOut
from app.storage import tallies
from app.storage.queries import Reader
from app.storage.tallies import CaseLine, Key
from app.usecases import paging
from app.usecases.accounts import department
from app.usecases.context import Context
from app.usecases.names import office_name, region_name
from app.usecases.world import World

CODES = ("department", "item", "bundle")
FACTS = ("filed", "ended")
"""Counters that tell about how many facts there are."""
MANY, FEW = 2_000, 20
"""So many facts of a day, of which not one in so many adds to a counter, are not gone through for it."""
NEEDS = frozenset(each.needs for each in INDICATORS.values() if each.needs is not None)
"""The counters of ratings that indicators stand on."""
LONGEST = 3660
"""Days one question may span: ten years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for. Without a region the asker's own; without dates this year so far."""

    region: str | None = None
    department: str | None = None
    item: str | None = None
    bundle: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The same, checked. ``region`` is where the breakdown by region starts."""

    region: str
    of: Slice
    first: date
    last: date


def formulas() -> list[IndicatorOut]:
    """Every indicator with its formula."""
    return [IndicatorOut.of(indicator) for indicator in INDICATORS.values()]


def values(
    context: Context, reader: Reader, wish: Wish, by: Dimension | None, cursor: str | None, limit: int
) -> FiguresOut:
    """Every indicator of the slice as a whole and, with ``by``, of each group; ``limit`` groups a page.

    Raises :class:`NotAllowed` outside the asker's region, :class:`InvalidInput` for unknown codes or dates.
    """
    asked = _asked(context, wish)
    after = paging.position(cursor, 1)
    sums, total = _sums(context.world.catalogue.regions, reader, asked, by)
    _must_be_known(context.world, wish, total)
    groups = _groups(context, asked, sums, by)
    rest = [key for key in sorted(groups) if after is None or key > after[0]]
    page = rest[:limit]
    secrets, is_of_tasks = _secrets(context, reader, asked, groups), asked.of.is_of_tasks
    return FiguresOut(
        label=Bilingual.of(ILLUSTRATIVE),
        region=asked.region,
        region_name=Bilingual.of(context.world.catalogue.regions.path(asked.region)),
        department=wish.department,
        item=wish.item,
        bundle=wish.bundle,
        first_day=asked.first,
        last_day=asked.last,
        by=Term.maybe(by),
        total=_values(total, secrets, is_of_tasks=is_of_tasks),
        groups=[
            GroupOut(
                key=key,
                name=Bilingual.of(_name(context.world, by, key)),
                values=_values(groups[key], secrets, key, is_of_tasks=is_of_tasks or by in OF_TASKS),
            )
            for key in page
        ],
        next=paging.cursor(page[-1]) if len(rest) > limit else None,
    )


def cases(
    context: Context, reader: Reader, code: str, part: Part, wish: Wish, cursor: str | None, limit: int
) -> Page[CaseBehindOut]:
    """The cases behind the numerator or the denominator of one indicator, newest day first, inside a day by region.

    Their amounts add up to exactly that number. Raises :class:`NotFound` for an unknown indicator, :class:`NotAllowed`
    outside the asker's region and for what people rated, :class:`InvalidInput` for unknown codes or dates.
    """
    indicator = INDICATORS.get(code)
    asked = _asked(context, wish)
    if indicator is None:
        names = ", ".join(INDICATORS)
        raise NotFound(Text(f"没有这个指标，可选：{names}。", f"There is no such indicator; there are: {names}."))
    if not indicator.is_listable:
        raise NotAllowed(
            Text("评价人受保护，不列出被评价的办件。", "Who rates is protected: rated cases are not listed."), roles=[]
        )
    after = paging.day_position(cursor)
    lines = list(_walk(reader, asked, indicator, part, after, limit + 1))
    if not lines and after is None:
        _must_be_known(
            context.world, wish, together(tallies.added_up(reader, asked.of, asked.first, asked.last, None).values())
        )
    page = lines[:limit]
    return Page(
        entries=[_case(context, line) for line in page],
        next=paging.cursor(page[-1].day.isoformat(), page[-1].region, page[-1].id) if len(lines) > limit else None,
    )


def _sums(
    regions: RegionTree, reader: Reader, asked: _Asked, by: Dimension | None
) -> tuple[Mapping[Key, Counts], Counts]:
    """The sums of the groups, and of all. By department or item the groups lack what only whole applications have."""
    by_part = by is Dimension.REGION and regions.follows_codes(asked.region)
    only = COUNTERS_OF_TASKS if by in OF_TASKS or asked.of.is_of_tasks else COUNTERS
    sums = tallies.added_up(reader, asked.of, asked.first, asked.last, by, only=only, by_part=by_part)
    if by in OF_TASKS and not asked.of.is_of_tasks:
        whole = tallies.added_up(reader, asked.of, asked.first, asked.last)
        return sums, together(whole.values())
    return sums, together(sums.values())


def _walk(
    reader: Reader, asked: _Asked, indicator: Indicator, part: Part, after: tuple[date, str, str] | None, limit: int
) -> Iterator[CaseLine]:
    """Lines from the newest day back: the sums say in which months and on which days to look."""
    counter = indicator.counter(part)
    others = [name for name in FACTS if name != counter]
    last = min(asked.last, after[0]) if after else asked.last
    months = tallies.added_up(reader, asked.of, asked.first, last, Dimension.MONTH, only=(counter,))
    for first, end in reversed(list(months_of(asked.first, last))):
        if not getattr(months.get(first.replace(day=1), NOTHING), counter):
            continue
        days = tallies.added_up(reader, asked.of, first, end, Dimension.DAY, only=(counter, *others))
        for day in reversed(list(days_of(first, end))):
            if limit <= 0:
                return
            counts = days.get(day, NOTHING)
            if not getattr(counts, counter):
                continue
            seen = after[1:] if after is not None and day == after[0] else None
            lines = tallies.cases_of_day(
                reader, asked.of, day, counter, seen, limit, is_rare=_is_rare(asked.of, counts, counter)
            )
            yield from lines
            limit -= len(lines)


def _is_rare(of: Slice, counts: Counts, counter: str) -> bool:
    """Whether so few of many facts add to a counter that it pays to ask the sums in which regions they are. They know
    of regions alone."""
    facts = sum(getattr(counts, name) for name in FACTS)
    return of.is_plain and facts > MANY and FEW * getattr(counts, counter) < facts


def _case(context: Context, line: CaseLine) -> CaseBehindOut:
    return CaseBehindOut(
        reference=reference_of(line.id),
        application=line.application,
        day=line.day,
        region=line.region,
        region_name=region_name(context, line.region),
        department=line.department or None,
        department_name=office_name(context, line.department) if line.department else None,
        item=line.item or None,
        bundle=line.bundle,
        amount=line.amount,
    )


def region_asked(context: Context, wanted: str | None) -> str:
    """The region whose figures the asker may see: the one wanted, or without one the own.

    Raises :class:`NotAllowed` outside the asker's region, :class:`InvalidInput` for an unknown one.
    """
    who = context.acting(Role.SUPERVISOR, Role.STEWARD)
    regions, own = context.world.catalogue.regions, who.region or ""
    region = wanted or own
    if region not in regions:
        raise InvalidInput([Fault("/query/region", "unknown-region", _no_region(regions, region))])
    if all(place.code != own for place in regions.ancestors(region)):
        name = regions[own].name
        raise NotAllowed(
            Text(f"只能查看本区划（{name.zh}）及以下的指标。", f"Only for {name.en} and the regions inside it."),
            region=own,
            roles=[f"{who.role.value}.{region}"],
        )
    return region


def _asked(context: Context, wish: Wish) -> _Asked:
    region = region_asked(context, wish.region)
    last = min(wish.last or context.moment.today, context.moment.today)
    first = wish.first or last.replace(month=1, day=1)
    if faults := [_unknown(name) for name in CODES if not (getattr(wish, name) or "").isprintable()]:
        raise InvalidInput(faults)  # no code holds a NUL, and PostgreSQL refuses to be asked
    if faults := _date_faults(first, wish.last or last, context.moment.today):
        raise InvalidInput(faults)
    return _Asked(region, Slice(region, wish.department, wish.item, wish.bundle), first, last)


def _date_faults(first: date, last: date, today: date) -> list[Fault]:
    if first > last:
        text = Text(f"开始日期晚于结束日期 {last}，请对调。", f"The first day is after the last, {last}: swap them.")
        return [Fault("/query/from", "out-of-order", text)]
    if (min(last, today) - first).days > LONGEST:
        text = Text("一次最多查询十年，请缩短范围。", "One question spans ten years at most: ask for less.")
        return [Fault("/query/from", "too-long", text)]
    return []


def _no_region(regions: RegionTree, code: str) -> Text:
    near = regions.nearest(code)
    hint = Text(f"您是否想写 {near}？", f" Did you mean {near}?") if near else Text("", "")
    return Text(f"没有这个区划代码。{hint.zh}", f"There is no such region code.{hint.en}")


def _must_be_known(world: World, wish: Wish, total: Counts) -> None:
    """A mistyped code must not look like a department without work; a retired one that has cases may be asked for."""
    if total != NOTHING:
        return
    library = world.library
    known = {
        "department": wish.department is None or department(world, wish.department) is not None,
        "item": wish.item is None or wish.item in library.items,
        "bundle": wish.bundle is None or wish.bundle in library.bundles,
    }
    if faults := [_unknown(name) for name, is_known in known.items() if not is_known]:
        raise InvalidInput(faults)


def _unknown(name: str) -> Fault:
    text = Text("没有这个代码，请从目录中选择。", "There is no such code: take one from the catalogue.")
    return Fault(f"/query/{name}", f"unknown-{name}", text)


def _groups(context: Context, asked: _Asked, sums: Mapping[Key, Counts], by: Dimension | None) -> dict[str, Counts]:
    if by is None:
        return {}
    found: dict[str, Counts] = {}
    for key, counts in sums.items():
        if by in OF_TASKS and key == WHOLE:
            continue
        name = _group(context.world.catalogue.regions, asked.region, by, key)
        found[name] = found.get(name, NOTHING) + counts
    return found


def _group(regions: RegionTree, area: str, by: Dimension, key: Key) -> str:
    """The group a sum belongs to. A region belongs to the one directly below the area, the area's own to itself."""
    if isinstance(key, date):
        return f"{key:%Y-%m}" if by is Dimension.MONTH else key.isoformat()
    if by is not Dimension.REGION or key not in regions:
        return key
    chain = [place.code for place in regions.ancestors(key)]
    return chain[max(0, chain.index(area) - 1)] if area in chain else key


def _name(world: World, by: Dimension | None, key: str) -> Text:
    library, found = world.library, None
    match by:
        case Dimension.REGION if key in world.catalogue.regions:
            found = world.catalogue.regions[key].name
        case Dimension.DEPARTMENT:
            known = department(world, key)
            found = known.name if known else None
        case Dimension.ITEM if key in library.items:
            found = library.items[key].name
        case Dimension.BUNDLE if key in library.bundles:
            found = library.bundles[key].name
    return found or Text(key, key)


@dataclass(frozen=True, slots=True)
class _Secrets:
    """Why ratings are not told: those counted by a counter (``wholly``), or of one group alone (``of_group``)."""

    wholly: Mapping[str, Text]
    of_group: Mapping[str, frozenset[str]]

    def why(self, indicator: Indicator, group: str | None) -> Text | None:
        needs = indicator.needs or ""
        return self.wholly.get(needs) or (FEW_BESIDE if group in self.of_group.get(needs, ()) else None)


def _secrets(context: Context, reader: Reader, asked: _Asked, groups: Mapping[str, Counts]) -> _Secrets:
    """What of the ratings asked for could be had by subtraction: day from day, part from whole, group from total."""
    if not _is_of_months(context, asked):
        return _Secrets(dict.fromkeys(NEEDS, BY_MONTH), {})
    wholly: dict[str, Text] = {}
    for wider, by, key in _wider(context, asked):
        sums, _ = _sums(context.world.catalogue.regions, reader, wider, by)
        parts = _groups(context, wider, sums, by)
        wholly |= {needs: FEW_BESIDE for needs in NEEDS if key in few_beside(parts, needs)}
    return _Secrets(wholly, {needs: few_beside(groups, needs) for needs in NEEDS})


def secrets_of(context: Context, reader: Reader, region: str, first: date, last: date) -> Mapping[str, Text]:
    """The counters of ratings whose sums over a region and a month are not told, with the reason."""
    return _secrets(context, reader, _Asked(region, Slice(region), first, last), {}).wholly


def _wider(context: Context, asked: _Asked) -> Iterator[tuple[_Asked, Dimension, str]]:
    """What the asker may ask for as well, a step wider each, with the breakdown in which this is one group."""
    chain = [place.code for place in context.world.catalogue.regions.ancestors(asked.region)]
    if asked.region != context.actor.region:
        yield replace(asked, region=chain[1], of=replace(asked.of, region=chain[1])), Dimension.REGION, asked.region
    for by in (Dimension.DEPARTMENT, Dimension.ITEM, Dimension.BUNDLE):
        if (code := getattr(asked.of, by.value)) is not None:
            yield replace(asked, of=replace(asked.of, **{by.value: None})), by, code


def _values(counts: Counts, secrets: _Secrets, group: str | None = None, *, is_of_tasks: bool) -> list[ValueOut]:
    return [
        ValueOut.of(each.code, each.value(counts, is_of_tasks=is_of_tasks, secret=secrets.why(each, group)))
        for each in INDICATORS.values()
    ]


def _is_of_months(context: Context, asked: _Asked) -> bool:
    """Whether whole months are asked for, the last as far as it has come: what is told of ratings from day to day
    would tell who gave them."""
    is_to_end = asked.last in {context.moment.today, last_of_month(asked.last)}
    return asked.first == first_of_month(asked.first) and is_to_end
