"""Translations of the templates. Chinese sentences are the source, English ones stand in ``locale/en``.

Every ``.po`` file of the folder counts, so that each part of the pages keeps its own. They are read once, when the app
starts; there is no compiled file that could be older than its source.
"""

import io
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.domain.vocabulary import Lang

FOLDER = Path(__file__).parent / "locale" / "en" / "LC_MESSAGES"


def catalogs() -> dict[str, Catalog]:
    """Every English catalogue, by file name."""
    found = {}
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            found[path.name] = read_po(file, locale="en")
    return found


@lru_cache
def translations(lang: Lang) -> NullTranslations:
    """The translations into one language; Chinese needs none."""
    if lang == "zh":
        return NullTranslations()
    whole = Catalog(locale="en")
    for catalog in catalogs().values():
        for message in catalog:
            if message.id:
                whole[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)
