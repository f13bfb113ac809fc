"""Every errand of an applicant on a phone whose browser runs no scripts: what is seen is followed, nothing else."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, window
from tests.browser.test_citizen import OWNER, fill
from tests.doors import PDF, Filed

MOTHER, FATHER = "lin_mother", "zhou_father"
PHONE = 375
PAPER = {"name": "示例.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone without scripts."""
    context = window(browser, site, scripts=False, width=PHONE)
    yield context.new_page()
    context.close()


def press(page: Page, text: str) -> None:
    """Press the first button that says this."""
    page.get_by_role("button", name=text, exact=True).first.click()


def follow(page: Page, text: str) -> None:
    """Follow the first link of the page's own part that begins so."""
    page.locator("main").get_by_role("link", name=re.compile(f"^{re.escape(text)}")).first.click()


def heading(page: Page, text: str) -> None:
    """The page says it is this."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def sign_in(page: Page, account: str) -> None:
    """Be somebody (else)."""
    if page.get_by_role("button", name="退出").count():
        press(page, "退出")
    if not page.locator(f'button[value="{account}"]').count():
        page.get_by_role("link", name="登录", exact=True).click()
    page.locator(f'button[value="{account}"]').click()


def hand_in(page: Page, file: dict[str, object]) -> None:
    """Choose a file for the first paper that is missing, and send it."""
    left = page.locator(".paper:not(:has(.paper-own))").first
    left.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    left.get_by_role("button", name="上传").click()


def answered(page: Page, answers: dict[str, object], until: Callable[[], bool]) -> None:
    """One question after the other."""
    while not until():
        code = page.locator('input[name="ask"]').first.get_attribute("value") or ""
        value = answers[code]
        kind = page.locator(f'[name="q.{code}"]:not([type=hidden])').first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            chosen = [("no", "yes")[value]] if isinstance(value, bool) else value
            for one in chosen if isinstance(chosen, list | tuple) else [chosen]:
                page.locator(f'[name="q.{code}"][value="{one}"]').check()
        else:
            page.locator(f'[name="q.{code}"]').fill(str(value))
        press(page, "继续")


def test_from_a_need_to_a_certificate_without_scripts(page: Page, site: Site) -> None:
    story = site.doors.platform.world.catalogue.stories["catering_simple"]
    page.goto(site.base)
    _preferences(page)
    _plan(page, dict(story.answers))
    _draft(page, dict(story.form))
    reference, code, case = _submitted(page, site)
    _corrected(page, site, case)
    _looked_up(page, reference, code)
    for item in case.departments:
        for action in ("receive", "accept", "review", "grant"):
            if case.status(item) != {"receive": "received"}.get(action):
                case.act(item, action)
    _rated(page, site, case)
    _shown(page)
    _reported(page, site, case)
    _ledger(page)


def _preferences(page: Page) -> None:
    """Region, language and large type, each remembered."""
    page.get_by_role("link", name="当前区划").click()
    page.get_by_role("button", name="选这里").first.click()
    expect(page.locator(".place")).not_to_contain_text("柯城区")
    page.context.clear_cookies(name="region")
    press(page, "English")
    heading(page, "What do you need?")
    page.get_by_role("button", name="中文").click()
    press(page, "长辈版")
    page.locator(".menu summary").click()
    press(page, "返回标准版")
    expect(page.locator("html.elder")).to_have_count(0)


def _plan(page: Page, answers: dict[str, object]) -> None:
    """Found in pinyin; an answer changed afterwards says what it changes."""
    page.goto(page.url.split("?")[0])
    page.get_by_role("searchbox").fill("kaifandian")
    page.keyboard.press("Enter")
    follow(page, "开办餐饮店")
    follow(page, "开始")
    press(page, "继续")
    expect(page.locator(".error-summary")).to_contain_text("请先回答")
    answered(page, answers, lambda: not page.url.split("?")[0].endswith("/guide"))
    heading(page, "您的办理方案")
    for area in ("70", str(answers["area_m2"])):
        page.locator('.summary-action a[href*="ask=area_m2"]').click()
        page.locator('[name="q.area_m2"]').fill(area)
        press(page, "继续")
        expect(page.locator(".banner", has_text="改了这个回答以后")).to_be_visible()
    press(page, "按这个方案申请")
    sign_in(page, OWNER)
    press(page, "按这个方案申请")
    expect(page.locator(".tasks")).to_be_visible()


def _draft(page: Page, form: dict[str, object]) -> None:
    """Something wrong, put aside, taken up again, filled in, with its papers."""
    page.locator('.tasks a[href*="/form/"]').first.click()
    page.locator('[name^="form."]').first.fill("改天再填")
    press(page, "保存，以后再填")
    page.locator('.tasks a[href*="/form/"]').first.click()
    expect(page.locator('[name^="form."]').first).to_have_value("改天再填")
    press(page, "保存并继续")
    expect(page.locator(".error-summary")).to_be_visible()
    while "/form/" in page.url:
        fill(page, form)
        press(page, "保存并继续")
    hand_in(page, {**PAPER, "buffer": b"MZ"})
    expect(page.locator(".error-summary")).to_be_visible()
    while page.locator(".paper:not(:has(.paper-own)) input[type=file]").count():
        hand_in(page, PAPER)
    assert "#paper-" in page.url, "the page comes back at the paper that was handed in"
    own = page.locator(".paper").first
    own.locator("summary").click()
    own.get_by_role("button", name="删除这份材料").click()
    hand_in(page, PAPER)


def _submitted(page: Page, site: Site) -> tuple[str, str, Filed]:
    """Checked and sent; the receipt with its number and code."""
    follow(page, "继续：核对")
    press(page, "提交申请")
    reference, code = page.locator(".receipt-number").inner_text(), page.locator(".receipt-code").inner_text()
    follow(page, "看进度")
    case_id = page.url.rpartition("/")[2]
    tasks = site.doors.stored(case_id).tasks
    departments = {item: task.department for item, task in tasks.items()}
    return reference, code, Filed(site.doors, case_id, OWNER, reference, code, departments)


def _corrected(page: Page, site: Site, case: Filed) -> None:
    """A notice with a field and a paper, both answered."""
    first = next(iter(case.departments))
    fields = [field["code"] for field in case.slice(first)["fields"] if field["source"]["code"] == "typed"]
    papers = [paper["code"] for paper in case.slice(first)["materials"] if paper["provided"]]
    case.act(first, "receive")
    case.post_points(first, ("field", fields[0]), *(("material", code) for code in papers[:1]))
    page.reload()
    follow(page, "去补正")
    if papers:
        page.locator("input[type=file]").first.set_input_files(PAPER)  # type: ignore[arg-type]
        page.get_by_role("button", name="上传").first.click()
    page.locator('.asked [name^="form."]').first.fill("改好的内容")
    press(page, "提交补正")
    expect(page.locator(".banner-done")).to_contain_text("补正已提交")


def _looked_up(page: Page, reference: str, code: str) -> None:
    """Without a sign-in, by number and code."""
    press(page, "退出")
    page.get_by_role("navigation").get_by_role("link", name="查进度", exact=True).click()
    page.locator('[name="reference"]').fill(reference)
    page.locator('[name="query_code"]').fill(code)
    press(page, "查询")
    expect(page.locator("table.stack")).to_be_visible()
    sign_in(page, OWNER)
    expect(page.locator(".who")).to_be_visible()


def _rated(page: Page, site: Site, case: Filed) -> None:
    """好差评 and 追评."""
    page.goto(f"{site.base}/applications/{case.id}")
    follow(page, "评价")
    page.locator(".levels a").first.click()
    page.locator('[name="text"]').fill("办得很快")
    press(page, "提交评价")
    page.locator("summary", has_text="追评一次").first.click()
    page.locator('[name^="text."]').first.fill("用了一周，还是很好")
    press(page, "提交追评")
    expect(page.locator("main")).to_contain_text("用了一周")


def _shown(page: Page) -> None:
    """The result among one's certificates, shown as a code."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=re.compile("^我的")).click()
    follow(page, "我的证照")
    page.locator(".certificate .tile-title a").first.click()
    press(page, "亮证")
    expect(page.locator(".qr-box svg")).to_be_visible()


def _reported(page: Page, site: Site, case: Filed) -> None:
    """办不成事, and the way to follow it."""
    page.goto(f"{site.base}/applications/{case.id}")
    follow(page, "办不成事")
    page.locator('[name="text"]').fill("两周没有动静")
    press(page, "提交反映")
    expect(page.locator("main")).to_contain_text("两周没有动静")


def _ledger(page: Page) -> None:
    """Who looked at what, and an objection."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=re.compile("^我的")).click()
    follow(page, "我的数据")
    follow(page, "我有异议")
    page.locator('[name="reason"]').fill("与办理无关")
    press(page, "提交异议")
    expect(page.locator("main")).to_contain_text("与办理无关")


def test_consents_mandates_and_second_thoughts_without_scripts(page: Page, site: Site) -> None:
    draft = site.doors.draft("birth_full", MOTHER)["id"]
    page.goto(f"{site.base}/sign-in")
    sign_in(page, MOTHER)
    page.goto(f"{site.base}/applications/{draft}")
    follow(page, "需要的授权")
    page.locator("section", has_text="父").get_by_role("button", name="请求授权").first.click()
    sign_in(page, FATHER)
    page.goto(f"{site.base}/my")
    follow(page, "授权")
    page.locator(".tile-title a").first.click()
    press(page, "同意")
    expect(page.locator(".banner-done")).to_be_visible()
    press(page, "撤回")
    expect(page.locator("main")).to_contain_text("已撤回")
    sign_in(page, MOTHER)
    page.goto(f"{site.base}/my")
    follow(page, "委托")
    page.locator('[name="to"]').select_option(index=1)
    page.locator('[name="bundles"]').first.check()
    page.locator('[name="until"]').fill("2026-06-30")
    page.locator("main").get_by_role("button", name="委托", exact=True).click()
    press(page, "收回")
    page.goto(f"{site.base}/applications/{draft}")
    follow(page, "不办了")
    press(page, "确定作废")
    expect(page.locator(".banner-done")).to_contain_text("已撤回")
