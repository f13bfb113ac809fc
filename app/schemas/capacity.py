"""What a run of the queue shows: with so many officers at each desk, how long tasks wait and which lights they show."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.domain.capacity import Tally, percentile
from app.domain.oversight import Light
from app.schemas.common import Bilingual, In, Out, Term
from app.schemas.lights import LightCountOut

MOST_OFFICERS = 50


class CapacityWish(In):
    """Which queue to run, and how often."""

    bundle: str = Field(max_length=40, examples=["catering"])
    region: str | None = Field(default=None, max_length=12, description="the default is your own", examples=["330802"])
    per_day: float = Field(default=4.0, ge=0.1, le=500, description="cases that arrive in a working day, on average")
    days: int = Field(default=60, ge=5, le=250, description="working days to run, beginning with empty desks")
    officers: list[Annotated[int, Field(ge=1, le=MOST_OFFICERS)]] = Field(
        default=[1, 2, 3, 4], min_length=1, max_length=8, description="officers at every desk: one run for each number"
    )
    seed: int = Field(default=1, ge=0, le=2**31 - 1, description="the same seed gives the same answer")


class QueueOut(Out):
    """One desk, or all of them together, at the end of a run."""

    officers: int
    use: float = Field(description="share of the officers' time that was worked, 0 to 1")
    decided: int = Field(description="items decided in the run")
    open: int = Field(description="items not decided at the end of the run")
    overdue: int = Field(description="open, and past the promise")
    on_time: float | None = Field(description="share on time of the decided and the overdue; null when there are none")
    wait_median: float | None = Field(description="working days in the queue; half of the decided waited no longer")
    wait_p95: float | None = Field(description="working days in the queue; 95 % of the decided waited no longer")
    lights: list[LightCountOut] = Field(description="lights at the ends of all days, added up")

    @classmethod
    def of(cls, tally: Tally, days: int) -> "QueueOut":
        """From the numbers of a run of so many days."""
        on_time = tally.on_time_share()
        waits = (percentile(tally.waits, 0.5), percentile(tally.waits, 0.95))
        median, longest = (None if wait is None else round(wait, 3) for wait in waits)
        return cls(
            officers=tally.officers,
            use=round(tally.use(days), 4),
            decided=tally.decided,
            open=tally.open,
            overdue=tally.overdue,
            on_time=None if on_time is None else round(on_time, 4),
            wait_median=median,
            wait_p95=longest,
            lights=[LightCountOut(light=Term.of(light), count=tally.lights.get(light, 0)) for light in SHOWN],
        )


SHOWN = (Light.GREEN, Light.YELLOW, Light.RED, Light.DEEP_RED)
"""No task of the simulation is ever paused or without a clock."""


class DeskOut(QueueOut):
    """One department's desk."""

    department: str
    name: Bilingual


class CapacityRunOut(Out):
    """One run: so many officers at every desk."""

    officers: int
    whole: QueueOut
    desks: list[DeskOut] = Field(description="the busiest first")


class DeskNeedOut(Out):
    """What one desk needs."""

    department: str
    name: Bilingual
    enough: int | None = Field(description="the smallest staff of those tried that reaches the target here, or null")


class CapacityOut(Out):
    """Every run of one question, the smallest staff first."""

    label: Bilingual
    assumptions: Bilingual
    bundle: str
    bundle_name: Bilingual
    region: str
    region_name: Bilingual
    per_day: float = Field(description="cases that arrive on a working day, on average")
    days: int = Field(description="working days simulated")
    seed: int = Field(description="the same seed, the same cases")
    first_day: date
    target: float = Field(description="the share on time that counts as enough [illustrative]")
    enough: int | None = Field(description="the smallest staff of those tried that reaches the target; null when none")
    needs: list[DeskNeedOut] = Field(description="the desk that needs most officers first")
    runs: list[CapacityRunOut]
