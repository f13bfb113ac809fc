"""通报: what supervision tells a region once a month, worked out from records and written by rule.

Lights that turned, lists that grew or shrank, who was pressed, bad reviews and what became of them, every indicator
against the month before, and which departments did best and worst. Which departments are named follows from figures and
the thresholds below, which are illustrative; nobody writes a name in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.figures import FEWEST_RATINGS, TOO_FEW, Indicator, Unit, Value
from app.domain.indicators import INDICATORS
from app.domain.matters import Because, MatterKind
from app.domain.oversight import Light
from app.domain.periods import written_day
from app.domain.tallies import Counts
from app.domain.vocabulary import Text, Word

FEWEST_DECIDED = 3
"""Departments with fewer decisions in the month are not compared [illustrative]."""
GOOD_SHARE = 0.95
"""Share decided on time that divides those commended from those criticised [illustrative]."""
MOST_NAMED = 3
"""At most so many departments are named either way [illustrative]."""
RULE = Text(
    f"点名规则（示例）：当月有决定的办件不少于 {FEWEST_DECIDED} 件的部门参加排名，先比按时办结率，再比提前办结率；"
    f"按时办结率不低于 {GOOD_SHARE:.0%} 的前 {MOST_NAMED} 名予以表扬，低于的后 {MOST_NAMED} 名予以通报批评。",
    f"Who is named (illustrative rule): departments with at least {FEWEST_DECIDED} decisions in the month, by the "
    f"share decided on time, then by the share decided early; the first {MOST_NAMED} with {GOOD_SHARE:.0%} or more are "
    f"commended, the last {MOST_NAMED} below it are criticised.",
)


class Line(Word):
    """What a bulletin counts of the lists of supervision."""

    YELLOW = "yellow", "期末亮黄灯（临近时限）", "yellow lights at the end (nearly due)"
    RED = "red", "期末亮红灯（超过时限）", "red lights at the end (past the time)"
    DEEP_RED = "deep_red", "期末亮深红灯（超过法定时限）", "deep red lights at the end (past the statutory limit)"
    OVERDUE_FOUND = "overdue_found", "列入超期办件清单", "cases put on the list of overdue ones"
    OVERDUE_OPEN = "overdue_open", "月末未销号的超期办件", "overdue cases still open at the end"
    CHASED = "chased", "催办", "chases"
    ORDERED = "ordered", "督办单", "supervision orders"
    ESCALATED = "escalated", "提请政务办督办", "escalations"
    RETURNED = "returned", "退件核查", "returned cases"
    REPORTED = "reported", "办不成事反映", "reports of errands that get stuck"
    REPORTS_OPEN = "reports_open", "月末未办结的办不成事反映", "such reports still open at the end"
    BAD_REVIEWS = "bad_reviews", "差评", "bad reviews"
    RECTIFIED = "rectified", "差评整改办结", "bad reviews put right"
    BAD_OPEN = "bad_open", "月末未整改的差评", "bad reviews still open at the end"


OF_RATINGS = frozenset({Line.BAD_REVIEWS, Line.RECTIFIED, Line.BAD_OPEN})
"""Not told where there are only a few ratings: they would tell who gave them."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many matters of one kind and cause: found in the month, ended in it, and open at its end."""

    opened: int = 0
    closed: int = 0
    still_open: int = 0


Tallies = Mapping[tuple[MatterKind, Because], Tally]


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator in the month and in the month before. ``difference`` is None when either has no value."""

    indicator: Indicator
    now: Value
    before: Value

    @property
    def difference(self) -> float | None:
        """Now less before."""
        if self.now.amount is None or self.before.amount is None:
            return None
        return self.now.amount - self.before.amount

    @property
    def is_better(self) -> bool | None:
        """Whether it changed for the better; None without a change."""
        difference = self.difference
        return None if not difference else (difference > 0) is self.indicator.is_better_high


@dataclass(frozen=True, slots=True)
class Named:
    """A department that is named, with what it is named for."""

    department: str
    decided: int
    on_time: float
    early: float


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its sentences."""

    title: Text
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The report of one region for one month, or for as much of it as has passed by ``last``."""

    region: Text
    first: date
    last: date
    is_complete: bool
    counts: Mapping[Line, int | None]
    changes: tuple[Change, ...]
    commended: tuple[Named, ...]
    criticised: tuple[Named, ...]


def is_few(total: Counts) -> bool:
    """Whether so few ratings were given, of tasks or of wholes, that their number would tell who gave them."""
    return any(0 < count < FEWEST_RATINGS for count in (total.rated, total.theme_rated))


def counted(
    tallies: Tallies, lights: Mapping[Light, int], total: Counts, *, is_secret: bool = False
) -> dict[Line, int | None]:
    """The lines of the lists; None, also instead of 0, for what may not be told because of too few ratings, here or
    (``is_secret``) in another region, where they could be had by subtraction.

    ``lights`` are those that were on when the last day ended, whatever supervision had found by then.
    """

    def over(kind: MatterKind, because: Because | None = None) -> Tally:
        found = [own for (k, b), own in tallies.items() if k is kind and because in {None, b}]
        return Tally(*(sum(getattr(own, name) for own in found) for name in Tally.__slots__))

    bad, stuck, overdue = over(MatterKind.BAD_REVIEW), over(MatterKind.UNRESOLVED), over(MatterKind.OVERDUE)
    found: dict[Line, int | None] = {
        Line.YELLOW: lights.get(Light.YELLOW, 0),
        Line.RED: lights.get(Light.RED, 0),
        Line.DEEP_RED: lights.get(Light.DEEP_RED, 0),
        Line.OVERDUE_FOUND: overdue.opened,
        Line.OVERDUE_OPEN: overdue.still_open,
        Line.CHASED: over(MatterKind.CHASE).opened,
        Line.ORDERED: over(MatterKind.ORDER).opened,
        Line.ESCALATED: over(MatterKind.ESCALATION).opened,
        Line.RETURNED: over(MatterKind.RETURNED).opened,
        Line.REPORTED: stuck.opened,
        Line.REPORTS_OPEN: stuck.still_open,
        Line.BAD_REVIEWS: bad.opened,
        Line.RECTIFIED: bad.closed,
        Line.BAD_OPEN: bad.still_open,
    }
    is_hidden = is_secret or is_few(total)
    return {line: None if is_hidden and line in OF_RATINGS else count for line, count in found.items()}


def changed(
    now: Counts, before: Counts, secrets: tuple[Mapping[str, Text], Mapping[str, Text]] = ({}, {})
) -> tuple[Change, ...]:
    """Every indicator against the month before. ``secrets``: of the ratings counted by which counters nothing is told,
    and why, now and then."""
    return tuple(
        Change(
            each,
            each.value(now, secret=secrets[0].get(each.needs or "")),
            each.value(before, secret=secrets[1].get(each.needs or "")),
        )
        for each in INDICATORS.values()
    )


def named(departments: Mapping[str, Counts]) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """The departments commended and criticised, by :data:`RULE`; no department is both."""
    compared = [_named(code, counts) for code, counts in departments.items() if counts.decided >= FEWEST_DECIDED]
    compared.sort(key=lambda own: (-own.on_time, -own.early, -own.decided, own.department))
    good = [own for own in compared if own.on_time >= GOOD_SHARE]
    poor = [own for own in reversed(compared) if own.on_time < GOOD_SHARE]
    return tuple(good[:MOST_NAMED]), tuple(poor[:MOST_NAMED])


def _named(code: str, counts: Counts) -> Named:
    on_time, early = (INDICATORS[name].ratio(counts) or 0.0 for name in ("on_time", "early"))
    return Named(code, counts.decided, on_time, early)


def written(bulletin: Bulletin, names: Mapping[str, Text]) -> tuple[Part, ...]:
    """The bulletin as sentences in both languages; ``names`` are those of the departments."""
    return (
        Part(Text("概况", "In brief"), (_brief(bulletin),)),
        Part(Text("预警、超期与督办", "Lights, overdue cases, supervision"), _lists(bulletin)),
        Part(Text("主要指标", "Indicators"), tuple(_told(change) for change in bulletin.changes)),
        Part(Text("表扬与批评", "Commended and criticised"), _names(bulletin, names)),
    )


def _brief(bulletin: Bulletin) -> Text:
    until = Text("", "") if bulletin.is_complete else Text("（当月未满，截至该日）", " (the month is not over)")
    first, last = written_day(bulletin.first), written_day(bulletin.last)
    return Text(
        f"{bulletin.region.zh}政务服务运行情况，{first.zh}至{last.zh}{until.zh}。"
        "教学演示，数据均为虚构；点名规则和各项阈值为示例。",
        f"Government services in {bulletin.region.en}, {first.en} to {last.en}{until.en}. A demonstration "
        "with fictional data; thresholds and the rule of naming are illustrative.",
    )


def _lists(bulletin: Bulletin) -> tuple[Text, ...]:
    told = []
    for line, count in bulletin.counts.items():
        if count is None:
            told.append(Text(f"{line.zh}：{TOO_FEW.zh}", f"{line.en}: {TOO_FEW.en}"))
        else:
            told.append(Text(f"{line.zh}：{count} 件。", f"{line.en}: {count}."))
    return tuple(told)


def _told(change: Change) -> Text:
    name, unit = change.indicator.name, change.indicator.unit
    if change.now.amount is None:
        reason = change.now.reason or Text("", "")
        return Text(f"{name.zh}：无数据。{reason.zh}", f"{name.en}: no value. {reason.en}")
    value = _read(change.now.amount, unit)
    if change.difference is None:
        return Text(f"{name.zh}：{value.zh}，上月无可比数据。", f"{name.en}: {value.en}; nothing to compare with.")
    moved = _moved(change)
    return Text(f"{name.zh}：{value.zh}，{moved.zh}。", f"{name.en}: {value.en}, {moved.en}.")


def _moved(change: Change) -> Text:
    difference = change.difference or 0.0
    if change.is_better is None:
        return Text("与上月持平", "as in the month before")
    by = _by(abs(difference), change.indicator.unit)
    way = Text("上升", "up") if difference > 0 else Text("下降", "down")
    judged = Text("好转", "better") if change.is_better else Text("变差", "worse")
    return Text(f"较上月{way.zh} {by.zh}（{judged.zh}）", f"{way.en} by {by.en} ({judged.en})")


def _read(amount: float, unit: Unit) -> Text:
    if unit is Unit.SHARE:
        return Text(f"{amount:.1%}", f"{amount:.1%}")
    return Text(f"{amount:.2f} {unit.zh}", f"{amount:.2f} {unit.en}")


def _by(amount: float, unit: Unit) -> Text:
    if unit is Unit.SHARE:
        return Text(f"{amount * 100:.1f} 个百分点", f"{amount * 100:.1f} points")
    return Text(f"{amount:.2f}", f"{amount:.2f}")


def _names(bulletin: Bulletin, names: Mapping[str, Text]) -> tuple[Text, ...]:
    lists = (
        (bulletin.commended, Text("表扬", "Commended")),
        (bulletin.criticised, Text("通报批评", "Criticised")),
    )
    return (RULE, *(_listed(own, told, names) for own, told in lists))


def _listed(departments: Sequence[Named], told: Text, names: Mapping[str, Text]) -> Text:
    if not departments:
        return Text(f"{told.zh}：本月无。", f"{told.en}: none this month.")
    zh = "；".join(
        f"{names[own.department].zh}（按时办结率 {own.on_time:.1%}，{own.decided} 件）" for own in departments
    )
    en = "; ".join(f"{names[own.department].en} ({own.on_time:.1%} of {own.decided} on time)" for own in departments)
    return Text(f"{told.zh}：{zh}。", f"{told.en}: {en}.")
