"""What an item needs of other departments' data has been approved; what the law keeps back cannot be needed."""

import pytest

from app.catalogue.dataset_rules import RULES
from app.catalogue.faults import PackFault
from app.catalogue.loader import load, read
from app.domain.datasets import Origin
from app.domain.slices import listed
from app.domain.vocabulary import SharingClass
from tests.catalogue.conftest import PackWriter

HELD_BY_WATER = "    holder: market\n    grade: L1\n    sharing: unconditional\n"
APPROVAL = """\
approvals:
  enterprise_register-2026:
    dataset: enterprise_register
    reference: {zh: 示例〔2026〕1号, en: Demonstration 1}
    approved_on: 2026-01-05
    items:
      F1: {elements: [uscc], per_day: 100}
"""


def restricted(pack: PackWriter, sharing: str = "restricted", basis: str = "") -> PackWriter:
    """The register is another line's, and not shared without condition."""
    return pack.change(HELD_BY_WATER, f"    holder: water\n    grade: L1\n    sharing: {sharing}\n{basis}")


def found(pack: PackWriter, code: str) -> PackFault:
    """The only fault of these rules, which must have this code."""
    codes = {rule.code for rule in RULES}
    faults = [fault for fault in pack.report().faults if fault.code in codes]
    assert [fault.code for fault in faults] == [code], "\n".join(map(str, faults))
    return faults[0]


def test_an_approved_need_is_sound_and_comes_into_the_catalogue(pack: PackWriter) -> None:
    restricted(pack).add("approvals.yaml", APPROVAL)
    assert {rule.code for rule in RULES}.isdisjoint(fault.code for fault in pack.report().faults)
    (approval,) = read([pack.write()], include_builtin=False).approvals
    assert (approval.item, approval.dataset, approval.origin) == ("F1", "enterprise_register", Origin.PACK)
    assert (approval.elements, approval.per_day, approval.region) == (("uscc",), 100, None)


def test_a_need_nobody_approved_is_a_warning_with_the_way_to_mend_it(pack: PackWriter) -> None:
    fault = found(restricted(pack), "needs-approval")
    assert (fault.file, fault.line) == pack.line("needs_data: [enterprise_register]")
    assert not fault.is_error
    assert fault.hint is not None
    assert "一揽子申请" in fault.hint.zh


def test_a_need_beyond_its_approval_is_an_error(pack: PackWriter) -> None:
    pack.change(
        "  town:\n",
        "  company_name:\n    name: {zh: 企业名称, en: Company}\n    group: subject\n"
        "    sources: {dataset: enterprise_register}\n  town:\n",
    )
    pack.change("fields: [shop_name, uscc, area]", "fields: [shop_name, uscc, area, company_name]")
    restricted(pack).add("approvals.yaml", APPROVAL)
    fault = next(fault for fault in pack.report().faults if fault.code == "needs-approval")
    assert fault.is_error
    assert (fault.file, fault.line) == pack.line("needs_data: [enterprise_register]")
    assert "company_name" in fault.message.zh


def test_a_need_of_data_the_law_keeps_back_is_an_error(pack: PackWriter) -> None:
    restricted(pack, "none", "    no_sharing_basis: {zh: 示例法第九条, en: Example Act art. 9}\n")
    fault = found(pack, "needs-unshared")
    assert (fault.file, fault.line) == pack.line("needs_data: [enterprise_register]")
    assert fault.is_error
    assert "示例法第九条" in fault.message.zh


def test_two_approvals_of_the_same_are_an_error(pack: PackWriter) -> None:
    second = APPROVAL.partition("\n")[2].replace("enterprise_register-2026", "enterprise_register-again")
    fault = found(restricted(pack).add("approvals.yaml", APPROVAL + second), "one-approval")
    assert "enterprise_register-2026" in fault.message.zh
    assert fault.path == "approvals.enterprise_register-again.items.F1"


@pytest.mark.parametrize(
    ("old", "new", "code", "is_error"),
    [
        ("      F1: {elements", "      L0: {elements", "approval-needed", True),
        ("elements: [uscc]", "elements: [uscc, legal_rep]", "approval-needed", False),
    ],
)
def test_an_approval_gives_no_more_than_the_item_needs(
    pack: PackWriter, old: str, new: str, code: str, is_error: bool
) -> None:
    restricted(pack).add("approvals.yaml", APPROVAL).change(old, new)
    fault = next(fault for fault in pack.report().faults if fault.code == code)
    assert fault.is_error is is_error
    assert fault.file.endswith("approvals.yaml")


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("dataset: enterprise_register\n    reference", "dataset: enterprise_registre\n    reference", "dataset"),
        ("      F1: {elements", "      F9: {elements", "items.F9"),
    ],
)
def test_an_approval_that_points_nowhere_is_told(pack: PackWriter, old: str, new: str, path: str) -> None:
    restricted(pack).add("approvals.yaml", APPROVAL).change(old, new)
    fault = next(fault for fault in pack.report().faults if fault.code == "unresolved")
    assert fault.path == f"approvals.enterprise_register-2026.{path}"


def test_every_need_of_the_built_in_packs_is_approved_for_exactly_what_it_takes() -> None:
    catalogue = load()
    library = catalogue.library
    approved = {(each.item, each.dataset): set(each.elements or ()) for each in catalogue.approvals}
    for item in library.items.values():
        for code in item.needs_data:
            dataset = library.datasets[code]
            if dataset.sharing is not SharingClass.RESTRICTED or dataset.holder == item.line:
                continue
            bundles = [bundle for bundle in library.bundles.values() if item.code in bundle.items]
            needed = set().union(*(listed(library, bundle, item, code) for bundle in bundles))
            assert approved[item.code, code] == needed
