"""Pack files on disk → one merged tree of plain data that remembers the file and line of everything.

Many folders and files make one pack: sections of the same name are joined, and the same code twice is a fault that
names both places. Reading never stops at the first fault; what could be read is returned together with every fault.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from app.catalogue.documents import PackDocument
from app.catalogue.faults import MAX_FAULTS, NOWHERE, PackFault, Path, Place, clipped, cut, did_you_mean, dotted
from app.catalogue.files import pack_files
from app.catalogue.yaml_text import Node, Problem, read
from app.domain.vocabulary import Text

MAX_BYTES = 2_000_000
"""Largest pack file. The whole built-in catalogue is smaller."""

SECTIONS = tuple(PackDocument.model_fields)
LISTS = frozenset({"overrides"})
"""Sections that are lists; all others map a code to its entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a section and the file it stands in; ``key`` is the line of its code."""

    file: str
    key: int
    node: Node


@dataclass(slots=True)
class Sources:
    """The merged files: ``sections[name][code or index]`` is an :class:`Entry`; ``faults`` is all that is wrong."""

    sections: dict[str, dict[str | int, Entry]] = field(default_factory=lambda: {name: {} for name in SECTIONS})
    faults: list[PackFault] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def section(self, name: str) -> dict[str, object]:
        """The plain data of a mapping section, in the order it was read."""
        return {str(code): entry.node.value for code, entry in self.sections[name].items()}

    def listed(self, name: str) -> list[object]:
        """The plain data of a list section."""
        return [entry.node.value for entry in self.sections[name].values()]

    def locate(self, path: Path) -> tuple[Path, Place]:
        """The deepest existing place of ``path``; an element an item has from ``item_defaults`` leads there.

        Returns the path as it should be shown (rewritten to ``item_defaults…`` when it led there) and the place.
        """
        place, depth = self._walk(path)
        if len(path) > 2 and path[0] == "items" and depth < len(path):
            default = ("item_defaults", *path[2:])
            default_place, default_depth = self._walk(default)
            # item_defaults stands for two parts of the path, "items" and the item's code, with one of its own.
            if default_depth >= 2 and default_depth + 1 > depth:
                return default, default_place
        return path, place

    def fault(self, code: str, path: Path, message: Text, hint: Text | None = None) -> PackFault:
        """An error at ``path``."""
        shown, place = self.locate(path)
        return PackFault("error", code, place.file, place.line, dotted(shown), message, hint)

    def _walk(self, path: Path) -> tuple[Place, int]:
        """The place of the longest existing prefix of ``path`` and how many parts of it exist."""
        if len(path) < 2 or path[0] not in self.sections:
            return NOWHERE, 0
        entry = self.sections[str(path[0])].get(path[1])
        if entry is None:
            return NOWHERE, 1
        line, node, depth = entry.key, entry.node, 2
        for part in path[2:]:
            child = node.children.get(part)
            if child is None:
                break
            line, node, depth = child.line, child, depth + 1
        return Place(entry.file, line), depth


def read_folders(folders: Sequence[FilePath]) -> Sources:
    """Read every ``*.yaml`` below the folders (sorted, recursively); a path to one file is read as well.

    A file that is reached twice is read once.
    """
    sources = Sources()
    seen: set[FilePath] = set()
    for folder in folders:
        files = list(pack_files(folder))
        if not files:
            sources.faults.append(_no_files(folder))
        for file in files:
            if (real := file.resolve()) not in seen:
                seen.add(real)
                _add_file(sources, file)
    return sources


def of_documents(documents: Mapping[str, Any]) -> Sources:
    """Sources from plain data instead of files (a stored closure); places are nowhere."""
    sources = Sources()
    for name, entries in documents.items():
        pairs: Iterable[tuple[str | int, object]] = enumerate(entries) if name in LISTS else entries.items()
        sources.sections[name] = {code: Entry("", 0, Node(value, 0)) for code, value in pairs}
    return sources


def _no_files(folder: FilePath) -> PackFault:
    what = (
        Text("文件夹里没有 .yaml 文件。", "The folder holds no .yaml file.")
        if folder.is_dir()
        else Text("找不到这个文件夹。", "There is no such folder.")
    )
    hint = Text(
        "请检查路径；文件名须以 .yaml 结尾（.yml 不读）。", "check the path; names must end in .yaml, .yml is not read"
    )
    return PackFault("error", "no-files", str(folder), 1, "", what, hint)


def _shown(file: FilePath) -> str:
    """The file as a person in the working directory would name it."""
    here = FilePath.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


def _add_file(sources: Sources, file: FilePath) -> None:
    name = _shown(file)
    sources.files.append(name)
    text = _text_of(sources, file, name)
    if text is None:
        return
    root, problems = read(text)
    sources.faults.extend(_syntax_fault(name, problem) for problem in problems)
    if root is None or root.value is None:
        return
    if not isinstance(root.value, dict):
        message = Text("文件最外层应是“节名: 内容”的映射。", "The file must be a mapping of section names.")
        hint = Text(f"例如 {'、'.join(SECTIONS[:4])}。", f"such as {', '.join(SECTIONS[:4])}")
        sources.faults.append(PackFault("error", "not-a-mapping", name, max(root.line, 1), "", message, hint))
        return
    for section, node in root.children.items():
        _add_section(sources, name, str(section), node)
        if len(sources.faults) >= MAX_FAULTS:
            sources.faults = cut(sources.faults)
            break


def _text_of(sources: Sources, file: FilePath, name: str) -> str | None:
    try:
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = Text(f"文件读不出来：{reason}。", f"The file cannot be read: {reason}.")
        sources.faults.append(PackFault("error", "unreadable", name, 1, "", message))
        return None
    if len(raw) > MAX_BYTES:
        message = Text("文件超过 2 MB。", "The file is larger than 2 MB.")
        hint = Text("请拆成几个文件，各节会自动合并。", "split it: sections of several files are joined")
        sources.faults.append(PackFault("error", "too-large", name, 1, "", message, hint))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = Text("文件不是 UTF-8 编码。", "The file is not UTF-8.")
        hint = Text("请另存为 UTF-8。", "save it as UTF-8")
        sources.faults.append(PackFault("error", "not-utf-8", name, line, "", message, hint))
        return None


def _syntax_fault(file: str, problem: Problem) -> PackFault:
    return PackFault("error", problem.code, file, problem.line, dotted(problem.path), problem.message, problem.hint)


def _add_section(sources: Sources, file: str, section: str, node: Node) -> None:
    if section not in sources.sections:
        message = Text(f"没有“{clipped(section)}”这一节。", f"There is no section “{clipped(section)}”.")
        hint = did_you_mean(section, SECTIONS)
        sources.faults.append(PackFault("error", "unknown-section", file, node.line, section, message, hint))
        return
    if node.value is None:
        return
    wanted, name_zh, name_en = (list, "列表", "list") if section in LISTS else (dict, "“代码: 内容”映射", "mapping")
    if not isinstance(node.value, wanted):
        message = Text(f"“{section}”一节应是{name_zh}。", f"The section “{section}” must be a {name_en}.")
        sources.faults.append(PackFault("error", "wrong-section", file, node.line, section, message))
        return
    known = sources.sections[section]
    for code, child in node.children.items():
        key = len(known) if section in LISTS else code
        first = known.get(key)
        if first is None:
            known[key] = Entry(file, child.line, child)
        else:
            sources.faults.append(_twice(section, str(code), Place(first.file, first.key), Place(file, child.line)))


def _twice(section: str, code: str, first: Place, second: Place) -> PackFault:
    message = Text(f"“{clipped(code)}”已在 {first} 定义过。", f"“{clipped(code)}” is already defined at {first}.")
    hint = Text("请删去其中一处，或换一个代码。", "remove one of the two or give it another code")
    return PackFault("error", "defined-twice", second.file, second.line, f"{section}.{code}", message, hint)
