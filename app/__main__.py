"""The command line: ``python -m app``, or ``yijianshi`` once installed.

Nothing else is imported with this module: the processes of a server that has several import it, too.
"""

import gc
import os
import sys

from app import written_methods

gc.disable()  # what is imported stays, and to look it over for garbage again and again takes a sixth of the time
written_methods.begin()


def main() -> None:
    """Run the command line and exit with its code (:class:`app.commands.exits.Exit`)."""
    from app.commands.program import program

    os.umask(0o077)  # what the app writes (database, files, backups) is for its owner alone
    run = program(sys.argv[1] if sys.argv[1:] else None)
    gc.freeze()
    gc.enable()
    try:
        run()
    finally:
        written_methods.end()


if __name__ == "__main__":
    main()
