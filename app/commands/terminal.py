"""What every command speaks through: two consoles, one language, the label, and JSON for programs.

Markup is off: what packs and people wrote is shown as written, brackets and all; styles are given as Rich texts.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Annotated, Any, Final, Protocol, cast

import typer
from rich.console import Console
from rich.rule import Rule
from rich.text import Text as Styled

from app.commands.lines import Line, Trimmed
from app.domain.vocabulary import ILLUSTRATIVE, Lang, Text

LANG_VARIABLE: Final = "APP_LANG"


class Speech(StrEnum):
    """The languages of ``--lang``."""

    ZH = "zh"
    EN = "en"


SpeechOption = Annotated[
    Speech | None,
    typer.Option("--lang", help="输出语言，默认 zh，也可用 APP_LANG · Language, zh by default, also APP_LANG"),
]
"""Accepted by the app and by every command; :func:`language` has read it before anything is parsed."""

JsonOption = Annotated[bool, typer.Option("--json", help="只输出 JSON · Print JSON and nothing else")]


class Named(Protocol):
    """Anything with a Chinese and an English wording: texts, words of the vocabulary, members of answers."""

    @property
    def zh(self) -> str:
        """The Chinese wording."""
        ...

    @property
    def en(self) -> str:
        """The English wording."""
        ...


@dataclass(frozen=True, slots=True)
class Terminal:
    """Standard output for answers, standard error for trouble, in one language. ``read`` asks for one line."""

    lang: Lang
    out: Console
    err: Console
    read: Callable[[str], str]

    @property
    def can_ask(self) -> bool:
        """Whether a person sits at the keyboard."""
        return sys.stdin is not None and sys.stdin.isatty()

    def word(self, text: Named) -> str:
        """The wording in the language spoken."""
        return text.zh if self.lang == "zh" else text.en

    def label(self) -> None:
        """Say that everything below is illustrative."""
        self.out.print(Rule(Styled(ILLUSTRATIVE.say(self.lang), style="yellow"), style="dim"))

    def say(self, text: Named, style: str = "") -> None:
        """One sentence on standard output."""
        self.out.print(Line(self.word(text), style=style))

    def json(self, payload: Mapping[str, Any]) -> None:
        """One JSON document, the label first. Nothing else may go to standard output."""
        labelled = {"label": {"zh": ILLUSTRATIVE.zh, "en": ILLUSTRATIVE.en}, **payload}
        is_utf = (self.out.encoding or "").lower().startswith("utf")
        self.out.file.write(json.dumps(labelled, ensure_ascii=not is_utf, indent=2, allow_nan=False) + "\n")

    def complain(self, text: Named, details: Sequence[str] = ()) -> None:
        """Say on standard error what is wrong, and each detail on a line of its own."""
        self.err.print(Styled.assemble(("✗ ", "bold red"), self.word(text)), soft_wrap=True)
        for detail in details:
            self.err.print(Styled(f"  {detail}"), soft_wrap=True)


def open_terminal(lang: Lang) -> Terminal:
    """A terminal on the standard streams as they are now."""
    for stream in (sys.stdout, sys.stderr):
        _never_choke(stream)
    out = _console()
    return Terminal(lang=lang, out=out, err=_console(stderr=True), read=lambda ask: out.input(Styled(ask)))


def _console(*, stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    console = Console(file=stream, stderr=stderr, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.file = cast("IO[str]", Trimmed(stream))
    return console


def _never_choke(stream: Any) -> None:
    """An old terminal shows ``?`` for what it cannot write, instead of ending the command."""
    encoding = (getattr(stream, "encoding", None) or "").lower()
    if hasattr(stream, "reconfigure") and not encoding.startswith("utf"):
        stream.reconfigure(errors="replace")


def language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Lang:
    """``--lang`` wherever it stands, else ``APP_LANG``, else Chinese; so that wrong usage is told in it too."""
    wanted = environment.get(LANG_VARIABLE, "")
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and position + 1 < len(arguments):
            wanted = arguments[position + 1]
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    return "en" if wanted.strip().lower().startswith("en") else "zh"


def terminal_of(context: typer.Context) -> Terminal:
    """The terminal of a running command."""
    found = context.obj
    return found if isinstance(found, Terminal) else open_terminal(language(sys.argv[1:]))


class WrongUsage(Exception):
    """A name, value or setting that the command cannot use; ``text`` says what and how to mend it."""

    def __init__(self, text: Text, details: Sequence[Text] = ()) -> None:
        """``details`` are further lines."""
        super().__init__(text.en)
        self.text, self.details = text, tuple(details)


class Unavailable(Exception):
    """A database, file or port that cannot be used."""

    def __init__(self, text: Text) -> None:
        """``text`` says which and what to do."""
        super().__init__(text.en)
        self.text = text
