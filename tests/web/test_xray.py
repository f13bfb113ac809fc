"""透视: what is said to have happened did happen, and every command shown works."""

import json
import secrets
import shlex
from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.main import create_app
from app.storage import keys
from app.web import xray_notes
from app.web.operations import operations_of
from tests.doors import Doors, expect
from tests.web import xrayed
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
    """Operation → the command that the visitor's page shows for it."""
    return xrayed.commands(visitor.page)


def run(doors: Doors, command: str, who: str) -> Response:
    """What a shell would send for somebody."""
    return xrayed.run(doors, command, doors.sign_in(who)["Authorization"].removeprefix("Bearer "))


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
    known = operations_of(app).values()  # type: ignore[arg-type]
    found = {o.id: (o.method, o.path, o.needs_token, tuple(q.name for q in o.queries)) for o in known}
    assert len(found) > 100
    assert found.items() <= told.items()


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/", "listBundles"),
        ("/bundles/catering", "showBundle"),
        ("/bundles/catering/guide", "planBundle"),
        ("/bundles/catering/plan?q.has_licence=no&q.area_m2=80.5", "planBundle"),
        ("/items/F1", "showItem"),
        ("/search?q=tuixiu", "search"),
        ("/halls?longitude=118.8&latitude=28.9&desk=post", "listHalls"),
        ("/regions?at=330802", "listRegions"),
        ("/datasets?q=%E5%A9%9A%E5%A7%BB&grade=L3&holder=", "listDatasets"),
    ],
)
def test_pages_of_the_catalogue_show_commands_that_work_too(shared_doors: Doors, path: str, operation: str) -> None:
    visitor = on(Visitor(shared_doors))
    visitor.go(path)
    shown = commands(visitor)
    assert operation in shown
    if "longitude" in path:
        assert "longitude=118.8" in shown[operation]
    for command in shown.values():
        expect(run(shared_doors, command, OWNER))


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


def test_any_process_of_the_server_tells_what_a_post_did(visit_as: VisitAs, doors: Doors) -> None:
    visitor = on(visit_as(OWNER))
    sent = visitor.sent("/applications", {"story": "catering_full"})
    note = sent.cookies[xray_notes.COOKIE]
    assert {"httponly", "samesite=lax", "max-age=120"} <= set(sent.headers["set-cookie"].lower().split("; "))
    with TestClient(create_app(doors.platform.settings, platform=doors.platform)) as client:
        elsewhere = Visitor(Doors(client, doors.platform, doors.clock), visitor.cookies)
        elsewhere.go(sent.headers["location"])
        assert "刚才的操作" in elsewhere.page.one(class_="xray").text
        assert '"story": "catering_full"' in commands(elsewhere)["createApplication"]
        assert xray_notes.COOKIE not in elsewhere.cookies
        mother = on(visit_as("lin_mother"))
        mother.cookies.set(xray_notes.COOKIE, note)
        assert "刚才的操作" not in mother.go("/my").one(class_="xray").text


CALLED = xray_notes.Shown("app/usecases/tasks.py · act", "Act on a task.", True, {"event": 2}, [("actOnTask", "curl")])
RING, OTHER = keys.fresh_ring(), keys.fresh_ring()


@pytest.mark.parametrize(
    ("ring", "token", "at", "said"),
    [
        (RING, "mine", 1119.9, [CALLED]),
        (RING, "mine", 1120.0, []),
        (RING, "mine", 999.0, []),
        (RING, "another's", 1000.0, []),
        (OTHER, "mine", 1000.0, []),
    ],
    ids=["in time", "too late", "before it was written", "another sign-in", "another installation"],
)
def test_a_note_is_worth_something_to_its_own_browser_for_two_minutes(
    ring: keys.KeyRing, token: str, at: float, said: list[xray_notes.Shown]
) -> None:
    note = xray_notes.sealed(RING, "mine", [CALLED], 1000.0)
    assert note is not None
    assert "tasks" not in note
    assert xray_notes.opened(ring, token, note, at) == said


def test_a_note_that_was_changed_says_nothing_and_one_that_is_too_long_leaves_its_commands_out() -> None:
    note = xray_notes.sealed(RING, "mine", [CALLED], 1000.0) or ""
    for wrong in ("", "x", "é", note[:-8], note[:20] + "AAAA" + note[24:]):
        assert xray_notes.opened(RING, "mine", wrong, 1000.0) == []
    long = replace(CALLED, commands=[("saveApplication", secrets.token_hex(4000))])
    note = xray_notes.sealed(RING, "mine", [long], 1000.0) or ""
    assert len(note) <= xray_notes.LONGEST
    assert xray_notes.opened(RING, "mine", note, 1000.0) == [replace(CALLED, commands=[])]
    endless = replace(CALLED, sentence=secrets.token_hex(4000))
    assert xray_notes.sealed(RING, "mine", [endless], 1000.0) is None


def test_it_is_off_until_somebody_wants_it_and_off_again(visit_as: VisitAs) -> None:
    visitor = on(visit_as(OWNER))
    visitor.post("/preferences", {"xray": "off", "back": "/my"})
    assert visitor.path == "/my"
    assert visitor.page.all(class_="xray") == []
