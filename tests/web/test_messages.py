"""Where messages lead: to what they are about, as far as whoever reads them may open it, and never nowhere."""

from collections.abc import Callable

from app.usecases import offering
from tests.doors import Doors
from tests.web.visitors import Visitor

VisitAs = Callable[[str], Visitor]
MOTHER, FATHER, CHEN, OWNER = "lin_mother", "zhou_father", "chen_retiring", "wang_owner"
CARD = "resident_id_card_cert"


def opened(visitor: Visitor) -> list[str]:
    """Read every message from its own button, one after the other; where each led, newest first."""
    visitor.go("/my/messages")
    own = [form.get("action") for form in visitor.page.one("main").all("form")]
    actions = [action for action in own if action != "/my/messages/read"]
    led = []
    for action in actions:
        visitor.post(action)
        led.append(visitor.path)
    visitor.go("/my/messages")
    assert "None" not in str([a.get("href") for a in visitor.page.all("a")])
    return led


def links(visitor: Visitor) -> list[str]:
    """Where the messages that were read lead."""
    visitor.go("/my/messages")
    return [a.get("href") for a in visitor.page.one(class_="message-list").all("a") if "/papers/" not in a.get("href")]


def test_whoever_is_asked_for_a_consent_is_led_to_it_and_not_to_a_case_he_may_not_see(
    visit_as: VisitAs, doors: Doors
) -> None:
    draft = doors.draft("birth_full")["id"]
    doors.post(f"/applications/{draft}/consents", MOTHER, {})
    father, mother = visit_as(FATHER), visit_as(MOTHER)
    assert opened(father) == ["/my/consents"]
    assert links(father) == ["/my/consents"]
    father.go(links(father)[0])
    consent = next(each for each in doors.get("/me/consents", FATHER)["entries"] if each["party"] == "father")
    doors.post(f"/me/consents/{consent['id']}/give", FATHER)
    assert opened(mother) == [f"/applications/{draft}"]


def test_an_offer_leads_to_the_offers(visit_as: VisitAs, doors: Doors) -> None:
    filed = doors.file("retire_full", answers={"only_child": False})
    filed.review("R1")
    filed.act("R1", "grant", outputs={})
    offering.run(doors.platform.context().as_system(), doors.platform.store)
    visitor = visit_as(CHEN)
    assert "/my/offers" in opened(visitor)
    assert "/my/offers" in links(visitor)


def test_an_objection_about_no_case_leads_to_how_it_was_handled(visit_as: VisitAs, doors: Doors) -> None:
    (card,) = [held["number"] for held in doors.get("/me/certificates", OWNER) if held["type"] == CARD]
    doors.get(f"/certificates/{card}", "officer.police.330802.1")
    (look,) = doors.get("/me/data/looks", OWNER)["entries"]
    matter = doors.post(f"/me/data/looks/{look['id']}/contest", OWNER, {"reason": "我没有办理任何事项"})["matter_id"]
    answer = {"action": "reply", "reason": "系日常核查，已核实", "evidence": ["查阅记录示例"]}
    doors.post(f"/matters/{matter}/actions", "supervisor.330802", answer)
    visitor = visit_as(OWNER)
    assert opened(visitor) == [f"/my/matters/{matter}"]
    assert links(visitor) == [f"/my/matters/{matter}"]
    visitor.go(f"/my/matters/{matter}")
    assert visitor.heading
