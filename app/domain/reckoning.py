"""Every date explains itself: the due dates of a task counted again from its event rows alone.

From what happened and when, the limits promised at submission and the calendar, :func:`reckon` finds the four due dates
and tells each as data and as a sentence: from which day and why, each day skipped, each weekend worked, each pause and
extension, and the law. It never reads a stored due date to find one; it compares, and says so when they differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from app.domain import clocks
from app.domain.applications import Event, EventKind, Task
from app.domain.deadlines import BEIJING, Calendar, Due, due, effective_start, explain
from app.domain.periods import written_day
from app.domain.records import Announcement
from app.domain.vocabulary import PowerType, Text, TimeUnit, Word


class DueDate(Word):
    """The four due dates of a task."""

    INTAKE = "intake", "受理期限", "limit for accepting or asking for corrections"
    PROMISED = "promised", "承诺期限", "promised limit"
    STATUTORY = "statutory", "法定期限", "statutory limit"
    DELIVERY = "delivery", "送达期限", "limit for delivery"


class ShiftKind(Word):
    """What moves a due date."""

    SPECIAL = "special", "特别程序停表", "special procedure, clock stopped"
    SUSPENDED = "suspended", "中止停表", "suspension, clock stopped"
    ANNOUNCEMENT = "announcement", "公告期不计", "announcement not counted"
    EXTENSION = "extension", "延期", "extension"


@dataclass(frozen=True, slots=True)
class Shift:
    """One move of a due date by ``days`` of its unit, from ``before`` to ``after``, and which days were skipped."""

    kind: ShiftKind
    since: date
    until: date
    days: int
    before: date
    after: date
    why: str
    counted: Due


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One due date with everything that made it.

    ``base`` is the limit as counted from its start, ``shifts`` what moved it to ``on``; ``stored_on`` is the date on
    the task. They are the same unless a calendar came out, or a rule was mended, after the date was told to people.
    """

    kind: DueDate
    on: date
    start: date
    start_rule: Text
    base: Due
    shifts: tuple[Shift, ...]
    law: Text
    stored_on: date | None
    sentence: Text

    @property
    def is_as_stored(self) -> bool:
        """Whether the task holds the same date."""
        return self.on == self.stored_on

    @property
    def unpublished_years(self) -> tuple[int, ...]:
        """Years counted Monday to Friday because their holiday notice is not out."""
        counted = [self.base, *(shift.counted for shift in self.shifts)]
        return tuple(sorted({year for each in counted for year in each.unpublished_years}))


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why and when a due date moves."""

    kind: ShiftKind
    since: date
    until: date
    why: str


@dataclass(slots=True)
class _Line:
    """One due date in the making."""

    base: Due
    rule: Text
    shifts: list[Shift] = field(default_factory=list)

    @property
    def on(self) -> date:
        return self.shifts[-1].after if self.shifts else self.base.on

    def move(self, cause: _Cause, calendar: Calendar, days: int, unit: TimeUnit) -> None:
        if days:
            counted = due(calendar, self.on, days, unit)
            self.shifts.append(
                Shift(cause.kind, cause.since, cause.until, days, self.on, counted.on, cause.why, counted)
            )


RECEIVED = Text("自收到申请之日起，当日不计", "from the day the application was received, that day not counted")
STARTED = Text("自前置事项完成之日起，当日不计", "from the day the earlier items were through, that day not counted")
CORRECTED = Text("自收到补正之日起，当日不计", "from the day the correction was received, that day not counted")
ACCEPTED = Text("自受理之日起，当日不计", "from the day of acceptance, that day not counted")
DEEMED = Text(
    "逾期未告知，自收到申请之日起视为受理，当日不计",
    "nothing was said in time: accepted from the day of receipt, that day not counted",
)
GRANTED = Text("自准予决定之日起，当日不计", "from the day of the grant, that day not counted")
NEXT_DAY = Text(
    "（非工作时间收到，算作下一个工作日）", " (received outside office hours: counted as the next working day)"
)

LAWS = {
    DueDate.INTAKE: Text("行政许可法第三十二条、第八十二条", "Administrative Licensing Law, arts. 32 and 82"),
    DueDate.PROMISED: Text(
        "本机关公开承诺的时限，按行政许可法第八十二条计算",
        "the authority's own published promise, counted by the Administrative Licensing Law, art. 82",
    ),
    DueDate.STATUTORY: Text("行政许可法第四十二条、第八十二条", "Administrative Licensing Law, arts. 42 and 82"),
    DueDate.DELIVERY: Text("行政许可法第四十四条、第八十二条", "Administrative Licensing Law, arts. 44 and 82"),
}
BY_ANALOGY = Text("（本事项不是行政许可，参照计算）", " (this item is not a licence: counted by analogy)")
CALENDAR_DAYS = Text("民法典第二百零一条至第二百零三条", "Civil Code, arts. 201 to 203")
SHIFT_LAWS = {
    ShiftKind.SPECIAL: Text("行政许可法第四十五条", "Administrative Licensing Law, art. 45"),
    ShiftKind.SUSPENDED: Text("中止期间不计（示例规则）", "a suspension is not counted (illustrative rule)"),
    ShiftKind.ANNOUNCEMENT: Text("本事项的法律规定公告期不计", "the item's own law does not count announcements"),
    ShiftKind.EXTENSION: Text("行政许可法第四十二条", "Administrative Licensing Law, art. 42"),
}


class _Walk:
    """Goes through the events of one task and keeps its due dates as they come about."""

    def __init__(self, task: Task, calendar: Calendar) -> None:
        self.task, self.calendar = task, calendar
        self.lines: dict[DueDate, _Line] = {}
        self.paused: tuple[ShiftKind, date, str] | None = None
        self.announced: tuple[Announcement, ...] = ()

    def see(self, event: Event) -> None:
        """Take in one event."""
        match event.kind:
            case EventKind.TASK_OPENED if event.end is None and not event.changes["opened"].after:
                self.begin(DueDate.INTAKE, event, clocks.INTAKE_DAYS, RECEIVED)
            case EventKind.STARTED:
                self.begin(DueDate.INTAKE, event, clocks.INTAKE_DAYS, STARTED)
            case EventKind.CORRECTED:
                self.begin(DueDate.INTAKE, event, clocks.INTAKE_DAYS, CORRECTED)
            case EventKind.ACCEPTED:
                self.accept(_day(event), ACCEPTED)
            case EventKind.DEEMED_ACCEPTED:
                self.accept(self.lines[DueDate.INTAKE].base.start, DEEMED)
            case EventKind.GRANTED:
                self.lines[DueDate.DELIVERY] = _Line(due(self.calendar, _day(event), clocks.DELIVERY_DAYS), GRANTED)
            case _:
                self.see_shift(event)

    def see_shift(self, event: Event) -> None:
        """Take in an event that may move what is due."""
        today = _day(event)
        match event.kind:
            case EventKind.SPECIAL_BEGUN | EventKind.SUSPENDED:
                kind = ShiftKind.SPECIAL if event.kind is EventKind.SPECIAL_BEGUN else ShiftKind.SUSPENDED
                self.paused = kind, today, _paused_for(event)
            case EventKind.SPECIAL_ENDED | EventKind.RESUMED if self.paused is not None:
                kind, since, why = self.paused
                self.stand_still(_Cause(kind, since, today, why))
                self.paused = None
            case EventKind.ANNOUNCED:
                made = event.changes["announcements"][-1]
                if made.stops_clock:
                    self.stand_still(_Cause(ShiftKind.ANNOUNCEMENT, made.since, made.until, made.about))
                self.announced = (*self.announced, made)
            case EventKind.EXTENDED:
                self.extend(event, today)

    def start(self, event: Event) -> date:
        """The working day the event counts from."""
        return effective_start(self.calendar, event.at)

    def begin(self, which: DueDate, event: Event, days: int, rule: Text) -> None:
        """A clock of working days starts with the event."""
        base = due(self.calendar, self.start(event), days)
        self.lines[which] = _Line(base, _rule(rule, self.calendar, event))

    def accept(self, start: date, rule: Text) -> None:
        """The promised and the statutory clock start together."""
        task = self.task
        self.lines[DueDate.PROMISED] = _Line(due(self.calendar, start, task.promised_days, task.promised_unit), rule)
        if task.statutory_days is not None:
            base = due(self.calendar, start, task.statutory_days, task.statutory_unit)
            self.lines[DueDate.STATUTORY] = _Line(base, rule)

    def stand_still(self, cause: _Cause) -> None:
        """The clock stood still: every due date of the review moves by what was lost in its own unit."""
        begun = clocks.resumes_counting(self.announced, cause.since)
        for which, unit in self.review_lines():
            days = clocks.lost(self.calendar, begun, cause.until, unit)
            self.lines[which].move(cause, self.calendar, days, unit)

    def extend(self, event: Event, today: date) -> None:
        """An extension moves both; a promise that had passed already stays."""
        cause = _Cause(ShiftKind.EXTENSION, today, today, event.why or "")
        for which, _ in self.review_lines():
            line = self.lines[which]
            if which is DueDate.STATUTORY or today <= line.on:
                line.move(cause, self.calendar, event.changes["extended_days"], TimeUnit.WORKING_DAY)

    def review_lines(self) -> list[tuple[DueDate, TimeUnit]]:
        """The due dates of the review, with their units."""
        both = ((DueDate.PROMISED, self.task.promised_unit), (DueDate.STATUTORY, self.task.statutory_unit))
        return [pair for pair in both if pair[0] in self.lines]


def reckon(task: Task, events: Iterable[Event], calendar: Calendar) -> tuple[Reckoned, ...]:
    """The due dates of a task that its events give, in the order intake, promised, statutory, delivery.

    ``events`` are those of the application in order; other tasks' are passed over. A date whose clock has not started
    is not there.
    """
    walk = _Walk(task, calendar)
    for event in events:
        if event.task == task.item:
            walk.see(event)
    stored = {
        DueDate.INTAKE: task.intake_due_on,
        DueDate.PROMISED: task.promised_due_on,
        DueDate.STATUTORY: task.statutory_due_on,
        DueDate.DELIVERY: task.delivery_due_on,
    }
    return tuple(_reckoned(which, walk.lines[which], task, stored[which]) for which in DueDate if which in walk.lines)


def _reckoned(which: DueDate, line: _Line, task: Task, stored_on: date | None) -> Reckoned:
    law = _law(which, line.base.unit, task.power)
    return Reckoned(
        kind=which,
        on=line.on,
        start=line.base.start,
        start_rule=line.rule,
        base=line.base,
        shifts=tuple(line.shifts),
        law=law,
        stored_on=stored_on,
        sentence=_sentence(which, line, law, stored_on),
    )


def _law(which: DueDate, unit: TimeUnit, power: PowerType | None) -> Text:
    law = LAWS[which]
    if unit is TimeUnit.CALENDAR_DAY:
        law = CALENDAR_DAYS
    elif power not in {None, PowerType.LICENCE} and which is not DueDate.PROMISED:
        law = Text(law.zh + BY_ANALOGY.zh, law.en + BY_ANALOGY.en)
    return law


def _rule(rule: Text, calendar: Calendar, event: Event) -> Text:
    if effective_start(calendar, event.at) == _day(event):
        return rule
    return Text(rule.zh + NEXT_DAY.zh, rule.en + NEXT_DAY.en)


def _paused_for(event: Event) -> str:
    procedure = event.changes["pauses"][-1].procedure
    named = f"{procedure.zh} / {procedure.en}" if procedure is not None else ""
    return "：".join(part for part in (named, event.why or "") if part)


def _sentence(which: DueDate, line: _Line, law: Text, stored_on: date | None) -> Text:
    told = [Text(f"{which.zh}：{line.rule.zh}。", f"{which.en.capitalize()}: {line.rule.en}."), explain(line.base)]
    told += [part for shift in line.shifts for part in (_told(shift), explain(shift.counted))]
    told.append(Text(f"依据：{law.zh}。", f"By {law.en}."))
    if stored_on is not None and stored_on != line.on:
        day = written_day(stored_on)
        told.append(
            Text(
                f"告知时的日期为{day.zh}，此后节假日安排或者计算规则有变化；以告知的日期为准。",
                f"The date told was {day.en}; holidays or rules have changed since, but the date told stands.",
            )
        )
    return Text("".join(part.zh for part in told), " ".join(part.en for part in told))


def _told(shift: Shift) -> Text:
    unit, law = shift.counted.unit, SHIFT_LAWS[shift.kind]
    span = Text("", "")
    if shift.since != shift.until:
        first, last = written_day(shift.since), written_day(shift.until)
        span = Text(f"{first.zh}至{last.zh}，", f" from {first.en} to {last.en},")
    before, after = written_day(shift.before), written_day(shift.after)
    return Text(
        f"{shift.kind.zh}（{span.zh}{law.zh}）：{shift.days} 个{unit.zh}，由{before.zh}顺延至{after.zh}。",
        f"{shift.kind.en.capitalize()}{span.en} by {law.en}: {shift.days} {unit.en}, moved from {before.en} "
        f"to {after.en}.",
    )


def _day(event: Event) -> date:
    return event.at.astimezone(BEIJING).date()
