"""What officials' pages read beside the rest, told for the documentation."""

from tests.recorder import Recorder

OFFICER = "officer.market.330802.1"


def inbox(r: Recorder) -> None:
    """The inbox counted, and narrowed down."""
    counts = r.tell("countTasks", "市场监管局在办多少件", "How much market regulation has to do", OFFICER)
    wish = {"item": counts["items"][0]["code"], "mine": True, "limit": 1}
    r.tell("listTasks", "只看一个事项里本人收的件", "Of one item, received by the asker", OFFICER, query=wish)


def capacity(r: Recorder) -> None:
    """How many officers it takes."""
    wish = {"bundle": "catering", "region": "330802", "per_day": 4, "days": 60, "officers": [1, 3], "seed": 1}
    r.tell("estimateCapacity", "每窗口一人和三人", "One officer a desk, and three", "supervisor.330802", body=wish)


def elsewhere(r: Recorder) -> None:
    """A hall takes in for another county: a slip of the whole case, and an original that travels."""
    clerk, proxy = "clerk.330881", {"identified": "id_card", "handing": "at_hall"}
    draft = r.ask("createApplication", clerk, body={"story": "catering_full", "proxy": proxy})
    own = {"application_id": draft["id"]}
    r.ask("takePaper", clerk, path={**own, "code": "premises_proof"}, body={"note": "原件 1 份"})
    r.ask("submitApplication", clerk, path=own)
    r.tell("showHandover", "一张凭证列出各部门", "One slip for all departments", clerk, path=own)
    parcel = {**own, "number": 1}
    r.tell(
        "sendParcel", "原件交给快递", "An original goes to the courier", clerk, path=parcel, body={"waybill": "DEMO-1"}
    )
    r.tell("signParcel", "部门签收", "The department signs for it", OFFICER, path=parcel, body={"note": "齐全"})


def places(r: Recorder) -> None:
    """A birth whose household is in another county: chosen, handed over, written about and signed for."""
    mother, there = "lin_mother", "clerk.330881"
    draft = r.ask("createApplication", mother, body={"story": "birth_full"})
    own = {"application_id": draft["id"]}
    wish = {"places": {"B3": "330881"}}
    r.tell("choosePlaces", "宝宝的户口落在江山", "The household is in Jiangshan", mother, path=own, body=wish)
    r.ask("submitApplication", mother, path=own)
    r.tell("showPlaces", "江山的大厅看到什么", "What the hall of Jiangshan sees", there, path=own)
    r.tell("listWaitingNotes", "江山等着签收的", "What waits for Jiangshan", there, query={"limit": 1})
    r.tell("signNote", "江山签收转办单", "Jiangshan signs for what it was handed", there, path={**own, "number": 1})
    note = {"to": "330802", "text": "户口簿地址与现住址不一致，请向申请人核实。"}
    r.tell("sendNote", "江山问柯城", "Jiangshan asks Kecheng", there, path=own, body=note)


def parts(r: Recorder) -> None:
    """The catalogue searched."""
    r.tell("listCatalogueParts", "含“食品”的材料", "Materials about food", query={"kind": "material", "q": "食品"})


OFFICE = (inbox, capacity, elsewhere, places, parts)
