"""好差评: five levels, what may be rated when, tags that fit, one later addition, and the figures."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ratings
from app.domain.errors import ActionNotAllowed, InvalidInput
from app.domain.indicators import INDICATORS
from app.domain.rating_tallies import counts_of
from app.domain.ratings import BAD, TAGS, WINDOW_DAYS, Judgement, Rating, RatingLevel, RatingStage, RatingTag
from tests.factories import MONDAY, Errand, drive, moment, submitted


def rating(**changes: object) -> Rating:
    facts: dict[str, object] = {
        "id": "1",
        "application_id": "a",
        "bundle": "catering",
        "item": "L1",
        "department": "market.330802",
        "region": "330802",
        "stage": RatingStage.FINISH,
        "level": RatingLevel.DISSATISFIED,
        "tags": (),
        "text": None,
        "created_at": moment().at,
        "created_by": "wang_owner",
    }
    return Rating(**{**facts, **changes})  # type: ignore[arg-type]


def open_now(errand: Errand, today: date = MONDAY) -> set[tuple[str | None, str]]:
    return {(window.item, window.stage.value) for window in ratings.windows(errand.case, today)}


def test_five_levels_run_from_five_stars_to_one_and_the_last_two_are_bad() -> None:
    assert [level.stars for level in RatingLevel] == [5, 4, 3, 2, 1]
    assert {level.zh for level in BAD} == {"不满意", "非常不满意"}


def test_a_task_may_be_rated_as_far_as_it_has_come() -> None:
    errand = submitted("catering_simple")
    assert open_now(errand) == set()
    errand.act("L1", "receive")
    assert open_now(errand) == {("L1", "intake")}
    errand.act("L1", "accept")
    assert open_now(errand) == {("L1", "intake"), ("L1", "acceptance")}


def test_the_whole_may_be_rated_once_it_is_over_and_for_some_weeks() -> None:
    errand = submitted("catering_simple")
    drive(errand)
    over = errand.case.completed_at
    assert over is not None
    assert (None, "finish") in open_now(errand, over.date())
    assert {stage for item, stage in open_now(errand, over.date()) if item is None} == {"finish"}
    last = over.date() + timedelta(days=WINDOW_DAYS)
    (whole,) = [window for window in ratings.windows(errand.case, over.date()) if window.item is None]
    assert whole.until == last
    assert whole.because is not None
    assert whole.because.en.startswith(f"{WINDOW_DAYS} calendar days from the day it was over ({over.day} ")
    assert (None, "finish") in open_now(errand, last)
    assert open_now(errand, last + timedelta(days=1)) == set()


def test_a_withdrawn_errand_that_nobody_touched_is_not_rated_by_item() -> None:
    errand = submitted("catering_simple")
    errand.withdraw_all()
    assert open_now(errand) == {(None, "finish")}


def test_the_same_stage_is_rated_once() -> None:
    errand = submitted("catering_simple")
    errand.act("L1", "receive")
    ratings.must_be_open(errand.case, "L1", RatingStage.INTAKE, [], MONDAY)
    with pytest.raises(ActionNotAllowed, match="later addition"):
        ratings.must_be_open(errand.case, "L1", RatingStage.INTAKE, [rating(stage=RatingStage.INTAKE)], MONDAY)
    with pytest.raises(ActionNotAllowed) as refused:
        ratings.must_be_open(errand.case, "L1", RatingStage.FINISH, [], MONDAY)
    assert refused.value.members["open"] == [{"item": "L1", "stage": "intake"}]
    with pytest.raises(InvalidInput):
        ratings.must_be_open(errand.case, "X9", RatingStage.INTAKE, [], MONDAY)


@given(level=st.sampled_from(list(RatingLevel)), tag=st.sampled_from(list(RatingTag)))
def test_tags_go_with_their_level(level: RatingLevel, tag: RatingTag) -> None:
    if tag in TAGS[level]:
        assert ratings.checked(Judgement(level, (tag,))).tags == (tag,)
    else:
        with pytest.raises(InvalidInput) as refused:
            ratings.checked(Judgement(level, (tag,)))
        assert refused.value.faults[0].pointer == "/tags/0"


@pytest.mark.parametrize(("text", "kept"), [(None, None), ("", None), ("  \n", None), (" 谢谢 ", "谢谢")])
def test_texts_are_tidied(text: str | None, kept: str | None) -> None:
    assert ratings.checked(Judgement(RatingLevel.SATISFIED, (), text)).text == kept


def test_too_long_a_text_or_a_tag_twice_is_refused() -> None:
    with pytest.raises(InvalidInput):
        ratings.checked(Judgement(RatingLevel.SATISFIED, (), "长" * 501))
    with pytest.raises(InvalidInput):
        ratings.checked(Judgement(RatingLevel.SATISFIED, (RatingTag.EFFICIENT, RatingTag.EFFICIENT)))


def test_one_later_addition_and_the_level_stays() -> None:
    added = ratings.add(rating(), " 后来电话说明了 ", moment(MONDAY + timedelta(days=3)))
    assert (added.addition, added.level) == ("后来电话说明了", RatingLevel.DISSATISFIED)
    with pytest.raises(ActionNotAllowed):
        ratings.add(added, "再追一次", moment())
    for text in ("", "  ", "长" * 501):
        with pytest.raises(InvalidInput):
            ratings.add(rating(), text, moment())


def test_a_rating_given_at_night_belongs_to_the_day_of_the_office() -> None:
    late = rating(created_at=moment(date(2026, 3, 31), hour=23).at)
    assert (late.rated_on, late.month) == (date(2026, 3, 31), "2026-03")


@given(st.dictionaries(st.sampled_from(list(RatingLevel)), st.integers(0, 1000)))
def test_satisfaction_and_bad_share_add_up(levels: dict[RatingLevel, int]) -> None:
    counts = counts_of(levels)
    satisfied, bad = (INDICATORS[code].ratio(counts) for code in ("satisfaction", "bad_ratings"))
    if sum(levels.values()) == 0:
        assert satisfied is None
        assert bad is None
    else:
        assert satisfied is not None
        assert bad is not None
        assert satisfied + bad == pytest.approx(1)
