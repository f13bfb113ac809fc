"""What every page stands on: policy, languages, cookies, sign-in, cross-site requests, errors, files."""

import gzip
import re

import pytest
from fastapi.testclient import TestClient

from app.domain.vocabulary import ILLUSTRATIVE
from app.web import assets
from app.web.navigation import ENTRIES, EVERYBODY
from app.web.visits import safe_path
from tests.doors import Doors
from tests.web.visitors import HTML, Visitor

FIRST_VISIT_LIMIT = 60_000


def test_a_page_allows_nothing_but_its_own_files(visitor: Visitor) -> None:
    visitor.go("/")
    assert visitor.response is not None
    policy = visitor.response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert visitor.response.headers["cache-control"] == "private, no-cache"


def test_a_first_visit_takes_less_than_sixty_kilobytes(doors: Doors) -> None:
    sent = doors.client.get("/", headers={**HTML, "Accept-Encoding": "gzip"})
    assert sent.headers["content-encoding"] == "gzip"
    total = int(sent.headers["content-length"])
    for name, asset in assets.assets().items():
        if not any(name in parts for parts in assets.TOGETHER.values()):
            total += len(asset.zipped or asset.content)
    assert total < FIRST_VISIT_LIMIT


def test_a_file_is_kept_for_ever_under_the_address_of_its_content(client: TestClient) -> None:
    now = client.get(assets.address("css/base.css"))
    assert now.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert now.headers["content-type"].startswith("text/css")
    assert now.text == gzip.decompress(assets.assets()["css/base.css"].zipped or b"").decode()
    old = client.get("/assets/000000000000/css/base.css")
    assert (old.text, old.headers["cache-control"]) == (now.text, "no-cache")
    for wrong in ("css/none.css", "../pages.py", "%2e%2e/pages.py"):
        assert client.get(f"/assets/x/{wrong}").status_code == 404


def test_every_file_is_of_a_kind_that_is_known() -> None:
    assert {asset.media_type for asset in assets.assets().values()} == {"text/css", "text/javascript", "image/svg+xml"}


def test_the_language_follows_the_browser_until_somebody_chooses(visitor: Visitor) -> None:
    assert visitor.go("/elder").one("html").get("lang") == "zh-CN"
    assert visitor.go("/elder", headers={"Accept-Language": "en-GB,en"}).one("html").get("lang") == "en"
    page = visitor.post("/preferences", {"lang": "en", "back": "/elder?back=%2F"})
    assert (page.one("html").get("lang"), visitor.path) == ("en", "/elder")
    assert ILLUSTRATIVE.en in page.text
    assert visitor.go("/elder", headers={"Accept-Language": "zh"}).one("html").get("lang") == "en"


def test_the_region_is_chosen_over_five_levels_and_remembered(visitor: Visitor) -> None:
    assert "柯城区" in visitor.go("/").one("header").text
    visitor.go("/regions?at=330000")
    page = visitor.post("/preferences", {"region": "330881", "back": "/"})
    assert "江山市" in page.one("header").text
    below = visitor.go("/regions")
    assert [tile.text for tile in below.all(class_="tile-title")]
    visitor.post("/preferences", {"region": "nowhere", "back": "/"})
    assert "江山市" in visitor.page.one("header").text


def test_large_type_is_chosen_on_any_page_and_left_again(visitor: Visitor) -> None:
    visitor.go("/")
    page = visitor.post("/preferences", {"size": "200", "back": "/"})
    assert page.one("html").get("data-size") == "200"
    assert page.one(data_module="read-aloud").get("hidden") == ""
    assert visitor.post("/preferences", {"size": "100", "back": "/"}).one("html").get("data-size") == ""
    assert visitor.post("/preferences", {"size": "999", "back": "/"}).one("html").get("class") == ""


def test_somebody_signs_in_and_out_and_the_token_dies_with_it(visitor: Visitor, doors: Doors) -> None:
    page = visitor.sign_in("wang_owner").page
    assert "王示例" in page.one("header").text
    token = visitor.cookies["session"]
    headers = {"Authorization": f"Bearer {token}"}
    assert doors.client.get("/api/v1/sessions/me", headers=headers).json()["code"] == "wang_owner"
    visitor.post("/sign-out")
    assert "王示例" not in visitor.page.one("header").text
    assert doors.client.get("/api/v1/sessions/me", headers=headers).status_code == 401


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"account": "wang_owner"}, headers=HTML, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    with TestClient(client.app, base_url="https://testserver") as secure:
        answer = secure.post("/sign-in", data={"account": "wang_owner"}, headers=HTML, follow_redirects=False)
        assert "secure" in answer.headers["set-cookie"].lower()


def test_nobody_can_be_signed_in_as(visitor: Visitor) -> None:
    page = visitor.post("/sign-in", {"account": "nobody"}, status=422)
    assert "没有这个账户" in page.one(class_="error-summary").text
    assert "session" not in visitor.cookies


@pytest.mark.parametrize("wanted", ["王示例", "市场监督 承办", "supervisor", "officer.tax"])
def test_accounts_are_found_by_name_department_role_or_code(visitor: Visitor, wanted: str) -> None:
    page = visitor.go("/sign-in", params={"q": wanted})
    found = [button.get("value") for button in page.one("form", id="accounts").all("button")]
    assert 1 <= len(found) <= 12


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://testserver"}, 303),
        ({}, 303),
    ],
)
def test_another_site_cannot_post_in_a_visitors_name(client: TestClient, headers: dict[str, str], status: int) -> None:
    sent = {"Accept": "text/html", **headers}
    answer = client.post("/preferences", data={"lang": "en"}, headers=sent, follow_redirects=False)
    assert answer.status_code == status
    assert ("set-cookie" in answer.headers) == (status == 303)


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "", "/a\nb"]
)
def test_a_way_back_never_leaves_the_site(path: str) -> None:
    assert safe_path(path) == "/"


def test_a_way_back_keeps_its_query() -> None:
    assert safe_path("/bundles?a=1&b=%E4%B8%80") == "/bundles?a=1&b=%E4%B8%80"


def test_an_address_that_does_not_exist_is_a_page_for_people_and_a_problem_for_programs(visitor: Visitor) -> None:
    page = visitor.go("/nowhere", 404)
    assert visitor.heading == "未找到"
    assert re.search("[0-9a-f]{16}", page.one("main").text)
    api = visitor.doors.client.get("/api/v1/nowhere", headers=HTML)
    assert api.headers["content-type"] == "application/problem+json"
    program = visitor.doors.client.get("/nowhere")
    assert program.headers["content-type"] == "application/problem+json"


def test_a_notice_says_only_what_is_on_the_list(visitor: Visitor) -> None:
    assert "已保存" in visitor.go("/?notice=saved").one(role="status").text
    assert visitor.go("/?notice=Send+money").all(role="status") == []


def test_the_navigation_shows_what_is_somebodys(visitor: Visitor) -> None:
    names = [link.text for link in visitor.go("/").one("nav", class_="site-nav").all("a")]
    assert names[0] == "首页"
    assert all(entry.roles <= EVERYBODY for entry in ENTRIES)
