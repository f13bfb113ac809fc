"""Consent, masked values and the ledger, told for the documentation: the mother of a newborn, the father, a desk."""

from tests.recorder import Json, Recorder

MOTHER, FATHER, DESK = "lin_mother", "zhou_father", "officer.health.330802.1"


def consents(r: Recorder) -> None:
    """The mother needs the father's consent; he reads the notice and decides, and may change his mind."""
    draft = r.ask("createApplication", MOTHER, body={"story": "birth_full"})
    own = {"application_id": draft["id"]}
    r.tell("listNeededConsents", "需要谁的授权", "Whose consent is needed", MOTHER, path=own)
    r.tell("askForConsents", "请父亲决定", "The father is asked", MOTHER, path=own, body={"party": "father"})
    r.tell("listMyConsents", "父亲收到的", "What the father is asked", FATHER, query={"limit": 1})
    waiting = r.ask("listMyConsents", FATHER)["entries"]
    one, other = ({"consent_id": consent["id"]} for consent in waiting[:2])
    r.tell("showConsent", "告知书全文", "The whole notice", FATHER, path=one)
    r.tell("giveConsent", "同意", "He gives it", FATHER, path=one)
    r.tell("withdrawConsent", "改变主意", "He changes his mind", FATHER, path=one)
    r.tell("refuseConsent", "不同意另一项", "He refuses the other", FATHER, path=other)


def looks(r: Recorder) -> None:
    """A desk looks, asks for one value in clear, and the person sees both."""
    draft = r.ask("createApplication", MOTHER, body={"story": "birth_full"})
    sent = r.ask("submitApplication", MOTHER, path={"application_id": draft["id"]})
    task: Json = {"task_id": f"{sent['application']['reference']}-B1"}
    r.ask("showTask", DESK, path=task)
    wish = {"field": "mother_id", "reason": "与分娩记录上的号码核对"}
    r.tell("unmaskField", "核对号码", "A number is compared", DESK, path=task, body=wish)
    seen = r.tell("listLooks", "最近一次", "The newest one", MOTHER, query={"limit": 1, "office": "health.330802"})
    why = {"reason": "请说明为何需要查看"}
    r.tell("contestLook", "请求说明", "Asked to explain", MOTHER, path={"look_id": seen["entries"][0]["id"]}, body=why)
    r.tell("exportMyData", "父亲的全部数据", "Everything about the father", FATHER)
    r.tell("findUsage", "数据追踪器格式", "As a data tracker reads it", MOTHER, query={"limit": 1})


SHARING = (consents, looks)
