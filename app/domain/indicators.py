"""Indicators (指标): each a name, a formula people can read, and the two counters it divides.

The names are those of government-service supervision (电子监察、好差评); the formulas are ours wherever the texts give
a name only, and say so by their :class:`Mark`.
"""

from app.domain.figures import Indicator, Scope, Unit
from app.domain.tallies import COUNTERS
from app.domain.vocabulary import Mark, Text


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
                "（在省内其他市县窗口收件的申请＋申请人常住地在省内其他市县的网上申报）÷ 申报数",
                "(filed at a counter elsewhere in the province + filed online by applicants at home elsewhere in it) ÷ "
                "applications filed",
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
                "（在外省窗口收件的申请＋申请人常住地在外省的网上申报）÷ 申报数",
                "(filed at a counter of another province + filed online by applicants at home in one) ÷ "
                "applications filed",
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
        ("fields", Text("减填报项", "Fields spared"), Text("本人实际填写的项数", "really typed"), FILED),
        ("materials", Text("减材料", "Fewer papers"), Text("本人实际提交的份数", "really handed in"), FILED),
        ("days", Text("减时限", "Days spared"), Text("并联后的承诺天数", "promised days of the whole"), PLANNED),
        ("visits", Text("减跑动", "Visits spared"), Text("须到现场的次数", "visits left"), FILED),
    )
    return [
        Indicator(
            f"{code}_saved",
            name,
            Text(
                f"1 − {left.zh} ÷ 各事项分别办理时的数量（{how.zh}）",
                f"1 − {left.en} ÷ what the items ask for one by one ({how.en})",
            ),
            f"{code}_saved",
            f"{code}_before",
            Mark.ILLUSTRATIVE,
            Scope.WHOLE,
        )
        for code, name, left, how in named
    ]


FILED = Text("按申报时的实际情况合计，每件的名目见其回执", "as it was when filed; by name on each receipt")
PLANNED = Text("按申报时的方案合计", "by the plans as they were filed")


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
            "called_back",
            Text("差评回访率", "Bad ratings called back"),
            Text(
                "期内已回访核实的差评数 ÷ 期内差评数（部门事项）",
                "bad ratings of tasks about which the office called back in the period ÷ bad ratings given in it",
            ),
            "called_back",
            "bad",
            Mark.LIKELY,
            needs="rated",
        ),
        Indicator(
            "called_back_named",
            Text("实名差评回访率", "Bad ratings given in person, called back"),
            Text(
                "期内已回访核实的实名差评数 ÷ 期内实名差评数（实名指申请人本人作出，不含代办；国家要求 100%）",
                "the same of ratings given by the applicant in person, not by an agent; the national text wants all",
            ),
            "called_back_named",
            "bad_named",
            Mark.LIKELY,
            needs="rated",
        ),
        Indicator(
            "rectification_days",
            Text("平均整改用时", "Mean time to put right"),
            Text(
                "差评之日至整改办结之日的日历天数合计 ÷ 期内整改完成数",
                "calendar days from the rating to the closed rectification ÷ rectifications closed in the period",
            ),
            "rectification_days",
            "rectified",
            Mark.ILLUSTRATIVE,
            unit=Unit.DAYS,
            is_better_high=False,
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
