"""Where people live and when they apply: counties by weight, days by season. All shares are illustrative."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.domain.deadlines import Calendar
from app.domain.regions import RegionTree
from app.domain.routing import nearest_override
from app.domain.vocabulary import Level
from app.usecases.world import World

SPAN_DAYS = 730
"""How far back the oldest case lies."""
FREE_DAY = 0.16
"""How busy a day without office hours is: some apply online."""
MONTHS = (1.0, 0.6, 1.25, 1.15, 1.05, 1.1, 0.95, 0.9, 1.25, 0.9, 1.1, 1.0)
"""How busy each month is; the Spring Festival and the October holiday are quiet."""
WEEK = (1.25, 1.1, 1.0, 0.98, 0.9, 1.0, 1.0)
"""How busy each day of the week is; make-up days count like the others."""
GROWTH = 0.5
"""By how much more is applied for at the end than at the beginning."""
URBAN = "区"


@dataclass(frozen=True, slots=True)
class Shape:
    """Regions whose cases are alike but for names and codes: same levels above, same province, same overrides.

    ``weights`` are those of ``regions``, the first of which stands for all of them.
    """

    regions: tuple[str, ...]
    weights: tuple[float, ...]

    @property
    def example(self) -> str:
        """The region in which the lives of this shape are walked."""
        return self.regions[0]


def shapes(world: World, weights: Mapping[str, float]) -> list[Shape]:
    """Every shape, in a fixed order."""
    tree, found = world.catalogue.regions, dict[tuple[object, ...], list[str]]()
    for code in sorted(weights):
        chain = tree.ancestors(code)
        own = tuple(
            item
            for item in sorted(world.library.items)
            if nearest_override(world.library.overrides, item, code, tree) is not None
        )
        found.setdefault((tuple(place.level for place in chain), chain[-1].code, own), []).append(code)
    return [Shape(tuple(codes), tuple(weights[code] for code in codes)) for codes in found.values()]


def region_weights(tree: RegionTree, draw: Random) -> dict[str, float]:
    """How many cases come from each county, township and village, against the others. Cities are served by their
    counties; what lies outside the demonstration's own province files little here."""
    home = next(iter(sorted(tree)))
    found: dict[str, float] = {}
    for code in sorted(tree):
        place = tree[code]
        if place.level in {Level.PROVINCE, Level.CITY}:
            continue
        size = draw.paretovariate(2.2) * (1.6 if place.name.zh.endswith(URBAN) else 1.0)
        size *= {Level.COUNTY: 1.0, Level.TOWNSHIP: 0.12, Level.VILLAGE: 0.03}[place.level]
        found[code] = size * (1.0 if code.startswith(home[:2]) else 0.15)
    return found


def slownesses(tree: RegionTree, draw: Random) -> dict[str, float]:
    """How slow each region's offices are, from 0 to 1: most do well."""
    return {code: draw.betavariate(1.6, 3.2) for code in sorted(tree)}


def cases_by_day(calendar: Calendar, last: date, count: int, span: int = SPAN_DAYS) -> list[tuple[date, int]]:
    """How many of ``count`` cases are submitted on each day up to ``last``; exact, and the same every time."""
    days = [last - timedelta(days=ago) for ago in range(span, -1, -1)]
    weights = [_weight(calendar, day, place / max(span, 1)) for place, day in enumerate(days)]
    return list(zip(days, shared_out(weights, count), strict=True))


def _weight(calendar: Calendar, day: date, progress: float) -> float:
    rest = 1.0 if calendar.is_working(day) else FREE_DAY
    return rest * MONTHS[day.month - 1] * WEEK[day.weekday()] * (1 + GROWTH * progress)


def shared_out(weights: Iterable[float], count: int) -> list[int]:
    """Whole numbers in proportion to the weights that add up to ``count`` (largest remainder)."""
    weights = list(weights)
    exact = [weight * count / sum(weights) for weight in weights]
    shares = [int(share) for share in exact]
    rests = sorted(range(len(exact)), key=lambda place: (shares[place] - exact[place], place))
    for place in rests[: count - sum(shares)]:
        shares[place] += 1
    return shares
