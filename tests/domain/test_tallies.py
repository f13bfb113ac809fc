"""What a case adds to the indicators, from the case itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.applications import SYSTEM, Application, EventKind, Task
from app.domain.happenings import Happenings
from app.domain.lifecycle import ENDED, TABLE, TaskStatus, Verdict
from app.domain.spared import spared_by
from app.domain.tallies import NOTHING, Counts, Fact, facts_of, ids_of, reference_of, together
from tests.factories import MONDAY, Errand, draft, drive, field_point, moment, submitted

REFERENCE = "L330802-20260316-00001-0"


def filed(case: Application) -> Counts:
    """What filing it adds."""
    return facts_of(case)[f"{case.reference}.filed"].counts


def ended(errand: Errand, item: str) -> Counts:
    """What the end of a task adds."""
    return facts_of(errand.case)[f"{REFERENCE}-{item}"].counts


def a_task(errand: Errand, **changes: object) -> Counts:
    """What a finished story's first task would add with some of its facts changed."""
    task: Task = replace(next(iter(errand.case.tasks.values())), **changes)  # type: ignore[arg-type]
    case = replace(errand.case, tasks={task.item: task})
    fact = facts_of(case).get(f"{REFERENCE}-{task.item}")
    return fact.counts if fact else NOTHING


@pytest.fixture(scope="module")
def finished() -> Errand:
    """A worked example, driven to its end by willing people."""
    errand = submitted("catering_simple")
    drive(errand)
    return errand


def test_a_draft_adds_nothing() -> None:
    errand = draft("catering_simple")
    assert facts_of(errand.case) == {}
    assert ids_of(errand.case) == []


def test_filing_adds_what_the_case_really_spares() -> None:
    errand = submitted("catering_full")
    saved, spared = errand.plan.savings, spared_by(errand.case, errand.plan)
    found = filed(errand.case)
    assert found.filed == 1
    assert found.fields_before == saved.fields_before
    assert found.fields_saved == sum(own.times for own in spared.fields)
    assert found.fields_saved < saved.fields_before - saved.fields_typed, "the story types what registers could give"
    assert found.materials_saved == sum(own.times for own in spared.materials)
    assert found.visits_saved == sum(own.times for own in spared.visits)
    assert (found.days_before, found.days_saved) == (saved.days_before, saved.days_before - saved.days_after)
    assert found.visits == saved.visits_after
    assert found.ended == found.over == 0
    assert facts_of(errand.case).keys() == {f"{REFERENCE}.filed"}


@pytest.mark.parametrize(
    ("hall", "elsewhere", "other_province"),
    [
        (None, 0, 0),
        ("330802", 0, 0),
        ("330800", 0, 0),
        ("330802001", 0, 0),
        ("330881", 1, 0),
        ("330100", 1, 0),
        ("330000", 1, 0),
        ("310101", 0, 1),
        ("310000", 0, 1),
    ],
)
def test_where_it_was_filed_says_whether_it_went_across(hall: str | None, elsewhere: int, other_province: int) -> None:
    case = replace(submitted("catering_simple").case, region="330802", filed_region=hall, savings={})
    found = filed(case)
    assert (found.elsewhere, found.other_province) == (elsewhere, other_province)
    assert found.visits == (0 if hall is None else 1), "filing at a counter is a visit"


@pytest.mark.parametrize(
    ("home", "hall", "expected"),
    [
        (None, None, (0, 0)),
        ("330802", None, (0, 0)),
        ("330802001", None, (0, 0)),
        ("330800", None, (0, 0)),
        ("330106", None, (1, 0)),
        ("310101", None, (0, 1)),
        ("330106", "330802", (0, 0)),
        ("330802", "330106", (1, 0)),
    ],
)
def test_online_the_applicants_home_says_whether_it_went_across(
    home: str | None, hall: str | None, expected: tuple[int, int]
) -> None:
    case = submitted("catering_simple").case
    found = filed(replace(case, region="330802", home_region=home, filed_region=hall, savings={}))
    assert (found.elsewhere, found.other_province) == expected
    assert found.visits == (0 if hall is None else 1)


def test_a_finished_story_adds_one_fact_a_task_and_one_for_the_whole(finished: Errand) -> None:
    found = facts_of(finished.case)
    assert found.keys() == set(ids_of(finished.case))
    total = together(fact.counts for fact in found.values())
    assert (total.ended, total.decided, total.filed, total.over) == (len(finished.case.tasks),) * 2 + (1, 1)
    assert total.done_once == 1
    for name, fact in found.items():
        assert reference_of(name).startswith(REFERENCE)
        assert (fact.region, fact.bundle) == (finished.case.region, finished.case.bundle)


def test_on_time_is_by_the_promised_day_and_early_before_it(finished: Errand) -> None:
    task = next(iter(finished.case.tasks.values()))
    assert task.decided_at is not None
    day = task.decided_at.date()
    decided = {"status": TaskStatus.CLOSED, "verdict": Verdict.GRANTED, "is_instant": False}
    for due, expected in ((day, (1, 1, 0)), (day + timedelta(days=1), (1, 1, 1)), (day - timedelta(days=1), (1, 0, 0))):
        found = a_task(finished, promised_due_on=due, **decided)
        assert (found.decided, found.on_time, found.early) == expected, due
    instant = a_task(finished, promised_due_on=day + timedelta(days=1), **{**decided, "is_instant": True})
    assert (instant.instant, instant.promised, instant.early, instant.on_time) == (1, 0, 0, 1)


def test_a_promise_is_compared_with_the_law_in_the_same_unit_only(finished: Errand) -> None:
    task = next(iter(finished.case.tasks.values()))
    unit, other = task.promised_unit, next(u for u in type(task.promised_unit) if u is not task.promised_unit)
    found = a_task(finished, promised_days=5, statutory_days=20, statutory_unit=unit)
    assert (found.statutory_days, found.days_cut) == (20, 15)
    for incomparable in ({"statutory_days": 20, "statutory_unit": other}, {"statutory_days": None}):
        found = a_task(finished, promised_days=5, **incomparable)
        assert (found.statutory_days, found.days_cut) == (0, 0)
    longer = a_task(finished, promised_days=25, statutory_days=20, statutory_unit=unit)
    assert longer.days_cut == 0, "a promise longer than the law cuts nothing"


def test_a_task_that_never_started_or_was_void_adds_nothing(finished: Errand) -> None:
    assert a_task(finished, opened_on=None, status=TaskStatus.TERMINATED) == NOTHING
    assert a_task(finished, status=TaskStatus.VOID, verdict=None) == NOTHING


def test_a_task_that_ends_without_a_decision_is_over_but_not_decided(finished: Errand) -> None:
    for status, name in ((TaskStatus.RETURNED, "returned"), (TaskStatus.NOT_ACCEPTED, "declined")):
        found = a_task(finished, status=status, verdict=None, decided_at=None)
        assert (found.ended, found.decided, getattr(found, name)) == (1, 0, 1)


def test_a_correction_notice_counts_for_the_departments_in_it_and_spoils_done_in_one_go() -> None:
    errand = submitted("catering_simple")
    item = next(item for item, task in errand.case.tasks.items() if task.status is TaskStatus.SUBMITTED)
    code = next(p.spec.code for p in errand.plan.fields if item in p.users and p.source.source.value == "typed")
    errand.act(item, "receive")
    errand.post(item, field_point(code))
    drive(errand)
    assert ended(errand, item).corrected == 1
    assert facts_of(errand.case)[f"{REFERENCE}.over"].counts == Counts(over=1, done_once=0)
    others = [other for other in errand.case.tasks if other != item]
    assert [ended(errand, other).corrected for other in others] == [0] * len(others)


def test_silence_is_counted_against_the_department() -> None:
    errand = submitted("catering_simple")
    errand.go_to(MONDAY + timedelta(days=8))
    errand.sweep()
    drive(errand)
    assert sum(ended(errand, item).deemed for item in errand.case.tasks) >= 1


def test_what_was_withdrawn_by_the_applicant_says_nothing_about_the_whole() -> None:
    errand = submitted("catering_simple")
    errand.withdraw_all()
    found = facts_of(errand.case)
    assert f"{REFERENCE}.over" not in found
    assert f"{REFERENCE}.filed" in found


def test_a_grant_revoked_later_is_the_only_thing_that_changes_an_old_fact(finished: Errand) -> None:
    item, task = next(iter(finished.case.tasks.items()))
    revoked = replace(finished.case, tasks={**finished.case.tasks, item: replace(task, verdict=Verdict.REVOKED)})
    before, after = facts_of(finished.case), facts_of(revoked)
    assert {name for name in before if before[name] != after[name]} == {f"{REFERENCE}.over"}
    assert after[f"{REFERENCE}.over"].counts == Counts(over=1, done_once=0)


def test_a_revocation_does_not_move_the_day_on_which_the_whole_was_over(finished: Errand) -> None:
    item = next(iter(finished.case.tasks))
    h = Happenings(finished.case, SYSTEM, moment(MONDAY + timedelta(days=200)))
    h.record(EventKind.REVOKED, task=item, verdict=Verdict.REVOKED)
    h.settle_status(SYSTEM)
    assert h.case.result is not finished.case.result
    assert h.case.completed_at == finished.case.completed_at


def test_no_action_moves_a_task_that_is_over() -> None:
    """What a closed day holds is final: the days of all facts are set once, by the move that ends a task."""
    assert [row.action for row in TABLE.values() if row.start & ENDED and row.end is not None] == []


@pytest.mark.parametrize("story", ["catering_full", "birth_simple"])
def test_what_was_added_once_never_changes_while_the_case_goes_on(story: str) -> None:
    errand, seen = submitted(story), dict[str, Fact]()

    def look(errand: Errand) -> bool:
        found = facts_of(errand.case)
        assert {name: found[name] for name in seen} == seen
        seen.update(found)
        return errand.case.completed_at is not None

    drive(errand, look)
    assert seen.keys() == set(ids_of(errand.case))


def test_days_are_those_of_the_office() -> None:
    at = moment(date(2026, 3, 16), hour=2)  # still the fifteenth in UTC
    case = replace(submitted("catering_simple").case, submitted_at=at.at)
    assert facts_of(case)[f"{REFERENCE}.filed"].day == date(2026, 3, 16)


def test_adding_counts_adds_every_counter() -> None:
    assert together([]) == NOTHING
    assert together([Counts(ended=1, bad=2), Counts(ended=3)]) == Counts(ended=4, bad=2)
    assert Counts(visits=2) + Counts(visits=3, over=1) == Counts(visits=5, over=1)
