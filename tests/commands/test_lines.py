"""Lines break where Chinese and English may."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from app.commands.lines import CLOSING, Line, Trimmed, breaks


def lines(text: str, width: int, hang: int = 0) -> list[str]:
    """The text as it is printed."""
    file = io.StringIO()
    Console(file=file, width=width, color_system=None).print(Line(text, hang=hang))
    return file.getvalue().splitlines()


def test_chinese_fills_the_line() -> None:
    assert lines("一次申请分给多个部门", 10) == ["一次申请分", "给多个部门"]


def test_a_closing_mark_never_begins_a_line() -> None:
    assert lines("一次申请，分给", 8) == ["一次申", "请，分给"]


def test_an_opening_mark_never_ends_a_line() -> None:
    assert lines("一次申（请）", 8) == ["一次申", "（请）"]


def test_english_breaks_between_words_only() -> None:
    assert lines("one application for several", 15) == ["one application", "for several"]


def test_further_lines_hang() -> None:
    assert lines("· 一次申请分给", 8, hang=2) == ["· 一次申", "  请分给"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert lines("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_a_line_inside_a_table_keeps_to_its_column() -> None:
    file = io.StringIO()
    table = Table.grid()
    table.add_row("部门", Line("一次申请分给多个部门，各自决定"))
    Console(file=file, width=14, color_system=None).print(table)
    assert max(map(cell_len, file.getvalue().splitlines())) <= 14
    assert "".join(file.getvalue().split()) == "部门一次申请分给多个部门，各自决定"


WORDS = st.text(alphabet="ab ，。（）一件事★é", max_size=80)


@given(WORDS, st.integers(4, 40), st.integers(0, 4))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int, hang: int) -> None:
    found = breaks(text, width, hang)
    assert found == sorted(set(found))
    parts = [text[start:end] for start, end in zip([0, *found], [*found, len(text)], strict=True)]
    assert "".join(parts) == text
    assert all(cell_len(part.rstrip()) <= width for part in parts)


@given(WORDS, st.integers(12, 40))
def test_a_break_before_a_closing_mark_happens_only_when_nothing_else_fits(text: str, width: int) -> None:
    found = breaks(text, width)
    for start, at in zip([0, *found], found, strict=False):
        if text[at] in CLOSING:
            assert not [place for place in range(start + 1, at) if _is_good(text, place)]


def _is_good(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    return "一" <= before <= "龥" and "一" <= after <= "龥"


def test_what_goes_into_a_pipe_has_no_trailing_spaces() -> None:
    file = io.StringIO()
    trimmed = Trimmed(file)
    trimmed.write("a   \n  b \nc ")
    trimmed.flush()
    assert file.getvalue() == "a\n  b\nc "
