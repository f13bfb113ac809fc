"""An offer looks at no more than its item may, decides by yes and no, and leaves nothing to be asked."""

import pytest

from app.catalogue.faults import PackFault
from app.catalogue.loader import read
from app.catalogue.offer_rules import RULES
from app.domain.catalogue import AnswerRule
from app.domain.conditions import Holds
from tests.catalogue.conftest import PackWriter

AFTER = "        after: [L0]\n"
OFFER = """\
        offer:
          facts:
            has_licence:
              dataset: enterprise_register
              element: uscc
              map: {none: false}
              otherwise: true
              label: {zh: 已登记为经营主体, en: registered as a business}
          when: has_licence
          certificates: [business_licence_cert]
          days: 20
          reason: {zh: 您已登记，可以直接享受。, en: "You are registered: it is yours."}
"""


@pytest.fixture
def offering(pack: PackWriter) -> PackWriter:
    """The sound pack, with an offer of the food licence to registered businesses."""
    pack.change(f"        when: kind == '食品'\n{AFTER}", f"        when: has_licence\n{AFTER}{OFFER}")
    return pack.change("    kind: promise\n", "    kind: promise\n    supports: {automatic: true}\n")


def mine(pack: PackWriter) -> list[PackFault]:
    """The faults of these rules."""
    codes = {rule.code for rule in RULES}
    return [fault for fault in pack.report().faults if fault.code in codes]


def test_a_sound_offer_comes_into_the_catalogue_and_its_closure(offering: PackWriter) -> None:
    assert mine(offering) == []
    built = read([offering.write()], include_builtin=False)
    assert [fault for fault in built.faults if fault.is_error] == []
    offer = built.library.bundles["shop"].items["F1"].offer
    assert offer is not None
    assert (offer.when, offer.days, offer.certificates) == (Holds("has_licence"), 20, ("business_licence_cert",))
    fact = offer.facts["has_licence"]
    assert (fact.dataset, fact.rule) == ("enterprise_register", AnswerRule("uscc", map={"none": False}, otherwise=True))
    closure = built.closures["shop"]
    assert closure["bundles"]["shop"]["items"]["F1"]["offer"]["days"] == 20
    assert "enterprise_register" in closure["datasets"]


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("    supports: {automatic: true}\n", "", "offer-automatic", "offer"),
        ("              element: uscc\n", "              element: legal_rep\n", "offer-minimum", "element"),
        ("              otherwise: true\n", "              otherwise: 也许\n", "offer-facts", "has_licence"),
        ("              map: {none: false}\n              otherwise: true\n", "", "offer-facts", "has_licence"),
        (f"        when: has_licence\n{AFTER}", f"        when: area_m2 > 9\n{AFTER}", "offer-answers", "facts"),
    ],
)
def test_what_an_offer_may_not_be_is_told(offering: PackWriter, old: str, new: str, code: str, path: str) -> None:
    faults = mine(offering.change(old, new))
    assert code in {fault.code for fault in faults}, faults
    fault = next(fault for fault in faults if fault.code == code)
    assert fault.is_error
    assert fault.path.startswith("bundles.shop.items.F1")
    assert fault.path.endswith(path)
    assert fault.message.zh
    assert fault.message.en


def test_what_decides_nothing_is_not_looked_up(offering: PackWriter) -> None:
    idle = "            is_idle:\n              dataset: enterprise_register\n              element: uscc\n"
    idle += "              map: {x: true}\n              otherwise: false\n              label: {zh: 闲置, en: idle}\n"
    (fault,) = mine(
        offering.change(
            "          when: has_licence\n          cert", f"{idle}          when: has_licence\n          cert"
        )
    )
    assert (fault.code, fault.is_error) == ("offer-facts", False)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("              dataset: enterprise_register\n", "              dataset: enterprise_registre\n", "unresolved"),
        (
            "          certificates: [business_licence_cert]\n",
            "          certificates: [business_licence]\n",
            "unresolved",
        ),
        (
            "          when: has_licence\n          cert",
            "          when: has_license\n          cert",
            "condition-unknown-name",
        ),
        (
            "          when: has_licence\n          cert",
            "          when: kind == '食品'\n          cert",
            "condition-unknown-name",
        ),
    ],
)
def test_an_offer_that_points_nowhere_is_told(offering: PackWriter, old: str, new: str, code: str) -> None:
    faults = offering.change(old, new).faults()
    assert any(fault.code.startswith(code[:10]) and fault.is_error for fault in faults), faults
