"""What a hall took in for elsewhere, as its applicant sees it: the way of delivery, and where the originals are."""

from collections.abc import Callable

from tests.doors import Doors
from tests.journeys.test_elsewhere import AT_HALL, CLERK, OWNER, THERE, taken_in
from tests.web.visitors import Visitor

VisitAs = Callable[[str], Visitor]


def test_the_applicant_changes_the_way_of_delivery_and_sees_what_it_means(visit_as: VisitAs, doors: Doors) -> None:
    draft = doors.draft("catering_simple", CLERK, region=THERE, proxy=AT_HALL)["id"]
    visitor = visit_as(OWNER)
    visitor.go(f"/applications/{draft}")
    visitor.follow("结果怎样送达")
    assert "直接寄给您，不用跑" in visitor.page.one("main").text
    assert visitor.page.all("input", name="identified") == [], "who stood there is for the hall to say"
    visitor.post(visitor.path, {"handing": "at_home", "identified": "entrusted"}, 422)
    visitor.submit(handing="by_post")
    assert "寄给申请人" in visitor.page.one("main").text
    hall = visit_as(CLERK)
    hall.go(f"/applications/{draft}/handing")
    hall.submit(identified="entrusted")
    proxy = doors.stored(draft).proxy
    assert proxy is not None
    assert (proxy.handing.value, proxy.identified.value) == ("by_post", "entrusted")
    online = doors.draft("catering_simple")["id"]
    visitor.go(f"/applications/{online}/handing")
    assert visitor.path == f"/applications/{online}", "there is nothing to choose"


def test_the_applicant_is_told_where_the_originals_are_and_how_they_come_back(visit_as: VisitAs, doors: Doors) -> None:
    filed = taken_in(doors)
    visitor, path = visit_as(OWNER), f"/applications/{filed.id}"

    def told() -> str:
        visitor.go(path)
        return visitor.page.one("main").text.partition("您交的原件在哪里")[2]

    assert "等快递来取" in told()
    doors.post(f"{path}/parcels/1/send", CLERK, {"waybill": "DEMO-1"})
    assert "在路上" in told()
    assert "DEMO-1" in told()
    doors.post(f"{path}/withdraw", OWNER, {"reason": "不办了"})
    assert "领取并签收" in told()


def test_every_way_back_from_an_application_is_open_to_the_clerk(doors: Doors) -> None:
    draft = doors.draft("catering_full", "clerk.330802")["id"]
    clerk = Visitor(doors).sign_in("clerk.330802")
    for page in ("", "/check", "/materials", "/form/premises"):
        shown = clerk.go(f"/applications/{draft}{page}")
        back = [link.get("href") for link in shown.one("nav", class_="crumbs").all("a")]
        assert "/counter/cases" in back
        for href in back:
            clerk.go(href)
        assert [e.get("href") for e in shown.one("nav", class_="site-nav").all("a", aria_current="page")] == [
            "/counter/cases"
        ]
