"""``search``: by everyday words, pinyin and initials."""

import json

import pytest

from app.commands.exits import Exit

from .conftest import Run


@pytest.mark.parametrize("words", [("开饭店",), ("kfd",), ("kai", "fan", "dian"), ("restaurant",)])
def test_a_restaurant_is_found_however_it_is_said(run: Run, words: tuple[str, ...]) -> None:
    found = json.loads(run("search", *words, "--json").out)
    assert "catering" in [hit["code"] for hit in found["hits"]]


def test_the_limit_is_kept(run: Run) -> None:
    assert len(json.loads(run("search", "证", "--limit", "3", "--json").out)["hits"]) == 3


def test_highlights_are_shown_in_colour_where_there_is_colour(run: Run) -> None:
    plain = run("search", "食品经营许可")
    coloured = run("search", "食品经营许可", FORCE_COLOR="1", TERM="xterm-256color")
    silent = run("search", "食品经营许可", NO_COLOR="1")
    assert "\x1b" not in plain.out
    assert "\x1b[1;33m食品" in coloured.out
    assert "\x1b[1;33m" not in silent.out


def test_nothing_found_says_what_to_try(run: Run) -> None:
    said = run("search", "zzzzqqqq", "--lang", "en")
    assert said.code == 0
    assert "Nothing found" in said.out
    assert json.loads(run("search", "zzzzqqqq", "--json").out)["hits"] == []


@pytest.mark.parametrize("words", ["[bold]", "%", "' OR 1=1", "🍜", "字" * 3000])
def test_odd_words_are_only_words(run: Run, words: str) -> None:
    said = run("search", words)
    assert said.code in {Exit.OK, Exit.REFUSED}
    assert "Traceback" not in said.err


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_limit_out_of_range_is_wrong_usage(run: Run, limit: str) -> None:
    assert run("search", "证", "--limit", limit).code == Exit.USAGE
