"""行政区划: the five levels from 省 to 村, told from the code alone (GB/T 2260 and the statistical codes below it).

Six digits name a province (``330000``), a city (``330800``) or a county (``330802``); three more name a township
(``330802006``), and another three a village (``330802006001``). Codes are kept at their own length, never padded.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from app.domain.vocabulary import Level, Text

_LONGEST_QUESTION: Final = 40
"""Characters of a name that are compared; nobody needs more, and difflib is quadratic."""


class RegionCodeError(ValueError):
    """A code, or a list of regions, breaks the rule; ``message`` says what is wrong and how to mend it."""

    def __init__(self, message: Text) -> None:
        """Keep the sentence in both languages."""
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class Region:
    """One administrative region; ``parent`` is the code of the region above, ``None`` for a province."""

    code: str
    name: Text
    level: Level
    parent: str | None


def level_of(code: str) -> Level:
    """The level the code itself tells. Raises :class:`RegionCodeError` when the code cannot be one."""
    if not (code.isascii() and code.isdigit()):
        raise RegionCodeError(
            Text("行政区划代码只能由数字 0–9 组成，请检查后重填。", "A region code has only the digits 0–9; mend it.")
        )
    if len(code) not in {6, 9, 12}:
        raise RegionCodeError(_wrong_length(len(code)))
    if code.startswith("00"):
        raise RegionCodeError(
            Text(
                "行政区划代码不能以 00 开头：前两位为省级代码，例如 33。",
                "A region code begins with a province such as 33.",
            )
        )
    return _level_of_six(code) if len(code) == 6 else _level_below_county(code)


def parent_code(code: str) -> str | None:
    """The code one level up, from the code alone; ``None`` for a province. Raises :class:`RegionCodeError`.

    A township whose county part is ``00`` belongs to the city itself (不设区县的地级市, such as 441900).
    """
    level = level_of(code)
    if level is Level.PROVINCE:
        return None
    if level is Level.CITY:
        return f"{code[:2]}0000"
    if level is Level.COUNTY:
        return f"{code[:4]}00"
    return code[:-3]


def stem(code: str) -> str:
    """The digits that the region and every region inside it begin with. Raises :class:`RegionCodeError`."""
    return code[: {Level.PROVINCE: 2, Level.CITY: 4}.get(level_of(code), len(code))]


def bounds(code: str) -> tuple[str, str]:
    """The region and every region inside it lie from the first to before the second. Both are digits only, in which
    every collation of a database agrees. Raises :class:`RegionCodeError`."""
    digits = stem(code)
    return digits, f"{int(digits) + 1:0{len(digits)}d}"


def is_within(code: str, area: str) -> bool:
    """Whether a region is the area or lies inside it, from the codes alone. Raises :class:`RegionCodeError`."""
    return code.startswith(stem(area))


def areas_of(region: str) -> Iterator[tuple[str, str]]:
    """Every area that a region lies in, from itself up, with the part of that area which holds it. What an area's own
    office has stands under the area itself."""
    area, part = region, region
    while True:
        yield area, part
        above = parent_code(area)
        if above is None:
            return
        area, part = above, area


def part_of(area: str, code: str) -> str:
    """The part of the area that holds a region inside it, from the codes alone: the area itself for its own. Raises
    :class:`RegionCodeError`, and KeyError for a region outside."""
    return dict(areas_of(code))[area]


def _wrong_length(length: int) -> Text:
    return Text(
        f"行政区划代码应为 6 位（省、市、县）、9 位（乡镇、街道）或 12 位（村、社区），现为 {length} 位。",
        f"A region code has 6 digits (province, city, county), 9 (township) or 12 (village); this one has {length}.",
    )


def _level_of_six(code: str) -> Level:
    if code.endswith("0000"):
        return Level.PROVINCE
    if code[2:4] == "00":
        raise RegionCodeError(
            Text(
                "县级代码缺少市级部分：第 3、4 位不能为 00。",
                "A county code needs its city: digits 3 and 4 cannot be 00.",
            )
        )
    return Level.CITY if code.endswith("00") else Level.COUNTY


def _level_below_county(code: str) -> Level:
    if _level_of_six(code[:6]) is Level.PROVINCE:
        raise RegionCodeError(
            Text(
                "乡镇和村的代码须以县级代码（前 6 位）开头，不能直接接在省级代码之后。",
                "A township or village code begins with the six digits of its county, not of a province.",
            )
        )
    if "000" in (code[6:9], code[9:12]):
        raise RegionCodeError(
            Text(
                "代码不应以 000 补位：乡镇用 9 位、县级及以上用 6 位，请去掉补位的 0。",
                "Do not pad a code with 000: a township has 9 digits, a county and above have 6; drop the zeros.",
            )
        )
    return Level.TOWNSHIP if len(code) == 9 else Level.VILLAGE


def _stem(region: Region) -> str:
    """The same for a listed region, whose code may still be faulty, by the level the entry says."""
    return region.code[: {Level.PROVINCE: 2, Level.CITY: 4}.get(region.level, len(region.code))]


def faults(regions: Iterable[Region]) -> list[tuple[str, Text]]:
    """Everything wrong with a list of regions, as ``(code, what is wrong)`` in the order given; empty when sound."""
    listed = list(regions)
    known: dict[str, Region] = {}
    found: list[tuple[str, Text]] = []
    for region in listed:
        if region.code in known:
            found.append((region.code, Text("代码重复，请删去其中一条。", "The code is listed twice; remove one.")))
        known.setdefault(region.code, region)
    for region in listed:
        own = _fault_of_code(region)
        found.extend(
            [(region.code, own)] if own else [(region.code, fault) for fault in _faults_of_parent(region, known)]
        )
    return found


def _fault_of_code(region: Region) -> Text | None:
    try:
        level = level_of(region.code)
    except RegionCodeError as error:
        return error.message
    if level is region.level:
        return None
    return Text(
        f"代码表示的层级是“{level.zh}”，却写成“{region.level.zh}”，请改正其一。",
        f"The code says {level.en}, the entry says {region.level.en}; mend one of them.",
    )


def _faults_of_parent(region: Region, known: Mapping[str, Region]) -> Iterator[Text]:
    if region.level is Level.PROVINCE:
        if region.parent is not None:
            yield Text("省级没有上级，请去掉 parent。", "A province has no parent; remove it.")
        return
    if region.parent is None:
        yield Text("缺少上级代码 parent。", "The parent's code is missing.")
        return
    parent = known.get(region.parent)
    if parent is None:
        yield Text(
            f"上级 {region.parent} 不在列表中，请补上或改正。",
            f"The parent {region.parent} is not listed; add or mend it.",
        )
    elif parent.level.depth >= region.level.depth or not region.code.startswith(_stem(parent)):
        yield Text(
            f"{region.parent} 不是该代码的上级，请改正 parent。",
            f"{region.parent} is not above this code; mend the parent.",
        )


class RegionTree(Mapping[str, Region]):
    """Regions by code, in code order (a region stands before everything inside it), with the ways up and down.

    Raises :class:`RegionCodeError` when the list has faults; call :func:`faults` first to tell all of them.
    """

    def __init__(self, regions: Iterable[Region]) -> None:
        """Check the list, then lay down every chain once: look-ups are dictionary reads."""
        listed = sorted(regions, key=lambda region: region.code)
        found = faults(listed)
        if found:
            raise RegionCodeError(_first_of(found))
        self._regions: dict[str, Region] = {region.code: region for region in listed}
        self._chains: dict[str, tuple[Region, ...]] = {}
        below: dict[str, list[Region]] = {code: [] for code in self._regions}
        # Code order puts a parent before its children, so its chain is ready when they need it.
        for code, region in self._regions.items():
            above = self._chains[region.parent] if region.parent else ()
            self._chains[code] = (region, *above)
            if region.parent:
                below[region.parent].append(region)
        self._children = {code: tuple(inside) for code, inside in below.items()}
        elsewhere = [code for code, region in self._regions.items() if region.parent != parent_code(code)]
        self._apart = frozenset(place.code for code in elsewhere for place in self._chains[code])

    def __getitem__(self, code: str) -> Region:
        """The region; ``KeyError`` when it is not listed."""
        return self._regions[code]

    def __iter__(self) -> Iterator[str]:
        """Codes in order."""
        return iter(self._regions)

    def __len__(self) -> int:
        """How many regions."""
        return len(self._regions)

    def ancestors(self, code: str) -> tuple[Region, ...]:
        """The region itself, then each one above, up to the province."""
        return self._chains[code]

    def children(self, code: str) -> tuple[Region, ...]:
        """The regions directly inside, in code order."""
        return self._children[code]

    def follows_codes(self, code: str) -> bool:
        """Whether every region inside this one lies directly in the one that its own code names; not where counties
        hang under a province or a municipality (省直辖县、直辖市的区)."""
        return code not in self._apart

    def within(self, code: str) -> tuple[str, ...]:
        """The region's code and those of everything below it."""
        return (code, *(below for child in self.children(code) for below in self.within(child.code)))

    def at_level(self, code: str, level: Level) -> Region | None:
        """The region itself or the one above it at that level; ``None`` when the chain has none."""
        return next((region for region in self._chains[code] if region.level is level), None)

    def path(self, code: str) -> Text:
        """The full name: widest first in Chinese, narrowest first in English."""
        chain = self._chains[code]
        return Text(
            " ".join(region.name.zh for region in reversed(chain)), ", ".join(region.name.en for region in chain)
        )

    def nearest(self, text: str) -> str | None:
        """The code a person probably meant by a mistyped code or name; ``None`` when nothing is close."""
        wanted = text.strip().casefold()[:_LONGEST_QUESTION]
        if wanted.isascii() and wanted.isdigit():
            return next(iter(get_close_matches(wanted, self._regions, n=1)), None)
        codes: dict[str, str] = {}
        for region in self._regions.values():
            codes.setdefault(region.name.zh.casefold(), region.code)
            codes.setdefault(region.name.en.casefold(), region.code)
        if len(wanted) < 2:
            return None
        # A part of a long name (景宁 for 景宁畲族自治县) is too far off for difflib.
        if part := next((name for name in codes if wanted in name), None):
            return codes[part]
        close = get_close_matches(wanted, codes, n=1, cutoff=0.5)
        return codes[close[0]] if close else None


def _first_of(found: list[tuple[str, Text]]) -> Text:
    code, fault = found[0]
    return Text(
        f"区划列表有 {len(found)} 处错误，第一处在 {code}：{fault.zh}",
        f"The list of regions has {len(found)} fault(s), the first at {code}: {fault.en}",
    )
