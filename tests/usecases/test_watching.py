"""Supervision looks at no task before its light turns, and at every one from that day on."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.clocks import DELIVERY_DAYS, INTAKE_DAYS
from app.domain.lifecycle import TaskStatus, Verdict
from app.domain.oversight import light_of
from app.domain.supervision import GRAVER
from app.usecases.supervision import _horizon
from tests.factories import MONDAY, moment, submitted

CALENDAR = moment().calendar
OPEN = submitted("catering_full")["H1"]
DAYS = st.integers(-20, 100).map(lambda days: MONDAY + timedelta(days=days))


@given(DAYS, DAYS, st.integers(1, 54), st.sampled_from((TaskStatus.SUBMITTED, TaskStatus.REVIEW, TaskStatus.DELIVERY)))
def test_whatever_a_light_calls_for_lies_within_the_horizon(
    today: object, due: object, days: int, status: TaskStatus
) -> None:
    verdict = Verdict.GRANTED if status is TaskStatus.DELIVERY else None
    dates = {"intake_due_on": due, "promised_due_on": due, "delivery_due_on": due, "statutory_due_on": None}
    task = replace(OPEN, status=status, verdict=verdict, promised_days=days, extended_days=0, **dates)
    length = {TaskStatus.SUBMITTED: INTAKE_DAYS, TaskStatus.DELIVERY: DELIVERY_DAYS}.get(status, days)
    horizon = _horizon(CALENDAR, today)
    if light_of(task, CALENDAR, today).light in GRAVER:
        assert due <= horizon.of(length) <= horizon.last


def test_a_promise_of_ten_days_is_not_looked_at_a_week_before() -> None:
    horizon = _horizon(CALENDAR, MONDAY)
    assert horizon.of(10) < MONDAY + timedelta(days=7) < horizon.last
