"""``demo``: every worked example comes to its end, through the use cases alone."""

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from app.commands.demo import line_of, pause_of, show, staged
from app.commands.demo_roles import roles_of
from app.commands.demo_story import BEGINS, LONGEST, Beat, DemoClock, Teller
from app.commands.exits import Exit
from app.commands.terminal import Terminal
from app.domain.vocabulary import ILLUSTRATIVE, Text
from app.settings import Settings
from app.usecases.platform import Platform
from tests.factories import catalogue

from .conftest import Run

STORIES = sorted(catalogue().stories)
FULL = [story for story in STORIES if story.endswith("_full")]
"""The richest of every bundle. Through the API each story goes to its end."""
Stage = tuple[Platform, DemoClock]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One platform for all stories; each begins when the one before it is over."""
    folder = tmp_path_factory.mktemp("demo")
    clock = DemoClock()
    settings = Settings(secret_file=folder / "secret", keys_file=folder / "keys.json", _env_file=None)  # type: ignore[call-arg]
    with staged(settings, folder, clock) as platform:
        yield platform, clock


Told = Callable[[str], tuple[Teller, list[Beat]]]


@pytest.fixture(scope="module")
def told(stage: Stage) -> Told:
    """``told(story)``: the whole story and its teller; each is told once."""
    platform, clock = stage

    @cache
    def tell(story: str) -> tuple[Teller, list[Beat]]:
        clock.now = BEGINS
        teller = Teller.of(platform, clock, story)
        return teller, list(teller.tell())

    return tell


@pytest.mark.parametrize("story", [*FULL, "birth_simple"])
def test_a_story_is_told_to_its_end(told: Told, story: str) -> None:
    teller, beats = told(story)
    assert teller.case is not None
    assert teller.case.status.code == "finished"
    assert teller.case.result.code == "all_granted"
    assert {task.status.code for task in teller.case.tasks} == {"closed"}
    assert len(teller.case.certificates) == len(teller.play.plan.items)
    assert sum(beat.kind == "day" for beat in beats) < LONGEST / 4
    _the_law_is_seen_at_work(teller, beats)


def _the_law_is_seen_at_work(teller: Teller, beats: list[Beat]) -> None:
    """A refused move names what is allowed; silence is acceptance; a correction is served once and answered."""
    refused = [beat.text for beat in beats if beat.kind == "refused"]
    assert ["Allowed now: receive" in text.en for text in refused] == [True]
    assert sum("deemed accepted" in beat.text.en for beat in beats) == 1
    assert teller.case is not None
    assert sum(task.is_deemed_accepted for task in teller.case.tasks) == 1
    assert len(teller.case.notices) == 1
    assert all(notice.answered_at for notice in teller.case.notices)
    assert teller.case.form == {
        **teller.case.form,
        **{code: teller.play.story.form[code] for code in teller.roles.sloppy},
    }
    assert beats[-1].text.en.startswith("Replaying")


@pytest.mark.parametrize("story", FULL)
def test_a_full_story_has_one_notice_for_two_departments(told: Told, story: str) -> None:
    teller, _ = told(story)
    assert teller.case is not None
    (notice,) = teller.case.notices
    assert len({teller.play.department(item) for item in notice.points}) == 2


def test_while_one_department_corrects_another_accepts(told: Told) -> None:
    teller, beats = told("catering_full")
    assert teller.case is not None
    lines = [beat.text.en for beat in beats]
    served = next(number for number, line in enumerate(lines) if "merged correction notice served" in line)
    accepted = next(number for number, line in enumerate(lines) if "accepted: X1" in line)
    posted = next(number for number, line in enumerate(lines) if "correction points posted: S1" in line)
    assert accepted < served
    assert posted < served


def test_the_silent_department_posts_nothing(stage: Stage) -> None:
    platform, clock = stage
    clock.now = BEGINS
    for story in STORIES:
        teller = Teller.of(platform, clock, story)
        roles = roles_of(teller.play.plan, teller.play.story.form)
        assert roles.remarks, story
        assert roles.silent is not None
        if len(teller.play.plan.items) > 2:
            assert roles.silent not in roles.remarks


def test_the_clock_of_the_story_stands_still_until_moved(stage: Stage) -> None:
    platform, _ = stage
    clock = DemoClock(platform.world.catalogue.calendar)
    assert clock() == clock() == BEGINS
    assert clock.next_morning()  # Friday
    assert not clock.next_morning()  # Saturday


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_tells_a_story_line_by_line_into_a_pipe(run: Run, lang: str, own_folder: Path) -> None:
    said = run("demo", "--story", "startup_simple", "--speed", "0", "--lang", lang)
    assert said.code == 0, said.err
    assert (ILLUSTRATIVE.zh if lang == "zh" else ILLUSTRATIVE.en) in said.out
    assert ("得到的正是存储的状态" if lang == "zh" else "exactly what is stored") in said.out
    assert "\x1b" not in said.out
    assert not list(own_folder.glob("**/*.db"))


def test_the_stories_are_listed(run: Run) -> None:
    said = run("demo", "--stories", "--lang", "en")
    assert all(story in said.out for story in STORIES)


def test_a_wrong_story_is_answered_with_the_nearest(run: Run) -> None:
    said = run("demo", "--story", "catering_ful", "--lang", "en")
    assert said.code == Exit.USAGE
    assert "“catering_full”" in said.err


def test_a_negative_speed_is_wrong_usage(run: Run) -> None:
    assert run("demo", "--speed", "-1").code == Exit.USAGE


def _terminal(*, is_terminal: bool, width: int = 60) -> Terminal:
    console = Console(force_terminal=is_terminal, width=width, file=io.StringIO(), markup=False, color_system=None)
    return Terminal("en", console, console, input)


def _shown(terminal: Terminal) -> str:
    assert isinstance(terminal.out.file, io.StringIO)
    return terminal.out.file.getvalue()


def test_on_a_terminal_a_table_of_sixty_columns_follows_the_tasks(stage: Stage) -> None:
    platform, clock = stage
    clock.now = BEGINS
    terminal = _terminal(is_terminal=True)
    teller = Teller.of(platform, clock, "house_simple")
    show(terminal, teller, 0)
    last = _shown(terminal).splitlines()[-3:]
    last[0] = last[0].rpartition("\x1b[2K")[2]
    assert [line.split()[0] for line in last] == ["Status", "closed", "closed"]
    assert max(map(cell_len, last)) <= 60


def test_a_day_lasts_as_long_as_the_speed_says() -> None:
    assert pause_of(_terminal(is_terminal=True), 50) == 0.02
    assert pause_of(_terminal(is_terminal=True), 0) == 0
    assert pause_of(_terminal(is_terminal=True), None) > 0


def test_a_story_into_a_pipe_does_not_pause() -> None:
    assert pause_of(_terminal(is_terminal=False), None) == 0


def test_every_kind_of_beat_has_a_line() -> None:
    terminal = _terminal(is_terminal=False)
    for kind in ("chapter", "line", "good", "refused", "day", "event"):
        assert "words" in line_of(Beat(kind, Text("话", "words")), terminal).text.plain
