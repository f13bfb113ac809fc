"""Stories of those who may act for a child: either parent, or an appointed guardian, as registers show it."""

from typing import Any

import pytest

from tests.doors import Doors, expect

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], scope="session")

MOTHER, FATHER, STRANGER, GUARDIAN = "jiang_mother", "feng_father", "wang_owner", "deng_guardian"
MOTHERS_NUMBER, OTHER_MOTHER, WARDS_MOTHER = "003308199307160043", "003301199503140029", "003308199611080064"
CHILD = ("baby", "birth_record")


def begun(doors: Doors, who: str, mother: str, **form: Any) -> str:
    """A draft about the child in that woman's record, with nothing of the child filled in."""
    made = doors.draft("birth_full", who)
    wanted = {"mother_id": mother, "father_id": None, "father_name": None, "baby_birth": None, **form}
    expect(doors.send("PATCH", f"/applications/{made['id']}", who, json={"form": wanted}))
    return str(made["id"])


def asked(doors: Doors, application: str, who: str, **wish: Any) -> dict[str, Any]:
    """Who is asked about the child."""
    found = doors.post(f"/applications/{application}/consents", who, wish)["needed"]
    return next(need for need in found if (need["party"], need["dataset"]) == CHILD)


def birth(doors: Doors, application: str, who: str) -> Any:
    """When the child was born, as far as a register may tell."""
    found = doors.post(f"/applications/{application}/prefill", who)["fields"]
    return next(entry for entry in found if entry["code"] == "baby_birth")["value"]


def silent(doors: Doors, *, is_down: bool) -> None:
    """The marriage register does not answer, or answers again."""
    doors.post("/registers/marriage_register/outage", "steward.330000", {"is_down": is_down, "reason": "演示"})


def looks(doors: Doors, who: str, dataset: str) -> list[dict[str, Any]]:
    """What somebody reads of the looks into one register, oldest first."""
    found: list[dict[str, Any]] = doors.get("/me/data/looks", who, dataset=dataset)["entries"]
    return found[::-1]


@pytest.mark.parametrize(
    ("who", "mother", "register"),
    [(FATHER, MOTHERS_NUMBER, "marriage_register"), (GUARDIAN, WARDS_MOTHER, "guardianship_register")],
)
def test_whom_a_register_names_answers_for_the_child(doors: Doors, who: str, mother: str, register: str) -> None:
    """The father by his own marriage record, a grandmother by her appointment: each is asked, and each look is told."""
    draft = begun(doors, who, mother)
    need = asked(doors, draft, who)
    assert need["is_own"]
    expect(doors.send("POST", f"/me/consents/{need['consent_id']}/give", who))
    assert birth(doors, draft, who)
    shown = looks(doors, who, register)[0]
    assert (shown["purpose"]["code"], shown["basis"]["code"]) == ("verify", "statutory_duty")
    assert shown["party"] == "applicant"


def test_the_mother_reads_of_every_look_at_her_child_whichever_parent_consented(doors: Doors) -> None:
    draft = begun(doors, FATHER, MOTHERS_NUMBER)
    need = asked(doors, draft, FATHER)
    expect(doors.send("GET", f"/me/consents/{need['consent_id']}", MOTHER), 404)
    expect(doors.send("POST", f"/me/consents/{need['consent_id']}/give", FATHER))
    birth(doors, draft, FATHER)
    assert "allowed" in {look["result"]["code"] for look in looks(doors, MOTHER, "birth_record")}


def test_a_man_whose_marriage_names_somebody_else_does_not_answer_for_her_child(doors: Doors) -> None:
    """Also when he asks about his own wife's child first, and enters the other woman's number afterwards."""
    draft = begun(doors, FATHER, MOTHERS_NUMBER)
    own = asked(doors, draft, FATHER)
    expect(doors.send("POST", f"/me/consents/{own['consent_id']}/give", FATHER))
    form = {"mother_id": OTHER_MOTHER, "baby_birth": None}
    expect(doors.send("PATCH", f"/applications/{draft}", FATHER, json={"form": form}))
    other = asked(doors, draft, FATHER)
    assert other["consent_id"] != own["consent_id"]
    assert not other["is_own"]
    assert [consent["party"] for consent in doors.get("/me/consents", "lin_mother")["entries"]].count("baby") == 1
    assert birth(doors, draft, FATHER) is None
    for who in (STRANGER, GUARDIAN):
        assert not asked(doors, begun(doors, who, MOTHERS_NUMBER), who)["is_own"]


def test_what_the_mother_refused_is_not_put_to_the_father(doors: Doors) -> None:
    """While the marriage register is silent she is asked; once she has refused, naming the child asks her again."""
    silent(doors, is_down=True)
    draft = begun(doors, FATHER, MOTHERS_NUMBER)
    hers = asked(doors, draft, FATHER)
    assert not hers["is_own"]
    expect(doors.send("POST", f"/me/consents/{hers['consent_id']}/refuse", MOTHER))
    silent(doors, is_down=False)
    doors.clock.pass_(minutes=1)
    again = asked(doors, draft, FATHER, party="baby", dataset="birth_record")
    assert again["consent_id"] != hers["consent_id"]
    assert not again["is_own"]
    assert birth(doors, draft, FATHER) is None


def test_what_waits_for_the_mother_the_father_may_take_upon_himself_once_a_register_shows_it(doors: Doors) -> None:
    silent(doors, is_down=True)
    draft = begun(doors, FATHER, MOTHERS_NUMBER)
    hers = asked(doors, draft, FATHER)
    silent(doors, is_down=False)
    doors.clock.pass_(minutes=1)
    assert asked(doors, draft, FATHER)["consent_id"] == hers["consent_id"]
    his = asked(doors, draft, FATHER, party="baby")
    assert his["is_own"]
    expect(doors.send("POST", f"/me/consents/{his['consent_id']}/give", FATHER))
    assert birth(doors, draft, FATHER)


def test_a_stranger_does_not_read_what_the_mother_lets_departments_have(doors: Doors) -> None:
    draft = begun(doors, STRANGER, MOTHERS_NUMBER)
    need = asked(doors, draft, STRANGER)
    assert not need["is_own"]
    expect(doors.send("POST", f"/me/consents/{need['consent_id']}/give", MOTHER))
    seen = birth(doors, draft, STRANGER)
    kept = doors.stored(draft).form["baby_birth"]
    assert kept
    assert seen != kept
    shown = doors.get(f"/applications/{draft}", STRANGER)
    assert kept not in str(shown)


def needed(doors: Doors, application: str, who: str) -> dict[str, Any]:
    """What the applicant is told about the child before anybody is asked."""
    found = doors.get(f"/applications/{application}/consents", who)["needed"]
    return next(need for need in found if (need["party"], need["dataset"]) == CHILD)


def test_whoever_applies_is_told_who_decides_about_the_child_and_why(doors: Doors) -> None:
    """Before asking, after asking somebody else, where registers show it, and while nobody knows whose child it is."""
    draft = begun(doors, STRANGER, MOTHERS_NUMBER)
    assert "先查登记信息" in needed(doors, draft, STRANGER)["because"]["zh"]
    told = asked(doors, draft, STRANGER)
    assert "没有登记信息显示" in told["because"]["zh"]
    assert "用本人账户申办" in needed(doors, draft, STRANGER)["because"]["zh"]
    assert asked(doors, begun(doors, FATHER, MOTHERS_NUMBER), FATHER)["because"] is None
    assert needed(doors, begun(doors, MOTHER, MOTHERS_NUMBER), MOTHER)["because"] is None
    unknown = begun(doors, STRANGER, MOTHERS_NUMBER, mother_id=None, mother_name=None)
    need = needed(doors, unknown, STRANGER)
    assert not need["can_be_asked"]
    assert "还不知道是谁" in need["because"]["zh"]
