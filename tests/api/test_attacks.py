"""What many hands at once, and dates from the ends of the calendar, were once able to do."""

from collections import Counter
from functools import partial

from app.domain.errors import TooMany
from app.schemas.applications import LookUp
from app.usecases import progress
from tests.api.test_concurrency import at_once
from tests.doors import Doors, Filed, expect

WANG, OFFICE = "wang_owner", "officer.health.330802"
CARD = "ID-330802-000013"


def guess(filed: Filed, code: str) -> str:
    """What comes of one look-up with this code."""
    doors = filed.doors
    ask = partial(progress.look_up, doors.platform.context(), wish=LookUp(reference=filed.reference, query_code=code))
    try:
        return "wrong" if doors.platform.store.perform(ask) is None else "right"
    except TooMany:
        return "locked"


def test_guessing_a_code_twelve_times_at_once_gains_nobody_a_try(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    wrong = [f"{number:06d}" for number in range(13) if f"{number:06d}" != filed.query_code][:12]
    told = Counter(at_once(*(partial(guess, filed, code) for code in wrong)))
    tries = doors.platform.settings.lookup_tries
    assert told == {"wrong": tries, "locked": len(wrong) - tries}
    assert guess(filed, filed.query_code) == "locked", "the right code is locked with the wrong ones"
    doors.clock.pass_(minutes=doors.platform.settings.lookup_minutes)
    assert [guess(filed, filed.query_code) for _ in range(tries + 1)] == ["right"] * (tries + 1)
    assert guess(filed, wrong[0]) == "wrong"
    doors.clock.pass_(days=1)
    doors.sweep()
    assert doors.platform.store.read(lambda reader: reader.count("lookup_try")) == 0, "nobody fills the table for ever"


def test_a_code_to_use_a_certificate_is_used_once_however_many_desks_take_it_at_once(doors: Doors) -> None:
    wish = {"department": OFFICE.removeprefix("officer."), "purpose": "核对身份"}
    code = doors.post(f"/me/certificates/{CARD}/authorise", WANG, wish)["code"]
    desks = [f"{OFFICE}.{hand}" for hand in (1, 2, 3)]
    for desk in desks:
        doors.sign_in(desk)
    sent = (partial(doors.send, "POST", "/certificates/redeem", desk, json={"code": code}) for desk in desks)
    assert sorted(answer.status_code for answer in at_once(*sent)) == [200, 409, 409]
    uses = doors.get(f"/me/certificates/{CARD}", WANG)["uses"]
    assert [use["kind"]["code"] for use in uses] == ["redeemed"]


def test_a_date_from_the_ends_of_the_calendar_is_no_failure(shared_doors: Doors) -> None:
    ends = ("0001-01-01", "9999-12-31")
    for path, names, endings in (
        ("/me/data/looks", ("since", "until"), ("",)),
        ("/me/data/findUsage", ("periodStart", "periodEnd"), ("T00:00:00+14:00", "T23:59:59-12:00", "T00:00:00")),
    ):
        for name in names:
            for at in (f"{end}{ending}" for end in ends for ending in endings):
                expect(shared_doors.send("GET", path, WANG, params={name: at}))
