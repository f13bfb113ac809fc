"""How things go in the province: every share and every number of days here is illustrative and drawn from the seed."""

from dataclasses import dataclass
from random import Random

COUNTER_SHARE = 0.27
"""Applications taken in at the own hall rather than online."""
ELSEWHERE_SHARE = 0.02
"""Applications taken in at another city's hall (异地通办)."""
WITHDRAWN_SHARE = 0.025
LATE_SHARE = 0.055
"""Tasks decided after the promised day."""
SILENT_SHARE = 0.006
"""Tasks whose department says nothing in intake."""
CORRECTED_SHARE = 0.05
DECLINED_SHARE = 0.006
REFUSED_SHARE = 0.018
SPECIAL_SHARE = 0.02
EXTENDED_SHARE = 0.012
UNANSWERED_SHARE = 0.06
"""Correction notices that are never answered."""
DRAFT_SHARE = 0.03
"""Drafts of the last weeks that are not submitted yet."""
RATED_SHARE = 0.38
"""Finished applications that are rated as a whole; half as many rate one department beside it."""
STARS = (("very_satisfied", 0.865), ("satisfied", 0.092), ("fairly_satisfied", 0.026), ("dissatisfied", 0.011))
"""What is left is very dissatisfied."""


@dataclass(frozen=True, slots=True)
class Course:
    """How one task will go, if nothing stands in its way. Days are working days."""

    receive: int
    accept: int
    decide: float
    """When it is decided, as a part of the promised days; above 1 it is late."""
    late_days: int
    deliver: int
    is_silent: bool = False
    is_corrected: bool = False
    is_declined: bool = False
    is_refused: bool = False
    special_days: int = 0
    is_extended: bool = False

    @property
    def is_smooth(self) -> bool:
        """Nothing keeps it from being decided at once."""
        return not (self.is_corrected or self.is_declined or self.is_refused)


def course_of(draw: Random, slowness: float) -> Course:
    """The course of one task; ``slowness`` from 0 to 2, 1 on average, says how the department is doing."""
    is_late = draw.random() < LATE_SHARE * slowness
    chance = draw.random()
    bounds = (CORRECTED_SHARE, DECLINED_SHARE, REFUSED_SHARE, SPECIAL_SHARE, EXTENDED_SHARE)
    places = [sum(bounds[:end]) for end in range(1, len(bounds) + 1)]
    kind = next((place for place, bound in enumerate(places) if chance < bound), len(places))
    return Course(
        receive=draw.choice((0, 0, 1, 1, 2)),
        accept=draw.choice((0, 0, 0, 1, 2)),
        decide=draw.uniform(0.25, 0.95),
        late_days=1 + int(draw.expovariate(0.35)) if is_late else 0,
        deliver=draw.choice((0, 0, 1, 1, 2, 3)),
        is_silent=draw.random() < SILENT_SHARE * slowness,
        is_corrected=kind == 0,
        is_declined=kind == 1,
        is_refused=kind == 2,
        special_days=draw.randint(4, 15) if kind == 3 else 0,
        is_extended=kind == 4,
    )


def level_of(draw: Random) -> str:
    """A level of satisfaction: nearly always the best."""
    chance = draw.random()
    for level, share in STARS:
        if chance < share:
            return level
        chance -= share
    return "very_dissatisfied"


REFUSALS = (
    "现场核查发现布局不符合要求，整改后可以重新申请。",
    "提交的内容与登记的信息不一致，不符合法定条件。",
    "经核查，不具备所申请事项要求的条件。",
)
DECLINES = ("不属于本部门职权范围，请向有权机关申请。", "申请事项依法不需要取得许可。")
POINTS = ("与证件记载不一致，请核对后重填。", "填写不完整，请补充。", "格式不符合要求，请按示例填写。")
BLAMES = ("等了很久没有消息。", "来回跑了两次才办完。", "材料要求说得不清楚。")
AMENDS = ("已向申请人致歉并当面说明，优化了内部流转。", "已补充办事指南并培训窗口人员。")
