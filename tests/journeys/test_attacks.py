"""Stories of people who want to know what is not theirs: each was possible once, or nearly."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.databases import SQLITE
from tests.doors import API, Doors, expect
from tests.factories import MONDAY
from tests.journeys.test_registers import MOTHER, RETIRING, blank, by_code, give_all, prefill

CLERK, OFFICER = "clerk.330802", "officer.health.330802.1"
COMPANY = "91003301MA00DEM30X"


@pytest.fixture(scope="session", params=[SQLITE])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Who may know what depends on no database."""
    kind: str = request.param
    return kind


def known_of_the_father(doors: Doors) -> tuple[str, str]:
    """The mother's draft in which a register told, with his consent, what the father never told her; and what."""
    draft = blank(doors, "birth_full")
    prefill(doors, draft, MOTHER)
    give_all(doors, draft, MOTHER)
    prefill(doors, draft, MOTHER)
    return draft, doors.stored(draft).form["father_nation"]


def test_what_a_register_told_of_another_person_reaches_the_applicant_on_no_way(shared_doors: Doors) -> None:
    doors = shared_doors
    draft, secret = known_of_the_father(doors)
    rest = doors.platform.world.catalogue.stories["birth_full"].form
    form = {code: value for code, value in rest.items() if code not in doors.stored(draft).form}
    expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"form": form}))
    told = expect(doors.send("POST", f"/applications/{draft}/submit", MOTHER, json={"pledge": True}))
    reference = told["application"]["reference"]
    for who in (MOTHER, "agent.lin_mother"):
        seen = 0
        for task in told["application"]["tasks"]:
            for field in doors.get(f"/tasks/{reference}-{task['item']}", who)["fields"]:
                if field["code"] == "father_nation":
                    seen += 1
                    assert (field["value"], field["is_masked"]) == ("***", True)
                    assert secret not in json.dumps(field, ensure_ascii=False)
        assert seen
        receipt = doors.get(f"/applications/{draft}/proof", who)
        given = [json.loads(event["payload"])["changes"] for event in receipt["events"] if event["payload"]]
        values = {code for changes in given for code in changes.get("values") or {}}
        assert "mother_phone" in values, "what the own side typed is given"
        assert "father_nation" not in values
        closed = [
            event for event in receipt["events"] if event["header"]["kind"] == "data_had" and not event["payload"]
        ]
        assert closed
        assert {event["salt"] for event in closed} == {None}
    assert doors.get(f"/tasks/{reference}-B1", OFFICER)["fields"], "the department goes on as before"


def test_a_clerk_who_begins_a_draft_for_somebody_reads_no_register_of_that_person(shared_doors: Doors) -> None:
    doors = shared_doors
    draft = begun_by_the_clerk(doors)
    story = doors.platform.world.catalogue.stories["retire_full"]
    fields = by_code(prefill(doors, draft, CLERK)["fields"])
    shown = doors.get(f"/applications/{draft}", CLERK)["form"]
    stored = doors.stored(draft)
    assert {field["outcome"] for field in fields.values()} == {"had"}
    for code in ("id_no", "fund_acct", "birth", "spouse", "employer"):
        assert stored.form[code] == story.form[code]
        assert fields[code]["is_masked"]
        assert shown[code] == fields[code]["value"] != story.form[code]
    expect(doors.send("PATCH", f"/applications/{draft}", CLERK, json={"form": shown}))
    assert doors.stored(draft).form == stored.form, "sent back as it was shown, it changes nothing"
    looks = doors.get("/me/data/looks", RETIRING, purpose="prefill", limit=100)["entries"]
    masked = {field["code"]: field["is_masked"] for look in looks for field in look["fields"]}
    assert masked["id_number"]


def test_what_is_masked_is_not_told_to_who_tries_values_out(shared_doors: Doors) -> None:
    doors, story = shared_doors, shared_doors.platform.world.catalogue.stories["retire_full"]
    right = story.form["birth"]

    def seen_after(guess: str, way: str) -> dict[str, Any]:
        draft = begun_by_the_clerk(doors)
        prefill(doors, draft, CLERK)
        if way == "enter":
            shown = expect(doors.send("PATCH", f"/applications/{draft}", CLERK, json={"form": {"birth": guess}}))
            assert shown["form"]["birth"] == guess
        else:
            wish = {"value": guess, "reason": "本人说的"}
            doors.post(f"/applications/{draft}/fields/birth/dispute", CLERK, wish, 201)
            shown = doors.get(f"/applications/{draft}", CLERK)
        return {"had": set(shown["had"]), "masked": shown["masked"], "version": shown["version"]}

    for way in ("enter", "dispute"):
        assert "birth" not in seen_after(right, way)["had"]
        assert seen_after(right, way) == seen_after("1965-06-11", way), way


def begun_by_the_clerk(doors: Doors) -> str:
    """A draft for a man who is not there, in which nothing is typed."""
    story = doors.platform.world.catalogue.stories["retire_full"]
    answers = {code: list(value) if isinstance(value, tuple) else value for code, value in story.answers.items()}
    body = {"bundle": story.bundle, "region": story.region, "answers": answers, "applicant": story.applicant}
    return str(doors.post("/applications", CLERK, body, 201)["id"])


def test_a_companys_agent_sees_the_companys_cases_and_nothing_private_of_its_head(shared_doors: Doors) -> None:
    doors = shared_doors
    until = (MONDAY + timedelta(days=30)).isoformat()
    wish = {"to": "qian_manager", "bundles": ["startup"], "until": until, "company": COMPANY}
    doors.post("/me/mandates", "li_founder", wish, 201)
    token = expect(
        doors.client.post(f"{API}/sessions", json={"account": "qian_manager", "acting_for": "li_founder"}), 201
    )
    by = {"headers": {"Authorization": f"Bearer {token['token']}"}}
    private = doors.draft("startup_full", "li_founder")["id"]
    its = doors.draft("startup_full", "li_founder", form={"uscc": COMPANY})["id"]
    made = expect(doors.send("POST", "/applications", json={"story": "startup_full"}, **by), 201)["id"]
    listed = [entry["id"] for entry in expect(doors.send("GET", "/applications", **by))["entries"]]
    assert sorted(listed) == sorted([its, made])
    expect(doors.send("GET", f"/applications/{its}", **by))
    for path in ("", "/events", "/papers", "/consents", "/plan", "/proof", "/matters"):
        expect(doors.send("GET", f"/applications/{private}{path}", **by), 404)
    expect(doors.send("PATCH", f"/applications/{private}", json={"form": {}}, **by), 404)


def test_nobody_learns_whether_a_name_belongs_to_a_number(shared_doors: Doors) -> None:
    """Names tried out beside a number that somebody has: what is shown of a right one is what is shown of a wrong."""
    doors = shared_doors
    draft = doors.draft("birth_full", form={"father_nation": None})["id"]
    shown = set()
    for name in ("周示例", "周某某"):
        expect(doors.send("PATCH", f"/applications/{draft}", MOTHER, json={"form": {"father_name": name}}))
        needs = doors.get(f"/applications/{draft}/consents", MOTHER)["needed"]
        shown |= {json.dumps(need["person"]) for need in needs if need["party"] == "father"}
    assert len(shown) == 1


UNSAID = ("\u200b", "\u2060\ufeff", "\u3164", "\u200d", "\u202e", "\u2800", "\U000e0041\U000e0042", "\x07")


def test_a_reason_that_nobody_can_see_is_none(shared_doors: Doors) -> None:
    filed = shared_doors.file("birth_full")
    path = f"/tasks/{filed.reference}-B1"
    filed.act("B1", "receive")
    for reason in UNSAID:
        wish = {"field": "mother_phone", "reason": reason}
        refused = shared_doors.post(f"{path}/unmask", OFFICER, wish, 422)
        assert [error["pointer"] for error in refused["errors"]] == ["/reason"], repr(reason)
        shared_doors.post(f"{path}/actions", OFFICER, {"action": "decline", "reason": reason}, 422)
    wish = {"field": "mother_phone", "reason": "核对\u202e号码\u200b"}
    shared_doors.post(f"{path}/unmask", OFFICER, wish)
    looks = shared_doors.get("/me/data/looks", MOTHER, purpose="unmask")["entries"]
    assert looks[0]["reason"] == "核对号码"


class Babbling:
    """A register that answers with what it likes."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def look_up(self, dataset: str, number: str, elements: Any, seconds: float) -> dict[str, Any]:  # noqa: ARG002
        """The same for everything."""
        return dict.fromkeys(elements, self._value)


def test_a_register_that_answers_with_what_nobody_can_keep_is_down_and_nothing_fails(doors: Doors) -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    datasets = doors.platform.world.library.datasets
    for value in (float("nan"), float("inf"), deep, {"a": deep}, "a\x00b", "\ud800", 10**30):
        doors.platform.world.remote.update(dict.fromkeys(datasets, Babbling(value)))  # type: ignore[attr-defined]
        fields = by_code(prefill(doors, blank(doors, "retire_full"), RETIRING)["fields"])
        assert {field["outcome"] for field in fields.values()} == {"missing"}
