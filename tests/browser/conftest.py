"""A real browser before a real server: Debian's Chromium, driven by Playwright."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn

from app.catalogue.loader import Catalogue
from app.main import create_app
from tests.databases import SQLITE, Databases, give_up
from tests.doors import Doors, FakeClock
from tests.running import free_port, opened, settings_for
from tests.web.listed import prepared

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
expect.set_options(timeout=30_000)  # what is waited for comes when the machine has time for it


@dataclass(frozen=True)
class Site:
    """The app as a browser reaches it, with something to look at."""

    base: str
    doors: Doors
    names: dict[str, str]
    tokens: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="session")
def site(catalogue: Catalogue, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests; pages do not depend on the kind of database."""
    url = databases.migrated(SQLITE)
    settings = settings_for(url, tmp_path_factory.mktemp("files"))
    with opened(catalogue, settings, FakeClock()) as doors, reachable(doors) as base:
        yield Site(base, doors, prepared(doors))


@contextmanager
def reachable(doors: Doors) -> Iterator[str]:
    """The app behind the doors on a port of its own: the address."""
    port = free_port()
    app = create_app(doors.platform.settings, platform=doors.platform)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it the tests are skipped, or fail where everything is required."""
    chromium = shutil.which("chromium") or CHROMIUM
    if not Path(chromium).exists():
        give_up("no Chromium: install the package chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """``visit(path, who, …)``: a page in a window of its own. Every word on the console fails the test."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def opened_page(path: str, who: str | None = None, **wishes: object) -> Page:
        context = window(browser, site, who, **wishes)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site.base + path.format(**site.names))
        return page

    yield opened_page
    for context in contexts:
        context.close()
    assert said == []


def window(
    browser: Browser,
    site: Site,
    who: str | None = None,
    lang: str = "zh",
    size: str | None = None,
    width: int = 1280,
    scheme: str = "light",
    scripts: bool = True,
) -> BrowserContext:
    """A window with its own cookies."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    dressed(context, site, who, lang, size)
    return context


def dressed(
    context: BrowserContext,
    site: Site,
    who: str | None = None,
    lang: str = "zh",
    size: str | None = None,
    xray: bool = False,
) -> None:
    """Cookies of somebody: who has signed in (once for the whole run), language, size of type, x-ray."""
    cookies = {"lang": lang, **({"size": size} if size else {}), **({"xray": "on"} if xray else {})}
    if who:
        if who not in site.tokens:
            site.tokens[who] = site.doors.sign_in(who)["Authorization"].removeprefix("Bearer ")
        cookies["session"] = site.tokens[who]
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": value, "url": site.base} for name, value in cookies.items()])
