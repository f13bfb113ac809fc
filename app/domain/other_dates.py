"""The dates beside the four of :mod:`app.domain.reckoning`, each with its own account: when a correction is to be
answered, what follows later, the check after a grant on commitment, a physical step, the end that was told of a special
procedure, and an announcement's last day.

All but the announcement and what art. 45 has a department say in writing are illustrative periods, and say so.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain import clocks
from app.domain.applications import Application, Event, EventKind, Notice, Task
from app.domain.deadlines import BEIJING, Calendar, Due, due, effective_start, explain, working_days_between
from app.domain.matters import Matter, MatterEvent, MatterEventKind
from app.domain.periods import written_day
from app.domain.vocabulary import Text, TimeUnit, Word


class OtherDate(Word):
    """What kind of date it is."""

    CORRECTION = "correction", "补正期限", "limit for the correction"
    DEFERRED = "deferred", "后补期限", "limit for what follows later"
    CHECK = "check", "事后核查期限", "limit for the check afterwards"
    STEP = "step", "线下环节期限", "limit for a physical step"
    SPECIAL = "special", "特别程序预计结束", "expected end of the special procedure"
    ANNOUNCEMENT = "announcement", "公告截止", "last day of the announcement"


RULES: Mapping[OtherDate, Text] = {
    OtherDate.CORRECTION: Text(
        "自补正告知书送达起；答复的天数法律没有规定，为示例",
        "from service of the notice; the law sets no period for the answer, this one is illustrative",
    ),
    OtherDate.DEFERRED: Text(
        "自受理起（视为受理的，自受理期限届满起），不长于本事项的承诺时限；天数为示例",
        "from acceptance (where silence was acceptance, from the last day of the silence) and no longer than the item "
        "is promised for; the number is illustrative",
    ),
    OtherDate.CHECK: Text(
        "自凭承诺准予起（国办发〔2020〕42号）；天数为示例",
        "from the grant on commitment (国办发〔2020〕42号); the number is illustrative",
    ),
    OtherDate.STEP: Text(
        "自安排该环节起，天数由承办单位定，不影响办理期限",
        "from the day it was planned; the office sets the number, and no period of the case depends on it",
    ),
    OtherDate.SPECIAL: Text(
        "自停表起，所需天数由承办单位书面告知（行政许可法第四十五条）",
        "from the day the clock stopped, for as long as the office told in writing (art. 45)",
    ),
    OtherDate.ANNOUNCEMENT: Text(
        "按自然日计算，公告期满前不作决定（民法典第二百零一条至第二百零三条）",
        "in calendar days; nothing is decided before it has run (Civil Code, arts. 201 to 203)",
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One date: what it is about (None: the task as a whole), the count it came of, and the sentence.

    ``stood_still`` are working days that a suspension gave back; ``on`` is the date as it stands.
    """

    kind: OtherDate
    about: Text | None
    on: date
    counted: Due
    stood_still: int
    rule: Text
    sentence: Text


def other_dates(
    task: Task, case: Application, events: Iterable[Event], calendar: Calendar, names: Mapping[str, Text]
) -> tuple[Told, ...]:
    """Every such date of one task. ``events`` are the application's, ``names`` those of its fields and materials."""
    found = [of_notice(notice, calendar) for notice in case.notices if task.item in notice.points]
    found += _deferred(task, calendar, names)
    if task.after_check is not None and task.decided_at is not None:
        counted = due(calendar, task.decided_at.astimezone(BEIJING).date(), clocks.AFTER_CHECK_DAYS)
        found.append(_told(OtherDate.CHECK, counted, task.after_check.due_on))
    found += _steps(task, events, calendar)
    for pause in task.pauses:
        if pause.ends_on is not None and pause.days is not None:
            about = pause.procedure.label if pause.procedure is not None else None
            found.append(_told(OtherDate.SPECIAL, due(calendar, pause.since, pause.days), pause.ends_on, about))
    for made in task.announcements:
        counted = due(calendar, made.since, made.days, TimeUnit.CALENDAR_DAY)
        found.append(_told(OtherDate.ANNOUNCEMENT, counted, made.until))
    return tuple(found)


def of_notice(notice: Notice, calendar: Calendar) -> Told:
    """Until when a correction notice is answered."""
    counted = due(calendar, effective_start(calendar, notice.served_at), clocks.CORRECTION_DAYS)
    return _told(OtherDate.CORRECTION, counted, notice.due_on)


def of_matter(matter: Matter, events: Iterable[MatterEvent], calendar: Calendar) -> Text:
    """How the date of the next step of a matter was counted; the numbers of days are illustrative."""
    setting = [event for event in events if event.changes.get("due_on") == matter.due_on]
    if not setting:
        return Text("", "")
    last = setting[-1]
    start = effective_start(calendar, last.at)
    if last.kind is MatterEventKind.VERIFIED and matter.assigned_on is not None:
        start = matter.assigned_on
    counted = due(calendar, start, max(0, working_days_between(calendar, start, matter.due_on)))
    told, name = explain(counted), last.kind
    return Text(
        f"自“{name.zh}”起算。{told.zh}天数为示例。", f"From “{name.en}”. {told.en} The number of days is illustrative."
    )


def _deferred(task: Task, calendar: Calendar, names: Mapping[str, Text]) -> Iterator[Told]:
    if task.accepted_at is None:
        return
    start = effective_start(calendar, task.accepted_at)
    if task.is_deemed_accepted and task.intake_due_on is not None:
        start = task.intake_due_on
    for own in task.deferred:
        if own.due_on is not None:
            counted = due(calendar, start, own.days)
            yield _told(OtherDate.DEFERRED, counted, own.due_on, names.get(own.code), calendar)


def _steps(task: Task, events: Iterable[Event], calendar: Calendar) -> Iterator[Told]:
    planned = [event for event in events if event.task == task.item and event.kind is EventKind.STEP_PLANNED]
    for step, event in zip(task.steps, planned, strict=False):
        start = effective_start(calendar, event.at)
        counted = due(calendar, start, max(0, working_days_between(calendar, start, step.due_on)))
        yield _told(OtherDate.STEP, counted, step.due_on, step.kind.label)


def _told(kind: OtherDate, counted: Due, on: date, about: Text | None = None, calendar: Calendar | None = None) -> Told:
    still = working_days_between(calendar, counted.on, on) if calendar is not None else 0
    rule, counting = RULES[kind], explain(counted)
    head = Text(
        f"{kind.zh}{f'（{about.zh}）' if about else ''}：{rule.zh}。",
        f"{kind.en.capitalize()}{f' ({about.en})' if about else ''}: {rule.en}. ",
    )
    tail, stands = Text("", ""), written_day(on)
    if still > 0:
        tail = Text(
            f"其间中止 {still} 个工作日不计，顺延至{stands.zh}。",
            f" Suspended meanwhile for {still} working day(s), so until {stands.en}.",
        )
    elif counted.on != on:
        tail = Text(f"告知时的日期为{stands.zh}，以告知的日期为准。", f" The date told was {stands.en}, and stands.")
    sentence = Text(f"{head.zh}{counting.zh}{tail.zh}", f"{head.en}{counting.en}{tail.en}")
    return Told(kind, about, on, counted, max(0, still), rule, sentence)
