"""The limit of the whole where several departments license together: 45 working days, at most 15 more (art. 42).

A need whose licences lie with more than one department is 统一办理, 联合办理 or 集中办理 (行政许可法 art. 26), and the
whole has a limit of its own beside those of its parts. It binds licences only: confirmations, payments and public
services of the same need have their own limits and neither start nor end this one.

Illustrative readings, said to people as such: the 45 days are counted from the first acceptance among the licences;
days on which any of them stood still (art. 45) are not counted. What a department extends for its own item moves that
item alone; the whole is extended by :mod:`app.domain.whole_extensions`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain import clocks
from app.domain.applications import Application, Moment, Task
from app.domain.deadlines import BEIJING, Due, due, due_on, explain
from app.domain.lifecycle import ENDED
from app.domain.oversight import OFF, Lit, light_of_case, light_of_whole
from app.domain.periods import written_day
from app.domain.records import WholeExtension
from app.domain.routing import Plan
from app.domain.vocabulary import PowerType, Text, TimeUnit

JOINT_DAYS = 45
"""行政许可法 art. 42 (2): working days for the whole where departments license together."""
LAW = Text(
    "行政许可法第二十六条、第四十二条第二款、第八十二条", "Administrative Licensing Law, arts. 26, 42 (2) and 82"
)
START_RULE = Text(
    "自其中最先受理之日起，当日不计（起算点为示例理解）",
    "from the first acceptance among them, that day not counted (an illustrative reading)",
)
NOT_JOINT = Text(
    "由一个部门办理的行政许可，或者不含行政许可的一件事，没有整件四十五个工作日的期限，各事项按自己的期限办理。",
    "With licences of one department only, or none, there is no limit of 45 working days for the whole: "
    "each item keeps its own.",
)
ONCE = Text("期限只能延长一次。", "It can be extended once only.")


@dataclass(frozen=True, slots=True)
class WholeLimit:
    """The limit of the whole. Without ``items`` it does not apply; without ``on`` nothing is accepted yet.

    ``uncounted`` are the working days that stood still, ``shift`` those that ``extension`` added, counted from the day
    it would have ended; ``longest_on`` is the last day there can be, when the head of the local government approves
    all fifteen.
    """

    items: tuple[str, ...]
    departments: tuple[str, ...]
    base: Due | None
    uncounted: int
    shift: Due | None
    on: date | None
    longest_on: date | None
    lit: Lit
    told: tuple[Text, ...] = ()
    """How the date came about, after what is bound."""
    extension: WholeExtension | None = None

    @property
    def extended(self) -> int:
        """Working days added."""
        return 0 if self.extension is None else self.extension.days

    @property
    def applies(self) -> bool:
        """Whether there are licences of more than one department."""
        return bool(self.items)

    def sentence(self, names: Mapping[str, Text]) -> Text:
        """How the date comes about, or why there is none, the items called by these names (code → name)."""
        if not self.applies:
            return NOT_JOINT
        law = Text(f"依据：{LAW.zh}。", f"By {LAW.en}.")
        told = [_bound([names[item] for item in self.items], len(self.departments)), *self.told, law]
        return Text("".join(part.zh for part in told), " ".join(part.en for part in told))


def limit_of_plan(plan: Plan) -> WholeLimit:
    """Whether the limit will apply to what is planned; it has no dates before anything is accepted."""
    found = [planned for planned in plan.items if planned.item.power is PowerType.LICENCE]
    found.sort(key=lambda planned: (planned.stage, planned.item.code))
    return _undated([(planned.item.code, planned.routed.department.code) for planned in found])


def limit_of_case(case: Application, moment: Moment) -> WholeLimit:
    """The limit of a submitted application as it stands now, counted from its tasks alone."""
    tasks = licences(case.tasks.values())
    undated = _undated([(task.item, task.department) for task in tasks])
    starts = [start for task in tasks if (start := _accepted_on(task)) is not None]
    if not undated.applies or not starts:
        return undated
    return _dated(undated, tasks, min(starts), case.whole_extension, moment)


def licences(tasks: Iterable[Task]) -> list[Task]:
    """The licences that are, were or will be examined: one that ended before its acceptance is not among them."""
    found = [
        task
        for task in tasks
        if task.power is PowerType.LICENCE and not (task.status in ENDED and task.accepted_at is None)
    ]
    return sorted(found, key=lambda task: (task.stage, task.item))


def gravest_light(case: Application, limit: WholeLimit, moment: Moment) -> Lit:
    """The light of the whole: the gravest of its tasks and of its own limit."""
    lit = light_of_case(case.tasks.values(), moment.calendar, moment.today)
    return limit.lit if limit.lit.light.gravity > lit.light.gravity else lit


def _undated(found: list[tuple[str, str]]) -> WholeLimit:
    departments = tuple(dict.fromkeys(department for _, department in found))
    if len(departments) < 2:
        return WholeLimit((), (), None, 0, None, None, None, OFF)
    return WholeLimit(tuple(item for item, _ in found), departments, None, 0, None, None, None, OFF)


def _dated(
    undated: WholeLimit, tasks: list[Task], start: date, extension: WholeExtension | None, moment: Moment
) -> WholeLimit:
    calendar = moment.calendar
    base, uncounted = due(calendar, start, JOINT_DAYS), _stood_still(tasks, moment)
    before = due_on(calendar, base.on, uncounted)
    shift = None if extension is None else due(calendar, before, extension.days)
    on = before if shift is None else shift.on
    longest = due_on(calendar, before, clocks.JOINT_EXTENSION_DAYS) if shift is None else on
    is_over = all(task.verdict is not None or task.status in ENDED for task in tasks)
    total = JOINT_DAYS + (extension.days if extension is not None else 0)
    told = [explain(base), *_paused(uncounted, before)]
    if extension is None or shift is None:
        told.append(_longest(longest))
    else:
        told += [_extended(extension, before, on), explain(shift), ONCE]
    return replace(
        undated,
        base=base,
        uncounted=uncounted,
        shift=shift,
        on=on,
        longest_on=longest,
        lit=OFF if is_over else light_of_whole(on, total, calendar, moment.today),
        told=tuple(told),
        extension=extension,
    )


def _accepted_on(task: Task) -> date | None:
    if task.accepted_at is None:
        return None
    return task.opened_on if task.is_deemed_accepted else task.accepted_at.astimezone(BEIJING).date()


def _stood_still(tasks: list[Task], moment: Moment) -> int:
    """Working days on which at least one of the licences stood still; days shared by several count once."""
    stretches = [(pause.since, pause.until or moment.today) for task in tasks for pause in task.pauses]
    stretches += [
        (own.since, min(own.until, moment.today)) for t in tasks for own in t.announcements if own.stops_clock
    ]
    days, reached = 0, date.min
    for since, until in sorted(stretches):
        days += clocks.lost(moment.calendar, max(since, reached), until, TimeUnit.WORKING_DAY)
        reached = max(reached, until)
    return days


def _bound(items: list[Text], departments: int) -> Text:
    return Text(
        f"{len(items)} 项行政许可（{'、'.join(item.zh for item in items)}）由 {departments} 个部门联合办理，"
        f"整件办理不得超过 {JOINT_DAYS} 个工作日，{START_RULE.zh}。",
        f"{len(items)} licences ({', '.join(item.en for item in items)}) lie with {departments} departments that "
        f"handle them jointly: {JOINT_DAYS} working days for the whole, {START_RULE.en}.",
    )


def _paused(uncounted: int, on: date) -> list[Text]:
    if not uncounted:
        return []
    day = written_day(on)
    return [
        Text(
            f"其间停表 {uncounted} 个工作日不计，顺延至{day.zh}。",
            f"{uncounted} working day(s) stood still: until {day.en}.",
        )
    ]


def _extended(extension: WholeExtension, before: date, on: date) -> Text:
    day = written_day(extension.approved_at.astimezone(BEIJING).date())
    first, last = written_day(before), written_day(on)
    return Text(
        f"经本级人民政府负责人于{day.zh}批准（演示中由政务服务办公室督办员代行，示例），"
        f"延长 {extension.days} 个工作日，由{first.zh}顺延至{last.zh}。",
        f"Extended by {extension.days} working day(s), from {first.en} to {last.en}, as the head of the local "
        f"government approved on {day.en} (here the supervisor of the government service office, illustrative).",
    )


def _longest(on: date) -> Text:
    day = written_day(on)
    return Text(
        f"不能办结的，经本级人民政府负责人批准，共可延长 {clocks.JOINT_EXTENSION_DAYS} 个工作日，"
        f"最迟至{day.zh}，并告知理由。",
        f"If that is not enough, the head of the local government may extend it by {clocks.JOINT_EXTENSION_DAYS} "
        f"working days in all, until {day.en} at the latest, and the applicant is told why.",
    )
