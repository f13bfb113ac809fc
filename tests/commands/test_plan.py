"""``plan``: by example, by answers, by questions at the keyboard."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from app.commands.exits import Exit
from app.commands.plan_answers import Interview, read_answer
from app.commands.plan_view import PlanView
from app.commands.terminal import Terminal
from app.domain.deadlines import BEIJING
from app.domain.vocabulary import Lang
from app.schemas.plans import PlanOut, PlanRequest
from app.settings import Settings
from app.usecases import catalogue as reading
from app.usecases.context import Context
from app.usecases.platform import open_world
from app.usecases.world import World
from tests.factories import catalogue

from .conftest import Run

ROOT = Path(__file__).parents[2]


def plan_json(run: Run, *arguments: str) -> dict[str, Any]:
    """The plan as a program gets it."""
    said = run("plan", *arguments, "--json")
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def test_a_story_gives_its_plan_with_reasons_and_what_would_change_them(run: Run) -> None:
    said = run("plan", "--story", "catering_full", "--on", "2026-03-12", "--lang", "en")
    assert said.code == 0, said.err
    for words in (
        "Step 3",
        "★ T1",
        "Because: “Fire inspection” is needed: the floor area is 320 m², at least 300 m².",
        "Else: If instead",
        "You do not need",
        "One set of papers",
        "What it saves",
        "9 working days end on 25 March 2026",
    ):
        assert words in " ".join(said.out.replace("│", " ").split()), words


@pytest.mark.parametrize("story", sorted(catalogue().stories))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plan_fits_sixty_columns(world: World, story: str, lang: Lang) -> None:
    found = world.catalogue.stories[story]
    answers = {code: list(value) if isinstance(value, tuple) else value for code, value in found.answers.items()}
    context = Context(world, datetime(2026, 3, 12, 10, tzinfo=BEIJING))
    plan = reading.preview(context, found.bundle, PlanRequest(region=found.region, answers=answers))
    console = Console(width=60, markup=False, file=io.StringIO())
    PlanView(Terminal(lang, console, console, input), plan, world.library).show()
    assert isinstance(console.file, io.StringIO)
    assert max(map(cell_len, console.file.getvalue().splitlines())) <= 60


def test_a_plan_in_a_pipe_has_no_trailing_spaces(run: Run) -> None:
    said = run("plan", "--story", "catering_full", COLUMNS="60")
    assert max(map(cell_len, said.out.splitlines())) <= 60
    assert not [line for line in said.out.splitlines() if line.endswith(" ")]


def test_single_answers_are_read_as_their_questions_want_them(run: Run) -> None:
    found = plan_json(
        run, "catering", "--answer", "has_licence=否", "--answer", "area_m2=120.5", "--answer", "food_scope=1，2"
    )
    assert found["answers"]["has_licence"] is False
    assert found["answers"]["area_m2"] == 120.5
    assert len(found["answers"]["food_scope"]) == 2
    assert not found["is_complete"]


def test_answers_come_as_json_or_from_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text('{"has_licence": true, "area_m2": 320}', encoding="utf-8")
    from_file = plan_json(run, "catering", "--answers", "@answers.json")
    inline = plan_json(run, "catering", "--answers", '{"has_licence": true, "area_m2": 320}')
    assert from_file == inline
    assert from_file["answers"] == {"has_licence": True, "area_m2": 320}


def test_an_answer_given_singly_wins_over_the_story(run: Run) -> None:
    found = plan_json(run, "--story", "catering_full", "--answer", "tobacco=no")
    assert "T1" in [item["code"] for item in found["excluded"]]


def test_region_and_date_are_taken(run: Run) -> None:
    found = plan_json(run, "--story", "catering_full", "--region", "330881", "--on", "2026-09-28")
    assert (found["region"], found["promised"]["start"]) == ("330881", "2026-09-28")


def test_a_trace_comes_with_json_only(run: Run) -> None:
    assert plan_json(run, "--story", "house_simple", "--trace")["trace"] is not None
    assert plan_json(run, "--story", "house_simple")["trace"] is None
    assert run("plan", "--story", "house_simple", "--trace").code == Exit.USAGE


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("cattering", "--answers", "{}"), Exit.USAGE, "“catering”"),
        (("--story", "catering_fool"), Exit.USAGE, "“catering_full”"),
        (("catering", "--region", "33080", "--answers", "{}"), Exit.USAGE, "Did you mean 33080"),
        (("catering", "--region", "Kecheng", "--answers", "{}"), Exit.USAGE, "330802"),
        (("house", "--story", "catering_full"), Exit.USAGE, "is of catering"),
        (("catering", "--answers", "[1]"), Exit.USAGE, "JSON object"),
        (("catering", "--answers", "{"), Exit.USAGE, "JSON object"),
        (("catering", "--answers", "[" * 5000), Exit.USAGE, "JSON object"),
        (("catering", "--answers", "@missing.json"), Exit.UNAVAILABLE, "missing.json"),
        (("catering", "--answer", "tobacco"), Exit.USAGE, "key=value"),
        (("catering", "--answer", "tobaco=yes"), Exit.REFUSED, "tobacco"),
        (("catering", "--answer", "tobacco=perhaps"), Exit.REFUSED, "/answers/tobacco"),
        (("catering", "--answer", "area_m2=-5"), Exit.REFUSED, "/answers/area_m2"),
        (("catering", "--answer", "area_m2=1e400"), Exit.REFUSED, "/answers/area_m2"),
        (("catering", "--answer", "area_m2=NaN"), Exit.REFUSED, "/answers/area_m2"),
        (("catering", "--answers", '{"area_m2": NaN}'), Exit.USAGE, "JSON object"),
        (("catering", "--answers", '{"area_m2": 1e400}'), Exit.USAGE, "JSON object"),
        (("catering", "--on", "tomorrow", "--answers", "{}"), Exit.USAGE, "2026-03-12"),
        (("--answers", "{}"), Exit.USAGE, "Say which bundle"),
        (("catering",), Exit.USAGE, "--answers"),
        ((), Exit.USAGE, "--story"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(run: Run, arguments: tuple[str, ...], code: Exit, words: str) -> None:
    said = run("plan", *arguments, "--lang", "en")
    assert said.code == code, said.err
    assert words in said.err
    assert said.err.startswith("✗ ")


def test_a_case_outside_the_bundle_says_why_and_where_to_go(run: Run) -> None:
    found = plan_json(run, "--story", "catering_full", "--answer", "entertainment=yes")
    said = run("plan", "--story", "catering_full", "--answer", "entertainment=yes", "--lang", "en")
    assert found["eligibility"]["outcome"] in {True, False}
    assert ("outside this bundle" in said.out) is (found["eligibility"]["outcome"] is False)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The catalogue in force."""
    folder = tmp_path_factory.mktemp("world")
    settings = Settings(  # type: ignore[call-arg]
        files_folder=folder, secret_file=folder / "secret", keys_file=folder / "keys.json", _env_file=None
    )
    return open_world(settings)


Ask = Callable[[str, list[str]], tuple[dict[str, Any], str]]


@pytest.fixture
def ask(world: World) -> Ask:
    """``ask(bundle, keys)``: the answers an interview ends with, and what was on the screen."""

    def interview(bundle: str, keys: list[str]) -> tuple[dict[str, Any], str]:
        typed: Iterator[str] = iter(keys)
        console = Console(record=True, width=80, markup=False, file=io.StringIO())
        prompts: list[str] = []

        def read(prompt: str) -> str:
            prompts.append(prompt)
            return next(typed, "")

        def preview(answers: Any) -> PlanOut:
            context = Context(world, datetime(2026, 3, 12, 10, tzinfo=BEIJING))
            return reading.preview(context, bundle, PlanRequest(region="330802", answers=dict(answers)))

        found = Interview(Terminal("en", console, console, read), world.bundle(bundle), preview).run({})
        return found, console.export_text() + "\n".join(prompts)

    return interview


def test_enter_leaves_every_question_open(ask: Ask) -> None:
    found, shown = ask("catering", [])
    assert found == {}
    assert "1. yes" in shown


def test_numbers_and_words_choose_options(ask: Ask) -> None:
    found, _ = ask("catering", ["2", "1", "320"])
    assert found["has_licence"] is False
    assert found["subject"] in {"企业", "个体工商户"}
    assert found["area_m2"] == 320


def test_a_question_mark_says_what_the_answer_decides(ask: Ask) -> None:
    _, shown = ask("catering", ["?", "no"])
    assert "It decides:" in shown


def test_an_answer_that_does_not_fit_is_asked_again(ask: Ask) -> None:
    found, shown = ask("catering", ["perhaps", "no"])
    assert found["has_licence"] is False
    assert "Answer yes or no" in shown


def test_a_real_number_at_the_keyboard_is_neither_taken_nor_shown(ask: Ask) -> None:
    found, shown = ask("catering", ["11010519491231002X", "no"])
    assert found["has_licence"] is False
    assert "11010519491231002X" not in shown


def test_options_are_found_by_number_name_and_code() -> None:
    question = catalogue().library.bundles["catering"].questions["subject"]
    first = next(iter(question.type.options))
    english = question.type.options[first].en
    assert [read_answer(question, typed) for typed in ("1", first, english.upper(), " 1 ")] == [first] * 4
    assert read_answer(question, "99999999999999999999") == "99999999999999999999"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_at_a_real_terminal_the_bundle_and_its_questions_are_asked(tmp_path: Path) -> None:
    import pty

    keyboard, terminal = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "APP_LANG": "en", "COLUMNS": "80"}
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "plan"],
        cwd=tmp_path,
        env=environment,
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(terminal)
    os.write(keyboard, b"startup\n" + b"\n" * 20)
    out, err = process.communicate(timeout=120)
    os.close(keyboard)
    assert process.returncode == 0, err.decode()
    assert "Which one?" in out.decode()
    assert "Still open" in out.decode()
