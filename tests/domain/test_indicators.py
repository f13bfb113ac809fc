"""Every formula by hand, and no value where there is nothing to divide by."""

import pytest

from app.domain.figures import FEW_BESIDE, NO_CASES, ONLY_WHOLE, TOO_FEW, Part, Scope, few_beside
from app.domain.indicators import INDICATORS
from app.domain.tallies import COUNTERS, NOTHING, Counts

BY_HAND = {
    "on_time": (Counts(decided=8, on_time=6), 0.75),
    "early": (Counts(decided=9, promised=4, early=1), 0.25),
    "instant": (Counts(decided=10, instant=3), 0.3),
    "compression": (Counts(statutory_days=40, days_cut=30), 0.75),
    "corrected": (Counts(ended=20, corrected=3), 0.15),
    "returned": (Counts(ended=20, returned=1), 0.05),
    "declined": (Counts(ended=20, declined=2), 0.1),
    "deemed": (Counts(ended=20, accepted=16, deemed=4), 0.25),
    "done_once": (Counts(over=5, done_once=4), 0.8),
    "visits": (Counts(filed=4, visits=6), 1.5),
    "elsewhere": (Counts(filed=4, elsewhere=1), 0.25),
    "other_province": (Counts(filed=50, other_province=1), 0.02),
    "fields_saved": (Counts(fields_before=100, fields_saved=68), 0.68),
    "materials_saved": (Counts(materials_before=30, materials_saved=24), 0.8),
    "days_saved": (Counts(days_before=40, days_saved=30), 0.75),
    "visits_saved": (Counts(visits_before=8, visits_saved=7), 0.875),
    "satisfaction": (Counts(rated=10, satisfied=9), 0.9),
    "participation": (Counts(ended=50, rated=30, rated_at_end=10), 0.2),
    "bad_ratings": (Counts(rated=10, bad=1), 0.1),
    "rectified": (Counts(rated=10, bad=4, rectified=3), 0.75),
    "called_back": (Counts(rated=10, bad=4, called_back=4), 1.0),
    "called_back_named": (Counts(rated=10, bad=4, bad_named=2, called_back=3, called_back_named=1), 0.5),
    "rectification_days": (Counts(rated=10, rectified=4, rectification_days=18), 4.5),
    "theme_satisfaction": (Counts(rated=9, theme_rated=4, theme_satisfied=3), 0.75),
}


@pytest.mark.parametrize("code", INDICATORS)
def test_every_formula_gives_what_a_person_works_out(code: str) -> None:
    counts, expected = BY_HAND[code]
    found = INDICATORS[code].value(counts)
    assert found.amount == pytest.approx(expected)
    assert found.amount == pytest.approx(found.numerator / found.denominator)
    assert found.reason is None


@pytest.mark.parametrize("code", INDICATORS)
def test_without_cases_there_is_a_reason_and_no_value(code: str) -> None:
    found = INDICATORS[code].value(NOTHING)
    assert (found.numerator, found.denominator, found.amount, found.reason) == (0, 0, None, NO_CASES)


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)
def test_an_indicator_says_in_both_languages_what_it_divides(indicator) -> None:  # type: ignore[no-untyped-def]
    for text in (indicator.name, indicator.formula):
        assert text.zh
        assert text.en
        assert not text.en.endswith(".")
    assert {indicator.numerator, indicator.denominator} <= set(COUNTERS)
    assert indicator.counter(Part.NUMERATOR) == indicator.numerator


def test_whole_applications_have_no_department() -> None:
    for indicator in INDICATORS.values():
        found = indicator.value(BY_HAND[indicator.code][0], is_of_tasks=True)
        assert (found.reason is ONLY_WHOLE) is (indicator.scope is Scope.WHOLE)


def test_one_or_two_ratings_are_not_told_for_they_would_tell_who_gave_them() -> None:
    for code in ("satisfaction", "bad_ratings", "rectified", "called_back", "called_back_named", "rectification_days"):
        found = INDICATORS[code].value(Counts(rated=2, satisfied=1, bad=1, rectified=1, called_back=1))
        assert (found.numerator, found.denominator, found.reason) == (0, 0, TOO_FEW)
    assert INDICATORS["theme_satisfaction"].value(Counts(theme_rated=2, theme_satisfied=2)).reason is TOO_FEW
    assert not any(INDICATORS[code].is_listable for code in ("satisfaction", "participation", "rectified"))
    assert INDICATORS["on_time"].is_listable


def test_what_would_be_told_by_subtraction_is_not_told() -> None:
    def beside(**ratings: int) -> frozenset[str]:
        return few_beside({key: Counts(rated=count) for key, count in ratings.items()}, "rated")

    assert beside(a=1, b=9, c=4) == {"c"}, "13 in all less 9 tell of five, and of nobody"
    assert beside(a=2, b=1, c=4) == frozenset(), "three stay together untold"
    assert beside(a=3, b=4) == beside(a=1) == beside(a=0, b=7) == beside() == frozenset()
    hidden = INDICATORS["satisfaction"].value(Counts(rated=9, satisfied=9), secret=FEW_BESIDE)
    assert (hidden.numerator, hidden.denominator, hidden.amount, hidden.reason) == (0, 0, None, FEW_BESIDE)
    assert INDICATORS["on_time"].value(Counts(decided=2), secret=FEW_BESIDE).reason is not FEW_BESIDE
