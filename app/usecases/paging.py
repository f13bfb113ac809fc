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
        raise _malformed()
    return found


def task_position(text: str | None) -> tuple[date, str] | None:
    """Sort date and id of the last task seen."""
    found = position(text, 2)
    return None if found is None else (_day(found[0]), found[1])


def day_position(text: str | None) -> tuple[date, str, str] | None:
    """Day, region and id of the last fact seen."""
    found = position(text, 3)
    return None if found is None else (_day(found[0]), found[1], found[2])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _malformed() from None


def _malformed() -> InvalidInput:
    """The one sentence for a cursor that is none."""
    return InvalidInput(
        [Fault("/cursor", "malformed", Text("翻页参数无效，请从第一页开始。", "Start at the first page."))]
    )
