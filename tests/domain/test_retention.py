"""How long a file is kept: by what became of the case, never while it runs, and never less than the law wants."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.applications import EventKind
from app.domain.deadlines import BEIJING
from app.domain.lifecycle import TaskStatus, Verdict
from app.domain.retention import (
    DRAFT_DAYS,
    YEARS,
    Keeping,
    is_erasable,
    keeping_of,
    kept_until,
    years_later,
)
from app.storage.sealed_columns import SEALED
from tests.factories import APPLICANT, Errand, draft, drive, submitted

TOUCHED = datetime(2026, 3, 16, 23, 30, tzinfo=BEIJING)


def finished() -> Errand:
    """A case that went all the way."""
    errand = submitted("catering_full")
    drive(errand)
    return errand


def test_a_draft_is_kept_for_half_a_year_after_it_was_last_touched() -> None:
    case = draft("catering_full").case
    assert keeping_of(case) is Keeping.DRAFT
    assert kept_until(case, TOUCHED) == date(2026, 3, 16) + timedelta(days=DRAFT_DAYS)


def test_the_day_is_the_offices_and_not_the_suns() -> None:
    case = draft("catering_full").case
    assert kept_until(case, TOUCHED.astimezone(tz=None)) == kept_until(case, TOUCHED)


def test_nobody_knows_the_day_while_a_case_runs() -> None:
    assert kept_until(submitted("catering_full").case, TOUCHED) is None


@pytest.mark.parametrize(
    ("verdict", "status", "expected"),
    [
        (Verdict.GRANTED, TaskStatus.CLOSED, Keeping.GRANTED),
        (Verdict.REVOKED, TaskStatus.CLOSED, Keeping.GRANTED),
        (Verdict.DENIED, TaskStatus.CLOSED, Keeping.DECIDED),
        (None, TaskStatus.WITHDRAWN, Keeping.ENDED),
        (None, TaskStatus.RETURNED, Keeping.ENDED),
        (None, TaskStatus.NOT_ACCEPTED, Keeping.ENDED),
    ],
)
def test_the_result_says_how_long(verdict: Verdict | None, status: TaskStatus, expected: Keeping) -> None:
    case = finished().case
    tasks = {item: replace(task, verdict=verdict, status=status) for item, task in case.tasks.items()}
    ended = replace(case, tasks=tasks, certificates={})
    assert keeping_of(ended) is expected
    assert case.completed_at is not None
    assert kept_until(ended, TOUCHED) == years_later(case.completed_at.date(), YEARS[expected])


def test_a_certificate_that_is_still_valid_keeps_its_file_and_a_revoked_one_does_not() -> None:
    case = finished().case
    number, certificate = next(iter(case.certificates.items()))
    far = date(2099, 1, 1)
    valid = replace(case, certificates={number: replace(certificate, valid_until=far)})
    assert kept_until(valid, TOUCHED) == far
    revoked = replace(case, certificates={number: replace(certificate, valid_until=far, revoked_on=date(2027, 1, 1))})
    assert kept_until(revoked, TOUCHED) != far


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 30))
def test_so_many_years_later_is_the_same_day_or_the_last_of_february(day: date, years: int) -> None:
    later = years_later(day, years)
    assert later.year == day.year + years
    assert (later.month, later.day) in {(day.month, day.day), (2, 28)}
    assert later > day


@pytest.mark.parametrize(
    ("until", "today", "is_asked", "expected"),
    [
        (date(2030, 1, 1), date(2029, 12, 31), True, False),
        (date(2030, 1, 1), date(2030, 1, 1), True, False),
        (date(2030, 1, 1), date(2030, 1, 2), True, True),
        (date(2030, 1, 1), date(2030, 1, 2), False, True),
        (None, date(2090, 1, 1), True, False),
    ],
)
def test_what_was_submitted_goes_after_its_last_day_whoever_asks(
    until: date | None, today: date, is_asked: bool, expected: bool
) -> None:
    assert is_erasable(finished().case, until, today, is_asked=is_asked) is expected


def test_a_draft_goes_when_its_person_asks_and_unasked_only_after_its_last_day() -> None:
    case, until = draft("catering_full").case, date(2026, 9, 1)
    assert is_erasable(case, until, date(2026, 3, 17), is_asked=True)
    assert not is_erasable(case, until, date(2026, 3, 17), is_asked=False)
    assert is_erasable(case, until, date(2026, 9, 2), is_asked=False)


def test_erasing_takes_every_content_and_leaves_the_course() -> None:
    errand = finished()
    before = errand.case
    errand.run(APPLICANT, lambda h: h.record(EventKind.ERASED))
    after = errand.case
    assert after.erased_at == errand.now.at
    assert all(not getattr(after, name) for name in SEALED["application"].blanks)
    assert all(not getattr(task, name) for task in after.tasks.values() for name in SEALED["task"].blanks)
    assert after.outcomes == before.outcomes
    assert (after.status, after.result, after.certificates) == (before.status, before.result, before.certificates)
    assert kept_until(after, TOUCHED) is None
    assert not is_erasable(after, date(2000, 1, 1), date(2090, 1, 1), is_asked=True)
