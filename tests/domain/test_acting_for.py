"""Who may act for a child or a company, and who is a party by standing on a list: pure rules."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import APPLICANT
from app.domain.consent_needs import needs
from app.domain.datasets import Approval, Origin
from app.domain.parties import MOST_MEMBERS, Circle, Link, list_of, name_of
from app.domain.sharing import Allowance, BasisKind, Denial, Denied, decide
from app.domain.vocabulary import Grade
from tests.domain.test_sharing import facts, request
from tests.factories import catalogue
from tests.plans import told

MOTHER, FATHER, GUARDIAN = "003308199307160043", "003308199111020030", "003308196804020048"
COMPANY, OWNER = "91003301MA00DEM30X", "003308199205180019"
WIFE = Link("marriage_register", "wife_id", APPLICANT)
WARD = Link("guardianship_register", "ward_record_id", APPLICANT)
SPEAKS = Link("enterprise_register", "legal_rep_id", "company")


def circle(bundle: str, applicant: str | None, links: dict[Link, str], **form: Any) -> Circle:
    """What is known of the people around an application."""
    return Circle(catalogue().library.bundles[bundle], {}, form, applicant, links)


@pytest.mark.parametrize(
    ("bundle", "party", "applicant", "links", "form", "is_shown"),
    [
        ("birth", "baby", FATHER, {WIFE: MOTHER}, {"mother_id": MOTHER}, True),
        ("birth", "baby", FATHER, {WIFE: MOTHER}, {"mother_id": GUARDIAN}, False),
        ("birth", "baby", FATHER, {}, {"mother_id": MOTHER, "father_id": FATHER}, False),
        ("birth", "baby", GUARDIAN, {WARD: MOTHER}, {"mother_id": MOTHER}, True),
        ("birth", "baby", None, {WIFE: MOTHER}, {"mother_id": MOTHER}, False),
        ("birth", "mother", FATHER, {WIFE: MOTHER}, {"mother_id": MOTHER}, False),
        ("utility", "company", OWNER, {SPEAKS: OWNER}, {"uscc": COMPANY}, True),
        ("utility", "company", FATHER, {SPEAKS: OWNER}, {"uscc": COMPANY}, False),
        ("utility", "company", OWNER, {}, {"uscc": COMPANY, "legal_rep_id": OWNER}, False),
        ("utility", "company", OWNER, {SPEAKS: OWNER}, {}, False),
    ],
)
def test_only_what_a_register_says_shows_that_somebody_may_act_for_another(
    bundle: str, party: str, applicant: str | None, links: dict[Link, str], form: dict[str, Any], is_shown: bool
) -> None:
    assert circle(bundle, applicant, links, **form).is_shown(party) is is_shown


@pytest.mark.parametrize(
    ("found", "basis"),
    [
        ({"is_own": True}, BasisKind.STATUTORY_DUTY),
        ({"is_own": True, "mandate": "m" * 32}, BasisKind.MANDATE),
        ({"is_own": True, "mandate": "m" * 32, "grade": Grade.L4}, Denial.NO_CONSENT),
        ({"is_own": False}, Denial.NO_CONSENT),
    ],
)
def test_a_mandate_is_a_basis_for_what_is_not_sensitive(found: dict[str, Any], basis: BasisKind | Denial) -> None:
    decision = decide(request(party="company"), facts(**found))
    if isinstance(decision, Denied):
        assert decision.denial is basis
    else:
        assert (decision.basis.kind, decision.basis.consent) == (basis, found.get("mandate"))


def test_a_grant_says_under_which_number_of_calls_it_is_counted() -> None:
    approval = Approval(id="a", item="B1", dataset="household_register", origin=Origin.PACK, per_day=3)
    decision = decide(request(), facts(quota=approval))
    assert isinstance(decision, Allowance)
    assert decision.quota is approval


def test_a_company_is_asked_for_consent_to_sensitive_data_alone() -> None:
    plan, library = told(catalogue().stories["utility_full"]), catalogue().library
    around = circle("utility", OWNER, {}, uscc=COMPANY)
    assert [need for need in needs(plan, library, around) if need.party == "company"] == []
    dataset = library.datasets["property_register"]
    elements = {code: replace(element, grade=Grade.L4) for code, element in dataset.elements.items()}
    sensitive = {**library.datasets, dataset.code: replace(dataset, grade=Grade.L4, elements=elements)}
    (need,) = [n for n in needs(plan, replace(library, datasets=sensitive), around) if n.party == "company"]
    assert (need.number, need.grade) == (COMPANY, Grade.L4)


@given(
    st.lists(st.one_of(st.none(), st.just(" "), st.sampled_from([MOTHER, FATHER, OWNER])), max_size=MOST_MEMBERS + 5)
)
def test_everybody_on_a_list_of_reasonable_length_is_a_party(numbers: list[str | None]) -> None:
    rows = [{"staff_name": "某人", "staff_id": number} for number in numbers]
    around = circle("catering", OWNER, {}, staff_list=rows)
    named = [number for number in numbers if number and number.strip()] if len(rows) <= MOST_MEMBERS else []
    leaves = around.leaves("workers")
    assert [around.numbers().get(leaf) for leaf in leaves] == (named or [None])
    assert {list_of(leaf) for leaf in leaves} == {"workers"}


def test_somebody_on_a_list_is_called_by_the_list_and_the_place() -> None:
    bundle = catalogue().library.bundles["catering"]
    assert name_of(bundle, "workers.2").zh == "从业人员（第 2 人）"
    assert name_of(bundle, "workers").zh == "从业人员"
    assert name_of(bundle, "nobody.2").zh == "nobody.2"
