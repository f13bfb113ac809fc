"""JSON can say more than can be kept: half a character, a NUL, numbers without end, a thousand brackets.

Neither database nor JSON writer takes these, so no request with one of them comes in. The walk uses no recursion.
"""

from collections.abc import Iterator
from math import isfinite

from pydantic_core import PydanticCustomError

from app.domain.forms import pointer_part
from app.domain.identity import looks_real

DEEPEST = 24
"""No form and no answer nests deeper than a few levels."""
LARGEST = 2**63 - 1


def refuse_unkeepable(value: object) -> None:
    """Raise Pydantic's error for the first value that cannot be kept; ``ctx`` has the pointer to it."""
    waiting: list[tuple[object, str, int]] = [(value, "", 0)]
    while waiting:
        found, pointer, depth = waiting.pop()
        complaint = _complaint(found, depth)
        if complaint is not None:
            raise PydanticCustomError("unkeepable", "{why}", {"why": complaint, "pointer": pointer})
        waiting += [(part, f"{pointer}{name}", depth + 1) for name, part in _parts(found)]


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield "", name
            yield f"/{_printable(str(name))}", part
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield f"/{number}", part


def _complaint(value: object, depth: int) -> str | None:
    if depth > DEEPEST:
        return "Nested too deeply"
    if isinstance(value, str) and not _is_text(value):
        return "Holds a character that is none (U+0000 or half a surrogate pair)"
    if isinstance(value, float) and not isfinite(value):
        return "Not a finite number"
    if isinstance(value, int) and abs(value) > LARGEST:
        return "A number of more than 63 bits"
    return None


def _is_text(value: str) -> bool:
    return "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _printable(name: str) -> str:
    return "…" if looks_real(name) else pointer_part(name.encode("utf-8", "replace").decode())
