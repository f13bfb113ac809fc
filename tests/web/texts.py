"""The sentences of the templates. ``python tests/web/texts.py`` prints those without an English one, as ``.po``."""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.web.catalogs import catalogs

TEMPLATES = Path(__file__).parents[2] / "app" / "web" / "templates"
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.do"}}
Message = str | tuple[str, str]


def used() -> dict[Message, str]:
    """Every sentence the templates say (a pair where singular and plural differ), and where."""
    found: dict[Message, str] = {}
    for name, line, message, _, _ in extract_from_dir(TEMPLATES, [("**.html", "jinja2")], OPTIONS):
        key = message if isinstance(message, str) else (message[0], message[1])
        found.setdefault(key, f"{name}:{line}")
    return found


def translated() -> Iterator[tuple[str, Message, Message]]:
    """File, sentence and its English of every entry of the catalogues."""
    for file, catalog in catalogs().items():
        for message in catalog:
            if message.id:
                key = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
                text = message.string if isinstance(message.string, str) else tuple(message.string)
                yield file, key, text


def main() -> None:
    """Print what is missing."""
    known = {message for _, message, _ in translated()}
    for message, where in used().items():
        if message not in known:
            one, *more = (message,) if isinstance(message, str) else message
            text = f'msgid_plural "{more[0]}"\nmsgstr[0] ""\nmsgstr[1] ""\n' if more else 'msgstr ""\n'
            sys.stdout.write(f'#: {where}\nmsgid "{one}"\n{text}\n')


if __name__ == "__main__":
    main()
