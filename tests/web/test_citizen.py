"""An errand told through the pages, with JavaScript off: the same story, the same assertions as through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.databases import KINDS
from tests.doors import Doors
from tests.web.filling import answer_all, fill_in, typed_in, upload_all
from tests.web.visitors import Visitor

OWNER = "wang_owner"
VisitAs = Callable[[str], Visitor]


@pytest.fixture(scope="module", params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """An errand is told on both databases."""
    kind: str = request.param
    return kind


def story(doors: Doors, code: str = "catering_full") -> Any:
    """One worked example."""
    return doors.platform.world.catalogue.stories[code]


def drafted(visitor: Visitor, code: str = "catering_full") -> str:
    """A draft with the answers of a worked example; its address."""
    visitor.go(f"/bundles/{code.partition('_')[0]}/stories/{code}")
    visitor.submit("/applications")
    return visitor.path


@pytest.mark.parametrize("code", ["catering_full", "catering_simple", "birth_full", "house_full", "utility_full"])
def test_an_errand_from_everyday_words_to_the_receipt(visitor: Visitor, doors: Doors, code: str) -> None:
    told = story(doors, code)
    visitor.go("/search?q=kaifandian")
    assert visitor.page.all("mark") or visitor.page.all(class_="hits")
    visitor.go(f"/bundles/{told.bundle}")
    visitor.follow("开始")
    asked = answer_all(visitor, dict(told.answers))
    plan = doors.post(f"/bundles/{told.bundle}/plan", body={"region": "330802", "answers": dict(told.answers)})
    assert asked == len(plan["answers"])
    assert visitor.heading == "您的办理方案"
    visitor.submit("/applications")
    assert visitor.path == "/sign-in"
    back = visitor.page.one("form", id="accounts").one("input", name="back").get("value")
    visitor.post("/sign-in", {"account": told.applicant, "back": back})
    assert visitor.heading == "您的办理方案"
    visitor.submit("/applications")
    draft = visitor.path
    first = next(a for a in visitor.page.one("main").all("a") if "/form/" in a.get("href"))
    visitor.go(first.get("href"))
    assert len(fill_in(visitor, dict(told.form))) >= 2
    assert visitor.path == f"{draft}/materials"
    upload_all(visitor)
    visitor.go(f"{draft}/check")
    assert visitor.page.all(class_="error-summary") == []
    visitor.submit(f"{draft}/submit", pledge="yes")
    reference = visitor.page.one(class_="receipt-number").text
    stored = doors.stored(draft.rpartition("/")[2])
    assert stored.reference == reference
    assert stored.tasks
    api = doors.get(draft, told.applicant)
    visitor.go(draft)
    for task in api["tasks"]:
        assert task["short"]["zh"] in visitor.page.one("main").text
        assert task["department"]["zh"] in visitor.page.one("main").text


def test_the_plan_page_says_what_the_api_says(visitor: Visitor, doors: Doors) -> None:
    told = story(doors)
    plan = doors.post("/bundles/catering/plan", body={"region": "330802", "answers": dict(told.answers)})
    for lang in ("zh", "en"):
        visitor.cookies.set("lang", lang)
        main = visitor.go("/bundles/catering/stories/catering_full").one("main")
        for item in plan["items"]:
            assert item["name"][lang] in main.text
            assert item["because"]["because"][lang] in main.text
            assert item["routed"]["department"]["name"][lang] in main.text
        for left in (*plan["excluded"], *plan["not_needed"]):
            assert left["because"]["because"][lang] in main.text
        figures = [figure.text for figure in main.all(class_="figure")]
        saved = plan["savings"]
        assert figures[0] == str(len(plan["items"]))
        assert figures[3:] == [str(saved[n]) for n in ("fields_typed", "materials_uploaded", "visits_after")]
        assert plan["promised"]["explanation"][lang] in main.text
        assert {p["name"][lang] for p in plan["materials"] if p["source"]["code"] == "upload"} <= {
            head.text for head in main.all("th", scope="row")
        }


def test_a_changed_answer_shows_what_it_changes(visitor: Visitor) -> None:
    visitor.go("/bundles/catering/stories/catering_full")
    change = next(a for a in visitor.page.all("a") if a.text.startswith("修改") and "招牌" in a.text)
    visitor.go(change.get("href"))
    assert "户外招牌" in visitor.heading
    visitor.submit(visitor.path, ("next", "1"), q__sign="no")
    said = visitor.page.one(class_="banner-info").text
    assert "不用办了：户外招牌" in said
    assert "少交材料：" in said


def test_a_counterfactual_is_one_click_away(visitor: Visitor) -> None:
    visitor.go("/bundles/catering/stories/catering_full")
    visitor.follow("试试看")
    assert visitor.heading == "您的办理方案"
    assert visitor.page.all(class_="banner-info")


def test_a_question_left_open_or_answered_badly_is_asked_again(visitor: Visitor) -> None:
    visitor.go("/bundles/catering/guide")
    visitor.submit(visitor.path, ("next", "1"), status=422)
    assert visitor.page.one(class_="error-summary").all("a")[0].get("href") == "#q.has_licence"
    visitor.go("/bundles/catering/guide?ask=area_m2&q.has_licence=no")
    visitor.submit(visitor.path, ("next", "1"), status=422, q__area_m2="很大")
    assert visitor.page.one("input", id="q.area_m2").get("value") == "很大"
    assert visitor.page.all("input", name="q.has_licence")[0].get("value") == "no"


def test_answers_in_an_address_that_nobody_typed_do_no_harm(visitor: Visitor) -> None:
    for query in (
        "q.none=1",
        "q.subject=<script>",
        "q.area_m2=NaN",
        "q.food_scope=",
        "was.sign=yes",
        "ask=none&next=1",
    ):
        page = visitor.go(
            f"/bundles/catering/guide?{query}", status=422 if "script" in query or "NaN" in query else 200
        )
        assert not [s for s in page.all("script") if not s.get("src")]


def test_what_is_wrong_is_kept_and_pointed_at(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(OWNER)
    draft = drafted(visitor)
    visitor.go(f"{draft}/form/premises")
    visitor.post(visitor.path, {**typed_in(visitor, {"premises_area": "很大"}), "save": "next"})
    assert visitor.path == f"{draft}/form/premises"
    links = [a.get("href") for a in visitor.page.one(class_="error-summary").all("a")]
    assert "#form.premises_area" in links
    assert visitor.page.one("input", id="form.premises_area").get("value") == "很大"
    assert doors.stored(draft.rpartition("/")[2]).form["premises_area"] == "很大"
    visitor.go(f"{draft}/check")
    there = visitor.page.one(class_="error-summary").all("a")
    (premises,) = [a for a in there if (a.get("href") or "").startswith(f"{draft}/form/premises?check=1#form.")]
    assert "处没填好" in premises.text, "of many faults each part of the form is one line"
    assert "经营场所面积：请填写数字。" in visitor.go(premises.get("href")).one(class_="error-summary").text


def test_saving_for_later_asks_no_questions(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(OWNER)
    draft = drafted(visitor)
    visitor.go(f"{draft}/form/premises")
    visitor.post(visitor.path, {**typed_in(visitor, {"floors": "地上一层"}), "save": "later"})
    assert visitor.path == draft
    assert "已保存" in visitor.page.one(role="status").text
    assert visit_as(OWNER).go(f"{draft}/form/premises").one("input", id="form.floors").get("value") == "地上一层"
    visitor.post(f"{draft}/form/premises", {"form.floors": "二层", "save": "auto"}, 204)
    assert doors.stored(draft.rpartition("/")[2]).form["floors"] == "二层"


def test_a_real_number_is_refused_and_not_shown_again(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(OWNER)
    draft = drafted(visitor)
    real = "110101199003070" + "01" + "1"
    visitor.go(f"{draft}/form/applicant")
    typed = {**typed_in(visitor, {"contact": "王示例", "contact_phone": "138" + "00138000"}), "save": "next"}
    page = visitor.post(visitor.path, typed, 422)
    assert "像是真实的手机号" in page.one(class_="error-summary").text
    assert "13800138000" not in page.text
    assert page.one("input", id="form.contact").get("value") == "王示例"
    assert page.one("input", id="form.contact_phone").get("value") == ""
    assert "contact" not in doors.stored(draft.rpartition("/")[2]).form
    assert real not in visitor.go("/search", 200, params={"q": "开饭店"}).text


def test_rows_are_added_and_removed_without_scripts(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(OWNER)
    draft = drafted(visitor)
    people = {"staff_list": [{"staff_name": "何示例"}, {"staff_name": "许示例"}]}
    visitor.go(f"{draft}/form/people")
    assert len(visitor.page.all("fieldset", class_="row")) == 1
    visitor.post(visitor.path, {**typed_in(visitor, people), "add": "staff_list"})
    assert len(visitor.page.all("fieldset", class_="row")) == 3
    visitor.post(f"{draft}/form/people", {**typed_in(visitor, people), "remove": "staff_list.0"})
    kept = doors.stored(draft.rpartition("/")[2]).form["staff_list"]
    assert kept == [{"staff_name": "许示例"}]


def test_submitting_twice_is_one_application_and_shows_the_code_once(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(OWNER)
    draft = doors.draft("catering_full")["id"]
    visitor.go(f"/applications/{draft}/check")
    data = {"key": visitor.page.one("input", name="key").get("value"), "pledge": "yes"}
    first = visitor.post(f"/applications/{draft}/submit", data)
    code, reference = first.one(class_="receipt-code").text, first.one(class_="receipt-number").text
    assert visitor.response is not None
    assert visitor.response.headers["cache-control"] == "private, no-store"
    again = visitor.post(f"/applications/{draft}/submit", data)
    assert again.one(class_="receipt-number").text == reference
    assert again.all(class_="receipt-code") == []
    assert visitor.go(f"/applications/{draft}/submit").all(class_="receipt-code") == []
    assert visitor.path == f"/applications/{draft}/receipt"
    found = Visitor(doors)
    found.go("/progress", params={"reference": reference})
    found.submit("/progress", query_code=code)
    assert found.heading == "开办餐饮店"
    assert "王示例" not in found.page.one("main").text


def test_looking_up_stops_after_a_few_wrong_codes(visitor: Visitor, doors: Doors) -> None:
    filed = doors.file("catering_simple")
    for _ in range(doors.platform.settings.lookup_tries):
        visitor.go("/progress")
        visitor.submit("/progress", status=422, reference=filed.reference, query_code="000000")
        assert "不匹配" in visitor.page.one(class_="error-summary").text
    visitor.submit("/progress", status=422, reference=filed.reference, query_code=filed.query_code)
    assert "次数过多" in visitor.page.one(class_="error-summary").text
    assert visitor.page.one("input", id="reference").get("value") == filed.reference


def test_a_notice_shows_just_what_it_asks_for_and_takes_the_answer(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_simple")
    items = [item for item, status in filed.statuses().items() if status == "submitted"]
    for item in items:
        filed.act(item, "receive")
    filed.post_points(items[0], ("field", "operator_name"))
    for item in items[1:]:
        filed.act(item, "accept")
    visitor = visit_as(OWNER)
    visitor.go(f"/applications/{filed.id}")
    visitor.follow("去补正")
    asked = [c.get("name") for c in visitor.page.one("main").all("input") if c.get("name").startswith("form.")]
    assert asked == ["form.operator_name"]
    assert f"请核对后改正（{items[0]}）" in visitor.page.one("main").text
    visitor.submit(f"/applications/{filed.id}/notices/1", status=422, form__operator_name="")
    assert visitor.page.one(class_="error-summary").all("a")[0].get("href") == "#form.operator_name"
    visitor.submit(f"/applications/{filed.id}/notices/1", form__operator_name="示例新店")
    assert "补正已提交" in visitor.page.one(role="status").text
    assert doors.stored(filed.id).form["operator_name"] == "示例新店"


def test_what_was_promised_for_later_is_brought(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(OWNER)
    draft = doors.draft("catering_full")["id"]
    doors.send("PATCH", f"/applications/{draft}", OWNER, json={"form": {"open_date": None}})
    visitor.go(f"/applications/{draft}/check")
    visitor.submit(f"/applications/{draft}/submit", status=422, later="open_date")
    assert "pledge" in visitor.page.one(class_="error-summary").all("a")[0].get("href")
    visitor.submit(f"/applications/{draft}/submit", later="open_date", pledge="yes")
    visitor.go(f"/applications/{draft}")
    visitor.follow("去补齐")
    visitor.submit(f"/applications/{draft}/later", form__open_date="2026-05-01")
    assert doors.stored(draft).form["open_date"] == "2026-05-01"


def test_every_due_date_says_how_it_was_counted(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_simple")
    filed.review("L1")
    task = doors.get(f"/tasks/{filed.reference}-L1", OWNER)
    visitor = visit_as(OWNER)
    visitor.go(f"/applications/{filed.id}")
    visitor.follow("执照核验")
    assert len(task["reckoning"]) >= 2
    for found in task["reckoning"]:
        assert found["sentence"]["zh"] in visitor.page.one("main").text


def test_a_rating_is_given_in_two_steps_and_added_to_once(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_simple")
    filed.act("L1", "receive")
    visitor = visit_as(OWNER)
    visitor.go(f"/applications/{filed.id}/ratings")
    visitor.follow("★★☆☆☆ 不满意")
    visitor.submit(f"/applications/{filed.id}/ratings/new", tags=["slow"], text="等了很久")
    own = doors.get(f"/applications/{filed.id}/ratings", OWNER)["given"]
    assert [(rating["level"]["code"], rating["text"]) for rating in own] == [("dissatisfied", "等了很久")]
    place = f"/applications/{filed.id}/ratings/{own[0]['id']}/addition"
    visitor.post(place, {f"text.{own[0]['id']}": ""}, 422)
    visitor.post(place, {f"text.{own[0]['id']}": "补充一句"})
    assert "补充一句" in visitor.page.one("main").text
    visitor.follow("看整改到哪一步")
    assert visitor.path.startswith("/my/matters/")


def test_a_stuck_errand_is_reported_and_followed(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_simple")
    visitor = visit_as(OWNER)
    visitor.go(f"/applications/{filed.id}/report")
    visitor.submit(f"/applications/{filed.id}/report", status=422, text="")
    visitor.submit(f"/applications/{filed.id}/report", text="两周没有动静")
    assert visitor.path.startswith("/my/matters/")
    assert "两周没有动静" in visitor.page.one("main").text
    visitor.go(f"/applications/{filed.id}")
    visitor.follow("您反映的办不成事")
    assert "届满" in visitor.page.one("main").text, "the date of the next step says how it was counted"


def test_withdrawing_asks_first(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_simple")
    visitor = visit_as(OWNER)
    visitor.go(f"/applications/{filed.id}/withdraw")
    assert "撤回整件申请" in visitor.heading
    visitor.submit(f"/applications/{filed.id}/withdraw", reason="不办了")
    assert filed.status() == "withdrawn"


def test_what_is_anothers_does_not_exist(visit_as: VisitAs, visitor: Visitor, doors: Doors) -> None:
    filed = doors.file("catering_simple")
    number = doors.get(f"/applications/{filed.id}/papers", OWNER)[0]["number"]
    stranger = visit_as("lin_mother")
    places = [f"/applications/{filed.id}{rest}" for rest in ("", "/receipt", "/materials", "/ratings", "/tasks/L1")]
    for place in (*places, f"/papers/{number}"):
        stranger.go(place, 404)
        assert stranger.heading == "未找到"
        visitor.go(place)
        assert visitor.path == "/sign-in"


def test_messages_lead_to_their_case_and_count_down(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_simple")
    visitor = visit_as(OWNER)
    visitor.go("/my/messages")
    assert visitor.page.one(class_="count").text.endswith("1")
    action = next(f.get("action") for f in visitor.page.one("main").all("form") if f.get("action").count("/") == 4)
    visitor.post(action)
    assert visitor.path == f"/applications/{filed.id}"
    assert visitor.page.all(class_="count") == []


def test_a_file_that_is_none_is_refused_at_its_place(visit_as: VisitAs) -> None:
    visitor = visit_as(OWNER)
    draft = drafted(visitor)
    place = f"{draft}/materials/layout"
    visitor.post(place, files={"materials.layout": ("a.exe", b"MZ", "application/pdf")}, status=422)
    assert visitor.page.one(class_="error-summary").all("a")[0].get("href") == "#materials.layout"
    visitor.post(place, {"x": "1"}, 422)
    assert "请选择一个文件" in visitor.page.one(class_="error-summary").text
