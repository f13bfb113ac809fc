"""Every page, in a real browser: no barrier that axe can find, nothing on the console, nothing cut off.

A page is loaded once and seen wide and narrow; languages and themes take turns over the list.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Response

from tests.browser.conftest import Site, window
from tests.web.listed import Listed, everything

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW, NARROW_ELDER = 1280, 320, 375
"""Widths in pixels: axe looks at the wide page, and nothing may be cut off in the narrow one."""
ELDER_TOO = 4
"""Every so manieth page is looked at in large type as well."""
NO_PAGE = "Failed to load resource"
"""The browser's remark on a page that is an error page; for files, :func:`missing` says which."""

Pages = dict[tuple["View", str | None], Page]


@dataclass(frozen=True)
class View:
    """One way to look: language, theme, and size of type."""

    lang: str
    scheme: str
    size: str | None = None

    def __str__(self) -> str:
        return f"{self.lang}-{self.scheme}" + (f"-{self.size}" if self.size else "")


def looks() -> Iterator[tuple[Listed, View]]:
    """Every page, languages and themes taking turns, so that each part is seen in all of them."""
    for number, listed in enumerate(everything()):
        lang, scheme = ("zh", "en")[number % 2], ("light", "dark")[number // 2 % 2]
        yield listed, View(lang, scheme)
        if number % ELDER_TOO == 0:
            yield listed, View("zh", scheme, "150")


def missing(answer: Response) -> list[str]:
    """The address of a file that a page asks for in vain."""
    is_file = answer.request.resource_type != "document"
    return [f"{answer.status} {answer.url}"] if is_file and answer.status >= 400 else []


def barriers(page: Page) -> list[str]:
    """What axe finds: the rule, where, and what it says."""
    found = page.evaluate(
        """tags => axe.run(document, {runOnly: tags, resultTypes: ["violations"]}).then(
            result => result.violations.flatMap(rule => rule.nodes.map(
                node => `${rule.id}: ${node.target} ${node.failureSummary}`)))""",
        TAGS,
    )
    return [str(entry) for entry in found]


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    """One window for each view and person, used again."""
    found: Pages = {}
    yield found
    for page in found.values():
        page.context.close()


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What the pages wrote to the console."""
    return []


@pytest.mark.parametrize(("listed", "view"), list(looks()), ids=str)
def test_a_page_has_no_barrier(
    listed: Listed, view: View, browser: Browser, site: Site, pages: Pages, said: list[str]
) -> None:
    said.clear()
    page = _page(pages, browser, site, listed.who, view, said)
    page.set_viewport_size({"width": WIDE, "height": 900})
    answer = page.goto(site.base + listed.path.format(**site.names))
    assert answer is not None
    assert answer.status == listed.status
    assert barriers(page) == []
    page.set_viewport_size({"width": NARROW if view.size is None else NARROW_ELDER, "height": 900})
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], "the page is wider than the window"
    assert [text for text in said if NO_PAGE not in text] == []


def _page(pages: Pages, browser: Browser, site: Site, who: str | None, view: View, said: list[str]) -> Page:
    if (view, who) not in pages:
        context = window(browser, site, who, view.lang, view.size, WIDE, view.scheme)
        context.add_init_script(AXE_SCRIPT)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("response", lambda answer: said.extend(missing(answer)))
        page.on("pageerror", lambda error: said.append(str(error)))
        pages[view, who] = page
    return pages[view, who]
