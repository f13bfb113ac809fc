"""``migrate``, ``seed`` and ``sweep``: what touches the database."""

import json
from pathlib import Path

import pytest

from app.commands.exits import Exit

from .conftest import Run


def test_migrating_says_from_where_to_where(run: Run, own_folder: Path) -> None:
    first = json.loads(run("migrate", "--json").out)
    second = json.loads(run("migrate", "--json").out)
    assert first["from"] is None
    assert first["to"] == second["from"] == second["to"]
    assert (own_folder / "var" / "app.db").exists()


def test_migrating_again_says_that_nothing_was_to_do(run: Run) -> None:
    assert "brought to" in run("migrate", "--lang", "en").out
    assert "up to date" in run("migrate", "--lang", "en").out


def test_seeding_twice_changes_nothing(run: Run) -> None:
    first = json.loads(run("seed", "--json").out)["stories"]
    second = json.loads(run("seed", "--json").out)["stories"]
    assert all(story["is_new"] and story["problem"] is None for story in first)
    assert not any(story["is_new"] or story["problem"] for story in second)


def test_seeding_is_told_in_words(run: Run) -> None:
    said = run("seed", "--lang", "en")
    assert "catering_full" in said.out
    assert "one merged notice open" in said.out


@pytest.mark.parametrize("command", [("seed",), ("sweep", "--at", "2027-01-04T10:00")])
def test_what_is_for_demonstrations_is_refused_elsewhere(run: Run, command: tuple[str, ...]) -> None:
    said = run(*command, APP_DEMO="false")
    assert said.code == Exit.USAGE
    assert "APP_DEMO" in said.err


def test_a_sweep_of_an_empty_database_finds_nothing(run: Run) -> None:
    found = json.loads(run("sweep", "--json", APP_DEMO="false").out)
    assert (found["looked_at"], found["moved"]) == (0, 0)


def test_a_sweep_as_if_it_were_later_moves_what_time_moves_and_only_once(run: Run) -> None:
    run("seed")
    first = json.loads(run("sweep", "--at", "2099-01-05T10:00", "--json").out)
    again = json.loads(run("sweep", "--at", "2099-01-05T10:00", "--json").out)
    assert first["at"] == "2099-01-05T10:00:00+08:00"
    assert first["moved"] >= 2
    assert again["moved"] == 0


def test_a_moment_with_a_zone_is_understood(run: Run) -> None:
    assert json.loads(run("sweep", "--at", "2026-03-20T02:00+00:00", "--json").out)["at"].startswith("2026-03-20T10:00")


@pytest.mark.parametrize("at", ["soon", "2026-13-01T10:00", ""])
def test_a_moment_that_is_none_is_wrong_usage(run: Run, at: str) -> None:
    said = run("sweep", "--at", at, "--lang", "en")
    assert said.code == Exit.USAGE
    assert "2026-03-20T09:00" in said.err
