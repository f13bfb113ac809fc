"""工作日: counting time limits the way the law counts them.

The first day is not counted (民法典 art. 201); the limits of the 行政许可法 are working days without public holidays
(art. 82); a limit in calendar days that would end on a day off ends on the next working day (民法典 art. 203).
Weekends worked in exchange for a holiday (调休) are working days. A year whose holiday notice has not come out is
counted Monday to Friday, and said so. Days are the days of Beijing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from app.domain.periods import MONTHS, written_day
from app.domain.vocabulary import Text, TimeUnit

BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The one legal time of China; there has been no summer time since 1991."""

OFFICE_CLOSES: Final = time(17, 30)
LONGEST_LIMIT: Final = 3650
"""Days. Ten years: past this a limit is a typing error."""

WEEKEND: Final = Text("周末", "weekend")
_SATURDAY: Final = 5


class CalendarError(ValueError):
    """A calendar or a count that cannot be; ``message`` says what is wrong and how to mend it."""

    def __init__(self, message: Text) -> None:
        """Keep the sentence in both languages."""
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True)
class _Count:
    """Working days numbered once, so that counting is two list reads.

    ``ranks[i]`` is how many working days since 0001-01-01 have passed by the end of day ``base + i``, as if every
    day before ``base`` followed the week; outside the table it does, and arithmetic takes over.
    """

    base: int
    ranks: tuple[int, ...]
    days: tuple[date, ...]
    before: int

    def rank(self, ordinal: int) -> int:
        """How many working days up to and including the day."""
        place = ordinal - self.base
        if place < 0:
            return _weekdays(ordinal)
        if place < len(self.ranks):
            return self.ranks[place]
        last = self.base + len(self.ranks) - 1
        return self.before + len(self.days) + _weekdays(ordinal) - _weekdays(last)

    def day(self, rank: int) -> date:
        """The working day with that rank, counted from 1."""
        place = rank - self.before - 1
        if 0 <= place < len(self.days):
            return self.days[place]
        if place >= len(self.days):
            rank += _weekdays(self.base + len(self.ranks) - 1) - self.before - len(self.days)
        weeks, day = divmod(rank - 1, 5)
        return date.fromordinal(weeks * 7 + day + 1)


def _weekdays(ordinal: int) -> int:
    """Mondays to Fridays up to and including the day; 0001-01-01, ordinal 1, was a Monday."""
    weeks, day = divmod(ordinal, 7)
    return weeks * 5 + min(day, 5)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The published days off and weekends worked, each with its reason, and the years whose notice is out.

    ``make_up_days`` are Saturdays and Sundays that are worked. Raises :class:`CalendarError` when a day is both off
    and worked, or a make-up day falls on a weekday. Compared by identity; building one takes a few milliseconds.
    """

    holidays: Mapping[date, Text]
    make_up_days: Mapping[date, Text]
    known_years: frozenset[int]
    _count: _Count = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Copy what was given, so that nobody changes it later, and number the days."""
        for day in sorted(self.make_up_days):
            _check_make_up(day, self.holidays)
        object.__setattr__(self, "holidays", dict(sorted(self.holidays.items())))
        object.__setattr__(self, "make_up_days", dict(sorted(self.make_up_days.items())))
        object.__setattr__(self, "_count", _number(self))

    def is_working(self, day: date) -> bool:
        """Whether offices are open that day."""
        return day in self.make_up_days or (day.weekday() < _SATURDAY and day not in self.holidays)

    def is_published(self, year: int) -> bool:
        """Whether the year's holiday notice is out."""
        return year in self.known_years

    def why_off(self, day: date) -> Text | None:
        """Why a day is off: the holiday's name or the weekend; ``None`` for a working day."""
        return None if self.is_working(day) else self.holidays.get(day, WEEKEND)


def _check_make_up(day: date, holidays: Mapping[date, Text]) -> None:
    if day.weekday() < _SATURDAY:
        raise CalendarError(
            Text(
                f"{day} 是周一至周五，不能列为调休上班日，请改为相应的周六或周日。",
                f"{day} is a weekday already; a make-up day is a Saturday or a Sunday.",
            )
        )
    if day in holidays:
        raise CalendarError(
            Text(
                f"{day} 同时列为放假日和调休上班日，请删去其一。",
                f"{day} is listed both as a holiday and as a make-up day; remove one.",
            )
        )


def _number(calendar: Calendar) -> _Count:
    years = {day.year for day in (*calendar.holidays, *calendar.make_up_days)}
    if not years:
        return _Count(1, (), (), 0)
    base, last = date(min(years), 1, 1).toordinal(), date(max(years), 12, 31).toordinal()
    before = rank = _weekdays(base - 1)
    ranks, days = [], []
    for ordinal in range(base, last + 1):
        day = date.fromordinal(ordinal)
        if calendar.is_working(day):
            rank += 1
            days.append(day)
        ranks.append(rank)
    return _Count(base, tuple(ranks), tuple(days), before)


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day that did not count, and why."""

    on: date
    reason: Text


@dataclass(frozen=True, slots=True)
class MadeUpDay:
    """A Saturday or Sunday that counted because it is worked, and for which holiday."""

    on: date
    reason: Text


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit of ``count`` days from ``start`` ends, and everything needed to explain it.

    ``skipped`` are the days off that moved the end; ``unpublished_years`` the years counted without a notice.
    """

    on: date
    start: date
    count: int
    unit: TimeUnit
    skipped: tuple[SkippedDay, ...]
    made_up: tuple[MadeUpDay, ...]
    unpublished_years: tuple[int, ...]


def due_on(calendar: Calendar, start: date, count: int, unit: TimeUnit = TimeUnit.WORKING_DAY) -> date:
    """The day a limit ends, the fast way: always the ``on`` of :func:`due`.

    ``start`` is not counted. A count of 0 (即办) ends on ``start`` itself, or the next working day when it is a day
    off. Raises :class:`CalendarError` when ``count`` is not within 0 to ``LONGEST_LIMIT`` or the end is past year 9999.
    """
    if not 0 <= count <= LONGEST_LIMIT:
        raise CalendarError(
            Text(
                f"时限应为 0 至 {LONGEST_LIMIT} 天的整数，请检查。",
                f"A time limit is a whole number of days from 0 to {LONGEST_LIMIT}; mend it.",
            )
        )
    ordinal = start.toordinal()
    try:
        if count and unit is TimeUnit.WORKING_DAY:
            return calendar._count.day(calendar._count.rank(ordinal) + count)
        return calendar._count.day(calendar._count.rank(ordinal + count - 1) + 1)
    except (OverflowError, ValueError) as error:
        raise CalendarError(Text("日期超出可计算的范围。", "The date is out of reach.")) from error


def due(calendar: Calendar, start: date, count: int, unit: TimeUnit = TimeUnit.WORKING_DAY) -> Due:
    """The day a limit ends, with the days skipped on the way and the weekends that counted.

    Same rules and errors as :func:`due_on`. In calendar days only a day off at the very end is skipped.
    """
    on = due_on(calendar, start, count, unit)
    if count == 0:
        first = start
    elif unit is TimeUnit.WORKING_DAY:
        first = start + timedelta(days=1)
    else:
        first = start + timedelta(days=count)
    skipped, made_up = [], []
    for day in _days(first, on):
        if reason := calendar.why_off(day):
            skipped.append(SkippedDay(day, reason))
        elif made := calendar.make_up_days.get(day):
            made_up.append(MadeUpDay(day, made))
    unpublished = tuple(year for year in range(first.year, on.year + 1) if not calendar.is_published(year))
    return Due(on, start, count, unit, tuple(skipped), tuple(made_up), unpublished)


def _days(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def effective_start(calendar: Calendar, at: datetime, closes: time = OFFICE_CLOSES) -> date:
    """The day a submission counts as received: that day, or the next working day after hours or on a day off.

    A naive ``at`` is Beijing time; an aware one is converted to it. A submission at ``closes`` sharp is in time.
    """
    local = at if at.tzinfo is None else at.astimezone(BEIJING)
    day = local.date()
    late = local.time() > closes
    return due_on(calendar, day, 1 if late or not calendar.is_working(day) else 0)


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """Working days after ``start`` up to and including ``end``; negative when ``end`` is the earlier one.

    The days left when ``start`` is today and ``end`` the due day, the days overdue when negative.
    """
    return calendar._count.rank(end.toordinal()) - calendar._count.rank(start.toordinal())


def explain(due: Due) -> Text:
    """One sentence: from which day, how many days, what was skipped and why, which weekends were worked."""
    head = _head(due)
    skipped, made_up = _told(due.skipped, due.start), _told(due.made_up, due.start)
    zh, en = [head.zh], [head.en]
    if skipped.zh:
        zh.append(f"不计入：{skipped.zh}")
        en.append(f"not counted: {skipped.en}")
    if made_up.zh:
        zh.append(f"调休上班，计入：{made_up.zh}")
        en.append(f"weekend days worked and counted: {made_up.en}")
    for year in due.unpublished_years:
        zh.append(f"{year}年：该年度节假日安排尚未公布，按周一至周五计算")
        en.append(f"the public holidays of {year} have not been published, so Monday to Friday are counted")
    return Text("；".join(zh) + "。", "; ".join(en) + ".")


def _head(due: Due) -> Text:
    start, on = written_day(due.start), written_day(due.on)
    if due.count == 0:
        return Text(f"即办：{start.zh}收到，{on.zh}办结", f"Decided on the spot: received {start.en}, due {on.en}")
    many = "" if due.count == 1 else "s"
    unit = f"{due.unit.en.removesuffix('s')}{many}"
    if due.unit is TimeUnit.CALENDAR_DAY and due.skipped:
        return Text(
            f"自{start.zh}的次日起算，{due.count}个自然日的最后一日不是工作日，顺延至{on.zh}届满",
            f"Counting from the day after {start.en}, {due.count} {unit} end on a day off and so run to {on.en}",
        )
    return Text(
        f"自{start.zh}的次日起算，{due.count}个{due.unit.zh}于{on.zh}届满",
        f"Counting from the day after {start.en}, {due.count} {unit} end{'s' if not many else ''} on {on.en}",
    )


_MOST_WEEKENDS_NAMED: Final = 3


def _told(days: tuple[SkippedDay, ...] | tuple[MadeUpDay, ...], start: date) -> Text:
    """Days run together by reason; weekends are named while they are few and counted when they are many."""
    runs = _runs(days)
    weekends = [run for run in runs if run[2] == WEEKEND]
    few = len(weekends) <= _MOST_WEEKENDS_NAMED
    told = [_say_run(*run, start.year) for run in runs if few or run[2] != WEEKEND]
    if not few:
        count = sum((last - first).days + 1 for first, last, _ in weekends)
        told.append(Text(f"周末共{count}天", f"{count} weekend days"))
    return Text("、".join(run.zh for run in told), ", ".join(run.en for run in told))


def _runs(days: tuple[SkippedDay, ...] | tuple[MadeUpDay, ...]) -> list[tuple[date, date, Text]]:
    runs: list[tuple[date, date, Text]] = []
    for day in days:
        if runs and runs[-1][2] == day.reason and (day.on - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], day.on, day.reason)
        else:
            runs.append((day.on, day.on, day.reason))
    return runs


def _say_run(first: date, last: date, reason: Text, year: int) -> Text:
    zh = f"{first.month}月{first.day}日" if first.year == year else written_day(first).zh
    en = f"{first.day} {MONTHS[first.month - 1]}" if first.year == year else written_day(first).en
    if last > first:
        zh += f"至{last.day}日" if last.month == first.month else f"至{last.month}月{last.day}日"
        en += f" to {last.day} {MONTHS[last.month - 1]}"
    return Text(f"{zh}（{reason.zh}）", f"{en} ({reason.en})")


class CycleError(ValueError):
    """Steps wait for each other: ``names`` in order, each before the next, the last before the first."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """Say the circle in both languages."""
        circle = " → ".join((*names, names[0]))
        self.names = names
        self.message = Text(
            f"前置关系形成循环：{circle}，请去掉其中一条。", f"Steps wait for each other: {circle}; remove one link."
        )
        super().__init__(self.message.en)


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """In days from the beginning: when each step may ``start`` and will ``finish``, and the chain that decides."""

    total: int
    finish: Mapping[str, int]
    start: Mapping[str, int]
    on_path: tuple[str, ...]


def critical_path(durations: Mapping[str, int], after: Mapping[str, Sequence[Sequence[str]]]) -> CriticalPath:
    """When each step can be over if each starts as soon as it may.

    ``after[x]`` is a list of groups: of each group the first to finish is enough (任一), and every group is needed
    (全部); an empty group asks for nothing. Ties go to the step declared first. Raises :class:`CycleError`, also when
    only an alternative closes the circle, and ``ValueError`` for a step without a duration or a negative one.
    """
    _check_steps(durations, after)
    finish: dict[str, int] = {}
    awaited: dict[str, str] = {}
    waiting = list(durations)
    while waiting:
        ready = [name for name in waiting if all(other in finish for group in after.get(name, ()) for other in group)]
        if not ready:
            raise CycleError(_circle(waiting, after))
        for name in ready:
            firsts = [min(group, key=finish.__getitem__) for group in after.get(name, ()) if group]
            if firsts:
                awaited[name] = max(firsts, key=finish.__getitem__)
            finish[name] = durations[name] + (finish[awaited[name]] if firsts else 0)
        waiting = [name for name in waiting if name not in finish]
    path = [max(durations, key=finish.__getitem__)] if durations else []
    while path and path[-1] in awaited:
        path.append(awaited[path[-1]])
    start = {name: finish[name] - durations[name] for name in durations}
    return CriticalPath(
        max(finish.values(), default=0), {name: finish[name] for name in durations}, start, tuple(reversed(path))
    )


def stages(after: Mapping[str, Sequence[Sequence[str]]]) -> tuple[tuple[str, ...], ...]:
    """Steps by the earliest round in which each may start, in order of declaration. Raises :class:`CycleError`."""
    names = dict.fromkeys(after)
    names |= dict.fromkeys(name for groups in after.values() for group in groups for name in group)
    rounds: dict[int, list[str]] = {}
    for name, place in critical_path(dict.fromkeys(names, 1), after).start.items():
        rounds.setdefault(place, []).append(name)
    return tuple(tuple(rounds[place]) for place in sorted(rounds))


def _check_steps(durations: Mapping[str, int], after: Mapping[str, Sequence[Sequence[str]]]) -> None:
    named = dict.fromkeys((*after, *(name for groups in after.values() for group in groups for name in group)))
    wrong = [name for name in named if name not in durations] + [name for name in durations if durations[name] < 0]
    if wrong:
        raise ValueError(f"every step needs a duration of 0 or more days; mend {', '.join(wrong)}")


def _circle(stuck: Sequence[str], after: Mapping[str, Sequence[Sequence[str]]]) -> tuple[str, ...]:
    """Walk back from one step that waits to another until one comes twice; the walk, turned round, is the circle."""
    walk = [stuck[0]]
    while walk[-1] not in walk[:-1]:
        walk.append(next(other for group in after[walk[-1]] for other in group if other in stuck))
    names = walk[walk.index(walk[-1]) + 1 :][::-1]
    first = names.index(min(names, key=stuck.index))
    return (*names[first:], *names[:first])
