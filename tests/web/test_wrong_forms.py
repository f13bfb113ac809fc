"""Whatever is filled in wrongly: the page comes again in the visitor's language, every line of its summary leads to a
control that is there, says what to do, and what was typed stays."""

import re

import pytest

from tests.doors import Doors
from tests.web.html import Element
from tests.web.listed import prepared
from tests.web.listed_citizen import OWNER
from tests.web.listed_wrong import WRONG
from tests.web.visitors import Visitor

CHINESE = re.compile(r"[\u4e00-\u9fff]")
EXAMPLE = re.compile(r"for example.*", re.IGNORECASE)
"""What stands for a value that people write in Chinese may be Chinese."""


@pytest.fixture(scope="module")
def site(shared_doors: Doors) -> tuple[Doors, dict[str, str]]:
    """One app with something to fill in wrongly; nothing of it is changed."""
    return shared_doors, prepared(shared_doors)


def is_there(page: Element, href: str) -> bool:
    """Whether a line of the summary leads somewhere: to an element of this page, or to another page."""
    return href.startswith("/") or bool(href.startswith("#") and page.all(id=href[1:]))


def complaints(page: Element, lang: str) -> list[str]:
    """What is wrong with how a page says what is wrong."""
    (summary,) = page.all(class_="error-summary")
    links = summary.all("a")
    found = [f"leads nowhere: {a.get('href')}" for a in links if not is_there(page, a.get("href"))]
    if lang == "en":
        found += [f"Chinese: {a.text}" for a in links if CHINESE.search(EXAMPLE.sub("", a.text))]
    for control in page.all("", aria_invalid="true"):
        told = [page.all(id=name) for name in control.get("aria-describedby").split()]
        found += [] if told and all(told) else [f"described by nothing: {control.get('name')}"]
    return found


def test_every_line_of_a_summary_leads_to_its_control(site: tuple[Doors, dict[str, str]]) -> None:
    doors, names = site
    found = {}
    for who in sorted({wrong.who or "" for wrong in WRONG}):
        visitor = Visitor(doors).sign_in(who) if who else Visitor(doors)
        visitor.cookies.set("lang", "en")
        for wrong in (wrong for wrong in WRONG if (wrong.who or "") == who):
            page = visitor.post(wrong.action.format(**names), wrong.sent(names), 422)
            found[str(wrong)] = complaints(page, "en")
    assert {action: wrong for action, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_form_says_of_every_field_what_to_do(site: tuple[Doors, dict[str, str]], lang: str) -> None:
    doors, names = site
    visitor = Visitor(doors).sign_in(OWNER)
    visitor.cookies.set("lang", lang)
    draft = f"/applications/{names['empty']}"
    groups = [a.get("href") for a in visitor.go(draft).one("main").all("a") if "/form/" in a.get("href")]
    seen = 0
    for group in groups:
        page = visitor.go(f"{group}?check=1")
        if page.all(class_="error-summary"):
            seen += 1
            assert complaints(page, lang) == []
    assert seen > 2


def test_what_one_chooses_is_asked_for_in_words_of_the_choice(site: tuple[Doors, dict[str, str]]) -> None:
    doors, names = site
    visitor = Visitor(doors).sign_in(OWNER)
    visitor.cookies.set("lang", "en")
    said = visitor.go(f"/applications/{names['empty']}/form/business?check=1").one(class_="error-summary").text
    assert "Choose: Food business category." in said
    assert "Answer yes or no: Selling online." in said
