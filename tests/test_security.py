"""The table of security requirements names tests that are there, and stands in the repository as it is kept."""

import ast
import re
from functools import cache

from tests.security_table import ROOT, TABLE, chapters, written

ROWS = [row for chapter in chapters() for row in chapter["rows"]]


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests of a module."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_requirement_names_tests_that_exist_or_says_why_there_is_none() -> None:
    for row in ROWS:
        assert ("tests" in row) != ("reason" in row), row
        for name in row.get("tests", []):
            path, _, test = name.partition("::")
            assert test.startswith("test_"), name
            assert test in names_in(path), name


DANGEROUS = {
    "eval",
    "exec",
    "system",
    "popen",
    "spawnl",
    "spawnv",
    "getoutput",
    "getstatusoutput",
    "create_subprocess_shell",
}


ALLOWED = {"written_methods.py": "the text is what the standard library wrote for a class of this program"}


def test_no_program_is_started_by_a_shell_and_no_text_is_run() -> None:
    found = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
                is_by_shell = any(word.arg == "shell" for word in node.keywords)
                is_built_in = isinstance(node.func, ast.Name) or name not in {"eval", "exec"}
                if is_by_shell or (name in DANGEROUS and is_built_in):
                    found.append(path.name)
    assert found == list(ALLOWED), "each of them once"


def test_every_number_is_given_once_and_looks_like_one() -> None:
    numbers = [str(row["id"]) for row in ROWS]
    assert all(re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{1,2}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_the_table_in_the_repository_is_the_one_that_is_kept() -> None:
    assert TABLE.read_text("utf-8") == written(), "write it again: python -m tests.security_table"
