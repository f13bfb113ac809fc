"""Record the examples of the API's documentation: a whole story told to the app with a fixed clock and seeded dice.

``python -m tests.make_examples`` writes ``app/api/examples.json``; ``tests/api/test_openapi.py`` records again and
compares, so that an example that no longer holds fails a test.
"""

import errno
from typing import Any

import orjson
from starlette.requests import Request

from app.api.examples import FILE
from app.domain.errors import Refusal
from app.domain.vocabulary import Text
from app.storage import store
from app.storage.troubles import told
from app.transport.problems import refused
from app.usecases.samples import sample_paper
from tests.example_afterwards import AFTERWARDS
from tests.example_certificates import CERTIFICATES
from tests.example_datasets import DATASETS
from tests.example_erasures import ERASURES
from tests.example_more_time import MORE_TIME
from tests.example_offers import OFFERS
from tests.example_office import OFFICE
from tests.example_portal import PORTAL
from tests.example_proofs import PROOFS
from tests.example_registers import REGISTERS
from tests.example_sessions import SIGN_INS
from tests.example_sharing import SHARING
from tests.recorder import KEPT_HEADERS, REQUEST, Json, Recorder, recorder

__all__ = ["KEPT_HEADERS", "record"]


def record() -> Json:
    """Everything, as ``examples.json`` holds it."""
    with recorder() as r:
        for chapter in (
            catalogue,
            plans,
            sessions,
            drafts,
            submission,
            handling,
            *AFTERWARDS,
            *CERTIFICATES,
            *DATASETS,
            *ERASURES,
            *MORE_TIME,
            *OFFERS,
            *PORTAL,
            *OFFICE,
            *PROOFS,
            *REGISTERS,
            *SHARING,
            *SIGN_INS,
            problems,
        ):
            chapter(r)
        return {
            "operations": dict(sorted(r.operations.items())),
            "problems": dict(sorted(r.problems.items())),
        }


def catalogue(r: Recorder) -> None:
    """What anybody may read."""
    r.tell("home", "入口", "The entrance")
    r.tell("listRegions", "衢州市的县市区", "Counties of Quzhou", query={"parent": "330800"})
    r.tell("showRegion", "柯城区", "Kecheng", path={"code": "330802"})
    r.tell("listDepartments", "柯城区的机构", "Organisations of Kecheng", path={"code": "330802"})
    r.tell("listLines", "全部条线", "All branches")
    r.tell("showDepartment", "柯城区市场监管局", "Market regulation of Kecheng", path={"code": "market.330802"})
    r.tell("listItems", "全部事项", "All items")
    r.tell("showItem", "食品经营许可", "Food licence", path={"code": "F1"}, query={"region": "330802"})
    r.tell("listBundles", "全部一件事", "All bundles")
    r.tell("showBundle", "开办餐饮店", "Opening a restaurant", path={"code": "catering"})
    r.tell("listStories", "全部示例故事", "All worked examples")
    r.tell("checkPacks", "内置事项包", "The built-in packs")
    r.tell("search", "日常说法", "Everyday words", query={"q": "开饭店", "limit": 2})
    r.tell("search", "拼音首字母", "Pinyin initials", query={"q": "kfd", "limit": 2})
    r.tell("listProblems", "全部", "All kinds")
    r.tell("showProblem", "状态不允许", "State does not allow", path={"code": "action-not-allowed"})


def plans(r: Recorder) -> None:
    """What answers lead to: all of them, and the first one only."""
    stories = {story["code"]: story for story in r.ask("listStories")}
    answers = stories["catering_full"]["answers"]
    r.tell(
        "planBundle",
        "回答完整",
        "All answers",
        path={"code": "catering"},
        body={"region": "330802", "answers": answers, "on": "2026-03-16"},
    )
    r.tell(
        "planBundle",
        "只答一题，其余待问",
        "One answer, more to ask",
        path={"code": "catering"},
        body={"region": "330802", "answers": {"has_licence": True}, "on": "2026-03-16"},
    )


def sessions(r: Recorder) -> None:
    """Who one can be."""
    r.tell("listAccounts", "柯城区", "Kecheng", query={"region": "330802"})
    r.tell("signIn", "申请人", "An applicant", body={"account": "wang_owner"})
    r.tell("signIn", "市场监管局经办", "An officer", body={"account": "officer.market.330802.1"})
    r.tell("whoAmI", "王示例", "Wang Shili", "wang_owner")
    r.tell("signOut", "代理人退出", "An agent leaves", "agent.wang_owner")


def drafts(r: Recorder) -> None:
    """From nothing to a filled draft, by hand and from a worked example."""
    story = {"story": "catering_full"}
    full = r.tell(
        "createApplication", "用示例故事", "From a worked example", "wang_owner",
        headers={"Idempotency-Key": "restaurant-2026-03-16"}, body=story,
    )  # fmt: skip
    r.application = full["id"]
    blank = r.tell(
        "createApplication", "从空白开始", "From nothing", "wang_owner",
        body={"bundle": "catering", "region": "330881", "answers": {"has_licence": True}},
    )  # fmt: skip
    own = {"application_id": blank["id"]}
    r.tell(
        "saveDraft", "填几项；未填完也保存", "Some fields, not all yet", "wang_owner", path=own,
        body={"form": {"operator_name": "示例小吃店", "premises_area": 60, "contact_phone": "10000000013"}},
    )  # fmt: skip
    code = full["materials"][0]["code"]
    paper = {"path": {"application_id": full["id"], "code": code}}
    file = {"file": ("paper.pdf", sample_paper(Text("示例", "sample")), "application/pdf")}
    r.tell("uploadMaterial", "上传一份", "One file", "wang_owner", files=file, **paper)
    r.tell("downloadMaterial", "取回文件", "The file again", "wang_owner", **paper)
    last = {"application_id": full["id"], "code": full["materials"][-1]["code"]}
    r.tell("removeMaterial", "移除一份", "One taken out", "wang_owner", path=last)
    r.ask("uploadMaterial", "wang_owner", files=file, path=last)
    counter = r.ask("createApplication", "clerk.330802", body={**story, "applicant": "wang_owner"})
    r.tell(
        "takePaper", "收原件一份", "One original", "clerk.330802",
        path={"application_id": counter["id"], "code": code}, body={"note": "原件 1 份"},
    )  # fmt: skip
    r.tell("withdrawApplication", "撤回草稿", "A draft withdrawn", "wang_owner", path=own, body={"reason": "改日再办"})


def submission(r: Recorder) -> None:
    """Submit, and follow."""
    own = {"application_id": r.application}
    receipt = r.tell("submitApplication", "提交", "Submit", "wang_owner", path=own)
    reference = receipt["application"]["reference"]
    look = {"reference": reference, "query_code": receipt["query_code"]}
    r.tell("lookUpProgress", "凭编号和查询码", "By number and code", body=look)
    r.tell("renewQueryCode", "换一个查询码", "A new code", "wang_owner", path=own)
    r.tell("showApplication", "刚提交", "Just submitted", "wang_owner", path=own)
    known = {"If-None-Match": r.operations["showApplication"][0]["answer"]["headers"]["ETag"]}
    r.tell("showApplication", "没有变化", "Nothing has changed", "wang_owner", path=own, headers=known)
    r.tell("listApplications", "王示例的申请", "Applications of Wang Shili", "wang_owner", query={"limit": 2})


REVIEWER, APPROVER = "officer.market.330802.2", "officer.market.330802.3"
"""A licence takes three officers."""


def handling(r: Recorder) -> None:
    """Two departments work: one asks for a correction, accepts, decides and delivers; the other goes on undisturbed."""
    officer = "officer.market.330802.1"
    inbox = r.tell("listTasks", "市场监管局的待办", "Inbox of market regulation", officer, query={"limit": 2})
    task = {"task_id": next(line["id"] for line in inbox["entries"] if line["status"]["code"] == "submitted")}
    case = {"application_id": r.application}
    r.tell("showTask", "一个办件", "One task", officer, path=task)
    r.fail("action-not-allowed", "actOnTask", officer, path=task, body={"action": "accept"})

    def act(zh: str, en: str, who: str = officer, **body: Any) -> Any:
        return r.tell("actOnTask", zh, en, who, path=task, body=body)

    act("收件", "Receive", action="receive")
    point = {"kind": "field", "code": "capital", "reason": "与章程不一致，请改正"}
    act("提出补正", "Ask for a correction", action="request_correction", points=[point])
    _others_accept(r, case, task["task_id"])
    notice = r.ask("showApplication", "wang_owner", path=case)["notices"][0]
    r.tell(
        "correctApplication", "按告知补正", "Answer the notice", "wang_owner",
        path={**case, "number": notice["number"]}, body={"values": {"capital": 60}},
    )  # fmt: skip
    act("受理", "Accept", action="accept")
    act("开始审查", "Begin review", action="review")
    uscc = {"uscc": "92003308MA00DEM225"}
    act("承办人提出意见", "The case officer proposes", action="propose", verdict="granted", reason="经审查，符合条件")
    act("审核人同意", "Another officer endorses", REVIEWER, action="endorse", verdict="granted", reason="同意")
    act("批准人准予，登记赋码", "A third grants with the number assigned", APPROVER, action="grant", outputs=uscc)
    act("送达", "Deliver", action="deliver")
    r.tell("listEvents", "时间线", "Timeline", "wang_owner", path=case, query={"limit": 4})


def _others_accept(r: Recorder, case: Json, own: str) -> None:
    """The notice is served once no department is still looking: every other one that may, receives and accepts."""
    shown = r.ask("showApplication", "wang_owner", path=case)
    wish = {"region": shown["region"], "answers": shown["answers"]}
    plan = r.ask("planBundle", path={"code": shown["bundle"]}, body=wish)
    desks = {item["code"]: item["routed"]["department"]["code"] for item in plan["items"]}
    for task in shown["tasks"]:
        if task["status"]["code"] == "submitted" and task["id"] != own:
            for action in ("receive", "accept"):
                officer = f"officer.{desks[task['item']]}.1"
                r.ask("actOnTask", officer, path={"task_id": task["id"]}, body={"action": action})


def problems(r: Recorder) -> None:
    """One real refusal of every kind."""
    blank = r.ask("createApplication", "wang_owner", body={"bundle": "catering", "region": "330802"})
    own = {"path": {"application_id": blank["id"]}}
    plan = {"path": {"code": "catering"}}
    r.fail("questions-open", "submitApplication", "wang_owner", **own)
    r.fail("invalid-input", "planBundle", **plan, body={"region": "330802", "answers": {"area": 60, "sign": "yes"}})
    mobile = "138" + "0" * 4 + "8000"
    r.fail("real-identity-refused", "saveDraft", "wang_owner", **own, body={"form": {"contact_phone": mobile}})
    r.fail("no-authority", "planBundle", **plan, body={"region": "330000", "answers": {}})
    r.fail("not-signed-in", "listTasks")
    r.fail("not-allowed", "listTasks", "wang_owner")
    r.fail("not-found", "showBundle", path={"code": "circus"})
    _apply_outside(r)
    key = {"headers": {"Idempotency-Key": "restaurant-2026-03-16"}}
    r.fail("idempotency-key-reused", "createApplication", "wang_owner", **key, body={"story": "catering_simple"})
    r.fail("malformed-request", "signIn", raw=b"{", headers={"Content-Type": "application/json"})
    r.fail("too-large", "saveDraft", "wang_owner", **own, body={"form": {"contact": "x" * 600_000}})
    r.fail("method-not-allowed", "listItems", method="PUT")
    for _ in range(5):
        r.ask("lookUpProgress", body={"reference": "L330802-20260312-00017-1", "query_code": "000000"})
    r.fail(
        "too-many-requests", "lookUpProgress", body={"reference": "L330802-20260312-00017-1", "query_code": "000000"}
    )
    r.problems["stale"] = _answered(store._stale())
    for error in (OSError(errno.ENOSPC, "full"), OSError(errno.EROFS, "read-only"), OSError(errno.EIO, "broken")):
        trouble = told(error)
        assert isinstance(trouble, Refusal), error
        r.problems[trouble.code] = _answered(trouble)
    _break(r)


def _apply_outside(r: Recorder) -> None:
    """Somebody whose answers put the case outside the bundle."""
    only = {"story": "catering_simple", "answers": {"food_scope": ["预包装食品销售"]}}
    made = r.ask("createApplication", "wang_owner", body=only)
    r.fail("not-eligible", "submitApplication", "wang_owner", path={"application_id": made["id"]})


def _answered(refusal: Refusal) -> Json:
    """What only several writers at once or a full disk bring about, made by the code that would answer them."""
    request = Request({"type": "http", "request_id": REQUEST})
    body: Json = orjson.loads(bytes(refused(request, refusal).body))
    return body


def _break(r: Recorder) -> None:
    """A defect of our own: the platform is gone."""
    del r.app.state.platform
    r.fail("internal", "listItems")


if __name__ == "__main__":
    FILE.write_bytes(orjson.dumps(record(), option=orjson.OPT_INDENT_2) + b"\n")
