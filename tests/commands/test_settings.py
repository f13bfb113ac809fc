"""``settings``: everything that can be set, said in both languages, without secrets."""

import json
from pathlib import Path

import pytest

from app.commands.exits import Exit
from app.commands.settings import all_settings, masked
from app.settings import Settings

from .conftest import Run


def test_every_setting_is_described_in_both_languages() -> None:
    rows = all_settings()
    assert [row["name"] for row in rows] == [*(name for name, _ in Settings.describe()), "APP_LANG"]
    for row in rows:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in row["description"]["zh"]), row["name"]
        assert row["description"]["en"], row["name"]


def test_the_value_in_force_stands_beside_the_default(run: Run) -> None:
    found = json.loads(run("settings", "--changed", "--json", APP_PORT="8123").out)
    (row,) = [row for row in found["settings"] if row["name"] == "APP_PORT"]
    assert (row["value"], row["default"]) == ("8123", "8000")


@pytest.mark.parametrize("arguments", [("settings",), ("settings", "--json")])
def test_no_secret_is_shown(run: Run, arguments: tuple[str, ...]) -> None:
    url = "postgresql+psycopg://me:pa55@word/x@host/db?sslpassword=hidden77"
    said = run(*arguments, APP_DATABASE_URL=url, APP_SECRET="a-very-long-secret-of-32-characters")
    assert "postgresql+psycopg://me:***@host/db" in said.out
    assert not any(secret in said.out for secret in ("pa55", "hidden77", "a-very-long-secret"))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("sqlite:///var/app.db", "sqlite:///var/app.db"),
        ("postgresql+psycopg://me@host/db", "postgresql+psycopg://me@host/db"),
        ("postgresql+psycopg://me:x@host/db", "postgresql+psycopg://me:***@host/db"),
        ("postgresql+psycopg://host/db?user=a&password=b&x=1", "postgresql+psycopg://host/db?user=a&password=***&x=1"),
        ("var/files", "var/files"),
    ],
)
def test_passwords_in_addresses_are_masked(given: str, shown: str) -> None:
    assert masked(given) == shown


def test_settings_are_told_in_english(run: Run) -> None:
    said = run("settings", "--lang", "en")
    assert "port the server listens on" in said.out
    assert "监听" not in said.out


def test_a_chinese_value_does_not_choke_an_old_terminal(run: Run) -> None:
    assert run("settings", APP_FILES_FOLDER="文件[/bold]").out.count("文件[/bold]") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_REGISTERS", "marriage_register=ftp://registers.example"),
        ("APP_REGISTERS", "rubbish"),
        ("APP_REGISTERS", "marriage_registr=http://registers.example"),
        ("APP_PUBLIC_URL", "javascript:alert(1)"),
        ("APP_PUBLIC_URL", "https://"),
        ("APP_DEFAULT_REGION", "nowhere"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_before_anything_is_begun(run: Run, name: str, value: str) -> None:
    said = run("plan", "--story", "house_simple", "--lang", "en", **{name: value})
    assert said.code == Exit.USAGE
    assert name in said.err


def test_why_a_setting_cannot_be_used_is_said_in_either_language_and_never_with_its_value(run: Run) -> None:
    wrong = {
        "APP_PORT": "ab77",
        "APP_DEMO": "ab77",
        "APP_SECRET": "ab77",
        "APP_RATES": "read=ab77",
        "APP_TRUSTED_PROXIES": "ab77",
        "APP_PROOF_HASH": "ab77",
        "APP_REGISTERS": "ab77",
        "APP_READ_LAG_SECONDS": "0",
        "APP_TOKEN_HOURS": "0",
        "APP_UPLOAD_MEGABYTES": "101",
    }
    for lang in ("zh", "en"):
        said = run("migrate", "--lang", lang, **wrong)
        assert said.code == Exit.USAGE
        lines = said.err.splitlines()[1:]
        assert sorted(line.split("：" if lang == "zh" else ":")[0].strip() for line in lines) == sorted(wrong)
        assert "ab77" not in said.err
        assert all(any("一" <= sign <= "鿿" for sign in line) == (lang == "zh") for line in lines), lines


def test_a_secret_that_was_never_written_to_its_end_is_not_used(run: Run, own_folder: Path) -> None:
    (own_folder / "broken.key").write_text("")
    said = run("plan", "--story", "house_simple", "--lang", "en", APP_SECRET_FILE="broken.key")
    assert (said.code, "APP_SECRET_FILE" in said.err) == (Exit.USAGE, True)
    run("plan", "--story", "house_simple", APP_SECRET_FILE="fresh.key")
    assert len((own_folder / "fresh.key").read_text()) >= 32
    assert (own_folder / "fresh.key").stat().st_mode & 0o077 == 0
