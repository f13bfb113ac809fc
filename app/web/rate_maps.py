"""Tile maps of one indicator: a tile for each region inside the one looked at, shaded by how well it stands.

The shade repeats what the tile says in figures; the table beside it holds the same; every tile leads one level down.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.schemas.common import Bilingual
from app.schemas.indicators import GroupOut, IndicatorOut, ValueOut
from app.web.maps import GAP, LOW, PADDING, WIDTH, lies

STEPS = (0.9, 0.7, 0.5)
"""Goodness, 0 to 1, down to which a tile keeps its shade [illustrative]."""
SHARE = "share"


@dataclass(frozen=True, slots=True)
class RateTile:
    """One region with its value; ``shade`` is 0 without one, else 1 (good) to 4 (poor)."""

    code: str
    name: Bilingual
    x: float
    y: float
    shade: int
    value: ValueOut | None


@dataclass(frozen=True, slots=True)
class RateMap:
    """All tiles, in drawing units."""

    tiles: list[RateTile]
    width: float
    height: float
    tile_height: float = LOW


def drawn(
    rows: Iterable[tuple[GroupOut, ValueOut]], inside: Mapping[str, Bilingual], indicator: IndicatorOut
) -> RateMap | None:
    """The map of the regions ``inside`` (code → name); those without a row had no case. None where there is one part
    at most: a village has nothing inside, and a map of one tile says nothing."""
    if len(inside) < 2:
        return None
    values = {group.key: value for group, value in rows if group.key in inside}
    found = [value.value for value in values.values() if value.value is not None]
    places = lies(list(inside))
    tiles = []
    for code, name in sorted(inside.items()):
        value = values.get(code)
        amount = None if value is None else value.value
        x, y = PADDING + places[code][0] * (WIDTH + GAP), PADDING + places[code][1] * (LOW + GAP)
        tiles.append(RateTile(code, name, x, y, shade(amount, found, indicator), value))
    width = max(tile.x for tile in tiles) + WIDTH + PADDING
    return RateMap(tiles, width, max(tile.y for tile in tiles) + LOW + PADDING)


def shade(amount: float | None, all_amounts: Sequence[float], indicator: IndicatorOut) -> int:
    """0 for no value; otherwise by how good it is: a share by itself, anything else beside the greatest of all."""
    if amount is None:
        return 0
    top = 1.0 if indicator.unit.code == SHARE else max(all_amounts, default=0.0)
    part = amount / top if top else 0.0
    goodness = part if indicator.is_better_high else 1 - part
    return 1 + sum(goodness < step for step in STEPS)
