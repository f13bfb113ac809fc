"""Who is named in a bulletin, and how a change reads: by rule and by nothing else."""

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from app.domain.bulletins import FEWEST_DECIDED, GOOD_SHARE, MOST_NAMED, Line, Tally, changed, counted, named
from app.domain.indicators import INDICATORS
from app.domain.matters import Because, MatterKind
from app.domain.oversight import Light
from app.domain.tallies import NOTHING, Counts


@st.composite
def a_months_work(draw: st.DrawFn) -> Counts:
    """What one department decided."""
    decided = draw(st.integers(0, 30))
    promised = draw(st.integers(0, decided))
    return Counts(
        decided=decided,
        on_time=draw(st.integers(0, decided)),
        promised=promised,
        early=draw(st.integers(0, promised)),
    )


@whatever(st.dictionaries(st.sampled_from([f"market.33080{n}" for n in range(9)]), a_months_work()))
def test_nobody_is_both_and_the_named_are_the_extremes(departments: dict[str, Counts]) -> None:
    good, poor = named(departments)
    assert len(good) <= MOST_NAMED >= len(poor)
    assert {own.department for own in good}.isdisjoint(own.department for own in poor)
    assert all(own.on_time >= GOOD_SHARE for own in good)
    assert all(own.on_time < GOOD_SHARE for own in poor)
    for own in (*good, *poor):
        assert departments[own.department].decided >= FEWEST_DECIDED
    compared = [c.on_time / c.decided for c in departments.values() if c.decided >= FEWEST_DECIDED]
    assert [own.on_time for own in good] == sorted((s for s in compared if s >= GOOD_SHARE), reverse=True)[:MOST_NAMED]
    assert [own.on_time for own in poor] == sorted(s for s in compared if s < GOOD_SHARE)[:MOST_NAMED]


def test_who_is_equally_on_time_is_told_apart_by_being_early() -> None:
    departments = {
        "market.330802": Counts(decided=5, on_time=5, promised=5, early=1),
        "fire.330802": Counts(decided=5, on_time=5, promised=5, early=4),
    }
    good, _ = named(departments)
    assert [own.department for own in good] == ["fire.330802", "market.330802"]


@pytest.mark.parametrize(
    ("given", "is_told"),
    [
        (Counts(), True),
        (Counts(rated=2), False),
        (Counts(rated=3), True),
        (Counts(rated=9, theme_rated=1), False),
        (Counts(rated=9, theme_rated=4), True),
    ],
)
def test_a_few_ratings_are_not_told_not_even_that_there_are_none(given: Counts, is_told: bool) -> None:
    tallies = {
        (MatterKind.BAD_REVIEW, Because.BAD_REVIEW): Tally(2, 1, 1),
        (MatterKind.CHASE, Because.NEARLY_DUE): Tally(4, 4, 0),
        (MatterKind.CHASE, Because.BY_HAND): Tally(1, 0, 1),
        (MatterKind.ESCALATION, Because.UNANSWERED): Tally(2, 0, 2),
    }
    found = counted(tallies, {Light.YELLOW: 7, Light.GREEN: 90}, given)
    assert found[Line.BAD_REVIEWS] == (2 if is_told else None)
    assert (found[Line.YELLOW], found[Line.CHASED]) == (7, 5), "lights are not what was found"
    assert (found[Line.DEEP_RED], found[Line.ESCALATED]) == (0, 2)
    assert counted({}, {}, given)[Line.BAD_REVIEWS] == (0 if is_told else None)


def test_less_of_what_is_bad_is_better() -> None:
    now, before = Counts(ended=10, corrected=1), Counts(ended=10, corrected=3)
    found = {change.indicator.code: change for change in changed(now, before)}
    assert set(found) == set(INDICATORS)
    assert found["corrected"].difference == pytest.approx(-0.2)
    assert found["corrected"].is_better is True
    assert found["returned"].is_better is None, "no change is neither"
    assert all(change.difference is None for change in changed(now, NOTHING))
