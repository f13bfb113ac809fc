"""``demo``: one whole story in the terminal, on a database that is gone afterwards and a clock that walks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.live import Live
from rich.table import Table
from rich.text import Text as Styled

from app.commands import world as opened
from app.commands.lines import Line
from app.commands.terminal import SpeechOption, Terminal, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.commands.demo_story import Beat, DemoClock, Teller
    from app.schemas.applications import ApplicationOut
    from app.settings import Settings
    from app.usecases.platform import Platform

STORY: Final = Text("示例故事", "story")
STYLES: Final = {"chapter": "bold cyan", "line": "", "good": "green", "refused": "yellow", "day": "bold", "event": ""}
MARKS: Final = {"chapter": "\n■ ", "line": "    ", "good": "  ✓ ", "refused": "  ✗ ", "day": "\n", "event": "  · "}
COLOURS: Final = {"waiting": "dim", "correction": "yellow", "closed": "green", "granted": "green", "submitted": "cyan"}
DAYS_A_SECOND: Final = 3.0


def demo(
    context: typer.Context,
    story: Annotated[str, typer.Option("--story", help="示例故事 · Which worked example")] = "catering_full",
    speed: Annotated[
        float | None,
        typer.Option("--speed", min=0, max=1000, help="每秒几天，0 不停顿 · Days a second; 0 for no pauses"),
    ] = None,
    stories: Annotated[bool, typer.Option("--stories", help="列出全部故事 · List the stories")] = False,
    _lang: SpeechOption = None,
) -> None:
    """在终端里讲完一个故事，不留数据 · Tell one whole story in the terminal; nothing is kept."""
    from app.commands.demo_story import DemoClock, Teller

    terminal = terminal_of(context)
    in_force = opened.settings()
    with TemporaryDirectory(prefix="yijianshi-", ignore_cleanup_errors=True) as folder:
        clock = DemoClock()
        with staged(in_force, Path(folder), clock) as platform:
            told = platform.world.catalogue.stories
            if stories:
                terminal.label()
                for one in told.values():
                    terminal.out.print(Line((f"{one.code}  ", "cyan"), terminal.word(one.title)))
                return
            opened.known(story, STORY, told)
            terminal.label()
            show(terminal, Teller.of(platform, clock, story), pause_of(terminal, speed))


@contextmanager
def staged(settings: "Settings", folder: Path, clock: "DemoClock") -> Iterator["Platform"]:
    """A platform of its own in ``folder``, with the packs that are in force and the story's clock."""
    from app.usecases.platform import open_platform

    own = settings.model_copy(
        update={
            "database_url": f"sqlite:///{folder / 'demo.db'}",
            "files_folder": folder / "files",
            "demo": True,
            "sqlite_synchronous": "NORMAL",
        }
    )
    platform = open_platform(own, clock=clock)
    try:
        yield platform
    finally:
        platform.close()


def pause_of(terminal: Terminal, speed: float | None) -> float:
    """Seconds to wait between two days; none where nobody watches."""
    rate = (DAYS_A_SECOND if terminal.out.is_terminal else 0) if speed is None else speed
    return 1 / rate if rate > 0 else 0


def show(terminal: Terminal, teller: "Teller", pause: float) -> None:
    """Show the beats: above a table that follows the tasks where there is a terminal, else line by line."""
    if not terminal.out.is_terminal:
        for beat in teller.tell():
            terminal.out.print(line_of(beat, terminal))
            if beat.kind == "day":
                time.sleep(pause)
        return
    with Live(console=terminal.out, auto_refresh=False, transient=True) as live:
        for beat in teller.tell():
            terminal.out.print(line_of(beat, terminal))
            live.update(table_of(teller.case, terminal), refresh=True)
            if beat.kind == "day":
                time.sleep(pause)
    terminal.out.print(table_of(teller.case, terminal))


def line_of(beat: "Beat", terminal: Terminal) -> Line:
    """One beat as a line."""
    mark = MARKS[beat.kind]
    hang = 4 if beat.kind in {"line", "event", "good", "refused"} else 0
    return Line(mark, terminal.word(beat.text), style=STYLES[beat.kind], hang=hang)


def table_of(case: "ApplicationOut | None", terminal: Terminal) -> Table:
    """Where every task stands. In a narrow terminal the names are cut, never the status."""
    table = Table(box=None, pad_edge=False, expand=True)
    table.add_column(terminal.word(Text("状态", "Status")), no_wrap=True)
    for head, share in ((Text("事项", "Item"), 3), (Text("部门", "Department"), 2)):
        table.add_column(terminal.word(head), overflow="ellipsis", no_wrap=True, ratio=share)
    for task in case.tasks if case else []:
        status = Styled(terminal.word(task.status), style=COLOURS.get(task.status.code, ""))
        table.add_row(status, f"{task.item} {terminal.word(task.name)}", terminal.word(task.department))
    return table
