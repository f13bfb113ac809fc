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


def parts(r: Recorder) -> None:
    """The catalogue searched."""
    r.tell("listCatalogueParts", "含“食品”的材料", "Materials about food", query={"kind": "material", "q": "食品"})


OFFICE = (inbox, capacity, elsewhere, parts)
