"""The catalogue of data and mandates, told for the documentation."""

from tests.recorder import Recorder

LAND, CIVIL, STEWARD = "officer.land.330802.1", "officer.civil_affairs.330802.1", "steward.330802"
OWNER, FRIEND = "wang_owner", "lin_mother"


def datasets(r: Recorder) -> None:
    """The land authority asks for two datasets at once; civil affairs answers for its own."""
    r.tell("listDatasets", "含“婚姻”的", "About marriage", query={"q": "婚姻"})
    shown = r.tell("showDataset", "婚姻登记信息", "The marriage register", path={"code": "marriage_register"})
    standing = next(each for each in shown["approvals"] if each["item"] == "D3")
    wanted = [{"dataset": "marriage_register", "elements": standing["elements"], "per_day": 50}]
    wish = {"item": "D3", "purpose": "核对买卖双方婚姻状况", "datasets": wanted}
    made = r.tell("requestData", "为转移登记申请", "For a transfer of title", LAND, body=wish)
    r.tell("listDataRequests", "待民政局答复的", "For civil affairs to answer", CIVIL, query={"for": "me"})
    r.tell("showDataRequest", "一个申请", "One request", LAND, path={"request_id": made["id"]})
    own = {"line_id": made["lines"][0]["id"]}
    r.tell(
        "actOnDataLine",
        "限量同意",
        "Approved, within limits",
        CIVIL,
        path=own,
        body={"action": "approve", "per_day": 20},
    )
    r.tell("showDataLine", "其中一项的经过", "The course of one line", LAND, path=own)
    other = next(each for each in shown["approvals"] if each["item"] == "D1")
    r.tell(
        "suspendApproval",
        "暂停一项",
        "One is suspended",
        CIVIL,
        path={"approval_id": other["id"]},
        body={"reason": "登记系统升级"},
    )
    r.tell("listDataAlarms", "柯城区的", "Of Kecheng", STEWARD)
    r.tell("showDataUsage", "近三十天", "The last thirty days", STEWARD, query={"by": "dataset"})


def mandates(r: Recorder) -> None:
    """A restaurant owner lets a friend act, and takes it back."""
    wish = {"to": FRIEND, "bundles": ["catering"], "powers": ["submit"], "until": "2026-04-30"}
    given = r.tell("giveMandate", "委托朋友代办", "A friend may act", OWNER, body=wish)
    r.tell("listMandates", "我给出的", "Those given", OWNER)
    r.tell("listMandatesHeld", "我持有的", "Those held", FRIEND)
    r.tell("revokeMandate", "撤销", "Taken back", OWNER, path={"mandate_id": given["id"]})


DATASETS = (datasets, mandates)
