"""``capacity``: the queue of the desks at the terminal."""

import json
from pathlib import Path

import pytest

from app.commands.exits import Exit

from .conftest import Run


def test_it_says_how_many_officers_are_enough_and_opens_no_database(run: Run, own_folder: Path) -> None:
    said = run("capacity", "catering", "--officers", "1,3", "--lang", "en")
    assert said.code == Exit.OK
    assert "3 officers at each desk are enough" in said.out
    assert "illustrative" in said.out
    assert not list(own_folder.rglob("*.db"))


def test_as_json_it_is_what_the_api_says(run: Run) -> None:
    found = json.loads(run("capacity", "birth", "--days", "10", "--officers", "2-3", "--seed", "4", "--json").out)
    assert [one["officers"] for one in found["runs"]] == [2, 3]
    assert (found["bundle"], found["days"], found["seed"]) == ("birth", 10, 4)


@pytest.mark.parametrize("officers", ["", "0", "x", "1-", "3-1", "1-60", "1,2,3,4,5,6,7,8,9", "1-99999999999"])
def test_a_wrong_number_of_officers_is_wrong_usage(run: Run, officers: str) -> None:
    said = run("capacity", "--officers", officers, "--lang", "en")
    assert said.code == Exit.USAGE
    assert "1-4 or 1,3,5" in said.err


@pytest.mark.parametrize("words", [("flying",), ("--region", "999999"), ("--per-day", "0"), ("--days", "3")])
def test_a_wrong_wish_is_wrong_usage(run: Run, words: tuple[str, ...]) -> None:
    assert run("capacity", *words).code == Exit.USAGE
