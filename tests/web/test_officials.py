"""Officials' pages without scripts: the inbox narrowed down, many tasks at once, a task in words, and the map."""

from collections.abc import Callable

import pytest

from app.schemas.common import Bilingual, Term
from app.schemas.lights import LightCountOut, LightGroupOut
from app.web import maps
from tests.doors import Doors, Filed
from tests.web.visitors import Visitor

VisitAs = Callable[[str], Visitor]
MARKET, CLERK = "officer.market.330802.1", "clerk.330802"


@pytest.fixture
def database_kind() -> str:
    """Pages do not depend on the kind of database."""
    return "sqlite"


def shown(visitor: Visitor) -> list[str]:
    """The tasks that the list shows."""
    return [
        row.one("a").get("href").removeprefix("/desk/")
        for row in visitor.page.all("tr")
        if "data-row" in row.attributes
    ]


def reviewed(doors: Doors) -> Filed:
    """A restaurant whose registration is granted and whose food licence is under review."""
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="91003308MA00DEM14D")
    filed.grant("L1")
    filed.review("F1")
    return filed


def test_the_inbox_is_narrowed_down_by_its_address_and_says_what_the_api_says(visit_as: VisitAs, doors: Doors) -> None:
    filed = reviewed(doors)
    doors.file("startup_full")
    visitor = visit_as(MARKET)
    visitor.go("/desk")
    visitor.submit("/desk", bundle="catering", number=filed.reference)
    told = doors.get("/tasks", MARKET, bundle="catering", number=filed.reference)["entries"]
    assert shown(visitor) == [line["id"] for line in told]
    visitor.go(f"/desk?status=review&number={filed.reference}")
    assert shown(visitor) == [f"{filed.reference}-F1"]
    counts = doors.get("/tasks/counts", MARKET)
    assert f"{counts['open']} 全部在办" in visitor.page.text
    visitor.follow("清除筛选")
    assert len(shown(visitor)) == counts["open"]
    visitor.go("/desk?due=tomorrow", 422)
    assert "请填写日期" in visitor.page.text
    visitor.go("/desk?light=purple&status=asleep", 422)


def test_many_are_accepted_at_once_and_the_list_comes_back_as_it_was(visit_as: VisitAs, doors: Doors) -> None:
    first, second = doors.file("catering_full"), doors.file("startup_full")
    first.act("L0", "receive")
    visitor = visit_as(MARKET)
    visitor.go("/desk?mine=yes")
    assert shown(visitor) == [f"{first.reference}-L0"]
    button = next(one for one in visitor.page.all("button") if one.text == "受理")
    chosen = [f"{first.reference}-L0", f"{second.reference}-E1"]
    visitor.submit("/desk/bulk", button=(button.get("name"), button.get("value")), task=chosen)
    assert "成功 1 件，未办 1 件" in visitor.page.text
    assert first.status("L0") == "accepted"
    visitor.follow("回到列表")
    assert shown(visitor) == [f"{first.reference}-L0"]


def test_a_way_back_from_many_leads_to_the_list_and_nowhere_else(visit_as: VisitAs) -> None:
    visitor = visit_as(MARKET)
    for back in ("https://elsewhere.example/desk", "//elsewhere.example", "/supervision", "/desk/../my"):
        visitor.post("/desk/bulk", {"action": "accept", "back": back})
        assert visitor.path == "/desk"


def test_the_counter_receives_what_is_ticked_and_prints_the_slip(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_full")
    visitor = visit_as(CLERK)
    visitor.go("/counter")
    button = next(one for one in visitor.page.all("button") if one.text == "收件")
    visitor.submit("/counter", button=(button.get("name"), button.get("value")), task=[f"{filed.reference}-L0"])
    assert filed.status("L0") == "received"
    visitor.follow("打印物料流转凭证")
    assert visitor.heading == "物料流转凭证"


def test_a_task_is_told_in_words_and_not_in_codes(visit_as: VisitAs, doors: Doors) -> None:
    filed = reviewed(doors)
    visitor = visit_as(MARKET)
    for lang, words in (
        ("zh", ("从业人员名单", "经营主体登记信息", "可以签")),
        ("en", ("Job", "Register of businesses")),
    ):
        visitor.cookies.set("lang", lang)
        text = visitor.go(f"/desk/{filed.reference}-F1").one("main").text
        assert all(word in text for word in words)
        assert not any(code in text for code in ("staff_name", "has_proof", "enterprise_register", "resident_identity"))


def test_what_usually_comes_next_stands_above_and_what_is_over_shows_no_empty_form(
    visit_as: VisitAs, doors: Doors
) -> None:
    filed = reviewed(doors)
    visitor = visit_as(MARKET)
    visitor.go(f"/desk/{filed.reference}-F1")
    told = doors.get(f"/tasks/{filed.reference}-F1", MARKET)["allowed"]
    shown_actions = [
        form.one("input", name="action").get("value")
        for form in visitor.page.all("form")
        if "/actions" in form.get("action")
    ]
    assert shown_actions[0] == "propose"
    assert sorted(shown_actions) == sorted(one["code"] for one in told)
    visitor.go(f"/desk/{filed.reference}-L1")
    filed.act("L1", "deliver")
    visitor.go(f"/desk/{filed.reference}-L1")
    assert "（未填）" not in visitor.page.one("main").text


@pytest.mark.parametrize(
    ("late", "total", "shade"), [(0, 0, 0), (0, 9, 1), (1, 100, 2), (1, 5, 3), (4, 5, 4), (5, 5, 4)]
)
def test_a_tile_is_the_darker_the_more_is_late(late: int, total: int, shade: int) -> None:
    assert maps.shade(late, total) == shade


def test_tiles_of_a_map_never_cover_one_another() -> None:
    for codes in (sorted(maps.LIES), [f"4403{number:02}" for number in range(9)]):
        places = [place(code, code) for code in codes] + [
            place(f"{codes[0][:4]}{n:02}", codes[0]) for n in range(1, 16)
        ]
        found = maps.drawn(places, {code: Bilingual(zh=code, en=code) for code in codes})
        assert found is not None
        assert len({(tile.x, tile.y) for tile in found.tiles}) == len(codes)
        for tile in found.tiles:
            assert 0 <= tile.x <= found.width - maps.WIDTH
            assert 0 <= tile.y <= found.height - found.tile_height
            for cell in tile.cells:
                assert cell.x + maps.CELL < maps.WIDTH
                assert cell.y + maps.CELL < found.tile_height
        for one in found.tiles:
            for other in found.tiles:
                apart = abs(one.x - other.x) >= maps.WIDTH or abs(one.y - other.y) >= found.tile_height
                assert one == other or apart


def place(code: str, above: str) -> LightGroupOut:
    """A place with two red tasks."""
    name = Bilingual(zh=code, en=code)
    red = Term(code="red", zh="红灯", en="red")
    return LightGroupOut(key=code, name=name, counts=[LightCountOut(light=red, count=2)], late=2, above=above)
