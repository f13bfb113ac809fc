"""The command line as a whole: help, languages, wrong usage, exit codes, what is never echoed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.commands.exits import MEANINGS, Exit
from app.commands.terminal import language
from app.domain.identity import mod_11_2
from app.domain.vocabulary import ILLUSTRATIVE

from .conftest import Run

ROOT = Path(__file__).parents[2]
COMMANDS = ("serve", "demo", "plan", "search", "check", "migrate", "seed", "sweep", "settings", "outbox")
REAL = "11010119900307" + "001" + mod_11_2("11010119900307001")
"""Formed like a real identity number."""


def test_help_names_every_command_and_every_exit_code(run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    assert all(command in said.out for command in COMMANDS)
    flat = " ".join(said.out.split())
    assert all(f"{code.value} {meaning.zh}" in flat for code, meaning in MEANINGS.items())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(run: Run, command: str) -> None:
    said = run(command, "--help")
    assert said.code == 0
    assert " · " in said.out
    assert "--lang" in said.out


@pytest.mark.parametrize("width", range(76, 90))
def test_the_help_loses_no_letter_at_the_edge_of_a_line(run: Run, width: int) -> None:
    said = run("--help", COLUMNS=str(width)).out
    written = said.replace("满意率……", "").replace("satisfaction …", "")
    assert "…" not in written


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    assert "serve" in run().out


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Exit)


def test_the_version_is_labelled(run: Run) -> None:
    assert ILLUSTRATIVE.en in run("--version", "--lang", "en").out


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "zh"),
        ([], {"APP_LANG": "en"}, "en"),
        (["plan", "--lang", "en"], {}, "en"),
        (["--lang=en", "plan"], {}, "en"),
        (["plan", "--lang", "zh"], {"APP_LANG": "en"}, "zh"),
        (["search", "--", "--lang", "en"], {}, "zh"),
        (["plan", "--lang"], {}, "zh"),
    ],
)
def test_the_language_is_found_wherever_it_stands(
    arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    assert language(arguments, environment) == expected


def test_a_wrong_command_is_answered_with_the_nearest(run: Run) -> None:
    said = run("serv", "--lang", "en")
    assert (said.code, said.out) == (Exit.USAGE, "")
    assert "“serve”" in said.err


def test_a_wrong_option_is_told_in_chinese(run: Run) -> None:
    said = run("search", "--limits", "3", "x")
    assert said.code == Exit.USAGE
    assert "没有选项 --limits" in said.err


def test_a_missing_argument_is_named(run: Run) -> None:
    said = run("search", "--lang", "en")
    assert said.code == Exit.USAGE
    assert "WORDS is missing" in said.err


def test_a_value_that_does_not_fit_is_told_in_chinese_with_its_option(run: Run) -> None:
    assert run("serve", "--port", "0").err.startswith("✗ --port 的内容不合要求（")
    assert run("search", "--limit").err.startswith("✗ --limit 后面缺少内容。")
    assert "equal to 1. See --help." in run("serve", "--port", "0", "--lang", "en").err


def test_an_unknown_language_is_wrong_usage(run: Run) -> None:
    assert run("settings", "--lang", "fr").code == Exit.USAGE


@pytest.mark.parametrize(
    "arguments",
    [("search", REAL), ("plan", REAL), (REAL,), ("plan", "--story", REAL), ("plan", "x", "--answer", f"a={REAL}")],
)
def test_a_real_identity_number_is_refused_and_never_repeated(run: Run, arguments: tuple[str, ...]) -> None:
    said = run(*arguments)
    assert said.code == Exit.REFUSED
    assert REAL not in said.out + said.err
    assert "虚构" in said.err


def test_a_setting_that_does_not_fit_is_named_without_its_value(run: Run) -> None:
    said = run("settings", APP_PORT="eightthousand")
    assert said.code == Exit.USAGE
    assert "APP_PORT" in said.err
    assert "eightthousand" not in said.err


@pytest.mark.parametrize("url", ["mysql://me:pa55@host/db", "no url at all", "sqlite://"])
def test_a_database_of_another_kind_is_wrong_usage_and_keeps_its_password(run: Run, url: str) -> None:
    said = run("migrate", APP_DATABASE_URL=url)
    assert said.code == Exit.USAGE
    assert "APP_DATABASE_URL" in said.err
    assert "pa55" not in said.err


@pytest.mark.usefixtures("migrated")
def test_a_standby_of_sqlite_is_wrong_usage_and_keeps_its_password(run: Run) -> None:
    said = run("sweep", "--lang", "en", APP_READ_DATABASE_URL="postgresql+psycopg://me:pa55@host/db")
    assert said.code == Exit.USAGE
    assert "APP_READ_DATABASE_URL" in said.err
    assert "SQLite has none" in said.err
    assert "pa55" not in said.err


def test_a_database_that_does_not_answer_is_a_sentence(run: Run) -> None:
    said = run("migrate", "--lang", "en", APP_DATABASE_URL="postgresql+psycopg://me:pa55@127.0.0.1:1/db")
    assert said.code == Exit.UNAVAILABLE
    assert said.err.startswith("✗ Cannot use the database")
    assert "Traceback" not in said.err
    assert "pa55" not in said.err


def test_a_file_that_is_no_database_is_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("this is not a database " * 100)
    said = run("migrate", APP_DATABASE_URL=f"sqlite:///{tmp_path / 'notes.db'}")
    assert said.code == Exit.UNAVAILABLE
    assert "不能使用数据库" in said.err


def test_a_database_of_a_newer_program_is_a_sentence(run: Run, tmp_path: Path) -> None:
    import sqlite3

    assert run("migrate").code == 0
    with sqlite3.connect(tmp_path / "var" / "app.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    said = run("migrate")
    assert said.code == Exit.UNAVAILABLE
    assert "新版" in said.err


def test_packs_with_errors_stop_a_command_with_every_fault(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "mine.yaml").write_text("bundles:\n  x: {name: 3}\n")
    said = run("search", "x", APP_PACK_FOLDERS=str(tmp_path / "mine"))
    assert said.code == Exit.REFUSED
    assert "mine.yaml:2" in said.err


def test_the_module_runs_quickly_as_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "--help"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=30,
        encoding="utf-8",
    )
    assert done.returncode == 0
    assert "serve" in done.stdout
    assert loaded("from app.commands.program import program; program()", "fastapi", "sqlalchemy", "tantivy") == []


def loaded(statement: str, *modules: str) -> list[str]:
    """Which of the modules an interpreter has that ran this statement."""
    asked = f"import sys; {statement}; print(*[name for name in {modules} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    return done.stdout.split()


def test_only_the_command_that_is_asked_for_is_loaded_and_none_with_the_processes_of_a_server() -> None:
    others = ("app.commands.demo", "rich.table", "app.commands.bench")
    assert loaded("from app.commands.program import program; program('serve')", "app.commands.serve", *others) == [
        "app.commands.serve"
    ]
    assert loaded("import app.__main__, app.commands.worker", "typer", "rich", "app.commands.serve") == []


def test_wrong_usage_of_the_program_ends_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "plan", "--lang", "en"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert done.returncode == Exit.USAGE
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize(
    "arguments",
    [
        ("settings",),
        ("search", "开饭店"),
        ("check",),
        ("check", "--rules"),
        ("plan", "--story", "catering_simple"),
        ("migrate",),
        ("sweep",),
    ],
)
def test_json_is_one_labelled_document_and_nothing_else(run: Run, arguments: tuple[str, ...]) -> None:
    said = run(*arguments, "--json")
    assert said.code == 0, said.err
    assert json.loads(said.out)["label"] == {"zh": ILLUSTRATIVE.zh, "en": ILLUSTRATIVE.en}


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("arguments", [("settings",), ("search", "kfd"), ("check",), ("migrate",), ("sweep",)])
def test_what_people_read_is_labelled_in_their_language(run: Run, arguments: tuple[str, ...], lang: str) -> None:
    said = run(*arguments, "--lang", lang)
    assert said.code == 0, said.err
    assert (ILLUSTRATIVE.zh if lang == "zh" else ILLUSTRATIVE.en) in said.out.splitlines()[0]
