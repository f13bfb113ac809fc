"""Stories of handling: departments take in, decide, wait for each other and never decide twice."""

import pytest

from app.domain.applications import SYSTEM, Actor, replay
from app.domain.deadlines import due_on
from app.domain.errors import ActionNotAllowed, InvalidInput, NotFound
from app.domain.handling import Command, act, actor_may_see, permitted
from app.domain.lifecycle import TaskAction
from app.domain.outcomes import can_never_come
from app.domain.vocabulary import Role
from tests.factories import (
    APPLICANT,
    CLERK,
    MONDAY,
    OTHER_USCC,
    SUPERVISOR,
    Errand,
    drive,
    field_point,
    officer,
    submitted,
)

STORIES = ["catering_full", "birth_full", "retire_full", "startup_full", "utility_full", "house_full", "birth_simple"]


@pytest.mark.parametrize("story", STORIES)
def test_a_story_runs_to_its_end_with_every_department_granting(story: str) -> None:
    errand = submitted(story)
    drive(errand)
    assert (errand.case.status.value, errand.case.result.value) == ("finished", "all_granted")
    assert errand.case.completed_at == errand.now.at
    assert set(errand.case.certificates) == set(errand.case.tasks)
    assert replay(errand.blank, errand.events) == errand.case


def test_an_item_waits_without_a_clock_until_its_predecessor_is_granted() -> None:
    errand = submitted("catering_full")
    assert errand.status("F1") == "waiting"
    assert (errand["F1"].opened_on, errand["F1"].intake_due_on) == (None, None)
    errand.later(2)
    errand.grant("L0")
    assert errand.status("L1") == "submitted"
    assert errand["L1"].opened_on == errand.now.today
    assert errand.status("F1") == "waiting"
    errand.grant("L1")
    assert {errand.status(item) for item in ("F1", "S1", "X1", "T1", "P1")} == {"submitted"}


def test_a_refusal_ends_everything_that_needed_it_and_nothing_else() -> None:
    errand = submitted("catering_full")
    errand.refuse("L0")
    assert {errand.status(item) for item in ("L1", "F1", "S1", "X1", "T1", "P1")} == {"terminated"}
    assert errand["F1"].reason == "前置事项未通过"
    assert errand.status("H1") == "submitted"
    drive(errand)
    assert errand.status("H1") == "closed"
    assert (errand.case.status.value, errand.case.result.value) == ("partly_finished", "partly_granted")


def test_an_edge_that_needs_only_a_settled_item_lets_its_successor_start_after_a_refusal() -> None:
    errand = submitted("utility_full")
    errand.refuse("U0")
    assert errand.status("U4") == "submitted"
    assert {errand.status(item) for item in ("A1", "U1", "U2", "U3")} == {"terminated"}


def test_two_predecessors_must_both_be_through() -> None:
    errand = submitted("startup_full")
    errand.grant("E0", "E1")
    assert errand.status("E7") == "waiting"
    errand.grant("E2")
    assert errand.status("E7") == "submitted"


def test_a_result_becomes_input_of_the_items_after_it() -> None:
    errand = submitted("catering_full")
    assert "uscc" not in errand.case.form
    errand.review("L0")
    errand.act("L0", "grant", outputs={"uscc": OTHER_USCC})
    assert errand.case.form["uscc"] == OTHER_USCC
    assert errand.case.certificates["L0"].holder == "王示例"


@pytest.mark.parametrize(
    ("outputs", "pointer", "code"),
    [
        ({}, "/outputs/uscc", "missing"),
        ({"uscc": "  "}, "/outputs/uscc", "missing"),
        ({"uscc": "91330000MA000000XX"}, "/outputs/uscc", "does-not-fit"),
        ({"uscc": OTHER_USCC, "usc": 1}, "/outputs/usc", "unknown-field"),
    ],
)
def test_a_grant_must_give_the_number_only_this_authority_assigns(
    outputs: dict[str, object], pointer: str, code: str
) -> None:
    errand = submitted("catering_full")
    errand.review("L0")
    with pytest.raises(InvalidInput) as refusal:
        errand.act("L0", "grant", outputs=outputs)
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(pointer, code)]
    assert errand.status("L0") == "review"


def test_a_result_that_is_only_text_defaults_to_the_number_of_the_certificate() -> None:
    errand = submitted("birth_full")
    errand.grant("B1")
    assert errand.case.form["birth_no"] == errand.case.certificates["B1"].number


def test_nobody_decides_twice() -> None:
    errand = submitted("catering_full")
    errand.grant("H1")
    for action in ("grant", "refuse", "return", "withdraw"):
        who = APPLICANT if action == "withdraw" else None
        with pytest.raises(ActionNotAllowed):
            errand.act("H1", action, who, reason="再来一次")
    errand.act("H1", "deliver", CLERK)
    with pytest.raises(ActionNotAllowed):
        errand.act("H1", "deliver", CLERK)


def test_a_missing_deferred_material_lets_the_review_go_on_but_not_the_grant() -> None:
    errand = submitted("catering_full")
    errand.grant("L0", "L1")
    errand.review("S1")
    with pytest.raises(ActionNotAllowed) as refusal:
        errand.act("S1", "grant")
    assert refusal.value.members["missing"] == ["sign_consent"]
    errand.provide("sign_consent")
    errand.act("S1", "grant")
    assert errand.status("S1") == "granted"


def test_a_paper_another_item_failed_to_put_out_may_be_handed_in_instead() -> None:
    errand = submitted("catering_full")
    errand.grant("L0", "L1")
    errand.review("F1")
    with pytest.raises(ActionNotAllowed):
        errand.act("F1", "grant")
    errand.refuse("H1")
    errand.provide("health")
    errand.act("F1", "grant")
    assert errand.status("F1") == "granted"


def test_the_clock_stands_still_in_a_special_procedure() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    before = errand["H1"].promised_due_on, errand["H1"].statutory_due_on
    errand.act("H1", "begin_special", reason="专家评审", procedure="专家评审", days=10)
    assert errand["H1"].pauses[-1].until is None
    errand.later(3)
    errand.act("H1", "end_special")
    task, calendar = errand["H1"], errand.now.calendar
    assert before[0] is not None
    assert task.promised_due_on == due_on(calendar, before[0], 3)
    assert task.statutory_due_on == (before[1] and due_on(calendar, before[1], 3))
    assert task.pauses[-1].until == errand.now.today


def test_a_suspended_task_may_be_resumed_or_ended_by_its_officer() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    errand.act("H1", "suspend", reason="等待法院裁判")
    with pytest.raises(ActionNotAllowed):
        errand.act("H1", "grant")
    errand.act("H1", "resume")
    errand.act("H1", "suspend", reason="等待法院裁判")
    errand.act("H1", "terminate", reason="标的已经灭失")
    assert errand.status("H1") == "terminated"
    assert errand["H1"].pauses[-1].until == errand.now.today


def test_a_time_limit_is_extended_once_by_ten_days_at_most_and_before_it_ends() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    before = errand["H1"].promised_due_on
    for days in (0, 11, -1):
        with pytest.raises(InvalidInput):
            errand.act("H1", "ask_extension", reason="情况复杂", days=days)
    errand.act("H1", "ask_extension", reason="情况复杂", days=4)
    errand.act("H1", "extend")
    assert before is not None
    assert errand["H1"].promised_due_on == due_on(errand.now.calendar, before, 4)
    assert TaskAction.ASK_EXTENSION not in permitted(errand["H1"], officer(errand["H1"]), errand.now.today)
    with pytest.raises(ActionNotAllowed, match="once"):
        errand.act("H1", "ask_extension", reason="情况复杂")


def test_a_limit_that_has_passed_is_not_extended() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    errand.later(90)
    with pytest.raises(ActionNotAllowed, match="passed"):
        errand.act("H1", "ask_extension", reason="情况复杂")


@pytest.mark.parametrize("reason", [None, "", " \n\u3000"])
def test_a_department_must_say_why_it_does_not_accept(reason: str | None) -> None:
    errand = submitted("catering_full")
    errand.act("H1", "receive", CLERK)
    with pytest.raises(InvalidInput) as refusal:
        errand.act("H1", "decline", reason=reason)
    assert refusal.value.faults[0].pointer == "/reason"
    errand.act("H1", "decline", reason="  不属于本机关职权范围  ")
    assert errand["H1"].reason == "不属于本机关职权范围"


def test_a_reason_has_an_end() -> None:
    errand = submitted("catering_full")
    errand.act("H1", "receive")
    with pytest.raises(InvalidInput) as refusal:
        errand.act("H1", "decline", reason="长" * 2001)
    assert refusal.value.faults[0].code == "too-long"


def test_an_item_the_application_does_not_have_is_not_found() -> None:
    errand = submitted("catering_simple")
    sent = Command(action=TaskAction.RECEIVE)
    with pytest.raises(NotFound):
        errand.run(CLERK, lambda h: act(h, "Z9", sent, errand.desk("L1")))


def test_correcting_is_not_an_action_on_one_task() -> None:
    errand = submitted("catering_full")
    errand.act("H1", "receive")
    errand.post("H1", field_point("staff_list"))
    errand.later(8)
    assert errand.status("H1") == "correction"
    with pytest.raises(ActionNotAllowed) as refusal:
        errand.act("H1", "correct", APPLICANT)
    assert "correct" in refusal.value.members["allowed"]


def test_no_caller_can_play_the_part_of_time() -> None:
    errand = submitted("catering_full")
    with pytest.raises(ActionNotAllowed):
        errand.act("F1", "start", SYSTEM)


def test_the_applicant_withdraws_an_item_nothing_depends_on() -> None:
    errand = submitted("catering_full")
    errand.withdraw("T1")
    assert errand.status("T1") == "withdrawn"
    assert errand.status("L1") == "waiting"


def test_an_item_others_wait_for_cannot_be_withdrawn_alone() -> None:
    errand = submitted("catering_full")
    with pytest.raises(ActionNotAllowed) as refusal:
        errand.withdraw("L1")
    assert set(refusal.value.members["dependants"]) == {"F1", "S1", "X1", "T1", "P1"}
    for item in ("F1", "S1", "X1", "T1", "P1", "L1"):
        errand.withdraw(item)
    assert errand.status("L1") == "withdrawn"


def test_withdrawing_the_whole_keeps_decisions_already_made() -> None:
    errand = submitted("catering_full")
    errand.grant("L0")
    errand.withdraw_all()
    assert errand.status("L0") == "granted"
    assert {errand.status(item) for item in errand.case.tasks if item != "L0"} == {"withdrawn"}
    assert errand.case.completed_at is None
    errand.act("L0", "deliver")
    assert errand.case.status.value == "partly_finished"
    assert errand.case.completed_at is not None
    with pytest.raises(ActionNotAllowed):
        errand.withdraw_all()


def test_withdrawing_the_whole_before_any_decision_ends_it() -> None:
    errand = submitted("birth_full")
    errand.withdraw_all()
    assert errand.case.status.value == "withdrawn"
    assert errand.case.completed_at == errand.now.at


def test_a_task_declared_void_takes_its_dependants_with_it() -> None:
    errand = submitted("catering_full")
    errand.act("L0", "void", SUPERVISOR, reason="数据错误")
    assert errand.status("L0") == "void"
    assert errand.status("F1") == "terminated"
    assert errand.status("H1") == "submitted"


def test_a_move_that_is_refused_leaves_no_trace() -> None:
    errand = submitted("catering_full")
    before, count = errand.case, len(errand.events)
    with pytest.raises(ActionNotAllowed):
        errand.act("H1", "grant")
    assert errand.case is before
    assert len(errand.events) == count


def test_every_event_says_who_from_where_to_where_and_when() -> None:
    errand = submitted("catering_full")
    (received, *_) = errand.act("H1", "receive", CLERK)
    assert (received.actor, received.role.value) == ("clerk", "clerk")
    assert (received.start, received.end, received.at) == ("submitted", "received", errand.now.at)


def test_an_officer_sees_only_the_tasks_of_the_own_department() -> None:
    errand = submitted("catering_full")
    assert actor_may_see(officer(errand["H1"]), errand["H1"])
    assert not actor_may_see(officer(errand["L0"]), errand["H1"])
    assert actor_may_see(Actor("x", Role.SUPERVISOR), errand["H1"])


def test_the_application_is_promised_for_the_end_of_its_critical_path() -> None:
    errand = submitted("catering_full")
    assert errand.case.promised_on == due_on(errand.now.calendar, MONDAY, 9)


def test_delivery_is_due_ten_working_days_after_the_grant() -> None:
    errand: Errand = submitted("catering_full")
    errand.grant("H1")
    assert errand["H1"].delivery_due_on == due_on(errand.now.calendar, MONDAY, 10)


def test_a_result_can_never_come_once_its_item_is_over_without_a_grant() -> None:
    errand = submitted("catering_full")
    health = next(planned for planned in errand.plan.materials if planned.material.code == "health")
    layout = next(planned for planned in errand.plan.materials if planned.material.code == "layout")
    assert not can_never_come(errand.case, health)
    withdrawn, refused, granted = (submitted("catering_full") for _ in range(3))
    withdrawn.withdraw("H1")
    refused.refuse("H1")
    granted.grant("H1")
    assert can_never_come(withdrawn.case, health)
    assert can_never_come(refused.case, health)
    assert not can_never_come(granted.case, health)
    assert not can_never_come(withdrawn.case, layout), "an upload comes from nobody else"


def test_a_task_that_ends_takes_its_open_points_with_it() -> None:
    errand = submitted("catering_full")
    errand.act("L0", "receive")
    errand.act("H1", "receive")
    errand.post("H1", field_point("staff_list"))
    errand.withdraw("H1")
    assert errand["H1"].points == ()
    errand.act("L0", "accept")
    assert errand.case.notices == ()
