"""电子证照: what one case issued waives a paper of the next; shown, authorised, signed, frozen, revoked."""

import base64
import copy
import json
from typing import Any

import pytest

from app.domain.certificates import canonical
from app.storage.keys import verifies
from tests.doors import API, Doors, Filed, expect

WANG, LIN, ZHOU, QIAN = "wang_owner", "lin_mother", "zhou_father", "qian_manager"
WANGS_CARD, EXPIRED = "ID-330802-000013", "HP-330802-240013"
QIANS_LICENCE = "BL-330802-190020"
POLICE, MARKET, MARKET_HEAD = "officer.police.330802.1", "officer.market.330802.1", "officer.market.330802.3"
SOLE_TRADER = "92003308MA00DEM225"


def licensed(doors: Doors) -> tuple[Filed, str]:
    """Wang's restaurant with its business licence, and the number of the licence."""
    filed = doors.file("catering_full")
    filed.grant("L0", uscc=SOLE_TRADER)
    return filed, filed.show()["certificates"][0]["number"]


def simple(doors: Doors, **wish: Any) -> dict[str, Any]:
    """Wang's next application, without its sample papers."""
    story = doors.platform.world.catalogue.stories["catering_simple"]
    body = {"bundle": story.bundle, "region": "330802", "answers": story.answers, "form": story.form, **wish}
    draft: dict[str, Any] = doors.post("/applications", WANG, body, 201)
    return draft


def lacks(draft: dict[str, Any], code: str) -> str | None:
    """What the draft says is missing about this material."""
    return next((f["detail"]["zh"] for f in draft["faults"] if f["pointer"] == f"/materials/{code}"), None)


def statuses(doors: Doors, who: str) -> dict[str, str]:
    """The wallet: number → status."""
    return {line["number"]: line["status"]["code"] for line in doors.get("/me/certificates", who)}


def freeze(doors: Doors, number: str, who: str, action: str = "freeze") -> Any:
    """A move of the issuing office."""
    return doors.post(f"/certificates/{number}/actions", who, {"action": action, "reason": "核查需要"})


def test_what_one_case_issued_waives_the_paper_of_the_next(doors: Doors) -> None:
    assert lacks(simple(doors), "business_licence") == "请提交材料：营业执照。您的证照包里没有营业执照。"
    _, number = licensed(doors)
    assert number in statuses(doors, WANG)
    assert lacks(simple(doors), "business_licence") is None
    draft = simple(doors)
    doors.upload(draft["id"], "business_licence", WANG)
    assert doors.stored(draft["id"]).materials["business_licence"].means.value == "upload", "who prefers may hand it in"


def test_the_certificate_used_is_on_record_and_the_desk_opens_it(doors: Doors) -> None:
    licence, number = licensed(doors)
    draft = doors.draft("catering_simple", region="330802")
    assert "business_licence" not in {material["code"] for material in draft["materials"]}
    doors.post(f"/applications/{draft['id']}/submit", WANG)
    case = doors.stored(draft["id"])
    use = case.materials["business_licence"].certificate
    assert use is not None
    assert (use.number, use.type, use.status.value) == (number, "business_licence_cert", "valid")
    assert doors.replayed(draft["id"]) == case
    path = f"/applications/{draft['id']}/materials/business_licence/certificate"
    seen = doors.get(path, MARKET)
    assert (seen["number"], seen["company"]["uscc"], seen["allowed"]) == (number, SOLE_TRADER, [])
    expect(doors.send("GET", path, "officer.tobacco.330802.1"), 404)
    expect(doors.send("GET", path, LIN), 404)
    kinds = [use["kind"]["code"] for use in doors.get(f"/me/certificates/{number}", WANG)["uses"]]
    assert sorted(kinds) == ["opened", "submitted"]
    slice_ = doors.get(f"/tasks/{case.reference}-F1", MARKET)
    paper = next(entry for entry in slice_["materials"] if entry["code"] == "business_licence")
    assert (paper["source"]["code"], paper["is_available"]) == ("shared", True)
    assert paper["provided"]["certificate"]["number"] == number
    licence.assert_true_to_its_events()


def test_a_licence_of_another_business_does_not_serve(doors: Doors) -> None:
    licensed(doors)
    draft = simple(doors)
    other = expect(
        doors.send("PATCH", f"/applications/{draft['id']}", WANG, json={"form": {"uscc": "91003308MA00DEM14D"}})
    )
    assert "不是本次申请的经营主体" in (lacks(other, "business_licence") or "")


def test_a_frozen_certificate_serves_for_nothing_until_it_is_unfrozen(doors: Doors) -> None:
    filed, number = licensed(doors)
    expect(doors.send("POST", f"/certificates/{number}/actions", POLICE, json={"action": "freeze", "reason": "x"}), 404)
    frozen = freeze(doors, number, MARKET)
    assert (frozen["status"]["code"], [move["code"] for move in frozen["allowed"]]) == ("frozen", ["unfreeze"])
    seen = doors.get(f"/certificates/{number}", MARKET_HEAD)
    assert [move["code"] for move in seen["allowed"]] == ["unfreeze", "revoke"]
    assert "现为“冻结”" in (lacks(simple(doors), "business_licence") or "")
    for step in ("show", "cancel"):
        refused = expect(doors.send("POST", f"/me/certificates/{number}/{step}", WANG, json={}), 409)
        assert refused["state"] == "frozen"
    assert "L1" not in {item for item, status in filed.statuses().items() if status == "granted"}
    freeze(doors, number, MARKET, "unfreeze")
    assert lacks(simple(doors), "business_licence") is None
    moves = [(row["kind"]["code"], row["why"]) for row in doors.get(f"/me/certificates/{number}", WANG)["history"]]
    assert moves == [("issue", None), ("freeze", "核查需要"), ("unfreeze", "核查需要")]
    filed.assert_true_to_its_events()


@pytest.mark.parametrize("is_issued_here", [True, False])
def test_nobody_alone_revokes_what_several_have_granted(doors: Doors, is_issued_here: bool) -> None:
    number, office = (licensed(doors)[1], "market") if is_issued_here else (WANGS_CARD, "police")
    one, other, head = (f"officer.{office}.330802.{hand}" for hand in (1, 2, 3))
    path, wish = f"/certificates/{number}/actions", {"json": {"action": "revoke", "reason": "核查需要"}}

    def refused(who: str) -> tuple[str, list[str]]:
        found = expect(doors.send("POST", path, who, **wish), 409)
        return found["detail_zh"], found["allowed"]

    assert [refused(who)[1] for who in (one, head)] == [["freeze"], ["freeze"]], "what is valid is frozen first"
    freeze(doors, number, head)
    assert refused(one) == ("吊销由发证单位负责人（批准人）决定。", ["unfreeze"])
    assert refused(head) == ("冻结的人不能吊销自己冻结的证照。", ["unfreeze"])
    freeze(doors, number, one, "unfreeze")
    freeze(doors, number, other)
    freeze(doors, number, head, "revoke")
    assert statuses(doors, WANG)[number] == "revoked"


def test_who_builds_on_a_certificate_that_is_revoked_confirms_again(doors: Doors) -> None:
    filed, number = licensed(doors)
    filed.grant("L1")
    filed.review("F1")
    freeze(doors, number, MARKET)
    assert filed.slice("F1")["confirm_fields"] == [], "what is frozen may be unfrozen"
    freeze(doors, number, MARKET_HEAD, "revoke")
    seen = filed.slice("F1")
    assert seen["confirm_fields"] == ["business_licence", "uscc"]
    assert {"propose", "grant"}.isdisjoint(option["code"] for option in seen["allowed"])
    told = [event["why"] for event in seen["events"] if event["kind"]["code"] == "consequence"]
    assert "证照已被吊销，请复核后再决定" in told[0]
    assert [e["kind"]["code"] for e in filed.slice("L1")["events"]][-1] == "consequence", "decided: judged again"
    filed.assert_true_to_its_events()


def test_a_revoked_certificate_ends_there_and_its_paper_may_be_handed_in_instead(doors: Doors) -> None:
    filed, number = licensed(doors)
    freeze(doors, number, MARKET)
    freeze(doors, number, MARKET_HEAD, "revoke")
    assert statuses(doors, WANG)[number] == "revoked"
    refused = doors.send("POST", f"/certificates/{number}/actions", MARKET, json={"action": "unfreeze", "reason": "x"})
    assert expect(refused, 409)["allowed"] == []
    assert filed.show()["certificates"][0]["revoked_on"] == "2026-03-16"
    told = [m for m in doors.get("/messages", WANG)["entries"] if m["kind"]["code"] == "certificate_moved"]
    assert ["吊销" in message["body"]["zh"] for message in told] == [True, True], "the holder hears of each move once"
    doors.upload(filed.id, "business_licence", WANG)
    assert "business_licence" in doors.stored(filed.id).materials
    filed.assert_true_to_its_events()


def test_what_was_there_before_keeps_its_history_too(doors: Doors) -> None:
    freeze(doors, QIANS_LICENCE, MARKET)
    assert statuses(doors, QIAN)[QIANS_LICENCE] == "frozen"
    draft = doors.draft("utility_simple")
    assert "business_licence" in {material["code"] for material in draft["materials"]}, "the sample stands in"
    freeze(doors, QIANS_LICENCE, MARKET, "unfreeze")
    given_up = doors.post(f"/me/certificates/{QIANS_LICENCE}/cancel", QIAN, {"reason": "歇业"})
    assert given_up["status"]["code"] == "cancelled"
    assert [row["seq"] for row in given_up["history"]] == [1, 2, 3]
    assert doors.get(f"/me/certificates/{QIANS_LICENCE}", QIAN)["history"] == given_up["history"]


def test_an_expired_certificate_cannot_be_shown_and_says_so(doors: Doors) -> None:
    assert statuses(doors, WANG)[EXPIRED] == "expired"
    refused = expect(doors.send("POST", f"/me/certificates/{EXPIRED}/show", WANG), 409)
    assert refused["state"] == "expired"
    fault = next(e for e in doors.platform.world.catalogue.wallets[WANG] if e.number == EXPIRED)
    assert fault.valid_until is not None
    draft = doors.draft("catering_simple")
    expect(doors.send("DELETE", f"/applications/{draft['id']}/materials/health", WANG))
    assert "health" in doors.get(f"/applications/{draft['id']}", WANG)["may_follow"]
    doors.post(f"/applications/{draft['id']}/submit", WANG, {"pledge": True})
    owed = doors.stored(draft["id"]).tasks["F1"].deferred
    assert "health" in {own.code for own in owed}, "what no certificate stands for follows later like any paper"


def test_a_shown_code_tells_a_stranger_four_things_and_dies_in_five_minutes(doors: Doors) -> None:
    shown = doors.post(f"/me/certificates/{WANGS_CARD}/show", WANG)
    assert shown["qr_svg"].startswith("<svg")
    told = doors.post("/certificates/verify", None, {"code": shown["code"].lower().replace("-", " ")})
    assert {name for name in told if name not in {"note", "label"}} == {
        "is_genuine", "name", "holder", "status", "valid_until",
    }  # fmt: skip
    assert (told["holder"]["zh"], told["name"]["zh"], told["status"]["code"]) == ("王*", "居民身份证", "valid")
    assert "00330819880105003X" not in str(told)
    assert "王示例" not in str(told)
    assert doors.get("/certificates/verify", code=shown["code"]) == told, "it may be checked again while it lives"
    scanned = doors.client.get(shown["verify_url"], headers={"Accept": "text/html,*/*;q=0.8"})
    assert scanned.url.path == "/verify", "whoever scans the QR with a telephone sees a page"
    assert told["name"]["zh"] in scanned.text
    doors.clock.pass_(minutes=5)
    dead = expect(doors.send("POST", "/certificates/verify", json={"code": shown["code"]}), 404)
    never = expect(doors.send("POST", "/certificates/verify", json={"code": "2222-2222-2222-2222"}), 404)
    assert (dead["detail"], dead["title"]) == (never["detail"], never["title"])


def test_only_a_few_wrong_codes_are_tried(doors: Doors) -> None:
    shown = doors.post(f"/me/certificates/{WANGS_CARD}/show", WANG)["code"]
    wrong = shown[:-1] + ("2" if shown[-1] != "2" else "3")
    for _ in range(5):
        expect(doors.send("POST", "/certificates/verify", json={"code": wrong}), 404)
    locked = doors.send("POST", "/certificates/verify", json={"code": shown})
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    fresh = doors.post(f"/me/certificates/{WANGS_CARD}/show", WANG)["code"]
    doors.post("/certificates/verify", None, {"code": fresh})


def test_a_code_is_kept_as_a_hash_and_the_dead_ones_go(doors: Doors) -> None:
    shown = doors.post(f"/me/certificates/{WANGS_CARD}/show", WANG)["code"]
    count = lambda: doors.platform.store.read(lambda reader: reader.count("certificate_code"))  # noqa: E731
    assert count() == 1
    doors.clock.pass_(minutes=6)
    doors.post(f"/me/certificates/{WANGS_CARD}/show", WANG)
    assert count() == 1
    assert shown not in str(doors.platform.store.read(lambda reader: reader.wrong_tries("x", doors.clock.now)))


def test_a_counter_learns_nothing_of_a_wallet_until_the_holder_shows_a_code(doors: Doors) -> None:
    story = doors.platform.world.catalogue.stories["catering_simple"]
    body = {"bundle": "catering", "region": "330802", "answers": story.answers, "form": story.form, "applicant": WANG}
    draft = doors.post("/applications", "clerk.330802", body, 201)
    assert lacks(draft, "rep_id") == (
        "请提交材料：法定代表人（经营者）身份证。在窗口办理的，请持证人出示居民身份证的用证码，或者交验原件。"
    )
    wish = {"application": draft["id"], "purpose": "开办餐饮店"}
    code = doors.post(f"/me/certificates/{WANGS_CARD}/authorise", WANG, wish)["code"]
    got = doors.post("/certificates/redeem", "clerk.330802", {"code": code, "material": "rep_id"})
    assert (got["reference"], got["material"]) == (None, "rep_id")
    assert lacks(doors.get(f"/applications/{draft['id']}", "clerk.330802"), "rep_id") is None
    assert doors.stored(draft["id"]).materials["rep_id"].provided_by == "clerk.330802"


def father_authorises(doors: Doors, reference: str, **wish: Any) -> str:
    """Zhou lets his card be used for the birth of his child."""
    body = {"application": reference, "purpose": "新生儿出生一件事", **wish}
    code: str = doors.post("/me/certificates/ID-330802-000012/authorise", ZHOU, body)["code"]
    return code


def test_a_use_code_attaches_the_certificate_to_one_material_once(doors: Doors) -> None:
    filed = doors.file("birth_full")
    code = father_authorises(doors, filed.reference.lower(), material="father_idc")
    body = {"code": code}
    expect(doors.send("POST", "/certificates/redeem", "clerk.330106", json=body), 404)
    expect(doors.send("POST", "/certificates/redeem", "officer.tobacco.330802.1", json=body), 404)
    got = doors.post("/certificates/redeem", "clerk.330802", body)
    assert (got["reference"], got["material"], got["purpose"]) == (filed.reference, "father_idc", "新生儿出生一件事")
    assert got["certificate"]["holder_name"]["zh"] == "周示例"
    attached = doors.stored(filed.id).materials["father_idc"]
    assert (attached.means.value, attached.provided_by) == ("shared", "clerk.330802")
    assert attached.certificate is not None
    assert attached.certificate.number == "ID-330802-000012"
    twice = expect(doors.send("POST", "/certificates/redeem", "clerk.330802", json=body), 409)
    assert twice["action"] == "redeem"
    uses = doors.get("/me/certificates/ID-330802-000012", ZHOU)["uses"]
    assert [(use["kind"]["code"], use["material"]) for use in uses] == [("redeemed", "father_idc")]
    opened = f"/applications/{filed.id}/materials/father_idc/certificate"
    expect(doors.send("GET", opened, LIN), 404)
    assert doors.get(opened, "clerk.330802")["number"] == "ID-330802-000012"
    filed.assert_true_to_its_events()


def test_a_use_code_is_for_its_case_its_material_and_its_quarter_of_an_hour(doors: Doors) -> None:
    filed = doors.file("birth_full")
    several = father_authorises(doors, filed.reference)
    found = doors.send("POST", "/certificates/redeem", "clerk.330802", json={"code": several})
    fault = expect(found, 422)["errors"][0]
    assert (fault["pointer"], fault["code"]) == ("/material", "missing")
    wrong = doors.send("POST", "/certificates/redeem", "clerk.330802", json={"code": several, "material": "discharge"})
    assert expect(wrong, 422)["errors"][0]["code"] == "unknown-material"
    freeze(doors, "ID-330802-000012", POLICE)
    refused = doors.send(
        "POST", "/certificates/redeem", "clerk.330802", json={"code": several, "material": "father_idc"}
    )
    assert expect(refused, 409)["state"] == "frozen"
    freeze(doors, "ID-330802-000012", POLICE, "unfreeze")
    doors.clock.pass_(minutes=15)
    late = doors.send("POST", "/certificates/redeem", "clerk.330802", json={"code": several, "material": "father_idc"})
    expect(late, 404)


def test_a_use_code_for_a_department_opens_the_certificate_to_it_alone(doors: Doors) -> None:
    wish = {"department": "market.330802", "purpose": "现场检查时核对经营者身份"}
    code = doors.post(f"/me/certificates/{WANGS_CARD}/authorise", WANG, wish)["code"]
    for who in ("clerk.330802", POLICE, "officer.market.330881.1"):
        expect(doors.send("POST", "/certificates/redeem", who, json={"code": code}), 404)
    got = doors.post("/certificates/redeem", MARKET, {"code": code})
    assert (got["application_id"], got["certificate"]["number"]) == (None, WANGS_CARD)
    expect(doors.send("POST", "/certificates/redeem", MARKET, json={"code": code}), 409)
    shown = doors.send("POST", "/certificates/verify", json={"code": code})
    expect(shown, 404)


@pytest.mark.parametrize(
    "wish",
    [
        {"purpose": "x"},
        {"application": "L1", "department": "market.330802", "purpose": "x"},
        {"department": "moon.330802", "purpose": "x"},
        {"department": "market.330802", "purpose": " "},
    ],
)
def test_an_authorisation_says_for_whom_and_what_for(doors: Doors, wish: dict[str, Any]) -> None:
    expect(doors.send("POST", f"/me/certificates/{WANGS_CARD}/authorise", WANG, json=wish), 422)


def test_a_signed_document_is_checked_offline_and_here_and_a_tampered_one_is_not(doors: Doors) -> None:
    document = doors.get(f"/me/certificates/{WANGS_CARD}/document", WANG)
    signature = document["signature"]
    public, value = (base64.b64decode(signature[name]) for name in ("public_key", "value"))
    assert verifies(public, canonical(document["certificate"]), value)
    told = doors.post("/certificates/verify", None, {"document": document})
    assert (told["holder"]["zh"], told["status"]["code"]) == ("王*", "valid")
    freeze(doors, WANGS_CARD, POLICE)
    told = doors.post("/certificates/verify", None, {"document": document})
    assert told["status"]["code"] == "frozen", "what counts is where it stands now"
    for place, forged in [("valid_until", "2099-01-01"), ("number", "ID-330802-000011"), ("extra", "x")]:
        altered = copy.deepcopy(document)
        altered["certificate"][place] = forged
        expect(doors.send("POST", "/certificates/verify", json={"document": altered}), 404)
    for place, forged in [("key", "s9"), ("value", base64.b64encode(b"x" * 64).decode()), ("value", "不是")]:
        altered = copy.deepcopy(document)
        altered["signature"][place] = forged
        expect(doors.send("POST", "/certificates/verify", json={"document": altered}), 404)


@pytest.mark.parametrize("odd", [r'"\ud800"', '"\\u0000"', "NaN", "1e400", "[" * 200 + "]" * 200])
def test_a_file_of_odd_values_is_no_certificate_and_breaks_nothing(doors: Doors, odd: str) -> None:
    document = doors.get(f"/me/certificates/{WANGS_CARD}/document", WANG)
    signature = json.dumps(document["signature"])
    body = f'{{"document": {{"certificate": {{"number": {odd}}}, "signature": {signature}}}}}'
    answer = doors.client.post(f"{API}/certificates/verify", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 404, 422}, answer.text


def test_nobody_sees_or_moves_what_is_in_anothers_wallet(doors: Doors) -> None:
    for method, step in [("GET", ""), ("POST", "/show"), ("GET", "/document"), ("POST", "/cancel")]:
        body = {"json": {}} if step == "/cancel" else {}
        expect(doors.send(method, f"/me/certificates/{WANGS_CARD}{step}", LIN, **body), 404)
        expect(doors.send(method, f"/me/certificates/{WANGS_CARD}{step}", f"agent.{WANG}", **body), 403)
    expect(doors.send("GET", f"/certificates/{WANGS_CARD}", MARKET), 404)
    seen = doors.get(f"/certificates/{WANGS_CARD}", POLICE)
    assert (seen["uses"], [move["code"] for move in seen["allowed"]]) == ([], ["freeze"])
    looks = doors.get(f"/me/certificates/{WANGS_CARD}", WANG)["uses"]
    assert [(use["kind"]["code"], use["actor"]) for use in looks] == [("opened", "police.330802")]


def test_every_person_holds_a_card_and_a_household_booklet(doors: Doors) -> None:
    for person in doors.platform.world.catalogue.people:
        types = {line["type"] for line in doors.get("/me/certificates", person)}
        assert {"resident_id_card_cert", "household_book_cert"} <= types, person
