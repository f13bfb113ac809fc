"""Papers as PDF (PDF/UA-1, tagged), typeset by Typst with the system's Chinese fonts.

The compiler is made once and reused; a second PDF takes milliseconds. PDFs are kept by what they show, so the same
paper is typeset once. Compiling holds a lock and must not run on the event loop: call :func:`PaperPress.pdf` in a
thread.
"""

import json
import threading
from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.connectors.paper_pages import (
    ADDRESSEE,
    FINGERPRINT,
    NO_SEAL,
    NUMBER,
    PRINTED_DIGITS,
    SCAN,
    TRANSLATION,
)
from app.connectors.qr import qr_svg
from app.domain.errors import NoFonts
from app.domain.papers import Paper, Section
from app.domain.periods import written_day
from app.domain.vocabulary import Lang, Text

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).parent
TEMPLATE = HERE / "paper.typ"
CHINESE_FONTS = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "Songti SC",
    "STSong",
    "SimSun",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "AR PL UMing CN",
    "AR PL SungtiL GB",
    "Droid Sans Fallback",
)
"""Families that hold the simplified characters, best first."""
LATIN_FONT = "Libertinus Serif"
"""Comes with the compiler."""
KEPT = 128
"""How many PDFs are kept; each has some twenty kilobytes."""


class PaperPress:
    """Typesets papers. One per app."""

    def __init__(self, font_folders: tuple[Path, ...] = (), *, system_fonts: bool = True) -> None:
        self._folders, self._system_fonts = font_folders, system_fonts
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    @cached_property
    def _fonts(self) -> "typst.Fonts":
        import typst

        return typst.Fonts(
            include_system_fonts=self._system_fonts,
            include_embedded_fonts=True,
            font_paths=[str(folder) for folder in self._folders],
        )

    @cached_property
    def chinese_font(self) -> str | None:
        """The family Chinese is set in, or None where the machine has none of them."""
        known = {family.casefold(): family for family in self._fonts.families()}
        return next((known[name.casefold()] for name in CHINESE_FONTS if name.casefold() in known), None)

    @cached_property
    def _compiler(self) -> "typst.Compiler":
        import typst

        return typst.Compiler(input=str(TEMPLATE), root=str(HERE), font_paths=self._fonts)

    def pdf(self, paper: Paper, digest: str, verify_url: str, lang: Lang) -> bytes:
        """The paper as PDF. Raises :class:`NoFonts` where the machine has no Chinese font: never boxes."""
        key = (paper.number, digest, verify_url, lang)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._typeset(paper, digest, verify_url, lang)
            self._kept[key] = found
            self._kept.move_to_end(key)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return found

    def _typeset(self, paper: Paper, digest: str, verify_url: str, lang: Lang) -> bytes:
        chinese = self.chinese_font
        if chinese is None:
            raise NoFonts(
                Text(
                    "这台服务器没有中文字体，无法生成 PDF。请打开文书网页直接打印，"
                    "或由维护者安装字体（如 fonts-noto-cjk）。",
                    "This server has no Chinese font, so it cannot make the PDF. Print the paper's web page instead, "
                    "or have the maintainers install one, such as fonts-noto-cjk.",
                )
            )
        fonts = [chinese] if lang == "zh" else [LATIN_FONT, chinese]
        data = {**_told(paper, lang), **_checks(digest, verify_url), "fonts": fonts, "lang": lang}
        made = self._compiler.compile(
            format="pdf", sys_inputs={"paper": json.dumps(data, ensure_ascii=False)}, pdf_standards=["ua-1"]
        )
        if not isinstance(made, bytes):
            raise TypeError("the compiler gave no single PDF")
        return made


def _told(paper: Paper, lang: Lang) -> dict[str, Any]:
    words = {
        "number": NUMBER.say(lang),
        "addressee": ADDRESSEE.say(lang) + ("：" if lang == "zh" else ": "),
        "scan": SCAN.say(lang),
        "no_seal": NO_SEAL.say(lang),
        "fingerprint": FINGERPRINT.say(lang),
        "translation": TRANSLATION.say(lang),
    }
    return {
        "title": paper.title.say(lang),
        "number": paper.number,
        "label": paper.label.say(lang),
        "issuer": paper.issuer.say(lang),
        "issuer_code": paper.issuer_code,
        "addressee": paper.addressee.say(lang),
        "served_on": written_day(paper.served_on).say(lang),
        "sections": [_section(part, lang) for part in paper.sections],
        "words": words,
    }


def _section(part: Section, lang: Lang) -> dict[str, Any]:
    return {
        "title": part.title.say(lang),
        "facts": [
            {"label": fact.label.say(lang), "value": fact.value.say(lang), "origin": fact.origin.label.say(lang)}
            for fact in part.facts
        ],
        "paragraphs": [text.say(lang) for text in part.paragraphs],
        "points": [text.say(lang) for text in part.points],
    }


def _checks(digest: str, verify_url: str) -> dict[str, str]:
    return {"qr": qr_svg(verify_url), "verify_url": verify_url, "fingerprint": digest[:PRINTED_DIGITS]}
