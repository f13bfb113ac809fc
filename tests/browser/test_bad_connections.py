"""A citizen whose network comes and goes: nothing typed and no file is lost."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Site, Visit, window
from tests.doors import PDF

OWNER, OTHER = "wang_owner", "lin_mother"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
STATUS = "[data-autosave-status]"
SAID = "body > [role=status]"
"""The one place where enhancements say what they did."""


def chosen(page: Page, name: str, content: bytes) -> None:
    """Choose a file for the first paper that was not handed in."""
    kind = "image/png" if name.endswith("png") else "application/pdf"
    files = [{"name": name, "mimeType": kind, "buffer": content}]
    paper(page).locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]


@pytest.fixture
def weak(browser: Browser, site: Site) -> Iterator[Page]:
    """The owner's window on a weak line: the browser itself reports what did not come through, and nothing else."""
    context = window(browser, site, OWNER)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()
    assert [text for text in said if not text.startswith("Failed to load resource")] == []


def kept(page: Page, count: int) -> None:
    """Wait until so many forms are kept on the device."""
    for _ in range(100):
        if page.evaluate("localStorage.length") == count:
            return
        time.sleep(0.1)
    raise AssertionError(f"{page.evaluate('localStorage.length')} kept instead of {count}")


def paper(page: Page) -> Locator:
    """The part of the page that is about one paper."""
    return page.locator(".paper").first


def test_what_was_typed_without_a_network_is_still_there_afterwards(weak: Page, site: Site) -> None:
    draft = site.doors.draft("catering_simple")["id"]
    path = f"/applications/{draft}/form/premises"
    page = weak
    page.goto(site.base + path, wait_until="networkidle")
    page.context.set_offline(True)
    expect(page.locator(STATUS)).to_contain_text("没有网络")
    page.locator('[name="form.floors"]').fill("断网时填的楼层")
    page.get_by_role("button", name="保存并继续").click()
    expect(page.locator(STATUS)).to_contain_text("还没有送出")
    kept(page, 1)
    assert "断网" not in page.evaluate("JSON.stringify(localStorage)"), "what lies on the device is sealed"
    page.context.set_offline(False)
    expect(page.locator(STATUS)).to_contain_text("已自动保存")
    assert site.doors.stored(draft).form["floors"] == "断网时填的楼层"
    assert page.evaluate("localStorage.length") == 0


def test_what_was_typed_before_the_scripts_had_come_is_saved_as_well(weak: Page, site: Site) -> None:
    draft = site.doors.draft("catering_simple")["id"]
    late: list[Route] = []
    weak.route("**/autosave*.js", lambda route: late.append(route))
    with weak.expect_request("**/autosave*.js"):
        weak.goto(f"{site.base}/applications/{draft}/form/premises", wait_until="commit")
    weak.locator('[name="form.floors"]').fill("脚本未到时填的")
    late.pop().continue_()
    expect(weak.locator(STATUS)).to_contain_text("已自动保存")
    assert site.doors.stored(draft).form["floors"] == "脚本未到时填的"


def test_a_page_that_is_opened_again_gives_back_what_could_not_be_sent(weak: Page, site: Site) -> None:
    draft = site.doors.draft("catering_simple")["id"]
    path = f"/applications/{draft}/form/premises"
    page = weak
    page.goto(site.base + path, wait_until="networkidle")
    page.route("**/form/premises", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator('[name="form.floors"]').fill("没送出去的楼层")
    kept(page, 1)
    page.unroute("**/form/premises")
    page.goto(site.base + path, wait_until="networkidle")
    expect(page.locator(".banner-warn")).to_contain_text("没来得及保存")
    expect(page.locator('[name="form.floors"]')).to_have_value("没送出去的楼层")
    expect(page.locator(STATUS)).to_contain_text("已自动保存")
    page.context.clear_cookies()


def test_nobody_else_on_the_same_machine_gets_it_and_signing_out_removes_it(visit: Visit, site: Site) -> None:
    page = visit("/sign-in")
    keys = []
    for account, story in ((OTHER, "birth_full"), (OWNER, "catering_simple")):
        draft = site.doors.draft(story, account)["id"]
        page.goto(f"{site.base}/sign-in")
        page.locator(f'button[value="{account}"]').click()
        page.goto(f"{site.base}/applications/{draft}")
        page.locator('.tasks a[href*="/form/"]').first.click()
        keys.append(page.locator("form[data-typing-key]").get_attribute("data-typing-key") or "")
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
    assert keys[0] != keys[1]
    page.evaluate("""localStorage.setItem("typing:/applications/x/form/y", "c2VhbGVk")""")
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


def test_a_sign_in_that_ended_in_the_middle_of_a_form_costs_nothing(weak: Page, site: Site) -> None:
    draft = site.doors.draft("catering_simple")["id"]
    page, cookies = weak, weak.context.cookies()
    page.goto(f"{site.base}/applications/{draft}/form/premises", wait_until="networkidle")
    page.context.clear_cookies(name="session")
    page.locator('[name="form.floors"]').fill("登录已过期")
    expect(page.locator(STATUS)).to_contain_text("登录已经结束")
    page.get_by_role("button", name="保存，以后再填").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录已经结束")
    kept(page, 1)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.get_by_role("button", name="再送一次").click()
    expect(page.locator(".tasks")).to_be_visible()
    kept(page, 0)
    assert site.doors.stored(draft).form["floors"] == "登录已过期"


def test_what_is_sent_into_a_dead_line_comes_back_with_the_page(weak: Page, site: Site) -> None:
    draft = site.doors.draft("catering_simple")["id"]
    path, page = f"/applications/{draft}/form/premises", weak
    page.goto(site.base + path, wait_until="networkidle")
    page.route("**/form/premises", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator('[name="form.floors"]').fill("断线时按了保存")
    with page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        page.get_by_role("button", name="保存并继续").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/form/premises")
    page.goto(site.base + path, wait_until="networkidle")
    expect(page.locator('[name="form.floors"]')).to_have_value("断线时按了保存")
    expect(page.locator(STATUS)).to_contain_text("已自动保存")


def test_a_correction_that_was_half_written_survives(weak: Page, site: Site) -> None:
    filed = site.doors.file("catering_simple")
    filed.act("L1", "receive")
    filed.post_points("L1", ("field", "operator_name"))
    path = f"/applications/{filed.id}/notices/1"
    page = weak
    page.goto(site.base + path, wait_until="networkidle")
    page.locator('[name="form.operator_name"]').fill("改到一半的名字")
    kept(page, 1)
    page.goto(site.base + path, wait_until="networkidle")
    expect(page.locator('[name="form.operator_name"]')).to_have_value("改到一半的名字")
    page.get_by_role("button", name="提交补正").click()
    expect(page.locator('[data-module~="live"]')).to_be_visible()
    kept(page, 0)


def test_a_file_is_looked_at_before_it_goes_and_sent_again_when_the_network_was_gone(weak: Page, site: Site) -> None:
    draft = site.doors.post("/applications", OWNER, {"bundle": "catering", "region": "330881"}, 201)["id"]
    page = weak
    page.goto(site.base + f"/applications/{draft}/materials", wait_until="networkidle")
    chosen(page, "图.png", PNG)
    expect(paper(page).locator("canvas")).to_be_visible()
    chosen(page, "文.exe", b"MZ")
    expect(paper(page).locator(".upload-said")).to_contain_text("请选择")
    paper(page).get_by_role("button", name="上传").click()
    chosen(page, "空.pdf", b"")
    expect(paper(page).locator(".upload-said")).to_contain_text("空的")
    chosen(page, "文.pdf", PDF)
    expect(paper(page).locator(".upload-look")).to_contain_text("文.pdf · 1 KB")
    page.route("**/materials/*", lambda route: route.abort())
    paper(page).get_by_role("button", name="上传").click()
    expect(paper(page).locator(".upload-said")).to_contain_text("没有上传成功")
    page.unroute("**/materials/*")
    paper(page).get_by_role("button", name="再试一次").click()
    expect(paper(page).locator(".paper-own")).to_contain_text("文.pdf")
    assert page.url.endswith("/materials"), "the other papers stay as they were"
    expect(page.locator(SAID)).to_contain_text("已上传：")
    expect(paper(page).locator(".paper-own a")).to_be_focused()
    paper(page).locator("summary").click()
    paper(page).get_by_role("button", name="删除这份材料").click()
    expect(page.locator(SAID)).to_contain_text("已删除：")
    expect(paper(page).locator("input[type=file]")).to_be_focused()
    assert page.url.endswith("/materials")


def test_what_the_server_refuses_is_said_at_the_paper_and_in_the_summary(weak: Page, site: Site) -> None:
    draft = site.doors.post("/applications", OWNER, {"bundle": "catering", "region": "330881"}, 201)["id"]
    page = weak
    page.goto(site.base + f"/applications/{draft}/materials", wait_until="networkidle")
    chosen(page, "假.pdf", b"this is no PDF")
    paper(page).get_by_role("button", name="上传").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(paper(page).locator('[aria-invalid="true"]')).to_be_focused()


def test_progress_is_polled_where_no_stream_comes_through(visit: Visit, site: Site) -> None:
    filed = site.doors.file("catering_simple")
    page = visit("/", OWNER)
    page.clock.install()
    page.route("**/stream", lambda route: route.fulfill(status=204))
    page.goto(f"{site.base}/applications/{filed.id}", wait_until="networkidle")  # the stream was refused: it is polled
    expect(page.locator(".stack")).to_contain_text("已申报")
    filed.act("L1", "receive")
    page.clock.fast_forward(10_500)
    expect(page.locator(".stack")).to_contain_text("已收件")
