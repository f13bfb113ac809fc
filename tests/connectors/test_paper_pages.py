"""The page of a paper: one language at a time, escaped, readable aloud, nothing inline."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app import connectors
from app.connectors.paper_pages import STYLESHEET, paper_page, verification_page
from app.domain.papers import Paper, PaperKind, Standing, content_of, digest_of
from app.domain.vocabulary import ILLUSTRATIVE, Lang, Text
from app.schemas.common import Bilingual
from app.schemas.papers import VerificationOut
from tests.factories import field_point, submitted
from tests.papers import paper_of, papers

URL = "https://demo.example.org/api/v1/papers/L330802/verify?code=ABCDEFGHJK&x=1"
VOID = {"meta", "link", "path", "br", "img"}


class Outline(HTMLParser):
    """What a page is made of, checked for balance on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def outline(page: str) -> Outline:
    """The parsed page; every element is closed."""
    found = Outline()
    found.feed(page)
    assert found.open == []
    return found


def page_of(paper: Paper, lang: Lang = "zh") -> str:
    """The page of a paper."""
    return paper_page(paper, digest_of(content_of(paper)), Standing.IN_FORCE, URL, lang)


def noted(reason: str) -> Paper:
    """A correction notice with this reason."""
    errand = submitted("catering_full")
    for item in ("L0", "H1"):
        errand.act(item, "receive")
    errand.act("H1", "accept")
    errand.post("L0", field_point("premises_right", reason))
    return paper_of(errand, PaperKind.CORRECTION)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_has_one_main_heading_a_language_and_a_table_with_row_headers(lang: Lang) -> None:
    receipt, *_ = papers(submitted("catering_full"))
    found = outline(page_of(receipt, lang))
    assert found.tags.count("h1") == 1
    assert ("html", "lang", "zh-CN" if lang == "zh" else "en") in found.attributes
    assert ("th", "scope", "row") in found.attributes
    assert receipt.title.say(lang) in found.text
    assert ILLUSTRATIVE.say(lang) in found.text
    assert receipt.title.say("en" if lang == "zh" else "zh") not in found.text


def test_a_page_needs_no_inline_style_and_no_script() -> None:
    found = outline(page_of(papers(submitted("catering_full"))[0]))
    assert "style" not in {name for _, name, _ in found.attributes} | set(found.tags)
    assert "script" not in found.tags
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    assert ("link", "href", STYLESHEET) in found.attributes


def test_the_qr_code_is_a_link_with_a_name_and_the_address_stands_beside_it() -> None:
    found = outline(page_of(papers(submitted("catering_full"))[0]))
    assert ("a", "href", URL) in found.attributes
    assert "svg" in found.tags
    assert any(tag == "a" and name == "aria-label" and value for tag, name, value in found.attributes)
    assert URL in found.text


@pytest.mark.parametrize("reason", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "a & b", "𠮷野家\u200f"])
def test_whatever_an_officer_writes_stays_text(reason: str) -> None:
    found = outline(page_of(noted(reason)))
    assert reason in found.text
    assert not {"script", "img"} & set(found.tags)


def test_the_served_day_is_machine_readable() -> None:
    found = outline(page_of(papers(submitted("catering_full"))[0]))
    assert ("time", "datetime", "2026-03-16") in found.attributes


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_verification_page_says_yes_or_no_in_words(lang: Lang) -> None:
    note = Bilingual.of(Text("请核对。", "Compare."))
    refused = outline(verification_page(VerificationOut(number="<b>", is_authentic=False, note=note), lang))
    assert ("核验未通过" if lang == "zh" else "Not authentic") in refused.text
    assert "<b>" in refused.text
    assert "b" not in refused.tags


def test_the_style_sheet_sets_a4_and_hides_what_is_for_the_screen() -> None:
    css = (Path(connectors.__file__).parent / "static" / "paper.css").read_text(encoding="utf-8")
    assert "size: A4" in css
    assert re.search(r"@media print \{", css)
    assert "url(" not in css
    assert css.count("{") == css.count("}")
