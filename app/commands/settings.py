"""``settings``: every setting with its environment name, the value in force, the default, and what it does."""

import os
import re
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from rich.padding import Padding

from app.commands import world as opened
from app.commands.lines import Line
from app.commands.terminal import LANG_VARIABLE, JsonOption, SpeechOption, Terminal, language, terminal_of
from app.domain.vocabulary import Text


def settings(
    context: typer.Context,
    changed: Annotated[bool, typer.Option("--changed", help="只列与默认不同的 · Only those that differ")] = False,
    as_json: JsonOption = False,
    _lang: SpeechOption = None,
) -> None:
    """列出全部设置 · Print every setting."""
    terminal = terminal_of(context)
    rows = [row for row in all_settings() if not changed or row["value"] != row["default"]]
    if as_json:
        terminal.json({"settings": rows})
        return
    terminal.label()
    for row in rows:
        _print(terminal, row)
    if not rows:
        terminal.say(Text("全部是默认值。", "Everything has its default."))


def all_settings() -> list[dict[str, Any]]:
    """Every setting: name, value in force, default, description. Passwords in addresses are masked."""
    from app.settings import Settings

    values = [plain(value) for _, value in opened.settings()]
    rows = [
        _row(name, value, plain(field.get_default(call_default_factory=True)), described)
        for (name, described), value, field in zip(
            Settings.describe(), values, Settings.model_fields.values(), strict=True
        )
    ]
    told = Text("命令行的输出语言：zh 或 en", "language of the command line: zh or en")
    speech = _row(LANG_VARIABLE, language([], os.environ), "zh", told)
    return [*rows, speech]


def _row(name: str, value: str, default: str, told: Text) -> dict[str, Any]:
    return {"name": name, "value": value, "default": default, "description": {"zh": told.zh, "en": told.en}}


def plain(value: object) -> str:
    """A setting as one would write it in the environment, without passwords."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return os.pathsep.join(map(str, value))
    if isinstance(value, SecretStr):
        return "***"
    return "" if value is None else masked(str(value))


def masked(text: str) -> str:
    """The text with every password in an address replaced by ``***``."""
    if "://" not in text:
        return text
    scheme, _, rest = text.partition("://")
    head, at, tail = rest.rpartition("@")
    user, colon, _ = head.partition(":")
    hidden = f"{user}:***@" if colon else f"{head}{at}"
    return re.sub(r"(?i)([?&][^=&]*pass[^=&]*=)[^&]*", r"\1***", f"{scheme}://{hidden}{tail}")


def _print(terminal: Terminal, row: dict[str, Any]) -> None:
    is_default = row["value"] == row["default"]
    empty = terminal.word(Text("（空）", "(empty)"))
    line = Line((row["name"], "bold"), " = ", (row["value"] or empty, "" if is_default else "bold green"))
    if not is_default:
        was = Text(f"  默认 {row['default'] or empty}", f"  default {row['default'] or empty}")
        line.append(terminal.word(was), "dim")
    terminal.out.print(line)
    terminal.out.print(Padding(Line(row["description"][terminal.lang], style="dim"), (0, 0, 0, 4)))
