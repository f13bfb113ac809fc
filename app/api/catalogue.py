"""Reading the catalogue: regions, organisations, items, bundles, worked examples."""

import asyncio
from typing import Annotated, Literal

from fastapi import Path, Query

from app.api.responses import OPEN, link, linked, refusals
from app.schemas.catalogue import (
    BundleOut,
    BundleSummary,
    DepartmentOut,
    HitOut,
    ItemOut,
    ItemSummary,
    LineOut,
    RegionOut,
    StoryOut,
)
from app.schemas.catalogue_parts import PartsOut
from app.schemas.checks import PackChecksOut
from app.schemas.plans import PlanOut, PlanRequest
from app.transport.doors import Doors
from app.transport.identity import Anybody, ThePlatform
from app.usecases import catalogue, catalogue_parts, checks
from app.usecases.catalogue_parts import PartKind

router = Doors(tags=["catalogue 事项库"], responses=OPEN)

RegionCode = Annotated[str, Path(alias="code", max_length=80, description="区划代码 / region code, GB/T 2260")]
DepartmentCode = Annotated[str, Path(alias="code", max_length=80, description="机构代码：条线.区划 / line.region")]
ItemCode = Annotated[str, Path(alias="code", max_length=80, description="事项代码 / item code")]
BundleCode = Annotated[str, Path(alias="code", max_length=80, description="一件事代码 / bundle code")]
FIRST = link("showBundle", "The first of them.", code="$response.body#/0/code")
PLAN_OF_FIRST = link("planBundle", "The plan of the first of them.", code="$response.body#/0/code")
FIRST_ITEM = link("showItem", "The first of them.", code="$response.body#/0/code")


@router.get("/regions", operation_id="listRegions")
async def list_regions(
    platform: ThePlatform,
    parent: Annotated[str | None, Query(max_length=12, description="上级区划代码 / code of the region above")] = None,
) -> list[RegionOut]:
    """区划：下级区划，或（不给 parent 时）各省。 / The children of a region, or the provinces."""
    return catalogue.regions(platform.world, parent)


@router.get("/regions/{code}", operation_id="showRegion")
async def show_region(platform: ThePlatform, code: RegionCode) -> RegionOut:
    """一个区划。 / One region of the five levels."""
    return catalogue.show_region(platform.world, code)


@router.get("/regions/{code}/departments", operation_id="listDepartments")
async def list_departments(platform: ThePlatform, code: RegionCode) -> list[DepartmentOut]:
    """一个区划的全部机构。 / Every organisation of one region."""
    return catalogue.departments(platform.world, code)


@router.get("/lines", operation_id="listLines")
async def list_lines(platform: ThePlatform) -> list[LineOut]:
    """条线。 / Branches of government, utilities and banks."""
    return catalogue.lines(platform.world)


@router.get("/departments/{code}", operation_id="showDepartment")
async def show_department(platform: ThePlatform, code: DepartmentCode) -> DepartmentOut:
    """一个机构。 / One organisation, by its code such as ``market.330802``."""
    return catalogue.show_department(platform.world, code)


@router.get("/items", operation_id="listItems", responses=linked(200, show=FIRST_ITEM))
async def list_items(platform: ThePlatform) -> list[ItemSummary]:
    """依申请的政务服务事项。 / Every item people can apply for."""
    return catalogue.items(platform.world)


@router.get("/items/{code}", operation_id="showItem", responses=refusals("not-found", "invalid-input", "no-authority"))
async def show_item(
    platform: ThePlatform,
    code: ItemCode,
    region: Annotated[
        str | None, Query(max_length=12, description="办理区划，不填用默认区划 / region of the case, or the default")
    ] = None,
) -> ItemOut:
    """办事指南：一个事项在一个区划的实施清单。 / One item as one authority implements it in one region."""
    return catalogue.show_item(platform.world, code, region or platform.settings.default_region)


@router.get("/bundles", operation_id="listBundles", responses=linked(200, show=FIRST, plan=PLAN_OF_FIRST))
async def list_bundles(platform: ThePlatform) -> list[BundleSummary]:
    """全部一件事。 / Every bundle."""
    return catalogue.bundles(platform.world)


@router.get("/bundles/{code}", operation_id="showBundle")
async def show_bundle(platform: ThePlatform, code: BundleCode) -> BundleOut:
    """一个一件事：情形引导问题、联办事项与规则。 / One bundle: its questions, items and rules, with their sources."""
    return catalogue.show_bundle(platform.world, code)


@router.post(
    "/bundles/{code}/plan",
    operation_id="planBundle",
    responses={
        **refusals("not-found", "invalid-input", "real-identity-refused", "no-authority", "too-large"),
        **linked(
            200,
            create=link(
                "createApplication", "用同样的回答新建申请 / Start a draft with the same bundle, region and answers."
            ),
        ),
    },
)
async def plan_bundle(
    context: Anybody,
    code: BundleCode,
    wish: PlanRequest,
    trace: Annotated[
        bool, Query(description="同时返回 trace/v1 / also return trace/v1, from which the plan can be recomputed")
    ] = False,
) -> PlanOut:
    """个性化方案：纯预览，不写入任何数据。 / The personal plan for answers so far: a pure preview, nothing is stored.

    Every item in and out comes with the rule, the facts that settle it, and what would change it.
    """
    return catalogue.preview(context, code, wish, with_trace=trace)


@router.get("/stories", operation_id="listStories")
async def list_stories(platform: ThePlatform) -> list[StoryOut]:
    """示例故事：最丰富和最简单的填报。 / Worked examples: the richest and the simplest answers of each bundle."""
    return catalogue.stories(platform.world)


@router.get("/search", operation_id="search", responses=refusals("invalid-input", "real-identity-refused"))
async def search(
    platform: ThePlatform,
    q: Annotated[
        str,
        Query(min_length=1, max_length=200, description="日常用语、拼音或首字母 / everyday words, pinyin or initials"),
    ],
    limit: Annotated[int, Query(ge=1, le=50, description="最多几条 / at most so many")] = 20,
) -> list[HitOut]:
    """搜索事项、一件事和问题。 / Find items, bundles and questions."""
    return catalogue.search(platform.world, q, limit)


Kind = Literal["bundle", "question", "item", "material", "field", "dataset", "certificate", "line", "hall", "story"]


@router.get("/catalogue/parts", operation_id="listCatalogueParts", responses=refusals("real-identity-refused"))
async def list_catalogue_parts(
    platform: ThePlatform,
    kind: Annotated[Kind | None, Query(description="只看一类 / only of this kind")] = None,
    q: Annotated[str, Query(max_length=100, description="代码、名称或说明里的词 / words in code, name or note")] = "",
    limit: Annotated[int, Query(ge=1, le=1000, description="最多几条 / at most so many")] = 200,
) -> PartsOut:
    """目录的每一部分：问题、事项、材料、填报内容…… / Every part of the packs, to look through and to search."""
    return catalogue_parts.listed(platform.world, None if kind is None else PartKind[kind.upper()], q, limit)


@router.get("/catalogue/checks", operation_id="checkPacks")
async def check_packs(platform: ThePlatform) -> PackChecksOut:
    """目录检查：规则、发现的问题及其文件和行号。 / What the linter says of the packs in force, with file and line."""
    return await asyncio.to_thread(checks.report, platform.settings)
