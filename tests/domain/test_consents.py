"""One consent: who may move it from where to where, when it runs out, and which consents a plan needs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.catalogue.loader import Catalogue
from app.domain import consent_needs
from app.domain.answers import accept
from app.domain.applications import Application, Moment
from app.domain.catalogue import APPLICANT
from app.domain.consent_needs import Need, needs, notice
from app.domain.consents import MOVES, Consent, ConsentAction, ConsentStatus, allowed, answered
from app.domain.errors import ActionNotAllowed
from app.domain.lifecycle import ApplicationStatus
from app.domain.parties import Circle
from app.domain.routing import Plan, Planner
from app.domain.sharing import Denial
from app.domain.slices import about
from app.domain.vocabulary import Grade, SharingClass, Text

TODAY = date(2026, 3, 16)
AT = datetime(2026, 3, 16, 2, tzinfo=UTC)


def consent(status: ConsentStatus = ConsentStatus.ASKED, until: date = date(2026, 5, 15)) -> Consent:
    """A consent of the father's to his nation in the household register."""
    return Consent(
        id="k" * 32,
        application_id="c" * 32,
        party="father",
        subject="f" * 64,
        account="zhou_father",
        dataset="household_register",
        elements=("nation",),
        items=("B1",),
        departments=("health.330802",),
        text=Text("告知书", "notice"),
        digest="0" * 64,
        asked_at=AT,
        asked_by="lin_mother",
        until=until,
        status=status,
    )


def case(**changes: Any) -> Application:
    """The mother's draft."""
    plain = Application(
        id="c" * 32,
        bundle="birth",
        digest="d" * 64,
        region="330802",
        applicant="lin_mother",
        created_at=AT,
        created_by="lin_mother",
    )
    return replace(plain, **changes)


@pytest.mark.parametrize("status", list(ConsentStatus))
@pytest.mark.parametrize("action", list(ConsentAction))
def test_every_move_is_in_the_table_or_refused(
    status: ConsentStatus, action: ConsentAction, catalogue: Catalogue
) -> None:
    moment, one = Moment(AT, catalogue.calendar), consent(status)
    if MOVES[action].start is not status:
        with pytest.raises(ActionNotAllowed) as refused:
            answered(one, case(), action, moment)
        assert refused.value.members["allowed"] == [option.value for option in allowed(one, case(), TODAY)]
        return
    after = answered(one, case(), action, moment)
    assert after.status is MOVES[action].end
    stamped = after.withdrawn_at if action is ConsentAction.WITHDRAW else after.answered_at
    assert stamped == AT
    unmoved = replace(after, status=one.status, answered_at=None, withdrawn_at=None)
    assert unmoved == one


@pytest.mark.parametrize("status", [ConsentStatus.ASKED, ConsentStatus.GIVEN])
def test_what_was_asked_or_given_runs_out_after_its_last_day(status: ConsentStatus) -> None:
    one = consent(status, until=TODAY)
    assert one.standing(TODAY) is status
    assert one.standing(TODAY + timedelta(days=1)) is ConsentStatus.EXPIRED
    assert allowed(one, case(), TODAY + timedelta(days=1)) == ()


@pytest.mark.parametrize("status", [ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN])
def test_a_refusal_and_a_withdrawal_do_not_run_out(status: ConsentStatus) -> None:
    assert consent(status).standing(date.max) is status


def test_an_application_that_is_over_needs_no_answer_any_more() -> None:
    assert allowed(consent(), case(completed_at=AT), TODAY) == ()
    assert allowed(consent(), case(status=ApplicationStatus.WITHDRAWN), TODAY) == ()


def planned(catalogue: Catalogue, story: str) -> tuple[Plan, Circle]:
    """The plan of a worked example and the people around it."""
    found = catalogue.stories[story]
    bundle = catalogue.library.bundles[found.bundle]
    plan = Planner(catalogue.library, bundle, catalogue.regions, catalogue.calendar).plan(
        accept(bundle, found.answers), found.region, TODAY
    )
    own = catalogue.people[found.applicant].id_number
    return plan, Circle(bundle, plan.answers, found.form, own, {})


def wanted(catalogue: Catalogue, story: str) -> dict[tuple[str, str], Need]:
    """The consents it needs, by party and dataset."""
    plan, circle = planned(catalogue, story)
    return {(need.party, need.dataset.code): need for need in needs(plan, catalogue.library, circle)}


def test_the_mother_and_the_father_swap_parts_with_the_applicant(catalogue: Catalogue) -> None:
    by_mother, by_father = wanted(catalogue, "birth_full"), wanted(catalogue, "birth_simple")
    assert {party for party, _ in by_mother} == {APPLICANT, "father", "baby"}
    assert {party for party, _ in by_father} <= {APPLICANT, "mother", "baby"}
    assert ("mother", "household_register") in by_father
    assert by_mother["baby", "birth_record"].number == catalogue.people["lin_mother"].id_number


@pytest.mark.parametrize("story", ["birth_full", "catering_full", "startup_full", "utility_full"])
def test_every_need_has_a_reason_in_law(catalogue: Catalogue, story: str) -> None:
    for (party, _), need in wanted(catalogue, story).items():
        assert need.dataset.sharing is SharingClass.RESTRICTED
        assert need.elements
        assert need.items
        for item in need.items:
            assert need.dataset.code in catalogue.library.items[item].needs_data
        if party == APPLICANT:
            assert need.grade is Grade.L4


def test_the_notice_says_everything_that_must_be_told(catalogue: Catalogue) -> None:
    plan, circle = planned(catalogue, "birth_full")
    applicant, holder = Text("林示例", "Lin Shili"), Text("柯城区公安局", "Kecheng Public Security")
    for need in needs(plan, catalogue.library, circle):
        text = notice(need, plan, holder, applicant, TODAY)
        for code in need.elements:
            if code in need.dataset.elements:
                assert need.dataset.elements[code].name.zh in text.zh
                assert need.dataset.elements[code].name.en in text.en
        for part in ("处理者", "用途", "方式和期限", "您的权利", "2026年5月15日", holder.zh, "示例"):
            assert part in text.zh, part
        for part in ("Who:", "Only for", "illustrative", "Your rights", holder.en):
            assert part in text.en, part
        assert applicant.zh not in text.zh
        assert consent_needs.digest_of(text) == consent_needs.digest_of(Text(text.zh, text.en))
        assert consent_needs.digest_of(text) != consent_needs.digest_of(Text(text.zh + " ", text.en))


def test_a_field_tells_of_the_party_its_code_names(catalogue: Catalogue) -> None:
    bundle, fields = catalogue.library.bundles["birth"], catalogue.library.fields
    assert about(bundle, fields["father_id"]) == "father"
    assert about(bundle, fields["father_phone"]) == "father"
    assert about(bundle, fields["baby_name"]) == "baby"
    assert about(bundle, fields["bank_no"]) == APPLICANT


def test_every_denial_names_itself_in_both_languages() -> None:
    for denial in Denial:
        assert denial.zh
        assert denial.en
        assert len(denial.value) <= 20
