"""The command line: ``python -m app``, or ``yijianshi`` once installed."""

import gc

from app import written_methods

gc.disable()  # what is imported stays, and to look it over for garbage again and again takes a sixth of the time
written_methods.begin()

from typing import Annotated

import typer

from app import __version__
from app.commands import (
    backup,
    bench,
    capacity,
    check,
    clock,
    demo,
    indicators,
    keys,
    migrate,
    offers,
    outbox,
    plan,
    province,
    rollups,
    search,
    seed,
    serve,
    settings,
    sweep,
    verify,
)
from app.commands.exits import EPILOG
from app.commands.group import Commands
from app.commands.terminal import SpeechOption, terminal_of
from app.domain.vocabulary import ILLUSTRATIVE

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


@cli.callback(invoke_without_command=True)
def begin(
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


for command in (
    serve.serve,
    demo.demo,
    plan.plan,
    search.search,
    check.check,
    migrate.migrate,
    seed.seed,
    province.province,
    sweep.sweep,
    verify.verify,
    backup.backup,
    backup.restore,
    indicators.indicators,
    capacity.capacity,
    offers.offers,
    settings.settings,
):
    cli.command()(command)
cli.add_typer(bench.bench)
cli.add_typer(outbox.outbox)
cli.add_typer(clock.clock)
cli.add_typer(rollups.rollups)
cli.add_typer(keys.keys)
gc.freeze()
gc.enable()


def main() -> None:
    """Run the command line and exit with its code (:class:`app.commands.exits.Exit`)."""
    try:
        cli()
    finally:
        written_methods.end()


if __name__ == "__main__":
    main()
