"""Taking in elsewhere: how far an item's 通办范围 reaches, and who may do what with a parcel."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.applications import Actor, Application
from app.domain.proxies import Handing, Identified, Parcel, ParcelStatus, Proxy, Way, covers, is_local
from app.domain.proxying import is_proxied, possible
from app.domain.vocabulary import HandlingArea, Role

AT = datetime(2026, 3, 16, 2, tzinfo=UTC)
KECHENG, JIANGSHAN, QUZHOU, HANGZHOU, YUSHAN = "330802", "330881", "330800", "330102", "361123"
REACH = (HandlingArea.NONE, HandlingArea.CITY, HandlingArea.PROVINCE, HandlingArea.NATIONAL)
CODES = st.sampled_from([KECHENG, JIANGSHAN, QUZHOU, HANGZHOU, YUSHAN, "330000", "330802006", "330881112990"])


@pytest.mark.parametrize(
    ("hall", "reached"), [(KECHENG, 0), (QUZHOU, 0), (JIANGSHAN, 1), (HANGZHOU, 2), (YUSHAN, 3)], ids=str
)
def test_an_area_reaches_to_the_halls_inside_it_and_no_further(hall: str, reached: int) -> None:
    assert [covers(area, hall, KECHENG) for area in REACH] == [number >= reached for number in range(4)]


@given(CODES, CODES)
def test_a_wider_area_reaches_every_hall_that_a_narrower_one_does(hall: str, region: str) -> None:
    reached = [covers(area, hall, region) for area in REACH]
    assert reached == sorted(reached)
    assert reached[0] == is_local(hall, region)
    assert is_local(region, region)


def case(handing: Handing, parcel: Parcel | None = None) -> Application:
    """Taken in at 江山 for 玉山."""
    proxy = Proxy(JIANGSHAN, Identified.ID_CARD, handing, f"clerk.{JIANGSHAN}", AT, (parcel,) if parcel else ())
    return Application(
        id="a",
        bundle="catering",
        digest="d",
        region=YUSHAN,
        filed_region=JIANGSHAN,
        applicant="somebody",
        created_at=AT,
        created_by=f"clerk.{JIANGSHAN}",
        proxy=proxy,
    )


PEOPLE = {
    "taker": Actor("a", Role.CLERK, region=JIANGSHAN),
    "their hall": Actor("b", Role.CLERK, region=YUSHAN),
    "office": Actor("c", Role.OFFICER, department=f"market.{YUSHAN}"),
    "other office": Actor("d", Role.OFFICER, department=f"fire.{YUSHAN}"),
    "third hall": Actor("e", Role.CLERK, region=KECHENG),
    "owner": Actor("somebody", Role.APPLICANT),
    "watcher": Actor("f", Role.SUPERVISOR, region=YUSHAN),
}
TAKER, DECIDERS = {"taker"}, {"their hall", "office"}


@pytest.mark.parametrize(
    ("way", "handing", "senders", "signers"),
    [
        (Way.OUT, Handing.AT_HALL, TAKER, DECIDERS),
        (Way.OUT, Handing.AT_HOME, TAKER, DECIDERS),
        (Way.BACK, Handing.AT_HALL, DECIDERS, TAKER),
        (Way.BACK, Handing.BY_POST, DECIDERS, DECIDERS),
    ],
)
def test_one_side_sends_and_the_other_signs(way: Way, handing: Handing, senders: set[str], signers: set[str]) -> None:
    packed = Parcel(1, way, f"market.{YUSHAN}", ("F1",), (), AT, date(2026, 3, 19))
    sent = Parcel(1, way, f"market.{YUSHAN}", ("F1",), (), AT, date(2026, 3, 19), sent_at=AT, sent_by="x", waybill="1")
    signed = Parcel(1, way, f"market.{YUSHAN}", ("F1",), (), AT, date(2026, 3, 19), sent_at=AT, signed_at=AT)
    assert [one.status for one in (packed, sent, signed)] == list(ParcelStatus)
    for parcel, action, allowed in ((packed, "send", senders), (sent, "sign", signers), (signed, "", set())):
        found = {name for name, who in PEOPLE.items() if possible(who, case(handing, parcel), parcel)}
        assert found == allowed
        options = {option for who in PEOPLE.values() for option in possible(who, case(handing, parcel), parcel)}
        assert options == ({action} if action else set())


def test_what_is_filed_at_the_own_hall_or_online_is_not_taken_in_elsewhere() -> None:
    taken = case(Handing.AT_HALL)
    assert is_proxied(taken)
    for hall in (None, YUSHAN, "361100"):
        assert not is_proxied(replace(taken, filed_region=hall))
