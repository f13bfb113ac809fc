"""The methods that ``dataclasses`` writes for a class, compiled once: a sixth of the time that a start took.

Python makes them of text, and compiles the text anew in every process: two and a half thousand small functions by the
time the first page is there. Here the compiled form is kept beside the compiled modules (:mod:`app.compiled`) under a
digest of the text, so that nothing kept can be out of date: what a class asks for is what was compiled before, or it is
compiled now. Where nothing can be kept, nothing changes.

For that the word ``exec`` means something else in the module :mod:`dataclasses` from :func:`begin` to :func:`end`.
"""

import dataclasses
import hashlib
import marshal
from collections.abc import Mapping, MutableMapping
from importlib.util import MAGIC_NUMBER
from types import CodeType
from typing import Any, Final

from app import compiled

_NAME: Final = f"methods-{MAGIC_NUMBER.hex()}"
_MOST: Final = 10_000
"""Texts kept; of more, only those that the last process asked for."""


class _Methods:
    def __init__(self, known: Mapping[bytes, CodeType]) -> None:
        self.known, self.used = known, dict[bytes, CodeType]()

    def run(self, text: str, names: dict[str, Any], into: MutableMapping[str, Any], /) -> None:
        key = hashlib.blake2b(text.encode(), digest_size=32).digest()
        code = self.known.get(key) or self.used.get(key)
        if code is None:
            code = compile(text, "<string>", "exec", dont_inherit=True)
        self.used[key] = code
        exec(code, names, into)  # noqa: S102 - what the standard library does with the same text

    def all(self) -> dict[bytes, CodeType]:
        every = {**self.known, **self.used}
        return self.used if len(every) > _MOST else every


_methods: _Methods | None = None


def begin() -> None:
    """From now on methods that were compiled before are not compiled again."""
    global _methods
    if _methods is None:
        raw = compiled.kept(_NAME)
        _methods = _Methods({} if raw is None else marshal.loads(raw))  # noqa: S302 - as Python loads its modules
        vars(dataclasses)["exec"] = _methods.run


def end() -> None:
    """Keep what was new, and let everything be as before. Nothing happens where nothing was begun."""
    global _methods
    found, _methods = _methods, None
    if found is None:
        return
    del vars(dataclasses)["exec"]
    if not found.used.keys() <= found.known.keys():
        compiled.keep(_NAME, marshal.dumps(found.all()))
