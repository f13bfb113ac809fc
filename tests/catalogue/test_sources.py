"""Reading YAML: what an author means, and every way a text can be wrong."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.faults import MAX_FAULTS, PackError
from app.catalogue.loader import load
from app.catalogue.sources import MAX_BYTES, read_folders
from app.catalogue.yaml_text import MAX_PROBLEMS, read, scalar

if TYPE_CHECKING:
    from tests.catalogue.conftest import PackWriter


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("007", "007"),
        ("2026-01-01", "2026-01-01"),
        ("0000-00000001", "0000-00000001"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1:30", "1:30"),
        (".inf", ".inf"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("0", 0),
        ("-12", -12),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        ("9" * 40, "9" * 40),
    ],
)
def test_a_scalar_means_what_its_author_meant(written: str, meant: object) -> None:
    root, problems = read(f"a: {written}\n")
    assert problems == []
    assert root is not None
    assert root.value == {"a": meant}
    assert type(root.children["a"].value) is type(meant)


@given(st.text(max_size=40))
def test_a_quoted_scalar_is_always_a_string(text: str) -> None:
    assert scalar(text, plain=False) == text


@given(st.text(alphabet="ab:-[]{}&*!#|>'\"%@`,? \n\t01é中", max_size=60))
def test_any_text_is_read_or_refused_but_never_raises(text: str) -> None:
    root, problems = read(text)
    assert root is not None or problems or not text.strip() or "#" in text or "-" in text


def test_every_value_knows_its_line() -> None:
    root, _ = read("a:\n  b: 1\n  c:\n    - x\n    - y\n")
    assert root is not None
    c = root.children["a"].children["c"]
    assert (root.children["a"].line, c.line, c.children[1].line) == (1, 3, 5)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3),
        ("a:\n  330800: x\n", "key-not-text", 2),
        ("true: x\n", "key-not-text", 1),
        ("? [a]\n: x\n", "key-not-text", 1),
        ("a: !!python/object:os.system x\n", "tag", 1),
        ("a:\n  <<: {b: 1}\n", "merge-key", 2),
        ("a: *nowhere\n", "unknown-alias", 1),
        ("a: &x [*x]\n", "unknown-alias", 1),
        ("a: 1\n---\nb: 2\n", "several-documents", 2),
        ("a:\n\tb: 1\n", "syntax", 2),
        ("a: b: c\n", "syntax", 1),
        ("a: [1, 2\n", "syntax", 2),
        ("a: x\x00\n", "syntax", 1),
    ],
)
def test_a_faulty_text_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    _, problems = read(text)
    assert [(problem.code, problem.line) for problem in problems] == [(code, line)]
    assert problems[0].message.zh
    assert problems[0].message.en


def test_a_number_as_key_comes_with_the_advice_to_quote_it() -> None:
    _, problems = read("330800: {zh: 衢州市, en: Quzhou}\n")
    assert problems[0].hint is not None
    assert '"330800"' in problems[0].hint.en


def test_an_unquoted_region_code_is_one_fault_and_not_one_per_use(pack: PackWriter) -> None:
    fault = pack.change('  "330802": {', "  330802: {").fault("key-not-text")
    assert (fault.path, fault.line) == ("regions.330802", pack.line("  330802: {")[1])


def test_several_faults_of_one_text_are_all_told() -> None:
    _, problems = read("a: 1\na: 2\n7: x\nb: !t y\n")
    assert [problem.code for problem in problems] == ["duplicate-key", "key-not-text", "tag"]


def test_an_alias_stands_for_its_anchor() -> None:
    root, problems = read("a: &shared {x: [1, 2]}\nb: *shared\n")
    assert problems == []
    assert root is not None
    assert root.value == {"a": {"x": [1, 2]}, "b": {"x": [1, 2]}}
    assert root.children["b"].line == 2


def test_a_bomb_of_aliases_is_refused_quickly() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    _, problems = read("\n".join(lines))
    assert [problem.code for problem in problems] == ["too-many-nodes"]


ENDLESS = {
    "entries": "\n".join(f"k{number}: v" for number in range(200_000)),
    "list": "- a\n" * 500_000,
    "faults": "a: 1\n" * 400_000,
    "tags in one line": "[" + "!x a," * 400_000 + "]",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_file_without_end_is_refused_long_before_it_is_read_to_the_end(name: str) -> None:
    started = time.thread_time()
    root, problems = read(ENDLESS[name])
    assert root is None
    assert problems[-1].code in {"too-many-nodes", "too-many-problems"}
    assert len(problems) <= MAX_PROBLEMS + 1
    assert time.thread_time() - started < 10, "a fifth of a second on an ordinary machine"


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 50_000, "- " * 5_000 + "x"])
def test_absurd_nesting_is_refused_and_does_not_end_the_process(text: str) -> None:
    root, problems = read(text)
    assert root is None
    assert problems


def test_sections_of_several_files_are_joined(pack: PackWriter) -> None:
    catalogue = pack.add("deep/more.yaml", "groups:\n  people: {zh: 人员, en: People}\n").load()
    assert list(catalogue.library.groups) == ["subject", "premises", "people"]


def test_an_empty_file_and_an_empty_section_are_no_fault(pack: PackWriter) -> None:
    assert pack.add("empty.yaml", "").add("comment.yaml", "# nothing yet\nfields:\n").faults() == ()


def test_the_same_code_twice_names_both_places(pack: PackWriter) -> None:
    fault = pack.add("zz.yaml", "groups:\n  premises: {zh: 经营场所, en: Premises}\n").fault("defined-twice")
    file, line = pack.line("  premises: {zh")
    assert (fault.file.endswith("zz.yaml"), fault.line, fault.path) == (True, 2, "groups.premises")
    assert f"{file}:{line}" in fault.message.en
    assert f"{file}:{line}" in fault.message.zh


def test_the_same_code_twice_in_one_file_is_told_by_line(pack: PackWriter) -> None:
    pack.change("  premises: {zh: 经营场所, en: Premises}", "  subject: {zh: 经营场所, en: Premises}")
    fault = next(fault for fault in pack.faults() if fault.code == "duplicate-key")
    assert (fault.line, fault.path) == (pack.line("  subject: {zh: 经营场所")[1], "groups.subject")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- a\n- b\n", "not-a-mapping"),
        ("just words\n", "not-a-mapping"),
        ("feilds: {}\n", "unknown-section"),
        ("fields: []\n", "wrong-section"),
        ("overrides: {}\n", "wrong-section"),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused(pack: PackWriter, text: str, code: str) -> None:
    fault = pack.add("wrong.yaml", text).fault(code)
    assert (fault.file.endswith("wrong.yaml"), fault.line) == (True, 1)


def test_a_misspelt_section_comes_with_the_right_name(pack: PackWriter) -> None:
    hint = pack.add("wrong.yaml", "feilds: {}\n").fault("unknown-section").hint
    assert hint is not None
    assert "fields" in hint.en


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes("groups:\n  a: {zh: 衢州, en: x}\n".encode("gb18030"))
    (fault,) = read_folders([tmp_path]).faults
    assert (fault.code, fault.line) == ("not-utf-8", 2)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfgroups:\n  a: {zh: \xe4\xb8\xad, en: x}\n")
    sources = read_folders([tmp_path])
    assert sources.faults == []
    assert list(sources.sections["groups"]) == ["a"]


def test_a_file_over_two_megabytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big.yaml").write_text("# " + "x" * MAX_BYTES, encoding="utf-8")
    (fault,) = read_folders([tmp_path]).faults
    assert fault.code == "too-large"


def test_a_folder_given_twice_is_read_once(pack: PackWriter) -> None:
    folder = pack.write()
    assert load([folder, folder, folder / "shop.yaml"], include_builtin=False).faults == ()


def test_a_missing_or_empty_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "nowhere", tmp_path / "empty"):
        with pytest.raises(PackError) as caught:
            load([folder], include_builtin=False)
        assert [fault.code for fault in caught.value.faults] == ["no-files"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"k{number}: v" for number in range(20_000)),
        "items:\n" + "\n".join(f"  q{number}: {{code: [1]}}" for number in range(8_000)),
        "items: {q: {" + ", ".join(f"k{number}: 1" for number in range(20_000)) + "}}",
    ],
)
def test_a_file_in_which_everything_is_wrong_is_told_so_soon(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.yaml").write_text(text, "utf-8")
    started = time.thread_time()
    with pytest.raises(PackError) as caught:
        load([tmp_path], include_builtin=False)
    codes = [fault.code for fault in caught.value.faults]
    assert codes.count("too-many-faults") == 1
    assert len(codes) <= 2 * MAX_FAULTS
    assert time.thread_time() - started < 10, "some tenths of a second on an ordinary machine"
