"""What one case adds to the indicators (指标), told once from the case itself and never counted by hand.

A :class:`Fact` is a handful of additive numbers with the day, the region, the department, the item and the bundle they
belong to. There are three moments that make one: an application is filed (:func:`facts_of` knows its savings then), a
department's task is over, and the whole is over. All three are instants that an event sets once, so what a day holds
is settled when the day is. Only a grant revoked afterwards changes an old fact, and it changes the same one.

Days are office days (Beijing). The region is that of the case, so that a county counts what the city's centre decides
for its people. Whole-application facts have no department and no item: both are ``""``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from operator import add, attrgetter, sub

from app.domain.applications import Application, Task
from app.domain.deadlines import BEIJING
from app.domain.lifecycle import ApplicationStatus, TaskStatus, Verdict
from app.domain.proxies import is_local
from app.domain.references import task_reference

WHOLE = ""
"""The department and the item of a fact about the whole application."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Additive counters, none ever negative. The comment on each says what adds one (or so many)."""

    ended: int = 0  # a task whose clock had started is over, in whatever way but 作废
    accepted: int = 0  # it had been accepted, or was deemed to be
    deemed: int = 0  # deemed accepted: the department had been silent for five working days
    corrected: int = 0  # it had been in a correction notice
    returned: int = 0  # 退件
    declined: int = 0  # 不予受理
    decided: int = 0  # 准予 or 不予, delivered
    on_time: int = 0  # decided on or before the promised day
    promised: int = 0  # decided, 承诺件
    early: int = 0  # decided, 承诺件, before the promised day
    instant: int = 0  # decided, 即办件
    statutory_days: int = 0  # days the law gives, of decided tasks promised in the same unit
    days_cut: int = 0  # days the promise is shorter than that
    over: int = 0  # an application is over that somebody had dealt with (not 撤回, not 作废)
    done_once: int = 0  # of these: every task delivered, no correction notice, no grant revoked since
    filed: int = 0  # 申报
    visits: int = 0  # visits promised; filing at a counter is at least one
    elsewhere: int = 0  # filed from elsewhere in the province: at a counter there, or online by somebody at home there
    other_province: int = 0  # filed from another province, in the same two ways
    fields_before: int = 0  # fields, papers, working days and visits of the items one by one …
    fields_saved: int = 0  # … and what the bundle spared the applicant of each
    materials_before: int = 0
    materials_saved: int = 0
    days_before: int = 0
    days_saved: int = 0
    visits_before: int = 0
    visits_saved: int = 0
    rated: int = (
        0  # a task is rated, at one stage (有效评价: 追评 and re-rating do not count again, an annulled one not at all)
    )
    rated_at_end: int = 0  # … at its finish
    satisfied: int = 0  # … with three stars or more
    bad: int = 0  # … with one or two (差评)
    bad_named: int = 0  # … of these, given by the applicant in person (实名差评)
    called_back: int = 0  # the office has called back about such a rating (回访)
    called_back_named: int = 0  # … about one given in person
    rectified: int = 0  # the rectification of such a rating is closed
    rectification_days: int = 0  # calendar days from the rating to that day
    theme_rated: int = 0  # the whole 一件事 is rated, its own figure
    theme_satisfied: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*map(add, _numbers(self), _numbers(other)))

    def __sub__(self, other: "Counts") -> "Counts":
        """By how much these are more; the only counts with numbers below zero."""
        return Counts(*map(sub, _numbers(self), _numbers(other)))


COUNTERS = tuple(entry.name for entry in fields(Counts))
NOTHING = Counts()
_numbers: Callable[[Counts], tuple[int, ...]] = attrgetter(*COUNTERS)


def together(counts: Iterable[Counts]) -> Counts:
    """The sum."""
    return Counts(*map(sum, zip(*(_numbers(entry) for entry in (NOTHING, *counts)), strict=True)))


@dataclass(frozen=True, slots=True)
class Fact:
    """What one thing that happened adds. ``id`` says what: the task's reference, ``….filed`` or ``….over``."""

    id: str
    application: str
    day: date
    region: str
    department: str
    item: str
    bundle: str
    counts: Counts


Place = tuple[date, str, str, str, str]
"""What a fact counts towards: day, region, department, item and bundle."""


def moved(before: Mapping[str, Fact], after: Mapping[str, Fact]) -> dict[Place, Counts]:
    """By how much a change of facts changes what they count towards, where it does."""
    found: dict[Place, Counts] = {}
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was is not None:
            found[_place(was)] = found.get(_place(was), NOTHING) - was.counts
        if now is not None:
            found[_place(now)] = found.get(_place(now), NOTHING) + now.counts
    return {place: counts for place, counts in found.items() if counts != NOTHING}


def _place(fact: Fact) -> Place:
    return fact.day, fact.region, fact.department, fact.item, fact.bundle


FILED, OVER = ".filed", ".over"


def facts_of(case: Application) -> dict[str, Fact]:
    """Everything the application adds as it stands, by id. A draft adds nothing, also when it was withdrawn."""
    if case.submitted_at is None or case.reference is None:
        return {}
    found = [_fact(case, case.reference + FILED, case.submitted_at, WHOLE, WHOLE, _filed(case))]
    for task in case.tasks.values():
        if task.completed_at is not None:
            name = task_reference(case.reference, task.item)
            found.append(_fact(case, name, task.completed_at, task.department, task.item, _ended(case, task)))
    if case.completed_at is not None:
        found.append(_fact(case, case.reference + OVER, case.completed_at, WHOLE, WHOLE, _over(case)))
    return {fact.id: fact for fact in found if fact.counts != NOTHING}


def ids_of(case: Application) -> list[str]:
    """Every id that a fact of this application can have, now or later."""
    if case.reference is None:
        return []
    return [
        case.reference + FILED,
        case.reference + OVER,
        *(task_reference(case.reference, item) for item in case.tasks),
    ]


def reference_of(fact_id: str) -> str:
    """The 办件编号 behind a fact: of the task, or of the application."""
    return fact_id.partition(".")[0]


def office_day(at: datetime) -> date:
    """The office's calendar date of an instant."""
    return at.astimezone(BEIJING).date()


def _fact(case: Application, name: str, at: datetime, department: str, item: str, counts: Counts) -> Fact:
    return Fact(name, case.id, office_day(at), case.region, department, item, case.bundle, counts)


def _filed(case: Application) -> Counts:
    saved = case.savings
    visits = saved.get("visits_after", 0)
    is_at_counter = case.filed_region is not None
    origin = case.filed_region or case.home_region or case.region
    other_province = origin[:2] != case.region[:2]
    return Counts(
        filed=1,
        visits=max(visits, int(is_at_counter)),
        elsewhere=int(not other_province and not is_local(origin, case.region)),
        other_province=int(other_province),
        fields_before=saved.get("fields_before", 0),
        fields_saved=_spared(saved.get("fields_before", 0), saved.get("fields_typed", 0)),
        materials_before=saved.get("materials_before", 0),
        materials_saved=_spared(saved.get("materials_before", 0), saved.get("materials_uploaded", 0)),
        days_before=saved.get("days_before", 0),
        days_saved=_spared(saved.get("days_before", 0), saved.get("days_after", 0)),
        visits_before=saved.get("visits_before", 0),
        visits_saved=_spared(saved.get("visits_before", 0), visits),
    )


def _spared(before: int, after: int) -> int:
    return max(0, before - after)


def _ended(case: Application, task: Task) -> Counts:
    if task.opened_on is None or task.status is TaskStatus.VOID:
        return NOTHING
    accepted = task.accepted_at is not None
    ended = Counts(
        ended=1,
        accepted=int(accepted),
        deemed=int(accepted and task.is_deemed_accepted),
        corrected=int(any(task.item in notice.points for notice in case.notices)),
        returned=int(task.status is TaskStatus.RETURNED),
        declined=int(task.status is TaskStatus.NOT_ACCEPTED),
    )
    return _decided(ended, task)


def _decided(ended: Counts, task: Task) -> Counts:
    if task.decided_at is None or task.status is not TaskStatus.CLOSED:
        return ended
    decided, due = office_day(task.decided_at), task.promised_due_on
    is_comparable = task.statutory_days is not None and task.statutory_unit is task.promised_unit
    statutory = (task.statutory_days or 0) if is_comparable else 0
    return replace(
        ended,
        decided=1,
        on_time=int(due is None or decided <= due),
        promised=int(not task.is_instant),
        early=int(not task.is_instant and due is not None and decided < due),
        instant=int(task.is_instant),
        statutory_days=statutory,
        days_cut=_spared(statutory, task.promised_days),
    )


def _over(case: Application) -> Counts:
    if all(task.status in {TaskStatus.WITHDRAWN, TaskStatus.VOID} for task in case.tasks.values()):
        return NOTHING
    is_revoked = any(task.verdict is Verdict.REVOKED for task in case.tasks.values())
    is_clean = case.status is ApplicationStatus.FINISHED and not case.notices and not is_revoked
    return Counts(over=1, done_once=int(is_clean))
