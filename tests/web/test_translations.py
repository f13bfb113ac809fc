"""Every sentence of the pages is there in both languages, once, and nothing is translated that nobody says."""

import re
from collections import Counter

from tests.web.texts import TEMPLATES, Message, translated, used

CHINESE = re.compile("[\u4e00-\u9fff]")
PLACE = re.compile(r"%\((\w+)\)s")


def whole(message: Message) -> str:
    """Singular and plural together."""
    return message if isinstance(message, str) else "\n".join(message)


def test_every_sentence_has_an_english_translation() -> None:
    known = {message for _, message, text in translated() if all(whole(text).split("\n"))}
    assert [(where, message) for message, where in used().items() if message not in known] == []


def test_no_translation_is_left_over_or_given_twice() -> None:
    counted, said = Counter(message for _, message, _ in translated()), used()
    assert [message for message in counted if message not in said] == []
    assert [message for message, count in counted.items() if count > 1] == []


def test_a_translation_holds_the_same_places_and_no_chinese() -> None:
    for file, message, text in translated():
        assert set(PLACE.findall(whole(message))) >= set(PLACE.findall(whole(text))), (file, message)
        if isinstance(message, str):
            assert set(PLACE.findall(message)) == set(PLACE.findall(whole(text))), (file, message)
        assert not CHINESE.search(whole(text).replace("中文", "")), (file, message)


def test_no_chinese_stands_in_a_template_outside_a_sentence_for_translation() -> None:
    called = re.compile(r"""(?:_|ngettext|pgettext)\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\)""")
    for path in sorted(TEMPLATES.rglob("*.html")):
        plain = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)
        left = called.sub("", plain).replace(">中文<", "")
        assert not CHINESE.search(left), (path.name, CHINESE.findall(left)[:20])
