"""特别程序、延期、公告、容缺受理、告知承诺制、联合踏勘、线下环节、免申即享: each rule with its limits."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain import deferrals, outcomes, submissions
from app.domain.applications import Application
from app.domain.deadlines import due_on
from app.domain.deferrals import Terms
from app.domain.errors import ActionNotAllowed, InvalidInput
from app.domain.happenings import Happenings
from app.domain.passing import look_again_on
from app.domain.records import AfterCheck, FactKind, Mode, SpecialKind, StepKind
from app.domain.routing import Plan
from tests.factories import (
    APPLICANT,
    CLERK,
    MONDAY,
    PLEDGED,
    Errand,
    catalogue,
    draft,
    drive,
    officer,
    submitted,
)


def faults(refusal: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    """Where and what is wrong."""
    return [(fault.pointer, fault.code) for fault in refusal.value.faults]


def food_in_review(terms: Terms = PLEDGED) -> Errand:
    """The full restaurant, registered, the food, sign and fire items under review."""
    errand = submitted("catering_full", terms=terms)
    errand.grant("L0", "L1")
    errand.review("F1", "S1", "X1")
    return errand


# 特别程序


@pytest.mark.parametrize("named", [*SpecialKind, *(kind.zh for kind in SpecialKind)])
def test_the_procedures_of_article_45_stop_the_clock(named: str) -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    errand.act("H1", "begin_special", procedure=str(named), days=3, reason="书面告知")
    pause = errand["H1"].pauses[-1]
    assert (pause.days, pause.ends_on) == (3, date(2026, 3, 19))
    assert pause.procedure in SpecialKind


@pytest.mark.parametrize("named", ["survey", "joint_survey", "联合踏勘", " 现场核查 "])
def test_a_survey_does_not_stop_the_clock_and_the_refusal_explains_it(named: str) -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    with pytest.raises(InvalidInput) as refusal:
        errand.act("H1", "begin_special", procedure=named, days=3, reason="去现场看看")
    assert faults(refusal) == [("/procedure", "does-not-stop-the-clock")]
    assert "第四十五条" in refusal.value.faults[0].detail.zh
    assert errand.status("H1") == "review"


@pytest.mark.parametrize(
    ("command", "pointer"),
    [
        ({}, "/procedure"),
        ({"procedure": "领导出差", "days": 3}, "/procedure"),
        ({"procedure": "检测"}, "/days"),
        ({"procedure": "检测", "days": 0}, "/days"),
        ({"procedure": "检测", "days": 251}, "/days"),
    ],
)
def test_a_special_procedure_says_which_and_how_long(command: dict[str, object], pointer: str) -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    with pytest.raises(InvalidInput) as refusal:
        errand.act("H1", "begin_special", reason="理由", **command)
    assert faults(refusal)[0][0] == pointer


# 延期


def test_an_extension_is_asked_for_by_an_officer_and_approved_by_the_head() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    with pytest.raises(ActionNotAllowed, match="Nobody has asked"):
        errand.act("H1", "extend")
    errand.act("H1", "ask_extension", reason="材料复杂")
    wish = errand["H1"].extension_wish
    assert wish is not None
    assert wish.days == 10
    with pytest.raises(ActionNotAllowed, match="Another officer"):
        errand.act("H1", "extend", officer(errand["H1"], 1))
    for refused in ("extend", "deny_extension"):
        with pytest.raises(ActionNotAllowed, match="head"):
            errand.act("H1", refused, officer(errand["H1"], 2), reason="代为答复")
    with pytest.raises(ActionNotAllowed, match="waiting for approval"):
        errand.act("H1", "ask_extension", reason="再来一次")
    events = errand.act("H1", "extend", reason="同意")
    assert errand["H1"].extended_days == 10
    assert events[-1].why == "材料复杂；同意"


def test_the_head_does_not_ask_what_only_the_head_could_approve() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    with pytest.raises(ActionNotAllowed, match="another officer asks"):
        errand.act("H1", "ask_extension", officer(errand["H1"], 3), reason="材料复杂")


def test_an_extension_turned_down_may_be_asked_for_again() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    before = errand["H1"].promised_due_on
    errand.act("H1", "ask_extension", reason="材料复杂")
    errand.act("H1", "deny_extension", reason="理由不充分")
    assert (errand["H1"].extension_wish, errand["H1"].promised_due_on) == (None, before)
    errand.act("H1", "ask_extension", reason="补充理由", days=2)


def test_an_approval_that_comes_after_the_limit_is_too_late() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    errand.act("H1", "ask_extension", reason="材料复杂")
    last = errand["H1"].statutory_due_on or errand["H1"].promised_due_on
    assert last is not None
    errand.go_to(last)
    errand.go_to(due_on(errand.now.calendar, last, 1))
    with pytest.raises(ActionNotAllowed, match="passed"):
        errand.act("H1", "extend")


def test_no_department_extends_its_own_item_by_more_than_ten_days_surveyed_together_or_not() -> None:
    errand = food_in_review()
    errand.review("T1")
    errand.survey(MONDAY)
    with pytest.raises(InvalidInput):
        errand.act("T1", "ask_extension", reason="复杂", days=11)
    errand.act("T1", "ask_extension", reason="复杂", days=10)


# 公告


def test_an_items_own_law_may_allow_fewer_days() -> None:
    errand = submitted("catering_full")
    errand.review("L0")
    with pytest.raises(InvalidInput) as refusal:
        errand.act("L0", "ask_extension", reason="情形复杂", days=4)
    assert "1 至 3" in refusal.value.faults[0].detail.zh
    errand.act("L0", "ask_extension", reason="情形复杂")
    errand.act("L0", "extend")
    assert errand["L0"].extended_days == 3


def test_nothing_is_decided_before_an_announcement_has_run() -> None:
    errand = submitted("catering_full")
    errand.review("H1")
    before = errand["H1"].promised_due_on
    errand.act("H1", "announce", days=5, reason="公示五日")
    assert errand["H1"].announcements[0].until == date(2026, 3, 23), "the fifth day is a Saturday"
    errand.go_to(date(2026, 3, 23))
    for action in ("grant", "refuse"):
        with pytest.raises(ActionNotAllowed, match="announcement"):
            errand.act("H1", action, reason="理由")
    assert errand["H1"].promised_due_on == before
    errand.go_to(date(2026, 3, 24))
    errand.act("H1", "grant")


# 容缺受理


def test_what_follows_later_is_signed_for_at_submission() -> None:
    errand = draft("catering_full")
    with pytest.raises(InvalidInput) as refusal:
        submit(errand, Terms())
    assert faults(refusal) == [("/pledge", "missing")]
    submit(errand, PLEDGED)
    signed = next(event for event in errand.events if event.kind.value == "submitted")
    assert signed.why is not None
    assert deferrals.PLEDGE.zh in signed.why
    assert [own.code for own in errand["S1"].deferred] == ["sign_consent"]
    assert errand["S1"].deferred[0].due_on is None, "its time begins with acceptance"


def submit(errand: Errand, terms: Terms) -> None:
    errand.run(APPLICANT, lambda h: submissions.submit(h, errand.plan, "L330802-20260316-00001-0", "hash", terms))


def test_nothing_to_follow_needs_no_signature() -> None:
    errand = draft("catering_full")
    for planned in deferrals.papers_to_follow(errand.case, errand.plan):
        errand.provide(planned.material.code)
    submit(errand, Terms())
    assert errand["S1"].deferred == ()


def test_a_promise_not_kept_returns_the_task_and_no_other() -> None:
    errand = food_in_review()
    errand.accept("H1", "T1", "P1")
    due = errand["S1"].deferred[0].due_on
    assert due == due_on(errand.now.calendar, MONDAY, errand["S1"].promised_days), "never later than it is promised for"
    assert look_again_on(errand.case) == due
    errand.go_to(due)
    assert errand.sweep() == []
    errand.go_to(due_on(errand.now.calendar, due, 1))
    events = errand.sweep()
    returned = [event for event in events if event.end == "returned"]
    assert [(event.task, event.role.value) for event in returned] == [("S1", "system")]
    assert "容缺" in (errand["S1"].reason or "")
    assert errand.status("F1") == "review"


@pytest.mark.parametrize("day", [date(2026, 4, 10), date(2026, 5, 20)])
def test_a_late_sweep_finds_the_same_day_and_the_same_lapse_as_daily_ones(day: date) -> None:
    late, daily = (submitted("birth_full") for _ in range(2))
    assert any(task.deferred for task in late.case.tasks.values())
    for errand in (late, daily):
        errand.grant("B1", "B3")
    late.go_to(day)
    late.sweep()
    assert late.sweep() == [], "once is enough"
    while daily.now.today < day:
        daily.later(1)
    assert late.case.outcomes == daily.case.outcomes
    assert [t.deferred for t in late.case.tasks.values()] == [t.deferred for t in daily.case.tasks.values()]


def test_a_promise_kept_in_time_lapses_no_more() -> None:
    errand = food_in_review()
    errand.provide("sign_consent")
    errand.go_to(date(2026, 6, 1))
    errand.sweep()
    assert errand.status("S1") == "review"


def test_a_suspended_case_waits_and_gives_the_days_back() -> None:
    errand = food_in_review()
    due = errand["S1"].deferred[0].due_on
    assert due is not None
    errand.act("S1", "suspend", reason="等待法院裁判")
    errand.go_to(date(2026, 5, 6))
    errand.sweep()
    assert errand.status("S1") == "suspended"
    errand.act("S1", "resume")
    after = errand["S1"].deferred[0].due_on
    assert after is not None
    assert after > date(2026, 5, 6)
    assert errand.status("S1") == "review"


def test_a_fact_that_does_not_exist_yet_may_follow_where_the_pack_allows_it() -> None:
    errand = draft("catering_full")
    errand.run(APPLICANT, lambda h: submissions.save(h, {"open_date": None}, errand.plan, frozenset(["open_date"])))
    with pytest.raises(InvalidInput) as refusal:
        submit(errand, PLEDGED)
    assert faults(refusal) == [("/form/open_date", "missing")]
    submit(errand, Terms(is_pledged=True, later=frozenset(["open_date"])))
    errand.grant("L0", "L1")
    errand.review("X1")
    own = next(own for own in errand["X1"].deferred if own.code == "open_date")
    assert (own.kind, own.due_on) == (FactKind.FIELD, due_on(errand.now.calendar, MONDAY, 15))
    with pytest.raises(ActionNotAllowed) as blocked:
        errand.act("X1", "grant")
    assert blocked.value.members["missing"] == ["open_date"]
    bring(errand, {"open_date": "2026-05-01"})
    errand.act("X1", "grant")


def bring(errand: Errand, values: dict[str, object]) -> None:
    def rule(h: Happenings) -> None:
        deferrals.bring(h, values, errand.plan)
        outcomes.follow(h)

    errand.run(APPLICANT, rule)


def test_only_what_was_promised_may_be_brought_and_it_must_fit() -> None:
    errand = food_in_review()
    with pytest.raises(ActionNotAllowed):
        bring(errand, {"open_date": "2026-05-01"})
    errand = draft("catering_full")
    errand.run(APPLICANT, lambda h: submissions.save(h, {"open_date": None}, errand.plan, frozenset(["open_date"])))
    submit(errand, Terms(is_pledged=True, later=frozenset(["open_date"])))
    for values, code in (
        ({"open_date": "明天"}, "does-not-fit"),
        ({"open_date": " "}, "missing"),
        ({"open_date": "2026-05-01", "seats": 3}, "unknown-field"),
        ({}, "missing"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            bring(errand, values)
        assert code in {found for _, found in faults(refusal)}


def test_a_field_that_must_be_there_cannot_be_put_off() -> None:
    errand = draft("catering_full")
    with pytest.raises(InvalidInput) as refusal:
        submit(errand, Terms(is_pledged=True, later=frozenset(["seats", "no_such"])))
    assert faults(refusal) == [("/later/no_such", "may-not-follow"), ("/later/seats", "may-not-follow")]


def test_whoever_broke_a_commitment_before_is_given_no_credit() -> None:
    errand = draft("catering_full", fire_commit=True)
    with pytest.raises(InvalidInput) as refusal:
        submit(errand, Terms(is_pledged=True, is_trusted=False))
    assert ("/materials/sign_consent", "missing") in faults(refusal)
    for planned in deferrals.papers_to_follow(errand.case, errand.plan):
        errand.provide(planned.material.code)
    submit(errand, Terms(is_trusted=False))
    assert (errand["X1"].mode, errand["X1"].is_instant) == (Mode.ORDINARY, False)


def test_credit_is_asked_about_exactly_where_something_rests_on_it() -> None:
    asked = set()
    for story in sorted(catalogue().stories):
        for is_whole in (False, True):
            kept, broken = draft(story), draft(story)
            for planned in deferrals.papers_to_follow(kept.case, kept.plan) if is_whole else ():
                kept.provide(planned.material.code)
                broken.provide(planned.material.code)
            rests = submissions.rests_on_trust(kept.case, kept.plan, PLEDGED)
            asked.add(rests)
            submit(kept, PLEDGED)
            if not rests:
                submit(broken, replace(PLEDGED, is_trusted=False))
                assert broken.events == kept.events
    assert asked == {True, False}
    errand = draft("catering_full")
    assert submissions.rests_on_trust(errand.case, errand.plan, Terms(later=frozenset(["open_date"])))


# 告知承诺制


def committed() -> Errand:
    """The full restaurant whose owner commits to the fire rules; the fire item granted on that."""
    errand = submitted("catering_full", fire_commit=True)
    errand.grant("L0", "L1")
    assert (errand["X1"].mode, errand["X1"].promised_days) == (Mode.COMMITMENT, 0)
    events = errand.act("X1", "decide_at_once", outputs=errand.outputs("X1"))
    assert [e.kind.value for e in events if e.task == "X1"] == ["received", "accepted", "granted"]
    return errand


def test_a_commitment_is_decided_without_review_and_checked_afterwards() -> None:
    errand = committed()
    check = errand["X1"].after_check
    assert check is not None
    assert (check.due_on, check.is_open) == (due_on(errand.now.calendar, MONDAY, 30), True)
    errand.act("X1", "deliver")
    with pytest.raises(ActionNotAllowed, match="granted on the commitment"):
        errand.act("X1", "pass_check", officer(errand["X1"], 1))
    errand.act("X1", "pass_check", reason="现场与承诺一致")
    assert errand["X1"].after_check is not None
    assert errand["X1"].after_check.is_true is True
    with pytest.raises(ActionNotAllowed, match="no commitment left"):
        errand.act("X1", "revoke", reason="又变了")
    assert errand.status("X1") == "closed"


def test_without_a_commitment_the_case_is_reviewed_first() -> None:
    errand = submitted("catering_full")
    errand.grant("L0", "L1")
    errand.accept("X1")
    with pytest.raises(ActionNotAllowed, match="not chosen to commit"):
        errand.act("X1", "grant_on_promise", officer(errand["X1"], 2))
    assert errand["X1"].after_check is None


def test_a_commitment_reviewed_all_the_same_needs_no_check() -> None:
    errand = submitted("catering_full", fire_commit=True)
    errand.grant("L0", "L1", "X1")
    assert errand["X1"].after_check is None


def test_a_false_commitment_is_revoked_with_everything_that_follows() -> None:
    errand = committed()
    errand.act("X1", "deliver")
    completed = errand["X1"].completed_at
    errand.later(3)
    events = errand.act("X1", "revoke", reason="疏散通道被占用，与承诺不符")
    kinds = [event.kind.value for event in events]
    assert kinds[:3] == ["revoked", "certificate_revoked", "credit_noted"]
    task = errand["X1"]
    assert (task.status.value, task.verdict and task.verdict.value) == ("closed", "revoked")
    assert task.completed_at == completed
    assert errand.case.certificates["X1"].revoked_on == errand.now.today
    assert task.after_check is not None
    assert task.after_check.is_true is False


def test_departments_that_built_on_a_revoked_grant_are_told_and_look_again() -> None:
    errand = submitted("catering_full")
    errand.grant("L0", "L1")
    errand.review("F1")
    errand.grant("T1")
    errand.case = _as_commitment(errand.case, "L1")
    errand.act("L1", "revoke", officer(errand["L1"], 2), reason="登记信息系伪造")
    assert errand["F1"].confirm_fields, "under review: confirm before deciding"
    told = {event.task for event in errand.events if event.kind.value == "consequence"}
    assert {"F1", "T1", "S1", "X1", "P1"} <= told
    assert errand["T1"].verdict is not None, "decided: that department judges for itself"
    with pytest.raises(ActionNotAllowed):
        errand.act("F1", "grant")


def _as_commitment(case: Application, item: str) -> Application:
    check = AfterCheck(date(2026, 5, 1))
    return replace(case, tasks={**case.tasks, item: replace(case.tasks[item], after_check=check)})


# 联合踏勘


def test_one_appointment_for_all_and_one_conclusion_each() -> None:
    errand = food_in_review()
    due = errand["F1"].promised_due_on
    errand.survey(date(2026, 3, 18))
    assert errand.case.survey is not None
    assert set(errand.case.survey.items) >= {"F1", "S1", "X1"}
    with pytest.raises(ActionNotAllowed, match="has not taken place"):
        conclude(errand, "X1")
    errand.go_to(date(2026, 3, 18))
    with pytest.raises(ActionNotAllowed, match="joint survey"):
        errand.act("X1", "grant")
    conclude(errand, "X1")
    errand.act("X1", "grant")
    assert errand.status("X1") == "granted", "one missing department does not hold the others"
    with pytest.raises(ActionNotAllowed):
        conclude(errand, "X1")
    assert errand["F1"].promised_due_on == due, "a survey stops no clock"
    assert errand.case.survey.waits_for("F1")


def conclude(errand: Errand, item: str, *hands: int, **command: object) -> None:
    names = tuple(officer(errand[item], hand).account for hand in hands or (1, 2))
    errand.act(item, "conclude_survey", **{"reason": "符合", "officers": names, "is_met": True, **command})


def test_it_takes_two_officers_who_say_what_they_found() -> None:
    errand = food_in_review()
    errand.survey(MONDAY)
    for hands, command in (((1,), {}), ((1, 1), {}), ((2, 3), {}), ((1, 2), {"is_met": None})):
        with pytest.raises(InvalidInput):
            conclude(errand, "F1", *hands, **command)
    conclude(errand, "F1", 1, 3)


def test_a_survey_moved_keeps_what_was_concluded() -> None:
    errand = food_in_review()
    errand.survey(MONDAY)
    conclude(errand, "X1")
    errand.survey(date(2026, 3, 20))
    survey = errand.case.survey
    assert survey is not None
    assert (survey.number, list(survey.records)) == (2, ["X1"])
    assert errand["X1"].survey_on is None
    assert errand["F1"].survey_on == date(2026, 3, 20)


@pytest.mark.parametrize("day", [date(2026, 3, 15), date(2026, 3, 21), date(2026, 6, 1)])
def test_a_survey_is_on_a_working_day_soon(day: date) -> None:
    errand = food_in_review()
    with pytest.raises(InvalidInput) as refusal:
        errand.survey(day)
    assert faults(refusal)[0][0] == "/on"


def test_where_nothing_is_to_be_seen_no_survey_is_appointed() -> None:
    errand = submitted("birth_full")
    with pytest.raises(ActionNotAllowed):
        errand.survey(MONDAY)


# 线下环节


def test_a_physical_step_has_its_own_clock_and_is_finished_once() -> None:
    errand = submitted("catering_full")
    before = errand["H1"].intake_due_on
    errand.act("H1", "plan_step", CLERK, step=StepKind.ORIGINAL_IN, days=2, reason="身份证原件")
    errand.act("H1", "plan_step", step=StepKind.COURIER, days=3)
    assert [(s.number, s.due_on) for s in errand["H1"].steps] == [(1, date(2026, 3, 18)), (2, date(2026, 3, 19))]
    with pytest.raises(InvalidInput):
        errand.act("H1", "finish_step", number=3)
    errand.act("H1", "finish_step", CLERK, number=1)
    with pytest.raises(InvalidInput):
        errand.act("H1", "finish_step", number=1)
    assert errand["H1"].steps[0].done_by == CLERK.account
    assert errand["H1"].intake_due_on == before
    for command in ({"days": 2}, {"step": StepKind.VISIT}, {"step": StepKind.VISIT, "days": 0}):
        with pytest.raises(InvalidInput):
            errand.act("H1", "plan_step", **command)


# 免申即享


def offered(plan: Plan) -> set[str]:
    return {planned.item.code for planned in plan.items if planned.item.supports.automatic}


def test_what_is_offered_needs_only_a_confirmation_and_may_be_declined() -> None:
    errand = draft("retire_full")
    items = frozenset(offered(errand.plan))
    assert len(items) == 2
    submit(errand, Terms(is_pledged=True, declined=items))
    assert not items & errand.case.tasks.keys()
    taken = submitted("retire_full")
    assert {item for item, task in taken.case.tasks.items() if task.mode is Mode.OFFERED} == items
    drive(errand)
    assert errand.case.status.value == "finished"


def test_what_others_wait_for_or_what_was_applied_for_cannot_be_declined() -> None:
    errand = draft("catering_full")
    with pytest.raises(InvalidInput) as refusal:
        submit(errand, Terms(is_pledged=True, declined=frozenset(["L1", "F1"])))
    assert faults(refusal) == [("/declined/F1", "not-offered"), ("/declined/L1", "awaited")]
