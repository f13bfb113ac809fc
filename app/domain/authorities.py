"""Who has the power: the item's level (行使层级) and the case's region lead to one organisation, and say by which rule.

A line (条线) has bodies at some levels only. The rule starts at the item's level inside the case's region and climbs
until the line has a body: a county intake of 住房公积金 is decided by the city's centre.
"""

from dataclasses import dataclass

from app.domain.catalogue import Line
from app.domain.errors import NoAuthority
from app.domain.identity import authority_code
from app.domain.regions import Region, RegionTree
from app.domain.vocabulary import Level, OrganisationKind, Text


@dataclass(frozen=True, slots=True)
class Department:
    """One organisation: one line in one region. ``authority_code`` is its fictional 统一社会信用代码."""

    code: str
    name: Text
    line: str
    region: str
    level: Level
    kind: OrganisationKind
    authority_code: str
    phone: str
    complaint_phone: str


@dataclass(frozen=True, slots=True)
class Routed:
    """The organisation found, the rule that found it and the regions looked at on the way."""

    department: Department
    rule: str
    because: Text
    looked_at: tuple[str, ...]


def department_at(line: Line, region: Region) -> Department | None:
    """The body of ``line`` in exactly this region, or None where the line has none at that level."""
    name = line.body_names.get(region.level)
    if name is None:
        return None
    return Department(
        code=f"{line.code}.{region.code}",
        name=Text(name.zh.format(region=region.name.zh), name.en.format(region=region.name.en)),
        line=line.code,
        region=region.code,
        level=region.level,
        kind=line.kind,
        authority_code=authority_code(region.code[:6], line.serial),
        phone=line.phone,
        complaint_phone=line.complaint_phone,
    )


def find(line: Line, level: Level, region_code: str, tree: RegionTree) -> Routed:
    """The organisation of ``line`` that exercises a power of ``level`` for a case in ``region_code``.

    Raises :class:`NoAuthority` when the region is wider than the power (choose a county) or no level has a body.
    """
    start = tree.at_level(region_code, level)
    if start is None:
        raise NoAuthority(_too_wide(tree[region_code], level), region=region_code, level=level.value)
    looked_at: list[str] = []
    for region in tree.ancestors(start.code):
        looked_at.append(region.code)
        department = department_at(line, region)
        if department is not None:
            rule = "same_level" if region.code == start.code else "climbed"
            return Routed(department, rule, _because(line, level, start, region), tuple(looked_at))
    raise NoAuthority(
        Text(
            f"{start.name.zh}及其上级都没有{line.name.zh}条线的机构。",
            f"No body of {line.name.en} in {start.name.en} or above it.",
        ),
        region=region_code,
        line=line.code,
    )


def _because(line: Line, level: Level, start: Region, found: Region) -> Text:
    if found.code == start.code:
        return Text(
            f"该事项由{level.zh}级行使，办件在{start.name.zh}，由当地{line.name.zh}条线机构办理。",
            f"The power is exercised at {level.en} level; the case is in {start.name.en}, "
            f"so the local body of {line.name.en} handles it.",
        )
    return Text(
        f"该事项由{level.zh}级行使，但{line.name.zh}条线在{start.name.zh}没有机构，逐级上找到{found.name.zh}。",
        f"The power is exercised at {level.en} level, but {line.name.en} has no body in {start.name.en}; "
        f"climbing one level at a time found {found.name.en}.",
    )


def _too_wide(region: Region, level: Level) -> Text:
    return Text(
        f"该事项由{level.zh}级行使，请选择{region.name.zh}下面的具体{level.zh}。",
        f"The power is exercised at {level.en} level: choose one {level.en} inside {region.name.en}.",
    )
