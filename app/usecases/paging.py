"""Keyset paging: a cursor names the last entry seen, so a page costs the same wherever it stands."""

import base64
import binascii
from datetime import date

from app.domain.errors import Fault, InvalidInput
from app.domain.vocabulary import Text


def cursor(*parts: str) -> str:
    """An opaque cursor for these parts."""
    return base64.urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")


def position(text: str | None, parts: int) -> list[str] | None:
    """The parts of a cursor; raises :class:`InvalidInput` for a text that is none."""
    if text is None:
        return None
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode().split("\n")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        found = []
    if len(found) != parts or not all(part and part.isprintable() for part in found):
        raise InvalidInput(
            [Fault("/cursor", "malformed", Text("翻页参数无效，请从第一页开始。", "Start at the first page."))]
        )
    return found


def task_position(text: str | None) -> tuple[date, str] | None:
    """Sort date and id of the last task seen."""
    found = position(text, 2)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[0]), found[1]
    except ValueError:
        return task_position("")
