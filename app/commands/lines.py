"""Lines that break where Chinese and English may: between ideographs, after spaces, never before closing marks.

Rich breaks at spaces only, which leaves a long Chinese sentence ragged or torn.
"""

import io
from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text as Styled

CLOSING: Final = frozenset("，。、；：！？）》”’】…—·%℃,.;:!?)]}>")
"""Marks that never begin a line (避头)."""
OPENING: Final = frozenset("（《“‘【([{<￥¥")
"""Marks that never end a line (避尾)."""

Part = str | Styled | tuple[str, str]


class Line:
    """One styled paragraph. Its further lines are indented by ``hang`` cells."""

    def __init__(self, *parts: Part, style: str = "", hang: int = 0) -> None:
        """``parts`` are texts or pairs of text and style."""
        self.text = Styled.assemble(*parts, style=style)
        self.hang = hang

    def append(self, text: str, style: str = "") -> None:
        """Add more at the end."""
        self.text.append(text, style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The paragraph, broken to the width there is."""
        if options.no_wrap:
            yield self.text
            return
        for paragraph in self.text.split(allow_blank=True):
            offsets = breaks(paragraph.plain, options.max_width, self.hang)
            for number, line in enumerate(paragraph.divide(offsets)):
                line.rstrip()
                if number:
                    line.pad_left(min(self.hang, options.max_width // 2))
                yield line

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """From a few ideographs a line to everything on one."""
        widest = max((cell_len(line) for line in self.text.plain.splitlines()), default=0)
        return Measurement(min(widest, 8), widest).with_maximum(options.max_width)


def breaks(text: str, width: int, hang: int = 0) -> list[int]:
    """Where to break ``text`` into lines of ``width`` cells, all but the first ``hang`` cells narrower."""
    found: list[int] = []
    start, cells, last = 0, 0, 0
    room = max(2, width)
    for position, letter in enumerate(text):
        if position > start and _may_break(text[position - 1], letter):
            last = position
        size = cell_len(letter)
        while cells + size > room and letter != " ":  # a space may stand beyond the edge, where nobody sees it
            start = last if last > start else position
            found.append(start)
            cells = cell_len(text[start:position])
            room = max(2, width - min(hang, width // 2))
        cells += size
    return found


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in CLOSING or before in OPENING:
        return False
    return before == " " or cell_len(before) == 2 or cell_len(after) == 2


def _rstrip_end(self: Styled, size: int) -> None:
    """Take spaces beyond ``size`` cells from the end."""
    spaces = len(self.plain) - len(self.plain.rstrip(" "))
    beyond = min(spaces, cell_len(self.plain) - size)
    if beyond > 0:
        self.right_crop(beyond)


Styled.rstrip_end = _rstrip_end  # type: ignore[method-assign]  # Rich counts letters: of a Chinese line it then cuts words


class Trimmed(io.TextIOBase):
    """A stream for files and pipes: what Rich pads to the full width loses its trailing spaces."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write whole lines without their trailing spaces."""
        self._stream.write("\n".join(_trimmed(text.split("\n"))))
        return len(text)

    def flush(self) -> None:
        """Pass on; a stream closed meanwhile has nothing left to flush (Python 3.13 asks once more at the end)."""
        if not self._stream.closed:
            self._stream.flush()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream."""
        return getattr(self._stream, "encoding", None) or "utf-8"


def _trimmed(lines: Iterable[str]) -> Iterator[str]:
    listed = list(lines)
    yield from (line.rstrip(" ") for line in listed[:-1])
    yield listed[-1]
