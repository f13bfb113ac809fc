"""产能推演: how many officers a desk needs, from the packs alone; nothing is read from cases and nothing is stored."""

from collections.abc import Sequence

from app.domain.answers import accept
from app.domain.authorities import Department
from app.domain.capacity import ASSUMPTIONS, Job, jobs_of, total
from app.domain.errors import Fault, InvalidInput
from app.domain.vocabulary import ILLUSTRATIVE, Text
from app.schemas.capacity import (
    MOST_OFFICERS,
    CapacityOut,
    CapacityRunOut,
    CapacityWish,
    DeskNeedOut,
    DeskOut,
    QueueOut,
)
from app.schemas.common import Bilingual
from app.usecases.context import Context
from app.usecases.indicators import region_asked

TARGET = 0.95
"""按时办结率 that counts as enough [illustrative]."""
MOST_CASES = 6_000
"""Cases of all runs together that one request may ask for; about a second of one core."""


def estimate(context: Context, wish: CapacityWish, most: int = MOST_CASES) -> CapacityOut:
    """Run the queue once for each number of officers.

    A case is one of the bundle's worked examples, as likely one as another. Raises :class:`NotAllowed` outside the
    asker's region, :class:`NotFound` for an unknown bundle, :class:`NoAuthority` for a region wider than an item's
    power, :class:`InvalidInput` for more than ``most`` cases.
    """
    region = region_asked(context, wish.region)
    _refuse_too_many(wish, most)
    mixes, desks = _mixes(context, wish.bundle, region)
    runs = [_run(context, wish, number, mixes, desks) for number in sorted(set(wish.officers))]
    world = context.world
    return CapacityOut(
        label=Bilingual.of(ILLUSTRATIVE),
        assumptions=Bilingual.of(ASSUMPTIONS),
        bundle=wish.bundle,
        bundle_name=Bilingual.of(world.bundle(wish.bundle).name),
        region=region,
        region_name=Bilingual.of(world.catalogue.regions.path(region)),
        per_day=wish.per_day,
        days=wish.days,
        seed=wish.seed,
        first_day=context.start,
        target=TARGET,
        enough=min((run.officers for run in runs if _is_enough(run.whole)), default=None),
        needs=_needs(runs),
        runs=runs,
    )


def _is_enough(queue: QueueOut) -> bool:
    return queue.on_time is not None and queue.on_time >= TARGET


def _needs(runs: Sequence[CapacityRunOut]) -> list[DeskNeedOut]:
    found = [
        DeskNeedOut(department=desk.department, name=desk.name, enough=_smallest(runs, desk.department))
        for desk in runs[0].desks
    ]
    return sorted(found, key=lambda need: (-(need.enough or MOST_OFFICERS + 1), need.department))


def _smallest(runs: Sequence[CapacityRunOut], department: str) -> int | None:
    enough = [run.officers for run in runs for desk in run.desks if desk.department == department and _is_enough(desk)]
    return min(enough, default=None)


def _refuse_too_many(wish: CapacityWish, most: int) -> None:
    cases = round(wish.per_day * wish.days * len(set(wish.officers)))
    if cases > most:
        text = Text(
            f"一共要推演约 {cases:,} 件，最多 {most:,} 件：请减少每天件数、天数或人数的种数。",
            f"That would be about {cases:,} cases, and {most:,} is the most: ask for fewer a day, fewer days or fewer "
            "numbers of officers.",
        )
        raise InvalidInput([Fault("/per_day", "too-many", text)])


def _mixes(context: Context, bundle: str, region: str) -> tuple[list[tuple[Job, ...]], dict[str, Department]]:
    """What each worked example asks of the desks, and the desks."""
    world = context.world
    planner = world.planner(bundle)
    mixes: list[tuple[Job, ...]] = []
    desks: dict[str, Department] = {}
    for story in world.catalogue.stories.values():
        if story.bundle == bundle:
            plan = planner.plan(accept(planner.bundle, story.answers), region, context.start)
            mixes.append(jobs_of(plan))
            desks |= {planned.routed.department.code: planned.routed.department for planned in plan.items}
    if not mixes:
        text = Text("这个一件事没有示例故事，无法推演。", "This bundle has no worked example to run.")
        raise InvalidInput([Fault("/bundle", "no-story", text)])
    return mixes, desks


def _run(
    context: Context, wish: CapacityWish, number: int, mixes: Sequence[Sequence[Job]], desks: dict[str, Department]
) -> CapacityRunOut:
    from app.usecases.queueing import Scenario, run  # the engine is loaded when somebody asks

    scenario = Scenario(mixes, wish.per_day, wish.days, wish.seed, others=number)
    tallies = run(scenario, context.world.catalogue.calendar, context.start)
    shown = [
        DeskOut(
            **QueueOut.of(tally, wish.days).model_dump(exclude={"lights"}),
            lights=QueueOut.of(tally, wish.days).lights,
            department=desk,
            name=Bilingual.of(desks[desk].name),
        )
        for desk, tally in tallies.items()
    ]
    return CapacityRunOut(
        officers=number,
        whole=QueueOut.of(total(tallies), wish.days),
        desks=sorted(shown, key=lambda desk: (-desk.use, desk.department)),
    )
