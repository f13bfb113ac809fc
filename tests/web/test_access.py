"""Who may open which page and send which form: every route of the pages, tried by everybody whom the API turns away."""

import pytest
from httpx2 import Response

from app.main import create_app
from app.settings import Settings
from app.transport.doors import Door
from tests.api.matrix import PEOPLE, Target, target
from tests.doors import Doors
from tests.web.pages_matrix import PAGES, Page
from tests.web.visitors import HTML

TURNED_AWAY = {401, 403, 404}
GUARDED = [name for name, page in PAGES.items() if not page.is_public]
STREAMS = "GET /applications/{application_id}/stream"
"""Goes on for minutes for whoever is let in."""


@pytest.fixture(scope="module")
def house(shared_doors: Doors) -> tuple[Doors, dict[str, Target]]:
    """One app, and what has been made in it; who is turned away changes nothing, so all pages may share it."""
    return shared_doors, {}


def test_every_page_has_a_row_and_every_row_a_page() -> None:
    routes = create_app(Settings(_env_file=None)).routes
    ours = [route for route in routes if isinstance(route, Door) and route.endpoint.__module__.startswith("app.web.")]
    assert {f"{method} {route.path}" for route in ours for method in route.methods} == PAGES.keys()


@pytest.mark.parametrize("name", GUARDED)
def test_whom_the_api_turns_away_the_page_turns_away(house: tuple[Doors, dict[str, Target]], name: str) -> None:
    doors, made = house
    page = PAGES[name]
    on = made.setdefault(page.on, target(doors, page.on))
    before = doors.platform.store.read(lambda reader: (reader.application(on.id), reader.events(on.id)))
    let_in: list[bool] = []
    for person, who in PEOPLE.items():
        answer = page.row.statuses[person]
        if answer in TURNED_AWAY and person not in page.also:
            found = asked(doors, name, on, who)
            assert is_turned_away(found) or told(found, on) == told(asked(doors, name, Target(), who), Target()), person
        elif answer < 400 and name.startswith("GET") and name != STREAMS and page.is_there and not any(let_in):
            let_in.append(asked(doors, name, on, who).status_code < 400)
    assert not let_in or any(let_in), "a row that fits nobody shows nothing"
    assert doors.platform.store.read(lambda reader: (reader.application(on.id), reader.events(on.id))) == before


def asked(doors: Doors, name: str, on: Target, who: str | None) -> Response:
    """What a browser is told, before it follows where it is led."""
    method, _, path = name.partition(" ")
    page: Page = PAGES[name]
    token = doors.sign_in(who)["Authorization"].removeprefix("Bearer ") if who else ""
    form = {"application": on.id, **page.form}
    return doors.client.request(
        method,
        page.address(path, on),
        headers={**HTML, **({"Cookie": f"session={token}"} if token else {})},
        follow_redirects=False,
        **({"data": form} if method == "POST" else {}),
    )


def is_turned_away(answer: Response) -> bool:
    """Refused, whatever the reason, or led to where one signs in. Whether 404 tells nothing is the API's own test."""
    return answer.status_code in TURNED_AWAY or answer.headers.get("location", "").startswith("/sign-in")


def told(answer: Response, on: Target) -> tuple[int, str, str]:
    """Everything that is said, but for what was asked for."""
    text, led = answer.text, answer.headers.get("location", "")
    for part in sorted({*on.parts.values(), on.paper}, key=len, reverse=True):
        text, led = text.replace(part, "…"), led.replace(part, "…")
    return answer.status_code, led, text
