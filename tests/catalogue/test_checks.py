"""The linter: one test per rule, each breaking one thing in a sound pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.catalogue.checks import RULES, check
from app.catalogue.faults import errors
from app.catalogue.order import cycle

if TYPE_CHECKING:
    from tests.catalogue.conftest import PackWriter

LICENCE_FLOW = "      - {step: {zh: 审查, en: Review}, actor: {zh: 科室, en: Office}, days: 3}\n"
FAQ = "    - {question: {zh: 要钱吗？, en: Is there a fee?}, answer: {zh: 不收费。, en: No.}}\n"


def test_a_sound_pack_has_no_faults_and_is_counted(pack: PackWriter) -> None:
    report = pack.report()
    assert report.faults == ()
    assert report.is_sound
    assert (report.counts["files"], report.counts["items"], report.counts["errors"]) == (2, 2, 0)


def test_the_twelve_rules_of_the_service_guides_are_all_there() -> None:
    numbers = [rule.number for rule in RULES]
    assert numbers[:12] == [str(number) for number in range(1, 13)]
    assert len(set(numbers)) == len(numbers)
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.title.zh and rule.title.en for rule in RULES)


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        (
            "    kind: number\n    group: premises\n",
            "    kind: number\n    group: premises\n    example: 很大\n",
            "example",
            "fields.area.example",
        ),
        ("    kind: uscc\n", "    kind: uscc\n    example: 91003308MA00DEM14D\n", "", ""),
        ("    kind: uscc\n", "    max_length: 20\n", "result-room", "fields.uscc.max_length"),
        ("    kind: instant", "    kind: promise", "instant-or-promise", "items.L0.kind"),
        ("    review: staged", "    review: instant", "instant-or-promise", "items.F1.review"),
        ("食品经营许可证, en", "食品经营批复, en", "result-name", "items.F1.result.kind"),
        ("食品经营许可证, en", "食品经营批准文, en", "result-name", "items.F1.result.kind"),
        ("食品经营许可证, en", "办结凭证, en", "", ""),
        (
            "      certificate: business_licence_cert\n      sample: {zh: 样本, en: Sample}\n",
            "",
            "result-name",
            "items.L0.result",
        ),
        (
            "    promised: {days: 5}",
            "    promised: {days: 5}\n    visits: 1\n    online_depth: III",
            "visits-reason",
            "items.F1",
        ),
        (
            "  visits: 0\n",
            "  visits: 0\n  visits_reason: {zh: 核对原件, en: Originals}\n",
            "visits-reason",
            "item_defaults.visits_reason",
        ),
        (
            "  channels: [window, online]",
            "  channels: [window]\n  is_online: false",
            "no-way-in",
            "item_defaults.channels",
        ),
        ("  channels: [window, online]", "  channels: [window, mail]\n  is_online: false", "", ""),
        (
            "    promised: {days: 5}",
            "    promised: {days: 5}\n    visits: 1\n    visits_reason: {zh: 核对, en: Check}",
            "full-depth",
            "item_defaults.online_depth",
        ),
        (
            "  complaint_phone: 0000-00000012",
            "  complaint_phone: 0000-00000011",
            "same-phone",
            "item_defaults.complaint_phone",
        ),
        (
            "    complaint_phone: 0000-00000004",
            "    complaint_phone: 0000-00000003",
            "same-phone",
            "lines.water.complaint_phone",
        ),
        ("consult_phone: 0000-00000021", "consult_phone: 0000-00000012", "same-phone", "overrides[0]"),
        ("工作日 9:00", "每天 9:00", "hours", "item_defaults.hours"),
        ("工作日 9:00–17:00", "24小时", "", ""),
        ("consult_phone: 0000-00000021", "hours: {zh: 上午, en: Mornings}", "hours", "overrides[0].hours"),
        ('政务服务中心一楼 A01 号窗口"', '政务服务中心"', "place", "item_defaults.place"),
        ("  objects: [enterprise]", "  objects: [enterprise, person]", "topics", "items.F1"),
        (
            "  objects: [enterprise]",
            "  objects: [enterprise]\n  person_topics: [{zh: 户籍办理, en: Household}]",
            "topics",
            "item_defaults.person_topics",
        ),
        ("  faq:\n" + FAQ, "", "flow", "items.F1"),
        ("zh: 审查, en: Review", "zh: 踏勘, en: Survey", "flow", "items.F1.flow"),
        (LICENCE_FLOW, LICENCE_FLOW.replace("days: 3", "days: 3.5"), "flow", "items.F1.flow"),
        (
            "  level: county\n  eff",
            "  supports: {pay_online: true}\n  level: county\n  eff",
            "free-but-paid",
            "item_defaults.supports.pay_online",
        ),
        ("    statutory: {days: 20}", "    statutory: {days: 4}", "beyond-statute", "items.F1.promised"),
        (
            "{when: area_m2 < 50, days: 2",
            "{when: area_m2 < 50, days: 21",
            "beyond-statute",
            "bundles.shop.items.F1.promises[0].days",
        ),
        (
            "    sources: {results: [L0], certificate: business_licence_cert}\n",
            "",
            "beyond-statute",
            "materials.licence_copy",
        ),
        ("    power: licence\n    line: market", "    power: licence\n    line: water", "power", "items.F1.power"),
        ("    power: confirmation", "    power: penalty", "power", "items.L0.power"),
        ("    power: licence\n", "    power: licence\n    level: city\n", "power", "items.F1.level"),
        ("    statutory: {days: 20}\n", "", "licence-limits", "items.F1"),
        (
            "    statutory: {days: 20}\n",
            "    statutory: {days: 20, extension: 11}\n",
            "licence-limits",
            "items.F1.statutory.extension",
        ),
        (
            "      name: {zh: 食品经营许可证, en: Food licence}\n",
            "      name: {zh: 食品经营许可证, en: Food licence}\n      delivery_limit: {days: 11}\n",
            "licence-limits",
            "items.F1.result.delivery_limit",
        ),
        (
            "    name: {zh: 经营面积, en: Floor area}\n    kind: number",
            "    name: {zh: 店铺名称, en: Floor area}\n    kind: number",
            "field-meaning",
            "fields.area.kind",
        ),
        (
            "    name: {zh: 所在地, en: Place}",
            "    name: {zh: 店铺名称, en: Place}",
            "field-meaning",
            "fields.town.name",
        ),
        ("    fields: [shop_name, town]", "    fields: [shop_name]", "unused", "fields.town"),
        ('catalog_code: "000131002000"', 'catalog_code: "000731001000"', "catalog-code", "items.F1.catalog_code"),
        ('catalog_code: "000131002000"', 'catalog_code: "002031002000"', "catalog-code", "items.F1.catalog_code"),
        ("    needs_data: [enterprise_register]\n", "", "needs-data", "items.F1.needs_data"),
        (
            "    fields: [shop_name, town]",
            "    needs_data: [enterprise_register]\n    fields: [shop_name, town]",
            "needs-data",
            "items.L0.needs_data[0]",
        ),
        ("    sharing: unconditional", "    sharing: none", "sharing-basis", "datasets.enterprise_register"),
        (
            "{need: conditional, when: area_m2 >= 300}",
            "conditional",
            "material-case",
            "items.F1.materials.fire_promise",
        ),
        ("{need: conditional, when", "{need: required, when", "material-case", "items.F1.materials.fire_promise"),
        ("      statutory: {mark: sure", "      statutary: {mark: sure", "provenance", "items.F1.provenance.statutary"),
        (
            "{mark: sure, source: {zh: 行政许可法第四十二条, en: art. 42}}",
            "{mark: sure}",
            "provenance",
            "items.F1.provenance.statutory",
        ),
        (
            "      L0: {when: not has_licence}",
            "      L0: {when: not has_licence and has_licence}",
            "unreachable",
            "bundles.shop.items.L0.when",
        ),
        (
            "      L0: {when: not has_licence}",
            "      L0: {when: not has_licence and area_m2 > 6000}",
            "unreachable",
            "bundles.shop.items.L0.when",
        ),
        (
            "      L0: {when: not has_licence}",
            "      L0: {when: not has_licence and area_m2 > 4500}",
            "unreachable",
            "bundles.shop.items.L0.when",
        ),
        (
            "{when: area_m2 < 50, days",
            "{when: area_m2 < 1, days",
            "unreachable",
            "bundles.shop.items.F1.promises[0].when",
        ),
        ("      - when: area_m2 < 4000", "      - when: area_m2 < 0", "unreachable", "bundles.shop.eligibility"),
        (
            "        when: kind == '食品'\n    elig",
            "        when: area_m2 > 5\n    elig",
            "question-order",
            "bundles.shop.questions.area_m2.when",
        ),
        ("店铺名称, en: Name of the shop", "店铺名称, en: 店铺名称", "language", "fields.shop_name.name.en"),
        ("店铺名称, en: Name of the shop", '店铺名称, en: ""', "language", "fields.shop_name.name.en"),
        ("店铺名称, en: Name of the shop", "店铺名称, en: Name 店", "language", "fields.shop_name.name.en"),
        (
            "店铺名称, en: Name of the shop",
            "Name of the shop, en: Name of the shop",
            "language",
            "fields.shop_name.name.zh",
        ),
        (
            "{食品: food, 服装: clothes}",
            "{食品: food, 服装: 服装}",
            "language",
            "bundles.shop.questions.kind.options.服装",
        ),
        ("area_m2: 40}", "area_m2: 5001}", "story", "stories.shop_simple.answers.area_m2"),
        ("kind: 食品, area_m2: 40}", "kind: 服装, area_m2: 40}", "story", "stories.shop_simple.answers.area_m2"),
        (
            "{has_licence: false, kind: 食品, area_m2: 40}",
            "{has_licence: false, kind: 食品}",
            "story",
            "stories.shop_simple.answers",
        ),
        ("area_m2: 40}", "area_m2: 4500}", "story", "stories.shop_simple.answers"),
        (
            "form: {shop_name: 示例小店, area: 40}",
            "form: {shop_name: 示例小店, area: many}",
            "story",
            "stories.shop_simple.form.area",
        ),
        (
            "form: {shop_name: 示例小店, area: 40}",
            "form: {shop_name: 示例小店}",
            "story",
            "stories.shop_simple.form.area",
        ),
    ],
)
def test_each_rule_finds_what_breaks_it(pack: PackWriter, old: str, new: str, code: str, path: str) -> None:
    report = pack.change(old, new).report()
    found = [(fault.code, fault.path) for fault in report.faults]
    if not code:
        assert found == []
        return
    assert (code, path) in found, "\n".join(map(str, report.faults))
    fault = next(fault for fault in report.faults if (fault.code, fault.path) == (code, path))
    assert fault.line > 0
    assert fault.file.endswith(".yaml")
    assert fault.message.zh.endswith("。")


def test_a_cycle_is_named_and_stops_the_pack_from_loading(pack: PackWriter) -> None:
    fault = pack.change("L0: {when: not has_licence}", "L0: {when: not has_licence, after: [F1]}").fault("cycle")
    assert "L0 → F1 → L0" in fault.message.en
    assert "L0 → F1 → L0" in fault.message.zh
    assert (fault.path, fault.line) == ("bundles.shop.items.L0.after", pack.line("L0: {when: not")[1])


def test_an_item_that_waits_for_itself_is_a_cycle() -> None:
    assert cycle({"a": ["a"]}) == ("a", "a")
    assert cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == ()
    assert cycle({"a": ["b"], "b": ["c"], "c": ["b"]}) == ("b", "c", "b")


def test_a_very_long_chain_is_no_cycle_and_no_recursion_error() -> None:
    chain = {str(n): [str(n + 1)] for n in range(5_000)} | {"5000": []}
    assert cycle(chain) == ()


def test_a_question_that_decides_nothing_is_a_warning(pack: PackWriter) -> None:
    pack.change("      L0: {when: not has_licence}", "      L0: {}")
    fault = pack.found("unused-question")
    assert (fault.severity, fault.path) == ("warning", "bundles.shop.questions.has_licence")
    assert pack.report().is_sound


def test_a_result_that_comes_after_its_user_is_a_warning(pack: PackWriter) -> None:
    pack.change("    fields: [shop_name, town]", "    fields: [shop_name, town, uscc]")
    pack.change("    power: confirmation", "    needs_data: [enterprise_register]\n    power: confirmation")
    fault = pack.found("useless-source")
    assert (fault.severity, fault.path) == ("warning", "fields.uscc.sources.results[0]")


def test_a_result_of_an_item_that_waits_for_its_user_is_a_warning(pack: PackWriter) -> None:
    pack.change("results: [L0], dataset: enterprise_register, party", "dataset: enterprise_register, party")
    pack.change("    group: premises\n    minimum", "    group: premises\n    sources: {results: [F1]}\n    minimum")
    pack.change("    fields: [shop_name, uscc, area]", "    fields: [shop_name, uscc]")
    pack.change("    fields: [shop_name, town]", "    fields: [shop_name, town, area]")
    pack.change("form: {shop_name: 示例小店, area: 40}", "form: {shop_name: 示例小店, area: 40}")
    assert pack.found("useless-source").path == "fields.area.sources.results[0]"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"10000000001"', '"10000000001"\n    values: {shop_name: "手机13800138000"}'),
        ("note: {zh: 开店的人", "note: {zh: 开店的人（11010519491231002X）"),
        ("{shop_name: 示例小店, area: 40}", '{shop_name: "91350100M000100Y43", area: 40}'),
    ],
)
def test_a_number_that_could_be_real_is_refused_and_not_repeated(pack: PackWriter, old: str, new: str) -> None:
    faults = [fault for fault in pack.change(old, new).report().faults if fault.code == "real-number"]
    assert faults
    digits = "".join(char for char in new if char.isdigit())
    assert not any(digits[-8:] in fault.render() for fault in faults)


def test_a_mistyped_identity_number_of_a_person_is_told(pack: PackWriter) -> None:
    fault = pack.change("001101199003070017", "001101199003070018").found("real-number")
    assert fault.path == "people.wang_owner.id_number"


def test_what_is_known_of_a_person_must_fit_the_field(pack: PackWriter) -> None:
    pack.change('"10000000001"', '"10000000001"\n    values: {area: enormous}')
    assert pack.found("person").path == "people.wang_owner.values.area"


def test_a_condition_with_a_fault_is_not_called_unreachable_as_well(pack: PackWriter) -> None:
    pack.change("L0: {when: not has_licence}", "L0: {when: kind > 5 and not has_licence}")
    assert "unreachable" not in {fault.code for fault in pack.report().faults}


def test_what_only_a_broken_item_uses_is_not_called_unused(pack: PackWriter) -> None:
    pack.change("    power: licence", "    power: permit")
    assert [fault.code for fault in pack.report().faults] == ["wrong-value"]


def test_the_linter_goes_on_when_the_pack_cannot_be_loaded(pack: PackWriter) -> None:
    pack.change("    lead: market", "    lead: markt").change("    review: staged", "    review: instant")
    assert {fault.code for fault in pack.report().faults} >= {"unresolved", "instant-or-promise"}


def test_the_linter_survives_any_single_missing_line(pack: PackWriter) -> None:
    for name in list(pack.files):
        lines = pack.files[name].splitlines(keepends=True)
        for index in range(0, len(lines), 3):
            pack.files[name] = "".join(lines[:index] + lines[index + 1 :])
            pack.report()
        pack.files[name] = "".join(lines)


def test_the_built_in_pack_has_no_lint_errors() -> None:
    report = check()
    assert errors(report.faults) == ()
    assert report.counts["bundles"] >= 6
