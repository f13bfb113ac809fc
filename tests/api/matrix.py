"""Who may do what: one row for every operation of the OpenAPI document, one status for everybody."""

from dataclasses import dataclass, field, replace
from typing import Any

from httpx2 import Response

from app.domain.offers import FoundFact, Offer
from app.domain.vocabulary import Text
from app.storage.offers import made
from app.storage.store import Outcome
from tests.api.documents import operations
from tests.doors import PDF, Doors, Filed

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
    "colleague": "officer.market.330802.2",
}
"""The last is of the same department as the officer of the task."""
Statuses = dict[str, int]


def row(*statuses: int) -> Statuses:
    """Statuses in the order of PEOPLE. A department is one party: colleagues get what the officer of the task gets."""
    *others, colleague = PEOPLE
    found = dict(zip(others, statuses, strict=True))
    return {**found, colleague: found["officer of the task"]}


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
CREATES = row(401, 201, 201, 201, 201, 201, 422, 403, 403, 403, 403, 403, 403)
LISTS = row(401, 200, 200, 200, 200, 200, 200, 403, 403, 403, 200, 200, 403)
HAS_AN_INBOX = row(401, 403, 403, 403, 403, 403, 403, 200, 200, 200, 403, 403, 403)
WITHDRAWS = row(401, 200, 404, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403)
IS_TOLD = row(401, 200, 200, 200, 200, 403, 403, 403, 403, 403, 403, 403, 403)
"""What has no address of a case: everybody on an applicant's side has the own."""
TAKES_PAPER = row(401, 403, 403, 403, 403, 200, 404, 403, 403, 403, 403, 403, 403)
MEETS_ON_SITE = row(401, 403, 403, 403, 403, 409, 404, 409, 409, 404, 403, 403, 403)
READS_THE_SLIP = row(401, 403, 403, 403, 403, 200, 404, 200, 200, 404, 403, 403, 403)
SEES_WHERE = row(401, 200, 404, 200, 404, 200, 404, 200, 200, 404, 200, 404, 404)
HAS_NOBODY_TO_WRITE_TO = row(401, 403, 403, 403, 403, 422, 404, 422, 422, 404, 403, 403, 403)
"""All of it is handled in one place."""
HAS_NO_NOTE = row(401, 403, 403, 403, 403, 404, 404, 404, 404, 404, 403, 403, 403)
SENDS = row(401, 403, 403, 403, 403, 409, 200, 409, 404, 404, 403, 403, 403)
"""Originals that the hall elsewhere took in."""
SIGNS = row(401, 403, 403, 403, 403, 200, 409, 200, 404, 404, 403, 403, 403)
DOES_NOT_CONCLUDE = row(401, 409, 404, 409, 404, 409, 404, 409, 404, 404, 409, 404, 404)
SEES_WHICH_PAPERS = row(401, 200, 404, 200, 404, 200, 404, 200, 200, 404, 200, 404, 404)
OPENS_A_PAPER = SEES_CONTENT
HAS_OFFERS = row(401, 200, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403)
LACKS_WHAT_IT_TAKES = row(401, 422, 404, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403)
READS_ALL = row(401, 200, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403)
READS_ITS_OWN = row(401, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403)
ERASES_ITS_OWN = READS_ITS_OWN
LISTS_MATTERS = row(401, 403, 403, 403, 403, 200, 200, 200, 200, 200, 200, 200, 403)
ANSWERS = row(401, 409, 404, 409, 404, 409, 404, 200, 404, 404, 409, 404, 404)
PRESSES = row(401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 201, 404, 403)
RATES = row(401, 200, 404, 200, 404, 403, 403, 403, 403, 403, 403, 403, 403)
GIVES_A_RATING = row(401, 201, 404, 201, 404, 403, 403, 403, 403, 403, 403, 403, 403)
SEES_RATINGS = row(401, 403, 403, 403, 403, 403, 403, 200, 404, 404, 200, 404, 403)
SEES_FIGURES = row(401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200)
SEES_FIGURES_OF_A_COUNTY = row(401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200, 403, 200)
ISSUES = row(401, 403, 403, 403, 403, 403, 403, 200, 404, 404, 403, 403, 403)
REDEEMS = row(401, 403, 403, 403, 403, 200, 404, 200, 200, 404, 403, 403, 403)
SEES_THE_CERTIFICATE = row(401, 200, 404, 200, 404, 200, 404, 200, 200, 404, 404, 404, 404)
SEES_THE_LINE = row(401, 404, 404, 404, 404, 404, 404, 200, 404, 404, 404, 404, 200)
WITHDRAWS_A_LINE = row(401, 404, 404, 404, 404, 404, 404, 200, 404, 404, 404, 404, 409)
ASKS_FOR_DATA = row(401, 403, 403, 403, 403, 403, 403, 201, 403, 201, 403, 403, 403) | {"colleague": 422}
"""A department asks for the same once."""
LISTS_REQUESTS = row(401, 403, 403, 403, 403, 403, 403, 200, 200, 200, 403, 403, 200)
SUSPENDS = ASKS_FOR_DATA | {"colleague": 409}
COUNTS_LOOKS = row(401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200)
GIVES_A_MANDATE = row(401, 201, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403)
ANSWERS_FOR_ITSELF = row(401, 404, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403)
"""A consent asked of the stranger, who is the mother of a newborn."""
TOO_EARLY = row(401, 404, 409, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403)
SEES_IN_CLEAR = row(401, 403, 403, 403, 403, 200, 404, 200, 404, 404, 403, 403, 403)
ASKS_FOR_TIME = row(401, 403, 403, 403, 403, 403, 403, 409, 403, 404, 403, 403, 403)
"""Of the licences of a restaurant: its lead department asks, but nothing is accepted yet."""
ANSWERS_FOR_TIME = row(401, 403, 403, 403, 403, 403, 403, 403, 403, 403, 409, 404, 403)
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
STORY = {"story": "catering_full"}
"""In a county of its own hall: a hall elsewhere takes in for others and says how (异地代收)."""
IDENTITY = {"dataset": "resident_identity", "elements": ["id_number"], "per_day": 10}
DATA_REQUEST = {"item": "F1", "purpose": "核对负责人身份", "datasets": [IDENTITY]}
MANDATE = {"to": "zhou_father", "bundles": ["catering"], "until": "2026-04-30"}
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
    "checkPacks": Row(everybody(200)),
    "listCatalogueParts": Row(everybody(200), request={"params": {"q": "食品"}}),
    "search": Row(everybody(200), request={"params": {"q": "开饭店"}}),
    "listAccounts": Row(everybody(200)),
    "signIn": Row(everybody(201), request={"json": {"account": "lin_mother"}}),
    "whoAmI": Row(signed_in(200)),
    "signOut": Row(signed_in(204)),
    "listSessions": Row(signed_in(200)),
    "endSessions": Row(signed_in(204)),
    "endSession": Row(signed_in(404)),
    "createApplication": Row(CREATES, request={"json": STORY}),
    "listApplications": Row(LISTS),
    "showApplication": Row(SEES_THE_WHOLE, "submitted"),
    "showApplicationPlan": Row(side(200, hall=404), "submitted"),
    "showErrands": Row(side(200, hall=404), "submitted"),
    "saveDraft": Row(side(200, hall=404), "draft", {"json": {"form": {"seats": 12}}}),
    "uploadMaterial": Row(side(200, hall=404), "draft", {"files": {"file": ("a.pdf", PDF)}}),
    "removeMaterial": Row(side(200, hall=404), "draft"),
    "takePaper": Row(TAKES_PAPER, "counter draft", {"json": {"note": "原件 1 份"}}),
    "downloadMaterial": Row(SEES_CONTENT, "submitted"),
    "submitApplication": Row(side(200, hall=404), "draft"),
    "correctApplication": Row(side(409, hall=409), "submitted", {"json": {"values": {}}}),
    "withdrawApplication": Row(WITHDRAWS, "submitted", {"json": {}}),
    "renewQueryCode": Row(side(200, hall=200), "submitted"),
    "listHalls": Row(everybody(200)),
    "followApplication": Row(SEES_THE_WHOLE, "submitted", {"params": {"seconds": 0}}),
    "listEvents": Row(SEES_THE_WHOLE, "submitted"),
    "lookUpProgress": Row(everybody(200), "submitted", {"json": {}}),
    "listTasks": Row(HAS_AN_INBOX),
    "countTasks": Row(HAS_AN_INBOX),
    "showTask": Row(SEES_THE_TASK, "submitted"),
    "actOnTask": Row(RECEIVES, "submitted", {"json": {"action": "receive"}}),
    "bringFacts": Row(side(409, hall=409), "submitted", {"json": {"values": {}}}),
    "appointSurvey": Row(MEETS_ON_SITE, "submitted", {"json": {"on": "2026-03-18", "place": "店内"}}),
    "showHandover": Row(READS_THE_SLIP, "submitted"),
    "showPlaces": Row(SEES_WHERE, "submitted"),
    "choosePlaces": Row(side(200, hall=404), "draft", {"json": {"places": {}}}),
    "listWaitingNotes": Row(row(401, 403, 403, 403, 403, 200, 200, 200, 200, 200, 403, 403, 403)),
    "sendNote": Row(HAS_NOBODY_TO_WRITE_TO, "submitted", {"json": {"to": "330881", "text": "请核对"}}),
    "signNote": Row(HAS_NO_NOTE, "submitted"),
    "sendParcel": Row(SENDS, "packed", {"json": {"waybill": "DEMO-1"}}),
    "signParcel": Row(SIGNS, "sent", {"json": {}}),
    "listMoreTime": Row(MOVES_THE_CLOCK),
    "showMoreTime": Row(SEES_WHICH_PAPERS, "submitted"),
    "askMoreTime": Row(ASKS_FOR_TIME, "submitted", {"json": {"reason": "各部门需要一并现场核查"}}),
    "answerMoreTime": Row(ANSWERS_FOR_TIME, "submitted", {"json": {"is_approved": True}}),
    "concludeSurvey": Row(DOES_NOT_CONCLUDE, "submitted", {"json": CONCLUSION}),
    "listAfterChecks": Row(HAS_AN_INBOX),
    "listCreditNotes": Row(IS_TOLD),
    "listPapers": Row(SEES_WHICH_PAPERS, "submitted"),
    "showPaper": Row(OPENS_A_PAPER, "accepted"),
    "downloadPaper": Row(OPENS_A_PAPER, "accepted"),
    "verifyPaper": Row(everybody(200), "accepted"),
    "showProof": Row(SEES_THE_WHOLE, "submitted"),
    "listCheckpoints": Row(everybody(200)),
    "proveConsistency": Row(everybody(200), request={"params": {"first": 0, "second": 0}}),
    "listProofKeys": Row(everybody(200)),
    "listCertificates": Row(READS_ALL),
    "showCertificate": Row(READS_ITS_OWN, "certified"),
    "presentCertificate": Row(READS_ITS_OWN, "certified"),
    "authoriseCertificate": Row(READS_ITS_OWN, "certified", {"json": {"department": "market.330802", "purpose": "核"}}),
    "downloadCertificate": Row(READS_ITS_OWN, "certified"),
    "cancelCertificate": Row(READS_ITS_OWN, "certified", {"json": {}}),
    "verifyCertificate": Row(everybody(200), "certified", {"json": {}}),
    "scanCertificate": Row(everybody(200), "certified"),
    "redeemCertificate": Row(REDEEMS, "certified", {"json": {}}),
    "showIssuedCertificate": Row(ISSUES, "certified"),
    "actOnCertificate": Row(ISSUES, "certified", {"json": {"action": "freeze", "reason": "核查需要"}}),
    "showMaterialCertificate": Row(SEES_THE_CERTIFICATE, "submitted", code="rep_id"),
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
    "showBulletin": Row(SEES_FIGURES),
    "listOffers": Row(HAS_OFFERS),
    "confirmOffer": Row(LACKS_WHAT_IT_TAKES, "offered"),
    "declineOffer": Row(READS_ITS_OWN, "offered", {"json": {}}),
    "showLights": Row(SEES_FIGURES),
    "estimateCapacity": Row(
        SEES_FIGURES_OF_A_COUNTY, request={"json": {"bundle": "catering", "region": "330802", "days": 5}}
    ),
    "listCounterTasks": Row(row(401, 403, 403, 403, 403, 200, 200, 403, 403, 403, 403, 403, 403)),
    "listWatchedTasks": Row(SEES_FIGURES),
    "listDatasets": Row(everybody(200)),
    "showDataset": Row(everybody(200), code="resident_identity"),
    "requestData": Row(ASKS_FOR_DATA, request={"json": DATA_REQUEST}),
    "listDataRequests": Row(LISTS_REQUESTS),
    "showDataRequest": Row(SEES_THE_LINE, "data request"),
    "showDataLine": Row(SEES_THE_LINE, "data request"),
    "actOnDataLine": Row(WITHDRAWS_A_LINE, "data request", {"json": {"action": "withdraw"}}),
    "suspendApproval": Row(SUSPENDS, request={"json": {"reason": "系统升级"}}),
    "listDataAlarms": Row(SEES_FIGURES),
    "showDataUsage": Row(COUNTS_LOOKS),
    "listMandates": Row(READS_ALL),
    "listMandatesHeld": Row(READS_ALL),
    "giveMandate": Row(GIVES_A_MANDATE, request={"json": MANDATE}),
    "revokeMandate": Row(READS_ITS_OWN, "mandate"),
    "showClock": Row(everybody(200)),
    "moveClock": Row(MOVES_THE_CLOCK, request={"json": {"reset": True}}),
    "listNeededConsents": Row(side(200, hall=404), "draft"),
    "askForConsents": Row(side(200, hall=404), "draft", {"json": {}}),
    "listMyConsents": Row(READS_ALL),
    "showConsent": Row(ANSWERS_FOR_ITSELF, "asked"),
    "giveConsent": Row(ANSWERS_FOR_ITSELF, "asked"),
    "refuseConsent": Row(ANSWERS_FOR_ITSELF, "asked"),
    "withdrawConsent": Row(TOO_EARLY, "asked"),
    "unmaskField": Row(SEES_IN_CLEAR, "submitted", {"json": {"field": "legal_rep_phone", "reason": "联系申请人"}}),
    "exportMyData": Row(READS_ALL),
    "listLooks": Row(READS_ALL),
    "contestLook": Row(READS_ITS_OWN, "looked at", {"json": {"reason": "请说明"}}),
    "findUsage": Row(READS_ALL),
    "prefillApplication": Row(side(200, hall=404), "draft"),
    "showPersonalBundle": Row(IS_TOLD, code="catering"),
    "disputeField": Row(side(409, hall=404), "draft", {"json": {"value": "示例路2号", "reason": "已搬迁"}}, "domicile"),
    "showDisputedDatum": Row(signed_in(404), "chased"),
    "listRegisters": Row(SEES_FIGURES),
    "switchRegister": Row(SEES_FIGURES, request={"json": {"is_down": False}}),
    "listRetention": Row(READS_ALL),
    "eraseApplication": Row(ERASES_ITS_OWN, "draft", {"json": {}}),
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
    offer: str = "0" * 32
    certificate: str = "ID-000000-000000"
    shown_code: str = "2222-2222-2222-2222"
    use_code: str = "2222-2222-2222-2222"
    data_request: str = "0" * 32
    data_line: str = "0" * 32
    mandate: str = "0" * 32
    consent: str = "0" * 32
    look: str = "0" * 32

    @property
    def parts(self) -> dict[str, str]:
        """What its addresses are made of."""
        return {
            "application_id": self.id,
            "task_id": f"{self.reference}-L0",
            "message_id": self.message,
            "matter_id": self.matter,
            "offer_id": self.offer,
            "dataset": "social_card",
            "rating_id": self.rating,
            "certificate": self.certificate,
            "request_id": self.data_request,
            "line_id": self.data_line,
            "approval_id": "open.U3.enterprise_register",
            "mandate_id": self.mandate,
            "consent_id": self.consent,
            "look_id": self.look,
            "session_id": "0" * 32,
        }


def target(doors: Doors, kind: str) -> Target:
    """A fresh one."""
    match kind:
        case "draft":
            return Target(doors.draft("catering_full")["id"])
        case "counter draft":
            return Target(doors.draft("catering_full", "clerk.330802")["id"])
        case "packed" | "sent":
            return _posted(doors, is_sent=kind == "sent")
        case "nothing":
            return Target()
        case "asked":
            draft = doors.draft("birth_full")
            needed = doors.post(f"/applications/{draft['id']}/consents", "lin_mother", {"party": "applicant"})["needed"]
            return Target(draft["id"], consent=next(n["consent_id"] for n in needed if n["party"] == "applicant"))
        case "data request":
            return _asked(doors)
        case "mandate":
            given = doors.post("/me/mandates", "wang_owner", MANDATE, 201)["id"]
            return Target(doors.draft("catering_full")["id"], mandate=given)
        case _:
            return _filed(doors, kind)


def _asked(doors: Doors) -> Target:
    """A request for data; the one before is withdrawn, for the same is not asked for twice."""
    who = "officer.market.330802.2"
    for before in doors.get("/data-requests", who, **{"for": "others"})["entries"]:
        for line in before["lines"]:
            if before["item"] == "L0" and line["status"]["code"] == "asked":
                doors.post(f"/data-lines/{line['id']}/actions", who, {"action": "withdraw"})
    made = doors.post("/data-requests", who, {**DATA_REQUEST, "item": "L0"}, 201)
    line = made["lines"][0]["id"]
    return Target(doors.draft("catering_full")["id"], data_request=made["id"], data_line=line)


def _posted(doors: Doors, *, is_sent: bool) -> Target:
    """Taken in by the hall elsewhere, with an original for market regulation."""
    clerk, proxy = "clerk.330881", {"identified": "id_card", "handing": "at_hall"}
    draft = doors.draft("catering_full", clerk, proxy=proxy)["id"]
    doors.send("PUT", f"/applications/{draft}/materials/premises_proof/paper", clerk, json={"note": "原件 1 份"})
    doors.post(f"/applications/{draft}/submit", clerk)
    if is_sent:
        doors.post(f"/applications/{draft}/parcels/1/send", clerk, {"waybill": "DEMO-1"})
    return Target(draft)


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
        case "looked at":
            doors.get(f"/tasks/{filed.reference}-L0", filed.officer("L0"))
            found = doors.get("/me/data/looks", filed.who, application=filed.id, limit=1)["entries"]
            return replace(on, look=found[0]["id"])
        case "certified":
            return _certified(doors, filed, on)
        case "offered":
            return replace(on, offer=_offered(doors, filed.who))
        case "rated":
            return replace(on, rating=doors.post(f"{path}/ratings", filed.who, RATING, 201)["id"])
        case _:
            return on


def _certified(doors: Doors, filed: Filed, on: Target) -> Target:
    """Its business licence, with a code to show it and one to use it for the case."""
    filed.grant("L0", uscc="92003308MA00DEM225")
    number = filed.show()["certificates"][0]["number"]
    path, wish = f"/me/certificates/{number}", {"application": filed.reference, "purpose": "补交执照"}
    shown, use = doors.post(f"{path}/show", filed.who), doors.post(f"{path}/authorise", filed.who, wish)
    return replace(on, certificate=number, shown_code=shown["code"], use_code=use["code"])


def _offered(doors: Doors, account: str) -> str:
    """An offer to somebody of whom registers know nothing."""
    context = doors.platform.context()
    own = Offer(
        id=context.new_id(),
        key=f"{account}:retire:R8:{context.new_id()}",
        account=account,
        bundle="retire",
        item="R8",
        region="330802",
        found=(FoundFact("only_child", "family_planning", "exists", Text("已登记", "registered")),),
        found_at=context.at,
        expires_on=context.moment.today,
    )
    doors.platform.store.perform(lambda _: Outcome(None, made(own)))
    return own.id


def asked(operation: str, on: Target) -> tuple[dict[str, Any], dict[str, Any]]:
    """What its address is made of, and the rest of a request that fits (``json``, ``params``, ``files``)."""
    tried = TABLE[operation]
    request = {**tried.request}
    if operation == "lookUpProgress":
        request["json"] = {"reference": on.reference, "query_code": on.query_code}
    if operation == "eraseApplication":
        request["json"] = {"application": on.id}
    if operation in {"verifyCertificate", "redeemCertificate"}:
        request["json"] = {"code": on.shown_code if operation == "verifyCertificate" else on.use_code}
    if operation == "scanCertificate":
        request["params"] = {"code": on.shown_code}
    number = on.paper if "/papers/" in operations()[operation].path else 1
    return {**on.parts, "code": tried.code, "number": number}, request


def attempt(doors: Doors, operation: str, on: Target, who: str | None, key: str | None = None) -> Response:
    """One try, under an Idempotency-Key when there is one."""
    spec = operations()[operation]
    parts, request = asked(operation, on)
    headers = {**(doors.sign_in(who) if who else {}), **({"Idempotency-Key": key} if key else {})}
    if operation in {"signOut", "endSessions"} and who:
        doors.tokens.pop(who)
    return doors.client.request(spec.method, spec.path.format(**parts), headers=headers, **request)


def fit_person(name: str) -> str | None:
    """Who gets furthest with an operation: let in if anybody is, otherwise told why not."""
    statuses = TABLE[name].statuses
    order = {404: 1000, 403: 1001, 401: 1002}
    return PEOPLE[min(statuses, key=lambda person: order.get(statuses[person], statuses[person]))]
