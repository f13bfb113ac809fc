"""一本账 told through the pages, with JavaScript off: an officer asks, holders answer, stewards watch."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.doors import Doors
from tests.factories import MONDAY
from tests.journeys.test_data_alarms import call, keep, nosy, swept
from tests.journeys.test_data_requests import CIVIL, LAND, POLICE, approval, stored
from tests.web.visitors import Visitor

STEWARD, SUPERVISOR = "steward.330802", "supervisor.330802"
VisitAs = Callable[[str], Visitor]
NEW = "/data-requests/new?item=D3"


def ask(visitor: Visitor, status: int = 200, **changes: Any) -> str:
    """A basket of two for D3, as ticked on the page; its address."""
    visitor.go(NEW)
    typed: dict[str, Any] = {
        "purpose": "核对买卖双方身份和婚姻状况",
        "elements__marriage_register": ["exists", "marital"],
        "elements__resident_identity": ["name"],
        "per_day__marriage_register": "50",
    }
    visitor.submit("/data-requests", status=status, **(typed | changes))
    return visitor.path


def line_of(visitor: Visitor, name: str) -> str:
    """Follow a request to the line about a dataset; its id."""
    visitor.follow(name)
    return visitor.path.rpartition("/")[2]


def test_an_officer_asks_the_holders_answer_and_the_steward_sees_it(visit_as: VisitAs, doors: Doors) -> None:
    asker = visit_as(LAND)
    asker.go("/datasets", params={"q": "婚姻登记"})
    asker.follow("婚姻登记信息")
    assert "不动产转移登记" in asker.page.one("main").text
    basket = ask(asker)
    assert "待答复" in asker.page.one("main").text

    holder = visit_as(CIVIL)
    holder.go("/data-requests")
    holder.follow("不动产转移登记")
    assert (holder.path, "居民身份信息" in holder.page.one("main").text) == (basket, False)
    line = line_of(holder, "婚姻登记信息")
    until = (MONDAY + timedelta(days=30)).isoformat()
    action = f"/data-requests/lines/{line}/actions"
    holder.post(action, {"action": "approve", "elements": ["marital"], "per_day": "5", "until": until})
    assert "已同意" in holder.page.one("main").text
    kept = stored(doors, line)
    assert (kept.elements, kept.per_day, str(kept.until)) == (("marital",), 5, until)
    found = approval(doors, "marriage_register")
    assert found is not None
    assert found.id == line

    police = visit_as(POLICE)
    police.go(basket)
    refused = line_of(police, "居民身份信息")
    police.post(f"/data-requests/lines/{refused}/actions", {"action": "refuse", "reason": " "}, 422)
    assert police.page.one(class_="error-summary").one("a").get("href") == "#refuse.reason"
    police.post(f"/data-requests/lines/{refused}/actions", {"action": "refuse", "reason": "已有批复"})
    asker.go(basket)
    assert "都已答复" in asker.page.one("main").text

    steward = visit_as(STEWARD)
    steward.go("/data-requests")
    assert basket in [link.get("href") for link in steward.page.one("main").all("a")]
    steward.go(f"/data-requests/lines/{line}")
    assert steward.page.one("main").all("form") == []
    keep(doors, [call(doors, n, n % 3) for n in range(6)])
    shown = steward.go("/data-usage").one("main").text
    assert "婚姻登记信息" in shown
    assert "wu_seller" not in shown
    months = visit_as(LAND).go("/datasets/marriage_register").one("section", data_part="calls")
    rows = {row.all("th")[0].text: row.all("td")[0].text for row in months.one("tbody").all("tr")}
    assert (len(rows), sum(map(int, rows.values()))) == (12, 6)


def test_what_is_wrong_with_a_basket_stands_at_its_control_and_what_was_typed_stays(visit_as: VisitAs) -> None:
    asker = visit_as(LAND)
    wrong = {"purpose": " ", "per_day__marriage_register": "none", "until__resident_identity": "2020-01-01"}
    ask(asker, 422, **wrong)
    assert asker.page.one(id="error-per_day.marriage_register").text
    assert "checked" in asker.page.one(id="elements.marriage_register").attributes
    ask(asker, 422, purpose=" ", until__resident_identity="2020-01-01")
    links = [link.get("href") for link in asker.page.one(class_="error-summary").all("a")]
    assert links == ["#purpose", "#until.resident_identity"]
    ask(asker, 422, elements__marriage_register=None, elements__resident_identity=None)
    assert "至少勾选" in asker.page.one(class_="error-summary").text
    ask(asker, 422, elements__marriage_register=["wife_id"])
    assert "最小必要" in asker.page.one(id="error-elements.marriage_register").text


def test_a_form_sent_twice_asks_once(visit_as: VisitAs, doors: Doors) -> None:
    asker = visit_as(LAND)
    asker.go(NEW)
    sent = {"item": "D3", "purpose": "核对", "elements.marriage_register": ["marital"], "key": "one"}
    sent["per_day.marriage_register"] = "5"
    asker.post("/data-requests", sent)
    first = asker.path
    asker.post("/data-requests", sent)
    assert asker.path == first
    assert len(doors.get("/data-requests", LAND, **{"for": "others"})["entries"]) == 1


def test_a_holder_suspends_and_resumes_what_came_with_the_catalogue(visit_as: VisitAs, doors: Doors) -> None:
    holder = visit_as(CIVIL)
    holder.go("/datasets/marriage_register")
    rows = holder.page.one("section", data_part="approvals").one("tbody").all("tr")
    row = next(row for row in rows if "不动产转移登记" in row.text)
    holder.go(row.one("a").get("href"))
    holder.submit("/datasets/marriage_register/suspension", status=422, reason="")
    assert holder.page.one(class_="error-summary").one("a").get("href") == "#reason"
    holder.submit("/datasets/marriage_register/suspension", reason="登记系统升级")
    assert "已暂停" in holder.page.one("main").text
    assert approval(doors, "marriage_register") is None
    line = holder.path
    holder.go("/datasets/marriage_register")
    assert line in [link.get("href") for link in holder.page.one("main").all("a")]
    holder.go(line)
    holder.submit(f"{line}/actions")
    assert approval(doors, "marriage_register") is not None


def test_only_the_holders_line_opens_the_form_or_sends_it(visit_as: VisitAs, doors: Doors) -> None:
    found = approval(doors, "marriage_register")
    assert found is not None
    stranger = visit_as(POLICE)
    path = "/datasets/marriage_register/suspension"
    stranger.go(path, 404, params={"approval": found.id})
    stranger.post(path, {"approval": found.id, "reason": "试试"}, 403)
    stranger.post(path, {"approval": "nothing", "reason": "试试"}, 404)
    assert approval(doors, "marriage_register") == found


@pytest.mark.parametrize("who", [LAND, STEWARD, "officer.civil_affairs.330881.1"])
def test_nobody_else_is_led_to_suspending_or_answering(visit_as: VisitAs, who: str) -> None:
    basket = ask(visit_as(LAND))
    other = visit_as(who)
    other.go("/datasets/marriage_register")
    links = [link.get("href") for link in other.page.one("main").all("a")]
    assert any("/suspension" in link for link in links) is ("civil_affairs" in who)
    if "330881" in who:
        other.go(basket, 404)
    else:
        line = line_of(other_at(other, basket), "婚姻登记信息")
        other.post(f"/data-requests/lines/{line}/actions", {"action": "approve"}, 422)
        assert other.page.one(class_="error-summary").text


def other_at(visitor: Visitor, path: str) -> Visitor:
    """The visitor, on that page."""
    visitor.go(path)
    return visitor


def test_an_unusual_use_leads_to_the_matter_in_which_it_is_explained(visit_as: VisitAs, doors: Doors) -> None:
    nosy(doors, doors.file("catering_full"))
    swept(doors)
    steward = visit_as(STEWARD)
    steward.go("/data-alarms")
    steward.follow("多次被拒")
    assert steward.path.startswith("/matters/")
    visit_as("lin_mother").go("/data-alarms", 403)


def test_a_register_is_taken_down_for_a_demonstration_and_brought_up_again(visit_as: VisitAs, doors: Doors) -> None:
    watcher = visit_as(SUPERVISOR)
    watcher.go("/registers")
    watcher.post("/registers", {"is_down": "yes", "dataset": ""}, 422)
    assert watcher.page.one(class_="error-summary").one("a").get("href") == "#dataset"
    watcher.post("/registers", {"is_down": "yes", "dataset": "marriage_register", "reason": "演练"})
    assert "演练" in watcher.page.one("tbody").all("tr")[0].text
    down = [one["dataset"] for one in doors.get("/registers", SUPERVISOR) if one["is_down"]]
    assert down == ["marriage_register"]
    watcher.post("/registers", {"is_down": "no", "dataset": "marriage_register"})
    assert not [one for one in doors.get("/registers", SUPERVISOR) if one["is_down"]]
    visit_as(LAND).go("/registers", 403)
