"""The program: its commands, of which only the one that is asked for is loaded."""

from importlib import import_module
from typing import Annotated, Any, Final

import typer

from app import __version__
from app.commands.exits import EPILOG
from app.commands.group import Commands
from app.commands.terminal import SpeechOption, terminal_of
from app.domain.vocabulary import ILLUSTRATIVE

COMMANDS: Final = (
    "serve",
    "demo",
    "plan",
    "search",
    "check",
    "migrate",
    "seed",
    "province",
    "sweep",
    "verify",
    "backup",
    "restore",
    "indicators",
    "capacity",
    "offers",
    "settings",
)
"""Each is a function of the module of its name."""
GROUPS: Final = ("bench", "outbox", "clock", "rollups", "keys")
"""Each has commands of its own."""
ELSEWHERE: Final = {"restore": "backup"}


def program(first: str | None = None) -> typer.Typer:
    """The command line, to be called. With the name of a command it knows no other: what that one does not need is not
    loaded. With anything else it knows all of them."""
    cli = typer.Typer(
        name="yijianshi",
        cls=Commands,
        help=f"一件事 · One need, several departments, one application. {ILLUSTRATIVE.zh} / {ILLUSTRATIVE.en}",
        epilog=EPILOG,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    cli.callback(invoke_without_command=True)(_begin)
    alone = first in {*COMMANDS, *GROUPS}
    for name in COMMANDS:
        if not alone or name == first:
            cli.command()(_found(name))
    for name in GROUPS:
        if not alone or name == first:
            cli.add_typer(_found(name))
    return cli


def _found(name: str) -> Any:
    return getattr(import_module(f"app.commands.{ELSEWHERE.get(name, name)}"), name)


def _begin(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="显示版本 · Show the version")] = False,
    _lang: SpeechOption = None,
) -> None:
    """Without a command: the help."""
    terminal = terminal_of(context)
    if version:
        terminal.out.print(f"yijianshi {__version__} · {ILLUSTRATIVE.say(terminal.lang)}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        terminal.out.print(context.get_help())
        raise typer.Exit
