"""The linter on shared data: elements and their one source, parties, answers from data, and the fictional registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.catalogue.build import library_from_closure
from app.catalogue.closures import digest
from app.domain.known_answers import answered, asking_item
from app.domain.parties import Circle
from tests.factories import MONDAY, catalogue
from tests.plans import planned, stories

if TYPE_CHECKING:
    from app.domain.catalogue import Story
    from tests.catalogue.conftest import PackWriter

NUMBER, OTHER = "001101199003070017", "003301199503140029"
DATASET = "    update: {zh: 实时, en: real time}\n    elements:\n"
QUESTION = '        "no": {zh: 没有营业执照, en: you have no licence}\n'
SECOND = """\
datasets:
  second_register:
    name: {zh: 另一处登记, en: Another register}
    holder: market
    grade: L1
    sharing: unconditional
    update: {zh: 每日, en: daily}
    elements:
      uscc: {name: {zh: 统一社会信用代码, en: Credit code}, grade: L1, kind: KIND}
"""
PEOPLE = """\
datasets:
  identity:
    name: {zh: 身份登记, en: Identity}
    holder: market
    grade: L3
    sharing: restricted
    update: {zh: 实时, en: live}
    elements:
      id_number: {name: {zh: 号码, en: Number}, grade: L3, kind: id_number}
      name: {name: {zh: 姓名, en: Name}, grade: L3}
      sex: {name: {zh: 性别, en: Sex}, grade: L3}
      husband_id: {name: {zh: 男方, en: Husband}, grade: L3, kind: id_number}
      wife_id: {name: {zh: 女方, en: Wife}, grade: L3, kind: id_number}
      householder_id: {name: {zh: 户主, en: Head}, grade: L3, kind: id_number}
      hukou_addr: {name: {zh: 地址, en: Address}, grade: L3}
registers:
  identity:
"""
OWNER = f'    "{NUMBER}": {{id_number: "{NUMBER}", name: 王示例, sex: 男%s}}\n'
LADY = f'    "{OTHER}": {{id_number: "{OTHER}", name: 林示例, sex: 女%s}}\n'


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("party: company}", "element: code, party: company}", "element", "fields.uscc.sources.element"),
        ("party: company}", "party: seller}", "element", "fields.uscc.sources.party"),
        ("[{field: uscc}]", "[{field: shop_name}]", "party", "bundles.shop.parties.company.found_by[0].field"),
        ("[{field: uscc}]", "[{field: uscc, applicant: true}]", "party", "bundles.shop.parties.company.found_by[0]"),
        ("[{field: uscc}]", "[{sex: 男}]", "party", "bundles.shop.parties.company.found_by[0]"),
        ("[{field: uscc}]", "[{record_of: baby}]", "party", "bundles.shop.parties.company.found_by[0].record_of"),
        (QUESTION, QUESTION + "        dataset: enterprise_register\n", "answer", "bundles.shop.questions.has_licence"),
        (
            QUESTION,
            QUESTION + "        dataset: enterprise_register\n        answer: {element: owner}\n",
            "answer",
            "bundles.shop.questions.has_licence.answer.element",
        ),
        (
            QUESTION,
            QUESTION + "        dataset: enterprise_register\n        answer: {exists: true, days_since: true}\n",
            "answer",
            "bundles.shop.questions.has_licence.answer",
        ),
        (
            QUESTION,
            QUESTION + "        dataset: enterprise_register\n        answer: {element: uscc, map: {示例: 3}}\n",
            "answer",
            "bundles.shop.questions.has_licence.answer",
        ),
    ],
)
def test_what_is_wrong_with_shared_data_is_told_where_it_stands(
    pack: PackWriter, old: str, new: str, code: str, path: str
) -> None:
    pack.change(old, new)
    fault = next(fault for fault in pack.report().faults if fault.is_error)
    assert (fault.code, fault.path) == (code, path)
    assert fault.line > 1


def test_a_question_with_its_rule_is_sound(pack: PackWriter) -> None:
    pack.change(QUESTION, QUESTION + "        dataset: enterprise_register\n        answer: {exists: true}\n")
    assert pack.report().faults == ()


def test_two_datasets_cannot_both_be_the_source_of_one_element_and_a_copy_says_so(pack: PackWriter) -> None:
    pack.add("second.yaml", SECOND.replace("KIND", "uscc"))
    assert pack.found("one-source").path == "datasets.second_register.elements.uscc"
    pack.files["second.yaml"] = SECOND.replace("KIND}", "uscc, authority: false}")
    assert pack.report().faults == ()
    pack.files["second.yaml"] = SECOND.replace("KIND}", "text, authority: false}")
    assert pack.found("one-source").path == "datasets.second_register.elements.uscc.kind"


@pytest.mark.parametrize(
    ("rows", "code", "path"),
    [
        (OWNER % "", "", ""),
        (OWNER % ", age: 36", "register-row", f"registers.identity.{NUMBER}.age"),
        (OWNER % ", hukou_addr: 12", "register-row", f"registers.identity.{NUMBER}.hukou_addr"),
        (f'    "12345": {{name: 王示例}}\n{OWNER % ""}', "register-row", "registers.identity.12345"),
        (OWNER.replace("sex: 男", "sex: 女") % "", "register-agrees", f"registers.identity.{NUMBER}.sex"),
        (OWNER % ", hukou_addr: 11010519491231002X", "real-number", f"registers.identity.{NUMBER}.hukou_addr"),
        (OWNER % f', wife_id: "{OTHER}"', "register-agrees", f"registers.identity.{NUMBER}.wife_id"),
        (
            OWNER % f', husband_id: "{NUMBER}", wife_id: "{OTHER}"' + LADY % "",
            "register-agrees",
            f"registers.identity.{NUMBER}",
        ),
        (
            OWNER % f', householder_id: "{OTHER}", hukou_addr: 示例路1号'
            + LADY % f', householder_id: "{OTHER}", hukou_addr: 示例路2号',
            "register-agrees",
            f"registers.identity.{NUMBER}",
        ),
        (OWNER.replace("王示例", "汪示例") % "", "register-people", "people.wang_owner"),
    ],
)
def test_a_register_that_disagrees_is_told(pack: PackWriter, rows: str, code: str, path: str) -> None:
    pack.add("registers.yaml", PEOPLE + rows)
    faults = [(fault.code, fault.path) for fault in pack.report().faults if not fault.code.startswith("need")]
    assert (code, path) in faults if code else faults == []


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.code)
def test_every_value_that_a_story_types_is_what_the_register_says(story: Story) -> None:
    library, registers = catalogue().library, catalogue().registers
    bundle = library.bundles[story.bundle]
    own = catalogue().people[story.applicant].id_number
    circle = Circle(bundle, story.answers, story.form, own, {})
    numbers, seen = circle.numbers(), 0
    for code, value in story.form.items():
        sources = library.fields[code].sources
        if sources.dataset is None:
            continue
        element = sources.element or code
        records = [registers[sources.dataset].get(numbers.get(party, "")) for party in circle.leaves(sources.party)]
        told: list[Any] = [record[element] for record in records if record is not None and element in record]
        if len(told) != len(records):
            assert story.bundle == "catering", f"{code}: only a business that does not exist yet has no record"
            continue
        said = told[0] if len(told) == 1 else f"卖方{told[0]}，买方{told[1]}"
        assert (code, value) == (code, said)
        seen += 1
    assert seen > 0


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.code)
def test_every_answer_of_a_story_is_what_the_registers_answer(story: Story) -> None:
    library, registers = catalogue().library, catalogue().registers
    bundle = library.bundles[story.bundle]
    circle = Circle(bundle, story.answers, story.form, catalogue().people[story.applicant].id_number, {})
    numbers = circle.numbers()
    for code, question in bundle.questions.items():
        if question.answer is None or question.dataset is None or code not in story.answers:
            continue
        assert asking_item(bundle, library, question.dataset) is not None
        rows = registers[question.dataset]
        records = [rows.get(numbers[party]) for party in circle.leaves(question.answer.party)]
        value = answered(bundle, question, records, MONDAY)
        if code == "age_days":
            assert isinstance(value, int)
            continue
        assert (code, value) == (code, story.answers[code])


def test_every_shared_field_and_paper_of_the_built_in_bundles_says_whose_data_it_takes() -> None:
    library = catalogue().library
    for bundle in library.bundles.values():
        plan = planned(bundle.code, {})
        for spec in (each.spec for each in plan.fields):
            if spec.sources.dataset is not None:
                dataset = library.datasets[spec.sources.dataset]
                assert (spec.sources.element or spec.code) in dataset.elements
        assert all(question.answer is not None for question in bundle.questions.values() if question.dataset)


def test_what_a_bundle_says_of_parties_and_elements_is_part_of_its_version() -> None:
    closure = catalogue().closures["birth"]
    restored = library_from_closure(closure)
    assert restored.bundles["birth"] == catalogue().library.bundles["birth"]
    assert restored.datasets["birth_record"] == catalogue().library.datasets["birth_record"]
    assert "registers" not in closure
    changed = {**closure, "bundles": {"birth": {**closure["bundles"]["birth"], "parties": {}}}}
    assert digest(changed) != digest(closure)
