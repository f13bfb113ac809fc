"""What an indicator is: a name, a formula people can read, and the two counters it divides; and what it gives.

A value is never invented: without cases it is missing, with the reason. Who rates is protected: a handful of ratings is
not shown, and the cases behind ratings are never listed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.tallies import Counts
from app.domain.vocabulary import Mark, Text, Word


class Unit(Word):
    """How a value is read."""

    SHARE = "share", "比例", "share, 1 is all"
    AVERAGE = "average", "次/件", "per case"
    DAYS = "days", "天/件", "days per case"


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

    @property
    def is_plain(self) -> bool:
        """Whether nothing but a region is asked for."""
        return not self.is_of_tasks and self.bundle is None


@dataclass(frozen=True, slots=True)
class Value:
    """One value with the two numbers behind it. ``amount`` is None exactly when ``reason`` says why."""

    numerator: int
    denominator: int
    amount: float | None
    reason: Text | None


FEWEST_RATINGS = 3
"""Fewer ratings than this are not told apart [illustrative]."""
RATINGS = frozenset(
    {
        *("rated", "rated_at_end", "satisfied", "bad", "bad_named", "theme_rated", "theme_satisfied"),
        *("called_back", "called_back_named", "rectified", "rectification_days"),
    }
)
TOO_FEW = Text(
    f"评价不足 {FEWEST_RATINGS} 条，为保护评价人不单独显示。",
    f"Fewer than {FEWEST_RATINGS} ratings: not shown on their own, to protect who gave them.",
)
FEW_BESIDE = Text(
    "其他分组评价太少，为防止相减得出，本组一并不显示。",
    "Another group has so few ratings that they could be had by subtraction: this one is not shown, either.",
)
BY_MONTH = Text(
    "为保护评价人，评价按整月统计：请选从某月 1 日到月末或者今天的时段。",
    "To protect who rates, ratings are told by whole months: from the first of a month to the end of one, or today.",
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

    def value(self, counts: Counts, *, is_of_tasks: bool = False, secret: Text | None = None) -> Value:
        """The value over these counts; ``is_of_tasks`` says that they hold no whole applications, ``secret`` why
        ratings among them are not told however many they are."""
        if is_of_tasks and self.scope is Scope.WHOLE:
            return Value(0, 0, None, ONLY_WHOLE)
        ratings = getattr(counts, self.needs) if self.needs is not None else 0
        if 0 < ratings < FEWEST_RATINGS:
            return Value(0, 0, None, TOO_FEW)
        if ratings and secret is not None:
            return Value(0, 0, None, secret)
        amount = self.ratio(counts)
        above, below = getattr(counts, self.numerator), getattr(counts, self.denominator)
        return Value(above, below, amount, NO_CASES if amount is None else None)

    def ratio(self, counts: Counts) -> float | None:
        """The formula alone: numerator ÷ denominator, None without a denominator."""
        above, below = getattr(counts, self.numerator), getattr(counts, self.denominator)
        return above / below if below else None

    @property
    def is_listable(self) -> bool:
        """Whether the cases behind it may be listed: never those that somebody rated."""
        return not RATINGS.intersection((self.numerator, self.denominator))

    def counter(self, part: Part) -> str:
        """The counter of the numerator or the denominator."""
        return self.numerator if part is Part.NUMERATOR else self.denominator


def few_beside(groups: Mapping[str, Counts], needs: str) -> frozenset[str]:
    """The group, if any, that is not told because the total less what is told would be a handful of ratings: the
    smallest of those that are none by themselves."""
    ratings = {key: count for key, counts in groups.items() if (count := getattr(counts, needs))}
    few = [key for key, count in ratings.items() if count < FEWEST_RATINGS]
    others = sorted(ratings.keys() - set(few), key=lambda key: (ratings[key], key))
    is_told_by_the_rest = 0 < sum(ratings[key] for key in few) < FEWEST_RATINGS
    return frozenset(others[:1]) if is_told_by_the_rest else frozenset()
