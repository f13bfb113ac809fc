"""``check``: the linter at the terminal."""

import json
from pathlib import Path

import pytest

from app.catalogue.checks import RULES
from app.commands.exits import Exit

from .conftest import Run

BROKEN = """\
items:
  ZZ:
    name: {zh: 示例事项, en: An example}
    promised: {days: soon}
bundles:
  oops: {nam: x}
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A folder with a pack that is full of faults."""
    folder = tmp_path / "坏的 pack"
    folder.mkdir()
    (folder / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    return folder


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """A folder with a pack that loads with a warning only."""
    folder = tmp_path / "doubtful"
    folder.mkdir()
    (folder / "lonely.yaml").write_text("groups:\n  lonely: {zh: Lonely, en: Lonely}\n", encoding="utf-8")
    return folder


def test_the_builtin_packs_pass(run: Run) -> None:
    said = run("check", "--lang", "en")
    assert said.code == 0, said.out
    assert "6 bundles" in " ".join(said.out.split())


def test_every_fault_is_shown_with_file_and_line_relative_to_here(run: Run, broken: Path) -> None:
    said = run("check", str(broken), "--lang", "en")
    assert said.code == Exit.REFUSED
    assert f"{broken.name}/broken.yaml:4: " in said.out
    assert f"{broken.name}/broken.yaml:6: " in said.out
    assert str(broken) not in said.out


def test_faults_are_told_in_chinese_on_one_line_each(run: Run, broken: Path) -> None:
    said = run("check", str(broken), COLUMNS="40")
    faults = [line for line in said.out.splitlines() if line.startswith("错误 ")]
    assert all("broken.yaml:" in line for line in faults)
    assert len(faults) >= 2


def test_json_holds_the_same_faults(run: Run, broken: Path) -> None:
    said = run("check", str(broken), "--json")
    found = json.loads(said.out)
    assert said.code == Exit.REFUSED
    assert (found["passed"], found["counts"]["errors"]) == (False, len(found["faults"]))
    assert {fault["line"] for fault in found["faults"]} >= {4, 6}
    assert all(fault["message"]["zh"] and fault["message"]["en"] for fault in found["faults"])


def test_warnings_fail_only_when_strict(run: Run, doubtful: Path) -> None:
    relaxed = json.loads(run("check", str(doubtful), "--json").out)
    strict = run("check", str(doubtful), "--strict", "--json")
    has_warning = relaxed["counts"]["warnings"] > 0 and relaxed["counts"]["errors"] == 0
    assert has_warning, relaxed["faults"]
    assert relaxed["passed"]
    assert strict.code == Exit.REFUSED


def test_a_missing_folder_is_a_fault(run: Run) -> None:
    said = run("check", "nowhere", "--lang", "en")
    assert said.code == Exit.REFUSED
    assert "no such folder" in said.out


def test_without_the_builtin_pack_a_folder_must_be_named(run: Run, broken: Path) -> None:
    assert run("check", "--no-builtin").code == Exit.USAGE
    alone = json.loads(run("check", "--no-builtin", str(broken), "--json").out)
    assert alone["counts"]["files"] == 1


def test_the_schema_is_json_and_labelled(run: Run) -> None:
    said = run("check", "--schema")
    schema = json.loads(said.out)
    assert said.code == 0
    assert schema["$schema"].endswith("2020-12/schema")
    assert "illustrative" in schema["$comment"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_rule_is_listed_with_its_mark(run: Run, lang: str) -> None:
    said = run("check", "--rules", "--lang", lang, COLUMNS="120")
    assert all(rule.code in said.out for rule in RULES)
    assert len(json.loads(run("check", "--rules", "--json").out)["rules"]) == len(RULES)


def test_schema_and_rules_exclude_each_other(run: Run) -> None:
    assert run("check", "--schema", "--rules").code == Exit.USAGE
