"""Whatever is sent to a page, it answers with a page: no stack trace, nothing of the sender's run as code."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.crafted import pdf
from tests.doors import Doors
from tests.web.html import parsed
from tests.web.listed import everything
from tests.web.visitors import HTML, Visitor

OWNER = "wang_owner"
EVIL = ("<script>alert(1)</script>", "\x00", "'\"><img src=x onerror=alert(1)>", "{{ 7*7 }}", "%00", "‮", "𠀀" * 50)
VisitAs = Callable[[str], Visitor]


def answers(doors: Doors, visitor: Visitor, method: str, path: str, **request: Any) -> int:
    """The status of one request, which must be a page, a file or a redirect, and run nothing of what was sent."""
    doors.client.cookies = visitor.cookies
    headers = {**HTML, **request.pop("headers", {})}
    answer = doors.client.request(method, path, headers=headers, follow_redirects=True, **request)
    assert answer.status_code < 500, (path, request, answer.text[:2000])
    if "html" in answer.headers.get("content-type", ""):
        page = parsed(answer.text)
        assert not [script for script in page.all("script") if not script.get("src").startswith("/assets/")]
        assert not [element for element in page.walk() if any(name.startswith("on") for name in element.attributes)]
        assert "49" not in page.one("title").text
    return answer.status_code


@pytest.mark.parametrize("evil", EVIL)
def test_an_address_can_hold_anything(doors: Doors, visit_as: VisitAs, evil: str) -> None:
    visitor = visit_as(OWNER)
    patterns = {listed.path.partition("?")[0] for listed in everything() if "{" not in listed.path}
    for path in sorted(patterns):
        query = dict.fromkeys(("q", "for", "line", "at", "back", "ask", "cursor", "notice", "reference"), evil)
        answers(
            doors, visitor, "GET", path, params={**query, "q.area_m2": evil, "q.food_scope": evil, "was.sign": evil}
        )
    for pattern in (
        "/bundles/{}",
        "/items/{}",
        "/papers/{}",
        "/applications/{}",
        "/my/matters/{}",
        "/bundles/{}/guide",
    ):
        answers(doors, visitor, "GET", pattern.format(evil.replace("/", "").replace("\x00", "%00") or "-"))


@pytest.mark.parametrize("evil", EVIL)
def test_a_form_can_hold_anything(doors: Doors, visit_as: VisitAs, evil: str) -> None:
    visitor = visit_as(OWNER)
    draft = f"/applications/{doors.draft('catering_full')['id']}"
    filed = f"/applications/{doors.file('catering_simple').id}"
    names = (
        "text",
        "item",
        "level",
        "stage",
        "tags",
        "reason",
        "action",
        "later",
        "declined",
        "key",
        "story",
        "region",
    )
    everywhere = dict.fromkeys((*names, "bundle", "account", "back", "lang", "size", "save", "add", "remove"), evil)
    places = [f"{draft}/form/{group}" for group in ("premises", "people", "business")]
    places += [f"{draft}{rest}" for rest in ("/answers", "/submit", "/materials/layout", "/query-code")]
    places += [f"{filed}{rest}" for rest in ("/report", "/ratings/new", "/notices/1", "/later", "/withdraw", "/submit")]
    fields = dict.fromkeys(("form.floors", "form.premises_area", "form.staff_list.0.staff_name", "form.seats"), evil)
    wild = {
        f"form.staff_list.{evil}.x": "1",
        "form.staff_list.99999.staff_name": "1",
        evil: evil,
        "form.open_date": evil,
    }
    for place in (*places, "/applications", "/sign-in", "/preferences", "/progress", "/my/messages/read"):
        answers(doors, visitor, "POST", place, data={**everywhere, **fields, **wild, "q.sign": evil})
        answers(doors, visitor, "POST", place, data=everywhere, files={"form.floors": ("a\x00.pdf", b"x")})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"--x--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        ),
        ("application/x-www-form-urlencoded", b"a=%ff%fe&b=\xff"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(5000))),
        ("application/json", b'{"lang": "en"}'),
        ("text/plain", b"lang=en"),
    ],
)
def test_a_body_that_is_no_form_is_answered_with_a_page(doors: Doors, visitor: Visitor, kind: str, body: bytes) -> None:
    status = answers(doors, visitor, "POST", "/preferences", content=body, headers={"Content-Type": kind})
    assert status in {200, 400}


def test_a_body_over_the_limit_is_refused_but_an_upload_may_be_larger(doors: Doors, visit_as: VisitAs) -> None:
    visitor = visit_as(OWNER)
    large = b"x" * (doors.platform.settings.body_kilobytes * 1024 + 1)
    assert answers(doors, visitor, "POST", "/preferences", data={"lang": large.decode()}) == 413
    draft = doors.draft("catering_full")["id"]
    sent = {"materials.layout": ("a.pdf", pdf(extra=b"%" + large + b"\n"))}
    assert answers(doors, visitor, "POST", f"/applications/{draft}/materials/layout", files=sent) == 200


def test_what_is_too_large_is_told_how_large_it_may_be(doors: Doors) -> None:
    draft = doors.draft("catering_full")["id"]
    visitor = Visitor(doors).sign_in(OWNER)
    doors.client.cookies = visitor.cookies
    file = {"file": ("a.pdf", pdf() + b" " * 11_000_000)}
    answer = doors.client.post(f"/applications/{draft}/materials/layout", files=file, headers=HTML)
    assert answer.status_code == 413
    assert "一份文件最大 10 MB" in parsed(answer.text).one("main").text
