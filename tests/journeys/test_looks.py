"""Stories of the ledger: whatever a desk sees, the person sees that it did; whatever it may not, it does not see."""

import json
from typing import Any

import pytest

from app.domain.identity import mod_11_2
from tests.doors import Doors, Filed, expect

MOTHER, FATHER = "lin_mother", "zhou_father"
HEALTH, POLICE, MARKET = "officer.health.330802.1", "officer.police.330802.1", "officer.market.330802.1"
CLERK, SUPERVISOR = "clerk.330802", "supervisor.330802"


@pytest.fixture
def birth(doors: Doors) -> Filed:
    """The mother's full case, submitted."""
    return doors.file("birth_full")


def looks(doors: Doors, who: str = MOTHER, **wanted: Any) -> list[dict[str, Any]]:
    """The looks at somebody's data that offices took, newest first."""
    found = doors.get("/me/data/looks", who, limit=100, **wanted)["entries"]
    return [look for look in found if not look["is_mine"]]


def task(birth: Filed, item: str) -> str:
    """The path of a task."""
    return f"/tasks/{birth.reference}-{item}"


def test_a_desk_sees_its_slice_masked_and_the_person_sees_that_it_looked(doors: Doors, birth: Filed) -> None:
    shown = doors.get(task(birth, "B1"), HEALTH)
    values = {field["code"]: field for field in shown["fields"]}
    assert values["mother_name"]["value"] == "林*"
    assert values["mother_id"]["value"] == "003*************29"
    assert values["mother_phone"]["value"] == "100****0011"
    assert values["mother_id"]["is_masked"]
    assert values["delivery"]["value"] == "邮寄"
    assert not values["delivery"]["is_masked"]
    found = looks(doors)
    assert {look["who"]["zh"] for look in found} == {"柯城区卫生健康局"}
    seen = {field["code"]: field["is_masked"] for look in found for field in look["fields"]}
    assert seen == {code: field["is_masked"] for code, field in values.items() if field["value"] is not None}
    first = found[0]
    assert first["purpose"]["code"] == "review"
    assert first["basis"]["code"] == "statutory_duty"
    assert "母婴保健法" in first["law"]["zh"]
    assert first["application_id"] == birth.id
    assert first["item"] == "B1"


def test_the_father_sees_the_looks_at_his_own_fields_alone(doors: Doors, birth: Filed) -> None:
    doors.get(task(birth, "B1"), HEALTH)
    found = looks(doors, FATHER)
    codes = {field["code"] for look in found for field in look["fields"]}
    assert "father_id" in codes
    assert not codes & {"mother_id", "mother_phone", "baby_name"}
    assert {look["application_id"] for look in found} == {None}
    assert found[0]["reference"] == birth.reference


def test_applicant_and_agent_see_their_own_data_in_clear_and_leave_no_look(doors: Doors, birth: Filed) -> None:
    for who in (MOTHER, "agent.lin_mother"):
        assert doors.get(f"/applications/{birth.id}", who)["form"]["mother_id"] == "003301199503140029"
        fields = {field["code"]: field["value"] for field in doors.get(task(birth, "B1"), who)["fields"]}
        assert fields["mother_id"] == "003301199503140029"
    assert looks(doors) == []


def test_a_desk_that_reaches_for_another_departments_task_is_refused_and_the_citizen_sees_it(
    doors: Doors, birth: Filed
) -> None:
    expect(doors.send("GET", task(birth, "B1"), POLICE), 404)
    found = looks(doors, result="denied")
    assert len(found) == 1
    assert found[0]["who"]["zh"] == "柯城区公安局"
    assert found[0]["denial"]["code"] == "other_desk"
    assert found[0]["item"] == "B1"
    assert found[0]["basis"] is None


@pytest.mark.parametrize("who", [MARKET, "clerk.330881", "supervisor.330881", "steward.330802"])
def test_every_desk_without_a_part_in_the_case_leaves_a_trace_and_learns_nothing(
    doors: Doors, birth: Filed, who: str
) -> None:
    nothing = expect(doors.send("GET", f"{task(birth, 'B1')}0", who), 404)
    refused = expect(doors.send("GET", task(birth, "B1"), who), 404)
    assert refused["detail"] == nothing["detail"]
    expect(doors.send("GET", f"/applications/{birth.id}", who), 404)
    expect(doors.send("POST", f"{task(birth, 'B1')}/actions", who, json={"action": "receive"}), 404)
    assert len(looks(doors, result="denied")) == 3


def test_strangers_leave_no_trace_in_the_ledger(doors: Doors, birth: Filed) -> None:
    expect(doors.send("GET", f"/applications/{birth.id}", "wang_owner"), 404)
    assert looks(doors) == []


def test_a_value_in_clear_takes_a_reason_that_the_person_reads(doors: Doors, birth: Filed) -> None:
    path, why = f"{task(birth, 'B1')}/unmask", "与分娩记录上的号码核对"
    shown = doors.post(path, HEALTH, {"field": "mother_id", "reason": why})
    assert shown["value"] == "003301199503140029"
    found = looks(doors, purpose="unmask")
    assert len(found) == 1
    assert found[0]["reason"] == why
    assert found[0]["fields"] == [
        {"code": "mother_id", "name": {"zh": "母亲证件号码", "en": "Identity number of the mother"}, "is_masked": False}
    ]
    expect(doors.send("POST", path, HEALTH, json={"field": "mother_id", "reason": "  "}), 422)
    for who in (MOTHER, SUPERVISOR):
        expect(doors.send("POST", path, who, json={"field": "mother_id", "reason": why}), 403)
    expect(doors.send("POST", path, POLICE, json={"field": "mother_id", "reason": why}), 404)


def test_a_field_outside_the_slice_is_not_there_and_the_attempt_is(doors: Doors, birth: Filed) -> None:
    outside = {"field": "bank_no", "reason": "看看"}
    expect(doors.send("POST", f"{task(birth, 'B1')}/unmask", HEALTH, json=outside), 404)
    expect(doors.send("POST", f"{task(birth, 'B1')}/unmask", HEALTH, json={**outside, "field": "nothing"}), 404)
    found = looks(doors, result="denied")
    assert [look["denial"]["code"] for look in found] == ["elements", "elements"]
    assert {field["code"] for look in found for field in look["fields"]} == {"bank_no"}


def test_the_ledger_tells_nobody_what_a_desk_made_up(doors: Doors, birth: Filed) -> None:
    """What stands in an address, or for a field, is looked for nowhere else: the person concerned would read it."""
    number = "33010219900307451"
    made_up = (f"{number}{mod_11_2(number)}", "13812345678", "请速回电\u202e骗子")
    stranger = "officer.market.330802.1"
    for name in made_up:
        for rest in ("", "/certificate"):
            expect(doors.send("GET", f"/applications/{birth.id}/materials/{name}{rest}", stranger), 404)
    wish = {"field": made_up[-1], "reason": "核对"}
    expect(doors.send("POST", task(birth, "B1") + "/unmask", birth.officer("B1"), json=wish), 404)
    found = looks(doors, result="denied")
    assert len(found) == 7, "that somebody reached for something is told"
    assert not any(name in json.dumps(found, ensure_ascii=False) for name in made_up)
    paper = min(doors.stored(birth.id).materials)
    expect(doors.send("GET", f"/applications/{birth.id}/materials/{paper}", stranger), 404)
    told = {field["code"] for look in looks(doors, result="denied") for field in look["fields"]}
    assert told == {f"material:{paper}"}


def test_where_a_registers_yes_is_enough_the_desk_gets_a_yes(doors: Doors) -> None:
    draft = doors.draft("birth_full")
    expect(doors.send("PATCH", f"/applications/{draft['id']}", MOTHER, json={"form": {"marriage_no": None}}))
    for need in doors.post(f"/applications/{draft['id']}/consents", MOTHER, {})["needed"]:
        who = MOTHER if need["is_own"] else FATHER
        doors.post(f"/me/consents/{need['consent_id']}/give", who)
    doors.post(f"/applications/{draft['id']}/prefill", MOTHER)
    sent = doors.post(f"/applications/{draft['id']}/submit", MOTHER)["application"]
    shown = doors.get(f"/tasks/{sent['reference']}-B6", "officer.medical_insurance.330802.1")
    field = next(field for field in shown["fields"] if field["code"] == "marriage_no")
    assert field["is_verified"]
    assert field["value"] is None
    assert field["origin_at"] is not None
    found = looks(doors, purpose="verify")
    assert [[field["code"] for field in look["fields"]] for look in found] == [["marriage_no"]]
    typed = doors.file("birth_full")
    field = next(field for field in typed.slice("B6")["fields"] if field["code"] == "marriage_no")
    assert not field["is_verified"]
    assert field["is_masked"]


def test_the_hall_may_not_see_sensitive_values_in_clear(doors: Doors, birth: Filed) -> None:
    path = f"{task(birth, 'B1')}/unmask"
    assert doors.post(path, CLERK, {"field": "mother_phone", "reason": "联系申请人"})["value"] == "10000000011"
    expect(doors.send("POST", path, CLERK, json={"field": "baby_name", "reason": "联系申请人"}), 403)
    assert looks(doors, result="denied")[0]["denial"]["code"] == "grade"


def test_the_hall_sees_a_submitted_form_masked_and_its_own_draft_in_clear(doors: Doors, birth: Filed) -> None:
    shown = doors.get(f"/applications/{birth.id}", CLERK)
    assert shown["form"]["mother_id"] == "003*************29"
    assert "mother_id" in shown["masked"]
    codes = {field["code"] for look in looks(doors) for field in look["fields"]}
    assert codes == set(shown["form"])
    draft = doors.draft("birth_full", CLERK)
    assert draft["form"]["mother_id"] == "003301199503140029"
    assert draft["masked"] == []


def test_after_the_task_is_over_values_are_withheld_with_the_reason(doors: Doors, birth: Filed) -> None:
    birth.act("B1", "receive")
    birth.act("B1", "decline", reason="不属于本机关管辖")
    shown = doors.get(task(birth, "B1"), HEALTH)
    assert shown["withheld"]["zh"] == "办件已结束。"
    assert all(field["value"] is None for field in shown["fields"])
    field = next(field["code"] for field in shown["fields"])
    later = {"field": field, "reason": "事后查看"}
    expect(doors.send("POST", f"{task(birth, 'B1')}/unmask", HEALTH, json=later), 403)
    assert looks(doors, result="denied")[0]["denial"]["code"] == "task_closed"


def test_a_paper_handed_in_is_opened_by_its_own_desk_and_leaves_a_look(doors: Doors) -> None:
    filed = doors.file("catering_full")
    code = next(material["code"] for material in filed.show()["materials"] if material["digest"])
    users = [item for item in filed.departments if code in {m["code"] for m in filed.slice(item)["materials"]}]
    path, who = f"/applications/{filed.id}/materials/{code}", filed.officer(users[0])
    assert doors.send("GET", path, who).status_code == 200
    opened = [look for look in looks(doors, filed.who) if look["fields"][0]["code"] == f"material:{code}"]
    assert [look["office"] for look in opened] == [filed.departments[users[0]]]
    assert "civil_affairs.330802" not in filed.departments.values()
    expect(doors.send("GET", path, "officer.civil_affairs.330802.1"), 404)
    assert looks(doors, filed.who, result="denied")[0]["fields"][0]["code"] == f"material:{code}"


def test_a_paper_is_closed_to_a_desk_whose_work_on_it_is_over(doors: Doors) -> None:
    filed = doors.file("catering_full")
    code = next(material["code"] for material in filed.show()["materials"] if material["digest"])
    users = [item for item in filed.departments if code in {m["code"] for m in filed.slice(item)["materials"]}]
    department = filed.departments[users[0]]
    for item in [item for item in users if filed.departments[item] == department and filed.status(item) == "submitted"]:
        filed.act(item, "receive")
        filed.act(item, "decline", reason="不属于本机关管辖")
    refused = doors.send("GET", f"/applications/{filed.id}/materials/{code}", f"officer.{department}.1")
    assert expect(refused, 403)["detail"] == "The task is over."


def test_looks_are_found_by_office_purpose_day_and_page(doors: Doors, birth: Filed) -> None:
    for item, who in (("B1", HEALTH), ("B3", POLICE)):
        doors.get(task(birth, item), who)
    doors.clock.pass_(days=1)
    doors.get(task(birth, "B1"), HEALTH)
    everything = looks(doors)
    assert {look["office"] for look in looks(doors, office="police.330802")} == {"police.330802"}
    assert looks(doors, purpose="unmask") == []
    assert {look["at"][:10] for look in looks(doors, since="2026-03-17")} == {"2026-03-17"}
    assert {look["at"][:10] for look in looks(doors, until="2026-03-16")} == {"2026-03-16"}
    assert looks(doors, application=birth.id) == everything
    paged: list[str] = []
    cursor = None
    while True:
        page = doors.get("/me/data/looks", MOTHER, limit=1, **({"cursor": cursor} if cursor else {}))
        paged += [look["id"] for look in page["entries"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == [look["id"] for look in doors.get("/me/data/looks", MOTHER, limit=100)["entries"]]
    for who in ("agent.lin_mother", CLERK, HEALTH):
        expect(doors.send("GET", "/me/data/looks", who), 403)


def test_objecting_to_a_look_opens_a_loop_that_the_person_judges(doors: Doors, birth: Filed) -> None:
    doors.get(task(birth, "B1"), HEALTH)
    look = looks(doors, FATHER)[0]
    path, why = f"/me/data/looks/{look['id']}/contest", {"reason": "我没有委托办理"}
    opened = doors.post(path, FATHER, why)
    assert doors.post(path, FATHER, why) == opened
    matter = doors.get(f"/matters/{opened['matter_id']}", FATHER)
    assert matter["kind"]["code"] == "data_contest"
    assert matter["owner"] == "hall.330802"
    expect(doors.send("GET", f"/matters/{opened['matter_id']}", MOTHER), 404)
    assert doors.get(f"/applications/{birth.id}/matters", MOTHER) == []
    answer = {"action": "reply", "reason": "系出生证审查所需，已核查", "evidence": ["查阅记录示例"]}
    doors.post(f"/matters/{opened['matter_id']}/actions", SUPERVISOR, answer)
    heard = doors.get("/messages", FATHER)["entries"]
    assert [message["kind"]["code"] for message in heard] == ["answered"]
    done = doors.post(f"/matters/{opened['matter_id']}/actions", FATHER, {"action": "confirm"})
    assert done["status"]["code"] == "closed"


def test_only_looks_at_ones_own_data_can_be_objected_to(doors: Doors, birth: Filed) -> None:
    doors.get(task(birth, "B1"), HEALTH)
    mothers = next(look for look in looks(doors) if look["party"] == "applicant")
    expect(doors.send("POST", f"/me/data/looks/{mothers['id']}/contest", FATHER, json={"reason": "为何"}), 404)
    expect(doors.send("POST", f"/me/data/looks/{'0' * 32}/contest", MOTHER, json={"reason": "为何"}), 404)
    expect(doors.send("POST", f"/me/data/looks/{mothers['id']}/contest", MOTHER, json={"reason": " "}), 422)


def test_what_ones_own_side_asked_for_is_no_look_to_object_to(doors: Doors) -> None:
    draft = doors.draft("birth_full")
    expect(doors.send("PATCH", f"/applications/{draft['id']}", MOTHER, json={"form": {"mother_nation": None}}))
    doors.post(f"/applications/{draft['id']}/prefill", MOTHER)
    own = next(look for look in doors.get("/me/data/looks", MOTHER)["entries"] if look["is_mine"])
    assert not own["can_contest"]
    expect(doors.send("POST", f"/me/data/looks/{own['id']}/contest", MOTHER, json={"reason": "为何"}), 409)


def test_everything_kept_about_a_person_can_be_taken_along(doors: Doors, birth: Filed) -> None:
    doors.get(task(birth, "B1"), HEALTH)
    mine = doors.get("/me/data", MOTHER)
    assert mine["is_complete"]
    assert mine["account"] == MOTHER
    assert [own["application"]["id"] for own in mine["applications"]] == [birth.id]
    assert mine["applications"][0]["form"]["mother_id"] == "003301199503140029"
    assert {look["id"] for look in mine["looks"]} == {
        look["id"] for look in doors.get("/me/data/looks", MOTHER, limit=100)["entries"]
    }
    assert len(mine["messages"]) == len(doors.get("/messages", MOTHER)["entries"])
    his = doors.get("/me/data", FATHER)
    assert his["applications"] == []
    assert "林示例" not in str(his)
    for who in (CLERK, HEALTH, "agent.lin_mother"):
        expect(doors.send("GET", "/me/data", who), 403)


def test_the_same_looks_speak_the_protocol_of_the_estonian_data_tracker(doors: Doors, birth: Filed) -> None:
    doors.get(task(birth, "B1"), HEALTH)
    expect(doors.send("GET", task(birth, "B1"), POLICE), 404)
    found = doors.get("/me/data/findUsage", MOTHER)
    assert found["totalUsages"] == found["returnedUsages"] == len(found["internalProcessings"] + found["dataRequests"])
    one = found["internalProcessings"][0]
    assert one["initiatorOrg"] == {"type": "GOV", "name": "柯城区卫生健康局"}
    assert one["queryGroupId"] == birth.reference
    assert "母婴保健法" in one["legalBasis"]
    assert one["purpose"].startswith("审查")
    assert doors.get("/me/data/findUsage", MOTHER, offset=1)["returnedUsages"] == found["totalUsages"] - 1
    later = doors.get("/me/data/findUsage", MOTHER, periodStart="2027-01-01T00:00:00Z")
    assert later["totalUsages"] == 0


def test_rows_of_the_ledger_are_only_ever_added(doors: Doors, birth: Filed) -> None:
    doors.get(task(birth, "B1"), HEALTH)
    before = {look["id"]: look for look in looks(doors)}
    doors.get(task(birth, "B1"), HEALTH)
    birth.act("B1", "receive")
    after = {look["id"]: look for look in looks(doors)}
    assert before.items() <= after.items()
    assert len(after) > len(before)
