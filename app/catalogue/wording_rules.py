"""Rules about the words themselves: both languages are there, and no number in a pack could be a real person's."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from app.catalogue.build import Built
from app.catalogue.faults import Path
from app.catalogue.rules import Finding, Findings, rule
from app.catalogue.yaml_text import Node
from app.domain.identity import IdentityError, check_id_number, find_real
from app.domain.vocabulary import Text

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[A-Za-z]{4,}")
_OPTIONS: Final = "options"


@rule("W1", "language", "每句话都有中文和英文", "Every sentence exists in Chinese and English")
def language(built: Built) -> Findings:
    """Empty, untranslated or mixed-up texts; also the English names of options."""
    for path, node in _nodes(built):
        value = node.value
        if not isinstance(value, dict):
            continue
        if value.keys() == {"zh", "en"} and all(isinstance(each, str) for each in value.values()):
            yield from _text(path, value["zh"], value["en"])
        elif path[-1] == _OPTIONS:
            for option, english in value.items():
                if isinstance(english, str) and (not english.strip() or _HAN.search(english)):
                    yield Finding((*path, option), Text("选项缺少英文名称。", "The option has no English name."))


def _text(path: Path, zh: str, en: str) -> Findings:
    if not zh.strip() or not en.strip():
        lang = "en" if zh.strip() else "zh"
        yield Finding((*path, lang), Text("这句话是空的。", "This text is empty."))
    elif zh == en and _HAN.search(zh):
        yield Finding((*path, "en"), Text("英文还是中文，尚未翻译。", "The English is still the Chinese."))
    elif zh == en and _WORD.search(zh):
        yield Finding(
            (*path, "zh"), Text("中英文相同，缺少中文。", "Both are the same: the Chinese is missing."), None, "warning"
        )
    elif _HAN.search(en):
        yield Finding((*path, "en"), Text("英文里夹有汉字。", "The English holds Chinese characters."), None, "warning")


@rule(
    "W2",
    "real-number",
    "示例里没有可能属于真人的号码",
    "No number in a pack could belong to a real person",
)
def real_number(built: Built) -> Findings:
    """Identity, credit code, mobile and bank numbers that could be real. The number itself is never repeated."""
    for path, node in _nodes(built):
        texts = [node.value] if isinstance(node.value, str) else []
        texts += [key for key in node.children if isinstance(key, str)]
        for text in texts:
            kind = find_real(text)
            if kind is not None:
                yield Finding(
                    path,
                    Text(
                        f"这里像是真实的{kind.zh}，不得写入。",
                        f"This looks like a real {kind.en}; it may not stand here.",
                    ),
                    Text(
                        "证件号以 00 开头，电话以 10–12 开头或写 0000-00000001，卡号以 000000 开头。",
                        "identity numbers begin with 00, mobiles with 10–12 (or 0000-00000001), cards with 000000",
                    ),
                )
    for code, person in built.pack.people.items():
        try:
            check_id_number(person.id_number, date.max)
        except IdentityError as error:
            yield Finding(("people", code, "id_number"), error.message)


def _nodes(built: Built) -> Iterator[tuple[Path, Node]]:
    """Every node of every section with its path, an alias as often as it is used."""
    for section, entries in built.sources.sections.items():
        waiting: list[tuple[Path, Node]] = [((section, code), entry.node) for code, entry in entries.items()]
        while waiting:
            path, node = waiting.pop()
            yield path, node
            waiting += [((*path, part), child) for part, child in node.children.items()]


RULES: Final = (language, real_number)
