"""What holds for every page, in both languages: a page that can be heard, walked through by keyboard and read. In
one of the languages the x-ray is on: it tells what was read, and every command that it shows works."""

import re
from itertools import pairwise

import pytest

from app.domain.vocabulary import ILLUSTRATIVE
from tests.doors import Doors
from tests.web import xrayed
from tests.web.html import Element
from tests.web.listed import Listed, everything, prepared
from tests.web.visitors import Visitor

LANGUAGES = ("zh", "en")
CONTROLS = {"input", "select", "textarea"}
XRAYED = "en"
"""The language in which pages are opened with the x-ray on."""
UNSAID = {"code", "pre", "textarea", "script", "label", "option"}
UNSAID_CLASSES = {"mono", "hint", "error-text", "error-summary"}
READ_NOTHING = {"/style-guide", "/search", "/progress", "/verify", "/lessons", "/counter/intake", "/data-requests/new"}
"""Pages that are a form or words and nothing else, by their address without a query."""


@pytest.fixture(scope="module")
def world(shared_doors: Doors) -> tuple[Doors, dict[str, str]]:
    """One app with something to look at; pages do not depend on the kind of database."""
    return shared_doors, prepared(shared_doors)


@pytest.fixture(scope="module")
def visitors() -> dict[str | None, Visitor]:
    """Browsers, by who has signed in."""
    return {}


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    """Each page is opened in each language."""
    found: str = request.param
    return found


@pytest.fixture(params=everything(), ids=str)
def listed(request: pytest.FixtureRequest) -> Listed:
    """Each page."""
    found: Listed = request.param
    return found


@pytest.fixture
def visitor(
    listed: Listed, world: tuple[Doors, dict[str, str]], visitors: dict[str | None, Visitor], lang: str
) -> Visitor:
    """Somebody who may open the page, and has."""
    doors, names = world
    if listed.who not in visitors:
        visitors[listed.who] = Visitor(doors)
        if listed.who:
            visitors[listed.who].sign_in(listed.who)
    opener = visitors[listed.who]
    opener.cookies.set("lang", lang)
    opener.cookies.set("xray", "on" if lang == XRAYED else "off")
    opener.go(listed.path.format(**names), listed.status)
    return opener


@pytest.fixture(scope="module")
def ran() -> set[tuple[str | None, str]]:
    """Commands that have been run, with who ran them: many pages show the same."""
    return set()


def test_every_page_can_be_heard_walked_through_and_read(
    visitor: Visitor, listed: Listed, lang: str, ran: set[tuple[str | None, str]]
) -> None:
    _has_one_heading_and_landmarks(visitor.page, lang)
    _labels_every_control(visitor.page)
    _names_everything_once(visitor.page)
    _holds_no_script_or_style_of_its_own(visitor.page)
    _says_it_as_people_do(visitor.page.one("main"), listed, lang)
    _draws_no_black_boxes(visitor.page)
    if lang == XRAYED and listed.status == 200:
        _tells_what_was_read(visitor, listed, ran)


def _says_it_as_people_do(main: Element, listed: Listed, lang: str) -> None:
    """Offices by their names, days as the language writes them, no mark of one language after a word of the other."""
    said = _prose(main)
    assert not re.search(r"\b[a-z_]+\.33\d{4}\b", said), "an office by its code"
    assert not re.search(r"&(?:#\d+|amp|lt|gt|quot);", said), "escaped twice"
    if not listed.path.startswith("/catalogue/"):  # what an author wrote is shown as it was written
        assert re.findall(r"\b20\d\d-\d\d-\d\d\b(?!-)", said) == []
    if lang == "en":
        assert re.findall(r"[a-z)][（）、：；，。]|[（、：；，。][a-z]", said) == []


def _draws_no_black_boxes(page: Element) -> None:
    """Without a style sheet a shape without a fill is black, and so are the words before it."""
    for group in page.all("g"):
        shapes = [own for own in group.children if isinstance(own, Element)]
        if any(own.tag == "text" for own in shapes):
            assert all(own.get("fill") for own in shapes if own.tag == "rect"), group.text


def _prose(element: Element) -> str:
    """What it says, but for what is typed, codes, numbers of cases, and examples of how to type."""
    if element.tag in UNSAID or UNSAID_CLASSES & set(element.get("class").split()):
        return " "
    return f" {''.join(own if isinstance(own, str) else _prose(own) for own in element.children)} "


def _tells_what_was_read(visitor: Visitor, listed: Listed, ran: set[tuple[str | None, str]]) -> None:
    shown = xrayed.shown(visitor.page)
    path = listed.path.partition("?")[0]
    assert shown or path in READ_NOTHING or path.startswith("/lessons/") or path.endswith("/contest"), "nothing is told"
    for operation, command in shown:
        if (listed.who, command) not in ran:
            ran.add((listed.who, command))
            answer = xrayed.run(visitor.doors, command, visitor.cookies.get("session") or "")
            assert answer.is_success, (operation, command, answer.text[:300])


def _has_one_heading_and_landmarks(page: Element, lang: str) -> None:
    assert page.one("html").get("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert page.one("h1").text
    assert page.one("title").text.endswith({"zh": "一件事", "en": "One Thing"}[lang])
    assert page.one("main").all("h1")
    assert page.all("header")
    assert {"zh": ILLUSTRATIVE.zh, "en": ILLUSTRATIVE.en}[lang] in page.one("footer").text
    assert page.all("a")[0].get("href") == "#main"
    levels = [int(e.tag[1]) for e in page.one("main").walk() if e.tag in {"h1", "h2", "h3", "h4"}]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def _labels_every_control(page: Element) -> None:
    labelled = {label.get("for") for label in page.all("label")}
    for control in page.walk():
        if control.tag in CONTROLS and control.get("type") != "hidden":
            assert control.get("id") in labelled or control.get("aria-label"), control.attributes
        if control.tag in {"button", "a"} and not control.all("svg"):
            assert control.text or control.get("aria-label"), control.attributes
        if control.tag == "fieldset":
            assert control.all("legend"), control.attributes
        if control.tag == "table":
            assert control.all("caption"), control.text[:80]
        if control.tag == "form":
            assert control.get("method") in {"get", "post"}, control.attributes


def _names_everything_once(page: Element) -> None:
    ids = [element.get("id") for element in page.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    assert all(ids)
    for element in page.walk():
        for name in ("aria-describedby", "aria-labelledby", "for", "form"):
            assert set(element.get(name).split()) <= set(ids), (name, element.attributes)
        if element.tag == "a" and element.get("href").startswith("#") and len(element.get("href")) > 1:
            assert element.get("href")[1:] in ids, element.get("href")


def _holds_no_script_or_style_of_its_own(page: Element) -> None:
    for element in page.walk():
        assert element.tag != "style"
        assert "style" not in element.attributes, element.attributes
        assert not [name for name in element.attributes if name.startswith("on")], element.attributes
        if element.tag == "script":
            assert element.get("src").startswith("/assets/")
        for name in ("src", "href", "action"):
            assert element.get(name).startswith(("/", "#", "?", "mailto:", "tel:", "")), element.attributes
            assert not element.get(name).startswith(("http:", "https:", "//", "javascript:")), element.attributes
