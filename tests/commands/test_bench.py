"""``bench``: lists its measurements, keeps the result, and says so where nothing can be measured."""

import json
from pathlib import Path

import pytest

from app.commands import bench
from app.commands.exits import Exit
from tests.commands.conftest import Run


def test_the_measurements_are_listed_in_both_languages(run: Run) -> None:
    said = run("bench")
    assert said.code == Exit.OK
    assert all(name in said.out for name in (*bench.ALL, "all"))
    assert " · " in said.out


def test_a_measurement_is_shown_and_kept(run: Run, own_folder: Path) -> None:
    said = run("bench", "plan", "--rounds", "1", "--seconds", "0.01", "--previews", "0", "--json", "plan.json")
    assert said.code == Exit.OK
    assert "方案/处理器秒" in said.out
    kept = json.loads((own_folder / "plan.json").read_text("utf-8"))["plan"]
    assert (kept["bench"], kept["settings"]["rounds"]) == ("plan", 1)
    assert kept["machine"]["python"]
    richest, *others = kept["tables"]["plans"]
    assert richest["bundle"] == "catering"
    assert all(0 < entry["per_cpu_s"]["min"] <= entry["per_cpu_s"]["median"] for entry in (richest, *others))


def test_an_installed_app_says_that_it_cannot_measure(
    run: Run, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "ROOT", own_folder)
    said = run("bench", "plan", "--lang", "en")
    assert said.code == Exit.USAGE
    assert "tests/bench" in said.err


@pytest.mark.parametrize(
    "words", [("case", "--clients", "many"), ("submit", "--database", "oracle"), ("all", "--only", "x")]
)
def test_what_cannot_be_measured_is_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    assert run("bench", *words).code == Exit.USAGE


def test_a_file_that_holds_something_else_is_refused_before_anything_is_measured(run: Run, own_folder: Path) -> None:
    (own_folder / "notes.json").write_text("[]", "utf-8")
    said = run("bench", "all", "--json", "notes.json", "--lang", "en")
    assert said.code == Exit.USAGE
    assert "holds no measurements" in said.err
    assert (own_folder / "notes.json").read_text("utf-8") == "[]"
