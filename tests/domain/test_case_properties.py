"""Random legal and illegal commands in random order; what must hold after every one of them does.

The machine files a story and lets departments, applicant, supervisor and time do whatever they like. It keeps its own
small account of what happened, from the events alone, and compares.
"""

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.applications import Actor, Event, EventKind, Notice, Point, PointKind, Task, replay
from app.domain.errors import Refusal
from app.domain.handling import HANDLERS, permitted
from app.domain.lifecycle import (
    CASCADE,
    ENDED,
    INTAKE,
    RUNNING,
    TABLE,
    TaskAction,
    TaskStatus,
    Verdict,
    fold,
)
from app.domain.reckoning import reckon
from app.domain.records import StepKind
from app.domain.vocabulary import Role
from tests.factories import (
    APPLICANT,
    CLERK,
    SUPERVISOR,
    Errand,
    drive,
    field_point,
    next_step,
    officer,
    paper_point,
    submitted,
)

STORIES = ("catering_full", "retire_full", "birth_full")
ACTIONS = list(TaskAction)
FINAL = {
    TaskAction.DECLINE,
    TaskAction.RETURN,
    TaskAction.REFUSE,
    TaskAction.TERMINATE,
    TaskAction.WITHDRAW,
    TaskAction.VOID,
}
NEED_MORE = {TaskAction.GRANT, TaskAction.GRANT_ON_PROMISE, TaskAction.DECIDE_AT_ONCE, TaskAction.PLAN_STEP}
"""Permitted by the table and the task, yet refused when something of the case is still missing."""
AFTERWARDS = {
    EventKind.CHECK_PASSED,
    EventKind.REVOKED,
    EventKind.CREDIT_NOTED,
    EventKind.CONSEQUENCE,
    EventKind.STEP_FINISHED,
}
"""What may still happen to a task that is over: originals, for one, are given back then, too."""
MOVES = {(start, row.end, role) for row in TABLE.values() if row.end for start in row.start for role in row.roles} | {
    (start, CASCADE.end, role) for start in CASCADE.start for role in CASCADE.roles
}


class Happenstance(RuleBasedStateMachine):
    """One application and everybody who can touch it."""

    errand: Errand
    statuses: dict[str, str]
    points: dict[str, tuple[Point, ...]]

    @initialize(story=st.sampled_from(STORIES), steps=st.integers(0, 25))
    def file(self, story: str, steps: int) -> None:
        self.errand = submitted(story)
        self.statuses, self.points, self.notices = {}, {}, Counter[str]()
        self.whole, self.checked, self.decided = "draft", 0, Counter[str]()
        self.changed: set[str] = set()
        self.to_confirm: set[str] = set()
        self.people_work(steps, 0)

    def task(self, number: int) -> Task:
        """Any task, but an open one where there is one, most of the time."""
        tasks = list(self.errand.case.tasks.values())
        if number != 5:
            tasks = [task for task in tasks if task.status not in ENDED] or tasks
        return tasks[number % len(tasks)]

    def attempt(self, item: str, action: TaskAction, who: Actor, points: tuple[Point, ...] = ()) -> bool:
        """Whether the command went through; a refused one must leave everything as it was."""
        before = self.errand.case
        grants = {TaskAction.GRANT, TaskAction.GRANT_ON_PROMISE, TaskAction.DECIDE_AT_ONCE}
        outputs = self.errand.outputs(item) if action in grants else {}
        number = next((step.number for step in before.tasks[item].steps if step.done_at is None), None)
        needed = {"days": 3, "verdict": Verdict.GRANTED, "step": StepKind.COURIER, "number": number, "is_met": True}
        officers = (who.account, "officer.somebody")
        try:
            self.errand.act(
                item,
                action.value,
                who,
                reason="理由",
                points=points,
                outputs=outputs,
                procedure="检测",
                officers=officers,
                **needed,
            )
        except Refusal:
            assert self.errand.case is before
            return False
        return True

    @rule(steps=st.integers(1, 6), number=st.integers(0, 8))
    def people_work(self, steps: int, number: int) -> None:
        for step in range(steps):
            next_step(self.errand, self.task(number + 2 * step))

    @rule(number=st.integers(0, 8), choice=st.integers(0, 20))
    def do_something_permitted(self, number: int, choice: int) -> None:
        self.errand.sweep()
        task = self.task(number)
        who = officer(task, choice % 3 + 1)
        options = [a for a in permitted(task, who, self.errand.now.today) if a in HANDLERS]
        options = [a for a in options if a is not TaskAction.REQUEST_CORRECTION and (a not in FINAL or choice > 15)]
        if options:
            action = options[choice % len(options)]
            done = self.attempt(task.item, action, who)
            assert done or action in NEED_MORE, action

    @rule(number=st.integers(0, 8), action=st.sampled_from(ACTIONS), role=st.sampled_from(list(Role)))
    def do_anything(self, number: int, action: TaskAction, role: Role) -> None:
        self.errand.sweep()
        task = self.task(number)
        who = Actor("somebody", role)
        if action in FINAL and number:
            return  # else nothing would live long
        done = self.attempt(task.item, action, who)
        assert not done or (action in permitted(task, who, self.errand.now.today) and action in HANDLERS)

    @rule(number=st.integers(0, 8), picks=st.lists(st.integers(0, 60), min_size=1, max_size=3))
    def ask_for_two_corrections(self, number: int, picks: list[int]) -> None:
        self.ask_for_a_correction(number, picks)
        self.ask_for_a_correction(number + 1, picks)

    @rule(number=st.integers(0, 8), picks=st.lists(st.integers(0, 60), min_size=1, max_size=3))
    def ask_for_a_correction(self, number: int, picks: list[int]) -> None:
        in_intake = [task for task in self.errand.case.tasks.values() if task.status in INTAKE]
        if not in_intake:
            return
        task = in_intake[number % len(in_intake)]
        if task.status is TaskStatus.SUBMITTED:
            self.attempt(task.item, TaskAction.RECEIVE, CLERK)
        plan = self.errand.plan
        own = [field_point(f.spec.code) for f in plan.fields if task.item in f.users]
        own += [paper_point(m.material.code) for m in plan.materials if task.item in m.users]
        points = tuple(own[pick % len(own)] for pick in picks)
        self.attempt(task.item, TaskAction.REQUEST_CORRECTION, officer(task), points)

    @precondition(lambda self: self.errand.case.open_notice is not None)
    @rule()
    def answer(self) -> None:
        notice = self.errand.case.open_notice
        assert notice is not None
        try:
            self.errand.fitting_answer(notice)
        except Refusal:
            assert self.errand.now.today > notice.due_on

    @rule(days=st.integers(0, 9), is_swept=st.booleans())
    def let_time_pass(self, days: int, is_swept: bool) -> None:
        self.errand.go_to(self.errand.now.today + timedelta(days=days))
        if is_swept:
            self.errand.sweep()
            assert self.errand.sweep() == []

    @rule(number=st.integers(0, 20))
    def hand_something_in(self, number: int) -> None:
        materials = self.errand.plan.materials
        with suppress(Refusal):
            self.errand.provide(materials[number % len(materials)].material.code)

    @rule(days=st.integers(0, 4))
    def meet_at_the_place(self, days: int) -> None:
        with suppress(Refusal):
            self.errand.survey(self.errand.now.today + timedelta(days=days))

    @rule(chance=st.integers(0, 24))
    def withdraw_the_whole(self, chance: int) -> None:
        if chance == 17:
            with suppress(Refusal):
                self.errand.withdraw_all()

    @rule(number=st.integers(0, 8), chance=st.integers(0, 9))
    def take_one_back(self, number: int, chance: int) -> None:
        if chance == 6:
            self.attempt(self.task(number).item, TaskAction.WITHDRAW, APPLICANT)
        elif chance == 7:
            self.attempt(self.task(number).item, TaskAction.VOID, SUPERVISOR)

    @invariant()
    def every_event_follows_from_the_one_before(self) -> None:
        for number, event in enumerate(self.errand.events[self.checked :], self.checked + 1):
            assert event.seq == number
            if event.task is None:
                self.follow_the_whole(event)
            else:
                self.follow_a_task(event.task, event)
        self.checked = len(self.errand.events)
        assert not self.to_confirm, "all of those that use what changed"

    def follow_the_whole(self, event: Event) -> None:
        assert event.start == self.whole
        self.whole = event.end or self.whole
        if event.kind is EventKind.CORRECTION_SERVED:
            self.one_notice_with_all_points(event.changes["notice"])
        if event.kind is EventKind.CORRECTED:
            self.changed = set(event.changes["values"])
            running = {item for item, status in self.statuses.items() if TaskStatus(status) in RUNNING}
            self.to_confirm = {item for item in running if self.used_by(item) & self.changed}
        if event.kind is EventKind.MATERIAL_PROVIDED:
            self.changed = {event.changes["material"].code}

    def follow_a_task(self, item: str, event: Event) -> None:
        if event.kind is EventKind.TASK_OPENED:
            self.statuses[item] = event.changes["opened"].status.value
            return
        before = self.statuses[item]
        assert event.start == before
        assert TaskStatus(before) not in ENDED or event.kind in AFTERWARDS, event
        if event.end is not None:
            assert (TaskStatus(before), TaskStatus(event.end), event.role) in MOVES, event
            self.statuses[item] = event.end
        if event.kind in {EventKind.GRANTED, EventKind.DENIED}:
            self.decided[item] += 1
        if event.kind is EventKind.CORRECTION_POSTED:
            self.points[item] = event.changes["points"]
        elif event.end in {"accepted", "not_accepted", "returned", "withdrawn", "void"}:
            self.points.pop(item, None)
        if event.kind is EventKind.CONFIRMATION_ASKED:
            assert self.used_by(item) & self.changed <= set(event.changes["confirm_fields"]) <= self.used_by(item)
            assert self.used_by(item) & self.changed, "only those that use what changed"
            self.to_confirm.discard(item)

    def used_by(self, item: str) -> set[str]:
        """The fields and materials of this item."""
        used = {f.spec.code for f in self.errand.plan.fields if item in f.users}
        return used | {m.material.code for m in self.errand.plan.materials if item in m.users}

    def one_notice_with_all_points(self, notice: Notice) -> None:
        assert dict(notice.points) == self.points, "exactly the points posted and not taken back"
        assert all(point.kind in PointKind for points in notice.points.values() for point in points)
        self.points = {}
        self.notices.update(list(notice.points))

    @invariant()
    def the_events_alone_make_the_state(self) -> None:
        assert replay(self.errand.blank, self.errand.events) == self.errand.case

    @invariant()
    def the_status_of_the_whole_is_the_fold_of_its_tasks(self) -> None:
        case = self.errand.case
        assert (case.status, case.result) == fold([task.outcome for task in case.tasks.values()])
        assert self.whole == case.status.value
        assert (case.completed_at is not None) == all(task.status in ENDED for task in case.tasks.values())

    @invariant()
    def nothing_is_decided_or_notified_twice(self) -> None:
        assert max(self.decided.values(), default=0) <= 1
        assert max(self.notices.values(), default=0) <= 1
        for item, task in self.errand.case.tasks.items():
            assert (task.verdict is not None) == (self.decided[item] == 1)
            assert (item in self.errand.case.certificates) == (
                task.verdict is not None and task.verdict.value in {"granted", "revoked"}
            )

    @invariant()
    def clocks_run_where_they_should_and_nowhere_else(self) -> None:
        for task in self.errand.case.tasks.values():
            assert (task.accepted_at is None) == (task.promised_due_on is None)
            assert (task.completed_at is not None) == (task.status in ENDED)
            stands_still = bool(task.pauses) and task.pauses[-1].until is None
            assert stands_still == (task.status in {TaskStatus.SPECIAL, TaskStatus.SUSPENDED})
            if task.status is TaskStatus.WAITING:
                assert (task.opened_on, task.intake_due_on, task.received_at, task.accepted_at) == (None,) * 4
            if task.status in INTAKE:
                assert task.intake_due_on is not None
            if task.status not in RUNNING:
                assert not task.confirm_fields
            if task.status is not TaskStatus.RECEIVED:
                assert not task.points

    @invariant()
    def every_date_can_be_counted_again_from_the_events(self) -> None:
        for task in self.errand.case.tasks.values():
            for found in reckon(task, self.errand.events, self.errand.now.calendar):
                assert found.is_as_stored, found.sentence.en
                assert found.on >= found.base.on, "nothing that moves a date shortens it"

    def everything_holds(self) -> None:
        """All invariants at once."""
        self.every_date_can_be_counted_again_from_the_events()
        self.every_event_follows_from_the_one_before()
        self.the_events_alone_make_the_state()
        self.the_status_of_the_whole_is_the_fold_of_its_tasks()
        self.nothing_is_decided_or_notified_twice()
        self.clocks_run_where_they_should_and_nowhere_else()

    def teardown(self) -> None:
        """From wherever it is, willing people can bring it to its end."""
        if hasattr(self, "errand"):
            drive(self.errand)
            self.everything_holds()


TestHappenstance = Happenstance.TestCase
TestHappenstance.settings = settings(
    max_examples=120,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("seed", range(15))
def test_a_long_walk_of_random_commands_keeps_everything_in_order(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    walk = Happenstance()
    walk.file(story=STORIES[seed % len(STORIES)], steps=dice.randrange(20))
    for _ in range(80):
        number, choice = dice.randrange(9), dice.randrange(21)
        picks = [dice.randrange(60) for _ in range(dice.randrange(1, 4))]
        actions = {
            "work": lambda number=number: walk.people_work(steps=1, number=number),
            "permitted": lambda number=number, choice=choice: walk.do_something_permitted(number=number, choice=choice),
            "anything": lambda number=number: walk.do_anything(
                number=number, action=dice.choice(ACTIONS), role=dice.choice(list(Role))
            ),
            "ask": lambda number=number, picks=picks: walk.ask_for_a_correction(number=number, picks=picks),
            "answer": lambda: walk.errand.case.open_notice and walk.answer(),
            "time": lambda: walk.let_time_pass(days=dice.choice([0, 0, 0, 1, 1, 4]), is_swept=dice.random() < 0.5),
            "meet": lambda: walk.meet_at_the_place(days=dice.randrange(4)),
            "paper": lambda choice=choice: walk.hand_something_in(number=choice),
            "back": lambda number=number: walk.take_one_back(number=number, chance=dice.randrange(60)),
        }
        dice.choice([*actions.values()])()
        walk.everything_holds()
    walk.teardown()
