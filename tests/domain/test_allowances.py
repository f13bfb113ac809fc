"""Allowances: what is left fills again evenly, and nobody gets more than it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.allowances import Bucket, taken


def test_a_minutes_worth_may_come_at_once_and_then_one_after_the_other() -> None:
    bucket = None
    for _ in range(60):
        taking = taken(60, bucket, 100.0)
        assert taking.is_granted
        bucket = taking.bucket
    refused = taken(60, bucket, 100.0)
    assert (refused.is_granted, refused.wait) == (False, 1)
    assert taken(60, refused.bucket, 101.0).is_granted
    assert not taken(60, taken(60, refused.bucket, 101.0).bucket, 101.5).is_granted


@pytest.mark.parametrize(("per_minute", "wait"), [(1, 60), (2, 30), (30, 2), (7, 9), (60, 1), (6000, 1)])
def test_whoever_waits_as_long_as_told_is_let_in(per_minute: int, wait: int) -> None:
    empty = Bucket(0.0, 5.0)
    refused = taken(per_minute, empty, 5.0)
    assert refused.wait == wait
    assert taken(per_minute, refused.bucket, 5.0 + wait).is_granted


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    assert not taken(60, Bucket(0.0, 100.0), 10.0).is_granted


@given(st.integers(1, 500), st.lists(st.floats(0, 120), max_size=60))
def test_in_any_time_no_more_is_granted_than_a_full_bucket_and_what_ran_in(per_minute: int, gaps: list[float]) -> None:
    bucket, now, granted = None, 0.0, 0
    for gap in gaps:
        now += gap
        taking = taken(per_minute, bucket, now)
        bucket, granted = taking.bucket, granted + taking.is_granted
        assert 0 <= taking.bucket.left <= per_minute
    assert granted <= per_minute + now * per_minute / 60 + 1e-6
