"""The pages of applicants, and an applicant's things to look at."""

from tests.doors import Doors
from tests.web.listed import Listed

OWNER = "wang_owner"
TAKER = "clerk.330881"
FOLLOWED = "q.has_licence=no&q.subject=%E4%BC%81%E4%B8%9A&q.area_m2=80"

CITIZEN = (
    Listed("/search"),
    Listed("/search?q=tuixiu"),
    Listed("/search?q=qqqqq"),
    Listed("/bundles"),
    Listed("/bundles?for=person"),
    Listed("/bundles/catering"),
    Listed("/bundles/birth"),
    Listed("/bundles/nothing", status=404),
    Listed("/items"),
    Listed("/items?line=market&bundle=catering"),
    Listed("/items/F1"),
    Listed("/bundles/catering/guide"),
    Listed("/bundles/catering/guide?ask=area_m2&q.area_m2=-4&next=1", status=422),
    Listed(f"/bundles/catering/guide?ask=food_scope&{FOLLOWED}"),
    Listed(f"/bundles/catering/plan?{FOLLOWED}&was.area_m2=400"),
    Listed("/bundles/catering/stories/catering_full"),
    Listed("/bundles/house/stories/house_full"),
    Listed("/halls"),
    Listed("/halls?desk=post&longitude=118.8&latitude=28.9"),
    Listed("/progress"),
    Listed("/my", OWNER),
    Listed("/my", "lin_mother"),
    Listed("/my/voices", OWNER),
    Listed("/my/messages", OWNER),
    Listed("/my/certificates", OWNER),
    Listed("/my/credit", OWNER),
    Listed("/applications/{draft}", OWNER),
    Listed("/applications/{draft}/form/business", OWNER),
    Listed("/applications/{draft}/form/people?rows=staff_list", OWNER),
    Listed("/applications/{empty}/form/business?check=1", OWNER),
    Listed("/applications/{draft}/materials", OWNER),
    Listed("/applications/{empty}/check", OWNER),
    Listed("/applications/{draft}/check", OWNER),
    Listed("/applications/{draft}/withdraw", OWNER),
    Listed("/applications/{elsewhere}", OWNER),
    Listed("/applications/{elsewhere}/handing", OWNER),
    Listed("/applications/{elsewhere}/handing", TAKER),
    Listed("/applications/{filed}", OWNER),
    Listed("/applications/{filed}/receipt", OWNER),
    Listed("/applications/{filed}/tasks/L1", OWNER),
    Listed("/applications/{filed}/halls", OWNER),
    Listed("/applications/{corrected}/halls?longitude=118.8&latitude=28.9", OWNER),
    Listed("/applications/{corrected}", OWNER),
    Listed("/applications/{corrected}/notices/1", OWNER),
    Listed("/applications/{later}", OWNER),
    Listed("/applications/{later}/later", OWNER),
    Listed("/applications/{filed}/report", OWNER),
    Listed("/applications/{filed}/ratings", OWNER),
    Listed("/applications/{filed}/ratings/new?item=L0&stage=intake&level=dissatisfied", OWNER),
    Listed("/my/matters/{stuck}", OWNER),
    Listed("/applications/{filed}", "lin_mother", 404),
)


def prepared(doors: Doors) -> dict[str, str]:
    """A draft, an empty one, and applications on their way: submitted, to be corrected, with something to follow."""
    draft = doors.draft("catering_full")["id"]
    wish = {"bundle": "catering", "region": "330802", "answers": {"has_licence": False}}
    empty = doors.post("/applications", OWNER, wish, 201)["id"]
    proxy = {"identified": "id_card", "handing": "at_hall"}
    elsewhere = doors.draft("catering_simple", TAKER, region="330802", proxy=proxy)["id"]
    filed = doors.file("catering_full")
    filed.grant("L0", uscc="92003308MA00DEM225")
    stuck = doors.post(f"/applications/{filed.id}/reports", OWNER, {"text": "两周没有动静"}, 201)["id"]
    return {
        "draft": draft,
        "empty": empty,
        "elsewhere": elsewhere,
        "filed": filed.id,
        "corrected": _corrected(doors),
        "later": _later(doors),
        "stuck": stuck,
    }


def _corrected(doors: Doors) -> str:
    """An application whose notice has been served."""
    filed = doors.file("catering_simple")
    for item, department in filed.departments.items():
        if filed.status(item) == "submitted":
            filed.act(item, "receive")
            fields = [field["code"] for field in filed.slice(item)["fields"] if field["source"]["code"] == "typed"]
            assert department
            filed.post_points(item, ("field", fields[0]))
    return filed.id


def _later(doors: Doors) -> str:
    """An application whose opening day was promised for later."""
    draft = doors.draft("catering_full")["id"]
    doors.send("PATCH", f"/applications/{draft}", OWNER, json={"form": {"open_date": None}})
    doors.post(f"/applications/{draft}/submit", OWNER, {"pledge": True, "later": ["open_date"]})
    return str(draft)
