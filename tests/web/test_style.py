"""The shared layer of the pages: nothing in it that no page uses, and no colour outside the tokens."""

import re
from functools import cache
from pathlib import Path

import pytest

import app.web

WEB = Path(app.web.__file__).parent
TEMPLATES, STYLES, SCRIPTS = WEB / "templates", WEB / "static" / "css", WEB / "static" / "js"
TOKENS = "base.css"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")
WHITE_BEHIND_CODES = "background: #fff"
"""A QR code stands on white, whatever the theme, or no camera reads it."""
SHADE_BEHIND_DIALOG = "rgb(0 0 0 / .4)"


@cache
def used() -> str:
    """Everything that may name a class or a macro."""
    files = [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.svg"), *SCRIPTS.rglob("*.js"), *WEB.glob("*.py")]
    return "\n".join(path.read_text("utf-8") for path in files)


def macros(path: Path) -> list[str]:
    """The macros of a file that others may use."""
    return [name for name in re.findall(r"{% macro (\w+)", path.read_text("utf-8")) if not name.startswith("_")]


@pytest.mark.parametrize("sheet", sorted(path.name for path in STYLES.glob("*.css")))
def test_every_class_of_a_style_sheet_is_on_some_page(sheet: str) -> None:
    plain = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", (STYLES / sheet).read_text("utf-8"), flags=re.S)
    classes = set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", plain))
    assert sorted(name for name in classes if not _is_used(name)) == []


def _is_used(name: str) -> bool:
    """By its name, or by its beginning where a template puts it together: ``tag-{{ kind }}``."""
    if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", used()):
        return True
    begins = [re.escape(name[: at + 1]) for at, letter in enumerate(name) if letter == "-"]
    return any(re.search(rf'(?<![\w-]){start}(?:{{|"|\$)', used()) for start in begins)


@pytest.mark.parametrize("sheet", sorted(path.name for path in STYLES.glob("*.css") if path.name != TOKENS))
def test_a_style_sheet_takes_its_colours_from_the_tokens(sheet: str) -> None:
    found = (STYLES / sheet).read_text("utf-8")
    for allowed in (WHITE_BEHIND_CODES, SHADE_BEHIND_DIALOG):
        found = found.replace(allowed, "")
    assert COLOUR.findall(found) == []


def test_every_macro_is_used_by_a_page() -> None:
    for path in sorted((TEMPLATES / "components").glob("*.html")):
        calls = {name: rf"(?<!macro )\b{name}\(|import [^%]*\b{name} as " for name in macros(path)}
        assert [name for name, call in calls.items() if not re.search(call, used())] == [], path.name


@pytest.mark.parametrize("name", ["components/fields.html", "components/blocks.html"])
def test_the_style_guide_shows_every_component(name: str) -> None:
    guide = (TEMPLATES / "pages" / "style_guide.html").read_text("utf-8")
    missing = [macro for macro in macros(TEMPLATES / name) if not re.search(rf"\b{macro}\(", guide)]
    assert missing == []


def test_every_script_is_known_to_the_loader_and_asked_for_by_a_page() -> None:
    loader = (SCRIPTS / "main.js").read_text("utf-8")
    known = set(re.findall(r'"([a-z-]+)"', loader.partition("new Set(")[2].partition(")")[0]))
    modules = {path.stem for path in (SCRIPTS / "modules").glob("*.js")}
    asked = {word for value in re.findall(r'data-module="([^"{]+)"', used()) for word in value.split()}
    imported = set(re.findall(r'from "\./([\w-]+)\.js"', used()))
    assert asked <= known
    assert known <= modules
    assert modules - imported <= known
