"""What a mandate lets an agent do, and when."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import BEIJING
from app.domain.errors import InvalidInput, NotAllowed
from app.domain.mandates import (
    MOST_DAYS,
    Mandate,
    MandateStanding,
    Power,
    covers,
    demand,
    faults_of,
    must_be_sound,
    must_cover,
)
from app.domain.vocabulary import ServiceObject, Text

TODAY = date(2026, 3, 16)
AUDIENCES = {"catering": (ServiceObject.PERSON, ServiceObject.ENTERPRISE), "birth": (ServiceObject.PERSON,)}
AT = datetime(2026, 3, 16, 10, tzinfo=BEIJING)
MANDATE = Mandate(
    id="1" * 32,
    principal="wang_owner",
    agent="lin_mother",
    company=None,
    bundles=("catering",),
    powers=(Power.SUBMIT,),
    since=TODAY,
    until=TODAY + timedelta(days=10),
    given_at=AT,
)


@pytest.mark.parametrize(
    ("days", "is_revoked", "standing"),
    [
        (-1, False, MandateStanding.FUTURE),
        (0, False, MandateStanding.ACTIVE),
        (10, False, MandateStanding.ACTIVE),
        (11, False, MandateStanding.OVER),
        (-1, True, MandateStanding.REVOKED),
        (5, True, MandateStanding.REVOKED),
        (99, True, MandateStanding.REVOKED),
    ],
)
def test_a_mandate_stands_from_its_first_to_its_last_day_unless_revoked(
    days: int, is_revoked: bool, standing: MandateStanding
) -> None:
    mandate = replace(MANDATE, revoked_at=AT if is_revoked else None)
    assert mandate.standing(TODAY + timedelta(days=days)) is standing


@given(st.integers(-400, 800))
def test_what_is_revoked_never_stands_again(days: int) -> None:
    assert replace(MANDATE, revoked_at=AT).standing(TODAY + timedelta(days=days)) is MandateStanding.REVOKED


def test_only_its_bundles_and_powers_are_within_a_mandate() -> None:
    assert covers(MANDATE, "catering")
    assert not covers(MANDATE, "birth")
    must_cover(MANDATE, "catering", Text("开办餐饮店", "opening a restaurant"))
    with pytest.raises(NotAllowed, match="birth"):
        must_cover(MANDATE, "birth", Text("新生儿出生", "a birth"))
    demand(MANDATE, Power.SUBMIT)
    with pytest.raises(NotAllowed, match="withdraw"):
        demand(MANDATE, Power.WITHDRAW)


def test_a_standing_paper_has_no_bounds() -> None:
    assert covers(None, "anything")
    demand(None, Power.WITHDRAW)


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({}, []),
        ({"until": TODAY + timedelta(days=MOST_DAYS)}, []),
        ({"until": TODAY + timedelta(days=MOST_DAYS + 1)}, ["/until"]),
        ({"until": TODAY - timedelta(days=1)}, ["/until"]),
        ({"since": TODAY - timedelta(days=1)}, ["/since"]),
        ({"agent": "wang_owner"}, ["/to"]),
        ({"bundles": ()}, ["/bundles"]),
        ({"bundles": ("catering", "flying")}, ["/bundles/1"]),
        ({"agent": "wang_owner", "bundles": ()}, ["/to", "/bundles"]),
        ({"company": "91003301MA00DEM30X"}, []),
        ({"company": "91003301MA00DEM30X", "bundles": ("birth",)}, ["/bundles/0"]),
    ],
)
def test_every_fault_of_a_mandate_is_told(changes: dict[str, object], pointers: list[str]) -> None:
    mandate = replace(MANDATE, **changes)  # type: ignore[arg-type]
    assert [fault.pointer for fault in faults_of(mandate, TODAY, AUDIENCES)] == pointers
    if pointers:
        with pytest.raises(InvalidInput):
            must_be_sound(mandate, TODAY, AUDIENCES)
