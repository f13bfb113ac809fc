"""The map of one indicator: shaded by how good a value is, one level down at every tile."""

from collections.abc import Callable

import pytest

from app.domain.figures import Unit
from app.schemas.common import Bilingual, Term
from app.schemas.indicators import GroupOut, IndicatorOut, ValueOut
from app.usecases.indicators import formulas
from app.web import rate_maps
from tests.doors import Doors
from tests.web.visitors import Visitor


def indicator(*, is_better_high: bool = True, unit: Unit = Unit.SHARE) -> IndicatorOut:
    """One of them, as far as a map looks at it."""
    return formulas()[0].model_copy(update={"is_better_high": is_better_high, "unit": Term.of(unit)})


@pytest.mark.parametrize(
    ("amount", "is_better_high", "unit", "shade"),
    [
        (None, True, Unit.SHARE, 0),
        (1.0, True, Unit.SHARE, 1),
        (0.9, True, Unit.SHARE, 1),
        (0.8, True, Unit.SHARE, 2),
        (0.6, True, Unit.SHARE, 3),
        (0.1, True, Unit.SHARE, 4),
        (0.05, False, Unit.SHARE, 1),
        (0.95, False, Unit.SHARE, 4),
        (4.0, False, Unit.AVERAGE, 4),
        (0.0, False, Unit.AVERAGE, 1),
    ],
)
def test_a_tile_is_the_redder_the_poorer_its_value(
    amount: float | None, is_better_high: bool, unit: Unit, shade: int
) -> None:
    assert rate_maps.shade(amount, [4.0, 0.0], indicator(is_better_high=is_better_high, unit=unit)) == shade


def test_every_region_inside_has_a_tile_and_none_covers_another() -> None:
    inside = {f"3308{number:02}": Bilingual(zh="县", en="county") for number in range(1, 14)}
    value = ValueOut(code="on_time", numerator=1, denominator=2, value=0.5)
    rows = [(GroupOut(key="330801", name=inside["330801"], values=[value]), value)]
    found = rate_maps.drawn(rows, inside, indicator())
    assert found is not None
    assert {tile.code for tile in found.tiles} == inside.keys()
    assert [tile.code for tile in found.tiles if tile.shade] == ["330801"]
    assert len({(tile.x, tile.y) for tile in found.tiles}) == 13
    assert rate_maps.drawn(rows, {"330801": inside["330801"]}, indicator()) is None


def test_the_map_leads_down_the_levels_and_the_crumbs_up_again(
    visit_as: Callable[[str], Visitor], doors: Doors
) -> None:
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="91003308MA00DEM14D")
    filed.act("L0", "deliver")
    visitor = visit_as("supervisor.330000")
    path = "/indicators?by=region&code=on_time"
    for code, level in (("330800", "衢州市"), ("330802", "柯城区")):
        visitor.go(path)
        tiles = [link for link in visitor.page.one("main").all("a") if "aria-label" in link.attributes]
        to = next(link.get("href") for link in tiles if f"region={code}" in link.get("href"))
        assert level in next(link.get("aria-label") for link in tiles if link.get("href") == to)
        path = to
    visitor.go(path)
    assert "柯城区" in visitor.page.text
    up = [link.get("href") for link in visitor.page.all("a") if link.text == "衢州市"]
    assert up
    assert "region=330800" in up[0]
