"""Making the cases of a day: which lives are led, and to whom and where they are copied.

What they are depends on the seed, the day and how many there are, not on which process makes them nor when.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Final

from app.domain.applications import Actor, ProvidedMaterial
from app.domain.deadlines import BEIJING, Calendar
from app.domain.errors import Refusal
from app.domain.occasions import Parties
from app.domain.proof import SALT_BYTES, Hasher
from app.domain.references import application_reference
from app.domain.vocabulary import Level, Means, Role
from app.settings import Settings
from app.usecases.platform import vault_of
from app.usecases.province import cells, copies, history, luck, places
from app.usecases.province.aftermath import After
from app.usecases.province.copies import Batch, Begun, Copier
from app.usecases.province.lives import Mould, mould
from app.usecases.province.people import HOUSEHOLDS
from app.usecases.province.places import Shape
from app.usecases.province.slots import APPLICANT, CASE, QUERY, Filler, Known, Stage
from app.usecases.province.variants import Variant, variants
from app.usecases.province.walk import MARK, Setting, Walk
from app.usecases.samples import sample_paper
from app.usecases.serving import hall_of
from app.usecases.world import World

MOST_COPIES: Final = 60
"""How often one life is copied in a large province."""
SMALL_COPIES: Final = 4
"""How often in a small one, up to :data:`FEWEST_LIVES` lives a day."""
FEWEST_LIVES: Final = 8
AT_ONCE: Final = 300
"""Cases handed on, and written, at once."""
DRAFT_DAYS: Final = 20
MARKED_SERIAL: Final = 987_654
LONG_AGO: Final = 60
"""Days after which a case of history is over: lives that are not are drawn again. Younger ones may be under way."""
HISTORY_COPIES: Final = 240
"""How often one life of history is copied: most of what differs between lives is not taken over anyway."""
HISTORY_LIVES: Final = 2
"""How many lives of history a kind of region has on a day with more cases than one."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: so many cases of so many days up to ``now``, from a seed. ``lived``: so many of the newest are
    lived in full, whole days of them, and of the others those that are over are history; None for all in full."""

    cases: int
    seed: int
    now: datetime
    days: int = places.SPAN_DAYS
    lived: int | None = None

    def work(self, calendar: Calendar) -> list["Day"]:
        """The days with cases, oldest first."""
        days, newer = list[Day](), 0
        for on, count in reversed(places.cases_by_day(calendar, self.now.date(), self.cases, self.days)):
            days += [Day(on, count, self.lived is not None and newer >= self.lived)] if count else []
            newer += count
        return days[::-1]


@dataclass(frozen=True, slots=True)
class Day:
    """The work of one day: so many cases, of a province of so many in all."""

    on: date
    count: int
    is_past: bool = False
    """Whether what is over of it is history."""


class Maker:
    """Makes the cases of any day of one province."""

    def __init__(self, world: World, settings: Settings, order: Order, *, is_sqlite: bool) -> None:
        """Nothing is read from or written to a database here."""
        self._world, self._order, self._known = world, order, Known()
        self._regions, self._calendar = world.catalogue.regions, world.catalogue.calendar
        draw = Random(f"{order.seed}")  # noqa: S311
        weights = places.region_weights(self._regions, draw)
        self._slow = places.slownesses(self._regions, draw)
        self._shapes = places.shapes(world, weights)
        share = order.cases * HOUSEHOLDS / sum(weights.values())
        self._residents = {region: max(3, int(weight * share)) for region, weight in weights.items()}
        self._encode = cells.for_sqlite if is_sqlite else cells.for_postgres
        pack = copies.for_sqlite if is_sqlite else copies.for_postgres
        vault = vault_of(settings, world.keys)
        self._copier = Copier(vault, Hasher(world.policy.proof_hash), self._encode, pack)

    def batches(self, day: Day) -> Iterator[Batch]:
        """All cases of one day, so many at a time."""
        draw, batch, filler = Random(f"{self._order.seed}:{day.on}"), Batch(), Filler(self._world, day.on, self._known)  # noqa: S311
        shares = places.shared_out([sum(shape.weights) for shape in self._shapes], day.count)
        for shape, count in zip(self._shapes, shares, strict=True):
            moulds = sorted(self._moulds(shape, day, count, draw), key=lambda made: made[0])
            for _ in range(count):
                region = draw.choices(shape.regions, shape.weights)[0]
                self._copy(_fitting(moulds, self._slow[region], draw), region, filler, draw, batch)
                if batch.cases == AT_ONCE:
                    yield batch
                    batch = Batch()
        if batch.cases:
            yield batch

    def _moulds(self, shape: Shape, day: Day, count: int, draw: Random) -> list[tuple[float, int, Mould]]:
        """Lives of the day with how slow they were, to be copied to the cases of this shape."""
        lives = max(min(FEWEST_LIVES, -(-count // SMALL_COPIES)), -(-count // MOST_COPIES))
        if day.is_past:
            lives = max(min(HISTORY_LIVES, count), -(-count // HISTORY_COPIES))
        found: list[tuple[float, int, Mould]] = []
        while len(found) < lives:
            slowness = (len(found) + 0.5) / lives
            made = self._lived(shape, day, slowness, draw)
            if made is not None:
                found.append((slowness, len(found), made))
        return found

    def _lived(self, shape: Shape, day: Day, slowness: float, draw: Random) -> Mould | None:
        on, ways = day.on, self._variants
        variant = draw.choices(ways, [way.weight for way in ways])[0]
        at = datetime.combine(on, time(draw.choice(HOURS), draw.randrange(60), microsecond=MARK), BEIJING)
        region, filed = shape.example, self._filed(shape.example, on, draw)
        if at >= self._order.now - timedelta(minutes=5):
            at = datetime.combine(on, time(0, draw.randrange(30), microsecond=MARK), BEIJING)
            filed = None
        is_long_ago = day.is_past and (self._order.now.date() - on).days > LONG_AGO
        setting = self._setting(variant, region, filed, at, slowness, has_letters=not is_long_ago)
        marks = {"reference": application_reference(region[:6], on, MARKED_SERIAL), "query_hash": QUERY}
        is_draft = (self._order.now.date() - on).days < DRAFT_DAYS and draw.random() < luck.DRAFT_SHARE
        try:
            life = Walk(setting, variant, draw, CASE, marks).run(is_submitted=not is_draft)
        except Refusal:
            return None  # the rules of that day do not allow this way: another one is drawn
        after = After(life, draw, self._order.now, self._regions, self._calendar).run()
        is_history = day.is_past and history.is_over(life, after, history.taken_at(self._order.now))
        if is_long_ago and not is_history:
            return None
        items = tuple(planned.item.code for planned in life.plan.items)
        stage, person = Stage(setting.planner, region, filed, items), setting.parties.applicant
        return mould(life, after, stage, person, self._world, self._order.now, self._encode, is_history=is_history)

    def _setting(
        self, variant: Variant, region: str, filed: str | None, at: datetime, slowness: float, *, has_letters: bool
    ) -> Setting:
        return Setting(
            planner=self._world.planner(variant.bundle),
            region=region,
            filed_region=filed,
            applicant=Actor(APPLICANT, Role.APPLICANT, region=region),
            parties=Parties(self._world.catalogue.people[variant.person].name, hall_of(self._world, filed or region)),
            samples=self._samples,
            submitted_at=at,
            now=self._order.now,
            slowness=0.2 + 1.6 * slowness,
            has_letters=has_letters,
        )

    def _filed(self, region: str, on: date, draw: Random) -> str | None:
        if not self._calendar.is_working(on):
            return None
        chance = draw.random()
        if chance < luck.ELSEWHERE_SHARE:
            others = self._elsewhere(region)
            return draw.choice(others) if others else None
        return region[:6] if chance < luck.COUNTER_SHARE else None

    def _elsewhere(self, region: str) -> list[str]:
        """Counties of other cities of the same province, one of each."""
        tree = self._regions
        cities = [place for place in tree.children(tree.ancestors(region)[-1].code) if place.code[:4] != region[:4]]
        return [tree.children(city.code)[0].code for city in cities if tree.children(city.code)]

    def _copy(self, made: Mould, region: str, filler: Filler, draw: Random, batch: Batch) -> None:
        was, life = made.stage, made.life
        filed = was.filed_region if was.filed_region != was.region[:6] else region[:6]
        stage = replace(was, region=region, filed_region=filed)
        number = draw.randrange(self._residents[region])
        values = filler.fill(made.marks, stage, number, life.blank.created_at, draw)
        clock = timedelta(seconds=int(values["clock"][1:3]), microseconds=int(values["clock"][4:]) - MARK)
        begun = Begun(
            id=values["id"],
            bundle=life.blank.bundle,
            digest=life.blank.digest,
            region=region,
            filed_region=filed,
            applicant=values["applicant"],
            created_by=f"clerk.{filed}" if filed else values["applicant"],
            home_region=region,
            created_at=life.blank.created_at + clock,
        )
        self._copier.copy(made.sheet, values, begun, draw.randbytes(SALT_BYTES * made.sheet.salts), batch)

    @cached_property
    def _variants(self) -> list[Variant]:
        county = next(code for code in self._residents if self._regions[code].level is Level.COUNTY)
        return variants(self._world, county)

    @cached_property
    def _samples(self) -> Mapping[str, ProvidedMaterial]:
        return {code: self._sample(code) for code in sorted(self._world.library.materials)}

    def _sample(self, code: str) -> ProvidedMaterial:
        kept = self._world.files.keep(sample_paper(self._world.library.materials[code].name), ("pdf",))
        name = f"{code}-sample.{kept.kind}"
        return ProvidedMaterial(
            code, Means.UPLOAD, kept.digest, name, kept.media_type, kept.size, self._order.now, APPLICANT
        )


HOURS: Final = (8, 9, 9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 14, 15, 15, 16, 17, 19, 20, 21)
"""When people apply."""


def _fitting(moulds: list[tuple[float, int, Mould]], slowness: float, draw: Random) -> Mould:
    """A life as fast or slow as the region's offices mostly are."""
    wanted = 0.6 * draw.random() + 0.4 * slowness
    return moulds[min(len(moulds) - 1, int(wanted * len(moulds)))][2]
