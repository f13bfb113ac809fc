"""One YAML text → plain data with line numbers: a small, strict subset built from the parser's events.

Only what an author means: plain ``true``, ``false``, ``null``, whole numbers without a leading zero and decimals are
typed; everything else is a string (``no`` is "no", ``007`` stays "007", ``2026-01-01`` stays text). Duplicate keys,
keys that are not strings, tags and merge keys are refused. Built from events, not nodes, because the C composer is
recursive and a deeply nested text would end the process instead of raising.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import yaml

from app.catalogue.faults import Path, clipped
from app.domain.vocabulary import Text

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml: slower, same events
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

MAX_DEPTH: Final = 60
MAX_NODES: Final = 60_000
"""Nodes of one file, aliases counted as often as they are used: a bomb of aliases stops here, and so does a file that
is merely endless, after some 0.2 s. Twenty times the largest file of the built-in pack."""
MAX_PROBLEMS: Final = 100
"""What is wrong in one file before nobody reads on."""

_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][-+]?[0-9]{1,2})?")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Node:
    """A value, the line (from 1) where it or its key stands, its children by key or index, and its size in nodes."""

    value: object
    line: int
    children: dict[str | int, "Node"] = field(default_factory=dict)
    size: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the text itself."""

    code: str
    line: int
    path: Path
    message: Text
    hint: Text | None = None


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; ``key`` is the key waiting for its value."""

    node: Node
    anchor: str | None
    key: str | None = None
    key_line: int = 0
    has_key: bool = False


class _Stop(Exception):
    """The rest of the text makes no sense any more."""


def read(text: str) -> tuple[Node | None, list[Problem]]:
    """The root of the text (None when it is empty or broken) and everything wrong with it."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader):
            builder.take(event)
    except _Stop:
        return None, builder.problems
    except yaml.YAMLError as error:
        return None, [*builder.problems, _syntax(error, text)]
    return builder.root, builder.problems


def scalar(text: str, *, plain: bool) -> str | int | float | bool | None:
    """The value of a scalar as written; quoted ones are always strings."""
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "-+0123456789":
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
    return text


class _Builder:
    """Takes the parser's events one by one."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        """One event; raises :class:`_Stop` when reading on would be useless or harmful."""
        if isinstance(event, yaml.ScalarEvent):
            self._count(1, _line(event))
            self._refuse_tag(event)
            value = scalar(event.value, plain=not event.style)
            self._place(Node(value, _line(event)), event.anchor, is_key_text=isinstance(value, str))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(
                    "several-documents",
                    _line(event),
                    Text(
                        "一个文件里只能有一份文档（多了一行 ---）。", "One file holds one document (a second --- came)."
                    ),
                    Text("请拆成两个文件。", "make it two files"),
                )

    def _path(self) -> Path:
        return tuple(_keys(self._open))

    def _problem(self, code: str, line: int, message: Text, hint: Text | None = None) -> None:
        self.problems.append(Problem(code, line, self._path(), message, hint))
        if len(self.problems) == MAX_PROBLEMS:
            self._stop(
                "too-many-problems",
                line,
                Text(
                    f"已有 {MAX_PROBLEMS} 处错误，其余未检查。", f"{MAX_PROBLEMS} faults so far: the rest was not read."
                ),
                Text("请先改正以上各处。", "mend these first"),
            )

    def _stop(self, code: str, line: int, message: Text, hint: Text | None = None) -> None:
        self.problems.append(Problem(code, line, self._path(), message, hint))
        raise _Stop

    def _refuse_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag is not None:
            self._problem(
                "tag",
                _line(event),
                Text(
                    f"不能用 YAML 标签“{clipped(event.tag)}”。", f"The YAML tag “{clipped(event.tag)}” is not accepted."
                ),
                Text("请删去标签；要写成文字就加引号。", "remove it; quote the value when it is text"),
            )

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        line = _line(event)
        self._count(1, line)
        self._refuse_tag(event)
        if len(self._open) >= MAX_DEPTH:
            self._stop("too-deep", line, Text(f"嵌套超过 {MAX_DEPTH} 层。", f"Nested deeper than {MAX_DEPTH} levels."))
        if self._open and self._waits_for_key():
            self._stop("key-not-text", line, Text("键不能是列表或映射。", "A key cannot be a list or a mapping."))
        empty: object = {} if isinstance(event, yaml.MappingStartEvent) else []
        node = Node(empty, line)
        if self._open and self._open[-1].has_key:
            node.line = self._open[-1].key_line
        self._open.append(_Open(node, event.anchor))

    def _end(self) -> None:
        closed = self._open.pop()
        self._place(closed.node, closed.anchor, is_key_text=False)

    def _alias(self, event: yaml.AliasEvent) -> None:
        name = event.anchor or ""
        node = self._anchors.get(name)
        line = _line(event)
        if node is None:
            self._stop(
                "unknown-alias",
                line,
                Text(f"“*{clipped(name)}”没有对应的锚点。", f"“*{clipped(name)}” has no finished anchor."),
                Text("锚点（&）须写在前面，且不能引用自身。", "the anchor (&) must come first and cannot hold itself"),
            )
            return
        self._count(node.size, line)
        copy = Node(node.value, line, node.children, node.size)
        self._place(copy, None, is_key_text=isinstance(node.value, str))

    def _waits_for_key(self) -> bool:
        top = self._open[-1]
        return isinstance(top.node.value, dict) and not top.has_key

    def _place(self, node: Node, anchor: str | None, *, is_key_text: bool) -> None:
        """Put a finished node into its parent, as a key or as a value."""
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
            return
        top = self._open[-1]
        if isinstance(top.node.value, list):
            top.node.children[len(top.node.value)] = node
            top.node.value.append(node.value)
            top.node.size += node.size
        elif not top.has_key:
            self._take_key(top, node, is_key_text=is_key_text)
        else:
            self._take_value(top, node)

    def _count(self, nodes: int, line: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._stop(
                "too-many-nodes",
                line,
                Text(
                    f"一个文件里的键和值超过 {MAX_NODES} 个（锚点展开后计）。",
                    f"More than {MAX_NODES} keys and values in one file, aliases unfolded.",
                ),
                Text("请拆分文件，或不用锚点。", "split the file or write it without aliases"),
            )

    def _take_key(self, top: _Open, node: Node, *, is_key_text: bool) -> None:
        top.has_key, top.key_line = True, node.line
        if is_key_text and node.value != "<<":
            top.key = str(node.value)
            return
        if node.value == "<<":
            top.key = None
            self._problem(
                "merge-key",
                node.line,
                Text("不支持合并键“<<”。", "The merge key “<<” is not accepted."),
                Text("共同的要素请写进 item_defaults。", "write what items share into item_defaults"),
            )
            return
        written = "null" if node.value is None else str(node.value).lower()
        top.key = written  # what was meant, so that this one mistake is not told again wherever the key is used
        self._problem(
            "key-not-text",
            node.line,
            Text(f"键“{written}”不是文字。", f"The key “{written}” is not text."),
            Text(f'请加引号："{written}"。', f'quote it: "{written}"'),
        )

    def _take_value(self, top: _Open, node: Node) -> None:
        key = top.key
        first = top.node.children.get(key) if key is not None else None
        if first is not None:
            written = clipped(str(key))
            self._problem(
                "duplicate-key",
                top.key_line,
                Text(f"键“{written}”已在第 {first.line} 行写过。", f"“{written}” already stands on line {first.line}."),
                Text("请删去其中一处。", "remove one of the two"),
            )
        elif key is not None and isinstance(top.node.value, dict):
            node.line = top.key_line
            top.node.children[key] = node
            top.node.value[key] = node.value
            top.node.size += node.size
        top.has_key = False


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _keys(opened: list[_Open]) -> Iterator[str | int]:
    for part in opened:
        if isinstance(part.node.value, list):
            yield len(part.node.value)
        elif part.has_key and part.key is not None:
            yield part.key


def _syntax(error: yaml.YAMLError, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = getattr(error, "position", None)
    line = 1
    if mark is not None:
        line = mark.line + 1
    elif isinstance(position, int):
        line = text.count("\n", 0, position) + 1
    reason = clipped(str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"))
    return Problem(
        "syntax",
        line,
        (),
        Text(f"YAML 写法有误：{reason}。", f"This is not well-formed YAML: {reason}."),
        Text(
            "常见原因：缩进用了制表符、冒号后缺空格、含冒号的文字没加引号。",
            "usual causes: a tab in the indentation, no space after a colon, text with a colon that is not quoted",
        ),
    )
