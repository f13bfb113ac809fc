"""The officials' pages that can be opened."""

from tests.doors import Doors
from tests.web.listed import Listed

OFFICER = "officer.market.330802.1"

SUPERVISOR = "supervisor.330802"

CLERK = "clerk.330802"

TAKER = "clerk.330881"
"""Of a hall that took in for 330802."""

OFFICIALS = (
    Listed("/catalogue"),
    Listed("/catalogue/checks"),
    Listed("/catalogue/parts"),
    Listed("/catalogue/parts?kind=material&q=证明"),
    Listed("/catalogue/bundles/catering"),
    Listed("/catalogue/bundles/nothing", status=404),
    Listed("/catalogue/items/F1", OFFICER),
    Listed("/counter", CLERK),
    Listed("/counter?queue=deliver", CLERK),
    Listed("/counter?queue=originals", CLERK),
    Listed("/counter/tasks/{desk_task}/originals", CLERK),
    Listed("/counter/intake", CLERK),
    Listed("/counter/cases", CLERK),
    Listed("/counter/tasks/{desk_task}", CLERK),
    Listed("/counter/tasks/{desk_task}/slip", CLERK),
    Listed("/counter/cases/{watched}", CLERK),
    Listed("/counter/cases/{watched}/slip", CLERK),
    Listed("/counter/cases/{watched}/notices/1", CLERK, status=404),
    Listed("/counter/cases/{posted}", TAKER),
    Listed("/together", TAKER),
    Listed("/together", OFFICER),
    Listed("/together/{posted}", TAKER),
    Listed("/together/{shared}", TAKER),
    Listed("/together/{shared}", CLERK),
    Listed("/together/{shared}", SUPERVISOR),
    Listed("/together/{watched}", CLERK),
    Listed("/counter/cases/{posted}/notices/1", TAKER),
    Listed("/desk/{posted_task}", OFFICER),
    Listed("/applications/{posted}", "wang_owner"),
    Listed("/desk", OFFICER),
    Listed("/desk?closed=yes", OFFICER),
    Listed("/desk/checks", OFFICER),
    Listed("/desk?status=review&number=none", OFFICER),
    Listed("/desk?due=rubbish", OFFICER, status=422),
    Listed("/desk/{desk_task}", OFFICER),
    Listed("/desk/{desk_task}?paper=premises_proof", OFFICER),
    Listed("/desk/nothing-1-F1", OFFICER, status=404),
    Listed("/supervision", SUPERVISOR),
    Listed("/supervision?by=department", SUPERVISOR),
    Listed("/supervision", "supervisor.330100"),
    Listed("/supervision", "supervisor.330000"),
    Listed("/supervision/tasks", SUPERVISOR),
    Listed("/supervision/tasks?light=deep_red", SUPERVISOR),
    Listed("/supervision/cases/{watched}", SUPERVISOR),
    Listed("/supervision/bulletin", SUPERVISOR),
    Listed("/supervision/bulletin?month=rubbish", SUPERVISOR, status=422),
    Listed("/departments/market.330802/ratings", OFFICER),
    Listed("/more-time", SUPERVISOR),
    Listed("/more-time/{watched}", SUPERVISOR),
    Listed("/more-time/{watched}", OFFICER),
    Listed("/matters", SUPERVISOR),
    Listed("/matters?shown=closed", OFFICER),
    Listed("/matters/{loop}", SUPERVISOR),
    Listed("/supervision/capacity", SUPERVISOR),
    Listed("/supervision/capacity?days=rubbish", SUPERVISOR, status=422),
    Listed("/indicators", SUPERVISOR),
    Listed("/indicators?by=month&code=early", SUPERVISOR),
    Listed("/indicators?from=rubbish", SUPERVISOR, status=422),
    Listed("/indicators/on_time/cases", SUPERVISOR),
)

OWNER, MOTHER, FATHER = "wang_owner", "lin_mother", "zhou_father"

OWN_DATA = (
    Listed("/my/data", OWNER),
    Listed("/my/data?refused=yes&purpose=review", OWNER),
    Listed("/my/data/looks/{look}/contest", OWNER),
    Listed("/my/retention", OWNER),
    Listed("/my/consents", FATHER),
    Listed("/my/consents/{consent}", FATHER),
    Listed("/my/consents", OWNER),
    Listed("/applications/{birth}/consents", MOTHER),
    Listed("/applications/{birth}/places", MOTHER),
    Listed("/my/certificates/{certificate}", OWNER),
    Listed("/my/mandates", OWNER),
    Listed("/my/offers", OWNER),
    Listed("/applications/{watched}/proof", OWNER),
    Listed("/verify"),
    Listed("/verify?code=7KQM-2XHP-9RTW-4BCD", status=422),
)


def prepared_officials(doors: Doors) -> dict[str, str]:
    """A case with a task in review, one in correction, and a supervisor's reminder about it."""
    case = doors.file("catering_full")
    case.grant("L0", uscc="91003308MA00DEM14D")
    case.grant("H1")
    case.grant("L1")
    case.review("F1")
    case.act("F1", "begin_special", reason="需要检测。", procedure="testing", days=5)
    text = {"kind": "chase", "item": "F1", "text": "请说明检测进度。"}
    matter = doors.post(f"/applications/{case.id}/matters", SUPERVISOR, text, status=201)
    doors.post(f"/applications/{case.id}/more-time", OFFICER, {"reason": "须一并现场核查。", "days": 10})
    certificates = doors.get("/me/certificates", OWNER)
    return {
        "desk_task": f"{case.reference}-F1",
        "watched": case.id,
        "loop": matter["id"],
        "look": doors.get("/me/data/looks", OWNER)["entries"][0]["id"],
        "certificate": certificates[0]["number"],
        **_birth(doors),
        "shared": _shared(doors),
        **_posted(doors),
    }


def _posted(doors: Doors) -> dict[str, str]:
    """A restaurant taken in by another county's hall, the lease on its way, with something to correct."""
    proxy = {"identified": "id_card", "handing": "at_hall"}
    draft = doors.draft("catering_full", TAKER, proxy=proxy)["id"]
    doors.send("PUT", f"/applications/{draft}/materials/premises_proof/paper", TAKER, json={"note": "原件 1 份"})
    reference = doors.post(f"/applications/{draft}/submit", TAKER)["application"]["reference"]
    doors.post(f"/applications/{draft}/parcels/1/send", TAKER, {"waybill": "DEMO-0001"})
    point = {"kind": "field", "code": "operator_name", "reason": "请与执照名称一致。"}
    for task in doors.stored(draft).tasks.values():
        if task.status.value == "submitted":
            officer, path = f"officer.{task.department}.1", f"/tasks/{reference}-{task.item}/actions"
            doors.post(path, officer, {"action": "receive"})
            answer = {"action": "request_correction", "points": [point]} if task.item == "L0" else {"action": "accept"}
            doors.post(path, officer, answer)
    return {"posted": draft, "posted_task": f"{reference}-L0"}


def _birth(doors: Doors) -> dict[str, str]:
    """A birth whose father was asked for consent."""
    draft = doors.post("/applications", MOTHER, {"story": "birth_full"}, status=201)["id"]
    doors.post(f"/applications/{draft}/consents", MOTHER, {})
    return {"birth": draft, "consent": doors.get("/me/consents", FATHER)["entries"][0]["id"]}


def _shared(doors: Doors) -> str:
    """A birth of which the household is in the county of the hall elsewhere, with notes between the two."""
    draft: str = doors.draft("birth_full", MOTHER)["id"]
    doors.send("PUT", f"/applications/{draft}/places", MOTHER, json={"places": {"B3": "330881"}})
    doors.post(f"/applications/{draft}/submit", MOTHER)
    note = {"to": "330802", "text": "户口簿上的地址与现住址不一致，请向申请人核实后告知。" * 4}
    doors.post(f"/applications/{draft}/notes", TAKER, note, 201)
    return draft
