"""Lighthouse over the pages people meet, desktop and phone: scores, and every audit that is not passed.

Run ``python tests/bench/lighthouse.py [--only home,check] [--form mobile] [--least 99]`` from the root of the
repository. It needs Chromium and the npm package ``lighthouse`` (``npm install lighthouse`` in any folder, named by
``--folder`` or LIGHTHOUSE); where one of the two is missing it says so and stops with 0. It serves the app itself, with
invented cases, on a free port of this machine. The performance score depends on how busy the machine is; the other
three do not. With ``--least`` it stops with 1 when a score is below.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import httpx2
import uvicorn

from app.main import create_app
from tests import factories
from tests.databases import SQLITE, databases
from tests.doors import Doors, FakeClock
from tests.running import opened, settings_for
from tests.web.listed import prepared
from tests.web.visitors import HTML

OWNER, OFFICER, SUPERVISOR = "wang_owner", "officer.market.330802.1", "supervisor.330802"
CLERK, TAKER = "clerk.330802", "clerk.330881"
PAGES: dict[str, tuple[str, str | None]] = {
    "home": ("/", None),
    "bundle": ("/bundles/catering", None),
    "question": ("/bundles/catering/guide", None),
    "form": ("/applications/{draft}/form/business", OWNER),
    "check": ("/applications/{draft}/check", OWNER),
    "progress": ("/applications/{filed}", OWNER),
    "receipt": ("/applications/{filed}/receipt", OWNER),
    "counter": ("/counter", CLERK),
    "counter-cases": ("/counter/cases", CLERK),
    "notes": ("/together", TAKER),
    "desk": ("/desk", OFFICER),
    "task": ("/desk/{desk_task}", OFFICER),
    "supervision": ("/supervision", SUPERVISOR),
    "indicators": ("/indicators", SUPERVISOR),
    "lessons": ("/lessons", None),
    "my-data": ("/my/data", OWNER),
    "my": ("/my", OWNER),
    "halls": ("/halls", None),
    "errands": ("/applications/{filed}/halls", OWNER),
}
"""Name → address and who opens it."""
FORMS = ("desktop", "mobile")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PASSED = 1.0
TRIES = 3


@dataclass(frozen=True)
class Site:
    """The app as a browser reaches it."""

    base: str
    doors: Doors
    names: dict[str, str]


@contextmanager
def served() -> Iterator[Site]:
    """The app on a free port, with cases to look at."""
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as found:
        settings = settings_for(found.migrated(SQLITE), Path(folder) / "files")
        with opened(factories.catalogue(), settings, FakeClock()) as doors, socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            config = uvicorn.Config(create_app(settings, platform=doors.platform), log_level="warning")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.05)
            site = Site(f"http://127.0.0.1:{bound.getsockname()[1]}", doors, prepared(doors))
            for path, who in PAGES.values():  # a server that somebody has visited before
                cookie = {"Cookie": f"session={_token(doors, who)}"} if who else {}
                httpx2.get(site.base + path.format(**site.names), headers=HTML | cookie).raise_for_status()
            yield site
            server.should_exit = True
            thread.join(timeout=10)


def command(program: Path, chromium: str, site: Site, name: str, form: str, report: Path) -> list[str]:
    """One run; a page of somebody's own is opened with a sign-in's cookie."""
    path, who = PAGES[name]
    words = [str(program), site.base + path.format(**site.names), "--quiet", "--output=json", f"--output-path={report}"]
    words.append("--chrome-flags=--headless=new --no-sandbox --disable-gpu")
    words += ["--preset=desktop"] if form == "desktop" else []
    if who is not None:
        words.append("--extra-headers=" + json.dumps({"Cookie": f"session={_token(site.doors, who)}; lang=zh"}))
    return ["env", f"CHROME_PATH={chromium}", *words]


def measure(words: list[str]) -> None:
    """Run it; on a busy machine Chromium sometimes gives no trace, so once more, and once more."""
    for _ in range(TRIES - 1):
        if subprocess.run(words, check=False, stderr=subprocess.DEVNULL).returncode == 0:
            return
    subprocess.run(words, check=True)


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _token(doors: Doors, who: str) -> str:
    return doors.sign_in(who)["Authorization"].removeprefix("Bearer ")


def told(name: str, form: str, report: dict[str, Any]) -> int:
    """Print one report; the lowest of its scores."""
    scores = {category: round(100 * (report["categories"][category]["score"] or 0)) for category in CATEGORIES}
    say(f"{name:12} {form:8} " + "  ".join(f"{category} {score}" for category, score in scores.items()))
    for key, audit in report["audits"].items():
        if audit["score"] is not None and audit["score"] < PASSED and not key.endswith("-insight"):
            say(f"    {audit['score']:.2f} {key}: {audit.get('displayValue') or audit['title']}")
            items = (audit.get("details") or {}).get("items") or []
            for item in list(items)[:3]:
                say(f"         {json.dumps(item, ensure_ascii=False)[:200]}")
    return min(scores.values())


def main() -> int:
    """Every page that was asked for, in every form."""
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    wishes.add_argument("--only", default=",".join(PAGES), help="names of pages, with commas between them")
    wishes.add_argument("--form", choices=FORMS, action="append")
    wishes.add_argument("--folder", default=os.environ.get("LIGHTHOUSE", "."), help="where lighthouse is installed")
    wishes.add_argument("--least", type=int, default=0)
    wish = wishes.parse_args()
    program = Path(wish.folder) / "node_modules" / ".bin" / "lighthouse"
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not program.exists() or chromium is None:
        say(f"skipped: {'no Chromium' if chromium is None else f'no {program}: npm install lighthouse'}")
        return 0
    lowest = 100
    with served() as site, tempfile.TemporaryDirectory() as folder:
        for name in wish.only.split(","):
            for form in wish.form or FORMS:
                report = Path(folder) / f"{name}-{form}.json"
                measure(command(program, chromium, site, name, form, report))
                lowest = min(lowest, told(name, form, json.loads(report.read_text("utf-8"))))
    return 1 if lowest < wish.least else 0


if __name__ == "__main__":
    raise SystemExit(main())
