"""From a draft to an application: saving anything, submitting only what is complete."""

from datetime import date
from itertools import accumulate

import pytest

from app.domain import submissions
from app.domain.answers import accept
from app.domain.applications import evolve, replay
from app.domain.deadlines import due_on
from app.domain.deferrals import Terms
from app.domain.errors import ActionNotAllowed, Incomplete, InvalidInput, NotEligible
from app.domain.happenings import Happenings
from app.domain.routing import Plan
from tests.factories import APPLICANT, MONDAY, PLEDGED, Errand, draft, drive, moment, paper, planner, submitted


def known(errand: Errand) -> frozenset[str]:
    plans = planner(errand.case.bundle)
    return frozenset(code for item in plans.bundle.items for code in plans.library.items[item].fields)


def save(errand: Errand, values: dict[str, object], plan: Plan | None = None) -> None:
    errand.run(APPLICANT, lambda h: submissions.save(h, values, plan or errand.plan, known(errand)))


def submit(errand: Errand, plan: Plan | None = None, terms: Terms = PLEDGED) -> None:
    number = "L330802-20260316-00001-0"
    errand.run(APPLICANT, lambda h: submissions.submit(h, plan or errand.plan, number, "hash", terms))


def planned(errand: Errand, **answers: object) -> Plan:
    """The plan of the same bundle with other answers."""
    plans = planner(errand.case.bundle)
    return plans.plan(accept(plans.bundle, answers), errand.case.region, MONDAY)


def test_submitting_opens_one_task_for_each_item_at_its_department() -> None:
    errand = submitted("catering_full")
    assert list(errand.case.tasks) == [planned.item.code for planned in errand.plan.items]
    assert errand["X1"].department == "fire.330802"
    assert errand.case.status.value == "submitted"
    assert errand.case.submitted_at == errand.now.at
    assert errand.case.promised_on == due_on(errand.now.calendar, MONDAY, 9)


def test_only_items_that_wait_for_nothing_start_their_clock() -> None:
    errand = submitted("catering_full")
    running = {item for item, task in errand.case.tasks.items() if task.opened_on is not None}
    assert running == {"L0", "H1"}


def test_the_system_fills_in_what_it_derives() -> None:
    errand = submitted("catering_full")
    assert "柯城区" in errand.case.form["premises_region"]
    assert submitted("birth_full").case.form["pay_year"] == "2026"


def test_an_application_is_submitted_once() -> None:
    errand = submitted("catering_simple")
    with pytest.raises(ActionNotAllowed):
        submit(errand)
    with pytest.raises(ActionNotAllowed) as refusal:
        save(errand, {"seats": 20})
    assert refusal.value.members["allowed"] == ["correct", "withdraw"]
    with pytest.raises(ActionNotAllowed):
        errand.run(APPLICANT, lambda h: submissions.remove(h, "layout"))


def test_every_fault_of_form_and_papers_is_told_at_once() -> None:
    errand = draft("catering_full")
    save(errand, {"seats": "很多", "contact": None, "open_date": "2026-02-30", "legal_rep_id": "00330819880105003Y"})
    errand.run(APPLICANT, lambda h: submissions.remove(h, "layout"))
    with pytest.raises(InvalidInput) as refusal:
        submit(errand)
    assert {(fault.pointer, fault.code) for fault in refusal.value.faults} == {
        ("/form/seats", "does-not-fit"),
        ("/form/contact", "missing"),
        ("/form/open_date", "does-not-fit"),
        ("/form/legal_rep_id", "does-not-fit"),
        ("/materials/layout", "missing"),
    }
    assert errand.case.status.value == "draft"
    assert not errand.case.tasks


def test_a_deferred_paper_does_not_hold_up_the_submission() -> None:
    errand = draft("catering_full")
    assert "sign_consent" not in errand.case.materials
    submit(errand)
    errand.provide("sign_consent")
    with pytest.raises(ActionNotAllowed):
        errand.provide("sign_consent")
    with pytest.raises(ActionNotAllowed):
        errand.provide("layout")


def test_nothing_is_handed_in_after_the_end() -> None:
    errand = submitted("catering_full")
    errand.withdraw_all()
    with pytest.raises(ActionNotAllowed):
        errand.provide("sign_consent")
    errand = submitted("birth_simple")
    drive(errand)
    with pytest.raises(ActionNotAllowed):
        errand.provide("photo")


def test_a_paper_the_plan_does_not_ask_for_is_refused() -> None:
    errand = draft("catering_simple")
    with pytest.raises(InvalidInput) as refusal:
        errand.run(APPLICANT, lambda h: submissions.provide(h, paper("sign_render", h.moment.at), errand.plan))
    assert refusal.value.faults[0].code == "not-needed"


def test_open_questions_are_named_instead_of_submitted() -> None:
    errand = draft("catering_simple")
    with pytest.raises(Incomplete) as refusal:
        submit(errand, planned(errand, has_licence=True))
    assert "area_m2" in refusal.value.members["questions"]
    assert refusal.value.detail.zh.startswith("请先回答：")


def test_somebody_outside_the_bundle_is_told_why() -> None:
    errand = draft("birth_full")
    answers = {**errand.plan.answers, "born_here": False}
    with pytest.raises(NotEligible) as refusal:
        submit(errand, planned(errand, **answers))
    assert refusal.value.members["reasons"]


def test_a_plan_without_an_item_cannot_be_submitted() -> None:
    errand = draft("birth_full")
    empty = type(errand.plan)(**{name: getattr(errand.plan, name) for name in errand.plan.__slots__} | {"items": ()})
    with pytest.raises(NotEligible, match="nothing to apply for"):
        submit(errand, empty)


def test_a_draft_keeps_what_does_not_fit_and_forgets_what_is_cleared() -> None:
    errand = draft("catering_simple")
    save(errand, {"seats": "很多", "contact": "  王示例\u3000"})
    assert errand.case.form["seats"] == "很多"
    assert errand.case.form["contact"] == "王示例"
    save(errand, {"seats": None})
    assert "seats" not in errand.case.form


def test_saving_the_same_again_is_no_event() -> None:
    errand = draft("catering_simple")
    count = len(errand.events)
    save(errand, dict(errand.case.form))
    assert len(errand.events) == count


def test_new_answers_are_saved_with_the_draft() -> None:
    errand = draft("catering_simple")
    plan = planned(errand, **{**errand.plan.answers, "sign": True})
    save(errand, {}, plan)
    assert errand.case.answers["sign"] is True


DEEP: list[object] = []
for _ in range(5000):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"seat": 1}, "unknown-field"),
        ({"contact": "长" * 4001}, "too-long"),
        ({"staff_list": [{"staff_name": "长" * 200_001}]}, "too-long"),
        ({"staff_list": DEEP}, "too-long"),
        ({"contact": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}}, "too-long"),
    ],
)
def test_a_draft_refuses_only_what_no_form_has(values: dict[str, object], code: str) -> None:
    errand = draft("catering_simple")
    with pytest.raises(InvalidInput) as refusal:
        save(errand, values)
    assert [fault.code for fault in refusal.value.faults] == [code]


def test_a_material_taken_out_of_a_draft_is_gone_and_may_come_again() -> None:
    errand = draft("catering_full")
    errand.run(APPLICANT, lambda h: submissions.remove(h, "layout"))
    assert "layout" not in errand.case.materials
    assert errand.run(APPLICANT, lambda h: submissions.remove(h, "layout")) == []
    errand.provide("layout")
    assert "layout" in errand.case.materials


def test_the_course_of_a_command_is_what_its_events_make_of_it_one_by_one() -> None:
    errand, courses = draft("catering_full"), []

    def file(h: Happenings) -> None:
        submissions.submit(h, errand.plan, "L330802-20260316-00001-0", "hash", PLEDGED)
        courses.append(h.cases)

    before = errand.case
    events = errand.run(APPLICANT, file)
    assert courses == [list(accumulate(events, evolve, initial=before))[1:]]


def test_a_draft_and_its_submission_replay_from_their_events() -> None:
    errand = submitted("utility_full", moment(date(2026, 2, 12)))
    assert replay(errand.blank, errand.events) == errand.case


def test_a_draft_is_changed_so_often_and_no_more_and_can_still_be_submitted() -> None:
    errand = draft("catering_full")
    for number in range(submissions.MOST_CHANGES - errand.case.event_count):
        save(errand, {"seats": number + 1})
    before = errand.case
    for change in (
        lambda h: submissions.save(h, {"seats": 999}, errand.plan, known(errand)),
        lambda h: submissions.provide(h, paper("layout", errand.now.at), errand.plan),
        lambda h: submissions.remove(h, "layout"),
    ):
        with pytest.raises(ActionNotAllowed) as refused:
            errand.run(APPLICANT, change)
        assert refused.value.members["allowed"] == ["submit", "withdraw"]
    assert errand.case == before
    submit(errand)
