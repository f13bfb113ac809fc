"""The rules of the house, kept by machine: layers, sizes, names, documentation, and nothing of anybody's machine."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.domain.vocabulary import ILLUSTRATIVE_EN, ILLUSTRATIVE_ZH
from app.settings import Settings

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
LONGEST_MODULE, LONGEST_FUNCTION = 400, 30

LONG_MODULES = {
    "domain/catalogue.py": "the vocabulary of a catalogue: data classes only, read side by side",
    "schemas/catalogue.py": "the same nouns as they are shown, one small class each",
}
LONG_FUNCTIONS = {
    "domain/routing.py:plan": "the order in which a plan is made is the rule; cut up, it would be hard to follow",
    "main.py:_open_doors": "one list of every router",
    "web/rendering.py:environment": "one list of everything a template may use",
    "main.py:create_app": "the composition root: one list of what the app is made of",
    "schemas/plans.py:of": "one constructor call, a line for each member of the plan",
    "usecases/tasks.py:_shown": "one constructor call, a line for each member of the task",
    "storage/migrations/versions/0001_the_first_tables.py:upgrade": "a migration is a list",
    "storage/migrations/versions/0001_the_first_tables.py:downgrade": "a migration is a list",
    "storage/migrations/versions/0002_clocks_and_ways_to_decide.py:upgrade": "a migration is a list",
    "storage/migrations/versions/0003_matters_and_ratings.py:upgrade": "a migration is a list",
    "storage/migrations/versions/0004_papers_and_messages.py:upgrade": "a migration is a list",
    "storage/migrations/versions/0005_daily_roll_ups.py:upgrade": "a migration is a list",
    "storage/migrations/versions/0010_consents_and_calls.py:_data_line": "a migration is a list",
    "storage/migrations/versions/0010_consents_and_calls.py:_data_call": "a migration is a list",
    "domain/indicators.py:_of_tasks": "a table of indicators, one entry after the other",
    "domain/indicators.py:_of_applications": "a table of indicators, one entry after the other",
    "domain/indicators.py:_of_ratings": "a table of indicators, one entry after the other",
    "usecases/applications.py:shown": "one constructor call, a line for each member of the application",
}
"""Each with the reason why it may be long. Length is counted without decorators, signature and docstring."""

FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|services)($|_)|Manager|Helper|Utils?$")
NOT_OURS = [
    "/" + "work/",
    "/" + "root/",
    "/" + "home/",
    "/" + "Users/",
    "/" + "tmp/probe",
    "/" + "tmp/briefs",
    "pypi." + "org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "registry." + "yarnpkg",
    "proxy.golang" + ".org",
]
"""Places of one machine, and hosts of package registries."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the app, parsed."""
    return {str(p.relative_to(APP)): ast.parse(p.read_text("utf-8")) for p in sorted(APP.rglob("*.py"))}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository, or of the source tree where there is no repository."""
    asked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if asked.returncode == 0 and asked.stdout:
        return tuple(path for name in asked.stdout.split("\0") if name and (path := ROOT / name).is_file())
    return tuple(
        path for part in ("app", "tests") for path in (ROOT / part).rglob("*") if path.suffix in {".py", ".yaml"}
    )


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    """Every function, as ``module.py:name``."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{name}:{node.name}", node


def length(function: Function) -> int:
    """Lines of its body after the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_nothing_imports_upward_and_the_domain_is_deaf_and_blind() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-W", "ignore", "-c", program, "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_no_module_is_too_long_without_a_reason() -> None:
    lengths = {name: len((APP / name).read_text("utf-8").splitlines()) for name in modules()}
    assert {name for name, lines in lengths.items() if lines > LONGEST_MODULE} == LONG_MODULES.keys()


def test_no_function_is_too_long_without_a_reason() -> None:
    assert {name for name, function in functions() if length(function) > LONGEST_FUNCTION} == LONG_FUNCTIONS.keys()


def test_everything_public_says_what_it_is() -> None:
    missing = [name for name, tree in modules().items() if not ast.get_docstring(tree)]
    for name, tree in modules().items():
        missing += [f"{name}:{found}" for found in undocumented(tree)]
    assert missing == []


def undocumented(node: ast.Module | ast.ClassDef, within: str = "") -> Iterator[str]:
    """Public classes, functions and methods without a docstring, outside private classes."""
    for child in node.body:
        if not isinstance(child, ast.ClassDef | Function) or child.name.startswith("_"):
            continue
        if not ast.get_docstring(child):
            yield f"{within}{child.name}"
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child, f"{within}{child.name}.")


def test_nothing_is_named_for_being_nothing_in_particular() -> None:
    names = {part for path in tracked() for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    names |= {node.name for tree in modules().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    names |= {function.name for _, function in functions()}
    assert sorted(name for name in names if FORBIDDEN_NAMES.search(name)) == []


def test_no_file_names_a_place_on_anybodys_machine_or_a_package_registry() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [(str(path.relative_to(ROOT)), place) for place in NOT_OURS if place in text]
    assert found == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_both_readmes_are_there_and_labelled(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert ILLUSTRATIVE_ZH in text
    assert ILLUSTRATIVE_EN in text


def test_every_setting_says_what_it_is_for() -> None:
    for name, setting in Settings.model_fields.items():
        assert len(setting.description or "") > 10, name


def test_no_code_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    sources = [path for path in tracked() if path.suffix == ".py" and path != Path(__file__)]
    assert [str(p.relative_to(ROOT)) for p in sources if marks.search(p.read_text("utf-8"))] == []


def test_no_secret_and_no_environment_file_is_tracked() -> None:
    assert [path.name for path in tracked() if path.name == ".env" or path.suffix in {".key", ".pem", ".db"}] == []
