"""Tile maps: one tile for each region, where it lies roughly on the map of its province, drawn as SVG.

A tile says its numbers in words, its shade only repeats them; the table beside the map holds the same with links.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.schemas.common import Bilingual, Term
from app.schemas.lights import LightGroupOut

WIDTH, HEIGHT, LOW, GAP, PADDING = 232, 132, 66, 12, 2
"""Tiles are ``HEIGHT`` high, or ``LOW`` when no region lies inside any of them."""
CELL, CELL_GAP, CELLS_A_ROW, CELLS_LEFT, CELLS_TOP = 20, 5, 8, 12, 68
SHADES = (0.0, 0.1, 0.3)
"""Shares above which a tile is one shade darker [illustrative]: the first for anything late at all."""
ACROSS = 4
"""Tiles of a row where it is not known where the regions lie."""
LIES: dict[str, tuple[float, float]] = {
    "330500": (0.5, 0),
    "330400": (1.5, 0),
    "330100": (0, 1),
    "330600": (1, 1),
    "330200": (2, 1),
    "330900": (3, 1),
    "330800": (0, 2),
    "330700": (1, 2),
    "331000": (2, 2),
    "331100": (0.5, 3),
    "330300": (1.5, 3),
}
"""Region → column and row: the eleven cities of Zhejiang, north above."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One region inside a tile: the gravest of its lights, or None when nothing is open there."""

    x: int
    y: int
    light: Term | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One region. ``shade`` is 0 (nothing to see) to 4 (gravest)."""

    code: str
    name: Bilingual
    x: float
    y: float
    shade: int
    total: int
    late: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Map:
    """All tiles, in drawing units."""

    tiles: list[Tile]
    width: float
    height: float
    tile_height: float


def drawn(places: Sequence[LightGroupOut], names: Mapping[str, Bilingual]) -> Map | None:
    """The map of a board by place: a tile for each part of the region, its places inside as cells. ``names`` has those
    of the parts. None where there is but one part."""
    parts: dict[str, list[LightGroupOut]] = {}
    for place in places:
        parts.setdefault(place.above or place.key, []).append(place)
    if len(parts) < 2:
        return None
    places_of = lies(list(parts))
    high = HEIGHT if any(place.key != place.above for place in places) else LOW
    tiles = [_tile(code, names[code], places_of[code], high, inside) for code, inside in sorted(parts.items())]
    width = max(tile.x for tile in tiles) + WIDTH + PADDING
    return Map(tiles, width, max(tile.y for tile in tiles) + high + PADDING, high)


def lies(codes: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Column and row of every tile: where the regions lie when that is known, else in rows by code."""
    if all(code in LIES for code in codes):
        return {code: LIES[code] for code in codes}
    return {code: (number % ACROSS, number // ACROSS) for number, code in enumerate(sorted(codes))}


def _tile(code: str, name: Bilingual, at: tuple[float, float], high: float, inside: Sequence[LightGroupOut]) -> Tile:
    total, late = sum(one.count for place in inside for one in place.counts), sum(place.late for place in inside)
    places = sorted((place for place in inside if place.key != code), key=lambda place: place.key)
    cells = [
        Cell(
            CELLS_LEFT + number % CELLS_A_ROW * (CELL + CELL_GAP),
            CELLS_TOP + number // CELLS_A_ROW * (CELL + CELL_GAP),
            next((one.light for one in reversed(place.counts) if one.count), None),
        )
        for number, place in enumerate(places)
    ]
    x, y = PADDING + at[0] * (WIDTH + GAP), PADDING + at[1] * (high + GAP)
    return Tile(code, name, x, y, shade(late, total), total, late, cells)


def shade(late: int, total: int) -> int:
    """0 when nothing is open, 1 when nothing is late, then darker with the late share."""
    if not total:
        return 0
    return 1 + sum(late / total > limit for limit in SHADES)
