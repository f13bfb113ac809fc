"""What is wrong with a pack: where, in which words, and how to mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import total_ordering
from typing import Literal

from app.domain.vocabulary import Lang, Text

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]
"""A place inside the merged pack: ``("items", "X1", "promised", "days")``."""

MAX_FAULTS = 500
"""Faults after which no further entry is looked at: whoever wrote that many mends them first."""
_LONGEST_NAME = 60
"""Characters of a wrong name that are repeated or compared: a pasted page is nobody's code."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line (from 1) of a file. ``file`` is empty for what came from no file, such as a stored closure."""

    file: str
    line: int

    def __str__(self) -> str:
        """``catering.yaml:12``, as editors and terminals link it."""
        return f"{self.file}:{self.line}" if self.file else "(pack)"


NOWHERE = Place("", 0)


@total_ordering
@dataclass(frozen=True, slots=True)
class PackFault:
    """One fault of a pack. An error stops the pack from loading, a warning does not.

    ``path`` is dotted (``items.X1.promised.days``). ``column`` is the character (from 1) inside a condition.
    Faults sort by file and line, errors before warnings on the same line.
    """

    severity: Severity
    code: str
    file: str
    line: int
    path: str
    message: Text
    hint: Text | None = None
    column: int | None = None

    @property
    def is_error(self) -> bool:
        """Whether the pack cannot be loaded because of it."""
        return self.severity == "error"

    @property
    def _order(self) -> tuple[str, int, str, str, str, int, str]:
        return (self.file, self.line, self.severity, self.path, self.code, self.column or 0, self.message.en)

    def __lt__(self, other: object) -> bool:
        """By place, then severity, path and code."""
        return self._order < other._order if isinstance(other, PackFault) else NotImplemented

    def render(self, lang: Lang = "en") -> str:
        """One line: ``file:line: path: message (hint)``, with the brackets of the language."""
        place = f"{Place(self.file, self.line)}: " if self.file else ""
        path = f"{self.path}: " if self.path else ""
        hint = "" if self.hint is None else f"（{self.hint.zh}）" if lang == "zh" else f" ({self.hint.en})"
        return f"{place}{path}{self.message.say(lang)}{hint}"

    def __str__(self) -> str:
        """The English line."""
        return self.render()


def cut(faults: list[PackFault]) -> list[PackFault]:
    """The first :data:`MAX_FAULTS`, and where there were more, one that says so."""
    if len(faults) < MAX_FAULTS:
        return faults
    last = faults[MAX_FAULTS - 1]
    message = Text(
        f"已有 {MAX_FAULTS} 处错误，其余未检查。", f"{MAX_FAULTS} faults so far: the rest was not looked at."
    )
    hint = Text("请先改正前面各处。", "mend the others first")
    return [*faults[:MAX_FAULTS], PackFault("error", "too-many-faults", last.file, last.line, "", message, hint)]


class PackError(Exception):
    """A pack has errors; ``faults`` holds all of them, warnings too, in order."""

    def __init__(self, faults: Iterable[PackFault]) -> None:
        """Keep every fault; the text of the exception shows each on its own line."""
        self.faults: tuple[PackFault, ...] = tuple(sorted(set(faults)))
        super().__init__("\n".join(fault.render() for fault in self.faults))


def errors(faults: Iterable[PackFault]) -> tuple[PackFault, ...]:
    """Only those that stop the pack from loading, in order."""
    return tuple(sorted(fault for fault in faults if fault.is_error))


def dotted(path: Sequence[str | int]) -> str:
    """``("overrides", 0, "item")`` → ``overrides[0].item``."""
    written = ""
    for part in path:
        written += f"[{part}]" if isinstance(part, int) else f".{part}" if written else part
    return written


def clipped(name: str) -> str:
    """A name as an author wrote it, on one line and short enough to repeat in a message."""
    flat = " ".join(name.split())
    return flat if len(flat) <= _LONGEST_NAME else f"{flat[:_LONGEST_NAME]}…"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name an author probably meant; capitals and ``-`` for ``_`` do not matter. None when none is close."""
    wanted = _folded(name[:_LONGEST_NAME])
    by_folded: dict[str, str] = {}
    for candidate in known:
        by_folded.setdefault(_folded(candidate), candidate)
    close = get_close_matches(wanted, by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> Text | None:
    """A hint with the nearest right name, or with the whole list when it is short, or nothing."""
    listed = list(known)
    close = nearest(name, listed)
    if close is not None:
        return Text(f"是否想写“{close}”？", f"did you mean “{close}”?")
    if 0 < len(listed) <= 16:
        return Text(f"可用：{'、'.join(listed)}。", f"known here: {', '.join(listed)}")
    return None


def _folded(name: str) -> str:
    return name.strip().casefold().replace("-", "_")
