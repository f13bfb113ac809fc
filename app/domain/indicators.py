"""Indicators (指标): each a name, a formula people can read, and the two counters it divides.

The names are those of government-service supervision (电子监察、好差评); the formulas are ours wherever the texts give
a name only, and say so by their :class:`Mark`. A value is never invented: without cases it is missing, with the reason.
Who rates is protected: a handful of ratings is not shown, and the cases behind ratings are never listed.
"""

from dataclasses import dataclass

from app.domain.tallies import COUNTERS, Counts
from app.domain.vocabulary import Mark, Text, Word


class Unit(Word):
    """How a value is read."""

    SHARE = "share", "比例", "share, 1 is all"
    AVERAGE = "average", "次/件", "average a case"


class Scope(Word):
    """What an indicator counts, and so what it can be broken down by."""

    TASK = "task", "部门办件", "a department's tasks"
    WHOLE = "whole", "整件申请", "whole applications"


class Dimension(Word):
    """What figures can be broken down by."""

    REGION = "region", "区划", "region"
    DEPARTMENT = "department", "部门", "department"
    ITEM = "item", "事项", "item"
    BUNDLE = "bundle", "一件事", "bundle"
    MONTH = "month", "月", "month"
    DAY = "day", "日", "day"


OF_TASKS = frozenset({Dimension.DEPARTMENT, Dimension.ITEM})
"""Breakdowns that only a department's tasks have."""


class Part(Word):
    """Which cases behind an indicator."""

    NUMERATOR = "numerator", "分子", "numerator"
    DENOMINATOR = "denominator", "分母", "denominator"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which cases: those of the region and everything inside it, of one department, item or bundle. None: of all."""

    region: str | None = None
    department: str | None = None
    item: str | None = None
    bundle: str | None = None

    @property
    def is_of_tasks(self) -> bool:
        """Whether whole applications are outside the slice."""
        return self.department is not None or self.item is not None


@dataclass(frozen=True, slots=True)
class Value:
    """One value with the two numbers behind it. ``amount`` is None exactly when ``reason`` says why."""

    numerator: int
    denominator: int
    amount: float | None
    reason: Text | None


FEWEST_RATINGS = 3
"""Fewer ratings than this are not told apart [illustrative]."""
RATINGS = frozenset({"rated", "rated_at_end", "satisfied", "bad", "rectified", "theme_rated", "theme_satisfied"})
TOO_FEW = Text(
    f"评价不足 {FEWEST_RATINGS} 条，为保护评价人不单独显示。",
    f"Fewer than {FEWEST_RATINGS} ratings: not shown on their own, to protect who gave them.",
)
NO_CASES = Text("这段时间内没有可统计的办件。", "Nothing to count in this period.")
ONLY_WHOLE = Text(
    "本指标按整件申请统计，不能分到部门或事项。",
    "Counts whole applications, which cannot be broken down by department or item.",
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: ``numerator`` ÷ ``denominator``, both names of counters."""

    code: str
    name: Text
    formula: Text
    numerator: str
    denominator: str
    mark: Mark
    scope: Scope = Scope.TASK
    unit: Unit = Unit.SHARE
    is_better_high: bool = True
    needs: str | None = None
    """The counter of ratings behind it: a few of them are not told, for they would tell who gave them."""

    def value(self, counts: Counts, *, is_of_tasks: bool = False) -> Value:
        """The value over these counts; ``is_of_tasks`` says that they hold no whole applications."""
        if is_of_tasks and self.scope is Scope.WHOLE:
            return Value(0, 0, None, ONLY_WHOLE)
        if self.needs is not None and 0 < getattr(counts, self.needs) < FEWEST_RATINGS:
            return Value(0, 0, None, TOO_FEW)
        above, below = getattr(counts, self.numerator), getattr(counts, self.denominator)
        return Value(above, below, above / below, None) if below else Value(above, below, None, NO_CASES)

    @property
    def is_listable(self) -> bool:
        """Whether the cases behind it may be listed: never those that somebody rated."""
        return not RATINGS.intersection((self.numerator, self.denominator))

    def counter(self, part: Part) -> str:
        """The counter of the numerator or the denominator."""
        return self.numerator if part is Part.NUMERATOR else self.denominator


def _of_tasks() -> list[Indicator]:
    return [
        Indicator(
            "on_time",
            Text("按时办结率", "Decided on time"),
            Text(
                "在承诺期限内作出决定的办结数 ÷ 有决定的办结数", "decided by the promised day ÷ closed with a decision"
            ),
            "on_time",
            "decided",
            Mark.LIKELY,
        ),
        Indicator(
            "early",
            Text("提前办结率", "Decided early"),
            Text(
                "早于承诺日作出决定的承诺件 ÷ 有决定的承诺件（不含即办件）",
                "decided before the promised day ÷ closed with a decision, without those decided on the spot",
            ),
            "early",
            "promised",
            Mark.LIKELY,
        ),
        Indicator(
            "instant",
            Text("即办率", "Decided on the spot"),
            Text("即办件办结数 ÷ 有决定的办结数", "items promised on the spot ÷ closed with a decision"),
            "instant",
            "decided",
            Mark.LIKELY,
        ),
        Indicator(
            "compression",
            Text("承诺时限压缩比", "Promise shorter than the law"),
            Text(
                "1 − 承诺天数合计 ÷ 法定天数合计（有法定时限且单位相同的办结件）",
                "1 − promised days ÷ statutory days, over decided tasks with a statutory limit in the same unit",
            ),
            "days_cut",
            "statutory_days",
            Mark.LIKELY,
        ),
        Indicator(
            "corrected",
            Text("补正率", "Asked to correct"),
            Text("收到过补正告知的办件 ÷ 已结束的办件", "tasks with a correction notice ÷ tasks that are over"),
            "corrected",
            "ended",
            Mark.LIKELY,
            is_better_high=False,
        ),
        Indicator(
            "returned",
            Text("退件率", "Returned"),
            Text("退件数 ÷ 已结束的办件", "returned tasks ÷ tasks that are over"),
            "returned",
            "ended",
            Mark.LIKELY,
            is_better_high=False,
        ),
        Indicator(
            "declined",
            Text("不予受理率", "Not accepted"),
            Text("不予受理数 ÷ 已结束的办件", "tasks not accepted ÷ tasks that are over"),
            "declined",
            "ended",
            Mark.ILLUSTRATIVE,
            is_better_high=False,
        ),
        Indicator(
            "deemed",
            Text("视为受理率", "Accepted by silence"),
            Text(
                "逾期未答复而视为受理的办件 ÷ 已受理且已结束的办件",
                "tasks deemed accepted because nobody answered in time ÷ accepted tasks that are over",
            ),
            "deemed",
            "accepted",
            Mark.ILLUSTRATIVE,
            is_better_high=False,
        ),
    ]


def _of_applications() -> list[Indicator]:
    return [
        Indicator(
            "done_once",
            Text("一次办成率", "Done in one go"),
            Text(
                "全部办结且从未补正、其后也未撤销的申请 ÷ 已结束的申请（不含自行撤回和作废）",
                "finished without any correction notice and not revoked since ÷ applications that are over, "
                "without those withdrawn or void",
            ),
            "done_once",
            "over",
            Mark.ILLUSTRATIVE,
            Scope.WHOLE,
        ),
        Indicator(
            "visits",
            Text("平均跑动次数", "Average visits"),
            Text(
                "按方案须到现场的次数合计（窗口收件至少计 1 次）÷ 申报数",
                "visits that the plan asks for, at least one when filed at a counter ÷ applications filed",
            ),
            "visits",
            "filed",
            Mark.ILLUSTRATIVE,
            Scope.WHOLE,
            Unit.AVERAGE,
            is_better_high=False,
        ),
        Indicator(
            "elsewhere",
            Text("省内通办比例", "Filed elsewhere in the province"),
            Text(
                "在省内其他市县窗口收件的申请 ÷ 申报数（网上申报不计入分子）",
                "filed at a counter elsewhere in the province ÷ applications filed (online ones are not in the former)",
            ),
            "elsewhere",
            "filed",
            Mark.ILLUSTRATIVE,
            Scope.WHOLE,
        ),
        Indicator(
            "other_province",
            Text("跨省通办比例", "Filed in another province"),
            Text(
                "在外省窗口收件的申请 ÷ 申报数（网上申报不计入分子）",
                "filed at a counter of another province ÷ applications filed (online ones are not in the former)",
            ),
            "other_province",
            "filed",
            Mark.ILLUSTRATIVE,
            Scope.WHOLE,
        ),
        *_savings(),
    ]


def _savings() -> list[Indicator]:
    named = (
        ("fields", Text("减填报项", "Fields spared"), Text("须本人填写的项数", "left to type")),
        ("materials", Text("减材料", "Papers spared"), Text("须上传的材料份数", "left to hand in")),
        ("days", Text("减时限", "Days spared"), Text("并联后的承诺天数", "promised days of the whole")),
        ("visits", Text("减跑动", "Visits spared"), Text("须到现场的次数", "visits left")),
    )
    return [
        Indicator(
            f"{code}_saved",
            name,
            Text(
                f"1 − {left.zh} ÷ 各事项分别办理时的数量（按申报时的方案合计）",
                f"1 − {left.en} ÷ what the items ask for one by one, by the plans as they were filed",
            ),
            f"{code}_saved",
            f"{code}_before",
            Mark.ILLUSTRATIVE,
            Scope.WHOLE,
        )
        for code, name, left in named
    ]


def _of_ratings() -> list[Indicator]:
    return [
        Indicator(
            "satisfaction",
            Text("满意率", "Satisfied"),
            Text("（非常满意＋满意＋基本满意）÷ 有效评价数", "three stars or more ÷ ratings"),
            "satisfied",
            "rated",
            Mark.LIKELY,
            needs="rated",
        ),
        Indicator(
            "participation",
            Text("参评率", "Rated"),
            Text("期内办结评价数 ÷ 期内结束的办件数", "ratings at the finish in the period ÷ tasks that ended in it"),
            "rated_at_end",
            "ended",
            Mark.LIKELY,
        ),
        Indicator(
            "bad_ratings",
            Text("差评率", "Bad ratings"),
            Text("（不满意＋非常不满意）÷ 有效评价数", "one or two stars ÷ ratings"),
            "bad",
            "rated",
            Mark.LIKELY,
            is_better_high=False,
            needs="rated",
        ),
        Indicator(
            "rectified",
            Text("差评整改率", "Bad ratings put right"),
            Text(
                "期内整改（或依法说明）完成数 ÷ 期内差评数",
                "rectified, or explained by law, in the period ÷ bad ratings given in it",
            ),
            "rectified",
            "bad",
            Mark.LIKELY,
            needs="rated",
        ),
        Indicator(
            "theme_satisfaction",
            Text("一件事满意率", "Satisfied with the whole"),
            Text(
                "对整件事评三星及以上 ÷ 对整件事的评价数（不是各部门的平均）",
                "three stars or more for the whole ÷ ratings of the whole; not an average of the departments",
            ),
            "theme_satisfied",
            "theme_rated",
            Mark.ILLUSTRATIVE,
            Scope.WHOLE,
            needs="theme_rated",
        ),
    ]


INDICATORS: dict[str, Indicator] = {
    indicator.code: indicator for indicator in (*_of_tasks(), *_of_applications(), *_of_ratings())
}
"""Every indicator by code, in the order in which they are shown."""

COUNTERS_OF_TASKS = tuple(
    name
    for name in COUNTERS
    if any(
        name in {indicator.numerator, indicator.denominator, indicator.needs}
        for indicator in INDICATORS.values()
        if indicator.scope is Scope.TASK
    )
)
"""The counters that a department or an item can have."""
