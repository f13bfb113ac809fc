"""Builders shared by tests: moments, people, papers, and applications made of the stories the packs bring along.

``submitted("catering_full")`` files a story; the :class:`Errand` it returns carries out commands one by one as the
app would, each on its own and either wholly or not at all, and keeps every event.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from app.catalogue.loader import Catalogue, load
from app.domain import corrections, handling, outcomes, passing, submissions, surveys
from app.domain.answers import accept
from app.domain.applications import (
    SYSTEM,
    Actor,
    Application,
    Event,
    Moment,
    Notice,
    Point,
    PointKind,
    ProvidedMaterial,
    Task,
)
from app.domain.catalogue import FieldSpec
from app.domain.deadlines import BEIJING
from app.domain.deferrals import Terms
from app.domain.handling import Command, Desk, permitted
from app.domain.happenings import Happenings
from app.domain.lifecycle import TaskAction, TaskStatus, Verdict
from app.domain.routing import Plan, Planner
from app.domain.vocabulary import FieldKind, Means, Need, Role

MONDAY = date(2026, 3, 16)
"""Three weeks without a public holiday begin here."""
APPLICANT = Actor("wang_owner", Role.APPLICANT)
CLERK = Actor("clerk", Role.CLERK)
SUPERVISOR = Actor("supervisor", Role.SUPERVISOR)
OTHER_IDS = ("003301202603060012", "003308199007160025", "00330819880105003X")
OTHER_USCC = "91003308MA00DEM14D"


@cache
def catalogue() -> Catalogue:
    """The built-in packs."""
    return load()


@cache
def planner(bundle: str) -> Planner:
    """The planner of one built-in bundle."""
    found = catalogue()
    return Planner(found.library, found.library.bundles[bundle], found.regions, found.calendar)


def moment(day: date = MONDAY, hour: int = 10) -> Moment:
    """That hour of that day at the office."""
    return Moment(datetime.combine(day, time(hour), tzinfo=BEIJING), catalogue().calendar)


def officer(task: Task, hand: int = 1) -> Actor:
    """One of the three officers of the department that handles this task."""
    return Actor(f"officer.{task.department}.{hand}", Role.OFFICER, department=task.department)


HANDS = {"endorse": 2, "extend": 3, "deny_extension": 3, "pass_check": 2, "revoke": 2, "grant": 3, "refuse": 3}
"""Which officer does what when nobody is named; everything else is for the first."""


def paper(code: str, at: datetime) -> ProvidedMaterial:
    """A material as handed in."""
    return ProvidedMaterial(code, Means.UPLOAD, "0" * 64, f"{code}.pdf", "application/pdf", 9, at, APPLICANT.account)


def field_point(code: str, reason: str = "与证件不一致，请改正") -> Point:
    """A correction point on one field."""
    return Point(PointKind.FIELD, code, reason)


def paper_point(code: str, reason: str = "看不清，请重新提交") -> Point:
    """A correction point on one material."""
    return Point(PointKind.MATERIAL, code, reason)


def fitting(spec: FieldSpec, other_than: object = None) -> Any:
    """A value that fits the field, and is not this one where the field has more than one."""
    for value in _candidates(spec):
        if value != other_than:
            return value
    return other_than


def _candidates(spec: FieldSpec) -> list[Any]:
    options = list(spec.options)
    low = int(spec.minimum or 0) if spec.maximum is None else int(spec.maximum) - 1
    match spec.kind:
        case FieldKind.NUMBER | FieldKind.INTEGER:
            return [low + 1, low]
        case FieldKind.DATE:
            return ["1966-07-11", "1967-08-12"]
        case FieldKind.BOOL:
            return [True, False]
        case FieldKind.CHOICE:
            return options
        case FieldKind.CHOICES:
            return [[option] for option in options]
        case FieldKind.PHONE:
            return ["10000000091", "10000000092"]
        case FieldKind.EMAIL:
            return ["a@example.com", "b@example.com"]
        case FieldKind.ID_NUMBER:
            return list(OTHER_IDS)
        case FieldKind.USCC:
            return [OTHER_USCC, "91003301MA00DEM30X"]
        case FieldKind.BANK_NUMBER:
            return ["0000000000000091", "0000000000000092"]
        case FieldKind.TABLE:
            return [[{c.code: fitting(_cell(spec, c.kind)) for c in spec.columns}]]
        case _:
            return ["改正后", "再改正后"]


def _cell(spec: FieldSpec, kind: FieldKind) -> FieldSpec:
    return FieldSpec(
        code="cell",
        name=spec.name,
        kind=kind,
        group=spec.group,
        grade=spec.grade,
        sources=spec.sources,
        options=spec.options,
    )


@dataclass
class Errand:
    """One application under test: as it was created, as it stands, its plan, and everything that happened."""

    blank: Application
    case: Application
    plan: Plan
    now: Moment
    events: list[Event] = field(default_factory=list)

    def __getitem__(self, item: str) -> Task:
        return self.case.tasks[item]

    def status(self, item: str) -> str:
        """The task's status as one word."""
        return self[item].status.value

    def run(self, who: Actor, rule: Callable[[Happenings], object]) -> list[Event]:
        """One command: all of its events, or none of them when it is refused."""
        h = Happenings(self.case, who, self.now)
        rule(h)
        self.case = h.case
        self.events += h.events
        return h.events

    def act(self, item: str, action: str, who: Actor | None = None, **command: Any) -> list[Event]:
        """One action on one task, by its officer unless another person is named.

        A decision that nobody is named for is proposed and endorsed first where it takes three officers.
        """
        if who is None and action in {"grant", "refuse"}:
            self.opine(item, "granted" if action == "grant" else "denied")
        who = who or officer(self[item], HANDS.get(action, 1))
        sent = Command(action=TaskAction(action), **command)
        return self.run(who, lambda h: handling.act(h, item, sent, self.desk(item)))

    def opine(self, item: str, verdict: str) -> None:
        """Propose and endorse what is to be decided, as far as that is called for and possible now."""
        for action in ("propose", "endorse"):
            who = officer(self[item], HANDS.get(action, 1))
            if TaskAction(action) in permitted(self[item], who, self.now.today):
                self.act(item, action, who, verdict=Verdict(verdict), reason="经审查")

    def desk(self, item: str) -> Desk:
        """The plan and a certificate number."""
        return Desk(self.plan, f"示例证{item}2026001", "王示例")

    def post(self, item: str, *points: Point) -> list[Event]:
        """Correction points of the department."""
        return self.act(item, "request_correction", points=points)

    def accept(self, *items: str) -> None:
        """Receive and accept these tasks."""
        for item in items:
            if self[item].status is TaskStatus.SUBMITTED:
                self.act(item, "receive")
            self.act(item, "accept")

    def review(self, *items: str) -> None:
        """Receive, accept and begin to review these tasks."""
        self.accept(*items)
        for item in items:
            self.act(item, "review")

    def grant(self, *items: str) -> None:
        """Bring these tasks from intake to 准予."""
        for item in items:
            self.review(item)
            self.act(item, "grant", outputs=self.outputs(item))

    def refuse(self, item: str) -> None:
        """Bring this task from intake to 不予."""
        self.review(item)
        self.act(item, "refuse", reason="不符合法定条件")

    def outputs(self, item: str) -> dict[str, Any]:
        """The values only this item's department can give."""
        specs = outcomes.outputs_of(self.plan, item)
        return {spec.code: fitting(spec) for spec in specs if spec.kind not in outcomes.DEFAULT_KINDS}

    def answer(self, values: Mapping[str, Any], papers: tuple[str, ...] = (), number: int | None = None) -> list[Event]:
        """Answer the open notice (or the one with this number)."""
        if number is None:
            assert self.case.open_notice is not None
            number = self.case.open_notice.number

        def rule(h: Happenings) -> None:
            for code in papers:
                submissions.provide(h, paper(code, h.moment.at), self.plan)
            corrections.correct(h, number, values, self.plan)
            outcomes.follow(h)

        return self.run(APPLICANT, rule)

    def fitting_answer(self, notice: Notice) -> list[Event]:
        """Answer this notice with values that fit and differ."""
        points = [point for own in self.case.live_points(notice).values() for point in own]
        fields = {point.code for point in points if point.kind is PointKind.FIELD}
        specs = {planned.spec.code: planned.spec for planned in self.plan.fields}
        values = {code: fitting(specs[code], self.case.form.get(code)) for code in fields}
        papers = {point.code for point in points if point.kind is PointKind.MATERIAL}
        return self.answer(values, tuple(sorted(papers)), notice.number)

    def survey(self, day: date) -> list[Event]:
        """The counter appoints a joint survey."""
        return self.run(CLERK, lambda h: surveys.appoint(h, self.plan, day, "示例路1号"))

    def withdraw(self, item: str) -> list[Event]:
        """The applicant withdraws one task."""
        return self.act(item, "withdraw", APPLICANT)

    def withdraw_all(self) -> list[Event]:
        """The applicant withdraws the whole."""

        def rule(h: Happenings) -> None:
            outcomes.withdraw_all(h, None)
            outcomes.follow(h)

        return self.run(APPLICANT, rule)

    def provide(self, code: str) -> list[Event]:
        """The applicant hands in one material."""
        return self.run(APPLICANT, lambda h: submissions.provide(h, paper(code, h.moment.at), self.plan))

    def sweep(self) -> list[Event]:
        """What time has caused by now."""
        return self.run(SYSTEM, passing.pass_time)

    def go_to(self, day: date, hour: int = 10) -> None:
        """Let the calendar move to this day without a sweep."""
        self.now = moment(day, hour)

    def later(self, days: int) -> None:
        """Let so many days pass, with a sweep after offices have closed and one in the morning."""
        for _ in range(days):
            self.evening()
            self.go_to(self.now.today + timedelta(days=1))
            self.sweep()

    def evening(self) -> list[Event]:
        """Offices have closed for today; what the sweep then caused."""
        self.go_to(self.now.today, max(self.now.at.hour, 18))
        return self.sweep()


def draft(story: str, now: Moment | None = None, **answers: Any) -> Errand:
    """The story's answers, form and required papers, saved and not yet submitted; some answers given differently."""
    told, now = catalogue().stories[story], now or moment()
    plans = planner(told.bundle)
    plan = plans.plan(accept(plans.bundle, {**told.answers, **answers}), told.region, now.counts_from)
    blank = Application(
        id=f"test-{story}",
        bundle=told.bundle,
        digest=plans.bundle.digest,
        region=told.region,
        applicant=told.applicant,
        created_at=now.at,
        created_by=told.applicant,
    )
    errand = Errand(blank, blank, plan, now)
    known = frozenset(code for item in plans.bundle.items for code in plans.library.items[item].fields)
    errand.run(APPLICANT, lambda h: submissions.save(h, told.form, plan, known))
    for planned in plan.materials:
        if planned.is_needed and planned.source.means is Means.UPLOAD and planned.need is not Need.DEFERRABLE:
            errand.provide(planned.material.code)
    return errand


PLEDGED = Terms(is_pledged=True)


def submitted(story: str, now: Moment | None = None, terms: Terms = PLEDGED, **answers: Any) -> Errand:
    """The story, filed, the undertaking signed for what is to follow; some answers given differently."""
    errand = draft(story, now, **answers)
    errand.run(APPLICANT, lambda h: submissions.submit(h, errand.plan, "L330802-20260316-00001-0", "hash", terms))
    return errand


def drive(
    errand: Errand, until: Callable[[Errand], bool] = lambda errand: errand.case.completed_at is not None
) -> None:
    """Do the next sensible thing, again and again, as willing people would. Fails when nothing sensible is left."""
    for _ in range(500):
        if until(errand):
            return
        if any(next_step(errand, task) for task in list(errand.case.tasks.values())):
            continue
        look = passing.look_again_on(errand.case) or errand.now.today
        errand.go_to(max(look, errand.now.today))
        if not errand.sweep():
            errand.later(1)
    raise AssertionError(f"never finished: {errand.case.outcomes}")


SIMPLE_STEPS = {
    TaskStatus.SUBMITTED: "receive",
    TaskStatus.ACCEPTED: "review",
    TaskStatus.SPECIAL: "end_special",
    TaskStatus.SUSPENDED: "resume",
    TaskStatus.GRANTED: "dispatch",
    TaskStatus.DENIED: "deliver",
    TaskStatus.DELIVERY: "deliver",
}


def next_step(errand: Errand, task: Task) -> bool:
    """What a willing person does next with this task; False when it is for somebody else, or for time, to move."""
    errand.sweep()
    task = errand[task.item]
    if task.status in SIMPLE_STEPS:
        errand.act(task.item, SIMPLE_STEPS[task.status])
        return True
    match task.status:
        case TaskStatus.RECEIVED if not task.points:
            errand.act(task.item, "accept")
        case TaskStatus.CORRECTION if (notice := errand.case.open_notice) and notice.due_on >= errand.now.today:
            errand.fitting_answer(notice)
        case TaskStatus.REVIEW if task.confirm_fields:
            errand.act(task.item, "confirm")
        case TaskStatus.REVIEW if task.survey_on is not None:
            return _conclude(errand, task)
        case TaskStatus.REVIEW:
            return _decide(errand, task)
        case _:
            return False
    return True


def _conclude(errand: Errand, task: Task) -> bool:
    if TaskAction.CONCLUDE_SURVEY not in permitted(task, officer(task), errand.now.today):
        return False
    officers = (officer(task).account, officer(task, 2).account)
    errand.act(task.item, "conclude_survey", reason="符合条件", officers=officers, is_met=True)
    return True


def _decide(errand: Errand, task: Task) -> bool:
    for planned in outcomes.outstanding(errand.case, errand.plan, task.item):
        may_come = planned.need is not Need.REQUIRED and planned.source.means is not Means.RESULT
        if not may_come and not outcomes.can_never_come(errand.case, planned):
            return False
        errand.provide(planned.material.code)
    return _by_three_hands(errand, task)


def _by_three_hands(errand: Errand, task: Task) -> bool:
    """The next of propose, endorse and grant, by whichever officer may; one of three always may, sooner or later."""
    for action in ("grant", "endorse", "propose"):
        for hand in (3, 2, 1):
            who = officer(task, hand)
            if TaskAction(action) in permitted(task, who, errand.now.today):
                outputs = errand.outputs(task.item) if action == "grant" else {}
                errand.act(task.item, action, who, outputs=outputs, verdict=Verdict.GRANTED, reason="同意")
                return True
    return False
