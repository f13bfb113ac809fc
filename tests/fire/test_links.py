"""Every link of the document, followed once: what one answer says is enough for the next request to go through."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from httpx2 import Response

from tests.api.documents import Operation, operations
from tests.api.matrix import TABLE, Target, asked
from tests.doors import Doors, expect
from tests.fire.supply import Call, Supply
from tests.fire.test_actors import with_all_it_takes

Json = dict[str, Any]
LINKS = [
    (operation.id, status, name)
    for operation in operations().values()
    for status, response in operation.spec["responses"].items()
    for name in response.get("links", {})
]
OTHERS = {
    ("listTasks", "act"): "officer.market.330802.1",
    ("showTask", "act"): "officer.market.330802.1",
    ("openMatter", "act"): "officer.market.330802.1",
    ("reportStuck", "act"): "clerk.330802",
    ("askMoreTime", "answer"): "supervisor.330802",
    ("authoriseCertificate", "redeem"): "officer.market.330802.1",
}
"""Where somebody else than who got the answer follows: to do something with it is another's office."""
SAID: Mapping[tuple[str, str], Callable[[Json], Json]] = {
    ("suspendApproval", "line"): lambda _: {"action": "resume", "reason": "升级完成"},
    ("reportStuck", "act"): lambda _: {"action": "assign", "to": "market.330802"},
    ("authoriseCertificate", "redeem"): lambda answer: {"code": answer["code"]},
}
"""What is said beside, where what usually fits does not."""
PEOPLE = {"listMatters": "officer.market.330802.1"}
"""Who asks, where not everybody who may is answered with something to do."""
FIRST = {"listMatters": "showMatter", "listApplications": "showApplication", "listTasks": "showTask"}
"""What there has to be one of in a list, whichever tests were here before: it is made to be looked at."""
USUAL = ("receive", "accept", "review", "propose")
"""What is done to the first task of an inbox, as far as that has come."""
DRAFTS = {("showApplication", "save"), ("showApplication", "submit")}
"""What leads on from a draft only."""


def sent(doors: Doors, operation: Operation, call: Call) -> Response:
    """One request."""
    headers = doors.sign_in(call.who) if call.who else {}
    body = {} if call.body is None else {"json": call.body}
    path = operation.path.format(**call.path)
    return doors.client.request(operation.method, path, params=call.query, headers=headers, **body)


def pointed_at(answer: Any, expression: str) -> Any:
    """What a runtime expression points at in an answer."""
    for part in expression.removeprefix("$response.body#/").split("/"):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="module")
@pytest.mark.parametrize(("source", "status", "name"), LINKS)
def test_a_link_leads_to_an_answer_that_is_no_refusal(shared_doors: Doors, source: str, status: str, name: str) -> None:
    link = operations()[source].spec["responses"][status]["links"][name]
    target = operations()[link["operationId"]]
    supply = Supply(shared_doors, PEOPLE.get(source, "wang_owner"))
    call = supply.call(source)
    if (source, name) in DRAFTS:
        call.path["application_id"] = shared_doors.draft("catering_full")["id"]
    if source in FIRST:
        supply.call(FIRST[source])
    answer = expect(sent(shared_doors, operations()[source], call), int(status))
    values = {parameter: pointed_at(answer, where) for parameter, where in link["parameters"].items()}
    path, request = asked(target.id, Target())
    places = {one["name"]: one["in"] for one in target.parameters}
    query = {key: value for key, value in values.items() if places[key] == "query"}
    body = SAID.get((source, name), lambda _: request.get("json"))(answer)
    if (source, name) == ("listMatters", "act"):
        allowed = shared_doors.get(f"/matters/{values['matter_id']}", call.who)["allowed"]
        body = {"action": allowed[0]["code"], "reason": "已在办理"}
    if (source, name) == ("listTasks", "act"):
        allowed = shared_doors.get(f"/tasks/{values['task_id']}", call.who)["allowed"]
        action = next((one["code"] for one in allowed if one["code"] in USUAL), allowed[0]["code"])
        body = {"action": action, **with_all_it_takes(action, Random(1))}  # noqa: S311 - nothing secret
    who = OTHERS.get((source, name), call.who if "security" in target.spec else None)
    if target.id == "whoAmI":
        who = "lin_mother"  # who has just signed in
    done = sent(shared_doors, target, Call(who, {**path, **values}, query, body))
    assert done.status_code < 300, f"as {who}: {done.status_code} {done.text}"


def test_the_document_has_links_to_follow() -> None:
    assert len(LINKS) >= 44


def test_nothing_is_kept_here_for_a_link_that_is_gone() -> None:
    known = {(source, name) for source, _, name in LINKS}
    assert {*OTHERS, *SAID, *DRAFTS} <= known
    assert set(TABLE) == set(operations())
