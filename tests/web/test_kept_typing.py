"""What was typed is not lost: the sign-in ends, the server is away, or the same draft is open on another device."""

from collections.abc import Callable
from typing import Any

from app.catalogue.loader import Catalogue
from app.settings import Settings
from app.transport.pace import Limiter
from tests.doors import Doors, FakeClock
from tests.running import opened, settings_for
from tests.web.html import Element
from tests.web.visitors import Visitor

VisitAs = Callable[[str], Visitor]
OWNER = "wang_owner"
FLOORS = "form.floors"


def shown(page: Element, name: str = FLOORS) -> str:
    """What a control holds."""
    return page.one("input", name=name).get("value")


def kept(doors: Doors, path: str) -> Any:
    """What the draft holds."""
    return doors.stored(path.split("/")[2]).form


def premises(doors: Doors) -> str:
    """The address of one part of the form of a new draft."""
    return f"/applications/{doors.draft('catering_simple')['id']}/form/premises"


def test_a_form_whose_sign_in_ended_is_sent_again_after_signing_in(visit_as: VisitAs, doors: Doors) -> None:
    visitor, path = visit_as(OWNER), premises(doors)
    visitor.go(path)
    token = visitor.cookies["session"]
    visitor.cookies.delete("session")
    visitor.submit(path, ("save", "next"), 401, form__floors="地下一层\n夹层")
    assert visitor.heading == "登录已经结束"
    again = visitor.page.one("form", action=path)
    assert "\n地下一层\n夹层" in [control.children[0] for control in again.all("textarea", name=FLOORS)]
    assert [link.get("target") for link in visitor.page.one("main").all("a") if "sign-in" in link.get("href")] == [
        "_blank"
    ]
    visitor.cookies.set("session", token)
    visitor.submit(path)
    assert kept(doors, path)["floors"].startswith("地下一层")


def test_nothing_is_held_for_whoever_sends_nothing_or_too_much(visitor: Visitor, doors: Doors) -> None:
    path = premises(doors)
    visitor.post(path)
    assert visitor.path == "/sign-in"
    visitor.post(path, {FLOORS: "长" * 30_000})
    assert visitor.path == "/sign-in"
    visitor.post(
        f"{path.partition('/form')[0]}/materials/layout", files={"materials.layout": ("a.pdf", b"%PDF")}, status=401
    )
    assert "重新登录" in visitor.page.one("main").text
    visitor.post(path, {FLOORS: '"><script>alert(1)</script>', "form.contact_phone": "138" + "00138000"}, 401)
    assert visitor.page.all("script", src="") == []
    assert "13800138000" not in visitor.response.text, "what looks real is not shown again"  # type: ignore[union-attr]


def test_a_form_that_came_too_often_is_on_the_page_and_goes_through_later(
    catalogue: Catalogue, settings: Settings
) -> None:
    slow = settings_for(settings.database_url, settings.files_folder, rate_limits="on", rates="write=2")
    with opened(catalogue, slow, FakeClock()) as doors:
        visitor, path = Visitor(doors).sign_in(OWNER), premises(doors)
        visitor.go(path)
        visitor.submit(path, ("save", "later"), form__floors="地上二层")
        visitor.go(path)
        visitor.submit(path, ("save", "next"), 429, form__floors="地上三层")
        assert "没有丢" in visitor.page.one("main").text
        doors.client.app.state.limiter = Limiter(None)  # type: ignore[attr-defined]
        visitor.submit(path)
        assert kept(doors, path)["floors"] == "地上三层"


def test_an_older_page_takes_nothing_back_and_both_changes_of_one_field_are_asked_about(
    visit_as: VisitAs, doors: Doors
) -> None:
    phone, desktop, path = visit_as(OWNER), visit_as(OWNER), premises(doors)
    phone.go(path)
    desktop.go(path)
    phone.submit(path, ("save", "later"), form__floors="手机上填的")
    desktop.submit(path, ("save", "later"), form__premises_area="61")
    stored = kept(doors, path)
    assert (stored["floors"], stored["premises_area"]) == ("手机上填的", 61)
    desktop.go(path)
    phone.go(path)
    phone.submit(path, ("save", "later"), form__floors="一层")
    desktop.submit(path, ("save", "later"), 409, form__floors="二层")
    assert "另一台设备" in desktop.page.one(class_="error-summary").text
    assert shown(desktop.page) == "二层"
    desktop.submit(path, ("save", "later"))
    assert kept(doors, path)["floors"] == "二层", "pressed again it is meant"


def test_autosave_knows_its_own_changes(visit_as: VisitAs, doors: Doors) -> None:
    visitor, path = visit_as(OWNER), premises(doors)
    was = visitor.go(path).one("input", name="was").get("value")
    for floors in ("一", "一层"):
        data = {FLOORS: floors, "was": was, "save": "auto"}
        visitor.post(path, data, 204)
        assert visitor.response is not None
        was = visitor.response.headers["X-Was"]
    assert kept(doors, path)["floors"] == "一层"


def test_a_page_of_a_draft_that_was_submitted_elsewhere_leads_to_its_progress(visit_as: VisitAs, doors: Doors) -> None:
    visitor, path = visit_as(OWNER), premises(doors)
    visitor.go(path)
    doors.post(f"{path.partition('/form')[0]}/submit", OWNER)
    visitor.submit(path, ("save", "next"), form__floors="晚了一步")
    assert visitor.path == path.partition("/form")[0]
    assert "已经提交" in visitor.page.one("main").text
