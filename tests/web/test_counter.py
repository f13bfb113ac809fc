"""A whole case at the counter without scripts: taking in for elsewhere, parcels, the slip and the merged notice."""

from collections.abc import Callable

from tests.doors import Doors
from tests.web.visitors import Visitor

VisitAs = Callable[[str], Visitor]
TAKER, OFFICER, OWNER = "clerk.330881", "officer.market.361123.1", "wang_owner"


def begun(visitor: Visitor) -> str:
    """A draft for 玉山 begun at the counter of 江山; its id."""
    visitor.post("/preferences", {"region": "361123", "back": "/counter/intake"})
    visitor.go("/counter/intake")
    visitor.submit("/counter/intake", status=422, applicant=OWNER, bundle="catering")
    assert "请先核验身份" in visitor.page.text
    visitor.submit("/counter/intake", applicant=OWNER, bundle="catering", identified="id_card", handing="at_hall")
    return visitor.response.url.params["draft"] if visitor.response else ""


def test_taken_in_at_one_hall_signed_for_at_the_other_and_followed_by_the_owner(
    visit_as: VisitAs, doors: Doors
) -> None:
    clerk = visit_as(TAKER)
    draft = begun(clerk)
    assert doors.stored(draft).proxy is not None
    story = doors.platform.world.catalogue.stories["catering_simple"]
    own = f"/applications/{draft}"
    expected = {"answers": dict(story.answers), "form": dict(story.form)}
    assert doors.send("PATCH", own, TAKER, json=expected).status_code == 200
    for fault in doors.get(own, TAKER)["faults"]:
        code = fault["pointer"].rpartition("/")[2]
        doors.send("PUT", f"{own}/materials/{code}/paper", TAKER, json={"note": "原件 1 份"})
    reference = doors.post(f"{own}/submit", TAKER, {"pledge": True})["application"]["reference"]
    clerk.go("/counter/cases")
    clerk.go(f"/counter/cases/{draft}")
    assert "跨省通办" in clerk.page.text
    clerk.submit(f"/counter/cases/{draft}/parcels/1/send", status=422)
    assert "请填写运单号" in clerk.page.text
    clerk.submit(f"/counter/cases/{draft}/parcels/1/send", waybill="DEMO-0001")
    assert "已寄出，待签收" in clerk.page.text
    officer = visit_as(OFFICER)
    officer.go(f"/desk/{reference}-F1")
    officer.submit(f"/desk/{reference}-F1/parcels/1/sign", note="齐全")
    assert "已签收" in officer.page.text
    owner = visit_as(OWNER)
    owner.go(own)
    assert all(word in owner.page.text for word in ("异地代收", "江山市", "DEMO-0001", "已签收"))
    assert not [form for form in owner.page.one("main").all("form") if "parcels" in form.get("action")]
    clerk.go(f"/counter/cases/{draft}")
    clerk.follow("打印整件物料流转凭证")
    text = clerk.page.one("main").text
    assert all(word in text for word in ("玉山县市场监督管理局", "原件 1 份", f"{reference}-F1", "签收人", "江山市"))


def test_every_departments_points_stand_on_one_sheet(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_full")
    first = {item: task for item, task in doors.stored(filed.id).tasks.items() if task.status.value == "submitted"}
    for item in first:
        filed.act(item, "receive")
        code = next(field["code"] for field in filed.slice(item)["fields"] if field["source"]["code"] == "typed")
        filed.post_points(item, ("field", code))
    clerk = visit_as("clerk.330802")
    clerk.go(f"/counter/cases/{filed.id}")
    clerk.follow("打印给到场的人")
    text = clerk.page.one("main").text
    assert all(f"（{item}）" in text for item in first)
    assert len(first) > 1
    assert [link.get("href") for link in clerk.page.all("a") if link.text == "PDF"]
    clerk.follow("看送达的告知书")
    assert visit_as("clerk.330881").go(f"/counter/cases/{filed.id}/notices/1", 404)


def test_one_birth_two_places_on_the_pages_of_everybody(visit_as: VisitAs, doors: Doors) -> None:
    mother, there = "lin_mother", "330881"
    draft = doors.draft("birth_full", mother)["id"]
    own = visit_as(mother)
    own.go(f"/applications/{draft}")
    own.follow("在哪里办")
    own.submit(f"/applications/{draft}/places", status=422, **{"place.B3": "330000"})
    assert "请选择县（市、区）" in own.page.text
    own.submit(f"/applications/{draft}/places", **{"place.B3": there})
    assert "另一地：江山市" in own.page.text
    reference = doors.post(f"/applications/{draft}/submit", mother)["application"]["reference"]
    own.go(f"/applications/{draft}")
    assert "江山市办理宝宝上户口" in own.page.text
    assert "协同单" not in own.page.one("main").text.replace("发出协同单", "")
    clerk = visit_as(TAKER)
    clerk.go(f"/counter/tasks/{reference}-B3")
    assert "有 1 张协同单待签收" in clerk.page.text
    clerk.go("/counter")
    clerk.follow("待签协同单 1")
    assert "宝宝上户口" in clerk.page.one("main").text
    clerk.follow("新生儿出生")
    assert "这一地的办件与您没有先后关系" not in clerk.page.text
    clerk.submit(f"/together/{draft}/notes/1/sign")
    clerk.submit(f"/together/{draft}/notes", status=422, text="")
    assert "请写明事由" in clerk.page.text
    clerk.submit(f"/together/{draft}/notes", text="请核实现住址")
    other = visit_as("clerk.330802")
    other.go(f"/counter/cases/{draft}")
    other.follow("各地的进展和协同单")
    assert "请核实现住址" in other.page.text
    other.submit(f"/together/{draft}/notes/2/sign")
    assert visit_as("clerk.330102").go(f"/together/{draft}", 404)


def test_the_hall_of_the_other_place_signs_for_papers_on_its_own_task(visit_as: VisitAs, doors: Doors) -> None:
    taker, there = "clerk.330102", "330881"
    draft = doors.draft("birth_full", taker, proxy={"identified": "id_card", "handing": "at_hall"})["id"]
    own = f"/applications/{draft}"
    doors.send("PUT", f"{own}/places", taker, json={"places": {"B3": there}})
    doors.send("PUT", f"{own}/materials/household_book/paper", taker, json={"note": "原件 1 份"})
    reference = doors.post(f"{own}/submit", taker)["application"]["reference"]
    doors.post(f"{own}/parcels/1/send", taker, {"waybill": "DEMO-0001"})
    clerk, task = visit_as(TAKER), f"/counter/tasks/{reference}-B3"
    clerk.go(task)
    assert "DEMO-0001" in clerk.page.one("main").text
    clerk.submit(f"{task}/parcels/1/sign", note="齐全")
    assert clerk.path == task
    assert all(word in clerk.page.one("main").text for word in ("已签收", "齐全"))
    clerk.post(f"{task}/parcels/1/sign", {}, 422)
    assert "您不能执行此操作" in clerk.page.text
