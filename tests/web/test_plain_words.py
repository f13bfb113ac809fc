"""What applicants read is words: no codes under the steps, days as people write them, no result before the end."""

import re
from datetime import UTC, datetime

import pytest

from app.catalogue.loader import Catalogue
from app.domain.applications import EventKind
from app.domain.vocabulary import Role
from app.schemas.applications import EventOut
from app.schemas.common import Term
from app.web.wording import noted
from tests.doors import Doors
from tests.web.visitors import Visitor

OWNER = "wang_owner"


def event(kind: EventKind, why: str | None) -> EventOut:
    """A step with this note."""
    return EventOut(
        seq=1,
        at=datetime(2026, 3, 16, tzinfo=UTC),
        kind=Term.of(kind),
        item=None,
        role=Term.of(Role.SYSTEM),
        actor="system",
        on_behalf_of=None,
        start=None,
        end=None,
        why=why,
    )


@pytest.mark.parametrize(
    ("kind", "why", "zh", "en"),
    [
        (EventKind.CORRECTION_SERVED, "1", None, None),
        (EventKind.CERTIFICATE_USED, "layout", "场所平面布局图", "Floor plan"),
        (EventKind.CERTIFICATE_ISSUED, "L0", "营业执照", "Business licence"),
        (EventKind.STEP_PLANNED, "original_in", "收取原件", "original handed in"),
        (EventKind.STEP_FINISHED, "2", None, None),
        (EventKind.PARCEL_SENT, "已核验 / checked", "已核验", "checked"),
        (EventKind.RETURNED, "材料 A/B 不一致", "材料 A/B 不一致", "材料 A/B 不一致"),
        (EventKind.RECEIVED, None, None, None),
    ],
)
def test_a_note_is_words_of_the_page_s_language(
    catalogue: Catalogue, kind: EventKind, why: str | None, zh: str | None, en: str | None
) -> None:
    library = catalogue.library
    assert noted(event(kind, why), library, "zh") == zh
    assert noted(event(kind, why), library, "en") == en


def test_the_pages_of_a_case_show_no_code_and_no_bare_date(doors: Doors) -> None:
    filed = doors.file("catering_simple")
    filed.act("L1", "receive")
    filed.post_points("L1", ("field", "operator_name"))
    visitor = Visitor(doors).sign_in(OWNER)
    codes = doors.platform.world.library.materials.keys()
    for path in ("", "/tasks/L1", "/receipt"):
        main = visitor.go(f"/applications/{filed.id}{path}").one("main")
        notes = [p.text for step in main.all(class_="timeline") for p in step.all("p") if not p.get("class")]
        assert not [note for note in notes if note in codes or note.isdecimal()]
        assert not re.search(r"\b20\d\d-\d\d-\d\d\b", main.text), main.text
    draft = doors.draft("catering_full")["id"]
    assert "2026年4月20日" in visitor.go(f"/applications/{draft}/check").one("main").text


def test_the_proof_of_a_case_is_found_at_its_end_and_says_when_it_was_signed(doors: Doors) -> None:
    filed = doors.file("catering_full")
    visitor = Visitor(doors).sign_in(OWNER)
    visitor.go(f"/applications/{filed.id}")
    main = visitor.follow("存证").one("main")
    assert visitor.heading == "存证"
    assert filed.reference in main.text
    assert "2026年3月16日 10:00 签名" in main.text


def test_what_an_applicant_reported_is_told_in_the_applicants_words(doors: Doors) -> None:
    filed = doors.file("catering_full")
    visitor = Visitor(doors).sign_in(OWNER)
    visitor.go(f"/applications/{filed.id}/report")
    visitor.submit(f"/applications/{filed.id}/report", text="两周没有动静")
    assert visitor.heading == "您反映的办不成事"
    for path in ("/my/voices", f"/applications/{filed.id}", f"/applications/{filed.id}/report"):
        said = visitor.go(path).one("main").text
        assert "您反映的办不成事" in said
        assert "已收到，正在交办" in said
        assert "申请人反映" not in said


def test_no_result_is_told_before_the_whole_is_over(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="92003308MA00DEM225")
    assert "全部准予" not in Visitor(doors).sign_in(OWNER).go("/my").one("main").text


def test_large_type_keeps_everything_else_behind_one_button(doors: Doors) -> None:
    visitor = Visitor(doors)
    assert visitor.go("/").all("details", class_="menu") == []
    visitor.post("/preferences", {"size": "150", "back": "/"})
    header = visitor.page.one("header")
    assert header.one("details", class_="menu").one("summary").text == "菜单"
    assert {"打电话、找人帮办", "朗读本页"} <= {e.text for e in header.walk() if e.tag in {"a", "button"}}
    assert header.all("nav"), "beside the button, not inside it: wide screens show it as it is"


def test_what_one_said_is_in_one_place(doors: Doors) -> None:
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="92003308MA00DEM225")
    matter = doors.post(f"/applications/{filed.id}/reports", OWNER, {"text": "两周没有动静"}, 201)["id"]
    visitor = Visitor(doors).sign_in(OWNER)
    links = {a.get("href") for a in visitor.go("/my/voices").one("main").all("a")}
    assert {f"/my/matters/{matter}", f"/applications/{filed.id}/ratings"} <= links
    assert "还没有" in Visitor(doors).sign_in("lin_mother").go("/my/voices").one("main").text


def test_a_bundle_says_what_to_have_at_hand(doors: Doors) -> None:
    text = Visitor(doors).go("/bundles/catering").one(class_="need-list").text
    assert "场所平面布局图" in text
    assert "营业执照" not in text, "that one is shared"


def test_a_paper_says_which_item_it_is_about(doors: Doors) -> None:
    filed = doors.file("catering_full")
    for item in ("L0", "H1"):
        filed.act(item, "receive")
        filed.act(item, "accept")
    links = [a.text for a in Visitor(doors).sign_in(OWNER).go(f"/applications/{filed.id}").one("main").all("a")]
    assert {"受理回执：营业执照", "受理回执：健康证明"} <= set(links)


def test_an_empty_list_says_whether_a_filter_emptied_it_and_leads_on(doors: Doors) -> None:
    visitor = Visitor(doors).sign_in(OWNER)
    assert "还没有人看过" in visitor.go("/my/data").one("main").text
    assert "没有符合筛选条件的记录" in visitor.go("/my/data?refused=yes").one("main").text
    assert visitor.follow("清除筛选").one("h1").text == "我的数据"
    assert visitor.go("/search").one(class_="empty").all("a"), "a search for nothing says what may be looked for"
    visitor.go("/items?line=fire&bundle=retire")
    visitor.follow("看全部事项")
