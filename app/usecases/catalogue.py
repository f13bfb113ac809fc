"""Reading the catalogue: regions, organisations, items, bundles, worked examples, search, and the preview of a plan.

Nothing here reads or writes rows.
"""

from dataclasses import asdict
from typing import Any

from pydantic_core import to_jsonable_python

from app.domain.answers import accept
from app.domain.authorities import Department, Routed, find
from app.domain.catalogue import Override, ServiceItem
from app.domain.errors import Fault, InvalidInput, NotFound
from app.domain.regions import Region
from app.domain.routing import nearest_override
from app.domain.vocabulary import Text
from app.schemas.catalogue import (
    BundleOut,
    BundleSummary,
    CodesOut,
    DepartmentOut,
    HitOut,
    ItemOut,
    ItemSummary,
    LimitOut,
    LineOut,
    MaterialUseOut,
    RegionOut,
    RoutedOut,
    StoryOut,
    marks,
)
from app.schemas.common import Bilingual, Term
from app.schemas.plans import PlanOut, PlanRequest
from app.usecases.accounts import department
from app.usecases.context import Context
from app.usecases.safety import refuse_real_numbers
from app.usecases.world import World, no_such

PLAIN = frozenset(
    {
        "code",
        "name",
        "short",
        "level",
        "power",
        "statutory",
        "promised",
        "place",
        "hours",
        "consult_phone",
        "complaint_phone",
        "fields",
        "materials",
        "provenance",
        "catalog_code",
    }
)
"""Elements an item shows under their own names; all others are listed as ``elements``."""


def regions(world: World, parent: str | None) -> list[RegionOut]:
    """The children of a region, or the provinces."""
    tree = world.catalogue.regions
    if parent is None:
        return [RegionOut.of(place, tree) for place in map(tree.__getitem__, tree) if place.parent is None]
    region(world, parent)
    return [RegionOut.of(child, tree) for child in tree.children(parent)]


def region(world: World, code: str) -> Region:
    """The region with this code; raises :class:`NotFound` with the nearest right one."""
    if code not in world.catalogue.regions:
        near = world.catalogue.regions.nearest(code)
        hint = Text(f"您是否想写 {near}？", f" Did you mean {near}?") if near else Text("", "")
        raise NotFound(Text(f"没有这个区划代码。{hint.zh}", f"There is no such region code.{hint.en}"))
    return world.catalogue.regions[code]


def show_region(world: World, code: str) -> RegionOut:
    """One region."""
    return RegionOut.of(region(world, code), world.catalogue.regions)


def lines(world: World) -> list[LineOut]:
    """Every line (条线)."""
    return [LineOut.of(line) for line in world.library.lines.values()]


def departments(world: World, code: str) -> list[DepartmentOut]:
    """Every organisation of one region."""
    place = region(world, code)
    found = (department(world, f"{line}.{place.code}") for line in world.library.lines)
    return [DepartmentOut.of(entry) for entry in found if entry is not None]


def show_department(world: World, code: str) -> DepartmentOut:
    """One organisation; raises :class:`NotFound`."""
    found = department(world, code)
    if found is None:
        raise NotFound(Text("没有这个机构。", "There is no such organisation."))
    return DepartmentOut.of(found)


def items(world: World) -> list[ItemSummary]:
    """Every item people can apply for; what government starts itself stays out of the portal."""
    return [
        ItemSummary.of(item, bundles_with(world, item.code))
        for item in world.library.items.values()
        if item.power.is_on_application
    ]


def bundles_with(world: World, item: str) -> list[str]:
    """Codes of the bundles that hold the item."""
    return [bundle.code for bundle in world.library.bundles.values() if item in bundle.items]


def show_item(world: World, code: str, place: str) -> ItemOut:
    """办事指南 of one item in one region; raises :class:`NotFound` or :class:`NoAuthority`."""
    item = world.library.items.get(code)
    if item is None:
        raise no_such("事项", "item", code, world.library.items)
    where = region(world, place)
    routed = find(world.library.lines[item.line], item.level, place, world.catalogue.regions)
    override = nearest_override(world.library.overrides, code, place, world.catalogue.regions)
    special = override or Override(item=code, region=place)
    return ItemOut(
        code=item.code,
        name=Bilingual.of(item.name),
        short=Bilingual.of(item.short),
        region=where.code,
        routed=RoutedOut.of(routed),
        codes=_codes(item, routed),
        power=Term.of(item.power),
        level=Term.of(item.level),
        statutory=LimitOut.maybe(item.statutory),
        promised=LimitOut.of(special.promised or item.promised),
        is_overridden=override is not None,
        place=placed(special.place or item.place, routed.department, world),
        hours=placed(special.hours or item.hours, routed.department, world),
        consult_phone=special.consult_phone or item.consult_phone,
        complaint_phone=special.complaint_phone or item.complaint_phone,
        elements=_elements(item),
        fields=list(item.fields),
        materials=[MaterialUseOut.of(world.library.materials[use.code], use) for use in item.materials],
        marks=marks(item.provenance),
    )


def _codes(item: ServiceItem, routed: Routed) -> CodesOut:
    level = routed.department.level.code
    task_code = f"{routed.department.authority_code}{level}{item.catalog_code}"
    return CodesOut(
        catalog_code=item.catalog_code, task_code=task_code, task_handle_item=f"{task_code}{item.variant.serial}"
    )


def placed(text: Text, found: Department, world: World) -> Bilingual:
    """A place or hours as a department's region has them."""
    name = world.catalogue.regions[found.region].name
    return Bilingual(zh=text.zh.format(region=name.zh), en=text.en.format(region=name.en))


def _elements(item: ServiceItem) -> dict[str, Any]:
    plain: dict[str, Any] = to_jsonable_python(
        {name: value for name, value in asdict(item).items() if name not in PLAIN}
    )
    return plain


def bundles(world: World) -> list[BundleSummary]:
    """Every 一件事."""
    return [BundleSummary.of(bundle, world.library) for bundle in world.library.bundles.values()]


def show_bundle(world: World, code: str) -> BundleOut:
    """One 一件事 with questions and rules; raises :class:`NotFound`."""
    found = world.bundle(code)
    stories = [story.code for story in world.catalogue.stories.values() if story.bundle == code]
    return BundleOut.of(found, world.library, stories)


def stories(world: World) -> list[StoryOut]:
    """Every worked example."""
    return [StoryOut.of(story) for story in world.catalogue.stories.values()]


def preview(context: Context, code: str, wish: PlanRequest, *, with_trace: bool = False) -> PlanOut:
    """The personal plan for these answers; nothing is stored.

    Raises :class:`NotFound`, :class:`InvalidInput` for answers that do not fit, :class:`NoAuthority`.
    """
    refuse_real_numbers(wish.model_dump(mode="json"))
    planner = context.world.planner(code)
    if wish.region not in context.world.catalogue.regions:
        text = Text("没有这个区划代码。", "There is no such region code.")
        raise InvalidInput([Fault("/region", "unknown-region", text)])
    answers = accept(planner.bundle, wish.answers)
    plan = planner.plan(answers, wish.region, wish.on or context.start)
    return PlanOut.of(plan, context.world.catalogue.calendar, with_trace=with_trace)


def search(world: World, query: str, limit: int) -> list[HitOut]:
    """Items, bundles and questions for everyday words, pinyin or initials."""
    refuse_real_numbers(query, "/q")
    return [
        HitOut(
            kind=hit.document.kind,
            code=hit.document.code,
            title=Bilingual.of(hit.document.title),
            score=round(hit.score, 4),
            highlights_zh=list(hit.highlights.zh),
            highlights_en=list(hit.highlights.en),
            matched_keyword=hit.matched_keyword,
        )
        for hit in world.search_index.search(query, limit=limit)
    ]
