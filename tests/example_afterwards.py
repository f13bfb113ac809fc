"""What follows a submission, told for the documentation: papers, messages, promises, surveys, supervision, ratings,
indicators, and the clock. The story of :mod:`tests.make_examples` goes on."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.connectors.paper_pdf import PaperPress
from tests.recorder import Json, Recorder

OWNER, CLERK, SUPERVISOR = "wang_owner", "clerk.330802", "supervisor.330802"
MARKET, REVIEWER, APPROVER = (f"officer.market.330802.{hand}" for hand in (1, 2, 3))
OPINIONS = ((MARKET, "propose"), (REVIEWER, "endorse"))


def papers(r: Recorder) -> None:
    """The papers of the story, and one of them in three ways."""
    lines = r.tell(
        "listPapers", "一件申请的文书", "Papers of an application", OWNER, path={"application_id": r.application}
    )
    own = {"number": lines[-1]["number"]}
    paper = r.tell("showPaper", "作为数据", "As data", OWNER, path=own)
    _as_pdf(r, own)
    code = parse_qs(urlsplit(paper["verify_url"]).query)["code"][0]
    r.tell("verifyPaper", "与送达的一致", "As it was served", path=own, query={"code": code})
    r.tell("verifyPaper", "查无此件", "Nothing like it", path=own, query={"code": "0000"})


def _as_pdf(r: Recorder, own: Json) -> None:
    """A machine without a Chinese font records the same call: what is kept of a PDF is that it comes."""
    press: PaperPress = r.app.state.press
    if press.chinese_font is None:
        r.keep("downloadPaper", "A4 打印", "For printing", {"path": own}, {"status": 200})
    else:
        r.tell("downloadPaper", "A4 打印", "For printing", OWNER, path=own)
    r.app.state.press = PaperPress(system_fonts=False)
    r.fail("no-fonts", "downloadPaper", OWNER, path=own, query={"lang": "en"})
    r.app.state.press = press


def messages(r: Recorder) -> None:
    """What the applicant hears."""
    inbox = r.tell("listMessages", "最新两条", "The two newest", OWNER, query={"limit": 2})
    r.tell("countUnread", "未读几条", "How many are unread", OWNER)
    r.tell("readMessage", "读一条", "One is read", OWNER, path={"message_id": inbox["entries"][0]["id"]})
    r.tell("readAllMessages", "全部已读", "All are read", OWNER)


def promises(r: Recorder) -> None:
    """A day not known yet follows later; the departments that see the place meet there once."""
    draft = r.ask("createApplication", OWNER, body={"story": "catering_full"})
    own = {"application_id": draft["id"]}
    r.ask("saveDraft", OWNER, path=own, body={"form": {"open_date": None}})
    pledge = {"pledge": True, "later": ["open_date"]}
    sent = r.tell("submitApplication", "容缺后补", "Something follows later", OWNER, path=own, body=pledge)
    later = {"values": {"open_date": "2026-05-01"}}
    r.tell("bringFacts", "补上开业日期", "The opening day is known", OWNER, path=own, body=later)
    reference = sent["application"]["reference"]
    for item, outputs in (("L0", {"uscc": "92003308MA00DEM225"}), ("L1", {})):
        for action in ("receive", "accept", "review"):
            _act(r, reference, item, MARKET, action=action)
        for who, action in OPINIONS if item == "L0" else ():
            _act(r, reference, item, who, action=action, verdict="granted", reason="经审查，符合条件")
        _act(r, reference, item, APPROVER, action="grant", outputs=outputs)
    today = {"on": "2026-03-16", "place": "示例路1号"}
    _act(r, reference, "F1", MARKET, action="receive")
    r.tell("appointSurvey", "今天到店", "At the shop today", CLERK, path=own, body=today)
    found: Json = {"officers": [MARKET, REVIEWER], "is_met": True, "conclusion": "布局与图纸一致"}
    _act(r, reference, "F1", MARKET, action="accept")
    r.tell(
        "concludeSurvey", "本部门的结论", "One department's", MARKET, path={"task_id": f"{reference}-F1"}, body=found
    )
    r.tell("listAfterChecks", "待核查的承诺", "Commitments to check", MARKET)
    r.tell("listCreditNotes", "没有记录", "None on record", OWNER)


def _act(r: Recorder, reference: str, item: str, who: str, **body: Any) -> Any:
    found = r.ask("actOnTask", who, path={"task_id": f"{reference}-{item}"}, body=body)
    assert "code" not in found, found
    return found


def supervision(r: Recorder) -> None:
    """A supervisor chases, the office answers; somebody reports being stuck."""
    case, filed = _filed(r)
    chase = {"kind": "chase", "item": "L0", "text": "请说明为何尚未收件"}
    matter = r.tell("openMatter", "催办一个办件", "A task is chased", SUPERVISOR, path=case, body=chase)
    own = {"matter_id": matter["id"]}
    r.tell("listMatters", "市场监管局应答复的", "What market regulation owes", MARKET, query={"limit": 2})
    r.tell("showMatter", "一个催办", "One chase", MARKET, path=own)
    answer = {"action": "reply", "reason": "今日收件"}
    r.tell("actOnMatter", "答复", "An answer", MARKET, path=own, body=answer)
    stuck = {"item": "L0", "text": "三次到窗口都说系统查不到"}
    r.tell("reportStuck", "办不成事", "It cannot get done", OWNER, path=case, body=stuck)
    r.tell("listApplicationMatters", "一件申请的", "Of one application", OWNER, path=case)
    _rated(r, case, filed)


def _filed(r: Recorder) -> tuple[Json, str]:
    made = r.ask("createApplication", OWNER, body={"story": "catering_full"})
    sent = r.ask("submitApplication", OWNER, path={"application_id": made["id"]})
    return {"application_id": made["id"]}, sent["application"]["reference"]


def _rated(r: Recorder, case: Json, reference: str) -> None:
    """The same person rates: the desk is told what to mend, not by whom."""
    _act(r, reference, "L0", MARKET, action="receive")
    r.tell("listRatingLevels", "五个等级", "Five levels")
    bad = {"item": "L0", "stage": "intake", "level": "dissatisfied", "tags": ["slow"], "text": "等了很久"}
    given = r.tell("rateApplication", "不满意", "Dissatisfied", OWNER, path=case, body=bad)
    r.tell("listOwnRatings", "评过的和可评的", "Given and open", OWNER, path=case)
    own = {**case, "rating_id": given["id"]}
    r.tell("addToRating", "追评", "Added later", OWNER, path=own, body={"text": "后来有人打电话来解释"})
    r.tell("listDepartmentRatings", "市场监管局收到的", "Of market regulation", MARKET, path={"code": "market.330802"})


def indicators(r: Recorder) -> None:
    """The figures of a county, and the cases behind one."""
    r.tell("listIndicators", "公式", "Formulas")
    r.tell("showIndicators", "柯城区，按部门", "Kecheng by department", SUPERVISOR, query={"by": "department"})
    r.tell("listCasesBehind", "按时办结的", "Decided in time", SUPERVISOR, path={"code": "on_time"})
    r.tell("listCounterTasks", "待收件", "To be received", CLERK, query={"limit": 2})
    r.tell("showLights", "柯城区，按部门", "Kecheng by department", SUPERVISOR, query={"by": "department"})
    r.tell("listWatchedTasks", "全部在办", "All open tasks", SUPERVISOR, query={"limit": 2})
    r.tell("showBulletin", "本月至今", "This month so far", SUPERVISOR, query={"month": "2026-03"})


def clock(r: Recorder) -> None:
    """The office's time, and a supervisor's hand on it."""
    r.tell("showClock", "现在", "Now")
    r.tell("moveClock", "往后一个工作日", "A working day further", SUPERVISOR, body={"working_days": 1})


AFTERWARDS = (papers, messages, promises, supervision, indicators, clock)
