"""Packs become frozen objects, or a fault with file, line, path and the way to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.catalogue.faults import PackError, PackFault, errors, nearest
from app.catalogue.loader import load
from app.catalogue.sources import read_folders
from app.domain.catalogue import Limit
from app.domain.conditions import evaluate
from app.domain.vocabulary import Level, Need, Text, TimeUnit

if TYPE_CHECKING:
    from tests.catalogue.conftest import PackWriter


def test_a_sound_pack_becomes_domain_objects(pack: PackWriter) -> None:
    catalogue = pack.load()
    bundle, item = catalogue.library.bundles["shop"], catalogue.library.items["F1"]
    assert catalogue.faults == ()
    assert item.statutory == Limit(20, TimeUnit.WORKING_DAY)
    assert item.level is Level.COUNTY, "from item_defaults"
    assert item.materials[2].need is Need.CONDITIONAL
    assert bundle.items["F1"].after[0].any_of == ("L0",)
    assert evaluate(bundle.items["L0"].when, {"has_licence": False}) is True
    assert bundle.questions["kind"].type.options["食品"] == Text("食品", "food")
    assert catalogue.regions.path("330802").zh == "浙江省 衢州市 柯城区"
    assert catalogue.stories["shop_simple"].answers["area_m2"] == 40
    assert catalogue.people["wang_owner"].phone == "10000000001"
    assert catalogue.library.overrides[0].promised == Limit(3)


def test_item_defaults_lie_beneath_each_item(pack: PackWriter) -> None:
    pack.change("    promised: {days: 0}\n", "    promised: {days: 0}\n    hours: {en: Any day}\n")
    items = pack.load().library.items
    assert items["L0"].hours == Text("工作日 9:00–17:00", "Any day"), "nested mappings merge"
    assert items["F1"].hours.en == "Working days 9:00-17:00"


def test_lists_of_an_item_replace_those_of_the_defaults(pack: PackWriter) -> None:
    pack.change("    promised: {days: 0}\n", "    promised: {days: 0}\n    channels: [window]\n")
    assert len(pack.load().library.items["L0"].channels) == 1


@pytest.mark.parametrize(
    ("old", "new", "code", "path", "suggestion"),
    [
        ("    promised: {days: 5}", "    promissed: {days: 5}", "unknown-key", "items.F1.promissed", "promised"),
        ("{days: 20}", "{day: 20}", "unknown-key", "items.F1.statutory.day", "days"),
        ("    power: licence", "    power: license", "wrong-value", "items.F1.power", "licence"),
        ("    power: licence", "    power: 行政许可", "wrong-value", "items.F1.power", "licence"),
        (
            "{need: conditional,",
            "{need: conditonal,",
            "wrong-value",
            "items.F1.materials.fire_promise.need",
            "conditional",
        ),
        (
            "application_form: required\n      licence",
            "application_form: 必要\n      licence",
            "wrong-value",
            "items.F1.materials.application_form",
            "required",
        ),
        (
            "{need: conditional, when:",
            "{need: conditional, whem:",
            "unknown-key",
            "items.F1.materials.fire_promise.whem",
            "when",
        ),
        (
            '      county: {zh: "{region}供水',
            '      conty: {zh: "{region}供水',
            "wrong-value",
            "lines.water.body_names.conty",
            "county",
        ),
        ("    lead: market", "    lead: markt", "unresolved", "bundles.shop.lead", "market"),
        (
            "fields: [shop_name, uscc, area]",
            "fields: [shop_nmae, uscc, area]",
            "unresolved",
            "items.F1.fields[0]",
            "shop_name",
        ),
        (
            "needs_data: [enterprise_register]",
            "needs_data: [enterprise_registry]",
            "unresolved",
            "items.F1.needs_data[0]",
            "enterprise_register",
        ),
        (
            "      licence_copy: required",
            "      license_copy: required",
            "unresolved",
            "items.F1.materials.license_copy",
            "licence_copy",
        ),
        ("    holder: market", "    holder: makret", "unresolved", "datasets.enterprise_register.holder", "market"),
        (
            "    issuer: market",
            "    issuer: markets",
            "unresolved",
            "certificates.business_licence_cert.issuer",
            "market",
        ),
        (
            "    kind: number\n    group: premises",
            "    kind: number\n    group: premisses",
            "unresolved",
            "fields.area.group",
            "premises",
        ),
        (
            "{results: [L0], certificate: business_licence_cert}",
            "{results: [L0], certificate: busines_licence_cert}",
            "unresolved",
            "materials.licence_copy.sources.certificate",
            "business_licence_cert",
        ),
        ("{rule: region}", "{rule: regoin}", "unknown-rule", "fields.town.sources.derived.rule", "region"),
        ('{item: F1, region: "330802"', '{item: F1, region: "330803"', "unresolved", "overrides[0].region", "330802"),
        (
            "    applicant: wang_owner",
            "    applicant: wang_ownr",
            "unresolved",
            "stories.shop_simple.applicant",
            "wang_owner",
        ),
        (
            "has_licence: false, kind",
            "has_license: false, kind",
            "unresolved",
            "stories.shop_simple.answers.has_license",
            "has_licence",
        ),
        ("        after: [L0]", "        after: [L1]", "edge-outside-bundle", "bundles.shop.items.F1.after[0]", "L0"),
        (
            "        after: [L0]",
            "        after: [{item: L0, needs: grantd}]",
            "wrong-value",
            "bundles.shop.items.F1.after[0].needs",
            "granted",
        ),
    ],
)
def test_a_wrong_name_is_told_with_place_and_the_nearest_right_one(
    pack: PackWriter, old: str, new: str, code: str, path: str, suggestion: str
) -> None:
    before = pack.line(old)
    fault = pack.change(old, new).fault(code)
    wrong_line = before[1] + next(
        (n for n, (a, b) in enumerate(zip(old.split("\n"), new.split("\n"), strict=True)) if a != b)
    )
    assert (fault.file, fault.line, fault.path, fault.is_error) == (before[0], wrong_line, path, True)
    assert fault.hint is not None
    assert suggestion in fault.hint.en
    assert suggestion in fault.hint.zh
    assert fault.render().startswith(f"{fault.file}:{fault.line}: {path}: ")


@pytest.mark.parametrize(
    ("old", "new", "code", "hint"),
    [
        ('    region: "330802"\n    note', "    region: 330802\n    note", "wrong-type", "quotation marks"),
        ("    promised: {days: 5}", "    promised: 5", "wrong-type", "{days: 5}"),
        ("    promised: {days: 5}", "    promised: {days: '5'}", "wrong-type", "bare number"),
        ("    short: {zh: 食品许可, en: Food licence}", "    short: 食品许可", "wrong-type", "{zh: …, en: …}"),
        (
            "    short: {zh: 食品许可, en: Food licence}",
            "    short: {zh: 食品许可}",
            "missing",
            "Chinese (zh) and English (en)",
        ),
        ("  effective_on: 2026-01-01\n  channels", "  effective_on: 1 January\n  channels", "wrong-type", "2026-01-01"),
        ("  complaint_phone: 0000-00000012", "  complaint_phone: 0570-3030303", "wrong-form", "0000-00000001"),
        ('catalog_code: "000131002000"', 'catalog_code: "0001"', "wrong-form", "quote it"),
    ],
)
def test_a_wrong_shape_comes_with_the_way_to_write_it(
    pack: PackWriter, old: str, new: str, code: str, hint: str
) -> None:
    fault = pack.change(old, new).fault(code)
    assert fault.hint is not None
    assert hint in fault.hint.en
    assert fault.message.zh.endswith("。")


def test_a_fault_in_the_defaults_is_told_once_and_at_the_defaults(pack: PackWriter) -> None:
    fault = pack.change("  visits: 0\n", "  visits: 12\n").fault("wrong-size")
    assert (fault.path, (fault.file, fault.line)) == ("item_defaults.visits", pack.line("  visits: 12"))


def test_a_missing_element_is_told_at_the_item(pack: PackWriter) -> None:
    fault = pack.change("    promised: {days: 5}\n", "").fault("missing")
    assert (fault.path, fault.line) == ("items.F1.promised", pack.line("  F1:\n")[1])


@pytest.mark.parametrize("key", ["fees: []", "name: {zh: 另一个, en: other}", "statutory: {days: 5}", "visits: 1"])
def test_a_region_may_not_override_what_the_standard_demands_everywhere(pack: PackWriter, key: str) -> None:
    fault = pack.change("promised: {days: 3}, consult", f"{key}, consult").fault("override-forbidden")
    assert fault.path == f"overrides[0].{key.split(':')[0]}"
    assert "无差别受理、同标准办理" in fault.message.zh
    assert "same elements everywhere" in fault.message.en


def test_a_region_may_not_promise_less_than_the_law(pack: PackWriter) -> None:
    fault = pack.change("promised: {days: 3}, consult", "promised: {days: 21}, consult").fault("promise-above-statute")
    assert (fault.path, fault.line) == ("overrides[0].promised.days", pack.line("  - {item: F1, region")[1])


def test_calendar_days_are_weighed_against_working_days(pack: PackWriter) -> None:
    in_calendar_days = "promised: {days: 28, unit: calendar_day}, consult"
    assert pack.change("promised: {days: 3}, consult", in_calendar_days).faults() == ()
    pack.change(in_calendar_days, "promised: {days: 29, unit: calendar_day}, consult").fault("promise-above-statute")


def test_a_second_override_of_the_same_item_and_region_names_the_first(pack: PackWriter) -> None:
    pack.add("zz.yaml", 'overrides:\n  - {item: F1, region: "330802", promised: {days: 4}}\n')
    assert "shop.yaml" in pack.fault("defined-twice").message.en


def test_a_broken_override_does_not_shift_the_places_of_those_after_it(pack: PackWriter) -> None:
    pack.add("aa.yaml", "overrides:\n  - {item: F1, fees: []}\n")
    pack.change('{item: F1, region: "330802", promised', '{item: F9, region: "330802", promised')
    places = {fault.code: (Path(fault.file).name, fault.line) for fault in pack.faults()}
    assert places["unresolved"] == ("shop.yaml", pack.line("{item: F9")[1])


@pytest.mark.parametrize(
    ("when", "code", "column"),
    [
        ("not has_licence and", "condition-syntax", None),
        ("has_licence and area_m3 > 5", "condition-unknown-name", 17),
        ("not has_licence and kind == '食物'", "condition-unknown-option", 21),
        ("has_licence > 5", "condition-wrong-kind", 1),
        ("__import__('os')", "condition-syntax", 1),
    ],
)
def test_a_wrong_condition_is_told_with_its_column(pack: PackWriter, when: str, code: str, column: int | None) -> None:
    fault = pack.change("L0: {when: not has_licence}", f'L0: {{when: "{when}"}}').fault(code)
    assert fault.path == "bundles.shop.items.L0.when"
    assert column is None or fault.column == column
    assert f"character {fault.column}" in fault.message.en


def test_a_condition_of_a_material_is_held_against_the_bundle_that_uses_it(pack: PackWriter) -> None:
    fault = pack.change("when: area_m2 >= 300}", "when: area_m9 >= 300}").fault("condition-unknown-name")
    assert fault.path == "items.F1.materials.fire_promise.when"
    assert "Opening a shop" in fault.message.en


def test_faults_of_every_kind_are_told_in_one_pass(pack: PackWriter) -> None:
    pack.change("    power: licence", "    power: license")
    pack.change("    lead: market", "    lead: markt")
    pack.change("L0: {when: not has_licence}", "L0: {when: not has_lisence}")
    pack.change('"330802": {zh: 柯城区', '"33080": {zh: 柯城区')
    pack.add("zz.yaml", "groups:\n  premises: {zh: 经营场所, en: Premises}\nnonsense: 1\n")
    codes = {fault.code for fault in pack.faults()}
    assert codes >= {
        "wrong-value",
        "unresolved",
        "condition-unknown-name",
        "wrong-region",
        "defined-twice",
        "unknown-section",
    }


def test_an_entry_with_a_fault_of_its_own_does_not_make_its_users_faulty(pack: PackWriter) -> None:
    pack.change("    power: licence", "    power: license").fault("wrong-value")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("serial: 2", "serial: 1", "serial-twice"),
        ("fields: [shop_name, uscc, area]", "fields: [shop_name, uscc, area, uscc]", "listed-twice"),
        ("fields: [shop_name, uscc, area]", "fields: [shop_name, uscc, area]\n    verified: [uscx]", "not-its-field"),
        ("        options: {食品: food, 服装: clothes}\n", "", "missing"),
        ('{region}供水公司", en', '{regoin}供水公司", en', "wrong-braces"),
        ("    minimum: 1\n    maximum: 5000\n  uscc", "    minimum: 10\n    maximum: 5\n  uscc", "wrong-range"),
        ("        minimum: 1\n", "        minimum: 9000\n", "wrong-range"),
        ("  town:\n", "  2town:\n", "wrong-code"),
    ],
)
def test_what_must_hold_between_entries_is_checked(pack: PackWriter, old: str, new: str, code: str) -> None:
    assert code in {fault.code for fault in pack.change(old, new).faults()}


def test_a_region_without_its_parent_is_told(pack: PackWriter) -> None:
    faults = pack.change('  "330800": {zh: 衢州市, en: Quzhou}\n', "").faults()
    assert [(fault.code, fault.path) for fault in faults] == [("wrong-region", "regions.330802")]


def test_a_pack_may_bring_the_calendar_of_a_year(pack: PackWriter) -> None:
    pack.add("calendar.yaml", 'calendar:\n  "2031":\n    holidays: {2031-01-01: {zh: 元旦, en: New Year}}\n')
    calendar = pack.load().calendar
    assert calendar.is_published(2031)


@pytest.mark.parametrize("year", ["31", "2031-01", "next"])
def test_a_calendar_year_has_four_digits(pack: PackWriter, year: str) -> None:
    pack.add("calendar.yaml", f'calendar:\n  "{year}": {{}}\n').fault("wrong-year")


def test_a_holiday_of_another_year_is_refused(pack: PackWriter) -> None:
    text = 'calendar:\n  "2031":\n    holidays: {2033-01-01: {zh: 元旦, en: New Year}}\n'
    pack.add("calendar.yaml", text).fault("wrong-year")


def test_loading_raises_with_every_fault(pack: PackWriter) -> None:
    pack.change("    power: licence", "    power: license").change("    lead: market", "    lead: markt")
    with pytest.raises(PackError) as caught:
        pack.load()
    assert len(caught.value.faults) == 2
    assert str(caught.value).count("\n") == 1


def test_a_very_long_or_odd_name_is_shortened_in_the_message(pack: PackWriter) -> None:
    fault = pack.change("    lead: market", f"    lead: {'m' * 64}").fault("unresolved")
    assert len(fault.message.en) < 120


@pytest.mark.parametrize("value", ["", "null", "[]", "{}", "1", "'🍜'", "[[[]]]", "{zh: 1, en: [x]}"])
def test_any_entry_of_any_section_is_refused_in_words_and_never_raises(pack: PackWriter, value: str) -> None:
    sections = list(read_folders([pack.write()]).sections)
    for section in sections:
        listed = section == "overrides"
        pack.files["odd.yaml"] = f"{section}:\n" + (f"  - {value}\n" if listed else f"  odd: {value}\n")
        for fault in pack.faults():
            assert fault.message.zh
            assert fault.message.en


def test_faults_sort_by_place_and_errors_come_first() -> None:
    def fault(severity: str, line: int) -> PackFault:
        return PackFault("error" if severity == "error" else "warning", "x", "a.yaml", line, "p", Text("一", "one"))

    faults = sorted([fault("warning", 2), fault("error", 9), fault("error", 2)])
    assert [(each.line, each.severity) for each in faults] == [(2, "error"), (2, "warning"), (9, "error")]
    assert len(errors(faults)) == 2


def test_a_fault_reads_well_in_both_languages() -> None:
    fault = PackFault(
        "error", "x", "a.yaml", 3, "items.X1", Text("缺少名称。", "No name."), Text("请补上。", "add one")
    )
    assert fault.render("en") == "a.yaml:3: items.X1: No name. (add one)"
    assert fault.render("zh") == "a.yaml:3: items.X1: 缺少名称。（请补上。）"


def test_capitals_and_hyphens_do_not_hide_the_nearest_name() -> None:
    assert nearest("Shop-Name", ["shop_name", "area"]) == "shop_name"
    assert nearest("completely different", ["shop_name"]) is None


def test_the_built_in_pack_loads_without_errors() -> None:
    catalogue = load()
    assert {"catering", "birth", "retire", "startup", "utility", "house"} <= set(catalogue.library.bundles)
    assert errors(catalogue.faults) == ()
