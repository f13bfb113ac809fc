"""What each 一件事 saves, for its richest story: the six rows of figures the packs were authored to."""

import pytest

from app.domain.catalogue import Limit
from app.domain.metrics import Savings, saved
from app.domain.vocabulary import Means, Source
from tests.factories import MONDAY, catalogue, planner, submitted

# items, departments, fields Σ → merged → typed, materials Σ → merged → uploaded, days serial → critical, visits alone
ROWS = {
    "catering": (8, 6, 103, 38, 32, 34, 16, 8, 34, 9, 10),
    "birth": (9, 6, 109, 33, 10, 38, 11, 1, 26, 12, 9),
    "retire": (7, 5, 74, 24, 6, 30, 10, 2, 32, 28, 7),
    "startup": (8, 7, 94, 30, 27, 28, 9, 0, 7, 3, 7),
    "utility": (9, 8, 99, 26, 20, 47, 10, 4, 29, 13, 8),
    "house": (8, 7, 100, 27, 14, 38, 10, 1, 11, 5, 8),
}


def savings_of(bundle: str) -> Savings:
    story = catalogue().stories[f"{bundle}_full"]
    return planner(bundle).plan(story.answers, story.region, MONDAY).savings


@pytest.mark.parametrize("bundle", ROWS)
def test_the_full_story_saves_what_its_row_says(bundle: str) -> None:
    found = savings_of(bundle)
    assert (
        found.items,
        found.departments,
        found.fields_before,
        found.fields_merged,
        found.fields_typed,
        found.materials_before,
        found.materials_merged,
        found.materials_uploaded,
        found.days_before,
        found.days_after,
        found.visits_before,
    ) == ROWS[bundle]
    assert found.visits_after <= 1
    assert (found.steps_before, found.steps_after) == (4 * found.items, 2)


@pytest.mark.parametrize("story", sorted(catalogue().stories))
def test_the_figures_agree_with_the_plan_they_are_made_of(story: str) -> None:
    plan = submitted(story).plan
    found = plan.savings
    assert found.fields_merged == len({planned.spec.code for planned in plan.fields})
    assert found.fields_before == sum(len(planned.item.fields) for planned in plan.items)
    assert found.materials_before == sum(len(planned.item.materials) for planned in plan.items)
    assert found.fields_typed == sum(planned.source.source is Source.TYPED for planned in plan.fields)
    assert found.materials_uploaded == sum(planned.source.means is Means.UPLOAD for planned in plan.materials)
    assert found.days_after == plan.path.total == max(planned.promised_by_day for planned in plan.items)


@pytest.mark.parametrize("story", sorted(catalogue().stories))
def test_one_errand_is_never_more_than_the_errands_it_replaces(story: str) -> None:
    found = submitted(story).plan.savings
    assert found.fields_before >= found.fields_merged >= found.fields_typed
    assert found.materials_before >= found.materials_merged >= found.materials_uploaded
    assert found.days_before >= found.days_after
    assert found.visits_before >= found.visits_after


def test_nothing_saves_nothing() -> None:
    assert saved([], [], [], [], 0) == Savings(*(0,) * 14)


def test_days_before_are_those_promised_here_and_now() -> None:
    items = list(catalogue().library.items.values())[:2]
    found = saved(items, [Limit(3), Limit(4)], [], [], 4)
    assert (found.days_before, found.days_after) == (7, 4)
