"""The pictures in the READMEs: ``python -m tests.screenshots`` takes them anew, of the app as it is.

A small fictional province is made first, so that lists and charts have something to show; nobody in them is real.
Needs Chromium and a Chinese font, like the tests in a browser.
"""

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.usecases.province.building import build
from app.usecases.province.making import Order
from tests import factories
from tests.databases import SQLITE, databases
from tests.doors import FakeClock
from tests.running import opened, settings_for
from tests.web.listed import prepared

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Site

FOLDER: Final = Path(__file__).parent / "screenshots"
LANGS: Final = ("zh", "en")
CASES, DAYS, SEED = 400, 30, 5
COLOURS: Final = 128
"""Few enough for a small file, and enough for flat surfaces."""
SIZE: Final = {"width": 1280, "height": 860}
GUIDED: Final = "q.has_licence=no&q.subject=%E4%BC%81%E4%B8%9A&q.area_m2=320"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name, the address, and who looks."""

    name: str
    path: str
    who: str | None = None

    def file(self, lang: str) -> Path:
        """Where the picture is kept."""
        return FOLDER / f"{self.name}.{lang}.png"


SHOTS: Final = (
    Shot("guide", f"/bundles/catering/guide?ask=food_scope&{GUIDED}"),
    Shot("progress", "/applications/{watched}", "wang_owner"),
    Shot("desk", "/desk/{desk_task}", "officer.market.330802.1"),
    Shot("lights", "/supervision", "supervisor.330000"),
)


def take(page: "Page", site: "Site", shot: Shot, lang: str) -> None:
    """One picture, of as few colours as it looks well with. Ends the program when the page does not open."""
    from PIL import Image

    from tests.browser.conftest import dressed

    dressed(page.context, site, shot.who, lang)
    answer = page.goto(site.base + shot.path.format(**site.names))
    if answer is None or not answer.ok:
        raise SystemExit(f"{shot.path} does not open: no picture is taken of an error")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(shot.file(lang), optimize=True)


def main() -> None:
    """All pictures, in both languages."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import CHROMIUM, Site, reachable

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, databases(Path(name)) as room:
        settings = settings_for(room.migrated(SQLITE), Path(name) / "files")
        with opened(factories.catalogue(), settings, FakeClock()) as doors:
            build(doors.platform, Order(CASES, SEED, doors.clock.now, DAYS), lambda _: None)
            names = prepared(doors)
            with reachable(doors) as base, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                page = browser.new_context(reduced_motion="reduce", viewport=SIZE).new_page()
                for shot in SHOTS:
                    for lang in LANGS:
                        take(page, Site(base, doors, names), shot, lang)
                browser.close()


if __name__ == "__main__":
    main()
