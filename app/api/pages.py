"""The frame of the API's own pages: label, headings, stylesheet, and the policy that keeps each page to this server."""

from html import escape

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.domain.vocabulary import ILLUSTRATIVE, Text

STATIC = "/docs/static"
PLAIN_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
NAVIGATION = (
    ("/", Text("办事首页", "The portal")),
    ("/developers", Text("开发者", "Developers")),
    ("/docs", Text("接口文档", "API reference")),
    ("/docs/try", Text("在线试用", "Try it")),
    ("/problems", Text("问题说明", "Problems")),
)


def wants_page(request: Request) -> bool:
    """Whether a browser asks: programs that send no ``Accept`` or ``*/*`` get JSON."""
    return "text/html" in request.headers.get("accept", "")


def both(text: Text, tag: str = "p") -> str:
    """One text in both languages, each marked as what it is."""
    return f'<{tag} lang="zh-CN">{escape(text.zh)}</{tag}><{tag} lang="en">{escape(text.en)}</{tag}>'


def side_by_side(text: Text) -> str:
    """A short text in both languages on one line."""
    return f'{escape(text.zh)} <span lang="en">{escape(text.en)}</span>'


def page(
    title: Text, content: str, *, after: str = "", styles: tuple[str, ...] = (), scripts: tuple[str, ...] = ()
) -> str:
    """A whole page around ``content``, which is HTML; ``title`` is plain text.

    ``after`` is HTML that brings its own styles.
    """
    sheets = "".join(f'<link rel="stylesheet" href="{href}">' for href in (*styles, f"{STATIC}/pages.css"))
    code = "".join(f'<script src="{src}" defer></script>' for src in scripts)
    links = "".join(f'<a href="{href}">{side_by_side(name)}</a>' for href, name in NAVIGATION)
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title.zh)} / {escape(title.en)} · 一件事</title>"
        f'<link rel="icon" href="{STATIC}/icon.svg" type="image/svg+xml">{sheets}{code}</head><body>'
        '<a class="skip" href="#content">跳到正文 <span lang="en">Skip to content</span></a>'
        f'<p class="label" role="note">{side_by_side(ILLUSTRATIVE)}</p>'
        f'<nav aria-label="主导航 / main">{links}</nav>'
        f'<main id="content"><div class="prose">{content}</div>{after}</main></body></html>'
    )


def answer(html: str, policy: str = PLAIN_POLICY) -> HTMLResponse:
    """The response for a page; what it says depends on ``Accept``."""
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Vary": "Accept"})
