"""Who may do what: one row for every operation of the OpenAPI document, one status for everybody."""

from dataclasses import dataclass, field
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
TAKES_PAPER = row(401, 403, 403, 403, 403, 200, 404, 403, 403, 403, 403, 403, 403)


@dataclass(frozen=True)
class Row:
    """What one operation is tried with, and what each person gets. ``target`` is made anew for whoever gets through."""

    statuses: Statuses
    target: str = "nothing"
    request: dict[str, Any] = field(default_factory=dict)
    code: str = "layout"


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
}


@dataclass(frozen=True)
class Target:
    """The application an operation is tried on."""

    id: str = "0" * 32
    reference: str = "L330802-20260316-100001-6"
    query_code: str = "000000"


def target(doors: Doors, kind: str) -> Target:
    """A fresh one."""
    match kind:
        case "draft":
            return Target(doors.draft("catering_full")["id"])
        case "counter draft":
            return Target(doors.draft("catering_full", "clerk.330802")["id"])
        case "submitted":
            filed = doors.file("catering_full")
            return Target(filed.id, filed.reference, filed.query_code)
        case _:
            return Target()


def attempt(doors: Doors, operation: str, on: Target, who: str | None) -> Response:
    """One try."""
    spec, tried = operations()[operation], TABLE[operation]
    request = {**tried.request}
    if operation == "lookUpProgress":
        request["json"] = {"reference": on.reference, "query_code": on.query_code}
    path = spec.path.format(application_id=on.id, task_id=f"{on.reference}-L0", code=tried.code, number=1)
    headers = doors.sign_in(who) if who else {}
    if operation == "signOut" and who:
        doors.tokens.pop(who)
    return doors.client.request(spec.method, path, headers=headers, **request)
