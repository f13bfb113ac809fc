"""Translations of the templates. Chinese sentences are the source, English ones stand in ``locale/en``.

Every ``.po`` file of the folder counts, so that each part of the pages keeps its own. They are read when one of them
has changed since a process last did (:mod:`app.compiled`); nobody compiles them by hand.
"""

import io
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app import compiled
from app.domain.vocabulary import Lang

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FOLDER: Final = Path(__file__).parent / "locale" / "en" / "LC_MESSAGES"
KEPT: Final = 2
"""Compiled translations that are kept; each has some hundred kilobytes."""


def catalogs() -> "dict[str, Catalog]":
    """Every English catalogue, by file name."""
    from babel.messages.pofile import read_po

    found = {}
    for path in _files():
        with path.open("rb") as file:
            found[path.name] = read_po(file, locale="en")
    return found


@lru_cache
def translations(lang: Lang) -> NullTranslations:
    """The translations into one language; Chinese needs none."""
    if lang == "zh":
        return NullTranslations()
    name = f"english-{compiled.stamp([*_files(), Path(__file__)])[:32]}"
    content = compiled.kept(name)
    if content is None:
        content = _compiled()
        compiled.keep(name, content, most=KEPT)
    return GNUTranslations(io.BytesIO(content))


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.po"))


def _compiled() -> bytes:
    """All catalogues as one of the kind that ``gettext`` reads."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    whole = Catalog(locale="en")
    for catalog in catalogs().values():
        for message in catalog:
            if message.id:
                whole[message.id] = message
    made = io.BytesIO()
    write_mo(made, whole)
    return made.getvalue()
