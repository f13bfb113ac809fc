"""PDFs: one A4 page for an ordinary paper, the same bytes for the same paper, and never boxes."""

import os
import re
import threading

import pytest

from app.connectors.paper_pdf import PaperPress
from app.domain.errors import NoFonts
from app.domain.papers import Paper, PaperKind, content_of, digest_of
from app.domain.vocabulary import Lang, Text
from tests.factories import drive, submitted
from tests.papers import papers

URL = "https://demo.example.org/api/v1/papers/L330802/verify?code=ABCDEFGHJK"
PRESS = PaperPress()
LONG = Text("示例" * 15 + "餐饮管理有限责任公司柯城第一分公司", "A very long demonstration name " * 3)

needs_fonts = pytest.mark.skipif(
    PRESS.chinese_font is None and not os.environ.get("APP_TEST_REQUIRE_ALL"), reason="no Chinese font on this machine"
)


def pdf(paper: Paper, lang: Lang = "zh", url: str = URL) -> bytes:
    """The paper as PDF."""
    return PRESS.pdf(paper, digest_of(content_of(paper)), url, lang)


def pages(made: bytes) -> int:
    """How many pages a PDF says it has."""
    (count,) = re.findall(rb"/Type\s*/Pages.*?/Count\s+(\d+)", made, re.DOTALL)[:1]
    return int(count)


def one_of_each() -> dict[PaperKind, Paper]:
    """One paper of each kind that a willing department writes, for somebody with a very long name."""
    found = {}
    for story in ("catering_full", "utility_full"):
        errand = submitted(story)
        drive(errand)
        found |= {paper.kind: paper for paper in papers(errand, LONG)}
    return found


@needs_fonts
def test_every_paper_of_an_ordinary_case_fits_one_a4_page_and_the_receipt_two_with_a_long_name() -> None:
    found = one_of_each()
    assert len(found) >= 5
    for kind, paper in found.items():
        made = pdf(paper)
        assert made.startswith(b"%PDF-")
        most = 2 if kind is PaperKind.RECEIPT else 1  # the receipt names everything that the richest case was spared
        assert pages(made) <= most, kind
        assert re.search(rb"/MediaBox\s*\[\s*0 0 595\.\d+ 841\.\d+", made), kind


@needs_fonts
def test_the_same_paper_is_the_same_pdf_and_is_typeset_once() -> None:
    receipt, *_ = papers(submitted("catering_full"))
    assert pdf(receipt) is pdf(receipt)
    assert PaperPress().pdf(receipt, digest_of(content_of(receipt)), URL, "zh") == pdf(receipt)


@needs_fonts
def test_another_link_or_language_is_another_pdf() -> None:
    receipt, *_ = papers(submitted("catering_full"))
    assert len({pdf(receipt), pdf(receipt, "en"), pdf(receipt, url="https://other.example.org/x")}) == 3


@needs_fonts
def test_many_threads_may_ask_at_once() -> None:
    receipt, *_ = papers(submitted("catering_full"))
    made: list[bytes] = []
    threads = [
        threading.Thread(target=lambda n=n: made.append(pdf(receipt, url=f"{URL}&n={n}")))
        for n in range(6)  # type: ignore[misc]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({*made}) == 6


def test_without_a_chinese_font_there_is_a_clear_sentence_and_no_pdf() -> None:
    receipt, *_ = papers(submitted("catering_full"))
    press = PaperPress(system_fonts=False)
    assert press.chinese_font is None
    with pytest.raises(NoFonts) as refusal:
        press.pdf(receipt, "0" * 64, URL, "zh")
    assert "没有中文字体" in refusal.value.detail.zh
    assert "web page" in refusal.value.detail.en
