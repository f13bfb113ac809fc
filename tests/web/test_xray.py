"""透视: what is said to have happened did happen, and every command shown works."""

import json
import shlex
from collections.abc import Callable
from itertools import pairwise

from httpx2 import Response

from app.web.operations import operations_of
from tests.doors import Doors, expect
from tests.web.visitors import Visitor

VisitAs = Callable[[str], Visitor]
OWNER, OFFICER, SUPERVISOR = "wang_owner", "officer.market.330802.1", "supervisor.330802"


def on(visitor: Visitor) -> Visitor:
    """The same visitor with the x-ray switched on, by the button in the header."""
    visitor.go("/")
    assert visitor.page.all(class_="xray") == []
    visitor.post("/preferences", {"xray": "on", "back": "/"})
    assert visitor.page.all(class_="xray")
    return visitor


def commands(visitor: Visitor) -> dict[str, str]:
    """Operation → the command shown for it."""
    found = visitor.page.one(class_="xray").all(class_="xray-command")
    return {block.one("a").text: block.one("pre").text for block in found}


def run(doors: Doors, command: str, who: str) -> Response:
    """What a shell would send."""
    token = doors.sign_in(who)["Authorization"].removeprefix("Bearer ")
    words = shlex.split(command.replace("$TOKEN", token))
    assert words[:2] == ["curl", "-s"]
    headers = dict(word.split(": ", 1) for flag, word in pairwise(words) if flag == "-H")
    given = dict(pairwise(words))
    url = words[-1].removeprefix(str(doors.client.base_url).rstrip("/"))
    return doors.client.request(given.get("-X", "GET"), url, headers=headers, content=given.get("-d"))


def test_every_linked_operation_is_one_of_the_document(doors: Doors) -> None:
    told = {
        operation["operationId"]: (
            method.upper(),
            path,
            bool(operation.get("security")),
            tuple(p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"),
        )
        for path, methods in doors.get("/openapi.json")["paths"].items()
        for method, operation in methods.items()
    }
    app = doors.client.app
    found = {o.id: (o.method, o.path, o.needs_token, o.query_names) for o in operations_of(app).values()}  # type: ignore[arg-type]
    assert len(found) > 100
    assert found.items() <= told.items()


def test_the_command_of_a_page_that_reads_gives_the_same(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_simple")
    visitor = on(visit_as(OWNER))
    visitor.go(f"/applications/{filed.id}")
    shown = commands(visitor)
    answer = expect(run(doors, shown["showApplication"], OWNER))
    assert answer["reference"] == filed.reference
    for path, who in (("/desk", OFFICER), ("/supervision", SUPERVISOR), ("/matters", SUPERVISOR), ("/my", OWNER)):
        visitor = on(visit_as(who))
        visitor.go(path)
        for command in commands(visitor).values():
            expect(run(doors, command, who))


def test_what_a_post_wrote_is_told_once_on_the_next_page(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_full")
    task = f"{filed.reference}-L0"
    visitor = on(visit_as(OFFICER))
    visitor.go(f"/desk/{task}")
    visitor.post(f"/desk/{task}/actions", {"action": "receive"})
    said = visitor.page.one(class_="xray").text
    assert "刚才的操作" in said
    assert "app/usecases/tasks.py · act" in said
    rows = [code.text for code in visitor.page.one(class_="xray").all("code")]
    assert {"application", "task", "event"} <= set(rows)
    command = commands(visitor)["actOnTask"]
    assert json.loads(shlex.split(command)[shlex.split(command).index("-d") + 1])["action"] == "receive"
    again = run(doors, command, OFFICER)
    assert again.json()["code"] == "action-not-allowed", "it is the same call: it has been done"
    visitor.go(f"/desk/{task}")
    assert "刚才的操作" not in visitor.page.one(class_="xray").text


def test_the_chain_and_the_laws_of_the_case_stand_there(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("catering_full")
    visitor = on(visit_as(OWNER))
    visitor.go(f"/applications/{filed.id}")
    said = visitor.page.one(class_="xray").text
    newest = doors.stored(filed.id).event_count
    assert f"第 {newest} 步" in said
    proof = doors.get(f"/applications/{filed.id}/proof", OWNER, seq=newest)
    assert proof["link"] in said
    assert "行政许可法" in said or "依据" in said


def test_it_shows_nobody_what_another_did(visit_as: VisitAs, visitor: Visitor, doors: Doors) -> None:
    first = on(visit_as(OWNER))
    first.post("/applications", {"story": "catering_full"})
    assert "刚才的操作" in first.page.one(class_="xray").text
    first.post("/applications", {"story": "catering_full"}, headers={"Accept": "text/html"})
    second = on(visit_as("lin_mother"))
    assert "刚才的操作" not in second.page.one(class_="xray").text
    nobody = on(visitor)
    assert "刚才的操作" not in nobody.page.one(class_="xray").text


def test_it_is_off_until_somebody_wants_it_and_off_again(visit_as: VisitAs) -> None:
    visitor = on(visit_as(OWNER))
    visitor.post("/preferences", {"xray": "off", "back": "/my"})
    assert visitor.path == "/my"
    assert visitor.page.all(class_="xray") == []
