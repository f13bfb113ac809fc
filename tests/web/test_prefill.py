"""预填 at the pages: what registers know is neither asked nor typed, says where it is from, and can be contested."""

from collections.abc import Callable

from tests.doors import Doors
from tests.web.visitors import Visitor

VisitAs = Callable[[str], Visitor]
RETIRING, MOTHER, STEWARD = "chen_retiring", "lin_mother", "steward.330000"


def begun(visitor: Visitor, story: str) -> str:
    """A draft with the answers of a worked example and nothing typed; its address."""
    visitor.go(f"/bundles/{story.partition('_')[0]}/stories/{story}")
    visitor.submit("/applications")
    return visitor.path


def test_a_draft_is_filled_when_it_is_begun_and_says_where_each_value_is_from(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(RETIRING)
    draft = begun(visitor, "retire_full")
    had = doors.get(draft, RETIRING)["had"]
    assert had["employer"]["says"]["zh"] == "来自 人力资源和社会保障局·社会保险参保信息，10:00 获取"
    visitor.go(f"{draft}/data")
    for source in had.values():
        assert source["says"]["zh"] in visitor.page.one("main").text


def test_a_register_that_is_down_never_stops_a_draft(visit_as: VisitAs, doors: Doors) -> None:
    for dataset in ("social_insurance", "household_register"):
        doors.post(f"/registers/{dataset}/outage", STEWARD, {"is_down": True, "reason": "演示"})
    visitor = visit_as(RETIRING)
    draft = begun(visitor, "retire_full")
    said = visitor.go(f"{draft}/data").one("main").text
    assert "数源暂时不可用" in said
    doors.post("/registers/social_insurance/outage", STEWARD, {"is_down": False})
    visitor.submit(f"{draft}/prefill")
    assert visitor.path == f"{draft}/data"
    assert "employer" in doors.get(draft, RETIRING)["had"]
    visitor.submit(f"{draft}/prefill")
    assert "没有新的数据可获取" in visitor.page.one("main").text


def test_a_wrong_value_is_contested_with_what_is_right(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(RETIRING)
    draft = begun(visitor, "retire_full")
    form = f"{draft}/fields/employer/dispute"
    visitor.go(f"{draft}/data")
    assert form in [a.get("href") for a in visitor.page.one("main").all("a")]
    visitor.go(form)
    visitor.submit(form, status=422, form__employer="", reason="")
    assert {a.get("href") for a in visitor.page.one(class_="error-summary").all("a")} == {"#form.employer", "#reason"}
    visitor.submit(form, form__employer="另一家单位", reason="我去年换了单位。")
    assert visitor.path == f"{draft}/data"
    assert "您说不对" in visitor.page.one("main").text
    shown = doors.get(draft, RETIRING)
    assert shown["form"]["employer"] == "另一家单位"
    assert shown["disputes"]["employer"]["is_open"]
    visitor.follow("看答复")
    assert visitor.path.startswith("/my/matters/")


def test_missing_consents_are_one_click_from_the_draft(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(MOTHER)
    draft = begun(visitor, "birth_full")
    visitor.follow("需要的授权")
    assert visitor.path == f"{draft}/consents"
    assert doors.get(f"{draft}/consents", MOTHER)["missing_count"] > 0


def test_questions_that_data_answer_are_not_asked_and_say_why(visit_as: VisitAs, doors: Doors) -> None:
    visitor = visit_as(RETIRING)
    looks = doors.get("/me/data/looks", RETIRING)["entries"]
    visitor.go("/bundles/retire")
    assert doors.get("/me/data/looks", RETIRING)["entries"] == looks, "opening the page looks nothing up"
    visitor.follow("先看哪些不用再问")
    found = doors.get("/bundles/retire/personal", RETIRING, region="330802")
    assert found["answered"]
    for one in found["answered"]:
        assert one["ask"]["zh"] in visitor.page.one("main").text
        assert one["source"]["dataset_name"]["zh"] in visitor.page.one("main").text
    visitor.follow("开始")
    asked = visitor.page.one("main").all("input", name="ask")
    assert [control.get("value") for control in asked] == found["questions"][:1]


def test_nobody_elses_data_are_shown_or_contested(visit_as: VisitAs, visitor: Visitor) -> None:
    draft = begun(visit_as(RETIRING), "retire_full")
    other = visit_as(MOTHER)
    for path in ("data", "fields/employer/dispute"):
        other.go(f"{draft}/{path}", 404)
    other.post(f"{draft}/prefill", status=404)
    other.post(f"{draft}/fields/employer/dispute", {"form.employer": "x", "reason": "y"}, 404)
    visitor.go(f"{draft}/data")
    assert visitor.path == "/sign-in"


def test_what_could_not_be_had_is_said_once_a_part_and_leads_to_the_consent(visit_as: VisitAs) -> None:
    visitor = visit_as(MOTHER)
    draft = begun(visitor, "birth_full")
    part = visitor.go(f"{draft}/form/baby").one("main")
    said = [note.text for note in part.all(class_="why-not")]
    assert len(said) == len(set(said)) > 0
    assert "新生儿性别" in said[0], "what is left to type is named"
    assert f"{draft}/consents" in {a.get("href") for a in part.all("a")}
