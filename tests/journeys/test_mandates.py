"""委托: somebody acts for somebody else, within bundles, powers and days, and no longer than the principal wants."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.doors import API, PDF, Doors, expect
from tests.factories import MONDAY

PRINCIPAL, AGENT = "wang_owner", "lin_mother"
UNTIL = (MONDAY + timedelta(days=30)).isoformat()


def give(doors: Doors, status: int = 201, who: str = PRINCIPAL, **changes: Any) -> Any:
    """A mandate for the restaurant."""
    return doors.post("/me/mandates", who, {"to": AGENT, "bundles": ["catering"], "until": UNTIL, **changes}, status)


def acting(doors: Doors, status: int = 201, agent: str = AGENT, principal: str = PRINCIPAL) -> Any:
    """Sign in by a mandate; the headers when that works, the problem otherwise."""
    body = {"account": agent, "acting_for": principal}
    answer = expect(doors.client.post(f"{API}/sessions", json=body), status)
    return {"headers": {"Authorization": f"Bearer {answer['token']}"}} if status == 201 else answer


def test_an_agent_files_a_case_for_the_principal_and_every_act_says_so(doors: Doors) -> None:
    give(doors, powers=["submit", "withdraw"])
    by = acting(doors)
    me = expect(doors.send("GET", "/sessions/me", **by))
    assert (me["code"], me["role"]["code"], me["acts_for"]) == (AGENT, "agent", PRINCIPAL)
    assert me["note"]["zh"].startswith("代王示例办理")
    draft = expect(doors.send("POST", "/applications", json={"story": "catering_full"}, **by), 201)
    assert draft["applicant"] == PRINCIPAL
    expect(doors.send("POST", f"/applications/{draft['id']}/submit", **by))
    events = doors.get(f"/applications/{draft['id']}/events", PRINCIPAL)["entries"]
    acts = [event for event in events if event["actor"] == AGENT]
    assert {event["role"]["code"] for event in acts} == {"agent"}
    assert {event["on_behalf_of"]["zh"] for event in acts} == {"代王示例办理"}
    assert all(event["on_behalf_of"] is None for event in events if event["role"]["code"] == "system")
    assert doors.get(f"/applications/{draft['id']}", PRINCIPAL)["status"]["code"] != "draft"
    assert doors.send("GET", f"/applications/{draft['id']}", AGENT).status_code == 404
    expect(doors.send("POST", f"/applications/{draft['id']}/withdraw", json={}, **by))


def test_a_mandate_goes_no_further_than_its_bundles_and_powers(doors: Doors) -> None:
    give(doors)
    by = acting(doors)
    other = expect(doors.send("POST", "/applications", json={"story": "startup_full"}, **by), 403)
    assert other["code"] == "not-allowed"
    founded = doors.draft("startup_full", PRINCIPAL)
    assert doors.send("GET", f"/applications/{founded['id']}", **by).status_code == 404
    opened = doors.draft("catering_full", PRINCIPAL)
    listed = expect(doors.send("GET", "/applications", **by))["entries"]
    assert [entry["id"] for entry in listed] == [opened["id"]]
    assert (
        expect(doors.send("POST", f"/applications/{opened['id']}/withdraw", json={}, **by), 403)["code"]
        == "not-allowed"
    )
    for personal in ("/messages", "/credit-notes", "/me/consents", "/me/mandates", "/me/mandates/held"):
        assert doors.send("GET", personal, **by).status_code == 403, personal


def test_without_the_power_an_agent_fills_in_and_the_principal_submits(doors: Doors) -> None:
    give(doors, powers=[])
    by = acting(doors)
    draft = expect(doors.send("POST", "/applications", json={"story": "catering_full"}, **by), 201)
    path = f"/applications/{draft['id']}"
    expect(doors.send("PATCH", path, json={"form": {"seats": 12}}, **by))
    refused = expect(doors.send("POST", f"{path}/submit", **by), 403)
    assert "申报" in refused["detail_zh"]
    doors.post(f"{path}/submit", PRINCIPAL)


def test_what_is_revoked_stops_at_once_also_for_whoever_is_signed_in(doors: Doors) -> None:
    mandate = give(doors)
    by = acting(doors)
    expect(doors.send("GET", "/applications", **by))
    assert doors.post(f"/me/mandates/{mandate['id']}/revocation", AGENT, status=404)["code"] == "not-found"
    revoked = doors.post(f"/me/mandates/{mandate['id']}/revocation", PRINCIPAL)
    assert revoked["standing"]["code"] == "revoked"
    gone = expect(doors.send("GET", "/applications", **by), 401)
    assert "已撤销" in gone["detail_zh"]
    assert acting(doors, 422)["errors"][0]["code"] == "no-mandate"
    assert doors.post(f"/me/mandates/{mandate['id']}/revocation", PRINCIPAL, status=409)["code"] == "action-not-allowed"


def test_a_mandate_begins_and_ends_with_its_days(doors: Doors) -> None:
    since = (MONDAY + timedelta(days=1)).isoformat()
    give(doors, since=since, until=since)
    assert acting(doors, 422)["errors"][0]["code"] == "no-mandate"
    doors.clock.pass_(days=1)
    by = acting(doors)
    expect(doors.send("GET", "/applications", **by))
    for _ in range(9):
        doors.clock.pass_(hours=1)
        expect(doors.send("GET", "/applications", **by))
    doors.clock.pass_(hours=6)
    assert expect(doors.send("GET", "/applications", **by), 401)["code"] == "not-signed-in"


def test_both_sides_see_their_mandates_and_nobody_else_does(doors: Doors) -> None:
    mandate = give(doors)
    given = doors.get("/me/mandates", PRINCIPAL)["entries"]
    held = doors.get("/me/mandates/held", AGENT)["entries"]
    assert [each["id"] for each in (*given, *held)] == [mandate["id"]] * 2
    assert (held[0]["principal_name"]["zh"], held[0]["agent_name"]["zh"]) == ("王示例", "林示例")
    assert doors.get("/me/mandates", AGENT)["entries"] == []
    assert doors.get("/me/mandates/held", "zhou_father")["entries"] == []
    assert doors.send("GET", "/me/mandates", "officer.market.330802.1").status_code == 403


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"to": "nobody"}, "/to", "unknown-account"),
        ({"to": PRINCIPAL}, "/to", "self"),
        ({"to": "officer.market.330802.1"}, "/to", "unknown-account"),
        ({"bundles": ["flying"]}, "/bundles/0", "unknown-bundle"),
        ({"since": "2026-03-01"}, "/since", "past"),
        ({"until": "2026-03-15"}, "/until", "out-of-range"),
        ({"until": "2027-03-18"}, "/until", "out-of-range"),
        ({"company": "91003301MA00DEM30X"}, "/company", "not-yours"),
        ({"company": "91003301MA00DEM300"}, "/company", "malformed"),
    ],
)
def test_what_is_wrong_with_a_mandate_is_told(doors: Doors, changes: dict[str, Any], pointer: str, code: str) -> None:
    errors = give(doors, 422, **changes)["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [(pointer, code)]


def test_a_company_is_represented_by_whom_its_legal_representative_names(doors: Doors) -> None:
    made = give(doors, who="li_founder", to="qian_manager", bundles=["startup"], company="91003301MA00DEM30X")
    assert made["company_name"] == "示例科技有限公司"
    by = acting(doors, agent="qian_manager", principal="li_founder")
    draft = expect(doors.send("POST", "/applications", json={"story": "startup_full"}, **by), 201)
    assert draft["applicant"] == "li_founder"


def test_every_look_at_the_register_of_businesses_is_on_record_also_a_refused_one(doors: Doors) -> None:
    """Who asked, about which company, for what and which elements: in the ledger of whoever asked."""

    def ledger(who: str) -> list[dict[str, Any]]:
        found = doors.get("/me/data/looks", who, dataset="enterprise_register")["entries"]
        assert {look["purpose"]["code"] for look in found} <= {"mandate"}
        return [look for look in found if look["purpose"]["code"] == "mandate"]

    mine = {"who": "li_founder", "to": "qian_manager", "bundles": ["startup"], "company": "91003301MA00DEM30X"}
    give(doors, **mine)
    (look,) = ledger("li_founder")
    assert [field["code"] for field in look["fields"]] == ["org", "legal_rep_id"]
    assert (look["result"]["code"], look["basis"]["code"], look["is_mine"]) == ("allowed", "open", True)
    assert (look["bundle_name"]["zh"], look["item_name"], look["who"]["zh"]) == ("企业开办一件事", None, "本人")
    assert look["party_name"]["zh"] in {"新设企业", "单位"}
    shown = doors.get("/me/mandates", "li_founder")["entries"]
    assert shown[0]["company_name"] == "示例科技有限公司"
    assert len(ledger("li_founder")) == 1, "a list of mandates asks no register"

    assert give(doors, 422, company="91003301MA00DEM30X")["errors"][0]["code"] == "not-yours"
    assert len(ledger(PRINCIPAL)) == 1, "what was asked was asked, though nothing was given"
    give(doors, 422, company="91003301MA00DEM30X", bundles=["flying"])
    assert len(ledger(PRINCIPAL)) == 1, "what is wrong anyway is no reason to ask"

    steward = "steward.330000"
    doors.post("/registers/enterprise_register/outage", steward, {"is_down": True, "reason": "演示"})
    silent = give(doors, 422, **mine)["errors"][0]
    assert (silent["pointer"], silent["code"]) == ("/company", "not-checked")
    assert ledger("li_founder")[0]["result"]["code"] == "unavailable"


def test_giving_the_same_mandate_twice_with_one_key_gives_it_once(doors: Doors) -> None:
    body = {"to": AGENT, "bundles": ["catering"], "until": UNTIL}
    key = {"headers": {"Idempotency-Key": "mandate-1"}}
    first, again = (expect(doors.send("POST", "/me/mandates", PRINCIPAL, json=body, **key), 201) for _ in range(2))
    assert first["id"] == again["id"]
    assert len(doors.get("/me/mandates", PRINCIPAL)["entries"]) == 1


def test_the_helper_with_a_standing_paper_goes_on_as_before(doors: Doors) -> None:
    draft = doors.draft("catering_full", "agent.wang_owner")
    doors.post(f"/applications/{draft['id']}/submit", "agent.wang_owner")
    events = doors.get(f"/applications/{draft['id']}/events", PRINCIPAL)["entries"]
    acts = [event for event in events if event["actor"] == "agent.wang_owner"]
    assert {event["on_behalf_of"]["en"] for event in acts} == {"on behalf of Wang Shili"}
    shown = doors.get("/sessions/me", "agent.wang_owner")
    assert "长期委托书" in shown["note"]["zh"]


def test_without_the_power_nothing_is_withdrawn_by_its_single_task_either(doors: Doors) -> None:
    give(doors, powers=["submit"])
    by = acting(doors)
    filed = doors.file("catering_simple", PRINCIPAL)
    path = f"/tasks/{filed.reference}-F1"
    assert "withdraw" not in [each["code"] for each in expect(doors.send("GET", path, **by))["allowed"]]
    refused = expect(doors.send("POST", f"{path}/actions", json={"action": "withdraw"}, **by), 409)
    assert "撤回申请" in refused["detail_zh"]
    assert filed.status("F1") == "waiting"
    doors.post(f"{path}/actions", PRINCIPAL, {"action": "withdraw"})


def test_without_the_power_an_agent_changes_nothing_that_was_submitted(doors: Doors) -> None:
    """Neither a paper that a notice asks for again nor a value that a register gave, nor the code to look it up by; a
    draft is the agent's to fill."""
    give(doors, powers=[])
    by = acting(doors)
    filed = doors.file("catering_full", PRINCIPAL)
    filed.act("L0", "receive")
    filed.post_points("L0", ("material", "premises_proof"))
    filed.act("H1", "receive")
    filed.act("H1", "accept")
    assert filed.status("L0") == "correction"
    paper = {"files": {"file": ("b.pdf", PDF)}}
    path = f"/applications/{filed.id}"
    before = doors.stored(filed.id)
    for method, rest, request in (
        ("PUT", "/materials/premises_proof", paper),
        ("POST", "/fields/legal_rep/dispute", {"json": {"value": "他人", "reason": "登记有误"}}),
        ("POST", "/query-code", {}),
    ):
        refused = expect(doors.send(method, f"{path}{rest}", **request, **by), 403)
        assert (refused["code"], "申报和补正" in refused["detail_zh"]) == ("not-allowed", True), rest
    assert doors.stored(filed.id) == before
    draft = doors.draft("catering_full", PRINCIPAL)["id"]
    expect(doors.send("PUT", f"/applications/{draft}/materials/premises_proof", **paper, **by))


def test_ratings_and_what_stems_from_them_stay_with_the_principal(doors: Doors) -> None:
    give(doors, powers=["submit", "withdraw"])
    by = acting(doors)
    filed = doors.file("catering_full", PRINCIPAL)
    filed.act("H1", "receive")
    wish = {"item": "H1", "stage": "intake", "level": "dissatisfied", "text": "等了很久"}
    matter = doors.post(f"/applications/{filed.id}/ratings", PRINCIPAL, wish, 201)["matter_id"]
    assert [each["id"] for each in doors.get(f"/applications/{filed.id}/matters", PRINCIPAL)] == [matter]
    assert expect(doors.send("GET", f"/applications/{filed.id}/matters", **by)) == []
    expect(doors.send("GET", f"/matters/{matter}", **by), 404)
    found, office = {"finding": "clear", "reason": "属实", "evidence": ["已整改"]}, filed.officer("H1")
    for action in ("verify", "reply"):
        doors.post(f"/matters/{matter}/actions", office, {"action": action, **found})
    judged = {"action": "confirm", "level": "very_satisfied"}
    expect(doors.send("POST", f"/matters/{matter}/actions", json=judged, **by), 404)
    assert doors.post(f"/matters/{matter}/actions", PRINCIPAL, judged)["status"]["code"] == "closed"


class Revoking:
    """A register during whose answer the principal revokes the mandate."""

    def __init__(self, revoke: Callable[[], Any]) -> None:
        self._revoke = revoke

    def look_up(self, dataset: str, number: str, elements: Any, seconds: float) -> dict[str, Any]:  # noqa: ARG002
        """The same for everything."""
        self._revoke()
        return dict.fromkeys(elements, "只有本人可看")


def test_what_registers_say_after_the_mandate_was_revoked_the_agent_never_hears(doors: Doors) -> None:
    mandate = give(doors, who="chen_retiring", bundles=["retire"])
    by = acting(doors, principal="chen_retiring")
    draft = expect(doors.send("POST", "/applications", json={"bundle": "retire", "region": "330802"}, **by), 201)["id"]
    answers = doors.platform.world.catalogue.stories["retire_full"].answers
    answers = {code: list(value) if isinstance(value, tuple) else value for code, value in answers.items()}
    expect(doors.send("PATCH", f"/applications/{draft}", json={"answers": answers}, **by))
    path = f"/me/mandates/{mandate['id']}/revocation"
    principal = doors.sign_in("chen_retiring")
    register = Revoking(lambda: doors.client.post(f"{API}{path}", headers=principal))
    datasets = doors.platform.world.library.datasets
    doors.platform.world.remote.update(dict.fromkeys(datasets, register))  # type: ignore[attr-defined]
    told = expect(doors.send("POST", f"/applications/{draft}/prefill", **by), 401)
    assert "已撤销" in told["detail_zh"]
    assert "只有本人可看" not in json.dumps(told, ensure_ascii=False)
    assert doors.stored(draft).had == {}
    looks = doors.get("/me/data/looks", "chen_retiring", purpose="prefill")["entries"]
    assert looks, "what was asked was asked"
