"""Officials at a real browser, with scripts and without: one case from the counter to the delivery, and supervision."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.catalogue.loader import Catalogue
from tests.browser.conftest import Site, reachable, window
from tests.databases import SQLITE, Databases
from tests.doors import Doors, FakeClock
from tests.running import opened, settings_for

OWNER, CLERK, SUPERVISOR = "wang_owner", "clerk.330802", "supervisor.330802"
MARKET, ENDORSER, APPROVER = (f"officer.market.330802.{hand}" for hand in (1, 2, 3))
HEALTH, HEALTH_HEAD = "officer.health.330802.1", "officer.health.330802.3"
Desk = Callable[..., Page]


@pytest.fixture(scope="module")
def office(catalogue: Catalogue, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of one's own: a supervisor moves its clock."""
    settings = settings_for(databases.migrated(SQLITE), tmp_path_factory.mktemp("files"))
    with opened(catalogue, settings, FakeClock()) as doors, reachable(doors) as base:
        yield Site(base, doors, {})


@pytest.fixture
def at(browser: Browser, office: Site) -> Iterator[Desk]:
    """``at(who, path)``: somebody's window at this address; the same window for the same person."""
    contexts: dict[str, tuple[BrowserContext, Page]] = {}
    said: list[str] = []

    def opened_page(who: str, path: str, scripts: bool = True) -> Page:
        if who not in contexts:
            context = window(browser, office, who, scripts=scripts)
            context.set_default_timeout(4_000)
            page = context.new_page()
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            contexts[who] = context, page
        page = contexts[who][1]
        page.goto(office.base + path)
        return page

    yield opened_page
    for context, _ in contexts.values():
        context.close()
    assert said == []


def form_of(page: Page, action: str) -> Locator:
    """The form of one action, opened."""
    box = page.locator("details", has=page.locator(f'input[name="action"][value="{action}"]'))
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    return box


def act(page: Page, action: str, **typed: str) -> None:
    """One action with what is typed; names with dots are given with two underscores."""
    box = form_of(page, action)
    for name, value in typed.items():
        control = box.locator(f'[name="{name.replace("__", ".")}"]')
        if control.first.get_attribute("type") == "radio":
            box.locator(f'[name="{name}"][value="{value}"]').check()
        elif control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    with page.expect_navigation():  # what an action before this one has said stands there too
        box.locator("form > button").click()
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.locator(".banner-done")).to_be_visible()


def taken_in(doors: Doors, at: Desk, scripts: bool) -> str:
    """A restaurant, taken in at the counter for somebody present and sent; the 办件编号."""
    page = at(CLERK, "/counter/intake", scripts)
    page.locator('[name="applicant"]').select_option(OWNER)
    page.locator('[name="bundle"]').select_option("catering")
    page.get_by_role("button", name="开始收件").click()
    page.wait_for_url("**/bundles/catering/guide*")
    draft = doors.post("/applications", CLERK, {"story": "catering_full", "applicant": OWNER}, 201)
    page = at(CLERK, f"/applications/{draft['id']}/check")
    page.get_by_role("button", name="提交申请").click()
    number = page.locator(".receipt-number").inner_text()
    page = at(CLERK, "/counter")
    for item in ("L0", "H1"):
        page.locator(f'input[value="{number}-{item}"]').check()
    page.get_by_role("button", name="收件", exact=True).click()
    expect(page.locator("main")).to_contain_text("成功 2 件")
    return number


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_case_from_the_counter_over_two_desks_to_its_delivery(at: Desk, office: Site, scripts: bool) -> None:
    number = taken_in(office.doors, at, scripts)
    case = office.doors.get(f"/tasks/{number}-L0", MARKET)["application_id"]

    page = at(HEALTH, f"/desk/{number}-H1", scripts)
    act(page, "accept")
    page = at(MARKET, "/desk", scripts)
    page.locator("#number").fill(number[-8:])
    page.get_by_role("button", name="筛选").click()
    page.locator(f'a[href="/desk/{number}-L0"]').click()
    act(page, "request_correction", points__field__capital="与章程不一致，请改正。")

    page = at(OWNER, f"/applications/{case}/notices/1", scripts)
    expect(page.locator(".asked-reason")).to_have_text("与章程不一致，请改正。")
    page.locator('[name="form.capital"]').fill("80")
    page.get_by_role("button", name="提交补正").click()
    expect(page.locator(".banner-done")).to_be_visible()

    page = at(MARKET, f"/desk/{number}-L0")
    expect(page.locator("tr.changed del")).to_be_visible()
    expect(page.locator("tr.changed")).to_contain_text("80")
    for action in ("accept", "review"):
        act(page, action)
    expect(page.locator(".signers")).to_contain_text("承办意见")
    act(page, "propose", verdict="granted")
    act(at(ENDORSER, f"/desk/{number}-L0", scripts), "endorse")
    page = at(APPROVER, f"/desk/{number}-L0", scripts)
    expect(page.get_by_role("table", name="承办与审核意见").locator("tbody tr")).to_have_count(2)
    act(page, "grant", outputs__uscc="91003308MA00DEM14D")

    page = at(CLERK, "/counter?queue=deliver")
    page.locator(f'input[value="{number}-L0"]').check()
    page.get_by_role("button", name="送达", exact=True).click()
    expect(page.locator("main")).to_contain_text("成功 1 件")
    assert office.doors.stored(case).tasks["L0"].status.value == "closed"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_supervision_from_the_board_to_a_closed_order(at: Desk, office: Site, scripts: bool) -> None:
    filed = office.doors.file("catering_full")
    filed.act("H1", "receive")
    page = at(SUPERVISOR, "/supervision", scripts)
    days = page.locator('[name="working_days"]')
    days.fill("20")
    page.get_by_role("button", name="调整时钟").click()
    expect(page.locator(".banner-done")).to_be_visible()
    page.locator('.light-totals a[href*="light=red"]').click()
    page.locator(f'a[href="/supervision/cases/{filed.id}"]').first.click()
    expect(page.locator("h1")).to_have_text("开办餐饮店")
    page.locator('[name="kind"][value="order"]').check()
    page.locator('[name="item"]').select_option("H1")
    page.locator('[name="text"]').fill("请说明为何逾期，何时办结。")
    page.get_by_role("button", name="发出").click()
    expect(page.locator("h1")).to_have_text("督办单")
    matter = page.url.split("?")[0].removeprefix(office.base)

    page = at(HEALTH_HEAD, matter, scripts)
    act(page, "take")
    act(page, "reply", reason="已补齐人手，明天办结。", evidence="值班表")
    page = at(SUPERVISOR, matter)
    act(page, "close", conclusion="resolved", reason="已核实。")
    expect(page.locator(".tag", has_text="处置到位")).to_be_visible()


def test_the_inbox_works_by_keyboard(at: Desk, office: Site) -> None:
    office.doors.file("catering_full")
    page = at(MARKET, "/desk")
    expect(page.get_by_role("button", name="快捷键（?）")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#status")).to_be_focused()
    page.locator("#status").blur()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("tr[data-row] input:checked")).to_have_count(1)
    page.keyboard.press("a")
    rows = page.locator("tr[data-row]").count()
    expect(page.locator("tr[data-row] input:checked")).to_have_count(rows)
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("tr[data-row] a").first
    expect(first).to_be_focused()
    target = first.get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(office.base + target)


def test_the_map_of_a_province_leads_to_its_cities(at: Desk, office: Site) -> None:
    office.doors.file("catering_full")
    page = at("supervisor.330000", "/supervision")
    tiles = page.locator(".tile-map a")
    expect(tiles).to_have_count(11)
    page.locator('.tile-map a[href="/supervision?region=330800"]').click()
    expect(page.locator(".lead")).to_contain_text("衢州市")
    page.locator('td a[href*="/supervision/tasks?region=330802"]').first.click()
    expect(page.locator('main a[href^="/supervision/cases/"]').first).to_be_visible()


@pytest.mark.parametrize("path", ["/supervision/bulletin", "/indicators", "/matters", "/supervision/capacity"])
def test_what_an_official_prints_has_no_boxes_to_fill_in(at: Desk, path: str) -> None:
    page = at(SUPERVISOR, path)
    fields = page.locator("main").locator("input, select, textarea").filter(visible=True)
    assert fields.count() > 0
    page.emulate_media(media="print")
    assert fields.count() == 0
    page.emulate_media(media="screen")


def test_a_paper_is_read_beside_the_form_and_nothing_typed_is_lost(at: Desk, office: Site) -> None:
    number = office.doors.file("catering_full").reference
    page = at(MARKET, f"/desk/{number}-L0")
    note = page.locator("textarea").first
    note.fill("写到一半")
    link = page.locator(".beside-link").first
    link.click()
    frame = page.locator("#paper-view iframe")
    expect(frame).to_be_visible()
    expect(page.locator("#paper-view h2")).to_be_focused()
    assert note.input_value() == "写到一半"
    beside = (note.bounding_box(), frame.bounding_box())
    assert beside[0] is not None
    assert beside[1] is not None
    assert beside[0]["x"] + beside[0]["width"] <= beside[1]["x"], "side by side, nothing over the other"
    page.get_by_role("link", name="收起材料").click()
    expect(frame).to_have_count(0)
    expect(link).to_be_focused()
    page.set_viewport_size({"width": 800, "height": 900})
    expect(link).to_be_hidden()


def named(page: Page) -> None:
    """What somebody hears who does not see the page: one heading above, every table named, with heads of columns."""
    expect(page.locator("h1")).to_have_count(1)
    assert page.locator("table").evaluate_all("all => all.every(t => t.caption && t.tHead?.rows[0].cells.length)")
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => Number(h.tagName[1]))")
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_two_places_and_originals_that_go_back_without_scripts(at: Desk, office: Site) -> None:
    doors, there = office.doors, "clerk.330881"
    birth = doors.draft("birth_full", "lin_mother")["id"]
    page = at("lin_mother", f"/applications/{birth}/places", False)
    page.locator('[name="place.B3"]').select_option("330881")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("另一地：江山市")
    reference = doors.post(f"/applications/{birth}/submit", "lin_mother")["application"]["reference"]
    page = at(there, f"/counter/tasks/{reference}-B3", False)
    page.get_by_role("link", name="各地的进展和协同单").first.click()
    named(page)
    page.get_by_role("button", name="签收第 1 号").click()
    page.locator("#text").fill("请核实现住址")
    page.get_by_role("button", name="发出").click()
    page = at(CLERK, f"/together/{birth}", False)
    page.get_by_role("button", name="签收第 2 号").click()
    expect(page.locator("#note-2 .tag")).to_have_text("已签收")

    draft = doors.draft("catering_simple", CLERK, region="330802")["id"]
    doors.send("PUT", f"/applications/{draft}/materials/premises_proof/paper", CLERK, json={"note": "原件 1 份"})
    number = doors.post(f"/applications/{draft}/submit", CLERK)["application"]["reference"]
    doors.post(f"/applications/{draft}/withdraw", OWNER, {})
    page = at(CLERK, "/counter?queue=originals", False)
    named(page)
    page.locator(f'main a[href*="{number}"]').click()
    page.get_by_role("link", name="打印原件退还签收单").click()
    expect(page.locator(".slip")).to_contain_text("原件 1 份")
    page.go_back()
    act(page, "finish_step", number="1", reason="本人")
    expect(page.locator("main")).to_contain_text("领取人 / taken by: 本人")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (MARKET, "/desk"),
        (CLERK, "/counter"),
        (SUPERVISOR, "/supervision"),
        (SUPERVISOR, "/indicators"),
        (SUPERVISOR, "/lessons"),
    ],
)
def test_an_officials_page_says_what_it_is_without_scripts(at: Desk, who: str, path: str) -> None:
    page = at(who, path, False)
    named(page)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
