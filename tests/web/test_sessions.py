"""Sign-ins at a browser: a new one each time, kept to TLS where there is TLS, and a page that shows and ends them."""

import pytest
from fastapi.testclient import TestClient

from app.catalogue.loader import Catalogue
from app.settings import Settings
from tests.doors import API, Doors, FakeClock
from tests.running import opened, settings_for
from tests.web.visitors import HTML, Visitor

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def whose(doors: Doors, token: str | None) -> str | None:
    """Who this token stands for; None when it is over."""
    answer = doors.client.get(f"{API}/sessions/me", headers={"Authorization": f"Bearer {token}"})
    return answer.json()["code"] if answer.status_code == 200 else None


def test_becoming_somebody_else_ends_what_one_was(doors: Doors, visitor: Visitor) -> None:
    citizen = visitor.sign_in("wang_owner").cookies["session"]
    officer = visitor.sign_in("officer.market.330802.1").cookies["session"]
    assert citizen != officer
    assert (whose(doors, citizen), whose(doors, officer)) == (None, "officer.market.330802.1")


def test_the_page_shows_ones_sign_ins_and_ends_them(doors: Doors, visitor: Visitor) -> None:
    elsewhere = Visitor(doors).sign_in("wang_owner").cookies["session"]
    program = doors.sign_in("wang_owner")["Authorization"].removeprefix("Bearer ")
    here = visitor.sign_in("wang_owner").cookies["session"]
    page = visitor.go("/my/sessions")
    assert len(page.one("tbody").all("tr")) == 3
    assert "当前登录" in page.one("main").text
    button = next(b for b in page.all("button", name="end") if len(b.get("value")) == 32)
    visitor.post("/my/sessions/end", {"end": button.get("value")})
    assert "登录已结束" in visitor.page.one("main").text
    assert [whose(doors, token) for token in (elsewhere, program)].count(None) == 1
    visitor.post("/my/sessions/end", {"end": "others"})
    assert [whose(doors, token) for token in (elsewhere, program, here)] == [None, None, "wang_owner"]
    visitor.post("/my/sessions/end", {"end": "all"})
    assert (whose(doors, here), "session" in visitor.cookies) == (None, False)
    assert visitor.go("/my/sessions").one("h1").text == visitor.go("/sign-in").one("h1").text


@pytest.mark.parametrize("role", ["officer.market.330802.1", "clerk.330802", "supervisor.330802"])
def test_officials_have_the_page_too(doors: Doors, visitor: Visitor, role: str) -> None:
    visitor.sign_in(role)
    assert len(visitor.go("/my/sessions").one("tbody").all("tr")) == 1
    visitor.post("/my/sessions/end", {"end": "0" * 32}, status=404)


def test_behind_tls_the_cookie_is_bound_to_this_host_and_browsers_are_told_to_keep_to_it(
    catalogue: Catalogue, settings: Settings
) -> None:
    secure = settings_for(settings.database_url, settings.files_folder, behind_tls=True)
    with opened(catalogue, secure, FakeClock()) as doors:
        answer = doors.client.post("/sign-in", data={"account": "wang_owner"}, headers=HTML, follow_redirects=False)
        name, _, rest = answer.headers["set-cookie"].partition("=")
        assert name == "__Host-session"
        said = rest.lower()
        assert all(part in said for part in ("secure", "httponly", "samesite=lax", "path=/"))
        assert "domain" not in said
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        token = rest.partition(";")[0]
        with TestClient(doors.client.app, base_url="https://office.example") as browser:
            own = {**HTML, "Cookie": f"__Host-session={token}"}
            page = browser.get("/my/sessions", headers=own)
            assert page.status_code == 200
            assert page.headers["cache-control"] == "private, no-store"
            assert page.headers["x-frame-options"] == "DENY"
            assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
            other = browser.get("/my/sessions", headers={**HTML, "Cookie": f"session={token}"}, follow_redirects=False)
            assert other.status_code == 303, "a cookie that another site could have set is nobody's"


def test_without_tls_nothing_promises_tls(doors: Doors, visitor: Visitor) -> None:
    visitor.sign_in("wang_owner")
    assert "strict-transport-security" not in doors.client.get("/").headers


def test_a_page_for_another_role_leads_to_signing_in_as_that_one(doors: Doors) -> None:
    visitor = Visitor(doors).sign_in("wang_owner")
    visitor.go("/desk", 403)
    visitor.follow("换个身份登录")
    assert visitor.page.one("main").all("button", name="account")
    assert {e.get("value") for e in visitor.page.one("main").all("input", name="back")} == {"/desk"}
