"""Every page, in a real browser: no barrier that axe can find, nothing on the console, nothing cut off, nothing unseen.

A page is loaded once; languages, themes, large type and the x-ray take turns over the list. axe looks at the page as it
was loaded; its two rules that take six times as long as all others together take turns too. What they measure, and what
axe does not, every page is asked itself (``looking.js``), in states that need no second load: both themes, strong and
forced colours, 320 pixels, letters four times as large, 长辈版, and words much longer than anybody meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Response

from tests.browser.conftest import Site, dressed, window
from tests.web.listed import Listed, everything
from tests.web.listed_wrong import WRONG, Wrong

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKING = (Path(__file__).parent / "looking.js").read_text("utf-8")
WIDE, PHONE, NARROW, HEIGHT = 1280, 375, 320, 900
"""Widths in pixels; 320 is what a window of 1280 has left at 400 percent."""
EVERYTHING = "a[href], button, input:not([type=hidden]), select, textarea, summary"
TYPED = "input:not([type=hidden], [type=radio], [type=checkbox])"
MAIN = f".button, {TYPED}, .choice input, select, .tool, .site-nav a"
LEAST, LEAST_TOUCH, LEAST_ELDER = 24, 44, 60
"""Pixels that a target measures: any, one for a finger, and a main one in large type."""
NO_PAGE = "Failed to load resource"
"""The browser's remark on a page that is an error page; for files, :func:`missing` says which."""
FIRST_VISIT = 60_000
"""Bytes that a page may have with all its files."""
ELDER_EVERY, XRAY_EVERY, SLOW_EVERY = 5, 7, 4
"""Every so manieth page is loaded in large type, with the x-ray, and judged by axe's slow rules."""
SLOW = ("color-contrast", "target-size")
TOLD_APART = frozenset(
    {
        "/bundles/house/stories/house_full",
        "/applications/{draft}/materials",
        "/applications/{birth}/consents",
        "/my/certificates",
    }
)
"""Long lists of the same buttons and links: whoever hears them can tell which is which."""


@dataclass(frozen=True)
class View:
    """One way to look: language, theme, size of type, whether the x-ray is on, and which of axe's rules are spared."""

    lang: str
    scheme: str
    size: str | None = None
    xray: bool = False
    spared: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "-".join(filter(None, (self.lang, self.scheme, self.size, "xray" if self.xray else "")))


@dataclass
class Window:
    """The one window of this run, and what its pages said on the console."""

    page: Page
    said: list[str] = field(default_factory=list)
    width: int = 0
    media: dict[str, str] = field(default_factory=dict)

    def look(self, width: int, **media: Any) -> None:
        """Be so wide, in these colours; what is so already is not asked for again."""
        media = {"contrast": "no-preference", "forced_colors": "none", **media}
        if media != self.media:
            self.page.emulate_media(**media)
            self.media = media
        self.resize(width)

    def resize(self, width: int) -> None:
        """Be so wide."""
        if width != self.width:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.width = width

    def ask(self, question: str, *given: object) -> list[str]:
        """What the page answers about itself."""
        found: list[str] = self.page.evaluate(f"given => looking.{question}(...given)", list(given))
        return found


def view_of(number: int) -> View:
    """Languages and themes taking turns, so that each part is seen in all of them."""
    size = ("125", "150", "200")[number % 3] if number % ELDER_EVERY == 0 else None
    spared = () if number % SLOW_EVERY == number // SLOW_EVERY % SLOW_EVERY else SLOW
    return View(("zh", "en")[number % 2], ("light", "dark")[number // 2 % 2], size, number % XRAY_EVERY == 0, spared)


def missing(answer: Response) -> list[str]:
    """The address of a file that a page asks for in vain."""
    is_file = answer.request.resource_type != "document"
    return [f"{answer.status} {answer.url}"] if is_file and answer.status >= 400 else []


def barriers(page: Page, spared: tuple[str, ...] = ()) -> list[str]:
    """What axe finds: the rule, where, and what it says."""
    found = page.evaluate(
        """([tags, spared]) => axe.run(document, {
            runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
            rules: Object.fromEntries(spared.map(rule => [rule, {enabled: false}])),
        }).then(result => result.violations.flatMap(rule => rule.nodes.map(
            node => `${rule.id}: ${node.target} ${node.failureSummary}`)))""",
        [TAGS, list(spared)],
    )
    return [str(entry) for entry in found]


@pytest.fixture(scope="module")
def one(browser: Browser, site: Site) -> Iterator[Window]:
    """One window, used again."""
    context = window(browser, site)
    context.add_init_script(AXE_SCRIPT)
    context.add_init_script(LOOKING)
    found = Window(context.new_page())
    found.page.on("console", lambda message: found.said.append(message.text))
    found.page.on("response", lambda answer: found.said.extend(missing(answer)))
    found.page.on("pageerror", lambda error: found.said.append(str(error)))
    yield found
    context.close()


@pytest.mark.parametrize(
    ("listed", "view"), [(listed, view_of(number)) for number, listed in enumerate(everything())], ids=str
)
def test_a_page_has_no_barrier_in_any_state(listed: Listed, view: View, one: Window, site: Site) -> None:
    answer = _open(one, site, listed, view)
    assert answer is not None
    assert answer.status == listed.status
    if listed.path in TOLD_APART:
        assert one.ask("alike") == []
    _is_without_barrier(one, view)


@pytest.mark.parametrize(
    ("wrong", "view"), [(wrong, view_of(number + 1)) for number, wrong in enumerate(WRONG)], ids=str
)
def test_a_form_that_was_filled_in_wrongly_has_no_barrier_either(
    wrong: Wrong, view: View, one: Window, site: Site
) -> None:
    _open(one, site, wrong.listed, view)
    with one.page.expect_navigation() as sent:
        one.page.evaluate(SENDS, [wrong.action.format(**site.names), wrong.sent(site.names)])
    assert sent.value is not None
    assert sent.value.status == 422
    assert one.page.evaluate("document.activeElement.matches('.error-summary')"), "the summary is heard first"
    _is_without_barrier(one, view)


SENDS = """([action, data]) => {
    const form = document.createElement("form");
    Object.assign(form, {method: "post", action});
    for (const [name, value] of Object.entries(data)) {
        form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    }
    document.body.append(form);
    form.submit();
}"""


def _open(one: Window, site: Site, listed: Listed, view: View) -> Response | None:
    one.said.clear()
    dressed(one.page.context, site, listed.who, view.lang, view.size, view.xray)
    one.look(WIDE, color_scheme=view.scheme)
    return one.page.goto(site.base + listed.path.format(**site.names))


def _is_without_barrier(one: Window, view: View) -> None:
    complaints = {
        "weight": one.ask("weight", FIRST_VISIT),
        "shift": one.ask("shifts"),
        "order": one.ask("order"),
        "axe": barriers(one.page, view.spared),
    }
    complaints |= _colours(one, view) | _sizes(one, view)
    complaints["console"] = [text for text in one.said if NO_PAGE not in text]
    assert {state: found for state, found in complaints.items() if found} == {}


def _colours(one: Window, view: View) -> dict[str, list[str]]:
    """Text, edges and focus rings in every set of colours."""
    other = "light" if view.scheme == "dark" else "dark"
    found = {}
    for name, media in {
        "theme": {"color_scheme": view.scheme},
        "other theme": {"color_scheme": other},
        "strong": {"color_scheme": view.scheme, "contrast": "more"},
        "forced": {"color_scheme": other, "forced_colors": "active"},
    }.items():
        one.look(WIDE, **media)
        found[name] = one.ask("contrast") + one.ask("focus")
    return found


def _sizes(one: Window, view: View) -> dict[str, list[str]]:
    """Nothing wider than the window, and targets as large as they must be."""
    found = {}
    one.look(WIDE, color_scheme=view.scheme)
    if view.size is None:
        one.resize(NARROW)
        found["320"] = (
            one.ask("wide")
            + one.ask("order")
            + one.ask("small", EVERYTHING, LEAST)
            + one.ask("small", MAIN, LEAST_TOUCH)
        )
        one.resize(WIDE)
        one.ask("enlarge", 400)
        found["four times"] = one.ask("wide")
        one.ask("enlarge", 100)
        one.ask("elder", "200")
    one.resize(PHONE)
    found["elder"] = one.ask("wide") + one.ask("small", MAIN, LEAST_ELDER) + one.ask("small", EVERYTHING, LEAST_TOUCH)
    if view.size is None:
        one.ask("elder", None)
        one.resize(NARROW)
        one.ask("lengthen")
        found["long words"] = one.ask("wide")
    return found


WRONGLY_MADE = """<!doctype html><html lang="en"><title>Wrongly made</title><body style="background: #fff; margin: 0">
<style>a:focus { outline: 0 }</style><main>
<p style="color: #777">Too pale</p><p style="color: #888; font-size: 24px">Large and pale</p>
<a href="#x">no ring</a>
<input aria-label="faint" style="border: 1px solid #ddd; background: #fff; height: 9px; box-sizing: border-box">
<div style="width: 1400px; white-space: nowrap">Wider than the window</div></main></body></html>"""


def test_what_is_wrong_is_seen(one: Window) -> None:
    one.said.clear()
    one.look(WIDE, color_scheme="light")
    one.page.goto("about:blank")
    one.page.set_content(WRONGLY_MADE)
    assert [entry.partition(":")[0] for entry in one.ask("contrast")] == ["text 4.48", "edge 1.36"]
    assert [entry for entry in one.ask("focus") if "no ring" in entry]
    assert one.ask("wide")[0] == "1400 > 1280"
    assert [entry for entry in one.ask("small", EVERYTHING, LEAST) if "×9: input" in entry]
