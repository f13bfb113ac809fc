"""Pictures made on the server: words fit their boxes, boxes do not cover one another, lines join them."""

from itertools import combinations, pairwise
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.loader import Catalogue
from app.domain.answers import accept
from app.schemas.plans import PlanOut, SavingsOut
from app.web import drawings
from app.web.drawings import wrapped
from tests.factories import MONDAY, planner


def plan_of(catalogue: Catalogue, story: str) -> PlanOut:
    """The plan of a worked example."""
    found = catalogue.stories[story]
    of = planner(found.bundle)
    return PlanOut.of(of.plan(accept(of.bundle, found.answers), found.region, MONDAY), catalogue.calendar)


@pytest.mark.parametrize(
    "story", ["catering_full", "birth_full", "house_full", "retire_full", "startup_full", "utility_full"]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_boxes_lie_in_their_lanes_and_cover_nothing(catalogue: Catalogue, story: str, lang: str) -> None:
    plan = plan_of(catalogue, story)
    picture = drawings.plan_lanes(plan, lang)  # type: ignore[arg-type]
    assert {box.item for box in picture.boxes} == {item.code for item in plan.items}
    for box in picture.boxes:
        assert any(lane.y <= box.y and box.y + drawings.BOX_HEIGHT <= lane.y + lane.height for lane in picture.lanes)
        assert 0 <= box.x <= picture.width - drawings.BOX_WIDTH
    for one, other in combinations(picture.boxes, 2):
        apart = abs(one.x - other.x) >= drawings.BOX_WIDTH or abs(one.y - other.y) >= drawings.BOX_HEIGHT
        assert apart, (one.item, other.item)
    edges = sum(len(edge.any_of) for item in plan.items for edge in item.after)
    assert len(picture.lines) <= edges
    assert {line.is_critical for line in picture.lines} <= {True, False}


@pytest.mark.parametrize("story", ["catering_full", "birth_full", "utility_full"])
def test_the_upright_picture_holds_the_same_one_below_the_other(catalogue: Catalogue, story: str) -> None:
    plan = plan_of(catalogue, story)
    picture = drawings.plan_lanes(plan, "zh")
    tall = picture.upright
    assert sorted(box.lines[0] for box in tall.boxes) == sorted(item.short.zh for item in plan.items)
    tops = [box.y for box in tall.boxes]
    assert all(after - before >= drawings.TALL_BOX for before, after in pairwise(tops))
    assert tops[-1] + drawings.TALL_BOX <= tall.height
    assert [number for number, _ in tall.stages] == [number for number, _ in picture.stages]
    assert sum(line.is_critical for line in tall.lines) == sum(line.is_critical for line in picture.lines)


@given(st.text(st.sampled_from("办事项营业执照 abcdefgh-/"), max_size=60), st.integers(4, 14), st.integers(1, 4))
def test_wrapped_words_fit_and_lose_nothing_unless_cut(text: str, letters: int, most: int) -> None:
    lines = wrapped(text, letters, most)
    assert 1 <= len(lines) <= most
    for line in lines:
        width = sum(1.0 if east_asian_width(sign) in "WF" else 0.55 for sign in line.rstrip("…"))
        assert width <= letters or " " not in line.strip(), line
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_bars_are_scaled_by_their_own_before() -> None:
    counts = dict.fromkeys(SavingsOut.model_fields, 0)
    bars = drawings.savings(SavingsOut(**{**counts, "fields_before": 100, "fields_typed": 25, "days_before": 3})).bars
    assert (bars[0].before_width, bars[0].after_width) == (100, 25)
    assert (bars[2].before_width, bars[2].after_width) == (100, 0)
    assert (bars[3].before_width, bars[3].after_width) == (0, 0)
