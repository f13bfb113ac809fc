"""产能推演: what one task costs an officer's time, and what a run of the queue has shown.

No published text says how many minutes a check takes. All minutes here are [illustrative]; what is real are the items,
their order, their promises and the rule of the lights, all read from the same packs as everything else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.domain.lifecycle import TaskStatus, Verdict
from app.domain.oversight import Light
from app.domain.records import AfterCheck, Pause
from app.domain.routing import Plan, PlannedItem, holding
from app.domain.vocabulary import Text

OFFICE_MINUTES: Final = 450
"""Minutes of work in a working day: nine to half past five without an hour for lunch [illustrative]."""
INTAKE_MINUTES, MINUTES_A_FIELD, MINUTES_A_MATERIAL = 8.0, 0.5, 4.0
REVIEW_MINUTES, SURVEY_MINUTES, INSTANT_MINUTES = 25.0, 120.0, 10.0
HAND_MINUTES, LATER_HANDS = 10.0, 2
"""Minutes of an officer [illustrative]; 审核 and 批准 are two more hands of the same desk."""
ASSUMPTIONS: Final = Text(
    "假定（示例）：收件核对 8 分钟，每个字段 0.5 分钟、每份材料 4 分钟；审查 25 分钟，现场踏勘另加 120 分钟；"
    "审核、批准各 10 分钟；即办件共 10 分钟；每天办公 450 分钟；一个窗口按先到先办；"
    "用时和到达都随机。材料一次齐全，没有补正和特别程序。",
    "Assumed [illustrative]: 8 minutes to take in, half a minute a field, 4 a material; 25 to examine, 120 more for a "
    "survey on site; 10 each to review and to approve; 10 in all for an item decided on the spot; 450 office minutes a "
    "day; each desk first come, first served; durations and arrivals are random. Papers are complete at once, with no "
    "corrections and no special procedures.",
)


@dataclass(frozen=True, slots=True)
class Job:
    """One task as the queue sees it. ``minutes`` are the mean minutes of each step, all at one desk; the first step
    ends in acceptance. ``after`` holds, for each edge, the items of which any one must be done first."""

    item: str
    desk: str
    minutes: tuple[float, ...]
    promised_days: int
    statutory_days: int | None
    after: tuple[tuple[str, ...], ...] = ()

    @property
    def total(self) -> float:
        """Minutes of officers' time it takes on average."""
        return sum(self.minutes)


def jobs_of(plan: Plan) -> tuple[Job, ...]:
    """What a plan asks of the desks, in the order of its stages."""
    return tuple(_job(plan, planned) for planned in plan.items)


def _job(plan: Plan, planned: PlannedItem) -> Job:
    item = planned.item
    return Job(
        item=item.code,
        desk=planned.routed.department.code,
        minutes=_minutes(plan, planned),
        promised_days=planned.promised.days,
        statutory_days=None if item.statutory is None else item.statutory.days,
        after=tuple(edge.any_of for edge in holding(planned.after)),
    )


def _minutes(plan: Plan, planned: PlannedItem) -> tuple[float, ...]:
    item = planned.item
    if item.is_instant:
        return (INSTANT_MINUTES,)
    fields = sum(item.code in one.users for one in plan.fields)
    materials = sum(item.code in one.users and one.is_needed is not False for one in plan.materials)
    intake = INTAKE_MINUTES + MINUTES_A_FIELD * fields + MINUTES_A_MATERIAL * materials
    review = REVIEW_MINUTES + (SURVEY_MINUTES if item.survey else 0.0)
    return (intake, review, *[HAND_MINUTES] * LATER_HANDS)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task of the simulation as the rule of the lights sees it."""

    status: TaskStatus
    intake_due_on: date | None = None
    promised_due_on: date | None = None
    statutory_due_on: date | None = None
    promised_days: int = 0
    verdict: Verdict | None = None
    delivery_due_on: date | None = None
    extended_days: int = 0
    pauses: Sequence[Pause] = ()
    after_check: AfterCheck | None = None


@dataclass(slots=True)
class Tally:
    """What one desk, or all of them, have shown so far. ``waits`` are working days in the queue, one for each task
    decided; ``lights`` counts open tasks at the end of each day."""

    officers: int
    busy_minutes: float = 0.0
    decided: int = 0
    on_time: int = 0
    overdue: int = 0
    open: int = 0
    waits: list[float] = field(default_factory=list)
    lights: dict[Light, int] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Take another desk's numbers in."""
        self.officers += other.officers
        self.busy_minutes += other.busy_minutes
        self.decided, self.on_time = self.decided + other.decided, self.on_time + other.on_time
        self.overdue, self.open = self.overdue + other.overdue, self.open + other.open
        self.waits += other.waits
        for light, count in other.lights.items():
            self.lights[light] = self.lights.get(light, 0) + count

    def use(self, days: int) -> float:
        """Share of the officers' time that was worked, 0 to 1."""
        return self.busy_minutes / (self.officers * days * OFFICE_MINUTES)

    def on_time_share(self) -> float | None:
        """按时办结率 among the decided and those that are open past their promise; None when there are none."""
        known = self.decided + self.overdue
        return self.on_time / known if known else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of all values do not exceed; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def total(tallies: Mapping[str, Tally]) -> Tally:
    """All desks together."""
    found = Tally(0)
    for tally in tallies.values():
        found.add(tally)
    return found
