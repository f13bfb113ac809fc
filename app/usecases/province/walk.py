"""One life: an application walked from its draft through every command and every day, by the pure rules alone.

What people and time do is put on an agenda by the course drawn for each task; the rules decide what may happen and
what follows. Whatever would lie after ``now`` does not happen, so young cases are open, late ones red.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any, Final

from app.domain import corrections, handling, hands, outcomes, passing, submissions, wallets
from app.domain.applications import SYSTEM, Actor, Application, Event, Moment, Point, PointKind, ProvidedMaterial, Task
from app.domain.commands import Command, Desk
from app.domain.deadlines import BEIJING, Calendar, due_on, effective_start
from app.domain.errors import Refusal
from app.domain.forms import is_blank
from app.domain.happenings import Happenings
from app.domain.lifecycle import ENDED, TaskAction, TaskStatus, Verdict
from app.domain.messages import Message, messages_for
from app.domain.occasions import Parties
from app.domain.papers import Paper
from app.domain.passing import look_again_on
from app.domain.records import Mode
from app.domain.routing import Plan, Planner
from app.domain.serving import papers_for
from app.domain.vocabulary import FieldKind, Means, Need, Role, Source
from app.domain.wallets import Wallet
from app.usecases.province import luck
from app.usecases.province.luck import Course
from app.usecases.province.variants import Variant, example, on_day

MARK: Final = 271_828
"""Microseconds of every instant of a life, by which copies find instants; its seconds are 0."""
EVENING, NIGHT = time(18), time(0, 5)
"""When sweeps run: after offices have closed, for the notices of that day, and once the day is over."""
PATIENCE: Final = 25
"""How often somebody tries again what the rules refuse for now."""
A, S = TaskAction, TaskStatus


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a life is led, who applies, and by whom it is taken in."""

    planner: Planner
    region: str
    filed_region: str | None
    applicant: Actor
    parties: Parties
    samples: Mapping[str, ProvidedMaterial]
    submitted_at: datetime
    now: datetime
    slowness: float
    has_letters: bool = True
    """Whether papers and messages are made on the way."""


@dataclass(slots=True)
class Life:
    """What one life comes to. ``deliveries`` are papers and messages with the moment they were made."""

    blank: Application
    case: Application
    plan: Plan
    version: int = 0
    events: list[Event] = field(default_factory=list)
    deliveries: list[tuple[datetime, tuple[Paper, ...], tuple[Message, ...]]] = field(default_factory=list)


class Walk:
    """Walks one life; :meth:`run` returns it."""

    def __init__(
        self, setting: Setting, variant: Variant, draw: Random, case_id: str, marks: Mapping[str, str]
    ) -> None:
        """``marks`` holds the reference and the hash of the query code."""
        self._set, self._variant, self._draw, self._marks = setting, variant, draw, marks
        self._agenda: list[tuple[datetime, int, str, str]] = []
        self._order, self._courses, self._tries = count(), dict[str, Course](), dict[str, int]()
        self._calendar: Calendar = setting.planner.calendar
        self._looked: set[datetime] = set()
        self._noticed: set[int] = set()
        self._last = setting.submitted_at - timedelta(minutes=draw.randint(8, 50))
        created_by = f"clerk.{setting.filed_region}" if setting.filed_region else setting.applicant.account
        bundle = setting.planner.bundle
        blank = Application(
            id=case_id,
            bundle=bundle.code,
            digest=bundle.digest,
            region=setting.region,
            filed_region=setting.filed_region,
            home_region=setting.applicant.region,
            applicant=setting.applicant.account,
            created_at=self._last,
            created_by=created_by,
        )
        self._hand = Actor(created_by, Role.CLERK, region=setting.filed_region) if setting.filed_region else None
        start = effective_start(self._calendar, setting.submitted_at)
        plan = setting.planner.plan(variant.answers, setting.region, start)
        self._life = Life(blank, blank, wallets.with_wallet(plan, blank, Wallet(None, ()), self._last.date()))

    def run(self, *, is_submitted: bool = True) -> Life:
        """The life up to now. Raises the rules' own refusals when the draft cannot be submitted."""
        self._prepare()
        if is_submitted:
            self._submit()
            self._agree()
            while self._goes_on():
                self._agree()
        return self._life

    # ---- the applicant -----------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        life, day = self._life, self._set.submitted_at.date()
        h = self._begin(self._last, self._own_side)
        plan = life.plan
        submissions.save(h, on_day(dict(self._variant.form), day), plan, frozenset(p.spec.code for p in plan.fields))
        for planned in plan.materials:
            sample = self._set.samples.get(planned.material.code)
            is_wanted = planned.need is not Need.CONDITIONAL or planned.is_needed
            if sample is not None and is_wanted and planned.source.means is Means.UPLOAD:
                own = replace(sample, provided_at=self._last, provided_by=self._own_side.account)
                submissions.provide(h, own, plan)
        self._end(h, is_first=True)

    def _submit(self) -> None:
        life = self._life
        h = self._begin(self._set.submitted_at, self._own_side)
        submissions.submit(h, life.plan, self._marks["reference"], self._marks["query_hash"])
        life.plan = wallets.as_filed(life.plan, h.case) if any(map(wallets.wanted, life.plan.materials)) else life.plan
        self._end(h)
        if self._draw.random() < luck.WITHDRAWN_SHARE:
            self._plan(self._after(self._set.submitted_at, self._draw.randint(1, 6)), "withdraw")

    @property
    def _own_side(self) -> Actor:
        return self._hand or self._set.applicant

    def _withdraw(self, h: Happenings) -> None:
        outcomes.withdraw_all(h, "计划有变，暂不办理。")
        outcomes.follow(h)

    def _correct(self, h: Happenings) -> None:
        notice = h.case.open_notice
        if notice is None:
            return
        values: dict[str, Any] = {}
        specs = {planned.spec.code: planned.spec for planned in self._life.plan.fields}
        for point in (point for own in h.case.live_points(notice).values() for point in own):
            known = h.case.form.get(point.code)
            values[point.code] = example(specs[point.code]) if is_blank(known) else known
        corrections.correct(h, notice.number, values, self._life.plan)
        outcomes.follow(h)

    # ---- the departments ---------------------------------------------------------------------------------------------

    def _agree(self) -> None:
        """Put on the agenda what every task waits for now."""
        waiting = {item for _, _, what, item in self._agenda if what == "step"}
        for task in self._life.case.tasks.values():
            if task.status in ENDED or task.status in {S.WAITING, S.CORRECTION} or task.item in waiting:
                continue
            if self._tries.get(task.item, 0) > PATIENCE:
                continue
            if (at := self._next_at(task)) is not None:
                self._plan(at, "step", task.item)
        notice = self._life.case.open_notice
        if notice is not None and notice.number not in self._noticed:
            self._noticed.add(notice.number)
            if self._draw.random() >= luck.UNANSWERED_SHARE:
                self._plan(self._after(self._last, self._draw.randint(1, 8)), "correct")

    def _course(self, task: Task) -> Course:
        return self._courses.setdefault(task.item, luck.course_of(self._draw, self._set.slowness))

    def _next_at(self, task: Task) -> datetime | None:
        course = self._course(task)
        match task.status:
            case S.SUBMITTED:
                return None if course.is_silent else self._after(self._last, course.receive)
            case S.RECEIVED:
                return None if task.points else self._after(self._last, course.accept)
            case S.ACCEPTED if task.mode is not Mode.COMMITMENT:
                return self._after(self._last, 0 if task.promised_days < 3 else 1)
            case S.ACCEPTED | S.REVIEW:
                return self._decided_at(task, course)
            case S.SPECIAL:
                return self._after(self._last, course.special_days)
            case _:
                return self._after(self._last, course.deliver)

    def _decided_at(self, task: Task, course: Course) -> datetime:
        due = task.promised_due_on or self._last.date()
        if course.late_days:
            return self._at(due_on(self._calendar, due, course.late_days))
        on_time = self._after(self._last, int(task.promised_days * course.decide))
        return min(on_time, self._at(max(due, self._last.date())))

    def _step(self, h: Happenings, item: str) -> None:
        task = h.case.tasks[item]
        command, hand = self._wish(task)
        if command is None:
            return
        desk = Desk(self._life.plan, f"{task.region}-{item}-{h.moment.today:%Y%m%d}-{_serial(item)}", h.case.applicant)
        h.who = Actor(f"officer.{task.department}.{hand}", Role.OFFICER, department=task.department)
        handling.act(h, item, command, desk)

    def _wish(self, task: Task) -> tuple[Command | None, int]:
        course = self._course(task)
        if task.confirm_fields:
            return Command(action=A.CONFIRM), 1
        match task.status:
            case S.SUBMITTED if task.is_instant and course.is_smooth:
                return Command(action=A.DECIDE_AT_ONCE, outputs=self._outputs(task.item)), 1
            case S.SUBMITTED:
                return Command(action=A.RECEIVE), 1
            case S.RECEIVED if course.is_declined:
                return Command(action=A.DECLINE, reason=self._draw.choice(luck.DECLINES)), 1
            case S.RECEIVED if course.is_corrected and not task.is_notified and (points := self._points(task)):
                return Command(action=A.REQUEST_CORRECTION, points=points), 1
            case S.RECEIVED:
                return Command(action=A.ACCEPT), 1
            case S.ACCEPTED if task.mode is Mode.COMMITMENT:
                return Command(action=A.GRANT_ON_PROMISE, outputs=self._outputs(task.item)), 2
            case S.ACCEPTED:
                return Command(action=A.REVIEW), 1
            case S.REVIEW:
                return self._judge(task, course)
            case S.SPECIAL:
                return Command(action=A.END_SPECIAL), 1
            case S.GRANTED | S.DENIED | S.DELIVERY:
                return Command(action=A.DELIVER), 1
            case _:
                return None, 1

    def _judge(self, task: Task, course: Course) -> tuple[Command, int]:
        if course.special_days and not task.pauses:
            why = "需组织专家评审，评审时间不计入办理时限。"
            return Command(action=A.BEGIN_SPECIAL, reason=why, procedure="expert_review", days=course.special_days), 1
        if course.is_extended and not task.extended_days and task.extension_wish is None and not task.is_instant:
            return Command(action=A.ASK_EXTENSION, reason="情况复杂，需要进一步核实。", days=5), 1
        if task.extension_wish is not None:
            return Command(action=A.EXTEND), 3
        verdict = Verdict.DENIED if course.is_refused else Verdict.GRANTED
        reason = luck.REFUSALS[len(task.item) % 3] if course.is_refused else None
        if hands.hands(task) == hands.THREE and len(task.opinions) < 2:
            action = A.ENDORSE if task.opinions else A.PROPOSE
            return Command(action=action, verdict=verdict, reason=reason), 1 + len(task.opinions)
        if course.is_refused:
            return Command(action=A.REFUSE, reason=reason), 3
        return Command(action=A.GRANT, outputs=self._outputs(task.item)), 3

    def _points(self, task: Task) -> tuple[Point, ...]:
        own = [
            planned.spec.code
            for planned in self._life.plan.fields
            if task.item in planned.users
            and planned.source.source is Source.TYPED
            and planned.spec.kind in {FieldKind.TEXT, FieldKind.LONG_TEXT}
            and not is_blank(self._life.case.form.get(planned.spec.code))
        ]
        chosen = self._draw.sample(own, min(len(own), self._draw.randint(1, 2)))
        return tuple(Point(PointKind.FIELD, code, self._draw.choice(luck.POINTS)) for code in chosen)

    def _outputs(self, item: str) -> dict[str, Any]:
        specs = outcomes.outputs_of(self._life.plan, item)
        values = {spec.code: example(spec) for spec in specs if spec.kind is not FieldKind.DATE}
        known = {code: value for code, value in values.items() if value is not None}
        return dict(on_day(known, self._set.submitted_at.date()))

    # ---- time --------------------------------------------------------------------------------------------------------

    def _goes_on(self) -> bool:
        """The next thing that happens, the sweep of a night or an entry of the agenda; whether there was one."""
        now, look = self._set.now, self._next_look()
        head = self._agenda[0][0] if self._agenda and self._agenda[0][0] <= now else None
        if look is not None and look <= (head or now):
            self._looked.add(look)
            h = self._begin(max(look, self._last), SYSTEM)
            passing.pass_time(h)
            self._end(h)
            return True
        if head is None:
            return False
        at, _, what, item = heapq.heappop(self._agenda)
        self._do(max(at, self._last + timedelta(minutes=1)), what, item)
        return True

    def _next_look(self) -> datetime | None:
        """When a sweep may next find something; None when it never will, or has looked already."""
        on = look_again_on(self._life.case)
        if on is None:
            return None
        sweeps = (_instant(on, EVENING), _instant(on + timedelta(days=1), NIGHT))
        return next((at for at in sweeps if at not in self._looked), None)

    def _do(self, at: datetime, what: str, item: str) -> None:
        h = self._begin(at, self._set.applicant)
        try:
            match what:
                case "withdraw":
                    self._withdraw(h)
                case "correct":
                    passing.pass_time(h)
                    self._correct(h)
                case _:
                    self._step(h, item)
        except Refusal:
            self._try_later(at, what, item)
            return
        if not h.events and what == "step" and self._life.case.tasks[item].status not in ENDED | {S.CORRECTION}:
            self._try_later(at, what, item)
        self._end(h)

    def _try_later(self, at: datetime, what: str, item: str) -> None:
        """What the rules refuse for now, such as a decision while a paper is to come, is tried again for a while."""
        tries = self._tries[item] = self._tries.get(item, 0) + 1
        if what == "step" and tries <= PATIENCE:
            self._last = at
            self._plan(self._after(at, self._draw.randint(1, 4)), what, item)

    def _begin(self, at: datetime, who: Actor) -> Happenings:
        return Happenings(self._life.case, who, Moment(at, self._calendar))

    def _end(self, h: Happenings, *, is_first: bool = False) -> None:
        if not h.events:
            return
        life, before = self._life, self._life.case
        if h.case.reference is not None and self._set.has_letters:
            papers = papers_for(before, h.events, life.plan, self._set.parties)
            messages = messages_for(h.case, h.events, life.plan, self._set.parties.applicant, papers)
            life.deliveries.append((h.moment.at, papers, messages))
        life.case, self._last = h.case, h.moment.at
        life.events += h.events
        life.version += not is_first

    def _plan(self, at: datetime, what: str, item: str = "") -> None:
        heapq.heappush(self._agenda, (at, next(self._order), what, item))

    def _after(self, at: datetime, days: int) -> datetime:
        """An office hour so many working days later; today a little later, or the next morning."""
        if days == 0 and self._calendar.is_working(at.date()) and at.hour < 16:
            return at + timedelta(minutes=self._draw.randint(3, 55))
        return self._at(due_on(self._calendar, at.date(), max(days, 1)))

    def _at(self, day: date) -> datetime:
        while not self._calendar.is_working(day):
            day += timedelta(days=1)
        return _instant(day, time(self._draw.randint(9, 16), self._draw.randrange(60)))


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at.replace(microsecond=MARK), BEIJING)


def _serial(item: str) -> str:
    """The serial of a certificate of a life, six digits that stand nowhere else in it."""
    return f"9{sum(map(ord, item)):05d}"
