"""Offers: one condition over yes and no, one item of a bundle, once for each person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import offers
from app.domain.errors import ActionNotAllowed
from app.domain.messages import MessageKind
from app.domain.offers import Offer, OfferStatus
from app.domain.routing import Planner
from app.domain.vocabulary import Text
from tests.factories import MONDAY, catalogue, moment
from tests.plans import HARVEST

RETIRE = catalogue().library.bundles["retire"]
RULE = RETIRE.items["R8"].offer
assert RULE is not None


def offer(**changes: object) -> Offer:
    """An open offer of the only-child bonus."""
    base = Offer(
        id="1" * 32,
        key=offers.key_of("chen_retiring", "retire", "R8"),
        account="chen_retiring",
        bundle="retire",
        item="R8",
        region="330802",
        found=offers.found_facts(RULE, {"only_child": True, "is_of_age": True}),
        found_at=moment().at,
        expires_on=offers.expires_on(RULE, moment()),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@given(st.dictionaries(st.sampled_from(sorted(RULE.facts)), st.booleans()))
def test_an_offer_needs_every_condition_to_be_known_and_true(told: dict[str, bool]) -> None:
    assert offers.holds(RULE, told) is (told.get("only_child") is True and told.get("is_of_age") is True)
    assert {fact.fact for fact in offers.found_facts(RULE, told)} == {name for name, value in told.items() if value}


def test_the_confined_bundle_has_one_item_and_asks_nothing_else() -> None:
    alone = offers.confined(RETIRE, "R8")
    assert (set(alone.items), set(alone.questions)) == ({"R8"}, {"only_child"})
    found = catalogue()
    plan = Planner(found.library, alone, found.regions, found.calendar).plan({"only_child": True}, "330802", HARVEST)
    assert plan.is_complete
    assert [planned.item.code for planned in plan.items] == ["R8"]
    assert offers.answers_of(RETIRE, offer()) == {"only_child": True}
    assert offers.answers_of(RETIRE, offer(found=())) == {"only_child": False}


@pytest.mark.parametrize(
    ("days", "status", "standing"),
    [
        (0, OfferStatus.OPEN, "open"),
        (30, OfferStatus.OPEN, "open"),
        (31, OfferStatus.OPEN, "expired"),
        (31, OfferStatus.CONFIRMED, "confirmed"),
        (1, OfferStatus.DECLINED, "declined"),
    ],
)
def test_an_open_offer_runs_out_by_itself_and_a_settled_one_stays(
    days: int, status: OfferStatus, standing: str
) -> None:
    own, today = offer(status=status), MONDAY + timedelta(days=days)
    assert own.standing(today).value == standing
    if standing == "open":
        offers.must_be_open(own, today, "confirm")
    else:
        with pytest.raises(ActionNotAllowed) as refused:
            offers.must_be_open(own, today, "confirm")
        assert refused.value.members["status"] == standing


def test_the_message_names_the_item_and_the_day_and_nothing_that_was_found() -> None:
    found = offers.message(offer(), catalogue().library.items["R8"], Text("陈示例", "Chen Shili"))
    assert (found.account, found.kind) == ("chen_retiring", MessageKind.OFFERED)
    assert "2026年4月15日" in found.body.zh
    assert "15 April 2026" in found.body.en
    for fact in offer().found:
        assert fact.label.zh not in found.body.zh
