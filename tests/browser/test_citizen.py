"""An applicant at a real browser; without scripts see ``test_without_scripts.py``."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Visit
from tests.doors import PDF

OWNER = "wang_owner"


def fill(page: Page, form: dict[str, object]) -> None:
    """Fill in the group that is shown, by the controls' names."""
    for code, value in form.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            _fill_rows(page, code, value)
        elif page.locator(f'[name="form.{code}"]').count():
            _fill_one(page, f"form.{code}", value)


def _fill_rows(page: Page, code: str, rows: list[dict[str, object]]) -> None:
    if page.locator(f'[id="rows.{code}"]').count() == 0:
        return
    for number, row in enumerate(rows):
        if page.locator(f'[name^="form.{code}.{number}."]').count() == 0:
            page.locator(f'button[name="add"][value="{code}"]').click()
        for column, cell in row.items():
            _fill_one(page, f"form.{code}.{number}.{column}", cell)


def _fill_one(page: Page, name: str, value: object) -> None:
    control = page.locator(f'[name="{name}"]')
    said = value if isinstance(value, list) else [("no", "yes")[value] if isinstance(value, bool) else value]
    if control.first.get_attribute("type") in {"radio", "checkbox"}:
        for choice in said:
            page.locator(f'[name="{name}"][value="{choice}"]').check()
    elif control.first.evaluate("e => e.tagName") == "SELECT":
        control.select_option(str(said[0]))
    else:
        control.fill(str(said[0]))


def test_an_errand_from_the_search_box_to_the_receipt(visit: Visit, site: Site) -> None:
    story = site.doors.platform.world.catalogue.stories["catering_simple"]
    page = visit("/")
    page.get_by_role("searchbox").fill("开饭店")
    page.keyboard.press("Enter")
    page.locator(".hits a", has_text="开办餐饮店").first.click()
    page.get_by_role("link", name="开始").click()
    while page.url.split("?")[0].endswith("/guide"):
        code = page.locator('input[name="ask"]').first.get_attribute("value") or ""
        value = story.answers[code]
        if isinstance(value, bool):
            page.locator(f'[name="q.{code}"][value="{"yes" if value else "no"}"]').check()
        elif isinstance(value, tuple):
            for choice in value:
                page.locator(f'[name="q.{code}"][value="{choice}"]').check()
        elif isinstance(value, str):
            page.locator(f'[name="q.{code}"][value="{value}"]').check()
        else:
            page.locator(f'[name="q.{code}"]').fill(str(value))
        page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("您的办理方案")
    page.get_by_role("button", name="按这个方案申请").first.click()
    page.locator(f'button[value="{OWNER}"]').click()
    page.get_by_role("button", name="按这个方案申请").first.click()
    page.locator('.tasks a[href*="/form/"]').first.click()
    while "/form/" in page.url:
        before = page.url
        fill(page, dict(story.form))
        page.get_by_role("button", name="保存并继续").click()
        expect(page).not_to_have_url(before)
    while page.locator(".paper:not(:has(.paper-own)) input[type=file]").count():
        left = page.locator(".paper:not(:has(.paper-own))").first
        left.locator("input[type=file]").set_input_files(
            {"name": "示例.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        name = left.locator("h2").inner_text()
        left.get_by_role("button", name="上传").click()
        expect(page.locator(".paper", has_text=name).locator(".paper-own").first).to_be_visible()
    page.get_by_role("link", name="继续：核对").click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".receipt-code")).to_have_text(page.locator(".receipt-code").inner_text())
    assert len(page.locator(".receipt-code").inner_text()) == 6
    page.get_by_role("link", name="看进度").click()
    lying, upright = page.locator("svg.lanes:not(.lanes-upright)"), page.locator("svg.lanes-upright")
    expect(lying).to_be_visible()
    expect(upright).to_be_hidden()
    page.set_viewport_size({"width": 375, "height": 900})
    expect(upright).to_be_visible()
    expect(lying).to_be_hidden()


def test_a_draft_keeps_itself_while_somebody_types(visit: Visit, site: Site) -> None:
    page = visit("/applications/{empty}/form/premises", OWNER)
    page.locator('[name="form.floors"]').fill("地下一层")
    expect(page.locator("[data-autosave-status]")).to_contain_text("已自动保存")
    assert site.doors.stored(site.names["empty"]).form["floors"] == "地下一层"


def test_progress_that_happens_elsewhere_appears_by_itself(visit: Visit, site: Site) -> None:
    filed = site.doors.file("catering_simple")
    page = visit(f"/applications/{filed.id}", OWNER)
    expect(page.locator(".stack")).to_contain_text("已申报")
    filed.act("L1", "receive")
    expect(page.locator(".stack")).to_contain_text("已收件")


def test_the_keyboard_reaches_the_content_first(visit: Visit) -> None:
    page = visit("/bundles/catering")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_errors_are_heard_first_and_lead_to_their_control(visit: Visit) -> None:
    page = visit("/applications/{empty}/form/business?check=1", OWNER)
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    name = page.evaluate("document.activeElement.name")
    assert name.startswith("form.")


def test_a_page_is_read_aloud_in_large_type_only(visit: Visit) -> None:
    assert visit("/elder").locator('[data-module="read-aloud"]').count() == 0
    page = visit("/elder", size="150", width=375)
    expect(page.locator('[data-module="read-aloud"]')).to_be_visible()
    page.locator(".menu summary").click()
    page.get_by_role("button", name="返回标准版").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".site-nav")).to_be_hidden()
    expect(page.locator(".menu summary")).to_be_focused()
    assert visit("/elder", size="150", scripts=False).locator('[data-module="read-aloud"]').is_hidden()


def test_large_type_leaves_most_of_a_phone_to_the_page(visit: Visit) -> None:
    page = visit("/", size="150", width=375, scripts=False)
    box = page.locator("body > header").bounding_box()
    assert box is not None
    assert box["height"] < 400, "under half of a phone"
    expect(page.locator(".site-nav")).to_be_hidden()
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".site-nav")).to_be_visible()
    expect(page.get_by_role("button", name="返回标准版")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".menu")).to_be_hidden()


def test_a_long_page_is_read_a_sentence_at_a_time(visit: Visit) -> None:
    page = visit("/elder", size="150")
    found = page.evaluate(
        """text => import(document.querySelector("script[type=module]").src.replace("main.js", "modules/read-aloud.js"))
            .then(module => module.sentences(text))""",
        "一件事" * 40 + "。" + "多个部门！" * 30 + "\n\n打电话",
    )
    assert max(map(len, found)) <= 160
    assert found[-1] == "打电话"
    assert len(found) == 3
