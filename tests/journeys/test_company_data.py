"""Stories of a company's own data: its legal representative asks for them, or an officer by the company's mandate."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.storage.sharing_tables import DATA_CALL
from tests.doors import API, Doors, expect
from tests.factories import MONDAY

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], scope="session")

OWNER, OFFICER, STRANGER = "li_founder", "qian_manager", "wang_owner"
COMPANY, OTHER = "91003301MA00DEM30X", "92003308MA00DEM225"
UNTIL = (MONDAY + timedelta(days=30)).isoformat()


def by_mandate(doors: Doors, **changes: Any) -> tuple[str, dict[str, Any]]:
    """The id of a mandate that the legal representative gives the officer, and the officer's sign-in by it."""
    wish = {"to": OFFICER, "bundles": ["utility"], "powers": ["submit"], "until": UNTIL, "company": COMPANY}
    given = doors.post("/me/mandates", OWNER, {**wish, **changes}, 201)
    answer = expect(doors.client.post(f"{API}/sessions", json={"account": OFFICER, "acting_for": OWNER}), 201)
    return given["id"], {"headers": {"Authorization": f"Bearer {answer['token']}"}}


def filled(doors: Doors, company: str, who: str | None = None, **sign_in: Any) -> Any:
    """What becomes of the number of the company's property certificate when a draft is filled in advance."""
    made = expect(doors.send("POST", "/applications", who, json={"story": "utility_full"}, **sign_in), 201)
    path, form = f"/applications/{made['id']}", {"uscc": company, "land_right": None}
    expect(doors.send("PATCH", path, who, json={"form": form}, **sign_in))
    found = expect(doors.send("POST", f"{path}/prefill", who, **sign_in))["fields"]
    return next(entry for entry in found if entry["code"] == "land_right")


def looks(doors: Doors, who: str, dataset: str) -> list[dict[str, Any]]:
    """What somebody reads of the looks into one register."""
    found: list[dict[str, Any]] = doors.get("/me/data/looks", who, dataset=dataset)["entries"]
    return found


def test_the_legal_representative_needs_no_mandate(doors: Doors) -> None:
    assert filled(doors, COMPANY, OWNER)["outcome"] == "had"
    assert {look["basis"]["code"] for look in looks(doors, OWNER, "property_register")} == {"statutory_duty"}
    (asked,) = [look for look in looks(doors, OWNER, "enterprise_register") if look["purpose"]["code"] == "verify"]
    assert [field["code"] for field in asked["fields"]] == ["legal_rep_id"]


def test_an_officer_has_them_by_the_companys_mandate_and_the_ledger_names_it(doors: Doors) -> None:
    mandate, sign_in = by_mandate(doors)
    assert filled(doors, COMPANY, **sign_in)["outcome"] == "had"
    told = looks(doors, OWNER, "property_register")
    assert {(look["basis"]["code"], look["consent_id"]) for look in told} == {("mandate", None)}
    query = select(DATA_CALL.c.consent_id).where(DATA_CALL.c.dataset == "property_register").distinct()
    assert doors.platform.store.read(lambda reader: [row["consent_id"] for row in reader.rows(query)]) == [mandate]


@pytest.mark.parametrize("who", [STRANGER, OFFICER, "agent.li_founder"])
def test_whoever_speaks_for_nobody_types_them(doors: Doors, who: str) -> None:
    """A stranger, the officer without a mandate, and the helper whose paper is not the company's."""
    entry = filled(doors, COMPANY, who)
    assert (entry["outcome"], entry["value"]) == ("missing", None)
    subject = OWNER if who.startswith("agent") else who
    assert {look["denial"]["code"] for look in looks(doors, subject, "property_register")} == {"no_consent"}


def test_a_mandate_for_private_affairs_or_for_another_company_opens_nothing(doors: Doors) -> None:
    _, sign_in = by_mandate(doors, company=None)
    assert filled(doors, COMPANY, **sign_in)["outcome"] == "missing"


def test_the_legal_representative_of_one_company_reads_nothing_of_another(doors: Doors) -> None:
    assert filled(doors, COMPANY, STRANGER)["outcome"] == "missing"
    assert filled(doors, OTHER, OWNER)["outcome"] == "missing"
