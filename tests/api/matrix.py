"""Who may do what: one row for every operation of the OpenAPI document, one status for everybody."""

from dataclasses import dataclass, field, replace
from typing import Any

from httpx2 import Response

from tests.api.documents import operations
from tests.doors import PDF, Doors

PEOPLE: dict[str, str | None] = {
    "nobody": None,
    "owner": "wang_owner",
    "stranger": "lin_mother",
    "agent": "agent.wang_owner",
    "agent of a stranger": "agent.lin_mother",
    "hall": "clerk.330802",
    "hall elsewhere": "clerk.330881",
    "officer of the task": "officer.market.330802.1",
    "officer of another task": "officer.tobacco.330802.1",
    "officer elsewhere": "officer.market.330881.1",
    "supervisor above": "supervisor.330800",
    "supervisor elsewhere": "supervisor.330100",
    "steward": "steward.330000",
}
Statuses = dict[str, int]


def row(*statuses: int) -> Statuses:
    """Statuses in the order of PEOPLE."""
    return dict(zip(PEOPLE, statuses, strict=True))


def everybody(status: int) -> Statuses:
    """The same for all."""
    return dict.fromkeys(PEOPLE, status)


def signed_in(status: int) -> Statuses:
    """401 for nobody, the same for all others."""
    return {**everybody(status), "nobody": 401}


def side(status: int, hall: int) -> Statuses:
    """The applicant's side; the hall as given. Others may not know, or have no such role."""
    return row(401, status, 404, status, 404, hall, 404, 403, 403, 403, 403, 403, 403)


#                  nobody owner stranger agent his hall  his  officer task elsewhere sup. elsewhere steward
SEES_THE_WHOLE = row(401, 200, 404, 200, 404, 200, 404, 404, 404, 404, 200, 404, 404)
SEES_CONTENT = row(401, 200, 404, 200, 404, 200, 404, 200, 404, 404, 404, 404, 404)
SEES_THE_TASK = row(401, 200, 404, 200, 404, 200, 404, 200, 404, 404, 200, 404, 404)
RECEIVES = row(401, 409, 404, 409, 404, 200, 404, 200, 404, 404, 409, 404, 404)
CREATES = row(401, 201, 201, 201, 201, 201, 201, 403, 403, 403, 403, 403, 403)
LISTS = row(401, 200, 200, 200, 200, 200, 200, 403, 403, 403, 200, 200, 403)
HAS_AN_INBOX = row(401, 403, 403, 403, 403, 403, 403, 200, 200, 200, 403, 403, 403)
WITHDRAWS = row(401, 200, 404, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403)
IS_TOLD = row(401, 200, 200, 200, 200, 403, 403, 403, 403, 403, 403, 403, 403)
"""What has no address of a case: everybody on an applicant's side has the own."""
TAKES_PAPER = row(401, 403, 403, 403, 403, 200, 404, 403, 403, 403, 403, 403, 403)
MEETS_ON_SITE = row(401, 403, 403, 403, 403, 409, 404, 409, 409, 404, 403, 403, 403)
DOES_NOT_CONCLUDE = row(401, 409, 404, 409, 404, 409, 404, 409, 404, 404, 409, 404, 404)
SEES_WHICH_PAPERS = row(401, 200, 404, 200, 404, 200, 404, 200, 200, 404, 200, 404, 404)
OPENS_A_PAPER = SEES_CONTENT
READS_ALL = row(401, 200, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403)
READS_ITS_OWN = row(401, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403)
LISTS_MATTERS = row(401, 403, 403, 403, 403, 200, 200, 200, 200, 200, 200, 200, 403)
ANSWERS = row(401, 409, 404, 409, 404, 409, 404, 200, 404, 404, 409, 404, 404)
PRESSES = row(401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 201, 404, 403)
RATES = row(401, 200, 404, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403)
GIVES_A_RATING = row(401, 201, 404, 201, 404, 403, 403, 403, 403, 403, 403, 403, 403)
SEES_RATINGS = row(401, 403, 403, 403, 403, 403, 403, 200, 404, 404, 200, 404, 403)
SEES_FIGURES = row(401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200)
MOVES_THE_CLOCK = row(401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200, 200, 403)


@dataclass(frozen=True)
class Row:
    """What one operation is tried with, and what each person gets. ``target`` is made anew for whoever gets through."""

    statuses: Statuses
    target: str = "nothing"
    request: dict[str, Any] = field(default_factory=dict)
    code: str = "layout"


CONCLUSION = {
    "officers": ["officer.market.330802.1", "officer.market.330802.2"],
    "is_met": True,
    "conclusion": "符合要求",
}
RATING = {"item": "L0", "stage": "intake", "level": "dissatisfied", "tags": ["slow"]}
STORY = {"story": "catering_simple"}
TABLE: dict[str, Row] = {
    "home": Row(everybody(200)),
    "listProblems": Row(everybody(200)),
    "showProblem": Row(everybody(200), code="stale"),
    "listRegions": Row(everybody(200)),
    "showRegion": Row(everybody(200), code="330802"),
    "listDepartments": Row(everybody(200), code="330802"),
    "showDepartment": Row(everybody(200), code="market.330802"),
    "listLines": Row(everybody(200)),
    "listItems": Row(everybody(200)),
    "showItem": Row(everybody(200), code="F1"),
    "listBundles": Row(everybody(200)),
    "showBundle": Row(everybody(200), code="catering"),
    "planBundle": Row(everybody(200), code="catering", request={"json": {"region": "330802"}}),
    "listStories": Row(everybody(200)),
    "search": Row(everybody(200), request={"params": {"q": "开饭店"}}),
    "listAccounts": Row(everybody(200)),
    "signIn": Row(everybody(201), request={"json": {"account": "lin_mother"}}),
    "whoAmI": Row(signed_in(200)),
    "signOut": Row(signed_in(204)),
    "createApplication": Row(CREATES, request={"json": STORY}),
    "listApplications": Row(LISTS),
    "showApplication": Row(SEES_THE_WHOLE, "submitted"),
    "saveDraft": Row(side(200, hall=404), "draft", {"json": {"form": {"seats": 12}}}),
    "uploadMaterial": Row(side(200, hall=404), "draft", {"files": {"file": ("a.pdf", PDF)}}),
    "removeMaterial": Row(side(200, hall=404), "draft"),
    "takePaper": Row(TAKES_PAPER, "counter draft", {"json": {"note": "原件 1 份"}}),
    "downloadMaterial": Row(SEES_CONTENT, "submitted"),
    "submitApplication": Row(side(200, hall=404), "draft"),
    "correctApplication": Row(side(409, hall=409), "submitted", {"json": {"values": {}}}),
    "withdrawApplication": Row(WITHDRAWS, "submitted", {"json": {}}),
    "renewQueryCode": Row(side(200, hall=200), "submitted"),
    "listEvents": Row(SEES_THE_WHOLE, "submitted"),
    "lookUpProgress": Row(everybody(200), "submitted", {"json": {}}),
    "listTasks": Row(HAS_AN_INBOX),
    "showTask": Row(SEES_THE_TASK, "submitted"),
    "actOnTask": Row(RECEIVES, "submitted", {"json": {"action": "receive"}}),
    "bringFacts": Row(side(409, hall=409), "submitted", {"json": {"values": {}}}),
    "appointSurvey": Row(MEETS_ON_SITE, "submitted", {"json": {"on": "2026-03-18", "place": "店内"}}),
    "concludeSurvey": Row(DOES_NOT_CONCLUDE, "submitted", {"json": CONCLUSION}),
    "listAfterChecks": Row(HAS_AN_INBOX),
    "listCreditNotes": Row(IS_TOLD),
    "listPapers": Row(SEES_WHICH_PAPERS, "submitted"),
    "showPaper": Row(OPENS_A_PAPER, "accepted"),
    "downloadPaper": Row(OPENS_A_PAPER, "accepted"),
    "verifyPaper": Row(everybody(200), "accepted"),
    "listMessages": Row(IS_TOLD),
    "countUnread": Row(IS_TOLD),
    "readAllMessages": Row(READS_ALL),
    "readMessage": Row(READS_ITS_OWN, "submitted"),
    "listMatters": Row(LISTS_MATTERS),
    "showMatter": Row(SEES_THE_TASK, "chased"),
    "actOnMatter": Row(ANSWERS, "chased", {"json": {"action": "reply", "reason": "已在办理"}}),
    "listApplicationMatters": Row(SEES_THE_WHOLE, "submitted"),
    "openMatter": Row(PRESSES, "submitted", {"json": {"kind": "chase", "item": "L0", "text": "请尽快办理"}}),
    "reportStuck": Row(side(201, hall=201), "submitted", {"json": {"text": "一直没有人联系"}}),
    "listRatingLevels": Row(everybody(200)),
    "listOwnRatings": Row(RATES, "received"),
    "rateApplication": Row(GIVES_A_RATING, "received", {"json": RATING}),
    "addToRating": Row(RATES, "rated", {"json": {"text": "后来好些了"}}),
    "listDepartmentRatings": Row(SEES_RATINGS, "submitted", code="market.330802"),
    "listIndicators": Row(everybody(200)),
    "showIndicators": Row(SEES_FIGURES),
    "listCasesBehind": Row(SEES_FIGURES, code="on_time"),
    "showClock": Row(everybody(200)),
    "moveClock": Row(MOVES_THE_CLOCK, request={"json": {"reset": True}}),
}


@dataclass(frozen=True)
class Target:
    """The application an operation is tried on."""

    id: str = "0" * 32
    reference: str = "L330802-20260316-100001-6"
    query_code: str = "000000"
    paper: str = "L330802-20260316-100001-6-W0000"
    verify_code: str = "0" * 16
    message: str = "0" * 32
    matter: str = "0" * 32
    rating: str = "0" * 32

    @property
    def parts(self) -> dict[str, str]:
        """What its addresses are made of."""
        return {
            "application_id": self.id,
            "task_id": f"{self.reference}-L0",
            "message_id": self.message,
            "matter_id": self.matter,
            "rating_id": self.rating,
        }


def target(doors: Doors, kind: str) -> Target:
    """A fresh one."""
    match kind:
        case "draft":
            return Target(doors.draft("catering_full")["id"])
        case "counter draft":
            return Target(doors.draft("catering_full", "clerk.330802")["id"])
        case "nothing":
            return Target()
        case _:
            return _filed(doors, kind)


def _filed(doors: Doors, kind: str) -> Target:
    filed = doors.file("catering_full")
    steps = {"received": ("receive",), "rated": ("receive",), "accepted": ("receive", "accept")}
    for step in steps.get(kind, ()):
        filed.act("L0", step)
    path = f"/applications/{filed.id}"
    on = Target(
        filed.id,
        filed.reference,
        filed.query_code,
        paper=max(doors.get(f"{path}/papers", filed.who), key=lambda line: line["item"] == "L0")["number"],
        message=doors.get("/messages", filed.who, limit=1)["entries"][0]["id"],
    )
    match kind:
        case "chased":
            chase = {"kind": "chase", "item": "L0", "text": "请尽快办理"}
            return replace(on, matter=doors.post(f"{path}/matters", "supervisor.330802", chase, 201)["id"])
        case "rated":
            return replace(on, rating=doors.post(f"{path}/ratings", filed.who, RATING, 201)["id"])
        case _:
            return on


def attempt(doors: Doors, operation: str, on: Target, who: str | None) -> Response:
    """One try."""
    spec, tried = operations()[operation], TABLE[operation]
    request = {**tried.request}
    if operation == "lookUpProgress":
        request["json"] = {"reference": on.reference, "query_code": on.query_code}
    number = on.paper if "/papers/" in spec.path else 1
    path = spec.path.format(**on.parts, code=tried.code, number=number)
    headers = doors.sign_in(who) if who else {}
    if operation == "signOut" and who:
        doors.tokens.pop(who)
    return doors.client.request(spec.method, path, headers=headers, **request)
