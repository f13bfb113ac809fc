"""补正: one notice with the points of all departments, answered once, disturbing nobody else."""

import pytest

from app.domain import corrections
from app.domain.applications import Point, PointKind
from app.domain.deadlines import due_on
from app.domain.errors import ActionNotAllowed, InvalidInput
from app.domain.handling import permitted
from app.domain.lifecycle import TaskAction
from tests.factories import (
    CLERK,
    MONDAY,
    OTHER_IDS,
    Errand,
    field_point,
    officer,
    paper_point,
    submitted,
)

SIX = ("F1", "S1", "X1", "T1", "P1", "H1")


def five_in_intake() -> Errand:
    """A restaurant with its licence: five departments have received their part, health has finished."""
    errand = submitted("catering_full")
    errand.go_to(MONDAY, 11)
    errand.grant("L0", "L1", "H1")
    for item in SIX[:-1]:
        errand.act(item, "receive", CLERK)
    return errand


def test_the_notice_waits_for_every_department_in_intake_and_holds_all_points() -> None:
    errand = five_in_intake()
    errand.post("F1", field_point("kitchen_area"), paper_point("layout"))
    errand.post("S1", field_point("sign_size"))
    errand.act("X1", "accept")
    errand.act("T1", "accept")
    assert errand.case.open_notice is None
    errand.act("P1", "accept")
    notice = errand.case.open_notice
    assert notice is not None
    assert {item: [point.code for point in points] for item, points in notice.points.items()} == {
        "F1": ["kitchen_area", "layout"],
        "S1": ["sign_size"],
    }
    assert notice.due_on == due_on(errand.now.calendar, errand.now.counts_from, 15)
    assert errand.case.status.value == "correction"
    assert len(errand.case.notices) == 1


def test_departments_not_concerned_keep_moving_while_the_applicant_corrects() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.accept("F1", "X1", "T1", "P1")
    assert errand.status("S1") == "correction"
    errand.act("T1", "review")
    errand.act("T1", "grant")
    assert errand.status("T1") == "granted"


def test_on_the_last_intake_day_the_notice_is_served_without_the_silent() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.later(4)
    assert errand.case.open_notice is None
    errand.later(1 + 2)  # over the weekend
    assert errand.case.open_notice is None, "a department has the whole of its last day"
    errand.evening()
    notice = errand.case.open_notice
    assert notice is not None
    assert notice.served_at.date() == due_on(errand.now.calendar, MONDAY, 5)
    assert set(notice.points) == {"S1"}


def test_on_its_last_day_a_department_may_still_post_and_is_told_with_the_others() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.go_to(due_on(errand.now.calendar, MONDAY, 5), 16)
    errand.sweep()
    errand.post("F1", field_point("kitchen_area"))
    errand.evening()
    assert [set(notice.points) for notice in errand.case.notices] == [{"F1", "S1"}]


def test_a_department_that_kept_silent_through_the_last_day_cannot_add_points_after_the_notice() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.go_to(due_on(errand.now.calendar, MONDAY, 5))
    errand.evening()
    assert errand.status("F1") == "received"
    assert TaskAction.REQUEST_CORRECTION not in permitted(errand["F1"], officer(errand["F1"]), errand.now.today)
    with pytest.raises(ActionNotAllowed, match="once only"):
        errand.post("F1", field_point("kitchen_area"))
    errand.act("F1", "accept")
    assert len(errand.case.notices) == 1


def test_a_department_that_was_notified_cannot_add_points_after_the_answer() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.accept("F1", "X1", "T1", "P1")
    errand.answer({"sign_size": "长 4 米"})
    assert errand.status("S1") == "received"
    with pytest.raises(ActionNotAllowed, match="once only") as refusal:
        errand.post("S1", field_point("sign_place"))
    assert refusal.value.detail.zh.startswith("补正只能一次性告知")


def test_posting_again_before_the_notice_replaces_the_points() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.post("S1", field_point("sign_place"))
    errand.accept("F1", "X1", "T1", "P1")
    assert errand.case.open_notice is not None
    assert [point.code for point in errand.case.open_notice.points["S1"]] == ["sign_place"]


def test_a_department_that_accepts_after_posting_takes_its_points_back() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.accept("S1", "F1", "X1", "T1", "P1")
    assert errand["S1"].points == ()
    assert errand.case.notices == ()


def test_an_item_that_starts_later_has_its_own_intake_and_its_own_notice() -> None:
    errand = submitted("catering_full")
    errand.act("H1", "receive")
    errand.post("H1", field_point("staff_list"))
    errand.accept("L0")
    assert [set(notice.points) for notice in errand.case.notices] == [{"H1"}]
    errand.answer({"staff_list": list(errand.case.form["staff_list"])})
    errand.act("L0", "review")
    errand.act("L0", "grant", outputs=errand.outputs("L0"))
    errand.act("L1", "receive")
    errand.post("L1", field_point("operator_name"))
    assert [set(notice.points) for notice in errand.case.notices] == [{"H1"}, {"L1"}], "health has nothing to add"


def test_an_answer_sends_its_tasks_back_to_intake_with_a_fresh_clock() -> None:
    errand = five_in_intake()
    errand.post("F1", field_point("kitchen_area"), paper_point("layout"))
    errand.accept("S1", "X1", "T1", "P1")
    errand.later(3)
    errand.answer({"kitchen_area": 95}, ("layout",))
    task = errand["F1"]
    assert task.status.value == "received"
    assert task.opened_on == errand.now.today
    assert task.intake_due_on == due_on(errand.now.calendar, errand.now.today, 5)
    assert errand.case.form["kitchen_area"] == 95
    assert errand.case.open_notice is None
    assert errand.case.notices[0].answered_at == errand.now.at


def test_only_departments_that_accepted_on_what_changed_are_asked_to_confirm() -> None:
    errand = five_in_intake()
    errand.post("F1", field_point("contact"), paper_point("layout"))
    errand.accept("S1", "X1", "T1", "P1")
    errand.answer({"contact": "李示例"}, ("layout",))
    asked = {item: errand[item].confirm_fields for item in errand.case.tasks if errand[item].confirm_fields}
    assert asked == {"S1": ("contact",), "X1": ("contact", "layout"), "P1": ("contact", "layout")}


def test_a_value_given_again_unchanged_asks_nobody_to_confirm() -> None:
    errand = five_in_intake()
    errand.post("F1", field_point("contact"))
    errand.accept("S1", "X1", "T1", "P1")
    errand.answer({"contact": f" {errand.case.form['contact']} "})
    assert not any(task.confirm_fields for task in errand.case.tasks.values())


def test_a_department_asked_to_confirm_decides_only_afterwards() -> None:
    errand = five_in_intake()
    errand.post("F1", field_point("contact"))
    errand.review("S1")
    errand.accept("X1", "T1", "P1")
    errand.provide("sign_consent")
    errand.answer({"contact": "李示例"})
    for action in ("grant", "refuse"):
        with pytest.raises(ActionNotAllowed, match="confirm"):
            errand.act("S1", action, reason="看法")
    errand.act("S1", "confirm")
    with pytest.raises(ActionNotAllowed):
        errand.act("S1", "confirm")
    errand.act("S1", "grant")
    assert errand.status("S1") == "granted"


def test_a_replaced_paper_asks_for_confirmation_as_soon_as_it_is_there() -> None:
    errand = five_in_intake()
    errand.post("F1", paper_point("layout"))
    errand.accept("S1", "X1", "T1", "P1")
    errand.later(1)
    errand.provide("layout")
    assert {item for item in SIX if errand[item].confirm_fields} == {"X1", "P1"}
    assert errand.status("F1") == "correction"


def test_what_the_system_derives_from_a_corrected_value_is_derived_again() -> None:
    errand = submitted("retire_full")
    before = errand.case.form["retire_date"]
    errand.accept("R9")
    errand.act("R1", "receive")
    errand.post("R1", field_point("birth"))
    errand.answer({"birth": "1967-06-10"})
    assert errand.case.form["retire_date"] > before
    assert errand["R9"].confirm_fields == ("birth",)


def test_a_derived_value_the_notice_asks_for_by_name_is_taken_as_given() -> None:
    errand = submitted("retire_full")
    errand.accept("R9")
    errand.act("R1", "receive")
    errand.post("R1", field_point("birth"), field_point("retire_date"))
    errand.answer({"birth": "1967-06-10", "retire_date": "2031-01"})
    assert errand.case.form["retire_date"] == "2031-01"


@pytest.mark.parametrize(
    ("values", "papers", "faults"),
    [
        ({}, (), {("/values/kitchen_area", "missing"), ("/materials/layout", "missing")}),
        ({"kitchen_area": 95}, (), {("/materials/layout", "missing")}),
        ({"kitchen_area": "大"}, ("layout",), {("/values/kitchen_area", "does-not-fit")}),
        ({"kitchen_area": 95, "seats": 10}, ("layout",), {("/values/seats", "unknown-field")}),
        (
            {"kitchen_area": " ", "a/b~c": 1},
            ("layout",),
            {("/values/a~1b~0c", "unknown-field"), ("/values/kitchen_area", "missing")},
        ),
    ],
)
def test_an_answer_answers_exactly_the_points(
    values: dict[str, object], papers: tuple[str, ...], faults: set[tuple[str, str]]
) -> None:
    errand = five_in_intake()
    errand.post("F1", field_point("kitchen_area"), paper_point("layout"))
    errand.accept("S1", "X1", "T1", "P1")
    errand.later(1)
    with pytest.raises(InvalidInput) as refusal:
        errand.answer(values, papers)
    assert {(fault.pointer, fault.code) for fault in refusal.value.faults} == faults
    assert errand.status("F1") == "correction"


def test_a_paper_nobody_asked_for_cannot_be_replaced_after_submission() -> None:
    errand = five_in_intake()
    errand.post("F1", field_point("kitchen_area"))
    errand.accept("S1", "X1", "T1", "P1")
    with pytest.raises(ActionNotAllowed):
        errand.provide("layout")


def test_a_task_withdrawn_meanwhile_needs_no_answer() -> None:
    errand = five_in_intake()
    errand.post("F1", field_point("kitchen_area"))
    errand.post("S1", field_point("sign_size"))
    errand.accept("X1", "T1", "P1")
    errand.withdraw("S1")
    errand.answer({"kitchen_area": 95})
    assert errand.status("F1") == "received"
    assert errand.status("S1") == "withdrawn"


def test_a_notice_all_of_whose_tasks_are_gone_waits_for_nobody() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.accept("F1", "X1", "T1", "P1")
    errand.withdraw("S1")
    assert errand.case.open_notice is None
    with pytest.raises(ActionNotAllowed) as refusal:
        errand.answer({"sign_size": "长 4 米"}, number=1)
    assert refusal.value.members["open_notices"] == []


def test_a_notice_is_answered_once() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.accept("F1", "X1", "T1", "P1")
    errand.answer({"sign_size": "长 4 米"})
    for number in (1, 2, 0, -1):
        with pytest.raises(ActionNotAllowed):
            errand.answer({"sign_size": "长 5 米"}, number=number)


def test_an_answer_after_its_period_is_too_late_even_before_the_sweep() -> None:
    errand = five_in_intake()
    errand.post("S1", field_point("sign_size"))
    errand.accept("F1", "X1", "T1", "P1")
    assert errand.case.open_notice is not None
    errand.go_to(errand.case.open_notice.due_on)
    last_day = errand.case
    errand.answer({"sign_size": "长 4 米"})
    assert errand.status("S1") == "received"
    errand.case = last_day
    errand.go_to(due_on(errand.now.calendar, errand.now.today, 1))
    with pytest.raises(ActionNotAllowed, match="ended on"):
        errand.answer({"sign_size": "长 4 米"})


@pytest.mark.parametrize(
    ("points", "faults"),
    [
        ((), {("/points", "missing")}),
        ((field_point("kitchen_area", " "),), {("/points/0/reason", "missing")}),
        ((field_point("kitchen_area", "长" * 501),), {("/points/0/reason", "missing")}),
        ((field_point("sign_size"),), {("/points/0/code", "unknown-field")}),
        ((Point(PointKind.MATERIAL, "kitchen_area", "x"),), {("/points/0/code", "unknown-field")}),
        ((field_point("seats"), field_point("不存在")), {("/points/1/code", "unknown-field")}),
        ((field_point("seats"),) * 51, {("/points", "too-many")}),
    ],
)
def test_points_stand_on_the_departments_own_fields_and_papers(
    points: tuple[Point, ...], faults: set[tuple[str, str]]
) -> None:
    errand = five_in_intake()
    with pytest.raises(InvalidInput) as refusal:
        errand.post("F1", *points)
    assert {(fault.pointer, fault.code) for fault in refusal.value.faults} == faults
    assert errand["F1"].points == ()


def test_two_departments_asking_for_the_same_field_get_one_answer() -> None:
    errand = five_in_intake()
    errand.post("F1", field_point("legal_rep_id"))
    errand.post("X1", field_point("legal_rep_id"))
    errand.accept("S1", "T1", "P1")
    errand.answer({"legal_rep_id": OTHER_IDS[0]})
    assert {errand.status("F1"), errand.status("X1")} == {"received"}
    assert not corrections.asks_for_material(errand.case, "layout")
