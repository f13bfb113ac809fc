"""Who may open which page and send which form: one row for every route of the pages, beside the API's own table.

A row names an operation of the API: whom that lets in the page may let in, and nobody else. Public pages name ``home``.
"""

from dataclasses import dataclass, field

from tests.api.matrix import TABLE, Row, Target


@dataclass(frozen=True)
class Page:
    """How a page is tried: beside which operation, on what (when on something else than that), and with what."""

    like: str
    target: str = ""
    also: frozenset[str] = frozenset()
    """Whom the operation turns away and the page does not: to a form that knows nothing yet, or, for a form of a page
    that they may see, on that page."""
    query: str = ""
    form: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    is_there: bool = True
    """Whether what the page shows has been made on the target; otherwise it is only seen to turn people away."""

    @property
    def row(self) -> Row:
        """The operation's row."""
        return TABLE[self.like]

    @property
    def on(self) -> str:
        """The kind of target."""
        return self.target or self.row.target

    @property
    def is_public(self) -> bool:
        """Whether it is the same for everybody."""
        return self.like == "home"

    def address(self, path: str, on: Target) -> str:
        """Where it is."""
        number = on.paper if "/papers/" in path else on.certificate if "/certificates/" in path else "1"
        parts = {**on.parts, **COMMON, "code": self.row.code, "number": number, **self.parts}
        return path.format(**parts) + self.query


COMMON = {
    "item": "L0",
    "group": "business",
    "story": "catering_full",
    "doing": "send",
    "version": "x",
    "name:path": "x",
}
PUBLIC = Page("home")
DRAFT = Page("saveDraft")
CASE = Page("showApplication")
PARCEL = Page("sendParcel", "sent", form={"waybill": "DEMO-1"})
OFFICERS = frozenset({"officer of another task"})
A, T = "/applications/{application_id}", "/desk/{task_id}"
C, S = "/counter/tasks/{task_id}", "/counter/cases/{application_id}"
RATED = "?item=L0&stage=intake&level=dissatisfied"
OWN = "/my/certificates/{number}"

CITIZENS: dict[str, Page] = {
    f"GET {A}": CASE,
    f"GET {A}/halls": CASE,
    f"GET {A}/handing": DRAFT,
    f"POST {A}/handing": DRAFT,
    "POST /applications": Page("createApplication"),
    f"GET {A}/questions": DRAFT,
    f"POST {A}/answers": DRAFT,
    f"GET {A}/withdraw": Page("withdrawApplication"),
    f"POST {A}/withdraw": Page("withdrawApplication"),
    f"GET {A}/stream": Page("followApplication"),
    f"GET {A}/form/{{group}}": DRAFT,
    f"POST {A}/form/{{group}}": DRAFT,
    f"GET {A}/materials": DRAFT,
    f"POST {A}/materials/{{code}}": Page("uploadMaterial"),
    f"POST {A}/materials/{{code}}/remove": Page("removeMaterial"),
    f"GET {A}/materials/{{code}}": Page("downloadMaterial"),
    f"GET {A}/check": DRAFT,
    f"GET {A}/submit": PUBLIC,  # leads back to the case, whatever there is
    f"POST {A}/submit": Page("submitApplication"),
    f"GET {A}/receipt": CASE,
    f"GET {A}/query-code": PUBLIC,  # as above
    f"POST {A}/query-code": Page("renewQueryCode"),
    f"GET {A}/tasks/{{item}}": CASE,
    f"GET {A}/notices/{{number}}": Page("showApplication", is_there=False),
    f"POST {A}/notices/{{number}}": Page("correctApplication"),
    f"GET {A}/later": CASE,
    f"POST {A}/later": Page("bringFacts"),
    f"GET {A}/ratings": Page("listOwnRatings"),
    f"GET {A}/ratings/new": Page("rateApplication", query=RATED),
    f"POST {A}/ratings/new": Page("rateApplication", query=RATED, form={"level": "satisfied"}),
    f"POST {A}/ratings/{{rating_id}}/addition": Page("addToRating", form={"text": "后来好些了"}),
    f"GET {A}/report": Page("reportStuck"),
    f"POST {A}/report": Page("reportStuck", form={"text": "一直没有人联系"}),
    f"GET {A}/data": DRAFT,
    f"POST {A}/prefill": Page("prefillApplication"),
    f"GET {A}/fields/{{code}}/dispute": Page("disputeField"),
    f"POST {A}/fields/{{code}}/dispute": Page("disputeField", form={"value": "示例路2号", "reason": "已搬迁"}),
    f"GET {A}/consents": Page("listNeededConsents"),
    f"POST {A}/consents": Page("askForConsents"),
    f"GET {A}/proof": Page("showProof"),
    f"GET {A}/proof.json": Page("showProof"),
    f"GET {A}/places": Page("choosePlaces", is_there=False),
    f"POST {A}/places": Page("choosePlaces"),
    "GET /papers/{number}": Page("showPaper"),
    "GET /papers/{number}.pdf": Page("showPaper"),
    "GET /my": Page("listMessages"),
    "GET /my/messages": Page("listMessages"),
    "POST /my/messages/read": Page("readAllMessages"),
    "POST /my/messages/{message_id}/read": Page("readMessage"),
    "GET /my/certificates": Page("listCertificates"),
    "GET /my/credit": Page("listCreditNotes"),
    "GET /my/voices": Page("listMessages"),
    "GET /my/matters/{matter_id}": Page("showMatter"),
    "POST /my/matters/{matter_id}": Page("actOnMatter", form={"action": "withdraw"}),
    "GET /my/sessions": Page("listSessions"),
    "POST /my/sessions/end": Page("endSessions", form={"session": "0" * 32}),
    f"GET {OWN}": Page("showCertificate"),
    f"POST {OWN}/show": Page("presentCertificate"),
    f"POST {OWN}/authorise": Page("authoriseCertificate", form={"department": "market.330802", "purpose": "核"}),
    f"GET {OWN}/document.json": Page("downloadCertificate"),
    f"POST {OWN}/cancel": Page("cancelCertificate", form={"sure": "yes"}),
    "GET /my/data": Page("listLooks"),
    "GET /my/data/export.json": Page("exportMyData"),
    "GET /my/data/looks/{look_id}/contest": Page("contestLook"),
    "POST /my/data/looks/{look_id}/contest": Page("contestLook", form={"reason": "请说明"}),
    "GET /my/retention": Page("listRetention"),
    "POST /my/retention": Page("eraseApplication"),
    "GET /my/consents": Page("listMyConsents"),
    "GET /my/consents/{consent_id}": Page("showConsent"),
    "POST /my/consents/{consent_id}": Page("giveConsent", form={"answer": "give"}),
    "GET /my/mandates": Page("listMandates"),
    "POST /my/mandates": Page("giveMandate", form={"to": "zhou_father", "until": "2026-04-30"}),
    "POST /my/mandates/{mandate_id}/revoke": Page("revokeMandate"),
    "GET /my/offers": Page("listOffers"),
    "POST /my/offers/{offer_id}/confirm": Page("confirmOffer"),
    "POST /my/offers/{offer_id}/decline": Page("declineOffer"),
}
OFFICIALS: dict[str, Page] = {
    "GET /desk": Page("listTasks"),
    "GET /desk/checks": Page("listAfterChecks"),
    "POST /desk/bulk": Page("listTasks"),
    f"GET {T}": Page("showTask"),
    f"POST {T}/actions": Page("actOnTask", form={"action": "receive"}),
    f"GET {T}/materials/{{code}}": Page("downloadMaterial"),
    f"POST {T}/unmask": Page("unmaskField", form={"field": "legal_rep_phone", "reason": "联系申请人"}),
    f"POST {T}/survey": Page("concludeSurvey"),
    f"POST {T}/appointment": Page("appointSurvey", form={"on": "2026-03-18", "place": "店内"}),
    f"POST {T}/parcels/{{number}}/{{doing}}": PARCEL,
    "GET /counter": Page("listCounterTasks"),
    "POST /counter": Page("listCounterTasks"),
    "GET /counter/intake": Page("listCounterTasks"),
    "POST /counter/intake": Page("listCounterTasks"),
    "GET /counter/cases": Page("listCounterTasks"),
    f"GET {C}": Page("showTask"),
    f"POST {C}/actions": Page("actOnTask", form={"action": "receive"}),
    f"POST {C}/parcels/{{number}}/{{doing}}": PARCEL,
    f"GET {C}/slip": Page("showHandover"),
    f"GET {C}/originals": Page("showHandover"),
    f"GET {S}": CASE,
    f"GET {S}/slip": Page("showHandover"),
    f"GET {S}/notices/{{number}}": Page("correctApplication"),
    f"POST {S}/parcels/{{number}}/{{doing}}": PARCEL,
    "GET /supervision": Page("showLights"),
    "POST /supervision/clock": Page("moveClock"),
    "GET /supervision/tasks": Page("listWatchedTasks"),
    "GET /supervision/cases/{application_id}": Page("openMatter"),
    "POST /supervision/cases/{application_id}": Page(
        "openMatter", form={"kind": "chase", "item": "L0", "text": "请办"}
    ),
    "GET /supervision/bulletin": Page("showBulletin"),
    "GET /supervision/capacity": Page("estimateCapacity", also=frozenset({"supervisor elsewhere"}), query="?days=5"),
    "GET /departments/{code}/ratings": Page("listDepartmentRatings"),
    "GET /together": Page("listWaitingNotes"),
    "GET /together/{application_id}": Page("showPlaces"),
    "POST /together/{application_id}/notes": Page("sendNote", form={"to": "330881", "text": "请核对"}),
    "POST /together/{application_id}/notes/{number}/sign": Page("signNote"),
    "GET /matters": Page("listMatters"),
    "GET /matters/{matter_id}": Page("showMatter"),
    "POST /matters/{matter_id}/actions": Page("actOnMatter", form={"action": "reply", "reason": "已在办理"}),
    "GET /more-time": Page("listMoreTime"),
    "GET /more-time/{application_id}": Page("showMoreTime"),
    "POST /more-time/{application_id}": Page("askMoreTime", form={"reason": "各部门需要核查"}, also=OFFICERS),
    "POST /more-time/{application_id}/answer": Page("answerMoreTime", form={"is_approved": "yes"}),
    "GET /datasets/{code}/suspension": Page("suspendApproval", parts={"code": "enterprise_register"}, is_there=False),
    "POST /datasets/{code}/suspension": Page("suspendApproval", parts={"code": "enterprise_register"}),
    "GET /data-requests": Page("listDataRequests"),
    "GET /data-requests/new": Page("requestData", also=OFFICERS),
    "POST /data-requests": Page("requestData", form={"item": "F1", "purpose": "核对"}, also=OFFICERS),
    "GET /data-requests/{request_id}": Page("showDataRequest"),
    "GET /data-requests/lines/{line_id}": Page("showDataLine"),
    "POST /data-requests/lines/{line_id}/actions": Page("actOnDataLine", form={"action": "withdraw"}),
    "GET /data-alarms": Page("listDataAlarms"),
    "GET /data-usage": Page("showDataUsage"),
    "GET /registers": Page("listRegisters"),
    "POST /registers": Page("switchRegister"),
    "GET /indicators": Page("showIndicators"),
    "GET /indicators/{code}/cases": Page("listCasesBehind"),
}
FOR_ALL = (
    "GET /",
    "GET /search",
    "GET /bundles",
    "GET /bundles/{code}",
    "GET /bundles/{code}/guide",
    "GET /bundles/{code}/plan",
    "GET /bundles/{code}/stories/{story}",
    "GET /halls",
    "GET /items",
    "GET /items/{code}",
    "GET /progress",
    "POST /progress",
    "GET /sign-in",
    "POST /sign-in",
    "POST /sign-out",
    "POST /preferences",
    "GET /regions",
    "GET /elder",
    "GET /style-guide",
    "GET /lessons",
    "GET /lessons/{code}",
    "GET /verify",
    "POST /verify",
    "GET /datasets",
    "GET /datasets/{code}",
    "GET /catalogue",
    "GET /catalogue/parts",
    "GET /catalogue/checks",
    "GET /catalogue/bundles/{code}",
    "GET /catalogue/items/{code}",
    "GET /assets/{version}/{name:path}",
)
PAGES: dict[str, Page] = {**CITIZENS, **OFFICIALS, **dict.fromkeys(FOR_ALL, PUBLIC)}
