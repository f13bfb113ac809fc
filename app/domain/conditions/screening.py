"""What stands before Python's parser, and what is said when it gives up.

The screen refuses what Python would accept silently or only warn about: comments, escapes, hexadecimal and exponents,
empty and triple-quoted strings. The explanations know the slips of people used to other languages or typing with a
Chinese keyboard.
"""

import re
from keyword import iskeyword
from typing import Final

from app.domain.conditions.data import MAX_DEPTH, MAX_NODES
from app.domain.vocabulary import Text

MAX_LENGTH: Final = 4_000
"""Longest condition, in characters."""

ACCEPTED: Final = Text(
    "条件只能由问题名、not、and、or、比较（< <= > >= == !=）、in、not in、true、false 和括号组成。",
    "A condition is made of question names, not, and, or, comparisons (< <= > >= == !=), in, not in, true, false and "
    "brackets.",
)
_WORDS: Final = {"and", "or", "not", "in", "True", "False"}
_STRING: Final = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_NUMBER: Final = re.compile(r"(?<!\w)\.?\d[\w.]*")
_PLAIN_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_SLIPS: Final = (
    (re.compile(r"&&?"), "and"),
    (re.compile(r"\|\|?"), "or"),
    (re.compile(r"!(?!=)"), "not"),
    (re.compile(r"<>"), "!="),
    (re.compile(r"(?<![=<>!:])=(?!=)"), "=="),
    (re.compile(r"[（]"), "("),
    (re.compile(r"[）]"), ")"),
    (re.compile(r"[【［]"), "["),
    (re.compile(r"[】］]"), "]"),
    (re.compile(r"[，、]"), ","),
    (re.compile(r"[‘’“”＇＂「」]"), "'"),
    (re.compile(r"[≥]"), ">="),
    (re.compile(r"[≤]"), "<="),
    (re.compile(r"[≠]"), "!="),
    (re.compile(r"[＞]"), ">"),
    (re.compile(r"[＜]"), "<"),
    (re.compile(r"[＝]+"), "=="),
    (re.compile(r"(?<!\w)(且|并且|与)(?!\w)"), "and"),
    (re.compile(r"(?<!\w)(或|或者)(?!\w)"), "or"),
    (re.compile(r"(?<!\w)(非|不)(?!\w)"), "not"),
    (re.compile(r"\bAND\b"), "and"),
    (re.compile(r"\bOR\b"), "or"),
    (re.compile(r"\bNOT\b"), "not"),
    (re.compile(r"\bIN\b"), "in"),
)
"""What people write out of habit from other languages or a Chinese keyboard, and what is meant."""


class ConditionSyntaxError(ValueError):
    """The text is no condition. ``message`` says why and how to mend it, ``column`` where (0-based, in characters)."""

    def __init__(self, message: Text, column: int) -> None:
        """Both are kept; ``str()`` gives the English sentence."""
        super().__init__(f"{message.en} (column {column})")
        self.message = message
        self.column = column


def screen(line: str) -> None:
    """Refuse what must not even reach Python's parser."""
    if len(line) > MAX_LENGTH:
        raise too_big()
    if not line.strip():
        raise ConditionSyntaxError(
            Text("条件为空。总是需要请写 true。", "The condition is empty. Write true for always."), 0
        )
    bare = _without_strings(line)
    for mark, message in (
        ("''", Text("引号内不能为空，也不能用三个引号。", "A text in quotes must not be empty, nor be triple-quoted.")),
        ('""', Text("引号内不能为空，也不能用三个引号。", "A text in quotes must not be empty, nor be triple-quoted.")),
        ("\\", Text("不能使用反斜杠转义。", "Backslash escapes are not accepted.")),
    ):
        if mark in line:
            raise ConditionSyntaxError(message, line.index(mark))
    if "#" in bare:
        message = Text("条件中不能写注释（#）。", "A condition cannot hold a comment (#).")
        raise ConditionSyntaxError(message, bare.index("#"))
    for number in _NUMBER.finditer(bare):
        if not _PLAIN_NUMBER.fullmatch(number.group()):
            raise ConditionSyntaxError(
                Text(
                    f"“{number.group():.40}”不是有效数字。请用半角数字书写，如 300 或 0.5。",
                    f"“{number.group():.40}” is not a number. Write plain decimals such as 300 or 0.5.",
                ),
                number.start(),
            )


def _without_strings(line: str) -> str:
    """The same line with every quoted text blanked, so that columns stay."""
    return _STRING.sub(lambda found: " " * len(found.group()), line)


def explained(line: str, column: int) -> ConditionSyntaxError:
    """A parser's complaint as help: the first known slip in the line, or else the place where reading stopped."""
    bare = _without_strings(line)
    slips = [(found.start(), found.group(), meant) for slip, meant in _SLIPS if (found := slip.search(bare))]
    if slips:
        at, written, meant = min(slips)
        return ConditionSyntaxError(
            Text(f"“{written}”应写作 {meant}（半角符号）。", f"Write {meant} (plain ASCII) instead of “{written}”."), at
        )
    if "'" in bare or '"' in bare:
        at = min(bare.index(mark) for mark in "'\"" if mark in bare)
        return ConditionSyntaxError(Text("引号没有成对。", "A quotation mark is not closed."), at)
    for word in re.finditer(r"\w+", bare):
        if iskeyword(word.group()) and word.group() not in _WORDS:
            return ConditionSyntaxError(
                Text(
                    f"{word.group()} 是保留字，不能作为问题名。{ACCEPTED.zh}",
                    f"{word.group()} is a reserved word and cannot name a question. {ACCEPTED.en}",
                ),
                word.start(),
            )
    at = min(column, len(line))
    before = Text(f"在第 {at + 1} 个字符处无法读懂条件。", f"The condition cannot be read at character {at + 1}. ")
    return ConditionSyntaxError(Text(before.zh + ACCEPTED.zh, before.en + ACCEPTED.en), at)


def too_big() -> ConditionSyntaxError:
    """The error for a condition beyond the bounds."""
    return ConditionSyntaxError(
        Text(
            f"条件过长或嵌套过深：最多 {MAX_LENGTH} 个字符、{MAX_NODES} 个节点、{MAX_DEPTH} 层。请拆分或简化。",
            f"The condition is too long or too deep: at most {MAX_LENGTH} characters, {MAX_NODES} nodes, "
            f"{MAX_DEPTH} levels. Split or simplify it.",
        ),
        0,
    )
