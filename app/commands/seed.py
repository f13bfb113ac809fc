"""``seed``: put the demonstration's stories into the database, once."""

from typing import TYPE_CHECKING

import typer
from rich.table import Table

from app.commands import world as opened
from app.commands.exits import Exit
from app.commands.lines import Line
from app.commands.terminal import JsonOption, SpeechOption, Terminal, WrongUsage, terminal_of
from app.domain.vocabulary import Text

if TYPE_CHECKING:
    from app.usecases.seed import Seeded


def seed(context: typer.Context, as_json: JsonOption = False, _lang: SpeechOption = None) -> None:
    """放入示例申请，只放一次 · Put in the example applications, once."""
    from app.usecases import seed as seeding
    from app.usecases.platform import open_platform

    terminal = terminal_of(context)
    in_force = opened.settings()
    if not in_force.demo:
        raise WrongUsage(
            Text(
                "示例申请只用于演示模式（APP_DEMO=true）。", "Examples are for demonstration mode only (APP_DEMO=true)."
            )
        )
    platform = open_platform(in_force)
    try:
        done = seeding.run(platform)
    finally:
        platform.close()
    if as_json:
        terminal.json({"stories": [_out(entry) for entry in done]})
    else:
        terminal.label()
        print_seeded(terminal, done)
    if any(entry.problem is not None for entry in done):
        raise typer.Exit(Exit.REFUSED)


def _out(entry: "Seeded") -> dict[str, object]:
    problem = entry.problem
    return {
        "story": entry.story,
        "state": {"zh": entry.state.zh, "en": entry.state.en},
        "is_new": entry.is_new,
        "problem": {"zh": problem.zh, "en": problem.en} if problem else None,
    }


def print_seeded(terminal: Terminal, done: "list[Seeded]") -> None:
    """One line for each story: begun now, begun before, or why not."""
    table = Table.grid(padding=(0, 2))
    for entry in done:
        if entry.problem is not None:
            mark = Line(terminal.word(Text("没放完", "incomplete")), style="yellow")
            table.add_row(mark, entry.story, Line(terminal.word(entry.problem)))
            continue
        known = Text("新放入", "new") if entry.is_new else Text("已有", "there already")
        table.add_row(
            Line(terminal.word(known), style="green" if entry.is_new else "dim"),
            entry.story,
            Line(terminal.word(entry.state)),
        )
    terminal.out.print(table)
