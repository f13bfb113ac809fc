"""The decision on a request for data: every check in its order, the basis that carries it, and what is masked."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.applications import Actor
from app.domain.consents import Consent, ConsentStatus
from app.domain.sharing import (
    CEILING,
    FORM,
    Allowance,
    BasisKind,
    DataRequest,
    Denial,
    Denied,
    Facts,
    Purpose,
    decide,
    needs_consent,
    rank,
)
from app.domain.vocabulary import Grade, Role, SharingClass, Text

TODAY = date(2026, 3, 16)
LAW = Text("《母婴保健法》第二十三条", "Law on Maternal and Infant Health Care, art. 23")
MOTHER = Actor("lin_mother", Role.APPLICANT)
OFFICER = Actor("officer.health.330802.1", Role.OFFICER, "health.330802", "330802")
CLERK = Actor("clerk.330802", Role.CLERK, region="330802")
SUPERVISOR = Actor("supervisor.330802", Role.SUPERVISOR, region="330802")
STEWARD = Actor("steward.330802", Role.STEWARD, region="330802")


def request(**changes: Any) -> DataRequest:
    """The mother's own nation from the household register, for the birth certificate."""
    plain = DataRequest(
        case="c" * 32,
        bundle="birth",
        item="B1",
        region="330802",
        applicant="lin_mother",
        department="health.330802",
        dataset="household_register",
        elements=("nation",),
        party="applicant",
        subject="003301199503140029",
        purpose=Purpose.PREFILL,
        actor=MOTHER,
    )
    return replace(plain, **changes)


def facts(**changes: Any) -> Facts:
    """Everything in order: the applicant's own L3 data, listed, approved, with a law."""
    plain = Facts(
        today=TODAY,
        sharing=SharingClass.RESTRICTED,
        grade=Grade.L3,
        listed=frozenset({"nation", "address"}),
        law=LAW,
    )
    return replace(plain, **changes)


def consent(status: ConsentStatus = ConsentStatus.GIVEN, **changes: Any) -> Consent:
    """A consent to exactly what the request asks for."""
    at = datetime(2026, 3, 10, tzinfo=UTC)
    plain = Consent(
        id="k" * 32,
        application_id="c" * 32,
        party="father",
        subject="f" * 64,
        account="zhou_father",
        dataset="household_register",
        elements=("nation",),
        items=("B1", "B3"),
        departments=("health.330802",),
        text=Text("告知书", "notice"),
        digest="0" * 64,
        asked_at=at,
        asked_by="lin_mother",
        until=date(2026, 5, 9),
        status=status,
    )
    return replace(plain, **changes)


FAILING: list[tuple[Denial, dict[str, Any], dict[str, Any]]] = [
    (Denial.NOT_DECLARED, {}, {"is_declared": False}),
    (Denial.NOT_SHARED, {}, {"sharing": SharingClass.NONE}),
    (Denial.NOT_APPROVED, {}, {"is_approved": False}),
    (Denial.QUOTA, {}, {"is_over_quota": True}),
    (Denial.GRADE, {"actor": SUPERVISOR}, {}),
    (Denial.OTHER_DESK, {}, {"is_own_desk": False}),
    (Denial.PURPOSE, {}, {"is_part": False}),
    (Denial.TASK_CLOSED, {}, {"is_open": False}),
    (Denial.NO_CONSENT, {}, {"is_own": False}),
    (Denial.ELEMENTS, {}, {"listed": frozenset()}),
]
"""Each check with what makes it fail, in the order in which they are made."""


@pytest.mark.parametrize(("denial", "asked", "found"), FAILING, ids=[denial.value for denial, _, _ in FAILING])
def test_each_check_alone_refuses(denial: Denial, asked: dict[str, Any], found: dict[str, Any]) -> None:
    decision = decide(request(**asked), facts(**found))
    assert isinstance(decision, Denied)
    assert decision.denial is denial
    assert decision.detail.zh.endswith("。")
    assert decision.detail.en.endswith(".")


@pytest.mark.parametrize("first", range(len(FAILING)))
def test_the_first_check_that_fails_is_the_one_that_is_told(first: int) -> None:
    rest = FAILING[first:]
    asked = {name: value for _, changes, _ in rest for name, value in changes.items()}
    found = {name: value for _, _, changes in reversed(rest) for name, value in changes.items()}
    decision = decide(request(**asked), facts(**found))
    assert isinstance(decision, Denied)
    assert decision.denial is FAILING[first][0]


def test_what_is_not_shared_says_by_which_law() -> None:
    law = Text("《统计法》第九条", "Statistics Law, art. 9")
    decision = decide(request(), facts(sharing=SharingClass.NONE, no_sharing_basis=law))
    assert isinstance(decision, Denied)
    assert law.zh in decision.detail.zh
    assert law.en in decision.detail.en


def test_ones_own_data_below_l4_are_had_on_the_law_of_the_item() -> None:
    decision = decide(request(), facts())
    assert isinstance(decision, Allowance)
    assert decision.basis.kind is BasisKind.STATUTORY_DUTY
    assert decision.basis.law == LAW
    assert decision.elements == ("nation",)
    assert decision.masked == ()


def test_a_statutory_duty_without_a_law_carries_nothing() -> None:
    decision = decide(request(), facts(law=None))
    assert isinstance(decision, Denied)
    assert decision.denial is Denial.NO_LAW


def test_what_is_shared_without_condition_needs_neither_law_nor_consent() -> None:
    decision = decide(request(), facts(sharing=SharingClass.UNCONDITIONAL, law=None, is_own=False, grade=Grade.L2))
    assert isinstance(decision, Allowance)
    assert decision.basis.kind is BasisKind.OPEN


SEPARATE = [
    ("another's", {"is_own": False}),
    ("sensitive", {"grade": Grade.L4}),
    ("one sensitive element", {"grades": {"nation": Grade.L4}}),
    ("a child's", {"is_minor": True}),
]


@pytest.mark.parametrize(("why", "found"), SEPARATE)
def test_a_separate_consent_is_the_only_basis_for(why: str, found: dict[str, Any]) -> None:
    del why
    without = decide(request(), facts(**found))
    assert isinstance(without, Denied)
    assert without.denial is Denial.NO_CONSENT
    by = decide(request(), facts(**found, consents=(consent(),)))
    assert isinstance(by, Allowance)
    assert by.basis.kind is BasisKind.CONSENT
    assert by.basis.consent == consent().id


@pytest.mark.parametrize(
    ("given_one", "denial"),
    [
        (consent(ConsentStatus.ASKED), Denial.NO_CONSENT),
        (consent(ConsentStatus.REFUSED), Denial.CONSENT_REFUSED),
        (consent(ConsentStatus.WITHDRAWN), Denial.CONSENT_WITHDRAWN),
        (consent(until=date(2026, 3, 15)), Denial.CONSENT_EXPIRED),
        (consent(items=("B3",)), Denial.NO_CONSENT),
        (consent(elements=("address",)), Denial.NO_CONSENT),
    ],
    ids=["asked", "refused", "withdrawn", "expired", "for another item", "for other elements"],
)
def test_a_consent_that_does_not_hold_refuses(given_one: Consent, denial: Denial) -> None:
    decision = decide(request(), facts(is_own=False, consents=(given_one,)))
    assert isinstance(decision, Denied)
    assert decision.denial is denial


def test_a_consent_holds_on_its_last_day() -> None:
    assert isinstance(decide(request(), facts(is_own=False, consents=(consent(until=TODAY),))), Allowance)


def test_a_later_refusal_does_not_undo_an_earlier_consent_but_a_withdrawal_of_it_does() -> None:
    both = (consent(ConsentStatus.REFUSED, id="n" * 32), consent())
    assert isinstance(decide(request(), facts(is_own=False, consents=both)), Allowance)
    gone = decide(request(), facts(is_own=False, consents=(consent(ConsentStatus.WITHDRAWN),)))
    assert isinstance(gone, Denied)
    assert gone.consent == consent().id


def test_nothing_beyond_the_list_is_given_even_when_the_rest_is() -> None:
    decision = decide(request(elements=("nation", "phone")), facts())
    assert isinstance(decision, Denied)
    assert decision.denial is Denial.ELEMENTS


def test_what_the_holder_did_not_approve_is_beyond_the_list() -> None:
    decision = decide(request(), facts(approved=frozenset({"address"})))
    assert isinstance(decision, Denied)
    assert decision.denial is Denial.ELEMENTS


def test_asking_for_nothing_gets_nothing() -> None:
    assert isinstance(decide(request(elements=()), facts()), Denied)


FORMS = {"dataset": FORM, "actor": OFFICER, "elements": ("nation", "delivery")}
FORM_FACTS = {"listed": frozenset({"nation", "delivery"}), "grades": {"delivery": Grade.L1}}


def test_a_desk_reviews_the_form_on_its_duty_and_sees_l3_masked() -> None:
    decision = decide(request(**FORMS, purpose=Purpose.REVIEW), facts(**FORM_FACTS))
    assert isinstance(decision, Allowance)
    assert decision.basis.kind is BasisKind.STATUTORY_DUTY
    assert decision.masked == ("nation",)


def test_unmasking_shows_in_clear_what_the_role_may_meet() -> None:
    asked = request(**FORMS, purpose=Purpose.UNMASK)
    decision = decide(asked, facts(**FORM_FACTS))
    assert isinstance(decision, Allowance)
    assert decision.masked == ()
    sensitive = facts(**{**FORM_FACTS, "grades": {"nation": Grade.L4}})
    assert isinstance(decide(asked, sensitive), Allowance)
    by_clerk = decide(replace(asked, actor=CLERK), sensitive)
    assert isinstance(by_clerk, Denied)
    assert by_clerk.denial is Denial.GRADE


@pytest.mark.parametrize("who", [SUPERVISOR, STEWARD], ids=lambda who: who.role.value)
@pytest.mark.parametrize("purpose", list(Purpose))
def test_who_watches_over_cases_and_data_never_meets_the_data(who: Actor, purpose: Purpose) -> None:
    decision = decide(request(actor=who, purpose=purpose), facts(grade=Grade.L1))
    assert isinstance(decision, Denied)
    assert decision.denial is Denial.GRADE


def test_another_persons_data_come_masked_to_the_applicant() -> None:
    decision = decide(request(), facts(is_own=False, consents=(consent(),)))
    assert isinstance(decision, Allowance)
    assert decision.masked == ("nation",)


FACTS = st.builds(
    facts,
    sharing=st.sampled_from(list(SharingClass)),
    grade=st.sampled_from(list(Grade)),
    is_declared=st.booleans(),
    is_approved=st.booleans(),
    is_over_quota=st.booleans(),
    is_part=st.booleans(),
    is_own_desk=st.booleans(),
    is_open=st.booleans(),
    is_own=st.booleans(),
    is_minor=st.booleans(),
    law=st.sampled_from([LAW, None]),
    consents=st.lists(st.builds(consent, st.sampled_from(list(ConsentStatus))), max_size=2).map(tuple),
)
REQUESTS = st.builds(
    request,
    actor=st.sampled_from([MOTHER, OFFICER, CLERK, SUPERVISOR, STEWARD]),
    purpose=st.sampled_from(list(Purpose)),
    elements=st.sampled_from([(), ("nation",), ("nation", "address"), ("phone",)]),
    dataset=st.sampled_from(["household_register", FORM]),
)


@given(REQUESTS, FACTS)
def test_nothing_is_ever_granted_that_a_rule_forbids(asked: DataRequest, found: Facts) -> None:
    decision = decide(asked, found)
    if isinstance(decision, Denied):
        return
    assert all([found.is_declared, found.is_approved, found.is_part, found.is_own_desk, found.is_open])
    assert found.sharing is not SharingClass.NONE
    assert set(decision.elements) <= found.listed
    assert asked.actor.role in CEILING
    if asked.purpose not in {Purpose.REVIEW, Purpose.VERIFY}:
        assert rank(found.grade) <= rank(CEILING[asked.actor.role])
    if needs_consent(asked, found):
        assert decision.basis.kind is BasisKind.CONSENT
        assert any(one.id == decision.basis.consent and one.status is ConsentStatus.GIVEN for one in found.consents)
    else:
        assert decision.basis.kind is not BasisKind.CONSENT
    if asked.purpose is Purpose.REVIEW and rank(found.grade) >= rank(Grade.L3):
        assert decision.masked == decision.elements
