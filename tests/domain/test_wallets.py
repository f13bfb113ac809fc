"""Certificates that stand for materials: whose they are, whether they are in force, and what happens without them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain import submissions, wallets
from app.domain.applications import EventKind
from app.domain.certificates import CertificateStatus, Company, Holding
from app.domain.errors import InvalidInput
from app.domain.routing import PlannedMaterial
from app.domain.vocabulary import Means, Text
from app.domain.wallets import Wallet, as_filed, with_wallet
from tests.factories import APPLICANT, MONDAY, PLEDGED, Errand, catalogue, draft, paper

USCC = "92003308MA00DEM225"


def held(type_code: str = "business_licence_cert", **changes: Any) -> Holding:
    """A certificate of Wang's."""
    made = Holding(
        number=f"T-{type_code}",
        type=type_code,
        name=Text("营业执照", "Business licence"),
        holder="wang_owner",
        department="market.330802",
        issued_on=MONDAY - timedelta(days=100),
        valid_until=None,
    )
    return replace(made, **changes)


def wallet(*holdings: Holding) -> Wallet:
    """Wang's wallet."""
    return Wallet(catalogue().people["wang_owner"].id_number, holdings)


def material(errand: Errand, own: Wallet, code: str) -> PlannedMaterial:
    """The planned material, as it is for the holder of the wallet."""
    plan = with_wallet(errand.plan, errand.case, own, errand.now.today)
    return next(planned for planned in plan.materials if planned.material.code == code)


@pytest.mark.parametrize(
    ("holding", "because"),
    [
        (held(), None),
        (held(company=Company(USCC, "示例小吃店")), None),
        (held(company=Company(None, "示例小吃店")), None),
        (held(company=Company("91003308MA00DEM14D", "另一家")), "不是本次申请的经营主体"),
        (held(standing=CertificateStatus.FROZEN), "现为“冻结”"),
        (held(standing=CertificateStatus.REVOKED), "现为“吊销”"),
        (held(standing=CertificateStatus.CANCELLED), "现为“注销”"),
        (held(valid_until=MONDAY - timedelta(days=1)), "现为“过期”"),
        (held(valid_until=MONDAY), None),
        (held("food_licence_cert"), "证照包里没有营业执照"),
    ],
)
def test_a_certificate_stands_for_the_paper_only_in_force_and_of_the_business(
    holding: Holding, because: str | None
) -> None:
    found = material(draft("catering_simple"), wallet(holding), "business_licence")
    if because is None:
        assert (found.source.means, found.source.origin) == (Means.SHARED, "business_licence_cert")
    else:
        assert found.source.means is Means.UPLOAD
        assert found.source.because is not None
        assert because in found.source.because.zh


def test_the_newest_in_force_is_taken() -> None:
    errand = draft("catering_simple")
    old, new = held(number="OLD", issued_on=MONDAY - timedelta(days=200)), held(number="NEW")
    frozen = held(number="FROZEN", issued_on=MONDAY, standing=CertificateStatus.FROZEN)
    planned = material(errand, wallet(old, frozen, new), "business_licence")
    found = wallets.serving(planned, errand.plan, errand.case, wallet(old, frozen, new), errand.now.today)
    assert found is not None
    assert found.number == "NEW"


def submitted(own: Wallet, *papers: str) -> Errand:
    """Wang's simple restaurant, filed with this wallet."""
    errand = draft("catering_simple")
    errand.plan = with_wallet(errand.plan, errand.case, own, errand.now.today)
    for code in papers:
        errand.run(APPLICANT, lambda h, code=code: submissions.provide(h, paper(code, h.moment.at), errand.plan))

    def rule(h: Any) -> None:
        submissions.submit(h, errand.plan, "L330802-20260316-00001-0", "hash", PLEDGED)
        wallets.use(h, errand.plan, own, frozenset())

    errand.run(APPLICANT, rule)
    return errand


CARD = held("resident_id_card_cert", number="CARD")


def test_without_the_certificate_the_paper_is_missing_and_the_fault_says_which() -> None:
    with pytest.raises(InvalidInput) as refused:
        submitted(wallet(CARD))
    faults = {fault.pointer: fault.detail.zh for fault in refused.value.faults}
    assert faults["/materials/business_licence"] == "请提交材料：营业执照。您的证照包里没有营业执照。"
    assert "/materials/rep_id" not in faults


def test_what_was_used_is_an_event_and_stays_when_the_certificate_goes() -> None:
    errand = submitted(wallet(CARD, held(company=Company(USCC, "示例小吃店"))))
    used = [event for event in errand.events if event.kind is EventKind.CERTIFICATE_USED]
    assert [event.changes["material"].code for event in used] == ["rep_id", "business_licence"]
    assert all(event.changes["material"].certificate.status is CertificateStatus.VALID for event in used)
    filed = as_filed(errand.plan, errand.case)
    means = {planned.material.code: planned.source.means for planned in filed.materials}
    assert (means["rep_id"], means["business_licence"]) == (Means.SHARED, Means.SHARED)


def test_a_paper_handed_in_is_kept_and_no_certificate_is_used_beside_it() -> None:
    errand = submitted(wallet(CARD, held()), "business_licence")
    assert errand.case.materials["business_licence"].means is Means.UPLOAD
    filed = as_filed(errand.plan, errand.case)
    assert next(p for p in filed.materials if p.material.code == "business_licence").source.means is Means.UPLOAD


def test_a_deferrable_paper_that_no_certificate_stands_for_is_owed() -> None:
    errand = submitted(wallet(CARD, held()))
    assert "health" in {own.code for own in errand["F1"].deferred}
    filed = as_filed(errand.plan, errand.case)
    assert next(p for p in filed.materials if p.material.code == "health").source.means is Means.UPLOAD


def test_what_is_left_to_upload_is_counted_again() -> None:
    errand = draft("catering_simple")
    full, empty = (with_wallet(errand.plan, errand.case, own, MONDAY) for own in (wallet(CARD, held()), wallet()))
    assert empty.savings.materials_uploaded == full.savings.materials_uploaded + 2
