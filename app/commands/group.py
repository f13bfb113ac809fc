"""The command group: finds the language before anything is parsed, and ends every failure in a sentence."""

import sys
from collections.abc import Sequence
from typing import Any

from typer.core import TyperGroup

from app.commands.failures import guarded
from app.commands.terminal import language, open_terminal
from app.commands.world import known
from app.domain.vocabulary import Text


class Commands(TyperGroup):
    """Commands in the order they were registered, run on a terminal of their own."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command named; a name nobody knows is answered with the nearest."""
        if args and not args[0].startswith("-"):
            known(args[0], Text("命令", "command"), self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run one command line and exit with its code; without ``standalone_mode`` return the code instead."""
        given = list(sys.argv[1:] if args is None else args)
        terminal = open_terminal(language(given))

        def run() -> object:
            return super(Commands, self).main(
                args=given,
                prog_name=prog_name,
                complete_var=complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                obj=terminal,
                **extra,
            )

        code = int(guarded(run, given, terminal))
        if standalone_mode:
            sys.exit(code)
        return code
